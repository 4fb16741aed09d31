package rollback

import (
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

// price says what the rollback costs before it spends it.
func (r *undoing) price() error {
	var counts []undoCount
	for _, entity := range record.PlanOrder() {
		n, err := r.count(entity)
		if err != nil {
			return err
		}
		if n.ours+n.theirs == 0 {
			continue
		}
		counts = append(counts, n)
		if n.k != nil {
			if err := r.findList(n.k, n.ours); err != nil {
				return err
			}
		}
	}
	e := target.Estimate{}
	r.Calls.Each(e.Add) // what it took to look at the account is part of it
	for _, n := range counts {
		if n.k == nil {
			e.Add("rollback", "contacts read", n.theirs)
			e.Add("rollback", "contacts update", n.theirs)
			continue
		}
		u := target.Undo{Of: record.EntityOf(n.k), Ours: n.ours, Theirs: n.theirs, Contacts: n.contacts}
		if l := r.lists[n.k.Entity]; l != nil {
			u.Pages = l.pages
		}
		e.AddUndo(u)
		r.result.Delete += n.ours
		r.result.Restore += n.theirs
	}
	e.Over(r.Client.Pacer().State().Budget.Hour)
	r.result.Estimate = e
	return nil
}

// undoCount is how many records of a kind are to be undone; links of contacts have no kind.
type undoCount struct {
	k                      *record.Kind
	ours, theirs, contacts int64
}

func (r *undoing) count(entity string) (n undoCount, err error) {
	if !r.takes(entity) {
		return n, nil
	}
	if entity == record.AccountLinks {
		return n, r.each(entity, func(st *ledger.RecordState) error {
			if isDue, err := r.isLinkDue(st); err != nil || !isDue {
				return err
			}
			n.theirs++
			return nil
		})
	}
	n.k = record.KindOf(entity)
	e := record.EntityOf(n.k)
	if !e.HasUpdate {
		return undoCount{}, nil
	}
	contacts, inChunk := map[string]bool{}, 0
	err = r.each(entity, func(st *ledger.RecordState) error {
		if undoes, err := r.undoes(st); err != nil || !undoes {
			return err
		}
		if r.isOurs(st) {
			n.ours++
		} else {
			n.theirs++
		}
		if e.HasRead {
			return nil
		}
		contact, err := r.contactOf(st)
		if contact != "" && !contacts[contact] {
			contacts[contact] = true
			n.contacts++
		}
		if inChunk++; inChunk == target.ChunkSize {
			contacts, inChunk = map[string]bool{}, 0
		}
		return err
	})
	return n, err
}

func (r *undoing) isLinkDue(st *ledger.RecordState) (bool, error) {
	if undoes, err := r.undoes(st); err != nil || !undoes {
		return false, err
	}
	contact, err := r.Ledger.StateOf("contacts", st.Key)
	if err != nil || contact == nil || r.isOurs(contact) || contact.TargetID == "" {
		return false, err
	}
	image, err := r.imageOf(st)
	return image != nil, err
}
