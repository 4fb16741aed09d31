package extract

import (
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"ferry/extract/xtremepush"
	"ferry/internal/run"
)

// source is one thing to land: a file, or a member of an archive.
type source struct {
	path   string // on disk
	name   string // as people see it: relative to the exports folder, members after "!"
	entity xtremepush.Entity
	size   int64
	mtime  time.Time
	format string // csv, ndjson, json
}

// discover lists the files of the exports folder in a stable order.
func discover(folder string) ([]source, error) {
	info, err := os.Stat(folder)
	if err != nil || !info.IsDir() {
		return nil, run.Problemf(folder, "there is no folder of exports here").WithTry("put the export files into it, or name another folder in ferry.yaml (source.exports)")
	}
	var all []source
	err = filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if strings.HasPrefix(e.Name(), ".") && path != folder {
			if e.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if !e.Type().IsRegular() {
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		all = append(all, source{path: path, name: filepath.ToSlash(name), size: info.Size(), mtime: info.ModTime()})
		return nil
	})
	if err != nil {
		return nil, run.Problemf(folder, "the folder of exports cannot be read: %v", err)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].name < all[j].name })
	return all, nil
}

// plainName is the file's own name without folders and endings such as .csv.gz.
func plainName(name string) string {
	base := filepath.Base(name)
	for {
		ext := strings.ToLower(filepath.Ext(base))
		switch ext {
		case ".csv", ".tsv", ".txt", ".psv", ".json", ".ndjson", ".jsonl", ".gz", ".zip":
			base = base[:len(base)-len(ext)]
		default:
			return base
		}
	}
}
