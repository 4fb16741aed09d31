package load

import (
	"context"
	"errors"
	"fmt"
	"io"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// SingleLinks is the name of the cost that must be acknowledged where bulk calls ignore account
// links: one call per contact.
const SingleLinks = "single_account_links"

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
	if ls.single = verdict == "ignored"; ls.single && !s.acknowledged(SingleLinks) {
		return s.askForSingleLinks(n[actCreate] + n[actUpdate])
	}
	return ls.each(f, verdict)
}

func (s *session) acknowledged(name string) bool {
	for _, a := range s.o.Acknowledged {
		if a == name {
			return true
		}
	}
	return false
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
	var list []*flight
	for {
		row, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		st, err := workStepOf(row)
		if err != nil {
			return err
		}
		if st.action != actCreate && st.action != actUpdate {
			continue
		}
		if list = append(list, &flight{key: st.key, link: st.changes[0].New, verb: verbLink}); len(list) < ls.o.batchSize {
			continue
		}
		if verdict, err = ls.batch(list, verdict); err != nil {
			return err
		}
		if list = nil; ls.ctx.Err() != nil || ls.sender.ctx.Err() != nil {
			return ls.interrupted()
		}
	}
	_, err = ls.batch(list, verdict)
	return err
}

// batch links up to 100 contacts; those whose ends are not both there stay as they are.
func (ls *linkSend) batch(list []*flight, verdict string) (string, error) {
	ready, err := ls.due(list)
	if err != nil || len(ready) == 0 {
		return verdict, err
	}
	if ready, err = ls.travelled(ready, &verdict); err != nil || len(ready) == 0 {
		return verdict, err
	}
	if ls.single && !ls.acknowledged(SingleLinks) {
		return verdict, ls.giveBack(ready)
	}
	for _, f := range ready {
		ids, err := ls.accountsOf(f)
		if err != nil {
			return verdict, err
		}
		f.payload = linkPayload(f.linkID, ids)
	}
	if err := ls.intend(ready); err != nil {
		return verdict, err
	}
	if !ls.single {
		missed, err := ls.bulk(ready, &verdict)
		if err != nil {
			return verdict, err
		}
		if ready = missed; ls.single && len(ready) > 0 && !ls.acknowledged(SingleLinks) {
			return verdict, ls.giveBack(ready)
		}
	}
	return verdict, ls.parallel(len(ready), func(i int) error { return ls.one(ready[i]) })
}

// due finds both ends of links that are not made yet.
func (ls *linkSend) due(list []*flight) ([]*flight, error) {
	known, err := ls.ledger.standingOf(accountLinks, keysOf(list))
	if err != nil {
		return nil, err
	}
	contacts, err := ls.ledger.standingOf("contacts", keysOf(list))
	if err != nil {
		return nil, err
	}
	var due []*flight
	for _, f := range list {
		st, contact := known[f.key], contacts[f.key]
		account, err := ls.ledger.standing("accounts", f.link)
		if err != nil {
			return nil, err
		}
		isLinked := st != nil && st.open == 0 && st.state == stateLive && string(st.digest) == string(linkDigest(f.link))
		if isLinked || !contact.isThere() || !account.isThere() {
			continue
		}
		f.targetID, f.linkID, f.isOurs = contact.targetID, idOf(account.targetID), contact.origin == originCreated
		if st != nil && st.open != 0 && !st.isThere() {
			f.linkSeq = st.open
		}
		due = append(due, f)
	}
	return due, nil
}

func keysOf(list []*flight) []string {
	keys := make([]string, len(list))
	for i, f := range list {
		keys[i] = f.key
	}
	return keys
}

// travelled settles links that went with their contacts, once one of them was seen to have arrived.
func (ls *linkSend) travelled(list []*flight, verdict *string) ([]*flight, error) {
	var with, without []*flight
	for _, f := range list {
		if f.linkSeq != 0 && ls.o.AccountsFirst {
			with = append(with, f)
		} else {
			without = append(without, f)
		}
	}
	if len(with) == 0 {
		return list, nil
	}
	if *verdict == "" {
		if err := ls.see(with[0], verdict); err != nil {
			return nil, err
		}
	}
	if ls.single = *verdict == "ignored"; ls.single {
		return list, nil
	}
	for _, f := range with {
		f.seq = f.linkSeq
	}
	return without, ls.linked(with)
}

// see reads a contact back: did the bulk call link it?
func (ls *linkSend) see(f *flight, verdict *string) error {
	r, err := ls.client.Get(ls.ctx, freshsales.Contacts, idOf(f.targetID), "sales_accounts")
	if err != nil {
		return err
	}
	*verdict = "ignored"
	for _, a := range r.Records("sales_accounts") {
		if a.ID() == f.linkID {
			*verdict = "honoured"
		}
	}
	return ls.ledger.setMeta("bulk_links", *verdict)
}

// accountsOf are the accounts a contact has besides ours, which a new list would replace. Only a
// contact that was there before us, or was linked before, can have any.
func (ls *linkSend) accountsOf(f *flight) ([]int64, error) {
	linked, err := ls.ledger.standing(accountLinks, f.key)
	if err != nil || f.isOurs && !linked.isThere() {
		return nil, err
	}
	r, err := ls.client.Get(ls.ctx, freshsales.Contacts, idOf(f.targetID), "sales_accounts")
	f.calls++
	if err != nil {
		return nil, err
	}
	image := fields{accountLink: idList(r.Records("sales_accounts"))}
	if err := ls.ledger.do(func(t *ledgerTx) error {
		return t.image(ls.runID(), accountLinks, f.key, f.targetID, image.canonical(), ls.now())
	}); err != nil {
		return nil, err
	}
	var ids []int64
	for _, a := range r.Records("sales_accounts") {
		if linked == nil || idText(a.ID()) != linked.targetID {
			ids = append(ids, a.ID())
		}
	}
	return ids, nil
}

func linkPayload(first int64, more []int64) freshsales.Attributes {
	text := fmt.Sprintf(`{"sales_accounts":[{"id":%d,"is_primary":true}`, first)
	for _, id := range more {
		if id != first {
			text += fmt.Sprintf(`,{"id":%d,"is_primary":false}`, id)
		}
	}
	return freshsales.Attributes(text + `]}`)
}

func (ls *linkSend) intend(list []*flight) error {
	return ls.ledger.do(func(t *ledgerTx) error {
		for _, f := range list {
			i := &intent{run: ls.runID(), entity: accountLinks, key: f.key, verb: verbLink, targetID: idText(f.linkID),
				fields: fields{accountLink: f.link}.canonical(), at: ls.now()}
			if err := t.intend(i); err != nil {
				return err
			}
			f.seq = i.seq
		}
		return nil
	})
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
