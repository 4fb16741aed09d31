package load

import (
	"maps"
	"slices"

	"ferry/load/freshsales"
)

// undo is one record on its way back.
type undo struct {
	st     *standing
	base   fields   // what we wrote
	also   fields   // what an interrupted change, or undoing one, may have written
	before fields   // what it was before us
	live   fields   // what it is now; nil: gone
	kept   []change // fields a person changed since
	send   fields   // what puts it back
	reason string   // why it failed

	isDeleted bool // by a rollback that was stopped before it could note so, or with its contact
}

// look reads a record and finds out what a person did to it since.
func (r *rollback) look(k *kind, st *standing) (*undo, error) {
	u := &undo{st: st}
	e := entityOf(k)
	var err error
	if u.base, err = r.fieldsAt(st.good); err != nil {
		return nil, err
	}
	if u.also, err = r.fieldsAt(st.open); err != nil {
		return nil, err
	}
	if !e.HasUpdate {
		return u, r.wentWithContact(u)
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
	} else if st.open != 0 {
		i, err := r.ledger.intentAt(st.open)
		if err != nil {
			return nil, err
		}
		u.isDeleted = i.verb == verbDelete
	}
	return u, nil
}

// wentWithContact says of a record that no call can delete whether its contact was.
func (r *rollback) wentWithContact(u *undo) error {
	contact, err := r.ledger.standing("contacts", asText(u.wrote()[contactLink]))
	if u.isDeleted = contact != nil && contact.state == stateDeleted; !u.isDeleted {
		u.reason = "Freshsales has no call that deletes a record of this kind"
	}
	return err
}

func (r *rollback) fieldsAt(seq int64) (fields, error) {
	text, err := r.ledger.fieldsOf(seq)
	if err != nil {
		return nil, err
	}
	return parseFields(text)
}

// imageOf is the image that undoes this rollback's part: the first ever, or the first of a run.
func (r *rollback) imageOf(st *standing) (fields, error) {
	return r.ledger.firstImage(st.entity, st.key, r.o.OnlyRun)
}

func (r *rollback) liveOf(k *kind, e freshsales.Entity, u *undo) (fields, error) {
	if !e.HasRead {
		contact, err := r.ledger.standing("contacts", asText(u.wrote()[contactLink]))
		if err != nil || contact == nil {
			return nil, err
		}
		return r.remote.findRelated(r.ctx, k, idOf(contact.targetID), func(x freshsales.Record) bool { return idText(x.ID()) == u.st.targetID })
	}
	live, err := r.client.Get(r.ctx, e, idOf(u.st.targetID), linksOf(k)...)
	switch freshsales.MeaningOf(err) {
	case freshsales.Done:
		return r.account.live(k, live), nil
	case freshsales.Gone:
		return nil, nil
	}
	return nil, err
}

// compare finds what a person changed since we wrote, and what puts the rest back.
func (r *rollback) compare(k *kind, u *undo) {
	u.send = fields{}
	moved := k.entity == "contacts" && r.movedByDeals[u.st.key]
	all := u.wrote()
	for _, name := range sortedNames(all) {
		if name == contactLink || name == accountLink {
			continue
		}
		now, wrote := u.live[name], all[name]
		untouched := same(name, now, wrote)
		if other, ok := u.base[name]; ok {
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
			if _, ours := all[name]; !ours && !same(name, u.live[name], u.before[name]) {
				u.send[name] = u.before[name]
			}
		}
	}
	if u.before == nil {
		r.typedBesides(k, u)
	}
}

// wrote is all that may stand there because of us: what we know we wrote, and over it what an
// interrupted call may have written. Of tags, both.
func (u *undo) wrote() fields {
	all := fields{}
	maps.Copy(all, u.base)
	maps.Copy(all, u.also)
	before, _ := u.base["tags"].([]string)
	if after, ok := u.also["tags"].([]string); ok {
		all["tags"] = asSet(slices.Concat(before, after))
	}
	return all
}

// compareTags takes back the tags we added and leaves those a person added.
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

// typed are attributes that stay empty on a new record unless somebody fills them.
var typed = []string{"first_name", "last_name", "job_title", "work_number", "mobile_number", "address", "city", "state", "zipcode", "country",
	"facebook", "twitter", "linkedin", "website", "phone", "expected_close", "tags"}

// typedBesides finds what a person filled in that we left empty.
func (r *rollback) typedBesides(k *kind, u *undo) {
	all := u.wrote()
	for _, name := range sortedNames(u.live) {
		if _, ours := all[name]; ours || isEmpty(u.live[name]) || name == refField {
			continue
		}
		isField := len(name) > 3 && name[:3] == "cf_" && u.live[name] != false
		if isField || slices.Contains(typed, name) {
			u.kept = append(u.kept, change{Field: name, New: asText(u.live[name])})
		}
	}
}
