package send

import (
	"bytes"
	"encoding/json"
	"time"

	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
)

// proveUpdates asks the job of a batch of known records how it went. Records have their ids
// already, so nothing else needs to be read.
func (b *bulkSend) proveUpdates(bt *batch) error {
	state, err := b.jobEnd(bt)
	if err != nil {
		return err
	}
	if state.Ended && state.Failed == 0 {
		isWhole := !leftOut(state, len(bt.writes))
		if isWhole {
			if isWhole, err = b.isWhole(bt, b.size, b.showsUpdate, b.aloneUpdate); err != nil {
				return err
			}
		}
		if !isWhole {
			return b.inSmaller(bt)
		}
		return b.updatesDone(bt.writes)
	}
	if isText := !b.account.TakesText(account.InBulk); state.Ended && !bt.isRespelt && b.blamesChoices(state.Failures) &&
		b.respell(bt.writes, isText) {
		return b.proveRespelt(bt, isText)
	}
	suspects := named(bt.writes, state.Failures)
	if state.Ended && state.Failed > 0 && state.Failed != len(suspects) {
		return b.halves(bt.writes) // nobody can say which
	}
	if !state.Ended || state.Failed < 0 {
		return b.eachSingly(bt.writes) // the same update again does no harm
	}
	bad := map[*write]bool{}
	for _, f := range suspects {
		bad[f] = true
	}
	var good []*write
	for _, f := range bt.writes {
		if !bad[f] {
			good = append(good, f)
		}
	}
	if err := b.updatesDone(good); err != nil {
		return err
	}
	return b.eachSingly(suspects)
}

// proveRespelt sends a batch of known records once more, with their choices in the other form.
func (b *bulkSend) proveRespelt(bt *batch, isText bool) error {
	again := &batch{writes: bt.writes, isRespelt: true}
	if err := b.post(again); err != nil {
		return err
	}
	state, err := b.jobEnd(again)
	if err != nil {
		return err
	}
	if state.Ended && state.Failed == 0 && !leftOut(state, len(again.writes)) {
		if err := b.learnForm(b.k, account.InBulk, isText); err != nil {
			return err
		}
		return b.updatesDone(again.writes)
	}
	return b.eachSingly(again.writes)
}

func (b *bulkSend) aloneUpdate(f *write) error {
	_, err := b.single(f)
	return err
}

func (b *bulkSend) updatesDone(list []*write) error {
	return b.resolved(b.k.Entity, list, func(f *write) ledger.Outcome {
		return ledger.Outcome{Outcome: ledger.Updated, TargetID: f.targetID, Digest: f.digest}
	})
}

// leftOut says that a job worked on fewer records than it was given: some accounts cut a batch that is too
// large for them, and say that all went well.
func leftOut(state freshsales.JobState, given int) bool {
	return state.Succeeded >= 0 && state.Succeeded+max(0, state.Failed) < given
}

// fewest is how few records are sent singly rather than in two halves.
const fewest = 4

// halves sends the two halves of a batch again, each in a call of its own, until what failed stands alone:
// one bad record costs a few calls, and not one for each of its fellows.
func (b *bulkSend) halves(list []*write) error {
	if len(list) <= fewest {
		return b.eachSingly(list)
	}
	for _, half := range [][]*write{list[:len(list)/2], list[len(list)/2:]} {
		words, err := b.try(half)
		if err != nil {
			return err
		}
		if words != "" {
			if err := b.findPoison(&batch{writes: append([]*write(nil), half...)}, words); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bulkSend) eachSingly(list []*write) error {
	for _, f := range list {
		if _, err := b.single(f); err != nil {
			return err
		}
	}
	return nil
}

// jobPatience is how long a job may take before we stop believing that it will end.
const jobPatience = 10 * time.Minute

func (b *bulkSend) patienceWithJobs() time.Duration {
	return min(jobPatience, 40*b.Options.ReadBackAfter)
}

// jobEnd waits for a job, asking ever less often.
func (b *bulkSend) jobEnd(bt *batch) (freshsales.JobState, error) {
	if bt.job.ID == 0 {
		return freshsales.JobState{Failed: -1}, nil
	}
	wait := min(2*time.Second, b.Options.ReadBackAfter)
	for {
		if err := freshsales.Sleep(b.ctx, b.Options.Clock, wait); err != nil {
			return freshsales.JobState{}, err
		}
		asked := b.Now()
		state, err := b.Client.JobState(b.ctx, bt.job)
		if freshsales.OutcomeOf(err) == freshsales.Gone {
			return freshsales.JobState{Failed: -1}, nil
		}
		if err != nil || state.Ended {
			return state, err
		}
		if asked.Sub(bt.answered) > b.patienceWithJobs() {
			return state, nil
		}
		wait = min(2*wait, 30*time.Second)
	}
}

// named finds the records that raw failure entries, whatever their shape, speak of.
func named(list []*write, failures []json.RawMessage) []*write {
	var found []*write
	for _, f := range list {
		for _, raw := range failures {
			if mentions(raw, f.targetID) || mentions(raw, f.ident) {
				found = append(found, f)
				break
			}
		}
	}
	return found
}

func mentions(raw []byte, word string) bool {
	return word != "" && bytes.Contains(bytes.ToLower(raw), []byte(word))
}
