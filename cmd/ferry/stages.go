package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"strings"

	"ferry/extract"
	"ferry/internal/run"
	"ferry/load"
	"ferry/load/freshsales"
	"ferry/sql"
)

// This file turns ferry.yaml, flags and environment into the options of each stage.

// sqlOptions are those of a transformation; with a target, loaded.* is what was done there.
func (s *session) sqlOptions(target string) (sql.Options, error) {
	scope := s.config.Scope.rows()
	if zone := s.config.Source.Zone; zone != "" {
		scope[sql.ZoneSetting] = zone
	}
	if plan := s.config.plan(); plan != "" {
		scope["freshsales.plan"] = plan
	}
	if target != "" {
		codes, err := consentRows(s.project.Target(target))
		if err != nil {
			return sql.Options{}, err
		}
		maps.Copy(scope, codes)
		known, err := s.signedMap(target)
		if err != nil {
			return sql.Options{}, err
		}
		maps.Copy(scope, known)
	}
	return sql.Options{
		Analyst: s.analystFiles(),
		Landed: append(extract.Tables(), extract.RejectsTable(),
			extract.RepairsTable(), extract.SourcesTable()),
		Loaded:      load.Tables(),
		Fields:      entityFields(),
		Given:       s.given(),
		Decisions:   s.project.Decisions(),
		Scope:       scope,
		Program:     programDigest,
		RunInfo:     map[string]string{"version": version},
		Target:      target,
		MemoryLimit: s.config.Limits.Memory,
		Threads:     s.config.Limits.Threads,
		Now:         s.now,
		Events:      s.printer.event,
	}, nil
}

// signedMap is, for a production account, the list of attributes that were there when the rehearsal
// was signed: SQL leaves out what came later and nobody confirmed. The types of their fields are frozen with it.
func (s *session) signedMap(target string) (map[string]string, error) {
	if t, known := s.config.Targets[target]; !known || t.Rehearsal {
		return nil, nil
	}
	so, _, err := s.facts().Signed()
	if err != nil || !so.IsAccepted() {
		return nil, err
	}
	names, types := []string{}, [][2]string{}
	for _, i := range so.Map {
		if i.Kind == "attribute" {
			names = append(names, i.Name)
			if t := i.Type(); t != "" {
				types = append(types, [2]string{i.Name, t})
			}
		}
	}
	known, err := json.Marshal(names)
	frozen, typesErr := json.Marshal(types)
	return map[string]string{"map.known": string(known), "map.types": string(frozen)}, errors.Join(err, typesErr)
}

// analystFiles is the project's sql folder, or nothing when there is none.
func (s *session) analystFiles() fs.FS {
	if _, err := os.Stat(s.project.SQL()); err != nil {
		return nil
	}
	return os.DirFS(s.project.SQL())
}

// configFacts is what run.json keeps of the configuration; there is no secret in it.
func (s *session) configFacts() map[string]string {
	facts := s.config.Scope.rows()
	for _, name := range sortedKeys(s.config.Targets) {
		facts["target."+name] = s.config.Targets[name].URL + " (" + s.config.Targets[name].Plan + ")"
	}
	facts["exports"] = s.config.Source.Exports
	return facts
}

// begin opens a run for writing: its log and its lock.
func (s *session) begin(dir run.Dir, what string) (*run.Lock, error) {
	lock, err := run.TakeLock(dir.LockFile(), "the run "+dir.ID(), s.now())
	if err != nil {
		return nil, err
	}
	if err := s.printer.logTo(dir); err != nil {
		_ = lock.Release()
		return nil, run.CannotWrite(dir.Log(), err)
	}
	s.printer.event(run.Event{Stage: what, Kind: run.Note, Text: "run " + dir.ID()})
	return lock, nil
}

// entityFields hands the names Freshsales knows to the SQL stage, which checks columns by them.
func entityFields() []sql.EntityFields {
	all := []sql.EntityFields{ // these two are not sent: the loader reads them
		{Entity: "contact_members", Key: "profile_key", Columns: []string{"contact_key"}},
		{Entity: "fields", Columns: []string{"entity", "name", "label", "type", "choices", "source", "reason", "confirmed"}},
	}
	for _, e := range freshsales.Entities() {
		f := sql.EntityFields{Entity: e.Table(), Order: load.OrderOf(e.Table()), Key: strings.TrimPrefix(e.One, "sales_account") + "_key"}
		if f.Key == "_key" {
			f.Key = "account_key"
		}
		for _, a := range e.Attributes {
			f.Columns = append(f.Columns, a.Name)
		}
		all = append(all, f)
	}
	return all
}
