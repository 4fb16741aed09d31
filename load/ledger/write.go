package ledger

import (
	"database/sql"
	"time"

	"ferry/load/freshsales"
	"ferry/load/record"
)

// Tx is one group of changes; statements are prepared once per group.
type Tx struct {
	tx       *sql.Tx
	prepared map[string]*sql.Stmt
}

func (t *Tx) exec(query string, args ...any) (sql.Result, error) {
	s, ok := t.prepared[query]
	if !ok {
		var err error
		if s, err = t.tx.Prepare(query); err != nil {
			return nil, err
		}
		t.prepared[query] = s
	}
	return s.Exec(args...)
}

func (t *Tx) SetMeta(name, value string) error {
	_, err := t.exec(`insert into meta values (?, ?) on conflict (name) do update set value = excluded.value`, name, value)
	return err
}

// Intent is what is about to be done to one record. Fields is the state of our fields once it is
// done, as canonical JSON: the base of the next three-way comparison.
type Intent struct {
	Seq                    int64
	Run, Entity, Key, Verb string
	TargetID               string
	Fields                 []byte
	At                     time.Time
}

// Verbs of intents.
const (
	VerbCreate  = "create"
	VerbUpdate  = "update"
	VerbLink    = "link"
	VerbDelete  = "delete"
	VerbRestore = "restore"
	VerbKeep    = "keep" // nothing is written; what we stand for has changed
)

// Intend makes an intent durable before its call, and marks the record as being under way. The
// origin of a record is settled here: what we intend to create is ours to delete.
func (t *Tx) Intend(i *Intent) error {
	res, err := t.exec(`insert into intents (run, entity, key, verb, target_id, fields, at) values (?, ?, ?, ?, ?, ?, ?)`,
		i.Run, i.Entity, i.Key, i.Verb, i.TargetID, string(i.Fields), i.At.UnixMilli())
	if err != nil {
		return err
	}
	if i.Seq, err = res.LastInsertId(); err != nil {
		return err
	}
	origin := OriginFound
	if i.Verb == VerbCreate {
		origin = OriginCreated
	}
	_, err = t.exec(`insert into records (entity, key, state, origin, target_id, good, open, reason, updated, run, born)
		values (?, ?, 'open', ?, ?, 0, ?, '', '', ?, ?)
		on conflict (entity, key) do update set open = excluded.open,
		  born = case when target_id = '' or state in ('deleted', 'restored', 'gone') then excluded.born else born end,
		  origin = case when target_id = '' or state in ('deleted', 'restored', 'gone') then excluded.origin else origin end,
		  target_id = case when state in ('deleted', 'restored', 'gone') then excluded.target_id else target_id end,
		  good = case when state in ('deleted', 'restored', 'gone') then 0 else good end,
		  state = case when state in ('deleted', 'restored', 'gone') then 'open' else state end`,
		i.Entity, i.Key, origin, i.TargetID, i.Seq, i.Run, i.Run)
	return err
}

// Outcome is what came of an intent.
type Outcome struct {
	Intent           int64
	Run, Entity, Key string
	Outcome, Reason  string
	TargetID         string
	Calls            int64
	At               time.Time
	Digest           []byte // of the row this outcome satisfies; nil leaves the record due
	Updated          string // their updated_at after our write, where it was seen
	Existed          bool   // it was there before us, though we meant to create it
	Earlier          bool   // it was put back to what an earlier run of ours wrote, which the intent holds
}

// Outcomes, as they stand in loaded.outcomes; those of a rollback are kept apart in the log.
const (
	Created   = "created"
	Updated   = "updated"
	Unchanged = "unchanged"
	Conflict  = "conflict"
	Refused   = "refused"
	Held      = "held"
	Blocked   = "blocked"
	Pending   = "pending"
	Reversed  = "reversed"
	kept      = "kept"
	Failed    = "failed"
	Gone      = "gone"
)

// Resolve makes an outcome durable and moves the record's index entry with it.
func (t *Tx) Resolve(o Outcome) error {
	if _, err := t.exec(
		`insert into outcomes (intent, run, entity, key, outcome, reason, target_id, calls, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		o.Intent, o.Run, o.Entity, o.Key, o.Outcome, o.Reason, o.TargetID, o.Calls, o.At.UnixMilli()); err != nil {
		return err
	}
	set, args := t.stateAfter(o)
	args = append(args, o.Run, o.Outcome, o.Calls, o.At.UnixMilli(), o.Entity, o.Key)
	_, err := t.exec(`update records set `+set+
		`, open = 0, run = ?, outcome = ?, calls = ?, at = ? where entity = ? and key = ?`, args...)
	return err
}

// stateAfter is what an outcome makes of a record's entry in the index.
func (t *Tx) stateAfter(o Outcome) (string, []any) {
	switch o.Outcome {
	case Created, Updated:
		set := `state = 'live', target_id = ?, digest = ?, good = ?, reason = ?, updated = ?`
		if o.Existed {
			set += `, origin = 'found'`
		}
		return set, []any{o.TargetID, o.Digest, o.Intent, o.Reason, o.Updated}
	case Unchanged, Conflict:
		return `state = case when target_id = '' then state else 'live' end, digest = ?, good = case when ? <> 0 then ? else good end, reason = ?`,
			[]any{o.Digest, o.Intent, o.Intent, o.Reason}
	case Refused:
		// The digest of what was refused is kept, so that only a changed row is tried again.
		return `state = case when target_id = '' then 'refused' else 'stale' end, digest = ?, reason = ?`,
			[]any{o.Digest, o.Reason}
	case Reversed:
		if o.Earlier {
			return `state = 'live', target_id = ?, digest = null, good = ?, reason = ''`, []any{o.TargetID, o.Intent}
		}
		return `state = case when origin = 'created' then 'deleted' else 'restored' end, digest = null, reason = ''`, nil
	case Gone:
		return `state = 'gone', digest = null, reason = ''`, nil
	}
	return `reason = ?`, []any{o.Reason}
}

// WentWith marks what goes with a record that was taken back: the account link of a contact of ours,
// and the call that put a contact's stage back after a deal. If the record is made again, so are they.
func (t *Tx) WentWith(entity, key string) error {
	with := map[string]string{"contacts": record.AccountLinks, "deals": record.StageMoves}[entity]
	if with == "" {
		return nil
	}
	_, err := t.exec(
		`update records set state = 'deleted', digest = null, open = 0 where entity = ? and key = ? and state = 'live'
		and exists (select 1 from records r where r.entity = ? and r.key = ? and r.state in ('deleted', 'gone'))`, with, key, entity, key)
	return err
}

// Find notes a record that was there before us, with its image, before anything is done to it.
func (t *Tx) Find(run, entity, key, targetID string, image []byte, at time.Time) error {
	if err := t.Image(run, entity, key, targetID, image, at); err != nil {
		return err
	}
	_, err := t.exec(`insert into records (entity, key, state, origin, target_id, good, open, reason, updated, run)
		values (?, ?, 'found', 'found', ?, 0, 0, '', '', ?)
		on conflict (entity, key) do update set state = 'found', origin = 'found', target_id = excluded.target_id, digest = null, good = 0, open = 0`,
		entity, key, targetID, run)
	return err
}

// Image keeps what a record looked like before we changed it.
func (t *Tx) Image(run, entity, key, targetID string, fields []byte, at time.Time) error {
	_, err := t.exec(`insert into images (run, entity, key, target_id, fields, at) values (?, ?, ?, ?, ?, ?)`,
		run, entity, key, targetID, string(fields), at.UnixMilli())
	return err
}

// Member notes which contact a profile went into.
func (t *Tx) Member(profile, contact string) error {
	_, err := t.exec(
		`insert into members values (?, ?) on conflict (profile_key) do update set contact_key = excluded.contact_key`,
		profile, contact)
	return err
}

// Spending is told of calls before they are made; it makes a ledger a journal of the pace.
func (l *Ledger) Spending(at time.Time, n int) error {
	return l.Do(func(t *Tx) error {
		_, err := t.exec(`insert into spent (at, calls) values (?, ?)`, at.UnixMilli(), n)
		return err
	})
}

// Spent is every call told of since a time, in order.
func (l *Ledger) Spent(since time.Time) ([]freshsales.Spend, error) {
	rows, err := l.read.Query(`select at, calls from spent where at >= ? order by seq`, since.UnixMilli())
	if err != nil {
		return nil, l.Problem(err)
	}
	defer rows.Close()
	var all []freshsales.Spend
	for rows.Next() {
		var at int64
		var n int
		if err := rows.Scan(&at, &n); err != nil {
			return nil, l.Problem(err)
		}
		all = append(all, freshsales.Spend{At: time.UnixMilli(at), N: n})
	}
	return all, l.Problem(rows.Err())
}

// Rekey lets a record stand under another key of the same person or company. With swap, what stood under that
// key is kept under the old one: nothing we know of is forgotten.
func (t *Tx) Rekey(entity, from, to string, swap bool) error {
	const aside = "\x00moving"
	move := func(old, new string) error {
		_, err := t.exec(`update records set key = ? where entity = ? and key = ?`, new, entity, old)
		return err
	}
	if !swap {
		if _, err := t.exec(`delete from records where entity = ? and key = ? and target_id = ''`, entity, to); err != nil {
			return err
		}
		return move(from, to)
	}
	for _, m := range [][2]string{{to, aside}, {from, to}, {aside, from}} {
		if err := move(m[0], m[1]); err != nil {
			return err
		}
	}
	return nil
}

// MergedAway marks the record of a contact that became part of another.
func (t *Tx) MergedAway(key string) error {
	_, err := t.exec(`update records set state = 'merged', open = 0 where entity = 'contacts' and key = ?`, key)
	return err
}

// MergedBack marks the record of a contact that is a person of its own again.
func (t *Tx) MergedBack(key string) error {
	_, err := t.exec(`update records set state = 'live', digest = null, open = 0 where entity = 'contacts' and key = ?`, key)
	return err
}

// Adopted closes the intent of a record found by a sweep.
func (t *Tx) Adopted(i *Intent, updated string) error {
	if _, err := t.exec(
		`insert into outcomes (intent, run, entity, key, outcome, reason, target_id, calls, at) values (?, ?, ?, ?, 'adopted', '', ?, 0, ?)`,
		i.Seq, i.Run, i.Entity, i.Key, i.TargetID, i.At.UnixMilli()); err != nil {
		return err
	}
	_, err := t.exec(
		`update records set state = 'live', origin = 'adopted', open = 0, good = ?, digest = null, updated = ? where entity = ? and key = ?`,
		i.Seq, updated, i.Entity, i.Key)
	return err
}
