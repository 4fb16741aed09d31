package hypercare

import (
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
)

// TestTheTrendSaysWhatToDo: newest day first, the worst of a line decides its words.
func TestTheTrendSaysWhatToDo(t *testing.T) {
	target := run.OpenProject(t.TempDir()).Target("production")
	first := time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)
	for n, l := range []Line{
		{Entity: "contacts", Sent: 10, Read: 10, Changed: 2, Ours: 10},
		{Entity: "contacts", Sent: 10, Read: 10, Lost: 1, Changed: 1},
		{Entity: "contacts", Sent: 10, Read: 10, Lost: 1, OptOutsWrong: 1},
		{Entity: "phone_calls", Sent: 10},
		{Entity: "contacts", Sent: 10, Read: 10},
	} {
		if err := Keep(target, Day{At: first.AddDate(0, 0, n), Run: "r", Depth: "sample", Lines: []Line{l}}); err != nil {
			t.Fatal(err)
		}
	}
	days, err := History(target)
	if err != nil {
		t.Fatal(err)
	}
	rows := Trend(days)
	if len(rows) != 5 || rows[0][0] != "2026-03-18 09:00" || len(rows[0]) != len(TrendHead) {
		t.Fatalf("%v", rows)
	}
	for i, want := range []string{"fine Nothing.", "fine Nothing: Freshsales has no way", "stop Today", "stop Ask",
		"look People"} {
		row := rows[i]
		if got := row[len(row)-2] + " " + row[len(row)-1]; !strings.HasPrefix(got, want) {
			t.Errorf("%v\nis advised %q, want %q", row, got, want)
		}
	}
}
