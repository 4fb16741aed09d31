package plan

import (
	"fmt"

	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

// Estimate adds what the plan itself cost to what sending will cost.
func (p *Planner) Estimate() target.Estimate {
	var e target.Estimate
	add := e.Add
	p.Calls.Each(add)
	for entity, n := range p.Account.ToMake {
		of, _ := freshsales.EntityOf(entity)
		add("provision", of.Name+" forms", 1)
		add("provision", of.Name+" create field", n.Creates)
		add("provision", of.Name+" fields", n.Reads)
	}
	sizes := map[string]*size{}
	for _, k := range record.Kinds {
		n, name := p.Counts[k.Entity], record.EntityOf(k).Name
		sizes[k.Entity] = p.sizeOf(k.Entity)
		if k.PerContact {
			add(k.Entity, name+" create", n[Create]-p.unsendable[k.Entity])
			add(k.Entity, name+" update", n[Update])
			continue
		}
		creates := n[Create]
		if k.Entity == "contacts" && p.FindsOutAboutBin() {
			add(k.Entity, name+" upsert", 1)
			creates--
		}
		z := sizes[k.Entity]
		add(k.Entity, name+" bulk_upsert", z.batches(creates)+z.batches(n[Update]))
		add(k.Entity, name+" view", target.Batches(creates))
		add(k.Entity, "job_statuses read", z.batches(n[Update]))
		add(k.Entity, name+" read", z.proofs(n[Update]))
	}
	if p.Options.LifecycleMoves == target.UndoMoves {
		add(record.StageMoves, "contacts update", p.Counts["deals"][Create])
	}
	add("contacts", "contacts update", p.leftCalls)
	p.estimateLinks(add, sizes["contacts"])
	e.Over(p.Client.Pacer().State().Budget.Hour)
	return e
}

// FindsOutAboutBin says that the first new person whose address lies in the recycle bin is sent alone, to see
// whether the account minds.
func (p *Planner) FindsOutAboutBin() bool {
	if p.binned == 0 {
		return false
	}
	_, isKnown := p.Bin.Minds()
	return !isKnown
}

// UndoEstimate is what taking this load back would cost, as far as its plan tells: a list of tasks may be
// longer than ours.
func (p *Planner) UndoEstimate() target.Estimate {
	var e target.Estimate
	p.Calls.Each(func(phase, kind string, n int64) {
		if phase == "preflight" {
			e.Add(phase, kind, n)
		}
	})
	for _, k := range record.Kinds {
		of, n := record.EntityOf(k), p.Counts[k.Entity]
		u := target.Undo{Of: of, Ours: n[Create], Theirs: n[Update], Contacts: n[Create] + n[Update]}
		if !of.HasUpdate || u.Ours+u.Theirs == 0 {
			continue
		}
		if k.WholeList != nil {
			u.Pages = target.Batches(u.Ours) + 1
		}
		e.AddUndo(u)
	}
	e.Over(p.Client.Pacer().State().Budget.Hour)
	return e
}

// estimateLinks counts one call per link where bulk calls are known to ignore links, and where that
// is not known yet but somebody has acknowledged it: the dearer way, so that nobody is surprised.
func (p *Planner) estimateLinks(add func(phase, kind string, n int64), z *size) {
	n := p.Counts[record.AccountLinks]
	due := n[Create] + n[Update]
	if due == 0 {
		return
	}
	verdict := p.linkCost.verdict
	isOpen := verdict == ""
	bulk := due
	if p.Options.AccountsFirst {
		bulk -= p.linkCost.travel
	}
	add(record.AccountLinks, "contacts read", p.linkCost.reads)
	if isOpen {
		add(record.AccountLinks, "contacts read", 1) // of the first batch, to see whether it was linked
	}
	if verdict != "ignored" && !(isOpen && p.Options.HasAcknowledged(account.SingleLinks)) {
		add(record.AccountLinks, "contacts bulk_upsert", z.batches(bulk))
		add(record.AccountLinks, "job_statuses read", z.batches(bulk))
		add(record.AccountLinks, "contacts read", z.proofs(bulk))
		return
	}
	if isOpen {
		try := min(z.batches(bulk), 1)
		add(record.AccountLinks, "contacts bulk_upsert", try)
		add(record.AccountLinks, "job_statuses read", try)
		p.Notices.Add(target.Notice{Kind: "limitation", Entity: record.AccountLinks, Key: "", Text: fmt.Sprintf(
			"whether bulk calls link contacts to accounts here is not known before the first are sent: %s at most, %d if they "+
				"do; a load of a sample finds out", record.Plural(due, "call"), 2*z.batches(bulk))})
	}
	add(record.AccountLinks, "contacts update", due)
}

// size is what an entity's batches hold, and up to which size that is proven.
type size struct{ most, proven int64 }

func (p *Planner) sizeOf(entity string) *size {
	known, err := p.Ledger.BatchSizeOf(entity)
	if err != nil {
		known = ledger.BatchSize{}
	}
	return &size{known.Of(int64(p.Options.BatchSize)), known.Proven}
}

func (z *size) batches(n int64) int64 { return (n + z.most - 1) / z.most }

// proofs is how many reads prove that batches of known records are not cut: one for a size nobody has seen
// written to the last.
func (z *size) proofs(n int64) int64 {
	if n = min(n, z.most); n <= z.proven {
		return 0
	}
	z.proven = n
	return 1
}
