package twin

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// viewDef is a saved list. Lists exist only through views (API.md 1.6).
type viewDef struct {
	name string
	bin  bool
	show func(t *Twin, q *request, d doc) bool // nil shows every record
}

func ownedBy(_ *Twin, q *request, d doc) bool {
	owner, _ := number(d["owner_id"])
	return owner == q.user
}

func newerThan(attribute string, age time.Duration) func(*Twin, *request, doc) bool {
	return func(_ *Twin, q *request, d doc) bool {
		ms, has := number(d[attribute])
		return has && q.now.Sub(time.UnixMilli(ms)) <= age
	}
}

func inStage(kinds ...string) func(*Twin, *request, doc) bool {
	return func(t *Twin, _ *request, d doc) bool {
		id, _ := number(d["deal_stage_id"])
		stage, _ := t.account.item("deal_stages", id)
		return slices.Contains(kinds, stage.Type)
	}
}

const week = 7 * 24 * time.Hour

var viewDefs = map[int][]viewDef{
	tContacts: {
		{name: "My Contacts", show: ownedBy},
		{name: "New Contacts", show: newerThan("created_at", week)},
		{name: "All Contacts"},
		{name: "Recently Modified", show: newerThan("updated_at", week)},
		{name: "Never Contacted"},
		{name: "Active", show: newerThan("updated_at", 30*24*time.Hour)},
		{name: "Inactive", show: func(t *Twin, q *request, d doc) bool {
			return !newerThan("updated_at", 30*24*time.Hour)(t, q, d)
		}},
		{name: "Recycle Bin", bin: true},
	},
	tAccounts: {
		{name: "My Accounts", show: ownedBy},
		{name: "All Accounts"},
		{name: "My Territory Accounts", show: func(_ *Twin, _ *request, d doc) bool { return d["territory_id"] != nil }},
		{name: "Recently Imported", show: newerThan("created_at", week)},
		{name: "Recycle Bin", bin: true},
	},
	tDeals: {
		{name: "Open Deals", show: inStage("Open")},
		{name: "Lost Deals", show: inStage("Lost")},
		{name: "Won Deals", show: inStage("Won")},
		{name: "All Deals"},
		{name: "My Deals", show: ownedBy},
		{name: "Recycle Bin", bin: true},
	},
}

const firstView = 70080000000

func viewID(table, i int) int64 { return firstView + int64(table)*1000 + int64(i) + 1 }

func filters(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		list := []object{}
		for i, v := range viewDefs[table] {
			list = append(list, object{
				{"id", viewID(table, i)}, {"name", v.name}, {"model_class_name", t.store.tables[table].kind.class},
				{"user_id", nil}, {"is_default", true}, {"is_public", true},
				{"updated_at", time.UnixMilli(0).In(t.zone).Format(timeForm)},
				{"entity_type", nil}, {"current_user_permissions", []string{"view"}},
			})
		}
		return ok(http.StatusOK, object{{"filters", list}})
	}
}

func view(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		id, _ := q.id(0)
		for i := range viewDefs[table] {
			if viewID(table, i) == id {
				return t.list(table, q, &viewDefs[table][i], nil)
			}
		}
		return noView(t, q)
	}
}

// list answers with a page of thin rows, as they were when the lag began.
func (t *Twin) list(table int, q *request, v *viewDef, keep func(int64, doc) bool) answer {
	tab := t.store.tables[table]
	page, perPage := paging(q)
	found, total := t.rowsOf(table, q, v, keep, (page-1)*perPage, perPage)
	if t.plainRows(table, q) {
		return t.pageOfRows(tab, found, total, page, perPage)
	}
	rows, docs := make([]object, len(found)), make([]doc, len(found))
	for i, n := range found {
		docs[i] = tab.doc(tab.records[n].shown)
		rows[i] = t.thin(table, q, tab.id(n), docs[i])
	}
	return listed(tab.kind.name, rows, total, page, perPage, t.included(table, q, docs))
}

// rowsOf finds a page of record numbers. Everything in the order of age or of change is read
// straight from the table's orders; other sorting and picking reads every record.
func (t *Twin) rowsOf(table int, q *request, v *viewDef, keep func(int64, doc) bool, skip, limit int) ([]int32, int) {
	tab := t.store.tables[table]
	sort, backwards := sorting(q)
	from := &tab.created
	switch {
	case v.bin:
		from = &tab.bin
	case sort == "updated_at":
		from = &tab.latest
	}
	straight := sort == "updated_at" || sort == "created_at" || sort == "id"
	if v.show == nil && keep == nil && straight && !q.key.OwnedOnly {
		return from.page(skip, limit, backwards), from.live
	}
	var all []int32
	var values []sortable
	from.walk(0, backwards, func(n int32) bool {
		d := tab.doc(tab.records[n].shown)
		if (v.show == nil || v.show(t, q, d)) && (keep == nil || keep(tab.id(n), d)) && t.visible(q, d) {
			all = append(all, n)
			if !straight {
				values = append(values, sortable{n, sortKey(d[sort])})
			}
		}
		return true
	})
	if !straight {
		slices.SortStableFunc(values, func(a, b sortable) int {
			if backwards {
				a, b = b, a
			}
			return cmp.Or(cmp.Compare(a.key.number, b.key.number), strings.Compare(a.key.text, b.key.text))
		})
		for i, s := range values {
			all[i] = s.n
		}
	}
	if skip >= len(all) {
		return nil, len(all)
	}
	return all[skip:min(skip+limit, len(all))], len(all)
}

type sortable struct {
	n   int32
	key struct {
		number float64
		text   string
	}
}

func sortKey(v any) (k struct {
	number float64
	text   string
}) {
	if f, err := strconv.ParseFloat(text(v), 64); err == nil {
		k.number = f
		return k
	}
	k.text = strings.ToLower(text(v))
	return k
}

// sorting reads sort and sort_type, out of the body or the query. Unsorted lists are by age.
func sorting(q *request) (attribute string, backwards bool) {
	attribute = cmp.Or(q.query.Get("sort"), text(q.in["sort"]), "created_at")
	kind := cmp.Or(q.query.Get("sort_type"), text(q.in["sort_type"]), "desc")
	return attribute, kind == "desc"
}

// thin is a row of a view or of filtered search: the record without what only a single read tells
// (API.md 1.6).
func (t *Twin) thin(table int, q *request, id int64, d doc) object {
	full := t.render(table, q, id, d)
	return slices.DeleteFunc(full, func(m member) bool {
		switch m.key {
		case "custom_field", "owner_id":
			return true
		case "updated_at":
			return !t.sw.on("thin_updated_at")
		case "external_id":
			return !t.sw.on("thin_external_id")
		}
		return false
	})
}
