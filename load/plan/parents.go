package plan

import (
	"context"
	"errors"
	"io"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/remote"
	"ferry/load/target"
)

// candidate is a row that the ledger alone cannot decide.
type candidate struct {
	step       *Step
	record     *record.Record // nil: the step is decided
	standing   *ledger.RecordState
	base       record.Fields
	theirs     record.Fields
	found      string // id of a record of the account nobody noted yet
	firstIdent string // what that record is known by first; it may be found by another address
	taken      string // why nothing may be made of it: somebody else has what must be its own
	held       string // why it waits, though a no of it is sent

	isAsked   bool // what was left out may be free next time
	isChanged bool // the record is not what its row says: something was left out for the account's sake
}

// parents plans contacts or accounts: a merge of two lists in key order.
func (p *Planner) parents(k *record.Kind, shape *record.Mapper, in *record.Stream, w *planWriter) error {
	at, err := p.Ledger.States(p.ctx, k.Entity)
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
		key := record.TextAt(row, shape.Key)
		if key == last || key == "" {
			return run.Problemf("freshsales."+k.Entity, "%s is empty or there twice", k.Key).WithTry("ferry transform")
		}
		last = key
		st, err := at.UpTo(key, vanished)
		if err != nil {
			return err
		}
		st = p.Moved.standing(k.Entity, key, st)
		if err := p.sayToLeft(k, shape, row, key); err != nil {
			return err
		}
		digest, buffer = shape.DigestOf(row, buffer)
		c, err := p.firstLook(k, shape, row, key, digest, st)
		if err != nil {
			return err
		}
		if chunk = append(chunk, c); len(chunk) == target.ChunkSize {
			if err := p.decide(k, chunk, w); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
	}
	if err := p.decide(k, chunk, w); err != nil {
		return err
	}
	if err := at.Rest(vanished); err != nil || k.Entity != "contacts" {
		return err
	}
	return p.sayToVanished(k)
}

// vanished lists what we once sent and nobody wants any more; it is never deleted.
func (p *Planner) vanished(k *record.Kind) func(*ledger.RecordState) error {
	return func(s *ledger.RecordState) error {
		if s.IsThere() && !p.Moved.isOld(k.Entity, s.Key) {
			p.Notices.Add(target.Notice{Kind: "vanished", Entity: k.Entity, Key: s.Key,
				Text: "was loaded before, and the exports or the rules no longer give it; it stays in Freshsales"})
			if k.Entity == "contacts" && s.Good != 0 {
				st := *s
				p.vanishedContacts = append(p.vanishedContacts, &st)
			}
		}
		return nil
	}
}

// firstLook decides what needs no question: held, left out, unchanged, refused as before.
func (p *Planner) firstLook(k *record.Kind, shape *record.Mapper, row run.Row, key string, digest []byte,
	st *ledger.RecordState) (*candidate, error) {
	s := &Step{entity: k.Entity, Key: key}
	if st.IsThere() {
		s.TargetID = st.TargetID
	}
	decided := &candidate{step: s, standing: st}
	switch {
	case p.held[k.Entity][key] != "":
		return p.heldLook(k, shape, row, decided)
	case !p.Wants(k.Entity):
		s.Action, s.Reason = Pending, notAsked
		return decided, nil
	case !p.sample.has(k.Entity, key, record.TextAt(row, shape.Contact)):
		s.Action, s.Reason = Pending, "not in the sample"
		return decided, nil
	case k.Entity == "contacts" && p.Moved.splits[key] != "" && p.policy("contacts", "split") != record.TakeOurs:
		s.Action, s.Reason = Conflict, p.Moved.splits[key]
		return decided, nil
	case st != nil && st.Open == 0 && string(st.Digest) == string(digest) && st.State == ledger.StateLive:
		if isNew, err := p.isPartNoNew(k, key, st); err != nil || !isNew {
			s.Action = Unchanged
			return decided, err
		}
	case st != nil && st.Open == 0 && string(st.Digest) == string(digest) &&
		(st.State == ledger.StateRefused || st.State == ledger.StateStale) && !p.Options.Retry &&
		!p.fileCame(k, shape, row, st):
		s.Action, s.Reason = Pending, refusedBefore+st.Reason
		return decided, nil
	}
	r, err := shape.Record(row)
	if err != nil {
		return nil, err
	}
	if k.Entity == "contacts" {
		if why := account.Unplaced(p.refusals.codes, r, st.IsThere()); why != "" {
			s.Action, s.Reason, s.withheld, p.lookAgain[k.Entity] = Held, why, r.Withheld, true
			return decided, nil
		}
		delete(r.Fields, record.AccountLink) // links of contacts are planned on their own
		if !p.Options.AccountsFirst {
			r.Account = ""
		}
	}
	s.withheld = r.Withheld
	return &candidate{step: s, record: r, standing: st, isChanged: p.takePartNos(k, key, r.Fields)}, nil
}

const (
	refusedBefore = "refused before and the same since: "
	notAsked      = "this load was asked for other records only"
)

// policy is what to do about a conflict of a field.
func (p *Planner) policy(entity, field string) string {
	for _, name := range []string{entity + "." + field, entity, ""} {
		if v := p.Options.OnConflict[name]; v != "" {
			return v
		}
	}
	return record.KeepTheirs
}

// decide asks what has to be asked about a chunk and writes its steps in order.
func (p *Planner) decide(k *record.Kind, chunk []*candidate, w *planWriter) error {
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
		if c.held != "" {
			p.wait(c)
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
func (p *Planner) look(k *record.Kind, ask []*candidate) error {
	lv, err := p.scanOf(k)
	if err != nil {
		return err
	}
	var idents []string
	isNew := false
	for _, c := range ask {
		if c.standing.IsThere() {
			if c.base, err = p.baseOf(c.standing); err != nil {
				return err
			}
			if c.hasNewAddress(k) {
				idents = append(idents, record.IdentOf(k, c.record))
			}
		} else if ident := record.IdentOf(k, c.record); ident != "" && !c.standing.IsUnderWay() {
			idents = append(idents, ident)
			isNew = true
		}
	}
	ctx := freshsales.WithPhase(p.ctx, "plan")
	there, err := lv.Find(ctx, idents)
	if err != nil {
		return p.Explain(err)
	}
	if isNew && k.Entity == "contacts" && p.Bin == nil {
		most, err := p.questions(k)
		if err != nil {
			return err
		}
		if p.Bin, err = p.Remote.ReadBin(ctx, most); err != nil {
			return err
		}
	}
	return p.Parallel(len(ask), func(i int) error {
		c := ask[i]
		id := c.standing.IdIfThere()
		if id == "" {
			row, ok := there[record.IdentOf(k, c.record)]
			if c.standing.IsUnderWay() {
				return nil
			}
			if ok {
				id, c.found, c.firstIdent = row.Id, row.Id, row.Ident
			}
			if err := p.findByExternalID(ctx, k, lv, c); err != nil {
				return err
			}
			if err := p.checkMobile(k, lv, c); err != nil || c.found == "" || c.theirs != nil {
				return err
			}
		} else if err := errors.Join(p.checkMobile(k, lv, c), p.checkOthers(k, lv, there, c)); err != nil {
			return err
		} else if !p.mayHaveChanged(lv, c) {
			c.theirs = c.base
			return nil
		}
		return p.read(ctx, k, c, id)
	})
}

func (p *Planner) read(ctx context.Context, k *record.Kind, c *candidate, id string) error {
	live, err := p.Client.Get(ctx, record.EntityOf(k), record.IdOf(id), remote.LinksOf(k)...)
	switch freshsales.OutcomeOf(err) {
	case freshsales.Done:
		c.theirs = p.Account.Remote(k, live)
	case freshsales.Gone:
		c.theirs = nil
	default:
		return p.Explain(err)
	}
	return nil
}

func (p *Planner) baseOf(st *ledger.RecordState) (record.Fields, error) {
	text, err := p.Ledger.FieldsOf(st.Good)
	if err != nil {
		return nil, err
	}
	f, err := record.ParseFields(text)
	return p.Account.Named(st.Entity, f), err
}

// mayHaveChanged says whether somebody else may have touched a record of ours.
func (p *Planner) mayHaveChanged(lv *remote.Scan, c *candidate) bool {
	if c.base == nil || c.standing.Updated == "" || !lv.IsComplete {
		return true
	}
	row, ok := lv.ByID(c.standing.TargetID)
	return !ok || row.Updated == "" || row.Updated != c.standing.Updated
}
