package audit

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"ferry/internal/run"
)

var noon = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)

func target(t *testing.T, acts ...string) run.Target {
	t.Helper()
	x := run.OpenProject(t.TempDir()).Target("production")
	for i, act := range acts {
		if _, err := Append(context.Background(), x, Entry{At: noon.Add(time.Duration(i) * time.Minute), Act: act,
			Who: "Anna"}); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

func TestEveryChangeOfALineIsFound(t *testing.T) {
	cases := map[string]struct {
		change func([]byte) []byte
		line   int64
		why    string
	}{
		"a name": {func(b []byte) []byte { return bytes.Replace(b, []byte("Anna"), []byte("Emma"), 1) }, 1,
			"changed after it was written"},
		"a line gone": {func(b []byte) []byte { return bytes.SplitAfterN(b, []byte("\n"), 2)[1] }, 1, "not the beginning"},
		"middle gone": {func(b []byte) []byte {
			l := bytes.SplitAfter(b, []byte("\n"))
			return bytes.Join([][]byte{l[0], l[2]}, nil)
		}, 2, "missing or was changed"},
		"two swapped": {func(b []byte) []byte {
			l := bytes.SplitAfter(b, []byte("\n"))
			return bytes.Join([][]byte{l[0], l[2], l[1]}, nil)
		}, 2, "missing or was changed"},
		"a word more": {func(b []byte) []byte { return bytes.Replace(b, []byte(`"who"`), []byte(`"note":"x","who"`), 1) }, 1,
			"not a line ferry wrote"},
		"a space more": {func(b []byte) []byte { return bytes.Replace(b, []byte(`"who":`), []byte(`"who": `), 1) },
			1, "not spelt"},
		"no JSON": {func(b []byte) []byte { return append(b, "hello\n"...) }, 4, "not a line ferry wrote"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			x := target(t, Signed, Loaded, Reconciled)
			text, err := os.ReadFile(x.Audit())
			if err != nil {
				t.Fatal(err)
			}
			changed := c.change(bytes.Clone(text))
			if err := os.WriteFile(x.Audit(), changed, run.FileMode); err != nil {
				t.Fatal(err)
			}
			r, err := Verify(x)
			if err != nil || r.Broken == nil || r.Broken.Line != c.line || !strings.Contains(r.Broken.Why, c.why) {
				t.Fatalf("%+v %v, want line %d: %s", r.Broken, err, c.line, c.why)
			}
			// A broken chain takes no further line, and stays as it is.
			if _, err := Append(context.Background(), x, Entry{At: noon, Act: Loaded}); run.ExitOf(err) != run.ExitStop {
				t.Errorf("appended to a broken chain: %v", err)
			}
			if now, _ := os.ReadFile(x.Audit()); !bytes.Equal(now, changed) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestACutOffEndIsFoundByTheHeadThatWasPrinted(t *testing.T) {
	x := target(t, Signed, Loaded, Reconciled)
	before, err := Verify(x)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(x.Audit())
	lines := bytes.SplitAfter(text, []byte("\n"))
	if err := os.WriteFile(x.Audit(), bytes.Join(lines[:2], nil), run.FileMode); err != nil {
		t.Fatal(err)
	}
	after, err := Verify(x)
	if err != nil || after.Broken != nil || after.Knows(before.Head) || !before.Knows(after.Head) {
		t.Errorf("%+v %v", after, err)
	}
}

// TestHalfALineOfAKilledProcessGoes: nobody was told of it, so the next act takes its place.
func TestHalfALineOfAKilledProcessGoes(t *testing.T) {
	x := target(t, Signed, Loaded)
	text, _ := os.ReadFile(x.Audit())
	for cut := len(text) - 1; cut > bytes.IndexByte(text, '\n'); cut -= 37 {
		if err := os.WriteFile(x.Audit(), text[:cut], run.FileMode); err != nil {
			t.Fatal(err)
		}
		if r, err := Verify(x); err != nil || r.Broken != nil || r.Entries != 1 ||
			r.Half != (cut > bytes.IndexByte(text, '\n')+1) {
			t.Fatalf("cut at %d: %+v %v", cut, r, err)
		}
		if _, err := Append(context.Background(), x, Entry{At: noon.Add(time.Minute), Act: Loaded, Who: "Anna"}); err != nil {
			t.Fatal(err)
		}
		if now, _ := os.ReadFile(x.Audit()); !bytes.Equal(now, text) {
			t.Fatalf("cut at %d: the file is not as if uninterrupted:\n%s", cut, now)
		}
	}
}

func TestTwoWritersNeverInterleave(t *testing.T) {
	x := target(t)
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for i := range 6 {
				if _, err := Append(context.Background(), x, Entry{At: noon, Act: Loaded, Text: fmt.Sprint(w, i)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if r, err := Verify(x); err != nil || r.Broken != nil || r.Entries != 48 {
		t.Errorf("%+v %v", r, err)
	}
}

func TestAFolderUnderAnotherNameAndAClockSetBackAreRefused(t *testing.T) {
	x := target(t, Signed)
	if err := CheckClock(x, noon.Add(-time.Hour)); run.ExitOf(err) != run.ExitStop ||
		!strings.Contains(err.Error(), "clock") {
		t.Error(err)
	}
	if err := CheckClock(x, noon.Add(-time.Second)); err != nil {
		t.Error(err)
	}
	other := run.OpenProject(strings.TrimSuffix(x.Root(), "/targets/production")).Target("live")
	if err := os.Rename(x.Root(), other.Root()); err != nil {
		t.Fatal(err)
	}
	if r, err := Verify(other); err != nil || r.Broken == nil || !strings.Contains(r.Broken.Why, "another name") {
		t.Errorf("%+v %v", r, err)
	}
}
