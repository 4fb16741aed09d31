package freshsales

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/goccy/go-json" // lists are long: a page of ids for every hundred records
)

// View is a named list of records.
type View struct {
	ID        int64
	Name      string
	IsDefault bool
}

// Views lists the views of contacts, accounts or deals that the key's user may see.
func (c *Client) Views(ctx context.Context, e Entity) ([]View, error) {
	var reply struct {
		Filters []struct {
			ID        id     `json:"id"`
			Name      string `json:"name"`
			IsDefault bool   `json:"is_default"`
		} `json:"filters"`
	}
	if err := c.ask(ctx, call{name: e.Name + " filters", method: http.MethodGet, path: e.Name + "/filters", repeat: true},
		&reply); err != nil {
		return nil, err
	}
	var all []View
	for _, f := range reply.Filters {
		all = append(all, View{ID: int64(f.ID), Name: f.Name, IsDefault: f.IsDefault})
	}
	return all, nil
}

// FindView finds a view by name, without case.
func FindView(views []View, name string) (View, bool) {
	for _, v := range views {
		if strings.EqualFold(v.Name, name) {
			return v, true
		}
	}
	return View{}, false
}

// Page is one page of a list.
type Page struct {
	Rows    []Row
	Total   int64 // -1: not told
	Pages   int64 // -1: not told
	HasNext bool  // of feeds that tell nothing else
}

// Query is how to page through a list; zero values are page 1, 100 rows, the server's order.
type Query struct {
	Page, PerPage int
	Sort          string
	Descending    bool
	Include       []string
	Filter        string // of tasks and appointments: open, overdue, completed, …
}

func (q Query) values() url.Values {
	if q.PerPage == 0 {
		q.PerPage = 100
	}
	v := url.Values{"page": {strconv.Itoa(max(1, q.Page))}, "per_page": {strconv.Itoa(q.PerPage)}}
	if q.Sort != "" {
		v.Set("sort", q.Sort)
		v.Set("sort_type", "asc")
		if q.Descending {
			v.Set("sort_type", "desc")
		}
	}
	if len(q.Include) > 0 {
		v.Set("include", strings.Join(q.Include, ","))
	}
	if q.Filter != "" {
		v.Set("filter", q.Filter)
	}
	return v
}

// ViewPage reads one page of a view.
func (c *Client) ViewPage(ctx context.Context, e Entity, view int64, q Query) (Page, error) {
	return c.page(ctx, e, call{name: e.Name + " view", path: e.Name + "/view/" + itoa(view), query: q.values()})
}

// List reads one page of records that have a plain list: tasks, appointments, sales activities.
func (c *Client) List(ctx context.Context, e Entity, q Query) (Page, error) {
	return c.page(ctx, e, call{name: e.Name + " list", path: e.Name, query: q.values()})
}

// Related reads one page of what hangs on a record: notes, tasks, appointments, sales_activities,
// contacts of an account.
func (c *Client) Related(ctx context.Context, parent Entity, id int64, of Entity, q Query) (Page, error) {
	return c.page(ctx, of, call{name: parent.Name + " " + of.Name, path: parent.Name + "/" + itoa(id) + "/" + of.Name,
		query: q.values()})
}

// DocumentsOf lists the files of a record.
func (c *Client) DocumentsOf(ctx context.Context, parent Entity, id int64) (Page, error) {
	return c.page(ctx, Documents, call{name: parent.Name + " documents", path: parent.Name + "/" + itoa(id) +
		"/document_associations"})
}

func (c *Client) page(ctx context.Context, e Entity, k call) (Page, error) {
	k.method, k.repeat = http.MethodGet, true
	return c.rows(ctx, e, k)
}

func (c *Client) rows(ctx context.Context, e Entity, k call) (Page, error) {
	a, err := c.do(ctx, k)
	if err != nil {
		return Page{}, err
	}
	var reply map[string]json.RawMessage
	if err := json.Unmarshal(a.body, &reply); err != nil {
		return Page{}, unreadable(k, a)
	}
	var meta struct {
		Total   *id  `json:"total"`
		Pages   *id  `json:"total_pages"`
		HasNext bool `json:"has_next"`
	}
	_ = json.Unmarshal(reply["meta"], &meta) // a feed without one is a list without totals
	p := Page{Total: -1, Pages: -1, HasNext: meta.HasNext}
	if meta.Total != nil {
		p.Total = int64(*meta.Total)
	}
	if meta.Pages != nil {
		p.Pages = int64(*meta.Pages)
	}
	list := reply[e.Name]
	if e.Name == Documents.Name && list == nil {
		list = reply["document_associations"]
	}
	p.Rows, err = toRows(list)
	if err != nil {
		return Page{}, unreadable(k, a)
	}
	return p, nil
}

func toRows(list json.RawMessage) ([]Row, error) {
	if len(list) == 0 {
		return nil, nil
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(list, &raw); err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(raw))
	for _, text := range raw {
		r, err := toRow(text)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// Lookup finds records by an exact value of one field: email, mobile_number, external_id, name, or
// a custom field. The index lags behind writes.
func (c *Client) Lookup(ctx context.Context, e Entity, field, value string) ([]Row, error) {
	k := call{name: e.Name + " lookup", method: http.MethodGet, path: "lookup", repeat: true,
		query: url.Values{"q": {value}, "f": {field}, "entities": {e.One}}}
	a, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	var rows []Row
	var flat json.RawMessage
	var nested map[string]json.RawMessage
	if json.Unmarshal(a.body, &nested) == nil {
		flat = nested[e.Name]
		if json.Unmarshal(flat, &nested) == nil {
			flat = nested[e.Name]
		}
	} else {
		flat = a.body
	}
	if rows, err = toRows(flat); err != nil {
		return nil, unreadable(k, a)
	}
	return rows, nil
}

// Hit is one result of a search.
type Hit struct {
	ID    int64
	Type  string // contact, sales_account, deal
	Name  string
	Email string
}

// Search finds records by a word in any searched field. The index lags behind writes.
func (c *Client) Search(ctx context.Context, word string, in ...Entity) ([]Hit, error) {
	var kinds []string
	for _, e := range in {
		kinds = append(kinds, e.One)
	}
	var reply []struct {
		ID    id     `json:"id"`
		Type  string `json:"type"`
		Name  string `json:"name"`
		Email string `json:"email"`
	}
	k := call{name: "search", method: http.MethodGet, path: "search", repeat: true,
		query: url.Values{"q": {word}, "include": {strings.Join(kinds, ",")}, "per_page": {"100"}}}
	if err := c.ask(ctx, k, &reply); err != nil {
		return nil, err
	}
	var hits []Hit
	for _, h := range reply {
		hits = append(hits, Hit{ID: int64(h.ID), Type: h.Type, Name: h.Name, Email: h.Email})
	}
	return hits, nil
}

// Rule is one condition of a filtered search; operators seen: is, is_in, is_before, is_after.
type Rule struct {
	Attribute string `json:"attribute"`
	Operator  string `json:"operator"`
	Value     any    `json:"value"`
}

// FilteredSearch reads one page of the records that satisfy all rules.
func (c *Client) FilteredSearch(ctx context.Context, e Entity, rules []Rule, q Query) (Page, error) {
	ask := map[string]any{"filter_rule": rules, "page": max(1, q.Page), "per_page": 100}
	if q.PerPage > 0 {
		ask["per_page"] = q.PerPage
	}
	if q.Sort != "" {
		ask["sort"], ask["sort_type"] = q.Sort, "asc"
		if q.Descending {
			ask["sort_type"] = "desc"
		}
	}
	body, err := json.Marshal(ask)
	if err != nil {
		return Page{}, err
	}
	return c.rows(ctx, e, call{name: e.Name + " filtered_search", method: http.MethodPost, path: "filtered_search/" +
		e.One, body: body, repeat: true})
}
