package run

import "time"

// Kind says what an Event is about.
type Kind string

// Kinds of events.
const (
	Started  Kind = "started"  // a stage or a part of one begins
	Progress Kind = "progress" // Done of Total (Total 0: not known)
	Note     Kind = "note"     // worth a line
	Warning  Kind = "warning"  // worth a line the reader must not miss
	Finished Kind = "finished" // a stage or a part of one ended well
)

// Event is all a stage may say while it works. It never carries personal data.
type Event struct {
	Stage   string // "extract", "transform", "load", …
	Kind    Kind
	Subject string // entity, file, model, phase
	Text    string
	Done    int64
	Total   int64
	Unit    string        // "rows", "calls", "models"
	Left    time.Duration // until the end, where the stage knows of waits ahead; 0: as the rate says
}

// Events receives events; it must be safe for concurrent use. A nil Events is silence.
type Events func(Event)

// Send passes an event on, or drops it when nobody listens.
func (f Events) Send(e Event) {
	if f != nil {
		f(e)
	}
}
