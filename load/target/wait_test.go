package target

import (
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

func TestAWaitSaysWhenTheActIsDone(t *testing.T) {
	var text string
	s := &Act{Calls: newCallCounter(), Options: Options{Events: func(e run.Event) { text = e.Text }}}
	s.Expect(2500)
	s.tellWait(freshsales.QuotaWait{Until: time.Date(2026, 3, 1, 21, 11, 0, 0, time.UTC), Used: 950, Budget: 950})
	for _, want := range []string{"hourly quota until 21:11", "950 of 950 used", "2500 calls left", "done about 23:11"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
}
