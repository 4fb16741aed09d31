package load

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// States of a record in the ledger's index.
const (
	stateOpen     = "open"     // an intent to create it, no outcome
	stateFound    = "found"    // was there before us, nothing written to it yet
	stateLive     = "live"     // what we last wanted is written
	stateStale    = "stale"    // live, but our newest change was refused
	stateRefused  = "refused"  // never created: refused
	stateDeleted  = "deleted"  // created by us, taken back
	stateRestored = "restored" // found, changed by us, put back
	stateGone     = "gone"     // was live, then deleted by somebody else
	stateMerged   = "merged"   // live, but its person became part of another
)

// Origins of a record: only what we created is ours to delete.
const (
	originCreated = "created"
	originFound   = "found"
	originAdopted = "adopted"
)

// standing is where one record stands.
type standing struct {
	entity, key, state, origin, targetID string
	digest                               []byte
	good, open                           int64
	reason, updated, run, outcome, born  string
	calls, at                            int64
}

// isThere says whether the record stands for something in the account.
func (s *standing) isThere() bool {
	if s == nil || s.targetID == "" {
		return false
	}
	return s.state == stateLive || s.state == stateFound || s.state == stateStale || s.state == stateOpen
}

// isUnderWay says that we intended to create the record and do not know what came of it. Should it
// be there, it is ours.
func (s *standing) isUnderWay() bool {
	return s != nil && s.open != 0 && s.targetID == "" && s.state == stateOpen
}

const standingColumns = `entity, key, state, origin, target_id, digest, good, open, reason, updated, run, outcome, calls, at, born`

func scanStanding(rows interface{ Scan(...any) error }) (*standing, error) {
	s := &standing{}
	err := rows.Scan(&s.entity, &s.key, &s.state, &s.origin, &s.targetID, &s.digest, &s.good, &s.open, &s.reason, &s.updated, &s.run, &s.outcome, &s.calls, &s.at, &s.born)
	return s, err
}

// standings streams the records of an entity in key order.
type standings struct {
	l    *ledger
	rows *sql.Rows
	next *standing
}

func (l *ledger) standings(ctx context.Context, entity string) (*standings, error) {
	rows, err := l.read.QueryContext(ctx, `select `+standingColumns+` from records where entity = ? order by key`, entity)
	if err != nil {
		return nil, l.problem(err)
	}
	s := &standings{l: l, rows: rows}
	return s, s.advance()
}

func (s *standings) advance() error {
	s.next = nil
	if !s.rows.Next() {
		return s.l.problem(s.rows.Err())
	}
	var err error
	s.next, err = scanStanding(s.rows)
	return s.l.problem(err)
}

// upTo gives the record of a key, and every record before it that nobody asked for.
func (s *standings) upTo(key string, passed func(*standing) error) (*standing, error) {
	for s.next != nil && s.next.key < key {
		if err := passed(s.next); err != nil {
			return nil, err
		}
		if err := s.advance(); err != nil {
			return nil, err
		}
	}
	if s.next == nil || s.next.key != key {
		return nil, nil
	}
	found := s.next
	return found, s.advance()
}

// rest gives every record that is left.
func (s *standings) rest(passed func(*standing) error) error {
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

func (s *standings) Close() error { return s.rows.Close() }

// standing is where one record stands, or nil.
func (l *ledger) standing(entity, key string) (*standing, error) {
	found, err := l.standingOf(entity, []string{key})
	return found[key], err
}

// standingOf looks many records up at once.
func (l *ledger) standingOf(entity string, keys []string) (map[string]*standing, error) {
	found := make(map[string]*standing, len(keys))
	for len(keys) > 0 {
		n := min(len(keys), 500)
		args := []any{entity}
		for _, k := range keys[:n] {
			args = append(args, k)
		}
		rows, err := l.read.Query(`select `+standingColumns+` from records where entity = ? and key in (`+marks(n)+`)`, args...)
		if err != nil {
			return nil, l.problem(err)
		}
		for rows.Next() {
			s, err := scanStanding(rows)
			if err != nil {
				rows.Close()
				return nil, l.problem(err)
			}
			found[s.key] = s
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, l.problem(err)
		}
		keys = keys[n:]
	}
	return found, nil
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// byTarget finds which record an id of the account belongs to.
func (l *ledger) byTarget(entity, targetID string) (*standing, error) {
	row := l.read.QueryRow(`select `+standingColumns+` from records where entity = ? and target_id = ? and state not in ('deleted', 'restored', 'gone')`, entity, targetID)
	s, err := scanStanding(row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return s, l.problem(err)
}

// fieldsOf reads the fields of an intent: what we last wrote, as canonical JSON.
func (l *ledger) fieldsOf(seq int64) ([]byte, error) {
	if seq == 0 {
		return nil, nil
	}
	var text string
	err := l.read.QueryRow(`select fields from intents where seq = ?`, seq).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, l.damaged("an outcome names an intent that is not there")
	}
	return []byte(text), l.problem(err)
}

// intentAt is when an intent was made durable and what it said.
func (l *ledger) intentAt(seq int64) (intent, error) {
	i := intent{seq: seq}
	var fields string
	var at int64
	err := l.read.QueryRow(`select run, entity, key, verb, target_id, fields, at from intents where seq = ?`, seq).
		Scan(&i.run, &i.entity, &i.key, &i.verb, &i.targetID, &fields, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return i, l.damaged("a record names an intent that is not there")
	}
	i.fields, i.at = []byte(fields), timeOf(at)
	return i, l.problem(err)
}

// firstImage is what a record was before us: its first image, or the first of one run.
func (l *ledger) firstImage(entity, key, ofRun string) (fields, error) {
	var text string
	err := l.read.QueryRow(`select fields from images where entity = ? and key = ? and (? = '' or run = ?) order by seq limit 1`,
		entity, key, ofRun, ofRun).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, l.problem(err)
	}
	return parseFields([]byte(text))
}

// count counts records by a condition on the index.
func (l *ledger) count(entity, where string) (int64, error) {
	var n int64
	err := l.read.QueryRow(`select count(*) from records where entity = ? and `+where, entity).Scan(&n)
	return n, l.problem(err)
}

// isEmpty says that nothing was ever noted about any record.
func (l *ledger) isEmpty() (bool, error) {
	var n int
	err := l.read.QueryRow(`select exists(select 1 from records) + exists(select 1 from intents)`).Scan(&n)
	return n == 0, l.problem(err)
}

// members streams which profile went into which contact, in profile order.
func (l *ledger) memberRows(ctx context.Context) (*sql.Rows, error) {
	rows, err := l.read.QueryContext(ctx, `select profile_key, contact_key from members order by profile_key`)
	return rows, l.problem(err)
}

func (s *standing) idIfThere() string {
	if s.isThere() {
		return s.targetID
	}
	return ""
}

// isOfLoad tells what a load made of a record from what a rollback made of it.
func isOfLoad(outcome string) bool {
	switch outcome {
	case created, updated, unchanged, conflict, refused, pending:
		return true
	}
	return false
}

// openCreates are the creates of an entity whose outcome is not known.
func (l *ledger) openCreates(entity string) ([]*standing, error) {
	rows, err := l.read.Query(`select `+standingColumns+` from records where entity = ? and open <> 0 and target_id = ''`, entity)
	if err != nil {
		return nil, l.problem(err)
	}
	defer rows.Close()
	var open []*standing
	for rows.Next() {
		st, err := scanStanding(rows)
		if err != nil {
			return nil, l.problem(err)
		}
		open = append(open, st)
	}
	return open, l.problem(rows.Err())
}
