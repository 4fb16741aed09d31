package twin

import (
	"errors"
	"fmt"
	"time"
)

// recordState says where a record is.
type recordState uint8

const (
	absent recordState = iota
	live
	binned // soft-deleted, in the recycle bin
	erased // gone for good; its id is never used again
)

// version is a record at some moment: where its document is in the log.
type version struct {
	at    int64
	size  uint32
	state recordState
}

// record has two faces: what it is, and what the lagging views, search and lookup show of it.
type record struct {
	now, shown      version
	created, latest int32 // places in the orders of its table while it is shown
}

// table holds all records of one kind. Ids are consecutive from base+1, so a record is found by
// subtraction.
type table struct {
	kind    *kind
	number  uint8
	store   *store
	records []record
	index   *index
	created order // shown live records, oldest first
	latest  order // shown live records, least recently changed first
	bin     order // shown deleted records
	held    map[recordState]int
}

// store is all tables over one log. It is not safe for concurrent use: the twin serialises acts.
type store struct {
	log     *log
	tables  []*table
	lag     time.Duration
	queue   []pendingShow // versions that views do not show yet, oldest first
	scratch []byte
	newest  time.Time // the latest moment the state knows of
}

type pendingShow struct {
	due   time.Time
	table *table
	n     int32
	v     version
}

func openStore(folder string, kinds []*kind, lag time.Duration) (*store, error) {
	s := &store{lag: lag}
	for i, k := range kinds {
		s.tables = append(s.tables, &table{
			kind: k, number: uint8(i), store: s, index: newIndex(), held: map[recordState]int{},
		})
	}
	var err error
	if s.log, err = openLog(folder); err != nil {
		return nil, err
	}
	err = s.log.replay(s.replay)
	if err == nil {
		err = s.compact()
	}
	if err != nil {
		return nil, errors.Join(err, s.log.close())
	}
	return s, nil
}

func (s *store) replay(o op, at int64) error {
	if int(o.table) >= len(s.tables) {
		return fmt.Errorf("twin: the state file is of another version (table %d)", o.table)
	}
	t := s.tables[o.table]
	d, err := decodeKeys(o.doc)
	if err != nil {
		return fmt.Errorf("twin: the state file holds a damaged record: %w", err)
	}
	if ms, ok := number(d["updated_at"]); ok {
		if at := time.UnixMilli(ms); at.After(s.newest) {
			s.newest = at
		}
	}
	n := t.place(o.id)
	t.write(n, version{at, uint32(len(o.doc)), o.state}, d)
	t.show(n, t.records[n].now)
	return nil
}

// place is the record number of an id, making room for it.
func (t *table) place(id int64) int32 {
	n := int32(id - t.kind.base - 1)
	for int(n) >= len(t.records) {
		t.records = append(t.records, record{})
	}
	return n
}

func (t *table) id(n int32) int64 { return t.kind.base + 1 + int64(n) }

// nextID is the id the next new record will get.
func (t *table) nextID() int64 { return t.id(int32(len(t.records))) }

// find is the number of an id's record in a state, if there is one.
func (t *table) find(id int64, in recordState) (int32, bool) {
	n := id - t.kind.base - 1
	if n < 0 || n >= int64(len(t.records)) || t.records[n].now.state != in {
		return 0, false
	}
	return int32(n), true
}

// get reads a live record by id.
func (t *table) get(id int64) (doc, bool) {
	n, ok := t.find(id, live)
	if !ok {
		return nil, false
	}
	return t.doc(t.records[n].now), true
}

// doc reads a version. A state file that cannot be read back is the end: the twin cannot answer
// truthfully any more.
func (t *table) doc(v version) doc {
	text, err := t.store.log.read(v.at, v.size)
	if err != nil {
		panic(err)
	}
	d, err := decodeStored(text)
	if err != nil {
		panic(fmt.Errorf("twin: damaged record: %w", err))
	}
	return d
}

// put writes a record as it is from now on. Views, search and lookup follow after the lag.
func (t *table) put(id int64, d doc, state recordState, now time.Time) {
	t.store.scratch = appendMap(t.store.scratch[:0], d)
	text := t.store.scratch
	at := t.store.log.put(op{t.number, state, id, text})
	n := t.place(id)
	t.write(n, version{at, uint32(len(text)), state}, d)
	if t.store.lag <= 0 || !t.kind.lags {
		t.show(n, t.records[n].now)
		return
	}
	t.store.queue = append(t.store.queue, pendingShow{now.Add(t.store.lag), t, n, t.records[n].now})
}

func (t *table) write(n int32, v version, d doc) {
	r := &t.records[n]
	t.held[r.now.state]--
	t.held[v.state]++
	r.now = v
	for _, key := range t.kind.keys(d) {
		t.index.add(key, n)
	}
}

// show makes a version the one that views show.
func (t *table) show(n int32, v version) {
	r := &t.records[n]
	before := r.shown
	if before.state == live || before.state == binned {
		t.forget(n, v)
	}
	if before.state == live {
		t.latest.take(r.latest)
	}
	if before.state != v.state {
		switch before.state {
		case live:
			t.created.take(r.created)
		case binned:
			t.bin.take(r.created)
		}
		switch v.state {
		case live:
			r.created = t.created.add(n)
		case binned:
			r.created = t.bin.add(n)
		}
	}
	if v.state == live {
		r.latest = t.latest.add(n)
	}
	r.shown = v
}

// forget takes the shown version's values out of the index, unless a newer version has them too.
func (t *table) forget(n int32, next version) {
	r := &t.records[n]
	kept := map[string]bool{}
	for _, v := range []version{next, r.now} {
		if v.state == live || v.state == binned {
			for _, key := range t.kind.keys(t.doc(v)) {
				kept[key] = true
			}
		}
	}
	for _, key := range t.kind.keys(t.doc(r.shown)) {
		if !kept[key] {
			t.index.remove(key, n)
		}
	}
}

// settle shows what has become old enough.
func (s *store) settle(now time.Time) {
	i := 0
	for ; i < len(s.queue) && !s.queue[i].due.After(now); i++ {
		p := s.queue[i]
		if p.v.at > p.table.records[p.n].shown.at { // a seed or a damage may have been shown at once meanwhile
			p.table.show(p.n, p.v)
		}
	}
	s.queue = s.queue[i:]
	if len(s.queue) == 0 {
		s.queue = nil
	}
}

// holders are the numbers of records whose current version has a key and is in a state.
func (t *table) holders(key string, in recordState) []int32 {
	var out []int32
	for _, n := range t.index.find(key) {
		v := t.records[n].now
		if v.state == in && t.has(v, key) {
			out = append(out, n)
		}
	}
	return out
}

// shownHolders are the numbers of live records that search and lookup find under a key.
func (t *table) shownHolders(key string) []int32 {
	var out []int32
	for _, n := range t.index.find(key) {
		v := t.records[n].shown
		if v.state == live && t.has(v, key) {
			out = append(out, n)
		}
	}
	return out
}

func (t *table) has(v version, key string) bool {
	for _, k := range t.kind.keys(t.doc(v)) {
		if k == key {
			return true
		}
	}
	return false
}
