package load

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// Depths of a reconciliation.
const (
	DepthCounts = "counts" // totals only
	DepthSample = "sample" // and some records of each entity, field by field; every opt-out
	DepthFull   = "full"   // and every record, and whatever else carries our marks
)

// Classes of records that were read back.
const (
	classIdentical = "identical"
	classModified  = "modified"
	classMoved     = "moved" // identical but for the stage, which the account's own rule moved
	classMissing   = "missing"
	classExtra     = "extra"     // came after our first write, and we know nothing of it
	classDuplicate = "duplicate" // is one of ours once more
)

// Tally is what reading back one entity gave.
type Tally struct {
	Entity                                         string
	Sent                                           int64 // records the ledger says are there
	Read                                           int64
	Drawn, DrawnWrong                              int64 // of them at random; the rest for another reason
	Identical, Modified, Missing, Extra, Duplicate int64
	Moved                                          int64    // by the account's own rule, when a deal came
	Strangers                                      int64    // came after our first write and are not ours
	OptOuts, OptOutsWrong, OptOutsBefore           int64    // read back now, of them wrong; proven by an earlier reconciliation
	NotShown                                       []string // fields that cannot be read back
	Sentence                                       string   // what it proves, with its confidence
}

// Count is how many records the account shows before and after.
type Count struct {
	Entity                   string
	Before, Expected, After  int64 // -1: not known
	IsTrue                   bool
	Created, Deleted, Merged int64
}

// ReconcileResult is what a reconciliation found.
type ReconcileResult struct {
	Depth   string
	Tallies []Tally
	isAlone bool // nobody else works in the account: strangers are a finding
	Counts  []Count
	Cost    Estimate // as said before the first record was read
	Calls   int64    // as used
}

// IsClean says that everything sent is there as it was sent, and nothing else of ours.
func (r ReconcileResult) IsClean() bool {
	for _, t := range r.Tallies {
		if t.Modified+t.Missing+t.Extra+t.Duplicate > 0 || r.isAlone && t.Strangers > 0 {
			return false
		}
	}
	return !slices.ContainsFunc(r.Counts, func(c Count) bool { return !c.IsTrue })
}

// reconciler reads an account back and compares it with the ledger.
type reconciler struct {
	*session
	account *account
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
	optOuts  int64           // contacts that carry one and were not proven yet
	provenTo int64           // the intent up to which they were
	withDeal map[string]bool // contacts a deal of ours is linked to
	taught   map[string]bool // entities of which one record was read to see what replies show
}

// Reconcile reads the account back and says what is as it was sent. The cost is said before the
// first record is read.
func Reconcile(ctx context.Context, dir run.Dir, o Options) (ReconcileResult, error) {
	r := ReconcileResult{Depth: o.Depth, isAlone: o.Rehearsal}
	if r.Depth == "" {
		r.Depth = DepthSample
	}
	if !slices.Contains([]string{DepthCounts, DepthSample, DepthFull}, r.Depth) {
		return r, run.Problemf("--depth "+o.Depth, "a depth is counts, sample or full").WithExit(run.ExitUsage)
	}
	s, err := openSession(dir, o)
	if err != nil {
		return r, err
	}
	defer s.close()
	rc := &reconciler{session: s, depth: r.Depth, sample: int64(o.SampleSize), tallies: map[string]*Tally{}, sent: map[string]int64{},
		below: map[string]float64{}, spot: map[string]float64{}, totals: map[string]int64{}, taught: map[string]bool{}}
	if rc.sample <= 0 {
		rc.sample = defaultSample
	}
	started := s.now()
	if err := rc.prepare(freshsales.WithPhase(ctx, "reconcile")); err != nil {
		return r, err
	}
	r.Cost = rc.cost()
	rc.say(run.Note, "", "reconcile --depth %s: about %s calls%s", r.Depth, grouped(r.Cost.Total), hoursText(r.Cost.Hours))
	if err := rc.all(freshsales.WithPhase(ctx, "reconcile")); err != nil {
		if ctx.Err() != nil {
			return r, rc.interrupted()
		}
		return r, err
	}
	if err := rc.rememberOptOuts(); err != nil {
		return r, err
	}
	if r.Counts, err = rc.counts(freshsales.WithPhase(ctx, "reconcile")); err != nil {
		return r, err
	}
	for _, entity := range Entities() {
		if t := rc.tallies[entity]; t != nil {
			t.Sentence = sure(entity, *t)
			r.Tallies = append(r.Tallies, *t)
		}
	}
	r.Calls = rc.calls.total()
	if err := rc.addCalls(r.Cost); err != nil {
		return r, err
	}
	rc.o.Events.Send(run.Event{Stage: "reconcile", Kind: run.Finished, Done: r.Calls, Total: r.Cost.Total, Unit: "calls"})
	return r, dir.Mark("reconcile:"+o.Target.Name, run.Stage{Started: started, Ended: s.now(), Facts: map[string]any{"depth": r.Depth, "calls": r.Calls, "is_clean": r.IsClean()}})
}

func hoursText(h float64) string {
	if h <= 0 {
		return ""
	}
	return fmt.Sprintf(", %.2g hours at this quota", h)
}

// prepare reads what the account is and draws the sample.
func (rc *reconciler) prepare(ctx context.Context) error {
	w := want{rows: map[string]int64{}}
	for _, entity := range Entities() {
		n, err := rc.ledger.count(entity, `target_id <> '' and state in ('live', 'stale', 'gone')`)
		if err != nil {
			return err
		}
		if n == 0 || !rc.wants(entity) {
			continue
		}
		rc.sent[entity], w.rows[entity] = n, n
		rc.tallies[entity] = &Tally{Entity: entity, Sent: n}
	}
	if len(w.rows) == 0 {
		return run.Problemf("target "+rc.o.Target.Name, "nothing was loaded into this account yet, so there is nothing to read back").WithTry("ferry load --target %s", rc.o.Target.Name)
	}
	var err error
	if rc.account, err = readAccount(ctx, rc.client, w); err != nil {
		return err
	}
	if stored, err := rc.ledger.meta("fingerprint"); err != nil {
		return err
	} else if stored != "" && !sameAccount(stored, rc.account.fingerprint()) {
		return run.Problemf("target "+rc.o.Target.Name, "the ledger belongs to another account than the one at %s", rc.client.Host()).
			WithTry("check url in ferry.yaml, or give this account a target of its own").WithExit(run.ExitStop)
	}
	if rc.firstAt, err = rc.ledger.firstIntent(); err != nil {
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
	return rc.ledger.sentRecords(ctx, "deals", func(s sentRecord) error {
		rc.withDeal[asText(s.fields[contactLink])] = true
		return nil
	})
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
		share := max(3, spotRecords*float64(n)/float64(all))
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
	if rc.out, err = run.CreateTable(rc.dir.Loaded(rc.o.Target.Name, ReadbackTable), readbackSchema); err != nil {
		return err
	}
	for _, k := range kinds {
		if rc.sent[k.entity] == 0 {
			continue
		}
		rc.o.Events.Send(run.Event{Stage: "reconcile", Kind: run.Started, Subject: k.entity, Total: rc.sent[k.entity], Unit: "records"})
		if err := rc.entity(ctx, k); err != nil {
			rc.out.Abort()
			return rc.explain(err)
		}
	}
	return rc.out.Close()
}

// entity reads one entity back: at full depth first every list there is, which also shows what we
// know nothing of, then single records for what the lists did not tell.
func (rc *reconciler) entity(ctx context.Context, k *kind) error {
	seen := map[string]bool{}
	var strangers claims
	if rc.depth == DepthFull {
		var err error
		if strangers, err = rc.sweep(ctx, k, seen); err != nil {
			return err
		}
	}
	if err := rc.single(ctx, k, seen, strangers); err != nil {
		return err
	}
	return rc.extras(k, strangers)
}
