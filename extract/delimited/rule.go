package delimited

import "bytes"

// Rule says whether a row is none, but a line drawn below the header: nothing but dashes, as clients of
// databases and tables in text documents have it.
func Rule(cells []Cell) bool {
	drawn := 0
	for _, c := range cells {
		text := bytes.TrimSpace(c.Text)
		if len(bytes.Trim(text, "-=_+:|")) > 0 || len(text) == 1 {
			return false
		}
		drawn += len(text)
	}
	return drawn >= 3
}
