package rollback

import (
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/remote"
)

// resolveOpen finds out what became of creates that an interruption left open, so that nothing of
// ours is forgotten.
func (r *undoing) resolveOpen() error {
	var open []*ledger.RecordState
	for _, k := range record.Kinds {
		list, err := r.Ledger.OpenCreates(k.Entity)
		if err != nil {
			return err
		}
		open = append(open, list...)
	}
	if len(open) == 0 {
		return nil
	}
	if err := freshsales.Sleep(r.ctx, r.Options.Clock, r.Started.Add(r.Options.SettleAfter).Sub(r.Now())); err != nil {
		return err
	}
	return r.Parallel(len(open), func(i int) error { return r.resolveOne(open[i]) })
}

func (r *undoing) resolveOne(st *ledger.RecordState) error {
	k := record.KindOf(st.Entity)
	f, err := r.fieldsAt(st.Open)
	if err != nil {
		return err
	}
	id, existed := "", false
	if k.Identity != "" {
		rows, err := r.Client.Lookup(r.ctx, record.EntityOf(k), k.Identity, record.AsText(f[k.Identity]))
		if err != nil {
			return err
		}
		newest, err := r.remote.NewestBefore(k.Entity)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			id, existed = record.IdText(rows[0].ID), rows[0].ID <= newest
		}
	} else if id, err = r.openChild(k, st, f); err != nil {
		return err
	}
	o := ledger.Outcome{Intent: st.Open, Run: st.Run, Entity: st.Entity, Key: st.Key, Outcome: ledger.Created,
		TargetID: id, Existed: existed, At: r.Now()}
	if id == "" {
		o.Outcome = ledger.Gone
	}
	return r.Ledger.Do(func(t *ledger.Tx) error { return t.Resolve(o) })
}

func (r *undoing) openChild(k *record.Kind, st *ledger.RecordState, f record.Fields) (string, error) {
	contact, err := r.Ledger.StateOf("contacts", record.AsText(f[record.ContactLink]))
	if err != nil || contact == nil || contact.TargetID == "" {
		return "", err
	}
	there, err := r.remote.RefsOf(r.ctx, []*remote.Sought{{K: k, Key: st.Key, Fields: f,
		ContactID: record.IdOf(contact.TargetID)}})
	return there[record.Ref(k.Entity, st.Key)], err
}
