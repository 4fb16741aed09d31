package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
)

// writeTable streams a query into the file of a table. Where it comes out with the rows that this run or the one before
// it has already, that file stays, to the byte: several threads write rows in another order each time, and the time of
// the run is read by rules whose rows it seldom changes; nothing that stands on them is built again for that.
func (e *Engine) writeTable(ctx context.Context, schema, table, query string, inOrder bool) (int64, error) {
	path := e.dir.Model(schema, table)
	temp, rows, err := e.writeTemp(ctx, query, path)
	if err != nil {
		return 0, err
	}
	for _, old := range e.filesBefore(schema, table) {
		same, err := e.takeOver(ctx, old, temp, inOrder)
		if err != nil {
			return 0, err
		}
		if same && old == path {
			return rows, os.Remove(temp)
		}
	}
	return rows, run.Publish(temp, path)
}

// filesBefore are the files in which a table may stand as it was before: of this run, and of the one before it.
func (e *Engine) filesBefore(schema, table string) (files []string) {
	if e.memory != nil && !e.memory.everything {
		files = append(files, e.dir.Model(schema, table))
		if e.memory.last != nil {
			files = append(files, e.memory.last.Model(schema, table))
		}
	}
	return files
}

// takeOver puts an older file in the place of a new one, if it holds the same rows. It is read by a name of its own, so
// that nothing of it is remembered under the name that the new one may get.
func (e *Engine) takeOver(ctx context.Context, old, temp string, inOrder bool) (bool, error) {
	link := run.TempName(temp)
	if _ = os.Remove(link); os.Link(old, link) != nil {
		return false, nil
	}
	for _, look := range []func(context.Context, string, bool) (string, error){e.shapeOf, e.contentOf} { // the cheap first
		was, errWas := look(ctx, link, inOrder)
		is, errIs := look(ctx, temp, inOrder)
		if errWas != nil || errIs != nil || was != is {
			return false, os.Remove(link)
		}
	}
	return true, os.Rename(link, temp)
}

// shapeOf says what the columns of a file are, and how many rows it has.
func (e *Engine) shapeOf(ctx context.Context, file string, _ bool) (string, error) {
	columns, err := e.ColumnsOf(ctx, Parquet(file))
	if err != nil {
		return "", err
	}
	var rows int64
	err = e.One(ctx, "select count(*) from "+Parquet(file), &rows)
	return fmt.Sprint(columns, rows), err
}

// rowsDigest is a digest of rows with these columns that does not know their order. DuckDB's own hash is not enough for
// texts: of two of one shape it may be the same. All texts of a row are one text, and their lengths say where each ends.
func rowsDigest(columns []model.Column) string {
	texts, others := textsAndOthers(columns)
	return fmt.Sprintf("concat_ws(' ', count(*), sum(hash(md5_number_lower(concat('', %s)), %s)))", texts, others)
}

// quickDigest is for what is built anyway, and is only to be known again: a sixth of the work, for DuckDB hashes a text
// that many rows share but once. Its hash takes texts eight letters at a time; with five letters before them it takes
// others, and two texts that are alike the one way are not so the other.
func quickDigest(columns []model.Column) string {
	var plain, shifted []string
	for _, c := range columns {
		name := asText(c)
		plain = append(plain, name)
		if !plainKinds[c.Kind] {
			name = "'-----' || " + name
		}
		shifted = append(shifted, name)
	}
	return fmt.Sprintf("concat_ws(' ', count(*), sum(hash(%s)), sum(hash(%s)))", strings.Join(plain, ", "),
		strings.Join(shifted, ", "))
}

// textsAndOthers lists the columns as texts, at least one, and what else tells two rows apart.
func textsAndOthers(columns []model.Column) (texts, others string) {
	for _, c := range columns {
		name := asText(c)
		if plainKinds[c.Kind] {
			others += name + ", "
			continue
		}
		texts, others = texts+name+", ", others+"strlen("+name+"), "
	}
	return texts + "''", others + "0"
}

// asText is a column as a text, unless DuckDB's hash tells its values apart as they are.
func asText(c model.Column) string {
	if name := model.Quote(c.Name); plainKinds[c.Kind] || c.Kind == "VARCHAR" {
		return name
	}
	return model.Quote(c.Name) + "::varchar"
}

// plainKinds are types of few bytes, which DuckDB's hash tells apart.
var plainKinds = map[string]bool{"BOOLEAN": true, "BIGINT": true, "DOUBLE": true, "DATE": true,
	"TIMESTAMP WITH TIME ZONE": true}

// contentOf is a digest of the rows of a file that does not know their order, unless it is part of what they say.
func (e *Engine) contentOf(ctx context.Context, file string, inOrder bool) (digest string, err error) {
	source := fmt.Sprintf("read_parquet(%s, file_row_number = %t)", model.Literal(Absolute(file)), inOrder)
	return e.digestOf(ctx, source, rowsDigest)
}

func (e *Engine) digestOf(ctx context.Context, source string, of func([]model.Column) string) (digest string, err error) {
	columns, err := e.ColumnsOf(ctx, source)
	if err != nil {
		return "", err
	}
	err = e.One(ctx, fmt.Sprintf("select %s from %s", of(columns), source), &digest)
	return digest, err
}

// writeTemp streams a query into a temporary file beside a path, and gives the number of its rows.
func (e *Engine) writeTemp(ctx context.Context, query, path string) (temp string, rows int64, err error) {
	if err := os.MkdirAll(filepath.Dir(path), run.DirMode); err != nil {
		return "", 0, run.CannotWrite(path, err)
	}
	temp = run.TempName(path)
	rows, err = e.CopyTo(ctx, query, temp, e.format)
	if err != nil {
		_ = os.Remove(temp)
	}
	return temp, rows, err
}
