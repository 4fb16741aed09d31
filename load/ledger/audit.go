package ledger

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"

	"ferry/internal/run"
)

// auditHead is the meta name of the newest line of the audit that the ledger knows.
const auditHead = "audit_head"

// NoteAudit keeps the head of a target's audit in its ledger, so that lines cut off at the end are
// found. A target without a ledger has nothing to keep it in.
func NoteAudit(t run.Target, head string) error {
	return withMeta(t, "rw", func(db *sql.DB) error {
		_, err := db.Exec(`insert into meta values (?, ?) on conflict (name) do update set value = excluded.value`,
			auditHead, head)
		return err
	})
}

// AuditHead gives what was kept; "" when nothing was.
func AuditHead(t run.Target) (head string, err error) {
	err = withMeta(t, "ro", func(db *sql.DB) error {
		err := db.QueryRow(`select value from meta where name = ?`, auditHead).Scan(&head)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return head, err
}

func withMeta(t run.Target, mode string, do func(*sql.DB) error) error {
	info, err := os.Stat(t.Ledger())
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	l := &Ledger{path: t.Ledger()}
	db, err := openSQLite(l.path, mode, 1, 1)
	if err != nil {
		return l.Problem(err)
	}
	defer db.Close()
	return l.Problem(do(db))
}
