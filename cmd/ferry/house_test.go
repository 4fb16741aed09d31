package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// What a package may hold, tests not counted, so that one person can hold it in their head.
const (
	mostFiles = 25
	mostLines = 3000
)

// larger are the packages that may hold more, and why they are not cut.
var larger = map[string]struct {
	files, lines int
	why          string
}{
	"cmd/ferry":            {50, 7900, "one file per verb: each stands alone and is found by its verb's name"},
	"sql/engine":           {25, 4000, "owns DuckDB: what builds, checks and looks shares one fence and one memory"},
	"load/freshsales/twin": {55, 8500, "a whole server: its handlers share one store and one transaction"},
}

// TestHowMuchAFolderHolds keeps rooms small enough to live in.
func TestHowMuchAFolderHolds(t *testing.T) {
	for _, p := range ourPackages(t) {
		files, lines := mostFiles, mostLines
		more, isLarger := larger[p.room()]
		if isLarger {
			files, lines = more.files, more.lines
		}
		has := 0
		for _, name := range p.GoFiles {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			has += bytes.Count(text, []byte("\n"))
		}
		if len(p.GoFiles) > files || has > lines {
			t.Errorf("%s has %d files and %d lines, and may have %d and %d (%s): give what can be understood "+
				"alone a package of its own",
				p.room(), len(p.GoFiles), has, files, lines, cmp.Or(more.why, "as any"))
		}
		if isLarger && len(p.GoFiles) <= mostFiles && has <= mostLines {
			t.Errorf("%s is no longer larger than others: take it off the list of exemptions", p.room())
		}
	}
}

// mostWide is how wide a line of Go may be, in characters. What stands in back quotes is text of another language and
// is kept as it is.
const mostWide = 120

// wide are the rooms that may still hold wider lines, and how many; a number may only fall.
var wide = map[string]int{
	"cmd/ferry": 40, "extract": 9,
	"extract/xtremepush/fake": 4, "extract/xtremepush/sample": 14, "golive/gate": 4,
	"internal/run": 4, "load/account": 7, "load/adopt": 4, "load/freshsales": 4, "load/ledger": 4, "load/plan": 4,
	"load/reconcile": 4, "load/record": 4, "load/remote": 4, "purge": 4, "reports": 6, "reports/answers": 6,
	"reports/signoff": 4, "sql": 20, "sql/engine": 10, "sql/functions": 11,
}

// TestLinesFitTheScreen keeps lines so narrow that two files fit beside each other.
func TestLinesFitTheScreen(t *testing.T) {
	for _, p := range ourPackages(t) {
		files, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, file := range files {
			for _, line := range wideLines(t, file) {
				found = append(found, fmt.Sprintf("%s:%d", filepath.Base(file), line))
			}
		}
		if len(found) > wide[p.room()] {
			t.Errorf("%s has %d lines wider than %d characters, and may have %d: %s",
				p.room(), len(found), mostWide, wide[p.room()], strings.Join(found, " "))
		}
	}
}

// wideLines numbers the lines of a file that are too wide.
func wideLines(t *testing.T, file string) (numbers []int) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, file, text, 0)
	if err != nil {
		t.Fatal(err)
	}
	quoted := map[int]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, isText := n.(*ast.BasicLit); isText && strings.HasPrefix(s.Value, "`") {
			for i := set.Position(s.Pos()).Line; i <= set.Position(s.End()).Line; i++ {
				quoted[i] = true
			}
		}
		return true
	})
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > mostWide && !quoted[number] {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// TestWhatTakesLongIsRunSomewhere: a test that the ordinary run leaves out or shortens is named in .ci/run.
func TestWhatTakesLongIsRunSomewhere(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", ".ci", "run"))
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`FERRY_LONG=1 go test (.*) -run '(.*)'`).FindStringSubmatch(string(text))
	if said == nil {
		t.Fatal(".ci/run runs nothing of what takes long")
	}
	named := regexp.MustCompile(said[2])
	for _, p := range ourPackages(t) {
		files, err := filepath.Glob(filepath.Join(p.Dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				test, isFunc := d.(*ast.FuncDecl)
				if !isFunc || !strings.HasPrefix(test.Name.Name, "Test") || test.Name.Name == "TestMain" ||
					!names(test.Body, "long") {
					continue
				}
				if !named.MatchString(test.Name.Name) || !slices.ContainsFunc(strings.Fields(said[1]), func(f string) bool {
					room, isAll := strings.CutSuffix(f, "/...")
					return f == "./"+p.room() || isAll && strings.HasPrefix("./"+p.room()+"/", room+"/")
				}) {
					t.Errorf("%s: .ci/run does not run %s with FERRY_LONG=1", p.room(), test.Name.Name)
				}
			}
		}
	}
}

// names is true when a function uses something of a package.
func names(body ast.Node, pkg string) (does bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		s, isSelector := n.(*ast.SelectorExpr)
		if isSelector {
			x, isName := s.X.(*ast.Ident)
			does = does || isName && x.Name == pkg
		}
		return !does
	})
	return does
}

// mostUnnamed is how many cases a table may hold without giving each a name of its own by t.Run.
const mostUnnamed = 8

// TestCasesOfATableAreRunByName keeps a failing case one that can be named, and run alone.
func TestCasesOfATableAreRunByName(t *testing.T) {
	for _, p := range ourPackages(t) {
		files, err := filepath.Glob(filepath.Join(p.Dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			set := token.NewFileSet()
			f, err := parser.ParseFile(set, file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, loop := range unnamedCases(f) {
				t.Errorf("%s/%s: %d cases or more without t.Run: give each a name", p.room(), filepath.Base(file)+":"+
					fmt.Sprint(set.Position(loop.Pos()).Line), mostUnnamed)
			}
		}
	}
}

// unnamedCases are loops over the cases of a test's table that run none of them by name.
func unnamedCases(f *ast.File) (loops []*ast.RangeStmt) {
	for _, d := range f.Decls {
		test, isFunc := d.(*ast.FuncDecl)
		if !isFunc || !strings.HasPrefix(test.Name.Name, "Test") {
			continue
		}
		tables := map[string]ast.Expr{}
		for _, statement := range test.Body.List {
			switch s := statement.(type) {
			case *ast.AssignStmt:
				if name, isName := s.Lhs[0].(*ast.Ident); isName {
					tables[name.Name] = s.Rhs[0]
				}
			case *ast.RangeStmt:
				over := s.X
				if name, isName := over.(*ast.Ident); isName {
					over = tables[name.Name]
				}
				if holdsCases(over) && !callsRun(s.Body) {
					loops = append(loops, s)
				}
			}
		}
	}
	return loops
}

// holdsCases says whether an expression is a table of many cases: a map, or a list of structs, written out.
func holdsCases(e ast.Expr) bool {
	table, isLiteral := e.(*ast.CompositeLit)
	if !isLiteral || len(table.Elts) < mostUnnamed {
		return false
	}
	list, isList := table.Type.(*ast.ArrayType)
	if isList {
		_, isList = list.Elt.(*ast.StructType)
	}
	_, isMap := table.Type.(*ast.MapType)
	return isList || isMap
}

func callsRun(body ast.Node) (does bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		s, isSelector := n.(*ast.SelectorExpr)
		does = does || isSelector && s.Sel.Name == "Run"
		return !does
	})
	return does
}
