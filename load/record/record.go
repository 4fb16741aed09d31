// Package record is one record as ferry means it: its kind, the fields wanted of it in one spelling,
// when two values are the same, the three-way comparison, and the tables a load leaves. It must
// know neither ledger nor account. Start at record.go.
package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"

	"ferry/internal/run"
)

// Fields are what we want of one record, in the API's terms and in one spelling: string, bool,
// json.Number, []string (a sorted set) or nil, which clears. Custom fields stand flat under their
// cf_ names; links to records of ours are kept as our keys, under names that start with @.
type Fields map[string]any

// Names of links, which become ids when they are sent.
const (
	ContactLink = "@contact"
	AccountLink = "@account"
)

// Canonical is the one spelling of fields: JSON with sorted names.
func (f Fields) Canonical() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(map[string]any(f)); err != nil {
		panic(err) // only the types above are ever put in
	}
	return bytes.TrimSpace(b.Bytes())
}

func ParseFields(text []byte) (Fields, error) {
	if len(text) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	f := Fields{}
	if err := d.Decode((*map[string]any)(&f)); err != nil {
		return nil, fmt.Errorf("fields in the ledger: %w", err)
	}
	for name, v := range f {
		f[name] = plain(v)
	}
	return f, nil
}

// plain brings a decoded JSON value to the types fields hold.
func plain(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	set := make([]string, 0, len(list))
	for _, e := range list {
		set = append(set, fmt.Sprint(e))
	}
	return AsSet(set)
}

func AsSet(list []string) []string {
	set := append([]string{}, list...)
	sort.Strings(set)
	out := set[:0]
	for i, s := range set {
		if i == 0 || s != set[i-1] {
			out = append(out, s)
		}
	}
	return out
}

// Withheld is a value that is not sent, and why.
type Withheld struct {
	Field  string `json:"field"`
	Value  string `json:"value"`
	Reason string `json:"reason"`
}

// Record is one desired row.
type Record struct {
	entity, Key      string
	Contact, Account string // keys of its parents, "" for none
	Digest           []byte
	Fields           Fields
	Withheld         []Withheld
}

// Mapper is what the columns of one freshsales.* table mean.
type Mapper struct {
	kind    *Kind
	columns []run.Column
	Key     int
	Contact int
	Account int
	salt    []byte
	clears  map[string]bool
	values  Resolver
}

// Resolver gives values the account's terms. It is preflight's knowledge of the account.
type Resolver interface {
	// value resolves one column: owner_email becomes owner_id. A reason means: withhold it; no name:
	// the account knows no such thing.
	Value(entity, column string, v any) (name string, out any, reason string)
	// whole looks at what only a whole record shows, and withholds what does not go together.
	Whole(entity string, f Fields, left []Withheld) []Withheld
	// digest changes when anything value depends on changes.
	Digest() string
}

func NewMapper(k *Kind, columns []run.Column, clears map[string]bool, values Resolver) (*Mapper, error) {
	s := &Mapper{kind: k, columns: columns, Key: -1, Contact: -1, Account: -1, clears: clears, values: values,
		salt: []byte(values.Digest())}
	for i, c := range columns {
		switch {
		case c.Name == k.Key:
			s.Key = i
		case c.Name == "contact_key":
			s.Contact = i
		case c.Name == "account_key":
			s.Account = i
		}
	}
	if s.Key < 0 {
		return nil, run.Problemf("freshsales."+k.Entity, "the table has no column %s", k.Key).WithTry("ferry transform")
	}
	return s, nil
}

// DigestOf tells whether a row says anything new: rows with equal digests need no second look.
func (s *Mapper) DigestOf(row run.Row, buffer []byte) (digest, reuse []byte) {
	b := append(buffer[:0], s.salt...)
	for i, v := range row {
		if v == nil {
			continue
		}
		b = append(b, s.columns[i].Name...)
		b = append(b, 0)
		switch x := v.(type) {
		case string:
			b = append(b, x...)
		case bool:
			b = strconv.AppendBool(b, x)
		case int64:
			b = strconv.AppendInt(b, x, 10)
		case float64:
			b = binary.BigEndian.AppendUint64(b, math.Float64bits(x))
		case time.Time:
			b = strconv.AppendInt(b, x.UnixMicro(), 10)
		case []string:
			for _, e := range x {
				b = append(append(b, e...), 1)
			}
		}
		b = append(b, 0)
	}
	sum := sha256.Sum256(b)
	return sum[:16], b
}

// Record makes the desired record of a row.
func (s *Mapper) Record(row run.Row) (*Record, error) {
	r := &Record{entity: s.kind.Entity, Key: TextAt(row, s.Key), Contact: TextAt(row, s.Contact),
		Account: TextAt(row, s.Account), Fields: Fields{}}
	r.Digest, _ = s.DigestOf(row, nil)
	for i, v := range row {
		name := s.columns[i].Name
		switch {
		case i == s.Key:
		case i == s.Contact && r.Contact != "":
			r.Fields[ContactLink] = r.Contact
		case i == s.Account && r.Account != "":
			r.Fields[AccountLink] = r.Account
		case i == s.Contact || i == s.Account:
		case name == "custom_field":
			if err := s.custom(r, v); err != nil {
				return nil, err
			}
		case v == nil && s.clears[name]:
			s.set(r, name, nil)
		case v != nil:
			s.set(r, name, Spell(v, s.columns[i].Type))
		}
	}
	r.Withheld = append(r.Withheld, s.values.Whole(r.entity, r.Fields, r.Withheld)...)
	return r, nil
}

// custom spreads the JSON text of custom_field over the record.
func (s *Mapper) custom(r *Record, v any) error {
	text, _ := v.(string)
	if text == "" {
		return nil
	}
	values, err := ParseFields([]byte(text))
	if err != nil {
		return run.Problemf("freshsales."+s.kind.Entity+".custom_field", "a row holds text that is not a JSON object").
			WithTry("ferry sql test")
	}
	for name, v := range values {
		if v == nil && !s.clears[name] {
			continue
		}
		if v == nil {
			r.Fields[name] = nil
			continue
		}
		s.set(r, name, v)
	}
	return nil
}

func (s *Mapper) set(r *Record, column string, v any) {
	name, out, reason := s.values.Value(s.kind.Entity, column, v)
	if reason != "" {
		r.Withheld = append(r.Withheld, Withheld{Field: column, Value: fmt.Sprint(v), Reason: reason})
		return
	}
	if name != "" {
		r.Fields[name] = out
	}
}

// Spell gives a value of a table the spelling fields use.
func Spell(v any, t run.Type) any {
	switch x := v.(type) {
	case int64:
		return json.Number(strconv.FormatInt(x, 10))
	case float64:
		return json.Number(strconv.FormatFloat(x, 'f', -1, 64))
	case time.Time:
		if t == run.Date {
			return x.Format(time.DateOnly)
		}
		return x.UTC().Format(time.RFC3339)
	case []string:
		return AsSet(x)
	default:
		return v
	}
}

// Ref is how a record of ours is recognised in the account where nothing else is unique.
func Ref(entity, key string) string {
	sum := sha256.Sum256([]byte(entity + "\x00" + key))
	return "ferry-" + hex.EncodeToString(sum[:8])
}

// RefIn finds the Ref a text carries, or "".
func RefIn(text string) string {
	i := strings.LastIndex(text, "Ref: ferry-")
	if i < 0 {
		return ""
	}
	ref := text[i+len("Ref: "):]
	if len(ref) < len("ferry-")+16 {
		return ""
	}
	return ref[:len("ferry-")+16]
}
