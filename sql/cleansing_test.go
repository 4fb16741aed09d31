package sql_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ferry/internal/long"
	"ferry/internal/run"
	"ferry/sql"
)

// cleansed are the columns that cleansing may change, and that a second export would hold.
var cleansed = []string{"email", "mobile_number", "whatsapp_number", "first_name", "last_name", "language",
	"country", "timezone"}

// dirtyPeople combine every spelling of a column with every other column's, over and over.
func dirtyPeople() []map[string]string {
	spellings := map[string][]string{
		"email": {"A.Keller@Example.COM", " ben@example.org ", "mailto:carla@example.net", "<dora@example.com>",
			"Emil <emil@example.com>", "fay@bücher.example", "n/a", "g@@example.com", "\"odd name\"@example.com"},
		"mobile_number": {"353861234567", "+353 (0)86 123 4567", "00353861234568", "086 123 4569", "4.47700900123E+11",
			"0861234570 / 0861234571", "=\"353861234572\"", "unknown", "353861234573 ext 5", "353861234574.0"},
		"whatsapp_number": {"", "353861234567", "086-123-4575"},
		"first_name": {"ANNA", "ben", "Dr. Carla Maria Rossi", "McDonald, Ronald", "  Zoë  ", "jean-pierre", "",
			"🌻 Sunny", "Lars van den Berg", "o'neill"},
		"last_name": {"KELLER", "", "de la cruz", "O'BRIEN", "Byrne, Mary", "müller", "Smith Jr.", "李"},
		"language":  {"en", "EN-gb", "de_DE", "klingon", ""},
		"country":   {"IE", "ireland", "Germany", "GB", "", "Atlantis"},
		"timezone":  {"Europe/Dublin", "", "Europe/Berlin"},
	}
	var all []map[string]string
	for i := range 360 {
		p := map[string]string{}
		for k, column := range cleansed {
			list := spellings[column]
			p[column] = list[(i/(k+1)+i)%len(list)]
		}
		all = append(all, p)
	}
	return all
}

// cleanse runs staging over profiles and gives their cleansed columns.
func cleanse(t *testing.T, people []map[string]string) []map[string]string {
	t.Helper()
	dir, err := run.OpenProject(t.TempDir()).NewRun(time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	schema := landedProfiles()
	w, err := run.CreateTable(filepath.Join(dir.Landed("user_profiles"), "part-1.parquet"), schema)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range people {
		row := make(run.Row, len(schema.Columns))
		set := func(column, value string) { row[slices.Index(schema.Names(), column)] = value }
		for column, value := range p {
			if value != "" {
				set(column, value)
			}
		}
		set("profile_id", fmt.Sprintf("%04d", i))
		set("user_id", fmt.Sprintf("U%04d", i))
		set("_file", "people.csv")
		set("_record", fmt.Sprint(i+1))
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := dir.Mark("extract", run.Stage{Output: "landed"}); err != nil {
		t.Fatal(err)
	}
	o := shippedOptions()
	o.Only = []string{"staging.profiles"}
	if _, err := sql.Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	clean := make([]map[string]string, len(people))
	each(t, dir.Model("staging", "profiles"), func(get func(string) any) {
		i, err := strconv.Atoi(get("profile_key").(string))
		if err != nil {
			t.Fatal(err)
		}
		clean[i] = map[string]string{}
		for _, column := range cleansed {
			clean[i][column], _ = get(column).(string)
		}
	})
	return clean
}

func landedProfiles() run.Schema {
	all := shippedOptions().Landed
	return all[slices.IndexFunc(all, func(s run.Schema) bool { return s.Name == "user_profiles" })]
}

func TestCleansingATableAgainChangesNothing(t *testing.T) {
	long.Only(t)
	t.Parallel()
	people := dirtyPeople()
	once := cleanse(t, people)
	if cmp.Equal(people, once) {
		t.Fatal("nothing was cleansed: these people prove nothing")
	}
	for i, twice := range cleanse(t, once) {
		if diff := cmp.Diff(once[i], twice); diff != "" {
			t.Errorf("%v: cleansing the result changes it (- once, + twice):\n%s", people[i], diff)
		}
	}
}
