package load

import (
	"database/sql"
	"time"

	"ferry/load/freshsales"
)

// ledgerTx is one group of changes; statements are prepared once per group.
type ledgerTx struct {
	tx       *sql.Tx
	prepared map[string]*sql.Stmt
}

func (t *ledgerTx) exec(query string, args ...any) (sql.Result, error) {
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

func (t *ledgerTx) setMeta(name, value string) error {
	_, err := t.exec(`insert into meta values (?, ?) on conflict (name) do update set value = excluded.value`, name, value)
	return err
}

// intent is what is about to be done to one record. Fields is the state of our fields once it is
// done, as canonical JSON: the base of the next three-way comparison.
type intent struct {
	seq                    int64
	run, entity, key, verb string
	targetID               string
	fields                 []byte
	at                     time.Time
}

// Verbs of intents.
const (
	verbCreate  = "create"
	verbUpdate  = "update"
	verbLink    = "link"
	verbDelete  = "delete"
	verbRestore = "restore"
	verbKeep    = "keep" // nothing is written; what we stand for has changed
)

// intend makes an intent durable before its call, and marks the record as being under way. The
// origin of a record is settled here: what we intend to create is ours to delete.
func (t *ledgerTx) intend(i *intent) error {
	res, err := t.exec(`insert into intents (run, entity, key, verb, target_id, fields, at) values (?, ?, ?, ?, ?, ?, ?)`,
		i.run, i.entity, i.key, i.verb, i.targetID, string(i.fields), i.at.UnixMilli())
	if err != nil {
		return err
	}
	if i.seq, err = res.LastInsertId(); err != nil {
		return err
	}
	origin := originFound
	if i.verb == verbCreate {
		origin = originCreated
	}
	_, err = t.exec(`insert into records (entity, key, state, origin, target_id, good, open, reason, updated, run, born)
		values (?, ?, 'open', ?, ?, 0, ?, '', '', ?, ?)
		on conflict (entity, key) do update set open = excluded.open,
		  born = case when target_id = '' or state in ('deleted', 'restored', 'gone') then excluded.born else born end,
		  origin = case when target_id = '' or state in ('deleted', 'restored', 'gone') then excluded.origin else origin end,
		  target_id = case when state in ('deleted', 'restored', 'gone') then excluded.target_id else target_id end,
		  good = case when state in ('deleted', 'restored', 'gone') then 0 else good end,
		  state = case when state in ('deleted', 'restored', 'gone') then 'open' else state end`,
		i.entity, i.key, origin, i.targetID, i.seq, i.run, i.run)
	return err
}

// outcome is what came of an intent.
type outcome struct {
	intent           int64
	run, entity, key string
	outcome, reason  string
	targetID         string
	calls            int64
	at               time.Time
	digest           []byte // of the row this outcome satisfies; nil leaves the record due
	updated          string // their updated_at after our write, where it was seen
}

// Outcomes, as they stand in loaded.outcomes; those of a rollback are kept apart in the log.
const (
	created   = "created"
	updated   = "updated"
	unchanged = "unchanged"
	conflict  = "conflict"
	refused   = "refused"
	held      = "held"
	blocked   = "blocked"
	pending   = "pending"
	reversed  = "reversed"
	kept      = "kept"
	failed    = "failed"
	gone      = "gone"
)

// settle makes an outcome durable and moves the record's index entry with it.
func (t *ledgerTx) settle(o outcome) error {
	if _, err := t.exec(`insert into outcomes (intent, run, entity, key, outcome, reason, target_id, calls, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		o.intent, o.run, o.entity, o.key, o.outcome, o.reason, o.targetID, o.calls, o.at.UnixMilli()); err != nil {
		return err
	}
	set, args := t.standingAfter(o)
	args = append(args, o.run, o.outcome, o.calls, o.at.UnixMilli(), o.entity, o.key)
	_, err := t.exec(`update records set `+set+`, open = 0, run = ?, outcome = ?, calls = ?, at = ? where entity = ? and key = ?`, args...)
	return err
}

// standingAfter is what an outcome makes of a record's entry in the index.
func (t *ledgerTx) standingAfter(o outcome) (string, []any) {
	switch o.outcome {
	case created, updated:
		return `state = 'live', target_id = ?, digest = ?, good = ?, reason = '', updated = ?`, []any{o.targetID, o.digest, o.intent, o.updated}
	case unchanged, conflict:
		return `state = case when target_id = '' then state else 'live' end, digest = ?, good = case when ? <> 0 then ? else good end, reason = ?`,
			[]any{o.digest, o.intent, o.intent, o.reason}
	case refused:
		// The digest of what was refused is kept, so that only a changed row is tried again.
		return `state = case when target_id = '' then 'refused' else 'stale' end, digest = ?, reason = ?`, []any{o.digest, o.reason}
	case reversed:
		return `state = case when origin = 'created' then 'deleted' else 'restored' end, digest = null, reason = ''`, nil
	case gone:
		return `state = 'gone', digest = null, reason = ''`, nil
	}
	return `reason = ?`, []any{o.reason}
}

// wentWith marks what goes with a record that was taken back: the account link of a contact of ours,
// and the call that put a contact's stage back after a deal. If the record is made again, so are they.
func (t *ledgerTx) wentWith(entity, key string) error {
	with := map[string]string{"contacts": accountLinks, "deals": stageMoves}[entity]
	if with == "" {
		return nil
	}
	_, err := t.exec(`update records set state = 'deleted', digest = null, open = 0 where entity = ? and key = ? and state = 'live'
		and exists (select 1 from records r where r.entity = ? and r.key = ? and r.state in ('deleted', 'gone'))`, with, key, entity, key)
	return err
}

// find notes a record that was there before us, with its image, before anything is done to it.
func (t *ledgerTx) find(run, entity, key, targetID string, image []byte, at time.Time) error {
	if err := t.image(run, entity, key, targetID, image, at); err != nil {
		return err
	}
	_, err := t.exec(`insert into records (entity, key, state, origin, target_id, good, open, reason, updated, run)
		values (?, ?, 'found', 'found', ?, 0, 0, '', '', ?)
		on conflict (entity, key) do update set state = 'found', origin = 'found', target_id = excluded.target_id, digest = null, good = 0, open = 0`,
		entity, key, targetID, run)
	return err
}

// image keeps what a record looked like before we changed it.
func (t *ledgerTx) image(run, entity, key, targetID string, fields []byte, at time.Time) error {
	_, err := t.exec(`insert into images (run, entity, key, target_id, fields, at) values (?, ?, ?, ?, ?, ?)`,
		run, entity, key, targetID, string(fields), at.UnixMilli())
	return err
}

// member notes which contact a profile went into.
func (t *ledgerTx) member(profile, contact string) error {
	_, err := t.exec(`insert into members values (?, ?) on conflict (profile_key) do update set contact_key = excluded.contact_key`, profile, contact)
	return err
}

// Spending is told of calls before they are made; it makes a ledger a journal of the pace.
func (l *ledger) Spending(at time.Time, n int) error {
	return l.do(func(t *ledgerTx) error {
		_, err := t.exec(`insert into spent (at, calls) values (?, ?)`, at.UnixMilli(), n)
		return err
	})
}

// Spent is every call told of since a time, in order.
func (l *ledger) Spent(since time.Time) ([]freshsales.Spend, error) {
	rows, err := l.read.Query(`select at, calls from spent where at >= ? order by seq`, since.UnixMilli())
	if err != nil {
		return nil, l.problem(err)
	}
	defer rows.Close()
	var all []freshsales.Spend
	for rows.Next() {
		var at int64
		var n int
		if err := rows.Scan(&at, &n); err != nil {
			return nil, l.problem(err)
		}
		all = append(all, freshsales.Spend{At: time.UnixMilli(at), N: n})
	}
	return all, l.problem(rows.Err())
}

// rekey lets a record stand under another key of the same person. With swap, what stood under that
// key is kept under the old one: nothing we know of is forgotten.
func (t *ledgerTx) rekey(from, to string, swap bool) error {
	const aside = "\x00moving"
	move := func(old, new string) error {
		_, err := t.exec(`update records set key = ? where entity = 'contacts' and key = ?`, new, old)
		return err
	}
	if !swap {
		if _, err := t.exec(`delete from records where entity = 'contacts' and key = ? and target_id = ''`, to); err != nil {
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

// mergedAway marks the record of a contact that became part of another.
func (t *ledgerTx) mergedAway(key string) error {
	_, err := t.exec(`update records set state = 'merged', open = 0 where entity = 'contacts' and key = ?`, key)
	return err
}

// adopted closes the intent of a record found by a sweep.
func (t *ledgerTx) adopted(i *intent, updated string) error {
	if _, err := t.exec(`insert into outcomes (intent, run, entity, key, outcome, reason, target_id, calls, at) values (?, ?, ?, ?, 'adopted', '', ?, 0, ?)`,
		i.seq, i.run, i.entity, i.key, i.targetID, i.at.UnixMilli()); err != nil {
		return err
	}
	_, err := t.exec(`update records set state = 'live', origin = 'adopted', open = 0, good = ?, digest = null, updated = ? where entity = ? and key = ?`,
		i.seq, updated, i.entity, i.key)
	return err
}
