package send

import (
	"context"
	"errors"
	"io"
	"slices"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/plan"
	"ferry/load/record"
)

// linkSend links contacts to accounts that both exist by now.
type linkSend struct {
	*Sender
	ctx    context.Context
	single bool // bulk calls ignore links: one call each
	size   *batchSize
}

// links sends the links that are due. The first batch is read back, because bulk calls are known
// to drop links of other kinds silently.
func (s *Sender) links(f *plan.File) error {
	n := s.p.Counts[record.AccountLinks]
	if n[plan.Create]+n[plan.Update] == 0 {
		return nil
	}
	ls := &linkSend{Sender: s, ctx: freshsales.WithPhase(s.calls, record.AccountLinks)}
	verdict, err := s.Ledger.Meta("bulk_links")
	if err != nil {
		return err
	}
	if ls.size, err = s.sizeOf("contacts"); err != nil {
		return err
	}
	ls.single = verdict == "ignored"
	return ls.each(f, verdict)
}

func (ls *linkSend) each(f *plan.File, verdict string) error {
	in, err := run.OpenTable(f.Path)
	if err != nil {
		return err
	}
	defer in.Close()
	var list, ready []*write
	for more := true; more; {
		row, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			more = false
		case err != nil:
			return err
		default:
			st, err := plan.WorkStepOf(row)
			if err != nil {
				return err
			}
			if st.Action == plan.Create || st.Action == plan.Update {
				list = append(list, &write{key: st.Key, link: st.Changes[0].New, verb: ledger.VerbLink})
			}
		}
		most := int(ls.size.most.Load())
		if more && len(list) < most {
			continue
		}
		left, err := ls.ready(list, &verdict)
		if err != nil {
			return err
		}
		if list, ready = nil, append(ready, left...); more && len(ready) < most {
			continue
		}
		for _, some := range chunks(ready, most) {
			if ls.ctx.Err() != nil || ls.Sender.ctx.Err() != nil {
				return ls.Interrupted()
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
func (ls *linkSend) batch(ready []*write, verdict *string) error {
	if ls.single && !ls.Options.HasAcknowledged(account.SingleLinks) {
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
		if ready = missed; ls.single && len(ready) > 0 && !ls.Options.HasAcknowledged(account.SingleLinks) {
			return ls.giveBack(ready)
		}
	}
	return ls.Parallel(len(ready), func(i int) error { return ls.one(ready[i]) })
}

// bulk links a batch in one call and gives back what still has to be linked singly.
func (ls *linkSend) bulk(list []*write, verdict *string) ([]*write, error) {
	b := &bulkSend{Sender: ls.Sender, k: record.KindOf("contacts"), e: freshsales.Contacts, ctx: ls.ctx}
	bt := &batch{writes: list}
	err := b.post(bt)
	if freshsales.OutcomeOf(err) == freshsales.Refused {
		return ls.halves(list, verdict)
	}
	if err != nil {
		return nil, err
	}
	state, err := b.jobEnd(bt)
	if err != nil {
		return nil, err
	}
	suspects := named(list, state.Failures)
	switch {
	case !state.Ended || state.Failed < 0:
		return list, nil
	case state.Failed > 0 && state.Failed != len(suspects):
		return ls.halves(list, verdict)
	case leftOut(state, len(list)):
		ls.shrink("contacts", ls.size, len(list)/2, len(list))
		return ls.halves(list, verdict)
	}
	good := slices.DeleteFunc(slices.Clone(list), func(f *write) bool { return slices.Contains(suspects, f) })
	if *verdict == "" && len(good) > 0 {
		if err := ls.see(good[0], verdict); err != nil {
			return nil, err
		}
	}
	if ls.single = *verdict == "ignored"; ls.single {
		return list, nil
	}
	bt.writes = good
	isWhole := len(good) == 0
	if !isWhole {
		if isWhole, err = ls.isWhole(bt, ls.size, ls.isLinked, ls.one); err != nil {
			return nil, err
		}
	}
	if !isWhole {
		ls.shrink("contacts", ls.size, len(list)/2, len(list))
		more, err := ls.halves(bt.writes, verdict)
		return append(suspects, more...), err
	}
	return suspects, ls.linked(bt.writes)
}

// halves links the two halves of a batch, each in a call of its own: one bad link costs a few calls, and not one
// for each of its fellows.
func (ls *linkSend) halves(list []*write, verdict *string) (singly []*write, err error) {
	if len(list) <= fewest {
		return list, nil
	}
	for i, half := range [][]*write{list[:len(list)/2], list[len(list)/2:]} {
		if ls.single { // found out by the half before
			return append(singly, list[len(list)/2*i:]...), nil
		}
		more, err := ls.bulk(half, verdict)
		if err != nil {
			return nil, err
		}
		singly = append(singly, more...)
	}
	return singly, nil
}

// isLinked reads a contact back: is it linked to its account?
func (ls *linkSend) isLinked(f *write) (bool, error) {
	r, err := ls.Client.Get(ls.ctx, freshsales.Contacts, record.IdOf(f.targetID), "sales_accounts")
	if freshsales.OutcomeOf(err) == freshsales.Gone {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(r.Records("sales_accounts"), func(a freshsales.Record) bool {
		return a.ID() == f.linkID
	}), nil
}

func (ls *linkSend) linked(list []*write) error {
	return ls.resolved(record.AccountLinks, list, func(f *write) ledger.Outcome {
		return ledger.Outcome{Outcome: ledger.Created, TargetID: record.IdText(f.linkID), Digest: record.LinkDigest(f.link)}
	})
}

// giveBack leaves links due that nobody agreed to pay for yet.
func (ls *linkSend) giveBack(list []*write) error {
	notice, sentence := account.AskForSingleLinks(ls.Options, ls.p.Counts[record.AccountLinks][plan.Create])
	ls.Notices.Add(notice)
	ls.Say(run.Warning, record.AccountLinks, "%s", sentence)
	return ls.resolved(record.AccountLinks, list, func(f *write) ledger.Outcome {
		return ledger.Outcome{Outcome: ledger.Pending, Reason: account.LinksWait}
	})
}

func (ls *linkSend) one(f *write) error {
	_, err := ls.Client.Update(ls.ctx, freshsales.Contacts, record.IdOf(f.targetID), f.payload)
	f.calls++
	switch freshsales.OutcomeOf(err) {
	case freshsales.Done:
		return ls.linked([]*write{f})
	case freshsales.Refused, freshsales.Gone:
		return ls.resolved(record.AccountLinks, []*write{f}, func(f *write) ledger.Outcome {
			return ledger.Outcome{Outcome: ledger.Refused, Reason: freshsales.MessagesOf(err), Digest: record.LinkDigest(f.link)}
		})
	}
	return err
}
