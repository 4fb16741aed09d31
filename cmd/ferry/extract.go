package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"ferry/extract"
	"ferry/internal/run"
)

func (v *verbs) extract() *cli.Command {
	return v.command(verb{
		name: "extract", usage: "Xtremepush → landed Parquet",
		description: "Lands every file of the exports folder in a new run, as text, with each record that cannot land kept and counted.",
		flags: []cli.Flag{
			&cli.BoolFlag{Name: "explain", Usage: "list the tables, their columns and the headers understood for each; reads nothing"},
		},
		do: func(s *session) error {
			if _, err := arguments(s.flags); err != nil {
				return err
			}
			if s.flags.Bool("explain") {
				aliases := extract.Explain()
				return s.result(aliases, explainText(aliases))
			}
			dir, r, err := s.doExtract()
			if err != nil {
				return err
			}
			return s.result(map[string]any{"run": dir.ID(), "extract": r}, extractText(dir, r)+"\nnext: ferry transform\n")
		},
	})
}

// doExtract lands into a new run, or into the newest one when its landing never finished.
func (s *session) doExtract() (run.Dir, extract.Result, error) {
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
		m.Version, m.Config = version, s.configFacts()
		if m.Created.IsZero() {
			m.Created = s.now().UTC()
		}
	})
	if err != nil {
		return dir, extract.Result{}, err
	}
	r, err := extract.Run(s.ctx, dir, s.extractOptions())
	return dir, r, err
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
	return fmt.Sprintf("landed    %s records from %s files: %s landed, %s could not be read (%s)\n",
		thousands(r.Records), thousands(int64(r.Sources)), thousands(r.Landed), thousands(r.Rejected), dir.Root())
}

func explainText(aliases []extract.Alias) string {
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
