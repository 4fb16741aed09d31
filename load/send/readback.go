package send

import (
	"strconv"
	"sync"
	"time"

	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
)

// reader learns the ids of created records. A bulk job does not tell them, so the view of all
// records is read in order of id, page after page, from where the new ones begin: one page shows
// up to 100 ids and proves that the records are there. Views lag behind writes, so a page is asked
// for when enough records are old enough; how long that takes is learned.
type reader struct {
	b      *bulkSend
	view   int64
	failed chan struct{} // closed when err is set
	err    error

	mu      sync.Mutex
	pending map[string]*awaited // by identity
	batches []*batch            // with records still awaited, oldest first; once added, the reader's own
	closed  bool
	giveUp  bool
	wake    chan struct{}
	done    chan struct{}

	page   int
	cut    int       // after how many records the last job that left some out had stopped
	ended  time.Time // when the view was last read to its end
	seenTo time.Time // when the newest batch was answered of which it showed some
	lag    time.Duration
	taken  *bool     // the form of choices that went through in bulk, once another had not
	rest   time.Time // the end of the view showed nothing new: not asked for again before this
}

type awaited struct {
	*write
	batch *batch
}

func newReader(b *bulkSend) (*reader, error) {
	r := &reader{b: b, view: b.account.View(b.k.Entity), failed: make(chan struct{}), pending: map[string]*awaited{},
		wake: make(chan struct{}, 1), done: make(chan struct{}), lag: b.Options.ReadBackAfter}
	var err error
	if r.page, err = r.firstPage(); err != nil {
		return nil, err
	}
	go r.run()
	return r, nil
}

// firstPage is where new records begin: behind what the account had, or, after an interruption, where the reader of
// then began or had come to, because records it did not see any more may stand there.
func (r *reader) firstPage() (int, error) {
	open, err := r.b.Ledger.Count(r.b.k.Entity, `open <> 0`)
	if err != nil {
		return 0, err
	}
	now := int(max(0, r.b.account.Total(r.b.k.Entity)))/100 + 1
	if open == 0 {
		return now, r.b.keepPage(now)
	}
	text, err := r.b.Ledger.Meta("page:" + r.b.k.Entity)
	if kept, bad := strconv.Atoi(text); bad == nil && kept < now {
		return kept, err
	}
	return now, err
}

// keepPage keeps the page from which on a reader looks, for one that goes on after an interruption.
func (b *bulkSend) keepPage(n int) error {
	return b.Ledger.SetMeta("page:"+b.k.Entity, strconv.Itoa(n))
}

// add awaits the records of a batch. It waits itself when too many are awaited already.
func (r *reader) add(bt *batch) error {
	for {
		r.mu.Lock()
		if len(r.batches) < mostAwaited || r.giveUp {
			break
		}
		wait := r.lag / 4
		r.mu.Unlock()
		select {
		case <-r.failed:
			return r.err
		case <-r.b.ctx.Done():
			return r.b.ctx.Err()
		case <-r.b.Options.After(wait):
		}
	}
	defer r.mu.Unlock()
	r.await(bt)
	return nil
}

// await waits for the records of a batch; r.mu is held.
func (r *reader) await(bt *batch) {
	for _, f := range bt.writes {
		r.pending[f.ident] = &awaited{f, bt}
	}
	r.batches = append(r.batches, bt)
	r.nudge()
}

// mostAwaited bounds memory: batches that were answered and are not yet proved.
const mostAwaited = 300

func (r *reader) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// end says that no more batches come and waits until all are proved; giveUp leaves them open.
func (r *reader) end(giveUp bool) {
	r.mu.Lock()
	r.closed, r.giveUp = true, giveUp
	r.nudge()
	r.mu.Unlock()
	<-r.done
}

func (r *reader) run() {
	defer close(r.done)
	for {
		wait, done := r.due()
		if done {
			return
		}
		rest, at := r.remains()
		if len(rest) > 0 {
			wait = at.Sub(r.b.Now())
		}
		if wait > 0 {
			select {
			case <-r.wake:
			case <-r.b.ctx.Done():
				r.stop(r.b.ctx.Err())
				return
			case <-r.b.Options.After(wait):
			}
			continue
		}
		if err := r.next(rest); err != nil {
			r.stop(err)
			return
		}
	}
}

// next reads a page, or sends what no page will show.
func (r *reader) next(rest []*batch) error {
	if len(rest) == 0 {
		return r.step()
	}
	return r.probe(rest[0])
}

func (r *reader) stop(err error) {
	r.mu.Lock()
	r.err = err
	r.mu.Unlock()
	close(r.failed)
}

// due says how long to wait until a page is worth a call.
func (r *reader) due() (time.Duration, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.giveUp || r.closed && len(r.pending) == 0 {
		return 0, true
	}
	if len(r.pending) == 0 {
		return time.Hour, false
	}
	now, old := r.b.Now(), 0
	if wait := r.rest.Sub(now); wait > 0 {
		return max(wait, time.Millisecond), false
	}
	var next time.Duration = time.Hour
	for _, bt := range r.batches {
		if wait := bt.ready(r.lag).Sub(now); wait > 0 {
			next = min(next, wait)
		} else if !bt.isSeen || !bt.answered.Before(r.seenTo) {
			old += len(bt.writes) // what an earlier batch still lacks will fill no page
		}
	}
	// A page is worth its call when it will be full, though some of these rows may be left out.
	if old >= 2*r.b.Options.BatchSize || r.closed && next == time.Hour {
		return 0, false
	}
	return max(next, time.Millisecond), false
}

// step reads a page and settles who is on it. What the page does not show was not there when it was
// asked for: batches answered while it travelled, or while the ledger was written, are not on it.
func (r *reader) step() error {
	asked := r.b.Now()
	page, err := r.b.Client.ViewPage(r.b.ctx, r.b.e, r.view, freshsales.Query{Page: r.page, Sort: "id"})
	if err != nil {
		return err
	}
	found, rows := r.match(page.Rows, asked)
	if err := r.learnForm(); err != nil {
		return err
	}
	err = r.b.resolved(r.b.k.Entity, found, func(f *write) ledger.Outcome {
		row := rows[f.ident]
		o := r.b.created(f, row.ID)
		o.Updated = row.updated
		return o
	})
	if err != nil {
		return err
	}
	if len(page.Rows) >= 100 {
		r.page++
		return r.b.keepPage(r.page)
	}
	return r.shortPage(asked, len(found))
}

// learnForm keeps the form of choices that a batch went through with.
func (r *reader) learnForm() error {
	if r.taken == nil {
		return nil
	}
	isText := *r.taken
	r.taken = nil
	return r.b.Sender.learnForm(r.b.k, account.InBulk, isText)
}

// tellable is how old a write must be when its updated_at is read: times have whole seconds, so a
// person's edit within the same second would look like ours.
const tellable = 2 * time.Second

type seenRow struct {
	freshsales.Row
	updated string // "" when an edit after it could not be told from it
}

func (r *reader) match(rows []freshsales.Row, asked time.Time) ([]*write, map[string]seenRow) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []*write
	byIdent := map[string]seenRow{}
	for _, row := range rows {
		key := record.IdentOfRow(r.b.k, row)
		if a := r.pending[key]; a != nil {
			found = append(found, a.write)
			byIdent[key] = seenRow{Row: row}
			if asked.Sub(a.batch.answered) >= tellable {
				byIdent[key] = seenRow{row, row.UpdatedAt}
			}
			a.batch.isSeen = true
			if a.batch.shown++; a.batch.shown == a.batch.size {
				r.b.size.byCreates.Store(max(r.b.size.byCreates.Load(), int64(a.batch.size)))
			}
			if a.batch.isRespelt {
				r.taken = &a.batch.respeltAs
			}
			if a.batch.answered.After(r.seenTo) {
				r.seenTo = a.batch.answered
			}
			r.drop(a)
		}
	}
	return found, byIdent
}

// drop forgets a record; r.mu is held.
func (r *reader) drop(a *awaited) {
	delete(r.pending, a.ident)
	for i, f := range a.batch.writes {
		if f == a.write {
			a.batch.writes = append(a.batch.writes[:i], a.batch.writes[i+1:]...)
			break
		}
	}
	if len(a.batch.writes) > 0 {
		return
	}
	for i, bt := range r.batches {
		if bt == a.batch {
			r.batches = append(r.batches[:i], r.batches[i+1:]...)
			return
		}
	}
}
