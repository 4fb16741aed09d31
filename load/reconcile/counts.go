package load

import (
	"context"
	"fmt"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// cost is what a reconciliation will cost. It is exact but for two things only reading can tell:
// whether the rows of lists are whole, and how many strangers came after us.
func (rc *reconciler) cost() Estimate {
	var e Estimate
	add := func(kind string, n int64) {
		if n > 0 {
			e.Calls = append(e.Calls, PhaseCalls{"reconcile", kind, n})
			e.Total += n
		}
	}
	rc.calls.each(func(_, kind string, n int64) { add(kind, n) }) // what finding out cost already
	for _, k := range kinds {
		n := rc.sent[k.entity]
		if n == 0 {
			continue
		}
		name := entityOf(k).Name
		if rc.account.view(k.entity) != 0 {
			add(name+" view", 1)
		}
		add(name+" read", rc.singles(k, n))
		if rc.depth != DepthFull {
			continue
		}
		there := max(n, rc.account.total(k.entity))
		switch k.entity {
		case "contacts", "accounts", "deals":
			add(name+" view", batches(there))
			add(name+" read", there-n)
		case "tasks", "sales_activities":
			add(name+" list", batches(n))
		}
	}
	if hour := rc.client.Pacer().State().Budget.Hour; hour > 0 {
		e.Hours = float64(e.Total) / float64(hour)
	}
	return e
}

// singles is how many records are read one by one.
func (rc *reconciler) singles(k *kind, n int64) int64 {
	switch {
	case rc.depth == DepthCounts, k.entity == "phone_calls":
		return 0
	case rc.depth == DepthFull && (k.entity == "tasks" || k.entity == "sales_activities"):
		return 0 // their lists are taken to be whole
	case rc.depth == DepthFull:
		return n
	}
	drawn := int64(rc.below[k.entity]*float64(n) + 0.5)
	if k.entity == "contacts" {
		drawn += int64((1 - rc.below[k.entity]) * float64(rc.optOuts))
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
	for _, k := range kinds {
		view := rc.account.view(k.entity)
		if rc.sent[k.entity] == 0 || view == 0 {
			continue
		}
		c := Count{Entity: k.entity, Before: -1, Expected: -1}
		if c.Created, err = rc.ledger.count(k.entity, `origin = 'created' and target_id <> '' and state in ('live', 'stale')`); err != nil {
			return nil, err
		}
		if n, known := before[k.entity]; known {
			c.Before, c.Expected = n, n+c.Created
		}
		if c.After, err = rc.size(ctx, k, view, c.Expected); err != nil {
			return nil, err
		}
		c.IsTrue = c.Expected < 0 || c.After == c.Expected
		if !c.IsTrue {
			rc.say(run.Warning, k.entity, "%s: %d records there, %d expected (%d before, %d made)", k.entity, c.After, c.Expected, c.Before, c.Created)
		}
		rows = append(rows, run.Row{k.entity, "after", entityOf(k).AllView, c.After})
		all = append(all, c)
	}
	return all, writeRows(rc.dir.Loaded(rc.o.Target.Name, CountsTable), countsSchema, rows)
}

// size asks a view how many records it lists.
func (rc *reconciler) size(ctx context.Context, k *kind, view, expected int64) (int64, error) {
	const patience = 4
	for try := 1; ; try++ {
		page, err := rc.client.ViewPage(ctx, entityOf(k), view, freshsales.Query{PerPage: 1})
		if err != nil {
			return 0, explain(rc.client, err, "counting "+k.entity)
		}
		if page.Total >= expected || try == patience {
			return page.Total, nil
		}
		if err := freshsales.Sleep(ctx, rc.o.Clock, time.Duration(try)*rc.o.ReadBackAfter); err != nil {
			return 0, err
		}
	}
}

// countsBefore reads what the first load found, and keeps every row but those written here.
func (rc *reconciler) countsBefore() (map[string]int64, []run.Row, error) {
	before := map[string]int64{}
	var rows []run.Row
	err := run.ReadTable(rc.dir.Loaded(rc.o.Target.Name, CountsTable), func(_ []run.Column, row run.Row) error {
		if textAt(row, 1) == "after" {
			return nil
		}
		rows = append(rows, row)
		if n, ok := row[3].(int64); ok && textAt(row, 1) == "before" {
			before[textAt(row, 0)] = n
		}
		return nil
	})
	if isMissing(err) {
		err = nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("counts: %w", err)
	}
	return before, rows, nil
}
