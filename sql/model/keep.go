package model

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"ferry/internal/run"
)

// Keep copies the files as they run into the run's folder, so that it explains itself.
func (p *Project) Keep(dir run.Dir) error {
	if err := os.RemoveAll(dir.SQL()); err != nil {
		return run.CannotWrite(dir.SQL(), err)
	}
	all := append([]Source(nil), p.Settings...)
	for _, m := range append(append([]*Model(nil), p.Models...), p.Off...) {
		all = append(all, m.Source)
	}
	for _, s := range all {
		path := filepath.Join(dir.SQL(), s.Floor.Folder, filepath.Base(s.Path))
		if err := os.MkdirAll(filepath.Dir(path), run.DirMode); err != nil {
			return run.CannotWrite(path, err)
		}
		if err := os.WriteFile(path, []byte(s.Text), run.FileMode); err != nil {
			return run.CannotWrite(path, err)
		}
	}
	return nil
}

// BringIn links the files into the run, or copies them from another disk: nothing outside of it is ever read by SQL.
func (o *Outside) BringIn(folder string) error {
	for _, f := range o.Paths {
		below, err := filepath.Rel(o.Root, f)
		if err != nil {
			below = filepath.Base(f)
		}
		to := filepath.Join(folder, strings.TrimSuffix(below, filepath.Ext(below))+".parquet")
		if err := os.MkdirAll(filepath.Dir(to), run.DirMode); err != nil {
			return run.CannotWrite(to, err)
		}
		real, err := filepath.EvalSymlinks(f)
		if err != nil {
			return err
		}
		if os.Link(real, to) == nil {
			continue
		}
		from, err := os.Open(real)
		if err != nil {
			return err
		}
		err = run.WriteFile(to, func(w io.Writer) error { _, err := io.Copy(w, from); return err })
		if err := errors.Join(err, from.Close()); err != nil {
			return run.CannotWrite(to, err)
		}
	}
	return nil
}
