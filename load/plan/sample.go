package plan

import (
	"container/heap"
	"crypto/sha256"
	"encoding/binary"

	"ferry/internal/run"
	"ferry/load/record"
)

// sample is a set of whole people: contacts, their accounts, and all that hangs on them.
type sample struct{ contacts, accounts map[string]bool }

// chooseSample picks n people by the digest of their key, so that asking again picks the same.
func chooseSample(dir run.Dir, n int) (*sample, error) {
	if n <= 0 {
		return nil, nil
	}
	var h pickHeap
	err := record.ReadIfThere(dir.Model("freshsales", "contacts"), func(columns []run.Column, row run.Row) error {
		key := record.TextAt(row, record.ColumnAt(columns, "contact_key"))
		sum := sha256.Sum256([]byte(key))
		p := pick{binary.BigEndian.Uint64(sum[:]), key, record.TextAt(row, record.ColumnAt(columns, "account_key"))}
		if h.Len() < n {
			heap.Push(&h, p)
		} else if p.rank < h[0].rank {
			h[0] = p
			heap.Fix(&h, 0)
		}
		return nil
	})
	s := &sample{contacts: map[string]bool{}, accounts: map[string]bool{}}
	for _, p := range h {
		s.contacts[p.contact] = true
		s.accounts[p.account] = true
	}
	return s, err
}

// has says whether a record belongs to the sample; everything does when there is none.
func (s *sample) has(entity, key, contact string) bool {
	switch {
	case s == nil:
		return true
	case entity == "contacts" || entity == record.AccountLinks:
		return s.contacts[key]
	case entity == "accounts":
		return s.accounts[key]
	}
	return s.contacts[contact]
}

type pick struct {
	rank             uint64
	contact, account string
}

// pickHeap keeps the n smallest ranks, the largest of them on top.
type pickHeap []pick

func (h pickHeap) Len() int           { return len(h) }
func (h pickHeap) Less(i, j int) bool { return h[i].rank > h[j].rank }
func (h pickHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *pickHeap) Push(x any)        { *h = append(*h, x.(pick)) }
func (h *pickHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
