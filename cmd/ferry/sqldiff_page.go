package main

import (
	"html/template"
	"io"

	"ferry/internal/run"
)

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
