package gate

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// accountReady: the account has what the load needs, somebody accepted what a load sets off there,
// and there is a way back.
func (f Facts) accountReady() Gate {
	g := Gate{Name: AccountReady, Title: "Account ready"}
	if f.Looked.IsZero() {
		g.Why = append(g.Why, "the account has not been looked at for this run")
		g.Next = "ferry plan --target " + f.Target
	}
	for _, l := range f.Lacking {
		g.Why = append(g.Why, l)
		g.Next = "let an administrator make it, then: ferry plan --target " + f.Target
	}
	var open []string
	for _, n := range f.Needed {
		if !slices.Contains(f.Acknowledged, n) {
			open = append(open, n)
		}
	}
	if len(open) > 0 {
		g.Why = append(g.Why, "nobody accepted what a load sets off in the account: "+strings.Join(open, ", "))
		g.Next = "switch it off there, or accept it: write these two lines into ferry.yaml (or add the words to the ones " +
			"there), then: ferry plan --target " + f.Target + "\n\nload:\n  acknowledged: [" +
			strings.Join(append(slices.Clone(f.Acknowledged), open...), ", ") + "]\n"
	}
	f.wayBack(&g)
	if len(g.Why) == 0 && g.At == "" {
		g.At = f.Looked.Format(time.RFC3339)
	}
	return g
}

// wayBack: there is a copy of all that the load changes, or somebody signed that before-images are enough.
func (f Facts) wayBack(g *Gate) {
	accepted := f.Signoff.IsAccepted() && f.Signoff.ImagesAlone
	var lacks []string
	for _, entity := range sorted(f.NotCopied) {
		lacks = append(lacks, fmt.Sprintf("%d %s", f.NotCopied[entity], entity))
	}
	switch {
	case f.Copy != nil && len(lacks) == 0:
		g.By, g.At = f.Copy.By, f.Copy.At.Format(time.RFC3339)
		g.Notes = append(g.Notes, fmt.Sprintf("%s copied the account on %s: %s", f.Copy.By,
			f.Copy.At.Format("2 January 2006"), copyWords[f.Copy.Kind]))
		return
	case accepted:
		g.Notes = append(g.Notes, f.Signoff.Name+" signed that the values a load keeps before it changes a record are enough")
		return
	case f.Copy != nil:
		g.Why = append(g.Why, fmt.Sprintf("the copy of %s lacks records that this load changes: %s",
			f.Copy.At.Format("2 January 2006"), strings.Join(lacks, ", ")))
	default:
		g.Why = append(g.Why, "there is no copy of the account, and nobody signed that the before-images of the load are "+
			"enough to go back")
	}
	if g.Next == "" {
		g.Next = "ferry backup --target " + f.Target + "; or say yes to the before-images on the sign-off sheet, then: " +
			"ferry signoff FILE.xlsx"
	}
}

// copyWords are what kinds of copies hold.
var copyWords = map[string]string{"touched": "the records a load changes", "all": "everything that can be listed"}
