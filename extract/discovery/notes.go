package discovery

import "fmt"

// Counted is "1 line" or "2 lines".
func Counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// JoinNotes puts two remarks on a source behind each other; either may be empty.
func JoinNotes(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// Joined joins any number of notes.
func Joined(notes ...string) (all string) {
	for _, n := range notes {
		all = JoinNotes(all, n)
	}
	return all
}
