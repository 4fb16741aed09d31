package extract

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"ferry/extract/discovery"
	"ferry/extract/xtremepush"

	"ferry/extract/jsontext"
	"ferry/extract/records"
	"ferry/extract/source"
)

// jsonRows lands JSON objects.
type jsonRows struct {
	l      *landing
	file   []byte
	entity xtremepush.Entity
	width  int
	api    bool     // records of an answer: there are no lines
	keyed  bool     // records are the values of one object: a key, a colon and an object
	texts  bool     // records are strings, each an address
	id     int      // column of the key or the address, -1 for none
	add    [][]byte // for each column the value the source implies where a record lacks it, nil for none
}

// newJSONRows lands the objects of a source; implied values belong to columns by name.
func newJSONRows(l *landing, s discovery.Input, implied map[string]string) *jsonRows {
	j := &jsonRows{l: l, file: []byte(s.Name), entity: s.Entity, width: len(s.Entity.Columns)}
	j.keyed, j.texts = s.Shape.Keyed, s.Shape.Texts
	if j.id, _ = s.Entity.Column("id"); j.texts || j.id < 0 {
		j.id, _ = s.Entity.Column("email")
	}
	j.add = make([][]byte, j.width)
	for i, c := range s.Entity.Columns {
		if v, ok := implied[c]; ok {
			j.add[i] = []byte(v)
		}
	}
	return j
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
	found  []jsontext.Member
	before []jsontext.Member // the members of the record before, which mostly has the same keys
	places map[string]place
	at     []place // where the members belong
	row    []int   // for each column the member it takes, -1 for none
	claims []int
	arena  []byte
	valid  bool
	odd    bool            // somewhere in the block there may be what is not quite JSON
	key    jsontext.Member // of a keyed record, or the whole of a text
}

func (j *jsonRows) land(b *records.Block, g *rowGroup) (outcome, error) {
	w := jsonBlock{jsonRows: j, g: g, places: map[string]place{}, row: make([]int, j.width), claims: make([]int, j.width),
		valid: utf8.Valid(b.Data), odd: jsontext.Odd(b.Data)}
	j.l.fixProvenance(g, j.width+1, j.file)
	for i, m := range b.Marks {
		w.record(b, m, b.Record+int64(i))
		if g.full() {
			if err := g.flush(); err != nil {
				return w.out, err
			}
			w.arena, w.found = w.arena[:0], w.found[:0] // keys may stand in the arena
		}
	}
	return w.out, nil
}

// record lands or rejects one object.
func (w *jsonBlock) record(b *records.Block, m records.Mark, number int64) {
	text, wrong := b.Data[m.Start:m.End], 0
	if !w.valid {
		text, w.arena, wrong = source.RepairUTF8(text, w.arena)
	}
	nuls := 0
	if w.odd {
		text, nuls = jsontext.Plain(text)
	}
	text = w.cut(text)
	w.found, w.before = w.before, w.found
	reason := ""
	if m.Fault == records.TooLong {
		reason = faultText(records.TooLong)
	}
	if reason == "" {
		var err error
		if w.found, w.arena, err = jsontext.Members(text, w.found[:0], w.before, w.arena); err != nil {
			reason = broken(text, m.Line, err)
		}
	}
	if reason == "" && len(w.found) > w.l.options.MaxColumns {
		reason = fmt.Sprintf("%d keys, more than the %d allowed", len(w.found), w.l.options.MaxColumns)
	}
	if reason != "" {
		w.out.rejects = append(w.out.rejects, reject{number, m.Line, reason, rawText(b.Data[m.Start:m.End]), ""})
		w.found = w.found[:0] // nothing for the next record to lean on
		return
	}
	if wrong > 0 {
		w.out.wrong++
	}
	if nuls > 0 {
		w.out.nuls++
	}
	w.put(text, number, m.Line)
}

// cut takes the key off a record that has one, and an address out of its quotes.
func (w *jsonBlock) cut(text []byte) []byte {
	w.key = jsontext.Member{}
	switch {
	case w.keyed:
		if key, object, ok := jsontext.CutKey(text); ok {
			w.key = jsontext.Member{Value: key, Escaped: bytes.IndexByte(key, '\\') >= 0}
			return object
		}
	case w.texts && len(text) > 1 && text[0] == '"':
		w.key = jsontext.Member{Value: text, Escaped: bytes.IndexByte(text, '\\') >= 0}
		return []byte("{}")
	}
	return text
}

// broken says why a record is no JSON object, and where.
func broken(text []byte, line int64, err error) string {
	at, column, why := jsontext.Broken(text, true)
	if at == 0 || why != err.Error() {
		return err.Error()
	}
	return fmt.Sprintf("%s: line %d, column %d", why, line+int64(at)-1, column)
}

// put adds the members as a row: the best claim to a column wins it, all others go to the extras.
func (w *jsonBlock) put(text []byte, number, line int64) {
	if w.api {
		line = 0
	}
	for i := range w.row {
		w.row[i] = -1
	}
	for i, x := range w.found {
		p := w.place(i, x)
		if p.column >= 0 && (w.row[p.column] < 0 || p.claim > w.claims[p.column]) {
			w.row[p.column], w.claims[p.column] = i, p.claim
		}
	}
	w.extras(text)
	for k, i := range w.row {
		switch {
		case i >= 0:
			w.value(k, w.found[i])
		case k == w.id && len(w.key.Value) > 0:
			w.value(k, w.key)
		case w.add[k] != nil:
			w.g.text(k, w.add[k])
		default:
			w.g.null(k)
		}
	}
	w.arena = w.l.provenance(w.g, w.width+1, w.arena, number, line)
	w.g.endRow()
	w.out.landed++
}

// extras puts the members that got no column together again as an object, as they were written;
// neighbours are copied in one piece.
func (w *jsonBlock) extras(text []byte) {
	begin := len(w.arena)
	from, to := 0, 0 // the piece of text not yet copied
	for i, x := range w.found {
		if p := w.at[i]; p.column >= 0 && w.row[p.column] == i {
			continue
		}
		if to > 0 && x.Start == to+1 && text[to] == ',' {
			to = x.End
			continue
		}
		w.extra(begin, text[from:to])
		from, to = x.Start, x.End
	}
	w.extra(begin, text[from:to])
	if len(w.arena) == begin {
		w.g.null(w.width)
		return
	}
	w.arena = append(w.arena, '}')
	w.g.text(w.width, w.arena[begin:len(w.arena):len(w.arena)])
}

// extra adds members to the object that begins at a position of the arena.
func (w *jsonBlock) extra(begin int, members []byte) {
	switch {
	case len(members) == 0:
		return
	case len(w.arena) == begin:
		w.arena = append(w.arena, '{')
	default:
		w.arena = append(w.arena, ',')
	}
	w.arena = append(w.arena, members...)
}

// value puts a JSON value into a column as text: strings decoded, null as nothing, all else as written.
func (w *jsonBlock) value(column int, m jsontext.Member) {
	switch {
	case m.Value[0] == 'n':
		w.g.null(column)
	case m.Escaped:
		var text []byte
		text, w.arena = jsontext.DecodeString(m.Value[1:len(m.Value)-1], w.arena)
		w.g.text(column, text)
	case m.Value[0] == '"':
		w.g.text(column, m.Value[1:len(m.Value)-1])
	default:
		w.g.text(column, m.Value)
	}
}

// place says where the member at a position belongs.
func (w *jsonBlock) place(i int, m jsontext.Member) place {
	if m.Again && i < len(w.at) {
		return w.at[i]
	}
	p, ok := w.places[string(m.Key)]
	if !ok {
		p.column, p.claim = w.entity.Column(string(m.Key))
		w.places[string(m.Key)] = p
	}
	if i == len(w.at) {
		w.at = append(w.at, p)
	}
	w.at[i] = p
	return p
}
