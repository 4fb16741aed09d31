package purge

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ferry/internal/run"
)

// Removed stands where a value of a purged person stood.
const Removed = "(removed)"

// Reason is what the list of rejected records says of a record that was left out.
const Reason = "left out: this person asked to be forgotten"

// Erased is what was taken out of one run.
type Erased struct {
	Run   string           `json:"run"`
	Rows  map[string]int64 `json:"rows"`  // by schema.table
	Cells int64            `json:"cells"` // masked in rows of others
}

// tableFiles are the tables of a run that can hold a person. A model with columns of types that cannot
// be looked into (maps, structs) is passed over if it is about nobody, and refused if it is not.
func tableFiles(dir run.Dir) ([]run.TableFile, error) {
	files, err := dir.TableFiles()
	var readable []run.TableFile
	for _, f := range files {
		t, e := run.OpenTable(f.Path)
		if e == nil {
			readable = append(readable, f)
			if err := t.Close(); err != nil {
				return nil, err
			}
			continue
		}
		names, unreadable := run.ColumnNames(f.Path)
		if unreadable != nil {
			return nil, e
		}
		if slices.ContainsFunc(names, func(n string) bool {
			return n == "key" || slices.Contains(personColumns, n) || slices.Contains(emailColumns, n)
		}) {
			return nil,
				run.Problemf(f.Path,
					"the model %s.%s is about people and has columns of a type ferry cannot look into; nothing was erased",
					f.Schema, f.Table).
					WithTry("write those columns as text in sql/, ferry transform, and run the same command again").
					WithExit(run.ExitStop)
		}
	}
	return readable, err
}

// eraser works on one run.
type eraser struct {
	person *Person
	files  []run.TableFile
	keys   map[string]bool // of the person's records: task_key, deal_key, …
	values []string        // texts that only this person's rows had
	result Erased
}

// Erase takes a person out of every table of a run, by what Learn noted. What was read into it is taken out last, and
// the notes go at the very end: a purge that was stopped goes on with the same command. It says whether the run had
// workbooks, which are to be written again.
func Erase(ctx context.Context, dir run.Dir) (erased Erased, hadBooks bool, err error) {
	j, err := readJournal(dir)
	if err != nil || j == nil {
		return Erased{Run: dir.ID()}, false, err
	}
	files, err := tableFiles(dir)
	if err != nil {
		return Erased{}, false, err
	}
	e := &eraser{person: j.person(), files: files, keys: set(j.Records), values: j.Values,
		result: Erased{Run: dir.ID(), Rows: map[string]int64{}}}
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return e.result, j.HadBooks, err
		}
		if f.Schema == "landed" && strings.HasPrefix(f.Table, "_") {
			continue
		}
		if err := e.rewrite(f); err != nil {
			return e.result, j.HadBooks, err
		}
	}
	if err := e.account(dir, j); err != nil {
		return e.result, j.HadBooks, err
	}
	return e.result, j.HadBooks, remark(dir, e.result)
}

// Finish removes the notes of a purge whose last row is gone.
func Finish(dir run.Dir) error {
	err := os.Remove(dir.Purging())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return run.CannotWrite(dir.Purging(), err)
}

// learn finds the keys of the person's records, and the texts that nobody else's rows carry.
func (e *eraser) learn(ctx context.Context) error {
	seen := map[string]bool{} // texts of the person's rows; false: somebody else's row has it, too
	if err := e.learnKeys(ctx, seen); err != nil {
		return err
	}
	for _, f := range e.files {
		if err := e.forgetCommon(f, seen); err != nil {
			return err
		}
	}
	for s, alone := range seen {
		if alone {
			e.values = append(e.values, s)
		}
	}
	for s := range e.person.Emails {
		e.values = append(e.values, s)
	}
	return nil
}

// learnKeys reads the person's own rows.
func (e *eraser) learnKeys(ctx context.Context, seen map[string]bool) error {
	for _, f := range e.files {
		err := run.EachRow(f.Path, func(r run.NamedRow) error {
			if !e.person.isOf(r) {
				return nil
			}
			for i, c := range r.Columns {
				if s, isText := r.Values[i].(string); isText && f.Schema == "freshsales" &&
					c.Name == strings.TrimSuffix(f.Table, "s")+"_key" {
					e.keys[s] = true
				}
				if !mayTell(f, c.Name) {
					continue
				}
				texts(r.Values[i], func(s string) {
					if s = strings.TrimSpace(s); tells(s) {
						seen[s] = true
					}
				})
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// forgetCommon strikes out texts that stand in somebody else's row, too.
func (e *eraser) forgetCommon(f run.TableFile, seen map[string]bool) error {
	t, err := run.OpenTable(f.Path)
	if err != nil {
		return err
	}
	isPersons := false
	for _, c := range personColumns {
		isPersons = isPersons || t.Column(c) >= 0
	}
	_ = t.Close()
	if !isPersons {
		return nil
	}
	return run.EachRow(f.Path, func(r run.NamedRow) error {
		if e.person.isOf(r) || e.isChild(r) {
			return nil
		}
		for _, v := range r.Values {
			texts(v, func(s string) {
				if s = strings.TrimSpace(s); seen[s] {
					seen[s] = false
				}
			})
		}
		return nil
	})
}

// histories are tables of what happened: their texts stand in rows of the person alone.
var histories = []string{"events", "event_facts", "event_choices", "campaign_interactions", "interactions",
	"interaction_facts", "campaign_choices", "devices",
	"activities", "activity_records", "tasks", "sales_activities", "plan", "outcomes", "readback", "fates", "targets"}

// mayTell says whether a column may hold a text that tells who somebody is, and that tables of totals
// and samples repeat.
func mayTell(f run.TableFile, column string) bool {
	if slices.Contains(histories, f.Table) || strings.HasPrefix(column, "_") && column != "_extra" {
		return false
	}
	return !strings.HasSuffix(column, "_key") && !strings.HasSuffix(column, "_time") &&
		!strings.HasSuffix(column, "_at") && column != "key"
}

// tells says whether a text can tell who somebody is: not a short one, a flag or a day.
func tells(s string) bool {
	if utf8.RuneCountInString(s) < 4 || strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[") || s == Removed {
		return false
	}
	for _, layout := range []string{time.DateOnly, time.DateTime, time.RFC3339} {
		if len(s) >= len(time.DateOnly) {
			if _, err := time.Parse(layout, s[:min(len(s), len(layout))]); err == nil {
				return false
			}
		}
	}
	return s != "true" && s != "false" && s != "null"
}

// isChild says whether a row speaks of a record of the person: a task, a deal, a note.
func (e *eraser) isChild(r run.NamedRow) bool {
	for i, c := range r.Columns {
		if s, isText := r.Values[i].(string); isText && (c.Name == "key" || strings.HasSuffix(c.Name, "_key")) && s != "" {
			if e.keys[s] || c.Name == "key" && e.person.IDs[norm(s)] {
				return true
			}
		}
	}
	return false
}

// rewrite takes the person's rows out of a file and masks what only they had in the rows of others. A
// file without either stays as it is; one that runs share by a hard link becomes this run's own.
func (e *eraser) rewrite(f run.TableFile) error {
	t, err := run.OpenTable(f.Path)
	if err != nil {
		return err
	}
	columns := t.Columns()
	if err := t.Close(); err != nil {
		return err
	}
	hit := false
	if err := run.EachRow(f.Path, func(r run.NamedRow) error {
		hit = hit || e.person.isOf(r) || e.isChild(r) || e.masks(r)
		return nil
	}); err != nil || !hit {
		return err
	}
	out, err := run.CreateTable(f.Path, run.Schema{Name: f.Table, Columns: columns})
	if err != nil {
		return err
	}
	err = run.EachRow(f.Path, func(r run.NamedRow) error {
		if e.person.isOf(r) || e.isChild(r) {
			e.result.Rows[f.Schema+"."+f.Table]++
			return nil
		}
		return out.Write(e.masked(r))
	})
	if err != nil {
		out.Abort()
		return err
	}
	return out.Close()
}

func (e *eraser) masks(r run.NamedRow) bool {
	for _, v := range r.Values {
		if _, changed := e.mask(v); changed {
			return true
		}
	}
	return false
}

func (e *eraser) masked(r run.NamedRow) run.Row {
	to := make(run.Row, len(r.Values))
	for i, v := range r.Values {
		var changed bool
		if to[i], changed = e.mask(v); changed {
			e.result.Cells++
		}
	}
	return to
}

func (e *eraser) mask(v any) (any, bool) {
	switch x := v.(type) {
	case string:
		s := e.maskText(x)
		return s, s != x
	case []string:
		list, changed := make([]string, len(x)), false
		for i, s := range x {
			list[i] = e.maskText(s)
			changed = changed || list[i] != s
		}
		return list, changed
	}
	return v, false
}

func (e *eraser) maskText(s string) string {
	for _, value := range e.values {
		s = replaceWord(s, value)
	}
	return s
}
