package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"ferry/internal/run"
)

// found is what a verb found out, kept until its exit code is known.
type found struct {
	object any
	set    bool
}

// keep holds a result for the end; one that was kept before is printed as it is.
func (v *verbs) keep(object any) error {
	if err := v.printFound(nil); err != nil {
		return err
	}
	v.found = found{object, true}
	return nil
}

// printFound prints the result that was kept, with the run it is about and, at the end, how the command ended.
func (v *verbs) printFound(exit *run.Exit) error {
	if !v.found.set {
		return nil
	}
	object := run.Snake(v.found.object)
	v.found = found{}
	if m, ok := object.(map[string]any); ok {
		if _, says := m["run_id"]; !says && v.runID != "" {
			m["run_id"] = v.runID
		}
		if exit != nil {
			m["exit_code"] = int(*exit)
		}
	}
	enc := json.NewEncoder(v.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(object)
}

// commandLine is one command in the log of the run it worked on: what was typed, how it ended, how long it took.
type commandLine struct {
	At      string  `json:"at"`
	Kind    string  `json:"kind"`
	RunID   string  `json:"run_id"`
	Version string  `json:"version"`
	Command string  `json:"command"`
	Exit    int     `json:"exit_code"`
	Error   string  `json:"error,omitempty"`
	Seconds float64 `json:"seconds"`
	Result  any     `json:"result,omitempty"`
}

// countingVerbs are those whose results are counts and digests, so that a log may keep them.
var countingVerbs = map[string]bool{"extract": true, "transform": true, "load": true, "rollback": true}

// logCommand writes the last line of a command into its run's log, so that the log tells a year later what happened.
func (v *verbs) logCommand(args []string, began time.Time, code run.Exit, err error) {
	if v.logPath == "" {
		return
	}
	now := v.now()
	line := commandLine{At: now.UTC().Format(time.RFC3339Nano), Kind: "command", RunID: v.runID, Version: fullVersion(),
		Command: strings.Join(withoutNames(args), " "), Exit: int(code), Seconds: now.Sub(began).Seconds()}
	if err != nil {
		line.Error = err.Error()
	}
	if v.said != nil && len(args) > 1 && countingVerbs[args[1]] {
		line.Result = run.Snake(v.said)
	}
	text, marshalErr := json.Marshal(line)
	if marshalErr != nil {
		return
	}
	f, openErr := os.OpenFile(v.logPath, logFileFlags, run.FileMode)
	if openErr != nil {
		fmt.Fprintf(v.err, "! the log of this run cannot be written: %v\n", openErr)
		return
	}
	defer f.Close()
	fmt.Fprintf(f, "%s\n", text)
}

// personalFlags take something that may name a person.
var personalFlags = map[string]bool{"--person": true, "--by": true}

// withoutNames is a command line as a log may keep it: what may name a person is left out. Secrets are never on a
// command line; they come from the environment.
func withoutNames(args []string) []string {
	out := append([]string{"ferry"}, args[min(1, len(args)):]...)
	for i := 1; i < len(out); i++ {
		name, _, joined := strings.Cut(out[i], "=")
		switch {
		case personalFlags[name] && joined:
			out[i] = name + "=…"
		case personalFlags[out[i-1]], out[1] == "trace" && i > 1 && !strings.HasPrefix(out[i], "-"),
			strings.Contains(out[i], "@"):
			out[i] = "…"
		}
	}
	return out
}
