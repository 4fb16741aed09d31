package run

import (
	"errors"
	"fmt"
	"strings"
)

// Exit is a process exit code; the numbers are a contract with whoever schedules ferry.
type Exit int

// Exit codes, the same for every verb.
const (
	ExitDone        Exit = 0
	ExitFailed      Exit = 1
	ExitUsage       Exit = 2
	ExitRows        Exit = 3 // done, but some rows were held, refused or blocked
	ExitStop        Exit = 4 // a check said stop, or a gate is closed
	ExitLocked      Exit = 5 // another process holds the lock
	ExitInterrupted Exit = 130
)

// Problem is a failure the user can act on. Anything that reaches the command line and is not a
// Problem is a defect of ours and is reported as one.
type Problem struct {
	Where   string // file:line, endpoint, sheet and cell; "" when there is no place
	What    string // one sentence, without personal data
	Excerpt string // the offending text, already numbered; "" when there is none
	Try     string // what to type next
	Exit    Exit   // 0 means ExitFailed
	Err     error  // the cause, for errors.Is
}

// Error prints all parts, one to a line, in the order a reader needs them.
func (p *Problem) Error() string {
	var b strings.Builder
	if p.Where != "" {
		b.WriteString(p.Where + "\n    ")
	}
	b.WriteString(p.What)
	if p.Excerpt != "" {
		b.WriteString("\n    " + strings.ReplaceAll(p.Excerpt, "\n", "\n    "))
	}
	if p.Try != "" {
		b.WriteString("\n    try: " + p.Try)
	}
	return b.String()
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Err }

// Problemf is a Problem that failed, at a place, with a formatted sentence.
func Problemf(where, format string, args ...any) *Problem {
	return &Problem{Where: where, What: fmt.Sprintf(format, args...)}
}

// WithTry adds what to type next.
func (p *Problem) WithTry(format string, args ...any) *Problem {
	p.Try = fmt.Sprintf(format, args...)
	return p
}

// WithExit sets the exit code.
func (p *Problem) WithExit(code Exit) *Problem {
	p.Exit = code
	return p
}

// ExitOf is the exit code an error asks for.
func ExitOf(err error) Exit {
	if err == nil {
		return ExitDone
	}
	var p *Problem
	if errors.As(err, &p) && p.Exit != ExitDone {
		return p.Exit
	}
	return ExitFailed
}
