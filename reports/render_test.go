package reports

import (
	"encoding/xml"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ferry/internal/long"
	"ferry/reports/books"
	"ferry/reports/reportstest"
)

// printed is a workbook on paper, as pdftohtml tells it.
type printed struct {
	Pages []struct {
		Fonts []struct {
			ID   string  `xml:"id,attr"`
			Size float64 `xml:"size,attr"`
			Ink  string  `xml:"color,attr"`
		} `xml:"fontspec"`
		Texts []struct {
			Font string `xml:"font,attr"`
			All  string `xml:",innerxml"`
		} `xml:"text"`
	} `xml:"page"`
}

// TestWorkbooksAreReadableOnPaper prints every workbook with LibreOffice: no sheet is lost, no header is
// cut off, and nothing is smaller than 8 points.
func TestWorkbooksAreReadableOnPaper(t *testing.T) {
	long.Only(t)
	for _, tool := range []string{"soffice", "pdftohtml"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: nobody has looked at the printed workbooks", tool)
		}
	}
	var files []string
	for _, f := range write(t, reportstest.Fixture(t)).Files {
		if strings.HasSuffix(f, ".xlsx") {
			files = append(files, f)
		}
	}
	folder := t.TempDir()
	args := append([]string{"-env:UserInstallation=file://" + t.TempDir(), "--headless", "--convert-to", "pdf", "--outdir",
		folder}, files...)
	if out, err := exec.Command("soffice", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".xlsx")
		t.Run(name, func(t *testing.T) { onPaper(t, f, filepath.Join(folder, name+".pdf")) })
	}
}

const zoom = 4 // sizes come as whole numbers

func onPaper(t *testing.T, workbook, pdf string) {
	out, err := exec.Command("pdftohtml", "-xml", "-i", "-zoom", fmt.Sprint(zoom), "-stdout", pdf).Output()
	if err != nil {
		t.Fatal(err)
	}
	var p printed
	if err := xml.Unmarshal(out, &p); err != nil {
		t.Fatal(err)
	}
	all, sizes, inks := "", map[string]float64{}, map[string]string{}
	for n, page := range p.Pages {
		for _, f := range page.Fonts {
			sizes[f.ID] = f.Size / zoom / 0.75 // pdftohtml tells three quarters
			inks[f.ID] = strings.TrimPrefix(f.Ink, "#")
		}
		for _, x := range page.Texts {
			text := plain(x.All)
			all += text + " "
			if size := sizes[x.Font]; size < 7.7 && strings.TrimSpace(text) != "" { // 8, and what rounding takes
				t.Errorf("page %d: %q is printed with %.1f points", n+1, text, size)
			}
			if on := inks[x.Font]; max(contrast(on, "FFFFFF"), contrast(on, dark)) < readable {
				t.Errorf("page %d: %q is printed in #%s, which is hardly read in grey", n+1, text, on)
			}
		}
	}
	all = strings.Join(strings.Fields(all), " ")
	f, err := excelize.OpenFile(workbook)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if book := bookOf(workbook); book.OnePage && pagesOf(p, book.Title) != 1 {
		t.Errorf("the first page takes %d pages", pagesOf(p, book.Title))
	}
	if len(p.Pages) < len(sheets) || len(p.Pages) > 4*len(sheets) {
		t.Errorf("%d sheets are printed on %d pages", len(sheets), len(p.Pages))
	}
	for _, b := range books.All {
		if b.File != filepath.Base(workbook) {
			continue
		}
		for _, s := range b.Sheets {
			rows, err := f.GetRows(s.Title)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range s.Columns {
				if !slices.Contains(rows[headerRow-1], c.Title) || c.Kind >= books.Key && c.Kind != books.Answer {
					continue
				}
				for _, word := range strings.Fields(c.Title) { // a header may be broken between words
					if !strings.Contains(all, word) {
						t.Errorf("%s: the header “%s” is cut off or lost", s.Title, c.Title)
					}
				}
			}
		}
	}
}

func bookOf(path string) books.Book {
	i := slices.IndexFunc(books.All, func(b books.Book) bool { return b.File == filepath.Base(path) })
	return books.All[i]
}

// pagesOf is how many pages have a text, such as the footer of a sheet.
func pagesOf(p printed, text string) (n int) {
	for _, page := range p.Pages {
		for _, x := range page.Texts {
			if strings.TrimSpace(plain(x.All)) == text {
				n++
				break
			}
		}
	}
	return n
}

// plain is the text of a piece of markup.
func plain(markup string) string {
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(markup))
	for {
		token, err := d.Token()
		if err != nil {
			return b.String()
		}
		if c, is := token.(xml.CharData); is {
			b.Write(c)
		}
	}
}
