package answers

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"ferry/internal/run"
	"ferry/reports/books"
)

// field is one that an attribute can go into, from the sheet of fields in the workbook.
type field struct{ label, kind, entity, name string }

// Field is one of Freshsales.
type Field struct{ Entity, Name, Label string }

// ClosedOf are the fields that the newest run of a project fills by itself; none if there is no run that says it.
func ClosedOf(project run.Project) (list []Field, err error) {
	dir, err := project.LatestRun()
	if err != nil {
		return nil, nil // answers can be read where no run is kept
	}
	rows, err := run.RowsOf(dir.Model("reports", "closed_fields"))
	for _, r := range rows {
		list = append(list, Field{r.Text("entity"), r.Text("name"), r.Text("label")})
	}
	return list, err
}

// attribute reads where an attribute should go.
func (d *decider) attribute(c *choice) bool {
	r := c.row
	label, kind := r.get("new_label"), r.get("new_type")
	f := fieldRow{attribute: r.get("attribute"), entity: r.get("entity"), name: r.get("name"), label: r.get("label"),
		kind: r.get("type")}
	switch {
	case c.decision != "change" && (label != "" || kind != ""):
		d.refuse(r, "decision", c.decision,
			"another field name or kind is written beside it; decide “change”, or empty those cells")
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
		if fit := strings.Fields(r.get("kinds")); len(fit) > 0 && !slices.Contains(fit, f.kind) {
			d.refuse(r, "new_type", c.decision, "most values of “%s” are no “%s”; those that fit are %s", f.attribute,
				books.TypeWords[f.kind], strings.Join(called(fit), ", "))
			return false
		}
	}
	if label != "" && !books.Same(label, f.label) && !d.place(c, &f, label) {
		return false
	}
	c.field = f
	return true
}

func called(kinds []string) (words []string) {
	for _, k := range kinds {
		words = append(words, books.TypeWords[k])
	}
	return words
}

// place finds the field that somebody named: one there is, or a new one.
func (d *decider) place(c *choice, f *fieldRow, label string) bool {
	r, isKindGiven := c.row, c.row.get("new_type") != ""
	if books.Same(label, books.NewField) {
		f.label, f.entity = titled(f.attribute), "contacts"
		f.name = fieldName(f.attribute)
		return true
	}
	for _, x := range r.from.fields {
		if !x.isCalled(label) {
			continue
		}
		switch {
		case x.isStandard() && isKindGiven && f.kind != "text":
			d.refuse(r, "new_type", c.decision,
				"“%s” is a field that Freshsales has already; its kind cannot be chosen, leave that cell empty", x.label)
			return false
		case x.isStandard():
			f.kind = "text"
		case !isKindGiven && x.kind != "":
			f.kind = x.kind
		}
		f.entity, f.name, f.label = x.entity, x.name, x.label
		return true
	}
	for _, closed := range d.options.Closed {
		if (field{label: closed.Label, name: closed.Name}).isCalled(label) {
			d.refuse(r, "new_label", c.decision,
				"“%s” is a field that the migration fills itself, and no attribute can go into it; choose another field",
				closed.Label)
			return false
		}
	}
	var labels []string
	for _, x := range r.from.fields {
		labels = append(labels, x.label)
	}
	if meant := run.Closest(label, labels); meant != "" && len(label) > 4 {
		d.refuse(r, "new_label", c.decision,
			"there is no field “%s”; did you mean “%s”? A new field needs a name that is no other's", label, meant)
		return false
	}
	if f.label, f.name = label, fieldName(label); f.name == "cf_" {
		d.refuse(r, "new_label", c.decision, "this field name has no letter in it")
		return false
	}
	if !strings.HasPrefix(r.get("name"), "cf_") && len(r.from.fields) > 0 {
		f.entity = "contacts" // new fields are made there
	}
	return true
}

// isCalled says whether somebody means this field: by its label, or by its name in words.
func (x field) isCalled(label string) bool {
	said := squashed(label)
	for _, name := range []string{x.label, x.name, strings.TrimPrefix(x.name, "cf_")} {
		if is := squashed(name); said == is || said == is+"field" || said == "field"+is {
			return true
		}
	}
	return false
}

// squashed is a name without what people write otherwise: capitals, blanks, hyphens and other signs.
func squashed(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

func (x field) isStandard() bool { return !strings.HasPrefix(x.name, "cf_") }

// titled makes a label of an attribute's name.
func titled(attribute string) string {
	words := strings.ReplaceAll(attribute, "_", " ")
	if words == "" {
		return ""
	}
	letters := []rune(words)
	return string(unicode.ToUpper(letters[0])) + string(letters[1:])
}

// occupied refuses attributes that would go into one field with another: then one of them is lost. What
// somebody chose counts against what stands in the other rows, answered or only proposed; a proposal
// that is merely confirmed counts against other answers only.
func (d *decider) occupied(choices []choice, bad map[int]string) {
	type holder struct {
		where    string
		choice   int // -1: not answered now
		explicit bool
	}
	fields := map[string][]holder{}
	hold := func(entity, name string, h holder) {
		key := entity + "\x00" + strings.ToLower(name)
		fields[key] = append(fields[key], h)
	}
	answered := map[string]bool{}
	for i, c := range choices {
		if c.row.list.spec.Model != "mapping" {
			continue
		}
		answered[c.row.get("attribute")] = true
		if c.decision == "confirm" || c.decision == "change" {
			hold(c.field.entity, c.field.name, holder{fmt.Sprintf("%s (“%s”)", c.row.place("decision"), c.row.get("attribute")),
				i, true})
		}
	}
	for _, s := range d.books {
		for _, r := range append(slices.Clone(s.silent), s.rows...) {
			if r.list.spec.Model != "mapping" || answered[r.get("attribute")] || r.get("decision") == "skip" ||
				strings.HasPrefix(r.get("why"), "left behind") {
				continue
			}
			answered[r.get("attribute")] = true
			where := fmt.Sprintf("%s (“%s”)", r.place("decision"), r.get("attribute"))
			hold(r.get("entity"), r.get("name"), holder{where, -1, r.get("before") != ""})
		}
	}
	for _, holders := range fields {
		for _, h := range holders {
			for _, other := range holders {
				if h.choice < 0 || h == other || !other.explicit && choices[h.choice].decision != "change" {
					continue
				}
				bad[h.choice] = fmt.Sprintf("two attributes cannot share the field “%s”, one would be lost: %s and %s; answer "+
					"“skip” or “change” for one of them",
					choices[h.choice].field.label, h.where, other.where)
			}
		}
	}
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
