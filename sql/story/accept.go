package story

import (
	"io"
	"path/filepath"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
)

// promiseWords are parts of names of stories and columns that speak of consent or of who is one person.
var promiseWords = map[string]string{
	"consent": "consent", "opt-out": "consent", "opt_out": "consent", "opted": "consent", "refus": "consent",
	"unsubscri": "consent", "subscription": "consent", "is_subscribed": "consent", "gdpr": "consent",
	"person_key": "who is one person", "merge": "who is one person", "same-person": "who is one person",
	"household": "who is one person", "twins": "who is one person", "namesake": "who is one person",
}

// Promise says what a story promises that nobody may give up in passing, "" when nothing of the kind. It errs on the
// side of a promise.
func (s Story) Promise() string {
	names := []string{s.Name}
	for _, table := range model.SortedKeys(s.Expect) {
		if strings.HasPrefix(table, "matching.") {
			return "who is one person"
		}
		names = append(append(names, table), s.Expect[table].Columns...)
	}
	for _, word := range model.SortedKeys(promiseWords) {
		if slices.ContainsFunc(names, func(n string) bool { return strings.Contains(strings.ToLower(n), word) }) {
			return promiseWords[word]
		}
	}
	return ""
}

// Accepted is the table a story expects with the rows that came out: what says the same stays as the story writes it,
// in its order, and what is new comes behind it.
func (t Table) Accepted(got [][]*string) Table {
	left := asExpected(t.Rows, got)
	out := Table{Columns: t.Columns}
	for _, row := range t.Rows {
		at := slices.IndexFunc(left, func(l []*string) bool { return printRow(l) == printRow(row) })
		if at >= 0 {
			out.Rows, left = append(out.Rows, row), slices.Delete(left, at, at+1)
		}
	}
	slices.SortFunc(left, func(a, b []*string) int { return strings.Compare(printRow(a), printRow(b)) })
	out.Rows = append(out.Rows, left...)
	return out
}

// reasonFile says in a story's folder why it stands in place of one of ours.
const reasonFile = "reason.txt"

// Write puts a story into a folder of its own, with the reason why it is otherwise than ours, "" for none.
func (s Story) Write(folder, reason string) error {
	for _, part := range []struct {
		name   string
		tables map[string]Table
	}{{"given", s.Given}, {"expect", s.Expect}} {
		for table, rows := range part.tables {
			lines := []string{strings.Join(rows.Columns, ",")}
			for _, r := range rows.Rows {
				lines = append(lines, printRow(r))
			}
			path := filepath.Join(folder, s.Name, part.name, table+".csv")
			if err := writeText(path, strings.Join(lines, "\n")+"\n"); err != nil {
				return err
			}
		}
	}
	if reason == "" {
		return nil
	}
	return writeText(filepath.Join(folder, s.Name, reasonFile), reason+"\n")
}

func writeText(path, text string) error {
	return run.WriteFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// WithoutEmpty leaves out columns that are empty in every row.
func (t Table) WithoutEmpty() Table {
	var out Table
	out.Rows = make([][]*string, len(t.Rows))
	for i, c := range t.Columns {
		if !slices.ContainsFunc(t.Rows, func(r []*string) bool { return r[i] != nil }) && len(t.Rows) > 0 {
			continue
		}
		out.Columns = append(out.Columns, c)
		for n, r := range t.Rows {
			out.Rows[n] = append(out.Rows[n], r[i])
		}
	}
	return out
}
