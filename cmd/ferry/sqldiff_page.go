package main

import (
	"html/template"
	"io"
	"os"
	"strconv"
	"strings"

	"ferry/internal/run"
	"ferry/reports"
)

// writeDiffBook writes a comparison as a workbook: per table, per column, and the rows that were looked at.
func (s *session) writeDiffBook(path string, d rowDifference) error {
	about := "Run " + d.Run + ", compared with " + d.Against + ". It holds customers' data: treat it as the export itself."
	n := func(count int64) string { return strconv.FormatInt(count, 10) }
	tables := reports.Extra{Title: "Tables", About: about, State: -1,
		Head: []string{"Table", "Rows", "Rows before", "Added", "Removed", "Changed", "New columns", "Lost columns"}}
	columns := reports.Extra{Title: "Columns", About: "In how many rows a column has another value.", State: -1,
		Head: []string{"Table", "Column", "Rows"}}
	rows := reports.Extra{Title: "Rows", About: "The first rows of each table that differ.", State: 2, AsText: true,
		Head: []string{"Table", "Row", "What", "Column", "Before", "After"}}
	load := reports.Extra{Title: "Load", About: "What the next load would do otherwise.", State: -1,
		Head: []string{"For a load this means"}}
	for _, m := range d.Models {
		tables.Rows = append(tables.Rows, []string{m.Model, n(m.After), n(m.Before), n(m.Added), n(m.Removed),
			n(m.Changed), strings.Join(m.New, ", "), strings.Join(m.Lost, ", ")})
		for _, c := range m.Columns {
			columns.Rows = append(columns.Rows, []string{m.Model, c.Column, n(c.Rows)})
		}
		for _, r := range m.Rows {
			key := strings.Join(r.Key, ", ")
			if len(r.Cells) == 0 {
				rows.Rows = append(rows.Rows, []string{m.Model, key, r.Kind, "", "", ""})
			}
			for _, c := range r.Cells {
				rows.Rows = append(rows.Rows, []string{m.Model, key, r.Kind, c.Column, c.Before, c.After})
			}
		}
	}
	for _, l := range d.Load {
		load.Rows = append(load.Rows, []string{l})
	}
	sheets := []reports.Extra{tables}
	for _, x := range []reports.Extra{columns, rows, load} {
		if len(x.Rows) > 0 {
			sheets = append(sheets, x)
		}
	}
	scratch := s.project.Scratch("book")
	defer os.RemoveAll(scratch.Root())
	return reports.WriteExtras(path, "What changed in "+d.Run, scratch.Root(), sheets)
}

// writeDiffPage writes a comparison as one page that needs nothing but a browser.
func writeDiffPage(path string, d rowDifference) error {
	return run.WriteFile(path, func(w io.Writer) error { return diffPage.Execute(w, d) })
}

var diffPage = template.Must(template.New("diff").Funcs(template.FuncMap{"n": thousands}).Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>What changed in {{.Run}}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; margin: .5rem 0 1.5rem } th, td { border: 1px solid #bbb; padding: .2rem .6rem; text-align: left; vertical-align: top }
td.n { text-align: right } del { color: #8a1c1c } ins { color: #14532d; text-decoration: none; font-weight: 600 }
@media print { body { margin: 0; max-width: none } details { display: block } }
</style>
<h1>What changed</h1>
<p>Run {{.Run}}, compared with {{.Against}}. This page holds customers' data: treat it as the export itself.</p>
{{if .Load}}<h2>For a load this means</h2><ul>{{range .Load}}<li>{{.}}</li>{{end}}</ul>{{end}}
{{range .Models}}<h2 id="{{.Model}}">{{.Model}}</h2>
<p>{{n .After}} rows, were {{n .Before}}: {{n .Added}} added, {{n .Removed}} removed, {{n .Changed}} changed.
{{range .New}} New column {{.}}.{{end}}{{range .Lost}} Lost column {{.}}.{{end}}</p>
{{if .Columns}}<table><tr><th>column</th><th>rows that changed</th></tr>{{range .Columns}}<tr><td>{{.Column}}</td><td class="n">{{n .Rows}}</td></tr>{{end}}</table>{{end}}
{{if .Rows}}<table><tr><th>row</th><th></th><th>column</th><th>before</th><th>after</th></tr>
{{range .Rows}}{{$r := .}}{{if .Cells}}{{range .Cells}}<tr><td>{{range $r.Key}}{{.}} {{end}}</td><td>{{$r.Kind}}</td><td>{{.Column}}</td><td><del>{{.Before}}</del></td><td><ins>{{.After}}</ins></td></tr>
{{end}}{{else}}<tr><td>{{range .Key}}{{.}} {{end}}</td><td>{{.Kind}}</td><td></td><td></td><td></td></tr>
{{end}}{{end}}</table>{{end}}
{{else}}<p>No row of any table differs.</p>{{end}}
</html>
`))
