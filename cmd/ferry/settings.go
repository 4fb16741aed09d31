package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql"
)

// twinURL marks a target served by ferry itself.
const twinURL = "twin"

type targetConfig struct {
	URL        string  `yaml:"url"`              // https://<name>.myfreshworks.com/crm/sales, or twin
	Plan       string  `yaml:"plan"`             // free, growth, pro, enterprise
	Rehearsal  bool    `yaml:"rehearsal"`        // a sandbox or the twin: unconfirmed mappings may go there
	QuotaShare float64 `yaml:"quota_share"`      // of the plan's calls; users share the account
	PerHour    int     `yaml:"calls_per_hour"`   // instead of the plan's figure; -1: no limit
	PerMinute  int     `yaml:"calls_per_minute"` // instead of 400; -1: no limit
	NoSandbox  bool    `yaml:"no_sandbox"`       // the customer's plan has no sandbox: a rehearsal on the twin is enough
}

var plans = []string{"free", "growth", "pro", "enterprise"}

// plan is the plan whose limits everything must fit: that of the production accounts, the smallest of several, or of
// those there are; "" if there is none.
func (c config) plan() string {
	found := map[bool][]string{}
	for _, t := range c.Targets {
		found[t.Rehearsal] = append(found[t.Rehearsal], t.Plan)
	}
	candidates := found[false]
	if len(candidates) == 0 {
		candidates = found[true]
	}
	for _, p := range plans {
		if slices.Contains(candidates, p) {
			return p
		}
	}
	return ""
}

func defaults() config {
	return config{Source: sourceConfig{Exports: "exports"}, Cutover: cutoverConfig{Differences: 0.001,
		TellBefore: "From the freeze on nobody changes anything in Xtremepush; what is changed there later may be lost.",
		TellDuring: "Freshsales is being filled; please do not work in it yet.",
		TellAfter:  "Freshsales is where you work from now on; tell us what looks wrong."}}
}

var targetName = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// check refuses what could only fail later and further away from its cause.
func (c *config) check(path string) error {
	bad := func(format string, args ...any) error {
		return run.Problemf(path, format, args...).WithExit(run.ExitUsage).WithTry("correct this line of ferry.yaml")
	}
	if api := c.Source.API; api != nil && regions[api.BaseURL] == "" {
		if err := checkURL(api.BaseURL); err != nil {
			return bad("source.api.base_url: %v (or eu, or us)", err)
		}
	}
	for _, name := range sortedKeys(c.Targets) {
		t := c.Targets[name]
		if !targetName.MatchString(name) {
			return bad("targets.%s: a target is named with lower-case letters, digits, - and _", name)
		}
		if t.QuotaShare == 0 {
			t.QuotaShare = 0.95
		}
		if t.QuotaShare < 0 || t.QuotaShare > 1 {
			return bad("targets.%s.quota_share: %v is not between 0 and 1", name, t.QuotaShare)
		}
		t.Plan = strings.ToLower(t.Plan)
		if !slices.Contains(plans, t.Plan) {
			return bad("targets.%s.plan: %q is not one of %s; it decides the hourly limit and the number of fields", name,
				t.Plan, strings.Join(plans, ", "))
		}
		if t.URL != twinURL {
			if err := checkURL(t.URL); err != nil {
				return bad("targets.%s.url: %v", name, err)
			}
		}
		c.Targets[name] = t
	}
	if err := c.Cutover.check(); err != nil {
		return bad("%v", err)
	}
	if _, err := sql.MemoryBytes(c.Limits.Memory); err != nil {
		return bad("limits.memory: %v", err)
	}
	if err := c.Load.check(); err != nil {
		return bad("%v", err)
	}
	return c.Scope.check(path)
}

// checkURL asks for https anywhere but on this machine: the key travels in a header.
func checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return fmt.Errorf("%q is not an address such as https://NAME.myfreshworks.com/crm/sales", text)
	}
	if u.User != nil { // the address itself is not repeated: it holds a secret
		return errors.New("an address must not carry a name or a password (https://name:password@…); keys are " +
			"read from the environment")
	}
	host := u.Hostname()
	loopback := host == "localhost" || net.ParseIP(host).IsLoopback()
	if u.Scheme != "https" && !(u.Scheme == "http" && loopback) {
		return fmt.Errorf("%s would send the key unencrypted; only https is accepted, except to this machine", text)
	}
	return nil
}

// target gives one configured target, or says which there are.
func (c config) target(path, name string) (targetConfig, error) {
	t, ok := c.Targets[name]
	if ok {
		return t, nil
	}
	names := sortedKeys(c.Targets)
	p := run.Problemf(path, "there is no target %q; ferry.yaml has: %s", name, strings.Join(names, ", ")).
		WithExit(run.ExitUsage)
	if len(names) == 0 {
		p.What = "ferry.yaml has no targets"
		return t, p.WithTry("add one under targets: (ferry init in an empty folder shows how)")
	}
	return t, p.WithTry("--target %s", names[0])
}
