package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"ferry/extract"
	"ferry/extract/xtremepush"
	"ferry/extract/xtremepush/fake"
	"ferry/extract/xtremepush/sample"
	"ferry/internal/run"
)

// sourceToken is what the served Xtremepush accepts.
const sourceToken = "sandbox-app-token"

// sourceFaults are the bad days that can be had, by the word for them on the command line.
var sourceFaults = map[string]fake.FaultKind{"429": fake.TooMany, "429-seconds": fake.TooManyWaitSecs,
	"500": fake.Broken, "cut": fake.CutBody, "no-success": fake.NotSuccess,
	"no-envelope": fake.NoEnvelope, "hang-up": fake.HangUp, "401": fake.NoToken, "403": fake.NoScope,
	"404": fake.NotThere, "html": fake.WebPage, "garbage": fake.Garbage, "slow": fake.Slow}

// serveSource serves an Xtremepush API with sample data on this machine.
func (s *session) serveSource() error {
	if _, err := arguments(s.flags); err != nil {
		return err
	}
	if s.flags.Bool("switches") {
		kinds := sortedKeys(sourceFaults)
		return s.result(kinds, "bad days, for --fault KIND=SHARE or, of one list, "+
			"KIND=SHARE@LIST: "+strings.Join(kinds, ", ")+"\n")
	}
	if err := onThisMachine(s.flags.String("listen")); err != nil {
		return err
	}
	faults, err := sourceFaultsOf(s.flags.StringSlice("fault"))
	if err != nil {
		return err
	}
	if err := knownLists(s.flags.StringSlice("forbid"), faults); err != nil {
		return err
	}
	forbidden := map[string]bool{}
	for _, model := range s.flags.StringSlice("forbid") {
		forbidden[model] = true
	}
	lists, err := s.sampleLists(s.flags.Int("profiles"))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.flags.String("listen"))
	if err != nil {
		return run.Problemf(s.flags.String("listen"), "cannot listen here: %v", err).
			WithTry("ferry sandbox --source --listen 127.0.0.1:0   (any free port)")
	}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second,
		Handler: fake.New(fake.Config{Token: sourceToken, Lists: lists, Cap: s.flags.Int("cap"), Forbidden: forbidden,
			Faults: faults, Now: s.now})}
	go func() { _ = server.Serve(listener) }()
	url := "http://" + listener.Addr().String()
	if err := s.result(map[string]any{"url": url, "token": sourceToken}, sourceText(url, lists)); err != nil {
		return err
	}
	<-s.ctx.Done()
	return server.Close()
}

func sourceFaultsOf(said []string) ([]fake.Fault, error) {
	var all []fake.Fault
	for _, f := range said {
		day, list, _ := strings.Cut(f, "@")
		word, share, _ := strings.Cut(day, "=")
		kind, known := sourceFaults[word]
		n, err := strconv.ParseFloat(share, 64)
		if !known || err != nil || n <= 0 || n > 1 {
			return nil, run.Problemf("--fault "+f, "a bad day is a kind and its share of the calls, such as 429=0.05, or "+
				"500=1@message for one list; kinds: %s", strings.Join(sortedKeys(sourceFaults), ", ")).WithExit(run.ExitUsage)
		}
		all = append(all, fake.Fault{Kind: kind, Share: n, Model: list})
	}
	return all, nil
}

// knownLists refuses a list that is not served.
func knownLists(forbidden []string, faults []fake.Fault) error {
	var served []string
	for _, e := range xtremepush.Endpoints() {
		served = append(served, e.Name)
	}
	for _, f := range faults {
		if f.Model != "" {
			forbidden = append(forbidden, f.Model)
		}
	}
	for _, name := range forbidden {
		if !slices.Contains(served, name) {
			return run.Problemf(name, "there is no such list; there are: %s", strings.Join(served, ", ")).WithExit(run.ExitUsage)
		}
	}
	return nil
}

func sourceText(url string, lists map[string][]fake.Row) string {
	text := fmt.Sprintf(`an Xtremepush listens on %[1]s   (Ctrl-C ends it)

in ferry.yaml                             and in the shell
  source:                                   export FERRY_SOURCE_TOKEN=%[2]s
    api:                                    ferry extract --probe
      base_url: %[1]s       ferry extract
      per_second: 50

curl -s %[1]s/api/external/list/profile -d '{"apptoken":"%[2]s","limit":2}'

`, url, sourceToken)
	for _, model := range sortedKeys(lists) {
		text += fmt.Sprintf("  list/%-24s %d rows\n", model, len(lists[model]))
	}
	return text
}

// sampleLists are the lists of the API, made of sample exports as extract lands them.
func (s *session) sampleLists(profiles int) (map[string][]fake.Row, error) {
	temp, err := os.MkdirTemp("", "ferry-source-")
	if err != nil {
		return nil, run.CannotWrite("the temporary folder", err)
	}
	defer os.RemoveAll(temp)
	p := run.OpenProject(temp)
	o := demoSample(profiles)
	o.Clean, o.Trials = true, false
	if err := sample.Write(p.Exports(), o); err != nil {
		return nil, run.CannotWrite(p.Exports(), err)
	}
	dir, err := p.NewRun(s.now())
	if err != nil {
		return nil, err
	}
	if _, err := extract.Run(s.ctx, dir, extract.Options{Exports: p.Exports(), Now: s.now}); err != nil {
		return nil, err
	}
	lists := map[string][]fake.Row{}
	for _, e := range xtremepush.Endpoints() {
		if e.Disabled {
			continue // served by another list
		}
		rows, err := landedRows(dir, e)
		if err != nil {
			return nil, err
		}
		lists[e.Name] = rows
	}
	return lists, nil
}

// landedRows are the rows of a list: what landed, with the record's own id called id as the API does.
func landedRows(dir run.Dir, e xtremepush.Endpoint) ([]fake.Row, error) {
	entity, _ := xtremepush.ByName(e.Entity)
	own, _ := entity.Column("id")
	parts, err := filepath.Glob(filepath.Join(dir.Landed(e.Entity), "*.parquet"))
	if err != nil {
		return nil, err
	}
	slices.Sort(parts)
	rows := []fake.Row{}
	for _, part := range parts {
		err := run.ReadTable(part, func(columns []run.Column, row run.Row) error {
			if r := apiRow(columns, row, own, e.Add); r != nil && onlyHere(e, r) {
				rows = append(rows, r)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// onlyHere divides the consents between the two lists that have them.
func onlyHere(e xtremepush.Endpoint, r fake.Row) bool {
	switch e.Name {
	case "profile-subscription":
		return r["preference_name"] == nil
	case "consent-preference-profile":
		return r["preference_name"] != nil
	}
	return true
}

// apiRow is a landed record as the API would give it; nil if it belongs to another list.
func apiRow(columns []run.Column, row run.Row, own int, add map[string]string) fake.Row {
	out := fake.Row{}
	for i, c := range columns {
		value, ok := row[i].(string)
		implied, other := add[c.Name]
		switch {
		case !ok:
		case other && implied != value:
			return nil
		case other:
		case c.Name == "_extra":
			extra := map[string]any{}
			_ = json.Unmarshal([]byte(value), &extra)
			for k, v := range extra {
				out[k] = v
			}
		case strings.HasPrefix(c.Name, "_"):
		case i == own:
			out["id"] = apiValue(value)
		default:
			out[c.Name] = apiValue(value)
		}
	}
	return out
}

// apiValue is a number where the text is one that no digit of would be lost.
func apiValue(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) == text {
		return n
	}
	return text
}
