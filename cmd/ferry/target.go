package main

import (
	"time"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/freshsales"
	"ferry/load/freshsales/twin"
)

// account is an opened target: where it is, and what to close afterwards.
type account struct {
	name  string
	conf  targetConfig
	url   string
	key   string
	clock freshsales.Clock
	twin  *twin.Twin // nil: not one of ours
	close func() error
	limit bool // false: the twin counts no calls
}

// openAccount finds the key of a target, or serves the twin for it.
func (s *session) openAccount(speed float64, limits bool) (*account, error) {
	name, t, err := s.chosenTarget()
	if err != nil {
		return nil, err
	}
	return s.openTarget(name, t, speed, limits)
}

func (s *session) openTarget(name string, t targetConfig, speed float64, limits bool) (*account, error) {
	if t.URL == twinURL {
		served, err := s.ownTwin(name, t, speed, limits)
		if err != nil {
			return nil, err
		}
		return &account{name: name, conf: t, url: served.url, key: twin.DefaultKey, clock: served.clock, twin: served.twin,
			close: served.stop, limit: limits}, nil
	}
	key, ok := s.env(keyVariable(name))
	if !ok || key == "" {
		return nil, run.Problemf("target "+name, "there is no key: the environment variable %s is not set",
			keyVariable(name)).
			WithTry("export %s=…   (Freshsales: Profile settings, API settings)", keyVariable(name))
	}
	return &account{name: name, conf: t, url: t.URL, key: key, clock: freshsales.SystemClock(),
		close: func() error { return nil }, limit: true}, nil
}

// closing closes an account at the end of a verb, without hiding an earlier error.
func closing(a *account, err *error) {
	if e := a.close(); *err == nil {
		*err = e
	}
}

// twinLag is how long after a write ferry's own twin shows it: at once.
const twinLag = 100 * time.Millisecond

// loadOptions are what every verb that talks to Freshsales hands down.
func (s *session) loadOptions(a *account, command string) load.Options {
	o := load.Options{
		Target: s.project.Target(a.name), URL: a.url, Key: a.key,
		PlanName: a.conf.Plan, QuotaShare: a.conf.QuotaShare, Rehearsal: a.conf.Rehearsal,
		Workers: s.config.Load.Workers, AccountsFirst: s.config.Load.AccountsFirst,
		OnConflict: s.config.Load.OnConflict, Acknowledged: s.config.Load.Acknowledged,
		CreateFields: s.config.Load.CreateFields || a.conf.URL == twinURL,
		FieldRoute:   s.config.Load.FieldRoute, FieldTypeNumbers: s.config.Load.FieldTypeNumbers,
		Choices:      map[string]string{"bulk": s.config.Load.Choices.Bulk, "single": s.config.Load.Choices.Single},
		MaxLoadHours: s.config.Load.MaxLoadHours, LifecycleMoves: s.config.Load.LifecycleMoves,
		SettleAfter: s.config.Load.SettleAfter, ReadBackAfter: s.config.Load.ReadBackAfter,
		BatchSize: min(s.config.Load.BatchSize, 100), PerHour: a.conf.PerHour, PerMinute: a.conf.PerMinute,
		KeyName:  keyVariable(a.name),
		NoLimits: !a.limit,
		Command:  command + " --target " + a.name,
		Clock:    a.clock,
		Events:   s.printer.event,
	}
	if a.twin != nil && o.ReadBackAfter == 0 {
		o.ReadBackAfter = twinLag
	}
	return o
}
