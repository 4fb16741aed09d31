package cutover

import (
	"fmt"
	"strings"
	"time"

	"ferry/internal/run"
)

// Words are what the company decided about its day: when it is, who does what, what sales is told.
type Words struct {
	Day                   time.Time         // zero: not decided
	Who                   map[string]string // by step
	Before, During, After string
}

// Table is one part of the runbook, for a page and for a sheet alike.
type Table struct {
	Title, About string
	Head         []string
	Rows         [][]string
	State        int // the column that says how a row stands
}

// Tables are all parts: the steps, going back or on, and what sales is told.
func Tables(f Facts, steps []Step, w Words) []Table {
	return []Table{runbook(f, steps, w), tree(f), told(w)}
}

func runbook(f Facts, steps []Step, w Words) Table {
	t := Table{Title: "Runbook", State: 4, Head: []string{"Step", "Name", "When", "Who does it", "State", "By what fact",
		"Who, when", "Next"}}
	t.About = "Every step of the cut-over to " + f.Target + ", whether it is done, and by which fact. Times are UTC."
	for _, x := range steps {
		done := x.By
		if !x.At.IsZero() {
			done = strings.TrimSpace(done + " " + x.At.UTC().Format("2006-01-02 15:04"))
		}
		t.Rows = append(t.Rows, []string{x.Title, x.Name, plannedFor(x, f, w), w.Who[x.Name], x.State, x.Fact, done, x.Next})
	}
	return t
}

// plannedFor is the day of a step, in words and, where the company decided about its day, as a date.
func plannedFor(x Step, f Facts, w Words) string {
	from := w.Day
	if l, loaded := f.load(); loaded && strings.HasPrefix(x.When, "day ") {
		from = l.At
	}
	if from.IsZero() {
		return x.When
	}
	days := 0
	if _, err := fmt.Sscanf(x.When, "day %d", &days); err != nil && x.When == twoDaysBefore {
		days = -2
	}
	return x.When + ", " + from.AddDate(0, 0, days).Format("Monday 2 January 2006")
}

const twoDaysBefore = "two days before"

// tree is the decision whether to go back, question by question, with what is known now.
func tree(f Facts) Table {
	back := fmt.Sprintf("ferry rollback --target %s   (says its cost first: at most %d calls, %.1f hours; what people "+
		"edited since is kept and listed)", f.Target, f.UndoCalls, f.UndoHours)
	d, read := f.newest()
	now := func(n int64, what string) string {
		if !read {
			return "not known: nothing was read back since the load"
		}
		return fmt.Sprintf("%d %s", n, what)
	}
	limit := fmt.Sprintf("%d of %d records differ; %.1f %% are accepted", d.Differs, d.Read, 100*f.Share)
	if !read {
		limit = now(0, "")
	}
	return Table{Title: "Go back or go on", State: -1,
		About: "Ask in this order; the first yes decides. Going back gets dearer with every hour people work in Freshsales.",
		Head:  []string{"Question", "Now", "If yes, first", "If that did not help", "Cost of going back"},
		Rows: [][]string{
			{"Is an opt-out wrong?", now(d.Wrong, "opt-outs are wrong"),
				"stop every mailing; set these people to unsubscribed by hand; ferry load --target " + f.Target +
					", then: ferry reconcile --target " + f.Target, "not right within the hour: " + back, undoCost(f)},
			{"Is a record lost?", now(d.Lost, "records are lost"),
				"ferry load --target " + f.Target + " sends it again; then: ferry reconcile --target " + f.Target,
				"more are lost than before: " + back, undoCost(f)},
			{"Do more records differ than is accepted?", limit,
				"read the list of differences: what people edited is theirs; what a rule got wrong is mended, rehearsed, signed " +
					"and loaded", "the rule cannot be mended today: " + back, undoCost(f)},
			{"Can sales not work?", "ask them", "say what is missing, and mend forward",
				"the company decides by the end of the day: " + back, undoCost(f)},
			{"None of these?", "", "go on: Freshsales is the system of record", "", ""},
		}}
}

func undoCost(f Facts) string {
	return fmt.Sprintf("at most %d calls, %.1f hours", f.UndoCalls, f.UndoHours)
}

func told(w Words) Table {
	return Table{Title: "What to tell sales", About: "The words are settings of the project.", State: -1,
		Head: []string{"When", "Words"},
		Rows: [][]string{{"before", w.Before}, {"during", w.During}, {"after", w.After}}}
}

// Page is the runbook as text: what must be heard first, then every table, then what to type next.
func Page(f Facts, steps []Step, tables []Table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Cut-over to %s\n\n", f.Target)
	for _, w := range Warnings(f) {
		fmt.Fprintf(&b, "**%s**\n\n", run.MarkdownCell(w))
	}
	for _, t := range tables {
		fmt.Fprintf(&b, "## %s\n\n%s\n\n%s", t.Title, t.About, run.MarkdownHead(t.Head...))
		for _, row := range t.Rows {
			cells := make([]string, len(row))
			for i, c := range row {
				cells[i] = run.MarkdownCell(c)
			}
			b.WriteString(run.MarkdownRow(cells...))
		}
		b.WriteString("\n")
	}
	return b.String() + "next: " + Next(f, steps) + "\n"
}

// Next is what to type, or that nothing is due.
func Next(f Facts, steps []Step) string {
	if failed, due := Check(steps); failed != nil {
		return failed.Next
	} else if due != nil {
		return due.Next
	}
	return "nothing is due; ferry cutover --target " + f.Target + " --check tells when something is"
}
