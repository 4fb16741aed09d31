// Package twin is a Freshsales to rehearse on: an account on loopback that answers as API.md (of
// the package above) says the real one does, with its validation, uniqueness, jobs, lagging views, limits
// and, on demand, its bad days. What is not known about the real one is a named switch.
//
// It is an http.Handler with its own state, on disk or in memory. It imports nothing else of this
// program, so that it cannot share a misunderstanding with the client it tests. Start at Config;
// serve.go answers a call, kinds.go says what there is, switches.go and faults.go what may be otherwise.
package twin

import (
	"cmp"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Config is a twin before it starts. The zero value is an empty account on the Growth plan, in
// memory, on the clock of the machine.
type Config struct {
	StateDir  string // "" keeps the state in memory
	Key       string // what goes behind "Token token="; "" is DefaultKey
	Keys      []Key  // more keys, of other users
	Plan      string // free, growth, pro, enterprise; "" is growth
	LimitsOff bool   // no calls are counted against the plan
	PerHour   int    // instead of the plan's figure, when not 0
	PerMinute int    // likewise
	Clock     Clock  // nil is WallClock
	Account   *Account
	Switches  Switches
	Faults    []Fault
	FaultSeed int64
	OnCall    func(Call) // told of every request after it was answered; may be nil
}

// DefaultKey is the API key when none is given.
const DefaultKey = "twin-key"

// Key is an API key and the user it belongs to.
type Key struct {
	Token     string
	Owner     string // e-mail of the user; "" is the first owner
	ReadOnly  bool   // writes are 403
	NoAccess  bool   // everything is 403
	OwnedOnly bool   // sees only records the user owns
}

// Twin is a running account.
type Twin struct {
	plan  plan
	keys  []Key
	clock Clock
	tell  func(Call)

	mu         sync.Mutex
	sw         answers
	account    Account
	zone       *time.Location
	store      *store
	limits     *limiter
	faults     *injector
	counts     counters
	waiting    []pendingAct
	stored     int64         // bytes of all files
	ahead      time.Duration // how far the state is ahead of the clock it was opened with
	emptied    time.Time     // when the recycle bins were last looked through
	second     int64         // the moment written last, and how
	secondText string
	gone       error // the state could not be written: nothing is answered any more
	handlers   []route
	rows       *rowForm // how rows of views are written
}

// New opens or makes an account. An account on disk keeps what it was set up with; Config.Account
// counts only for a new one.
func New(c Config) (*Twin, error) {
	sw, err := readSwitches(c.Switches)
	if err != nil {
		return nil, err
	}
	p, err := planNamed(cmp.Or(c.Plan, "growth"))
	if err != nil {
		return nil, err
	}
	t := &Twin{plan: p, sw: sw, clock: c.Clock, tell: c.OnCall, counts: counters{}}
	if t.clock == nil {
		t.clock = WallClock()
	}
	t.keys = append([]Key{{Token: cmp.Or(c.Key, DefaultKey)}}, c.Keys...)
	if t.faults, err = newInjector(c.Faults, c.FaultSeed); err != nil {
		return nil, err
	}
	if !c.LimitsOff {
		t.limits = &limiter{
			perHour:   cmp.Or(c.PerHour, p.perHour),
			perMinute: cmp.Or(c.PerMinute, p.perMinute),
			sliding:   sw.is("limit_window", "sliding"),
		}
	}
	t.handlers = routes()
	if t.store, err = openStore(c.StateDir, kinds(), sw.seconds("index_lag_seconds")); err != nil {
		return nil, err
	}
	if err := t.openAccount(c.Account); err != nil {
		return nil, errors.Join(err, t.store.log.close())
	}
	if behind := t.store.newest.Sub(t.clock.Now()); behind > 0 {
		t.ahead = behind
	}
	t.rows = t.newRowForm()
	t.recoverActs()
	t.weighFiles()
	return t, nil
}

// openAccount takes the account out of the state, or puts the given one there.
func (t *Twin) openAccount(given *Account) error {
	table := t.store.tables[tAccount]
	if d, known := table.get(1); known {
		a, err := accountFrom(d)
		if err != nil {
			return fmt.Errorf("twin: the account in the state file cannot be read: %w", err)
		}
		t.account = a
	} else {
		t.account = DefaultAccount()
		if given != nil {
			t.account = given.copy()
		}
		if err := t.allowed(t.account); err != nil {
			return err
		}
		t.account.number()
		if err := t.saveAccount(); err != nil {
			return err
		}
		if err := t.store.log.commit(); err != nil {
			return err
		}
	}
	zone, err := zoneOf(t.account)
	t.zone = zone
	return err
}

// zoneOf is where the account's clocks stand.
func zoneOf(a Account) (*time.Location, error) {
	offset, err := time.Parse("-07:00", cmp.Or(a.UTCOffset, "+00:00"))
	if err != nil {
		return nil, fmt.Errorf("twin: the account's utc_offset must look like -04:00, not %q", a.UTCOffset)
	}
	_, seconds := offset.Zone()
	return time.FixedZone("", seconds), nil
}

func (t *Twin) saveAccount() error {
	d, err := t.account.toDoc()
	if err != nil {
		return err
	}
	t.store.tables[tAccount].put(1, d, live, t.now())
	return nil
}

// now is the moment by the twin's clock. After a restart it never lies before what the state
// already knows, also where the clock ran faster than the wall before.
func (t *Twin) now() time.Time { return t.clock.Now().Add(t.ahead) }

// Close writes what is left and lets go of the state file.
func (t *Twin) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.gone = errors.New("twin: closed")
	return errors.Join(t.store.log.commit(), t.store.log.close())
}
