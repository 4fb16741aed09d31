package extract

import (
	"ferry/extract/xtremepush"
	"ferry/internal/run"
)

// Columns every landed table has after its own: what the table does not know, and where the record came from.
const (
	extraColumn    = "_extra"
	fileColumn     = "_file"
	recordColumn   = "_record"
	lineColumn     = "_line"
	landedAtColumn = "_landed_at"
)

// Tables lists the landed tables with their columns, all text.
func Tables() []run.Schema {
	var all []run.Schema
	for _, e := range xtremepush.Entities() {
		all = append(all, tableOf(e))
	}
	return all
}

func tableOf(e xtremepush.Entity) run.Schema {
	columns := append([]string{}, e.Columns...)
	return run.Texts(e.Name, append(columns, extraColumn, fileColumn, recordColumn, lineColumn, landedAtColumn)...)
}

// RejectsTable holds the records that could not land, as they were, and the ways they could be read where
// there is more than one.
func RejectsTable() run.Schema {
	return run.Texts("_rejects", fileColumn, recordColumn, lineColumn, "entity", "reason", "raw", "readings")
}

// RepairsTable holds the records that landed otherwise than their text, read plainly, has them: the text,
// and the cells it was taken for.
func RepairsTable() run.Schema {
	return run.Texts("_repairs", fileColumn, recordColumn, lineColumn, "entity", "before", "after")
}

// SourcesTable holds one row for each file, archive member and endpoint.
func SourcesTable() run.Schema {
	s := run.Texts("_sources", "source", "entity", "kind", "format", "encoding", "delimiter", "sha256", "note")
	for _, c := range []string{"bytes", "records", "landed", "rejected"} {
		s.Columns = append(s.Columns, run.Column{Name: c, Type: run.Bigint})
	}
	return s
}
