package plan

import (
	"context"
	"errors"
	"io"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
	"ferry/load/target"
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
func (p *Planner) children(k *record.Kind, shape *record.Mapper, in *record.Stream, w *planWriter) error {
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
		c := &child{row: row, key: record.TextAt(row, shape.Key)}
		if c.key == "" {
			return run.Problemf("freshsales."+k.Entity, "%s is empty", k.Key).WithTry("ferry transform")
		}
		c.digest, buffer = shape.DigestOf(row, buffer)
		if chunk = append(chunk, c); len(chunk) == target.ChunkSize {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	known, err := p.Ledger.Count(k.Entity, `state in ('live', 'stale')`)
	if err == nil && known > seen {
		p.Notices.Add(target.Notice{Kind: "vanished", Entity: k.Entity, Key: "", Text: record.Plural(known-seen, "record") +
			" loaded before, which the exports or the rules no longer give; left in Freshsales"})
	}
	return err
}

func (p *Planner) childChunk(k *record.Kind, shape *record.Mapper, parents *parentPlan, chunk []*child, w *planWriter,
	seen *int64) error {
	keys := make([]string, len(chunk))
	for i, c := range chunk {
		keys[i] = c.key
	}
	known, err := p.Ledger.StatesOf(k.Entity, keys)
	if err != nil {
		return err
	}
	var ask []*candidate
	for _, c := range chunk {
		st := known[c.key]
		if st.IsThere() {
			*seen++
		}
		if c.candidate, err = p.firstLook(k, shape, c.row, c.key, c.digest, st); err != nil {
			return err
		}
		if err := p.checkParents(k, shape, parents, c); err != nil {
			return err
		}
		if c.record != nil && st.IsThere() {
			ask = append(ask, c.candidate)
		} else if c.record != nil {
			c.step.Action = Create
		}
	}
	if err := p.compareChildren(k, ask); err != nil {
		return err
	}
	if err := p.keepImages(k, ask); err != nil {
		return err
	}
	p.lookAtFiles(k, chunk)
	for _, c := range chunk {
		if err := w.step(c.step); err != nil {
			return err
		}
	}
	return nil
}

// checkParents blocks a child whose contact or account will not be there.
func (p *Planner) checkParents(k *record.Kind, shape *record.Mapper, parents *parentPlan, c *child) error {
	contact, account := record.TextAt(c.row, shape.Contact), record.TextAt(c.row, shape.Account)
	why := ""
	if contact != "" {
		ok, err := parents.ok(contact)
		if err != nil {
			return err
		}
		if !ok {
			why = "its contact is not in Freshsales and will not be"
		}
	} else if k.Entity != "deals" {
		why = "it belongs to nobody"
	}
	if account != "" && p.bad["accounts"][account] {
		why = "its account is not in Freshsales and will not be"
	}
	if why != "" && c.step.Action != Unchanged && c.step.Action != Held && c.step.Action != Pending {
		c.record, c.step.Action, c.step.Reason = nil, Blocked, why
	}
	return nil
}

// compareChildren compares what exists with what we want; it costs one read each.
func (p *Planner) compareChildren(k *record.Kind, ask []*candidate) error {
	e := record.EntityOf(k)
	ctx := freshsales.WithPhase(p.ctx, "plan")
	err := p.Parallel(len(ask), func(i int) error {
		c := ask[i]
		var err error
		if c.base, err = p.baseOf(c.standing); err != nil {
			return err
		}
		if same := p.sameFields(c.record.Fields, c.base); same {
			c.theirs = c.base
			return nil
		}
		switch {
		case e.HasRead:
			return p.read(ctx, k, c, c.standing.TargetID)
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
			c.step.Action, c.step.Reason = Conflict, record.DeletedThere
			continue
		}
		p.conclude(c, record.Merge(c.record.Fields, c.base, c.theirs,
			func(f string) string { return p.policy(k.Entity, f) }, p.sameLink))
		if c.step.Action == Update && !e.HasUpdate {
			c.step.Action, c.step.Reason, c.step.Changes = Conflict, "Freshsales cannot change a record of this kind", nil
		}
	}
	return nil
}

// readRelated reads a record that can only be listed with its contact.
func (p *Planner) readRelated(ctx context.Context, k *record.Kind, c *candidate) error {
	contact, err := p.Ledger.StateOf("contacts", record.AsText(c.base[record.ContactLink]))
	if err != nil || !contact.IsThere() {
		c.theirs = c.base
		return err
	}
	c.theirs, err = p.Remote.FindRelated(ctx, k, record.IdOf(contact.TargetID),
		func(r freshsales.Record) bool { return record.IdText(r.ID()) == c.standing.TargetID })
	return p.Explain(err)
}

func (p *Planner) sameFields(a, b record.Fields) bool {
	if b == nil {
		return false
	}
	for name, v := range a {
		if name == record.ContactLink || name == record.AccountLink {
			if !p.sameLink(v, b[name]) {
				return false
			}
		} else if !record.Same(name, v, b[name]) {
			return false
		}
	}
	return true
}

// sameLink compares links: keys of ours or ids of theirs, several of which mean "among them".
func (p *Planner) sameLink(a, b any) bool {
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

func (p *Planner) linkIDs(v any) []string {
	switch x := v.(type) {
	case []string:
		return x
	case string:
		if x == "" {
			return nil
		}
		for _, entity := range []string{"contacts", "accounts"} {
			st, err := p.Ledger.StateOf(entity, x)
			st = p.Moved.standing(entity, x, st) // who goes on under another key has the same record
			if err == nil && st.IsThere() {
				return []string{st.TargetID}
			}
		}
		return []string{x}
	}
	return nil
}

// parentPlan reads the contacts' plan beside rows sorted by contact.
type parentPlan struct {
	p    *Planner
	in   *run.TableReader
	next *Step
	end  bool
}

func (p *Planner) parentPlan() (*parentPlan, error) {
	f := p.Files["contacts"]
	if f == nil {
		return &parentPlan{p: p, end: true}, nil
	}
	in, err := run.OpenTable(f.Path)
	return &parentPlan{p: p, in: in}, err
}

// ok says whether a contact is, or will be, in the account. Keys must come in ascending order.
func (pp *parentPlan) ok(key string) (bool, error) {
	for !pp.end && (pp.next == nil || pp.next.Key < key) {
		row, err := pp.in.Next()
		if errors.Is(err, io.EOF) {
			pp.end = true
			break
		}
		if err != nil {
			return false, err
		}
		pp.next = &Step{Key: record.TextAt(row, 1), Action: record.TextAt(row, 2), TargetID: record.TextAt(row, 4)}
	}
	if pp.next == nil || pp.next.Key != key {
		return false, nil
	}
	return pp.next.Action == Create || pp.next.Action == Update || pp.next.TargetID != "", nil
}

func (pp *parentPlan) close() {
	if pp.in != nil {
		_ = pp.in.Close()
	}
}
