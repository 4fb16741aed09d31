package backup

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ferry/internal/run"
	"ferry/load/ledger"
	"ferry/load/record"
)

// manifest says that a copy is complete, and what it holds.
const manifest = "backup.json"

// Names of the files beside the copied records.
const (
	idsTable    = "ids"
	imagesTable = "before_images"
)

// notCopied is what no copy can hold, said in every one.
const notCopied = "not in it: notes, files, appointments and phone calls of others, which a load neither changes nor " +
	"deletes and which can only be read record by record or not at all; and the account's settings"

// finish makes Parquet and CSV of what was read, and says last that the copy is complete.
func (c *copier) finish(ctx context.Context) (Copy, error) {
	copy := Copy{Target: c.Options.Target.Name, Kind: c.work.kind, Run: c.work.run, Begun: c.work.begun,
		Ended: c.Now().UTC(), Records: map[string]int64{}, Gone: map[string]int64{}, Files: map[string]string{},
		Says: []string{notCopied}}
	if err := c.work.sync(); err != nil {
		return copy, err
	}
	ids, err := run.CreateTable(c.file(idsTable), run.Texts(idsTable, "entity", "id"))
	if err != nil {
		return copy, err
	}
	for _, entity := range record.Entities() {
		if err := c.table(ctx, entity, ids, &copy); err != nil {
			ids.Abort()
			return copy, err
		}
	}
	if err := ids.Close(); err != nil {
		return copy, err
	}
	if copy.Images, err = c.images(ctx); err != nil {
		return copy, err
	}
	return copy, c.seal(&copy)
}

func (c *copier) file(table string) string { return filepath.Join(c.work.folder, table+".parquet") }

// seal digests the files, writes the page for people and then the manifest, and removes the scratch.
func (c *copier) seal(copy *Copy) error {
	if err := digestFiles(c.work.folder, copy); err != nil {
		return err
	}
	if err := writePage(c.work.folder, *copy); err != nil {
		return err
	}
	if err := writeJSON(filepath.Join(c.work.folder, manifest), copy); err != nil {
		return err
	}
	c.work.close()
	digest, err := run.DigestFile(filepath.Join(c.work.folder, manifest))
	copy.Digest, copy.Folder = digest, c.work.folder
	return errors.Join(err, os.RemoveAll(filepath.Join(c.work.folder, scratch)))
}

// digestFiles notes the digest of every table of a copy.
func digestFiles(folder string, copy *Copy) error {
	entries, err := os.ReadDir(folder)
	copy.Files = map[string]string{}
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); err == nil && (ext == ".parquet" || ext == ".csv") {
			copy.Files[e.Name()], err = run.DigestFile(filepath.Join(folder, e.Name()))
		}
	}
	return err
}

// table writes the records of one entity: first it learns which fields there are, then it writes.
func (c *copier) table(ctx context.Context, entity string, ids *run.TableWriter, copy *Copy) error {
	names := map[string]bool{}
	if err := c.work.eachLine(entity, func(l line) error {
		for name := range flatten(l) {
			names[name] = true
		}
		return ctx.Err()
	}); err != nil || len(c.work.done[entity]) == 0 {
		return err
	}
	columns := ordered(names)
	out, err := run.CreateTable(c.file(entity), run.Texts(entity, columns...))
	if err != nil {
		return err
	}
	seen := map[int64]bool{}
	err = c.work.eachLine(entity, func(l line) error {
		if seen[l.ID] { // read twice around a stop
			return nil
		}
		seen[l.ID] = true
		if l.IsGone {
			copy.Gone[entity]++
			return nil
		}
		copy.Records[entity]++
		if err := ids.Write(run.Row{entity, record.IdText(l.ID)}); err != nil {
			return err
		}
		values, row := flatten(l), make(run.Row, len(columns))
		for i, name := range columns {
			if v, there := values[name]; there {
				row[i] = v
			}
		}
		return out.Write(row)
	})
	if err != nil {
		out.Abort()
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return writeCSV(c.file(entity))
}

// ordered puts the number first, then what every account has, then its own fields.
func ordered(names map[string]bool) []string {
	var list []string
	for n := range names {
		list = append(list, n)
	}
	rank := func(n string) string {
		switch {
		case n == "id":
			return "0"
		case strings.HasPrefix(n, "cf_"):
			return "2" + n
		}
		return "1" + n
	}
	slices.SortFunc(list, func(a, b string) int { return strings.Compare(rank(a), rank(b)) })
	return list
}

// flatten gives a record as columns of text: custom fields beside the others, structures as JSON.
func flatten(l line) map[string]string {
	if l.IsGone {
		return nil
	}
	values := map[string]string{"id": record.IdText(l.ID)}
	put := func(name string, v any) {
		if _, taken := values[name]; taken || v == nil {
			return
		}
		switch x := v.(type) {
		case string:
			values[name] = x
		default:
			text, err := json.Marshal(x)
			if err == nil {
				values[name] = string(text)
			}
		}
	}
	for name, v := range l.Record {
		if name != "custom_field" {
			put(name, v)
		}
	}
	for name, v := range l.Record.Custom() {
		put(name, v)
	}
	return values
}

// images writes what loads so far kept before they changed a record.
func (c *copier) images(ctx context.Context) (n int64, err error) {
	out, err := run.CreateTable(c.file(imagesTable),
		run.Texts(imagesTable, "run", "entity", "key", "target_id", "at", "fields"))
	if err != nil {
		return 0, err
	}
	err = c.Ledger.Images(ctx, func(i ledger.Image) error {
		n++
		return out.Write(run.Row{i.Run, i.Entity, i.Key, i.TargetID, i.At.UTC().Format(time.RFC3339), i.Fields})
	})
	if err != nil {
		out.Abort()
		return n, err
	}
	if err := out.Close(); err != nil {
		return n, err
	}
	return n, writeCSV(c.file(imagesTable))
}

// writeCSV writes a table once more for people: commas, UTF-8, one line of names.
func writeCSV(table string) error {
	path := strings.TrimSuffix(table, ".parquet") + ".csv"
	return run.WriteFile(path, func(to io.Writer) error {
		w, begun := csv.NewWriter(to), false
		err := run.EachRow(table, func(r run.NamedRow) error {
			if cells := make([]string, len(r.Columns)); !begun {
				begun = true
				for i, c := range r.Columns {
					cells[i] = harmless(c.Name)
				}
				if err := w.Write(cells); err != nil {
					return err
				}
			}
			cells := make([]string, len(r.Columns))
			for i, c := range r.Columns {
				cells[i] = harmless(r.Text(c.Name))
			}
			return w.Write(cells)
		})
		w.Flush()
		return errors.Join(err, w.Error())
	})
}

// harmless keeps a spreadsheet from taking a value for a formula. Telephone numbers begin with + and get the
// mark, too; the Parquet file beside has every value as it is.
func harmless(text string) string {
	if text != "" && strings.ContainsAny(text[:1], "=+-@\t\r\n") {
		return "'" + text
	}
	return text
}

// writePage says what the copy is to whoever opens the folder a year later.
func writePage(folder string, copy Copy) error {
	return run.WriteFile(filepath.Join(folder, "README.md"), func(w io.Writer) error {
		what := "everything in the account that can be listed"
		if copy.Kind == Touched {
			what = "the records that the load of run " + copy.Run + " will change, as they stood before it"
		}
		fmt.Fprintf(w, "# Copy of the account %s\n\nHolds %s. Begun %s, complete %s.\n\n", copy.Target, what,
			copy.Begun.Format("2006-01-02 15:04 UTC"), copy.Ended.Format("2006-01-02 15:04 UTC"))
		fmt.Fprint(w, "| file | records | gone when they were read |\n| --- | ---: | ---: |\n")
		for _, entity := range record.Entities() {
			if n, gone := copy.Records[entity], copy.Gone[entity]; n+gone > 0 {
				fmt.Fprintf(w, "| %s | %d | %d |\n", entity, n, gone)
			}
		}
		fmt.Fprintf(w, "| %s | %d | |\n\n", imagesTable, copy.Images)
		fmt.Fprintf(w, "Each file is there twice: .parquet has every value as it was, .csv opens in a spreadsheet; there a "+
			"leading ' keeps a value from being taken for a formula. `%s` is what loads kept before they changed a record.\n\n"+
			"%s.\n\nThis folder holds personal data.\n", imagesTable, strings.Join(copy.Says, ".\n"))
		return nil
	})
}
