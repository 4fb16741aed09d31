package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/mattn/go-isatty"

	"ferry/internal/run"
)

// printer turns events into lines, bars or JSON, and keeps them in the run's log. Events go to
// standard error, results to standard output, so that a script can read the results alone.
type printer struct {
	mutex sync.Mutex
	err   io.Writer
	log   io.WriteCloser
	json  bool
	now   func() time.Time
	bars  *bars // nil when not a terminal
	begun map[string]time.Time
	last  map[string]time.Time
	onLog func(run.Dir) // told which run is being worked on
}

// Progress is shown for work that lasts; plain output repeats it at this distance.
const (
	lasting      = 2 * time.Second
	plainEvery   = 10 * time.Second
	logFileFlags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
)

func newPrinter(sys system, asJSON bool) *printer {
	p := &printer{err: sys.err, json: asJSON, now: sys.now, begun: map[string]time.Time{}, last: map[string]time.Time{}}
	if f := terminal(sys.err); f != nil && !asJSON && isatty.IsTerminal(f.Fd()) {
		p.bars = newBars(f)
	}
	return p
}

// logTo also keeps events in the run's log.
func (p *printer) logTo(d run.Dir) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.log != nil {
		_ = p.log.Close()
		p.log = nil
	}
	f, err := os.OpenFile(d.Log(), logFileFlags, run.FileMode)
	if err != nil {
		return err
	}
	p.log = f
	if p.onLog != nil {
		p.onLog(d)
	}
	return nil
}

// pause ends the bars, so that somebody can be asked something.
func (p *printer) pause() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.bars != nil {
		p.bars.stop()
		p.bars = nil
	}
}

// close ends the bars and the log.
func (p *printer) close() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.bars != nil {
		p.bars.stop()
		p.bars = nil
	}
	if p.log != nil {
		_ = p.log.Close()
		p.log = nil
	}
}

type eventLine struct {
	At      string   `json:"at"`
	Stage   string   `json:"stage"`
	Kind    run.Kind `json:"kind"`
	Subject string   `json:"subject,omitempty"`
	Text    string   `json:"text,omitempty"`
	Done    int64    `json:"done,omitempty"`
	Total   int64    `json:"total,omitempty"`
	Unit    string   `json:"unit,omitempty"`
}

// event is the run.Events every stage is given.
func (p *printer) event(e run.Event) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	now := p.now()
	line, _ := json.Marshal(eventLine{now.UTC().Format(time.RFC3339Nano), e.Stage, e.Kind, e.Subject, e.Text, e.Done,
		e.Total, e.Unit})
	if p.log != nil && e.Kind != run.Progress {
		fmt.Fprintf(p.log, "%s\n", line)
	}
	switch {
	case p.json:
		fmt.Fprintf(p.err, "%s\n", line)
	case e.Kind == run.Progress:
		p.progress(e, now)
	case e.Kind == run.Started:
		p.begun[e.Stage+"/"+e.Subject] = now
	default:
		p.line(e, now)
	}
}

func (p *printer) line(e run.Event, now time.Time) {
	mark := "  "
	if e.Kind == run.Warning {
		mark = "! "
	}
	text := mark + fmt.Sprintf("%-10s", e.Stage) + strings.TrimSpace(e.Subject+"  "+e.Text)
	if begun, ok := p.begun[e.Stage+"/"+e.Subject]; ok && e.Kind == run.Finished && now.Sub(begun) >= lasting {
		text += fmt.Sprintf("  (%s)", now.Sub(begun).Round(100*time.Millisecond))
	}
	if p.bars != nil {
		p.bars.line(e.Stage+"/"+e.Subject, e.Kind == run.Finished, text)
		return
	}
	fmt.Fprintln(p.err, text)
}

func (p *printer) progress(e run.Event, now time.Time) {
	key := e.Stage + "/" + e.Subject
	begun, ok := p.begun[key]
	if !ok {
		p.begun[key], begun = now, now
	}
	if now.Sub(begun) < lasting {
		return
	}
	if p.bars != nil {
		p.bars.progress(key, e)
		return
	}
	if now.Sub(p.last[key]) < plainEvery {
		return
	}
	p.last[key] = now
	fmt.Fprintf(p.err, "  %-10s%s\n", e.Stage, progressText(e, now.Sub(begun)))
}

// progressText says what is done, the rate and the time left.
func progressText(e run.Event, took time.Duration) string {
	rate := float64(e.Done) / took.Seconds()
	text := fmt.Sprintf("%s  %s", e.Subject, thousands(e.Done))
	if e.Total > 0 {
		text += " of " + thousands(e.Total)
	}
	text += fmt.Sprintf(" %s, %s/s", e.Unit, thousands(int64(rate)))
	if e.Total > e.Done && e.Done*50 >= e.Total {
		left := max(e.Left, time.Duration(float64(e.Total-e.Done)/rate*float64(time.Second)))
		text += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	return strings.TrimSpace(text)
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int64) string { return run.Thousands(n) }

// printError prints what the user can act on; anything else is our defect and says so.
func (v *verbs) printError(err error, code run.Exit, command string) {
	var p *run.Problem
	isProblem := errors.As(err, &p)
	if v.asJSON {
		line := map[string]any{"error": err.Error(), "exit": int(code), "ours": !isProblem && code != run.ExitInterrupted}
		if isProblem {
			line["where"], line["what"], line["try"] = p.Where, p.What, p.Try
		}
		text, _ := json.Marshal(line)
		fmt.Fprintf(v.err, "%s\n", text)
		return
	}
	switch {
	case isProblem:
		fmt.Fprintln(v.err, err)
	case code == run.ExitInterrupted:
		fmt.Fprintf(v.err, "interrupted; nothing is lost\n    try: ferry %s\n", command)
	default:
		fmt.Fprintf(v.err,
			"this is a defect of ferry, not of your data: %v\n    try: the same command once more; if it comes again, report "+
				"this line and the version (%s)\n", err, fullVersion())
	}
}

// visible writes text for a terminal with every control character spelled out: names, answers of servers and file
// names come from strangers, and an escape sequence among them could rewrite what the engineer reads.
type visible struct{ to io.Writer }

// Write writes all of p, spelled out; it says that p was written, because the caller counts its own bytes.
func (v visible) Write(p []byte) (int, error) {
	if _, err := v.to.Write(spellOut(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// spellOut leaves text as it is, but for control characters (line ends and tabs apart), marks that turn the
// direction of writing, and bytes that are not UTF-8.
func spellOut(p []byte) []byte {
	out := make([]byte, 0, len(p))
	for len(p) > 0 {
		r, size := utf8.DecodeRune(p)
		switch {
		case r == utf8.RuneError && size == 1:
			out = fmt.Appendf(out, `\x%02x`, p[0])
		case r == '\n', r == '\t':
			out = append(out, byte(r))
		case isHidden(r):
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = append(out, p[:size]...)
		}
		p = p[size:]
	}
	return out
}

func isHidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r <= 0x9f: // C0, delete, C1
		return true
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f: // direction
		return true
	}
	return false
}

// terminal is the file behind a writer, nil when it is none.
func terminal(w io.Writer) *os.File {
	if v, ok := w.(visible); ok {
		w = v.to
	}
	f, _ := w.(*os.File)
	return f
}
