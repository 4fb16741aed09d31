package twin

import (
	"container/heap"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// postpone keeps a whole request, to be acted on after its client has given up.
func (t *Twin) postpone(q *request, due time.Time) {
	tab := t.store.tables[tDeferred]
	id := tab.nextID()
	tab.put(id, doc{
		"updated_at": num(q.now.UnixMilli()), "due": num(due.UnixMilli()), "method": q.Method,
		"url": q.URL.RequestURI(), "body": string(q.body), "token": q.key.Token, "host": q.Host,
		"content_type": q.Header.Get("Content-Type"),
	}, live, q.now)
	heap.Push((*actQueue)(&t.waiting), pendingAct{due, tDeferred, id})
	if err := t.store.log.commit(); err != nil {
		t.gone = err
	}
}

// runDeferred acts on a kept request; its answer goes nowhere.
func (t *Twin) runDeferred(id int64, d doc, now time.Time) {
	t.store.tables[tDeferred].put(id, doc{}, erased, now)
	r, err := http.NewRequest(text(d["method"]), text(d["url"]), strings.NewReader(text(d["body"])))
	if err != nil {
		return // it was a request once, so it is one now
	}
	r.Host = text(d["host"])
	r.Header.Set("Content-Type", text(d["content_type"]))
	r.Header.Set("Authorization", "Token token="+text(d["token"]))
	route, ids := t.route(r)
	q := &request{Request: r, route: route, ids: ids, query: r.URL.Query(), body: []byte(text(d["body"])), now: now}
	if t.authenticate(q) {
		t.act(q)
	}
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// pathBase is /crm/sales for clients that came that way.
func pathBase(r *http.Request) string {
	if path, err := url.PathUnescape(r.URL.Path); err == nil && strings.HasPrefix(path, basePath) {
		return basePath
	}
	return ""
}
