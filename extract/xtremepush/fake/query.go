package fake

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"sort"
	"strconv"
	"strings"
)

// request is the body of a read.
type request struct {
	Token     string          `json:"apptoken"`
	Condition json.RawMessage `json:"condition"`
	Order     []string        `json:"order"`
	Select    []string        `json:"select"`
	Limit     *int            `json:"limit"`
	Offset    int             `json:"offset"`
	ID        any             `json:"id"`
}

// list answers a page.
func (s *Server) list(w http.ResponseWriter, model string, q request) {
	s.pages[model]++
	if s.c.Insert != nil {
		s.c.Lists[model] = s.c.Insert(model, s.pages[model], s.c.Lists[model])
	}
	keep, err := condition(q.Condition)
	if err != nil {
		s.fail(w, http.StatusBadRequest, err.Error())
		return
	}
	var rows []Row
	for _, r := range s.c.Lists[model] {
		if s.c.IgnoreOffset || keep(r) {
			rows = append(rows, r)
		}
	}
	sortRows(rows, q.Order)
	if s.c.IgnoreOffset {
		q.Offset = 0
	}
	rows = rows[min(q.Offset, len(rows)):]
	limit := 100
	if q.Limit != nil {
		limit = *q.Limit
	}
	if s.c.Cap > 0 {
		limit = min(limit, s.c.Cap)
	}
	out := []Row{}
	for _, r := range rows[:min(limit, len(rows))] {
		out = append(out, s.shown(r, q.Select))
	}
	answer(w, http.StatusOK, map[string]any{"success": true, "code": 200, "data": out})
}

// info answers one record.
func (s *Server) info(w http.ResponseWriter, model string, q request) {
	for _, r := range s.c.Lists[model] {
		if text(r["id"]) == text(q.ID) {
			answer(w, http.StatusOK, map[string]any{"success": true, "code": 200, "model": s.shown(r, q.Select)})
			return
		}
	}
	s.fail(w, http.StatusNotFound, "there is no such record")
}

// shown picks the selected fields and writes numbers as text when the server does so.
func (s *Server) shown(r Row, fields []string) Row {
	out := maps.Clone(r)
	if len(fields) > 0 {
		out = Row{}
		for _, f := range fields {
			if v, ok := r[f]; ok {
				out[f] = v
			}
		}
	}
	if s.c.TextNumbers {
		for k, v := range out {
			switch v.(type) {
			case int, int64, float64:
				out[k] = text(v)
			}
		}
	}
	return out
}

// sortRows orders by ["id DESC", "create_time"].
func sortRows(rows []Row, order []string) {
	sort.SliceStable(rows, func(i, j int) bool {
		for _, o := range order {
			field, direction, _ := strings.Cut(o, " ")
			a, b := text(rows[i][field]), text(rows[j][field])
			if a != b {
				return less(a, b) != strings.EqualFold(direction, "DESC")
			}
		}
		return false
	})
}

// condition reads both shapes: [["id",">",5]] and {"0":["id",">",5],"operator":"AND"}, the latter nested too.
func condition(raw json.RawMessage) (func(Row) bool, error) {
	all := func(Row) bool { return true }
	if len(raw) == 0 || string(raw) == "null" || string(raw) == "[]" {
		return all, nil
	}
	if raw[0] == '[' {
		return list(raw)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, fmt.Errorf("the condition is not understood")
	}
	operator := "AND"
	var parts []func(Row) bool
	for k, v := range object {
		if k == "operator" {
			if err := json.Unmarshal(v, &operator); err != nil {
				return nil, fmt.Errorf("the operator is not understood")
			}
			continue
		}
		part, err := condition(v)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return joined(parts, operator), nil
}

func joined(parts []func(Row) bool, operator string) func(Row) bool {
	or := strings.EqualFold(operator, "OR")
	return func(r Row) bool {
		for _, p := range parts {
			if p(r) == or {
				return or
			}
		}
		return !or
	}
}

// list is one comparison, or several that must all hold.
func list(raw json.RawMessage) (func(Row) bool, error) {
	var one []any
	var many []json.RawMessage
	if err := json.Unmarshal(raw, &many); err != nil {
		return nil, fmt.Errorf("the condition is not understood")
	}
	if len(many) > 0 && len(many[0]) > 0 && many[0][0] == '[' {
		var parts []func(Row) bool
		for _, m := range many {
			part, err := list(m)
			if err != nil {
				return nil, err
			}
			parts = append(parts, part)
		}
		return joined(parts, "AND"), nil
	}
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	if err := decoder.Decode(&one); err != nil || len(one) != 3 {
		return nil, fmt.Errorf("a comparison has three parts")
	}
	return comparison(text(one[0]), text(one[1]), one[2])
}

func comparison(field, operator string, value any) (func(Row) bool, error) {
	in := func(r Row) bool {
		values, _ := value.([]any)
		for _, v := range values {
			if text(v) == text(r[field]) {
				return true
			}
		}
		return false
	}
	switch v := text(value); strings.ToUpper(operator) {
	case "=":
		return func(r Row) bool { return text(r[field]) == v }, nil
	case "!=":
		return func(r Row) bool { return text(r[field]) != v }, nil
	case "<":
		return func(r Row) bool { return less(text(r[field]), v) }, nil
	case ">":
		return func(r Row) bool { return less(v, text(r[field])) }, nil
	case "<=":
		return func(r Row) bool { return !less(v, text(r[field])) }, nil
	case ">=":
		return func(r Row) bool { return !less(text(r[field]), v) }, nil
	case "IN":
		return in, nil
	case "NOT IN":
		return func(r Row) bool { return !in(r) }, nil
	}
	return nil, fmt.Errorf("unknown operator %q", operator)
}

func text(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// less orders numbers by size and anything else as text.
func less(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX == nil && errY == nil {
		return x < y
	}
	return a < b
}
