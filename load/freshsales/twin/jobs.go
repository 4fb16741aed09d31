package twin

import (
	"container/heap"
	"maps"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// pendingAct is something accepted that is done later: a bulk job, or a whole request.
type pendingAct struct {
	due   time.Time
	table int // tJobs or tDeferred
	id    int64
}

type actQueue []pendingAct

func (a actQueue) Len() int { return len(a) }
func (a actQueue) Less(i, j int) bool {
	if a[i].due.Equal(a[j].due) {
		return a[i].id < a[j].id
	}
	return a[i].due.Before(a[j].due)
}
func (a actQueue) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *actQueue) Push(x any)   { *a = append(*a, x.(pendingAct)) }
func (a *actQueue) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// recoverActs finds what was accepted and not yet done when the state was written.
func (t *Twin) recoverActs() {
	for _, table := range []int{tJobs, tDeferred} {
		tab := t.store.tables[table]
		for n := range tab.records {
			if tab.records[n].now.state != live {
				continue
			}
			d := tab.doc(tab.records[n].now)
			if ms, waits := number(d["due"]); waits {
				heap.Push((*actQueue)(&t.waiting), pendingAct{time.UnixMilli(ms), table, tab.id(int32(n))})
			}
		}
	}
}

// settle does what has become due and lets views show what is old enough, in the order of time.
func (t *Twin) settle(now time.Time) {
	for len(t.waiting) > 0 && !t.waiting[0].due.After(now) {
		p := heap.Pop((*actQueue)(&t.waiting)).(pendingAct)
		d, there := t.store.tables[p.table].get(p.id)
		if !there {
			continue
		}
		if p.table == tJobs {
			t.runJob(p.id, d, p.due)
		} else {
			t.runDeferred(p.id, d, p.due)
		}
	}
	t.store.settle(now)
	if now.Sub(t.emptied) >= time.Hour {
		t.emptied = now
		t.emptyBins(now)
	}
}

// emptyBins forgets what has been in a recycle bin for too long.
func (t *Twin) emptyBins(now time.Time) {
	age := time.Duration(t.sw.float("bin_days") * 24 * float64(time.Hour))
	for _, table := range searchable {
		tab := t.store.tables[table]
		var old []int64
		tab.bin.walk(0, false, func(n int32) bool {
			ms, _ := number(tab.doc(tab.records[n].now)["deleted_at"])
			if now.Sub(time.UnixMilli(ms)) < age {
				return false
			}
			old = append(old, tab.id(n))
			return true
		})
		for _, id := range old {
			tab.put(id, doc{}, erased, now)
		}
	}
}

// runJob writes the items of a job and its report.
func (t *Twin) runJob(id int64, d doc, now time.Time) {
	of, _ := number(d["of"])
	user, _ := number(d["user"])
	items, _ := d["items"].([]any)
	q := &request{now: now, user: user, in: doc{}}
	var failed []any
	fate := text(d["fate"])
	random := rand.New(rand.NewPCG(uint64(id), 1))
	done := 0
	for i, one := range items {
		item, _ := one.(map[string]any)
		var wrong []string
		switch {
		case fate == jobFails:
			wrong = []string{"Internal error"}
		case (fate == jobSomeFail || fate == jobOddReport) && (i == 0 || random.IntN(10) == 0):
			wrong = []string{"Something went wrong"}
		default:
			wrong = t.bulkItem(int(of), q, item)
		}
		if len(wrong) > 0 {
			failed = append(failed, t.failureEntry(item, wrong))
		} else {
			done++
		}
	}
	if swallowed, has := number(d["swallowed"]); has {
		done += int(swallowed) // it says that all went well
	}
	status := t.sw["job_done_name"]
	if fate == jobFails {
		status = t.sw["job_failed_name"]
	}
	t.store.tables[tJobs].put(id, doc{
		"created_at": d["created_at"], "updated_at": num(now.UnixMilli()), "of": num(of), "status": status,
		"data": t.jobReport(fate, done, failed),
	}, live, now)
}

// bulkItem writes one item: identified by e-mail, name or id, with its attributes in data.
func (t *Twin) bulkItem(table int, q *request, item map[string]any) []string {
	data, _ := item["data"].(map[string]any)
	by := maps.Clone(item)
	delete(by, "data")
	if data == nil || len(by) == 0 {
		return []string{"Invalid or missing attributes"}
	}
	if _, byID := by["id"]; table == tDeals && !byID && t.sw.is("deal_bulk", "id") {
		return []string{"No unique field is configured for deals"}
	}
	id, wrong := t.identify(table, by, true)
	if wrong != "" {
		return []string{wrong}
	}
	if id != 0 {
		return t.change(table, q, id, data, true)
	}
	_, problems := t.create(table, q, withIdentifier(data, by), true)
	return problems
}

// failureEntry tells of one item that was not written. The real shape is not known (API.md 10.2).
func (t *Twin) failureEntry(item map[string]any, wrong []string) any {
	by := map[string]any{}
	maps.Copy(by, item)
	delete(by, "data")
	switch t.sw["job_report"] {
	case "strings":
		return wrong[0]
	case "map":
		return map[string]any{"errors": map[string]any{"base": wrong}}
	}
	by["error"] = wrong
	return by
}

// jobReport is the JSON document in a string that a finished job carries.
func (t *Twin) jobReport(fate string, done int, failed []any) string {
	if failed == nil {
		failed = []any{}
	}
	counts := object{{"succeeded", done}, {"failed", len(failed)}}
	var report any = failed
	switch {
	case fate == jobOddReport:
		return string(appendJSON(nil, object{{"record_status", []any{strconv.Itoa(done), nil}},
			{"detailed_failure_report", "see log"}}))
	case t.sw.is("job_report", "nothing"):
		return ""
	case t.sw.is("job_report", "broken"):
		return `{"record_status":{"succeeded":`
	}
	return string(appendJSON(nil, object{{"record_status", counts}, {"detailed_failure_report", report}}))
}

func (t *Twin) getJob(q *request) answer {
	id, isID := q.id(0)
	if !isID {
		return nowhere()
	}
	d, there := t.store.tables[tJobs].get(id)
	if !there {
		return missing("job")
	}
	status, progress, data := text(d["status"]), 100, any(d["data"])
	if status == "" {
		status, progress, data = t.sw["job_running_name"], 0, "{}"
	}
	of, _ := number(d["of"])
	return ok(http.StatusOK, object{
		{"created_at", t.moment(d["created_at"])}, {"status_updated_at", t.moment(d["updated_at"])},
		{"job_type_name", t.store.tables[of].kind.class + "BulkUpsert"},
		{"progress", progress}, {"status", status}, {"data", data},
	})
}
