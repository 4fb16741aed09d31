package send

import (
	"time"

	"ferry/load/account"
	"ferry/load/freshsales"
)

// doubt is what is known of a batch whose records the view should have shown long ago: they may be
// late, their job may still be at work, or it left them out. Only the last is worth a call for each.
type doubt struct {
	lookAgain time.Time // zero: no doubt yet
	hasEnded  bool
	isProbed  bool      // one of them was sent singly and went through
	failed    int       // as the job tells; -1: it does not
	blames    bool      // the job's report speaks of drop-downs
	shownBy   time.Time // when the view must show what the job has written
}

// ready is when a page is expected to show what it does not show yet of a batch.
func (bt *batch) ready(lag time.Duration) time.Time {
	if bt.doubt.lookAgain.IsZero() {
		return bt.answered.Add(lag)
	}
	return bt.doubt.lookAgain
}

// tellsLag says whether a batch's absence is the view's doing, not its job's.
func (bt *batch) tellsLag() bool {
	return bt.doubt.lookAgain.IsZero() || bt.doubt.hasEnded && !bt.isSeen
}

// shortPage is the end of the view as it was when it was asked for. If records are missing though
// they are old enough, either the view lags more than we thought, or their job left them out.
func (r *reader) shortPage(asked time.Time, found int) error {
	r.mu.Lock()
	r.ended = asked
	r.mu.Unlock()
	isLate, doubtful := r.overdue(asked)
	isIdle := found == 0
	for _, bt := range doubtful {
		if bt.isSeen && !bt.doubt.isProbed {
			isIdle = false
			if err := r.probe(bt); err != nil {
				return err
			}
			if len(bt.writes) == 0 {
				continue
			}
		}
		leftOut, err := r.isLeftOut(bt, asked)
		if err != nil {
			return err
		}
		if !leftOut {
			continue
		}
		isIdle = false
		if isSent, err := r.respell(bt); err != nil {
			return err
		} else if isSent {
			continue
		}
		if err := r.sendMissing(bt); err != nil {
			return err
		}
	}
	if isLate && isIdle {
		r.mu.Lock()
		more := r.lag/2 + time.Millisecond
		r.rest, r.lag = asked.Add(more), r.lag+more
		r.mu.Unlock()
	}
	return nil
}

// overdue lists batches that the page should have shown whole and are worth a look; isLate says that
// the view should at least have begun to show one of all batches.
func (r *reader) overdue(asked time.Time) (isLate bool, doubtful []*batch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, bt := range r.batches {
		if asked.Before(bt.ready(r.lag)) {
			continue
		}
		isLate = isLate || bt.tellsLag()
		if asked.Sub(bt.answered) >= r.old() {
			doubtful = append(doubtful, bt)
		}
	}
	return isLate, doubtful
}

// old is the age from which on absence from the view means something.
func (r *reader) old() time.Duration { return 4 * r.b.Options.ReadBackAfter }

// remains gives what is left to prove when no more batches come and the view, read to its end, showed
// some of each: another page would only show what is known. It says when all of it is old.
func (r *reader) remains() (list []*batch, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed || r.giveUp {
		return nil, at
	}
	for _, bt := range r.batches {
		if !bt.isSeen || bt.doubt.isProbed || r.ended.Before(bt.answered.Add(r.lag)) {
			return nil, at
		}
		if old := bt.answered.Add(r.old()); old.After(at) {
			at = old
		}
	}
	return r.batches, at
}

// probe sends what the view lacks of a batch it shows in part, one after the other, as long as it is
// refused: that costs no more than the rows at fault. One that goes through may only have been
// late, and its fellows as well: then the job is asked.
func (r *reader) probe(bt *batch) error {
	for len(bt.writes) > 0 {
		if r.b.Sender.ctx.Err() != nil {
			return r.b.Interrupted()
		}
		f := bt.writes[0]
		r.mu.Lock()
		r.drop(&awaited{f, bt})
		r.mu.Unlock()
		isDone, err := r.b.single(f)
		if err != nil {
			return err
		}
		if isDone {
			bt.doubt.isProbed = true
			return nil
		}
	}
	return nil
}

// isLeftOut decides whether what a page did not show of a batch is to be sent again. The job is
// asked, which costs one call where a hasty answer would cost one for each record. A job that says
// how many it left out is believed when just those are missing; otherwise the view decides, a lag
// after the end of the job, if it shows some of the batch at all. Patience ends every wait.
func (r *reader) isLeftOut(bt *batch, asked time.Time) (bool, error) {
	if !bt.doubt.hasEnded {
		if err := r.askJob(bt); err != nil {
			return false, err
		}
	}
	d, age := &bt.doubt, asked.Sub(bt.answered)
	isShown := d.hasEnded && bt.isSeen && !asked.Before(d.shownBy)
	if isShown || d.hasEnded && d.failed >= len(bt.writes) || age >= r.b.patienceWithJobs() {
		return true, nil
	}
	again := asked.Add(age / 2)
	if d.hasEnded && bt.isSeen && d.shownBy.Before(again) {
		again = d.shownBy
	}
	d.lookAgain = again
	return false, nil
}

// askJob notes how the job of a batch went. Of one that cannot be asked, the view alone decides.
func (r *reader) askJob(bt *batch) error {
	unknown := doubt{hasEnded: true, isProbed: bt.doubt.isProbed, failed: -1, shownBy: bt.answered}
	if bt.job.ID == 0 {
		bt.doubt = unknown
		return nil
	}
	state, err := r.b.Client.JobState(r.b.ctx, bt.job)
	switch {
	case freshsales.OutcomeOf(err) == freshsales.Gone:
		bt.doubt = unknown
	case err != nil:
		return err
	case state.Ended:
		bt.doubt = doubt{hasEnded: true, isProbed: bt.doubt.isProbed, failed: state.Failed, shownBy: r.b.Now().Add(r.lag),
			blames: r.b.blamesChoices(state.Failures)}
	}
	return nil
}

// take stops waiting for the rest of a batch.
func (r *reader) take(bt *batch) []*write {
	r.mu.Lock()
	defer r.mu.Unlock()
	rest := append([]*write(nil), bt.writes...)
	for _, f := range rest {
		r.drop(&awaited{f, bt})
	}
	return rest
}

// respell sends what a job left out once more in bulk when its report speaks of drop-downs: with their choices
// in the other form, once.
func (r *reader) respell(bt *batch) (isSent bool, err error) {
	isText := !r.b.account.TakesText(account.InBulk)
	if !bt.doubt.blames || bt.isRespelt || !r.b.respell(bt.writes, isText) {
		return false, nil
	}
	again := &batch{writes: r.take(bt), isRespelt: true, respeltAs: isText}
	if err := r.b.post(again); err != nil {
		return false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.await(again)
	return true, nil
}

// sendMissing sees to what a job left out although it speaks of no failure: many are sent once more in bulk, few, or
// what was left out twice, singly. A job that stopped early may have been stopped; where a second one stops after as
// many records, the account cuts them there, and batches are made as small.
func (r *reader) sendMissing(bt *batch) error {
	rest := r.take(bt)
	if len(rest) <= fewest || bt.doubt.failed > 0 {
		return r.b.eachMissing(rest)
	}
	before, written := r.cut, bt.size-len(rest)
	r.cut = written
	if written > 0 && written == before {
		r.b.shrink(r.b.k.Entity, r.b.size, written, bt.size)
	} else if bt.isSecond {
		return r.b.eachMissing(rest)
	}
	for _, some := range chunks(rest, int(r.b.size.most.Load())) {
		again := &batch{writes: append([]*write(nil), some...), isSecond: true}
		if err := r.b.post(again); err != nil {
			return err
		}
		r.mu.Lock()
		r.await(again)
		r.mu.Unlock()
	}
	return nil
}

// eachMissing sends what a job left out once more, singly, which also gives Freshsales' words. The
// upsert finds the record if it was only late.
func (b *bulkSend) eachMissing(list []*write) error {
	for _, f := range list {
		if b.Sender.ctx.Err() != nil {
			return b.Interrupted()
		}
		if _, err := b.single(f); err != nil {
			return err
		}
	}
	return nil
}
