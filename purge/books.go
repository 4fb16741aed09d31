package purge

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"ferry/internal/run"
)

// OtherBooks are workbooks that lie in the project, but not where ferry writes: somebody saved them there.
func OtherBooks(p run.Project) (found []string, err error) {
	own := []string{p.Exports(), p.Runs(), filepath.Dir(p.Target("x").Root())}
	err = filepath.WalkDir(p.Root(), func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && slices.Contains(own, path):
			return fs.SkipDir
		case !e.IsDir() && slices.Contains([]string{".xlsx", ".xlsm", ".ods"}, strings.ToLower(filepath.Ext(path))):
			found = append(found, path)
		}
		return nil
	})
	return found, err
}
