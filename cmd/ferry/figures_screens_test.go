package main

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// What the screens of the stages and of status count.
var (
	aSum      = regexp.MustCompile(`(?m)^  (\w+) +([\d,]+) =(.*)$`)
	aPhase    = regexp.MustCompile(`(?m)^  ([a-z_]+) +([\d,]+ (?:created?|blocked|held|unchanged|updated?|refused|pending|conflict).*)$`)
	aCount    = regexp.MustCompile(`([\d,]+) (\w+)`)
	landed    = regexp.MustCompile(`landed +([\d,]+) records from`)
	built     = regexp.MustCompile(`built .*: ([\d,]+) records held, ([\d,]+) notes`)
	readBack  = regexp.MustCompile(`(?m)^  [a-z_]+ +.*?([\d,]+) read  [\d,]+ sent`)
	inLedger  = regexp.MustCompile(`(?m)^target +twin .*ledger: (.*), last`)
	entityAre = map[string]string{"phone_calls": "phone calls", "appointments": "meetings",
		"sales_activities": "sales activities", "account_links": "account links"}
)

func (c *tally) screens(screen string) {
	c.calls(screen)
	if m := landed.FindStringSubmatch(screen); m != nil {
		c.add("records read", "the screen of extract", number(m[1]))
	}
	if m := built.FindStringSubmatch(screen); m != nil {
		c.add("contacts that wait", "the screen of transform", number(m[1]))
		c.add("findings that hold nothing", "the screen of transform", number(m[2]))
	}
	_, sums, _ := strings.Cut(screen, "where every record went")
	for _, m := range aSum.FindAllStringSubmatch(sums, -1) {
		c.addTo("records read", "the sums on the screen", number(m[2]))
		for _, x := range aCount.FindAllStringSubmatch(m[3], -1) {
			c.addTo("records that are "+x[2], "the sums on the screen", number(x[1]))
		}
	}
	for _, m := range readBack.FindAllStringSubmatch(screen, -1) {
		c.addTo("records read back", "the screen of reconcile", number(m[1]))
	}
	for title, part := range map[string]string{"plan": between(screen, "\nplanned ", "\nloaded "),
		"load": between(screen, "\nloaded ", "\nread back ")} {
		for _, m := range aPhase.FindAllStringSubmatch(part, -1) {
			c.phase("the screen of "+title, m[1], m[2], title == "load")
		}
	}
	status := say(c.t, nil, "status", "--dir", c.dir.Project().Root())
	m := inLedger.FindStringSubmatch(status.out)
	if m == nil {
		c.t.Errorf("status does not say what lies in the twin:\n%s", status.out)
		return
	}
	for _, x := range aCount.FindAllStringSubmatch(m[1], -1) {
		if x[2] == "created" || x[2] == "updated" || x[2] == "unchanged" {
			c.addTo("records in Freshsales", "status", number(x[1]))
			c.addTo("records "+x[2]+" in the twin", "status", number(x[1]))
		}
	}
}

// phase adds a line such as “contacts  342 created  15 held”.
func (c *tally) phase(where, entity, line string, isLoad bool) {
	name := entity
	if words, other := entityAre[entity]; other {
		name = words
	}
	for _, x := range aCount.FindAllStringSubmatch(line, -1) {
		n := number(x[1])
		switch x[2] {
		case "created", "updated", "unchanged":
			if isLoad {
				c.addTo("records "+x[2]+" in the twin", where, n)
				c.addTo(name+" that arrive", where, n)
				c.addTo("records in Freshsales", where, n)
			}
		case "held":
			if entity == "contacts" {
				c.addTo("contacts that wait", where, n)
			}
		}
		if !isLoad {
			c.addTo("records planned", where, n)
		}
	}
}

func between(text, from, to string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, _ = strings.Cut(text, to)
	return text
}

// calls: what scope says the load costs is what the plan says, within what scope admits.
func (c *tally) calls(screen string) {
	c.t.Helper()
	said := regexp.MustCompile(`of them write \(planned: ([\d,]+)\)`).FindStringSubmatch(screen)
	if said == nil {
		c.t.Fatal("the screen does not say how many calls were planned")
	}
	planned, err := strconv.Atoi(strings.ReplaceAll(said[1], ",", ""))
	if err != nil {
		c.t.Fatal(err)
	}
	priced := 0
	for _, row := range c.model("reports", "scope_costs") {
		note, _ := row["note"].(string)
		calls, _ := row["calls"].(int64)
		if !strings.HasSuffix(note, "(this is set now)") {
			continue
		}
		priced++
		if off := math.Abs(float64(int(calls) - planned)); off > max(40, 0.03*float64(planned)) {
			c.t.Errorf("scope says about %d calls, the plan %d", calls, planned)
		}
	}
	if priced == 0 {
		c.t.Error("scope prices no way to carry events as it is set now")
	}
}
