package plan

import (
	"os"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/ledger"
	"ferry/load/record"
)

// lookAtFiles counts the creates whose file cannot be sent: each is refused without a call.
func (p *Planner) lookAtFiles(k *record.Kind, chunk []*child) {
	if k.Entity != documents {
		return
	}
	exports, err := os.OpenRoot(p.Dir.Project().Exports())
	if err != nil {
		return // sending stops at it, with its name
	}
	defer exports.Close()
	for _, c := range chunk {
		if c.step.Action != Create {
			continue
		}
		if _, fault := account.FileOf(exports, record.AsText(c.record.Fields["path"])); fault != "" {
			p.unsendable[k.Entity]++
		}
	}
}

// fileCame says whether the file of a document, refused before for the lack of it, can be sent now: its row is the
// same, so nothing else would tell.
func (p *Planner) fileCame(k *record.Kind, shape *record.Mapper, row run.Row, st *ledger.RecordState) bool {
	if k.Entity != documents || st.State != ledger.StateRefused || !account.IsFileFault(st.Reason) {
		return false
	}
	r, err := shape.Record(row)
	if err != nil {
		return true // said where the record is made
	}
	exports, err := os.OpenRoot(p.Dir.Project().Exports())
	if err != nil {
		return false
	}
	defer exports.Close()
	_, fault := account.FileOf(exports, record.AsText(r.Fields["path"]))
	return fault == ""
}

const documents = "documents"
