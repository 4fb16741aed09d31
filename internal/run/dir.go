// Package run is the one thing every stage shares: where files of a run live, how tables are
// written and read, what run.json says, and what a stage may tell the outside. It knows nothing
// of Xtremepush, SQL, Freshsales or Excel. Start at Project and Dir for where things lie, Problem for what a person
// is told, Table for Parquet; near.go has the one "did you mean".
package run

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"
)

// Modes of everything ferry writes: the files hold personal data.
const (
	DirMode  fs.FileMode = 0o700
	FileMode fs.FileMode = 0o600
)

// Project is the folder with ferry.yaml in it.
type Project struct{ root string }

// OpenProject names a project folder; it need not exist yet.
func OpenProject(root string) Project { return Project{root: filepath.Clean(root)} }

// Root is the folder itself.
func (p Project) Root() string { return p.root }

// Config is ferry.yaml.
func (p Project) Config() string { return filepath.Join(p.root, "ferry.yaml") }

// Exports is where dropped files are looked for.
func (p Project) Exports() string { return filepath.Join(p.root, "exports") }

// SQL holds only what the analyst changed.
func (p Project) SQL() string { return filepath.Join(p.root, "sql") }

// Stories holds the analyst's own stories: rows given, rows expected.
func (p Project) Stories() string { return filepath.Join(p.root, "sql", "stories") }

// Decisions holds what the customer answered, as CSV.
func (p Project) Decisions() string { return filepath.Join(p.root, "decisions") }

// Purged holds salted digests of people who asked to be forgotten.
func (p Project) Purged() string { return filepath.Join(p.root, "purged.json") }

// Runs holds one folder per run.
func (p Project) Runs() string { return filepath.Join(p.root, "runs") }

// Target is what we did to one Freshsales account, over all runs.
func (p Project) Target(name string) Target {
	return Target{Name: name, root: filepath.Join(p.root, "targets", name)}
}

// Scratch is a folder beside the runs to try something in; it is no run, and whoever makes it removes it.
func (p Project) Scratch(name string) Dir {
	return Dir{project: p, root: filepath.Join(p.Runs(), "."+name)}
}

var runName = regexp.MustCompile(`^\d{8}T\d{6}Z(-\d+)?$`)

// NewRun makes the folder of a new run, named after a time in UTC. The newest run is the last by name, so the name stands
// behind all there are, even where the clock was set back or the last run but one was removed.
func (p Project) NewRun(now time.Time) (Dir, error) {
	base, first := now.UTC().Format("20060102T150405Z"), 1
	all, err := p.AllRuns()
	if err != nil {
		return Dir{}, err
	}
	if len(all) > 0 {
		newest, n, _ := strings.Cut(all[len(all)-1].ID(), "-")
		if newest >= base {
			base, first = newest, max(2, atoi(n)+1)
		}
	}
	if err := os.MkdirAll(p.Runs(), DirMode); err != nil {
		return Dir{}, CannotWrite(p.Runs(), err)
	}
	for n := first; ; n++ {
		name := base
		if n > 1 {
			name = base + "-" + itoa(n)
		}
		d := Dir{project: p, root: filepath.Join(p.Runs(), name)}
		err := os.Mkdir(d.root, DirMode)
		if err == nil {
			return d, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return Dir{}, CannotWrite(d.root, err)
		}
	}
}

// AllRuns lists the runs, oldest first.
func (p Project) AllRuns() ([]Dir, error) {
	entries, err := os.ReadDir(p.Runs())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, CannotWrite(p.Runs(), err)
	}
	var all []Dir
	for _, e := range entries {
		if e.IsDir() && runName.MatchString(e.Name()) {
			all = append(all, Dir{project: p, root: filepath.Join(p.Runs(), e.Name())})
		}
	}
	sort.Slice(all, func(i, j int) bool { return runOrder(all[i].ID()) < runOrder(all[j].ID()) })
	return all, nil
}

// LatestRun is the newest run; a Problem says how to make one when there is none.
func (p Project) LatestRun() (Dir, error) {
	all, err := p.AllRuns()
	if err != nil {
		return Dir{}, err
	}
	if len(all) == 0 {
		return Dir{}, Problemf(p.Runs(), "there is no run yet").WithTry("ferry extract")
	}
	return all[len(all)-1], nil
}

// Run is the run of a given name.
func (p Project) Run(id string) (Dir, error) {
	d := Dir{project: p, root: filepath.Join(p.Runs(), id)}
	if !runName.MatchString(id) {
		return Dir{}, Problemf("--run "+id, "a run is named like 20260102T150405Z").WithTry("ferry status").
			WithExit(ExitUsage)
	}
	if _, err := os.Stat(d.root); err != nil {
		return Dir{}, Problemf(d.root, "there is no such run").WithTry("ferry status").WithExit(ExitUsage)
	}
	return d, nil
}

// Dir is the folder of one run: everything needed to explain it a year later.
type Dir struct {
	project Project
	root    string
}

// Project is the project this run belongs to.
func (d Dir) Project() Project { return d.project }

// Root is the folder itself.
func (d Dir) Root() string { return d.root }

// ID is the run's name.
func (d Dir) ID() string { return filepath.Base(d.root) }

// Manifest is run.json.
func (d Dir) Manifest() string { return filepath.Join(d.root, "run.json") }

// LandedRoot holds one folder per landed table.
func (d Dir) LandedRoot() string { return filepath.Join(d.root, "landed") }

// Landed is the folder of one landed table; its *.parquet files together are the table.
func (d Dir) Landed(entity string) string { return filepath.Join(d.root, "landed", entity) }

// Rejects is the table of records that could not land.
func (d Dir) Rejects() string { return filepath.Join(d.root, "landed", "_rejects.parquet") }

// Sources is the table of files and endpoints read, with their counts.
func (d Dir) Sources() string { return filepath.Join(d.root, "landed", "_sources.parquet") }

// SQL holds the files as they ran.
func (d Dir) SQL() string { return filepath.Join(d.root, "sql") }

// ModelsRoot holds one folder per schema.
func (d Dir) ModelsRoot() string { return filepath.Join(d.root, "models") }

// Model is the Parquet file of one model.
func (d Dir) Model(schema, name string) string {
	return filepath.Join(d.root, "models", schema, name+".parquet")
}

// Built is the record of what was built into models, from what, and what it cost: one JSON object to a line.
func (d Dir) Built() string { return filepath.Join(d.root, "models", "_built.jsonl") }

// OpenSQL makes views over everything, for any DuckDB prompt.
func (d Dir) OpenSQL() string { return filepath.Join(d.root, "open.sql") }

// LoadedRoot holds what was planned and what came of it on one target.
func (d Dir) LoadedRoot(target string) string { return filepath.Join(d.root, "loaded", target) }

// Loaded is one of those tables: plan, outcomes, readback, calls.
func (d Dir) Loaded(target, table string) string {
	return filepath.Join(d.root, "loaded", target, table+".parquet")
}

// Provision is the list of what an administrator must make in the account before a load.
func (d Dir) Provision(target string) string {
	return filepath.Join(d.root, "loaded", target, "to_provide.md")
}

// Reports is the folder of the workbooks.
func (d Dir) Reports() string { return filepath.Join(d.root, "reports") }

// TargetReports is the folder of the workbooks that belong to one target.
func (d Dir) TargetReports(target string) string { return filepath.Join(d.root, "reports", target) }

// Temp is scratch space inside the run. Whoever works on the run has a folder of its own in it, see NewTemp: a
// question must not take away the scratch files of a build beside it.
func (d Dir) Temp() string { return filepath.Join(d.root, ".temp") }

// Log is what was said, one JSON object to a line.
func (d Dir) Log() string { return filepath.Join(d.root, "log.jsonl") }

// LockFile is the file the run's lock is held on.
func (d Dir) LockFile() string { return filepath.Join(d.root, ".lock") }

// TableFile is one Parquet file of a run and the table it belongs to.
type TableFile struct{ Path, Schema, Table string }

// TableFiles lists every Parquet file of a run: what was loaded first, then models, then landed.
func (d Dir) TableFiles() ([]TableFile, error) {
	var all []TableFile
	for _, schema := range []string{"loaded", "models", "landed"} {
		err := filepath.WalkDir(filepath.Join(d.root, schema), func(path string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || e.IsDir() || filepath.Ext(path) != ".parquet" {
				return err
			}
			f := TableFile{Path: path, Schema: schema, Table: strings.TrimSuffix(filepath.Base(path), ".parquet")}
			switch parent := filepath.Base(filepath.Dir(path)); {
			case schema == "models":
				f.Schema = parent
			case schema == "landed" && parent != "landed":
				f.Table = parent // one part of it
			}
			all = append(all, f)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Purging is what a purge of this run is about, for as long as it takes.
func (d Dir) Purging() string { return filepath.Join(d.root, ".purging.json") }

// Target is the folder of one Freshsales account.
type Target struct {
	Name string
	root string
}

// Root is the folder itself.
func (t Target) Root() string { return t.root }

// Ledger is the only memory of what happened to the account.
func (t Target) Ledger() string { return filepath.Join(t.root, "ledger.db") }

// Audit is who confirmed, decided, signed, loaded and rolled back.
func (t Target) Audit() string { return filepath.Join(t.root, "audit.jsonl") }

// AuditLock is held while a line is added to the audit, so that two processes never interleave.
func (t Target) AuditLock() string { return filepath.Join(t.root, ".audit.lock") }

// Signoff is what somebody signed after a rehearsal on this target.
func (t Target) Signoff() string { return filepath.Join(t.root, "signoff.json") }

// Account is what the last plan saw of the account: what it lacks, and what a load sets off there.
func (t Target) Account() string { return filepath.Join(t.root, "account.json") }

// Backups holds golden copies of the account, one folder each.
func (t Target) Backups() string { return filepath.Join(t.root, "backup") }

// Cutover is the runbook as it stood when it was last looked at.
func (t Target) Cutover() string { return filepath.Join(t.root, "cutover.md") }

// CutoverBook is the same as a workbook.
func (t Target) CutoverBook() string { return filepath.Join(t.root, "cutover.xlsx") }

// Hypercare holds what each reconciliation found, one file each.
func (t Target) Hypercare() string { return filepath.Join(t.root, "hypercare") }

// Consent holds the codes the account uses for subscribed and unsubscribed.
func (t Target) Consent() string { return filepath.Join(t.root, "consent.json") }

// TwinState is where a built-in twin of this name keeps its records.
func (t Target) TwinState() string { return filepath.Join(t.root, "twin") }

// LockFile is the file the target's lock is held on.
func (t Target) LockFile() string { return filepath.Join(t.root, ".lock") }
