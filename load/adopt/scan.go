package load

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// unknown leaves out the records the ledger has, or will settle by looking.
func (s *adopter) unknown(k *kind, list []*record) ([]*record, error) {
	keys := make([]string, len(list))
	for i, r := range list {
		keys[i] = r.key
	}
	known, err := s.ledger.standingOf(k.entity, keys)
	if err != nil {
		return nil, err
	}
	var left []*record
	for _, r := range list {
		if st := known[r.key]; !st.isThere() && !st.isUnderWay() {
			left = append(left, r)
		}
	}
	return left, nil
}

// eachDesired gives every row of a table to a function.
func (s *adopter) eachDesired(k *kind, each func(*record) error) error {
	path := s.dir.Model("freshsales", k.entity)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	clears, err := readClears(s.dir)
	if err != nil {
		return err
	}
	var sh *shape
	return run.ReadTable(path, func(columns []run.Column, row run.Row) error {
		if sh == nil {
			if sh, err = newShape(k, columns, clears[k.entity], s.account); err != nil {
				return err
			}
		}
		r, err := sh.record(row)
		if err != nil {
			return err
		}
		return each(r)
	})
}

func (s *adopter) adoptParents(ctx context.Context, k *kind) error {
	var lv *live
	defer func() {
		if lv != nil {
			lv.close()
		}
	}()
	return s.eachUnknown(k, func(chunk []*record) error {
		if lv == nil {
			lv = newLive(s.session, k)
			if err := lv.sweepAll(ctx, s.account.view(k.entity)); err != nil {
				return err
			}
		}
		return s.adoptChunk(ctx, k, lv, chunk)
	})
}

// eachUnknown gives what the ledger does not know of a table, a chunk at a time.
func (s *adopter) eachUnknown(k *kind, do func([]*record) error) error {
	var chunk []*record
	flush := func() error {
		left, err := s.unknown(k, chunk)
		chunk = chunk[:0]
		if err != nil || len(left) == 0 {
			return err
		}
		return do(left)
	}
	err := s.eachDesired(k, func(r *record) error {
		if chunk = append(chunk, r); len(chunk) < chunkSize {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// adoptChunk notes which of some records are there. What they hold is taken as what we wrote where
// the two agree, so that the next comparison sees only real differences.
func (s *adopter) adoptChunk(ctx context.Context, k *kind, lv *live, chunk []*record) error {
	var idents []string
	for _, r := range chunk {
		if ident := identOf(k, r); ident != "" {
			idents = append(idents, ident)
		}
	}
	there, err := lv.find(ctx, idents)
	if err != nil {
		return err
	}
	adopted := make([]*adoption, len(chunk))
	err = s.parallel(len(chunk), func(i int) error {
		row, ok := there[identOf(k, chunk[i])]
		if !ok {
			return nil
		}
		full, err := s.client.Get(ctx, entityOf(k), idOf(row.id), linksOf(k)...)
		if freshsales.MeaningOf(err) == freshsales.Gone {
			return nil
		}
		if err == nil && s.isOurs(k, chunk[i], full) {
			adopted[i] = &adoption{chunk[i], row.id, row.updated, s.account.live(k, full)}
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.noteAdopted(k, adopted)
}

type adoption struct {
	r           *record
	id, updated string
	theirs      fields
}

// isOurs says whether a record found by its identity carries our key. Accounts are known by name.
func (s *adopter) isOurs(k *kind, r *record, full freshsales.Record) bool {
	if k.entity != "contacts" {
		return true
	}
	key := asText(r.fields["external_id"])
	return key != "" && full.Text("external_id") == key || full.Custom().Text(refField) == Ref(k.entity, r.key)
}

func (s *adopter) noteAdopted(k *kind, list []*adoption) error {
	return s.ledger.do(func(t *ledgerTx) error {
		for _, a := range list {
			if a == nil {
				continue
			}
			base := fields{}
			for name, want := range a.r.fields {
				if !strings.HasPrefix(name, "@") && same(name, want, a.theirs[name]) {
					base[name] = want
				}
			}
			i := &intent{run: s.runID(), entity: k.entity, key: a.r.key, verb: verbKeep, targetID: a.id, fields: base.canonical(), at: s.now()}
			if err := t.intend(i); err != nil {
				return err
			}
			if err := t.adopted(i, a.updated); err != nil {
				return err
			}
		}
		return nil
	})
}

// adoptChildren finds what hangs on contacts by its Ref: one list per contact, or one of all where a
// kind cannot be listed by contact.
func (s *adopter) adoptChildren(ctx context.Context, k *kind) error {
	var all map[string]string
	return s.eachUnknown(k, func(chunk []*record) (err error) {
		if all == nil && k.entity == "sales_activities" {
			if all, err = s.remote.activityRefs(ctx); err != nil {
				return err
			}
		}
		byPerson := map[string][]*sought{}
		for _, r := range chunk {
			if r.contact != "" {
				byPerson[r.contact] = append(byPerson[r.contact], &sought{k: k, key: r.key, fields: r.fields})
			}
		}
		people := sortedKeys(byPerson)
		return s.parallel(len(people), func(i int) error { return s.adoptPerson(ctx, k, people[i], byPerson[people[i]], all) })
	})
}

func (s *adopter) adoptPerson(ctx context.Context, k *kind, person string, list []*sought, all map[string]string) error {
	contact, err := s.ledger.standing("contacts", person)
	if err != nil || !contact.isThere() {
		return err
	}
	for _, f := range list {
		f.contactID = idOf(contact.targetID)
	}
	there := all
	if there == nil {
		if there, err = s.remote.refsOf(ctx, list); err != nil {
			return err
		}
	}
	return s.ledger.do(func(t *ledgerTx) error {
		for _, f := range list {
			id, ok := there[Ref(k.entity, f.key)]
			if !ok {
				continue
			}
			i := &intent{run: s.runID(), entity: k.entity, key: f.key, verb: verbKeep, targetID: id, fields: f.fields.canonical(), at: s.now()}
			if err := t.intend(i); err != nil {
				return err
			}
			if err := t.adopted(i, ""); err != nil {
				return err
			}
		}
		return nil
	})
}
