package rollback

import (
	"fmt"

	"ferry/internal/run"
	"ferry/load/ledger"
	"ferry/load/record"
)

// row writes what came of a record, or of one field of it, and counts records.
func (r *undoing) row(st *ledger.RecordState, result, field, reason string) error {
	if field == "" {
		switch result {
		case "reversed":
			r.result.Reversed++
		case "kept":
			r.result.Kept++
		case "absent":
			r.result.Absent++
		case "failed":
			r.result.Failed++
		}
	}
	return r.out.Write(run.Row{st.Entity, st.Key, record.OrNull(st.TargetID), result, record.OrNull(field),
		record.OrNull(reason)})
}

// keep leaves a record that somebody edited, and says which fields.
func (r *undoing) keep(u *undo) error {
	r.settled[u.st.Entity+" "+u.st.TargetID] = true
	if err := r.row(u.st, "kept", "", fmt.Sprintf("edited in Freshsales since: %s",
		record.Plural(int64(len(u.kept)), "field"))); err != nil {
		return err
	}
	return r.keptFields(u)
}

func (r *undoing) keptFields(u *undo) error {
	for _, c := range u.kept {
		if err := r.row(u.st, "kept", c.Field, "a person changed it after we wrote it"); err != nil {
			return err
		}
	}
	if len(u.refused) > 0 {
		r.refusals++
	}
	for _, field := range u.refused {
		if err := r.row(u.st, "kept", field, "said no since, and undoing one run does not make it a yes"); err != nil {
			return err
		}
	}
	return nil
}

// done records what came of one record.
func (r *undoing) done(u *undo, result, field, reason string) error {
	o := ledger.Outcome{Intent: u.st.Open, Run: r.RunID(), Entity: u.st.Entity, Key: u.st.Key, Outcome: result,
		Reason: reason, TargetID: u.st.TargetID, At: r.Now(), Earlier: u.isEarlier}
	if u.st.Entity == record.AccountLinks && u.account != "" {
		o.TargetID = u.account
	}
	err := r.Ledger.Do(func(t *ledger.Tx) error {
		if err := t.Resolve(o); err != nil || result == ledger.Failed {
			return err
		}
		return t.WentWith(u.st.Entity, u.st.Key)
	})
	if err != nil {
		return err
	}
	if result == ledger.Failed {
		r.settled[u.st.Entity+" "+u.st.TargetID] = true
	}
	if result == ledger.Gone {
		result = "reversed"
	}
	return r.row(u.st, result, field, reason)
}
