package rollback

import (
	"maps"
	"slices"

	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/remote"
)

// undo is one record on its way back.
type undo struct {
	st      *ledger.RecordState
	base    record.Fields   // what we wrote
	also    record.Fields   // what an interrupted change, or undoing one, may have written
	before  record.Fields   // what it was before us
	earlier record.Fields   // what an earlier run of ours had written, where one had
	live    record.Fields   // what it is now; nil: gone
	kept    []record.Change // fields a person changed since
	refused []string        // fields that say no, which undoing one run does not end
	send    record.Fields   // what puts it back
	contact string          // the contact it goes back to, by number, where it hung on another
	account string          // likewise of a deal or a link
	reason  string          // why it failed

	isEarlier bool // what it goes back to is what an earlier run of ours wrote
	isDeleted bool // by a rollback that was stopped before it could note so, or with its contact
}

// look reads a record and finds out what a person did to it since.
func (r *undoing) look(k *record.Kind, st *ledger.RecordState) (*undo, error) {
	u := &undo{st: st}
	e := record.EntityOf(k)
	var err error
	if u.base, err = r.fieldsAt(st.Good); err != nil {
		return nil, err
	}
	if u.also, err = r.fieldsAt(st.Open); err != nil {
		return nil, err
	}
	if !e.HasUpdate {
		return u, r.wentWithContact(u)
	}
	if !r.isOurs(st) {
		if err := r.lookBack(u); err != nil {
			return nil, err
		}
	}
	if u.live, err = r.liveOf(k, e, u); err != nil {
		return nil, err
	}
	if u.live != nil && r.isOurs(st) && st.Good != 0 && len(u.wrote()) == 0 {
		u.reason = "what was sent of it was erased, and with that what was edited since: it stays"
	} else if u.live != nil {
		r.compare(k, u)
		u.keepRefusals(r.codes)
		if err := r.moveBack(k, u); err != nil {
			return nil, err
		}
	} else if len(u.wrote()) == 0 && !e.HasRead {
		u.reason = "what was sent of it was erased, and with that whose it is: it stays"
	} else if st.Open != 0 {
		i, err := r.Ledger.IntentAt(st.Open)
		if err != nil {
			return nil, err
		}
		u.isDeleted = i.Verb == ledger.VerbDelete
	}
	return u, nil
}

// lookBack finds what a record that stays goes back to, and what an earlier run of ours had written of that.
func (r *undoing) lookBack(u *undo) (err error) {
	if u.before, err = r.imageOf(u.st); err != nil {
		return err
	}
	if u.isEarlier, err = r.wroteBefore(u.st); err != nil || !u.isEarlier {
		return err
	}
	text, err := r.Ledger.FieldsBefore(u.st.Entity, u.st.Key, r.onlyRun)
	if err != nil {
		return err
	}
	u.earlier, err = record.ParseFields(text)
	u.earlier = r.account.Named(u.st.Entity, u.earlier)
	return err
}

// wroteBefore says whether a record that stays was written by a run before the one that is undone.
func (r *undoing) wroteBefore(st *ledger.RecordState) (bool, error) {
	if r.onlyRun == "" {
		return false, nil
	}
	if st.Origin == ledger.OriginCreated {
		return true, nil
	}
	first, err := r.Ledger.FirstRun(st.Entity, st.Key)
	return first != "" && first != r.onlyRun, err
}

// wentWithContact says of a record that no call can delete whether its contact was.
func (r *undoing) wentWithContact(u *undo) error {
	contact, err := r.Ledger.StateOf("contacts", record.AsText(u.wrote()[record.ContactLink]))
	if u.isDeleted = contact != nil && contact.State == ledger.StateDeleted; !u.isDeleted {
		u.reason = "Freshsales has no call that deletes a record of this kind"
	}
	return err
}

func (r *undoing) fieldsAt(seq int64) (record.Fields, error) {
	text, err := r.Ledger.FieldsOf(seq)
	if err != nil {
		return nil, err
	}
	return record.ParseFields(text)
}

// imageOf is the image that undoes this rollback's part: the first ever, or the first of a run.
func (r *undoing) imageOf(st *ledger.RecordState) (record.Fields, error) {
	f, err := r.Ledger.FirstImage(st.Entity, st.Key, r.onlyRun)
	return r.account.Named(st.Entity, f), err
}

func (r *undoing) liveOf(k *record.Kind, e freshsales.Entity, u *undo) (record.Fields, error) {
	if !e.HasRead {
		return r.shown[u.st.TargetID], nil
	}
	live, err := r.Client.Get(r.ctx, e, record.IdOf(u.st.TargetID), remote.LinksOf(k)...)
	switch freshsales.OutcomeOf(err) {
	case freshsales.Done:
		return r.account.Remote(k, live), nil
	case freshsales.Gone:
		return nil, nil
	}
	return nil, err
}

// compare finds what a person changed since we wrote, and what puts the rest back.
func (r *undoing) compare(k *record.Kind, u *undo) {
	u.send = record.Fields{}
	moved := k.Entity == "contacts" && r.movedByDeals[u.st.Key]
	all := u.wrote()
	for _, name := range record.SortedNames(all) {
		if name == record.ContactLink || name == record.AccountLink {
			continue
		}
		now, wrote := u.live[name], all[name]
		untouched := record.Same(name, now, wrote)
		if other, ok := u.base[name]; ok {
			untouched = untouched || record.Same(name, now, other)
		}
		if list, ok := wrote.([]string); ok && name == "tags" {
			r.compareTags(u, list)
			continue
		}
		switch {
		case !untouched && !(moved && slices.Contains(record.Automatic, name) && r.isRuleMove(name, u.live)):
			if u.before == nil || !record.Same(name, now, u.before[name]) {
				u.kept = append(u.kept, record.Change{Field: name, Old: record.AsText(wrote), New: record.AsText(now)})
			}
		case u.before != nil && !record.Same(name, now, u.before[name]):
			u.send[name] = u.before[name]
		}
	}
	if moved && u.before != nil {
		for _, name := range record.Automatic {
			if _, ours := all[name]; !ours && !record.Same(name, u.live[name], u.before[name]) && r.isRuleMove(name, u.live) {
				u.send[name] = u.before[name]
			}
		}
	}
}

// moveBack puts what hangs on a contact, or the deal of a company, back to where it hung, unless a person has moved it
// since. Of a deal's contacts Freshsales takes none away.
func (r *undoing) moveBack(k *record.Kind, u *undo) (err error) {
	switch {
	case k.RefIn != "":
		u.contact, err = r.linkBack(u, record.ContactLink, "contacts", "contact")
	case k.Entity == "deals":
		u.account, err = r.linkBack(u, record.AccountLink, "accounts", "account")
	}
	return err
}

// linkBack is what a record hung on before, "" where it does still or somebody has moved it.
func (r *undoing) linkBack(u *undo, link, entity, field string) (string, error) {
	before, now := record.AsText(u.before[link]), record.AsText(u.live[link])
	if before == "" || before == now {
		return "", nil
	}
	wrote := record.AsText(u.wrote()[link])
	parent, err := r.Ledger.StateOf(entity, wrote)
	if err != nil || wrote == now || parent != nil && parent.TargetID == now {
		return before, err
	}
	u.kept = append(u.kept, record.Change{Field: field, Old: wrote, New: now})
	return "", nil
}

// wrote is all that may stand there because of us: what we know we wrote, and over it what an
// interrupted call may have written. Of tags, both.
func (u *undo) wrote() record.Fields {
	all := record.Fields{}
	maps.Copy(all, u.base)
	maps.Copy(all, u.also)
	before, _ := u.base["tags"].([]string)
	if after, ok := u.also["tags"].([]string); ok {
		all["tags"] = record.AsSet(slices.Concat(before, after))
	}
	return all
}

// stands is what is there of ours once a record is put back.
func (u *undo) stands() record.Fields {
	all := u.wrote()
	wrote, _ := all["tags"].([]string)
	maps.Copy(all, u.send)
	if back, isChanged := u.send["tags"].([]string); isChanged { // some of these are a person's own
		ours, _ := u.earlier["tags"].([]string)
		all["tags"] = slices.DeleteFunc(slices.Clone(back), func(t string) bool {
			return !slices.Contains(ours, t) && !slices.Contains(wrote, t)
		})
	}
	if u.contact != "" {
		all[record.ContactLink] = u.contact
	}
	if u.account != "" {
		all[record.AccountLink] = u.account
	}
	return all
}

// compareTags takes back the tags we added and leaves those a person added; of those that an earlier run of ours had
// added and this one took away, it puts back.
func (r *undoing) compareTags(u *undo, wrote []string) {
	now, _ := u.live["tags"].([]string)
	if u.before == nil {
		for _, t := range now {
			if !slices.Contains(wrote, t) {
				u.kept = append(u.kept, record.Change{Field: "tags", New: t})
			}
		}
		for _, t := range u.tagsForSure() {
			if !slices.Contains(now, t) {
				u.kept = append(u.kept, record.Change{Field: "tags", Old: t})
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
	ours, _ := u.earlier["tags"].([]string)
	for _, t := range had {
		if slices.Contains(ours, t) && !slices.Contains(wrote, t) {
			back = append(back, t)
		}
	}
	if back = record.AsSet(back); !record.Same("tags", back, now) {
		u.send["tags"] = back
	}
}

// tagsForSure are the tags that stood there once we had written, whichever of our writes came last.
func (u *undo) tagsForSure() []string {
	before, _ := u.base["tags"].([]string)
	after, isOpen := u.also["tags"].([]string)
	if !isOpen {
		return before
	}
	return slices.DeleteFunc(slices.Clone(before), func(t string) bool { return !slices.Contains(after, t) })
}
