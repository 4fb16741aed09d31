package purge

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"ferry/internal/run"
)

// journal is what a purge of one run is about, written before its first row goes and removed after its last: what
// somebody alone had is learned from rows that are taken out, so a purge that was stopped could not learn it again.
// It holds personal data for as long as the purge takes.
type journal struct {
	IDs, Keys, Emails []string
	Records           []string            // keys of their tasks, deals, notes
	Values            []string            // texts that nobody else has
	Rejected          [][]string          // of landed records: file, record, line, table
	Sources           map[string][2]int64 // by file and table: landed and rejected, as they must be
	HadBooks          bool
}

func readJournal(dir run.Dir) (*journal, error) {
	text, err := os.ReadFile(dir.Purging())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	j := &journal{}
	if err := json.Unmarshal(text, j); err != nil {
		return nil, run.Problemf(dir.Purging(), "the notes of a purge that was stopped cannot be read: %v", err).
			WithTry("ferry purge --run %s   (takes the whole run's tables)", dir.ID()).WithExit(run.ExitStop)
	}
	return j, nil
}

func (j *journal) write(dir run.Dir) error {
	return run.WriteFile(dir.Purging(), func(w io.Writer) error { return json.NewEncoder(w).Encode(j) })
}

func (j *journal) person() *Person {
	return &Person{IDs: set(j.IDs), Keys: set(j.Keys), Emails: set(j.Emails)}
}

// Unfinished are the people of purges that were stopped; nil when there are none.
func Unfinished(runs []run.Dir) (*Person, error) {
	var all *Person
	for _, dir := range runs {
		j, err := readJournal(dir)
		if err != nil {
			return nil, err
		}
		if j != nil && all == nil {
			all = &Person{IDs: map[string]bool{}, Keys: map[string]bool{}, Emails: map[string]bool{}}
		}
		if j != nil {
			all.Add(j.person())
		}
	}
	return all, nil
}

// Add makes two people's numbers and addresses those of one purge.
func (p *Person) Add(other *Person) {
	maps.Copy(p.IDs, other.IDs)
	maps.Copy(p.Keys, other.Keys)
	maps.Copy(p.Emails, other.Emails)
}

// Learn notes what a purge of one run is about, and gives the keys of the person's records. Nothing is taken out yet.
// What an earlier purge that was stopped had noted stays noted.
func Learn(ctx context.Context, dir run.Dir, p *Person) (map[string]bool, error) {
	j, err := readJournal(dir)
	if err != nil {
		return nil, err
	}
	files, err := tableFiles(dir)
	if err != nil {
		return nil, err
	}
	e := &eraser{person: p, files: files, keys: map[string]bool{}}
	if err := e.learn(ctx); err != nil {
		return nil, err
	}
	if j == nil {
		j = &journal{}
		books, err := os.ReadDir(dir.Reports())
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		j.HadBooks = len(books) > 0
	}
	j.IDs, j.Keys, j.Emails = union(j.IDs, p.IDs), union(j.Keys, p.Keys), union(j.Emails, p.Emails)
	j.Records, j.Values = union(j.Records, e.keys), union(j.Values, set(e.values))
	if err := e.countLanded(ctx, dir, j); err != nil {
		return nil, err
	}
	return set(j.Records), j.write(dir)
}

// countLanded notes which landed records go, and how many each file then has, so that records = landed + rejected
// stays true wherever the purge is stopped.
func (e *eraser) countLanded(ctx context.Context, dir run.Dir, j *journal) error {
	left, noted := map[string]int64{}, map[string]bool{}
	for _, r := range j.Rejected { // by a purge that was stopped
		noted[strings.Join(r, "\x00")] = true
	}
	for _, f := range e.files {
		if f.Schema != "landed" || strings.HasPrefix(f.Table, "_") {
			continue
		}
		if err := run.EachRow(f.Path, func(r run.NamedRow) error {
			record := []string{r.Text("_file"), r.Text("_record"), r.Text("_line"), f.Table}
			if (e.person.isOf(r) || e.isChild(r)) && !noted[strings.Join(record, "\x00")] {
				left[r.Text("_file")+"\x00"+f.Table]++
				j.Rejected = append(j.Rejected, record)
			}
			return ctx.Err()
		}); err != nil {
			return err
		}
	}
	if len(left) == 0 {
		return nil
	}
	if j.Sources == nil {
		j.Sources = map[string][2]int64{}
	}
	return run.EachRow(dir.Sources(), func(r run.NamedRow) error {
		about := r.Text("source") + "\x00" + r.Text("entity")
		counts, noted := j.Sources[about]
		if !noted {
			counts = [2]int64{r.Number("landed"), r.Number("rejected")}
		}
		n := min(left[about], counts[0])
		left[about] -= n
		j.Sources[about] = [2]int64{counts[0] - n, counts[1] + n}
		return nil
	})
}

func set(list []string) map[string]bool {
	m := map[string]bool{}
	for _, s := range list {
		m[s] = true
	}
	return m
}

func union(list []string, with map[string]bool) []string {
	m := set(list)
	maps.Copy(m, with)
	return slices.Sorted(maps.Keys(m))
}
