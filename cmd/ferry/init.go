package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
)

//go:embed ferry.yaml
var configTemplate string

func (v *verbs) init() *cli.Command {
	return v.command(verb{
		name: "init", usage: "a project folder to start from", noProject: true,
		description: "Writes ferry.yaml with every setting explained, and empty exports/, sql/ and decisions/ folders.\n" +
			"Nothing that exists is changed.",
		do: func(s *session) error {
			if _, err := arguments(s.flags); err != nil {
				return err
			}
			made, err := makeProject(s.project, configTemplate)
			if err != nil {
				return err
			}
			text := ""
			for _, m := range made {
				text += "made   " + m + "\n"
			}
			if len(made) == 0 {
				text = "everything is there already; nothing was changed\n"
			}
			text += fmt.Sprintf("\nnext: drop export files into %s, then: ferry run --target twin\n", s.project.Exports())
			return s.result(map[string]any{"made": made}, text)
		},
	})
}

// makeProject makes what is missing and tells what it made.
func makeProject(p run.Project, template string) ([]string, error) {
	var made []string
	for _, folder := range []string{p.Root(), p.Exports(), p.SQL(), p.Decisions()} {
		if _, err := os.Stat(folder); err == nil {
			continue
		}
		if err := os.MkdirAll(folder, run.DirMode); err != nil {
			return made, run.CannotWrite(folder, err)
		}
		made = append(made, folder)
	}
	_, err := os.Stat(p.Config())
	if err == nil {
		return made, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return made, run.CannotWrite(p.Config(), err)
	}
	err = run.WriteFile(p.Config(), func(w io.Writer) error {
		_, err := io.WriteString(w, template)
		return err
	})
	return append(made, p.Config()), err
}
