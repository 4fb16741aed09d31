package load

import (
	"encoding/json"

	"ferry/internal/run"
	"ferry/load/record"
)

// FieldChange is one field of one record that a load would write.
type FieldChange struct{ Entity, Key, TargetID, Field, Old, New string }

// Changes walks the changes of a plan, field by field: what stands there, and what would.
func Changes(dir run.Dir, target string, each func(FieldChange) error) error {
	path := dir.Loaded(target, record.PlanTable)
	return run.ReadTable(path, func(columns []run.Column, row run.Row) error {
		at := func(name string) string { return record.TextAt(row, record.ColumnAt(columns, name)) }
		if at("changes") == "" {
			return nil
		}
		var list []record.Change
		if err := json.Unmarshal([]byte(at("changes")), &list); err != nil {
			return run.Problemf(path, "the plan cannot be read: %v", err).WithTry("ferry plan")
		}
		for _, c := range list {
			if err := each(FieldChange{at("entity"), at("key"), at("target_id"), c.Field, c.Old, c.New}); err != nil {
				return err
			}
		}
		return nil
	})
}
