package ask

import (
	"fmt"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
)

// Shown is one file with what it stands on and what stands on it.
type Shown struct {
	Entry
	Text   string   `json:"text"`
	ReadBy []string `json:"read_by"`
	Grain  []string `json:"one_row_per"`
}

// Show gives one model or list.
func Show(r model.Room, qualified string) (Shown, error) {
	all, err := ShowAll(r)
	if err != nil {
		return Shown{}, err
	}
	var names []string
	for _, s := range all {
		if s.Table == qualified {
			return s, nil
		}
		names = append(names, s.Table)
	}
	return Shown{}, run.Problemf(qualified, "there is no table %s.%s", qualified, run.DidYouMean(qualified, names)).
		WithTry("ferry sql list").WithExit(run.ExitUsage)
}

// ShowAll gives every file, in building order.
func ShowAll(r model.Room) ([]Shown, error) {
	p, err := model.Parse(r)
	if err != nil {
		return nil, err
	}
	entries, err := List(r)
	if err != nil {
		return nil, err
	}
	texts, grains := map[string]string{}, map[string][]string{}
	for _, s := range p.Settings {
		texts[s.Qualified()] = s.Text
	}
	for _, m := range append(append([]*model.Model(nil), p.Models...), p.Off...) {
		texts[m.Qualified()], grains[m.Qualified()] = m.Text, m.Grain
	}
	readBy := map[string][]string{}
	for _, e := range entries {
		for _, read := range e.Reads {
			if !slices.Contains(readBy[read], e.Table) {
				readBy[read] = append(readBy[read], e.Table)
			}
		}
	}
	all := make([]Shown, 0, len(entries))
	for _, e := range entries {
		all = append(all, Shown{Entry: e, Text: texts[e.Table], ReadBy: readBy[e.Table], Grain: grains[e.Table]})
	}
	return all, nil
}

// Graph draws what a table stands on and what stands on it, as two trees of text. What was drawn once is not drawn
// again below it.
func Graph(r model.Room, qualified string) (string, error) {
	top, err := Show(r, qualified)
	if err != nil {
		return "", err
	}
	all, err := ShowAll(r)
	if err != nil {
		return "", err
	}
	down, up := map[string][]string{}, map[string][]string{}
	for _, s := range all {
		down[s.Table], up[s.Table] = s.Reads, s.ReadBy
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\nstands on\n", top.Table, top.Sentence)
	drawTree(&b, down, qualified, "  ", map[string]bool{})
	b.WriteString("\ncarries\n")
	drawTree(&b, up, qualified, "  ", map[string]bool{})
	return b.String(), nil
}

func drawTree(b *strings.Builder, edges map[string][]string, from, indent string, drawn map[string]bool) {
	next := slices.Compact(slices.Sorted(slices.Values(edges[from])))
	if len(next) == 0 && indent == "  " {
		b.WriteString("  nothing\n")
	}
	for _, n := range next {
		again := drawn[n] && len(edges[n]) > 0
		drawn[n] = true
		fmt.Fprintf(b, "%s%s", indent, n)
		if again {
			b.WriteString("   (see above)\n")
			continue
		}
		b.WriteString("\n")
		drawTree(b, edges, n, indent+"  ", drawn)
	}
}
