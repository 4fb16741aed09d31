package freshsales

import (
	"encoding/json"
	"strconv"
	"strings"

	quick "github.com/goccy/go-json"
)

// Record is one record as Freshsales returned it; numbers are exact (json.Number).
type Record map[string]any

// ID is the record's number there; 0 when it has none.
func (r Record) ID() int64 { return r.Int("id") }

// Int reads a number that may have been sent as text.
func (r Record) Int(name string) int64 { return toInt(r[name]) }

// Text reads a value as text; "" when it is null or a structure.
func (r Record) Text(name string) string { return toText(r[name]) }

// Custom is the custom_field object; empty, never nil.
func (r Record) Custom() Record {
	if m, ok := r["custom_field"].(map[string]any); ok {
		return m
	}
	return Record{}
}

// Records reads a list of records inside this one, such as sales_accounts or targetables.
func (r Record) Records(name string) []Record {
	list, _ := r[name].([]any)
	var found []Record
	for _, e := range list {
		if m, ok := e.(map[string]any); ok {
			found = append(found, m)
		}
	}
	return found
}

// Texts reads a list of texts, such as tags.
func (r Record) Texts(name string) []string {
	list, _ := r[name].([]any)
	found := make([]string, 0, len(list))
	for _, e := range list {
		found = append(found, toText(e))
	}
	return found
}

// Email is the primary e-mail address, wherever this reply carries it.
func (r Record) Email() string {
	if s := r.Text("email"); s != "" {
		return s
	}
	if s := r.Text("emails"); s != "" {
		return s
	}
	for _, e := range r.Records("emails") {
		if primary, _ := e["is_primary"].(bool); primary {
			return e.Text("value")
		}
	}
	if list := r.Records("emails"); len(list) > 0 {
		return list[0].Text("value")
	}
	return ""
}

// Emails are all addresses of a contact, in the order of the reply.
func (r Record) Emails() []string {
	var all []string
	if s := r.Text("emails"); s != "" {
		all = append(all, s)
	}
	for _, e := range r.Records("emails") {
		if s := e.Text("value"); s != "" {
			all = append(all, s)
		}
	}
	if s := r.Text("email"); s != "" && len(all) == 0 {
		all = append(all, s)
	}
	return all
}

// IsDeleted says that the record lies in the recycle bin.
func (r Record) IsDeleted() bool {
	deleted, _ := r["is_deleted"].(bool)
	return deleted
}

func toInt(v any) int64 {
	switch x := v.(type) {
	case json.Number:
		if n, err := x.Int64(); err == nil {
			return n
		}
		f, _ := x.Float64()
		return int64(f)
	case string:
		n, _ := strconv.ParseInt(strings.TrimSpace(x), 10, 64)
		return n
	case float64:
		return int64(x)
	}
	return 0
}

func toText(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case json.Number:
		return x.String()
	case bool:
		return strconv.FormatBool(x)
	}
	return ""
}

// id is a number that may be sent as text or as a number, or be missing.
type id int64

// UnmarshalJSON takes 7, "7" and null.
func (n *id) UnmarshalJSON(text []byte) error {
	s := strings.Trim(string(text), `"`)
	if s == "" || s == "null" {
		*n = 0
		return nil
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return err
		}
		v = int64(f)
	}
	*n = id(v)
	return nil
}

// Row is one row of a list. Rows are thin: what is not in them must be read with Get.
type Row struct {
	ID         int64
	Email      string   // the primary address
	Emails     []string // all addresses the row shows, the primary one among them
	Name       string   // of accounts and deals
	Mobile     string
	ExternalID string
	UpdatedAt  string
	raw        json.RawMessage
}

// Record is everything the row carries.
func (r Row) Record() Record {
	record, err := decodeRecord(r.raw)
	if err != nil {
		return Record{}
	}
	return record
}

func decodeRecord(text []byte) (Record, error) {
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var r Record
	err := d.Decode(&r)
	return r, err
}

type thinRow struct {
	ID     id     `json:"id"`
	Email  string `json:"email"`
	Emails any    `json:"emails"`
	Name   string `json:"name"`
	Mobile string `json:"mobile_number"`
	Ext    string `json:"external_id"`
	Update string `json:"updated_at"`
}

func toRow(text json.RawMessage) (Row, error) {
	var t thinRow
	if err := quick.Unmarshal(text, &t); err != nil {
		return Row{}, err
	}
	r := Row{ID: int64(t.ID), Email: t.Email, Name: t.Name, Mobile: t.Mobile, ExternalID: t.Ext,
		UpdatedAt: t.Update, raw: text}
	if t.Emails != nil {
		r.Emails = Record{"emails": t.Emails}.Emails()
	}
	if r.Email == "" && t.Emails != nil {
		r.Email = Record{"emails": t.Emails}.Email()
	}
	return r, nil
}
