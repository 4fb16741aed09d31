package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"ferry/internal/run"
)

func readText(t *testing.T, text string) (config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ferry.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return readConfig(path)
}

func TestTheTemplateIsAValidConfiguration(t *testing.T) {
	c, err := readText(t, configTemplate)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Targets["twin"].Rehearsal || c.Targets["twin"].QuotaShare != 0.95 {
		t.Fatalf("%+v", c.Targets)
	}
	want := map[string]string{"deals": "false", "activity.campaigns": "each", "activity.events": "each",
		"activity.carrier": "task"}
	if diff := cmp.Diff(want, c.Scope.rows()); diff != "" {
		t.Fatal(diff)
	}
}

// Every option of the list may stand in the scope, by its name or in sections.
func TestAnyOptionMayStandInTheScope(t *testing.T) {
	c, err := readText(t, "scope:\n  deals: true\n  deals.minimum_score: 55.5\n  deals.tiers: [gold, platinum]\n"+
		"  contacts:\n    over_long: hold\n    without_email: placeholder\n  activity.since: 2024-01-31\n")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"deals": "true", "deals.minimum_score": "55.5", "deals.tiers": "gold;platinum",
		"contacts.over_long": "hold", "contacts.without_email": "placeholder", "activity.since": "2024-01-31"}
	if diff := cmp.Diff(want, c.Scope.rows()); diff != "" {
		t.Fatal(diff)
	}
}

func TestConfigurationErrorsSayWhatToDo(t *testing.T) {
	const target = "targets:\n  live:\n    url: https://acme.myfreshworks.com/crm/sales\n    plan: pro\n"
	cases := map[string]struct{ text, want string }{
		"an unknown key":       {"sorce:\n  exports: x\n", `Did you mean "source"?`},
		"an unknown inner key": {"targets:\n  live:\n    url: twin\n    plans: pro\n", `Did you mean "plan"?`},
		"a key that belongs elsewhere": {target + "    acknowledged: [workflows]\n",
			`"acknowledged" stands in the wrong place: it belongs under load:`},
		"a key of a target left of it": {"quota_share: 0.5\n", "under targets.a name of yours:"},
		"a section inside another":     {"source:\n  load:\n    workers: 3\n", "at the very left"},
		"an unknown policy":            {target + "load:\n  on_conflict: {contacts: mine}\n", "keep_theirs"},
		"an unknown type":              {target + "load:\n  field_type_numbers: {words: 1}\n", "text_area"},
		"a key in the file":            {target + "    key: abc123\n", "FERRY_LIVE_KEY"},
		"a token in the file":          {"source:\n  app_token: abc123\n", "FERRY_SOURCE_TOKEN"},
		"plain http":                   {strings.Replace(target, "https", "http", 1), "unencrypted"},
		"no plan":                      {"targets:\n  live:\n    url: twin\n", "is not one of free, growth, pro, enterprise"},
		"a share above one":            {target + "    quota_share: 3\n", "not between 0 and 1"},
		"broken YAML":                  {"source: [\n", "ferry.yaml"},
		"a wrong type":                 {"targets: 7\n", "ferry.yaml"},
		"an unknown word":              {"scope:\n  activity:\n    events: most\n", "each, latest, daily"},
		"a misspelt option": {"scope:\n  deals: true\n  activity:\n    evnts: each\n",
			"ferry.yaml:4\n    scope: there is no option \"activity.evnts\". Did you mean \"activity.events\"?"},
		"a misspelt option of the list": {"scope:\n  contacts.overlong: cut\n", `Did you mean "contacts.over_long"?`},
		"a value out of range":          {"scope:\n  deals.minimum_score: 600\n", "ferry.yaml:2\n    scope: deals.minimum_score: 600 is outside 0..100"},
		"no day":                        {"scope:\n  activity:\n    since: 31/01/2024\n", "is not a day such as 2024-01-31"},
		"no zone":                       {"scope:\n  source_timezone: Europe/Dubln\n", "is not a time zone"},
		"an option outside the scope":   {"over_long: cut\n", "under scope: as contacts.over_long"},
		"a setting of the load inside":  {"scope:\n  workers: 3\n", `"workers" stands in the wrong place: it belongs under load:`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := readText(t, c.text)
			if err == nil {
				t.Fatal("accepted")
			}
			if run.ExitOf(err) != run.ExitUsage || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("exit %d, want %q in:\n%v", run.ExitOf(err), c.want, err)
			}
			if strings.Contains(err.Error(), "abc123") {
				t.Fatal("the secret is in the error")
			}
		})
	}
}

// Whatever an error message sends people to stands in the file that init writes, in its place, and is taken as
// it stands there once its comment sign is gone.
func TestTheTemplateHoldsEverySetting(t *testing.T) {
	_, body, _ := strings.Cut(configTemplate, "\n\n")
	body = regexp.MustCompile(`(?m)^( *)# `).ReplaceAllString(body, "$1")
	if _, err := readText(t, body); err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	var tree map[string]any
	if err := yaml.Unmarshal([]byte(body), &tree); err != nil {
		t.Fatal(err)
	}
	for _, path := range configPaths(reflect.TypeFor[config]()) {
		if !holds(tree, strings.Split(path, ".")) {
			t.Errorf("the template lacks %s", path)
		}
	}
}

// holds says whether a tree has a setting; a name that people choose may be any.
func holds(node any, path []string) bool {
	m, ok := node.(map[string]any)
	if len(path) == 0 || !ok {
		return len(path) == 0
	}
	for name, inner := range m {
		if (name == path[0] || path[0] == anyName) && holds(inner, path[1:]) {
			return true
		}
	}
	return false
}

func TestAMissingConfigurationPointsToInit(t *testing.T) {
	_, err := readConfig(filepath.Join(t.TempDir(), "ferry.yaml"))
	if err == nil || !strings.Contains(err.Error(), "ferry init") {
		t.Fatal(err)
	}
}
