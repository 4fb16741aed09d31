package sql_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ferry/internal/long"
	"ferry/sql"
)

// picture draws which profiles are linked how strongly, and to which person each belongs.
func picture(t *testing.T, rows []profile) (drawn string, persons map[string]string) {
	t.Helper()
	dir := landCrowd(t, rows)
	o := shippedOptions()
	o.Only = []string{"matching.people", "matching.links"}
	if _, err := sql.Run(context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	place, persons, names := map[any]int{}, map[string]string{}, []string{}
	each(t, dir.Model("matching", "features"), func(get func(string) any) {
		place[get("id")] = slices.IndexFunc(rows, func(p profile) bool { return p.id == get("profile_key") })
	})
	each(t, dir.Model("matching", "people"), func(get func(string) any) {
		persons[get("profile_key").(string)] = get("person_key").(string)
	})
	link := make([]string, len(rows)*len(rows))
	each(t, dir.Model("matching", "links"), func(get func(string) any) {
		bits, _ := strconv.ParseFloat(fmt.Sprint(get("millibits")), 64)
		sign := "-"
		switch {
		case bits <= -100_000:
			sign = "X"
		case bits >= 3170:
			sign = "#"
		case bits >= 0:
			sign = "+"
		}
		l, r := place[get("left_id")], place[get("right_id")]
		link[l*len(rows)+r], link[r*len(rows)+l] = sign, sign
	})
	var b strings.Builder
	for i, p := range rows {
		if !slices.Contains(names, persons[p.id]) {
			names = append(names, persons[p.id])
		}
		fmt.Fprintf(&b, "%-32s", strings.Join([]string{p.first, p.last, p.born, p.town}, " "))
		for j := range rows {
			fmt.Fprintf(&b, " %1s", map[bool]string{true: "\\", false: link[i*len(rows)+j]}[i == j])
		}
		fmt.Fprintf(&b, "  person %c\n", 'A'+slices.Index(names, persons[p.id]))
	}
	b.WriteString("# beyond doubt, + speaks for one person, - against, X contradiction, blank: never looked at\n")
	return b.String(), persons
}

// TestGroupsOfWeakLinksHoldTogetherAndBridgesDoNot draws both.
func TestGroupsOfWeakLinksHoldTogetherAndBridgesDoNot(t *testing.T) {
	long.Only(t)
	t.Parallel()
	number := func(rows []profile) []profile {
		for i := range rows {
			rows[i].id, rows[i].userID = fmt.Sprintf("%04d", i), fmt.Sprintf("U%d", i)
		}
		return rows
	}
	weak := number([]profile{
		{first: "Katrin", last: "Oberhauser", born: "1971-03-04", town: "Bregenz"},
		{first: "Katrin", last: "Oberhausr", born: "1971-03-24", town: "Bregenz"},
		{last: "Oberhauser", born: "1971-03-04", town: "Bregenz"},
		{first: "Katrin", born: "1971-03-04", town: "Bregenz"},
		{first: "K.", last: "Oberhauser", born: "1971-03-04"},
	})
	drawn, found := picture(t, weak)
	t.Logf("many weak links that agree:\n%s", drawn)
	for _, p := range weak {
		if found[p.id] != found[weak[0].id] {
			t.Errorf("%s %s is not of the group", p.first, p.last)
		}
	}
	// the fourth has the mailbox of the first three and the number of the last three, and no name
	bridge := number([]profile{
		{first: "Jonas", last: "Feld", born: "1960-01-02", town: "Bonn", email: "jf@post.example.net", phone: "353861110001"},
		{first: "Jonas", last: "Feld", born: "1960-01-02", email: "jf@post.example.net"},
		{first: "Jonas", last: "Felt", born: "1960-01-02", town: "Bonn", email: "jf@post.example.net"},
		{email: "jf@post.example.net", phone: "353861110002"},
		{first: "Petra", last: "Kron", born: "1983-11-12", town: "Ulm", email: "pk@mail.example.org", phone: "353861110002"},
		{first: "Petra", last: "Kron", born: "1983-11-12", phone: "353861110002"},
		{first: "Petra", last: "Krohn", born: "1983-11-12", town: "Ulm", phone: "353861110002"},
	})
	drawn, found = picture(t, bridge)
	t.Logf("a bridge between two groups:\n%s", drawn)
	if found["0000"] != found["0002"] || found["0004"] != found["0006"] || found["0000"] == found["0004"] {
		t.Error("each side of the bridge is one person, and the two are not")
	}
}
