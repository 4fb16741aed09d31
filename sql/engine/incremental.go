package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"ferry/internal/run"
	"ferry/sql/model"
)

// Built is what is remembered of a table that was built.
type Built = run.Built

// memory of builds: which tables stand in this run's folder and in the folders before it, and the digest of every
// table read so far. A table is built again when its text, a list, a landed file or a table it reads has other
// content; times of files say nothing.
type memory struct {
	mutex      sync.Mutex
	dir        run.Dir
	fixed      string                            // what every model depends on: the program, shared words
	here       map[string]Built                  // built in this folder
	before     map[string][]stored               // built in folders before it
	digests    map[string]string                 // schema.table → content
	landed     func() (map[string]string, error) // file of landed rows → content but for the time it landed
	built      []Built                           // by this build, in order
	last       *run.Dir                          // the newest run before this one that has tables; nil: none
	everything bool                              // nothing is taken over
}

type stored struct {
	Built
	path string
}

// remember reads what was built here and in the newest run before this one that has tables.
func (e *Engine) remember(o Options) error {
	m := &memory{dir: e.dir, here: map[string]Built{}, before: map[string][]stored{}, digests: map[string]string{}}
	program, everything := "", o.Everything
	if o.Program != nil {
		program = o.Program()
		everything = everything || program == ""
	}
	m.fixed = run.DigestText(program, e.words)
	m.landed = sync.OnceValues(e.landedContent)
	e.memory, m.everything = m, everything
	if everything {
		return nil
	}
	here, err := e.dir.ReadBuilt()
	if err != nil {
		return err
	}
	for _, b := range here {
		m.here[b.Model] = b
	}
	all, err := e.dir.Project().AllRuns()
	if err != nil {
		return err
	}
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].ID() == e.dir.ID() {
			continue
		}
		old, err := all[i].ReadBuilt()
		if err != nil {
			return err
		}
		for _, b := range old {
			schema, table, _ := strings.Cut(b.Model, ".")
			m.before[b.Model] = append(m.before[b.Model], stored{b, all[i].Model(schema, table)})
		}
		if len(old) > 0 {
			m.last = &all[i]
			break
		}
	}
	return nil
}

// note writes down that a table is built, at once: a build that is stopped goes on from what is noted.
func (m *memory) note(b Built) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.built = append(m.built, b)
	m.digests[b.Model] = b.Digest
	return m.dir.AppendBuilt(b)
}

// inputs is the digest of all that decides what a model holds, "" where something it reads cannot be told.
func (e *Engine) inputs(m *model.Model) (string, error) {
	texts := []string{e.memory.fixed, m.Digest()}
	if m.Outside != nil {
		err := m.Outside.Learn()
		return run.DigestText(append(texts, m.Outside.Digest, fmt.Sprint(m.Outside.Rows))...), err
	}
	reads := append([]model.Read(nil), m.Reads...)
	sort.Slice(reads, func(i, j int) bool { return reads[i].Qualified() < reads[j].Qualified() })
	for _, r := range reads {
		content := e.content
		if r.Schema == model.LandedSchema && !m.Yours {
			content = e.contentButTimes
		}
		d, err := content(r.Schema, r.Name)
		if err != nil || d == "" {
			return "", err
		}
		texts = append(texts, r.Qualified(), d)
	}
	return run.DigestText(texts...), nil
}

// reusable gives the table as it was built from the same inputs, if its file is still what it was.
func (e *Engine) reusable(m *model.Model, inputs string) (Built, bool, error) {
	if inputs == "" {
		return Built{}, false, nil
	}
	path := e.dir.Model(m.Floor.Schema, m.Name)
	if b, ok := e.memory.here[m.Qualified()]; ok && b.Inputs == inputs && b.IsAt(path) {
		return b, true, nil
	}
	for _, s := range e.memory.before[m.Qualified()] {
		if s.Inputs != inputs || !s.IsAt(s.path) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), run.DirMode); err != nil {
			return Built{}, false, run.CannotWrite(path, err)
		}
		temp := run.TempName(path)
		_ = os.Remove(temp)
		if os.Link(s.path, temp) != nil {
			return Built{}, false, nil // another file system: it is built
		}
		return s.Built, true, run.Publish(temp, path)
	}
	return Built{}, false, nil
}

// buildOrReuse builds a model, or takes the table an earlier build made from the same inputs.
func (e *Engine) buildOrReuse(ctx context.Context, m *model.Model, o Options, alone *sync.RWMutex) (Built, error) {
	if m.View {
		_, err := e.buildOne(ctx, m, o, alone)
		if err != nil {
			return Built{}, err
		}
		inputs, err := e.inputs(m)
		e.memory.mutex.Lock()
		e.memory.digests[m.Qualified()] = inputs
		e.memory.mutex.Unlock()
		return Built{Model: m.Qualified()}, err
	}
	inputs, err := e.inputs(m)
	if err != nil {
		return Built{}, err
	}
	b, ok, err := e.reusable(m, inputs)
	if err != nil {
		return b, err
	}
	if ok {
		b.Reused = true
		e.count(m, b.Rows)
		if err := e.viewBuilt(ctx, m.Floor.Schema, m.Name); err != nil {
			return b, err
		}
		return b, e.memory.note(b)
	}
	begun := o.Time()
	parts, err := e.buildOne(ctx, m, o, alone)
	if err != nil {
		return b, err
	}
	b = Built{Inputs: inputs, Millis: o.Time().Sub(begun).Milliseconds(), Parts: parts}
	if e.progress != nil {
		b.Memory, b.Spill = e.progress.cost(m)
	}
	return e.noteBuilt(m, b)
}

// noteBuilt completes what is known of a table that was just built, and writes it down.
func (e *Engine) noteBuilt(m *model.Model, b Built) (Built, error) {
	path := e.dir.Model(m.Floor.Schema, m.Name)
	digest, err := run.DigestFile(path)
	if err != nil {
		return Built{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return Built{}, err
	}
	e.mutex.Lock()
	b.Rows = e.counts[m.Qualified()]
	e.mutex.Unlock()
	b.Model, b.Digest, b.Bytes = m.Qualified(), run.DigestText(digest), info.Size()
	return b, e.memory.note(b)
}
