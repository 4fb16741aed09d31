package load

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/freshsales/twin"
)

// tier is a drop-down as an account has it.
var tier = freshsales.Field{Name: "cf_tier", Type: "dropdown", IsCustom: true, Choices: []freshsales.Choice{{ID: 71, Name: "Gold"}, {ID: 72, Name: "Silver"}}}

func knownAccount() *account {
	a := &account{lists: map[string][]freshsales.Choice{}, fields: map[string]map[string]*freshsales.Field{}, all: map[string][]freshsales.Field{}, unknown: map[unknownValue]int64{}}
	a.owners = []freshsales.Owner{{ID: 1, Email: "Ada@example.com", IsActive: true}, {ID: 2, Email: "gone@example.com"}}
	a.lists["lifecycle_stage"] = []freshsales.Choice{{ID: 11, Name: "Lead"}, {ID: 12, Name: "Customer"}}
	field := func(name, kind string) freshsales.Field {
		return freshsales.Field{Name: name, Type: kind, IsCustom: true}
	}
	many := tier
	many.Name, many.Type = "cf_many", "multi_select_dropdown"
	a.setFields("contacts", []freshsales.Field{tier, many, field("cf_text", "text"), field("cf_long", "textarea"), field("cf_number", "number"),
		field("cf_box", "checkbox"), field("cf_day", "date"), field("cf_instant", "datetime"), field("cf_sum", "formula"), {Name: "first_name", Type: "text"}})
	return a
}

func TestValuesTakeTheAccountsTerms(t *testing.T) {
	a := knownAccount()
	n := func(s string) json.Number { return json.Number(s) }
	for _, c := range []struct {
		column string
		in     any
		name   string
		out    any
		reason string // a word of it
	}{
		{"first_name", "Ann", "first_name", "Ann", ""},
		{"first_name", strings.Repeat("ä", 101), "first_name", nil, "longer"},
		{"owner_email", "ada@EXAMPLE.com", "owner_id", n("1"), ""},
		{"owner_email", "gone@example.com", "owner_id", nil, "not active"},
		{"owner_email", "who@example.com", "owner_id", nil, "no user"},
		{"lifecycle_stage", "customer", "lifecycle_stage_id", n("12"), ""},
		{"lifecycle_stage", "Evangelist", "lifecycle_stage_id", nil, "no such lifecycle stage"},
		{"contact_status", "New", "", nil, ""},
		{"cf_tier", "gold", "cf_tier", "Gold", ""},
		{"cf_tier", "Platinum", "cf_tier", nil, "choices"},
		{"cf_many", []string{"Silver", "gold"}, "cf_many", []string{"Gold", "Silver"}, ""},
		{"cf_many", "Gold; Silver", "cf_many", []string{"Gold", "Silver"}, ""},
		{"cf_many", []string{"Gold", "x"}, "cf_many", nil, "choices"},
		{"cf_text", n("7"), "cf_text", "7", ""},
		{"cf_text", strings.Repeat("x", 256), "cf_text", nil, "longer"},
		{"cf_long", strings.Repeat("x", 256), "cf_long", strings.Repeat("x", 256), ""},
		{"cf_number", "12.50", "cf_number", n("12.5"), ""},
		{"cf_number", n("12345678901.1234"), "cf_number", n("12345678901.1234"), ""},
		{"cf_number", n("123456789012"), "cf_number", nil, "digits"},
		{"cf_number", n("0.12345"), "cf_number", nil, "digits"},
		{"cf_number", "twelve", "cf_number", nil, "not a number"},
		{"cf_number", n("-0"), "cf_number", n("0"), ""},
		{"cf_box", "yes", "cf_box", true, ""},
		{"cf_box", false, "cf_box", false, ""},
		{"cf_box", "maybe", "cf_box", nil, "yes or no"},
		{"cf_day", "2024-02-29T23:00:00Z", "cf_day", "2024-02-29", ""},
		{"cf_day", "soon", "cf_day", nil, "not a date"},
		{"cf_instant", "2024-02-29", "cf_instant", "2024-02-29T00:00:00Z", ""},
		{"cf_sum", n("1"), "cf_sum", nil, "computes"},
		{"cf_nowhere", "x", "cf_nowhere", nil, "no field"},
		{"cf_text", nil, "cf_text", nil, ""},
	} {
		name, out, reason := a.value("contacts", c.column, c.in)
		if name != c.name || fmt.Sprint(out) != fmt.Sprint(c.out) || (reason == "") != (c.reason == "") || !strings.Contains(reason, c.reason) {
			t.Errorf("%s %v: got %s, %v, %q; want %s, %v, %q", c.column, c.in, name, out, reason, c.name, c.out, c.reason)
		}
	}
	if got := a.missingNames(); len(got) != 4 || got[0].kind != "no_list" || got[1].kind != "unknown_lifecycle_stage" {
		t.Errorf("%v", got)
	}
}

func TestChoicesTravelAsIdsAndComeBackAsTexts(t *testing.T) {
	a := knownAccount()
	if got := a.wire("contacts", "cf_tier", "Silver"); got != json.Number("72") {
		t.Errorf("%v", got)
	}
	if got := fmt.Sprint(a.wire("contacts", "cf_many", []string{"Gold", "Silver"})); got != "[71 72]" {
		t.Errorf("%v", got)
	}
	for _, found := range []any{"Silver", json.Number("72")} {
		if got := a.read("contacts", "cf_tier", found); got != "Silver" {
			t.Errorf("%v reads %v", found, got)
		}
	}
	if got := fmt.Sprint(a.read("contacts", "cf_many", "72;Gold")); got != "[Gold Silver]" {
		t.Errorf("%v", got)
	}
	if got := a.wire("contacts", "cf_text", "71"); got != "71" {
		t.Errorf("%v", got)
	}
}

func TestDigestFollowsWhatValuesDependOn(t *testing.T) {
	a := knownAccount()
	before := a.digest()
	if before != knownAccount().digest() {
		t.Fatal("the same account has two digests")
	}
	a.owners[1].IsActive = true
	if a.digest() == before {
		t.Error("a user came back and the digest stayed")
	}
	b := knownAccount()
	b.fields["contacts"]["cf_tier"].Choices = append(b.fields["contacts"]["cf_tier"].Choices, freshsales.Choice{ID: 73, Name: "Bronze"})
	if b.digest() == before {
		t.Error("a choice was added and the digest stayed")
	}
}

func TestAnAccountIsRecognisedByWhatStays(t *testing.T) {
	print := "stages 1 2 3; users 7 8"
	for other, want := range map[string]bool{print: true, "stages 1 2 3 4; users 8 9": true, "stages 5 6; users 7 8": false, "stages 1 2; users 9": false, "stages ; users ": false} {
		if got := sameAccount(print, other); got != want {
			t.Errorf("%q: %v", other, got)
		}
	}
}

// try loads and gives the Problem it ends with.
func (b *bench) try(change ...func(*Options)) *run.Problem {
	b.t.Helper()
	o := b.options()
	for _, c := range change {
		c(&o)
	}
	_, err := Run(context.Background(), b.dir, o)
	if err == nil {
		return &run.Problem{}
	}
	p, ok := err.(*run.Problem)
	if !ok {
		b.t.Fatalf("not a Problem: %v", err)
	}
	return p
}

func TestPreflightStopsBeforeTheFirstWrite(t *testing.T) {
	tw, err := twin.New(twin.Config{Plan: "growth", LimitsOff: true, Account: testAccount(), Switches: quick(),
		Keys: []twin.Key{{Token: "weak", NoAccess: true, Owner: "sam@example.com"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer tw.Close()
	server := httptest.NewServer(tw)
	defer server.Close()
	b := &bench{t: t, project: run.OpenProject(t.TempDir()), twin: tw, url: server.URL}
	b.newRun()
	b.contacts(3)
	b.deals(2)
	nobody := httptest.NewServer(tw)
	nobody.Close()
	for name, c := range map[string]struct {
		change func(*Options)
		says   string
	}{
		"a wrong key":       {func(o *Options) { o.Key = "wrong" }, "does not accept the API key"},
		"no permission":     {func(o *Options) { o.Key = "weak" }, "may not do this"},
		"nobody there":      {func(o *Options) { o.URL = nobody.URL }, "could not be reached"},
		"not Freshsales":    {func(o *Options) { o.URL = server.URL + "/shop" }, "does not answer like"},
		"open without TLS":  {func(o *Options) { o.URL = "http://acme.myfreshworks.com" }, "without TLS"},
		"an unknown plan":   {func(o *Options) { o.PlanName = "platinum" }, "no plan"},
		"side effects":      {func(o *Options) { o.Rehearsal = false }, "sets off things"},
		"too many hours":    {func(o *Options) { o.PlanName, o.MaxLoadHours, o.PerHour = "growth", 0.001, 100 }, "max_load_hours"},
		"a key with spaces": {func(o *Options) { o.Key = "a b" }, "character no key has"},
	} {
		before := tw.WriteCalls()
		p := b.try(c.change)
		if !strings.Contains(p.Error(), c.says) {
			t.Errorf("%s: %v", name, p)
		}
		if strings.Contains(p.Error(), "wrong") || strings.Contains(p.Error(), "twin-key") {
			t.Errorf("%s: the key is in the open", name)
		}
		if n := tw.WriteCalls() - before; n != 0 {
			t.Errorf("%s: %d writes", name, n)
		}
	}
	if p := b.try(func(o *Options) {
		o.Rehearsal, o.Acknowledged = false, []string{ackWorkflows, ackMoves, SingleLinks}
	}); p.What != "" {
		t.Errorf("everything accepted, and still: %v", p)
	}
}

func TestStagesNobodyCanMakeStopAProductionLoad(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(4)
	b.table("deals", dealColumns, run.Row{"d1", "c000001", nil, "Deal", "Closing soon", 5.0})
	p := b.try(func(o *Options) { o.Rehearsal, o.Acknowledged = false, []string{ackWorkflows, ackMoves} })
	if p.Exit != run.ExitStop || !strings.Contains(p.Error(), `"Closing soon"`) {
		t.Errorf("%v", p)
	}
	if p := b.try(); p.What != "" { // a rehearsal goes on and withholds the value
		t.Errorf("%v", p)
	}
}

func TestAnActivitySettingThatFitsIsNamed(t *testing.T) {
	b := newBench(t, quick())
	b.contacts(10)
	b.tasks(1000, 10)
	a := &account{dir: b.dir}
	e := Estimate{Calls: []PhaseCalls{{"tasks", "tasks create", 1000}, {"contacts", "contacts bulk_upsert", 20}}, Total: 1020, Hours: 10.2}
	for hours, says := range map[float64]string{5.3: "activity.latest_n: 50", 1.5: "activity.latest_n: 10", 0.25: "activity.events: none", 0.1: "even without"} {
		err := a.affordable(e, Options{MaxLoadHours: hours, Target: b.project.Target("x")})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v hours: %v", hours, err)
		}
	}
	if err := a.affordable(e, Options{MaxLoadHours: 11}); err != nil {
		t.Error(err)
	}
}

var fieldColumns = append(texts("entity", "name", "label", "type", "source", "reason"), run.Column{Name: "choices", Type: run.VarcharList}, run.Column{Name: "confirmed", Type: run.Boolean})

func fieldRow(name, label, kind string, choices ...string) run.Row {
	var list any
	if choices != nil {
		list = choices
	}
	return run.Row{"contacts", name, label, kind, "attribute", "because", list, true}
}

func TestWhatIsMissingIsListedForAnAdministrator(t *testing.T) {
	b := newBench(t, quick())
	a := b.twin.Account()
	a.Fields["contacts"] = append(a.Fields["contacts"], twin.Field{Name: "cf_tier", Type: "dropdown", Choices: []twin.Choice{{Value: "Gold"}}},
		twin.Field{Name: "cf_age", Type: "checkbox"}, twin.Field{Name: "cf_made_by_hand", Label: "Favourite colour", Type: "text"})
	if err := b.twin.SetAccount(a); err != nil {
		t.Fatal(err)
	}
	b.contacts(2)
	b.table("fields", fieldColumns, fieldRow("cf_tier", "Tier", "dropdown", "gold", "Silver|er"), fieldRow("cf_age", "Age", "number"),
		fieldRow("cf_colour", "favourite colour", "text"), fieldRow("cf_new", "New one", "multi_select", "x", "y"), fieldRow("cf_note", "Note", "number"))
	p := b.try()
	if p.Exit != run.ExitStop || p.Where != b.dir.Provision("twin") {
		t.Fatalf("%v", p)
	}
	if n := b.twin.WriteCalls(); n != 0 {
		t.Errorf("%d writes", n)
	}
	list, err := os.ReadFile(p.Where)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| contacts | New one | `cf_new` | Multiselect | x; y |", "| contacts | `cf_tier` | Silver\\|er |", "| contacts | `cf_age` | checkbox | number |"} {
		if !strings.Contains(string(list), want) {
			t.Errorf("the list lacks %q:\n%s", want, list)
		}
	}
	for _, not := range []string{"cf_colour", "cf_note"} { // found by its label; a text holds numbers, too
		if strings.Contains(string(list), not) {
			t.Errorf("the list names %s:\n%s", not, list)
		}
	}
	if p := b.try(func(o *Options) { o.Acknowledged = []string{ackFields, ackChoices, SingleLinks} }); p.What != "" {
		t.Errorf("accepted, and still: %v", p)
	}
}

func TestFieldsAreMadeWhereTheAccountAllowsIt(t *testing.T) {
	for _, door := range []string{"documented", "marketplace", "off"} {
		b := newBench(t, quick("field_creation", door))
		b.contacts(2)
		b.table("fields", fieldColumns, fieldRow("cf_tier", "Tier", "dropdown", "Gold", "Silver"), fieldRow("cf_born", "Born", "date"), fieldRow("cf_a", "A", "text_area"),
			fieldRow("cf_n", "N", "number"), fieldRow("cf_c", "C", "checkbox"), fieldRow("cf_m", "M", "multi_select", "x"), fieldRow("cf_t", "T", "text"))
		if p := b.try(); p.Exit != run.ExitStop {
			t.Errorf("%s: nobody allowed making fields: %v", door, p)
		}
		p := b.try(func(o *Options) { o.CreateFields = true })
		if (p.What == "") != (door != "off") {
			t.Errorf("%s: %v", door, p)
		}
		if door == "off" {
			continue
		}
		if n := len(b.twin.Account().Fields["contacts"]); n != 3+7 {
			t.Errorf("%s: %d fields", door, n)
		}
		if p := b.try(); p.What != "" {
			t.Errorf("%s, again: %v", door, p)
		}
	}
}

func TestThePlansBudgetOfFieldsIsKept(t *testing.T) {
	b := newBench(t, quick("field_creation", "both"))
	b.contacts(1)
	var rows []run.Row
	for i := range 6 {
		rows = append(rows, fieldRow(fmt.Sprintf("cf_m%d", i), fmt.Sprintf("M%d", i), "multi_select", "x"))
	}
	b.table("fields", fieldColumns, rows...)
	p := b.try(func(o *Options) { o.PlanName, o.PerHour, o.PerMinute, o.CreateFields = "growth", 100000, 100000, true })
	if !strings.Contains(p.Error(), "5 multi_select fields; 0 are in use and 6 more are needed") {
		t.Errorf("%v", p)
	}
	if n := len(b.twin.Account().Fields["contacts"]); n != 3 {
		t.Errorf("%d fields: some were made of a list that cannot fit", n)
	}
	p = b.try(func(o *Options) { o.PlanName, o.PerHour, o.PerMinute = "free", 100000, 100000 })
	if !strings.Contains(p.What, "the Free plan has no custom fields") || !strings.Contains(p.Try, ackFields) {
		t.Errorf("%v", p)
	}
	budget, total, _ := budgetOf("Pro")
	sum := 0
	for _, n := range budget {
		sum += n
	}
	if lookups := 10; sum+lookups != total { // lookups are not ours to make
		t.Errorf("Pro: kinds add up to %d, total %d", sum, total)
	}
}

func TestConsentCodesAreLearnedAndNeverGuessed(t *testing.T) {
	b := newBench(t, quick())
	c, err := freshsales.New(freshsales.Config{URL: b.url, Key: twin.DefaultKey})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for email, codes := range map[string][2]int{"yes@example.com": {1, 7}, "no@example.com": {3, 7}, "never@example.com": {2, 7}} {
		body := fmt.Sprintf(`{"subscription_status":%d,"sms_subscription_status":%d}`, codes[0], codes[1])
		if _, err := c.Upsert(ctx, freshsales.Contacts, "emails", email, freshsales.Attributes(body)); err != nil {
			t.Fatal(err)
		}
	}
	contacts := ConsentContacts{Subscribed: "yes@example.com", Unsubscribed: "no@example.com", NotSubscribed: "never@example.com", Channels: []string{"email", "sms"}}
	r, err := ConsentCodes(ctx, b.options(), contacts)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Codes["email"]; got.Subscribed != 1 || got.Unsubscribed != 3 || got.NotSubscribed != 2 || got.SeenAt.IsZero() || got.Account == "" {
		t.Errorf("%+v", got)
	}
	if _, known := r.Codes["sms"]; known || !strings.Contains(r.Unclear["sms"], "do not differ") {
		t.Errorf("sms was guessed: %+v", r)
	}
	stored, err := ReadConsentCodes(b.options().Target)
	if err != nil || len(stored) != 1 {
		t.Fatal(stored, err)
	}
	if scope := ConsentScope(stored); len(scope) != 3 || scope["consent.email.unsubscribed"] != "3" {
		t.Errorf("%v", scope)
	}
	contacts.Channels = []string{"sms"}
	if _, err := ConsentCodes(ctx, b.options(), contacts); err == nil || !strings.Contains(err.Error(), "told apart") {
		t.Error(err)
	}
	contacts.Unsubscribed = "nobody@example.com"
	if _, err := ConsentCodes(ctx, b.options(), contacts); err == nil || !strings.Contains(err.Error(), "unsubscribed") || strings.Contains(err.Error(), "nobody@") {
		t.Error(err)
	}
}

func TestAPlanSaysWhatALoadWouldBeRefusedFor(t *testing.T) {
	b := newBench(t, quick("field_creation", "documented"))
	b.contacts(3)
	b.table("fields", fieldColumns, fieldRow("cf_points_balance", "Points", "number"), fieldRow("cf_tier", "Tier", "dropdown", "Gold"))
	o := b.options()
	r, err := Plan(context.Background(), b.dir, o)
	if err != nil || r.Closed == nil || !strings.Contains(r.Closed.Error(), "cf_tier") {
		t.Errorf("%v, %v", r.Closed, err)
	}
	o.CreateFields = true
	if r, err = Plan(context.Background(), b.dir, o); err != nil || r.Closed != nil {
		t.Errorf("%v, %v", r.Closed, err)
	}
	o.Rehearsal = false
	if r, err = Plan(context.Background(), b.dir, o); err != nil || r.Closed == nil || !strings.Contains(r.Closed.Error(), ackWorkflows) {
		t.Errorf("%v, %v", r.Closed, err)
	}
	if n := b.twin.WriteCalls(); n != 0 {
		t.Errorf("a plan wrote %d times", n)
	}
}

func TestAStageIsTheOneOfItsPipeline(t *testing.T) {
	a := knownAccount()
	row := func(id, pipeline int64, name string) freshsales.Choice {
		return freshsales.Choice{ID: id, Name: name, Row: freshsales.Record{"deal_pipeline_id": number64(pipeline)}}
	}
	a.lists["deal_stage"] = []freshsales.Choice{row(1, 10, "New"), row(2, 20, "New"), row(3, 20, "Demo")}
	a.lists["deal_pipeline"] = []freshsales.Choice{{ID: 10, Name: "Old"}, {ID: 20, Name: "Main", Row: freshsales.Record{"is_default": true}}}
	for _, c := range []struct {
		stage, pipeline, want string
		withheld              int
	}{{"1", "", "2", 0}, {"1", "10", "1", 0}, {"2", "10", "1", 0}, {"3", "20", "3", 0}, {"3", "10", "", 1}} {
		f := fields{"deal_stage_id": json.Number(c.stage)}
		if c.pipeline != "" {
			f["deal_pipeline_id"] = json.Number(c.pipeline)
		}
		left := a.whole("deals", f)
		if asText(f["deal_stage_id"]) != c.want || len(left) != c.withheld {
			t.Errorf("%+v: stage %v, %v", c, f["deal_stage_id"], left)
		}
	}
	if name, out, reason := a.value("contacts", "owner_email", nil); name != "owner_id" || out != nil || reason != "" {
		t.Errorf("clearing an owner: %s, %v, %s", name, out, reason)
	}
}
