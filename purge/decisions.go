package purge

import (
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ferry/internal/run"
)

// Decisions drops answers about a person.
func Decisions(project run.Project, p *Person, keys map[string]bool) error {
	files, err := filepath.Glob(filepath.Join(project.Decisions(), "*.csv"))
	if err != nil {
		return err
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil {
			return run.Problemf(path, "this file of decisions cannot be read: %v", err).
				WithTry("repair the line, and run the same command again")
		}
		kept := slices.DeleteFunc(slices.Clone(rows), func(row []string) bool {
			return slices.ContainsFunc(row, func(c string) bool { return isAbout(c, p, keys) })
		})
		if len(kept) == len(rows) {
			continue
		}
		if err := run.WriteFile(path, func(w io.Writer) error { return csv.NewWriter(w).WriteAll(kept) }); err != nil {
			return err
		}
	}
	return nil
}

func isAbout(cell string, p *Person, keys map[string]bool) bool {
	for _, part := range strings.Split(cell, "|") { // a pair of profiles is answered under both keys
		part = strings.ToLower(strings.TrimSpace(part))
		if len(part) > 2 && (keys[part] || p.IDs[part] || p.Emails[part]) {
			return true
		}
	}
	return false
}

// Run takes the tables and workbooks of a run away; its marks go first, so that a purge that was stopped leaves no run
// that looks whole.
func Run(dir run.Dir) error {
	if err := dir.Unmark("transform", "report", "extract"); err != nil {
		return err
	}
	for _, folder := range []string{dir.Reports(), filepath.Dir(dir.LoadedRoot("x")), dir.ModelsRoot(), dir.LandedRoot(),
		dir.Temp(), dir.OpenSQL()} {
		if err := os.RemoveAll(folder); err != nil {
			return run.CannotWrite(folder, err)
		}
	}
	return nil
}
