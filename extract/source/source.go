// Package source gives the bytes of what was dropped as text: it lists files and members of archives,
// refuses what would do harm, takes off wrappings and decodes. It must not know what is in the text:
// neither formats of tables nor entities. Start at Discover and Open.
package source

import (
	"archive/zip"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
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
	sheet  *sheet
	tar    int    // place in a tar archive, from 1
	Name   string // as people see it: relative to the exports folder, members after "!"
	Size   int64
	Mtime  time.Time

	State State
	Note  string // why it is not read, or what is odd about it
}

// Rules say which files are left out, and bound what means harm.
type Rules struct {
	Ignored     func(name string) bool   // told to be left out
	Coding      func(name string) string // the encoding somebody says it is in, "" for none
	MaxUnpacked int64                    // bytes a packed file may unpack to
	MaxRatio    int64                    // how many times its size
	MaxMembers  int                      // members of an archive
	Temp        string                   // folder for what spreadsheets unpack to
}

// told is the encoding that somebody says a file is in.
func (o Rules) told(name string) string {
	if o.Coding == nil {
		return ""
	}
	return strings.ToLower(o.Coding(name))
}

// Sheet says whether the file is a sheet of a spreadsheet: its text is written with commas.
func (s File) Sheet() bool { return s.sheet != nil }

// State says what is to be done with a file.
type State int

const (
	ToLand   State = iota
	Ignored        // named but not read: no table, or told so
	Refused        // cannot be read safely or understood; a problem
	Unplaced       // nobody can tell what is in it; said, and a problem to those who are strict
)

// tableEndings are those of files that may hold a table, and of the wrappings around them.
var tableEndings = words(".csv .tsv .psv .txt .tab .json .ndjson .jsonl .dat .xlsx .xlsm .xls .gz .bz2 .zst .zip " +
	".tar .tgz .tbz .tbz2 .tzst")

// packedEndings are those of files that only what they hold can tell about.
var packedEndings = words(".gz .bz2 .zst .zip .tar .tgz .tbz .tbz2 .tzst")

// unreadable are endings of files that may well hold a table, but in a way that is not read here.
var unreadable = map[string]string{".ods": "save the sheet as .xlsx or CSV", ".xlsb": "save the sheet as .xlsx or CSV",
	".parquet": "write it as CSV or NDJSON", ".avro": "write it as CSV or NDJSON",
	".orc": "write it as CSV or NDJSON", ".7z": "unpack it", ".rar": "unpack it", ".xz": "unpack it", ".lz4": "unpack it",
	".xml": "export it as CSV or NDJSON"}

// unfinished are endings of files that a program is still fetching.
var unfinished = words(".part .partial .crdownload .download .filepart .tmp .temp")

// strays are names, without their ending, of files that come along with exports and are none.
var strays = words("readme license licence changelog notice copying thumbs desktop manifest checksums md5sums " +
	"sha1sums sha256sums _success")

func words(list string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(list) {
		all[w] = true
	}
	return all
}

// passOver leaves out, or refuses, what its name says is no table.
func (s *File) passOver(base string) {
	ending := strings.ToLower(path.Ext(base))
	stem := strings.ToLower(strings.TrimSuffix(base, path.Ext(base)))
	switch {
	case strings.HasPrefix(base, "~$"), strings.HasPrefix(base, ".~lock."):
		s.Ignore("the lock file of a program that has a spreadsheet open: left alone")
	case strings.HasPrefix(base, "."), strings.Contains("/"+s.Member, "/__MACOSX/"):
		s.Ignore("a hidden file: left alone")
	case strays[stem] && (ending == "" || ending == ".txt" || ending == ".md" || ending == ".json" || ending == ".db" ||
		ending == ".ini"):
		s.Ignore("not an export: left alone")
	case unfinished[ending]:
		s.Refuse("this file is still being fetched; wait until it is complete, or remove it")
	case unreadable[ending] != "":
		s.Refuse("files ending in " + ending + " are not read: " + unreadable[ending])
	case ending != "" && !tableEndings[ending], strings.HasSuffix(base, ".manifest.json"):
		s.Ignore("not a table: left alone")
	}
}

// Discover lists the files of the exports folder, and the members of archives, in a stable order.
func Discover(exports string, o Rules, archives *Archives) ([]File, error) {
	folder, err := filepath.EvalSymlinks(exports) // the folder itself may be a link, what is in it may not
	info, e := os.Stat(folder)
	if err != nil || e != nil || !info.IsDir() {
		return nil, run.Problemf(exports, "there is no folder of exports here").
			WithTry("put the export files into it, or name another folder in ferry.yaml")
	}
	var all []File
	err = filepath.WalkDir(folder, func(at string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if at == folder {
			return nil
		}
		if e.IsDir() && strings.HasPrefix(e.Name(), ".") {
			return filepath.SkipDir
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

// Find gives a single file, or the members of an archive, wherever it lies.
func Find(path string, o Rules, archives *Archives) ([]File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, Refusal("this is not a regular file")
	}
	s := File{Path: path, Name: Printable(filepath.Base(path)), Size: info.Size(), Mtime: info.ModTime()}
	return s.whatItIs(o, archives), nil
}

// filesAt gives the file, or the members of an archive.
func filesAt(folder, at string, e fs.DirEntry, o Rules, archives *Archives) ([]File, error) {
	rel, err := filepath.Rel(folder, at)
	if err != nil {
		return nil, err
	}
	s := File{Path: at, Name: Printable(filepath.ToSlash(rel))}
	o.leaveOut(&s)
	info, err := e.Info()
	if err != nil {
		return nil, err
	}
	s.Size, s.Mtime = info.Size(), info.ModTime()
	switch {
	case s.State == Ignored:
	case e.Type()&fs.ModeSymlink != 0:
		s.Refuse("this is a symbolic link and is not followed; put the file itself here")
	case !e.Type().IsRegular():
		s.Refuse("this is not a regular file")
	case strings.HasPrefix(s.Name, "documents/"):
		s.Ignore("not a table: left alone")
	default:
		s.passOver(e.Name())
	}
	if s.State != ToLand {
		return []File{s}, nil
	}
	return s.whatItIs(o, archives), nil
}

// whatItIs gives the members of a file that is an archive, by what it holds and not by its name.
func (s File) whatItIs(o Rules, archives *Archives) []File {
	is, err := s.content(o)
	switch {
	case err != nil:
		s.Refuse("the file cannot be read: " + err.Error())
	case is == zipped:
		return membersOf(s, o, archives)
	case is == tarred:
		return tarMembers(s, o, archives)
	case is == packedZip:
		open := func() (io.ReadCloser, error) {
			st, in, err := openPacked(s, o)
			return struct {
				io.Reader
				io.Closer
			}{in, st}, err
		}
		if sheets := packedSheets(s, open, o, archives); sheets != nil {
			return sheets
		}
	case packedEndings[strings.ToLower(path.Ext(s.Name))] && is == text:
		s.Note = "named as if it were packed, but it is not"
	}
	return []File{s}
}

// content is what a file is once a wrapping around it is taken off; a wrapping that is not around an
// archive is content of its own.
func (s File) content(o Rules) (content, error) {
	f, err := os.Open(s.Path)
	if err != nil {
		return other, err
	}
	defer f.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head)
	is, _ := contentOf(head[:n])
	if is != gzipped && is != bzipped && is != zstded {
		return is, nil
	}
	st, in, err := openPacked(s, o)
	if err != nil {
		return is, nil // opening it in earnest will say what is wrong
	}
	defer st.Close()
	n, _ = io.ReadFull(in, head)
	switch inner, _ := contentOf(head[:n]); inner {
	case tarred:
		return tarred, nil
	case zipped:
		return packedZip, nil
	}
	return is, nil
}

func (s *File) Refuse(why string) { s.State, s.Note = Refused, why }
func (s *File) Ignore(why string) { s.State, s.Note = Ignored, why }

// Unplace says that it cannot be told what the file is.
func (s *File) Unplace(why string) { s.State, s.Note = Unplaced, why }

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

// PlainNames are the names of a file and of what it lies in, the innermost first.
func PlainNames(name string) []string {
	parts := strings.Split(name, "!")
	slices.Reverse(parts)
	for i := range parts {
		parts[i] = PlainName(parts[i])
	}
	return parts
}
