package extract

// jsonRows lands JSON objects.
type jsonRows struct {
	l     *landing
	file  []byte
	exact map[string]int
	match func(key string) int
	width int
	lines bool // whether line numbers mean something
}

func newJSONRows(l *landing, s source) *jsonRows {
	return &jsonRows{l: l, file: []byte(s.name), match: s.entity.Column, width: len(s.entity.Columns)}
}

// keyMemory remembers which column a key belongs to; one for each block, so that blocks share nothing.
type keyMemory map[string]int

func (j *jsonRows) land(b *block, g *rowGroup) (out []reject, landed int64, err error) {
	var found []member
	var arena []byte
	known := keyMemory{}
	row := make([]member, j.width)
	for i, m := range b.marks {
		record := b.record + int64(i)
		text := b.data[m.start:m.end]
		reason := faultText(m.fault)
		if reason == "" {
			var err error
			if found, arena, err = members(text, found[:0], arena); err != nil {
				reason = err.Error()
			}
		}
		if reason != "" {
			out = append(out, reject{record, m.line, reason, rawText(text)})
			continue
		}
		for k := range row {
			row[k] = member{}
		}
		extra := len(arena)
		for _, x := range found {
			at := j.column(known, x.key)
			if at >= 0 && row[at].value == nil {
				row[at] = x
				continue
			}
			arena = appendRawMember(arena, extra, x)
		}
		if len(arena) > extra {
			arena = append(arena, '}')
			g.text(j.width, arena[extra:len(arena):len(arena)])
		} else {
			g.null(j.width)
		}
		for k, x := range row {
			arena = putJSON(g, k, x.value, arena)
		}
		arena = j.l.provenance(g, j.width+1, arena, j.file, record, m.line)
		landed++
		if g.endRow() {
			if err := g.flush(); err != nil {
				return out, landed, err
			}
			arena = arena[:0]
		}
	}
	return out, landed, nil
}

func (j *jsonRows) column(known keyMemory, key []byte) int {
	at, ok := known[string(key)]
	if !ok {
		at = j.match(string(key))
		known[string(key)] = at
	}
	return at
}

func appendRawMember(out []byte, start int, m member) []byte {
	if len(out) == start {
		out = append(out, '{')
	} else {
		out = append(out, ',')
	}
	out = append(appendJSONText(out, m.key), ':')
	return append(out, m.value...)
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
