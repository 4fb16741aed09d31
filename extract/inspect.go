package extract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"ferry/extract/xtremepush"

	"ferry/extract/delimited"
	"ferry/extract/jsontext"
	"ferry/extract/source"
)

// shape is what a look at the beginning of a source tells.
type shape struct {
	format  string // csv, ndjson, json, empty
	coding  string
	headers []string // names of columns, or keys of the first objects
	whole   bool     // the sample was all there is
	keyed   bool     // of JSON: records are the values of one object
	texts   bool     // of JSON: records are strings
	broken  string   // of JSON: where it ceases to be that

	rows     int  // records seen in the sample, of delimited text
	doubtful bool // the names may as well be the first row
}

// inspect looks at the beginning of a source and decides what is in it.
func (s *input) inspect(o Options) {
	if s.State != source.ToLand {
		return
	}
	in, err := source.Open(s.File, o.rules())
	if err != nil {
		s.Refuse(cannotRead(err))
		return
	}
	defer in.Close()
	sample, whole, err := sampleOf(in)
	if err != nil && len(sample) == 0 {
		s.Refuse("the file cannot be read: " + err.Error())
		return
	}
	s.shape = shapeOf(sample, whole, s.known())
	s.shape.coding = in.Coding.Name
	s.decide(o)
}

// cannotRead says why a file is not read.
func cannotRead(err error) string {
	var refusal source.Refusal
	if errors.As(err, &refusal) {
		return refusal.Error()
	}
	return "the file cannot be read: " + err.Error()
}

// sampleOf reads the beginning of a source. Whole says that there is no more; the error is why, if it
// broke off.
func sampleOf(in io.Reader) (sample []byte, whole bool, err error) {
	sample = make([]byte, 0, source.SampleSize)
	for len(sample) < source.SampleSize && err == nil {
		var n int
		n, err = in.Read(sample[len(sample):source.SampleSize])
		sample = sample[:len(sample)+n]
	}
	whole = err != nil
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return sample, whole, err
}

// shapeOf tells the format of a sample and the names in it.
func shapeOf(sample []byte, whole bool, known delimited.Known) shape {
	at := jsontext.SkipSpace(sample, 0)
	sh := shape{whole: whole}
	switch {
	case at < len(sample) && known.Delim != 0:
		sh.csv(sample, known)
	case at == len(sample) || len(bytes.Trim(sample, "\x00 \t\r\n")) == 0:
		sh.format = "empty"
	case sample[at] == '{' && jsontext.Wrapped(sample[at:]) == 0 && jsontext.Keyed(sample, whole):
		sh.format, sh.keyed = "json", true
		sh.headers = append(jsontext.KeysOf(sample[at:], &jsontext.Objects{Keyed: true}, whole), "id")
		if countColumns(jsontext.OuterKeys(sample[at:], whole)) >= 2 {
			sh.broken = "this JSON is written column by column, not record by record: export it with one object for each record"
		}
	case sample[at] == '{' && jsontext.AreLines(sample[at:], whole):
		sh.format = "ndjson"
		sh.headers = jsontext.KeysOf(sample[at:], jsontext.Lines{}, whole)
	case sample[at] == '{', sample[at] == '[' && jsontext.StartsArray(sample[at:]):
		sh.format = "json"
		sh.headers = jsontext.KeysOf(sample[at+jsontext.Wrapped(sample[at:]):], &jsontext.Objects{}, whole)
	case sample[at] == '[' && jsontext.StartsTexts(sample[at:]):
		sh.format, sh.texts, sh.headers = "json", true, []string{"email"}
	case sample[at] == '[' && jsontext.StartsLists(sample[at:]):
		sh.format = "json"
		sh.broken = "this JSON holds lists without names: export it with one object for each record, its values under names"
	default:
		sh.csv(sample, known)
	}
	if sh.format != "csv" && sh.format != "empty" && len(sh.headers) == 0 {
		if line, column, why := jsontext.Broken(sample, whole); line > 0 {
			sh.broken = fmt.Sprintf("this is broken JSON (line %d, column %d: %s): fetch it again, or mend it there",
				line, column, why)
		}
	}
	return sh
}

// csv looks at delimited text.
func (sh *shape) csv(sample []byte, known delimited.Known) {
	sh.format = "csv"
	f := delimited.Analyse(sampleLines(sample, sh.whole), known)
	if len(f.Tables) > 0 && len(f.Tables[0].Header) > 0 {
		sh.headers, sh.doubtful = headerNames(f.Tables[0]), f.Tables[0].Doubtful
		sh.rows = len(f.Tables[0].Rows)
	}
}

// sampleLines leaves out a last line that the sample cuts in two.
func sampleLines(sample []byte, whole bool) []byte {
	if whole {
		return sample
	}
	if k := bytes.LastIndexAny(sample, "\n\r"); k > 0 {
		return sample[:k+1]
	}
	return sample
}

// decide finds the entity of a source: told, by its name, by the archive's name, or by its columns.
func (s *input) decide(o Options) {
	if n := len(s.shape.headers); n > o.MaxColumns {
		s.Refuse(fmt.Sprintf("it has %d columns, more than the %d allowed", n, o.MaxColumns))
		return
	}
	named, sure := s.byName()
	if s.shape.format == "empty" {
		if s.entity = named; named.Name == "" {
			s.Ignore("empty")
		}
		return
	}
	if s.shape.broken != "" {
		s.Refuse(s.shape.broken)
		return
	}
	if len(s.shape.headers) == 0 && s.byHand && s.shape.format == "csv" {
		s.entity = named
		return
	}
	if s.Sheet() && !s.byHand && len(knownAmong(s.shape.headers)) == 0 {
		s.Ignore("a sheet that does not look like an export: left alone")
		return
	}
	if why := s.headless(); why != "" {
		if s.entity = named; named.Name != "" {
			s.Refuse(why)
		} else {
			s.Unplace(why)
		}
		return
	}
	s.byColumns(named, sure)
}

// headless says why the names of the columns cannot be told; what the file holds is not shown.
func (s *input) headless() string {
	switch {
	case len(s.shape.headers) == 0:
		return "there are no names of columns: the first line holds data. Add a header line"
	case s.shape.doubtful && len(knownAmong(s.shape.headers)) == 0 && !(s.byHand && s.shape.rows >= enoughRows):
		return "the first line may be the names of the columns or the first record: nothing tells which. Add a header line"
	}
	return ""
}

// enoughRows is below how many rows a line that could be one of them is not taken for a header.
const enoughRows = 10

// byName is the entity that ferry.yaml, the file's name or the archive's name tells, and whether that is beyond doubt.
func (s *input) byName() (e xtremepush.Entity, sure bool) {
	if s.entity.Name != "" {
		return s.entity, true
	}
	for _, name := range []string{source.PlainName(s.Name), source.ArchiveName(s.Name)} {
		if e, sure, ok := xtremepush.ByFileName(name); ok {
			return e, sure
		}
	}
	return e, false
}

// byColumns decides with the columns at hand. A name that is only a hint gives way to columns that are
// clearly those of another entity.
func (s *input) byColumns(named xtremepush.Entity, sure bool) {
	headers := s.shape.headers
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
		s.entity = named
	case s.byHand:
		s.Note = fmt.Sprintf("ferry.yaml says that these are %s, though the column %s is missing", named.Name, missing)
	case decided:
		if s.entity = candidates[0].Entity; named.Name != "" {
			s.Note = fmt.Sprintf("named like %s, but the columns are those of %s", named.Name, s.entity.Name)
		}
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
	of := counted(int64(len(headers)), "column", "columns")
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
