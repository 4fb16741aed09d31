package load

import (
	"ferry/load/freshsales"
)

// settleOpen finds out what became of creates that an interruption left open, so that nothing of
// ours is forgotten.
func (r *rollback) settleOpen() error {
	var open []*standing
	for _, k := range kinds {
		list, err := r.ledger.openCreates(k.entity)
		if err != nil {
			return err
		}
		open = append(open, list...)
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
	there, err := r.remote.refsOf(r.ctx, []*sought{{k: k, key: st.key, fields: f, contactID: idOf(contact.targetID)}})
	return there[Ref(k.entity, st.key)], err
}
