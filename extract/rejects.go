package extract

import (
	"strconv"
	"sync"

	"ferry/internal/run"
)

// rawLimit is how much of a rejected record is kept.
const rawLimit = 64 << 10

// reject is a record that could not land.
type reject struct {
	record, line int64
	reason, raw  string
}

// rejects is the table of them, written by all sources.
type rejects struct {
	mutex sync.Mutex
	table *run.TableWriter
}

func (r *rejects) add(t *tally, all []reject) error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, x := range all {
		var line any
		if x.line > 0 {
			line = strconv.FormatInt(x.line, 10)
		}
		err := r.table.Write(run.Row{t.source.name, strconv.FormatInt(x.record, 10), line, t.source.entity.Name, x.reason, x.raw})
		if err != nil {
			return err
		}
	}
	return nil
}

// rawText is a rejected record as it was, at most rawLimit of it.
func rawText(b []byte) string {
	if len(b) > rawLimit {
		return string(b[:rawLimit]) + "…"
	}
	return string(b)
}
