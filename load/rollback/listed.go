package rollback

import (
	"strings"

	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
)

// listing is a list that shows records of a kind whole.
type listing struct {
	k     *record.Kind
	pages int64
}

func (l *listing) query(page int64) freshsales.Query {
	return freshsales.Query{Page: int(page), Filter: *l.k.WholeList}
}

// findList asks for the first page of a kind's list: is there one, does it show records whole, and is it
// shorter than a read for each of ours?
func (r *undoing) findList(k *record.Kind, ours int64) error {
	if k.WholeList == nil || ours < 3 {
		return nil
	}
	l := &listing{k: k}
	page, err := r.Client.List(r.ctx, record.EntityOf(k), l.query(1))
	switch freshsales.OutcomeOf(err) {
	case freshsales.Done:
	case freshsales.Gone, freshsales.Unsupported, freshsales.Refused, freshsales.Forbidden:
		return nil // no such list here: each record is read
	default:
		return err
	}
	size := int64(len(page.Rows))
	if page.Total < size || size == 0 || !showsWhole(k, nil, page.Rows[0].Record()) {
		return nil
	}
	if l.pages = (page.Total + size - 1) / size; l.pages < ours {
		r.lists[k.Entity] = l
	}
	return nil
}

// showsWhole says whether a row tells all that a person can change, and all that we wrote.
func showsWhole(k *record.Kind, wrote record.Fields, row freshsales.Record) bool {
	for _, name := range editable[k.Entity] {
		if _, told := row[name]; !told {
			return false
		}
	}
	_, hasCustom := row["custom_field"]
	for name := range wrote {
		if _, told := row[name]; !told && !strings.HasPrefix(name, "@") && !(hasCustom && strings.HasPrefix(name, "cf_")) {
			return false
		}
	}
	return true
}

// lagPatience is how much longer than the usual lag of lists an edit may take to show in one.
const lagPatience = 4

// fromList undoes what a list shows untouched. It goes from the last page to the first, because what is
// deleted moves only the pages behind it; a record that moved on between two pages is read singly later.
// A list lags behind people, too: it is not asked for before it must show what they did until we came.
func (r *undoing) fromList(l *listing) error {
	shown := r.Started.Add(lagPatience * r.Options.ReadBackAfter)
	if err := freshsales.Sleep(r.ctx, r.Options.Clock, shown.Sub(r.Now())); err != nil {
		return err
	}
	for n := l.pages; n > 0; n-- {
		page, err := r.Client.List(r.ctx, record.EntityOf(l.k), l.query(n))
		if err != nil {
			return err
		}
		if err := r.undoRows(l.k, page.Rows); err != nil {
			return err
		}
	}
	return nil
}

func (r *undoing) undoRows(k *record.Kind, rows []freshsales.Row) error {
	var undos, deletes []*undo
	for _, row := range rows {
		u, err := r.fromRow(k, row)
		if err != nil {
			return err
		}
		if u != nil {
			undos = append(undos, u)
		}
	}
	if err := r.findEdits(k, undos); err != nil {
		return err
	}
	for _, u := range undos {
		if len(u.kept) == 0 {
			deletes = append(deletes, u)
			continue
		}
		if err := r.keep(u); err != nil {
			return err
		}
	}
	return r.deleteAll(k, deletes)
}

// fromRow compares a row with what we wrote; nil: it is not ours to delete, or the row does not tell.
func (r *undoing) fromRow(k *record.Kind, row freshsales.Row) (*undo, error) {
	st, err := r.Ledger.ByTarget(k.Entity, record.IdText(row.ID))
	if err != nil || st == nil || st.Open != 0 || !r.isOurs(st) || r.isSettled(st) {
		return nil, err
	}
	if undoes, err := r.undoes(st); err != nil || !undoes {
		return nil, err
	}
	u := &undo{st: st}
	if u.base, err = r.fieldsAt(st.Good); err != nil {
		return nil, err
	}
	shown := row.Record()
	if !showsWhole(k, u.base, shown) {
		return nil, nil
	}
	u.live = r.account.Remote(k, shown)
	r.compare(k, u)
	return u, nil
}

// isSettled says that this rollback has already said what becomes of a record.
func (r *undoing) isSettled(st *ledger.RecordState) bool {
	if r.lists[st.Entity] == nil {
		return false
	}
	isDeletedNow := st.State == ledger.StateDeleted && st.At >= r.Started.UnixMilli()
	return isDeletedNow || r.settled[st.Entity+" "+st.TargetID]
}

// below lists, for kinds that cannot be read singly, what hangs on the contacts of some records: one call
// for each contact.
func (r *undoing) below(k *record.Kind, list []*ledger.RecordState) error {
	r.shown = map[string]record.Fields{}
	contacts := map[string]bool{}
	for _, st := range list {
		id, err := r.contactOf(st)
		if err != nil {
			return err
		}
		if id != "" {
			contacts[id] = true
		}
	}
	ids := record.SortedKeys(contacts)
	found := make([]map[string]record.Fields, len(ids))
	if err := r.Parallel(len(ids), func(i int) (err error) {
		found[i], err = r.remote.Related(r.ctx, k, record.IdOf(ids[i]))
		return err
	}); err != nil {
		return err
	}
	for _, rows := range found {
		for id, fields := range rows {
			r.shown[id] = fields
		}
	}
	return nil
}

// contactOf is the number of the contact a record hangs on; "" where it is not known.
func (r *undoing) contactOf(st *ledger.RecordState) (string, error) {
	f, err := r.fieldsAt(max(st.Good, st.Open))
	if err != nil {
		return "", err
	}
	contact, err := r.Ledger.StateOf("contacts", record.AsText(f[record.ContactLink]))
	if err != nil || contact == nil {
		return "", err
	}
	return contact.TargetID, nil
}
