package reconcile_test

import (
	"testing"

	"ferry/load/loadtest"
	"ferry/load/reconcile"
)

func TestEveryOptOutIsReadBack(t *testing.T) {
	b := loadtest.NewRichBench(t)
	b.Rich(100)
	b.Load()
	if _, err := b.Twin.Damage("opt_out_flipped", 0); err != nil {
		t.Fatal(err)
	}
	r := b.Reconcile(reconcile.DepthSample, func(o *reconcile.Options) { o.SampleSize = 5 })
	for _, tally := range r.Tallies {
		if tally.Entity == "contacts" {
			if tally.OptOuts != 25 || tally.OptOutsWrong != 1 {
				t.Errorf("%d opt-outs read back, %d wrong: %+v", tally.OptOuts, tally.OptOutsWrong, tally)
			}
			if tally.Read > 25+15 {
				t.Errorf("%d read for a sample of 5 and 25 opt-outs", tally.Read)
			}
		}
	}
}

func TestOptOutsAreProvenOnceForEachWrite(t *testing.T) {
	b := loadtest.NewRichBench(t)
	b.Rich(100)
	b.Load()
	few := func(o *reconcile.Options) { o.SampleSize = 5 }
	first := b.Reconcile(reconcile.DepthSample, few)
	if got := first.Tallies[0]; got.OptOuts != 25 || got.OptOutsBefore != 0 {
		t.Errorf("%+v", got)
	}
	if got := b.Reconcile(reconcile.DepthSample, few).Tallies[0]; got.OptOuts > got.Drawn || got.OptOutsBefore != 25 {
		t.Errorf("read again: %+v", got)
	}
}
