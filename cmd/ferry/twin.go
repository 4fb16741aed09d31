package main

import (
	"errors"
	"net"
	"net/http"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/freshsales/twin"
)

// served is a twin listening on this machine only.
type served struct {
	url   string
	twin  *twin.Twin
	stop  func() error
	clock freshsales.Clock
}

// serveTwin starts a twin with its state on disk. One process at a time may hold the state.
func serveTwin(c twin.Config, clock freshsales.Clock, address string, now time.Time) (*served, error) {
	lock, err := run.TakeLock(c.StateDir+".lock", "the twin's state", now)
	if err != nil {
		return nil, err
	}
	tw, err := twin.New(c)
	if err != nil {
		_ = lock.Release()
		return nil, run.Problemf(c.StateDir, "the twin cannot start: %v", err).
			WithTry("correct the option; or move the folder away to start with an empty account")
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		_, _ = tw.Close(), lock.Release()
		return nil, run.Problemf(address, "cannot listen here: %v", err).
			WithTry("ferry sandbox --listen 127.0.0.1:0   (any free port)")
	}
	server := &http.Server{Handler: tw, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return &served{url: "http://" + listener.Addr().String() + "/crm/sales", twin: tw, clock: clock, stop: func() error {
		return errors.Join(server.Close(), tw.Close(), lock.Release()) // nobody is asking any more
	}}, nil
}

// twinClocks gives the twin's clock and the loader's: the same one, factor times as fast as the wall's.
func twinClocks(now time.Time, factor float64) (twin.Clock, freshsales.Clock) {
	if factor == 1 {
		return nil, freshsales.SystemClock()
	}
	c := freshsales.ScaledClock(now, factor)
	return c, c
}

// ownTwin is the twin behind a target with `url: twin`: an account whose administrator lets ferry
// make fields, so that provisioning is rehearsed too.
func (s *session) ownTwin(name string, t targetConfig, speed float64, limits bool) (*served, error) {
	clock, ours := twinClocks(s.now(), speed)
	return serveTwin(twin.Config{
		StateDir:  s.project.Target(name).TwinState(),
		Plan:      t.Plan,
		LimitsOff: !limits,
		Clock:     clock,
		Switches:  twin.Switches{"field_creation": "documented", "job_seconds": "0", "index_lag_seconds": "0"},
	}, ours, "127.0.0.1:0", s.now())
}
