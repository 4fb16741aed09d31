package extract

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ferry/internal/run"

	"ferry/extract/discovery"
	"ferry/extract/source"
)

// finish writes the empty tables and the list of sources, and marks the run if nothing was refused,
// neither a file nor a list of the API.
func finish(dir run.Dir, o Options, started time.Time, tallies []*tally, refused *run.Problem) (Result, error) {
	if err := writeSources(dir, tallies); err != nil {
		return Result{}, err
	}
	if err := writeEmptyTables(dir); err != nil {
		return Result{}, err
	}
	var res Result
	var input, output []string
	var read []fact
	for _, t := range tallies {
		book, _, isSheet := strings.Cut(t.source.Name, "!")
		t.isBeside = isSheet && slices.ContainsFunc(tallies, func(o *tally) bool {
			return o.landed > 0 && strings.HasPrefix(o.source.Name, book+"!")
		})
		if why := t.doubt(); why != "" {
			res.Doubts = append(res.Doubts, Doubt{t.source.Name, why})
		}
		if t.source.State != source.ToLand {
			continue
		}
		res.Sources++
		read = append(read, t.fact())
		res.Records += t.records
		res.Landed += t.landed
		res.Rejected += t.rejected
		name := t.source.Entity.Name
		input = append(input, t.source.Name, name, t.sha256)
		output = append(output, t.source.Name, name, t.sha256, fmt.Sprint(t.records, t.landed, t.rejected))
	}
	if err := problems(tallies, o.Strict); err != nil {
		return res, err
	}
	if refused != nil {
		refused.What += ". What else was read has landed, but the run is not complete"
		return res, refused
	}
	facts := map[string]any{"read": read, "sources": res.Sources, "records": res.Records, "landed": res.Landed,
		"rejected": res.Rejected, "doubts": res.Doubts}
	return res, dir.Mark("extract", run.Stage{Started: started, Ended: o.Now(), Input: run.DigestText(input...),
		Output: run.DigestText(output...), Facts: facts})
}

// Doubt is why somebody should look at a file before anything is made of what landed. It holds nothing of
// what the file holds.
type Doubt struct{ File, Why string }

// much says whether so many of a file's records could not land that it is doubtful as a whole: half of them,
// or one in twenty where that is twenty at least.
func much(rejected, records int64) bool {
	return rejected > 0 && (rejected*2 >= records || rejected >= 20 && rejected*20 >= records)
}

// needed are lists that no company is without: an empty one is doubted.
var needed = []string{"user_profiles", "consents"}

// doubt says why what landed of a source is not to be relied on, "" if it is.
func (t *tally) doubt() string {
	switch {
	case t.source.State == source.Unplaced:
		return t.source.Note
	case t.source.State != source.ToLand:
		return ""
	case t.damaged:
		return "it is cut off or damaged; what could be read has landed"
	case t.rejected > t.strays && t.landed == 0:
		return discovery.JoinNotes("none of its records could land", t.misfit)
	case t.source.Shape.Format == "empty" && (t.isBeside || !slices.Contains(needed, t.source.Entity.Name)):
		return "" // its note says that there is nothing in it
	case t.records == t.strays && cmp.Or(t.kind, "file") == "file":
		return discovery.JoinNotes("no record landed: "+cmp.Or(t.empty(), "there is none in it"), t.source.Doubt)
	case much(t.rejected-t.strays, t.records-t.strays):
		return discovery.JoinNotes(fmt.Sprintf("%d of its %d records could not land", t.rejected, t.records), t.misfit)
	}
	return discovery.Joined(t.source.Doubt, t.unsolved, t.nameless, t.coded, t.beside)
}

// empty says why there is no record in a file.
func (t *tally) empty() string {
	switch {
	case t.source.Shape.Format == "empty":
		return "there is nothing in it, not even names of columns; if that is wrong, export it again"
	case t.format == "csv" || t.format == "xlsx":
		return "there is nothing below the names of its columns; if that is wrong, export it again"
	}
	return ""
}

// writeSources writes one row for each source, the ignored and refused ones too.
func writeSources(dir run.Dir, tallies []*tally) error {
	table, err := run.CreateTable(dir.Sources(), SourcesTable())
	if err != nil {
		return err
	}
	for _, t := range tallies {
		err := table.Write(run.Row{t.source.Name, nullable(t.source.Entity.Name), kindOf(t), nullable(t.format),
			nullable(t.coding), nullable(t.delim), nullable(t.sha256),
			nullable(t.remarks()), t.bytes, t.records, t.landed, t.rejected})
		if err != nil {
			table.Abort()
			return err
		}
	}
	return table.Close()
}

// writeEmptyTables makes sure that every table exists.
func writeEmptyTables(dir run.Dir) error {
	for _, s := range Tables() {
		paths, err := filepath.Glob(filepath.Join(dir.Landed(s.Name), "*.parquet"))
		if err != nil || len(paths) > 0 {
			continue
		}
		p, err := createPart(filepath.Join(dir.Landed(s.Name), "part-00000-00.parquet"), s, nil)
		if err != nil {
			return err
		}
		if err := p.close(); err != nil {
			return err
		}
	}
	return nil
}

// kindOf is file, api or carried.
func kindOf(t *tally) string { return cmp.Or(t.kind, "file") }

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}
