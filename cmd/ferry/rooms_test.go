package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "ferry"

// pkg is what `go list -json` says of one package of ours.
type pkg struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
}

func (p pkg) room() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

func ourPackages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", module+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// within says whether a room is one of these or lies inside one of them.
func within(room string, rooms ...string) bool {
	for _, r := range rooms {
		if room == r || strings.HasPrefix(room, r+"/") {
			return true
		}
	}
	return false
}

func TestStagesNeverImportEachOther(t *testing.T) {
	stages := []string{"extract", "sql", "load", "reports"}
	for _, p := range ourPackages(t) {
		for _, i := range p.Imports {
			other := strings.TrimPrefix(i, module+"/")
			for _, s := range stages {
				if within(p.room(), stages...) && within(other, s) && !within(p.room(), s) {
					t.Errorf("%s imports %s: stages never import each other, they meet only in the run folder", p.room(), other)
				}
			}
		}
	}
}

// forTests are packages that only tests import.
var forTests = []string{"internal/long", "load/loadtest", "reports/reportstest"}

func TestArrowsGoDown(t *testing.T) {
	for _, p := range ourPackages(t) {
		for _, i := range p.Imports {
			other, ours := strings.CutPrefix(i, module+"/")
			if !ours {
				continue
			}
			switch {
			case within(p.room(), "internal/run"):
				t.Errorf("internal/run imports %s: it is the one thing every stage shares and imports nothing of ours", other)
			case within(p.room(), "extract/xtremepush") && !within(other, "extract/xtremepush"),
				within(p.room(), "load/freshsales") && !within(other, "load/freshsales"):
				t.Errorf("%s imports %s: the two outside-world packages import nothing of ours", p.room(), other)
			case within(other, "cmd"):
				t.Errorf("%s imports %s: nothing imports the front door", p.room(), other)
			}
			if within(other, "extract/xtremepush/fake", "extract/xtremepush/sample", "load/freshsales/twin") &&
				!within(p.room(), append(forTests, "cmd", other)...) {
				t.Errorf("%s imports %s: fake, sample and twin are imported by cmd and tests only", p.room(), other)
			}
			if within(other, forTests...) {
				t.Errorf("%s imports %s: it is for tests only", p.room(), other)
			}
		}
	}
}

// TestWallsOfExtract: text becomes records in rooms that know neither what the records are nor where
// they go, and what a file holds is found out where nothing lands.
func TestWallsOfExtract(t *testing.T) {
	may := map[string][]string{
		"extract/records":   {},
		"extract/delimited": {"extract/records"},
		"extract/jsontext":  {"extract/records"},
		"extract/layout":    {},
		"extract/source":    {"internal/run", "internal/xlsx"},
		"extract/discovery": {"extract/source", "extract/layout", "extract/delimited", "extract/jsontext",
			"extract/records", "extract/xtremepush", "internal/run"},
	}
	for _, p := range ourPackages(t) {
		allowed, walled := may[p.room()]
		if !walled {
			continue
		}
		for _, i := range p.Imports {
			if other, ours := strings.CutPrefix(i, module+"/"); ours && !within(other, allowed...) {
				t.Errorf("%s imports %s: how text is read knows nothing of entities or of where records land", p.room(), other)
			}
			if strings.HasPrefix(i, "github.com/parquet-go/") {
				t.Errorf("%s imports %s: Parquet is written by the landing only", p.room(), i)
			}
		}
	}
}

// TestTheRoomsOfTheLoader says which room may know which. A room's line lists what lies below it.
func TestTheRoomsOfTheLoader(t *testing.T) {
	below := map[string][]string{
		"load/record":  {"load/freshsales"},
		"load/ledger":  {"load/record", "load/freshsales"},
		"load/target":  {"load/ledger", "load/record", "load/freshsales"},
		"load/account": {"load/target", "load/ledger", "load/record", "load/freshsales"},
		"load/remote":  {"load/account", "load/ledger", "load/record", "load/freshsales"},
		"load/plan":    {"load/remote", "load/account", "load/target", "load/ledger", "load/record", "load/freshsales"},
		"load/send": {"load/plan", "load/remote", "load/account", "load/target", "load/ledger", "load/record",
			"load/freshsales"},
		"load/reconcile": {"load/remote", "load/account", "load/target", "load/ledger", "load/record", "load/freshsales"},
		"load/rollback":  {"load/remote", "load/account", "load/target", "load/ledger", "load/record", "load/freshsales"},
		"load/adopt":     {"load/remote", "load/account", "load/target", "load/ledger", "load/record", "load/freshsales"},
		"load/backup": {"load/plan", "load/remote", "load/account", "load/target", "load/ledger", "load/record",
			"load/freshsales"},
	}
	for _, p := range ourPackages(t) {
		known, isRoom := below[p.room()]
		for _, i := range p.Imports {
			other := strings.TrimPrefix(i, module+"/")
			switch {
			case isRoom && within(other, "load") && !within(other, known...):
				t.Errorf("%s imports %s: the loader's arrows go down: record, ledger, target, account, remote, plan, "+
					"then one room for each act", p.room(), other)
			case !within(p.room(), "load") && below[other] != nil:
				t.Errorf("%s imports %s: whoever calls the loader comes in by its face, package load", p.room(), other)
			}
		}
		if within(p.room(), "load") && !within(p.room(), append(forTests, "load/freshsales")...) &&
			p.room() != "load" && !isRoom && len(p.GoFiles) > 0 {
			t.Errorf("%s is a room of the loader this law does not know", p.room())
		}
	}
}

// TestActsTakeWhatTheyNeed: an act is handed the target's whole holding once, where it is made, and keeps the
// part it declares. Those that read the account have no call at hand that writes to it.
func TestActsTakeWhatTheyNeed(t *testing.T) {
	acts := []string{"load/plan", "load/send", "load/reconcile", "load/rollback", "load/adopt", "load/backup"}
	writers := []string{"load/send", "load/rollback"}
	writes := []string{"Create", "CreateField", "Update", "Upsert", "BulkUpsert", "Upload", "Delete", "BulkDestroy"}
	declared := 0
	for _, p := range ourPackages(t) {
		if !within(p.room(), acts...) {
			continue
		}
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch x := n.(type) {
				case *ast.StructType:
					for _, f := range x.Fields.List {
						if strings.TrimPrefix(types.ExprString(f.Type), "*") == "target.Act" {
							t.Errorf("%s/%s keeps a whole target.Act: an act declares what it needs", p.room(), name)
						}
					}
				case *ast.InterfaceType:
					declared++
					for _, m := range x.Methods.List {
						if len(m.Names) == 1 && slices.Contains(writes, m.Names[0].Name) && !within(p.room(), writers...) {
							t.Errorf("%s/%s asks for %s: this act only reads the account", p.room(), name, m.Names[0].Name)
						}
					}
				}
				return true
			})
		}
	}
	if declared < 2*len(acts) {
		t.Errorf("%d interfaces are declared: the acts no longer say what they need", declared)
	}
}

func TestOneLibraryOneRoom(t *testing.T) {
	homes := map[string][]string{
		"github.com/urfave/cli":          {"cmd/ferry"},
		"github.com/duckdb/":             {"sql/engine", "sql/functions"},
		"modernc.org/sqlite":             {"load/ledger", "load/remote"},
		"github.com/parquet-go/":         {"internal/run", "extract"},
		"github.com/xuri/excelize":       {"reports"},
		"github.com/wlynxg/chardet":      {"extract/source"},
		"github.com/goccy/go-yaml":       {"cmd/ferry"},
		"github.com/vbauerster/mpb":      {"cmd/ferry"},
		"github.com/nyaruka/":            {"sql"},
		"github.com/gofrs/flock":         {"internal/run"},
		"github.com/valyala/fastjson":    {"extract", "load/freshsales"},
		"net/http":                       {"cmd/ferry", "extract/xtremepush", "load/freshsales"},
		"github.com/agnivade/":           {"internal/run"},
		"github.com/sourcegraph/conc":    {"extract", "sql", "load", "reports"},
		"github.com/cenkalti/backoff/v5": {"extract/xtremepush", "load/freshsales", "load"},
	}
	for _, p := range ourPackages(t) {
		if within(p.room(), append(forTests, "load/freshsales/twin", "extract/xtremepush/fake")...) {
			continue // they stand for somebody else's server
		}
		for _, i := range p.Imports {
			for library, rooms := range homes {
				if strings.HasPrefix(i, library) && !within(p.room(), rooms...) {
					t.Errorf("%s imports %s: one library, one room; it belongs to %s", p.room(), i, strings.Join(rooms, ", "))
				}
			}
		}
	}
}

// walls say what a room may import of ours besides internal/run, and the law that is broken otherwise.
var walls = []struct {
	room string
	may  []string
	law  string
}{
	{"sql/functions", nil, "words for SQL written in Go know nothing but their text"},
	{"sql/model", nil, "how a text is read knows neither DuckDB nor what is built of it"},
	{"sql/story", []string{"sql/model"}, "a story is rows: it knows nothing of how they are built"},
	{"sql/engine", []string{"sql/functions", "sql/model"}, "the engine is handed its files: it knows no rule, no story " +
		"and no face"},
	{"sql/ask", []string{"sql/engine", "sql/functions", "sql/model", "sql/story"}, "whoever asks opens a run and reads: " +
		"it knows no rule"},
	{"sql/score", []string{"sql/ask", "sql/engine", "sql/model"}, "scoring runs the engine and counts; it knows no rule"},
}

func TestWallsInsideTheRooms(t *testing.T) {
	for _, p := range ourPackages(t) {
		for _, w := range walls {
			if p.room() != w.room {
				continue
			}
			for _, i := range p.Imports {
				other, ours := strings.CutPrefix(i, module+"/")
				if ours && other != "internal/run" && !within(other, w.may...) {
					t.Errorf("%s imports %s: %s", p.room(), other, w.law)
				}
			}
		}
	}
}

// TestWhatOnlyTheFrontDoorMayDo reads the code itself: stages print nothing and are handed
// flags, environment and clocks; the names of files in a run are known in one place.
func TestWhatOnlyTheFrontDoorMayDo(t *testing.T) {
	calls := map[string]string{
		"time.Now":     "clocks are read in cmd/ferry only and handed down",
		"time.Since":   "clocks are read in cmd/ferry only and handed down",
		"time.Until":   "clocks are read in cmd/ferry only and handed down",
		"time.Sleep":   "waiting goes through the clock that was handed down",
		"os.Getenv":    "the environment is read in cmd/ferry only",
		"os.LookupEnv": "the environment is read in cmd/ferry only",
		"os.Environ":   "the environment is read in cmd/ferry only",
		"os.Exit":      "only cmd/ferry ends the process",
		"os.Stdout":    "a stage prints nothing: it sends events",
		"os.Stderr":    "a stage prints nothing: it sends events",
		"fmt.Print":    "a stage prints nothing: it sends events",
		"fmt.Printf":   "a stage prints nothing: it sends events",
		"fmt.Println":  "a stage prints nothing: it sends events",
		"log.Print":    "a stage prints nothing: it sends events",
		"log.Printf":   "a stage prints nothing: it sends events",
		"log.Println":  "a stage prints nothing: it sends events",
		"log.Fatal":    "only cmd/ferry ends the process",
	}
	names := map[string]bool{"run.json": true, "ledger.db": true, "audit.jsonl": true, "log.jsonl": true,
		"_rejects.parquet": true, "open.sql": true}
	for _, p := range ourPackages(t) {
		if within(p.room(), append(forTests, "cmd")...) {
			continue
		}
		for _, name := range p.GoFiles {
			if name == "clock.go" {
				continue // the clocks themselves: made here, handed down by cmd/ferry
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			where := func(n ast.Node) string {
				return filepath.Join(p.room(), name) + ":" + strconv.Itoa(set.Position(n.Pos()).Line)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch x := n.(type) {
				case *ast.SelectorExpr:
					if id, ok := x.X.(*ast.Ident); ok && calls[id.Name+"."+x.Sel.Name] != "" {
						t.Errorf("%s uses %s.%s: %s", where(x), id.Name, x.Sel.Name, calls[id.Name+"."+x.Sel.Name])
					}
				case *ast.BasicLit:
					text, err := strconv.Unquote(x.Value)
					if err == nil && names[text] && !within(p.room(), "internal/run") {
						t.Errorf("%s names %s: knowledge of paths lives in internal/run/dir.go only", where(x), text)
					}
				}
				return true
			})
		}
	}
}
