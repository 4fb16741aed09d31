package send

import (
	"io"
	"os"
	"path/filepath"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/record"
)

// file opens the file of a document; its path is relative to the exports.
func (ps *peopleSend) file(f *childWrite) (freshsales.File, error) {
	path := record.AsText(f.record.Fields["path"])
	root, err := os.OpenRoot(ps.Dir.Project().Exports())
	if err != nil {
		return freshsales.File{}, run.Problemf(ps.Dir.Project().Exports(), "the folder of the documents cannot be read: %v",
			record.PathCause(err))
	}
	defer root.Close()
	info, fault := account.FileOf(root, path)
	if fault != "" {
		return freshsales.File{}, &freshsales.Error{Outcome: freshsales.Refused, Call: "documents create",
			Messages: []string{fault}}
	}
	shared, _ := f.record.Fields["is_shared"].(bool)
	exports := ps.Dir.Project().Exports()
	return freshsales.File{Name: record.FileName(f.record.Fields), Type: record.AsText(f.record.Fields["content_type"]),
		Size: info.Size(), Shared: shared, Target: freshsales.Contacts, TargetID: f.contactID,
		Open: func() (io.ReadCloser, error) {
			root, err := os.OpenRoot(exports)
			if err != nil {
				return nil, err
			}
			defer root.Close()
			return root.Open(filepath.FromSlash(path))
		}}, nil
}
