package plan

import (
	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
	"ferry/load/remote"
)

// scanOf looks at an entity of the account once, in whichever way costs fewer calls.
func (p *Planner) scanOf(k *record.Kind) (*remote.Scan, error) {
	if lv := p.scans[k.Entity]; lv != nil {
		return lv, nil
	}
	lv := p.Remote.Scan(k)
	p.scans[k.Entity] = lv
	ctx := freshsales.WithPhase(p.ctx, "plan")
	if done, err := p.Remote.ComparedBefore(k); done || err != nil {
		lv.IsComplete = done
		return lv, err
	}
	view := p.Account.View(k.Entity)
	first, err := p.Client.ViewPage(ctx, record.EntityOf(k), view, remote.FirstPages(1))
	if err != nil {
		return nil, p.Explain(err)
	}
	lv.Total = first.Total
	pages := (first.Total + 99) / 100
	questions, err := p.questions(k)
	if err != nil || pages > max(questions, 1) {
		return lv, err
	}
	return lv, lv.Read(ctx, view, first, pages)
}

// questions is how many single reads the plan would need at most without a sweep.
func (p *Planner) questions(k *record.Kind) (int64, error) {
	t, err := run.OpenTable(p.Dir.Model("freshsales", k.Entity))
	if err != nil {
		return 0, err
	}
	defer t.Close()
	known, err := p.Ledger.Count(k.Entity, `state = 'live'`)
	if err != nil {
		return 0, err
	}
	new := max(0, t.NumRows()-known)
	if p.Options.Sample > 0 {
		new = min(new, int64(p.Options.Sample))
	}
	return new + known/20, nil
}

// RememberCompared notes that everything was compared, once the before-images are durable.
func (p *Planner) RememberCompared() error {
	for entity, lv := range p.scans {
		if lv.IsComplete && p.Options.Sample == 0 && len(p.Options.Only) == 0 && !p.lookAgain[entity] {
			if err := p.Remote.RememberCompared(entity); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Planner) Close() {
	for _, lv := range p.scans {
		lv.Close()
	}
}
