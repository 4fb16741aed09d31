package answers

import (
	"fmt"
	"strings"
)

// forAll is the list of questions that one answer settles for many rows.
const forAll = "rule_defaults"

// kind is what such an answer is about: a rule, or a kind of evidence for pairs.
func (r answerRow) kind() string {
	if r.list.spec.Model == "pairs" {
		return pairRule + "\x00" + r.get("question_group")
	}
	return r.get("rule") + "\x00" + r.get("question_group")
}

// isAnsweredForAll says whether the summary was given an answer that covers a row.
func (s *sent) isAnsweredForAll(r answerRow) bool { return s.settled[r.kind()] }

// spread gives a row of its own to every open row that an answer for all covers, so that what was
// answered is on record row by row: rows that come later are asked again, and none is left out, merged
// or changed that nobody saw. What an earlier answer for all said is taken back first.
func (d *decider) spread(c choice) {
	kind := c.row.kind()
	for key, row := range d.files.decisions {
		rule, _, _ := strings.Cut(key, "\x00")
		if rule == c.row.get("rule") && row[1] != "" && row[7] == c.row.source()+wholeRule {
			delete(d.files.decisions, key)
			d.files.changed[decisionsFile] = true
		}
	}
	settled, without := 0, 0
	for _, r := range c.row.from.silent {
		if c.decision == "" || r.kind() != kind {
			continue
		}
		value := ""
		if c.decision == "clean" {
			if value = r.get("suggestion"); value == "" {
				without++
				continue
			}
		}
		record := d.record(choice{row: r, decision: c.decision, value: value})
		if d.files.decisions[record.key3()] != nil {
			continue // answered since, on its own
		}
		record.source, record.who = c.row.source()+wholeRule, d.who(c.row)
		d.files.decide(record)
		settled++
	}
	if c.decision == "" {
		return
	}
	said := fmt.Sprintf("settles %d rows", settled)
	if without > 0 {
		said += fmt.Sprintf("; %d have no suggestion and stay open", without)
	}
	d.result.Open -= settled
	d.result.Answers[len(d.result.Answers)-1].Reason = strings.TrimPrefix(d.result.Answers[len(d.result.Answers)-1].Reason+
		"; "+said, "; ")
}

// key3 is the key a decision is kept under.
func (r decisionRow) key3() string { return r.rule + "\x00" + r.key + "\x00" + r.field }
