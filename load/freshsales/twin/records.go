package twin

import (
	"fmt"
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

// required says whether the tenant has made a standard field required.
func (t *Twin) required(entity, name string) bool {
	f, known := t.account.field(entity, name)
	return known && f.Required
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

func upsertOne(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		tab := t.store.tables[table]
		in, found := wrapped(q, tab.kind.one)
		by, named := q.in["unique_identifier"].(map[string]any)
		if !found || !named || len(by) == 0 {
			return refuse("Invalid or missing attributes")
		}
		id, wrong := t.identify(table, by, false)
		if wrong != "" {
			return refuse(wrong)
		}
		if id != 0 {
			if wrong := t.change(table, q, id, in, false); len(wrong) > 0 {
				return refuse(wrong...)
			}
			return t.one(table, q, id, http.StatusOK)
		}
		id, problems := t.create(table, q, withIdentifier(in, by), false)
		if problems != nil {
			return refuse(problems...)
		}
		return t.one(table, q, id, t.sw.count("upsert_create_code"))
	}
}

// withIdentifier lets a created record have the identifier it was asked for by.
func withIdentifier(in, by map[string]any) map[string]any {
	out := maps.Clone(in)
	for name, v := range by {
		if _, sent := out[name]; !sent && name != "id" {
			if _, single := out["email"]; name != "emails" || !single {
				out[name] = v
			}
		}
	}
	return out
}

// identify finds the record an upsert means; 0 is none, so create (reference 3.5, 10.8, 10.9).
func (t *Twin) identify(table int, by map[string]any, bulk bool) (int64, string) {
	tab := t.store.tables[table]
	for name, v := range by {
		if v == nil || text(v) == "" {
			return 0, "Unique identifier can't be blank"
		}
		if name == "id" && (bulk || table == tDeals || t.sw.is("upsert_by", "unique")) {
			id, _ := number(v)
			if _, there := tab.find(id, live); !there {
				return 0, missingIdentifier(tab.kind)
			}
			return id, ""
		}
		if !t.identifies(table, name) {
			return 0, fmt.Sprintf("%s is not a unique identifier", name)
		}
		if name == "emails" {
			name = "email"
		}
		found := tab.holders(key(name, text(v)), live)
		switch {
		case len(found) == 0 && t.sw.is("upsert_none", "refuse"):
			return 0, missingIdentifier(tab.kind)
		case len(found) == 0:
			return 0, ""
		case len(found) > 1 && t.sw.is("upsert_many", "refuse"):
			return 0, "More than one record matches the unique identifier"
		}
		return tab.id(slices.Min(found)), ""
	}
	return 0, ""
}

func missingIdentifier(k *kind) string {
	return fmt.Sprintf("No %s matches the unique identifier", k.noun)
}

// identifies says whether upsert takes an attribute as identifier.
func (t *Twin) identifies(table int, name string) bool {
	switch {
	case table == tContacts && name == "emails", table == tAccounts && name == "name":
		return true
	case t.sw.is("upsert_by", "documented"):
		return false
	}
	f, custom := t.account.field(t.store.tables[table].kind.name, name)
	return custom && f.Unique || table == tContacts && (name == "mobile_number" || name == "external_id")
}
