package model

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// oneMeaning are lists in which a word may stand in several spellings, with one meaning.
var oneMeaning = []string{"consent_words", "plain_answers", "flag_words"}

// checkMeanings refuses a word that the list gives two meanings: whichever counted, somebody would be misread.
func (s Source) checkMeanings(l list) []error {
	if !slices.Contains(oneMeaning, s.Name) {
		return nil
	}
	var problems []error
	first := map[string]int{}
	for i, row := range l.rows {
		word := plainWord(row[0])
		at, ok := first[word]
		if !ok {
			first[word] = i
			continue
		}
		if now, before := strings.TrimSpace(row[1]), strings.TrimSpace(l.rows[at][1]); now != before && word != "" {
			problems = append(problems, s.Problem(l.lines[i], "%q means %s here and %s in line %d", row[0], now, before,
				l.lines[at]).WithTry("take one of the two lines out"))
		}
	}
	return problems
}

// plainWord is a word without case and signs, as the macro plain_word compares it.
func plainWord(text string) string {
	signs := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '*' }
	if _, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil {
		return strings.TrimSpace(text) // -1 is not 1
	}
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), signs), " ")
}

// thousands may be what a spreadsheet makes of a thousand, or three decimals.
var thousands = regexp.MustCompile(`^[0-9]{1,3}([.][0-9]{3})+$`)

// checkAmounts refuses what nothing can be worth, and what may be read as two amounts.
func (s Source) checkAmounts(theirs list) []error {
	at := slices.Index(theirs.columns, "amount")
	if at < 0 {
		return nil
	}
	var problems []error
	for i, row := range theirs.rows {
		switch v := strings.TrimSpace(row[at]); {
		case strings.HasPrefix(v, "-"):
			problems = append(problems, s.Problem(theirs.lines[i], "amount: %s is less than nothing", v).
				WithTry("correct the cell"))
		case thousands.MatchString(v):
			whole, _, _ := strings.Cut(v, ".")
			problems = append(problems, s.Problem(theirs.lines[i], "amount: %s may be %s or %s", v, whole,
				strings.ReplaceAll(v, ".", "")).WithTry("write it without a separator of thousands"))
		}
	}
	return problems
}
