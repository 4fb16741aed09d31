package plan

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"sort"

	"ferry/internal/run"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

// moves is what changed about who is who since the last load. A person is found by any member the
// ledger knows: one id is that contact; two ids were merged since (the older is updated, the other
// listed, nothing deleted); one id claimed by two persons was split, which is asked.
type moves struct {
	take      map[string]*ledger.RecordState   // contact_key → the record of another key it goes on with
	swap      map[string]bool                  // contact_keys whose own record moves under the old key
	left      []string                         // keys under which the other record of a merge is left
	behind    map[string]bool                  // the numbers of those records
	others    map[string][]*ledger.RecordState // contact_key → those records, under the keys they get
	old       map[oldKey]bool                  // keys that live on under another
	companies map[string]*ledger.RecordState   // account_key → the record of another key it goes on with
	back      []string                         // contact_keys that go on with a contact left behind before
	splits    map[string]string                // contact_key → why somebody must decide
	went      map[string]string                // key a record stood under → the contact it is of now
}

// standing is the record that a contact or an account goes on with; any other record goes on with its own.
func (m *moves) standing(entity, key string, own *ledger.RecordState) *ledger.RecordState {
	if m == nil {
		return own
	}
	switch entity {
	case "contacts":
		return cmp.Or(m.take[key], own)
	case "accounts":
		return cmp.Or(m.companies[key], own)
	}
	return own
}

func (m *moves) isOld(entity, key string) bool { return m != nil && m.old[oldKey{entity, key}] }

// oldKey is a key under which a record no longer stands.
type oldKey struct{ entity, key string }

// memberMove is one profile that went into another contact than last time.
type memberMove struct{ profile, now, before string }

// findMoves compares contact_members with the members the ledger knows.
func (p *Planner) findMoves() (*moves, error) {
	m := &moves{take: map[string]*ledger.RecordState{}, swap: map[string]bool{}, old: map[oldKey]bool{},
		behind: map[string]bool{}, others: map[string][]*ledger.RecordState{}, splits: map[string]string{},
		went: map[string]string{}}
	path := p.Dir.Model("freshsales", "contact_members")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	var changed []memberMove
	if err := p.eachMember(p.ctx, func(profile, now, before string) error {
		if before != "" && now != "" && before != now {
			changed = append(changed, memberMove{profile, now, before})
		}
		return nil
	}); err != nil || len(changed) == 0 {
		return m, err
	}
	wanted := map[string]bool{}
	for _, c := range changed {
		wanted[c.now], wanted[c.before] = false, false
	}
	if err := run.ReadTable(p.Dir.Model("freshsales", "contacts"), func(columns []run.Column, row run.Row) error {
		key := record.TextAt(row, record.ColumnAt(columns, "contact_key"))
		if _, ok := wanted[key]; ok {
			wanted[key] = true
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if p.policy("contacts", "split") != record.TakeOurs {
		if err := m.takeBack(p.needs, changed, wanted); err != nil {
			return nil, err
		}
	}
	return m, m.resolve(p.needs, changed, wanted)
}

// takeBack lets persons who were merged and are apart again go on with the contacts they had, which are still there.
func (m *moves) takeBack(s needs, changed []memberMove, wanted map[string]bool) error {
	for _, c := range changed {
		own, err := s.Ledger.StateOf("contacts", c.now)
		if err != nil {
			return err
		}
		if own == nil || own.State != ledger.StateMerged || own.Good == 0 || !wanted[c.now] || !wanted[c.before] {
			continue
		}
		i, err := s.Ledger.IntentAt(own.Good)
		if err != nil {
			return err
		}
		if i.Key == c.now { // else it was another's, from before their records were exchanged
			own.State, own.Digest = ledger.StateLive, nil
			m.take[c.now], m.back = own, append(m.back, c.now)
		}
	}
	return nil
}

// resolve decides, for every contact that gained profiles, which record it goes on with.
func (m *moves) resolve(s needs, changed []memberMove, wanted map[string]bool) error {
	keys := map[string]bool{}
	for _, c := range changed {
		keys[c.now], keys[c.before] = true, true
	}
	known, err := s.Ledger.StatesOf("contacts", record.SortedKeys(keys))
	if err != nil {
		return err
	}
	sort.Slice(changed, func(i, j int) bool {
		a, b := changed[i], changed[j]
		return a.now < b.now || a.now == b.now && a.before < b.before
	})
	claims := map[string][]*ledger.RecordState{} // by contact: records it may go on with besides its own
	for _, c := range changed {
		if old := known[c.before]; wanted[c.now] && !wanted[c.before] && old.IsThere() && m.went[c.before] == "" {
			m.went[c.before], m.old[oldKey{"contacts", c.before}] = c.now, true
			claims[c.now] = append(claims[c.now], old)
		}
	}
	for _, now := range record.SortedKeys(claims) {
		m.join(s, now, known[now], claims[now])
	}
	for _, c := range changed {
		if wanted[c.now] && known[c.before].IsThere() && m.went[c.before] != c.now &&
			!m.standing("contacts", c.now, known[c.now]).IsThere() {
			m.splits[c.now] = "split: this person was part of another contact, which stays as it is; decide " +
				"whether to make a new contact"
			s.Notices.Add(target.Notice{Kind: "split", Entity: "contacts", Key: c.now, Text: "was one contact with " +
				c.before + " and is a person of its own now"})
		}
	}
	return nil
}

// join gives a contact the oldest of its records; the others are listed and left alone. What stood under its own key,
// there or not, then stands under the key of that one.
func (m *moves) join(s needs, now string, known *ledger.RecordState, claims []*ledger.RecordState) {
	own := m.standing("contacts", now, known)
	oldest, others := own, claims
	for _, st := range claims {
		if !oldest.IsThere() || record.IdOf(st.TargetID) < record.IdOf(oldest.TargetID) {
			oldest = st
		}
	}
	if oldest != own {
		m.take[now], m.swap[now] = oldest, known != nil && known.TargetID != ""
		others = slices.DeleteFunc(slices.Clone(claims), func(st *ledger.RecordState) bool { return st == oldest })
		if own.IsThere() {
			others = append(others, own)
		}
	}
	for _, st := range others {
		left := *st
		if st == own {
			left.Key = oldest.Key
		}
		m.left, m.behind[left.TargetID] = append(m.left, left.Key), true
		m.others[now] = append(m.others[now], &left)
		s.Notices.Add(target.Notice{Kind: "merged_since", Entity: "contacts", Key: now, Text: "two contacts became one " +
			"person; Freshsales keeps both: " + oldest.TargetID + " is updated, " + left.TargetID + " is left for you to merge"})
	}
}

// Apply makes the moves durable: records stand under their new keys before anything is sent, and whose they are is
// known, also where the profile of the old key is no longer exported.
func (m *moves) Apply(l memory) error {
	if len(m.take)+len(m.left)+len(m.companies) == 0 {
		return nil
	}
	return l.Do(func(t *ledger.Tx) error {
		for _, now := range record.SortedKeys(m.take) {
			if err := t.Rekey("contacts", m.take[now].Key, now, m.swap[now]); err != nil {
				return err
			}
		}
		for _, now := range record.SortedKeys(m.companies) {
			if err := t.Rekey("accounts", m.companies[now].Key, now, false); err != nil {
				return err
			}
		}
		for _, key := range m.back {
			if err := t.MergedBack(key); err != nil {
				return err
			}
		}
		for _, key := range m.left {
			if err := t.MergedAway(key); err != nil {
				return err
			}
		}
		for _, key := range record.SortedKeys(m.went) {
			now := m.went[key]
			if err := errors.Join(t.Member(key, now), t.Member(now, now)); err != nil {
				return err
			}
		}
		return nil
	})
}

// eachMember walks both lists of members in profile order: who is in which contact now and before.
func (s needs) eachMember(ctx context.Context, each func(profile, now, before string) error) error {
	path := s.Dir.Model("freshsales", "contact_members")
	return record.InOrder(path, []string{"profile_key"},
		func(in *record.Stream) error {
			rows, err := s.Ledger.MemberRows(ctx)
			if err != nil {
				return err
			}
			defer rows.Close()
			contact := in.Table.Column("contact_key")
			var profile, before string
			more := rows.Next()
			for {
				row, err := in.Next()
				if errors.Is(err, io.EOF) {
					return nil
				}
				if err != nil {
					return err
				}
				key := record.TextAt(row, in.By[0])
				for more && profile < key {
					if err := rows.Scan(&profile, &before); err != nil {
						return s.Ledger.Problem(err)
					}
					if profile < key {
						more = rows.Next()
					}
				}
				was := ""
				if profile == key {
					was = before
				}
				if err := each(key, record.TextAt(row, contact), was); err != nil {
					return err
				}
			}
		})
}

// RememberMembers notes who went into which contact, for contacts that are there.
func (p *Planner) RememberMembers(ctx context.Context) error {
	path := p.Dir.Model("freshsales", "contact_members")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var due []memberMove
	flush := func() error {
		defer func() { due = due[:0] }()
		keys := map[string]bool{}
		for _, d := range due {
			keys[d.now] = true
		}
		known, err := p.Ledger.StatesOf("contacts", record.SortedKeys(keys))
		if err != nil {
			return err
		}
		return p.Ledger.Do(func(t *ledger.Tx) error {
			for _, d := range due {
				if known[d.now].IsThere() {
					if err := t.Member(d.profile, d.now); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	err := p.eachMember(ctx, func(profile, now, before string) error {
		if now == "" || now == before {
			return nil
		}
		if due = append(due, memberMove{profile, now, before}); len(due) < 5000 {
			return nil
		}
		return flush()
	})
	if err != nil || len(due) == 0 {
		return err
	}
	return flush()
}
