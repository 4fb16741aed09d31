package ledger

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"ferry/internal/run"
)

// Forget takes what was sent, found and answered about some records out of a ledger: the numbers under
// which they stand in the account remain, because a rollback deletes by them; before-images go, so
// what stood there before can no longer be restored. Keys that say who somebody is get another name.
// Addresses, in lower case, are masked in what was sent of others. It returns how many entries were emptied.
func Forget(t run.Target, keys, addresses map[string]bool, rename func(key string) string) (emptied int64, err error) {
	info, err := os.Stat(t.Ledger())
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return 0, nil
	}
	l := &Ledger{path: t.Ledger()}
	db, err := openSQLite(l.path, "rw", 1, 8)
	if err != nil {
		return 0, l.Problem(err)
	}
	defer db.Close()
	if err := forget(db, keys, addresses, rename, &emptied); err != nil {
		return emptied, l.Problem(err)
	}
	// What was overwritten still stands in free pages and in the write-ahead log.
	for _, statement := range []string{"vacuum", "pragma wal_checkpoint(truncate)"} {
		if _, err := db.Exec(statement); err != nil {
			return emptied, l.Problem(err)
		}
	}
	return emptied, nil
}

// forget is one transaction: the triggers that keep the log are lifted and set again within it.
func forget(db *sql.DB, keys, addresses map[string]bool, rename func(string) string, emptied *int64) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	triggers := map[string]string{}
	rows, err := tx.Query(`select name, sql from sqlite_master where type = 'trigger'`)
	if err != nil {
		return err
	}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			rows.Close()
			return err
		}
		triggers[name] = text
	}
	if err := rows.Close(); err != nil {
		return err
	}
	for name := range triggers {
		if _, err := tx.Exec(`drop trigger ` + name); err != nil {
			return err
		}
	}
	for key := range keys {
		if err := forgetKey(tx, key, rename(key), emptied); err != nil {
			return err
		}
	}
	for address := range addresses {
		for _, table := range []string{"intents", "images"} {
			if err := mask(tx, table, address); err != nil {
				return err
			}
		}
	}
	for _, text := range triggers {
		if _, err := tx.Exec(text); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// removed stands where an address of somebody stood who asked to be forgotten.
const removed = "(removed)"

// IsMasked says that something was taken out of a text: what is there in full is written nowhere again.
func IsMasked(text string) bool { return strings.Contains(text, removed) }

// mask takes an address out of the texts of other people's records, such as a note that names it.
func mask(tx *sql.Tx, table, address string) error {
	rows, err := tx.Query(`select seq, fields from `+table+` where instr(lower(fields), ?) > 0`, address)
	if err != nil {
		return err
	}
	masked := map[int64]string{}
	find := regexp.MustCompile(`(?i)` + regexp.QuoteMeta(address))
	for rows.Next() {
		var seq int64
		var fields string
		if err := rows.Scan(&seq, &fields); err != nil {
			rows.Close()
			return err
		}
		masked[seq] = find.ReplaceAllLiteralString(fields, removed)
	}
	if err := rows.Close(); err != nil {
		return err
	}
	for seq, fields := range masked {
		if _, err := tx.Exec(`update `+table+` set fields = ? where seq = ?`, fields, seq); err != nil {
			return err
		}
	}
	return nil
}

func forgetKey(tx *sql.Tx, key, name string, emptied *int64) error {
	for _, statement := range []string{
		`update intents set fields = '{}', key = ?2 where key = ?1 and (fields <> '{}' or ?1 <> ?2)`,
		`update images set fields = '{}', key = ?2 where key = ?1 and (fields <> '{}' or ?1 <> ?2)`,
		`update outcomes set reason = '', key = ?2 where key = ?1 and (reason <> '' or ?1 <> ?2)`,
		`update records set reason = '', digest = null, born = '', key = ?2 where key = ?1 and (reason <> '' or digest is not null or born <> '' or ?1 <> ?2)`,
		`update members set profile_key = ?2 where profile_key = ?1 and ?1 <> ?2`,
		`update members set contact_key = ?2 where contact_key = ?1 and ?1 <> ?2`,
	} {
		result, err := tx.Exec(statement, key, name)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if strings.Contains(statement, "fields") {
			*emptied += n
		}
	}
	return nil
}
