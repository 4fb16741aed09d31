package plan

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"ferry/internal/run"
	"ferry/load/record"
)

// readHeld reads which records a check holds back, and why.
func readHeld(dir run.Dir) (map[string]map[string]string, error) {
	held := map[string]map[string]string{}
	at := map[string]int{}
	err := record.ReadIfThere(dir.Model("checks", "findings"), func(columns []run.Column, row run.Row) error {
		if len(at) == 0 {
			for i, c := range columns {
				at[c.Name] = i
			}
		}
		severity, entity, key := record.TextAt(row, at["severity"]), record.TextAt(row, at["entity"]),
			record.TextAt(row, at["key"])
		if severity == "stop" {
			return run.Problemf("checks."+record.TextAt(row, at["rule"]), "a check says stop: nothing may be loaded").
				WithTry("ferry report   (quality.xlsx lists the rows), repair them, then: ferry transform").WithExit(run.ExitStop)
		}
		if isHeld, _ := row[at["is_held"]].(bool); isHeld {
			if held[entity] == nil {
				held[entity] = map[string]string{}
			}
			held[entity][key] = fmt.Sprintf("%s: %s", record.TextAt(row, at["rule"]), record.TextAt(row, at["reason"]))
		}
		return nil
	})
	return held, err
}

// Stream reads a plan in step with the table it is about.
type Stream struct {
	Desired, plan *run.TableReader
	key           int
}

func (f *File) Open(k *record.Kind) (*Stream, error) {
	d, err := run.OpenTable(f.desired)
	if err != nil {
		return nil, err
	}
	p, err := run.OpenTable(f.Path)
	if err != nil {
		_ = d.Close()
		return nil, err
	}
	return &Stream{Desired: d, plan: p, key: d.Column(k.Key)}, nil
}

// Next gives a desired row and its step, or io.EOF.
func (s *Stream) Next() (run.Row, *Step, error) {
	row, err := s.Desired.Next()
	if err != nil {
		return nil, nil, err
	}
	planned, err := s.plan.Next()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("load: a plan is shorter than its table")
		}
		return nil, nil, err
	}
	st, err := WorkStepOf(planned)
	if err == nil && st.Key != record.TextAt(row, s.key) {
		err = errors.New("load: a plan is out of step with its table")
	}
	return row, st, err
}

func (s *Stream) Close() { _ = errors.Join(s.Desired.Close(), s.plan.Close()) }

// contract is the check at the loader's door: only attributes the API knows may be sent.
func (p *Planner) contract(k *record.Kind, columns []run.Column) error {
	e := record.EntityOf(k)
	for _, c := range columns {
		if strings.HasPrefix(c.Name, "cf_") || strings.HasSuffix(c.Name, "_key") || c.Name == "custom_field" {
			continue
		}
		if _, ok := e.Attribute(c.Name); !ok {
			return run.Problemf("freshsales."+k.Entity, "Freshsales has no attribute %q", c.Name).
				WithTry("rename the column in sql/5_freshsales/%s.sql, or make it a custom field (cf_…)", k.Entity)
		}
	}
	return nil
}

// Each walks a plan in step with its table.
func (f *File) Each(k *record.Kind, do func(run.Row, *Step) error) error {
	in, err := f.Open(k)
	if err != nil {
		return err
	}
	defer in.Close()
	for {
		row, st, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := do(row, st); err != nil {
			return err
		}
	}
}
