package account

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
	"ferry/load/target"
)

// ackStorage accepts that documents may not all fit.
const ackStorage = "storage"

// storageOf is how many bytes of files a plan holds for each user (API.md 4.9).
func storageOf(plan string) (int64, bool) {
	gigabytes := map[string]int64{"free": 0, "growth": 2, "pro": 5, "enterprise": 100}
	n, known := gigabytes[strings.ToLower(plan)]
	return n << 30, known
}

// Why the file of a document cannot be sent.
const (
	fileMissing  = "the file is not among the exports"
	fileTooLarge = "the file is larger than the 150 MB Freshsales takes"
)

// IsFileFault tells a refusal of ours from one of theirs.
func IsFileFault(reason string) bool { return reason == fileMissing || reason == fileTooLarge }

// FileOf looks at the file of a document, whose path is relative to the exports. The fault says why it cannot be sent:
// Freshsales is not asked then.
func FileOf(exports *os.Root, path string) (info os.FileInfo, fault string) {
	info, err := exports.Stat(filepath.FromSlash(path))
	switch {
	case err != nil:
		return nil, fileMissing
	case info.Size() > freshsales.MaxFile:
		return info, fileTooLarge
	}
	return info, ""
}

// weight is what the documents of a run weigh.
type weight struct {
	files, missing, tooLarge int
	bytes                    int64
}

// weigh looks at every file that would be sent; nothing is opened.
func weigh(dir run.Dir) (w weight, err error) {
	t, err := run.OpenTable(dir.Model("freshsales", "documents"))
	if record.IsMissing(err) {
		return w, nil
	}
	if err != nil {
		return w, err
	}
	defer t.Close()
	root, err := os.OpenRoot(dir.Project().Exports())
	if err != nil {
		return w, nil // no exports, no files: each document says so when it is sent
	}
	defer root.Close()
	at := t.Column("path")
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return w, nil
		}
		if err != nil {
			return w, err
		}
		w.files++
		info, fault := FileOf(root, record.TextAt(row, at))
		switch {
		case info == nil:
			w.missing++
		case fault != "":
			w.tooLarge++
		default:
			w.bytes += info.Size()
		}
	}
}

// holds says whether the documents fit the plan's storage, as far as can be told: what the account
// already keeps is not shown.
func (a *Account) holds(o target.Options) ([]target.Notice, error) {
	if len(o.Only) > 0 && !slices.Contains(o.Only, "documents") {
		return nil, nil
	}
	w, err := weigh(a.dir)
	if err != nil || w.files == 0 {
		return nil, err
	}
	var notices []target.Notice
	if w.missing > 0 {
		notices = append(notices, target.Notice{Kind: "documents_missing", Entity: "documents", Key: "",
			Text: fmt.Sprintf("%d of %d documents are not among the exports and will be refused", w.missing, w.files)})
	}
	if w.tooLarge > 0 {
		notices = append(notices, target.Notice{Kind: "documents_too_large", Entity: "documents", Key: "",
			Text: fmt.Sprintf("%d documents are larger than the 150 MB Freshsales takes and will be refused", w.tooLarge)})
	}
	perUser, known := storageOf(o.PlanName)
	users := int64(0)
	for _, owner := range a.owners {
		if owner.IsActive {
			users++
		}
	}
	if !known || w.bytes <= perUser*users {
		return notices, nil
	}
	text := fmt.Sprintf("the documents weigh %.1f GB, and the %s plan holds %.0f GB for %d users",
		float64(w.bytes)/(1<<30), o.PlanName, float64(perUser*users)/(1<<30), users)
	if slices.Contains(o.Acknowledged, ackStorage) {
		return append(notices, target.Notice{Kind: ackStorage, Entity: "documents", Key: "", Text: text}), nil
	}
	return notices, &run.Problem{Where: "target " + o.Target.Name, What: text, Exit: run.ExitStop,
		Try: "send fewer documents, or " + Accepting(o, ackStorage) + ": some will be refused"}
}
