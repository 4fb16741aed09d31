package freshsales

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// MaxBatch is the most records a bulk call takes.
const MaxBatch = 100

// Attributes is a record to send, as a JSON object.
type Attributes = json.RawMessage

// Create makes a record that has no upsert. It is repeated only while it is certain that nothing
// was made; one whose outcome is Unknown must be settled by looking.
func (c *Client) Create(ctx context.Context, e Entity, a Attributes) (Record, error) {
	k := call{name: e.Name + " create", method: http.MethodPost, path: e.Name, body: wrap(e.One, a)}
	r, err := c.one(ctx, e, k)
	return r, numbered(k, r, err)
}

// Update changes the attributes given and leaves the others; null clears.
func (c *Client) Update(ctx context.Context, e Entity, id int64, a Attributes) (Record, error) {
	return c.one(ctx, e, call{name: e.Name + " update", method: http.MethodPut, path: e.Name + "/" + itoa(id),
		body: wrap(e.One, a), repeat: true})
}

// Get reads one record whole.
func (c *Client) Get(ctx context.Context, e Entity, id int64, include ...string) (Record, error) {
	k := call{name: e.Name + " read", method: http.MethodGet, path: e.Name + "/" + itoa(id), repeat: true}
	if len(include) > 0 {
		k.query = url.Values{"include": {strings.Join(include, ",")}}
	}
	return c.one(ctx, e, k)
}

// Delete puts a record into the recycle bin where it has one. That it is already gone is no error;
// found is false then.
func (c *Client) Delete(ctx context.Context, e Entity, id int64) (found bool, err error) {
	_, err = c.do(ctx, call{name: e.Name + " delete", method: http.MethodDelete, path: e.Name + "/" + itoa(id),
		repeat: true})
	if OutcomeOf(err) == Gone {
		return false, nil
	}
	return err == nil, err
}

// Upserted is the answer to an upsert. Created is true only if Freshsales said so.
type Upserted struct {
	Record  Record
	Created bool
}

// Upsert creates a record or updates the one with the same unique value: "emails" for contacts,
// "name" for accounts, "id" for all three.
func (c *Client) Upsert(ctx context.Context, e Entity, identifier, value string, a Attributes) (Upserted, error) {
	k := call{name: e.Name + " upsert", method: http.MethodPost, path: e.Name + "/upsert", repeat: true}
	k.body = object("unique_identifier", object(identifier, quote(value)), e.One, a)
	reply, err := c.do(ctx, k)
	if err != nil {
		return Upserted{}, err
	}
	r, err := c.unwrap(k, e, reply)
	return Upserted{Record: r, Created: isCreated(reply)}, numbered(k, r, err)
}

// numbered makes an answer without a usable number an unknown outcome: something was made, and nobody can
// say what.
func numbered(k call, r Record, err error) error {
	if err == nil && r.ID() <= 0 {
		return &Error{Outcome: Unknown, Call: k.name, Calls: 1, cause: errors.New("the reply names no number of the record")}
	}
	return err
}

// Item is one record of a bulk upsert: found by ID if that is set, by Key (e-mail of a contact,
// name of an account) otherwise.
type Item struct {
	ID   int64
	Key  string
	Data Attributes
}

// Job is a bulk job that was accepted.
type Job struct{ ID int64 }

// BulkUpsert hands over up to MaxBatch records. Hold a place of Jobs around it.
func (c *Client) BulkUpsert(ctx context.Context, e Entity, items []Item) (Job, error) {
	size := 64
	for _, i := range items {
		size += len(i.Data) + len(i.Key) + 48
	}
	b := append(make([]byte, 0, size), `{"`+e.Name+`":[`...)
	for n, i := range items {
		if n > 0 {
			b = append(b, ',')
		}
		if i.ID != 0 {
			b = append(b, `{"id":"`+itoa(i.ID)+`","data":`...)
		} else {
			b = append(append(append(b, `{"`+e.Unique+`":`...), quote(i.Key)...), `,"data":`...)
		}
		b = append(append(b, i.Data...), '}')
	}
	b = append(b, "]}"...)
	var reply struct {
		URL string `json:"job_status_url"`
	}
	k := call{name: e.Name + " bulk_upsert", method: http.MethodPost, path: e.Name + "/bulk_upsert", body: b,
		repeat: true, bulk: true}
	if err := c.ask(ctx, k, &reply); err != nil {
		return Job{}, err
	}
	// Only the number is taken: the key is never sent to an address a reply names.
	last := reply.URL[strings.LastIndexByte(reply.URL, '/')+1:]
	number, _, _ := strings.Cut(last, "?")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return Job{}, nil // accepted, but it cannot be asked about
	}
	return Job{ID: n}, nil
}

// JobState is how far a bulk job is. Failures are kept as they came: their shape is not documented.
type JobState struct {
	Status    string
	Progress  float64
	Ended     bool
	Succeeded int // -1: not told
	Failed    int // -1: not told
	Failures  []json.RawMessage
}

// running are states in which a job is certainly not over.
var running = map[string]bool{"": true, "PENDING": true, "QUEUED": true, "IN_PROGRESS": true, "INPROGRESS": true,
	"PROCESSING": true, "RUNNING": true, "STARTED": true, "SCHEDULED": true, "INITIATED": true, "CREATED": true}

// JobState asks about a job. SUCCESS means ended, even if some records failed; of a state nobody
// knows only a progress of 100 or a list of results says that it has ended.
func (c *Client) JobState(ctx context.Context, j Job) (JobState, error) {
	var reply struct {
		Status   string          `json:"status"`
		Progress float64         `json:"progress"`
		Data     json.RawMessage `json:"data"`
	}
	k := call{name: "job_statuses read", method: http.MethodGet, path: "job_statuses/" + itoa(j.ID), repeat: true}
	if err := c.ask(ctx, k, &reply); err != nil {
		return JobState{}, err
	}
	s := JobState{Status: reply.Status, Progress: reply.Progress, Succeeded: -1, Failed: -1}
	data := reply.Data
	var inner string
	if json.Unmarshal(data, &inner) == nil { // a document inside a text
		data = json.RawMessage(inner)
	}
	var results struct {
		Record   *struct{ Succeeded, Failed *int } `json:"record_status"`
		Failures []json.RawMessage                 `json:"detailed_failure_report"`
	}
	told := json.Unmarshal(data, &results) == nil && results.Record != nil
	if told && results.Record.Succeeded != nil {
		s.Succeeded = *results.Record.Succeeded
	}
	if told && results.Record.Failed != nil {
		s.Failed = *results.Record.Failed
	}
	s.Failures = results.Failures
	known := strings.ToUpper(strings.ReplaceAll(reply.Status, " ", "_"))
	s.Ended = known == "SUCCESS" || !running[known] && (told || reply.Progress >= 100)
	return s, nil
}

// BulkDestroy puts up to MaxBatch records into the recycle bin; those already there do no harm.
// What hangs on an account is left alone.
func (c *Client) BulkDestroy(ctx context.Context, e Entity, ids []int64) error {
	body, err := json.Marshal(map[string][]int64{"selected_ids": ids})
	if err != nil {
		return err
	}
	_, err = c.do(ctx, call{name: e.Name + " bulk_destroy", method: http.MethodPost, path: e.Name + "/bulk_destroy",
		body: body, repeat: true, bulk: true})
	return err
}

func (c *Client) one(ctx context.Context, e Entity, k call) (Record, error) {
	a, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	return c.unwrap(k, e, a)
}

// unwrap takes a record out of its wrapper, with what was loaded beside it: side-loads are lists at
// the top. Phone calls answer with a list, documents without a wrapper.
func (c *Client) unwrap(k call, e Entity, a answer) (Record, error) {
	var reply Record
	if err := c.into(k, a, &reply); err != nil {
		return nil, err
	}
	if r, ok := reply[e.One].(map[string]any); ok {
		for name, beside := range reply {
			if _, isList := beside.([]any); isList && r[name] == nil {
				r[name] = beside
			}
		}
		return r, nil
	}
	if list := reply.Records(e.Name); len(list) == 1 {
		return list[0], nil
	}
	if reply.ID() != 0 {
		return reply, nil
	}
	return nil, unreadable(k, a)
}

func wrap(name string, a Attributes) []byte { return object(name, a) }

// object writes an object of names and finished JSON values.
func object(pairs ...any) []byte {
	b := []byte{'{'}
	for i := 0; i < len(pairs); i += 2 {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, quote(pairs[i].(string))...), ':')
		switch v := pairs[i+1].(type) {
		case []byte:
			b = append(b, v...)
		case Attributes:
			b = append(b, v...)
		}
	}
	return append(b, '}')
}

func quote(s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		return []byte(`""`)
	}
	return b
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
