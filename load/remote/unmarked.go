package remote

import (
	"context"
	"strconv"

	"ferry/load/freshsales"
	"ferry/load/record"
)

// dealRefs looks deals up by the field for the Ref where the account has one.
func (s *Lookups) dealRefs(ctx context.Context, group []*Sought) (map[string]string, error) {
	if !s.Account.HasField("deals", record.RefField) {
		return s.unmarkedDeals(ctx, group)
	}
	there := map[string]string{}
	for _, f := range group {
		ref := record.Ref("deals", f.Key)
		rows, err := s.Client.Lookup(ctx, freshsales.Deals, s.Account.LiveName("deals", record.RefField), ref)
		if err != nil {
			return nil, err
		}
		if len(rows) > 0 {
			there[ref] = record.IdText(rows[0].ID)
		}
	}
	return there, nil
}

// unmarked is a record of the account that carries no Ref and that no record of ours stands for.
type unmarked struct {
	id, name string
	holds    record.Fields // what it holds, as far as it can be read
}

// unmarkedDeals finds deals where nothing marks them: those of the contact that were not there before
// we began. One that holds all we sent is the one; of what is left, the same name must do.
func (s *Lookups) unmarkedDeals(ctx context.Context, group []*Sought) (map[string]string, error) {
	r, err := s.Client.Get(ctx, freshsales.Contacts, group[0].ContactID, "deals")
	if freshsales.OutcomeOf(err) == freshsales.Gone {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	floor, err := s.Ledger.Meta(dealsAbove)
	if err != nil {
		return nil, err
	}
	var list []unmarked
	for _, d := range r.Records("deals") {
		known, err := s.Ledger.ByTarget("deals", record.IdText(d.ID()))
		if err != nil {
			return nil, err
		}
		if known != nil || d.ID() <= record.IdOf(floor) {
			continue
		}
		full, err := s.Client.Get(ctx, freshsales.Deals, d.ID(), LinksOf(record.KindOf("deals"))...)
		if freshsales.OutcomeOf(err) == freshsales.Gone {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, unmarked{record.IdText(d.ID()), full.Text("name"),
			s.Account.Remote(record.KindOf("deals"), full)})
	}
	return s.matchUnmarked("name", group, list)
}

// matchUnmarked says which record each flight made, by what its intent said.
func (s *Lookups) matchUnmarked(name string, group []*Sought, list []unmarked) (map[string]string, error) {
	sent := make([]record.Fields, len(group))
	for i, f := range group {
		sent[i] = f.Fields
		if f.Seq == 0 {
			continue
		}
		i0, err := s.Ledger.IntentAt(f.Seq)
		if err != nil {
			return nil, err
		}
		if sent[i], err = record.ParseFields(i0.Fields); err != nil {
			return nil, err
		}
	}
	if name == "file_name" {
		for i := range sent {
			sent[i] = record.Fields{name: record.FileName(sent[i])}
		}
	}
	there, taken := map[string]string{}, map[string]bool{}
	for _, whole := range []bool{true, false} {
		for i, f := range group {
			ref := record.Ref(f.K.Entity, f.Key)
			if there[ref] != "" {
				continue
			}
			for _, u := range list {
				if !taken[u.id] && record.Same(name, u.name, sent[i][name]) && (!whole || u.holdsAll(sent[i])) {
					taken[u.id], there[ref] = true, u.id
					break
				}
			}
		}
	}
	return there, nil
}

func (u unmarked) holdsAll(sent record.Fields) bool {
	for name, v := range sent {
		if name != record.ContactLink && name != record.AccountLink && !record.Same(name, u.holds[name], v) {
			return false
		}
	}
	return true
}

// dealsAbove is the ledger's note of the newest deal before ours: older ones are not taken for ours.
const dealsAbove = "deals above"

// RememberNewestDeal notes it when no deal of ours is in doubt. The limitation is what a field would make sure, ""
// where there is one.
func (s *Lookups) RememberNewestDeal(due int64) (limitation string, err error) {
	if due == 0 || s.Account.HasField("deals", record.RefField) {
		return "", nil
	}
	limitation = "deals have no text field “Ferry ref”, so nothing in a deal says that this load made it; after a " +
		"lost answer it is known by its contact, its name and its values. An administrator can make the field before the load"
	open, err := s.Ledger.Count("deals", `open <> 0`)
	if err != nil || open > 0 {
		return limitation, err
	}
	return limitation, s.Ledger.SetMeta(dealsAbove, strconv.FormatInt(s.Account.Newest["deals"], 10))
}

// newestBefore is the ledger's note of the newest record of a kind before a load, by entity.
const newestBefore = "newest before "

// RememberNewest notes the newest contact and account before a load, unless an interrupted one has left
// some of ours among them. What is older is never taken for ours.
func (s *Lookups) RememberNewest() error {
	for _, k := range record.Kinds {
		if k.Identity == "" {
			continue
		}
		open, err := s.Ledger.Count(k.Entity, `open <> 0`)
		if err != nil {
			return err
		}
		if newest, known := s.Account.Newest[k.Entity]; known && open == 0 {
			if err := s.Ledger.SetMeta(newestBefore+k.Entity, strconv.FormatInt(newest, 10)); err != nil {
				return err
			}
		}
	}
	return nil
}

// NewestBefore is the newest record of a kind that cannot be ours; 0 if that is not known.
func (s *Lookups) NewestBefore(entity string) (int64, error) {
	text, err := s.Ledger.Meta(newestBefore + entity)
	return record.IdOf(text), err
}

// documentRefs knows files by their name: nothing else of theirs can be read back.
func (s *Lookups) documentRefs(ctx context.Context, group []*Sought) (map[string]string, error) {
	page, err := s.Client.DocumentsOf(ctx, freshsales.Contacts, group[0].ContactID)
	if err != nil {
		return nil, err
	}
	var list []unmarked
	for _, row := range page.Rows {
		r, id := row.Record(), record.IdText(row.ID)
		known, err := s.Ledger.ByTarget("documents", id)
		if err != nil {
			return nil, err
		}
		if known != nil {
			continue
		}
		u := unmarked{id: id, name: r.Text("file_name")}
		if u.name == "" {
			u.name = r.Text("name")
		}
		u.holds = record.Fields{"file_name": u.name}
		list = append(list, u)
	}
	return s.matchUnmarked("file_name", group, list)
}
