package load

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// checkEmpty refuses an empty ledger for an account that carries our keys: everything would be
// sent again. With Adopt the ledger is rebuilt from the account instead.
func (s *session) checkEmpty(ctx context.Context, writes bool) error {
	empty, err := s.ledger.isEmpty()
	if err != nil || !empty {
		return err
	}
	ctx = freshsales.WithPhase(ctx, "adopt")
	if s.o.Adopt && writes {
		return s.adopt(ctx)
	}
	carries, err := s.carriesOurKeys(ctx)
	if err != nil || !carries {
		return err
	}
	return run.Problemf(s.o.Target.Ledger(), "the ledger is empty, but the account carries records ferry sent: loading now would send them again").
		WithTry("restore ledger.db from a backup, or rebuild it from the account: ferry load --target %s --adopt", s.o.Target.Name).WithExit(run.ExitStop)
}

// probes is how many of our keys are looked up in an account that is not empty.
const probes = 5

// carriesOurKeys looks a few of our contacts up by external id; a person's key is in no account by
// chance.
func (s *session) carriesOurKeys(ctx context.Context) (bool, error) {
	if s.account.total("contacts") == 0 {
		return false, nil
	}
	keys, err := s.someExternalIDs(probes)
	if err != nil {
		return false, err
	}
	for _, id := range keys {
		rows, err := s.client.Lookup(ctx, freshsales.Contacts, "external_id", id)
		if freshsales.MeaningOf(err) == freshsales.Refused {
			return false, nil // this account cannot look that up
		}
		if err != nil {
			return false, s.explain(err)
		}
		if len(rows) > 0 {
			return true, nil
		}
	}
	return false, nil
}

func (s *session) someExternalIDs(n int64) ([]string, error) {
	var keys []string
	at := int64(0)
	t, err := run.OpenTable(s.dir.Model("freshsales", "contacts"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer t.Close()
	column, step := t.Column("external_id"), max(1, t.NumRows()/n)
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return keys, nil
		}
		if err != nil {
			return nil, err
		}
		if id := textAt(row, column); id != "" && at%step == 0 && len(keys) < int(n) {
			keys = append(keys, id)
		}
		at++
	}
}

// adopt rebuilds the ledger by sweep: contacts by e-mail and key, accounts by name, what hangs on
// contacts by Ref. What is adopted is never deleted by a rollback: who made it is not known.
func (s *session) adopt(ctx context.Context) error {
	s.say(run.Note, "adopt", "rebuilding the ledger from the account: one call per 100 contacts and accounts, one per known record, and one per contact and kind of activity")
	for _, k := range kinds {
		if k.identity == "" || s.account.view(k.entity) == 0 {
			continue
		}
		if err := s.adoptParents(ctx, k); err != nil {
			return s.explain(err)
		}
	}
	for _, k := range kinds {
		if k.perContact {
			if err := s.adoptChildren(ctx, k); err != nil {
				return s.explain(err)
			}
		}
	}
	return nil
}

// eachDesired gives every row of a table to a function.
func (s *session) eachDesired(k *kind, each func(*record) error) error {
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

func (s *session) adoptParents(ctx context.Context, k *kind) error {
	p := newPlanner(ctx, s, false)
	lv := &live{s: s, k: k}
	p.lives[k.entity] = lv
	defer p.closeLives()
	first, err := s.client.ViewPage(ctx, entityOf(k), s.account.view(k.entity), sweepQuery(1))
	if err != nil {
		return err
	}
	if err := lv.sweep(ctx, s.account.view(k.entity), first, (first.Total+99)/100); err != nil {
		return err
	}
	var chunk []*record
	flush := func() error {
		err := s.adoptChunk(ctx, k, lv, chunk)
		chunk = chunk[:0]
		return err
	}
	err = s.eachDesired(k, func(r *record) error {
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
func (s *session) adoptChunk(ctx context.Context, k *kind, lv *live, chunk []*record) error {
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

func linksOf(k *kind) []string {
	switch k.entity {
	case "contacts":
		return []string{"sales_accounts"}
	case "deals":
		return []string{"contacts"}
	}
	return nil
}

type adoption struct {
	r           *record
	id, updated string
	theirs      fields
}

// isOurs says whether a record found by its identity carries our key. Accounts are known by name.
func (s *session) isOurs(k *kind, r *record, full freshsales.Record) bool {
	if k.entity != "contacts" {
		return true
	}
	key := asText(r.fields["external_id"])
	return key != "" && full.Text("external_id") == key || full.Custom().Text("cf_ferry_ref") == Ref(k.entity, r.key)
}

func (s *session) noteAdopted(k *kind, list []*adoption) error {
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
func (s *session) adoptChildren(ctx context.Context, k *kind) error {
	var all map[string]string
	byPerson := map[string][]*childFlight{}
	flush := func() error {
		people := sortedKeys(byPerson)
		err := s.parallel(len(people), func(i int) error { return s.adoptPerson(ctx, k, byPerson[people[i]], all) })
		byPerson = map[string][]*childFlight{}
		return err
	}
	last := ""
	err := s.eachDesired(k, func(r *record) (err error) {
		if r.contact == "" {
			return nil
		}
		if all == nil && k.entity == "sales_activities" {
			if all, err = s.activityRefs(ctx); err != nil {
				return err
			}
		}
		if len(byPerson) >= chunkSize && r.contact != last {
			if err := flush(); err != nil {
				return err
			}
		}
		last = r.contact
		f := &childFlight{k: k, record: r}
		f.key, f.digest = r.key, r.digest
		byPerson[r.contact] = append(byPerson[r.contact], f)
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

func (s *session) adoptPerson(ctx context.Context, k *kind, list []*childFlight, all map[string]string) error {
	contact, err := s.ledger.standing("contacts", list[0].record.contact)
	if err != nil || !contact.isThere() {
		return err
	}
	for _, f := range list {
		f.contactID = idOf(contact.targetID)
	}
	there := all
	if there == nil {
		if there, err = s.refsOf(ctx, list); err != nil {
			return err
		}
	}
	return s.ledger.do(func(t *ledgerTx) error {
		for _, f := range list {
			id, ok := there[Ref(k.entity, f.key)]
			if !ok {
				continue
			}
			i := &intent{run: s.runID(), entity: k.entity, key: f.key, verb: verbKeep, targetID: id, fields: f.record.fields.canonical(), at: s.now()}
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
