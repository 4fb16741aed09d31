package delimited

import "bytes"

// isUnits says whether a line below the header tells in what the columns are measured or how they are typed, rather
// than being a record: all that stands in it is in brackets, or the name of a type, or a short word where numbers,
// times or addresses follow.
func isUnits(cells []Cell, looks columnLooks) bool {
	inBrackets, types, short, unlike, n := 0, 0, 0, 0, 0
	for i, c := range cells[:min(len(cells), len(looks))] {
		text := bytes.TrimSpace(c.Text)
		if len(text) == 0 {
			continue
		}
		n++
		if end := len(text) - 1; end > 0 && (text[0] == '(' && text[end] == ')' || text[0] == '[' && text[end] == ']' ||
			text[0] == '<' && text[end] == '>') {
			inBrackets++
		}
		if typeWords[string(bytes.ToLower(text[:wordEnd(text)]))] {
			types++
		}
		kind, strict := looks.typed(i)
		if is := look(text); strict && is != kind && is != kindEmpty && is != kindNumber && is != kindTime {
			unlike++
			if len(text) <= longestUnit {
				short++
			}
		}
	}
	switch {
	case n == 0 || unlike == 0:
		return false
	case inBrackets == n, types == n && n*2 > len(cells):
		return true
	}
	// A short word in all the columns of numbers that say anything, and nothing in those that say who it is about.
	return short == n && n > 1 && emptyAt(cells[0])
}

// longestUnit is how long the name of a unit may be.
const longestUnit = 8

// wordEnd is where the first word of a text ends: varchar(20).
func wordEnd(text []byte) int {
	for i, c := range text {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '_' {
			return i
		}
	}
	return len(text)
}

// typeWords are the names of types in databases and programs.
var typeWords = map[string]bool{
	"string": true, "str": true, "text": true, "varchar": true, "nvarchar": true, "char": true,
	"int": true, "integer": true, "int32": true, "int64": true, "bigint": true, "smallint": true, "tinyint": true,
	"long": true, "float": true, "float64": true, "double": true, "real": true, "numeric": true, "decimal": true,
	"number": true, "date": true, "datetime": true, "timestamp": true, "timestamptz": true, "time": true,
	"bool": true, "boolean": true, "bit": true, "uuid": true, "json": true, "jsonb": true, "object": true, "array": true,
	"enum": true, "blob": true}
