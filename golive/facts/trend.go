package facts

import (
	"fmt"
	"slices"
	"strings"

	"ferry/golive/cutover"
	"ferry/golive/hypercare"
)

// Trend is what each day's read-back showed. Whoever refused after the freeze stands first.
func Trend(f cutover.Facts, days []hypercare.Day) cutover.Table {
	t := cutover.Table{Title: "Hypercare", Head: hypercare.TrendHead, Rows: hypercare.Trend(days),
		State: slices.Index(hypercare.TrendHead, "State"),
		About: "Every day the account was read back, by kind of data, newest first, with what to do about each line. Times " +
			"are UTC."}
	if n := len(f.OptOuts); n > 0 {
		first := make([]string, len(t.Head))
		first[0], first[1], first[t.State] = "now", "New refusals", "stop"
		first[len(first)-1] = fmt.Sprintf("%d people refused after the freeze, and Freshsales does not know it yet: load "+
			"the newest run today, or set them to unsubscribed there by hand: %s", n, strings.Join(f.OptOuts, ", "))
		t.Rows = append([][]string{first}, t.Rows...)
	}
	return t
}
