package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"ferry/internal/run"
)

// Forgotten is what was taken out of one copy.
type Forgotten struct {
	Folder string
	Digest string // of the manifest as it stands now
	Rows   int64
}

// Whose says whose a row of a copy is: by its number there, by the key ferry gave it, or by its columns; and masks a
// text of others.
type Whose struct {
	Numbers  map[string]bool // "entity number"
	Keys     map[string]bool
	IsTheirs func(r run.NamedRow) bool
	Mask     func(string) string
}

// owns says whether a row speaks of them: it is theirs, or a task or an activity that hangs on their contact.
func (w Whose) owns(entity, id string, r run.NamedRow) bool {
	if w.Numbers[entity+" "+id] || w.Keys[r.Text("key")] || w.IsTheirs(r) {
		return true
	}
	for _, column := range []string{"targetables", "targetable", "contact_ids", "contacts"} {
		for _, number := range digits.FindAllString(r.Text(column), -1) {
			if w.Numbers["contacts "+number] {
				return true
			}
		}
	}
	return w.Numbers["contacts "+r.Text("targetable_id")]
}

var digits = regexp.MustCompile(`\d+`)

// Forget takes somebody out of every copy of an account. Copies that are not finished go altogether: the next one
// reads again. It gives the copies that changed.
func Forget(t run.Target, w Whose) ([]Forgotten, error) {
	entries, err := os.ReadDir(t.Backups())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var changed []Forgotten
	for _, e := range entries {
		folder := filepath.Join(t.Backups(), e.Name())
		_, whole := os.Stat(filepath.Join(folder, manifest))
		if _, begun := os.Stat(filepath.Join(folder, scratch)); whole != nil || begun == nil {
			if err := os.RemoveAll(folder); err != nil {
				return changed, run.CannotWrite(folder, err)
			}
			continue
		}
		f, err := forgetIn(folder, w)
		if err != nil {
			return changed, err
		}
		if f.Rows > 0 {
			changed = append(changed, f)
		}
	}
	return changed, err
}

// forgetIn rewrites the tables of one copy, each wholly or not at all, and then its manifest.
func forgetIn(folder string, w Whose) (f Forgotten, err error) {
	f.Folder = folder
	tables, err := filepath.Glob(filepath.Join(folder, "*.parquet"))
	if err != nil {
		return f, err
	}
	var c Copy
	if err := readJSON(filepath.Join(folder, manifest), &c); err != nil {
		return f, err
	}
	for _, table := range tables {
		n, err := forgetRows(table, w)
		if err != nil {
			return f, err
		}
		f.Rows += n
		switch name := strings.TrimSuffix(filepath.Base(table), ".parquet"); name {
		case idsTable:
		case imagesTable:
			c.Images -= n
		default:
			c.Records[name] -= n
		}
	}
	if f.Rows == 0 {
		return f, nil
	}
	if err := digestFiles(folder, &c); err != nil {
		return f, err
	}
	if err := writePage(folder, c); err != nil {
		return f, err
	}
	if err := writeJSON(filepath.Join(folder, manifest), c); err != nil {
		return f, err
	}
	f.Digest, err = run.DigestFile(filepath.Join(folder, manifest))
	return f, err
}

// forgetRows writes a table again without somebody's rows and with the texts of others masked. The CSV beside it is
// made anew from what is left, whether or not a row went: a purge that was stopped between the two is finished so.
func forgetRows(table string, w Whose) (gone int64, err error) {
	name := strings.TrimSuffix(filepath.Base(table), ".parquet")
	theirs := func(r run.NamedRow) bool {
		entity, id := name, r.Text("id")
		if name == idsTable || name == imagesTable {
			entity = r.Text("entity")
		}
		if name == imagesTable {
			id = r.Text("target_id")
		}
		return w.owns(entity, id, r)
	}
	hit := false
	var columns []run.Column
	if err := run.EachRow(table, func(r run.NamedRow) error {
		columns = r.Columns
		hit = hit || theirs(r) || masked(r, w) != nil
		return nil
	}); err != nil {
		return 0, err
	}
	if hit {
		out, err := run.CreateTable(table, run.Schema{Name: name, Columns: columns})
		if err != nil {
			return 0, err
		}
		err = run.EachRow(table, func(r run.NamedRow) error {
			if theirs(r) {
				gone++
				return nil
			}
			if row := masked(r, w); row != nil {
				return out.Write(row)
			}
			return out.Write(r.Values)
		})
		if err != nil {
			out.Abort()
			return 0, err
		}
		if err := out.Close(); err != nil {
			return 0, err
		}
	}
	if name == idsTable {
		return gone, nil
	}
	return gone, writeCSV(table)
}

// masked is a row whose texts name somebody, without the name; nil when none does.
func masked(r run.NamedRow, w Whose) run.Row {
	var row run.Row
	for i, v := range r.Values {
		text, isText := v.(string)
		if !isText {
			continue
		}
		if to := w.Mask(text); to != text {
			if row == nil {
				row = append(run.Row(nil), r.Values...)
			}
			row[i] = to
		}
	}
	return row
}
