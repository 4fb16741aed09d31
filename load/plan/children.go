package load

import (
	"context"
	"errors"
	"io"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// child is a row of something that hangs on a contact, on its way through a chunk.
type child struct {
	*candidate
	row    run.Row
	digest []byte
	key    string
}

// children plans what hangs on contacts. Rows come contact by contact, so the ledger is asked for
// a chunk of keys at a time, and the contacts' own plan is read beside them.
func (p *planner) children(k *kind, shape *shape, in *stream, w *planWriter) error {
	parents, err := p.parentPlan()
	if err != nil {
		return err
	}
	defer parents.close()
	var chunk []*child
	var buffer []byte
	seen := int64(0)
	flush := func() error {
		err := p.childChunk(k, shape, parents, chunk, w, &seen)
		chunk = chunk[:0]
		return err
	}
	for {
		row, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		c := &child{row: row, key: textAt(row, shape.key)}
		if c.key == "" {
			return run.Problemf("freshsales."+k.entity, "%s is empty", k.key).WithTry("ferry transform")
		}
		c.digest, buffer = shape.digestOf(row, buffer)
		if chunk = append(chunk, c); len(chunk) == chunkSize {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	known, err := p.ledger.count(k.entity, `state in ('live', 'stale')`)
	if err == nil && known > seen {
		p.notices.add(notice{"vanished", k.entity, "", plural(known-seen, "record") + " loaded before and no longer in the source; left in Freshsales"})
	}
	return err
}

func (p *planner) childChunk(k *kind, shape *shape, parents *parentPlan, chunk []*child, w *planWriter, seen *int64) error {
	keys := make([]string, len(chunk))
	for i, c := range chunk {
		keys[i] = c.key
	}
	known, err := p.ledger.standingOf(k.entity, keys)
	if err != nil {
		return err
	}
	var ask []*candidate
	for _, c := range chunk {
		st := known[c.key]
		if st.isThere() {
			*seen++
		}
		if c.candidate, err = p.firstLook(k, shape, c.row, c.key, c.digest, st); err != nil {
			return err
		}
		if err := p.checkParents(k, shape, parents, c); err != nil {
			return err
		}
		if c.record != nil && st.isThere() {
			ask = append(ask, c.candidate)
		} else if c.record != nil {
			c.step.action = actCreate
		}
	}
	if err := p.compareChildren(k, ask); err != nil {
		return err
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

// checkParents blocks a child whose contact or account will not be there.
func (p *planner) checkParents(k *kind, shape *shape, parents *parentPlan, c *child) error {
	contact, account := textAt(c.row, shape.contact), textAt(c.row, shape.account)
	why := ""
	if contact != "" {
		ok, err := parents.ok(contact)
		if err != nil {
			return err
		}
		if !ok {
			why = "its contact is not in Freshsales and will not be"
		}
	} else if k.entity != "deals" {
		why = "it belongs to nobody"
	}
	if account != "" && p.bad["accounts"][account] {
		why = "its account is not in Freshsales and will not be"
	}
	if why != "" && c.step.action != actUnchanged && c.step.action != actHeld && c.step.action != actPending {
		c.record, c.step.action, c.step.reason = nil, actBlocked, why
	}
	return nil
}

// compareChildren compares what exists with what we want; it costs one read each.
func (p *planner) compareChildren(k *kind, ask []*candidate) error {
	e := entityOf(k)
	ctx := freshsales.WithPhase(p.ctx, "plan")
	err := p.parallel(len(ask), func(i int) error {
		c := ask[i]
		var err error
		if c.base, err = p.baseOf(c.standing); err != nil {
			return err
		}
		if same := p.sameFields(c.record.fields, c.base); same {
			c.theirs = c.base
			return nil
		}
		switch {
		case e.HasRead:
			return p.read(ctx, k, c, c.standing.targetID)
		case e.HasUpdate:
			return p.readRelated(ctx, k, c)
		}
		c.theirs = c.base
		return nil
	})
	if err != nil {
		return err
	}
	for _, c := range ask {
		if c.theirs == nil {
			c.step.action, c.step.reason = actConflict, "somebody deleted it in Freshsales; it is not made again"
			continue
		}
		p.conclude(c, merge(c.record.fields, c.base, c.theirs, func(f string) string { return p.policy(k.entity, f) }, p.sameLink))
		if c.step.action == actUpdate && !e.HasUpdate {
			c.step.action, c.step.reason, c.step.changes = actConflict, "Freshsales cannot change a record of this kind", nil
		}
	}
	return nil
}

// readRelated reads a record that can only be listed with its contact.
func (p *planner) readRelated(ctx context.Context, k *kind, c *candidate) error {
	contact, err := p.ledger.standing("contacts", asText(c.base[contactLink]))
	if err != nil || !contact.isThere() {
		c.theirs = c.base
		return err
	}
	c.theirs, err = p.remote.findRelated(ctx, k, idOf(contact.targetID), func(r freshsales.Record) bool { return idText(r.ID()) == c.standing.targetID })
	return p.explain(err)
}

func (p *planner) sameFields(a, b fields) bool {
	if b == nil {
		return false
	}
	for name, v := range a {
		if name == contactLink || name == accountLink {
			if !p.sameLink(v, b[name]) {
				return false
			}
		} else if !same(name, v, b[name]) {
			return false
		}
	}
	return true
}

// sameLink compares links: keys of ours or ids of theirs, several of which mean "among them".
func (p *planner) sameLink(a, b any) bool {
	x, y := p.linkIDs(a), p.linkIDs(b)
	for _, id := range x {
		for _, other := range y {
			if id == other {
				return true
			}
		}
	}
	return len(x) == 0 && len(y) == 0
}

func (p *planner) linkIDs(v any) []string {
	switch x := v.(type) {
	case []string:
		return x
	case string:
		if x == "" {
			return nil
		}
		for _, entity := range []string{"contacts", "accounts"} {
			if st, err := p.ledger.standing(entity, x); err == nil && st.isThere() {
				return []string{st.targetID}
			}
		}
		return []string{x}
	}
	return nil
}

// parentPlan reads the contacts' plan beside rows sorted by contact.
type parentPlan struct {
	p    *planner
	in   *run.TableReader
	next *step
	end  bool
}

func (p *planner) parentPlan() (*parentPlan, error) {
	f := p.files["contacts"]
	if f == nil {
		return &parentPlan{p: p, end: true}, nil
	}
	in, err := run.OpenTable(f.path)
	return &parentPlan{p: p, in: in}, err
}

// ok says whether a contact is, or will be, in the account. Keys must come in ascending order.
func (pp *parentPlan) ok(key string) (bool, error) {
	for !pp.end && (pp.next == nil || pp.next.key < key) {
		row, err := pp.in.Next()
		if errors.Is(err, io.EOF) {
			pp.end = true
			break
		}
		if err != nil {
			return false, err
		}
		pp.next = &step{key: textAt(row, 1), action: textAt(row, 2), targetID: textAt(row, 4)}
	}
	if pp.next == nil || pp.next.key != key {
		return false, nil
	}
	return pp.next.action == actCreate || pp.next.action == actUpdate || pp.next.targetID != "", nil
}

func (pp *parentPlan) close() {
	if pp.in != nil {
		_ = pp.in.Close()
	}
}
