package reports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"ferry/internal/run"
	"ferry/reports/books"
)

// questions collects which rows offer which choices, so that neighbours share one drop-down.
type questions struct {
	columns []int
	ranges  map[int]map[string][][2]int // column → choices → rows from, to
}

func newQuestions(columns []placed) *questions {
	q := &questions{ranges: map[int]map[string][][2]int{}}
	for i, c := range columns {
		if c.Kind == books.Answer && (c.Choices.Fixed != nil || c.Choices.From != "" || c.Choices.Sheet != "") {
			q.columns = append(q.columns, i)
			q.ranges[i] = map[string][][2]int{}
		}
	}
	return q
}

// see notes what a row offers.
func (q *questions) see(columns []placed, row run.Row, n int) {
	for _, i := range q.columns {
		offer := offered(columns[i], row)
		if len(offer) == 0 {
			continue
		}
		text := strings.Join(offer, ",")
		list := q.ranges[i][text]
		if k := len(list); k > 0 && list[k-1][1] == n-1 {
			list[k-1][1] = n
		} else {
			q.ranges[i][text] = append(list, [2]int{n, n})
		}
	}
}

// offered is what a row's drop-down holds.
func offered(c placed, row run.Row) []string {
	offer := slices.Clone(c.Choices.Fixed)
	switch {
	case c.Choices.Sheet != "":
		return []string{choicesOf + c.Choices.Sheet}
	case c.choicesAt >= 0:
		switch v := row[c.choicesAt].(type) {
		case string:
			offer = strings.Fields(strings.ReplaceAll(v, ",", " "))
		case []string:
			offer = slices.Clone(v)
		}
	}
	for i, o := range offer {
		if w, ok := c.Words[o]; ok {
			offer[i] = w
		}
	}
	return offer
}

// hasChoices says whether a row offers an answer.
func hasChoices(v any) bool {
	switch x := v.(type) {
	case string:
		return strings.TrimSpace(x) != ""
	case []string:
		return len(x) > 0
	}
	return false
}

// choicesOf begins the name that the first column of a sheet of choices has in the whole workbook.
const choicesOf = "Choices_"

// maxRanges bounds how many stretches one drop-down may have; beyond it the list is so mixed that
// all rows get all choices, and reading back still refuses what a row does not offer.
const maxRanges = 2000

// add gives the drop-downs to a sheet whose columns stand as they are.
func (q *questions) add(w *workbook, sheet string) {
	q.addTo(w, sheet, func(i int) int { return i + 1 })
}

// addTo gives them to a sheet where columns stand elsewhere.
func (q *questions) addTo(w *workbook, sheet string, at func(int) int) {
	for _, i := range q.columns {
		letter := letter(at(i))
		offers := q.compact(i)
		texts := make([]string, 0, len(offers))
		for t := range offers {
			texts = append(texts, t)
		}
		slices.Sort(texts)
		for _, t := range texts {
			for some := range slices.Chunk(offers[t], rangesTogether) {
				var parts []string
				for _, r := range some {
					parts = append(parts, fmt.Sprintf("%s%d:%s%d", letter, r[0], letter, r[1]))
				}
				w.dropDown(sheet, strings.Join(parts, " "), strings.Split(t, ","))
			}
		}
	}
}

// maxChoices is how many characters a drop-down can hold.
const maxChoices = 255

// rangesTogether is how many stretches of rows share one drop-down, so that none gets too long.
const rangesTogether = 50

func (w *workbook) dropDown(sheet, where string, choices []string) {
	dv := excelize.NewDataValidation(true)
	dv.Sqref = where
	if strings.HasPrefix(choices[0], choicesOf) {
		dv.SetSqrefDropList(choices[0])
		dv.SetInput("Your answer", "Choose a field of the list, or write the name of a new one.")
		dv.SetError(excelize.DataValidationErrorStyleWarning, "A new field?",
			"No field has this name. Keep it to make a new field.")
		w.keep(w.file.AddDataValidation(sheet, dv))
		return
	}
	if len(strings.Join(choices, ",")) > maxChoices { // then the answer is checked when it comes back
		return
	}
	w.keep(dv.SetDropList(choices))
	dv.SetInput("Your answer", "Choose: "+strings.Join(choices, ", ")+". Leave it empty if you have not decided.")
	dv.SetError(excelize.DataValidationErrorStyleStop, "Please choose from the list", "Possible answers here: "+
		strings.Join(choices, ", ")+".")
	w.keep(w.file.AddDataValidation(sheet, dv))
}

func (q *questions) compact(i int) map[string][][2]int {
	all, stretches, first, last := []string{}, 0, 0, 0
	for text, list := range q.ranges[i] {
		stretches += len(list)
		for _, c := range strings.Split(text, ",") {
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
		if first == 0 || list[0][0] < first {
			first = list[0][0]
		}
		last = max(last, list[len(list)-1][1])
	}
	if stretches <= maxRanges {
		return q.ranges[i]
	}
	slices.Sort(all)
	return map[string][][2]int{strings.Join(all, ","): {{first, last}}}
}

// codeOf ties an answer to its row: a digest of the values that say what the row is about, so that a
// row whose key was changed, or sorted away from its answer, is noticed; behind it a mark of every cell
// that is no answer.
func (w *workbook) codeOf(s books.Sheet, columns []placed, row run.Row) string {
	c := w.coders[s.Model]
	if c == nil {
		c = newCoder(s, columns)
		w.coders[s.Model] = c
	}
	values, marks := make([]string, len(c.code)), make([]string, len(c.marked))
	for i, p := range c.code {
		if p.at >= 0 {
			values[i] = rawText(show(row[p.at], nil))
		}
	}
	for i, p := range c.marked {
		v := ""
		if p.at >= 0 {
			v = rawText(p.shown(row))
		}
		marks[i] = books.Mark(v)
	}
	return books.WithMarks(books.Code(values), marks)
}

// coder knows which columns of a list make its row codes.
type coder struct{ code, marked []placed }

func newCoder(s books.Sheet, columns []placed) *coder {
	c := &coder{}
	for _, name := range s.Code {
		found := placed{at: -1}
		for _, p := range columns {
			if p.Name == name && p.Kind != books.FieldLabel && p.at >= 0 {
				found = p
			}
		}
		c.code = append(c.code, found)
	}
	for _, m := range books.Marked(s) {
		found := placed{at: -1}
		for _, p := range columns {
			if p.Name == m.Name && p.Title == m.Title && p.at >= 0 {
				found = p
			}
		}
		c.marked = append(c.marked, found)
	}
	return c
}

// rawText is a value as its cell keeps it.
func rawText(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case time.Time:
		return strconv.FormatFloat(x.Sub(firstDay).Hours()/24, 'f', -1, 64)
	default:
		return fmt.Sprint(x)
	}
}

// firstDay is the day that spreadsheets count from.
var firstDay = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// answered is what the yellow cells of a row held when the workbook was made; what differs from it
// later is an answer. The name of who answered does not count.
func answered(columns []placed, row run.Row) any {
	var parts []string
	for _, c := range columns {
		if c.Kind != books.Answer || c.Name == "who" {
			continue
		}
		if c.at >= 0 {
			parts = append(parts, plainText(show(row[c.at], nil)))
		}
	}
	if text := books.Together(parts); text != "" {
		return text
	}
	return nil
}
