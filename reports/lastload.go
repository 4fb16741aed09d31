package reports

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ferry/internal/run"
)

// lastLoad says, in a run of which nothing was loaded, which run was loaded last and where: new decisions make a new
// run, and what is in the account is still what the one before brought there.
func lastLoad(dir run.Dir) (string, error) {
	if targets, err := loadedTo(dir); err != nil || len(targets) > 0 {
		return "", err
	}
	runs, err := dir.Project().AllRuns()
	if err != nil {
		return "", err
	}
	here := slices.IndexFunc(runs, func(r run.Dir) bool { return r.ID() == dir.ID() })
	for _, before := range slices.Backward(runs[:max(here, 0)]) {
		targets, err := loadedTo(before)
		if err != nil {
			return "", err
		}
		if len(targets) > 0 {
			return "Nothing of this run has been loaded yet. The last load was that of run " + before.ID() + " (" +
				strings.Join(targets, ", ") + "): what arrived then stands in its reconciliation workbook.", nil
		}
	}
	return "", nil
}

// loadedTo are the targets a run was loaded to.
func loadedTo(dir run.Dir) (targets []string, err error) {
	folders, err := os.ReadDir(filepath.Dir(dir.LoadedRoot("any")))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, f := range folders {
		if _, err := os.Stat(dir.Loaded(f.Name(), "outcomes")); err == nil {
			targets = append(targets, f.Name())
		}
	}
	return targets, nil
}
