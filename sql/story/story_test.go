package story

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAStoryOfAnotherEncodingIsNamed(t *testing.T) {
	stories := files("s/given/user_profiles.csv", "profile_id\nM\xfc\n",
		"s/expect/staging.profiles.csv", "profile_key\nx\n")
	_, err := Read(stories)
	if err == nil || !strings.Contains(err.Error(), "stories/s/given/user_profiles.csv:2") {
		t.Error(err)
	}
}

func TestLinksAndBackupsBesideStories(t *testing.T) {
	folder := t.TempDir()
	put := func(name, text string) {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("s/given/user_profiles.csv", "profile_id\n1\n")
	put("s/given/user_profiles.csv~", "profile_id\n2\n")
	put("s/expect/staging.profiles.csv", "profile_key\n1\n")
	all, err := Read(os.DirFS(folder))
	if err != nil || len(all) != 1 || len(all[0].Given) != 1 {
		t.Fatal(all, err)
	}
	for _, link := range []string{"other", "s/given/events.csv"} {
		path := filepath.Join(folder, link)
		if err := os.Symlink("/etc/hostname", path); err != nil {
			t.Skip("no links here")
		}
		if _, err := Read(os.DirFS(folder)); err == nil || !strings.Contains(err.Error(), "this is a link") {
			t.Error(link, err)
		}
		_ = os.Remove(path)
	}
}

func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}
