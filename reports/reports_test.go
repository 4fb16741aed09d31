package reports

import (
	"context"
	"os"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/reports/reportstest"
)

func testOptions() Options {
	return Options{Target: "twin", Now: func() time.Time { return reportstest.Day }}
}

// write runs the report on a fixture.
func write(t testing.TB, dir run.Dir) Result {
	t.Helper()
	result, err := Run(context.Background(), dir, testOptions())
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestShow(t *testing.T) {
	keep := os.Getenv("FERRY_KEEP")
	if keep == "" {
		t.Skip("set FERRY_KEEP to a folder to look at the workbooks")
	}
	dir := reportstest.Fixture(t)
	for _, f := range write(t, dir).Files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(keep+"/"+f[len(dir.Reports())+1:], text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
