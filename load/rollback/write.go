package load

import (
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
			i := &intent{run: r.runID(), entity: u.st.entity, key: u.st.key, verb: verb, targetID: u.st.targetID, fields: u.wrote().canonical(), at: r.now()}
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
		_, errs[i] = r.client.Update(r.ctx, entityOf(k), idOf(u.st.targetID), r.account.payload(k, u.send, 0, 0, ""))
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
