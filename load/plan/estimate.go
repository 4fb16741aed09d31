package load

import (
	"fmt"

	"ferry/load/freshsales"
)

// estimate adds what the plan itself cost to what sending will cost.
func (p *planner) estimate() Estimate {
	var e Estimate
	add := e.add
	p.calls.each(add)
	for entity, n := range p.account.toMake {
		of, _ := freshsales.EntityOf(entity)
		add("provision", of.Name+" forms", 1)
		add("provision", of.Name+" create field", n)
		add("provision", of.Name+" fields", 1)
	}
	for _, k := range kinds {
		n, name := p.counts[k.entity], entityOf(k).Name
		if k.perContact {
			add(k.entity, name+" create", n[actCreate])
			add(k.entity, name+" update", n[actUpdate])
			continue
		}
		add(k.entity, name+" bulk_upsert", batches(n[actCreate])+batches(n[actUpdate]))
		add(k.entity, name+" view", batches(n[actCreate]))
		add(k.entity, "job_statuses read", batches(n[actUpdate]))
	}
	if p.o.LifecycleMoves == UndoMoves {
		add(stageMoves, "contacts update", p.counts["deals"][actCreate])
	}
	p.estimateLinks(add)
	if hour := p.client.Pacer().State().Budget.Hour; hour > 0 {
		e.Hours = float64(e.Total) / float64(hour)
	}
	return e
}

// estimateLinks counts one call per link where bulk calls are known to ignore links, and where that
// is not known yet but somebody has acknowledged it: the dearer way, so that nobody is surprised.
func (p *planner) estimateLinks(add func(phase, kind string, n int64)) {
	n := p.counts[accountLinks]
	due := n[actCreate] + n[actUpdate]
	if due == 0 {
		return
	}
	verdict, err := p.ledger.meta("bulk_links")
	isOpen := err == nil && verdict == ""
	bulk := due
	if p.o.AccountsFirst {
		bulk -= p.linkCost.travel
	}
	add(accountLinks, "contacts read", p.linkCost.reads)
	if isOpen {
		add(accountLinks, "contacts read", 1) // of the first batch, to see whether it was linked
	}
	if verdict != "ignored" && !(isOpen && p.o.hasAcknowledged(SingleLinks)) {
		add(accountLinks, "contacts bulk_upsert", batches(bulk))
		add(accountLinks, "job_statuses read", batches(bulk))
		return
	}
	if isOpen {
		try := min(batches(bulk), 1)
		add(accountLinks, "contacts bulk_upsert", try)
		add(accountLinks, "job_statuses read", try)
		p.notices.add(notice{"limitation", accountLinks, "", fmt.Sprintf(
			"whether bulk calls link contacts to accounts here is not known before the first are sent: %s at most, %d if they do; a load of a sample finds out", plural(due, "call"), 2*batches(bulk))})
	}
	add(accountLinks, "contacts update", due)
}
