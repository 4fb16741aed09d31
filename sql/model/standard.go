package model

import (
	"fmt"
	"slices"
	"strings"

	"ferry/internal/run"
)

// standardFields is the one list of the fields every Freshsales account has. A line filled_by list is a column of
// freshsales.contacts or freshsales.accounts without any file saying so.
const standardFields = "standard_fields"

type standardField struct{ entity, name, filledBy string }

// theirFields are the lines of that list that are not ours too, with the line each stands in.
func (p *Project) theirFields() (s Source, fields map[int]standardField, listed map[string]bool) {
	fields, listed = map[int]standardField{}, map[string]bool{}
	for _, s := range p.Settings {
		if s.Name != standardFields || !s.Yours {
			continue
		}
		theirs, err := s.readList(s.Text)
		ours, also := s.readList(s.Replaces)
		if err != nil || also != nil {
			continue // said when the list was checked
		}
		for i, row := range theirs.rows {
			cell := func(column string) string { return strings.TrimSpace(row[slices.Index(theirs.columns, column)]) }
			f := standardField{cell("entity"), cell("field"), cell("filled_by")}
			listed[f.entity] = listed[f.entity] || f.filledBy == "list"
			if !slices.ContainsFunc(ours.rows, func(o []string) bool { return slices.Equal(o, row) }) {
				fields[s.lines[i]] = f
			}
		}
		return s, fields, listed
	}
	return s, nil, nil
}

// checkFields holds that list against what Freshsales takes.
func (p *Project) checkFields(known []EntityFields) []error {
	var problems []error
	s, fields, listed := p.theirFields()
	for _, line := range sortedLines(fields) {
		f := fields[line]
		for _, k := range known {
			if k.Entity == f.entity && f.filledBy == "list" && slices.Index(k.Columns, f.name) < 0 {
				problems = append(problems, s.Problem(line,
					"Freshsales knows no attribute %q of %s.%s A field of your own is a column cf_… of freshsales.%s",
					f.name, f.entity, run.DidYouMean(f.name, k.Columns), f.entity).WithTry("correct the line"))
			}
		}
	}
	for _, entity := range []string{"contacts", "accounts"} {
		if listed != nil && !listed[entity] {
			problems = append(problems, s.Problem(1, "no line of %s is filled_by list, and at least one must be", entity).
				WithTry("put one of ours back: ferry sql diff --text settings.standard_fields"))
		}
	}
	return problems
}

// CheckListed refuses a line that says a file fills a field, where the file that is sent has no such column.
func (p *Project) CheckListed(m *Model, columns []Column) error {
	if m.Floor.Schema != SalesSchema {
		return nil
	}
	s, fields, _ := p.theirFields()
	for _, line := range sortedLines(fields) {
		f := fields[line]
		if f.entity == m.Name && f.filledBy == "rules" && slices.Index(Names(columns), f.name) < 0 {
			return s.Problem(line, "filled_by says rules, and freshsales.%s has no column %q", m.Name, f.name).
				WithTry("write list here, or give sql/%s the column", m.Path)
		}
	}
	return nil
}

func sortedLines(fields map[int]standardField) []int {
	var lines []int
	for line := range fields {
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// ListedFields asks for the lines that make a column.
const ListedFields = "select trim(entity), trim(field), coalesce(trim(cleaner), '') from settings.standard_fields " +
	"where filled_by = 'list'"

// FieldColumns are the columns those lines make, by entity.
type FieldColumns map[string][]string

// fieldTypes are what a cleaned text is cast to; all others stay texts.
var fieldTypes = map[string]string{"date": "date", "flag": "boolean", "number": "double", "time": "timestamptz"}

// Add takes one answer to ListedFields.
func (f *FieldColumns) Add(v []any) error {
	entity, field := fmt.Sprint(v[0]), fmt.Sprint(v[1])
	value := "given[" + Literal(field) + "]"
	if to, ok := fieldTypes[fmt.Sprint(v[2])]; ok {
		value = "try_cast(" + value + " as " + to + ")"
	}
	if *f == nil {
		*f = FieldColumns{}
	}
	(*f)[entity] = append((*f)[entity], Quote(field)+" := "+value)
	return nil
}

// Macros are the words that lay a map of values out as those columns, so that a further field is a line of the list
// and no column of any file.
func (f FieldColumns) Macros() string {
	var b strings.Builder
	for _, m := range [][2]string{{"contact_fields", "contacts"}, {"account_fields", "accounts"}} {
		if len(f[m[1]]) > 0 {
			fmt.Fprintf(&b, "create or replace macro %s(given) as struct_pack(%s);\n", m[0], strings.Join(f[m[1]], ", "))
		}
	}
	return b.String()
}
