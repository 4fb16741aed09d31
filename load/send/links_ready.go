package send

import (
	"fmt"

	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
)

// ready are the links of a list that are still to be made: both ends are there, and they did not
// travel with their contacts.
func (ls *linkSend) ready(list []*write, verdict *string) ([]*write, error) {
	due, err := ls.due(list)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	return ls.travelled(due, verdict)
}

// due finds both ends of links that are not made yet.
func (ls *linkSend) due(list []*write) ([]*write, error) {
	known, err := ls.Ledger.StatesOf(record.AccountLinks, keysOf(list))
	if err != nil {
		return nil, err
	}
	contacts, err := ls.Ledger.StatesOf("contacts", keysOf(list))
	if err != nil {
		return nil, err
	}
	var due []*write
	for _, f := range list {
		st, contact := known[f.key], contacts[f.key]
		account, err := ls.Ledger.StateOf("accounts", f.link)
		if err != nil {
			return nil, err
		}
		isLinked := st != nil && st.Open == 0 && st.State == ledger.StateLive &&
			string(st.Digest) == string(record.LinkDigest(f.link))
		if isLinked || !contact.IsThere() || !account.IsThere() {
			continue
		}
		f.targetID, f.linkID = contact.TargetID, record.IdOf(account.TargetID)
		f.isNew = contact.Outcome == ledger.Created && contact.At >= ls.Started.UnixMilli()
		if st != nil && st.Open != 0 && !st.IsThere() {
			f.linkSeq = st.Open
		}
		due = append(due, f)
	}
	return due, nil
}

func keysOf(list []*write) []string {
	keys := make([]string, len(list))
	for i, f := range list {
		keys[i] = f.key
	}
	return keys
}

// travelled settles links that went with their contacts, once one of them was seen to have arrived.
func (ls *linkSend) travelled(list []*write, verdict *string) ([]*write, error) {
	var with, without []*write
	for _, f := range list {
		if f.linkSeq != 0 && ls.Options.AccountsFirst {
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
func (ls *linkSend) see(f *write, verdict *string) error {
	isLinked, err := ls.isLinked(f)
	if err != nil {
		return err
	}
	if *verdict = "ignored"; isLinked {
		*verdict = "honoured"
	}
	return ls.Ledger.SetMeta("bulk_links", *verdict)
}

// accountsOf are the accounts a contact has besides ours, which a new list would replace. Only a contact that this load
// made has none; to any other a person may have given some since.
func (ls *linkSend) accountsOf(f *write) ([]int64, error) {
	linked, err := ls.Ledger.StateOf(record.AccountLinks, f.key)
	if err != nil || f.isNew && !linked.IsThere() {
		return nil, err
	}
	r, err := ls.Client.Get(ls.ctx, freshsales.Contacts, record.IdOf(f.targetID), "sales_accounts")
	f.calls++
	if err != nil {
		return nil, err
	}
	image := record.Fields{record.AccountLink: record.IdList(r.Records("sales_accounts"))}
	if err := ls.Ledger.Do(func(t *ledger.Tx) error {
		return t.Image(ls.RunID(), record.AccountLinks, f.key, f.targetID, image.Canonical(), ls.Now())
	}); err != nil {
		return nil, err
	}
	var ids []int64
	for _, a := range r.Records("sales_accounts") {
		if linked == nil || record.IdText(a.ID()) != linked.TargetID {
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

func (ls *linkSend) intend(list []*write) error {
	return ls.Ledger.Do(func(t *ledger.Tx) error {
		for _, f := range list {
			i := &ledger.Intent{Run: ls.RunID(), Entity: record.AccountLinks, Key: f.key, Verb: ledger.VerbLink,
				TargetID: record.IdText(f.linkID),
				Fields:   record.Fields{record.AccountLink: f.link}.Canonical(), At: ls.Now()}
			if err := t.Intend(i); err != nil {
				return err
			}
			f.seq = i.Seq
		}
		return nil
	})
}
