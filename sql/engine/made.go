package engine

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"ferry/internal/run"
	"ferry/sql/model"
)

// made is a table in memory that some example needed, and a text that says what it holds.
type made struct{ name, content string }

// madeAtMost is how many tables of one model a workbench holds on to: most examples change a few tables, and what
// stands on the rest comes out as it did before.
const madeAtMost = 8

// madeTables are what examples made, by all that decides what a table holds: the next example that asks for the same
// gets the same, without planning it again.
type madeTables struct {
	byInputs map[string]made     // inputs → table
	of       map[string][]string // model → inputs of its tables, the one used last behind the others
	now      map[string]string   // model → what it holds in this example
	count    int                 // names given so far
}

func noneMade() madeTables {
	return madeTables{byInputs: map[string]made{}, of: map[string][]string{}, now: map[string]string{}}
}

// build makes a model a table in memory: its rows are few.
func (w *Workbench) build(ctx context.Context, m *model.Model) error {
	if !w.knows(m) {
		if err := w.inspect(ctx, m, w.options); err != nil {
			return err
		}
	}
	inputs, err := w.inputsHere(m)
	if err != nil {
		return err
	}
	t, before := w.made.byInputs[inputs]
	if !before {
		if t, err = w.makeNew(ctx, m, inputs); err != nil {
			return err
		}
	}
	w.undo = append(w.undo, "drop view if exists "+m.Table())
	if err := w.setView(ctx, m.Floor.Schema, m.Name, t.name); err != nil {
		return err
	}
	if !before {
		if err := w.checkGrain(ctx, m, w.rowsAtMost(m)); err != nil {
			return err
		}
	}
	w.made.now[m.Qualified()] = t.content
	return w.holdOn(ctx, m, inputs, t)
}

// inputsHere is the digest of all that decides what a model holds in this example.
func (w *Workbench) inputsHere(m *model.Model) (string, error) {
	texts := []string{w.words, m.Qualified(), m.SelectText()}
	for _, r := range m.Reads {
		content, err := w.contentHere(r)
		if err != nil {
			return "", err
		}
		texts = append(texts, r.Qualified(), content)
	}
	return run.DigestText(texts...), nil
}

// contentHere says what a table holds in this example: what was made says it itself; given rows stand in what its
// name means, those of files in the files.
func (w *Workbench) contentHere(r model.Read) (string, error) {
	if content, ok := w.made.now[r.Qualified()]; ok {
		return content, nil
	}
	files, err := filepath.Glob(w.filesOf(r.Schema, r.Name))
	if err != nil {
		return "", err
	}
	texts := []string{w.sources[r.Qualified()]}
	for _, f := range files {
		one, err := run.DigestFile(f)
		if err != nil {
			return "", err
		}
		texts = append(texts, one)
	}
	content := run.DigestText(texts...)
	w.made.now[r.Qualified()] = content
	return content, nil
}

// makeNew runs a model. What it holds is told by what it was made of, unless it holds nothing.
func (w *Workbench) makeNew(ctx context.Context, m *model.Model, inputs string) (made, error) {
	w.made.count++
	t := made{name: fmt.Sprintf("main.made_%d", w.made.count), content: inputs}
	query := fmt.Sprintf("create table %s as %s", t.name, w.written(m, "("+m.SelectText()+")"))
	if err := w.exec(ctx, query); err != nil {
		return t, w.ExplainRun(m, err)
	}
	var rows int64
	err := w.One(ctx, "select count(*) from "+t.name, &rows)
	if rows == 0 {
		t.content = "no rows"
	}
	return t, err
}

// holdOn remembers a table for later examples, and lets go of the one of the same model that was not used for longest.
func (w *Workbench) holdOn(ctx context.Context, m *model.Model, inputs string, t made) error {
	q := m.Qualified()
	w.made.byInputs[inputs] = t
	w.made.of[q] = append(slices.DeleteFunc(w.made.of[q], func(i string) bool { return i == inputs }), inputs)
	if len(w.made.of[q]) <= madeAtMost {
		return nil
	}
	oldest := w.made.of[q][0]
	name := w.made.byInputs[oldest].name
	delete(w.made.byInputs, oldest)
	w.made.of[q] = w.made.of[q][1:]
	return w.exec(ctx, "drop table "+name)
}
