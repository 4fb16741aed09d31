// Package ledger is the only memory of what happened to an account: intents, outcomes and
// before-images as a log that only grows, and an index of where each record stands. It must not
// know the account, nor what a call is. Start at the schema in ledger.go; write.go has the changes.
package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"ferry/internal/run"
	"ferry/load/record"
)

// The ledger is the only memory of what happened to an account. Intents, outcomes and
// before-images are a log that nothing may change (triggers say so); records and members are an
// index over that log, kept in the same transactions.
const schema = `
create table if not exists meta (name text primary key, value text not null) without rowid;

create table if not exists intents (
  seq integer primary key, run text not null, entity text not null, key text not null,
  verb text not null, target_id text not null, fields text not null, at integer not null);
create table if not exists outcomes (
  seq integer primary key, intent integer not null, run text not null, entity text not null, key text not null,
  outcome text not null, reason text not null, target_id text not null, calls integer not null, at integer not null);
create table if not exists images (
  seq integer primary key, run text not null, entity text not null, key text not null,
  target_id text not null, fields text not null, at integer not null);
create table if not exists spent (seq integer primary key, at integer not null, calls integer not null);

create table if not exists records (
  entity text not null, key text not null, state text not null, origin text not null, target_id text not null,
  digest blob, good integer not null, open integer not null, reason text not null, updated text not null, run text not null,
  outcome text not null default '', calls integer not null default 0, at integer not null default 0,
  born text not null default '',
  primary key (entity, key)) without rowid;
create index if not exists records_target on records (entity, target_id) where target_id <> '';
create index if not exists records_open on records (entity, key) where open <> 0;
create index if not exists images_key on images (entity, key);
create index if not exists intents_key on intents (entity, key);
create table if not exists members (profile_key text primary key, contact_key text not null) without rowid;

create trigger if not exists intents_kept before update on intents begin select raise(abort, 'the ledger only grows'); end;
create trigger if not exists intents_stay before delete on intents begin select raise(abort, 'the ledger only grows'); end;
create trigger if not exists outcomes_kept before update on outcomes begin select raise(abort, 'the ledger only grows'); end;
create trigger if not exists outcomes_stay before delete on outcomes begin select raise(abort, 'the ledger only grows'); end;
create trigger if not exists images_kept before update on images begin select raise(abort, 'the ledger only grows'); end;
create trigger if not exists images_stay before delete on images begin select raise(abort, 'the ledger only grows'); end;
`

const format = "1"

// Ledger is one open ledger.db: one connection that writes, in groups, and others that read.
type Ledger struct {
	path  string
	write *sql.DB
	read  *sql.DB

	jobs    chan job
	stopped chan struct{}
	close   sync.Once
	// boundary is called before and after every commit; the kill tests die in it.
	Boundary func(moment string)
}

type job struct {
	do   func(*Tx) error
	done chan error
}

// Open opens or starts the ledger and makes sure that it is whole.
func Open(path string) (*Ledger, error) {
	if err := os.MkdirAll(filepath.Dir(path), run.DirMode); err != nil {
		return nil, err
	}
	if err := touchPrivate(path); err != nil {
		return nil, err
	}
	l := &Ledger{path: path, jobs: make(chan job, 256), stopped: make(chan struct{}), Boundary: func(string) {}}
	var err error
	if l.write, err = openSQLite(path, "rwc", 1, 8); err != nil {
		return nil, l.Problem(err)
	}
	if l.read, err = openSQLite(path, "rw", 4, 2); err != nil {
		return nil, l.Problem(err)
	}
	if err := l.check(); err != nil {
		_ = l.write.Close()
		_ = l.read.Close()
		return nil, err
	}
	go l.serve()
	return l, nil
}

func touchPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, run.FileMode)
	if err != nil {
		return run.Problemf(path, "ferry may not write the ledger: %v", record.PathCause(err)).
			WithTry("check the owner and the mode of this folder")
	}
	return f.Close()
}

// openSQLite opens a ledger file with some connections, each of which keeps up to cache MB of pages.
func openSQLite(path, mode string, connections, cache int) (*sql.DB, error) {
	q := url.Values{"mode": {mode}, "_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)",
		fmt.Sprintf("cache_size(-%d)", cache*1000), "temp_store(FILE)"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// smallLedger is how big a ledger may be to be checked page by page at every start.
const smallLedger = 64 << 20

func (l *Ledger) check() error {
	if info, err := os.Stat(l.path); err == nil && info.Size() > 0 && info.Size() <= smallLedger {
		var verdict string
		if err := l.write.QueryRow(`pragma quick_check(1)`).Scan(&verdict); err != nil {
			return l.Problem(err)
		}
		if verdict != "ok" {
			return l.Damaged(verdict)
		}
	}
	if _, err := l.write.Exec(schema); err != nil {
		return l.Problem(err)
	}
	version, err := l.Meta("version")
	if err != nil {
		return err
	}
	if version == "" {
		_, err = l.write.Exec(`insert into meta values ('version', ?)`, format)
		return l.Problem(err)
	}
	if version != format {
		return run.Problemf(l.path, "this ledger was written by another version of ferry (format %s, this one reads %s)",
			version, format).
			WithTry("use the ferry that loaded this target")
	}
	return l.checkIndex()
}

// checkIndex compares the newest log entry with the index: a ledger put together from two copies
// of the file and its write-ahead log would fail here.
func (l *Ledger) checkIndex() error {
	var open, missing int
	err := l.write.QueryRow(
		`select count(*), coalesce(sum(i.seq is null), 0) from records r left join intents i on i.seq = r.open where r.open <> 0`).Scan(&open, &missing)
	if err != nil {
		return l.Problem(err)
	}
	if missing > 0 {
		return l.Damaged("records name intents that are not there")
	}
	return nil
}

func (l *Ledger) Damaged(what string) error {
	return run.Problemf(l.path, "the ledger is damaged: %s", what).
		WithTry("restore ledger.db from a backup, or move it away; then rebuild what it lacks from the " +
			"account: ferry load --adopt")
}

// Problem turns what SQLite says into something to act on.
func (l *Ledger) Problem(err error) error {
	if err == nil {
		return nil
	}
	var p *run.Problem
	if errors.As(err, &p) {
		return err
	}
	var theirs *sqlite.Error
	if !errors.As(err, &theirs) {
		return fmt.Errorf("ledger: %w", err)
	}
	switch theirs.Code() & 0xff { // the primary code; the rest says where SQLite met it
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB,
		sqlite3.SQLITE_ERROR: // our SQL is right: a table or a column is not as we made it
		return l.Damaged(theirs.Error())
	case sqlite3.SQLITE_FULL:
		return run.Problemf(l.path, "the disk is full").
			WithTry("free some space and run the same command again; nothing is lost")
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return run.Problemf(l.path, "ferry may not write the ledger: %v", err).
			WithTry("check the owner and the mode of this folder")
	}
	return fmt.Errorf("ledger: %w", err)
}

// Close waits for what was promised and closes the file.
func (l *Ledger) Close() error {
	l.close.Do(func() { close(l.jobs) })
	<-l.stopped
	return errors.Join(l.read.Close(), l.write.Close())
}

// Do runs a change in the next group and returns when it is durable.
func (l *Ledger) Do(change func(*Tx) error) error {
	j := job{do: change, done: make(chan error, 1)}
	l.jobs <- j
	return <-j.done
}

// groupSize is how many changes share one commit, and so one sync of the disk.
const groupSize = 64

func (l *Ledger) serve() {
	defer close(l.stopped)
	for first := range l.jobs {
		group := append(make([]job, 0, groupSize), first)
	collect:
		for len(group) < groupSize {
			select {
			case j, ok := <-l.jobs:
				if !ok {
					break collect
				}
				group = append(group, j)
			default:
				break collect
			}
		}
		err := l.commit(group)
		for _, j := range group {
			j.done <- err
		}
	}
}

func (l *Ledger) commit(group []job) error {
	tx, err := l.write.BeginTx(context.Background(), nil)
	if err != nil {
		return l.Problem(err)
	}
	t := &Tx{tx: tx, prepared: map[string]*sql.Stmt{}}
	for _, j := range group {
		if err := j.do(t); err != nil {
			_ = tx.Rollback()
			return l.Problem(err)
		}
	}
	l.Boundary("before")
	if err := tx.Commit(); err != nil {
		return l.Problem(err)
	}
	l.Boundary("after")
	return nil
}

// Meta reads a fact about the ledger; "" when it was never noted.
func (l *Ledger) Meta(name string) (string, error) {
	var value string
	err := l.read.QueryRow(`select value from meta where name = ?`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, l.Problem(err)
}

// SetMeta notes a fact.
func (l *Ledger) SetMeta(name, value string) error {
	return l.Do(func(t *Tx) error { return t.SetMeta(name, value) })
}
