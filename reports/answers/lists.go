package answers

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ferry/internal/run"
	"ferry/reports/books"
)

// What parts the two values an entry of a list may have, as they stand in one cell.
const (
	stageAndStatus = " / "
	amountAndScore = " · "
)

// isOfMap says whether the answer is kept with the map and not with the findings.
func (r answerRow) isOfMap() bool { return r.list.spec.Model == "mapping" || r.list.spec.IsMapList() }

// mapKey is what its answer is kept under there.
func (r answerRow) mapKey() string {
	if r.list.spec.IsMapList() {
		return fieldKey(r.get("item"), r.get("list"))
	}
	return r.get("attribute")
}

// kept is the value of an entry of a list as its yellow cells show it; attributes have none.
func (r answerRow) kept(row []string) string {
	if !r.list.spec.IsMapList() || row[5] != "change" {
		return ""
	}
	return together(r.list.spec.Model, row[2], row[3])
}

func together(model, first, second string) string {
	switch {
	case second == "":
		return first
	case model == "map_tiers":
		return first + amountAndScore + second
	}
	return first + stageAndStatus + second
}

// listItem reads what should become of a stage, a tier, an owner, a tag or a segment.
func (d *decider) listItem(c *choice) bool {
	r := c.row
	value, second := r.get("new_value"), r.get("second_value")
	isNew := value+second != "" && !strings.HasPrefix(r.get("before"), "change")
	switch {
	case c.decision != "change" && isNew:
		d.refuse(r, "decision", c.decision, "another value is written beside it; decide “change”, or empty that cell")
		return false
	case c.decision != "change":
		value, second = "", ""
	case value == "" && second == "":
		d.refuse(r, "new_value", c.decision, "“change” needs another value in the yellow cell beside it")
		return false
	default:
		var ok bool
		if value, second, ok = d.newValue(*c, value, second); !ok {
			return false
		}
	}
	c.value = together(r.list.spec.Model, value, second)
	c.field = fieldRow{attribute: r.get("item"), entity: r.get("list"), name: value, label: second}
	return true
}

// newValue checks what somebody wrote for an entry of a list.
func (d *decider) newValue(c choice, value, second string) (one, two string, ok bool) {
	r := c.row
	switch r.list.spec.Model {
	case "map_stages":
		possible := strings.Split(r.get("choices"), ", ")
		i := slices.IndexFunc(possible, func(p string) bool { return plainWord(p) == plainWord(value) })
		if i < 0 {
			hint := ""
			if meant := run.Closest(value, possible); meant != "" {
				hint = "; did you mean “" + meant + "”?"
			}
			d.refuse(r, "new_value", c.decision, "Freshsales has no stage “%s” here (%s)%s", value,
				strings.Join(possible, ", "), hint)
			return "", "", false
		}
		one, two, _ = strings.Cut(possible[i], stageAndStatus)
	case "map_tiers":
		one, ok = amount(value)
		if !ok || one == "" && value != "" {
			d.refuse(r, "new_value", c.decision,
				"“%s” is no amount of money that means one thing only: write a number of 0 or more, such as 1000 or 99.50",
				value)
			return "", "", false
		}
		if two, ok = amount(strings.TrimSuffix(books.Clean(second), "%")); ok && two != "" {
			score, err := strconv.ParseFloat(two, 64)
			ok = err == nil && score <= 100
		}
		if !ok {
			d.refuse(r, "second_value", c.decision, "“%s” is no score: write a number from 0 to 100", second)
			return "", "", false
		}
	case "map_owners":
		one = bareAddress(value)
		if !anAddress.MatchString(one) {
			d.refuse(r, "new_value", c.decision, "this is no e-mail address: write the one the user has in Freshsales")
			return "", "", false
		}
	default:
		d.refuse(r, "decision", c.decision, "nothing can be changed here")
		return "", "", false
	}
	return one, two, true
}

// anAddress is what an owner's e-mail address looks like; whether Freshsales has such a user is asked there.
var anAddress = regexp.MustCompile(`^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>"]{2,}$`)

// bareAddress is an address without what programs and people put around it: a name, mailto, a full stop.
func bareAddress(value string) string {
	value = strings.ToLower(books.Clean(value))
	if _, inside, found := strings.Cut(value, "<"); found {
		value, _, _ = strings.Cut(inside, ">")
	}
	return strings.Trim(strings.TrimPrefix(strings.TrimSpace(value), "mailto:"), " .,;")
}

// How amounts are written besides plainly: with commas or blanks between thousands, with points between thousands and
// a comma before the cents, with a comma before the cents alone. 1.000 is none of them: it is a thousand or one.
var (
	thousands   = regexp.MustCompile(`^\d{1,3}(,\d{3})+(\.\d{1,2})?$`)
	blanks      = regexp.MustCompile(`^\d{1,3}([ '’]\d{3})+([.,]\d{1,2})?$`)
	continental = regexp.MustCompile(`^\d{1,3}(\.\d{3})+,\d{1,2}$|^\d+,\d{1,2}$`)
	eitherWay   = regexp.MustCompile(`^\d{1,3}(\.\d{3})+$`)
	currency    = regexp.MustCompile(`(?i)^(?:€|\$|£|eur|usd|gbp|chf)\s*|\s*(?:€|\$|£|eur|euros?|usd|gbp|chf|,-)$`)
)

// amount reads a number of 0 or more; nothing is one too.
func amount(text string) (string, bool) {
	text = strings.Join(strings.Fields(books.Clean(currency.ReplaceAllString(books.Clean(text), ""))), " ")
	switch {
	case text == "":
		return "", true
	case eitherWay.MatchString(text):
		return "", false
	case thousands.MatchString(text):
		text = strings.ReplaceAll(text, ",", "")
	case continental.MatchString(text):
		text = strings.ReplaceAll(strings.ReplaceAll(text, ".", ""), ",", ".")
	case blanks.MatchString(text):
		text = strings.ReplaceAll(strings.NewReplacer(" ", "", "'", "", "’", "").Replace(text), ",", ".")
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x >= 0 && x <= 1e12) { // not a number is neither
		return "", false
	}
	return strconv.FormatFloat(x, 'f', -1, 64), true
}
