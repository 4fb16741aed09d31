package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sort"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/freshsales/twin"
)

func (v *verbs) sandbox() *cli.Command {
	return v.command(verb{
		name: "sandbox", usage: "serve the twin: a Freshsales to rehearse on; or an Xtremepush to extract from",
		noProject: true,
		description: "Serves a Freshsales account on this machine, with the rules, limits and errors that are known of the " +
			"real one, and\nprints how to point ferry or curl at it. Ctrl-C ends it; its records stay in the state folder.\n" +
			"With --source it serves the Xtremepush API over sample data instead.",
		flags: []cli.Flag{
			&cli.StringFlag{Name: "listen", Value: "127.0.0.1:8780", Usage: "address on this machine"},
			&cli.PathFlag{Name: "state", Usage: "folder of its records (default: targets/twin/twin in the project)"},
			&cli.StringFlag{Name: "plan", Value: "pro", Usage: "free, growth, pro or enterprise"},
			&cli.BoolFlag{Name: "no-limits", Usage: "count no calls"},
			&cli.Float64Flag{Name: "speed", Value: 1, Usage: "its clock runs this much faster: 3600 makes an hour a second"},
			&cli.StringSliceFlag{Name: "set", Usage: "an open question answered, NAME=VALUE; --switches lists them"},
			&cli.BoolFlag{Name: "source", Usage: "serve an Xtremepush API with sample data instead"},
			&cli.IntFlag{Name: "profiles", Value: 500,
				Usage: "with --source: how many people the sample has, all of it in memory"},
			&cli.IntFlag{Name: "cap", Value: 100, Usage: "with --source: most rows in a page, whatever is asked for"},
			&cli.StringSliceFlag{Name: "fault",
				Usage: "with --source: a bad day, KIND=SHARE of the calls, or KIND=SHARE@LIST; --switches lists the kinds"},
			&cli.StringSliceFlag{Name: "forbid", Usage: "with --source: a list that the token may not read, such as message"},
			&cli.BoolFlag{Name: "reset", Usage: "make the twin an empty account again, and forget what was sent to it"},
			&cli.StringFlag{Name: "target", Value: "twin", Usage: "with --reset: the target whose twin is meant"},
			&cli.BoolFlag{Name: "yes", Usage: "with --reset: do it; without this it is only said"},
			&cli.BoolFlag{Name: "switches",
				Usage: "list the open questions and how the twin answers them, and the bad days it can have"},
		},
		do: func(s *session) error {
			if s.flags.Bool("source") {
				return s.serveSource()
			}
			return s.serveSandbox()
		},
	})
}

func (s *session) serveSandbox() error {
	if _, err := arguments(s.flags); err != nil {
		return err
	}
	if s.flags.Bool("reset") {
		return s.resetSandbox()
	}
	if s.flags.Bool("switches") {
		return s.result(twin.SwitchTable(), switchText())
	}
	if !slices.Contains(plans, s.flags.String("plan")) {
		return run.Problemf("--plan", "%q is not one of %s", s.flags.String("plan"), strings.Join(plans, ", ")).
			WithExit(run.ExitUsage)
	}
	if err := onThisMachine(s.flags.String("listen")); err != nil {
		return err
	}
	switches := twin.Switches{}
	for _, set := range s.flags.StringSlice("set") {
		name, value, _ := strings.Cut(set, "=")
		switches[name] = value
	}
	state := s.flags.Path("state")
	if state == "" {
		state = s.project.Target("twin").TwinState()
	}
	clock, ours := twinClocks(s.now(), s.flags.Float64("speed"))
	served, err := serveTwin(twin.Config{
		StateDir: state, Plan: s.flags.String("plan"), LimitsOff: s.flags.Bool("no-limits"), Clock: clock, Switches: switches,
	}, ours, s.flags.String("listen"), s.now())
	if err != nil {
		return err
	}
	info := map[string]any{"url": served.url, "key": twin.DefaultKey, "state": state}
	if err := s.result(info, sandboxText(served.url, s.flags.String("plan"))); err != nil {
		return err
	}
	if err := s.printFound(nil); err != nil { // whoever started it waits for the address
		return err
	}
	<-s.ctx.Done()
	return served.stop()
}

// onThisMachine refuses to listen to others: what is served speaks without encryption.
func onThisMachine(host string) error {
	if strings.HasPrefix(host, "127.") || strings.HasPrefix(host, "localhost:") || strings.HasPrefix(host, "[::1]:") {
		return nil
	}
	return run.Problemf("--listen "+host, "the sandbox speaks without encryption and listens on this machine only").
		WithTry("--listen 127.0.0.1:8780").WithExit(run.ExitUsage)
}

func sandboxText(url, plan string) string {
	return fmt.Sprintf(`the twin listens on %[1]s   (plan %[2]s; Ctrl-C ends it)

ferry: in ferry.yaml                      and in the shell
  targets:                                  export FERRY_SANDBOX_KEY=%[3]s
    sandbox:                                ferry load --target sandbox
      url: %[1]s
      plan: %[2]s
      rehearsal: true

curl:
%[4]s`, url, plan, twin.DefaultKey, curlExamples(url))
}

// curlExamples are calls to try, those that talk to the twin itself last.
func curlExamples(url string) string {
	address := strings.TrimSuffix(url, "/crm/sales")
	var b strings.Builder
	for _, e := range twin.Examples() {
		fmt.Fprintf(&b, "  # %s\n  %s\n", e.Says, e.Curl(address, twin.DefaultKey))
	}
	return b.String()
}

func switchText() string {
	table := twin.SwitchTable()
	sort.SliceStable(table, func(i, j int) bool { return table[i].Name < table[j].Name })
	var b strings.Builder
	for _, w := range table {
		fmt.Fprintf(&b, "%-22s %-12s %s; takes: %s\n", w.Name, w.Default, w.Asks, w.Values)
	}
	b.WriteString("(numbers in brackets: what is known and what is not, load/freshsales/API.md)\n")
	b.WriteString("\nbad days, for PUT /twin/faults:\n")
	for _, k := range twin.FaultKinds() {
		fmt.Fprintf(&b, "%-22s %s\n", k.Name, k.Does)
	}
	return b.String()
}

// resetSandbox makes ferry's own twin an empty account again. What ferry knows of the records that stood in it goes
// with them: a ledger about an account that is gone would take the next load for done.
func (s *session) resetSandbox() error {
	name, state := s.flags.String("target"), s.flags.Path("state")
	if state != "" {
		return s.forget(state, []string{state}, "the records in "+state, "ferry sandbox --state "+state)
	}
	t := s.project.Target(name)
	state = t.TwinState()
	if _, err := os.Stat(state); errors.Is(err, fs.ErrNotExist) {
		return run.Problemf(state, "target %s has no records of a twin here, so there is nothing to reset", name).
			WithExit(run.ExitUsage).WithTry("ferry sandbox --reset --target NAME   (a target with url: twin)")
	}
	lock, err := run.TakeLock(t.LockFile(), "target "+name, s.now())
	if err != nil {
		return err
	}
	defer lock.Release()
	known, err := load.Status(t)
	if err != nil {
		return err
	}
	var records int64
	for _, c := range known.Records {
		records += c.Count
	}
	gone := []string{state, t.Ledger(), t.Ledger() + "-wal", t.Ledger() + "-shm", t.Consent(), t.Account()}
	runs, err := s.project.AllRuns()
	if err != nil {
		return err
	}
	for _, r := range runs {
		gone = append(gone, r.LoadedRoot(name), r.TargetReports(name))
	}
	return s.forget(state, gone, fmt.Sprintf("the twin of target %s, and what ferry knows of %s records it sent there", name,
		thousands(records)), "ferry load --target "+name)
}

// forget deletes files that belong to a twin, once somebody said yes.
func (s *session) forget(state string, gone []string, what, next string) error {
	var there []string
	for _, path := range gone {
		if _, err := os.Stat(path); err == nil {
			there = append(there, path)
		}
	}
	object := map[string]any{"deletes": there, "done": s.flags.Bool("yes")}
	if !s.flags.Bool("yes") {
		again := "ferry sandbox --reset --yes"
		if s.flags.Path("state") != "" {
			again += " --state " + s.flags.Path("state")
		} else if name := s.flags.String("target"); name != "twin" {
			again += " --target " + name
		}
		return s.result(object, "this would delete "+what+":\n  "+strings.Join(there, "\n  ")+
			"\nnothing was deleted\n\nnext: "+again+"\n")
	}
	lock, err := run.TakeLock(state+".lock", "the twin's state", s.now())
	if err != nil {
		return err
	}
	defer lock.Release()
	for _, path := range there {
		if err := os.RemoveAll(path); err != nil {
			return run.CannotWrite(path, err)
		}
	}
	return s.result(object, "deleted   "+what+"\n\nnext: "+next+"\n")
}
