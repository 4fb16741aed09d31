package main

import (
	"fmt"
	"strings"

	"ferry/internal/run"
	"ferry/load"
)

// shownNotices is how many notices of one kind are printed; loaded.notices has all of them.
const shownNotices = 3

// noticesText says before any write what a person should know: what a load sets off, what is withheld,
// what was loaded before and is no longer wanted.
func noticesText(all []load.Notice) string {
	kinds, byKind := []string{}, map[string][]load.Notice{}
	for _, n := range all {
		if byKind[n.Kind] == nil {
			kinds = append(kinds, n.Kind)
		}
		byKind[n.Kind] = append(byKind[n.Kind], n)
	}
	text := ""
	for _, kind := range kinds {
		list := byKind[kind]
		if kind == "vanished" {
			text += vanishedText(list)
			continue
		}
		for i, n := range list {
			if i == shownNotices {
				text += fmt.Sprintf("! %-18s and %s more like it\n", kind, thousands(int64(len(list)-i)))
				break
			}
			about := strings.TrimSpace(n.Entity + " " + plainLine(n.Key))
			text += fmt.Sprintf("! %-18s %s\n", kind, strings.TrimSpace(about+"  "+plainLine(n.Text)))
		}
	}
	return text
}

// vanishedText says, table by table, what an earlier load sent and nothing asks for now, as after a rule was changed.
func vanishedText(list []load.Notice) string {
	entities, keys, text := []string{}, map[string][]string{}, ""
	for _, n := range list {
		if n.Key == "" {
			text += fmt.Sprintf("! %-18s %s  %s\n", "no longer wanted", n.Entity, plainLine(n.Text))
			continue
		}
		if keys[n.Entity] == nil {
			entities = append(entities, n.Entity)
		}
		keys[n.Entity] = append(keys[n.Entity], plainLine(n.Key))
	}
	for _, entity := range entities {
		some := keys[entity]
		text += fmt.Sprintf("! %-18s %s %s of an earlier load, which the exports or the rules no longer give, such as %s; "+
			"what was sent stays in Freshsales: delete it there, or put the rule back\n", "no longer wanted",
			thousands(int64(len(some))), entity, strings.Join(some[:min(len(some), shownNotices)], ", "))
	}
	return text
}

// changesText lists every field a load would write.
func changesText(dir run.Dir, target string) (string, error) {
	var b strings.Builder
	err := load.Changes(dir, target, func(c load.FieldChange) error {
		fmt.Fprintf(&b, "  %s %s  %s: %s -> %s\n", c.Entity, shownText(c.Key), c.Field, shownText(c.Old), shownText(c.New))
		return nil
	})
	return b.String(), err
}

// shownText is a value on one line; a dash stands for none.
func shownText(text string) string {
	if text == "" {
		return "-"
	}
	return plainLine(text)
}

// plainLine is a text on one line in which nothing can steer a terminal.
func plainLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, text)
}
