package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
	"ferry/sql"
)

//go:embed sqldocs.html
var docsText string

var docsPage = template.Must(template.New("docs").Funcs(template.FuncMap{"n": thousands, "join": strings.Join}).
	Parse(docsText))

func (v *verbs) sqlDocsVerb() *cli.Command {
	return v.command(verb{
		name: "docs", usage: "the whole house as one page: every table, its SQL, columns, cost, and who reads whom",
		description: "Writes one HTML file that needs no server and no network. Samples are masked: their shape " +
			"is shown, nobody's data.",
		flags: []cli.Flag{runFlag, targetFlag,
			&cli.PathFlag{Name: "out", Value: "ferry-sql.html", Usage: "the file to write"}},
		do: (*session).sqlDocs,
	})
}

// houseDocs is all that the page shows.
type houseDocs struct {
	Run    string
	Floors []floorDocs
	Links  []docsLink
	Width  int
	Height int
}

type floorDocs struct {
	Number int
	Name   string
	X      int
	Tables []tableDocs
}

type tableDocs struct {
	sql.Shown
	Short   string
	X, Y    int
	Built   *sql.Built
	Columns []sql.DescribedColumn
	Rows    int64
	HasRows bool
	Stories []string
}

type docsLink struct {
	From, To       string
	X1, Y1, X2, Y2 int
	Middle         int
}

// Places on the drawing, in its own units.
const (
	floorWidth = 300
	boxWidth   = 230
	boxHeight  = 22
	rowHeight  = 28
	drawingTop = 40
)

func (s *session) sqlDocs() error {
	if _, err := arguments(s.flags); err != nil {
		return err
	}
	o, err := s.plainSQL()
	if err != nil {
		return err
	}
	all, err := sql.ShowAll(o)
	if err != nil {
		return err
	}
	d := houseDocs{}
	tables := map[string]sql.Described{}
	built := map[string]*sql.Built{}
	if dir, err := s.docsRun(); err == nil {
		d.Run = dir.ID()
		if tables, err = sql.Describe(s.ctx, dir, o); err != nil {
			return err
		}
		costs, err := sql.Timings(dir)
		if err != nil {
			return err
		}
		for i := range costs {
			built[costs[i].Model] = &costs[i]
		}
	} else if s.flags.IsSet("run") {
		return err
	}
	told, err := s.storiesOf(o)
	if err != nil {
		return err
	}
	d.draw(all, tables, built, told)
	out := s.flags.Path("out")
	if err := run.WriteFile(out, func(w io.Writer) error { return docsPage.Execute(w, d) }); err != nil {
		return err
	}
	return s.result(map[string]any{"file": out, "tables": len(all)},
		fmt.Sprintf("wrote     %s   %d tables; open it in a browser\n", out, len(all)))
}

// docsRun is the run whose rows and costs are shown, if there is one.
func (s *session) docsRun() (run.Dir, error) {
	dir, err := s.chosenRun()
	if err != nil {
		return dir, err
	}
	_, err = dir.Done("transform", "ferry transform")
	return dir, err
}

// storiesOf names the stories of the project that expect something of a table.
func (s *session) storiesOf(o sql.Options) (map[string][]string, error) {
	told := map[string][]string{}
	if !run.Exists(s.project.Stories()) {
		return told, nil
	}
	stories, err := sql.ReadStories(os.DirFS(s.project.Stories()))
	if err != nil {
		return nil, err
	}
	for _, story := range stories {
		for table := range story.Expect {
			told[table] = append(told[table], story.Name)
		}
	}
	return told, nil
}

// draw places every table on its floor and every link between two of them.
func (d *houseDocs) draw(all []sql.Shown, tables map[string]sql.Described, built map[string]*sql.Built,
	told map[string][]string) {
	places := map[string][2]int{}
	for _, t := range all {
		schema, short, _ := strings.Cut(t.Table, ".")
		i := slices.IndexFunc(d.Floors, func(f floorDocs) bool { return f.Name == schema })
		if i < 0 {
			i = len(d.Floors)
			d.Floors = append(d.Floors, floorDocs{Number: t.Floor, Name: schema, X: 20 + i*floorWidth})
		}
		f := &d.Floors[i]
		at := [2]int{f.X, drawingTop + len(f.Tables)*rowHeight}
		places[t.Table] = at
		rows, has := tables[t.Table]
		f.Tables = append(f.Tables, tableDocs{Shown: t, Short: short, X: at[0], Y: at[1], Built: built[t.Table],
			Columns: rows.Columns, Rows: rows.Rows, HasRows: has, Stories: told[t.Table]})
		d.Height = max(d.Height, at[1]+rowHeight+20)
	}
	d.Width = 20 + len(d.Floors)*floorWidth
	for _, t := range all {
		to := places[t.Table]
		for _, r := range t.Reads {
			from, ok := places[r]
			if !ok {
				continue // landed and loaded tables are made by other stages
			}
			l := docsLink{From: r, To: t.Table, X1: from[0] + boxWidth, Y1: from[1] + boxHeight/2, X2: to[0],
				Y2: to[1] + boxHeight/2}
			l.Middle = (l.X1 + l.X2) / 2
			if l.X2 < l.X1 { // the same floor: round the side
				l.X2, l.Middle = to[0]+boxWidth, from[0]+boxWidth+40
			}
			d.Links = append(d.Links, l)
		}
	}
}
