package twin

import (
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"time"
)

// Fault is one kind of bad day. It strikes a share of the calls it is for, always the same ones
// for the same seed and the same order of calls.
type Fault struct {
	Kind string `json:"kind"`
	// which endpoint kinds, such as "contacts.bulk_upsert" or "*.create"; "" is all
	On      string  `json:"on,omitempty"`
	Rate    float64 `json:"rate,omitempty"`    // share of calls, 0 to 1; 0 is every one
	Skip    int     `json:"skip,omitempty"`    // so many matching calls are spared first
	Times   int     `json:"times,omitempty"`   // so often at most; 0 has no end
	Burst   int     `json:"burst,omitempty"`   // so many matching calls in a row once it strikes; 0 is 1
	Seconds float64 `json:"seconds,omitempty"` // for those that wait or tell to wait
}

// FaultKind is a bad day by name, with what it does.
type FaultKind struct{ Name, Does string }

// FaultKinds lists every kind of fault.
func FaultKinds() []FaultKind { return slices.Clone(faultKinds) }

const (
	err500Before  = "500_before"
	err500After   = "500_after"
	cutBefore     = "cut_before"
	cutAfter      = "cut_after"
	cutBody       = "cut_body"
	lateAnswer    = "late_answer"
	lateAct       = "late_act"
	gatewayBefore = "gateway_before"
	gatewayAfter  = "gateway_after"
	limited       = "429"
	limitedSilent = "429_silent"
	edgeLimited   = "429_edge"
	bulkRefused   = "405_bulk"
	jobHangs      = "job_hangs"
	jobFails      = "job_fails"
	jobSomeFail   = "job_some_fail"
	jobOddReport  = "job_odd_report"
	keyRevoked    = "401"
	forbidden     = "403"
)

var faultKinds = []FaultKind{
	{err500Before, "500, nothing was done"},
	{err500After, "500, but it was done"},
	{cutBefore, "the connection is cut, nothing was done"},
	{cutAfter, "the connection is cut, but it was done"},
	{cutBody, "it was done; the answer breaks off in the middle"},
	{lateAnswer, "it was done; the answer comes after Seconds (60), or never if the client leaves"},
	{lateAct, "it is done after Seconds (90) only; the client's connection is cut at once"},
	{gatewayBefore, "a gateway's 502 page in HTML, nothing was done"},
	{gatewayAfter, "a gateway's 504 page in HTML, but it was done"},
	{limited, "429 with Retry-After of Seconds (5)"},
	{limitedSilent, "429 without Retry-After"},
	{edgeLimited, "429 of the edge, before the key is looked at, in HTML, with Retry-After of Seconds (180)"},
	{bulkRefused, "405 on bulk upsert, nothing was done"},
	{jobHangs, "the bulk job never ends, and does nothing"},
	{jobFails, "the bulk job fails as a whole"},
	{jobSomeFail, "some items of the bulk job are not written; the report tells"},
	{jobOddReport, "some items of the bulk job are not written; the report has an unknown shape"},
	{keyRevoked, "401, as if the key had been revoked"},
	{forbidden, "403, as if a permission had been taken away"},
}

// bulkOnly are the faults that only a bulk upsert can suffer.
var bulkOnly = map[string]bool{bulkRefused: true, jobHangs: true, jobFails: true, jobSomeFail: true, jobOddReport: true}

// injector decides which faults strike.
type injector struct {
	faults []*activeFault
}

type activeFault struct {
	Fault
	random     *rand.Rand
	seen, done int
	burst      int
}

func newInjector(faults []Fault, seed int64) (*injector, error) {
	in := &injector{}
	for i, f := range faults {
		if !slices.ContainsFunc(faultKinds, func(k FaultKind) bool { return k.Name == f.Kind }) {
			return nil, fmt.Errorf("twin: there is no fault %q", f.Kind)
		}
		if _, err := path.Match(f.On, ""); err != nil {
			return nil, fmt.Errorf("twin: fault %s: bad pattern %q", f.Kind, f.On)
		}
		in.faults = append(in.faults, &activeFault{Fault: f, random: rand.New(rand.NewPCG(uint64(seed), uint64(i)))})
	}
	return in, nil
}

// struck is what strikes one call: the faults by kind.
type struck map[string]*activeFault

func (in *injector) strike(kind string) struck {
	var out struck
	for _, f := range in.faults {
		if f.strikes(kind) {
			if out == nil {
				out = struck{}
			}
			out[f.Kind] = f
		}
	}
	return out
}

func (f *activeFault) strikes(kind string) bool {
	if f.On != "" {
		if match, _ := path.Match(f.On, kind); !match {
			return false
		}
	}
	if bulkOnly[f.Kind] && !strings.HasSuffix(kind, ".bulk_upsert") {
		return false
	}
	if f.burst > 0 {
		f.burst--
		return true
	}
	f.seen++
	if f.seen <= f.Skip || f.Times > 0 && f.done >= f.Times {
		return false
	}
	if f.Rate > 0 && f.random.Float64() >= f.Rate {
		return false
	}
	f.done++
	f.burst = max(f.Burst-1, 0)
	return true
}

func (s struck) has(kind string) bool { return s[kind] != nil }

// wait is the time a fault is about.
func (s struck) wait(kind string, otherwise time.Duration) time.Duration {
	if f := s[kind]; f != nil && f.Seconds > 0 {
		return time.Duration(f.Seconds * float64(time.Second))
	}
	return otherwise
}
