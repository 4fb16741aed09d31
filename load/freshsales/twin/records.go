package twin

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// writing says what a write is part of.
type writing struct {
	creating bool
	bulk     bool
}

// uniqueValue is something only one record may have.
type uniqueValue struct{ key, words string }

// wrapped takes the attributes out of their wrapper.
func wrapped(q *request, name string) (map[string]any, bool) {
	in, found := q.in[name].(map[string]any)
	return in, found
}

// create makes a record, or says everything that is wrong with it.
func (t *Twin) create(table int, q *request, in map[string]any, bulk bool) (int64, []string) {
	d := doc{}
	if wrong := t.fill(table, q, 0, d, in, writing{creating: true, bulk: bulk}); len(wrong) > 0 {
		return 0, wrong
	}
	tab := t.store.tables[table]
	id := tab.nextID()
	d["created_at"], d["updated_at"] = num(q.now.UnixMilli()), num(q.now.UnixMilli())
	d["creater_id"] = num(q.user)
	if t.sw.is("created_at", "honoured") {
		if at, given := readTime(in["created_at"], t.zone); given {
			d["created_at"] = num(at.UnixMilli())
		}
	}
	tab.put(id, d, live, q.now)
	t.afterCreate(table, q, id, d)
	return id, nil
}

// change writes attributes into a record that is there.
func (t *Twin) change(table int, q *request, id int64, in map[string]any, bulk bool) []string {
	tab := t.store.tables[table]
	before, there := tab.get(id)
	if !there {
		return []string{"Record not found"}
	}
	d := maps.Clone(before)
	if wrong := t.fill(table, q, id, d, in, writing{bulk: bulk}); len(wrong) > 0 {
		return wrong
	}
	d["updated_at"], d["updater_id"] = num(q.now.UnixMilli()), num(q.user)
	tab.put(id, d, live, q.now)
	t.afterChange(table, q, before, d)
	return nil
}

// taken says whether another record holds a unique value.
func (t *Twin) taken(table int, id int64, key string) bool {
	tab := t.store.tables[table]
	for _, n := range tab.holders(key, live) {
		if tab.id(n) != id {
			return true
		}
	}
	return t.sw.on("bin_holds_unique") && len(tab.holders(key, binned)) > 0
}

// id reads an id out of the path; one that is not a number is a path that does not exist.
func (q *request) id(i int) (int64, bool) {
	n, err := strconv.ParseInt(q.ids[i], 10, 64)
	return n, err == nil
}

// one answers with a single record in its wrapper, and whatever include asks for.
func (t *Twin) one(table int, q *request, id int64, status int) answer {
	tab := t.store.tables[table]
	d, there := tab.get(id)
	if !there || !t.visible(q, d) {
		return missing(tab.kind.noun)
	}
	out := object{{tab.kind.one, t.render(table, q, id, d)}}
	if table == tAppointments {
		out = append(out, appointmentSides(id, d)...)
	}
	out = append(out, t.included(table, q, []doc{d})...)
	return ok(status, append(out, t.hangingSides(table, q, id)...))
}

// visible says whether the key's user may see a record.
func (t *Twin) visible(q *request, d doc) bool {
	if !q.key.OwnedOnly {
		return true
	}
	owner, _ := number(d["owner_id"])
	return owner == q.user
}

func getOne(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		id, isID := q.id(0)
		if !isID {
			return nowhere()
		}
		return t.one(table, q, id, http.StatusOK)
	}
}

func updateOne(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		id, isID := q.id(0)
		if !isID {
			return nowhere()
		}
		k := t.store.tables[table].kind
		if d, there := t.store.tables[table].get(id); !there || !t.visible(q, d) {
			return missing(k.noun)
		}
		in, found := wrapped(q, k.one)
		if !found {
			return refuse("Invalid or missing attributes")
		}
		if wrong := t.change(table, q, id, in, false); len(wrong) > 0 {
			return refuse(wrong...)
		}
		return t.one(table, q, id, http.StatusOK)
	}
}

func deleteOne(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		id, isID := q.id(0)
		if !isID {
			return nowhere()
		}
		if !t.remove(table, q, id, binned) {
			return missing(t.store.tables[table].kind.noun)
		}
		return ok(http.StatusOK, true)
	}
}

// remove puts a live record into the recycle bin, or away for good.
func (t *Twin) remove(table int, q *request, id int64, to recordState) bool {
	tab := t.store.tables[table]
	d, there := tab.get(id)
	if !there || !t.visible(q, d) {
		return false
	}
	if table == tAccounts {
		t.dropLinks(q, id)
	}
	if to == erased {
		tab.put(id, doc{}, erased, q.now)
		return true
	}
	d["updated_at"], d["deleted_at"] = num(q.now.UnixMilli()), num(q.now.UnixMilli())
	tab.put(id, d, to, q.now)
	return true
}

func forgetOne(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		id, isID := q.id(0)
		if !isID {
			return nowhere()
		}
		tab := t.store.tables[table]
		_, inBin := tab.find(id, binned)
		if inBin {
			tab.put(id, doc{}, erased, q.now)
		} else if !t.remove(table, q, id, erased) {
			return missing(tab.kind.noun)
		}
		return ok(http.StatusOK, true)
	}
}

func restoreOne(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		id, isID := q.id(0)
		tab := t.store.tables[table]
		n, inBin := tab.find(id, binned)
		switch {
		case !isID || !t.sw.on("restore"):
			return nowhere()
		case !inBin:
			return missing(tab.kind.noun)
		}
		d := tab.doc(tab.records[n].now)
		delete(d, "deleted_at")
		d["updated_at"] = num(q.now.UnixMilli())
		tab.put(id, d, live, q.now)
		return t.one(table, q, id, http.StatusOK)
	}
}

// cloneOne copies a record, with what the body says otherwise.
func cloneOne(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		id, isID := q.id(0)
		if !isID {
			return nowhere()
		}
		tab := t.store.tables[table]
		d, there := tab.get(id)
		if !there {
			return missing(tab.kind.noun)
		}
		in := map[string]any{}
		for name, v := range d {
			if !slices.Contains(notCloned, name) {
				in[name] = v
			}
		}
		sent, _ := wrapped(q, tab.kind.one)
		maps.Copy(in, sent)
		made, wrong := t.create(table, q, in, false)
		if wrong != nil {
			return refuse(wrong...)
		}
		return t.one(table, q, made, t.sw.count("create_code"))
	}
}

var notCloned = []string{"created_at", "updated_at", "creater_id", "updater_id", "stage_updated_time", "_unique"}

// manageTeam is accepted and forgotten: nothing a loader reads shows the team.
func manageTeam(table int) func(*Twin, *request) answer { return getOne(table) }
