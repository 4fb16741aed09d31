package purge

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"ferry/internal/run"
)

// known is what a project remembers of purged people: salted digests, by which they are recognised in
// the next export, and nothing that tells who they are.
type known struct {
	Salt    string   `json:"salt"`
	Digests []string `json:"digests"`
	People  []struct {
		At time.Time `json:"at"`
	} `json:"people"`
}

func readKnown(p run.Project) (known, error) {
	var k known
	text, err := os.ReadFile(p.Purged())
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return k, err
	}
	if err := json.Unmarshal(text, &k); err != nil || k.Salt == "" {
		return k,
			run.Problemf(p.Purged(),
				"the list of people who asked to be forgotten cannot be read; without it they would come back").
				WithTry("put the file back from a backup of the project").WithExit(run.ExitStop)
	}
	return k, nil
}

func (k known) digest(s string) string { return run.DigestText(k.Salt, norm(s)) }

// Remember keeps a person's salted digests, before anything is taken out: from then on no export
// brings them back, however the purge ends.
func Remember(project run.Project, p *Person, now time.Time) error {
	k, err := readKnown(project)
	if err != nil {
		return err
	}
	if k.Salt == "" {
		salt := make([]byte, 32)
		if _, err := rand.Read(salt); err != nil {
			return err
		}
		k.Salt = hex.EncodeToString(salt)
	}
	before := len(k.Digests)
	for _, set := range []map[string]bool{p.IDs, p.Emails} {
		for s := range set {
			if d := k.digest(s); !slices.Contains(k.Digests, d) {
				k.Digests = append(k.Digests, d)
			}
		}
	}
	if len(k.Digests) == before {
		return nil
	}
	slices.Sort(k.Digests)
	k.People = append(k.People, struct {
		At time.Time `json:"at"`
	}{now.UTC()})
	return run.WriteFile(project.Purged(), func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(k)
	})
}

// IsKnown says whether somebody was purged before, by an address or a key.
func IsKnown(project run.Project, who string) (bool, error) {
	k, err := readKnown(project)
	return err == nil && k.Salt != "" && slices.Contains(k.Digests, k.digest(who)), err
}

// LeaveOut takes people who were purged before out of what an export brought, and counts the records.
func LeaveOut(ctx context.Context, dir run.Dir) (int64, error) {
	k, err := readKnown(dir.Project())
	if err != nil || k.Salt == "" {
		return 0, err
	}
	unfinished, err := Unfinished([]run.Dir{dir})
	if err != nil {
		return 0, err
	}
	gone := map[string]bool{}
	for _, d := range k.Digests {
		gone[d] = true
	}
	files, err := tableFiles(dir)
	if err != nil {
		return 0, err
	}
	p := &Person{IDs: map[string]bool{}, Keys: map[string]bool{}, Emails: map[string]bool{}}
	seen := map[string]bool{}
	look := func(s string, into map[string]bool) {
		if s = norm(s); s == "" || seen[s] {
			return
		}
		seen[s] = true
		if gone[k.digest(s)] {
			into[s] = true
		}
	}
	for _, f := range files {
		if f.Schema != "landed" || strings.HasPrefix(f.Table, "_") {
			continue
		}
		err := run.EachRow(f.Path, func(r run.NamedRow) error {
			for _, c := range personColumns {
				look(r.Text(c), p.IDs)
			}
			for _, c := range emailColumns {
				look(r.Text(c), p.Emails)
			}
			return ctx.Err()
		})
		if err != nil {
			return 0, err
		}
	}
	if unfinished != nil {
		p.Add(unfinished)
	}
	if len(p.IDs)+len(p.Emails) == 0 {
		return 0, nil
	}
	if _, err := Learn(ctx, dir, p); err != nil {
		return 0, err
	}
	e, _, err := Erase(ctx, dir)
	if err != nil {
		return 0, err
	}
	var n int64
	for table, rows := range e.Rows {
		if strings.HasPrefix(table, "landed.") {
			n += rows
		}
	}
	return n, Finish(dir)
}
