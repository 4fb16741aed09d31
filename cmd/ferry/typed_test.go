package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ferry/internal/run"

	"github.com/urfave/cli/v2"
)

func takesText(f cli.Flag) bool {
	switch f.(type) {
	case *cli.StringFlag, *cli.PathFlag, *cli.StringSliceFlag:
		return true
	}
	return false
}

// TestNothingGivenIsNothingDone gives every text option of every verb an empty value, as an unset shell variable does.
func TestNothingGivenIsNothingDone(t *testing.T) {
	dir := t.TempDir()
	if got := say(t, nil, "init", "--dir", dir); got.code != run.ExitDone {
		t.Fatal(got)
	}
	v := &verbs{system: system{now: nowhen}}
	tried := 0
	for _, c := range v.commands() {
		lines := [][]string{{c.Name}}
		for _, sub := range c.Subcommands {
			lines = append(lines, []string{c.Name, sub.Name})
		}
		for i, line := range lines {
			flags := c.Flags
			if i > 0 {
				flags = c.Subcommands[i-1].Flags
			}
			if i == 0 && len(c.Subcommands) > 0 {
				continue
			}
			for _, f := range flags {
				if !takesText(f) {
					continue
				}
				name := "--" + f.Names()[0]
				args := append(line[:len(line):len(line)], name, "")
				if name != "--dir" {
					args = append(args, "--dir", dir)
				}
				tried++
				got := say(t, nil, args...)
				if got.code != run.ExitUsage || !strings.Contains(got.err, name+" was given, but it is empty") {
					t.Errorf("ferry %s: exit %d\n%s%s", strings.Join(args, " "), got.code, got.out, got.err)
				}
			}
		}
	}
	if tried < 30 {
		t.Errorf("only %d options were tried", tried)
	}
	if got := say(t, nil, "decide", "--dir", dir, ""); got.code != run.ExitUsage {
		t.Errorf("an empty argument: exit %d\n%s", got.code, got.err)
	}
}

func TestAUsageErrorUnderJSONIsJSON(t *testing.T) {
	for _, args := range [][]string{{"load", "--json", "--nope"}, {"lod", "--json"}, {"trace", "--json"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			got := say(t, nil, args...)
			var line map[string]any
			if err := json.Unmarshal([]byte(got.err), &line); err != nil || got.code != run.ExitUsage {
				t.Fatalf("exit %d, %v:\n%s%s", got.code, err, got.out, got.err)
			}
		})
	}
}

func TestControlCharactersAreSpelledOut(t *testing.T) {
	for in, want := range map[string]string{
		"Ann \x1b[2J\x1b[31mBerg\n":       `Ann \u001b[2J\u001b[31mBerg` + "\n",
		"\u009b1A":                        `\u009b1A`,
		"title\x07\r":                     `title\u0007\u000d`,
		"a\u202egnp.exe":                  `a\u202egnp.exe`,
		"Zoë Ó Súilleabháin\tβ\n":         "Zoë Ó Súilleabháin\tβ\n",
		"\xff\xfe":                        `\xff\xfe`,
		"an emoji 😊 and a line separator": "an emoji 😊 and a line separator",
	} {
		var b bytes.Buffer
		n, err := visible{&b}.Write([]byte(in))
		if err != nil || n != len(in) || b.String() != want {
			t.Errorf("%q: %q, %d, %v; want %q", in, b.String(), n, err, want)
		}
	}
}

func TestAnAddressCarriesNoSecretAndNoDisguise(t *testing.T) {
	for url, want := range map[string]string{
		"https://me:hunter2@firm.example":   "must not carry a name or a password",
		"http://127.evil.example/crm":       "unencrypted",
		"http://localhost.evil.example/":    "unencrypted",
		"http://[::1]:8080/crm/sales":       "",
		"http://127.0.0.1:8080/crm/sales":   "",
		"https://firm.myfreshworks.com/crm": "",
	} {
		err := checkURL(url)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", url, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the secret is repeated: %v", err)
		}
	}
}

func TestAVersionOfTheDriverIsAVersionOfDuckDB(t *testing.T) {
	for in, want := range map[string]string{"v2.10506.0": "1.5.6", "v2.11012.3": "1.10.12", "v1.2.3": "unknown"} {
		if got := duckVersion(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// TestALinkInTheAnalystsFolderIsRefused: a link could point at any file, and errors show the line they are about.
func TestALinkInTheAnalystsFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	if got := say(t, nil, "init", "--dir", dir); got.code != run.ExitDone {
		t.Fatal(got)
	}
	outside := filepath.Join(t.TempDir(), "secret.txt")
	folder := filepath.Join(dir, "sql", "1_staging")
	for _, err := range []error{os.WriteFile(outside, []byte("hunter2 is my password"), 0o600), os.MkdirAll(folder, 0o700),
		os.Symlink(outside, filepath.Join(folder, "profiles.sql"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	got := say(t, nil, "sql", "list", "--dir", dir)
	if got.code == run.ExitDone || !strings.Contains(got.err, "link") || strings.Contains(got.err+got.out, "hunter2") {
		t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}
