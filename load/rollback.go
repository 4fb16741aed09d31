package load

import (
	"context"
	"fmt"
	"slices"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// RollbackResult is what a rollback did.
type RollbackResult struct {
	Reversed, Kept, Failed int64
	Delete, Restore        int64 // records it would, or did set out to, delete or put back
	Estimate               Estimate
	Calls                  int64
}

// Rollback reads the ledger backwards: what we created is deleted (into the recycle bin where there
// is one), what we changed is put back from its before-image, and what somebody edited since is
// kept and listed. It writes to the same ledger, so it can be interrupted and run again.
func Rollback(ctx context.Context, dir run.Dir, o Options) (RollbackResult, error) {
	s, err := openSession(dir, o)
	if err != nil {
		return RollbackResult{}, err
	}
	defer s.close()
	if s.account, err = preflight(ctx, s.client, s.dir, s.o); err != nil {
		return RollbackResult{}, s.explain(err)
	}
	if err := s.checkOwner(false); err != nil {
		return RollbackResult{}, err
	}
	r := &rollback{session: s, ctx: freshsales.WithPhase(ctx, "rollback"), movedByDeals: map[string]bool{}}
	if o.CostOnly {
		err := r.price()
		return r.result, err
	}
	out, err := run.CreateTable(dir.Loaded(o.Target.Name, RollbackTable), rollbackSchema)
	if err != nil {
		return RollbackResult{}, err
	}
	r.out = out
	err = s.explain(r.all())
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	r.result.Calls = s.calls.total()
	if err == nil {
		err = s.writeSideTables(r.result.Estimate)
	}
	return r.result, err
}

// rollback undoes entity by entity, children before parents.
type rollback struct {
	*session
	ctx          context.Context
	out          *run.TableWriter
	result       RollbackResult
	movedByDeals map[string]bool // contacts whose stage a deal of ours may have moved
}

func (r *rollback) all() error {
	if err := r.settleOpen(); err != nil {
		return err
	}
	if err := r.price(); err != nil {
		return err
	}
	if err := r.noteDeals(); err != nil {
		return err
	}
	order := planOrder()
	slices.Reverse(order)
	for _, entity := range order {
		if !r.wants(entity) {
			continue
		}
		if err := r.entity(entity); err != nil {
			return err
		}
	}
	return nil
}

// undoes says whether a record falls under this rollback.
func (r *rollback) undoes(st *standing) bool {
	if st.targetID == "" || st.state == stateDeleted || st.state == stateRestored || st.state == stateGone {
		return false
	}
	return r.o.OnlyRun == "" || st.born == r.o.OnlyRun || st.run == r.o.OnlyRun
}

// isOurs says that the record itself, not a change of it, is what is undone.
func (r *rollback) isOurs(st *standing) bool {
	return st.origin == originCreated && (r.o.OnlyRun == "" || st.born == r.o.OnlyRun)
}

// price says what the rollback costs before it spends it.
func (r *rollback) price() error {
	e := Estimate{}
	for _, entity := range planOrder() {
		if entity == accountLinks || !r.wants(entity) {
			continue
		}
		var ours, theirs int64
		if err := r.each(entity, func(st *standing) error {
			switch {
			case !r.undoes(st):
			case r.isOurs(st):
				ours++
			default:
				theirs++
			}
			return nil
		}); err != nil {
			return err
		}
		k := kindOf(entity)
		if name := entityOf(k).Name; ours+theirs > 0 {
			deletes := ours
			if entityOf(k).HasBulk {
				deletes = batches(ours)
			}
			e.Calls = append(e.Calls, PhaseCalls{"rollback", name + " read", ours + theirs}, PhaseCalls{"rollback", name + " delete", deletes}, PhaseCalls{"rollback", name + " update", theirs})
			e.Total += ours + 2*theirs + deletes
			r.result.Delete += ours
			r.result.Restore += theirs
		}
	}
	if hour := r.client.Pacer().State().Budget.Hour; hour > 0 {
		e.Hours = float64(e.Total) / float64(hour)
	}
	r.result.Estimate = e
	r.say(run.Note, "rollback", "at most %s, %.1f hours at this account's quota", plural(e.Total, "call"), e.Hours)
	return nil
}

// each streams the records of an entity.
func (s *session) each(entity string, do func(*standing) error) error {
	rows, err := s.ledger.standings(context.Background(), entity)
	if err != nil {
		return err
	}
	defer rows.Close()
	return rows.rest(do)
}

// noteDeals remembers which contacts have deals of ours: the account moves their stage by itself.
func (r *rollback) noteDeals() error {
	return r.each("deals", func(st *standing) error {
		text, err := r.ledger.fieldsOf(max(st.good, st.open))
		if err != nil {
			return err
		}
		f, err := parseFields(text)
		if contact := asText(f[contactLink]); contact != "" {
			r.movedByDeals[contact] = true
		}
		return err
	})
}

// entity undoes one kind, a chunk at a time.
func (r *rollback) entity(entity string) error {
	var chunk []*standing
	flush := func() error {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		err := r.chunk(entity, chunk)
		chunk = chunk[:0]
		return err
	}
	err := r.each(entity, func(st *standing) error {
		if st.state == stateDeleted || st.state == stateRestored {
			return r.row(st, "reversed", "", "")
		}
		if !r.undoes(st) {
			return nil
		}
		if chunk = append(chunk, st); len(chunk) < chunkSize {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

func (r *rollback) row(st *standing, result, field, reason string) error {
	if field == "" {
		switch result {
		case "reversed":
			r.result.Reversed++
		case "kept":
			r.result.Kept++
		case "failed":
			r.result.Failed++
		}
	}
	return r.out.Write(run.Row{st.entity, st.key, orNull(st.targetID), result, orNull(field), orNull(reason)})
}

// undo is one record on its way back.
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

func (r *rollback) chunk(entity string, list []*standing) error {
	if entity == accountLinks {
		return r.unlink(list)
	}
	k := kindOf(entity)
	undos := make([]*undo, len(list))
	err := r.parallel(len(list), func(i int) (err error) {
		undos[i], err = r.look(k, list[i])
		return err
	})
	if err != nil {
		return err
	}
	var deletes, restores []*undo
	for _, u := range undos {
		switch {
		case u.live == nil && u.reason == "":
			if err := r.done(u, gone, "", "it was no longer there"); err != nil {
				return err
			}
		case u.reason != "":
			if err := r.done(u, failed, "", u.reason); err != nil {
				return err
			}
		case r.isOurs(u.st) && len(u.kept) > 0:
			if err := r.keep(u); err != nil {
				return err
			}
		case r.isOurs(u.st):
			deletes = append(deletes, u)
		default:
			restores = append(restores, u)
		}
	}
	if err := r.deleteAll(k, deletes); err != nil {
		return err
	}
	return r.restoreAll(k, restores)
}

// look reads a record and finds out what a person did to it since.
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

// imageOf is the image that undoes this rollback's part: the first ever, or the first of a run.
func (r *rollback) imageOf(st *standing) (fields, error) {
	rows, err := r.ledger.read.Query(`select run, fields from images where entity = ? and key = ? order by seq`, st.entity, st.key)
	if err != nil {
		return nil, r.ledger.problem(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, r.ledger.problem(err)
		}
		if r.o.OnlyRun == "" || id == r.o.OnlyRun {
			return parseFields([]byte(text))
		}
	}
	return nil, r.ledger.problem(rows.Err())
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

// automatic fields are moved by the account itself when a deal of ours arrives.
var automatic = []string{"lifecycle_stage_id", "contact_status_id"}

// compare finds what a person changed since we wrote, and what puts the rest back.
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

// keep leaves a record that somebody edited, and says which fields.
func (r *rollback) keep(u *undo) error {
	if err := r.row(u.st, "kept", "", fmt.Sprintf("edited in Freshsales since: %s", plural(int64(len(u.kept)), "field"))); err != nil {
		return err
	}
	return r.keptFields(u)
}

func (r *rollback) keptFields(u *undo) error {
	for _, c := range u.kept {
		if err := r.row(u.st, "kept", c.Field, "a person changed it after we wrote it"); err != nil {
			return err
		}
	}
	return nil
}

// done records what came of one record.
func (r *rollback) done(u *undo, result, field, reason string) error {
	o := outcome{intent: u.st.open, run: r.runID(), entity: u.st.entity, key: u.st.key, outcome: result, reason: reason, targetID: u.st.targetID, at: r.now()}
	if err := r.ledger.do(func(t *ledgerTx) error { return t.settle(o) }); err != nil {
		return err
	}
	if result == gone {
		result = "reversed"
	}
	return r.row(u.st, result, field, reason)
}
