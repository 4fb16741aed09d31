package load

import (
	"maps"
	"slices"
	"strings"

	"ferry/internal/run"
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
func (c *claims) match(rc *reconciler, k *kind, s sentRecord) error {
	if len(c.byMark) == 0 {
		return nil
	}
	marks := append(marksOf(k, s.fields), "ref "+Ref(k.entity, s.key))
	for _, m := range marks {
		for _, id := range c.byMark[m] {
			if c.taken[id] || idText(id) == s.targetID {
				continue
			}
			c.taken[id] = true
			rc.tallies[k.entity].Duplicate++
			if err := rc.out.Write(run.Row{k.entity, s.key, idText(id), classDuplicate, nil, nil, nil, false}); err != nil {
				return err
			}
		}
	}
	return nil
}

// marksOf are values that only one record of ours has, in the terms of the ledger.
func marksOf(k *kind, f fields) []string {
	var marks []string
	for _, name := range []string{"cf_xtremepush_id", "external_id", "email"} {
		if v := asText(f[name]); v != "" && k.entity == "contacts" {
			marks = append(marks, name+" "+strings.ToLower(v))
		}
	}
	if name := asText(f["name"]); name != "" && (k.entity == "deals" || k.entity == "accounts") {
		marks = append(marks, "name "+strings.ToLower(strings.Join(strings.Fields(name), " ")))
	}
	return marks
}

// extras lists the strangers that match nothing we sent.
func (rc *reconciler) extras(k *kind, c claims) error {
	for _, id := range slices.Sorted(maps.Keys(c.all)) {
		if c.taken[id] {
			continue
		}
		_, mark, isOurs := strings.Cut(c.all[id], " ")
		if isOurs {
			rc.tallies[k.entity].Extra++
		} else {
			rc.tallies[k.entity].Strangers++
		}
		if err := rc.out.Write(run.Row{k.entity, orNull(mark), idText(id), classExtra, nil, nil, nil, false}); err != nil {
			return err
		}
	}
	return nil
}
