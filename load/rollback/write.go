package rollback

import (
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
)

// deleteAll puts records of ours into the recycle bin, 100 at a time where that is possible.
func (r *undoing) deleteAll(k *record.Kind, list []*undo) error {
	for len(list) > 0 {
		n := min(len(list), freshsales.MaxBatch)
		if err := r.deleteSome(k, list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

func (r *undoing) deleteSome(k *record.Kind, list []*undo) error {
	if err := r.intendUndo(ledger.VerbDelete, list); err != nil {
		return err
	}
	if !record.EntityOf(k).HasBulk {
		return r.deleteEach(k, list)
	}
	ids := make([]int64, len(list))
	for i, u := range list {
		ids[i] = record.IdOf(u.st.TargetID)
	}
	err := r.Client.BulkDestroy(r.ctx, record.EntityOf(k), ids)
	if freshsales.OutcomeOf(err) == freshsales.Refused {
		return r.deleteEach(k, list)
	}
	if err != nil {
		return err
	}
	for _, u := range list {
		if err := r.done(u, ledger.Reversed, "", ""); err != nil {
			return err
		}
	}
	return nil
}

func (r *undoing) deleteEach(k *record.Kind, list []*undo) error {
	errs := make([]error, len(list))
	if err := r.Parallel(len(list), func(i int) error {
		_, errs[i] = r.Client.Delete(r.ctx, record.EntityOf(k), record.IdOf(list[i].st.TargetID))
		if freshsales.OutcomeOf(errs[i]) == freshsales.Refused {
			return nil
		}
		return errs[i]
	}); err != nil {
		return err
	}
	for i, u := range list {
		result, reason := ledger.Reversed, ""
		if errs[i] != nil {
			result, reason = ledger.Failed, freshsales.MessagesOf(errs[i])
		}
		if err := r.done(u, result, "", reason); err != nil {
			return err
		}
	}
	return nil
}

// intendUndo makes durable what is about to be undone.
func (r *undoing) intendUndo(verb string, list []*undo) error {
	return r.Ledger.Do(func(t *ledger.Tx) error {
		for _, u := range list {
			fields := u.wrote()
			if u.isEarlier {
				fields = u.stands()
			}
			i := &ledger.Intent{Run: r.RunID(), Entity: u.st.Entity, Key: u.st.Key, Verb: verb, TargetID: u.st.TargetID,
				Fields: fields.Canonical(), At: r.Now()}
			if err := t.Intend(i); err != nil {
				return err
			}
			u.st.Open = i.Seq
		}
		return nil
	})
}

// restoreAll puts back what we changed in records that were there before us.
func (r *undoing) restoreAll(k *record.Kind, list []*undo) error {
	if len(list) == 0 {
		return nil
	}
	if err := r.intendUndo(ledger.VerbRestore, list); err != nil {
		return err
	}
	errs := make([]error, len(list))
	if err := r.Parallel(len(list), func(i int) error {
		u := list[i]
		if len(u.send) == 0 && u.contact == "" && u.account == "" {
			return nil
		}
		ref := ""
		if u.st.Origin != ledger.OriginFound {
			ref = record.Ref(k.Entity, u.st.Key)
		}
		_, errs[i] = r.Client.Update(r.ctx, record.EntityOf(k), record.IdOf(u.st.TargetID),
			r.account.Change(k, u.send, record.IdOf(u.contact), record.IdOf(u.account), ref))
		if m := freshsales.OutcomeOf(errs[i]); m == freshsales.Refused || m == freshsales.Gone {
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
			err = r.done(u, ledger.Failed, "", freshsales.MessagesOf(errs[i]))
		case u.before == nil && len(u.base) > 0 && u.st.Origin == ledger.OriginAdopted:
			err = r.done(u, ledger.Failed, "", "adopted from the account: what it was before is not known")
		case u.before == nil && len(u.base) > 0 && u.st.Origin == ledger.OriginFound && r.onlyRun == "":
			err = r.done(u, ledger.Failed, "", "it was there before us: it stays, and what it held before is not known")
		default:
			err = r.done(u, ledger.Reversed, "", "")
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
