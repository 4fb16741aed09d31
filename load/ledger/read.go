package ledger

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"ferry/load/record"
)

// States of a record in the ledger's index.
const (
	stateOpen     = "open"     // an intent to create it, no outcome
	stateFound    = "found"    // was there before us, nothing written to it yet
	StateLive     = "live"     // what we last wanted is written
	StateStale    = "stale"    // live, but our newest change was refused
	StateRefused  = "refused"  // never created: refused
	StateDeleted  = "deleted"  // created by us, taken back
	StateRestored = "restored" // found, changed by us, put back
	StateGone     = "gone"     // was live, then deleted by somebody else
	StateMerged   = "merged"   // live, but its person became part of another
)

// Origins of a record: only what we created is ours to delete.
const (
	OriginCreated = "created"
	OriginFound   = "found"
	OriginAdopted = "adopted"
)

// RecordState is where one record stands.
type RecordState struct {
	Entity, Key, State, Origin, TargetID string
	Digest                               []byte
	Good, Open                           int64
	Reason, Updated, Run, Outcome, Born  string
	Calls, At                            int64
}

// IsThere says whether the record stands for something in the account.
func (s *RecordState) IsThere() bool {
	if s == nil || s.TargetID == "" {
		return false
	}
	return s.State == StateLive || s.State == stateFound || s.State == StateStale || s.State == stateOpen
}

// IsUnderWay says that we intended to create the record and do not know what came of it. Should it
// be there, it is ours.
func (s *RecordState) IsUnderWay() bool {
	return s != nil && s.Open != 0 && s.TargetID == "" && s.State == stateOpen
}

const stateColumns = `entity, key, state, origin, target_id, digest, good, open, reason, updated, run, outcome, calls, at, born`

func scanState(rows interface{ Scan(...any) error }) (*RecordState, error) {
	s := &RecordState{}
	err := rows.Scan(&s.Entity, &s.Key, &s.State, &s.Origin, &s.TargetID, &s.Digest, &s.Good, &s.Open, &s.Reason,
		&s.Updated, &s.Run, &s.Outcome, &s.Calls, &s.At, &s.Born)
	return s, err
}

// StateStream streams the records of an entity in key order.
type StateStream struct {
	l    *Ledger
	rows *sql.Rows
	next *RecordState
}

func (l *Ledger) States(ctx context.Context, entity string) (*StateStream, error) {
	rows, err := l.read.QueryContext(ctx, `select `+stateColumns+` from records where entity = ? order by key`, entity)
	if err != nil {
		return nil, l.Problem(err)
	}
	s := &StateStream{l: l, rows: rows}
	return s, s.advance()
}

func (s *StateStream) advance() error {
	s.next = nil
	if !s.rows.Next() {
		return s.l.Problem(s.rows.Err())
	}
	var err error
	s.next, err = scanState(s.rows)
	return s.l.Problem(err)
}

// UpTo gives the record of a key, and every record before it that nobody asked for.
func (s *StateStream) UpTo(key string, passed func(*RecordState) error) (*RecordState, error) {
	for s.next != nil && s.next.Key < key {
		if err := passed(s.next); err != nil {
			return nil, err
		}
		if err := s.advance(); err != nil {
			return nil, err
		}
	}
	if s.next == nil || s.next.Key != key {
		return nil, nil
	}
	found := s.next
	return found, s.advance()
}

// Rest gives every record that is left.
func (s *StateStream) Rest(passed func(*RecordState) error) error {
	for s.next != nil {
		if err := passed(s.next); err != nil {
			return err
		}
		if err := s.advance(); err != nil {
			return err
		}
	}
	return nil
}

func (s *StateStream) Close() error { return s.rows.Close() }

// StateOf is where one record stands, or nil.
func (l *Ledger) StateOf(entity, key string) (*RecordState, error) {
	found, err := l.StatesOf(entity, []string{key})
	return found[key], err
}

// StatesOf looks many records up at once.
func (l *Ledger) StatesOf(entity string, keys []string) (map[string]*RecordState, error) {
	found := make(map[string]*RecordState, len(keys))
	for len(keys) > 0 {
		n := min(len(keys), 500)
		args := []any{entity}
		for _, k := range keys[:n] {
			args = append(args, k)
		}
		rows, err := l.read.Query(`select `+stateColumns+` from records where entity = ? and key in (`+Marks(n)+`)`, args...)
		if err != nil {
			return nil, l.Problem(err)
		}
		for rows.Next() {
			s, err := scanState(rows)
			if err != nil {
				rows.Close()
				return nil, l.Problem(err)
			}
			found[s.Key] = s
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, l.Problem(err)
		}
		keys = keys[n:]
	}
	return found, nil
}

func Marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// ByTarget finds which record an id of the account belongs to.
func (l *Ledger) ByTarget(entity, targetID string) (*RecordState, error) {
	row := l.read.QueryRow(`select `+stateColumns+
		` from records where entity = ? and target_id = ? and state not in ('deleted', 'restored', 'gone')`, entity, targetID)
	s, err := scanState(row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return s, l.Problem(err)
}

// FieldsOf reads the fields of an intent: what we last wrote, as canonical JSON.
func (l *Ledger) FieldsOf(seq int64) ([]byte, error) {
	if seq == 0 {
		return nil, nil
	}
	var text string
	err := l.read.QueryRow(`select fields from intents where seq = ?`, seq).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, l.Damaged("an outcome names an intent that is not there")
	}
	return []byte(text), l.Problem(err)
}

// IntentAt is when an intent was made durable and what it said.
func (l *Ledger) IntentAt(seq int64) (Intent, error) {
	i := Intent{Seq: seq}
	var fields string
	var at int64
	err := l.read.QueryRow(`select run, entity, key, verb, target_id, fields, at from intents where seq = ?`, seq).
		Scan(&i.Run, &i.Entity, &i.Key, &i.Verb, &i.TargetID, &fields, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return i, l.Damaged("a record names an intent that is not there")
	}
	i.Fields, i.At = []byte(fields), record.TimeOf(at)
	return i, l.Problem(err)
}

// FirstImage is what a record was before us: its first image, or the first of one run.
func (l *Ledger) FirstImage(entity, key, ofRun string) (record.Fields, error) {
	var text string
	err := l.read.QueryRow(
		`select fields from images where entity = ? and key = ? and (? = '' or run = ?) order by seq limit 1`,
		entity, key, ofRun, ofRun).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, l.Problem(err)
	}
	return record.ParseFields([]byte(text))
}

// FieldsBefore is what a record was last meant to hold before a run first wrote to it, nil where nothing was.
func (l *Ledger) FieldsBefore(entity, key, run string) ([]byte, error) {
	var text []byte
	err := l.read.QueryRow(`select fields from intents where entity = ? and key = ? and seq < (select min(seq) from intents
		where entity = ? and key = ? and run = ?) order by seq desc limit 1`, entity, key, entity, key, run).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return text, l.Problem(err)
}

// LastWrite is the run that wrote what stands for a record, or may have; isUndone says that it was put back since. What was
// only looked at counts for nothing.
func (l *Ledger) LastWrite(st *RecordState) (run string, isUndone bool, err error) {
	rows, err := l.read.Query(`select run, verb from intents where entity = ? and key = ? and seq <= ? and verb <> ?
		and target_id in ('', ?) order by seq desc`, st.Entity, st.Key, max(st.Good, st.Open), VerbKeep, st.TargetID)
	if err != nil {
		return "", false, l.Problem(err)
	}
	defer rows.Close()
	for rows.Next() {
		var verb string
		if err := rows.Scan(&run, &verb); err != nil {
			return "", false, l.Problem(err)
		}
		if verb != VerbRestore && verb != VerbDelete {
			return run, isUndone, nil
		}
		isUndone = isUndone || st.Open == 0 && verb == VerbRestore
	}
	return "", isUndone, l.Problem(rows.Err())
}

// FirstRun is the run that first changed a record that was there before us, "" for none.
func (l *Ledger) FirstRun(entity, key string) (id string, err error) {
	err = l.read.QueryRow(`select run from images where entity = ? and key = ? order by seq limit 1`, entity, key).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, l.Problem(err)
}

// Count counts records by a condition on the index.
func (l *Ledger) Count(entity, where string) (int64, error) {
	var n int64
	err := l.read.QueryRow(`select count(*) from records where entity = ? and `+where, entity).Scan(&n)
	return n, l.Problem(err)
}

// IsEmpty says that nothing was ever noted about any record.
func (l *Ledger) IsEmpty() (bool, error) {
	var n int
	err := l.read.QueryRow(`select exists(select 1 from records) + exists(select 1 from intents)`).Scan(&n)
	return n == 0, l.Problem(err)
}

// members streams which profile went into which contact, in profile order.
func (l *Ledger) MemberRows(ctx context.Context) (*sql.Rows, error) {
	rows, err := l.read.QueryContext(ctx, `select profile_key, contact_key from members order by profile_key`)
	return rows, l.Problem(err)
}

// LeftBehind are the contacts whose person became part of another, and that one perhaps of a third, by the key of whom
// they are now.
func (l *Ledger) LeftBehind() (map[string][]*RecordState, error) {
	rows, err := l.read.Query(`select ` + stateColumns + ` from records where entity = 'contacts' and state = 'merged'
		and target_id <> ''`)
	if err != nil {
		return nil, l.Problem(err)
	}
	defer rows.Close()
	left := map[string][]*RecordState{}
	for rows.Next() {
		st, err := scanState(rows)
		if err != nil {
			return nil, l.Problem(err)
		}
		now := st.Key
		for seen := map[string]bool{}; !seen[now]; {
			seen[now] = true
			err = l.read.QueryRow(`select contact_key from members where profile_key = ?`, now).Scan(&now)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return nil, l.Problem(err)
			}
		}
		left[now] = append(left[now], st)
	}
	return left, l.Problem(rows.Err())
}

func (s *RecordState) IdIfThere() string {
	if s.IsThere() {
		return s.TargetID
	}
	return ""
}

// IsOfLoad tells what a load made of a record from what a rollback made of it.
func IsOfLoad(outcome string) bool {
	switch outcome {
	case Created, Updated, Unchanged, Conflict, Refused, Pending:
		return true
	}
	return false
}

// OpenCreates are the creates of an entity whose outcome is not known.
func (l *Ledger) OpenCreates(entity string) ([]*RecordState, error) {
	rows, err := l.read.Query(`select `+stateColumns+` from records where entity = ? and open <> 0 and target_id = ''`,
		entity)
	if err != nil {
		return nil, l.Problem(err)
	}
	defer rows.Close()
	var open []*RecordState
	for rows.Next() {
		st, err := scanState(rows)
		if err != nil {
			return nil, l.Problem(err)
		}
		open = append(open, st)
	}
	return open, l.Problem(rows.Err())
}
