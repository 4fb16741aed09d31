package ledger

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"time"

	"ferry/internal/run"
	"ferry/load/record"
)

// StatusResult is what a target's ledger says, without asking the account.
type StatusResult struct {
	Records []StatusCount
	LastRun string    // the run whose records were touched last
	LastAt  time.Time // zero: never
	Open    int64     // records under way: a load was interrupted, or is running
}

// StatusCount is how many records of an entity are in a state.
type StatusCount struct {
	Entity string
	State  string // created, updated, found, refused, open, deleted, restored, gone, merged
	Count  int64
}

// Status reads a ledger; another process may be loading meanwhile. A target that was never loaded
// has an empty status.
func Status(target run.Target) (StatusResult, error) {
	var r StatusResult
	if _, err := os.Stat(target.Ledger()); errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	l := &Ledger{path: target.Ledger()}
	db, err := openSQLite(l.path, "ro", 1, 2)
	if err != nil {
		return r, l.Problem(err)
	}
	defer db.Close()
	// A link is made by us whoever made its contact; its origin says what undoing it must put back.
	rows, err := db.Query(
		`select entity, case when state = 'live' then case when origin = 'created' or entity = 'account_links' then 'created' else 'updated' end else state end as stands,
		count(*), sum(open <> 0) from records group by 1, 2 order by 1, 2`)
	if err != nil {
		return r, l.Problem(err)
	}
	defer rows.Close()
	for rows.Next() {
		var c StatusCount
		var open int64
		if err := rows.Scan(&c.Entity, &c.State, &c.Count, &open); err != nil {
			return r, l.Problem(err)
		}
		r.Records = append(r.Records, c)
		r.Open += open
	}
	if err := rows.Err(); err != nil {
		return r, l.Problem(err)
	}
	var at int64
	err = db.QueryRow(`select run, at from outcomes order by seq desc limit 1`).Scan(&r.LastRun, &at)
	if err == nil {
		r.LastAt = record.TimeOf(at)
		return r, nil
	}
	return r, nil
}

const runsThatWrote = `select run from intents where verb in ('create', 'update', 'link') group by run order by min(seq)`

// Runs are the runs that wrote to the account, oldest first.
func (l *Ledger) Runs() ([]string, error) {
	ids, err := texts(l.read.Query(runsThatWrote))
	return ids, l.Problem(err)
}

// RunsOf are the runs that a target's ledger knows; none before it was loaded.
func RunsOf(target run.Target) ([]string, error) {
	if _, err := os.Stat(target.Ledger()); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	l := &Ledger{path: target.Ledger()}
	db, err := openSQLite(l.path, "ro", 1, 2)
	if err != nil {
		return nil, l.Problem(err)
	}
	defer db.Close()
	ids, err := texts(db.Query(runsThatWrote))
	return ids, l.Problem(err)
}

// texts reads a query of one text column.
func texts(rows *sql.Rows, err error) (all []string, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}
