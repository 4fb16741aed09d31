package purge

import (
	"errors"
	"io/fs"
	"strings"

	"ferry/internal/run"
)

// account moves what went from landed to rejected in the run's counts: records = landed + rejected stays true, and the
// list of rejected records says why. Done twice, it is done once.
func (e *eraser) account(dir run.Dir, j *journal) error {
	if err := e.addRejects(dir.Rejects(), j.Rejected); err != nil || len(j.Sources) == 0 {
		return err
	}
	return recount(dir.Sources(), j.Sources)
}

// addRejects writes the list of rejected records again: with those that went, once each, and without a purged person in
// the text of the others.
func (e *eraser) addRejects(path string, more [][]string) error {
	t, err := run.OpenTable(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	columns := t.Columns()
	if err := t.Close(); err != nil {
		return err
	}
	out, err := run.CreateTable(path, run.Schema{Name: "_rejects", Columns: columns})
	if err != nil {
		return err
	}
	there := map[string]bool{}
	err = run.EachRow(path, func(r run.NamedRow) error {
		if r.Text("reason") == Reason {
			there[strings.Join([]string{r.Text("_file"), r.Text("_record"), r.Text("_line"), r.Text("entity")}, "\x00")] = true
		}
		return out.Write(e.masked(r))
	})
	for _, m := range more {
		if err != nil || there[strings.Join(m, "\x00")] {
			continue
		}
		there[strings.Join(m, "\x00")] = true
		row := make(run.Row, len(columns))
		row[0], row[1], row[2], row[3], row[4] = m[0], m[1], m[2], m[3], Reason
		err = out.Write(row)
	}
	if err != nil {
		out.Abort()
		return err
	}
	return out.Close()
}

// recount writes how many records of each file and table are landed and rejected now.
func recount(path string, counts map[string][2]int64) error {
	t, err := run.OpenTable(path)
	if err != nil {
		return err
	}
	columns := t.Columns()
	landed, rejected := t.Column("landed"), t.Column("rejected")
	if err := t.Close(); err != nil {
		return err
	}
	out, err := run.CreateTable(path, run.Schema{Name: "_sources", Columns: columns})
	if err != nil {
		return err
	}
	err = run.EachRow(path, func(r run.NamedRow) error {
		values := append(run.Row(nil), r.Values...)
		if n, known := counts[r.Text("source")+"\x00"+r.Text("entity")]; known && landed >= 0 && rejected >= 0 {
			values[landed], values[rejected] = n[0], n[1]
		}
		return out.Write(values)
	})
	if err != nil {
		out.Abort()
		return err
	}
	return out.Close()
}

// remark gives the stages of a run other digests: their tables are not those that were marked.
func remark(dir run.Dir, r Erased) error {
	if len(r.Rows) == 0 && r.Cells == 0 {
		return nil
	}
	return dir.ChangeManifest(func(m *run.Manifest) {
		extract, had := m.Stages["extract"]
		if had {
			extract.Output = run.DigestText(extract.Output, "purged")
			m.Stages["extract"] = extract
		}
		if t, built := m.Stages["transform"]; built && had {
			t.Output = run.DigestText(t.Output, "purged")
			if t.Facts != nil {
				t.Facts["landed"] = extract.Output
			}
			m.Stages["transform"] = t
		}
	})
}
