package answers

import (
	"slices"
	"strings"
	"time"

	"ferry/internal/run"
	"ferry/reports/books"
)

// pairRule is the rule (sql/6_checks) under which answers about pairs are kept.
const pairRule = "possible_duplicates"

// decider gives answers their meaning.
type decider struct {
	options  Options
	files    *decisionFiles
	books    []*sent
	disagree map[string]disputed // by identity
	result   Decided
	noName   bool
}

// choice is an answer that was understood.
type choice struct {
	row      answerRow
	decision string // "" takes an answer back
	value    string
	field    fieldRow // of an attribute
	note     string   // how it was understood, if not word for word
}

// understand reads one row or refuses it; it says whether there is something to apply.
func (d *decider) understand(r answerRow) (choice, bool) {
	c := choice{row: r}
	var values []string
	for _, name := range r.list.spec.Code {
		values = append(values, r.get(name))
	}
	if books.CodeOnly(r.get("code")) != books.Code(values) {
		d.refuse(r, "decision", r.get("decision"),
			"the row was changed beside its yellow cells, or sorted away from them: its row code does not fit")
		return c, false
	}
	if !r.isTouched() {
		d.result.Open += boolInt(r.get("decision") == "")
		return c, false
	}
	if r.wrong != "" {
		d.refuse(r, r.wrongAt, r.get("decision"), "%s", r.wrong)
		return c, false
	}
	if other, is := d.disagree[r.identity()]; is && other.loses(r) {
		if other.winner != nil {
			d.say(r, "decision", Answer{Decision: r.get("decision"), State: Overruled}, "%s", other.why)
		} else {
			d.refuse(r, "decision", r.get("decision"), "%s", other.why)
		}
		return c, false
	}
	if r.now() == "" {
		return c, !d.isStale(c)
	}
	var ok bool
	if c.decision, c.note, ok = d.word(r, "decision", r.allowed()); !ok {
		return c, false
	}
	switch {
	case r.list.spec.Model == "mapping":
		ok = d.attribute(&c)
	case r.list.spec.IsMapList():
		ok = d.listItem(&c)
	default:
		ok = d.finding(&c)
	}
	return c, ok && !d.isStale(c)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// allowed are the words a row may be answered with.
func (r answerRow) allowed() []string {
	for _, c := range r.list.spec.Columns {
		if c.Name == "decision" && c.Choices.Fixed != nil {
			return c.Choices.Fixed
		}
	}
	words := r.get("decisions")
	if r.list.spec.IsMapList() {
		words = r.get("answers")
	}
	return strings.Fields(strings.ReplaceAll(words, ",", " "))
}

// word reads a cell that must hold one of a few words, or another word that can mean only one of them;
// it refuses the rest, with a suggestion.
func (d *decider) word(r answerRow, column string, allowed []string) (answer, note string, ok bool) {
	typed := r.get(column)
	if answer, other := r.understand(typed, allowed); answer != "" {
		if other {
			note = "understood from “" + typed + "”"
		}
		return answer, note, true
	}
	said := strings.ToLower(typed)
	var called []string
	for _, a := range allowed {
		called = append(called, r.called(column, a))
	}
	hint := ""
	if meant := run.Closest(said, slices.Concat(allowed, called)); meant != "" {
		hint = "; did you mean “" + r.called(column, meant) + "”?"
	}
	switch {
	case isAsked(typed):
		d.refuse(r, column, said, "“%s” asks and does not answer; the possible answers are %s", said,
			strings.Join(called, ", "))
	case said == "":
		d.refuse(r, column, "", "there is a value, but no decision; the possible answers are %s", strings.Join(called, ", "))
	case len(allowed) == 0 && r.list.spec.IsPairs():
		d.refuse(r, column, said, "both records have one user id; that makes them one person, and nothing can be undone here")
	case len(allowed) == 0:
		d.refuse(r, column, said, "this finding cannot be answered here: “%s”", said)
	default:
		d.refuse(r, column, said, "“%s” is no possible answer here (%s)%s", said, strings.Join(called, ", "), hint)
	}
	return "", "", false
}

// understand finds what somebody means by a word in a yellow cell of the row.
func (r answerRow) understand(typed string, allowed []string) (answer string, other bool) {
	if r.list.spec.Model == "merged_pairs" && len(allowed) == 1 {
		return undoes(typed)
	}
	return understand(typed, allowed, r.get("suggestion") != "")
}

// called is what a drop-down calls an answer.
func (r answerRow) called(column, answer string) string {
	for _, c := range r.list.spec.Columns {
		if w, ok := c.Words[answer]; ok && c.Name == column {
			return w
		}
	}
	return answer
}

// finding reads the new value that goes with a decision about a finding or a pair.
func (d *decider) finding(c *choice) bool {
	r, suggested := c.row, c.row.get("suggestion")
	value := r.get("decision_value")
	isNew := value != "" && !strings.HasSuffix(r.get("before"), " · "+value)
	switch {
	case r.list.spec.Model == forAll:
		return true
	case c.decision == "clean" && value == "" && suggested == "":
		d.refuse(r, "decision_value", c.decision, "“clean” needs a value: write one in “New value”")
		return false
	case c.decision == "clean" && value == "":
		value = suggested
	case c.decision != "clean" && isNew:
		d.refuse(r, "decision_value", c.decision, "a new value goes with “clean” only; empty it, or decide “clean”")
		return false
	case c.decision != "clean":
		value = ""
	}
	if c.decision == "clean" && value != suggested && d.options.Value != nil {
		read, wrong := d.options.Value(r.get("field"), value)
		if wrong != "" {
			d.refuse(r, "decision_value", c.decision, "%s", wrong)
			return false
		}
		value = read
	}
	c.value = value
	return true
}

// apply records an answer.
func (d *decider) apply(c choice) {
	r := c.row
	a := Answer{Decision: c.decision, Value: hidden(c.value)}
	if r.list.spec.IsMapList() && r.list.spec.Model != "map_owners" { // a word of the business, nobody's
		a.Value = c.value
	}
	if c.decision == "" {
		d.withdraw(c)
		return
	}
	var was string
	if r.isOfMap() {
		c.field.decision, c.field.who, c.field.at = c.decision, d.who(r), d.when()
		was = d.files.mapField(c.field)
	} else {
		d.unmerge(c)
		was = d.files.decide(d.record(c))
	}
	var said []string
	switch {
	case was == unchanged:
		a.State = Same
	default:
		a.State = Taken
		if was != "" {
			said = append(said, "was “"+was+"”")
		}
	}
	if c.note != "" {
		said = append(said, c.note)
	}
	d.say(r, "decision", a, "%s", strings.Join(said, "; "))
	if r.list.spec.Model == forAll && was != unchanged {
		d.spread(c)
	}
}

// record is the line of decisions.csv that an answer becomes.
func (d *decider) record(c choice) decisionRow {
	r := c.row
	row := decisionRow{rule: r.get("rule"), key: r.get("key"), field: r.get("field"), decision: c.decision, value: c.value,
		who: d.who(r), at: d.when(), source: r.source()}
	switch {
	case r.list.spec.IsPairs():
		row.rule, row.key, row.field = pairRule, r.get("left_key")+"|"+r.get("right_key"), ""
	case r.list.spec.Model == forAll:
		row.field = r.get("question_group")
	case c.decision == "merge": // with the contact that has the same value
		row.rule, row.key, row.field = pairRule, r.get("other_key")+"|"+r.get("key"), ""
	}
	return row
}

// unmerge takes back that two contacts are one person, where the cell that said so says something else.
func (d *decider) unmerge(c choice) {
	r := c.row
	key := decisionRow{rule: pairRule, key: r.get("other_key") + "|" + r.get("key")}.key3()
	if row := d.files.decisions[key]; r.get("other_key") != "" && c.decision != "merge" && row != nil &&
		row[7] == r.source() {
		delete(d.files.decisions, key)
		d.files.changed[decisionsFile] = true
	}
}

// source is the cell an answer came from, as decisions.csv remembers it.
func (r answerRow) source() string {
	return r.from.name + "!" + r.list.sheet + "!" + r.cell("decision")
}

// withdraw takes an answer back.
func (d *decider) withdraw(c choice) {
	d.unmerge(c)
	was := d.files.drop(c.row)
	if c.row.list.spec.Model == forAll {
		d.spread(c)
	}
	if was == "" {
		d.say(c.row, "decision", Answer{State: Same}, "was not decided any more")
		return
	}
	d.say(c.row, "decision", Answer{State: Withdrawn}, "was “%s”", was)
}

// who answered: the name in the row if it was written now, else the one on the summary.
func (d *decider) who(r answerRow) string {
	inRow := r.get("who")
	if r.get("before") != "" && r.from.by != "" {
		inRow = ""
	}
	names := []string{inRow, r.from.by, r.get("who"), d.options.Who}
	if i := slices.IndexFunc(names, func(n string) bool { return n != "" }); i >= 0 {
		return names[i]
	}
	d.noName = true
	return ""
}

func (d *decider) when() string { return d.options.now().Format(time.RFC3339) }

// hidden shows enough of a value to recognise it, and not the value.
func hidden(value string) string {
	letters := []rune(value)
	switch n := len(letters); {
	case n == 0:
		return ""
	case n < 6:
		return string(letters[0]) + "…"
	default:
		return string(letters[:2]) + "…" + string(letters[n-2:])
	}
}
