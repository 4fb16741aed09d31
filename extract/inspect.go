package extract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"ferry/extract/xtremepush"
)

// shape is what a look at the beginning of a source tells.
type shape struct {
	format  string // csv, ndjson, json, empty
	coding  string
	headers []string // names of columns, or keys of the first objects
	whole   bool     // the sample was all there is
}

// inspect looks at the beginning of a source and decides what is in it.
func (s *source) inspect(o Options) {
	if s.state != toLand {
		return
	}
	in, err := openSource(*s, o)
	if err != nil {
		s.refuse("the file cannot be read: " + err.Error())
		return
	}
	defer in.Close()
	sample, whole, err := sampleOf(in)
	if err != nil && len(sample) == 0 {
		s.refuse("the file cannot be read: " + err.Error())
		return
	}
	s.shape = shapeOf(sample, whole)
	s.shape.coding = in.coding
	s.decide(o)
}

// sampleOf reads the beginning of a source. Whole says that there is no more; the error is why, if it
// broke off.
func sampleOf(in io.Reader) (sample []byte, whole bool, err error) {
	sample = make([]byte, 0, sampleSize)
	for len(sample) < sampleSize && err == nil {
		var n int
		n, err = in.Read(sample[len(sample):sampleSize])
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
	at := skipSpace(sample, 0)
	sh := shape{whole: whole}
	switch {
	case at == len(sample) || len(bytes.Trim(sample, "\x00 \t\r\n")) == 0:
		sh.format = "empty"
	case sample[at] == '{' && jsonLines(sample[at:], whole):
		sh.format = "ndjson"
		sh.headers = keysOf(sample[at:], lineSplitter{}, whole)
	case sample[at] == '{', sample[at] == '[' && startsArray(sample[at:]):
		sh.format = "json"
		sh.headers = keysOf(sample[at+wrapped(sample[at:]):], &jsonSplitter{}, whole)
	default:
		sh.format = "csv"
		f := analyse(sampleLines(sample, whole), knownHeader)
		if len(f.tables) > 0 && len(f.tables[0].header) > 0 {
			sh.headers = texts(f.tables[0].header[0])
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

// jsonLines says whether lines are objects of their own: the first that is one decides.
func jsonLines(sample []byte, whole bool) bool {
	if wrapped(sample) > 0 {
		first, _, _ := bytes.Cut(sample, []byte("\n"))
		if _, _, err := members(bytes.TrimSpace(first), nil, nil, nil); err != nil {
			return false // an answer of the API spread over lines
		}
	}
	lines := bytes.SplitN(sample, []byte("\n"), 21)
	if len(lines) == 21 || !whole && len(lines) > 1 {
		lines = lines[:len(lines)-1]
	}
	for _, line := range lines {
		line = bytes.TrimSpace(line)
		if len(line) < 2 || line[0] != '{' {
			continue
		}
		found, _, err := members(line, nil, nil, nil)
		if err == nil {
			return len(lines) > 1 || wrapped(line) == 0 && len(found) > 0
		}
	}
	return len(lines) > 1 && bytes.Count(sample, []byte("\n{")) >= len(lines)/2
}

// startsArray says whether a bracket begins an array of objects rather than a line of text.
func startsArray(sample []byte) bool {
	at := skipSpace(sample, 1)
	return at < len(sample) && (sample[at] == '{' || sample[at] == ']')
}

// wrapped gives the position of the array in an answer of the API saved as a file: {"data":[…]}; 0 for none.
func wrapped(sample []byte) int {
	if len(sample) == 0 || sample[0] != '{' {
		return 0
	}
	for i := skipSpace(sample, 1); i < len(sample); {
		end, _, err := jsonString(sample, i)
		if err != nil {
			return 0
		}
		key := string(sample[i+1 : end-1])
		i = skipSpace(sample, end)
		if i >= len(sample) || sample[i] != ':' {
			return 0
		}
		i = skipSpace(sample, i+1)
		if key == "data" && i < len(sample) && sample[i] == '[' && startsArray(sample[i:]) {
			return i
		}
		if i, err = jsonValue(sample, i, 1); err != nil {
			return 0
		}
		if i = skipSpace(sample, i); i >= len(sample) || sample[i] != ',' {
			return 0
		}
		i = skipSpace(sample, i+1)
	}
	return 0
}

// keysOf lists the keys of the first objects of a sample.
func keysOf(sample []byte, split splitter, whole bool) []string {
	var keys []string
	seen := map[string]bool{}
	for at, n := 0, 0; at < len(sample) && n < 100; n++ {
		s, ok := split.span(sample[at:], whole)
		if !ok {
			break
		}
		found, _, err := members(sample[at+s.start:at+s.end], nil, nil, nil)
		if err == nil {
			for _, m := range found {
				if k := string(m.key); !seen[k] {
					seen[k] = true
					keys = append(keys, k)
				}
			}
		}
		at += s.next
	}
	return keys
}

// knownHeader says whether a record is surely a header: it has the columns some entity needs.
func knownHeader(names []string) bool {
	all := xtremepush.ByHeaders(names)
	return len(all) > 0 && all[0].Known >= 2
}

// decide finds the entity of a source: told, by its name, by the archive's name, or by its columns.
func (s *source) decide(o Options) {
	if n := len(s.shape.headers); n > o.MaxColumns {
		s.refuse(fmt.Sprintf("it has %d columns, more than the %d allowed", n, o.MaxColumns))
		return
	}
	named, sure := s.byName()
	if s.shape.format == "empty" {
		if s.entity = named; named.Name == "" {
			s.ignore("empty")
		}
		return
	}
	if len(s.shape.headers) == 0 && s.byHand && s.shape.format == "csv" {
		s.entity = named
		return
	}
	if len(s.shape.headers) == 0 {
		s.refuse("there are no names of columns: the first line holds data. Add a header line")
		return
	}
	s.byColumns(named, sure)
}

// byName is the entity that ferry.yaml, the file's name or the archive's name tells, and whether that is beyond doubt.
func (s *source) byName() (e xtremepush.Entity, sure bool) {
	if s.entity.Name != "" {
		return s.entity, true
	}
	for _, name := range []string{plainName(s.name), archiveName(s.name)} {
		if e, sure, ok := xtremepush.ByFileName(name); ok {
			return e, sure
		}
	}
	return e, false
}

// byColumns decides with the columns at hand. A name that is only a hint gives way to columns that are
// clearly those of another entity.
func (s *source) byColumns(named xtremepush.Entity, sure bool) {
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
		s.note = fmt.Sprintf("ferry.yaml says that these are %s, though the column %s is missing", named.Name, missing)
	case decided:
		if s.entity = candidates[0].Entity; named.Name != "" {
			s.note = fmt.Sprintf("named like %s, but the columns are those of %s", named.Name, s.entity.Name)
		}
	case named.Name != "":
		s.refuse(fmt.Sprintf("a file of %s must have the column %s; this one has: %s", named.Name, missing, listed(headers, 12)))
	default:
		s.refuse(fmt.Sprintf("neither its name nor its columns say which entity is in it; it could be: %s. Its columns: %s", candidateNames(candidates), listed(headers, 12)))
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
		out = append(out, printable(n))
	}
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(out, ", "), len(names)-most)
	}
	return strings.Join(out, ", ")
}
