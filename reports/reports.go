// Package reports draws the reports.* tables as workbooks a customer can read. It owns how a workbook
// looks; it must not compute: every figure is in a table, made by sql/7_reports. A column that an
// analyst adds to such a table appears in its sheet. What a workbook says is in books, how answers are
// read back in answers. Start at Run; sheet.go draws a list, summary.go the first page.
package reports

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"ferry/internal/run"
	"ferry/reports/books"
)

// Stage is the name under which a finished report is marked in run.json.
const Stage = "report"

// Options is all that a report needs to know.
type Options struct {
	Target    string // whose reconciliation is written as well; "" = none
	Account   string // where the pages of its Freshsales begin, for links into it; "" = none
	AuditHead string // of that target, printed where its sign-off is asked for; "" = none yet
	// AuditHeads are those of all targets, in words, printed in every workbook.
	AuditHeads []string
	Extras     []Extra          // sheets for the workbook of the target, besides its tables
	Only       []string         // workbooks to write, such as quality.xlsx; none = all
	Decisions  string           // folder of decisions, for Decide
	Who        string           // whose decisions they are when the workbook does not say
	Now        func() time.Time // for the mark, and for the time of a decision
	Events     run.Events

	rowsPerSheet int // 0 = as many as a sheet can hold; less in tests
}

// Result is what was written.
type Result struct {
	Files []string // full paths
	Kept  []string // workbooks somebody had filled in and nobody had read back: moved aside, not overwritten
}

// Run writes the workbooks.
func Run(ctx context.Context, dir run.Dir, o Options) (Result, error) {
	started := o.now()
	transform, err := dir.Done("transform", "ferry transform")
	if err != nil {
		return Result{}, err
	}
	manifest, err := dir.ReadManifest()
	if err != nil {
		return Result{}, err
	}
	r := &reporter{dir: dir, options: o, before: digests(manifest.Stages[Stage]), written: map[string]any{}}
	for path, digest := range r.before { // those not written now stay known
		r.written[path] = digest
	}
	if r.lastLoad, err = lastLoad(dir); err != nil {
		return Result{}, err
	}
	if err := dir.Unmark(Stage); err != nil {
		return Result{}, err
	}
	defer func() { _ = dir.DropTemp(filepath.Join(dir.Temp(), "report")) }()
	if err := r.writeAll(ctx); err != nil {
		return Result{}, err
	}
	facts := map[string]any{"files": r.written}
	err = dir.Mark(Stage, run.Stage{Started: started, Ended: o.now(), Input: transform.Output,
		Output: run.DigestText(r.digestList()...), Facts: facts})
	return r.result, err
}

func (o Options) now() time.Time {
	if o.Now == nil {
		return time.Time{}
	}
	return o.Now().UTC()
}

// reporter writes the files of one run.
type reporter struct {
	dir     run.Dir
	options Options
	before  map[string]string // digests of what the last report wrote
	written map[string]any    // the same for this one, by path below the run folder
	result  Result

	lastLoad string // a sentence, where this run was not loaded and another was
}

func (r *reporter) writeAll(ctx context.Context) error {
	for _, b := range books.All {
		if !r.wanted(b.File) {
			continue
		}
		folder := r.dir.Reports()
		if b.PerTarget {
			if r.options.Target == "" {
				continue
			}
			folder = r.dir.TargetReports(r.options.Target)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.write(ctx, filepath.Join(folder, b.File), b); err != nil {
			return err
		}
	}
	beside := map[string]func(context.Context, string) error{
		"scope.md": func(ctx context.Context, path string) error { // what a steering committee reads, without the lists of files
			return r.inWords(ctx, path, books.Scope, "scope_matrix", "scope_entities",
				"complexity")
		},
		"handover.md":     func(ctx context.Context, path string) error { return r.inWords(ctx, path, books.Handover) },
		"push_tokens.csv": r.pushTokens,
	}
	for name, write := range beside {
		if !r.wanted(name) {
			continue
		}
		path := filepath.Join(r.dir.Reports(), name)
		if err := write(ctx, path); err != nil {
			return err
		}
		if err := r.note(path); err != nil {
			return err
		}
	}
	slices.Sort(r.result.Files)
	return nil
}

func (r *reporter) wanted(file string) bool {
	return len(r.options.Only) == 0 || slices.Contains(r.options.Only, file)
}

// write makes one workbook, after moving aside one that holds answers nobody has read.
func (r *reporter) write(ctx context.Context, path string, b books.Book) error {
	if err := r.keepAnswers(path, b); err != nil {
		return err
	}
	w, err := r.build(ctx, b)
	if err != nil {
		return err
	}
	if err := w.save(path); err != nil {
		return err
	}
	for _, s := range w.tooLong {
		if err := r.wholeList(ctx, path, s); err != nil {
			return err
		}
	}
	r.options.Events.Send(run.Event{Stage: Stage, Kind: run.Finished, Subject: b.File, Done: w.rows, Unit: "rows"})
	return r.note(path)
}

// keepAnswers moves a workbook aside that was changed since we wrote it: somebody typed into it.
func (r *reporter) keepAnswers(path string, b books.Book) error {
	was, known := r.before[r.short(path)]
	if !b.HasAnswers() || !known {
		return nil
	}
	is, err := run.DigestFile(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && is == was {
		return nil
	}
	if err != nil {
		return err
	}
	kept := filepath.Join(filepath.Dir(path), "answered-"+is[:8]+"-"+filepath.Base(path))
	if err := os.Rename(path, kept); err != nil {
		return err
	}
	r.result.Kept = append(r.result.Kept, kept)
	r.options.Events.Send(run.Event{Stage: Stage, Kind: run.Warning, Subject: b.File,
		Text: "somebody changed this workbook since it was written; it is kept as " + filepath.Base(kept)})
	return nil
}

func (r *reporter) short(path string) string {
	if s, err := filepath.Rel(r.dir.Root(), path); err == nil {
		return filepath.ToSlash(s)
	}
	return path
}

func (r *reporter) note(path string) error {
	digest, err := run.DigestFile(path)
	if errors.Is(err, fs.ErrNotExist) { // its table is not there
		return nil
	}
	r.written[r.short(path)] = digest
	r.result.Files = append(r.result.Files, path)
	return err
}

func (r *reporter) digestList() []string {
	var list []string
	for path, digest := range r.written {
		list = append(list, path+" "+digest.(string))
	}
	slices.Sort(list)
	return list
}

// digests are the files of an earlier report, from its mark.
func digests(s run.Stage) map[string]string {
	list := map[string]string{}
	files, _ := s.Facts["files"].(map[string]any)
	for path, d := range files {
		if text, ok := d.(string); ok {
			list[path] = text
		}
	}
	return list
}
