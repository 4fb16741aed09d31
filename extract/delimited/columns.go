package delimited

import "bytes"

// columnLooks is what the cells of each column look like, learned from records that are sound. It is the
// evidence a repair rests on; it never changes a value.
type columnLooks []columnLook

// columnLook counts the cells of one column by kind, and by how they are written: letter by letter for
// ids and times, and by their first and last character for text.
type columnLook struct {
	kinds       [kinds]int
	cells       int
	shapes      counts // 9999-99-99
	runs        counts // 9-9-9
	first, last [classes]int
	quoted      int
}

// counts is how often each of several texts was met.
type counts struct {
	of   map[string]int
	most int
}

func (c *counts) add(text []byte) {
	if c.of == nil {
		c.of = map[string]int{}
	}
	n := c.of[string(text)] + 1
	c.of[string(text)] = n
	c.most = max(c.most, n)
}

// unlike is 0 for a text that is often met or where no two are alike, and up to 1 where nearly all are
// alike and this one is not.
func (c *counts) unlike(text []byte, cells int) float64 {
	return float64(c.most) / float64(cells) * rare(c.of[string(text)], cells, 20)
}

// learnFrom is how many records are enough to know a table by.
const learnFrom = 1000

func newLooks(width int) columnLooks { return make(columnLooks, width) }

func (l columnLooks) add(cells []Cell) {
	var buf [2 * maxShape]byte
	for i, c := range cells[:min(len(cells), len(l))] {
		k := &l[i]
		if k.cells >= learnFrom {
			return
		}
		k.cells++
		k.kinds[look(c.Text)]++
		if c.quoted {
			k.quoted++
		}
		shape, runs := shapeText(c.Text, buf[:0])
		k.shapes.add(shape)
		k.runs.add(runs)
		first, last := edges(c.Text)
		k.first[first]++
		k.last[last]++
	}
}

// misfit says how badly a cell fits a column: 0 for a kind that is usual there, up to 1.
func (l columnLooks) misfit(column int, text []byte) float64 {
	if column >= len(l) || l[column].cells == 0 {
		return 0
	}
	k := look(text)
	n := l[column].kinds[k]
	if k == kindToken {
		n += l[column].kinds[kindText] / 4 // where there are sentences a single word is no surprise
	}
	return rare(n, l[column].cells, 5)
}

// cost is misfit, and besides how unlike the others the cell is written: up to 2. Quotes around it count
// where all cells of the column have them, or none.
func (l columnLooks) cost(column int, text []byte, quoted bool) float64 {
	if column >= len(l) || l[column].cells == 0 {
		return 0
	}
	var buf [2 * maxShape]byte
	k := &l[column]
	shape, runs := shapeText(text, buf[:0])
	first, last := edges(text)
	written := k.shapes.unlike(shape, k.cells) + k.runs.unlike(runs, k.cells)
	edge := rare(k.first[first], k.cells, 20) + rare(k.last[last], k.cells, 20)
	quotes := 0.2 * rare(k.cells-k.quoted, k.cells, 20)
	if quoted {
		quotes = 0.1 * rare(k.quoted, k.cells, 20)
	}
	return l.misfit(column, text) + 0.35*written + 0.15*edge + quotes
}

// rare is 0 for what one cell in times has, and 1 for what none has.
func rare(n, cells int, times float64) float64 {
	return 1 - min(1, times*float64(n)/float64(cells))
}

// usuallyEmpty says whether at least half of a column is empty.
func (l columnLooks) usuallyEmpty(column int) bool {
	return column < len(l) && l[column].kinds[kindEmpty]*2 >= l[column].cells && l[column].cells > 0
}

// prose says whether a column holds text of several words now and then.
func (l columnLooks) prose(column int) bool {
	return column < len(l) && l[column].kinds[kindText]*20 >= l[column].cells && l[column].kinds[kindText] > 0
}

// typed says whether a column holds things a header never looks like.
func (l columnLooks) typed(column int) (kind, bool) {
	total, best := 0, kindEmpty
	for k, n := range l[column].kinds {
		if kind(k) != kindEmpty {
			total += n
			if n > l[column].kinds[best] || best == kindEmpty {
				best = kind(k)
			}
		}
	}
	strict := best == kindNumber || best == kindTime || best == kindMail || best == kindURL || best == kindFlag ||
		best == kindJSON
	return best, strict && total > 0 && l[column].kinds[best]*2 > total
}

// Classes of characters.
const (
	classNone = iota
	classDigit
	classUpper
	classLower
	classSpace
	classOther
	classQuote
	classes
)

func classOf(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return classDigit
	case c >= 'A' && c <= 'Z':
		return classUpper
	case c >= 'a' && c <= 'z' || c >= 0x80:
		return classLower
	case c == ' ':
		return classSpace
	case c == '"' || c == '\'':
		return classQuote
	}
	return classOther
}

// edges gives the classes of the first and the last character.
func edges(text []byte) (first, last int) {
	if len(text) == 0 {
		return classNone, classNone
	}
	return classOf(text[0]), classOf(text[len(text)-1])
}

// maxShape is how much of a cell its shape tells.
const maxShape = 48

// shapeText writes a cell with 9 for digits, A and a for letters; runs has each of these once. Both go
// into buf.
func shapeText(text, buf []byte) (shape, runs []byte) {
	cut := text[:min(len(text), maxShape)]
	shape = buf
	for _, c := range cut {
		switch classOf(c) {
		case classDigit:
			c = '9'
		case classUpper:
			c = 'A'
		case classLower:
			c = 'a'
		}
		shape = append(shape, c)
	}
	runs = shape[len(shape):]
	for i, c := range shape {
		if i > 0 && shape[i-1] == c && bytes.IndexByte([]byte("9Aa"), c) >= 0 {
			continue
		}
		runs = append(runs, c)
	}
	return shape, runs
}
