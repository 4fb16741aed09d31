package answers

import (
	"ferry/reports/books"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/agnivade/levenshtein"
	"github.com/xuri/excelize/v2"
)

// pairRule is the rule (sql/6_checks) under which answers about pairs are kept.
const pairRule = "possible_duplicates"

// decider gives answers their meaning.
type decider struct {
	file    *excelize.File
	book    string
	name    string // on the summary
	options Options
	files   *decisionFiles
	twice   map[string]string // what has two different answers in this workbook, and where one is
	result  Decided
	noName  bool
}

// decide understands one row or refuses it.
func (d *decider) decide(r answerRow) {
	var values []string
	for _, name := range r.spec.Code {
		values = append(values, r.values[name])
	}
	if r.values["code"] != books.Code(values) {
		d.say(r, r.cells["decision"], r.values["decision"], Refused, "the row was changed beside its yellow cells, or sorted away from them: its row code does not fit")
		return
	}
	answer := r.now()
	if answer == r.values["before"] {
		d.result.Open += boolInt(r.values["decision"] == "")
		return // nobody touched it in this workbook
	}
	if other, twice := d.twice[r.identity()]; twice {
		d.say(r, r.cells["decision"], r.values["decision"], Refused, "this workbook answers the same question in two ways; see %s", other)
		return
	}
	if answer == "" {
		d.withdraw(r)
		return
	}
	decision, ok := d.word(r, "decision", r.allowed())
	if !ok {
		return
	}
	if r.spec.Model == "mapping" {
		d.mapping(r, decision)
		return
	}
	d.finding(r, decision)
}

// contradictions finds questions that are answered in more than one way, and where.
func contradictions(rows []answerRow) map[string]string {
	type first struct{ cell, answer string }
	seen, twice := map[string]first{}, map[string]string{}
	for _, r := range rows {
		answer := r.now()
		if answer == r.values["before"] {
			continue
		}
		key, cell := r.identity(), r.sheet+"!"+r.cells["decision"]
		if f, had := seen[key]; had && f.answer != answer {
			twice[key] = f.cell + " and " + cell
		} else if !had {
			seen[key] = first{cell, answer}
		}
	}
	return twice
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// now is what the yellow cells hold, written as in “Answer before”.
func (r answerRow) now() string {
	var parts []string
	for _, c := range r.spec.Columns {
		if c.Kind == books.Answer && c.Name != "who" {
			parts = append(parts, r.values[c.Name])
		}
	}
	return books.Together(parts)
}

// identity is what the answer is about.
func (r answerRow) identity() string {
	switch r.spec.Model {
	case "mapping":
		return "mapping\x00" + r.values["attribute"] + "\x00" + r.values["entity"]
	case "pairs":
		return pairRule + "\x00" + r.values["left_key"] + "|" + r.values["right_key"] + "\x00"
	default:
		return r.values["rule"] + "\x00" + r.values["key"] + "\x00" + r.values["field"]
	}
}

// allowed are the words a row may be answered with.
func (r answerRow) allowed() []string {
	for _, c := range r.spec.Columns {
		if c.Name == "decision" && c.Choices.Fixed != nil {
			return c.Choices.Fixed
		}
	}
	return strings.Fields(strings.ReplaceAll(r.values["decisions"], ",", " "))
}

// word reads a cell that must hold one of a few words; it refuses others, with a suggestion.
func (d *decider) word(r answerRow, column string, allowed []string) (string, bool) {
	said := strings.ToLower(r.values[column])
	if slices.Contains(allowed, said) {
		return said, true
	}
	var called []string
	hint := ""
	for _, a := range allowed {
		name := r.called(column, a)
		called = append(called, name)
		if near(said, a) || near(said, name) {
			hint = "; did you mean “" + name + "”?"
		}
	}
	switch {
	case said == "":
		d.say(r, r.cells[column], "", Refused, "there is a value, but no decision; the possible answers are %s", strings.Join(called, ", "))
	case len(allowed) == 0:
		d.say(r, r.cells[column], said, Refused, "this finding cannot be answered here: “%s”", said)
	default:
		d.say(r, r.cells[column], said, Refused, "“%s” is no possible answer here (%s)%s", said, strings.Join(called, ", "), hint)
	}
	return "", false
}

// called is what a drop-down calls an answer.
func (r answerRow) called(column, answer string) string {
	for _, c := range r.spec.Columns {
		if w, ok := c.Words[answer]; ok && c.Name == column {
			return w
		}
	}
	return answer
}

// near says whether somebody may have meant a word.
func near(said, word string) bool {
	return said != "" && levenshtein.ComputeDistance(said, strings.ToLower(word)) <= 2
}

// finding takes a decision about a finding or a pair.
func (d *decider) finding(r answerRow, decision string) {
	row := decisionRow{rule: r.values["rule"], key: r.values["key"], field: r.values["field"], decision: decision, source: d.book + "!" + r.sheet + "!" + r.cells["decision"]}
	if r.spec.Model == "pairs" {
		row.rule, row.key, row.field = pairRule, r.values["left_key"]+"|"+r.values["right_key"], ""
	}
	value := d.typed(r, "decision_value")
	switch {
	case decision == "clean" && value == "" && r.values["suggestion"] == "":
		d.say(r, r.cells["decision_value"], decision, Refused, "“clean” needs a value: write one in “New value”")
		return
	case decision == "clean" && value == "":
		value = r.values["suggestion"]
	case decision != "clean" && value != "" && !strings.HasSuffix(r.values["before"], " · "+value):
		d.say(r, r.cells["decision_value"], decision, Refused, "a new value goes with “clean” only; empty it, or decide “clean”")
		return
	case decision != "clean":
		value = ""
	}
	row.value = value
	row.who, row.at = d.who(r), d.when()
	d.tell(r, decision, d.files.decide(row))
}

// mapping takes a decision about an attribute.
func (d *decider) mapping(r answerRow, decision string) {
	label, kind := d.typed(r, "new_label"), r.values["new_type"]
	row := fieldRow{attribute: r.values["attribute"], entity: r.values["entity"], name: r.values["name"], label: r.values["label"], kind: r.values["type"], decision: decision}
	switch {
	case decision != "change" && (label != "" || kind != ""):
		d.say(r, r.cells["decision"], decision, Refused, "another field name or kind is written beside it; decide “change”, or empty those cells")
		return
	case decision == "change" && label == "" && kind == "":
		d.say(r, r.cells["new_label"], decision, Refused, "“change” needs another field name or another kind")
		return
	}
	if kind != "" {
		var ok bool
		if row.kind, ok = d.word(r, "new_type", books.FieldTypes); !ok {
			return
		}
	}
	if label != "" && label != row.label {
		row.label, row.name = label, fieldName(label)
		if row.name == "cf_" {
			d.say(r, r.cells["new_label"], decision, Refused, "this field name has no letter in it")
			return
		}
	}
	row.who, row.at = d.who(r), d.when()
	d.tell(r, decision, d.files.mapField(row))
}

// withdraw takes an answer back.
func (d *decider) withdraw(r answerRow) {
	was := d.files.drop(r)
	if was == "" {
		d.say(r, r.cells["decision"], "", Same, "was not decided any more")
		return
	}
	d.say(r, r.cells["decision"], "", Withdrawn, "was “%s”", was)
}

func (d *decider) tell(r answerRow, decision, was string) {
	switch was {
	case unchanged:
		d.say(r, r.cells["decision"], decision, Same, "")
	case "":
		d.say(r, r.cells["decision"], decision, Taken, "")
	default:
		d.say(r, r.cells["decision"], decision, Taken, "was “%s”", was)
	}
}

// who answered: the name in the row if it was written now, else the one on the summary.
func (d *decider) who(r answerRow) string {
	inRow := r.values["who"]
	if r.values["before"] != "" && d.name != "" {
		inRow = ""
	}
	for _, name := range []string{inRow, d.name, r.values["who"], d.options.Who} {
		if name != "" {
			return name
		}
	}
	d.noName = true
	return ""
}

func (d *decider) when() string { return d.options.now().Format(time.RFC3339) }

// typed is a value as its author saw it: a date that a spreadsheet keeps as a number is a date
// again. Only values that look like numbers are looked up, because that reads the whole sheet.
func (d *decider) typed(r answerRow, column string) string {
	value := r.values[column]
	if value == "" || strings.Trim(value, "0123456789.-+eE") != "" {
		return value
	}
	return typedCell(d.file, r.sheet, r.cells[column], value)
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
