package main

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/golive/audit"
	"ferry/golive/facts"
	"ferry/golive/gate"
	"ferry/internal/run"
	"ferry/reports/signoff"
)

func (v *verbs) signoff() *cli.Command {
	return v.command(verb{
		name: "signoff", usage: "record a signed rehearsal", arguments: "FILE.xlsx",
		description: "Reads the sheet “Sign-off” of the reconciliation.xlsx of a rehearsal: who signed, in which role, " +
			"when, and with which\nverdict. The workbook must be the one ferry wrote for what was done there. What was agreed " +
			"is kept as digests, so that\na later change closes the way to production again and is named.",
		do: func(s *session) error {
			args, err := arguments(s.flags, "FILE.xlsx")
			if err != nil {
				return err
			}
			so, err := s.sign(args[0])
			if err != nil {
				return err
			}
			return s.result(map[string]any{"signoff": so}, s.signoffText(so))
		},
	})
}

// sign records what a workbook says. Everything is checked first; then the sign-off is kept, and the
// audit carries its digest. Stopped in between, it counts for nothing, and the same command ends it.
func (s *session) sign(path string) (*gate.Signoff, error) {
	signed, err := signoff.Read(path, s.project)
	if err != nil {
		return nil, err
	}
	t, err := s.config.target(s.project.Config(), signed.Target)
	if err != nil {
		return nil, run.Problemf(filepath.Base(path),
			"this rehearsal was on the target %s, which ferry.yaml does not have any more", signed.Target).
			WithTry("give the target its old name again in ferry.yaml").WithExit(run.ExitStop)
	}
	if !t.Rehearsal {
		return nil, run.Problemf(filepath.Base(path), "%s is a production account; what is signed is a rehearsal",
			signed.Target).
			WithTry("rehearse on a sandbox or the twin, and sign that workbook").WithExit(run.ExitStop)
	}
	dir, err := s.project.Run(signed.Run)
	if err != nil {
		return nil, err
	}
	so, err := s.newSignoff(signed, t, dir)
	if err != nil {
		return nil, err
	}
	return so, s.keepSignoff(so, signed)
}

// newSignoff gathers what the signature is about, and refuses one that the rehearsal does not carry.
func (s *session) newSignoff(signed signoff.Signed, t targetConfig, dir run.Dir) (*gate.Signoff, error) {
	so := &gate.Signoff{Name: signed.Name, Role: signed.Role, Date: signed.Date, Verdict: signed.Verdict,
		Remarks:    signed.Remarks,
		MapDefault: signed.MapDefault, FindingsDefault: signed.FindingsDefault, ImagesAlone: signed.NoBackup,
		Target: signed.Target, On: rehearsalOn(t), Run: signed.Run, Result: signed.Result, RecordedAt: s.now().UTC()}
	if err := s.fresh(dir, signed.Target); err != nil {
		return nil, err
	}
	var err error
	if so.Parts, so.Answers, err = s.agreedParts(signed.Target); err != nil {
		return nil, err
	}
	if so.Map, err = facts.MapItems(dir); err != nil {
		return nil, err
	}
	if so.Rehearsed, err = facts.Rehearsed(dir, signed.Target); err != nil {
		return nil, err
	}
	if so.ReadBack, err = s.facts().ReadBack(signed.Target, signed.Run); err != nil {
		return nil, err
	}
	return so, facts.Signable(so, dir)
}

// keepSignoff stores a sign-off and writes it into the audits of the rehearsal and of every
// production account. One that stands already is not written twice.
func (s *session) keepSignoff(so *gate.Signoff, signed signoff.Signed) error {
	t := s.project.Target(so.Target)
	targets := []string{so.Target}
	for _, name := range sortedKeys(s.config.Targets) {
		if !s.config.Targets[name].Rehearsal {
			targets = append(targets, name)
		}
	}
	for _, name := range targets {
		if err := audit.CheckClock(s.project.Target(name), s.now()); err != nil {
			return err
		}
	}
	if old, err := gate.ReadSignoff(t); err == nil && old.Repeats(so) {
		*so = *old // said before: what was left out then is done now
	}
	if err := so.Store(t); err != nil {
		return err
	}
	digest, err := so.Digest()
	if err != nil {
		return err
	}
	for _, name := range targets {
		if isRecorded, err := s.facts().IsRecorded(name, digest); err != nil || isRecorded {
			if err != nil {
				return err
			}
			continue
		}
		if err := s.note(name, audit.Entry{Act: audit.Signed, About: "run " + so.Run + " on " + so.Target,
			Text: so.Verdict, Who: so.Name,
			Digests: map[string]string{"signoff": digest, "result": so.Result}}); err != nil {
			return err
		}
	}
	return s.noteAllGates()
}

// rehearsalOn says what kind of account a rehearsal ran on.
func rehearsalOn(t targetConfig) string {
	u, err := url.Parse(t.URL)
	if t.URL == twinURL || err == nil && (u.Hostname() == "localhost" || u.Hostname() == "::1" ||
		strings.HasPrefix(u.Hostname(), "127.")) {
		return "twin"
	}
	return "sandbox"
}

func (s *session) signoffText(so *gate.Signoff) string {
	text := fmt.Sprintf("signed    %s by %s (%s), %s, about the rehearsal on the %s %s, run %s\n", so.Verdict, so.Name,
		so.Role, so.Date, so.On, so.Target, so.Run)
	if !so.IsAccepted() {
		return text + "\nnext: mend what was said, rehearse again, and have it signed\n"
	}
	for _, name := range sortedKeys(s.config.Targets) {
		if !s.config.Targets[name].Rehearsal {
			return text + "\nnext: ferry transform --target " + name + ", then: ferry plan --target " + name + "\n"
		}
	}
	return text + "\nnext: add the production account to ferry.yaml\n"
}
