package hypercare

import (
	"fmt"
	"strings"
)

// TrendHead names the columns of a trend.
var TrendHead = []string{"Day", "Kind of data", "Read", "Lost", "Changed by people", "Changed by the account's rules",
	"Changed by us", "Opt-outs wrong", "State", "What to do"}

// Trend is one line for each day and kind of data, newest day first, with what to do about it.
func Trend(days []Day) [][]string {
	rows := [][]string{}
	for i := len(days) - 1; i >= 0; i-- {
		d := days[i]
		for _, l := range d.Lines {
			state, what := advise(l, d.Depth)
			rows = append(rows, []string{d.At.UTC().Format("2006-01-02 15:04"), inWords(l.Entity), fmt.Sprint(l.Read),
				fmt.Sprint(l.Lost), fmt.Sprint(l.Changed), fmt.Sprint(l.Moved), fmt.Sprint(l.Ours), fmt.Sprint(l.OptOutsWrong),
				state, what})
		}
	}
	return rows
}

func inWords(entity string) string {
	text := strings.ReplaceAll(entity, "_", " ")
	return strings.ToUpper(text[:min(1, len(text))]) + text[min(1, len(text)):]
}

// advise says what to do about a line, the worst first.
func advise(l Line, depth string) (state, what string) {
	switch {
	case l.OptOutsWrong > 0:
		return "stop", "Today, before anything is sent: set these people to unsubscribed in Freshsales by hand, find " +
			"who or what changed them, then load and read back again."
	case l.Lost > 0:
		return "stop", "Ask in the team who deleted them. What was deleted on purpose stays deleted; the rest is sent " +
			"again with the next load."
	case l.Duplicate+l.Extra > 0:
		return "look", "Records stand there twice, or carry our mark and are not known: look at the list of " +
			"differences and merge them in Freshsales."
	case l.Changed > 0:
		return "look", "People have worked with these records: that is what they are for. Look at some of them; their " +
			"values are kept."
	case l.Moved > 0:
		return "look", "Deals moved contacts to another stage by the account's own rule. If that is not wanted, switch " +
			"the rule off."
	case l.Read == 0 && depth == "counts":
		return "look", "Only totals were compared on this day; nothing is known of single records."
	case l.Read == 0 && l.Sent > 0 && l.Entity == "phone_calls":
		return "fine", "Nothing: Freshsales has no way to read phone calls back."
	case l.Read == 0 && l.Sent > 0:
		return "look", "None of these records was read on this day."
	}
	return "fine", "Nothing."
}
