package twin

import (
	"net/http"
	"strings"
)

// route is one endpoint: what it is called in counts and faults, and what answers it.
type route struct {
	method  string
	pattern []string // path segments behind /api; {} stands for any one
	kind    string
	writes  bool
	json    bool // the body is a JSON object
	handle  func(*Twin, *request) answer
}

var unknownRoute = &route{kind: "unknown"}

func routes() []route {
	var all []route
	add := func(method, pattern, kind string, handle func(*Twin, *request) answer) {
		writes := method != http.MethodGet && !strings.HasPrefix(kind, "search.")
		all = append(all, route{
			method: method, pattern: strings.Split(pattern, "/"), kind: kind, handle: handle,
			writes: writes, json: kind != "documents.create" && method != http.MethodGet,
		})
	}
	contactRoutes(add)
	accountRoutes(add)
	dealRoutes(add)
	activityRoutes(add)
	callRoutes(add)
	documentRoutes(add)
	listRoutes(add)
	settingRoutes(add)
	searchRoutes(add)
	return all
}

type adder func(method, pattern, kind string, handle func(*Twin, *request) answer)

// writesKind says whether an endpoint kind changes something.
func writesKind(kind string) bool {
	for _, r := range routes() {
		if r.kind == kind {
			return r.writes
		}
	}
	return false
}

// route finds the endpoint of a request. The account answers below /crm/sales/api, and below /api
// for clients whose base address already ends in /crm/sales.
func (t *Twin) route(r *http.Request) (*route, []string) {
	path := strings.TrimPrefix(r.URL.Path, basePath)
	rest, found := strings.CutPrefix(path, "/api/")
	if !found {
		if rest, found = strings.CutPrefix(path, "/settings/"); !found {
			return unknownRoute, nil
		}
		rest = "ui/settings/" + rest
	}
	parts := strings.Split(strings.TrimSuffix(rest, "/"), "/")
	var literal *route
	var literalIDs []string
	for i := range t.handlers {
		h := &t.handlers[i]
		if h.method != r.Method || len(h.pattern) != len(parts) {
			continue
		}
		if ids, fits := match(h.pattern, parts); fits && (literal == nil || len(ids) < len(literalIDs)) {
			literal, literalIDs = h, ids
		}
	}
	if literal == nil {
		return unknownRoute, nil
	}
	return literal, literalIDs
}

func match(pattern, parts []string) (ids []string, fits bool) {
	for i, p := range pattern {
		switch {
		case p == "{}":
			ids = append(ids, parts[i])
		case p != parts[i]:
			return nil, false
		}
	}
	return ids, true
}
