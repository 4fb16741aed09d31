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
}

// inspect looks at the beginning of a source and decides what is in it.
func (s *input) inspect(o Options) {
	if s.State != source.ToLand {
		return
	}
	in, err := source.Open(s.File, o.rules())
	if err != nil {
		s.Refuse("the file cannot be read: " + err.Error())
		return
	}
	defer in.Close()
	sample, whole, err := sampleOf(in)
	if err != nil && len(sample) == 0 {
		s.Refuse("the file cannot be read: " + err.Error())
		return
	}
	s.shape = shapeOf(sample, whole)
	s.shape.coding = in.Coding
	s.decide(o)
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
func shapeOf(sample []byte, whole bool) shape {
	at := jsontext.SkipSpace(sample, 0)
	sh := shape{whole: whole}
	switch {
	case at == len(sample) || len(bytes.Trim(sample, "\x00 \t\r\n")) == 0:
		sh.format = "empty"
	case sample[at] == '{' && jsontext.AreLines(sample[at:], whole):
		sh.format = "ndjson"
		sh.headers = jsontext.KeysOf(sample[at:], jsontext.Lines{}, whole)
	case sample[at] == '{', sample[at] == '[' && jsontext.StartsArray(sample[at:]):
		sh.format = "json"
		sh.headers = jsontext.KeysOf(sample[at+jsontext.Wrapped(sample[at:]):], &jsontext.Objects{}, whole)
	default:
		sh.format = "csv"
		f := delimited.Analyse(sampleLines(sample, whole), knownHeader)
		if len(f.Tables) > 0 && len(f.Tables[0].Header) > 0 {
			sh.headers = delimited.Texts(f.Tables[0].Header[0])
		}
	}
	return sh
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

// knownHeader says whether a record is surely a header: it has the columns some entity needs.
func knownHeader(names []string) bool {
	all := xtremepush.ByHeaders(names)
	return len(all) > 0 && all[0].Known >= 2
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
	if len(s.shape.headers) == 0 && s.byHand && s.shape.format == "csv" {
		s.entity = named
		return
	}
	if len(s.shape.headers) == 0 {
		s.Refuse("there are no names of columns: the first line holds data. Add a header line")
		return
	}
	s.byColumns(named, sure)
}

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
		s.Refuse(fmt.Sprintf("a file of %s must have the column %s; this one has: %s", named.Name, missing, listed(headers, 12)))
	default:
		s.Refuse(fmt.Sprintf("neither its name nor its columns say which entity is in it; it could be: %s. Its columns: %s", candidateNames(candidates), listed(headers, 12)))
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

func candidateNames(all []xtremepush.Candidate) string {
	var names []string
	for _, c := range all[:min(len(all), 5)] {
		names = append(names, c.Entity.Name)
	}
	if len(names) == 0 {
		for _, e := range xtremepush.Entities() {
			names = append(names, e.Name)
		}
	}
	return strings.Join(names, ", ")
}

// listed joins the first names of a list.
func listed(names []string, most int) string {
	var out []string
	for _, n := range names[:min(len(names), most)] {
		if len(n) > 40 {
			n = n[:40] + "…"
		}
		out = append(out, source.Printable(n))
	}
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(out, ", "), len(names)-most)
	}
	return strings.Join(out, ", ")
}
