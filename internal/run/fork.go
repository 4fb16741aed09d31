package run

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// LoadedTo lists the targets this run has been loaded to, wholly or in part.
func (d Dir) LoadedTo() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(d.root, "loaded"))
	if os.IsNotExist(err) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if _, err := os.Stat(d.Loaded(e.Name(), "outcomes")); e.IsDir() && err == nil {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// Fork starts a new run on the landed files of this one, by hard links: a run that has been
// loaded is never transformed again, because its models are the proof of what was sent.
func (d Dir) Fork(now time.Time) (Dir, error) {
	fork, err := d.project.NewRun(now)
	if err != nil {
		return Dir{}, err
	}
	return fork, d.ForkTo(fork, now)
}

// ForkTo links the landed files of this run into another folder.
func (d Dir) ForkTo(fork Dir, now time.Time) error {
	m, err := d.ReadManifest()
	if err != nil {
		return err
	}
	err = filepath.WalkDir(d.LandedRoot(), func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(d.LandedRoot(), path)
		if err != nil {
			return err
		}
		to := filepath.Join(fork.LandedRoot(), rel)
		if e.IsDir() {
			return os.MkdirAll(to, DirMode)
		}
		return os.Link(path, to)
	})
	if err != nil {
		return CannotWrite(fork.LandedRoot(), err)
	}
	return fork.ChangeManifest(func(n *Manifest) {
		n.Version, n.Created, n.From, n.Config = m.Version, now.UTC(), d.ID(), m.Config
		n.Stages["extract"] = m.Stages["extract"]
	})
}
