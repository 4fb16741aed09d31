package model

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ferry/internal/run"
)

// Header is the first comment block of a model: sentences for people, statements for the program.
type Header struct {
	Sentence  string
	Grain     []string // one row per …
	Severity  string   // checks only
	fix       string   // checks only: what the customer does
	engineer  string   // checks only: what an engineer does besides, with the command
	oneAct    string   // checks only: one act of an administrator that clears all findings
	decisions []string // checks only
	View      bool
	Parts     int
	PartBy    string
	Off       string // reason a check is switched off
}

var (
	statements = []string{"severity", "fix", "engineer", "one_act", "view", "parts", "decisions", "off", "copied"}
	severities = []string{"stop", "hold", "note"}
	choices    = []string{"clean", "delete", "accept", "merge", "apart"}

	statementLine = regexp.MustCompile(`^([A-Za-z_]+):(\s.*)?$`)
	grainLine     = regexp.MustCompile(`(?i)^one\s+row\s+per\b(.*)$`)
	grainNames    = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)
	partsValue    = regexp.MustCompile(`^(?:(\d+)\s+)?by\s+([a-z_][a-z0-9_]*)$`)
)

// headerError is a complaint about one line of the header.
type headerError struct {
	line int
	what string
}

func (e headerError) Error() string { return e.what }

// parseHeader reads the comment lines a file begins with.
func parseHeader(sql string) (Header, error) {
	var h Header
	for i, line := range strings.Split(sql, "\n") {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "--") {
			if line == "" && h.Sentence == "" && len(h.Grain) == 0 {
				continue
			}
			break
		}
		line = strings.TrimSpace(strings.TrimLeft(line, "-"))
		if err := h.read(line); err != nil {
			return h, headerError{line: i + 1, what: err.Error()}
		}
	}
	return h, nil
}

func (h *Header) read(line string) error {
	if m := grainLine.FindStringSubmatch(line); m != nil {
		return h.readGrain(strings.TrimSpace(m[1]))
	}
	if m := statementLine.FindStringSubmatch(line); m != nil {
		return h.readStatement(m[1], strings.TrimSpace(m[2]))
	}
	switch {
	case line == "view":
		h.View = true
	case line != "" && !strings.Contains(line, " ") && run.Closest(line, []string{"view"}) != "":
		return fmt.Errorf("unknown statement %q. Did you mean %q?", line, "view")
	case h.Sentence == "":
		h.Sentence = line
	}
	return nil
}

func (h *Header) readGrain(names string) error {
	if len(h.Grain) > 0 {
		return fmt.Errorf(`"one row per" is said twice`)
	}
	for _, n := range strings.Split(strings.ReplaceAll(strings.TrimSuffix(names, "."), " and ", ","), ",") {
		n = strings.TrimSpace(n)
		if !grainNames.MatchString(n) {
			return fmt.Errorf(`"one row per" is followed by column names, like "one row per contact_key, field"; %q is none`, n)
		}
		h.Grain = append(h.Grain, n)
	}
	return nil
}

func (h *Header) readStatement(name, value string) error {
	if !slices.Contains(statements, name) {
		return fmt.Errorf("unknown statement %q.%s", name, run.DidYouMean(name, statements))
	}
	if value == "" && name != "view" {
		return fmt.Errorf("%q says nothing after the colon", name)
	}
	switch name {
	case "view":
		return fmt.Errorf(`"view" stands alone, without a colon`)
	case "severity":
		if !slices.Contains(severities, value) {
			return fmt.Errorf("unknown severity %q; it is one of %s.%s", value, strings.Join(severities, ", "),
				run.DidYouMean(value, severities))
		}
		h.Severity = value
	case "fix":
		h.fix = value
	case "engineer":
		h.engineer = value
	case "one_act":
		h.oneAct = value
	case "off":
		h.Off = value
	case "decisions":
		h.decisions = strings.Fields(strings.ReplaceAll(value, ",", " "))
		for _, d := range h.decisions {
			if !slices.Contains(choices, d) {
				return fmt.Errorf("unknown decision %q; they are %s.%s", d, strings.Join(choices, ", "), run.DidYouMean(d, choices))
			}
		}
	case "parts":
		m := partsValue.FindStringSubmatch(value)
		if m == nil {
			return fmt.Errorf(`"parts" is written like "parts: by profile_key" or "parts: 16 by profile_key", not %q`, value)
		}
		h.PartBy = m[2]
		if m[1] == "" {
			return nil // as many as memory asks for
		}
		h.Parts, _ = strconv.Atoi(m[1])
		if h.Parts < 2 || h.Parts > 4096 {
			return fmt.Errorf(`"parts" takes 2 to 4096 parts, not %s`, m[1])
		}
	}
	return nil
}

// check says what a header lacks or has too much, given the floor it is on.
func (h Header) check(f floor) error {
	isCheck := f.Schema == ChecksSchema
	switch {
	case h.Off != "" && !isCheck:
		return fmt.Errorf(`only a check can be switched off; to leave a model out, replace it by a SELECT that gives no rows`)
	case h.Off != "":
		return nil
	case isCheck && h.Severity == "":
		return fmt.Errorf(`a check says how serious it is: "-- severity: stop", "hold" or "note"`)
	case isCheck && h.fix == "":
		return fmt.Errorf(`a check says what to do about it: "-- fix: …"; it is printed in the workbook`)
	case !isCheck && (h.Severity != "" || h.fix != "" || h.engineer != "" || h.oneAct != "" || len(h.decisions) > 0):
		return fmt.Errorf(`"severity", "fix", "engineer", "one_act" and "decisions" belong to checks, in %s`,
			FloorOf(ChecksSchema).Folder)
	case h.View && (isCheck || f.Schema == SalesSchema || f.Schema == ReportsSchema):
		return fmt.Errorf("files in %s are read by other stages and in workbooks: a view is not enough", f.Folder)
	case h.View && h.PartBy != "":
		return fmt.Errorf(`"view" and "parts" exclude each other: a view is not built`)
	case !isCheck && len(h.Grain) == 0:
		return fmt.Errorf(`the model does not say what one row is: add a line like "-- one row per contact_key"`)
	case h.Sentence == "":
		return fmt.Errorf(`the first comment line says in one sentence what this is`)
	}
	return nil
}
