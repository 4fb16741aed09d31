package discovery

import (
	"sort"

	"ferry/extract/xtremepush"
)

// Alias is one header, as an export may spell it, and the column it lands in.
type Alias struct{ Entity, Header, Column string }

// Aliases lists every other name a column travels under.
func Aliases() []Alias {
	var all []Alias
	for _, e := range xtremepush.Entities() {
		for h, c := range e.Aliases {
			all = append(all, Alias{e.Name, h, c})
		}
	}
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i], all[j]
		return a.Entity < b.Entity || a.Entity == b.Entity && a.Header < b.Header
	})
	return all
}
