package run

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
