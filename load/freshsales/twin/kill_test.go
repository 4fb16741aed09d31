package twin

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// childDir tells a test binary that it is to serve a twin, and where.
const childDir = "TWIN_TEST_SERVE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		serveChild(dir)
		return
	}
	os.Exit(m.Run())
}

func serveChild(dir string) {
	tw, err := New(Config{StateDir: dir, LimitsOff: true,
		Switches: Switches{"job_seconds": "0", "index_lag_seconds": "0"}})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	fmt.Println("listening", l.Addr())
	fmt.Println(http.Serve(l, tw))
}

// spawn starts a twin in its own process.
func spawn(t *testing.T, dir string) (*exec.Cmd, string) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childDir+"="+dir)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	address, found := strings.CutPrefix(strings.TrimSpace(line), "listening ")
	if err != nil || !found {
		t.Fatalf("the child says %q (%v)", line, err)
	}
	return c, "http://" + address
}

func TestKilledTwinLosesNothingItAnswered(t *testing.T) {
	dir := t.TempDir()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	var mu sync.Mutex
	answered := map[string]bool{}
	sent := 0
	for round := range 12 {
		child, url := spawn(t, dir)
		var wait sync.WaitGroup
		killAt := 3 + round*7
		for worker := range 4 {
			wait.Go(func() {
				for i := range 60 {
					name := fmt.Sprintf("n%d-%d-%d", round, worker, i)
					mu.Lock()
					sent++
					if sent%60 == killAt%60 {
						_ = child.Process.Kill()
					}
					mu.Unlock()
					r, _ := http.NewRequest("POST", url+"/api/tasks",
						strings.NewReader(`{"task":{"title":"`+name+`","due_date":"2024-01-02"}}`))
					r.Header.Set("Authorization", "Token token="+DefaultKey)
					r.Header.Set("Content-Type", "application/json")
					res, err := client.Do(r)
					if err != nil {
						return
					}
					_ = res.Body.Close()
					if res.StatusCode == 201 {
						mu.Lock()
						answered[name] = true
						mu.Unlock()
					}
				}
			})
		}
		wait.Wait()
		_ = child.Process.Kill()
		_ = child.Wait()
	}
	b := start(t, free(Config{StateDir: dir}))
	text := b.dump()
	for name := range answered {
		if n := strings.Count(text, `"`+name+`"`); n != 1 {
			t.Errorf("%s was answered and is there %d times", name, n)
		}
	}
	if len(answered) == 0 {
		t.Error("nothing was answered")
	}
}

func TestTornEndIsCutOff(t *testing.T) {
	dir := t.TempDir()
	b := start(t, free(Config{StateDir: dir}))
	b.call("POST", "/contacts", m{"contact": m{"email": "a@example.com"}}).is(200)
	before := b.dump()
	if err := b.twin.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, logName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, torn := range [][]byte{{1}, {200, 0, 0, 0, 1, 2, 3, 4, 5}, append([]byte{5, 0, 0, 0, 0, 0, 0, 0}, "wrong"...)} {
		if err := os.WriteFile(path, append(append([]byte{}, whole...), torn...), 0o600); err != nil {
			t.Fatal(err)
		}
		again, err := New(Config{StateDir: dir})
		if err != nil {
			t.Fatal(err)
		}
		c := &bench{T: t, twin: again}
		if c.dump() != before {
			t.Errorf("a torn end of %d bytes changed the state", len(torn))
		}
		_ = again.Close()
	}
}

func TestStateFolderHasOneTwin(t *testing.T) {
	dir := t.TempDir()
	start(t, free(Config{StateDir: dir}))
	if _, err := New(Config{StateDir: dir}); err == nil || !strings.Contains(err.Error(), "running") {
		t.Errorf("a second twin on the same state: %v", err)
	}
}

func TestCompactKeepsTheState(t *testing.T) {
	dir := t.TempDir()
	b := start(t, free(Config{StateDir: dir}))
	id := b.call("POST", "/contacts", m{"contact": m{"email": "a@example.com"}}).is(200).id("contact.id")
	for i := range 200 {
		b.call("PUT", "/contacts/"+id, m{"contact": m{"last_name": fmt.Sprint(i)}}).is(200)
	}
	before, size := b.dump(), b.twin.store.log.end
	s := b.twin.store
	if err := s.rewrite(); err != nil {
		t.Fatal(err)
	}
	if s.log.end > size/10 {
		t.Errorf("%d bytes became %d", size, s.log.end)
	}
	b.call("PUT", "/contacts/"+id, m{"contact": m{"city": "Cork"}}).is(200)
	after := b.dump()
	if after == before {
		t.Error("nothing is written after a rewrite")
	}
	if err := b.twin.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := New(Config{StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if (&bench{T: t, twin: again}).dump() != after {
		t.Error("the rewritten file says something else")
	}
}
