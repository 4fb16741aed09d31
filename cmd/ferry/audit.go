package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"ferry/golive/audit"
	"ferry/golive/facts"
	"ferry/load"
)

// note writes an act down in the audit of a target.
func (s *session) note(target string, e audit.Entry) error {
	e.At, e.Version, e.Command = s.now(), version, s.commandLine(target)
	if e.Who == "" {
		e.Who = s.user()
	}
	// What was done is written down although somebody pressed Ctrl-C meanwhile.
	written, err := audit.Append(context.WithoutCancel(s.ctx), s.project.Target(target), e)
	if err != nil {
		return err
	}
	return load.NoteAudit(s.project.Target(target), written.Digest)
}

// user is who types here, as this machine knows them.
func (s *session) user() string {
	name, _ := s.env("USER")
	return cmp.Or(name, "unknown")
}

// commandLine is the verb and the target: nothing of a person or a secret.
func (s *session) commandLine(target string) string {
	words := []string{s.flags.Command.HelpName}
	if target != "" {
		words = append(words, "--target", target)
	}
	return strings.Join(words, " ")
}

// auditHead is what workbooks print, so that a cut-off end is found; "" before the first line.
func (s *session) auditHead(target string) (string, error) {
	if target == "" {
		return "", nil
	}
	r, err := audit.Verify(s.project.Target(target))
	if err != nil || r.Entries == 0 {
		return "", err
	}
	return fmt.Sprintf("line %d, %s", r.Entries, r.Head), nil
}

// auditHeads are those of all targets, in words: every workbook prints them, so that whoever keeps one can tell a year
// later that no line was cut off since.
func (s *session) auditHeads() (heads []string, err error) {
	for _, name := range sortedKeys(s.config.Targets) {
		head, err := s.auditHead(name)
		if err != nil {
			return nil, err
		}
		if head != "" {
			heads = append(heads, "Head of the audit of "+name+": "+head)
		}
	}
	return heads, nil
}

// showAudit prints the chains, and ends with 4 when one is broken.
func (s *session) showAudit(head string) error {
	all, err := s.facts().Audits(head)
	if err != nil {
		return err
	}
	var b strings.Builder
	var broken *facts.AuditStatus
	for i, a := range all {
		for _, l := range a.Lines {
			fmt.Fprintf(&b, "%4d  %s  %-14s %s %s  by %s (%s)\n", l.Number, l.At.Format("2006-01-02 15:04:05"), l.Act, l.About,
				l.Text, l.Who, l.Command)
		}
		if a.Why != "" {
			broken = &all[i]
			continue
		}
		fmt.Fprintf(&b, "audit     %s  %d lines, whole; head %s\n", a.Target, a.Report.Entries, a.Report.Head)
		if a.Report.Half {
			b.WriteString("          half a line stands behind them: a process was killed while it wrote; the " +
				"next act takes it away\n")
		}
	}
	if err := s.result(all, b.String()); err != nil || broken == nil {
		return err
	}
	return broken.Report.Problem(s.project.Target(broken.Target))
}
