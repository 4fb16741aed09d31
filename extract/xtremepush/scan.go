package xtremepush

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
)

// Where is one comparison of a condition.
type Where struct {
	Field, Operator string
	Value           any
}

// Cursor is where a scan stands; it can be written down and taken up again later.
type Cursor struct {
	After  string `json:"after,omitempty"`  // the greatest id seen, for keyset paging
	Offset int    `json:"offset,omitempty"` // rows received, for paging by offset
	Keyset bool   `json:"keyset"`
	Cap    int    `json:"cap,omitempty"` // most rows the server gives at a time, once seen
	Pages  int    `json:"pages"`
	First  string `json:"first,omitempty"` // the ends of the last page, to notice one that repeats
	Last   string `json:"last,omitempty"`
	Done   bool   `json:"done"`
}

// Page is one answer with rows in it, and where the scan stands after it.
type Page struct {
	Rows   []json.RawMessage
	Cursor Cursor
}

// Probe asks for one row, to see whether the list is there and may be read.
func (c *Client) Probe(ctx context.Context, e Endpoint) (empty bool, err error) {
	rows, err := c.list(ctx, e.Path, map[string]any{"limit": 1, "offset": 0})
	return len(rows) == 0, err
}

// Start is where a scan of an endpoint begins.
func (e Endpoint) Start() Cursor { return Cursor{Keyset: e.IDField != ""} }

// Scan walks through a list from a cursor on and gives every page to a function. A short page says
// nothing; only an empty one, asked for twice, ends the scan. Pages that repeat are an error (API.md 1.5).
func (c *Client) Scan(ctx context.Context, e Endpoint, where []Where, at Cursor, each func(Page) error) error {
	empty := 0
	for empty < 2 {
		limit := c.limit(e, at)
		if empty > 0 {
			limit = 1 // only to see that nothing came in the meantime
		}
		rows, err := c.list(ctx, e.Path, c.request(e, where, at, limit))
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			empty++
			continue
		}
		if empty == 0 && at.Pages == 1 && at.Cap == 0 && at.Offset < limit {
			at.Cap = at.Offset // the page before was short and yet not the last: this is the server's limit
		}
		empty = 0
		next, err := advance(e, at, rows)
		if err != nil {
			return err
		}
		at = next
		if err := each(Page{rows, at}); err != nil {
			return err
		}
	}
	at.Done = true
	return each(Page{nil, at})
}

func (c *Client) limit(e Endpoint, at Cursor) int {
	limit := c.c.PageSize
	if e.PageSize > 0 {
		limit = e.PageSize
	}
	if at.Cap > 0 && at.Cap < limit {
		limit = at.Cap
	}
	return limit
}

// request is the body of one call.
func (c *Client) request(e Endpoint, where []Where, at Cursor, limit int) map[string]any {
	body := map[string]any{"limit": limit, "offset": at.Offset}
	if at.Keyset {
		body["offset"] = 0
		body["order"] = []string{e.IDField + " ASC"}
		if at.After != "" {
			where = append(append([]Where{}, where...), Where{e.IDField, ">", number(at.After)})
		}
	}
	if len(where) > 0 {
		body["condition"] = c.condition(where)
	}
	return body
}

func (c *Client) condition(where []Where) any {
	if c.c.Shape == Numbered {
		o := map[string]any{"operator": "AND"}
		for i, w := range where {
			o[strconv.Itoa(i)] = []any{w.Field, w.Operator, w.Value}
		}
		return o
	}
	var all [][]any
	for _, w := range where {
		all = append(all, []any{w.Field, w.Operator, w.Value})
	}
	return all
}

// number is the id as a number where it is one.
func number(id string) any {
	if _, err := strconv.ParseInt(id, 10, 64); err == nil {
		return json.Number(id)
	}
	return id
}

// advance moves the cursor over a page.
func advance(e Endpoint, at Cursor, rows []json.RawMessage) (Cursor, error) {
	first, last := mark(e, rows[0]), mark(e, rows[len(rows)-1])
	if at.Pages > 0 && first == at.First && last == at.Last {
		return at, &Error{Kind: Senseless, Path: e.Path,
			Text: fmt.Sprintf("page %d is the same as the one before: the server ignores where to go on", at.Pages+1)}
	}
	at.First, at.Last = first, last
	at.Offset += len(rows)
	at.Pages++
	if !at.Keyset {
		return at, nil
	}
	for _, r := range rows {
		id := Field(r, e.IDField)
		if id == "" {
			return at, &Error{Kind: Senseless, Path: e.Path,
				Text: fmt.Sprintf("a row has no %q to go on by; set id_field of this endpoint to \"\"", e.IDField)}
		}
		if at.After != "" && !Less(at.After, id) {
			return at, &Error{Kind: Senseless, Path: e.Path,
				Text: "the rows do not come in the order of their ids; set id_field of this endpoint to \"\""}
		}
		at.After = id
	}
	return at, nil
}

// mark tells a row from another: by its id, or by all of it.
func mark(e Endpoint, row json.RawMessage) string {
	if id := Field(row, e.IDField); id != "" {
		return id
	}
	if len(row) > 200 {
		row = row[:200]
	}
	return string(row)
}

// Field is the text of a top-level value of a row: a string decoded, anything else as written.
func Field(row json.RawMessage, name string) string {
	if name == "" {
		return ""
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(row, &all) != nil {
		return ""
	}
	v := bytes.TrimSpace(all[name])
	if len(v) == 0 || string(v) == "null" {
		return ""
	}
	var s string
	if v[0] == '"' && json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}

// Less orders ids and times: numbers by size, anything else as text.
func Less(a, b string) bool {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX == nil && errY == nil {
		return x < y
	}
	return a < b
}
