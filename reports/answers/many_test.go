package answers

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ferry/internal/xlsx"
	"ferry/reports/books"
)

// TestManyAnswersAreReadInBoundedMemory reads a genuine workbook of many answers; FERRY_ANSWERS_N says how
// many, 200,000 being what a customer of a million people may send.
func TestManyAnswersAreReadInBoundedMemory(t *testing.T) {
	n := 2_000
	if text := os.Getenv("FERRY_ANSWERS_N"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	path := manyAnswers(t, n)
	runtime.GC()
	stop, most := make(chan struct{}), make(chan uint64)
	go func() { most <- highest(stop) }()
	began, used := time.Now(), processor(t)
	d, err := Read(context.Background(), []string{path}, Options{Decisions: t.TempDir(), Who: "Ada",
		Now: func() time.Time { return began }})
	if err != nil {
		t.Fatal(err)
	}
	took, used := time.Since(began), processor(t)-used
	close(stop)
	if d.Taken != n || d.Refused != 0 || len(d.Ignored) != 0 {
		t.Fatalf("%d taken, %d refused, %d ignored of %d", d.Taken, d.Refused, len(d.Ignored), n)
	}
	t.Logf("%d answers in %.1f s, of which the processor %.1f; at most %d MB", n, took.Seconds(), used.Seconds(), <-most>>20)
}

// highest is the most memory that is in use until it is told to stop.
func highest(stop <-chan struct{}) (most uint64) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc)
		select {
		case <-stop:
			return most
		case <-tick.C:
		}
	}
}

// processor is how long this process has kept the processor.
func processor(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// manyAnswers writes a workbook of findings, each answered, as ferry lays it out.
func manyAnswers(t *testing.T, n int) string {
	t.Helper()
	var list books.Sheet
	for _, s := range books.Quality.Sheets {
		if s.Model == "quality" {
			list = s
		}
	}
	f := excelize.NewFile()
	defer f.Close()
	out, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	var header []any
	for _, c := range list.Columns {
		header = append(header, c.Title)
	}
	_ = out.SetRow("A4", header)
	for i := range n {
		row := map[string]string{"rule": "contact_without_email", "key": fmt.Sprint("key-", i), "field": "email",
			"entity":   "Contacts",
			"severity": "Held back", "who_is_it": fmt.Sprintf("Person %d of a long name", i), "reason": "there is no e-mail",
			"decisions": "clean delete", "decision": "clean", "decision_value": fmt.Sprintf("person%d@example.com", i)}
		var code, marks []string
		for _, name := range list.Code {
			code = append(code, row[name])
		}
		for _, c := range books.Marked(list) {
			marks = append(marks, books.Mark(row[c.Name]))
		}
		row["code"] = books.WithMarks(books.Code(code), marks)
		var cells []any
		for _, c := range list.Columns {
			cells = append(cells, row[c.Name])
		}
		if err := out.SetRow(xlsx.CellName(1, 5+i), cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "quality.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}
