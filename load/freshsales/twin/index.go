package twin

import (
	"hash/maphash"
	"slices"
)

// index finds records by a value. It keeps hashes, not values: a million e-mail addresses cost
// 30 MB, and whoever asks must look at the record to be sure.
type index struct {
	seed maphash.Seed
	one  map[uint64]int32
	more map[uint64][]int32 // the second and later records of a hash
}

func newIndex() *index {
	return &index{seed: maphash.MakeSeed(), one: map[uint64]int32{}, more: map[uint64][]int32{}}
}

func (x *index) add(value string, n int32) {
	h := maphash.String(x.seed, value)
	first, taken := x.one[h]
	switch {
	case !taken:
		x.one[h] = n
	case first != n && !slices.Contains(x.more[h], n):
		x.more[h] = append(x.more[h], n)
	}
}

func (x *index) remove(value string, n int32) {
	h := maphash.String(x.seed, value)
	rest := x.more[h]
	if x.one[h] == n {
		if _, there := x.one[h]; !there {
			return
		}
		if len(rest) == 0 {
			delete(x.one, h)
			return
		}
		x.one[h], rest = rest[0], rest[1:]
	} else if i := slices.Index(rest, n); i >= 0 {
		rest = slices.Delete(rest, i, i+1)
	}
	if len(rest) == 0 {
		delete(x.more, h)
		return
	}
	x.more[h] = rest
}

// find gives the records that may have the value.
func (x *index) find(value string) []int32 {
	h := maphash.String(x.seed, value)
	first, there := x.one[h]
	if !there {
		return nil
	}
	return append([]int32{first}, x.more[h]...)
}
