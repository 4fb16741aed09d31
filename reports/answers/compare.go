package answers

import (
	"fmt"
	"strings"
	"time"
)

// Overruled is the state of an answer that another copy, saved later, answers differently.
const Overruled State = "overruled"

// disputed is a question that is answered in more than one way.
type disputed struct {
	winner *answerRow // with --newest
	why    string
}

// loses says whether a row's answer does not count.
func (x disputed) loses(r answerRow) bool {
	return x.winner == nil || x.winner.from != r.from || x.winner.row != r.row || x.winner.list != r.list
}

// compare finds questions that the workbooks answer in more than one way, and names where.
func (d *decider) compare() {
	seen := map[string]answerRow{}
	d.disagree = map[string]disputed{}
	for _, s := range d.books {
		for _, r := range s.rows {
			if !r.isTouched() {
				continue
			}
			key := r.identity()
			first, had := seen[key]
			if !had {
				seen[key] = r
				continue
			}
			if first.means() == r.means() {
				continue
			}
			if _, is := d.disagree[key]; is && !d.options.Newest {
				continue
			}
			d.disagree[key] = d.between(first, r)
			if w := d.disagree[key].winner; w != nil {
				seen[key] = *w
			}
		}
	}
}

// between two answers to one question: the later saved wins if that was asked for and there is one.
func (d *decider) between(a, b answerRow) disputed {
	if a.from == b.from {
		return disputed{why: fmt.Sprintf("this workbook answers the same question in two ways; see %s and %s",
			a.place("decision"), b.place("decision"))}
	}
	both := fmt.Sprintf("two workbooks answer this differently: %s says “%s”, %s says “%s”", a.place("decision"),
		a.get("decision"),
		b.place("decision"), b.get("decision"))
	switch {
	case !d.options.Newest:
		return disputed{why: both + "; agree on one, or let the workbook saved last win with --newest"}
	case a.from.saved.Equal(b.from.saved):
		return disputed{why: both + "; both were saved at the same time, so neither is the newest"}
	case a.from.saved.After(b.from.saved):
		return disputed{winner: &a, why: "overruled by " + a.place("decision") + ", which was saved later"}
	}
	return disputed{winner: &b, why: "overruled by " + b.place("decision") + ", which was saved later"}
}

// means is what a row's yellow cells say, however it was typed.
func (r answerRow) means() string {
	said := r.get("decision")
	if answer, _ := r.understand(said, r.allowed()); answer != "" {
		said = answer
	}
	return strings.Join([]string{said, r.get("decision_value"), r.get("new_label"), r.get("new_type"),
		r.get("new_value"), r.get("second_value")}, "\x00")
}

// isStale refuses an answer from a copy that knows nothing of what was answered since it was made: the
// answer that stands now is neither the one the copy was made with nor one it gave itself.
func (d *decider) isStale(c choice) bool {
	r := c.row
	old := d.files.stored(r)
	if old == nil || old.text() == r.get("before") || old.decision == r.get("before") || old.says(c) || d.gave(old, r) {
		return false
	}
	at, _ := time.Parse(time.RFC3339, old.at)
	switch {
	case !d.options.Newest:
		d.refuse(r, "decision", c.decision, "since this copy was made, %s answered “%s” (%s); this cell says “%s”. "+
			"Ask them, and use a new copy, or let the answer given last win with --newest", nobody(old.who), old.decision,
			old.where(), r.get("decision"))
	case r.from.saved.After(at):
		return false
	default:
		d.say(r, "decision", Answer{Decision: c.decision, State: Overruled},
			"overruled by “%s” of %s (%s), which was given later",
			old.decision, nobody(old.who), old.where())
	}
	return true
}

// gave says whether the standing answer came from the same cell of the same workbook, by the same
// person, before the workbook was saved again: then this is a correction.
func (d *decider) gave(old *standing, r answerRow) bool {
	if strings.HasSuffix(old.source, wholeRule) {
		return true // a row answers over its rule
	}
	at, _ := time.Parse(time.RFC3339, old.at)
	mine := old.source == "" || old.source == r.source()
	return mine && old.who == d.who(r) && !r.from.saved.Before(at.Truncate(time.Second))
}

func nobody(who string) string {
	if who == "" {
		return "somebody"
	}
	return who
}
