package target

import (
	"fmt"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
)

// Expect says how many calls this act is expected to make in all, so that a wait can say when it ends.
func (s *Act) Expect(calls int64) { s.expected.Store(calls) }

// left is how many calls are still to be made, as far as is known.
func (s *Act) left() int64 { return max(0, s.expected.Load()-s.Calls.Total()) }

// tellWait says at once that everybody waits for the account's calls, how long, and what that means for
// the end: whoever watches must not think that ferry hangs.
func (s *Act) tellWait(w freshsales.QuotaWait) {
	text := "waiting for Freshsales' hourly quota until " + w.Until.Format("15:04")
	if w.Asked {
		text = "Freshsales asked for a pause: waiting until " + w.Until.Format("15:04")
	}
	if w.Budget > 0 {
		text += fmt.Sprintf(" (%s of %s used", record.Grouped(int64(w.Used)), record.Grouped(int64(w.Budget)))
		if n := s.left(); n > 0 {
			text += fmt.Sprintf(", %s left, done about %s", record.Plural(n, "call"),
				w.Until.Add(hoursFor(n-1, int64(w.Budget))).Format("15:04"))
		}
		text += ")"
	}
	s.Options.Events.Send(run.Event{Stage: Stage, Kind: run.Warning, Subject: "quota", Text: text})
}

// hoursFor is how many whole hours must pass for some calls after the first of them may go.
func hoursFor(calls, perHour int64) time.Duration {
	return time.Duration(max(0, calls)/perHour) * time.Hour
}

// TimeLeft is how long the calls that are left take at the account's quota; 0 where it does not bind.
func (s *Act) TimeLeft() time.Duration {
	state := s.Client.Pacer().State()
	budget, n := int64(state.Budget.Hour), s.left()
	free := budget - int64(state.Hour)
	if budget <= 0 || n <= free {
		return 0
	}
	return time.Duration(float64(n-max(0, free)) / float64(budget) * float64(time.Hour))
}
