package load

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// doubtBook holds creates whose outcome is not known.
type doubtBook struct {
	mu  sync.Mutex
	all []*childFlight
}

func (b *doubtBook) add(f *childFlight) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = append(b.all, f)
}

func (b *doubtBook) take() []*childFlight {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.all
	b.all = nil
	sort.Slice(list, func(i, j int) bool { return list[i].contactID < list[j].contactID })
	return list
}

// mostRounds is how often unknown outcomes are settled and sent again before a load gives up.
const mostRounds = 20

// settleDoubts looks for the records whose creation is in doubt, and sends those that are not there.
// Absence counts only when settle_after has passed since the call could last have left: since it
// ended, or, for a call of a process that died, since we started.
func (ps *peopleSend) settleDoubts() error {
	for range mostRounds {
		list := ps.doubts.take()
		if len(list) == 0 {
			return nil
		}
		again, err := ps.settleRound(list)
		if err != nil {
			return err
		}
		if err := ps.parallel(len(again), func(i int) error { return ps.sendAll(again[i]) }); err != nil {
			return err
		}
		if ps.sender.ctx.Err() != nil {
			return ps.interrupted()
		}
	}
	return run.Problemf("target "+ps.o.Target.Name, "the outcome of some calls is still not known after %d rounds of looking", mostRounds).
		WithTry("%s   (when Freshsales answers reliably again; nothing is sent twice)", ps.o.Command)
}

// settleRound waits, looks, records what is there, and gives back what is not, by contact.
func (ps *peopleSend) settleRound(list []*childFlight) ([][]*childFlight, error) {
	var last time.Time
	for _, f := range list {
		if f.since.After(last) {
			last = f.since
		}
	}
	if wait := last.Add(ps.o.SettleAfter).Sub(ps.now()); wait > 0 {
		ps.say(run.Note, list[0].k.entity, "%s with unknown outcome: looking for them in %s", plural(int64(len(list)), "call"), wait.Round(time.Second))
		stop, cancel := context.WithCancel(ps.ctx)
		defer context.AfterFunc(ps.sender.ctx, cancel)()
		defer cancel()
		if err := freshsales.Sleep(stop, ps.o.Clock, wait); err != nil {
			return nil, ps.interrupted()
		}
	}
	var mu sync.Mutex
	var again [][]*childFlight
	groups := byContact(list)
	return again, ps.parallel(len(groups), func(i int) error {
		absent, err := ps.lookFor(groups[i])
		mu.Lock()
		defer mu.Unlock()
		if len(absent) > 0 {
			again = append(again, absent)
		}
		return err
	})
}

// byContact groups flights that one look can settle.
func byContact(list []*childFlight) [][]*childFlight {
	var groups [][]*childFlight
	at := map[string]int{}
	for _, f := range list {
		key := f.k.entity + idText(f.contactID)
		if f.k.entity == "sales_activities" {
			key = f.k.entity // one list tells of all
		}
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}

// lookFor settles the doubts about one contact's records of one kind.
func (ps *peopleSend) lookFor(group []*childFlight) (absent []*childFlight, err error) {
	there, err := ps.refsOf(freshsales.WithPhase(ps.ctx, group[0].k.entity), group)
	if err != nil {
		return nil, err
	}
	for _, f := range group {
		f.calls++
		id, ok := there[Ref(f.k.entity, f.key)]
		if !ok {
			absent = append(absent, f)
			continue
		}
		// It may hold what an earlier run wanted; then the next plan compares it.
		digest := f.digest
		if i, err := ps.ledger.intentAt(f.seq); err != nil {
			return nil, err
		} else if string(i.fields) != string(f.record.fields.canonical()) {
			digest = nil
		}
		err := ps.settled(f.k.entity, []*flight{&f.flight}, func(*flight) outcome {
			return outcome{outcome: created, targetID: id, digest: digest}
		})
		if err != nil {
			return nil, err
		}
	}
	return absent, nil
}

// refsOf finds which records of a contact carry a Ref, in the way its kind allows.
func (s *session) refsOf(ctx context.Context, group []*childFlight) (map[string]string, error) {
	k, contact := group[0].k, group[0].contactID
	there := map[string]string{}
	switch {
	case k.entity == "deals":
		return s.dealRefs(ctx, group)
	case k.entity == "documents":
		return s.documentRefs(ctx, group)
	}
	field := k.refIn
	related := entityOf(k)
	if k.entity == "sales_activities" {
		return s.activityRefs(ctx)
	}
	if k.entity == "phone_calls" { // calls cannot be read; their notes can
		related, field = freshsales.Notes, "description"
	}
	err := s.eachRelated(ctx, contact, related, func(r freshsales.Record) {
		if ref := refIn(r.Text(field)); ref != "" {
			there[ref] = idText(r.ID())
		}
	})
	return there, err
}

// activityRefs reads all sales activities: they cannot be listed by contact.
func (s *session) activityRefs(ctx context.Context) (map[string]string, error) {
	there := map[string]string{}
	for page := 1; ; page++ {
		got, err := s.client.List(ctx, freshsales.SalesActivities, freshsales.Query{Page: page})
		if err != nil {
			return nil, err
		}
		for _, row := range got.Rows {
			if ref := refIn(row.Record().Text("notes")); ref != "" {
				there[ref] = idText(row.ID)
			}
		}
		if len(got.Rows) == 0 || len(got.Rows) < 100 {
			return there, nil
		}
	}
}

// eachRelated reads everything of one kind that hangs on a contact.
func (s *session) eachRelated(ctx context.Context, contact int64, of freshsales.Entity, each func(freshsales.Record)) error {
	for page := 1; ; page++ {
		got, err := s.client.Related(ctx, freshsales.Contacts, contact, of, freshsales.Query{Page: page})
		if freshsales.MeaningOf(err) == freshsales.Gone {
			return nil
		}
		if err != nil {
			return err
		}
		for _, row := range got.Rows {
			each(row.Record())
		}
		if len(got.Rows) == 0 || len(got.Rows) < 100 && !got.HasNext {
			return nil
		}
	}
}

// findRelated finds one record that can only be listed with its contact.
func (s *session) findRelated(ctx context.Context, k *kind, contact int64, is func(freshsales.Record) bool) (fields, error) {
	var found fields
	err := s.eachRelated(ctx, contact, entityOf(k), func(r freshsales.Record) {
		if is(r) {
			found = s.account.live(k, r)
		}
	})
	return found, err
}

// dealRefs looks deals up by the Ref field where the account has one. Where it has none, a deal of
// the same contact and name that no record of ours stands for is taken to be the one.
func (s *session) dealRefs(ctx context.Context, group []*childFlight) (map[string]string, error) {
	there := map[string]string{}
	if s.account.hasField("deals", "cf_ferry_ref") {
		for _, f := range group {
			ref := Ref("deals", f.key)
			rows, err := s.client.Lookup(ctx, freshsales.Deals, "cf_ferry_ref", ref)
			if err != nil {
				return nil, err
			}
			if len(rows) > 0 {
				there[ref] = idText(rows[0].ID)
			}
		}
		return there, nil
	}
	r, err := s.client.Get(ctx, freshsales.Contacts, group[0].contactID, "deals")
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for _, f := range group {
		for _, d := range r.Records("deals") {
			id := idText(d.ID())
			other, err := s.ledger.byTarget("deals", id)
			if err != nil {
				return nil, err
			}
			if other == nil && !taken[id] && same("name", d.Text("name"), f.record.fields["name"]) {
				taken[id] = true
				there[Ref("deals", f.key)] = id
				break
			}
		}
	}
	return there, nil
}

// documentRefs knows files by their name: nothing else of theirs can be read back.
func (s *session) documentRefs(ctx context.Context, group []*childFlight) (map[string]string, error) {
	page, err := s.client.DocumentsOf(ctx, freshsales.Contacts, group[0].contactID)
	if err != nil {
		return nil, err
	}
	there, taken := map[string]string{}, map[string]bool{}
	for _, f := range group {
		for _, row := range page.Rows {
			r, id := row.Record(), idText(row.ID)
			name := r.Text("file_name")
			if name == "" {
				name = r.Text("name")
			}
			other, err := s.ledger.byTarget("documents", id)
			if err != nil {
				return nil, err
			}
			if other == nil && !taken[id] && name == asText(f.record.fields["file_name"]) {
				taken[id] = true
				there[Ref("documents", f.key)] = id
				break
			}
		}
	}
	return there, nil
}

// file opens the file of a document; its path is relative to the exports.
func (ps *peopleSend) file(f *childFlight) (freshsales.File, error) {
	name := asText(f.record.fields["file_name"])
	path := asText(f.record.fields["path"])
	root, err := os.OpenRoot(ps.dir.Project().Exports())
	if err != nil {
		return freshsales.File{}, run.Problemf(ps.dir.Project().Exports(), "the folder of the documents cannot be read: %v", pathCause(err))
	}
	defer root.Close()
	info, err := root.Stat(filepath.FromSlash(path))
	if err != nil {
		return freshsales.File{}, &freshsales.Error{Meaning: freshsales.Refused, Call: "documents create", Words: []string{"the file is not among the exports"}}
	}
	if info.Size() > freshsales.MaxFile {
		return freshsales.File{}, &freshsales.Error{Meaning: freshsales.Refused, Call: "documents create", Words: []string{"the file is larger than the 150 MB Freshsales takes"}}
	}
	if name == "" {
		name = filepath.Base(path)
	}
	shared, _ := f.record.fields["is_shared"].(bool)
	exports := ps.dir.Project().Exports()
	return freshsales.File{Name: strings.TrimSpace(name), Type: asText(f.record.fields["content_type"]), Size: info.Size(), Shared: shared, Target: freshsales.Contacts, TargetID: f.contactID,
		Open: func() (io.ReadCloser, error) {
			root, err := os.OpenRoot(exports)
			if err != nil {
				return nil, err
			}
			defer root.Close()
			return root.Open(filepath.FromSlash(path))
		}}, nil
}
