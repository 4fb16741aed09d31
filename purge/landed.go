package purge

import (
	"errors"
	"io/fs"

	"ferry/internal/run"
)

// account moves what went from landed to rejected in the run's counts: records = landed + rejected
// stays true, and the list of rejected records says why.
func (e *eraser) account(dir run.Dir, left map[string]int64, rejected []run.Row) error {
	if len(rejected) == 0 {
		return e.maskFiles(dir.Rejects())
	}
	if err := addRejects(dir.Rejects(), rejected, e); err != nil {
		return err
	}
	return recount(dir.Sources(), left)
}

// maskFiles masks the texts of a list in which whole records stand.
func (e *eraser) maskFiles(path string) error {
	return addRejects(path, nil, e)
}

// addRejects writes the list of rejected records again: with more of them, and without a purged
// person in the text of the others.
func addRejects(path string, more []run.Row, e *eraser) error {
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
	err = run.EachRow(path, func(r run.NamedRow) error {
		if e == nil {
			return out.Write(r.Values)
		}
		return out.Write(e.masked(r))
	})
	for _, m := range more {
		if err == nil {
			err = out.Write(append(m, make(run.Row, len(columns)-len(m))...))
		}
	}
	if err != nil {
		out.Abort()
		return err
	}
	return out.Close()
}

// recount moves records from landed to rejected, by file and table.
func recount(path string, left map[string]int64) error {
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
		if n := left[r.Text("source")+"\x00"+r.Text("entity")]; n > 0 && landed >= 0 && rejected >= 0 {
			a, _ := values[landed].(int64)
			b, _ := values[rejected].(int64)
			n = min(n, a)
			values[landed], values[rejected] = a-n, b+n
			left[r.Text("source")+"\x00"+r.Text("entity")] -= n
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
