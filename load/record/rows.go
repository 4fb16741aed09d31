package record

import (
	"encoding/json"
	"errors"
	"io/fs"

	"ferry/internal/run"
)

// ReadClears reads which fields an empty value clears on purpose.
func ReadClears(dir run.Dir) (map[string]map[string]bool, error) {
	clears := map[string]map[string]bool{}
	err := ReadIfThere(dir.Model("settings", "clear_fields"), func(columns []run.Column, row run.Row) error {
		var entity, field string
		for i, c := range columns {
			switch c.Name {
			case "entity":
				entity = TextAt(row, i)
			case "field":
				field = TextAt(row, i)
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

func ReadIfThere(path string, each func([]run.Column, run.Row) error) error {
	err := run.ReadTable(path, each)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Option is the value of a setting of this run; without one, the fallback.
func Option(dir run.Dir, name, fallback string) (string, error) {
	value := fallback
	err := ReadIfThere(dir.Model("staging", "options"), func(columns []run.Column, row run.Row) error {
		if TextAt(row, ColumnAt(columns, "name")) == name {
			if v := TextAt(row, ColumnAt(columns, "value")); v != "" {
				value = v
			}
		}
		return nil
	})
	return value, err
}

// MoveMobile puts a mobile number where the work number is, if that is free.
func MoveMobile(f Fields) bool {
	number := f["mobile_number"]
	if IsEmpty(number) || !IsEmpty(f["work_number"]) {
		return false
	}
	f["work_number"] = number
	return true
}

// ListText is a list as a cell of a table holds it; null for an empty one.
func ListText[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic(err) // plain structs of text
	}
	return string(text)
}
