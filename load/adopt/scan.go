package adopt

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/remote"
	"ferry/load/target"
)

// unknown leaves out the records the ledger has, or will settle by looking.
func (s *adopter) unknown(k *record.Kind, list []*record.Record) ([]*record.Record, error) {
	keys := make([]string, len(list))
	for i, r := range list {
		keys[i] = r.Key
	}
	known, err := s.Ledger.StatesOf(k.Entity, keys)
	if err != nil {
		return nil, err
	}
	var left []*record.Record
	for _, r := range list {
		if st := known[r.Key]; !st.IsThere() && !st.IsUnderWay() {
			left = append(left, r)
		}
	}
	return left, nil
}

// eachDesired gives every row of a table to a function.
func (s *adopter) eachDesired(k *record.Kind, each func(*record.Record) error) error {
	path := s.Dir.Model("freshsales", k.Entity)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	clears, err := record.ReadClears(s.Dir)
	if err != nil {
		return err
	}
	var sh *record.Mapper
	return run.ReadTable(path, func(columns []run.Column, row run.Row) error {
		if sh == nil {
			if sh, err = record.NewMapper(k, columns, clears[k.Entity], s.account); err != nil {
				return err
			}
		}
		r, err := sh.Record(row)
		if err != nil {
			return err
		}
		return each(r)
	})
}

func (s *adopter) adoptParents(ctx context.Context, k *record.Kind) error {
	var lv *remote.Scan
	defer func() {
		if lv != nil {
			lv.Close()
		}
	}()
	return s.eachUnknown(k, func(chunk []*record.Record) error {
		if lv == nil {
			lv = s.remote.Scan(k)
			if err := lv.ReadAll(ctx, s.account.View(k.Entity)); err != nil {
				return err
			}
		}
		return s.adoptChunk(ctx, k, lv, chunk)
	})
}

// eachUnknown gives what the ledger does not know of a table, a chunk at a time.
func (s *adopter) eachUnknown(k *record.Kind, do func([]*record.Record) error) error {
	var chunk []*record.Record
	flush := func() error {
		left, err := s.unknown(k, chunk)
		chunk = chunk[:0]
		if err != nil || len(left) == 0 {
			return err
		}
		return do(left)
	}
	err := s.eachDesired(k, func(r *record.Record) error {
		if chunk = append(chunk, r); len(chunk) < target.ChunkSize {
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
func (s *adopter) adoptChunk(ctx context.Context, k *record.Kind, lv *remote.Scan, chunk []*record.Record) error {
	var idents []string
	for _, r := range chunk {
		if ident := record.IdentOf(k, r); ident != "" {
			idents = append(idents, ident)
		}
	}
	there, err := lv.Find(ctx, idents)
	if err != nil {
		return err
	}
	adopted := make([]*adoption, len(chunk))
	err = s.Parallel(len(chunk), func(i int) error {
		row, ok := there[record.IdentOf(k, chunk[i])]
		if !ok {
			return nil
		}
		full, err := s.Client.Get(ctx, record.EntityOf(k), record.IdOf(row.Id), remote.LinksOf(k)...)
		if freshsales.OutcomeOf(err) == freshsales.Gone {
			return nil
		}
		if err == nil && s.isOurs(k, chunk[i], full) {
			adopted[i] = &adoption{chunk[i], row.Id, row.Updated, s.account.Remote(k, full)}
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.noteAdopted(k, adopted)
}

type adoption struct {
	r           *record.Record
	id, updated string
	theirs      record.Fields
}

// isOurs says whether a record found by its identity carries our key. Accounts are known by name.
func (s *adopter) isOurs(k *record.Kind, r *record.Record, full freshsales.Record) bool {
	if k.Entity != "contacts" {
		return true
	}
	key := record.AsText(r.Fields["external_id"])
	there := s.account.Named(k.Entity, record.FromRemote(k, full))
	own := record.AsText(r.Fields["cf_xtremepush_id"])
	return key != "" && record.AsText(there["external_id"]) == key ||
		own != "" && record.AsText(there["cf_xtremepush_id"]) == own || // beside an external id of another system
		record.AsText(there[record.RefField]) == record.Ref(k.Entity, r.Key)
}

func (s *adopter) noteAdopted(k *record.Kind, list []*adoption) error {
	return s.Ledger.Do(func(t *ledger.Tx) error {
		for _, a := range list {
			if a == nil {
				continue
			}
			base := record.Fields{}
			for name, want := range a.r.Fields {
				if !strings.HasPrefix(name, "@") && record.Same(name, want, a.theirs[name]) {
					base[name] = want
				}
			}
			i := &ledger.Intent{Run: s.RunID(), Entity: k.Entity, Key: a.r.Key, Verb: ledger.VerbKeep, TargetID: a.id,
				Fields: base.Canonical(), At: s.Now()}
			if err := t.Intend(i); err != nil {
				return err
			}
			if err := t.Adopted(i, a.updated); err != nil {
				return err
			}
		}
		return nil
	})
}

// adoptChildren finds what hangs on contacts by its Ref: one list per contact, or one of all where a
// kind cannot be listed by contact.
func (s *adopter) adoptChildren(ctx context.Context, k *record.Kind) error {
	var all map[string]string
	return s.eachUnknown(k, func(chunk []*record.Record) (err error) {
		if all == nil && k.Entity == "sales_activities" {
			if all, err = s.remote.ActivityRefs(ctx); err != nil {
				return err
			}
		}
		byPerson := map[string][]*remote.Sought{}
		for _, r := range chunk {
			if r.Contact != "" {
				byPerson[r.Contact] = append(byPerson[r.Contact], &remote.Sought{K: k, Key: r.Key, Fields: r.Fields})
			}
		}
		people := record.SortedKeys(byPerson)
		return s.Parallel(len(people), func(i int) error {
			return s.adoptPerson(ctx, k, people[i],
				byPerson[people[i]], all)
		})
	})
}

func (s *adopter) adoptPerson(ctx context.Context, k *record.Kind, person string, list []*remote.Sought,
	all map[string]string) error {
	contact, err := s.Ledger.StateOf("contacts", person)
	if err != nil || !contact.IsThere() {
		return err
	}
	for _, f := range list {
		f.ContactID = record.IdOf(contact.TargetID)
	}
	there := all
	if there == nil {
		if there, err = s.remote.RefsOf(ctx, list); err != nil {
			return err
		}
	}
	return s.Ledger.Do(func(t *ledger.Tx) error {
		for _, f := range list {
			id, ok := there[record.Ref(k.Entity, f.Key)]
			if !ok {
				continue
			}
			i := &ledger.Intent{Run: s.RunID(), Entity: k.Entity, Key: f.Key, Verb: ledger.VerbKeep, TargetID: id,
				Fields: f.Fields.Canonical(), At: s.Now()}
			if err := t.Intend(i); err != nil {
				return err
			}
			if err := t.Adopted(i, ""); err != nil {
				return err
			}
		}
		return nil
	})
}
