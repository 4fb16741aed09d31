package load

import "slices"

// undoOrder is children before parents; what no call can delete comes last, when its contact may be
// gone.
func undoOrder() (order []string) {
	var last []string
	for _, entity := range planOrder() {
		if k := kindOf(entity); k != nil && !entityOf(k).HasUpdate {
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
func (r *rollback) orphans() error {
	for _, k := range kinds {
		if !k.perContact {
			continue
		}
		if err := r.each(k.entity, func(st *standing) error {
			if !st.isThere() {
				return nil
			}
			u := &undo{st: st}
			var err error
			if u.base, err = r.fieldsAt(max(st.good, st.open)); err != nil {
				return err
			}
			contact, err := r.ledger.standing("contacts", asText(u.base[contactLink]))
			if err != nil || contact == nil || contact.state != stateDeleted {
				return err
			}
			return r.done(u, reversed, "", "it went with its contact")
		}); err != nil {
			return err
		}
	}
	return nil
}
