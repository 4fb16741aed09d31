package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/reports/books"
)

// tables: the figures as the models hold them.
func (c *tally) tables() {
	contacts := c.model("freshsales", "contacts")
	held := map[string]bool{}
	for _, r := range c.model("reports", "targets") {
		fate, entity := fmt.Sprint(r["fate"]), fmt.Sprint(r["entity"])
		if entity == "contacts" && (fate == "held" || fate == "blocked") {
			held[fmt.Sprint(r["key"])] = true
		}
		if slices.Contains([]string{"held", "blocked", "refused"}, fate) {
			c.bump("records not arrived", "reports.targets")
		}
		c.bump("records planned", "reports.targets")
	}
	c.add("contacts that wait", "reports.targets", len(held))
	c.add("contacts that arrive", "freshsales.contacts", len(contacts)-len(held))
	for _, r := range c.model("reports", "fate_counts") {
		c.addTo(fmt.Sprint("records that are ", r["fate"]), "reports.fate_counts", number(fmt.Sprint(r["records"])))
		c.addTo("records read", "reports.fate_counts", number(fmt.Sprint(r["records"])))
	}
	tagged := map[string]int{}
	for _, r := range contacts {
		tags, _ := r["tags"].([]string)
		for _, tag := range tags {
			tagged[tag]++
		}
	}
	for tag, n := range tagged {
		c.add("contacts with the tag "+tag, "freshsales.contacts", n)
	}
}

// addTo adds to a figure of one place.
func (c *tally) addTo(figure, where string, value int) {
	for i, x := range c.list {
		if x.figure == figure && x.where == where {
			c.list[i].value += value
			return
		}
	}
	c.add(figure, where, value)
}

func (c *tally) bump(figure, where string) { c.addTo(figure, where, 1) }

func (c *tally) model(floor, name string) (list []map[string]any) {
	c.t.Helper()
	table, err := run.OpenTable(c.dir.Model(floor, name))
	if err != nil {
		c.t.Fatal(err)
	}
	defer table.Close()
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			c.t.Fatal(err)
		}
		m := map[string]any{}
		for i, column := range table.Columns() {
			m[column.Name] = row[i]
		}
		list = append(list, m)
	}
}

// page adds what the first page of a workbook says, by its own names.
func (c *tally) page(path string, names map[string]string) map[string]int {
	c.t.Helper()
	figures, verdict := c.summary(path)
	for at, figure := range names {
		value, there := figures[at]
		if !there {
			c.t.Errorf("%s does not say “%s” on its first page: %v", filepath.Base(path), at, figures)
		}
		c.add(figure, filepath.Base(path)+", "+at, value)
	}
	c.verdict(filepath.Base(path), verdict)
	return figures
}

// What the sentences under the verdicts count.
var counts = []struct {
	figure string
	in     *regexp.Regexp
}{
	{"contacts that arrive", regexp.MustCompile(`([\d,]+) contacts? and [\d,]+ other`)},
	{"records not arrived", regexp.MustCompile(`Freshsales; ([\d,]+) wait for an answer or were refused`)},
	{"contacts that wait", regexp.MustCompile(`([\d,]+) of [\d,]+ contacts? (?:is|are) held back`)},
	{"findings that hold nothing", regexp.MustCompile(`; ([\d,]+) remarks? holds? nothing back`)},
	{"records in Freshsales", regexp.MustCompile(`([\d,]+) of [\d,]+ records are in Freshsales`)},
	{"records planned", regexp.MustCompile(`[\d,]+ of ([\d,]+) records are in Freshsales`)},
	{"records read back", regexp.MustCompile(`of ([\d,]+) read back differ`)},
}

func (c *tally) verdict(where, sentence string) {
	for _, x := range counts {
		if m := x.in.FindStringSubmatch(sentence); m != nil {
			c.add(x.figure, where+", the sentence under the verdict", number(m[1]))
		}
	}
}

func (c *tally) scope(path string) {
	figures := c.page(path, map[string]string{
		"All records of the exports/Read":                "records read",
		"Profiles/Arrive in Freshsales":                  "contacts that arrive",
		"Profiles/Wait for an answer":                    "contacts that wait",
		"Profiles/Read":                                  "profiles read",
		"What Freshsales will get/Contacts":              "contacts that arrive",
		"What Freshsales will get/Wait, or were refused": "records not arrived",
		"What Freshsales will get/Records":               "records planned",
	})
	for at, value := range figures {
		if entity, is := strings.CutPrefix(at, "What Freshsales will get/"); is && entity != "Wait, or were refused" &&
			entity != "Records" && entity != "Contacts" {
			c.add(strings.ToLower(entity)+" that arrive", "scope.xlsx, first page", value)
		}
	}
	moves := c.rows(path, "What moves")
	c.add("records read", "scope.xlsx, What moves", adding(moves, nil, "Records in the exports"))
	profiles := having("Kind of data", "Profiles")
	c.add("profiles read", "scope.xlsx, What moves", adding(moves, profiles, "Records in the exports"))
	c.add("contacts that arrive", "scope.xlsx, What moves", adding(moves, profiles, "Arrive in Freshsales"))
	c.add("contacts that wait", "scope.xlsx, What moves", adding(moves, profiles, "Wait for an answer"))
	c.add("campaigns", "scope.xlsx, What moves",
		adding(moves, having("Kind of data", "Campaigns"), "Listed in the hand-over"))
	for label, column := range map[string]string{"Could not be read": "Could not be read",
		"The same record again": "The same again", "Go into another record": "Go into another record",
		"Counted in summaries": "Counted in summaries", "Listed in the hand-over": "Listed in the hand-over",
		"Refused by Freshsales": "Refused by Freshsales", "Wait for an answer": "Wait for an answer",
		"Arrive in Freshsales": "Arrive in Freshsales"} {
		n := adding(moves, nil, column)
		if _, told := figures["All records of the exports/"+label]; told || n > 0 {
			c.add("records: "+label, "scope.xlsx, What moves", n)
			c.add("records: "+label, "scope.xlsx, first page", figures["All records of the exports/"+label])
		}
	}
	went := c.rows(path, "Where records went")
	for fate, word := range books.FateWords {
		if n := adding(went, having("What became of them", word), "Records"); n > 0 {
			c.add("records that are "+fate, "scope.xlsx, Where records went", n)
		}
	}
	c.add("contacts that arrive", "scope.xlsx, Where records went", adding(went, func(r map[string]string) bool {
		return r["Kind of data"] == "Profiles" && slices.Contains(inFreshsales(), r["What became of them"])
	}, "Records"))
	files := c.rows(path, "Files read")
	c.add("records read", "scope.xlsx, Files read", adding(files, nil, "Records"))
	c.add("records that are rejected", "scope.xlsx, Files read", adding(files, nil, "Could not be read"))
	c.add("records that are rejected", "scope.xlsx, Unreadable records", len(c.rows(path, "Unreadable records")))
}

// text adds what a text beside the workbooks says.
func (c *tally) text(name string) {
	text, err := os.ReadFile(filepath.Join(c.dir.Reports(), name))
	if err != nil {
		c.t.Fatal(err)
	}
	section, listed := "", 0
	for line := range strings.Lines(string(text)) {
		if s, is := strings.CutPrefix(line, "## "); is {
			section, listed = strings.TrimSpace(s), 0
		}
		c.verdict(name, line)
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) < 2 || strings.HasPrefix(cells[0], " ---") {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		listed++
		figure := map[string]string{
			"All records of the exports/Read": "records read", "Profiles/Arrive in Freshsales": "contacts that arrive",
			"Profiles/Wait for an answer": "contacts that wait", "What Freshsales will get/Contacts": "contacts that arrive",
			"What Freshsales will get/Tasks": "tasks that arrive", "What Freshsales will get/Records": "records planned",
			"What Freshsales will get/Wait, or were refused": "records not arrived",
			"To rebuild by hand/Campaigns":                   "campaigns", "Push tokens/Push tokens": "push tokens",
		}[section+"/"+cells[0]]
		if figure != "" {
			c.add(figure, name+", "+section, number(cells[1]))
		}
		if section == "Campaigns" && listed > 1 {
			c.bump("campaigns", name+", Campaigns")
		}
	}
}

func (c *tally) mapping() {
	path := filepath.Join(c.dir.Reports(), "mapping.xlsx")
	figures := c.page(path, map[string]string{"Attributes/All attributes": "attributes"})
	c.add("attributes", "mapping.xlsx, Attributes", len(c.rows(path, "Attributes")))
	c.add("attributes", "mapping.xlsx, list of sheets", figures["In this workbook/Attributes"])
	for _, r := range c.rows(path, "Tags") {
		if tag, is := strings.CutPrefix(r["Becomes in Freshsales"], "tag: "); is {
			c.add("contacts with the tag "+tag, "mapping.xlsx, Tags", number(r["Contacts"]))
		}
	}
	for _, r := range c.rows(path, "Segments") {
		if tag, is := strings.CutPrefix(r["Becomes in Freshsales"], "tag: "); is && number(r["Contacts"]) > 0 {
			c.add("contacts with the tag "+tag, "mapping.xlsx, Segments", number(r["Contacts"]))
		}
	}
}

func (c *tally) quality() {
	path := filepath.Join(c.dir.Reports(), "quality.xlsx")
	figures := c.page(path, map[string]string{
		"Contacts/Arrive in Freshsales": "contacts that arrive",
		"Contacts/Wait for an answer":   "contacts that wait",
		"Findings/Hold a record back":   "findings that hold",
		"Findings/Only told":            "findings that hold nothing",
		"Findings/Findings":             "findings",
	})
	list := c.rows(path, "Findings")
	hold := func(r map[string]string) bool { return r["How serious"] == "Held back" }
	isTold := func(r map[string]string) bool { return r["How serious"] == "For information" }
	rules := c.rows(path, "Rules")
	pairs := c.rows(path, "Same person") // findings with a list of their own
	c.add("findings", "quality.xlsx, Findings and Same person", len(list)+len(pairs))
	c.add("findings", "quality.xlsx, list of sheets",
		figures["In this workbook/Findings"]+figures["In this workbook/Same person"])
	c.add("findings", "quality.xlsx, Rules", adding(rules, nil, "Found"))
	c.add("findings that hold", "quality.xlsx, Rules", adding(rules, hold, "Found"))
	c.add("findings that hold nothing", "quality.xlsx, Rules", adding(rules, isTold, "Found"))
	heat := c.rows(path, "Where it hurts")
	c.add("findings that hold", "quality.xlsx, Where it hurts", adding(heat, nil, "Held back"))
	c.add("findings that hold nothing", "quality.xlsx, Where it hurts", adding(heat, nil, "For information"))
	n := 0
	for _, r := range list {
		if hold(r) {
			n++
		}
	}
	c.add("findings that hold", "quality.xlsx, Findings", n)
}

func (c *tally) reconciliation() {
	path := filepath.Join(c.dir.TargetReports("twin"), "reconciliation.xlsx")
	figures := c.page(path, map[string]string{"What became of every record/Planned": "records planned",
		"Read back/Records read back": "records read back"})
	waits := []string{books.FateWords["held"], books.FateWords["blocked"], books.FateWords["refused"]}
	n := 0
	for _, word := range waits {
		n += figures["What became of every record/"+word]
	}
	c.add("records not arrived", "reconciliation.xlsx, first page", n)
	n = 0
	for _, word := range inFreshsales() {
		n += figures["What became of every record/"+word]
	}
	c.add("records in Freshsales", "reconciliation.xlsx, first page", n)
	c.add("records not arrived", "reconciliation.xlsx, list of sheets", figures["In this workbook/Not arrived"])
	missing := c.rows(path, "Not arrived")
	c.add("records not arrived", "reconciliation.xlsx, Not arrived", len(missing))
	n = 0
	for _, r := range missing {
		if r["Kind of data"] == "Contacts" && r["What became of it"] == books.FateWords["held"] {
			n++
		}
	}
	c.add("contacts that wait", "reconciliation.xlsx, Not arrived", n)
	phases := c.rows(path, "Phases")
	there := []string{"Created", "Updated", "Right already", "Left as changed there", "Not sent yet"}
	c.add("records planned", "reconciliation.xlsx, Phases", adding(phases, nil, "Planned"))
	c.add("records not arrived", "reconciliation.xlsx, Phases", adding(phases, nil, "Refused", "Wait for an answer",
		"Wait for their contact"))
	c.add("records in Freshsales", "reconciliation.xlsx, Phases", adding(phases, nil, there...))
	for _, r := range phases {
		c.add(strings.ToLower(r["Kind of data"])+" that arrive", "reconciliation.xlsx, Phases",
			adding([]map[string]string{r}, nil, there...))
	}
	c.add("contacts that wait", "reconciliation.xlsx, Phases", adding(phases, having("Kind of data", "Contacts"),
		"Wait for an answer"))
	c.add("records read back", "reconciliation.xlsx, Read back", adding(c.rows(path, "Read back"), nil, "Records"))
}

func (c *tally) handover() {
	path := filepath.Join(c.dir.Reports(), "handover.xlsx")
	figures := c.page(path, map[string]string{"To rebuild by hand/Campaigns": "campaigns",
		"To rebuild by hand/Things": "things to rebuild", "Push tokens/Push tokens": "push tokens"})
	c.add("campaigns", "handover.xlsx, Campaigns", len(c.rows(path, "Campaigns")))
	c.add("campaigns", "handover.xlsx, list of sheets", figures["In this workbook/Campaigns"])
	tracker := c.rows(path, "Rebuild tracker")
	n := 0
	for _, r := range tracker {
		if r["Kind"] == "campaign" {
			n++
		}
		if r["Kind"] == "segment" {
			members := strings.Fields(r["In use?"])
			figure := "contacts with the tag Segment: " + r["Name"]
			if len(members) > 0 && number(members[0]) > 0 && c.has(figure) {
				c.add(figure, "handover.xlsx, Rebuild tracker", number(members[0]))
			}
		}
	}
	c.add("campaigns", "handover.xlsx, Rebuild tracker", n)
	c.add("things to rebuild", "handover.xlsx, Rebuild tracker", len(tracker))
	tokens, err := os.Open(filepath.Join(c.dir.Reports(), "push_tokens.csv"))
	if err != nil {
		c.t.Fatal(err)
	}
	defer tokens.Close()
	list, err := csv.NewReader(tokens).ReadAll()
	if err != nil {
		c.t.Fatal(err)
	}
	c.add("push tokens", "push_tokens.csv", len(list)-1)
	c.add("push tokens", "handover.xlsx, Push tokens", adding(c.rows(path, "Push tokens"), nil, "Tokens"))
}

func (c *tally) has(figure string) bool {
	return slices.ContainsFunc(c.list, func(x told) bool { return x.figure == figure })
}
