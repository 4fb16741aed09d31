package run

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"
)

// Manifest is run.json: who made the run, with what, and how far each stage came.
type Manifest struct {
	Version string            `json:"version"`
	Created time.Time         `json:"created"`
	From    string            `json:"from,omitempty"` // the run whose landed files this one shares
	Config  map[string]string `json:"config"`         // without secrets
	Stages  map[string]Stage  `json:"stages"`
}

// Stage is the mark of a finished stage. It is written only after the stage's folder is complete.
type Stage struct {
	Started time.Time      `json:"started"`
	Ended   time.Time      `json:"ended"`
	Input   string         `json:"input"`  // digest of everything the stage read
	Output  string         `json:"output"` // digest of what it wrote, for the next stage
	Facts   map[string]any `json:"facts,omitempty"`
}

var manifestMutex sync.Mutex

// ReadManifest reads run.json; a run without one is empty, not broken.
func (d Dir) ReadManifest() (Manifest, error) {
	m := Manifest{Config: map[string]string{}, Stages: map[string]Stage{}}
	text, err := os.ReadFile(d.Manifest())
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, &Problem{Where: d.Manifest(), What: "run.json cannot be read: " + err.Error(), Err: err,
			Try: "ferry extract   (starts a new run; this one is left as it is)"}
	}
	if m.Stages == nil {
		m.Stages = map[string]Stage{}
	}
	if m.Config == nil {
		m.Config = map[string]string{}
	}
	return m, nil
}

// ChangeManifest reads, changes and writes run.json as one step.
func (d Dir) ChangeManifest(change func(*Manifest)) error {
	manifestMutex.Lock()
	defer manifestMutex.Unlock()
	m, err := d.ReadManifest()
	if err != nil {
		return err
	}
	change(&m)
	return WriteFile(d.Manifest(), func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(m)
	})
}

// Mark records that a stage is complete.
func (d Dir) Mark(stage string, s Stage) error {
	return d.ChangeManifest(func(m *Manifest) { m.Stages[stage] = s })
}

// Unmark takes the marks of stages back, before they are run again.
func (d Dir) Unmark(stages ...string) error {
	return d.ChangeManifest(func(m *Manifest) {
		for _, s := range stages {
			delete(m.Stages, s)
		}
	})
}

// Done gives the mark of a stage, or a Problem that says which command makes it.
func (d Dir) Done(stage, command string) (Stage, error) {
	m, err := d.ReadManifest()
	if err != nil {
		return Stage{}, err
	}
	s, ok := m.Stages[stage]
	if !ok {
		return Stage{}, Problemf(d.Root(), "this run has no finished %s stage", stage).WithTry("%s", command)
	}
	return s, nil
}
