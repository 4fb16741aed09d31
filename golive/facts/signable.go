package facts

import (
	"maps"
	"slices"

	"ferry/golive/gate"
	"ferry/internal/run"
)

// Signable refuses an acceptance of what was not fully rehearsed or not read back. A rejection is
// always taken.
func Signable(so *gate.Signoff, dir run.Dir) error {
	if !so.IsAccepted() {
		return nil
	}
	refuse := func(try, format string, args ...any) error {
		return run.Problemf("run "+so.Run+" on "+so.Target, format, args...).WithTry(try, so.Target).WithExit(run.ExitStop)
	}
	if so.ReadBack.At.IsZero() || so.ReadBack.Depth == "counts" {
		return refuse("ferry reconcile --target %s, then sign the workbook it writes",
			"this rehearsal was not read back, so nobody can say what arrived")
	}
	if n := so.ReadBack.WrongOptOuts; n > 0 {
		return refuse("ferry reconcile --target %s",
			"%d opt-outs are not in the account as they were sent; such a rehearsal cannot be accepted", n)
	}
	if !so.ReadBack.IsClean && so.Verdict == gate.Accept {
		return refuse("ferry reconcile --target %s; or accept with remarks that say why the differences do not matter",
			"not everything is in the account as it was sent")
	}
	wanted, err := Wanted(dir)
	if err != nil {
		return err
	}
	for _, entity := range slices.Sorted(maps.Keys(wanted)) {
		if did := so.Rehearsed[entity]; !gate.Enough(did, wanted[entity]) {
			return refuse("ferry load --target %s, without --sample or --only; then ferry reconcile, and "+
				"sign the workbook it writes",
				"the rehearsal moved %d of %d %s; a full one is needed", did, wanted[entity], entity)
		}
	}
	return nil
}
