// Package reconcile reads an account back and says what is there as it was sent. It writes nothing
// to the account. Start at Run; compare.go says what counts as a difference.
package reconcile

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

// Depths of a reconciliation.
const (
	DepthCounts = "counts" // totals only
	DepthSample = "sample" // and some records of each entity, field by field; every opt-out
	DepthFull   = "full"   // and every record, and whatever else carries our marks
)

// Classes of records that were read back.
const (
	Identical = "identical"
	Modified  = "modified"
	Moved     = "moved" // identical but for the stage, which the account's own rule moved
	Missing   = "missing"
	Extra     = "extra"     // came after our first write, and we know nothing of it
	Duplicate = "duplicate" // is one of ours once more
)

// Options is what a read-back needs to know besides the target.
type Options struct {
	target.Options
	Depth      string // counts, sample or full: sample
	SampleSize int    // records of each entity that a sample reads: 200
}

// Tally is what reading back one entity gave.
type Tally struct {
	Entity                                         string
	Sent                                           int64 // records the ledger says are there
	Read                                           int64
	Drawn, DrawnWrong                              int64 // of them at random; the rest for another reason
	Identical, Modified, Missing, Extra, Duplicate int64
	Moved                                          int64 // by the account's own rule, when a deal came
	Strangers                                      int64 // came after our first write and are not ours
	OptOuts, OptOutsWrong,
	OptOutsBefore int64 // read back now, of them wrong; proven by an earlier reconciliation
	NotShown []string // fields that cannot be read back
	Sentence string   // what it proves, with its confidence
}

// Count is how many records the account shows before and after.
type Count struct {
	Entity                   string
	Before, Expected, After  int64 // -1: not known
	IsTrue                   bool
	Created, Deleted, Merged int64
}

// Result is what a reconciliation found.
type Result struct {
	Depth   string
	Tallies []Tally
	isAlone bool // nobody else works in the account: strangers are a finding
	Counts  []Count
	Open    map[string]int64 // calls in doubt, by entity: what came of them is not known yet
	Tests   string           // the test contacts of consent-codes, by number, where there are any
	Cost    target.Estimate  // as said before the first record was read
	Calls   int64            // as used
}

// IsClean says that everything sent is there as it was sent, and nothing else of ours.
func (r Result) IsClean() bool {
	if len(r.Open) > 0 {
		return false
	}
	for _, t := range r.Tallies {
		if t.Modified+t.Missing+t.Extra+t.Duplicate > 0 || r.isAlone && t.Strangers > 0 {
			return false
		}
	}
	return !slices.ContainsFunc(r.Counts, func(c Count) bool { return !c.IsTrue })
}

// Reasons are all reasons why a reconciliation is not clean, a line each.
func (r Result) Reasons() []string {
	var all []string
	add := func(n int64, entity, what string) {
		if n > 0 {
			all = append(all, fmt.Sprintf("%s: %s %s", entity, record.Grouped(n), what))
		}
	}
	for _, entity := range record.PlanOrder() {
		add(r.Open[entity], entity, "calls in doubt")
	}
	for _, t := range r.Tallies {
		add(t.Modified, t.Entity, "differ from what was sent")
		add(t.Missing, t.Entity, "are no longer there")
		add(t.Duplicate, t.Entity, "are there twice")
		add(t.Extra, t.Entity, "carry our mark and are not known")
		if r.isAlone {
			add(t.Strangers, t.Entity, "came since and are not ours, in an account of our own")
		}
	}
	for _, c := range r.Counts {
		if !c.IsTrue {
			all = append(all, fmt.Sprintf("%s: %s there, %s expected (%s before, %s made)", c.Entity, record.Grouped(c.After),
				record.Grouped(c.Expected), record.Grouped(c.Before), record.Grouped(c.Created)))
		}
	}
	return all
}

// reconciler reads an account back and compares it with the ledger.
type reconciler struct {
	needs
	account *account.Account
	depth   string
	sample  int64
	out     *run.TableWriter
	tallies map[string]*Tally
	sent    map[string]int64   // records that should be there
	below   map[string]float64 // lots below this are drawn
	spot    map[string]float64 // lots below this are also shown field by field
	totals  map[string]int64   // the account's own, now
	firstAt time.Time          // of our first intent
	// refusals are the codes that mean no, by field.
	refusals map[string]map[string]bool
	optOuts  int64            // contacts that carry one and were not proven yet
	provenTo int64            // the intent up to which they were
	withDeal map[string]bool  // contacts a deal of ours is linked to
	open     map[string]int64 // calls in doubt, by entity
	ours     map[int64]bool   // test contacts of consent-codes
	later    []int64          // of them, those that came after the first load began
	tests    string           // what is to be said about them
	taught   map[string]bool  // entities of which one record was read to see what replies show
}

// Run reads the account back and says what is as it was sent. The cost is said before the
// first record is read.
func Run(ctx context.Context, dir run.Dir, o Options) (Result, error) {
	r := Result{Depth: o.Depth, isAlone: o.Rehearsal}
	if r.Depth == "" {
		r.Depth = DepthSample
	}
	if !slices.Contains([]string{DepthCounts, DepthSample, DepthFull}, r.Depth) {
		return r, run.Problemf("--depth "+o.Depth, "a depth is counts, sample or full").WithExit(run.ExitUsage)
	}
	s, err := target.Open(dir, o.Options)
	if err != nil {
		return r, err
	}
	defer s.Close()
	rc := &reconciler{needs: needsOf(s), depth: r.Depth, sample: int64(o.SampleSize), tallies: map[string]*Tally{},
		sent:  map[string]int64{},
		below: map[string]float64{}, spot: map[string]float64{}, totals: map[string]int64{}, taught: map[string]bool{}}
	if rc.sample <= 0 {
		rc.sample = defaultSample
	}
	started := s.Now()
	if err := rc.prepare(freshsales.WithPhase(ctx, "reconcile")); err != nil {
		return r, rc.Explain(err)
	}
	r.Open, r.Cost = rc.open, rc.cost()
	for entity, n := range r.Open {
		rc.Say(run.Warning, entity, "%s of %s in doubt: what came of them is not known; next: ferry load --target %s",
			record.Plural(n, "call"), entity, o.Target.Name)
	}
	rc.Say(run.Note, "", "reconcile --depth %s: about %s calls%s", r.Depth, record.Grouped(r.Cost.Total),
		hoursText(r.Cost.Hours))
	if err := rc.all(freshsales.WithPhase(ctx, "reconcile")); err != nil {
		if ctx.Err() != nil {
			return r, rc.Interrupted()
		}
		return r, err
	}
	if err := rc.rememberOptOuts(); err != nil {
		return r, err
	}
	if r.Counts, err = rc.counts(freshsales.WithPhase(ctx, "reconcile")); err != nil {
		return r, err
	}
	r.Tests = rc.tests
	for _, entity := range record.Entities() {
		if t := rc.tallies[entity]; t != nil {
			t.Sentence = sure(entity, *t)
			r.Tallies = append(r.Tallies, *t)
		}
	}
	r.Calls = rc.Calls.Total()
	if err := rc.addCalls(r.Cost); err != nil {
		return r, err
	}
	rc.Options.Events.Send(run.Event{Stage: "reconcile", Kind: run.Finished, Done: r.Calls, Total: r.Cost.Total,
		Unit: "calls"})
	return r, dir.Mark("reconcile:"+o.Target.Name, run.Stage{Started: started, Ended: s.Now(),
		Facts: map[string]any{"depth": r.Depth, "calls": r.Calls, "is_clean": r.IsClean()}})
}

func hoursText(h float64) string {
	if h <= 0 {
		return ""
	}
	return fmt.Sprintf(", %.2g hours at this quota", h)
}

// prepare reads what the account is and draws the sample.
func (rc *reconciler) prepare(ctx context.Context) error {
	w := account.Want{Rows: map[string]int64{}}
	for _, entity := range record.Entities() {
		n, err := rc.Ledger.Count(entity, `target_id <> '' and state in ('live', 'stale', 'gone')`)
		if err != nil {
			return err
		}
		if n == 0 || !rc.Wants(entity) {
			continue
		}
		rc.sent[entity], w.Rows[entity] = n, n
		rc.tallies[entity] = &Tally{Entity: entity, Sent: n}
	}
	if err := rc.countOpen(); err != nil {
		return err
	}
	if len(w.Rows) == 0 && len(rc.open) == 0 {
		return run.Problemf("target "+rc.Options.Target.Name,
			"nothing was loaded into this account yet, so there is nothing to read back").
			WithTry("ferry load --target %s", rc.Options.Target.Name)
	}
	var err error
	if rc.account, err = account.Read(ctx, rc.Client, w); err != nil {
		return err
	}
	if err := rc.account.RecallNames(rc.Ledger); err != nil {
		return err
	}
	if stored, err := rc.Ledger.Meta("fingerprint"); err != nil {
		return err
	} else if stored != "" && !account.SameAccount(stored, rc.account.Fingerprint()) {
		return run.Problemf("target "+rc.Options.Target.Name, "the ledger belongs to another account than the one at %s",
			rc.Client.Host()).
			WithTry("check url in ferry.yaml, or give this account a target of its own").WithExit(run.ExitStop)
	}
	if rc.ours, err = account.TestContacts(rc.Ledger); err != nil {
		return err
	}
	if rc.later, err = rc.laterTests(); err != nil {
		return err
	}
	if rc.firstAt, err = rc.Ledger.FirstIntent(); err != nil {
		return err
	}
	rc.draw()
	if err := rc.learnRefusals(); err != nil {
		return err
	}
	if err := rc.learnOptOuts(); err != nil {
		return err
	}
	rc.withDeal = map[string]bool{}
	return rc.Ledger.SentRecords(ctx, "deals", func(s ledger.SentRecord) error {
		rc.withDeal[record.AsText(s.Fields[record.ContactLink])] = true
		return nil
	})
}

// countOpen counts the calls whose outcome is not known: nothing is proven while there are any.
func (rc *reconciler) countOpen() error {
	rc.open = map[string]int64{}
	for _, entity := range record.PlanOrder() {
		n, err := rc.Ledger.Count(entity, `open <> 0`)
		if err != nil {
			return err
		}
		if n > 0 {
			rc.open[entity] = n
		}
	}
	return nil
}

// draw sets the lots: a sample of each entity, and the spot-check over all of them, at least a few
// of each.
func (rc *reconciler) draw() {
	var all int64
	for _, n := range rc.sent {
		all += n
	}
	for entity, n := range rc.sent {
		rc.below[entity] = min(1, float64(rc.sample)/float64(n))
		share := max(2, spotRecords*float64(n)/float64(all))
		if entity == "contacts" {
			share = spotPeople
		}
		rc.spot[entity] = min(1, share/float64(n))
		if rc.depth == DepthFull {
			rc.below[entity] = 1
		}
		if rc.depth == DepthCounts {
			rc.below[entity], rc.spot[entity] = 0, 0
		}
	}
}

// all reads every entity back and writes loaded.readback.
func (rc *reconciler) all(ctx context.Context) error {
	var err error
	if rc.depth == DepthCounts {
		return nil // an earlier, deeper read-back stays as it is
	}
	if rc.out, err = run.CreateTable(rc.Dir.Loaded(rc.Options.Target.Name, record.ReadbackTable),
		record.ReadbackSchema); err != nil {
		return err
	}
	for _, k := range record.Kinds {
		if rc.sent[k.Entity] == 0 {
			continue
		}
		rc.Options.Events.Send(run.Event{Stage: "reconcile", Kind: run.Started, Subject: k.Entity, Total: rc.sent[k.Entity],
			Unit: "records"})
		if err := rc.entity(ctx, k); err != nil {
			rc.out.Abort()
			return rc.Explain(err)
		}
	}
	return rc.out.Close()
}

// entity reads one entity back: at full depth first every list there is, which also shows what we
// know nothing of, then single records for what the lists did not tell.
func (rc *reconciler) entity(ctx context.Context, k *record.Kind) error {
	seen := map[string]bool{}
	var strangers claims
	if rc.depth == DepthFull {
		var err error
		if strangers, err = rc.fullScan(ctx, k, seen); err != nil {
			return err
		}
	}
	if err := rc.single(ctx, k, seen, strangers); err != nil {
		return err
	}
	return rc.extras(ctx, k, strangers)
}
