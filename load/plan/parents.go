package load

import (
	"context"
	"errors"
	"io"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// candidate is a row that the ledger alone cannot decide.
type candidate struct {
	step     *step
	record   *record // nil: the step is decided
	standing *standing
	base     fields
	theirs   fields
	found    string // id of a record of the account nobody noted yet
}

// parents plans contacts or accounts: a merge of two lists in key order.
func (p *planner) parents(k *kind, shape *shape, in *stream, w *planWriter) error {
	at, err := p.ledger.standings(p.ctx, k.entity)
	if err != nil {
		return err
	}
	defer at.Close()
	vanished := p.vanished(k)
	var chunk []*candidate
	var buffer, digest []byte
	last := ""
	for {
		row, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		key := textAt(row, shape.key)
		if key == last || key == "" {
			return run.Problemf("freshsales."+k.entity, "%s is empty or there twice", k.key).WithTry("ferry transform")
		}
		last = key
		st, err := at.upTo(key, vanished)
		if err != nil {
			return err
		}
		if k.entity == "contacts" {
			st = p.moved.standing(key, st)
		}
		digest, buffer = shape.digestOf(row, buffer)
		c, err := p.firstLook(k, shape, row, key, digest, st)
		if err != nil {
			return err
		}
		if chunk = append(chunk, c); len(chunk) == chunkSize {
			if err := p.decide(k, chunk, w); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
	}
	if err := p.decide(k, chunk, w); err != nil {
		return err
	}
	return at.rest(vanished)
}

// vanished lists what we once sent and nobody wants any more; it is never deleted.
func (p *planner) vanished(k *kind) func(*standing) error {
	return func(s *standing) error {
		if s.isThere() && !p.moved.isOld(k.entity, s.key) {
			p.notices.add(notice{"vanished", k.entity, s.key, "was loaded before and is no longer in the source; it stays in Freshsales"})
		}
		return nil
	}
}

// firstLook decides what needs no question: held, left out, unchanged, refused as before.
func (p *planner) firstLook(k *kind, shape *shape, row run.Row, key string, digest []byte, st *standing) (*candidate, error) {
	s := &step{entity: k.entity, key: key}
	if st.isThere() {
		s.targetID = st.targetID
	}
	decided := &candidate{step: s, standing: st}
	switch {
	case p.held[k.entity][key] != "":
		s.action, s.reason = actHeld, p.held[k.entity][key]
		return decided, nil
	case !p.wants(k.entity):
		s.action, s.reason = actPending, "not asked for (--only)"
		return decided, nil
	case !p.sample.has(k.entity, key, textAt(row, shape.contact)):
		s.action, s.reason = actPending, "not in the sample"
		return decided, nil
	case k.entity == "contacts" && p.moved.splits[key] != "" && p.policy("contacts", "split") != TakeOurs:
		s.action, s.reason = actConflict, p.moved.splits[key]
		return decided, nil
	case st != nil && st.open == 0 && string(st.digest) == string(digest) && st.state == stateLive:
		s.action = actUnchanged
		return decided, nil
	case st != nil && st.open == 0 && string(st.digest) == string(digest) && (st.state == stateRefused || st.state == stateStale) && !p.o.Retry:
		s.action, s.reason = actPending, refusedBefore+st.reason
		return decided, nil
	}
	r, err := shape.record(row)
	if err != nil {
		return nil, err
	}
	delete(r.fields, accountLink) // links of contacts are planned on their own
	if k.entity == "contacts" && !p.o.AccountsFirst {
		r.account = ""
	}
	s.withheld = r.withheld
	return &candidate{step: s, record: r, standing: st}, nil
}

const refusedBefore = "refused before and the same since: "

// policy is what to do about a conflict of a field.
func (p *planner) policy(entity, field string) string {
	for _, name := range []string{entity + "." + field, entity, ""} {
		if v := p.o.OnConflict[name]; v != "" {
			return v
		}
	}
	return KeepTheirs
}

// decide asks what has to be asked about a chunk and writes its steps in order.
func (p *planner) decide(k *kind, chunk []*candidate, w *planWriter) error {
	var ask []*candidate
	for _, c := range chunk {
		if c.record != nil {
			ask = append(ask, c)
		}
	}
	if len(ask) > 0 {
		if err := p.look(k, ask); err != nil {
			return err
		}
	}
	for _, c := range ask {
		if err := p.compare(k, c); err != nil {
			return err
		}
	}
	if err := p.keepImages(k, ask); err != nil {
		return err
	}
	for _, c := range chunk {
		if err := w.step(c.step); err != nil {
			return err
		}
	}
	return nil
}

// look finds out which candidates exist and reads those where both sides may have changed.
func (p *planner) look(k *kind, ask []*candidate) error {
	lv, err := p.liveOf(k)
	if err != nil {
		return err
	}
	var idents []string
	for _, c := range ask {
		if c.standing.isThere() {
			if c.base, err = p.baseOf(c.standing); err != nil {
				return err
			}
		} else if ident := identOf(k, c.record); ident != "" && !c.standing.isUnderWay() {
			idents = append(idents, ident)
		}
	}
	ctx := freshsales.WithPhase(p.ctx, "plan")
	there, err := lv.find(ctx, idents)
	if err != nil {
		return p.explain(err)
	}
	return p.parallel(len(ask), func(i int) error {
		c := ask[i]
		id := c.standing.idIfThere()
		if id == "" {
			row, ok := there[identOf(k, c.record)]
			if !ok || c.standing.isUnderWay() {
				return nil
			}
			id, c.found = row.id, row.id
		} else if !p.mayHaveChanged(lv, c) {
			c.theirs = c.base
			return nil
		}
		return p.read(ctx, k, c, id)
	})
}

func (p *planner) read(ctx context.Context, k *kind, c *candidate, id string) error {
	live, err := p.client.Get(ctx, entityOf(k), idOf(id), linksOf(k)...)
	switch freshsales.MeaningOf(err) {
	case freshsales.Done:
		c.theirs = p.account.live(k, live)
	case freshsales.Gone:
		c.theirs = nil
	default:
		return p.explain(err)
	}
	return nil
}

func (p *planner) baseOf(st *standing) (fields, error) {
	text, err := p.ledger.fieldsOf(st.good)
	if err != nil {
		return nil, err
	}
	return parseFields(text)
}

// mayHaveChanged says whether somebody else may have touched a record of ours.
func (p *planner) mayHaveChanged(lv *live, c *candidate) bool {
	if c.base == nil || c.standing.updated == "" || !lv.isSwept {
		return true
	}
	row, ok := lv.byID(c.standing.targetID)
	return !ok || row.updated == "" || row.updated != c.standing.updated
}
