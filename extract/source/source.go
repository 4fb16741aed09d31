// Package source gives the bytes of what was dropped as text: it lists files and members of archives,
// refuses what would do harm, takes off wrappings and decodes. It must not know what is in the text:
// neither formats of tables nor entities. Start at Discover and Open.
package source

import (
	"archive/zip"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"ferry/internal/run"
)

// File is one thing that was dropped: a file of its own, or a member of an archive.
type File struct {
	Path   string // on disk
	Member string // inside a zip archive, "" for a file of its own
	zip    *zip.File
	Name   string // as people see it: relative to the exports folder, members after "!"
	Size   int64
	Mtime  time.Time

	State State
	Note  string // why it is not read, or what is odd about it
}

// Rules say which files are left out, and bound what means harm.
type Rules struct {
	Ignored     func(name string) bool // told to be left out
	MaxUnpacked int64                  // bytes a packed file may unpack to
	MaxRatio    int64                  // how many times its size
	MaxMembers  int                    // members of an archive
}

// State says what is to be done with a file.
type State int

const (
	ToLand  State = iota
	Ignored       // named but not read: no table, or told so
	Refused       // cannot be read safely or understood; a problem
)

// endings of files that may hold a table, and of the wrappings around them.
var tableEndings = map[string]bool{".csv": true, ".tsv": true, ".psv": true, ".txt": true, ".tab": true, ".json": true, ".ndjson": true, ".jsonl": true, ".gz": true, ".bz2": true, ".zst": true, ".zip": true, "": true}

// unreadable are endings of files that may well hold a table, but in a way that is not read here.
var unreadable = map[string]string{".xlsx": "save the sheet as CSV", ".xls": "save the sheet as CSV", ".ods": "save the sheet as CSV", ".parquet": "write it as CSV or NDJSON", ".avro": "write it as CSV or NDJSON", ".orc": "write it as CSV or NDJSON",
	".7z": "unpack it", ".rar": "unpack it", ".tar": "unpack it", ".tgz": "unpack it", ".xz": "unpack it", ".lz4": "unpack it", ".xml": "export it as CSV or NDJSON"}

// unfinished are endings of files that a program is still fetching.
var unfinished = map[string]bool{".part": true, ".partial": true, ".crdownload": true, ".download": true, ".filepart": true, ".tmp": true, ".temp": true}

// Discover lists the files of the exports folder, and the members of archives, in a stable order.
func Discover(exports string, o Rules, archives *Archives) ([]File, error) {
	folder, err := filepath.EvalSymlinks(exports) // the folder itself may be a link, what is in it may not
	info, e := os.Stat(folder)
	if err != nil || e != nil || !info.IsDir() {
		return nil, run.Problemf(exports, "there is no folder of exports here").WithTry("put the export files into it, or name another folder in ferry.yaml")
	}
	var all []File
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
		found, err := filesAt(folder, at, e, o, archives)
		all = append(all, found...)
		return err
	})
	if err != nil {
		return nil, run.Problemf(folder, "the folder of exports cannot be read: %v", err)
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all, nil
}

// filesAt gives the file, or the members of an archive.
func filesAt(folder, at string, e fs.DirEntry, o Rules, archives *Archives) ([]File, error) {
	rel, err := filepath.Rel(folder, at)
	if err != nil {
		return nil, err
	}
	s := File{Path: at, Name: filepath.ToSlash(rel)}
	o.leaveOut(&s)
	info, err := e.Info()
	if err != nil {
		return nil, err
	}
	s.Size, s.Mtime = info.Size(), info.ModTime()
	ending := strings.ToLower(filepath.Ext(s.Name))
	switch {
	case s.State == Ignored:
	case e.Type()&fs.ModeSymlink != 0:
		s.Refuse("this is a symbolic link and is not followed; put the file itself here")
	case !e.Type().IsRegular():
		s.Refuse("this is not a regular file")
	case unfinished[ending]:
		s.Refuse("this file is still being fetched; wait until it is complete, or remove it")
	case unreadable[ending] != "" && !strings.HasPrefix(s.Name, "documents/"):
		s.Refuse("files ending in " + ending + " are not read: " + unreadable[ending])
	case strings.HasPrefix(s.Name, "documents/"), !tableEndings[ending], strings.HasSuffix(s.Name, ".manifest.json"):
		s.Ignore("not a table: left alone")
	case ending == ".zip":
		return membersOf(s, o, archives), nil
	}
	return []File{s}, nil
}

func (s *File) Refuse(why string) { s.State, s.Note = Refused, why }
func (s *File) Ignore(why string) { s.State, s.Note = Ignored, why }

func (o Rules) leaveOut(s *File) {
	if o.Ignored(s.Name) {
		s.Ignore("ferry.yaml says to ignore it")
	}
}

// PlainName is the file's own name without folders, archives and endings such as .csv.gz.
func PlainName(name string) string {
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

// ArchiveName is the name of the archive a member lies in, "" for a file of its own.
func ArchiveName(name string) string {
	archive, _, ok := strings.Cut(name, "!")
	if !ok {
		return ""
	}
	return PlainName(archive)
}
