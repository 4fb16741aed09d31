package load

import (
	"io"
	"os"
	"path/filepath"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// file opens the file of a document; its path is relative to the exports.
func (ps *peopleSend) file(f *childFlight) (freshsales.File, error) {
	path := asText(f.record.fields["path"])
	root, err := os.OpenRoot(ps.dir.Project().Exports())
	if err != nil {
		return freshsales.File{}, run.Problemf(ps.dir.Project().Exports(), "the folder of the documents cannot be read: %v", pathCause(err))
	}
	defer root.Close()
	info, err := root.Stat(filepath.FromSlash(path))
	if err != nil {
		return freshsales.File{}, &freshsales.Error{Meaning: freshsales.Refused, Call: "documents create", Words: []string{"the file is not among the exports"}}
	}
	if info.Size() > freshsales.MaxFile {
		return freshsales.File{}, &freshsales.Error{Meaning: freshsales.Refused, Call: "documents create", Words: []string{"the file is larger than the 150 MB Freshsales takes"}}
	}
	shared, _ := f.record.fields["is_shared"].(bool)
	exports := ps.dir.Project().Exports()
	return freshsales.File{Name: fileName(f.record.fields), Type: asText(f.record.fields["content_type"]), Size: info.Size(), Shared: shared, Target: freshsales.Contacts, TargetID: f.contactID,
		Open: func() (io.ReadCloser, error) {
			root, err := os.OpenRoot(exports)
			if err != nil {
				return nil, err
			}
			defer root.Close()
			return root.Open(filepath.FromSlash(path))
		}}, nil
}
