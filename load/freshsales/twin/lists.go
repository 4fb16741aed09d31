package twin

import (
	"fmt"
	"net/http"
	"slices"
)

func listRoutes(add adder) {
	add("POST", "lists", "lists.create", (*Twin).createList)
	add("GET", "lists", "lists.list", (*Twin).lists)
	add("GET", "lists/{}", "lists.get", (*Twin).getList)
	add("PUT", "lists/{}", "lists.update", (*Twin).renameList)
	add("PUT", "lists/{}/add_contacts", "lists.add_contacts", (*Twin).addToList)
	add("PUT", "lists/{}/remove_contacts", "lists.remove_contacts", (*Twin).removeFromList)
	add("PUT", "lists/{}/move_contacts", "lists.move_contacts", (*Twin).moveBetweenLists)
	add("GET", "contacts/lists/{}", "lists.contacts", (*Twin).contactsInList)
}

// createList makes a marketing list; lists take a flat body (API.md 1.3, 4.10).
func (t *Twin) createList(q *request) answer {
	name := text(q.in["name"])
	if name == "" {
		return refuse("Name can't be blank")
	}
	tab := t.store.tables[tLists]
	id := tab.nextID()
	tab.put(id, doc{"name": name, "created_at": num(q.now.UnixMilli()), "updated_at": num(q.now.UnixMilli())}, live, q.now)
	return ok(t.sw.count("create_code"), object{{"list", object{{"id", id}, {"name", name}}}})
}

func (t *Twin) lists(q *request) answer {
	tab := t.store.tables[tLists]
	page, perPage := paging(q)
	rows := []object{}
	for _, n := range tab.created.page((page-1)*perPage, perPage, false) {
		rows = append(rows, object{{"id", tab.id(n)}, {"name", tab.doc(tab.records[n].now)["name"]}})
	}
	return listed("lists", rows, tab.created.live, page, perPage, nil)
}

// listNamed reads the list a path names.
func (t *Twin) listNamed(q *request) (int64, doc, bool) {
	id, isID := q.id(0)
	d, there := t.store.tables[tLists].get(id)
	return id, d, isID && there
}

func (t *Twin) getList(q *request) answer {
	id, d, there := t.listNamed(q)
	if !there {
		return missing("list")
	}
	return ok(http.StatusOK, object{{"list", object{{"id", id}, {"name", d["name"]}}}})
}

func (t *Twin) renameList(q *request) answer {
	id, d, there := t.listNamed(q)
	if !there {
		return missing("list")
	}
	if name := text(q.in["name"]); name != "" {
		d["name"], d["updated_at"] = name, num(q.now.UnixMilli())
		t.store.tables[tLists].put(id, d, live, q.now)
	}
	return ok(http.StatusOK, object{{"list", object{{"id", id}, {"name", d["name"]}}}})
}

// members of a list are kept with the list.
func members(d doc) []int64 {
	list, _ := d["contacts"].([]any)
	out := make([]int64, 0, len(list))
	for _, v := range list {
		id, _ := number(v)
		out = append(out, id)
	}
	return out
}

func (t *Twin) setMembers(q *request, id int64, d doc, ids []int64) {
	list := make([]any, len(ids))
	for i, m := range ids {
		list[i] = num(m)
	}
	d["contacts"], d["updated_at"] = list, num(q.now.UnixMilli())
	t.store.tables[tLists].put(id, d, live, q.now)
}

func (q *request) listed() []int64 {
	list, _ := q.in["ids"].([]any)
	var out []int64
	for _, v := range list {
		if id, isID := number(v); isID {
			out = append(out, id)
		}
	}
	return out
}

func (t *Twin) addToList(q *request) answer {
	id, d, there := t.listNamed(q)
	if !there {
		return missing("list")
	}
	ids := members(d)
	for _, c := range q.listed() {
		if _, known := t.store.tables[tContacts].find(c, live); known && !slices.Contains(ids, c) {
			ids = append(ids, c)
		}
	}
	t.setMembers(q, id, d, ids)
	return ok(http.StatusOK, object{{"message", "Contacts have been added to the list."}})
}

func (t *Twin) removeFromList(q *request) answer {
	id, d, there := t.listNamed(q)
	if !there {
		return missing("list")
	}
	gone := q.listed()
	t.setMembers(q, id, d, slices.DeleteFunc(members(d), func(c int64) bool {
		return q.in["all"] == true || slices.Contains(gone, c)
	}))
	return ok(http.StatusOK, object{{"message", "Contacts have been removed from the list."}})
}

func (t *Twin) moveBetweenLists(q *request) answer {
	id, d, there := t.listNamed(q)
	fromID, isID := number(q.in["from_list_id"])
	from, known := t.store.tables[tLists].get(fromID)
	if !there || !isID || !known {
		return missing("list")
	}
	moved, stay := []int64{}, []int64{}
	wanted := q.listed()
	for _, c := range members(from) {
		if q.in["all"] == true || slices.Contains(wanted, c) {
			moved = append(moved, c)
		} else {
			stay = append(stay, c)
		}
	}
	t.setMembers(q, fromID, from, stay)
	ids := members(d)
	for _, c := range moved {
		if !slices.Contains(ids, c) {
			ids = append(ids, c)
		}
	}
	t.setMembers(q, id, d, ids)
	return ok(http.StatusOK, object{{"message", fmt.Sprintf("%d contacts have been moved.", len(moved))}})
}

func (t *Twin) contactsInList(q *request) answer {
	_, d, there := t.listNamed(q)
	if !there {
		return missing("list")
	}
	page, perPage := paging(q)
	var ids []int64
	for _, id := range members(d) {
		if _, known := t.store.tables[tContacts].find(id, live); known {
			ids = append(ids, id)
		}
	}
	skip := min((page-1)*perPage, len(ids))
	rows := []object{}
	for _, id := range ids[skip:min(skip+perPage, len(ids))] {
		c, _ := t.store.tables[tContacts].get(id)
		rows = append(rows, t.thin(tContacts, q, id, c))
	}
	return listed("contacts", rows, len(ids), page, perPage, nil)
}
