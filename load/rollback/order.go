package rollback

import (
	"slices"

	"ferry/load/ledger"
	"ferry/load/record"
)

// undoOrder is children before parents; what no call can delete comes last, when its contact may be
// gone.
func undoOrder() (order []string) {
	var last []string
	for _, entity := range record.PlanOrder() {
		if k := record.KindOf(entity); k != nil && !record.EntityOf(k).HasUpdate {
			last = append(last, entity)
		} else {
			order = append(order, entity)
		}
	}
	slices.Reverse(order)
	return append(order, last...)
}

// orphans marks what hung on contacts of ours that are gone and was not undone itself: it went with
// them, without a call, and is made again with them.
func (r *undoing) orphans() error {
	for _, k := range record.Kinds {
		if !k.PerContact {
			continue
		}
		if err := r.each(k.Entity, func(st *ledger.RecordState) error {
			if !st.IsThere() {
				return nil
			}
			u := &undo{st: st}
			var err error
			if u.base, err = r.fieldsAt(max(st.Good, st.Open)); err != nil {
				return err
			}
			contact, err := r.Ledger.StateOf("contacts", record.AsText(u.base[record.ContactLink]))
			if err != nil || contact == nil || contact.State != ledger.StateDeleted {
				return err
			}
			return r.done(u, ledger.Reversed, "", "it went with its contact")
		}); err != nil {
			return err
		}
	}
	return nil
}
