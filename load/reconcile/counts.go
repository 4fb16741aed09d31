package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
	"ferry/load/target"
)

// cost is what a reconciliation will cost. It is exact but for two things only reading can tell:
// whether the rows of lists are whole, and how many strangers came after us.
func (rc *reconciler) cost() target.Estimate {
	var e target.Estimate
	add := func(kind string, n int64) {
		if n > 0 {
			e.Calls = append(e.Calls, target.PhaseCalls{Phase: "reconcile", Kind: kind, Planned: n})
			e.Total += n
		}
	}
	rc.Calls.Each(func(_, kind string, n int64) { add(kind, n) }) // what finding out cost already
	for _, k := range record.Kinds {
		n := rc.sent[k.Entity]
		if n == 0 {
			continue
		}
		name := record.EntityOf(k).Name
		if rc.account.View(k.Entity) != 0 {
			add(name+" view", 1)
		}
		add(name+" read", rc.singles(k, n))
		if k.Entity == "contacts" {
			add(name+" read", int64(len(rc.later)))
		}
		if rc.depth != DepthFull {
			continue
		}
		there := max(n, rc.account.Total(k.Entity))
		switch k.Entity {
		case "contacts", "accounts", "deals":
			add(name+" view", target.Batches(there))
			add(name+" read", there-n)
		case "tasks", "sales_activities":
			add(name+" list", target.Batches(n))
		}
	}
	if hour := rc.Client.Pacer().State().Budget.Hour; hour > 0 {
		e.Hours = float64(e.Total) / float64(hour)
	}
	return e
}

// singles is how many records are read one by one.
func (rc *reconciler) singles(k *record.Kind, n int64) int64 {
	switch {
	case rc.depth == DepthCounts, k.Entity == "phone_calls":
		return 0
	case rc.depth == DepthFull && (k.Entity == "tasks" || k.Entity == "sales_activities"):
		return 0 // their lists are taken to be whole
	case rc.depth == DepthFull:
		return n
	}
	drawn := int64(rc.below[k.Entity]*float64(n) + 0.5)
	if k.Entity == "contacts" {
		drawn += int64((1 - rc.below[k.Entity]) * float64(rc.optOuts))
	}
	return drawn
}

// counts compares the size of every entity with what it was plus what we did. Views lag behind
// writes: a number that is too small is asked for again a little later.
func (rc *reconciler) counts(ctx context.Context) ([]Count, error) {
	before, rows, err := rc.countsBefore()
	if err != nil {
		return nil, err
	}
	var all []Count
	for _, k := range record.Kinds {
		view := rc.account.View(k.Entity)
		if rc.sent[k.Entity] == 0 || view == 0 {
			continue
		}
		c := Count{Entity: k.Entity, Before: -1, Expected: -1}
		if c.Created, err = rc.Ledger.Count(k.Entity,
			`origin = 'created' and target_id <> '' and state in ('live', 'stale')`); err != nil {
			return nil, err
		}
		if n, known := before[k.Entity]; known {
			tests, err := rc.testsThere(ctx, k)
			if err != nil {
				return nil, err
			}
			c.Before, c.Expected = n, n+c.Created+tests
		}
		if c.After, err = rc.size(ctx, k, view, c.Expected); err != nil {
			return nil, err
		}
		if more := c.After - c.Expected; c.Expected >= 0 && more > 0 { // whose person became part of another may be there
			left, err := rc.Ledger.Count(k.Entity, `target_id <> '' and state = 'merged'`)
			if err != nil {
				return nil, err
			}
			c.Expected, c.Created = c.Expected+min(more, left), c.Created+min(more, left)
		}
		c.IsTrue = c.Expected < 0 || c.After == c.Expected
		if !c.IsTrue {
			rc.Say(run.Warning, k.Entity, "%s: %d records there, %d expected (%d before, %d made)", k.Entity, c.After,
				c.Expected, c.Before, c.Created)
		}
		rows = append(rows, run.Row{k.Entity, "after", record.EntityOf(k).AllView, c.After})
		all = append(all, c)
	}
	return all, record.WriteRows(rc.Dir.Loaded(rc.Options.Target.Name, record.CountsTable), record.CountsSchema, rows)
}

// laterTests are the test contacts of consent-codes that came after the first load began, as far as its notes
// tell: the others are among what was there before.
func (rc *reconciler) laterTests() (ids []int64, err error) {
	text, err := rc.Ledger.Meta("counts before")
	first := map[string]int64{}
	if err != nil || text == "" || json.Unmarshal([]byte(text), &first) != nil {
		return nil, err
	}
	newest, isKnown := first[record.NewestOf("contacts")]
	for id := range rc.ours {
		if isKnown && id > newest {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// testsThere counts those of them that are still there: they are in the account for our sake, and no difference.
func (rc *reconciler) testsThere(ctx context.Context, k *record.Kind) (n int64, err error) {
	if k.Entity != "contacts" {
		return 0, nil
	}
	var names []string
	for _, id := range rc.later {
		_, err := rc.Client.Get(ctx, freshsales.Contacts, id)
		switch freshsales.OutcomeOf(err) {
		case freshsales.Done:
			n++
			names = append(names, record.IdText(id))
		case freshsales.Gone:
		default:
			return 0, target.Explain(rc.Client.Host(), err, "reading the test contacts of consent-codes")
		}
	}
	if n > 0 {
		rc.tests = fmt.Sprintf("%s of consent-codes are among the contacts and no difference: %s",
			record.Plural(n, "test contact"), strings.Join(names, ", "))
		rc.Say(run.Note, k.Entity, "%s", rc.tests)
	}
	return n, nil
}

// size asks a view how many records it lists.
func (rc *reconciler) size(ctx context.Context, k *record.Kind, view, expected int64) (int64, error) {
	const patience = 4
	for try := 1; ; try++ {
		page, err := rc.Client.ViewPage(ctx, record.EntityOf(k), view, freshsales.Query{PerPage: 1})
		if err != nil {
			return 0, target.Explain(rc.Client.Host(), err, "counting "+k.Entity)
		}
		if page.Total >= expected || try == patience {
			return page.Total, nil
		}
		if err := freshsales.Sleep(ctx, rc.Options.Clock, time.Duration(try)*rc.Options.ReadBackAfter); err != nil {
			return 0, err
		}
	}
}

// countsBefore reads what the first load found, and keeps every row but those written here.
func (rc *reconciler) countsBefore() (map[string]int64, []run.Row, error) {
	before := map[string]int64{}
	var rows []run.Row
	err := run.ReadTable(rc.Dir.Loaded(rc.Options.Target.Name, record.CountsTable),
		func(_ []run.Column, row run.Row) error {
			if record.TextAt(row, 1) == "after" {
				return nil
			}
			rows = append(rows, row)
			if n, ok := row[3].(int64); ok && record.TextAt(row, 1) == "before" {
				before[record.TextAt(row, 0)] = n
			}
			return nil
		})
	if record.IsMissing(err) {
		err = nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("counts: %w", err)
	}
	return before, rows, nil
}
