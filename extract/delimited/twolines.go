package delimited

import (
	"slices"
	"strings"
)

// joined makes one header of two lines where only both together are names that are known: User above id,
// First above name. It answers where the header then stands.
func (k Known) joined(all []Record, first int) (at int, ok bool) {
	if k.Count == nil {
		return first, false
	}
	for i := max(0, first-1); i <= first && i+2 < len(all); i++ {
		upper, lower := all[i].Cells, all[i+1].Cells
		if len(upper) != len(lower) || len(upper) < 2 || Rule(lower) || !words(upper) || !words(lower) {
			continue
		}
		most := max(k.Count(Texts(upper)), k.Count(Texts(lower)))
		var best []string
		ways := [][]string{over(upper, lower, false), over(upper, lower, true), over(lower, upper, false),
			over(lower, spread(upper), false)}
		for _, names := range ways {
			n := k.Count(names)
			if n > most && n*2 > len(upper) || best == nil && n == len(upper) && !k.names(Texts(lower)) {
				most, best = n, names
			}
		}
		if best == nil {
			continue
		}
		cells := make([]Cell, len(best))
		for j, name := range best {
			cells[j].Text = []byte(name)
		}
		all[i+1].Cells = cells
		return i + 1, true
	}
	return first, false
}

// over puts the names of one line before those of the other. A name that spans columns stands in the first.
func over(upper, lower []Cell, spans bool) []string {
	names, last := make([]string, len(upper)), ""
	for i := range upper {
		name := string(upper[i].Text)
		if name == "" && spans {
			name = last
		}
		last = name
		names[i] = strings.TrimSpace(name + " " + string(lower[i].Text))
	}
	return names
}

// spread gives the cells without a name that of the one before.
func spread(cells []Cell) []Cell {
	out := slices.Clone(cells)
	for i := 1; i < len(out); i++ {
		if len(out[i].Text) == 0 {
			out[i].Text = out[i-1].Text
		}
	}
	return out
}

// words says whether the cells could be parts of names.
func words(cells []Cell) bool {
	for _, c := range cells {
		if k := look(c.Text); k != kindToken && k != kindText && k != kindEmpty || len(c.Text) > 60 {
			return false
		}
	}
	return true
}
