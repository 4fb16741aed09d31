package record

import "ferry/internal/run"

// Names of the tables a load leaves in the run folder.
const (
	PlanTable     = "plan"
	OutcomesTable = "outcomes"
	ReadbackTable = "readback"
	CallsTable    = "calls"
	CountsTable   = "counts"
	RollbackTable = "rollback"
	NoticesTable  = "notices"
)

func Columns(name string, more []run.Column, texts ...string) run.Schema {
	s := run.Texts(name, texts...)
	s.Columns = append(s.Columns, more...)
	return s
}

var (
	PlanSchema     = run.Texts(PlanTable, "entity", "key", "action", "reason", "target_id", "changes", "withheld")
	OutcomesSchema = Columns(OutcomesTable, []run.Column{{Name: "calls", Type: run.Bigint},
		{Name: "at", Type: run.Timestamptz}},
		"entity", "key", "outcome", "reason", "target_id")
	ReadbackSchema = Columns(ReadbackTable, []run.Column{{Name: "is_spot_check", Type: run.Boolean}},
		"entity", "key", "target_id", "class", "field", "sent", "found")
	CallsSchema = Columns(CallsTable, []run.Column{{Name: "planned", Type: run.Bigint}, {Name: "used", Type: run.Bigint},
		{Name: "seconds", Type: run.Double}},
		"phase", "kind")
	CountsSchema = Columns(CountsTable, []run.Column{{Name: "total", Type: run.Bigint}},
		"entity", "moment", "view")
	RollbackSchema = run.Texts(RollbackTable, "entity", "key", "target_id", "result", "field", "reason")
	NoticesSchema  = run.Texts(NoticesTable, "kind", "entity", "key", "text")
)

// Tables are the columns of every loaded.* table, typed before the first load.
func Tables() []run.Schema {
	return []run.Schema{PlanSchema, OutcomesSchema, ReadbackSchema, CallsSchema, CountsSchema, RollbackSchema,
		NoticesSchema}
}

// NewestOf is the name under which the ledger notes, among the counts of the first load, the newest record an
// entity had then.
func NewestOf(entity string) string { return entity + " newest" }
