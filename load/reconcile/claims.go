package reconcile

import (
	"context"
	"maps"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/load/ledger"
	"ferry/load/record"
)

// claims are records of the account that the ledger does not know and that came after our first
// write, with the marks of ours they carry.
type claims struct {
	byMark map[string][]int64
	taken  map[int64]bool   // matched with a record of ours: duplicates
	all    map[int64]string // the mark nobody but ferry writes; "" without one
}

func (c *claims) add(id int64, marks ...string) {
	if c.byMark == nil {
		c.byMark, c.taken, c.all = map[string][]int64{}, map[int64]bool{}, map[int64]string{}
	}
	c.all[id] = ""
	for _, m := range marks {
		c.byMark[m] = append(c.byMark[m], id)
		if strings.HasPrefix(m, "ref ") || strings.HasPrefix(m, "cf_xtremepush_id ") {
			c.all[id] = m
		}
	}
}

// match lists the strangers that carry a mark of a record of ours.
func (c *claims) match(rc *reconciler, k *record.Kind, s ledger.SentRecord) error {
	if len(c.byMark) == 0 {
		return nil
	}
	marks := append(marksOf(k, s.Fields), "ref "+record.Ref(k.Entity, s.Key))
	for _, m := range marks {
		for _, id := range c.byMark[m] {
			if c.taken[id] || record.IdText(id) == s.TargetID {
				continue
			}
			c.taken[id] = true
			rc.tallies[k.Entity].Duplicate++
			if err := rc.out.Write(run.Row{k.Entity, s.Key, record.IdText(id), Duplicate, nil, nil, nil, false}); err != nil {
				return err
			}
		}
	}
	return nil
}

// marksOf are values that only one record of ours has, in the terms of the ledger.
func marksOf(k *record.Kind, f record.Fields) []string {
	var marks []string
	for _, name := range []string{"cf_xtremepush_id", "external_id", "email"} {
		if v := record.AsText(f[name]); v != "" && k.Entity == "contacts" {
			marks = append(marks, name+" "+strings.ToLower(v))
		}
	}
	if name := record.AsText(f["name"]); name != "" && (k.Entity == "deals" || k.Entity == "accounts") {
		marks = append(marks, "name "+strings.ToLower(strings.Join(strings.Fields(name), " ")))
	}
	return marks
}

// notesOfCalls takes out the notes that Freshsales makes beside the calls we log: they carry the Ref of their call.
func (rc *reconciler) notesOfCalls(ctx context.Context, k *record.Kind, c claims) error {
	if k.Entity != "notes" || len(c.byMark) == 0 {
		return nil
	}
	return rc.Ledger.SentRecords(ctx, "phone_calls", func(s ledger.SentRecord) error {
		for _, id := range c.byMark["ref "+record.Ref("phone_calls", s.Key)] {
			c.taken[id] = true
		}
		return nil
	})
}

// extras lists the strangers that match nothing we sent.
func (rc *reconciler) extras(ctx context.Context, k *record.Kind, c claims) error {
	if err := rc.notesOfCalls(ctx, k, c); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(c.all)) {
		if c.taken[id] {
			continue
		}
		_, mark, isOurs := strings.Cut(c.all[id], " ")
		if isOurs {
			rc.tallies[k.Entity].Extra++
		} else {
			rc.tallies[k.Entity].Strangers++
		}
		if err := rc.out.Write(run.Row{k.Entity, record.OrNull(mark), record.IdText(id), Extra, nil, nil, nil,
			false}); err != nil {
			return err
		}
	}
	return nil
}
