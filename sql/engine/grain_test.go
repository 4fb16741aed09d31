package engine

import (
	"context"
	"strings"
	"testing"

	"ferry/sql/sqltest"
)

// A table with more keys than are held at a time is held to its grain as one that is counted at once: keys that are
// there twice, rows without one, and keys whose hashes are equal although they are not.
func TestManyKeysAreCountedInShares(t *testing.T) {
	dir, ctx := sqltest.NewRun(t), context.Background()
	sqltest.Land(t, dir, sqltest.People(10))
	o := options(sqltest.Files("1_staging/profiles.sql", sqltest.Profiles,
		"2_matching/keys.sql", "-- K.\n-- one row per letters, n\nselect 'k' as letters, 1::bigint as n\n"))
	if _, err := Run(ctx, dir, o); err != nil {
		t.Fatal(err)
	}
	p, e := opened(t, dir, o)
	m := p.Find("matching", "keys")
	e.budget.duck = 0 // as few keys at once as there may be
	const rows = 250_000
	if rows/e.keysAtOnce() < 1 {
		t.Fatal("they are counted at once: this test shows nothing")
	}
	for _, test := range []struct{ query, want string }{
		{"select 'k' || n % 1000 as letters, n from range(250000) as t(n)", ""},
		{"select 'k' as letters, case when n = 7 then 8 else n end as n from range(250000) as t(n)",
			"250000 rows have only 249999 different ones"},
		{"select case when n <> 9 then 'k' end as letters, n from range(250000) as t(n)", "1 of 250000 rows have none"},
		{"select 'k' as letters, null::bigint as n from range(250000)", "250000 of 250000 rows have none"},
		{"select 'k' as letters, 1::bigint as n from range(250000)", "250000 rows have only 1 different ones"},
	} {
		if err := e.setView(ctx, "matching", "keys", "("+test.query+")"); err != nil {
			t.Fatal(err)
		}
		err := e.checkGrain(ctx, m, rows)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.query, err, test.want)
		}
	}
	if err := e.setView(ctx, "matching", "keys", "(select 'k' as letters, n from range(250000) as t(n))"); err != nil {
		t.Fatal(err)
	}
	key := m.Key()
	key.Hash = "hash(letters)"
	keys, err := e.countKeys(ctx, m, rows, key)
	if err != nil || keys != (keyCounts{all: rows, distinct: rows}) {
		t.Errorf("keys that differ have one hash: %+v %v", keys, err)
	}
}
