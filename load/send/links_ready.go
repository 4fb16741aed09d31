package load

import (
	"fmt"

	"ferry/load/freshsales"
)

// ready are the links of a list that are still to be made: both ends are there, and they did not
// travel with their contacts.
func (ls *linkSend) ready(list []*flight, verdict *string) ([]*flight, error) {
	due, err := ls.due(list)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	return ls.travelled(due, verdict)
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
