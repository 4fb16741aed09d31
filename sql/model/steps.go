package model

import "slices"

// Step is a name that a SELECT gives to one of its steps, and the SELECT it stands for.
type Step struct{ Name, Text string }

// InSteps takes a model apart: the steps its "with" names, in order, and a model of what is left, its lines where they
// were. One that has none, or whose steps stand on themselves or rename their columns, stays whole.
func (m *Model) InSteps() ([]Step, *Model) {
	var steps []Step
	t := m.Tokens
	for i := 0; i+3 < len(t) && t[i].Text == map[bool]string{true: "with", false: ","}[i == 0]; {
		name, open := t[i+1], i+2
		if !t[open].isWord("as") {
			return nil, m
		}
		for open++; open < len(t) && (t[open].isWord("not") || t[open].isWord("materialized")); {
			open++
		}
		end := closing(t, open)
		if end < 0 || end+1 >= len(t) {
			return nil, m
		}
		steps = append(steps, Step{name.Text, m.Text[t[open].At+1 : t[end].At]})
		i = end + 1
		if t[i].Text != "," {
			left := *m
			left.Text = blank(m.Text[:t[i].At]) + m.Text[t[i].At:]
			left.Tokens = slices.Clone(t[i:])
			return steps, &left
		}
	}
	return nil, m
}

func (t token) isWord(word string) bool { return t.Kind == Word && t.Text == word }

// blank leaves nothing of a text but its lines and its length.
func blank(s string) string {
	left := []byte(s)
	for i, c := range left {
		if c != '\n' {
			left[i] = ' '
		}
	}
	return string(left)
}

// closing is the place of the bracket that closes the one at a place; -1: there is none.
func closing(t []token, open int) int {
	depth := 0
	for i := open; i < len(t); i++ {
		switch {
		case t[i].Kind == Symbol && t[i].Text == "(":
			depth++
		case t[i].Kind == Symbol && t[i].Text == ")":
			depth--
		}
		if depth == 0 {
			return i
		}
	}
	return -1
}
