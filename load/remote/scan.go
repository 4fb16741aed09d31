// Package remote looks things up in the account for every act: full scans of a view, single
// look-ups by identity, and records found again by their Ref. It reads only. Start at scan.go for
// parents, at refs.go for what hangs on contacts.
package remote

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
)

// Scan is what the account holds of one entity, as far as we looked: all of it after a sweep of
// its view, or single records looked up.
type Scan struct {
	s          *Lookups
	k          *record.Kind
	db         *sql.DB
	Total      int64
	IsComplete bool
	mu         sync.Mutex
}

// ScanRow is a record of the account; Ident is what it is known by first.
type ScanRow struct{ Id, Updated, Ident string }

const comparedFor = 24 * time.Hour

func FirstPages(page int) freshsales.Query {
	return freshsales.Query{Page: page, Sort: "id"}
}

// ComparedBefore says that this run already compared everything it wants with the account, so that a
// resumed load need not do so again.
func (s *Lookups) ComparedBefore(k *record.Kind) (bool, error) {
	text, err := s.Ledger.Meta("swept:" + k.Entity)
	if err != nil || text == "" {
		return false, err
	}
	id, at, _ := strings.Cut(text, " ")
	when, err := time.Parse(time.RFC3339, at)
	return err == nil && id == s.RunID() && s.Now().Sub(when) < comparedFor, nil
}

// ForgetCompared makes the next load of any run look again: after a rollback nothing is as it was.
func ForgetCompared(l *ledger.Ledger) error {
	return l.Do(func(t *ledger.Tx) error {
		for _, k := range record.Kinds {
			if k.Identity != "" {
				if err := t.SetMeta("swept:"+k.Entity, ""); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (lv *Scan) Read(ctx context.Context, view int64, first freshsales.Page, pages int64) error {
	path := filepath.Join(lv.s.Temp, "live-"+lv.k.Entity+".db")
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	var err error
	if lv.db, err = sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)"); err != nil {
		return err
	}
	lv.db.SetMaxOpenConns(1)
	if _, err := lv.db.Exec(
		`create table rows (id text primary key, ident text not null, updated text not null) without rowid; create index by_ident on rows (ident);
		create table marks (mark text not null, id text not null, primary key (mark, id)) without rowid`); err != nil {
		return err
	}
	if err := os.Chmod(path, run.FileMode); err != nil {
		return err
	}
	lv.s.Say(run.Started, lv.k.Entity, "reading the list of %d %s in the account", first.Total, lv.k.Entity)
	if err := lv.keep(first.Rows); err != nil {
		return err
	}
	err = lv.s.Parallel(int(max(0, pages-1)), func(i int) error {
		page, err := lv.s.Client.ViewPage(ctx, record.EntityOf(lv.k), view, FirstPages(i+2))
		if err != nil {
			return lv.s.Explain(err)
		}
		return lv.keep(page.Rows)
	})
	lv.IsComplete = err == nil
	return err
}

func (lv *Scan) keep(rows []freshsales.Row) error {
	lv.mu.Lock()
	defer lv.mu.Unlock()
	tx, err := lv.db.Begin()
	if err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := tx.Exec(`insert or replace into rows values (?, ?, ?)`, record.IdText(r.ID), record.IdentOfRow(lv.k, r),
			r.UpdatedAt); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		for _, m := range marksOf(lv.k, r) {
			if _, err := tx.Exec(`insert or ignore into marks values (?, ?)`, m, record.IdText(r.ID)); err != nil {
				return errors.Join(err, tx.Rollback())
			}
		}
	}
	return tx.Commit()
}

// Marks of a contact by which the account, or somebody, may know it besides its primary address.
const (
	emailMark    = "email "
	externalMark = "external_id "
	mobileMark   = "mobile_number "
)

// marksOf are the marks a row of a list shows.
func marksOf(k *record.Kind, r freshsales.Row) []string {
	if k.Entity != "contacts" {
		return nil
	}
	var marks []string
	for _, e := range r.Emails {
		marks = append(marks, emailMark+strings.ToLower(strings.TrimSpace(e)))
	}
	if r.ExternalID != "" {
		marks = append(marks, externalMark+r.ExternalID)
	}
	if m := Digits(r.Mobile); m != "" {
		marks = append(marks, mobileMark+m)
	}
	return marks
}

// Digits is a telephone number as it is compared: without what people put between digits.
func Digits(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}

// findSecondary finds contacts by an address that is not their primary one.
func (lv *Scan) findSecondary(idents []string, found map[string]ScanRow) error {
	if lv.k.Entity != "contacts" {
		return nil
	}
	for _, ident := range idents {
		if _, known := found[ident]; known {
			continue
		}
		if id := lv.holder(emailMark + ident); id != "" {
			if row, ok := lv.ByID(id); ok {
				found[ident] = row
			}
		}
	}
	return nil
}

// HolderOfMobile is the contact that has a mobile number, as far as a full scan shows; "" for none.
func (lv *Scan) HolderOfMobile(number string) string { return lv.holder(mobileMark + Digits(number)) }

// HolderOfExternalID is the contact that has an external id, as far as a full scan shows.
func (lv *Scan) HolderOfExternalID(id string) string { return lv.holder(externalMark + id) }

func (lv *Scan) holder(mark string) (id string) {
	if lv.db == nil || strings.HasSuffix(mark, " ") {
		return ""
	}
	lv.mu.Lock()
	defer lv.mu.Unlock()
	if err := lv.db.QueryRow(`select id from marks where mark = ? order by id limit 1`, mark).Scan(&id); err != nil {
		return ""
	}
	return id
}

// Find gives the records that have one of these identities.
func (lv *Scan) Find(ctx context.Context, idents []string) (map[string]ScanRow, error) {
	found := map[string]ScanRow{}
	switch {
	case len(idents) == 0 || lv.IsComplete && lv.db == nil:
		return found, nil
	case lv.IsComplete:
		if err := lv.query(`ident`, idents, func(r ScanRow) { found[r.Ident] = r }); err != nil {
			return nil, err
		}
		return found, lv.findSecondary(idents, found)
	}
	var mu sync.Mutex
	return found, lv.s.Parallel(len(idents), func(i int) error {
		rows, err := lv.s.Client.Lookup(ctx, record.EntityOf(lv.k), lv.k.Identity, idents[i])
		if err != nil {
			return lv.s.Explain(err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, r := range rows {
			if record.IdentOfRow(lv.k, r) == idents[i] || slices.Contains(marksOf(lv.k, r), emailMark+idents[i]) {
				found[idents[i]] = ScanRow{record.IdText(r.ID), r.UpdatedAt, record.IdentOfRow(lv.k, r)}
			}
		}
		return nil
	})
}

func (lv *Scan) ByID(id string) (ScanRow, bool) {
	var found ScanRow
	if lv.db == nil {
		return found, false
	}
	err := lv.query(`id`, []string{id}, func(r ScanRow) { found = r })
	return found, err == nil && found.Id != ""
}

func (lv *Scan) query(column string, values []string, each func(ScanRow)) error {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	lv.mu.Lock()
	defer lv.mu.Unlock()
	rows, err := lv.db.Query(`select id, updated, ident from rows where `+column+` in (`+
		ledger.Marks(len(args))+`)`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r ScanRow
		if err := rows.Scan(&r.Id, &r.Updated, &r.Ident); err != nil {
			return err
		}
		each(r)
	}
	return rows.Err()
}

// RememberCompared notes that everything of an entity was compared.
func (s *Lookups) RememberCompared(entity string) error {
	return s.Ledger.SetMeta("swept:"+entity, s.RunID()+" "+s.Now().UTC().Format(time.RFC3339))
}

// Scan is a look at one entity that has not been made.
func (s *Lookups) Scan(k *record.Kind) *Scan { return &Scan{s: s, k: k} }

// ReadAll reads the whole view of an entity.
func (lv *Scan) ReadAll(ctx context.Context, view int64) error {
	first, err := lv.s.Client.ViewPage(ctx, record.EntityOf(lv.k), view, FirstPages(1))
	if err != nil {
		return err
	}
	return lv.Read(ctx, view, first, (first.Total+99)/100)
}

func (lv *Scan) Close() {
	if lv.db != nil {
		_ = lv.db.Close()
	}
}

func LinksOf(k *record.Kind) []string {
	switch k.Entity {
	case "contacts":
		return []string{"sales_accounts"}
	case "deals":
		return []string{"contacts"}
	}
	return nil
}
