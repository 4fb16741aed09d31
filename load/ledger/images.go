package ledger

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"time"

	"ferry/internal/run"
	"ferry/load/record"
)

// Image is what stood in a record before a load changed it.
type Image struct {
	Run, Entity, Key, TargetID string
	Fields                     string // JSON
	At                         time.Time
}

// Images gives every before-image, oldest first.
func (l *Ledger) Images(ctx context.Context, each func(Image) error) error {
	rows, err := l.read.QueryContext(ctx, `select run, entity, key, target_id, fields, at from images order by seq`)
	if err != nil {
		return l.Problem(err)
	}
	defer rows.Close()
	for rows.Next() {
		var i Image
		var at int64
		if err := rows.Scan(&i.Run, &i.Entity, &i.Key, &i.TargetID, &i.Fields, &at); err != nil {
			return l.Problem(err)
		}
		i.At = record.TimeOf(at)
		if err := each(i); err != nil {
			return err
		}
	}
	return l.Problem(rows.Err())
}

// OpenToRead opens a ledger to look into it, while another process may be loading; nil when there is none.
func OpenToRead(t run.Target) (*Ledger, error) {
	info, err := os.Stat(t.Ledger())
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil, nil
	}
	l := &Ledger{path: t.Ledger()}
	l.read, err = openSQLite(l.path, "ro", 2, 2)
	return l, l.Problem(err)
}

// CloseRead closes a ledger that was opened to be looked into.
func (l *Ledger) CloseRead() error { return l.read.Close() }

// Numbers are those under which an account knows records, as "entity number", by their keys.
func Numbers(t run.Target, keys map[string]bool) (map[string]bool, error) {
	numbers := map[string]bool{}
	err := withMeta(t, "ro", func(db *sql.DB) error {
		for key := range keys {
			rows, err := db.Query(`select entity, target_id from records where key = ? and target_id <> ''`, key)
			if err != nil {
				return err
			}
			for rows.Next() {
				var entity, id string
				if err := rows.Scan(&entity, &id); err != nil {
					return errors.Join(err, rows.Close())
				}
				numbers[entity+" "+id] = true
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	return numbers, err
}
