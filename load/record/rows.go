package load

import (
	"errors"
	"ferry/internal/run"
	"io/fs"
)

// readClears reads which fields an empty value clears on purpose.
func readClears(dir run.Dir) (map[string]map[string]bool, error) {
	clears := map[string]map[string]bool{}
	err := readIfThere(dir.Model("settings", "clear_fields"), func(columns []run.Column, row run.Row) error {
		var entity, field string
		for i, c := range columns {
			switch c.Name {
			case "entity":
				entity = textAt(row, i)
			case "field":
				field = textAt(row, i)
			}
		}
		if clears[entity] == nil {
			clears[entity] = map[string]bool{}
		}
		clears[entity][field] = true
		return nil
	})
	return clears, err
}

func readIfThere(path string, each func([]run.Column, run.Row) error) error {
	err := run.ReadTable(path, each)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
