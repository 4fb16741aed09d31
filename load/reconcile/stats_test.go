package reconcile

import (
	"fmt"
	"math"
	"testing"

	"ferry/load/record"
)

func TestConfidence(t *testing.T) {
	for _, c := range []struct {
		n, different, population int64
		want                     float64
	}{{200, 0, 10000, 0.0149}, {300, 0, 1 << 40, 0.00994}, {200, 4, 10000, 0.0450}, {50, 0, 50, 0}, {50, 5, 50, 0.1},
		{0, 0, 10, 1}, {10, 10, 100, 1}} {
		if got := atMost(c.n, c.different, c.population); math.Abs(got-c.want) > 0.0005 {
			t.Errorf("%d of %d, %d differ: at most %.4f, want %.4f", c.n, c.population, c.different, got, c.want)
		}
	}
	drawn := 0
	for i := range 10000 {
		if lot("20260101T000000Z", "contacts", fmt.Sprint("c", i)) < 0.02 {
			drawn++
		}
	}
	if drawn < 150 || drawn > 250 {
		t.Errorf("%d of 10,000 drawn for a sample of 200", drawn)
	}
	if got := record.Grouped(-1234567); got != "-1,234,567" {
		t.Error(got)
	}
}
