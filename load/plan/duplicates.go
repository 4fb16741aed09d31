package plan

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"

	"ferry/load/record"
)

// isDuplicate says that a row before this one will be created under the same identity: the second would
// overwrite the first. Checks should have held it; this is the last door.
func (p *Planner) isDuplicate(k *record.Kind, r *record.Record) bool {
	ident := record.IdentOf(k, r)
	if ident == "" || p.idents.add(ident) {
		return false
	}
	p.lookAgain[k.Entity] = true
	return true
}

// textSet knows texts by 64 bits of their digest, in one flat block made for a known number of
// them: nine bytes for each of a million contacts, where a map takes forty.
type textSet struct {
	most  int64
	slots []uint64
}

// add says whether a text is new to the set.
func (s *textSet) add(text string) bool {
	if s.slots == nil {
		s.slots = make([]uint64, s.most+s.most/8+8)
	}
	sum := sha256.Sum256([]byte(text))
	digest := max(1, binary.BigEndian.Uint64(sum[:])) // 0 is an empty slot
	at, _ := bits.Mul64(digest, uint64(len(s.slots)))
	for s.slots[at] != 0 {
		if s.slots[at] == digest {
			return false
		}
		if at++; at == uint64(len(s.slots)) {
			at = 0
		}
	}
	s.slots[at] = digest
	return true
}
