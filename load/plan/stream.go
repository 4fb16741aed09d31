package load

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"ferry/internal/run"
)

// readHeld reads which records a check holds back, and why.
func readHeld(dir run.Dir) (map[string]map[string]string, error) {
	held := map[string]map[string]string{}
	at := map[string]int{}
	err := readIfThere(dir.Model("checks", "findings"), func(columns []run.Column, row run.Row) error {
		if len(at) == 0 {
			for i, c := range columns {
				at[c.Name] = i
			}
		}
		severity, entity, key := textAt(row, at["severity"]), textAt(row, at["entity"]), textAt(row, at["key"])
		if severity == "stop" {
			return run.Problemf("checks."+textAt(row, at["rule"]), "a check says stop: nothing may be loaded").
				WithTry("ferry report   (quality.xlsx lists the rows), repair them, then: ferry transform").WithExit(run.ExitStop)
		}
		if isHeld, _ := row[at["is_held"]].(bool); isHeld {
			if held[entity] == nil {
				held[entity] = map[string]string{}
			}
			held[entity][key] = fmt.Sprintf("%s: %s", textAt(row, at["rule"]), textAt(row, at["reason"]))
		}
		return nil
	})
	return held, err
}

// planStream reads a plan in step with the table it is about.
type planStream struct {
	desired, plan *run.TableReader
	key           int
}

func (f *planFile) open(k *kind) (*planStream, error) {
	d, err := run.OpenTable(f.desired)
	if err != nil {
		return nil, err
	}
	p, err := run.OpenTable(f.path)
	if err != nil {
		_ = d.Close()
		return nil, err
	}
	return &planStream{desired: d, plan: p, key: d.Column(k.key)}, nil
}

// Next gives a desired row and its step, or io.EOF.
func (s *planStream) Next() (run.Row, *step, error) {
	row, err := s.desired.Next()
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
	st, err := workStepOf(planned)
	if err == nil && st.key != textAt(row, s.key) {
		err = errors.New("load: a plan is out of step with its table")
	}
	return row, st, err
}

func (s *planStream) Close() { _ = errors.Join(s.desired.Close(), s.plan.Close()) }

// contract is the check at the loader's door: only attributes the API knows may be sent.
func (p *planner) contract(k *kind, columns []run.Column) error {
	e := entityOf(k)
	for _, c := range columns {
		if strings.HasPrefix(c.Name, "cf_") || strings.HasSuffix(c.Name, "_key") || c.Name == "custom_field" {
			continue
		}
		if _, ok := e.Attribute(c.Name); !ok {
			return run.Problemf("freshsales."+k.entity, "Freshsales has no attribute %q", c.Name).
				WithTry("rename the column in sql/5_freshsales/%s.sql, or make it a custom field (cf_…)", k.entity)
		}
	}
	return nil
}

// each walks a plan in step with its table.
func (f *planFile) each(k *kind, do func(run.Row, *step) error) error {
	in, err := f.open(k)
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
