package load

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

// fields are what we want of one record, in the API's terms and in one spelling: string, bool,
// json.Number, []string (a sorted set) or nil, which clears. Custom fields stand flat under their
// cf_ names; links to records of ours are kept as our keys, under names that start with @.
type fields map[string]any

// Names of links, which become ids when they are sent.
const (
	contactLink = "@contact"
	accountLink = "@account"
)

// canonical is the one spelling of fields: JSON with sorted names.
func (f fields) canonical() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(map[string]any(f)); err != nil {
		panic(err) // only the types above are ever put in
	}
	return bytes.TrimSpace(b.Bytes())
}

func parseFields(text []byte) (fields, error) {
	if len(text) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	f := fields{}
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
	return asSet(set)
}

func asSet(list []string) []string {
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

// withheld is a value that is not sent, and why.
type withheld struct {
	Field  string `json:"field"`
	Value  string `json:"value"`
	Reason string `json:"reason"`
}

// record is one desired row.
type record struct {
	entity, key      string
	contact, account string // keys of its parents, "" for none
	digest           []byte
	fields           fields
	withheld         []withheld
}

// shape is what the columns of one freshsales.* table mean.
type shape struct {
	kind    *kind
	columns []run.Column
	key     int
	contact int
	account int
	salt    []byte
	clears  map[string]bool
	values  valuer
}

// valuer gives values the account's terms. It is preflight's knowledge of the account.
type valuer interface {
	// value resolves one column: owner_email becomes owner_id. A reason means: withhold it; no name:
	// the account knows no such thing.
	value(entity, column string, v any) (name string, out any, reason string)
	// whole looks at what only a whole record shows, and withholds what does not go together.
	whole(entity string, f fields) []withheld
	// digest changes when anything value depends on changes.
	digest() string
}

func newShape(k *kind, columns []run.Column, clears map[string]bool, values valuer) (*shape, error) {
	s := &shape{kind: k, columns: columns, key: -1, contact: -1, account: -1, clears: clears, values: values, salt: []byte(values.digest())}
	for i, c := range columns {
		switch {
		case c.Name == k.key:
			s.key = i
		case c.Name == "contact_key":
			s.contact = i
		case c.Name == "account_key":
			s.account = i
		}
	}
	if s.key < 0 {
		return nil, run.Problemf("freshsales."+k.entity, "the table has no column %s", k.key).WithTry("ferry transform")
	}
	return s, nil
}

// digestOf tells whether a row says anything new: rows with equal digests need no second look.
func (s *shape) digestOf(row run.Row, buffer []byte) (digest, reuse []byte) {
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

// record makes the desired record of a row.
func (s *shape) record(row run.Row) (*record, error) {
	r := &record{entity: s.kind.entity, key: textAt(row, s.key), contact: textAt(row, s.contact), account: textAt(row, s.account), fields: fields{}}
	r.digest, _ = s.digestOf(row, nil)
	for i, v := range row {
		name := s.columns[i].Name
		switch {
		case i == s.key:
		case i == s.contact && r.contact != "":
			r.fields[contactLink] = r.contact
		case i == s.account && r.account != "":
			r.fields[accountLink] = r.account
		case i == s.contact || i == s.account:
		case name == "custom_field":
			if err := s.custom(r, v); err != nil {
				return nil, err
			}
		case v == nil && s.clears[name]:
			s.set(r, name, nil)
		case v != nil:
			s.set(r, name, spell(v, s.columns[i].Type))
		}
	}
	r.withheld = append(r.withheld, s.values.whole(r.entity, r.fields)...)
	return r, nil
}

// custom spreads the JSON text of custom_field over the record.
func (s *shape) custom(r *record, v any) error {
	text, _ := v.(string)
	if text == "" {
		return nil
	}
	values, err := parseFields([]byte(text))
	if err != nil {
		return run.Problemf("freshsales."+s.kind.entity+".custom_field", "a row holds text that is not a JSON object").WithTry("ferry sql test")
	}
	for name, v := range values {
		if v == nil && !s.clears[name] {
			continue
		}
		if v == nil {
			r.fields[name] = nil
			continue
		}
		s.set(r, name, v)
	}
	return nil
}

func (s *shape) set(r *record, column string, v any) {
	name, out, reason := s.values.value(s.kind.entity, column, v)
	if reason != "" {
		r.withheld = append(r.withheld, withheld{Field: column, Value: fmt.Sprint(v), Reason: reason})
		return
	}
	if name != "" {
		r.fields[name] = out
	}
}

// spell gives a value of a table the spelling fields use.
func spell(v any, t run.Type) any {
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
		return asSet(x)
	default:
		return v
	}
}

// Ref is how a record of ours is recognised in the account where nothing else is unique.
func Ref(entity, key string) string {
	sum := sha256.Sum256([]byte(entity + "\x00" + key))
	return "ferry-" + hex.EncodeToString(sum[:8])
}

// refIn finds the Ref a text carries, or "".
func refIn(text string) string {
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
