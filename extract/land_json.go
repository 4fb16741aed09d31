package extract

import (
	"fmt"
	"unicode/utf8"

	"ferry/extract/xtremepush"
)

// jsonRows lands JSON objects.
type jsonRows struct {
	l      *landing
	file   []byte
	entity xtremepush.Entity
	width  int
	api    bool              // records of an answer: there are no lines
	add    map[string]string // values the records lack and where they come from implies
}

func newJSONRows(l *landing, s source) *jsonRows {
	return &jsonRows{l: l, file: []byte(s.name), entity: s.entity, width: len(s.entity.Columns)}
}

// place is where a key belongs: a column, and how good its claim to it is.
type place struct {
	column int
	claim  int
}

// jsonBlock is what the work on one block needs.
type jsonBlock struct {
	*jsonRows
	g      *rowGroup
	out    outcome
	found  []member
	places map[string]place
	keys   []string // the keys of the record before, which mostly has the same
	at     []place  // and where they belong
	row    []int    // for each column the member it takes, -1 for none
	claims []int
	arena  []byte
	valid  bool
}

func (j *jsonRows) land(b *block, g *rowGroup) (outcome, error) {
	w := jsonBlock{jsonRows: j, g: g, places: map[string]place{}, row: make([]int, j.width), claims: make([]int, j.width), valid: utf8.Valid(b.data)}
	j.l.fixProvenance(g, j.width+1, j.file)
	for i, m := range b.marks {
		w.record(b, m, b.record+int64(i))
		if g.full() {
			if err := g.flush(); err != nil {
				return w.out, err
			}
			w.arena = w.arena[:0]
		}
	}
	return w.out, nil
}

// record lands or rejects one object.
func (w *jsonBlock) record(b *block, m mark, number int64) {
	text, wrong := b.data[m.start:m.end], 0
	if !w.valid {
		text, w.arena, wrong = repairUTF8(text, w.arena)
	}
	reason := ""
	if m.fault == tooLong {
		reason = faultText(tooLong)
	}
	if reason == "" {
		var err error
		if w.found, w.arena, err = members(text, w.found[:0], w.arena); err != nil {
			reason = err.Error()
		}
	}
	if reason == "" && len(w.found) > w.l.options.MaxColumns {
		reason = fmt.Sprintf("%d keys, more than the %d allowed", len(w.found), w.l.options.MaxColumns)
	}
	if reason != "" {
		w.out.rejects = append(w.out.rejects, reject{number, m.line, reason, rawText(b.data[m.start:m.end])})
		return
	}
	if wrong > 0 {
		w.out.wrong++
	}
	w.put(number, m.line)
}

// put adds the members as a row: the best claim to a column wins it, all others go to the extras.
func (w *jsonBlock) put(number, line int64) {
	if w.api {
		line = 0
	}
	for i := range w.row {
		w.row[i] = -1
	}
	for i, x := range w.found {
		p := w.place(i, x.key)
		if p.column >= 0 && (w.row[p.column] < 0 || p.claim > w.claims[p.column]) {
			w.row[p.column], w.claims[p.column] = i, p.claim
		}
	}
	extra := len(w.arena)
	for i, x := range w.found {
		if p := w.at[i]; p.column < 0 || w.row[p.column] != i {
			w.arena = appendRawMember(w.arena, extra, x)
		}
	}
	if len(w.arena) > extra {
		w.arena = append(w.arena, '}')
		w.g.text(w.width, w.arena[extra:len(w.arena):len(w.arena)])
	} else {
		w.g.null(w.width)
	}
	for k, i := range w.row {
		if i < 0 {
			if implied, ok := w.add[w.entity.Columns[k]]; ok {
				w.g.text(k, []byte(implied))
			} else {
				w.g.null(k)
			}
			continue
		}
		w.arena = putJSON(w.g, k, w.found[i].value, w.arena)
	}
	w.arena = w.l.provenance(w.g, w.width+1, w.arena, number, line)
	w.g.endRow()
	w.out.landed++
}

// place says where the key at a position belongs.
func (w *jsonBlock) place(i int, key []byte) place {
	if i < len(w.keys) && w.keys[i] == string(key) {
		return w.at[i]
	}
	if i >= len(w.keys) {
		w.keys, w.at = append(w.keys, ""), append(w.at, place{})
	}
	p, ok := w.places[string(key)]
	if !ok {
		p.column, p.claim = w.entity.Column(string(key))
		w.places[string(key)] = p
	}
	w.keys[i], w.at[i] = string(key), p
	return p
}

func appendRawMember(out []byte, start int, m member) []byte {
	if len(out) == start {
		out = append(out, '{')
	} else {
		out = append(out, ',')
	}
	return append(out, m.raw...)
}

// putJSON puts a JSON value into a column as text: strings decoded, null as nothing, all else as written.
func putJSON(g *rowGroup, column int, value, arena []byte) []byte {
	switch {
	case len(value) == 0 || value[0] == 'n':
		g.null(column)
	case value[0] == '"':
		text, grown := decodeString(value[1:len(value)-1], arena)
		g.text(column, text)
		return grown
	default:
		g.text(column, value)
	}
	return arena
}
