package extract

import (
	"archive/zip"
	"io/fs"
	"os"
	"path"
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
	member string // inside a zip archive, "" for a file of its own
	zip    *zip.File
	name   string // as people see it: relative to the exports folder, members after "!"
	size   int64
	mtime  time.Time

	entity xtremepush.Entity
	byHand bool // ferry.yaml names the entity
	shape  shape
	note   string // why it is not read, or what is odd about it

	columns []string // of a delimited file, as its header writes them
	header  int      // lines of that header
	state   state
}

type state int

const (
	toLand  state = iota
	ignored       // named but not read: no table, or told so
	refused       // cannot be read safely or understood; a problem
)

// endings of files that may hold a table, and of the wrappings around them.
var tableEndings = map[string]bool{".csv": true, ".tsv": true, ".psv": true, ".txt": true, ".tab": true, ".json": true, ".ndjson": true, ".jsonl": true, ".gz": true, ".bz2": true, ".zst": true, ".zip": true, "": true}

// unreadable are endings of files that may well hold a table, but in a way that is not read here.
var unreadable = map[string]string{".xlsx": "save the sheet as CSV", ".xls": "save the sheet as CSV", ".ods": "save the sheet as CSV", ".parquet": "write it as CSV or NDJSON", ".avro": "write it as CSV or NDJSON", ".orc": "write it as CSV or NDJSON",
	".7z": "unpack it", ".rar": "unpack it", ".tar": "unpack it", ".tgz": "unpack it", ".xz": "unpack it", ".lz4": "unpack it", ".xml": "export it as CSV or NDJSON"}

// unfinished are endings of files that a program is still fetching.
var unfinished = map[string]bool{".part": true, ".partial": true, ".crdownload": true, ".download": true, ".filepart": true, ".tmp": true, ".temp": true}

// discover lists the files of the exports folder, and the members of archives, in a stable order.
func discover(folder string, o Options) ([]source, error) {
	folder, err := filepath.EvalSymlinks(folder) // the folder itself may be a link, what is in it may not
	info, e := os.Stat(folder)
	if err != nil || e != nil || !info.IsDir() {
		return nil, run.Problemf(o.Exports, "there is no folder of exports here").WithTry("put the export files into it, or name another folder in ferry.yaml")
	}
	var all []source
	err = filepath.WalkDir(folder, func(at string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if at == folder {
			return nil
		}
		if strings.HasPrefix(e.Name(), ".") {
			if e.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if e.IsDir() {
			return nil
		}
		found, err := sourcesAt(folder, at, e, o)
		all = append(all, found...)
		return err
	})
	if err != nil {
		return nil, run.Problemf(folder, "the folder of exports cannot be read: %v", err)
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].name < all[j].name })
	return all, nil
}

// sourcesAt makes the source of a file, or the sources of an archive.
func sourcesAt(folder, at string, e fs.DirEntry, o Options) ([]source, error) {
	rel, err := filepath.Rel(folder, at)
	if err != nil {
		return nil, err
	}
	s := source{path: at, name: filepath.ToSlash(rel)}
	s.told(o)
	info, err := e.Info()
	if err != nil {
		return nil, err
	}
	s.size, s.mtime = info.Size(), info.ModTime()
	ending := strings.ToLower(filepath.Ext(s.name))
	switch {
	case s.state == ignored:
	case e.Type()&fs.ModeSymlink != 0:
		s.refuse("this is a symbolic link and is not followed; put the file itself here")
	case !e.Type().IsRegular():
		s.refuse("this is not a regular file")
	case unfinished[ending]:
		s.refuse("this file is still being fetched; wait until it is complete, or remove it")
	case unreadable[ending] != "" && !strings.HasPrefix(s.name, "documents/"):
		s.refuse("files ending in " + ending + " are not read: " + unreadable[ending])
	case strings.HasPrefix(s.name, "documents/"), !tableEndings[ending], strings.HasSuffix(s.name, ".manifest.json"):
		s.ignore("not a table: left alone")
	case ending == ".zip":
		return membersOf(s, o), nil
	}
	return []source{s}, nil
}

func (s *source) refuse(why string) { s.state, s.note = refused, why }
func (s *source) ignore(why string) { s.state, s.note = ignored, why }

// told applies what ferry.yaml says about the file: an exact name, a pattern, or a pattern for the
// last part of the name.
func (s *source) told(o Options) {
	patterns := make([]string, 0, len(o.Files))
	for p := range o.Files {
		patterns = append(patterns, p)
	}
	sort.Slice(patterns, func(i, j int) bool { return len(patterns[i]) > len(patterns[j]) })
	for _, p := range patterns {
		if !s.named(p) {
			continue
		}
		if o.Files[p] == "ignore" {
			s.ignore("ferry.yaml says to ignore it")
		} else if e, ok := xtremepush.ByName(o.Files[p]); ok {
			s.entity, s.byHand = e, true
		}
		return
	}
}

func (s *source) named(pattern string) bool {
	if pattern == s.name {
		return true
	}
	for _, name := range []string{s.name, path.Base(s.name)} {
		if ok, err := path.Match(pattern, name); err == nil && ok {
			return true
		}
	}
	return false
}

// plainName is the file's own name without folders, archives and endings such as .csv.gz.
func plainName(name string) string {
	if i := strings.LastIndexByte(name, '!'); i >= 0 {
		name = name[i+1:]
	}
	base := path.Base(name)
	for {
		ext := path.Ext(base)
		if ext == "" || !tableEndings[strings.ToLower(ext)] {
			return base
		}
		base = strings.TrimSuffix(base, ext)
	}
}

// archiveName is the name of the archive a member lies in, "" for a file of its own.
func archiveName(name string) string {
	archive, _, ok := strings.Cut(name, "!")
	if !ok {
		return ""
	}
	return plainName(archive)
}
