// Package plan compares what should be with what the ledger says is, asks the account only where
// both cannot tell, and says what each record needs and what all of it costs. It writes nothing to
// the account. Start at Planner.All; compare.go decides.
package plan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/remote"
	"ferry/load/target"
)

// Actions of a plan.
const (
	Create    = "create"
	Update    = "update"
	Unchanged = ledger.Unchanged
	Conflict  = ledger.Conflict
	Held      = ledger.Held
	Blocked   = ledger.Blocked
	Pending   = ledger.Pending
)

// Step is the plan for one record.
type Step struct {
	entity, Key, Action, Reason, TargetID string
	Changes                               []record.Change
	withheld                              []record.Withheld

	// For the sender only, not part of the table.
	Send, Base record.Fields // of what exists: what to write, and what we stand for afterwards
	IsTouched  bool          // nothing to write, but the row is not the one we know
	IsAsked    bool          // a field waits for a decision: look again next time
}

// workSchema is a plan with what the sender needs besides.
var workSchema = record.Columns("work", []run.Column{{Name: "is_touched", Type: run.Boolean},
	{Name: "is_asked", Type: run.Boolean}},
	append(record.PlanSchema.Names(), "send", "base")...)

func (s *Step) work() run.Row {
	return append(s.row(), textOf(s.Send), textOf(s.Base), s.IsTouched, s.IsAsked)
}

func textOf(f record.Fields) any {
	if f == nil {
		return nil
	}
	return string(f.Canonical())
}

func WorkStepOf(row run.Row) (*Step, error) {
	s, err := stepOf(row)
	if err != nil {
		return nil, err
	}
	s.IsTouched, _ = row[9].(bool)
	s.IsAsked, _ = row[10].(bool)
	if s.Send, err = record.ParseFields([]byte(record.TextAt(row, 7))); err != nil {
		return nil, err
	}
	s.Base, err = record.ParseFields([]byte(record.TextAt(row, 8)))
	return s, err
}

func (s *Step) row() run.Row {
	return run.Row{s.entity, s.Key, s.Action, record.OrNull(s.Reason), record.OrNull(s.TargetID),
		record.ListText(s.Changes), record.ListText(s.withheld)}
}

func stepOf(row run.Row) (*Step, error) {
	s := &Step{entity: record.TextAt(row, 0), Key: record.TextAt(row, 1), Action: record.TextAt(row, 2),
		Reason: record.TextAt(row, 3), TargetID: record.TextAt(row, 4)}
	if text := record.TextAt(row, 5); text != "" {
		if err := json.Unmarshal([]byte(text), &s.Changes); err != nil {
			return nil, err
		}
	}
	if text := record.TextAt(row, 6); text != "" {
		if err := json.Unmarshal([]byte(text), &s.withheld); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Planner compares what should be with what the ledger says is, and asks the account only where
// both cannot tell.
type Planner struct {
	needs
	Options      Options
	Account      *account.Account
	Remote       *remote.Lookups
	ctx          context.Context
	writes       bool   // a load: before-images are kept
	SharedMobile string // what becomes of a number somebody has
	standIns     record.StandIns
	held         map[string]map[string]string
	refusals     refusalKeeper
	Clears       map[string]map[string]bool
	Moved        *moves
	sample       *sample
	scans        map[string]*remote.Scan
	bad          map[string]map[string]bool // keys of parents that will not be there
	Counts       map[string]map[string]int64
	Files        map[string]*File
	idents       *record.TextSet   // identities that will be created in the entity being planned
	wanted       *record.TextSet   // identities of all its rows, read once it must be known
	claims       map[string]string // by number of a record found in the account: the row it goes to
	lookAgain    map[string]bool   // entities with rows whose twin or holder may be gone next time

	linkCost linkCost
	Bin      *remote.Bin // of contacts; nil before somebody new was looked for
	binned   int64       // new people whose address lies in it

	left      map[string][]*ledger.RecordState // by the contact they became part of: records left behind
	LeftNos   []LeftNo
	leftCalls int64 // of them, how many cost a call

	vanishedContacts []*ledger.RecordState
	unsent           account.Unsent
	partNos          map[string]map[string]bool // by contact: channels that a part of it refused that is not sent

	without map[[2]string]int64 // new records without a field the account requires, by entity and field
	emptied map[[2]string]int64 // records with a value that no row gives any more, likewise
	// unsendable are the creates Freshsales is not asked for, because their file cannot be sent
	unsendable map[string]int64
}

// File is the plan of one entity, in the order its records are sent.
type File struct {
	Path, desired string // desired is the table that is sent, in the same order
	rows, Touched int64  // all steps, and those that need no call but a note in the ledger
}

// Options is what a plan takes besides what every act does.
type Options struct {
	target.Options
	Sample int  // whole people, with their accounts, deals and activities; 0: everybody
	Retry  bool // send refused records again, though nothing changed
}

// Check refuses what can only be a slip of the hand.
func (o Options) Check() error {
	if o.Sample < 0 {
		return run.Problemf(fmt.Sprintf("--sample %d", o.Sample), "a sample is a number of people").WithExit(run.ExitUsage)
	}
	return nil
}

// New makes a planner within an act, whose options have their defaults already.
func New(ctx context.Context, s *target.Act, a *account.Account, o Options, writes bool) *Planner {
	o.Options = s.Options
	look := &remote.Lookups{Client: s.Client, Ledger: s.Ledger, Worker: s, Temp: s.Temp, Account: a}
	return &Planner{needs: needsOf(s), Options: o, Account: a, Remote: look, ctx: ctx, writes: writes,
		scans: map[string]*remote.Scan{}, bad: map[string]map[string]bool{},
		Counts: map[string]map[string]int64{}, Files: map[string]*File{}, lookAgain: map[string]bool{},
		unsendable: map[string]int64{}, without: map[[2]string]int64{},
		emptied: map[[2]string]int64{}}
}

// All plans every entity, parents first, and writes loaded.plan.
func (p *Planner) All() error {
	var err error
	if p.held, err = readHeld(p.Dir); err != nil {
		return err
	}
	if p.Clears, err = record.ReadClears(p.Dir); err != nil {
		return err
	}
	if p.standIns, err = record.ReadStandIns(p.Dir); err != nil {
		return err
	}
	if err = p.readSharedMobile(); err != nil {
		return err
	}
	p.refusals.dir = p.Dir
	if p.refusals.codes, err = account.ReadConsentCodes(p.Options.Target); err != nil {
		return err
	}
	if p.Moved, err = p.findMoves(); err != nil {
		return err
	}
	if err = p.findCompanies(); err != nil {
		return err
	}
	if err = p.findLeft(); err != nil {
		return err
	}
	if err = p.findPartNos(); err != nil {
		return err
	}
	if p.sample, err = chooseSample(p.Dir, p.Options.Sample, p.held["contacts"]); err != nil {
		return err
	}
	for _, k := range record.Kinds {
		if err := p.entity(k); err != nil {
			return err
		}
		if k.Entity == "accounts" {
			if err := p.links(); err != nil {
				return err
			}
		}
	}
	p.tellRequired()
	p.tellEmptied()
	p.tellRefusals()
	p.tellPassed()
	for _, n := range p.sample.notice() {
		p.Notices.Add(n)
		p.Say(run.Warning, "sample", "%s", n.Text)
	}
	return p.write()
}

func (p *Planner) entity(k *record.Kind) error {
	source := p.Dir.Model("freshsales", k.Entity)
	if _, err := os.Stat(source); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	f := &File{Path: filepath.Join(p.Temp, "plan-"+k.Entity+".parquet"), desired: source}
	if err := record.InOrder(source, k.Order(), func(in *record.Stream) error { return p.pass(k, f, in) }); err != nil {
		return err
	}
	p.Files[k.Entity] = f
	return nil
}

// pass plans one table in the order it is read in.
func (p *Planner) pass(k *record.Kind, f *File, in *record.Stream) error {
	p.Counts[k.Entity], p.bad[k.Entity], f.rows = map[string]int64{}, map[string]bool{}, 0
	f.Touched, p.idents = 0, &record.TextSet{Most: in.Table.NumRows()}
	p.claims = map[string]string{}
	if k.Entity == "contacts" {
		p.binned, p.leftCalls, p.LeftNos, p.vanishedContacts = 0, 0, nil, nil
	}
	defer func() { p.idents, p.wanted, p.claims = nil, nil, nil }() // their memory is needed for sending
	shape, err := record.NewMapper(k, in.Table.Columns(), p.Clears[k.Entity], p.Account)
	if err != nil {
		return err
	}
	if err := p.contract(k, in.Table.Columns()); err != nil {
		return err
	}
	out, err := run.CreateTable(f.Path, workSchema)
	if err != nil {
		return err
	}
	w := &planWriter{p: p, f: f, out: out}
	if k.PerContact {
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
	p   *Planner
	f   *File
	out *run.TableWriter
}

func (w *planWriter) step(s *Step) error {
	count := w.p.Counts[s.entity]
	count[s.Action]++
	w.p.sample.saw(s)
	w.f.rows++
	if s.IsTouched {
		w.f.Touched++
	}
	if s.TargetID == "" && s.Action != Create && s.Action != Update {
		w.p.bad[s.entity][s.Key] = true
	}
	return w.out.Write(s.work())
}

// write puts the plans of all entities into one table.
func (p *Planner) write() error {
	out, err := run.CreateTable(p.Dir.Loaded(p.Options.Target.Name, record.PlanTable), record.PlanSchema)
	if err != nil {
		return err
	}
	for _, entity := range record.PlanOrder() {
		f := p.Files[entity]
		if f == nil {
			continue
		}
		if err := run.ReadTable(f.Path, func(_ []run.Column,
			row run.Row) error {
			return out.Write(row[:len(record.PlanSchema.Columns)])
		}); err != nil {
			out.Abort()
			return err
		}
	}
	return out.Close()
}
