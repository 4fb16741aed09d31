package ledger

import "fmt"

// BatchSize is what is known of how many records an account takes in one bulk call.
type BatchSize struct {
	Most   int64 // more are refused or cut; 0: nothing is known
	Proven int64 // so many were seen to be written to the last
}

// Of is the size to use where another is asked for.
func (b BatchSize) Of(asked int64) int64 {
	if b.Most > 0 {
		return min(b.Most, asked)
	}
	return asked
}

func (l *Ledger) BatchSizeOf(entity string) (b BatchSize, err error) {
	text, err := l.Meta("batch size of " + entity)
	if err == nil && text != "" {
		if _, err = fmt.Sscanf(text, "%d %d", &b.Most, &b.Proven); err != nil {
			return b, l.Damaged("the size of batches cannot be read")
		}
	}
	return b, err
}

func (l *Ledger) SetBatchSize(entity string, b BatchSize) error {
	return l.SetMeta("batch size of "+entity, fmt.Sprintf("%d %d", b.Most, b.Proven))
}
