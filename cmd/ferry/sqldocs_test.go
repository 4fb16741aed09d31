package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ferry/internal/long"
	"ferry/internal/run"
)

// docsOf writes the page for a fresh project and gives its text.
func docsOf(t *testing.T) (path, text string) {
	t.Helper()
	dir := t.TempDir()
	if got := say(t, nil, "init", "--dir", dir); got.code != run.ExitDone {
		t.Fatal(got)
	}
	path = filepath.Join(t.TempDir(), "docs.html")
	if got := say(t, nil, "sql", "docs", "--dir", dir, "--out", path); got.code != run.ExitDone {
		t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, string(content)
}

func TestThePageShowsTheWholeHouse(t *testing.T) {
	_, text := docsOf(t)
	for _, want := range []string{`id="staging.profiles"`, `id="freshsales.contacts"`, `id="checks.opt_out_lost"`,
		`id="settings.options"`,
		`data-from="staging.profiles"`, "severity stop", "one row per contact_key", "the file"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, never := range []string{"<link", " src=", "@import", "fetch("} {
		if strings.Contains(text, never) {
			t.Errorf("the page reaches outside itself with %s", never)
		}
	}
}

// clicks is what a reader does: pick a table, search, clear, zoom. What went wrong lands in the page's title.
const clicks = `<script>
const wrong = [];
const check = (ok, what) => { if (!ok) wrong.push(what) };
const box = name => document.querySelector('a[data-table="' + name + '"]');
box("freshsales.contacts").focus();
check(box("freshsales.contacts").classList.contains("picked"), "a table is picked");
check(box("staging.profiles").classList.contains("near"), "what it stands on is near");
search.value = "opt-out"; search.dispatchEvent(new Event("input"));
check([...document.querySelectorAll("article")].some(p => p.hidden), "a search hides what does not fit");
check([...document.querySelectorAll("article")].some(p => !p.hidden), "a search leaves what fits");
const before = graph.getAttribute("viewBox");
document.dispatchEvent(new KeyboardEvent("keydown", { key: "+" }));
check(graph.getAttribute("viewBox") !== before, "plus zooms");
document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
check(graph.getAttribute("viewBox") === before, "Esc shows the whole again");
check([...document.querySelectorAll("article")].every(p => !p.hidden), "Esc clears the search");
document.title = wrong.length ? "wrong: " + wrong.join("; ") : "all clicks did what they should";
</script></body>`

func TestThePageWorksInABrowser(t *testing.T) {
	long.Only(t)
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			browser = found
			break
		}
	}
	if browser == "" {
		t.Skip("no Chromium is installed, so nothing was clicked")
	}
	path, text := docsOf(t)
	if err := os.WriteFile(path, []byte(strings.Replace(text, "</body>", clicks, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
		"--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(),
		"--virtual-time-budget=5000", "--dump-dom", "file://"+path).Output()
	if err != nil {
		t.Skipf("the browser could not be started, so nothing was clicked: %v", err)
	}
	_, title, _ := strings.Cut(string(out), "<title>")
	title, _, _ = strings.Cut(title, "</title>")
	if title != "all clicks did what they should" {
		t.Errorf("%s", title)
	}
}
