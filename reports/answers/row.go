package answers

import (
	"slices"

	"ferry/internal/xlsx"
	"ferry/reports/books"
)

// answerRow is a row of a workbook in which somebody answered, or took an answer back.
type answerRow struct {
	from   *sent
	list   *layout
	row    int
	values []string // as the list has its columns

	wrong, wrongAt string // what is wrong with a yellow cell, and its column
}

func (r answerRow) get(column string) string {
	if i, ok := r.list.index[column]; ok {
		return r.values[i]
	}
	return ""
}

// cell is the name of one of its cells: "H12".
func (r answerRow) cell(column string) string {
	if i, ok := r.list.at[column]; ok {
		return xlsx.CellName(i+1, r.row)
	}
	return xlsx.CellName(1, r.row)
}

// place is where an answer stands, with the workbook where several are read: "Findings!H12".
func (r answerRow) place(column string) string {
	return r.from.prefix + r.list.sheet + "!" + r.cell(column)
}

// about says what a row is about without saying whom.
func (r answerRow) about() string {
	switch {
	case r.list.spec.Model == "mapping":
		return r.get("attribute")
	case r.list.spec.IsMapList():
		return r.get("item")
	case r.list.spec.IsPairs():
		return pairRule
	}
	return r.get("rule")
}

// identity is what the answer is about.
func (r answerRow) identity() string {
	switch {
	case r.list.spec.Model == "mapping":
		return "mapping\x00" + r.get("attribute") + "\x00" + r.get("entity")
	case r.list.spec.IsMapList():
		return "mapping\x00" + r.get("list") + "\x00" + r.get("item")
	case r.list.spec.IsPairs():
		return pairRule + "\x00" + r.get("left_key") + "|" + r.get("right_key") + "\x00"
	case r.list.spec.Model == forAll:
		return r.get("rule") + "\x00\x00" + r.get("question_group")
	default:
		return r.get("rule") + "\x00" + r.get("key") + "\x00" + r.get("field")
	}
}

// now is what the yellow cells hold, written as in “Answer before”.
func (r answerRow) now() string {
	var parts []string
	for _, c := range r.list.spec.Columns {
		if c.Kind == books.Answer && c.Name != "who" {
			parts = append(parts, r.get(c.Name))
		}
	}
	return books.Together(parts)
}

// isTouched says whether somebody wrote into the row since the workbook was made.
func (r answerRow) isTouched() bool { return r.wrong != "" || r.now() != r.get("before") }

// needsNoAnswer says whether a row is right unless somebody says otherwise.
func (r answerRow) needsNoAnswer() bool {
	return r.list.spec.IsOptional && !slices.Contains(r.allowed(), "confirm")
}
