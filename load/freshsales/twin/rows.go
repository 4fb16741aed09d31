package twin

import (
	"net/http"

	"github.com/valyala/fastjson"
)

// A loader reads a contact back by rows of a view, a hundred at a time and a million in all. Those
// rows are written straight from the stored text, without a document in between; what they say is
// what thin says, and a test holds them to it.

// rowPart is one member of a row: its name, already written, and where its value comes from.
type rowPart struct {
	name  []byte // ,"name":
	slot  int    // of a stored attribute, or -1
	write func(t *Twin, dst []byte, id int64, stored *rowSlots) []byte
	fixed []byte // the same in every row, when there is neither
}

// rowSlots are the stored values a row needs, by position, and what its names are made of.
type rowSlots struct {
	values [48]*fastjson.Value
	names  doc
}

// rowForm is how rows of contacts are written.
type rowForm struct {
	parts []rowPart
	slots map[string]int
}

// rowWriters are the members that are more than a stored attribute.
var rowWriters = map[string]func(t *Twin, dst []byte, id int64, s *rowSlots) []byte{
	"id": func(_ *Twin, dst []byte, id int64, _ *rowSlots) []byte { return appendJSON(dst, id) },
	"display_name": func(_ *Twin, dst []byte, _ int64, s *rowSlots) []byte {
		return appendString(dst, displayName(s.names))
	},
	"email": func(_ *Twin, dst []byte, _ int64, s *rowSlots) []byte { return appendJSON(dst, firstOf(s.names)) },
	"emails": func(_ *Twin, dst []byte, id int64, s *rowSlots) []byte {
		return appendJSON(dst, renderEmails(id, s.names))
	},
	"links": func(_ *Twin, dst []byte, id int64, _ *rowSlots) []byte {
		return append(dst, links("contacts", id, contactLinks)...)
	},
	"created_at": func(t *Twin, dst []byte, _ int64, s *rowSlots) []byte {
		return appendJSON(dst, t.moment(plainSlot(s.values[0])))
	},
	"updated_at": func(t *Twin, dst []byte, _ int64, s *rowSlots) []byte {
		return appendJSON(dst, t.moment(plainSlot(s.values[1])))
	},
	"is_deleted": func(_ *Twin, dst []byte, _ int64, s *rowSlots) []byte { return appendJSON(dst, s.values[2] != nil) },
	"tags": func(_ *Twin, dst []byte, _ int64, s *rowSlots) []byte {
		return appendJSON(dst, tagsOf(doc{"tags": plainSlot(s.values[6])}))
	},
}

// firstSlots are the stored attributes the writers above look at.
var firstSlots = []string{"created_at", "updated_at", "deleted_at", "emails", "first_name", "last_name", "tags"}

func plainSlot(v *fastjson.Value) any {
	if v == nil {
		return nil
	}
	return plainValue(v)
}

func firstOf(d doc) any {
	if all := emailsOf(d); len(all) > 0 {
		return all[0]
	}
	return nil
}

// newRowForm finds out how a row looks from how an empty one does.
func (t *Twin) newRowForm() *rowForm {
	f := &rowForm{slots: map[string]int{}}
	for i, name := range firstSlots {
		f.slots[name] = i
	}
	attributes := map[string]bool{}
	for i := range contactKind.attrs {
		attributes[contactKind.attrs[i].name] = true
	}
	for _, m := range t.thin(tContacts, &request{}, 0, doc{}) {
		part := rowPart{name: append(appendString([]byte{','}, m.key), ':'), slot: -1}
		switch write, special := rowWriters[m.key]; {
		case special:
			part.write = write
		case attributes[m.key]:
			slot, known := f.slots[m.key]
			if !known {
				slot = len(f.slots)
				f.slots[m.key] = slot
			}
			part.slot = slot
		default:
			part.fixed = appendJSON(nil, m.value)
		}
		f.parts = append(f.parts, part)
	}
	return f
}

// plainRows says whether a page can be written straight: nothing beside the rows is asked for.
func (t *Twin) plainRows(table int, q *request) bool {
	return table == tContacts && q.query.Get("include") == "" && t.sw.is("phone_numbers", "empty")
}

// appendRow writes one row from its stored text.
func (t *Twin) appendRow(dst []byte, id int64, stored []byte) []byte {
	p := parsers.Get()
	defer parsers.Put(p)
	v, err := p.ParseBytes(stored)
	if err != nil {
		panic(err) // the twin wrote it
	}
	var slots rowSlots
	v.GetObject().Visit(func(key []byte, v *fastjson.Value) {
		if slot, wanted := t.rows.slots[string(key)]; wanted {
			slots.values[slot] = v
		}
	})
	slots.names = make(doc, 3)
	for i := 3; i <= 5; i++ { // as much of the document as names and addresses need
		if slots.values[i] != nil {
			slots.names[firstSlots[i]] = plainValue(slots.values[i])
		}
	}
	start := len(dst)
	for i := range t.rows.parts {
		part := &t.rows.parts[i]
		dst = append(dst, part.name...)
		switch {
		case part.write != nil:
			dst = part.write(t, dst, id, &slots)
		case part.slot < 0:
			dst = append(dst, part.fixed...)
		case slots.values[part.slot] == nil:
			dst = append(dst, "null"...)
		default:
			dst = appendJSON(dst, plainValue(slots.values[part.slot]))
		}
	}
	dst[start] = '{'
	return append(dst, '}')
}

// pageOfRows is a page written straight from the log.
func (t *Twin) pageOfRows(tab *table, found []int32, total, page, perPage int) answer {
	dst := make([]byte, 0, 1024+2560*len(found))
	dst = append(appendString(append(dst, '{'), tab.kind.name), ":["...)
	for i, n := range found {
		if i > 0 {
			dst = append(dst, ',')
		}
		v := tab.records[n].shown
		stored, err := tab.store.log.read(v.at, v.size)
		if err != nil {
			panic(err)
		}
		dst = t.appendRow(dst, tab.id(n), stored)
	}
	meta := pageMeta(total, perPage)
	if len(found) == 0 && page > 1 {
		meta = pageMeta(0, 0)
	}
	dst = append(appendJSON(append(dst, `],"meta":`...), meta), '}')
	return answer{status: http.StatusOK, body: dst}
}
