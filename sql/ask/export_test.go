package ask

import (
	"context"
	"strings"
	"testing"

	"ferry/sql/engine"
	"ferry/sql/sqltest"
)

// TestAQuestionLeavesAsAFile: whatever the screen answers, a file holds, all rows of it and in their order.
func TestAQuestionLeavesAsAFile(t *testing.T) {
	dir, o := sqltest.NewRun(t), rules(sqltest.Small())
	if _, err := engine.Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		query, format, want string
		rows                int64
	}{
		{"select n from range(3) as r(n) order by n desc", "csv", "n\n2\n1\n0\n", 3},
		{"select 20 as points", "json", "[\n\t{\"points\":20}\n]\n", 1},
		{"describe select 1 as a, 'x' as b", "csv", "column_name,", 2},
		{"select instant('2026-03-01 10:00 PM') as at", "json", "[\n\t{\"at\":\"2026-03-01 22:00:00", 1},
		{"summarize select 1 as a", "csv", "column_name,", 1},
	} {
		t.Run(c.query, func(t *testing.T) {
			var out strings.Builder
			rows, err := Export(context.Background(), dir, c.query, c.format, &out, o)
			if err != nil || rows != c.rows || !strings.HasPrefix(out.String(), c.want) {
				t.Errorf("%d rows, %v:\n%s", rows, err, out.String())
			}
		})
	}
	for query, format := range map[string]string{"select 1": "xls", "drop table staging.profiles": "csv"} {
		var out strings.Builder
		if _, err := Export(context.Background(), dir, query, format, &out, o); err == nil {
			t.Errorf("%s as %s is written: %s", query, format, out.String())
		}
	}
}
