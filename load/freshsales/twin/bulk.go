package twin

import (
	"container/heap"
	"fmt"
	"net/http"
)

// bulkUpsert accepts up to a hundred items and a job that will write them (API.md 3.6).
func bulkUpsert(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		k := t.store.tables[table].kind
		items, found := q.in[k.name].([]any)
		if !found || len(items) == 0 {
			return refuse("Invalid or missing attributes")
		}
		cut := 0
		if limit := t.sw.count("bulk_max"); len(items) > limit {
			if t.sw.is("bulk_over_max", "refuse") {
				return refuse(fmt.Sprintf("Maximum of %d records can be processed at a time", limit))
			}
			cut, items = len(items)-limit, items[:limit]
		}
		if limit := t.sw.count("bulk_jobs_max"); limit > 0 && t.unfinished(tJobs) >= limit {
			return answer{status: http.StatusMethodNotAllowed}
		}
		id := t.acceptJob(table, q, items, cut)
		return ok(http.StatusOK, object{
			{"message", "The records are being processed."},
			{"job_status_url", fmt.Sprintf("%s://%s%s/api/job_statuses/%d", scheme(q.Request), q.Host, pathBase(q.Request), id)},
		})
	}
}

func (t *Twin) unfinished(table int) int {
	n := 0
	for _, p := range t.waiting {
		if p.table == table {
			n++
		}
	}
	return n
}

// acceptJob notes a job durably, with how many items were cut off it. One that takes no time is done at once.
func (t *Twin) acceptJob(table int, q *request, items []any, cut int) int64 {
	jobs := t.store.tables[tJobs]
	id := jobs.nextID()
	due := q.now.Add(t.sw.seconds("job_seconds"))
	d := doc{
		"created_at": num(q.now.UnixMilli()), "updated_at": num(q.now.UnixMilli()), "of": num(int64(table)),
		"due": num(due.UnixMilli()), "user": num(q.user), "items": items, "fate": "run", "total": num(int64(len(items))),
	}
	if cut > 0 && t.sw.is("bulk_over_max", "swallow") {
		d["swallowed"] = num(int64(cut))
	}
	for _, fate := range []string{jobHangs, jobFails, jobSomeFail, jobOddReport} {
		if q.fault.has(fate) {
			d["fate"] = fate
		}
	}
	if d["fate"] == jobHangs {
		delete(d, "due")
		jobs.put(id, d, live, q.now)
		return id
	}
	if !due.After(q.now) {
		t.runJob(id, d, q.now)
		return id
	}
	jobs.put(id, d, live, q.now)
	heap.Push((*actQueue)(&t.waiting), pendingAct{due, tJobs, id})
	return id
}

// selected reads selected_ids of a bulk call.
func (t *Twin) selected(q *request) ([]int64, *answer) {
	list, found := q.in["selected_ids"].([]any)
	if !found || len(list) == 0 {
		a := refuse("selected_ids can't be blank")
		return nil, &a
	}
	if limit := t.sw.count("selected_max"); len(list) > limit {
		a := refuse(fmt.Sprintf("Maximum of %d records can be processed at a time", limit))
		return nil, &a
	}
	ids := make([]int64, 0, len(list))
	for _, v := range list {
		if id, isID := number(v); isID {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func bulkDestroy(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		ids, bad := t.selected(q)
		if bad != nil {
			return *bad
		}
		for _, id := range ids {
			t.remove(table, q, id, binned)
		}
		return ok(http.StatusOK, object{{"message", "The records will be deleted shortly."}})
	}
}

func bulkAssign(table int) func(*Twin, *request) answer {
	return func(t *Twin, q *request) answer {
		ids, bad := t.selected(q)
		if bad != nil {
			return *bad
		}
		owner, isID := number(q.in["owner_id"])
		if _, known := t.account.item("owners", owner); !isID || !known {
			return refuse("Invalid owner provided.")
		}
		for _, id := range ids {
			t.change(table, q, id, map[string]any{"owner_id": num(owner)}, false)
		}
		return ok(http.StatusOK, object{{"message", "The records will be assigned shortly."}})
	}
}
