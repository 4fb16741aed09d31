package load

import (
	"fmt"

	"ferry/load/freshsales"
)

// deleteAll puts records of ours into the recycle bin, 100 at a time where that is possible.
func (r *rollback) deleteAll(k *kind, list []*undo) error {
	for len(list) > 0 {
		n := min(len(list), freshsales.MaxBatch)
		if err := r.deleteSome(k, list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

func (r *rollback) deleteSome(k *kind, list []*undo) error {
	if err := r.intendUndo(verbDelete, list); err != nil {
		return err
	}
	if !entityOf(k).HasBulk {
		return r.deleteEach(k, list)
	}
	ids := make([]int64, len(list))
	for i, u := range list {
		ids[i] = idOf(u.st.targetID)
	}
	err := r.client.BulkDestroy(r.ctx, entityOf(k), ids)
	if freshsales.MeaningOf(err) == freshsales.Refused {
		return r.deleteEach(k, list)
	}
	if err != nil {
		return err
	}
	for _, u := range list {
		if err := r.done(u, reversed, "", ""); err != nil {
			return err
		}
	}
	return nil
}

func (r *rollback) deleteEach(k *kind, list []*undo) error {
	errs := make([]error, len(list))
	if err := r.parallel(len(list), func(i int) error {
		_, errs[i] = r.client.Delete(r.ctx, entityOf(k), idOf(list[i].st.targetID))
		if freshsales.MeaningOf(errs[i]) == freshsales.Refused {
			return nil
		}
		return errs[i]
	}); err != nil {
		return err
	}
	for i, u := range list {
		result, reason := reversed, ""
		if errs[i] != nil {
			result, reason = failed, freshsales.WordsOf(errs[i])
		}
		if err := r.done(u, result, "", reason); err != nil {
			return err
		}
	}
	return nil
}

// intendUndo makes durable what is about to be undone.
func (r *rollback) intendUndo(verb string, list []*undo) error {
	return r.ledger.do(func(t *ledgerTx) error {
		for _, u := range list {
			i := &intent{run: r.runID(), entity: u.st.entity, key: u.st.key, verb: verb, targetID: u.st.targetID, fields: u.base.canonical(), at: r.now()}
			if err := t.intend(i); err != nil {
				return err
			}
			u.st.open = i.seq
		}
		return nil
	})
}

// restoreAll puts back what we changed in records that were there before us.
func (r *rollback) restoreAll(k *kind, list []*undo) error {
	if len(list) == 0 {
		return nil
	}
	if err := r.intendUndo(verbRestore, list); err != nil {
		return err
	}
	errs := make([]error, len(list))
	if err := r.parallel(len(list), func(i int) error {
		u := list[i]
		if len(u.send) == 0 {
			return nil
		}
		_, errs[i] = r.client.Update(r.ctx, entityOf(k), idOf(u.st.targetID), r.session.account.payload(k, u.send, 0, 0, ""))
		if m := freshsales.MeaningOf(errs[i]); m == freshsales.Refused || m == freshsales.Gone {
			return nil
		}
		return errs[i]
	}); err != nil {
		return err
	}
	for i, u := range list {
		var err error
		switch {
		case errs[i] != nil:
			err = r.done(u, failed, "", freshsales.WordsOf(errs[i]))
		case u.before == nil && len(u.base) > 0 && u.st.origin == originAdopted:
			err = r.done(u, failed, "", "adopted from the account: what it was before is not known")
		default:
			err = r.done(u, reversed, "", "")
		}
		if err == nil {
			err = r.keptFields(u)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unlink puts back the accounts of contacts that were there before us. Contacts of ours take their
// links with them.
func (r *rollback) unlink(list []*standing) error {
	return r.parallel(len(list), func(i int) error {
		st := list[i]
		contact, err := r.ledger.standing("contacts", st.key)
		if err != nil || contact == nil || r.isOurs(contact) || contact.targetID == "" {
			return err
		}
		u := &undo{st: st}
		image, err := r.imageOf(st)
		if err != nil || image == nil {
			return err
		}
		had, _ := image[accountLink].([]string)
		live, err := r.client.Get(r.ctx, freshsales.Contacts, idOf(contact.targetID), "sales_accounts")
		if err != nil {
			return err
		}
		var back []string
		for _, a := range live.Records("sales_accounts") {
			if id := idText(a.ID()); id != st.targetID {
				back = append(back, id)
			}
		}
		for _, id := range had {
			if id == st.targetID {
				back = append(back, id)
			}
		}
		if err := r.intendUndo(verbRestore, []*undo{u}); err != nil {
			return err
		}
		if _, err := r.client.Update(r.ctx, freshsales.Contacts, idOf(contact.targetID), accountsPayload(back)); err != nil {
			return err
		}
		return r.ledger.do(func(t *ledgerTx) error {
			return t.settle(outcome{intent: u.st.open, run: r.runID(), entity: accountLinks, key: st.key, outcome: reversed, targetID: st.targetID, at: r.now()})
		})
	})
}

func accountsPayload(ids []string) freshsales.Attributes {
	text := `{"sales_accounts":[`
	for i, id := range asSet(ids) {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf(`{"id":%s,"is_primary":%t}`, id, i == 0)
	}
	return freshsales.Attributes(text + `]}`)
}

// settleOpen finds out what became of creates that an interruption left open, so that nothing of
// ours is forgotten.
func (r *rollback) settleOpen() error {
	var open []*standing
	for _, k := range kinds {
		rows, err := r.ledger.read.Query(`select `+standingColumns+` from records where entity = ? and open <> 0 and target_id = ''`, k.entity)
		if err != nil {
			return r.ledger.problem(err)
		}
		for rows.Next() {
			st, err := scanStanding(rows)
			if err != nil {
				rows.Close()
				return r.ledger.problem(err)
			}
			open = append(open, st)
		}
		if err := rows.Close(); err != nil {
			return r.ledger.problem(err)
		}
	}
	if len(open) == 0 {
		return nil
	}
	if err := freshsales.Sleep(r.ctx, r.o.Clock, r.started.Add(r.o.SettleAfter).Sub(r.now())); err != nil {
		return err
	}
	return r.parallel(len(open), func(i int) error { return r.settleOne(open[i]) })
}

func (r *rollback) settleOne(st *standing) error {
	k := kindOf(st.entity)
	f, err := r.fieldsAt(st.open)
	if err != nil {
		return err
	}
	id := ""
	if k.identity != "" {
		rows, err := r.client.Lookup(r.ctx, entityOf(k), k.identity, asText(f[k.identity]))
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			id = idText(rows[0].ID)
		}
	} else if id, err = r.openChild(k, st, f); err != nil {
		return err
	}
	o := outcome{intent: st.open, run: st.run, entity: st.entity, key: st.key, outcome: created, targetID: id, at: r.now()}
	if id == "" {
		o.outcome = gone
	}
	return r.ledger.do(func(t *ledgerTx) error { return t.settle(o) })
}

func (r *rollback) openChild(k *kind, st *standing, f fields) (string, error) {
	contact, err := r.ledger.standing("contacts", asText(f[contactLink]))
	if err != nil || contact == nil || contact.targetID == "" {
		return "", err
	}
	c := &childFlight{k: k, record: &record{entity: k.entity, key: st.key, fields: f}, contactID: idOf(contact.targetID)}
	c.key = st.key
	there, err := r.refsOf(r.ctx, []*childFlight{c})
	return there[Ref(k.entity, st.key)], err
}
