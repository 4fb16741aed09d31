package rollback

import (
	"fmt"

	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
)

// unlink puts back the accounts of contacts that were there before us. Contacts of ours take their
// links with them.
func (r *undoing) unlink(list []*ledger.RecordState) error {
	undos := make([]*undo, len(list))
	results := make([]string, len(list))
	err := r.Parallel(len(list), func(i int) (err error) {
		undos[i] = &undo{st: list[i]}
		results[i], err = r.unlinkOne(undos[i])
		return err
	})
	if err != nil {
		return err
	}
	for i, u := range undos {
		if results[i] == "" {
			continue
		}
		if err := r.done(u, results[i], "", u.reason); err != nil {
			return err
		}
	}
	return nil
}

// unlinkOne says how it went; "" when the link goes with its contact.
func (r *undoing) unlinkOne(u *undo) (string, error) {
	contact, err := r.Ledger.StateOf("contacts", u.st.Key)
	if err != nil || contact == nil || r.isOurs(contact) || contact.TargetID == "" {
		return "", err
	}
	image, err := r.imageOf(u.st)
	if err != nil || image == nil {
		return "", err
	}
	live, err := r.Client.Get(r.ctx, freshsales.Contacts, record.IdOf(contact.TargetID), "sales_accounts")
	if err == nil {
		err = r.relink(u, record.IdOf(contact.TargetID), live, image)
	}
	switch freshsales.OutcomeOf(err) {
	case freshsales.Done:
		return ledger.Reversed, nil
	case freshsales.Gone:
		u.reason = "its contact was no longer there"
		return ledger.Gone, nil
	case freshsales.Refused:
		u.reason = freshsales.MessagesOf(err)
		return ledger.Failed, nil
	}
	return "", err
}

// relink gives a contact the accounts it had, and those a person gave it since.
func (r *undoing) relink(u *undo, contact int64, live freshsales.Record, image record.Fields) error {
	back := accountsBefore(live, image, u.st.TargetID)
	before, err := r.linkBefore(image, u.st.TargetID)
	if err != nil {
		return err
	}
	if before != nil {
		back = append(back, before.TargetID)
		u.isEarlier, u.account = true, before.TargetID
	}
	if err := r.intendUndo(ledger.VerbRestore, []*undo{u}); err != nil {
		return err
	}
	_, err = r.Client.Update(r.ctx, freshsales.Contacts, contact, accountsPayload(back))
	return err
}

// linkBefore is the account an earlier run of ours had linked, before the run that is undone linked another.
func (r *undoing) linkBefore(image record.Fields, ours string) (*ledger.RecordState, error) {
	had, _ := image[record.AccountLink].([]string)
	if r.onlyRun == "" {
		return nil, nil
	}
	for _, id := range had {
		if id == ours {
			continue
		}
		if st, err := r.Ledger.ByTarget("accounts", id); err != nil || st.IsThere() {
			return st, err
		}
	}
	return nil, nil
}

// accountsBefore are the accounts a contact has now but for ours, which stays only if it was among
// those it had.
func accountsBefore(live freshsales.Record, image record.Fields, ours string) (back []string) {
	for _, a := range live.Records("sales_accounts") {
		if id := record.IdText(a.ID()); id != ours {
			back = append(back, id)
		}
	}
	had, _ := image[record.AccountLink].([]string)
	for _, id := range had {
		if id == ours {
			back = append(back, id)
		}
	}
	return back
}

func accountsPayload(ids []string) freshsales.Attributes {
	text := `{"sales_accounts":[`
	for i, id := range record.AsSet(ids) {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf(`{"id":%s,"is_primary":%t}`, id, i == 0)
	}
	return freshsales.Attributes(text + `]}`)
}
