package discovery

import (
	"bytes"
	"fmt"
	"strings"

	"ferry/extract/layout"
	"ferry/extract/xtremepush"

	"ferry/extract/delimited"
	"ferry/extract/jsontext"
	"ferry/extract/source"
)

// Shape is what a look at the beginning of a source tells.
type Shape struct {
	Format  string // csv, ndjson, json, empty
	Coding  string
	Headers []string      // names of columns, or keys of the first objects
	whole   bool          // the sample was all there is
	Keyed   bool          // of JSON: records are the values of one object
	Texts   bool          // of JSON: records are strings
	Layout  layout.Layout // of delimited text: how it is written, if not plainly
	broken  string        // of JSON: where it ceases to be that

	bareAddress string // of a text without names: the column that all of it is, "" for none

	rows     int  // records seen in the sample, of delimited text
	doubtful bool // the names may as well be the first row
}

// inspect looks at the beginning of a source and decides what is in it.
func (s *Input) inspect(o Rules) {
	if s.State != source.ToLand {
		return
	}
	in, err := source.Open(s.File, o.Source())
	if err != nil {
		s.Refuse(source.CannotRead(err))
		return
	}
	defer in.Close()
	sample, whole, err := source.Sample(in)
	if err != nil && len(sample) == 0 {
		s.Refuse("the file cannot be read: " + err.Error())
		return
	}
	s.Shape = shapeOf(sample, whole, s.Known())
	s.Shape.Coding = in.Coding.Name
	s.decide(o)
}

// shapeOf tells the format of a sample and the names in it.
func shapeOf(sample []byte, whole bool, known delimited.Known) Shape {
	at := jsontext.SkipSpace(sample, 0)
	sh := Shape{whole: whole}
	switch {
	case at < len(sample) && known.Delim != 0:
		sh.csv(sample, known)
	case at == len(sample) || len(bytes.Trim(sample, "\x00 \t\r\n")) == 0:
		sh.Format = "empty"
	case whole && jsontext.Nothing(sample):
		sh.Format = "empty"
	case whole && sample[at] == '{' && jsontext.Failed(sample):
		sh.Format = "json"
		sh.broken = "this is an answer of an API that says what went wrong, not an export: fetch it again"
	case whole && sample[at] == '{' && countColumns(jsontext.InLists(sample)) >= 2:
		sh.Format, sh.broken = "json", columnByColumn
	case sample[at] == '{' && jsontext.Wrapped(sample[at:]) == 0 && jsontext.Keyed(sample, whole):
		sh.Format, sh.Keyed = "json", true
		sh.Headers = append(jsontext.KeysOf(sample[at:], &jsontext.Objects{Keyed: true}, whole), "id")
		if countColumns(jsontext.OuterKeys(sample[at:], whole)) >= 2 {
			sh.broken = columnByColumn
		}
	case sample[at] == '{' && jsontext.AreLines(sample[at:], whole):
		sh.Format = "ndjson"
		sh.Headers = jsontext.KeysOf(sample[at:], jsontext.Lines{}, whole)
	case sample[at] == '{', sample[at] == '[' && jsontext.StartsArray(sample[at:]):
		sh.Format = "json"
		head := sample[at : at+jsontext.Wrapped(sample[at:])]
		sh.Headers = jsontext.KeysOf(sample[at+len(head):], jsontext.NewObjects(head, false), whole)
	case sample[at] == '[' && jsontext.StartsTexts(sample[at:]):
		sh.Format, sh.Texts, sh.Headers = "json", true, []string{"email"}
	case sample[at] == '[' && jsontext.StartsLists(sample[at:]):
		sh.Format = "json"
		sh.broken = "this JSON holds lists without names: export it with one object for each record, its values under names"
	default:
		sh.csv(sample, known)
	}
	if sh.Format != "csv" && sh.Format != "empty" && len(sh.Headers) == 0 {
		if line, column, why := jsontext.Broken(sample, whole); line > 0 {
			sh.broken = fmt.Sprintf("this is broken JSON (line %d, column %d: %s): fetch it again, or mend it there",
				line, column, why)
		}
	}
	return sh
}

// bareAddress is the column that a table without names is: email or mobile_number where it is nothing else.
func bareAddress(t delimited.Table) string {
	if t.Width != 1 {
		return ""
	}
	mails, numbers := 0, 0
	for _, r := range t.Rows {
		switch text := string(bytes.TrimSpace(r.Cells[0].Text)); {
		case strings.Count(text, "@") == 1 && !strings.ContainsAny(text, " ,;"):
			mails++
		case len(text) > 7 && strings.Trim(text, "+0123456789 ()-.") == "":
			numbers++
		}
	}
	switch len(t.Rows) {
	case 0:
		return ""
	case mails:
		return "email"
	case numbers:
		return "mobile_number"
	}
	return ""
}

const columnByColumn = "this JSON is written column by column, not record by record: export it with one object for " +
	"each record"

// csv looks at delimited text.
func (sh *Shape) csv(sample []byte, known delimited.Known) {
	sh.Format = "csv"
	text := source.WholeLines(sample, sh.whole)
	sh.Layout = layoutOf(text, known)
	f := delimited.Analyse(sh.Layout.Text(text), drawnOf(known, sh.Layout))
	if len(f.Tables) > 0 && len(f.Tables[0].Header) > 0 {
		sh.Headers, sh.doubtful = HeaderNames(f.Tables[0]), f.Tables[0].Doubtful
		sh.rows = len(f.Tables[0].Rows)
	} else if len(f.Tables) == 1 {
		sh.bareAddress = bareAddress(f.Tables[0])
	}
}

// decide finds the entity of a source: told, by its name, by the archive's name, or by its columns.
func (s *Input) decide(o Rules) {
	if n := len(s.Shape.Headers); n > o.MaxColumns {
		s.Refuse(fmt.Sprintf("it has %d columns, more than the %d allowed", n, o.MaxColumns))
		return
	}
	named, sure := s.byName()
	if s.Shape.Format == "empty" {
		s.Entity, s.Note = named, JoinNotes(s.Note, "there is nothing in it, not even names of columns")
		if named.Name == "" {
			s.Ignore("empty")
		}
		return
	}
	if s.Shape.broken != "" {
		s.Refuse(s.Shape.broken)
		return
	}
	if s.Shape.bareAddress != "" && s.listed(named, []string{s.Shape.bareAddress}) {
		s.Bare = true
		return
	}
	if len(s.Shape.Headers) == 0 && s.ByHand && s.Shape.Format == "csv" {
		s.Entity, s.Bare = named, true
		return
	}
	if s.Sheet() && !s.ByHand && len(knownAmong(s.Shape.Headers)) == 0 {
		s.Ignore("a sheet that does not look like an export: left alone")
		return
	}
	if why := s.headless(); why != "" {
		if s.Entity = named; named.Name != "" {
			s.Refuse(why)
		} else {
			s.Unplace(why)
		}
		return
	}
	s.byColumns(named, sure)
}

// headless says why the names of the columns cannot be told; what the file holds is not shown.
func (s *Input) headless() string {
	switch {
	case len(s.Shape.Headers) == 0:
		return "there are no names of columns: the first line holds data. Add a header line"
	case s.Shape.doubtful && len(knownAmong(s.Shape.Headers)) == 0 && !(s.ByHand && s.Shape.rows >= enoughRows):
		return "the first line may be the names of the columns or the first record: nothing tells which. Add a header line"
	}
	return ""
}

// enoughRows is below how many rows a line that could be one of them is not taken for a header.
const enoughRows = 10

// byName is the entity that ferry.yaml, the file's name or the archive's name tells, and whether that is beyond doubt.
func (s *Input) byName() (e xtremepush.Entity, sure bool) {
	if s.Entity.Name != "" {
		return s.Entity, true
	}
	for _, name := range source.PlainNames(s.Name) {
		if e, sure, ok := xtremepush.ByFileName(name); ok {
			return e, sure
		}
	}
	return e, false
}

// byColumns decides with the columns at hand. A name that is only a hint gives way to columns that are
// clearly those of another entity: an id and an address do not make notes of people.
func (s *Input) byColumns(named xtremepush.Entity, sure bool) {
	headers := s.Shape.Headers
	if s.listed(named, headers) {
		return
	}
	defer s.refusalsUnsaid()
	candidates := xtremepush.ByHeaders(headers)
	decided := xtremepush.Decided(candidates)
	missing := ""
	if named.Name != "" {
		missing = named.Missing(headers)
	}
	hint := named.Name != "" && missing == ""
	other := decided && candidates[0].Entity.Name != named.Name
	switch {
	case hint && (sure || !other || scoreOf(candidates, named)+4 > candidates[0].Score()):
		s.Entity = named
	case s.ByHand:
		s.Note = fmt.Sprintf("ferry.yaml says that these are %s, though the column %s is missing", named.Name, missing)
	case decided && (named.Name == "" || s.Entity.Name != "" || !sure && candidates[0].Marks > 1):
		if s.Entity = candidates[0].Entity; named.Name != "" {
			s.Note = fmt.Sprintf("named like %s, but the columns are those of %s", named.Name, s.Entity.Name)
		}
	case named.Name != "" && named.Instead(headers) != "":
		s.Entity = named
		s.Note = fmt.Sprintf("it names people by %s only", named.Instead(headers))
		s.Doubt = fmt.Sprintf("it names people by %s only: what else Xtremepush exports names them by %s, and will not be "+
			"found to belong to them. Export it again with these ids; if there are none, say that the file holds %s "+
			"(ferry.yaml, source.files)", named.Instead(headers), missing, named.Name)
	case named.Name != "":
		s.Refuse(fmt.Sprintf("a file of %s must have the column %s; this one has %s", named.Name, missing,
			columnsSaid(headers)))
	default:
		s.Unplace(fmt.Sprintf("neither its name nor its columns say which entity is in it; it could be: %s. It has %s",
			candidateNames(candidates, headers), columnsSaid(headers)))
	}
}

func scoreOf(all []xtremepush.Candidate, e xtremepush.Entity) int {
	for _, c := range all {
		if c.Entity.Name == e.Name {
			return c.Score()
		}
	}
	return 0
}

// candidateNames are the entities a file may hold: those whose columns are there, else those that come nearest, else
// all there are.
func candidateNames(all []xtremepush.Candidate, headers []string) string {
	var names []string
	for _, c := range all[:min(len(all), 5)] {
		names = append(names, c.Entity.Name)
	}
	if len(names) == 0 {
		for _, e := range xtremepush.Nearest(headers, 3) {
			names = append(names, e.Name)
		}
	}
	if len(names) == 0 {
		for _, e := range xtremepush.Entities() {
			names = append(names, e.Name)
		}
	}
	return strings.Join(names, ", ")
}

// columnsSaid tells the columns of a file as far as their names are known words. Others may be data, of
// somebody who should not be shown.
func columnsSaid(headers []string) string {
	known := knownAmong(headers)
	of := Counted(int64(len(headers)), "column", "columns")
	switch {
	case len(known) == 0:
		return of + ", none of a known name"
	case len(known) == len(headers):
		return of + ": " + strings.Join(known[:min(len(known), 12)], ", ")
	}
	return fmt.Sprintf("%s, of these known: %s", of, strings.Join(known[:min(len(known), 12)], ", "))
}

// knownAmong are the names that some entity has a column of.
func knownAmong(headers []string) []string {
	var known []string
	for _, h := range headers {
		for _, e := range xtremepush.Entities() {
			if at, _ := e.Column(h); at >= 0 {
				known = append(known, source.Printable(h))
				break
			}
		}
	}
	return known
}
