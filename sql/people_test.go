package sql_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/sql"
)

// profile is one row of an export; records of one person number share most of it.
type profile struct {
	id, userID, email, phone, first, last, born, town, street, gender, subscribed, loyalty string
}

// crowd makes profiles with the dirt that makes merging dangerous: twins with typing errors, families on one
// phone, shared addresses, namesakes, empty fields, visitors without a name, opt-outs on any of the copies.
func crowd(seed uint64, n int) []profile {
	r := rand.New(rand.NewPCG(seed, 7))
	one := func(list ...string) string { return list[r.IntN(len(list))] }
	var all []profile
	for i := 0; len(all) < n; i++ {
		p := profile{
			userID: fmt.Sprintf("U%03d", i), first: one("Ann", "Mary", "John", "William", "Siobhan", "Tom"),
			last:  one("Lee", "Byrne", "Walsh", "Gallagher"),
			born:  fmt.Sprintf("19%02d-%02d-%02d", r.IntN(100), 1+r.IntN(12), 1+r.IntN(28)),
			town:  one("Cork", "Galway", "Dublin"),
			email: fmt.Sprintf("p%d@x.example", i), phone: fmt.Sprintf("35386%07d", 1000000+i), subscribed: one("1", "0", ""),
		}
		for c := range 1 + r.IntN(4) {
			q := p
			q.id = fmt.Sprintf("%04d", len(all))
			if c > 0 {
				q.userID, q.subscribed = fmt.Sprintf("U%03d-%d", i, c), one("1", "0", "")
				switch r.IntN(6) {
				case 0:
					q.first = q.first[:1] + q.first[2:]
				case 1:
					q.first, q.last = q.last, q.first
				case 2:
					q.email = ""
				case 3:
					q.phone, q.born = "", q.born[:8]+"01"
				case 4:
					q.first, q.born = one("Peter", "Ruth"), "2001-01-01" // family
				case 5:
					q.userID = p.userID
				}
			}
			all = append(all, q)
		}
		if i%20 == 0 { // a visitor nobody can contact
			all = append(all, profile{id: fmt.Sprintf("%04d", len(all)), subscribed: one("1", "0", "")})
		}
	}
	return all[:n]
}

// persons runs the shipped matching over profiles and gives person and standard values.
func persons(t *testing.T, rows []profile, threads int, apart ...string) map[string]string {
	t.Helper()
	return personsOf(t, run.OpenProject(t.TempDir()), rows, threads, apart...)
}

// personsOf does so in a project, where what came out before of the same rows is not built again: it is for other
// decisions on one crowd, and shows nothing about another order or other threads.
func personsOf(t *testing.T, project run.Project, rows []profile, threads int, apart ...string) map[string]string {
	t.Helper()
	dir := landCrowdIn(t, project, rows)
	o := shippedOptions()
	o.Threads, o.Only = threads, []string{"matching.people", "matching.golden"}
	if len(apart) > 0 {
		o.Decisions = t.TempDir()
		writeDecisions(t, o.Decisions, apart)
	}
	if _, err := sql.Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	found := personsIn(t, dir)
	noOptOutIsLost(t, dir, rows, found)
	return found
}

// personsIn gives the person of every profile of a run.
func personsIn(t *testing.T, dir run.Dir) map[string]string {
	t.Helper()
	found := map[string]string{}
	each(t, dir.Model("matching", "people"), func(get func(string) any) {
		key := get("profile_key").(string)
		if _, twice := found[key]; twice {
			t.Errorf("profile %s is in two persons", key)
		}
		found[key] = get("person_key").(string)
	})
	return found
}

func landCrowd(t *testing.T, rows []profile) run.Dir {
	t.Helper()
	return landCrowdIn(t, run.OpenProject(t.TempDir()), rows)
}

func landCrowdIn(t *testing.T, project run.Project, rows []profile) run.Dir {
	t.Helper()
	dir, err := project.NewRun(time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	landProfiles(t, dir, rows)
	return dir
}

func landProfiles(t *testing.T, dir run.Dir, rows []profile) {
	t.Helper()
	var cells [][]string
	for _, p := range rows {
		cells = append(cells, []string{p.id, p.userID, p.email, p.phone, p.first, p.last, p.subscribed,
			fmt.Sprintf(`{"birth_date":%q,"town":%q,"street":%q,"gender":%q,"loyalty_number":%q}`,
				p.born, p.town, p.street, p.gender, p.loyalty)})
	}
	landTable(t, dir, "user_profiles", []string{"profile_id", "user_id", "email", "mobile_number", "first_name", "last_name",
		"email_subscription", "_extra"}, cells)
	if err := dir.Mark("extract", run.Stage{Output: "landed"}); err != nil {
		t.Fatal(err)
	}
}

func writeDecisions(t *testing.T, folder string, apart []string) {
	t.Helper()
	text := "rule,key,field,decision,value,who,decided_at,source_cell\n"
	for _, key := range apart {
		text += "possible_duplicates," + key + ",,apart,,Eve,2026-01-01T00:00:00Z,\n"
	}
	writeText(t, filepath.Join(folder, "quality.csv"), text)
}

func each(t *testing.T, path string, use func(get func(string) any)) {
	t.Helper()
	err := run.ReadTable(path, func(columns []run.Column, row run.Row) error {
		use(func(name string) any {
			return row[slices.IndexFunc(columns, func(c run.Column) bool { return c.Name == name })]
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// noOptOutIsLost: a person with a member that said no is not subscribed.
func noOptOutIsLost(t *testing.T, dir run.Dir, rows []profile, found map[string]string) {
	t.Helper()
	saidNo := map[string]bool{}
	for _, p := range rows {
		if p.subscribed == "0" {
			saidNo[found[p.id]] = true
		}
	}
	each(t, dir.Model("matching", "golden"), func(get func(string) any) {
		person := get("person_key").(string)
		if yes, known := get("email_subscription").(bool); saidNo[person] && (!known || yes) {
			t.Errorf("person %s lost an opt-out", person)
		}
	})
}

func TestMatchingKeepsItsPromisesOnAnyCrowd(t *testing.T) {
	t.Parallel()
	for seed := range long.Or[uint64](1, 2) {
		rows := crowd(seed, 150)
		project := run.OpenProject(t.TempDir())
		found := personsOf(t, project, rows, 1)
		if len(found) != len(rows) {
			t.Fatalf("seed %d: %d profiles went in, %d are in a person", seed, len(rows), len(found))
		}
		for profile, person := range found {
			if found[person] != person {
				t.Errorf("seed %d: person %s of profile %s is not a member of itself", seed, person, profile)
			}
		}
		shuffled := slices.Clone(rows)
		rand.New(rand.NewPCG(seed, 99)).Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j],
				shuffled[i]
		})
		if diff := cmp.Diff(found, persons(t, shuffled, 2)); diff != "" {
			t.Errorf("seed %d: another row order and thread count gives other persons:\n%s", seed, diff)
		}
		keepApart(t, project, rows, found)
	}
}

// keepApart separates two members of every third merged person, and looks that no person spans them.
func keepApart(t *testing.T, project run.Project, rows []profile, found map[string]string) {
	t.Helper()
	members := map[string][]string{}
	for _, p := range rows {
		members[found[p.id]] = append(members[found[p.id]], p.id)
	}
	var apart []string
	for _, m := range members {
		if len(m) > 1 {
			apart = append(apart, m[0]+"|"+m[len(m)-1])
		}
	}
	slices.Sort(apart)
	if len(apart) == 0 {
		t.Fatal("nobody was merged: this crowd proves nothing")
	}
	again := personsOf(t, project, rows, 2, apart...)
	for _, pair := range apart {
		if a, b := again[pair[:4]], again[pair[5:]]; a == b {
			t.Errorf("%s was decided apart and is one person", pair)
		}
	}
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
