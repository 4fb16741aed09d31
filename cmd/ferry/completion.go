package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"ferry/internal/run"
)

// completions are what a shell is told: ask ferry itself, with the words typed so far.
var completions = map[string]string{
	"bash": `_ferry() {
  local word="${COMP_WORDS[COMP_CWORD]}" known
  known="$("${COMP_WORDS[@]:0:COMP_CWORD}" --generate-bash-completion 2>/dev/null)"
  COMPREPLY=($(compgen -W "$known" -- "$word"))
}
complete -o default -F _ferry ferry
`,
	"zsh": `_ferry() {
  local -a known
  known=("${(@f)$("${(@)words[1,CURRENT-1]}" --generate-bash-completion 2>/dev/null)}")
  compadd -- $known
  _files
}
compdef _ferry ferry
`,
	"fish": `complete -c ferry -a '(set -l typed (commandline -opc); $typed --generate-bash-completion 2>/dev/null)'
`,
}

func (v *verbs) completion() *cli.Command {
	return v.command(verb{
		name: "completion", usage: "words that the tab key completes: bash, zsh, fish", arguments: "SHELL", noProject: true,
		description: "Prints a few lines for your shell; verbs and options are then completed with the tab key:\n" +
			"  bash   ferry completion bash >> ~/.bashrc\n" +
			"  zsh    ferry completion zsh >> ~/.zshrc\n" +
			"  fish   ferry completion fish > ~/.config/fish/completions/ferry.fish",
		do: func(s *session) error {
			args, err := arguments(s.flags, "SHELL")
			if err != nil {
				return err
			}
			text, known := completions[args[0]]
			if !known {
				return run.Problemf("ferry completion "+args[0], "there is no such shell here").
					WithTry("ferry completion bash   (or zsh, fish)").WithExit(run.ExitUsage)
			}
			return s.result(map[string]string{"shell": args[0], "text": text}, text)
		},
	})
}

// completeWords prints what may follow: verbs below this one, and its options.
func completeWords(w io.Writer, below []*cli.Command, flags []cli.Flag) {
	for _, c := range below {
		fmt.Fprintln(w, c.Name)
	}
	for _, f := range flags {
		fmt.Fprintln(w, "--"+f.Names()[0])
	}
}
