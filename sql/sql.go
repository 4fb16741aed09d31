// Package sql is the analysts' room: the floors of SELECTs that ferry ships, and the face of what runs them. The
// rules are in the numbered folders (README.md is their guide); how their texts are read is model, examples are story,
// the machine is engine, what an analyst asks is ask, words written in Go are functions. Nothing here knows what a rule
// says.
package sql

import (
	"context"
	"embed"
	"io"
	"io/fs"

	"ferry/internal/run"
	"ferry/sql/ask"
	"ferry/sql/engine"
	"ferry/sql/functions"
	"ferry/sql/model"
	"ferry/sql/score"
	"ferry/sql/story"
)

//go:embed [0-9]_*
var floors embed.FS

//go:embed macros.sql
var macros string

// ZoneSetting names the zone of times that the source writes without an offset.
const ZoneSetting = engine.ZoneSetting

// What the stages of the command hand in and get back.
type (
	Options     = engine.Options
	Given       = model.Given
	Result      = engine.Result
	CheckResult = engine.CheckResult
	Equation    = engine.Equation
	Built       = engine.Built
	ModelDiff   = ask.ModelDiff
	LoadDiff    = ask.LoadDiff
	Comparison  = ask.Comparison
	Part        = model.Part
	Answer      = model.Answer
	Shown       = ask.Shown
	Described   = ask.Described

	DescribedColumn = ask.DescribedColumn
	EntityFields    = model.EntityFields
	Table           = ask.Table
	Questions       = ask.Questions
	Entry           = ask.Entry
	Story           = story.Story
	StoryTable      = story.Table
	StoryResult     = ask.StoryResult
	Drafting        = ask.Drafting
	Drafted         = ask.Drafted
	ScoreOptions    = score.Options
	Score           = score.Score
)

// Shortened keeps a value on one line, and of a long one the beginning.
func Shortened(text string, most int) string { return ask.Shortened(text, most) }

// MemoryBytes reads an amount of memory such as 2GB; "" is ferry's share of the machine.
func MemoryBytes(text string) (int64, error) { return run.MemoryBytes(text) }

// withShipped puts our files under the analyst's where the caller brings no others.
func withShipped(o Options) Options {
	if o.Shipped == nil {
		o.Shipped, o.Rehearsed = floors, true
	}
	o.Macros = macros
	return o
}

// Settable are the options that ferry.yaml's scope and options.csv may set.
func Settable() (model.Options, error) {
	text, err := fs.ReadFile(floors, "0_settings/options.csv")
	if err != nil {
		return nil, err
	}
	return model.ReadOptions(string(text))
}

// Run builds every model and marks the run, unless a sum is off: such a run is not finished.
func Run(ctx context.Context, dir run.Dir, o Options) (Result, error) {
	return engine.Run(ctx, dir, withShipped(o))
}

// Plausible says what is wrong with the files, or with the tables that are asked for, before a run is begun.
func Plausible(ctx context.Context, o Options) error { return engine.Plausible(ctx, withShipped(o)) }

// Stale says what changed since the tables of a run were built, "" when nothing did.
func Stale(dir run.Dir, o Options) (string, error) { return engine.Stale(dir, withShipped(o)) }

// Parts are the digests of all that decides what the tables hold, one by one, so that a change can be named.
func Parts(o Options) ([]Part, []Answer, error) { return model.Parts(withShipped(o).Room()) }

// FindingDigest is how an answer and the finding it is about know each other.
func FindingDigest(rule, key, field string) string { return model.FindingDigest(rule, key, field) }

// FieldDigest is how an answer to the field map and the attribute it is about know each other.
func FieldDigest(attribute string) string { return model.FieldDigest(attribute) }

// List gives every file of the room: floor, table, whose it is, what it reads.
func List(o Options) ([]Entry, error) { return ask.List(withShipped(o).Room()) }

// Copy writes a shipped file into the analyst's folder, with the digest it had, and gives its path.
func Copy(o Options, table, folder string) (string, error) {
	return ask.Copy(withShipped(o).Room(), table, folder)
}

// Diff shows how the analyst's file differs from the shipped one.
func Diff(o Options, table string) (string, error) { return ask.Diff(withShipped(o).Room(), table) }

// CompareRows compares the tables of two runs row by row, in a folder of its own.
func CompareRows(ctx context.Context, scratch, before, after run.Dir, names []string, o Options) (Comparison, error) {
	return ask.CompareRows(ctx, scratch, before, after, names, withShipped(o))
}

// Query runs one SELECT over everything a run has, inside the same fence as the models.
func Query(ctx context.Context, dir run.Dir, query string, o Options) (Table, error) {
	return ask.Query(ctx, dir, query, withShipped(o))
}

// Ask opens a run for several questions.
func Ask(ctx context.Context, dir run.Dir, o Options) (*Questions, error) {
	return ask.Open(ctx, dir, withShipped(o))
}

// Export writes the whole result of one SELECT as csv, json or parquet and gives the number of its rows.
func Export(ctx context.Context, dir run.Dir, query, format string, to io.Writer, o Options) (int64, error) {
	return ask.Export(ctx, dir, query, format, to, withShipped(o))
}

// Show gives one model or list with what it stands on and what stands on it; ShowAll gives all of them.
func Show(o Options, table string) (Shown, error) { return ask.Show(withShipped(o).Room(), table) }

// ShowAll gives every model and list, in building order.
func ShowAll(o Options) ([]Shown, error) { return ask.ShowAll(withShipped(o).Room()) }

// Graph draws what a table stands on and what stands on it.
func Graph(o Options, table string) (string, error) { return ask.Graph(withShipped(o).Room(), table) }

// Describe gives columns, rows and a masked sample of every table of a run.
func Describe(ctx context.Context, dir run.Dir, o Options) (map[string]Described, error) {
	return ask.Describe(ctx, dir, withShipped(o))
}

// Script is the SQL of one table and of all it stands on, for a bare DuckDB; without a run its landed tables are empty.
func Script(ctx context.Context, dir *run.Dir, table string, o Options) (string, error) {
	return ask.Script(ctx, dir, table, withShipped(o))
}

// Timings are the tables of a run with what they cost, slowest first.
func Timings(dir run.Dir) ([]Built, error) { return dir.Timings() }

// ReadStories reads folders of given and expected rows.
func ReadStories(files fs.FS) ([]Story, error) { return story.Read(files) }

// Test tells stories in a folder of their own, those whose name or table is only, or all.
func Test(ctx context.Context, stories fs.FS, o Options, only string) ([]StoryResult, error) {
	return ask.Test(ctx, stories, withShipped(o), only)
}

// TestTouched tells those stories that stand on a file of the analyst's; of these those about a table, or one by name.
func TestTouched(ctx context.Context, stories fs.FS, o Options, only string) ([]StoryResult, error) {
	return ask.TestTouched(ctx, stories, withShipped(o), only)
}

// Accept tells a story and gives it back expecting what came out.
func Accept(ctx context.Context, s Story, o Options) (Story, error) {
	return ask.Accept(ctx, s, withShipped(o))
}

// Draft makes a story of the landed rows of a person, masked, that expects what the rules give for them.
func Draft(ctx context.Context, q *Questions, d Drafting, o Options) (Drafted, error) {
	return q.Draft(ctx, d, withShipped(o))
}

// Tell runs a story in a run folder and says what came out otherwise than expected, "" when nothing did.
func Tell(ctx context.Context, dir run.Dir, s Story, o Options) (string, error) {
	return ask.Tell(ctx, dir, s, withShipped(o))
}

// ScoreFile matches a labelled list of people and counts how right that was.
func ScoreFile(ctx context.Context, path string, o ScoreOptions) (Score, error) {
	o.Options = withShipped(o.Options)
	return score.File(ctx, path, o)
}

// TypedValue reads a value that somebody typed for a field, as the rules would: the value, or what is
// wrong with it.
func TypedValue(field, value string) (read, wrong string) { return functions.Typed(field, value) }
