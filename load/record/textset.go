package record

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"

	"ferry/internal/run"
)

// TextSet knows texts by 64 bits of their digest, in one flat block made for a known number of
// them: nine bytes for each of a million contacts, where a map takes forty.
type TextSet struct {
	Most  int64
	slots []uint64
}

// Add says whether a text is new to the set.
func (s *TextSet) Add(text string) bool {
	if s.slots == nil {
		s.slots = make([]uint64, s.Most+s.Most/8+8)
	}
	at, digest := s.find(text)
	isNew := s.slots[at] == 0
	s.slots[at] = digest
	return isNew
}

// Has says whether a text is in the set.
func (s *TextSet) Has(text string) bool {
	if s.slots == nil {
		return false
	}
	at, _ := s.find(text)
	return s.slots[at] != 0
}

// find is the slot of a text, or the empty one it would take.
func (s *TextSet) find(text string) (at, digest uint64) {
	sum := sha256.Sum256([]byte(text))
	digest = max(1, binary.BigEndian.Uint64(sum[:])) // 0 is an empty slot
	at, _ = bits.Mul64(digest, uint64(len(s.slots)))
	for s.slots[at] != 0 && s.slots[at] != digest {
		if at++; at == uint64(len(s.slots)) {
			at = 0
		}
	}
	return at, digest
}

// IdentsIn are the identities of all rows of a table.
func IdentsIn(k *Kind, path string) (*TextSet, error) {
	t, err := run.OpenTable(path)
	if err != nil {
		return nil, err
	}
	set := &TextSet{Most: t.NumRows()}
	if err := t.Close(); err != nil {
		return nil, err
	}
	return set, run.ReadTable(path, func(columns []run.Column, row run.Row) error {
		ident := IdentOf(k, &Record{Fields: Fields{k.Identity: TextAt(row, ColumnAt(columns, k.Identity))}})
		if ident != "" {
			set.Add(ident)
		}
		return nil
	})
}
