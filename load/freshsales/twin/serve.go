package twin

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Call is one request that was answered, or whose answer was kept back.
type Call struct {
	Kind   string // endpoint kind, such as contacts.bulk_upsert
	Method string
	Path   string // with the query
	Body   []byte
	Status int // 0 when the connection was cut
	At     time.Time
}

// request is a call while it is handled.
type request struct {
	*http.Request
	route *route
	ids   []string // what stood in the places of the pattern
	query url.Values
	body  []byte
	in    doc // the body, when it is a JSON object
	user  int64
	key   Key
	now   time.Time
	fault struck

	limitHeader http.Header
}

func (q *request) limitHeaders(limitName string, limit int, leftName string, left int) {
	q.limitHeader = http.Header{}
	q.limitHeader.Set(limitName, strconv.Itoa(limit))
	q.limitHeader.Set(leftName, strconv.Itoa(left))
}

const (
	bodyLimit = 160 << 20
	basePath  = "/crm/sales"
)

// ServeHTTP answers a request as the account would.
func (t *Twin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, adminPath) {
		t.serveAdmin(w, r)
		return
	}
	route, ids := t.route(r)
	q := &request{Request: r, route: route, ids: ids, query: r.URL.Query()}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		write(w, failure(http.StatusBadRequest, "The request could not be read."))
		return
	}
	q.body = body
	a, cut := t.answer(q)
	if t.tell != nil {
		call := Call{route.kind, r.Method, r.URL.RequestURI(), body, a.status, q.now}
		if cut == cutAll {
			call.Status = 0
		}
		t.tell(call)
	}
	t.deliver(w, q, a, cut)
}

// cutting says how much of an answer reaches the client.
type cutting int

const (
	cutNothing cutting = iota
	cutHalf
	cutAll
)

// answer does everything a request asks for, under the twin's lock.
func (t *Twin) answer(q *request) (answer, cutting) {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer func() {
		if bug := recover(); bug != nil { // half an act must not be written with the next one
			t.gone = fmt.Errorf("twin: %v", bug)
			panic(bug)
		}
	}()
	if t.gone != nil {
		return broken(), cutAll
	}
	q.now = t.now()
	q.fault = t.faults.strike(q.route.kind)
	a, cut := t.admit(q)
	if a.status == 0 && cut == cutNothing {
		t.settle(q.now)
		a = t.act(q)
		if err := t.store.log.commit(); err != nil {
			t.gone = err
			return broken(), cutNothing
		}
		a, cut = afterwards(q, a)
	}
	t.counts.add(q.route.kind, a.status, cut)
	return a, cut
}

// admit is everything that can stop a request before it does something.
func (t *Twin) admit(q *request) (answer, cutting) {
	f := q.fault
	if f.has(edgeLimited) {
		a := page(http.StatusTooManyRequests, "429 Too Many Requests")
		a.header = http.Header{"Retry-After": {seconds(f.wait(edgeLimited, 3*time.Minute))}}
		return a, cutNothing
	}
	if !t.authenticate(q) || f.has(keyRevoked) {
		return ok(http.StatusUnauthorized, object{{"login", "failed"}, {"message", nil}}), cutNothing
	}
	if q.key.NoAccess || f.has(forbidden) {
		return failure(http.StatusForbidden, "You are not authorized to perform this action."), cutNothing
	}
	if a := t.meter(q); a.status != 0 {
		return a, cutNothing
	}
	switch {
	case f.has(limited):
		a := t.tooMany()
		a.header.Set("Retry-After", seconds(f.wait(limited, 5*time.Second)))
		return a, cutNothing
	case f.has(limitedSilent):
		return t.tooMany(), cutNothing
	case f.has(bulkRefused):
		return answer{status: http.StatusMethodNotAllowed}, cutNothing
	case f.has(err500Before):
		return broken(), cutNothing
	case f.has(gatewayBefore):
		return page(http.StatusBadGateway, "502 Bad Gateway"), cutNothing
	case f.has(cutBefore):
		return answer{}, cutAll
	case f.has(lateAct):
		t.postpone(q, q.now.Add(f.wait(lateAct, 90*time.Second)))
		return answer{}, cutAll
	}
	return answer{}, cutNothing
}

// afterwards is what can happen to an answer once everything was done.
func afterwards(q *request, a answer) (answer, cutting) {
	f := q.fault
	switch {
	case f.has(err500After):
		return broken(), cutNothing
	case f.has(gatewayAfter):
		return page(http.StatusGatewayTimeout, "504 Gateway Time-out"), cutNothing
	case f.has(cutAfter):
		return a, cutAll
	case f.has(cutBody):
		return a, cutHalf
	}
	return a, cutNothing
}

// act lets the route answer.
func (t *Twin) act(q *request) answer {
	if strings.HasSuffix(q.URL.Path, ".xml") {
		return answer{status: http.StatusNotAcceptable}
	}
	if q.route.handle == nil {
		return nowhere()
	}
	if q.key.ReadOnly && q.route.writes {
		return failure(http.StatusForbidden, "You are not authorized to perform this action.")
	}
	if q.route.json && len(q.body) > 0 && strings.Contains(q.Header.Get("Content-Type"), "json") {
		in, err := decode(q.body)
		if err != nil {
			return refuse("There was an error while parsing the JSON payload.")
		}
		q.in = in
	}
	return q.route.handle(t, q)
}

func (t *Twin) authenticate(q *request) bool {
	sent := q.Header.Get("Authorization")
	token, found := strings.CutPrefix(sent, "Token token=")
	if !found && t.sw.is("authorization", "both") {
		token, found = strings.CutPrefix(sent, "Bearer ")
	}
	if !found {
		return false
	}
	for _, k := range t.keys {
		if k.Token == strings.Trim(token, `"`) {
			q.key = k
			if owner, known := t.account.itemNamed("owners", k.Owner); known {
				q.user = owner.ID
			} else if len(t.account.Owners) > 0 {
				q.user = t.account.Owners[0].ID
			}
			return true
		}
	}
	return false
}

// meter counts the call against the plan.
func (t *Twin) meter(q *request) answer {
	if t.limits == nil {
		return answer{}
	}
	weight := 1
	if strings.HasSuffix(q.route.kind, ".bulk_upsert") {
		weight = t.sw.count("bulk_counts")
	}
	wait, limit, left := t.limits.take(q.now, weight)
	if t.sw.on("limit_headers") {
		q.limitHeaders(t.sw["limit_header"], limit, t.sw["remaining_header"], left)
	}
	if wait <= 0 {
		return answer{}
	}
	a := t.tooMany()
	if t.sw.on("retry_after") {
		a.header.Set("Retry-After", seconds(wait))
	}
	return a
}

func (t *Twin) tooMany() answer {
	a := answer{status: http.StatusTooManyRequests, header: http.Header{}}
	switch t.sw["limit_body"] {
	case "json":
		a.body = failure(http.StatusTooManyRequests, "You have exceeded the limit of requests per hour").body
	case "html":
		p := page(http.StatusTooManyRequests, "429 Too Many Requests")
		a.body, a.kind = p.body, p.kind
	}
	return a
}

// seconds rounds up: who waits exactly so long is let in.
func seconds(d time.Duration) string {
	return strconv.Itoa(int((d + time.Second - 1) / time.Second))
}

// page is what a gateway says.
func page(status int, title string) answer {
	return answer{status: status, kind: "text/html", body: []byte("<html>\r\n<head><title>" + title +
		"</title></head>\r\n<body>\r\n<center><h1>" + title + "</h1></center>\r\n</body>\r\n</html>\r\n")}
}

// deliver brings the answer to the client, or what the faults left of it.
func (t *Twin) deliver(w http.ResponseWriter, q *request, a answer, cut cutting) {
	if q.fault.has(lateAnswer) && cut == cutNothing {
		if err := sleep(q.Context(), t.clock, q.fault.wait(lateAnswer, time.Minute)); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	if cut == cutAll {
		panic(http.ErrAbortHandler)
	}
	for name, values := range q.limitHeader {
		w.Header()[name] = values
	}
	if cut == cutHalf {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
		w.WriteHeader(a.status)
		_, _ = w.Write(a.body[:len(a.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	write(w, a)
}

func write(w http.ResponseWriter, a answer) {
	h := w.Header()
	for name, values := range a.header {
		h[name] = values
	}
	switch {
	case a.kind != "":
		h.Set("Content-Type", a.kind)
	case len(a.body) > 0:
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that has left need not be told
}
