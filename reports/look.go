package reports

import (
	"slices"

	"github.com/xuri/excelize/v2"
)

// The look: one font, one dark colour, one yellow for cells that wait for an answer, and three
// tones for good, attention and stop.
const (
	fontName  = "Calibri"
	ink       = "1F2933"
	pale      = "5C6874"
	dark      = "0F4C5C"
	accent    = "2A7F8E"
	line      = "D5DCE2"
	shade     = "F1F5F6"
	yellow    = "FFF8DB"
	yellowRim = "E5CF7A"
)

type tone struct{ ink, paper string }

var tones = map[string]tone{
	"good":      {"1E6B3A", "E4F4E9"},
	"attention": {"8A5300", "FFF1D6"},
	"stop":      {"A1261C", "FCE4E1"},
	"plain":     {ink, "EEF2F5"},
}

// style is how a cell looks; the workbook keeps one id per style.
type style struct {
	format string // a name in formats
	tone   string // a name in tones
	role   string // a case in dress
	wrap   bool
	bold   bool
	band   bool // every other person is on a shaded ground
}

var formats = map[string]string{
	"number": "#,##0", "decimal": "#,##0.##", "percent": "0 %", "date": "yyyy-mm-dd", "time": "yyyy-mm-dd hh:mm",
	"degrees": "0.0000", "text": "@",
}

// styleID makes a style once.
func (w *workbook) styleID(s style) int {
	if id, ok := w.styles[s]; ok {
		return id
	}
	font := &excelize.Font{Family: fontName, Size: 10, Color: ink, Bold: s.bold}
	at := &excelize.Alignment{Vertical: "top", WrapText: s.wrap}
	x := &excelize.Style{Font: font, Alignment: at}
	if f := formats[s.format]; f != "" {
		x.CustomNumFmt = &f
		if s.format != "text" {
			at.Horizontal, at.Indent = "right", 1
		}
	}
	x.Border = edges(line, 1, "bottom")
	if s.band {
		x.Fill = solid(shade)
	}
	w.dress(s, x)
	if t, ok := tones[s.tone]; ok {
		font.Color, x.Fill = t.ink, solid(t.paper)
	}
	id, err := w.file.NewStyle(x)
	w.keep(err)
	if err == nil && (s.format == "text" || s.format == "" && s.role != "header") {
		// What starts with = must stay text even if somebody edits the cell.
		yes := true
		w.file.Styles.CellXfs.Xf[id].QuotePrefix = &yes
	}
	w.styles[s] = id
	return id
}

// dress gives a cell the look of its role on the page.
func (w *workbook) dress(s style, x *excelize.Style) {
	font, at := x.Font, x.Alignment
	switch s.role {
	case "header", "answerHeader", "numberHeader":
		font.Bold, font.Color, x.Fill = true, "FFFFFF", solid(dark)
		at.Vertical, at.WrapText, at.Horizontal = "center", true, "left"
		if s.role == "numberHeader" {
			at.Horizontal, at.Indent = "right", 1
		}
		if s.role == "answerHeader" {
			font.Color, x.Fill = "5A4500", solid("F4DE8B")
		}
	case "answer", "input":
		x.Fill, x.Border = solid(yellow), edges(yellowRim, 1, "left", "right", "top", "bottom")
	case "key":
		font.Color, font.Size = pale, 9
	case "small":
		font.Color, x.Border = pale, nil
	case "title":
		font.Size, font.Bold, font.Color, x.Border = 18, true, dark, nil
		at.Vertical = "center"
	case "plainAbout":
		font.Color, x.Border = pale, nil
	case "section":
		font.Bold, font.Size, font.Color = true, 12, dark
		x.Border = edges(dark, 2, "bottom")
	case "total", "totalText":
		font.Bold = true
		x.Border, at.Vertical = edges(ink, 1, "top"), "center"
	case "label":
		at.WrapText, at.Vertical = true, "center"
	case "note":
		font.Color, at.WrapText, at.Horizontal, at.Indent, at.Vertical = pale, true, "left", 1, "center"
	case "banner":
		font.Bold, font.Size, x.Border = true, 16, nil
		at.Vertical, at.Horizontal, at.Indent = "center", "left", 1
	case "bannerText":
		x.Border, font.Size = nil, 11
		at.WrapText, at.Horizontal, at.Indent, at.Vertical = true, "left", 1, "top"
	case "link":
		font.Color, font.Underline, at.Vertical = accent, "single", "center"
		if s.wrap {
			at.Vertical = "top"
		}
	case "back":
		font.Color, font.Underline, x.Border = accent, "single", nil
	case "progress":
		font.Color, font.Bold, x.Border = "5A4500", true, nil
	case "figure":
		at.Vertical = "center"
	}
}

func solid(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

func edges(colour string, weight int, sides ...string) []excelize.Border {
	var list []excelize.Border
	for _, s := range []string{"left", "right", "top", "bottom"} {
		if slices.Contains(sides, s) {
			list = append(list, excelize.Border{Type: s, Color: colour, Style: weight})
		}
	}
	return list
}
