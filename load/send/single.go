package send

import (
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
)

// refuse records rows that Freshsales will not take, in its words.
func (b *bulkSend) refuse(list []*write, words string) error {
	return b.resolved(b.k.Entity, list, func(f *write) ledger.Outcome {
		return ledger.Outcome{Outcome: ledger.Refused, Reason: words, TargetID: f.targetID, Digest: f.digest}
	})
}

// findPoison searches a batch that was refused whole for the rows at fault. Each search halves the
// suspects; halves that were never tested are pooled and tried together, so that n bad rows cost at
// most 9·n calls. The last suspect is tried alone, unless it was: what refused the others may be their number, or
// two of them together, and nobody is blamed for that.
func (b *bulkSend) findPoison(bt *batch, words string) error {
	untested, isRefused := bt.writes, true
	taken, refused := 0, len(bt.writes) // the largest set that was taken, the smallest that was refused
	for len(untested) > 0 {
		suspects := untested
		untested = nil
		if !isRefused {
			w, err := b.try(suspects)
			if err != nil {
				return err
			}
			if w == "" {
				return nil
			}
			words, refused = w, min(refused, len(suspects))
		}
		isRefused = false
		isAlone := len(suspects) == 1
		for len(suspects) > 1 {
			left, right := suspects[:len(suspects)/2], suspects[len(suspects)/2:]
			w, err := b.try(left)
			switch {
			case err != nil:
				return err
			case w == "":
				suspects, isAlone, taken = right, false, max(taken, len(left))
			default:
				suspects, isAlone, words, refused = left, len(left) == 1, w, min(refused, len(left))
				untested = append(untested, right...)
			}
		}
		if isAlone {
			if err := b.refuse(suspects, words); err != nil {
				return err
			}
			continue
		}
		isDone, err := b.single(suspects[0])
		if err != nil {
			return err
		}
		if isDone && taken > 0 && refused > taken {
			b.shrink(b.k.Entity, b.size, taken, refused)
		}
	}
	return nil
}

// try hands some flights over; words say why they were refused, "" that they were not.
func (b *bulkSend) try(list []*write) (words string, err error) {
	err = b.handOver(&batch{writes: append([]*write(nil), list...)})
	if freshsales.OutcomeOf(err) == freshsales.Refused {
		if words = freshsales.MessagesOf(err); words == "" {
			words = "refused without a word"
		}
		return words, nil
	}
	return "", err
}

// single sends one record alone: upsert by identity or update by id, both safe to repeat. It says
// whether Freshsales took it.
func (b *bulkSend) single(f *write) (isDone bool, err error) {
	payload := f.payload
	if isText := b.account.TakesText(account.Singly); isText != b.account.TakesText(account.InBulk) {
		payload, _ = b.account.Spelled(b.k, payload, isText)
	}
	r, err := b.alone(f, payload)
	if freshsales.OutcomeOf(err) == freshsales.Refused {
		if other, isText := b.inOtherForm(b.k, payload, freshsales.MessagesOf(err)); other != nil {
			again, errAgain := b.alone(f, other)
			if freshsales.OutcomeOf(errAgain) != freshsales.Refused {
				r, err = again, errAgain
			}
			if errAgain == nil {
				if err := b.learnForm(b.k, account.Singly, isText); err != nil {
					return false, err
				}
			}
		}
	}
	switch freshsales.OutcomeOf(err) {
	case freshsales.Done:
		return true, b.resolved(b.k.Entity, []*write{f}, func(f *write) ledger.Outcome {
			if f.verb == ledger.VerbCreate {
				return b.created(f, r.ID())
			}
			return ledger.Outcome{Outcome: ledger.Updated, TargetID: f.targetID, Digest: f.digest, Reason: f.note}
		})
	case freshsales.Refused:
		again, why, err := b.findTaken(f, freshsales.MessagesOf(err))
		if err != nil {
			return false, err
		}
		if again {
			return b.single(f)
		}
		return false, b.refuse([]*write{f}, why)
	case freshsales.Gone:
		return false, b.refuse([]*write{f}, "it is no longer in Freshsales")
	case freshsales.Unknown:
		return b.lookUp(f, err)
	}
	return false, err
}

// alone makes the call of one record.
func (b *bulkSend) alone(f *write, payload freshsales.Attributes) (freshsales.Record, error) {
	f.calls++
	if f.targetID != "" {
		return b.Client.Update(b.ctx, b.e, record.IdOf(f.targetID), payload)
	}
	u, err := b.Client.Upsert(b.ctx, b.e, b.e.Unique, f.name, payload)
	return u.Record, err
}

// lookUp finds a record whose upsert was answered without a usable word by what it is known by.
func (b *bulkSend) lookUp(f *write, lost error) (isDone bool, err error) {
	if f.targetID != "" {
		return false, lost
	}
	rows, err := b.Client.Lookup(b.ctx, b.e, b.k.Identity, f.name)
	if err != nil || len(rows) == 0 {
		return false, lost
	}
	return true, b.resolved(b.k.Entity, []*write{f}, func(f *write) ledger.Outcome { return b.created(f, rows[0].ID) })
}
