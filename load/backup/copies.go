package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"ferry/internal/run"
	"ferry/load/ledger"
	"ferry/load/plan"
	"ferry/load/record"
)

// Copy is a complete copy of an account, as its manifest tells.
type Copy struct {
	Target  string            `json:"target"`
	Kind    string            `json:"kind"`          // touched, all
	Run     string            `json:"run,omitempty"` // whose load it stands before
	Begun   time.Time         `json:"begun"`
	Ended   time.Time         `json:"ended"`
	Records map[string]int64  `json:"records"`
	Gone    map[string]int64  `json:"gone"`   // listed or planned, and not there any more
	Images  int64             `json:"images"` // before-images of earlier loads
	Files   map[string]string `json:"files"`  // digests
	Says    []string          `json:"says"`

	Folder string `json:"-"`
	Digest string `json:"-"` // of the manifest: what the audit carries
}

// Copies gives the complete copies of a target, oldest first.
func Copies(t run.Target) ([]Copy, error) {
	entries, err := os.ReadDir(t.Backups())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var all []Copy
	for _, e := range entries {
		folder := filepath.Join(t.Backups(), e.Name())
		path := filepath.Join(folder, manifest)
		c := Copy{Folder: folder}
		switch err := readJSON(path, &c); {
		case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid):
			continue
		case err != nil:
			return nil, run.Problemf(path, "this copy of the account cannot be read: %v", err).
				WithTry("put the folder back from a backup of the project, or move it away and: ferry backup --target %s", t.Name)
		}
		if c.Digest, err = run.DigestFile(path); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b Copy) int { return a.Ended.Compare(b.Ended) })
	return all, err
}

// Lacks counts, by entity, the records that the planned load of a run will change and that no copy has.
// Records that ferry made itself need no copy: a rollback takes them away.
func Lacks(t run.Target, dir run.Dir, copies []Copy) (map[string]int64, error) {
	l, err := ledger.OpenToRead(t)
	if err != nil {
		return nil, err
	}
	var known memory
	if l != nil {
		defer l.CloseRead()
		known = l
	}
	ids, err := touched(known, dir, t)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	missing := map[string]map[string]bool{}
	for entity, list := range ids {
		missing[entity] = map[string]bool{}
		for _, id := range list {
			missing[entity][record.IdText(id)] = true
		}
	}
	for _, c := range copies {
		err := run.EachRow(filepath.Join(c.Folder, idsTable+".parquet"), func(r run.NamedRow) error {
			delete(missing[r.Text("entity")], r.Text("id"))
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	lacks := map[string]int64{}
	for entity, set := range missing {
		if len(set) > 0 {
			lacks[entity] = int64(len(set))
		}
	}
	return lacks, nil
}

// touched are the records that the plan of a run will change and that the account had before us: those it
// updates, and contacts that get a company or a deal, whose stage the account's own rule may move.
func touched(known memory, dir run.Dir, t run.Target) (map[string][]int64, error) {
	linked, err := linkedContacts(dir, t)
	if err != nil {
		return nil, err
	}
	ids := map[string][]int64{}
	return ids, run.EachRow(dir.Loaded(t.Name, record.PlanTable), func(r run.NamedRow) error {
		entity, id := r.Text("entity"), r.Text("target_id")
		changes := r.Text("action") == plan.Update || entity == "contacts" && linked[r.Text("key")]
		if !changes || id == "" || !slices.Contains(copied, entity) {
			return nil
		}
		if known != nil {
			st, err := known.ByTarget(entity, id)
			if err != nil {
				return err
			}
			if st != nil && st.Origin == ledger.OriginCreated {
				return nil
			}
		}
		ids[entity] = append(ids[entity], record.IdOf(id))
		return nil
	})
}

// linkedContacts are the contacts for which the plan makes a deal or a link to a company.
func linkedContacts(dir run.Dir, t run.Target) (map[string]bool, error) {
	contacts, deals := map[string]bool{}, map[string]bool{}
	if err := run.EachRow(dir.Loaded(t.Name, record.PlanTable), func(r run.NamedRow) error {
		isMade := r.Text("action") == plan.Create || r.Text("action") == plan.Update
		switch {
		case isMade && r.Text("entity") == record.AccountLinks:
			contacts[r.Text("key")] = true
		case isMade && r.Text("entity") == "deals":
			deals[r.Text("key")] = true
		}
		return nil
	}); err != nil || len(deals) == 0 {
		return contacts, err
	}
	return contacts, run.EachRow(dir.Model("freshsales", "deals"), func(r run.NamedRow) error {
		if deals[r.Text("deal_key")] {
			contacts[r.Text("contact_key")] = true
		}
		return nil
	})
}
