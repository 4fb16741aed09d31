package run

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
)

func TestTableKeepsEveryTypeAndOrder(t *testing.T) {
	s := Schema{Name: "t", Columns: []Column{{"z", Varchar}, {"a", Boolean}, {"m", Bigint}, {"d", Double}, {"on", Date},
		{"at", Timestamptz}, {"tags", VarcharList}}}
	rows := []Row{
		{"text", true, int64(7), 1.5, time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC),
			time.Date(2024, 2, 29, 12, 0, 0, 1000, time.UTC), []string{"x", "y"}},
		{nil, nil, nil, nil, nil, nil, nil},
		{"", false, int64(-1), 0.0, time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(0, 0).UTC(), []string{}},
	}
	path := filepath.Join(t.TempDir(), "deep", "t.parquet")
	w, err := CreateTable(path, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var got []Row
	err = ReadTable(path, func(c []Column, r Row) error {
		if diff := cmp.Diff(s.Columns, c); diff != "" {
			t.Fatal(diff)
		}
		got = append(got, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rows, got); diff != "" {
		t.Fatal(diff)
	}
}

func TestTableRefusesAValueOfAnotherType(t *testing.T) {
	w, err := CreateTable(filepath.Join(t.TempDir(), "t.parquet"), Texts("t", "a"))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(Row{int64(1)}); err == nil {
		t.Fatal("a number went into a text column")
	}
	if err := w.Close(); err == nil {
		t.Fatal("a broken table was published")
	}
}

// TestOneColumnIsLeftOutOfADigest: two files that differ in the one value of that column are told apart by it alone.
func TestOneColumnIsLeftOutOfADigest(t *testing.T) {
	type row struct {
		Name string `parquet:"name"`
		At   string `parquet:"at,dict"`
	}
	digest := func(rows ...row) (string, string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "t.parquet")
		if err := parquet.WriteFile(path, rows); err != nil {
			t.Fatal(err)
		}
		d, value, err := DigestWithout(path, "at")
		if err != nil {
			t.Fatal(err)
		}
		return d, value
	}
	first, at := digest(row{"a", "1"}, row{"b", "1"})
	again, later := digest(row{"a", "22"}, row{"b", "22"})
	if first != again || at != "1" || later != "22" {
		t.Errorf("%s at %q and %s at %q", first, at, again, later)
	}
	if other, _ := digest(row{"a", "1"}, row{"c", "1"}); other == first {
		t.Error("another name, and the same digest")
	}
	both, none := digest(row{"a", "1"}, row{"b", "22"})
	if turned, _ := digest(row{"a", "22"}, row{"b", "1"}); both == turned || none != "" {
		t.Errorf("where the column has several values the whole file counts: %s, %s, %q", both, turned, none)
	}
}
