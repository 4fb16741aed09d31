// Command ferry moves a company from Xtremepush to Freshsales on one machine. This package is the
// front door: it reads flags, environment, clock and ferry.yaml, hands each stage its options and
// prints what the stages say. It must not know how a stage does its work.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"ferry/internal/run"
)

// version is set by the linker for releases.
var version = "dev"

func main() {
	ctx, stop := interruptible(context.Background(), os.Stderr)
	code := ferry(ctx, os.Args, system{in: os.Stdin, out: os.Stdout, err: os.Stderr, now: time.Now, env: os.LookupEnv})
	stop()
	os.Exit(int(code))
}

// system is all of the outside that the front door touches.
type system struct {
	in       io.Reader
	out, err io.Writer
	now      func() time.Time
	env      func(string) (string, bool)
}

// interruptible cancels on the first Ctrl-C, so that what is in flight can finish, and ends the
// process on the second; both leave a state that the same command resumes.
func interruptible(parent context.Context, stderr io.Writer) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		if _, ok := <-signals; !ok {
			return
		}
		io.WriteString(stderr,
			"\nfinishing what is in flight; press Ctrl-C again to stop now (either way the same command resumes)\n")
		cancel(errInterrupted)
		if _, ok := <-signals; ok {
			os.Exit(int(run.ExitInterrupted))
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
	}
}
