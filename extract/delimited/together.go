package delimited

// Together are the tables, with those that only go on below the same header once more added to the first.
func (f Found) Together() []Table {
	var all []Table
	for _, t := range f.Tables {
		if len(all) > 0 && SameHeader(t, all[0]) {
			all[0].Rows = append(all[0].Rows[:len(all[0].Rows):len(all[0].Rows)], t.Rows...)
			continue
		}
		all = append(all, t)
	}
	return all
}

func Texts(cells []Cell) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = string(c.Text)
	}
	return out
}

// JoinHeader makes one name of the lines of each column's header.
func JoinHeader(rows [][]Cell) []string {
	out := Texts(rows[0])
	for _, r := range rows[1:] {
		for i, c := range r[:min(len(r), len(out))] {
			if len(c.Text) > 0 {
				out[i] += " " + string(c.Text)
			}
		}
	}
	return out
}

// SameHeader says whether a further table is the first one going on below its header once more.
func SameHeader(a, b Table) bool {
	return len(a.Header) > 0 && len(b.Header) > 0 && SameCells(a.Header[0], b.Header[0])
}
