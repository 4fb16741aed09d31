package sample

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nyaruka/phonenumbers"
)

func TestTheSameOptionsGiveTheSameBytes(t *testing.T) {
	o := Options{Seed: 7, Profiles: 1200, Events: 3000, Interactions: 2000}
	first, again, other := t.TempDir(), t.TempDir(), t.TempDir()
	for folder, seed := range map[string]int64{first: 7, again: 7, other: 8} {
		o.Seed = seed
		if err := Write(folder, o); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(contents(t, first), contents(t, again)); diff != "" {
		t.Fatal("the same options gave other bytes")
	}
	if cmp.Equal(contents(t, first), contents(t, other)) {
		t.Fatal("another seed gave the same bytes")
	}
}

func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, folder)] = string(text)
		if info, e := d.Info(); e == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// readProfiles reads both profile files by other means than they were written with; what cannot
// be read is counted.
func readProfiles(t *testing.T, folder string) (rows []map[string]string, broken int) {
	t.Helper()
	name := map[string]string{}
	for i, l := range profileLabels {
		name[l] = profileColumns[i].name
	}
	f, err := os.Open(filepath.Join(folder, exports[0].name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	// A stray quote would swallow what follows, so that line is taken out first.
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	stray := regexp.MustCompile(`(?m)^41990003.*\n`)
	broken += len(stray.FindAllIndex(text, -1))
	r := csv.NewReader(strings.NewReader(string(stray.ReplaceAll(text, nil))))
	r.FieldsPerRecord = -1
	header, _ := r.Read()
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(cells) != len(header) {
			broken++
			continue
		}
		row := map[string]string{}
		for i, c := range cells {
			key := header[i]
			if n, ok := name[key]; ok {
				key = n
			}
			row[key] = c
		}
		rows = append(rows, row)
	}
	g, err := os.Open(filepath.Join(folder, exports[1].name))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	z, err := gzip.NewReader(g)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		var o map[string]any
		if json.Unmarshal(lines.Bytes(), &o) != nil {
			broken++
			continue
		}
		row := map[string]string{}
		for k, v := range o {
			if s, ok := v.(string); ok {
				row[k] = s
			}
		}
		rows = append(rows, row)
	}
	return rows, broken
}

func TestDamageSaysWhatIsInTheFiles(t *testing.T) {
	o := Options{Seed: 1}
	folder := t.TempDir()
	if err := Write(folder, o); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	for _, d := range Damage(o) {
		want[d.Table+"/"+d.Kind] = d.Count
	}
	rows, broken := readProfiles(t, folder)
	if len(rows) != 2000 || broken != want["user_profiles/damaged line"] {
		t.Fatalf("%d profiles and %d damaged lines, want 2000 and %d", len(rows), broken, want["user_profiles/damaged line"])
	}
	got := map[string]int{}
	seen := map[string]int{}
	address := regexp.MustCompile(`^[^\s@<>:,]+@[^\s@.<>]+(\.[^\s@.<>]+)+$`)
	for _, r := range rows {
		email := r["email"]
		switch {
		case r["user_id"] == "" && email == "" && r["mobile_number"] == "":
			got["anonymous"]++
			continue
		case email == "":
			got["no e-mail"]++
		case strings.HasSuffix(email, ".con"), strings.HasSuffix(email, ".cmo"):
			got["mistyped domain"]++
		case strings.HasPrefix(email, "mailto:"), strings.TrimSpace(email) != email, strings.HasPrefix(email, "<"):
			got["e-mail with extras"]++
		case !address.MatchString(email):
			got["malformed e-mail"]++
		case strings.HasPrefix(email, "info@"):
			got["shared mailbox"]++
		case strings.ToUpper(email) == email:
			got["same e-mail in capitals"]++
		}
		if r["profile_id"] == "" {
			got["no profile id"]++
		} else if seen["p"+r["profile_id"]]++; seen["p"+r["profile_id"]] == 2 {
			got["profile id twice"]++
		}
		if r["user_id"] == "" {
			got["no user id"]++
		}
		if r["is_vip"] == "maybe" {
			got["attributes of the wrong type"]++
		}
		if strings.ContainsAny(r["comment"], "\n") {
			got["line breaks in text"]++
		}
	}
	want["user_profiles/profile id twice"] = want["user_profiles/repeated row"] + want["user_profiles/repeated, newer"]
	for kind, n := range got {
		if n != want["user_profiles/"+kind] {
			t.Errorf("%s: %d in the files, Damage says %d", kind, n, want["user_profiles/"+kind])
		}
	}
	if len(got) < 11 {
		t.Errorf("only %d kinds were found: %v", len(got), got)
	}
}

func TestEveryKindOfDirtIsThereByDefaultAndNoneWhenClean(t *testing.T) {
	have := map[string]bool{}
	for _, d := range Damage(Options{}) {
		have[d.Table+"/"+d.Kind] = true
	}
	for _, d := range dirtKinds() {
		if !have[d.Table+"/"+d.Kind] {
			t.Errorf("the default sample has no %s: %s", d.Table, d.Kind)
		}
	}
	if list := Damage(Options{Clean: true}); len(list) != 0 {
		t.Errorf("a clean sample has %v", list)
	}
}

func TestPhonesAreValidWhereTheyShouldBe(t *testing.T) {
	o := Options{Clean: true}.withDefaults()
	used := map[string]bool{}
	for i := 0; i < 6000; i++ {
		phone := o.person(i).phone
		n, err := phonenumbers.Parse("+"+phone, "")
		if err != nil || !phonenumbers.IsValidNumber(n) {
			t.Fatalf("profile %d of %s has the invalid number %s", i, o.person(i).land.code, phone)
		}
		if used[phone] {
			t.Fatalf("the number %s is given twice", phone)
		}
		used[phone] = true
	}
}

func TestEveryAddressIsReserved(t *testing.T) {
	folder := t.TempDir()
	if err := Write(folder, Options{Profiles: 300, Clean: true}); err != nil {
		t.Fatal(err)
	}
	rows, _ := readProfiles(t, folder)
	reserved := regexp.MustCompile(`@([a-z0-9]+\.)?example\.(com|org|net)$`)
	for _, r := range rows {
		if !reserved.MatchString(r["email"]) {
			t.Errorf("%q may belong to somebody", r["email"])
		}
	}
}

func TestNoProfilesIsNoReasonToFall(t *testing.T) {
	for _, n := range []int{-1, 1, 2, 17} {
		if err := Write(t.TempDir(), Options{Profiles: n, Events: n, Interactions: n, Companies: n, Documents: n, Notes: n,
			Activities: n}); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	folder := b.TempDir()
	for b.Loop() {
		if err := Write(folder, Options{Profiles: 100_000, Events: 100_000, Interactions: 50_000}); err != nil {
			b.Fatal(err)
		}
	}
}
