package answers

import (
	"strings"
	"unicode"

	"ferry/reports/books"
)

// attribute reads where an attribute should go.
func (d *decider) attribute(c *choice) bool {
	r := c.row
	label, kind := r.get("new_label"), r.get("new_type")
	f := fieldRow{attribute: r.get("attribute"), entity: r.get("entity"), name: r.get("name"), label: r.get("label"), kind: r.get("type")}
	switch {
	case c.decision != "change" && (label != "" || kind != ""):
		d.refuse(r, "decision", c.decision, "another field name or kind is written beside it; decide “change”, or empty those cells")
		return false
	case c.decision == "change" && label == "" && kind == "":
		d.refuse(r, "new_label", c.decision, "“change” needs another field name or another kind")
		return false
	}
	if kind != "" {
		var ok bool
		if f.kind, _, ok = d.word(r, "new_type", books.FieldTypes); !ok {
			return false
		}
	}
	if label != "" && label != f.label {
		f.label, f.name = label, fieldName(label)
		if f.name == "cf_" {
			d.refuse(r, "new_label", c.decision, "this field name has no letter in it")
			return false
		}
	}
	c.field = f
	return true
}

// fieldName is how Freshsales names a field with a label.
func fieldName(label string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(label) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			b.WriteRune(r)
			gap = false
		} else {
			gap = true
		}
	}
	return "cf_" + b.String()
}
