package load

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"ferry/internal/run"
)

// Actions of a plan.
const (
	actCreate    = "create"
	actUpdate    = "update"
	actUnchanged = unchanged
	actConflict  = conflict
	actHeld      = held
	actBlocked   = blocked
	actPending   = pending
)

// step is the plan for one record.
type step struct {
	entity, key, action, reason, targetID string
	changes                               []change
	withheld                              []withheld

	// For the sender only, not part of the table.
	send, base fields // of what exists: what to write, and what we stand for afterwards
	isTouched  bool   // nothing to write, but the row is not the one we know
	isAsked    bool   // a field waits for a decision: look again next time
}

// workSchema is a plan with what the sender needs besides.
var workSchema = columns("work", []run.Column{{Name: "is_touched", Type: run.Boolean}, {Name: "is_asked", Type: run.Boolean}},
	append(planSchema.Names(), "send", "base")...)

func (s *step) work() run.Row {
	return append(s.row(), textOf(s.send), textOf(s.base), s.isTouched, s.isAsked)
}

func textOf(f fields) any {
	if f == nil {
		return nil
	}
	return string(f.canonical())
}

func workStepOf(row run.Row) (*step, error) {
	s, err := stepOf(row)
	if err != nil {
		return nil, err
	}
	s.isTouched, _ = row[9].(bool)
	s.isAsked, _ = row[10].(bool)
	if s.send, err = parseFields([]byte(textAt(row, 7))); err != nil {
		return nil, err
	}
	s.base, err = parseFields([]byte(textAt(row, 8)))
	return s, err
}

func (s *step) row() run.Row {
	return run.Row{s.entity, s.key, s.action, orNull(s.reason), orNull(s.targetID), listText(s.changes), listText(s.withheld)}
}

func listText[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic(err) // plain structs of text
	}
	return string(text)
}

func stepOf(row run.Row) (*step, error) {
	s := &step{entity: textAt(row, 0), key: textAt(row, 1), action: textAt(row, 2), reason: textAt(row, 3), targetID: textAt(row, 4)}
	if text := textAt(row, 5); text != "" {
		if err := json.Unmarshal([]byte(text), &s.changes); err != nil {
			return nil, err
		}
	}
	if text := textAt(row, 6); text != "" {
		if err := json.Unmarshal([]byte(text), &s.withheld); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// planner compares what should be with what the ledger says is, and asks the account only where
// both cannot tell.
type planner struct {
	*session
	account *account
	remote  *lookups
	ctx     context.Context
	writes  bool // a load: before-images are kept
	held    map[string]map[string]string
	clears  map[string]map[string]bool
	moved   *moves
	sample  *sample
	lives   map[string]*live
	bad     map[string]map[string]bool // keys of parents that will not be there
	counts  map[string]map[string]int64
	files   map[string]*planFile
	idents  *textSet        // identities that will be created in the entity being planned
	twins   map[string]bool // entities of which two rows had one identity

	linkCost linkCost
}

// planFile is the plan of one entity, in the order its records are sent.
type planFile struct {
	path, desired string // desired is the table in the same order
	rows, touched int64  // all steps, and those that need no call but a note in the ledger
}

func newPlanner(ctx context.Context, s *session, a *account, writes bool) *planner {
	return &planner{session: s, account: a, remote: &lookups{s, a}, ctx: ctx, writes: writes, lives: map[string]*live{}, bad: map[string]map[string]bool{},
		counts: map[string]map[string]int64{}, files: map[string]*planFile{}, twins: map[string]bool{}}
}

// all plans every entity, parents first, and writes loaded.plan.
func (p *planner) all() error {
	var err error
	if p.held, err = readHeld(p.dir); err != nil {
		return err
	}
	if p.clears, err = readClears(p.dir); err != nil {
		return err
	}
	if p.moved, err = findMoves(p.ctx, p.session); err != nil {
		return err
	}
	if p.sample, err = chooseSample(p.dir, p.o.Sample); err != nil {
		return err
	}
	for _, k := range kinds {
		if err := p.entity(k); err != nil {
			return err
		}
		if k.entity == "accounts" {
			if err := p.links(); err != nil {
				return err
			}
		}
	}
	return p.write()
}

func (p *planner) entity(k *kind) error {
	source := p.dir.Model("freshsales", k.entity)
	if _, err := os.Stat(source); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	by := []string{k.key}
	if k.perContact {
		by = []string{"contact_key", k.key}
	}
	f := &planFile{path: filepath.Join(p.temp, "plan-"+k.entity+".parquet"), desired: source}
	sorted := filepath.Join(p.temp, "desired-"+k.entity+".parquet")
	passes := 0
	err := inOrder(source, sorted, by, func(in *stream) error {
		if passes++; passes > 1 {
			f.desired = sorted
		}
		return p.pass(k, f, in)
	})
	if err != nil {
		return err
	}
	p.files[k.entity] = f
	return nil
}

// pass plans one table in the order it is read in.
func (p *planner) pass(k *kind, f *planFile, in *stream) error {
	p.counts[k.entity], p.bad[k.entity], f.rows = map[string]int64{}, map[string]bool{}, 0
	f.touched, p.idents = 0, &textSet{most: in.table.NumRows()}
	defer func() { p.idents = nil }() // its memory is needed for sending
	shape, err := newShape(k, in.table.Columns(), p.clears[k.entity], p.account)
	if err != nil {
		return err
	}
	if err := p.contract(k, in.table.Columns()); err != nil {
		return err
	}
	out, err := run.CreateTable(f.path, workSchema)
	if err != nil {
		return err
	}
	w := &planWriter{p: p, f: f, out: out}
	if k.perContact {
		err = p.children(k, shape, in, w)
	} else {
		err = p.parents(k, shape, in, w)
	}
	if err != nil {
		out.Abort()
		return err
	}
	return out.Close()
}

// planWriter writes steps and counts them.
type planWriter struct {
	p   *planner
	f   *planFile
	out *run.TableWriter
}

func (w *planWriter) step(s *step) error {
	count := w.p.counts[s.entity]
	count[s.action]++
	w.f.rows++
	if s.isTouched {
		w.f.touched++
	}
	if s.targetID == "" && s.action != actCreate && s.action != actUpdate {
		w.p.bad[s.entity][s.key] = true
	}
	return w.out.Write(s.work())
}

// write puts the plans of all entities into one table.
func (p *planner) write() error {
	out, err := run.CreateTable(p.dir.Loaded(p.o.Target.Name, PlanTable), planSchema)
	if err != nil {
		return err
	}
	for _, entity := range planOrder() {
		f := p.files[entity]
		if f == nil {
			continue
		}
		if err := run.ReadTable(f.path, func(_ []run.Column, row run.Row) error { return out.Write(row[:len(planSchema.Columns)]) }); err != nil {
			out.Abort()
			return err
		}
	}
	return out.Close()
}
