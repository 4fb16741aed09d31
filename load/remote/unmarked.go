package load

import (
	"context"
	"strconv"

	"ferry/load/freshsales"
)

// dealRefs looks deals up by the field for the Ref where the account has one.
func (s *lookups) dealRefs(ctx context.Context, group []*sought) (map[string]string, error) {
	if !s.account.hasField("deals", refField) {
		return s.unmarkedDeals(ctx, group)
	}
	there := map[string]string{}
	for _, f := range group {
		ref := Ref("deals", f.key)
		rows, err := s.client.Lookup(ctx, freshsales.Deals, refField, ref)
		if err != nil {
			return nil, err
		}
		if len(rows) > 0 {
			there[ref] = idText(rows[0].ID)
		}
	}
	return there, nil
}

// unmarked is a record of the account that carries no Ref and that no record of ours stands for.
type unmarked struct {
	id, name string
	holds    fields // what it holds, as far as it can be read
}

// unmarkedDeals finds deals where nothing marks them: those of the contact that were not there before
// we began. One that holds all we sent is the one; of what is left, the same name must do.
func (s *lookups) unmarkedDeals(ctx context.Context, group []*sought) (map[string]string, error) {
	r, err := s.client.Get(ctx, freshsales.Contacts, group[0].contactID, "deals")
	if freshsales.MeaningOf(err) == freshsales.Gone {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	floor, err := s.ledger.meta(dealsAbove)
	if err != nil {
		return nil, err
	}
	var list []unmarked
	for _, d := range r.Records("deals") {
		known, err := s.ledger.byTarget("deals", idText(d.ID()))
		if err != nil {
			return nil, err
		}
		if known != nil || d.ID() <= idOf(floor) {
			continue
		}
		full, err := s.client.Get(ctx, freshsales.Deals, d.ID(), linksOf(kindOf("deals"))...)
		if freshsales.MeaningOf(err) == freshsales.Gone {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, unmarked{idText(d.ID()), full.Text("name"), s.account.live(kindOf("deals"), full)})
	}
	return s.matchUnmarked("name", group, list)
}

// matchUnmarked says which record each flight made, by what its intent said.
func (s *lookups) matchUnmarked(name string, group []*sought, list []unmarked) (map[string]string, error) {
	sent := make([]fields, len(group))
	for i, f := range group {
		sent[i] = f.fields
		if f.seq == 0 {
			continue
		}
		i0, err := s.ledger.intentAt(f.seq)
		if err != nil {
			return nil, err
		}
		if sent[i], err = parseFields(i0.fields); err != nil {
			return nil, err
		}
	}
	if name == "file_name" {
		for i := range sent {
			sent[i] = fields{name: fileName(sent[i])}
		}
	}
	there, taken := map[string]string{}, map[string]bool{}
	for _, whole := range []bool{true, false} {
		for i, f := range group {
			ref := Ref(f.k.entity, f.key)
			if there[ref] != "" {
				continue
			}
			for _, u := range list {
				if !taken[u.id] && same(name, u.name, sent[i][name]) && (!whole || u.holdsAll(sent[i])) {
					taken[u.id], there[ref] = true, u.id
					break
				}
			}
		}
	}
	return there, nil
}

func (u unmarked) holdsAll(sent fields) bool {
	for name, v := range sent {
		if name != contactLink && name != accountLink && !same(name, u.holds[name], v) {
			return false
		}
	}
	return true
}

// dealsAbove is the ledger's note of the newest deal before ours: older ones are not taken for ours.
const dealsAbove = "deals above"

// rememberNewestDeal notes it when no deal of ours is in doubt, and says what a field would make sure.
func (s *lookups) rememberNewestDeal(due int64) error {
	if due == 0 || s.account.hasField("deals", refField) {
		return nil
	}
	s.notices.add(notice{"limitation", "deals", "", "deals have no text field " + refField +
		", so nothing in a deal says that ferry made it; after a lost answer it is known by its contact, its name and its values. An administrator can make the field before the load"})
	open, err := s.ledger.count("deals", `open <> 0`)
	if err != nil || open > 0 {
		return err
	}
	return s.ledger.setMeta(dealsAbove, strconv.FormatInt(s.account.newest["deals"], 10))
}

// documentRefs knows files by their name: nothing else of theirs can be read back.
func (s *lookups) documentRefs(ctx context.Context, group []*sought) (map[string]string, error) {
	page, err := s.client.DocumentsOf(ctx, freshsales.Contacts, group[0].contactID)
	if err != nil {
		return nil, err
	}
	var list []unmarked
	for _, row := range page.Rows {
		r, id := row.Record(), idText(row.ID)
		known, err := s.ledger.byTarget("documents", id)
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
		u.holds = fields{"file_name": u.name}
		list = append(list, u)
	}
	return s.matchUnmarked("file_name", group, list)
}
