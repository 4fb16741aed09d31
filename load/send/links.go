package load

import (
	"context"
	"errors"
	"fmt"
	"io"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// linkSend links contacts to accounts that both exist by now.
type linkSend struct {
	*sender
	ctx    context.Context
	single bool // bulk calls ignore links: one call each
}

// links sends the links that are due. The first batch is read back, because bulk calls are known
// to drop links of other kinds silently.
func (s *sender) links(f *planFile) error {
	n := s.p.counts[accountLinks]
	if n[actCreate]+n[actUpdate] == 0 {
		return nil
	}
	ls := &linkSend{sender: s, ctx: freshsales.WithPhase(s.calls, accountLinks)}
	verdict, err := s.ledger.meta("bulk_links")
	if err != nil {
		return err
	}
	if ls.single = verdict == "ignored"; ls.single && !s.o.hasAcknowledged(SingleLinks) {
		return s.askForSingleLinks(n[actCreate] + n[actUpdate])
	}
	return ls.each(f, verdict)
}

func (s *sender) askForSingleLinks(due int64) error {
	s.notices.add(notice{"limitation", accountLinks, "", fmt.Sprintf(
		"this account ignores account links in bulk calls; linking %d contacts takes a call each, which nobody acknowledged yet", due)})
	s.say(run.Warning, accountLinks, "bulk calls do not link contacts to accounts here: %d single calls are needed; add %s to acknowledged: and load again", due, SingleLinks)
	return nil
}

func (ls *linkSend) each(f *planFile, verdict string) error {
	in, err := run.OpenTable(f.path)
	if err != nil {
		return err
	}
	defer in.Close()
	var list, ready []*flight
	for more := true; more; {
		row, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			more = false
		case err != nil:
			return err
		default:
			st, err := workStepOf(row)
			if err != nil {
				return err
			}
			if st.action == actCreate || st.action == actUpdate {
				list = append(list, &flight{key: st.key, link: st.changes[0].New, verb: verbLink})
			}
		}
		if more && len(list) < ls.o.batchSize {
			continue
		}
		left, err := ls.ready(list, &verdict)
		if err != nil {
			return err
		}
		if list, ready = nil, append(ready, left...); more && len(ready) < ls.o.batchSize {
			continue
		}
		for _, some := range chunks(ready, ls.o.batchSize) {
			if ls.ctx.Err() != nil || ls.sender.ctx.Err() != nil {
				return ls.interrupted()
			}
			if err := ls.batch(some, &verdict); err != nil {
				return err
			}
		}
		ready = nil
	}
	return nil
}

// chunks cuts a list into parts of at most n.
func chunks[T any](list []T, n int) (parts [][]T) {
	for len(list) > n {
		parts, list = append(parts, list[:n]), list[n:]
	}
	if len(list) > 0 {
		parts = append(parts, list)
	}
	return parts
}

// batch links up to 100 contacts.
func (ls *linkSend) batch(ready []*flight, verdict *string) error {
	if ls.single && !ls.o.hasAcknowledged(SingleLinks) {
		return ls.giveBack(ready)
	}
	for _, f := range ready {
		ids, err := ls.accountsOf(f)
		if err != nil {
			return err
		}
		f.payload = linkPayload(f.linkID, ids)
	}
	if err := ls.intend(ready); err != nil {
		return err
	}
	if !ls.single {
		missed, err := ls.bulk(ready, verdict)
		if err != nil {
			return err
		}
		if ready = missed; ls.single && len(ready) > 0 && !ls.o.hasAcknowledged(SingleLinks) {
			return ls.giveBack(ready)
		}
	}
	return ls.parallel(len(ready), func(i int) error { return ls.one(ready[i]) })
}

// bulk links a batch in one call and gives back what still has to be linked singly.
func (ls *linkSend) bulk(list []*flight, verdict *string) ([]*flight, error) {
	b := &bulkSend{sender: ls.sender, k: kindOf("contacts"), e: freshsales.Contacts, ctx: ls.ctx}
	items := make([]freshsales.Item, len(list))
	for i, f := range list {
		items[i] = freshsales.Item{ID: idOf(f.targetID), Data: f.payload}
		f.calls++
	}
	job, err := ls.client.BulkUpsert(ls.ctx, freshsales.Contacts, items)
	if freshsales.MeaningOf(err) == freshsales.Refused {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	state, err := b.jobEnd(&batch{flights: list, job: job, answered: ls.now()})
	if err != nil {
		return nil, err
	}
	if !state.Ended || state.Failed != 0 {
		return list, nil
	}
	if *verdict == "" {
		if err := ls.see(list[0], verdict); err != nil {
			return nil, err
		}
	}
	if ls.single = *verdict == "ignored"; ls.single {
		return list, nil
	}
	return nil, ls.linked(list)
}

func (ls *linkSend) linked(list []*flight) error {
	return ls.settled(accountLinks, list, func(f *flight) outcome {
		return outcome{outcome: created, targetID: idText(f.linkID), digest: linkDigest(f.link)}
	})
}

// giveBack leaves links due that nobody agreed to pay for yet.
func (ls *linkSend) giveBack(list []*flight) error {
	if err := ls.askForSingleLinks(ls.p.counts[accountLinks][actCreate]); err != nil {
		return err
	}
	return ls.settled(accountLinks, list, func(f *flight) outcome {
		return outcome{outcome: pending, reason: "bulk calls ignore account links here; single calls are not acknowledged (" + SingleLinks + ")"}
	})
}

func (ls *linkSend) one(f *flight) error {
	_, err := ls.client.Update(ls.ctx, freshsales.Contacts, idOf(f.targetID), f.payload)
	f.calls++
	switch freshsales.MeaningOf(err) {
	case freshsales.Done:
		return ls.linked([]*flight{f})
	case freshsales.Refused, freshsales.Gone:
		return ls.settled(accountLinks, []*flight{f}, func(f *flight) outcome {
			return outcome{outcome: refused, reason: freshsales.WordsOf(err), digest: linkDigest(f.link)}
		})
	}
	return err
}
