package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An engineer's first question about a file is what is in it; there need not be a project for that.
func TestAFileIsExplainedAnywhere(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.csv")
	if err := os.WriteFile(file, []byte("Report\n\nuser_id;email\n1;\"a@x.com\" \n2;b@x.com\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := say(t, nil, "extract", "--dir", dir, "--explain", file)
	if got.code != 0 || got.out != "user_id,email\n1,a@x.com\n2,b@x.com\n" {
		t.Errorf("exit %d:\n%s%s", got.code, got.out, got.err)
	}
}

func TestEncodingIsOneNameOrByFile(t *testing.T) {
	for text, want := range map[string]string{"windows-1250": "Łukasz", `{"*.csv": windows-1252}`: "£ukasz"} {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, "exports"), 0o700); err != nil {
			t.Fatal(err)
		}
		for name, content := range map[string]string{"ferry.yaml": "source:\n  exports: exports\n  encoding: " + text + "\n",
			"exports/users.csv": "user_id,first_name\n1,\xa3ukasz\n"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := say(t, nil, "extract", "--dir", dir); got.code != 0 {
			t.Fatalf("exit %d:\n%s%s", got.code, got.out, got.err)
		}
		if got := say(t, nil, "sql", "query", "--dir", dir,
			"select first_name from landed.user_profiles"); !strings.Contains(got.out, want) {
			t.Errorf("%s: got\n%s%s", text, got.out, got.err)
		}
	}
}
