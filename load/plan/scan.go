package load

import (
	"ferry/internal/run"
	"ferry/load/freshsales"
)

// liveOf looks at an entity of the account once, in whichever way costs fewer calls.
func (p *planner) liveOf(k *kind) (*live, error) {
	if lv := p.lives[k.entity]; lv != nil {
		return lv, nil
	}
	lv := newLive(p.session, k)
	p.lives[k.entity] = lv
	ctx := freshsales.WithPhase(p.ctx, "plan")
	if done, err := sweptBefore(p.session, k); done || err != nil {
		lv.isSwept = done
		return lv, err
	}
	view := p.account.view(k.entity)
	first, err := p.client.ViewPage(ctx, entityOf(k), view, sweepQuery(1))
	if err != nil {
		return nil, p.explain(err)
	}
	lv.total = first.Total
	pages := (first.Total + 99) / 100
	questions, err := p.questions(k)
	if err != nil || pages > max(questions, 1) {
		return lv, err
	}
	return lv, lv.sweep(ctx, view, first, pages)
}

// questions is how many single reads the plan would need at most without a sweep.
func (p *planner) questions(k *kind) (int64, error) {
	t, err := run.OpenTable(p.dir.Model("freshsales", k.entity))
	if err != nil {
		return 0, err
	}
	defer t.Close()
	known, err := p.ledger.count(k.entity, `state = 'live'`)
	if err != nil {
		return 0, err
	}
	new := max(0, t.NumRows()-known)
	if p.o.Sample > 0 {
		new = min(new, int64(p.o.Sample))
	}
	return new + known/20, nil
}

// rememberSweeps notes that everything was compared, once the before-images are durable.
func (p *planner) rememberSweeps() error {
	for entity, lv := range p.lives {
		if lv.isSwept && p.o.Sample == 0 && len(p.o.Only) == 0 && !p.twins[entity] {
			if err := rememberSwept(p.session, entity); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *planner) closeLives() {
	for _, lv := range p.lives {
		lv.close()
	}
}
