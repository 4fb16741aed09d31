package load

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// live is what the account holds of one entity, as far as we looked: all of it after a sweep of
// its view, or single records looked up.
type live struct {
	s       *session
	k       *kind
	db      *sql.DB
	total   int64
	isSwept bool
	mu      sync.Mutex
}

type liveRow struct{ id, updated string }

const sweptFor = 24 * time.Hour

func sweepQuery(page int) freshsales.Query {
	return freshsales.Query{Page: page, Sort: "id"}
}

// sweptBefore says that this run already compared everything it wants with the account, so that a
// resumed load need not do so again.
func sweptBefore(s *session, k *kind) (bool, error) {
	text, err := s.ledger.meta("swept:" + k.entity)
	if err != nil || text == "" {
		return false, err
	}
	id, at, _ := strings.Cut(text, " ")
	when, err := time.Parse(time.RFC3339, at)
	return err == nil && id == s.runID() && s.now().Sub(when) < sweptFor, nil
}

// forgetSweeps makes the next load of any run look again: after a rollback nothing is as it was.
func forgetSweeps(l *ledger) error {
	return l.do(func(t *ledgerTx) error {
		for _, k := range kinds {
			if k.identity != "" {
				if err := t.setMeta("swept:"+k.entity, ""); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (lv *live) sweep(ctx context.Context, view int64, first freshsales.Page, pages int64) error {
	path := filepath.Join(lv.s.temp, "live-"+lv.k.entity+".db")
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	var err error
	if lv.db, err = sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)"); err != nil {
		return err
	}
	lv.db.SetMaxOpenConns(1)
	if _, err := lv.db.Exec(`create table rows (id text primary key, ident text not null, updated text not null) without rowid; create index by_ident on rows (ident)`); err != nil {
		return err
	}
	if err := os.Chmod(path, run.FileMode); err != nil {
		return err
	}
	lv.s.say(run.Started, lv.k.entity, "reading the list of %d %s in the account", first.Total, lv.k.entity)
	if err := lv.keep(first.Rows); err != nil {
		return err
	}
	err = lv.s.parallel(int(max(0, pages-1)), func(i int) error {
		page, err := lv.s.client.ViewPage(ctx, entityOf(lv.k), view, sweepQuery(i+2))
		if err != nil {
			return lv.s.explain(err)
		}
		return lv.keep(page.Rows)
	})
	lv.isSwept = err == nil
	return err
}

func (lv *live) keep(rows []freshsales.Row) error {
	lv.mu.Lock()
	defer lv.mu.Unlock()
	tx, err := lv.db.Begin()
	if err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := tx.Exec(`insert or replace into rows values (?, ?, ?)`, idText(r.ID), identOfRow(lv.k, r), r.UpdatedAt); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

// find gives the records that have one of these identities.
func (lv *live) find(ctx context.Context, idents []string) (map[string]liveRow, error) {
	found := map[string]liveRow{}
	switch {
	case len(idents) == 0 || lv.isSwept && lv.db == nil:
		return found, nil
	case lv.isSwept:
		return found, lv.query(`ident`, idents, func(r liveRow, ident string) { found[ident] = r })
	}
	var mu sync.Mutex
	return found, lv.s.parallel(len(idents), func(i int) error {
		rows, err := lv.s.client.Lookup(ctx, entityOf(lv.k), lv.k.identity, idents[i])
		if err != nil {
			return lv.s.explain(err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, r := range rows {
			if identOfRow(lv.k, r) == idents[i] {
				found[idents[i]] = liveRow{idText(r.ID), r.UpdatedAt}
			}
		}
		return nil
	})
}

func (lv *live) byID(id string) (liveRow, bool) {
	var found liveRow
	if lv.db == nil {
		return found, false
	}
	err := lv.query(`id`, []string{id}, func(r liveRow, _ string) { found = r })
	return found, err == nil && found.id != ""
}

func (lv *live) query(column string, values []string, each func(liveRow, string)) error {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	lv.mu.Lock()
	defer lv.mu.Unlock()
	rows, err := lv.db.Query(`select id, updated, ident from rows where `+column+` in (`+marks(len(args))+`)`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r liveRow
		var ident string
		if err := rows.Scan(&r.id, &r.updated, &ident); err != nil {
			return err
		}
		each(r, ident)
	}
	return rows.Err()
}

// rememberSwept notes that everything of an entity was compared.
func rememberSwept(s *session, entity string) error {
	return s.ledger.setMeta("swept:"+entity, s.runID()+" "+s.now().UTC().Format(time.RFC3339))
}

func newLive(s *session, k *kind) *live { return &live{s: s, k: k} }

// sweepAll reads the whole view of an entity.
func (lv *live) sweepAll(ctx context.Context, view int64) error {
	first, err := lv.s.client.ViewPage(ctx, entityOf(lv.k), view, sweepQuery(1))
	if err != nil {
		return err
	}
	return lv.sweep(ctx, view, first, (first.Total+99)/100)
}

func (lv *live) close() {
	if lv.db != nil {
		_ = lv.db.Close()
	}
}

func linksOf(k *kind) []string {
	switch k.entity {
	case "contacts":
		return []string{"sales_accounts"}
	case "deals":
		return []string{"contacts"}
	}
	return nil
}
