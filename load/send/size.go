package send

import (
	"sync"
	"sync/atomic"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
)

// batchSize is how many records of an entity this account takes in one bulk call. Some accounts refuse more than
// they take, others cut a batch and say that all went well; so a size is believed once the last record of such a
// batch was seen to be written.
type batchSize struct {
	most      atomic.Int64
	mu        sync.Mutex // one proof at a time: whoever waits knows more afterwards
	proven    int64
	byCreates atomic.Int64 // the largest batch of which the view showed all; for the next load
	known     ledger.BatchSize
}

// sizeOf is the size of an entity's batches, as ferry.yaml and earlier loads say.
func (s *Sender) sizeOf(entity string) (*batchSize, error) {
	if z := s.sizes[entity]; z != nil {
		return z, nil
	}
	z := &batchSize{}
	var err error
	if z.known, err = s.Ledger.BatchSizeOf(entity); err != nil {
		return nil, err
	}
	z.most.Store(z.known.Of(int64(s.Options.BatchSize)))
	z.proven = z.known.Proven
	s.sizes[entity] = z
	return z, nil
}

// rememberSizes keeps what was learned for the next load.
func (s *Sender) rememberSizes() error {
	for entity, z := range s.sizes {
		now := z.known
		now.Proven = max(now.Proven, z.proven, z.byCreates.Load())
		if most := z.most.Load(); most < z.known.Of(int64(s.Options.BatchSize)) {
			now.Most = most
		}
		if now == z.known {
			continue
		}
		z.known = now
		if err := s.Ledger.SetBatchSize(entity, now); err != nil {
			return err
		}
	}
	return nil
}

// shrink makes batches smaller from here on.
func (s *Sender) shrink(entity string, z *batchSize, to, from int) {
	if to < 1 || int64(to) >= z.most.Load() {
		return
	}
	z.most.Store(int64(to))
	s.Say(run.Warning, entity, "this account does not take %d records in a bulk call: %d go in one from here on", from, to)
}

// isWhole says whether a batch that a job called done was written to its end. The last record is read once for
// each larger size; if it does not show what was sent, it is sent alone and read again, because a value may be
// one that never shows.
func (s *Sender) isWhole(bt *batch, z *batchSize, shows func(*write) (bool, error),
	alone func(*write) error) (bool, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	size := int64(len(bt.writes))
	if size <= z.proven {
		return true, nil
	}
	if size > z.most.Load() {
		return false, nil // found out while this one was under way
	}
	last := bt.writes[size-1]
	isThere, err := shows(last)
	if err != nil || isThere || size == 1 {
		if err == nil {
			z.proven = size
		}
		return true, err
	}
	if err := alone(last); err != nil {
		return false, err
	}
	bt.writes = bt.writes[:size-1]
	if isThere, err = shows(last); err == nil && !isThere {
		z.proven = size
		return true, nil
	}
	return false, err
}

// showsUpdate reads a record and says whether it holds something that was sent to it.
func (b *bulkSend) showsUpdate(f *write) (bool, error) {
	live, err := b.Client.Get(b.ctx, b.e, record.IdOf(f.targetID))
	switch freshsales.OutcomeOf(err) {
	case freshsales.Done:
	case freshsales.Gone:
		return true, nil // it tells nothing of the batch
	default:
		return false, err
	}
	shown := b.account.Remote(b.k, live)
	for name, v := range f.sent {
		if record.Same(name, shown[name], v) {
			return true, nil
		}
	}
	return len(f.sent) == 0, nil
}

// inSmaller sends a batch that was cut once more, in halves that later batches do not exceed.
func (b *bulkSend) inSmaller(bt *batch) error {
	n := len(bt.writes)
	b.shrink(b.k.Entity, b.size, max(1, n/2), n)
	for _, some := range chunks(bt.writes, max(1, n/2)) {
		if err := b.handOver(&batch{writes: append([]*write(nil), some...)}); err != nil {
			return err
		}
	}
	return nil
}
