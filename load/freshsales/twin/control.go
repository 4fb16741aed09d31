package twin

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
)

var errNoSuchAdmin = errors.New("twin: there is nothing here; see GET calls, switches, account")

// SwitchValues is every switch as it stands.
func (t *Twin) SwitchValues() map[string]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.sw)
}

// SetSwitches throws switches while the twin runs.
func (t *Twin) SetSwitches(s Switches) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	next := maps.Clone(t.sw)
	for name, value := range s {
		if err := next.set(name, value); err != nil {
			return err
		}
	}
	t.sw = next
	t.rows = t.newRowForm()
	t.store.lag = next.seconds("index_lag_seconds")
	if t.limits != nil {
		t.limits.sliding = next.is("limit_window", "sliding")
	}
	return nil
}

// SetFaults replaces the faults while the twin runs.
func (t *Twin) SetFaults(seed int64, faults ...Fault) error {
	in, err := newInjector(faults, seed)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = in
	return nil
}

// Account is what the administrator has set up.
func (t *Twin) Account() Account {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.account.copy()
}

// SetAccount is an administrator at work: fields, choices, owners and stages as given, new ids
// where there are none.
func (t *Twin) SetAccount(a Account) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone != nil {
		return t.gone
	}
	next := a.copy()
	if err := t.allowed(next); err != nil {
		return err
	}
	zone, err := zoneOf(next)
	if err != nil {
		return err
	}
	next.number()
	before := t.account
	t.account = next
	if err := t.saveAccount(); err != nil {
		t.account = before
		return err
	}
	t.zone, t.secondText = zone, ""
	return t.store.log.commit()
}

// allowed says whether an administrator can have set up an account like this.
func (t *Twin) allowed(a Account) error {
	for _, entity := range fieldEntities {
		unique := 0
		for _, f := range a.Fields[entity] {
			if f.Unique {
				unique++
			}
		}
		if limit := t.sw.count("unique_fields_max"); unique > limit {
			return fmt.Errorf("twin: %s have %d unique fields, more than %d", entity, unique, limit)
		}
	}
	return nil
}

// copy shares nothing with the original.
func (a Account) copy() Account {
	text, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	var out Account
	if err := json.Unmarshal(text, &out); err != nil {
		panic(err)
	}
	if out.Fields == nil {
		out.Fields = map[string][]Field{}
	}
	if out.Lists == nil {
		out.Lists = map[string][]Item{}
	}
	return out
}
