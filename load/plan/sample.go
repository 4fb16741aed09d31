package plan

import (
	"container/heap"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"ferry/internal/run"
	"ferry/load/record"
	"ferry/load/target"
)

// sample is a set of whole people: contacts, their accounts, and all that hangs on them.
type sample struct {
	contacts, accounts map[string]bool

	asked, held, there int              // people: asked for, no choice because they are held, known to be there
	stays              map[string]int64 // of the chosen, by the reason why they do not go
}

// saw counts what becomes of a chosen person.
func (s *sample) saw(st *Step) {
	if s == nil || st.entity != "contacts" || !s.contacts[st.Key] {
		return
	}
	switch st.Action {
	case Create, Update, Unchanged:
		s.there++
		return
	}
	if s.stays == nil {
		s.stays = map[string]int64{}
	}
	s.stays[st.Action+": "+st.Reason]++
}

// notice says why a sample holds fewer people than were asked for; nothing when it holds all.
func (s *sample) notice() []target.Notice {
	if s == nil || s.there >= s.asked {
		return nil
	}
	text := fmt.Sprintf("%d people were asked for, and %d go: ", s.asked, s.there)
	if len(s.contacts) < s.asked {
		text += fmt.Sprintf("there are no more than %d who are not held (%d are)", len(s.contacts), s.held)
	}
	for _, why := range record.SortedKeys(s.stays) {
		text += fmt.Sprintf("; %d %s", s.stays[why], why)
	}
	return []target.Notice{{Kind: "sample", Entity: "contacts", Text: strings.Replace(text, ": ; ", ": ", 1)}}
}

// chooseSample picks n people by the digest of their key, so that asking again picks the same; people who are
// held are no choice.
func chooseSample(dir run.Dir, n int, held map[string]string) (*sample, error) {
	if n <= 0 {
		return nil, nil
	}
	var h pickHeap
	s := &sample{contacts: map[string]bool{}, accounts: map[string]bool{}, asked: n}
	err := record.ReadIfThere(dir.Model("freshsales", "contacts"), func(columns []run.Column, row run.Row) error {
		key := record.TextAt(row, record.ColumnAt(columns, "contact_key"))
		if held[key] != "" {
			s.held++
			return nil
		}
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
