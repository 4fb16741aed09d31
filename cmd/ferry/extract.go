package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"ferry/extract"
	"ferry/extract/discovery"
	"ferry/internal/run"
)

func (v *verbs) extract() *cli.Command {
	return v.command(verb{
		name: "extract", usage: "Xtremepush → landed Parquet",
		description: "Lands every file of the exports folder in a new run, as text, with each record that " +
			"cannot land kept and counted.",
		flags: []cli.Flag{
			&cli.BoolFlag{Name: "explain",
				Usage: "list the headers understood for each table; with a FILE, write the table recovered from it as plain CSV"},
			&cli.IntFlag{Name: "table", Value: 1, Usage: "with --explain FILE: which of several tables in the file"},
			&cli.BoolFlag{Name: "probe",
				Usage: "ask each endpoint of source.api for one row and say what answers; lands nothing"},
			&cli.BoolFlag{Name: "strict", Usage: "a file nobody can place stops the run"},
			&cli.BoolFlag{Name: "since-last", Usage: "build on the newest run: link what has not changed, add what has"},
		},
		do: func(s *session) error {
			if s.flags.Bool("explain") {
				return s.explainExports()
			}
			if _, err := arguments(s.flags); err != nil {
				return err
			}
			if s.flags.Bool("probe") {
				return s.probeSource()
			}
			dir, r, err := s.doExtract()
			if err != nil {
				return err
			}
			if err := s.result(map[string]any{"run": dir.ID(), "extract": r}, extractText(dir, r)+
				"\nnext: ferry transform\n"); err != nil {
				return err
			}
			return doubtful(dir, r)
		},
	})
}

// explainExports shows which headers are understood, or what is recovered from one file.
func (s *session) explainExports() error {
	if s.flags.Args().Len() == 0 {
		aliases := discovery.Aliases()
		return s.result(aliases, explainText(aliases))
	}
	args, err := arguments(s.flags, "FILE")
	if err != nil {
		return err
	}
	which := s.flags.Int("table")
	found, err := discovery.ExplainFile(args[0], s.out, which)
	switch {
	case err != nil:
		return err
	case which > max(found.Tables, 1):
		return run.Problemf(args[0], "there is no table %d in it, only %d", which, found.Tables).
			WithTry("ferry extract --explain --table 1 FILE").WithExit(run.ExitUsage)
	}
	if found.Tables > 1 {
		fmt.Fprintf(s.err, "this is table %d of %d in the file; --table N shows another\n", which, found.Tables)
	}
	if found.CutOff {
		fmt.Fprintln(s.err, "the file is cut off or damaged: what could be read of it is shown; fetch it again")
	}
	if found.Guessed > 0 {
		fmt.Fprintf(s.err,
			"%s of the records are shown as they were probably meant; extract rejects them, as it guesses nothing\n",
			thousands(int64(found.Guessed)))
	}
	return nil
}

// probeSource says what each endpoint of the source answers.
func (s *session) probeSource() error {
	o := s.extractOptions()
	var err error
	if o.API, err = s.api(); err != nil {
		return err
	}
	if o.API == nil {
		return run.Problemf("source.api", "ferry.yaml names no API to ask").
			WithTry("take the comment signs off source.api in ferry.yaml; to rehearse: ferry sandbox --source").
			WithExit(run.ExitUsage)
	}
	answers, err := extract.Probe(s.ctx, o)
	if err != nil {
		return err
	}
	text := ""
	for _, a := range answers {
		text += fmt.Sprintf("%-28s %-24s %s\n", a.Endpoint, a.Table, a.Says)
	}
	return s.result(answers,
		text+"\nnext: ferry extract; an endpoint is changed or switched off in ferry.yaml (source.api.endpoints)\n")
}

// doExtract lands into a new run, or into the newest one when its landing never finished.
func (s *session) doExtract() (run.Dir, extract.Result, error) {
	o := s.extractOptions()
	o.Strict = s.flags.Bool("strict")
	var err error
	if o.API, err = s.api(); err != nil {
		return run.Dir{}, extract.Result{}, err
	}
	if s.flags.Bool("since-last") {
		if o.Since, err = s.lastLanded(); err != nil {
			return run.Dir{}, extract.Result{}, err
		}
	}
	dir, err := s.unfinishedRun()
	if err != nil {
		return dir, extract.Result{}, err
	}
	lock, err := s.begin(dir, "extract")
	if err != nil {
		return dir, extract.Result{}, err
	}
	defer lock.Release()
	err = dir.ChangeManifest(func(m *run.Manifest) {
		m.Version, m.Config = fullVersion(), s.configFacts()
		if o.Since != nil {
			m.From = o.Since.ID()
		}
		if m.Created.IsZero() {
			m.Created = s.now().UTC()
		}
	})
	if err != nil {
		return dir, extract.Result{}, err
	}
	r, err := extract.Run(s.ctx, dir, o)
	if err == nil {
		err = s.leaveOutPurged(dir)
	}
	return dir, r, err
}

// lastLanded is the newest run whose landing finished; a delta builds on it.
func (s *session) lastLanded() (*run.Dir, error) {
	all, err := s.project.AllRuns()
	if err != nil {
		return nil, err
	}
	for i := len(all) - 1; i >= 0; i-- {
		m, err := all[i].ReadManifest()
		if err != nil {
			return nil, err
		}
		if _, landed := m.Stages["extract"]; landed {
			return &all[i], nil
		}
	}
	return nil, run.Problemf(s.project.Runs(), "there is no finished run to build on").
		WithTry("ferry extract   (without --since-last)")
}

func (s *session) unfinishedRun() (run.Dir, error) {
	all, err := s.project.AllRuns()
	if err != nil {
		return run.Dir{}, err
	}
	if len(all) > 0 {
		newest := all[len(all)-1]
		m, err := newest.ReadManifest()
		if err != nil {
			return run.Dir{}, err
		}
		if _, landed := m.Stages["extract"]; !landed {
			return newest, nil
		}
	}
	return s.project.NewRun(s.now())
}

func extractText(dir run.Dir, r extract.Result) string {
	text := fmt.Sprintf("landed    %s records from %s files: %s landed, %s could not be read (%s)\n",
		thousands(r.Records), thousands(int64(r.Sources)), thousands(r.Landed), thousands(r.Rejected), dir.Root())
	for _, d := range r.Doubts {
		text += fmt.Sprintf("look at   %s: %s\n", d.File, d.Why)
	}
	return text
}

// doubtful is how a landing ends after which somebody should look at a file first.
func doubtful(dir run.Dir, r extract.Result) error {
	if len(r.Doubts) == 0 {
		return nil
	}
	p := run.Problemf(r.Doubts[0].File, "%s", r.Doubts[0].Why).WithExit(run.ExitRows)
	if more := len(r.Doubts) - 1; more > 0 {
		p.What += fmt.Sprintf("; %d more such files are listed above", more)
	}
	return p.WithTry("ferry sql query \"select * from landed._sources\"   (what came of each file; landed._rejects has "+
		"every record that could not land), "+
		"correct the file, or say in ferry.yaml what it is (source.files), and extract again: the run %s stands as it is",
		dir.ID())
}

func explainText(aliases []discovery.Alias) string {
	text, table := "", ""
	for _, a := range aliases {
		if a.Entity != table {
			table = a.Entity
			text += "\n" + table + "\n"
		}
		text += fmt.Sprintf("  %-28s → %s\n", a.Header, a.Column)
	}
	return text
}
