package load

import (
	"ferry/load/freshsales"
)

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
