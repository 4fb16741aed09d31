package load

import (
	"slices"

	"ferry/load/freshsales"
)

type undo struct {
	st     *standing
	base   fields   // what we wrote
	also   fields   // what an interrupted change may have written
	before fields   // what it was before us
	live   fields   // what it is now; nil: gone
	kept   []change // fields a person changed since
	send   fields   // what puts it back
	reason string   // why it failed
}

func (r *rollback) look(k *kind, st *standing) (*undo, error) {
	u := &undo{st: st}
	e := entityOf(k)
	if !e.HasUpdate {
		u.reason = "Freshsales has no call that deletes a record of this kind"
		return u, nil
	}
	var err error
	if u.base, err = r.fieldsAt(st.good); err != nil {
		return nil, err
	}
	if u.also, err = r.fieldsAt(st.open); err != nil {
		return nil, err
	}
	if !r.isOurs(st) {
		if u.before, err = r.imageOf(st); err != nil {
			return nil, err
		}
	}
	if u.live, err = r.liveOf(k, e, u); err != nil {
		return nil, err
	}
	if u.live != nil {
		r.compare(k, u)
	}
	return u, nil
}

func (r *rollback) fieldsAt(seq int64) (fields, error) {
	text, err := r.ledger.fieldsOf(seq)
	if err != nil {
		return nil, err
	}
	return parseFields(text)
}

func (r *rollback) imageOf(st *standing) (fields, error) {
	return r.ledger.firstImage(st.entity, st.key, r.o.OnlyRun)
}

func (r *rollback) liveOf(k *kind, e freshsales.Entity, u *undo) (fields, error) {
	if !e.HasRead {
		base := u.base
		if base == nil {
			base = u.also
		}
		contact, err := r.ledger.standing("contacts", asText(base[contactLink]))
		if err != nil || contact == nil {
			return nil, err
		}
		return r.findRelated(r.ctx, k, idOf(contact.targetID), func(x freshsales.Record) bool { return idText(x.ID()) == u.st.targetID })
	}
	live, err := r.client.Get(r.ctx, e, idOf(u.st.targetID), linksOf(k)...)
	switch freshsales.MeaningOf(err) {
	case freshsales.Done:
		return r.session.account.live(k, live), nil
	case freshsales.Gone:
		return nil, nil
	}
	return nil, err
}

func (r *rollback) compare(k *kind, u *undo) {
	u.send = fields{}
	moved := k.entity == "contacts" && r.movedByDeals[u.st.key]
	for _, name := range sortedNames(u.base) {
		if name == contactLink || name == accountLink {
			continue
		}
		now, wrote := u.live[name], u.base[name]
		untouched := same(name, now, wrote)
		if other, ok := u.also[name]; ok {
			untouched = untouched || same(name, now, other)
		}
		if list, ok := wrote.([]string); ok && name == "tags" {
			r.compareTags(u, list)
			continue
		}
		switch {
		case !untouched && !(moved && slices.Contains(automatic, name)):
			if u.before == nil || !same(name, now, u.before[name]) {
				u.kept = append(u.kept, change{Field: name, Old: asText(wrote), New: asText(now)})
			}
		case u.before != nil && !same(name, now, u.before[name]):
			u.send[name] = u.before[name]
		}
	}
	if moved && u.before != nil {
		for _, name := range automatic {
			if _, ours := u.base[name]; !ours && !same(name, u.live[name], u.before[name]) {
				u.send[name] = u.before[name]
			}
		}
	}
	if u.before == nil {
		r.typedBesides(k, u)
	}
}

func (r *rollback) compareTags(u *undo, wrote []string) {
	now, _ := u.live["tags"].([]string)
	if u.before == nil {
		for _, t := range now {
			if !slices.Contains(wrote, t) {
				u.kept = append(u.kept, change{Field: "tags", New: t})
			}
		}
		return
	}
	had, _ := u.before["tags"].([]string)
	var back []string
	for _, t := range now {
		if !slices.Contains(wrote, t) || slices.Contains(had, t) {
			back = append(back, t)
		}
	}
	if back = asSet(back); !same("tags", back, now) {
		u.send["tags"] = back
	}
}

var typed = []string{"first_name", "last_name", "job_title", "work_number", "mobile_number", "address", "city", "state", "zipcode", "country",
	"facebook", "twitter", "linkedin", "website", "phone", "expected_close", "tags"}

func (r *rollback) typedBesides(k *kind, u *undo) {
	for _, name := range sortedNames(u.live) {
		_, ours := u.base[name]
		_, also := u.also[name]
		if ours || also || isEmpty(u.live[name]) || name == "cf_ferry_ref" {
			continue
		}
		isField := len(name) > 3 && name[:3] == "cf_" && u.live[name] != false
		if isField || slices.Contains(typed, name) {
			u.kept = append(u.kept, change{Field: name, New: asText(u.live[name])})
		}
	}
}
