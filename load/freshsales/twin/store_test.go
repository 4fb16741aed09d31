package twin

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The property tests of this package draw the same values every time; -rapid.seed asks for others.
func init() {
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err)
	}
}

// The order gives the same pages as a plain list from which things are taken out.
func TestOrderAgainstAPlainList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var o order
		var plain, places []int32
		for range rapid.IntRange(0, 4000).Draw(t, "steps") {
			if len(plain) > 0 && rapid.IntRange(0, 2).Draw(t, "what") == 0 {
				i := rapid.IntRange(0, len(plain)-1).Draw(t, "which")
				o.take(places[i])
				plain, places = slices.Delete(plain, i, i+1), slices.Delete(places, i, i+1)
				continue
			}
			n := int32(len(o.places))
			places = append(places, o.add(n))
			plain = append(plain, n)
		}
		if o.live != len(plain) {
			t.Fatalf("%d live, want %d", o.live, len(plain))
		}
		skip, limit := rapid.IntRange(0, len(plain)+3).Draw(t, "skip"), rapid.IntRange(0, 100).Draw(t, "limit")
		for _, backwards := range []bool{false, true} {
			want := slices.Clone(plain)
			if backwards {
				slices.Reverse(want)
			}
			want = want[min(skip, len(want)):min(skip+limit, len(want))]
			if got := o.page(skip, limit, backwards); !slices.Equal(got, want) {
				t.Fatalf("page(%d, %d, %t) = %v, want %v", skip, limit, backwards, got, want)
			}
		}
	})
}

func TestIndexAgainstAPlainMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, plain := newIndex(), map[string]map[int32]bool{}
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			value := fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "value"))
			n := int32(rapid.IntRange(0, 9).Draw(t, "record"))
			if rapid.Bool().Draw(t, "add") {
				x.add(value, n)
				if plain[value] == nil {
					plain[value] = map[int32]bool{}
				}
				plain[value][n] = true
			} else {
				x.remove(value, n)
				delete(plain[value], n)
			}
			got := x.find(value)
			for _, n := range got {
				if !plain[value][n] {
					t.Fatalf("%s finds %d", value, n)
				}
			}
			if len(got) != len(plain[value]) {
				t.Fatalf("%s finds %v, want %v", value, got, plain[value])
			}
		}
	})
}

// Whatever is written in whatever order: once the lag is over, views, lookup and reads agree; and
// a twin that opens the file again says the same as the one that wrote it.
func TestFacesAgree(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir := t.TempDir()
		clock := NewManualClock(testStart)
		open := func() *Twin {
			tw, err := New(Config{StateDir: dir, LimitsOff: true, Clock: clock, Switches: Switches{"index_lag_seconds": "3"}})
			if err != nil {
				r.Fatal(err)
			}
			return tw
		}
		tw := open()
		s := tw.store.tables[tContacts]
		for range rapid.IntRange(1, 60).Draw(r, "steps") {
			clock.Advance(time.Duration(rapid.IntRange(0, 2).Draw(r, "seconds")) * time.Second)
			tw.settle(tw.now())
			d := doc{"emails": []any{email(fmt.Sprintf("p%d@example.com", rapid.IntRange(0, 5).Draw(r, "who")), true)},
				"updated_at": num(tw.now().UnixMilli())}
			state := rapid.SampledFrom([]recordState{live, live, binned, erased}).Draw(r, "state")
			if state == erased {
				d = doc{}
			}
			id := s.id(int32(rapid.IntRange(0, min(len(s.records), 9)).Draw(r, "record")))
			s.put(id, d, state, tw.now())
		}
		clock.Advance(3 * time.Second)
		tw.settle(tw.now())
		before := faces(r, tw)
		if err := tw.Close(); err != nil {
			r.Fatal(err)
		}
		again := open()
		defer again.Close()
		if after := faces(r, again); after != before {
			r.Fatalf("after opening again:\n%s\nbefore:\n%s", after, before)
		}
	})
}

// faces is what a table says of its contacts in every way it can be asked.
func faces(r *rapid.T, tw *Twin) string {
	s := tw.store.tables[tContacts]
	counted := map[recordState]int{}
	out := ""
	for n := range s.records {
		rec := &s.records[n]
		if rec.now != rec.shown {
			r.Fatalf("record %d is %v and shows %v", n, rec.now, rec.shown)
		}
		counted[rec.now.state]++
		if rec.now.state == live {
			out += fmt.Sprint(n, emailsOf(s.doc(rec.now)), " ")
		}
	}
	if s.created.live != counted[live] || s.latest.live != counted[live] || s.bin.live != counted[binned] ||
		s.held[live] != counted[live] {
		r.Fatalf("orders hold %d, %d and %d, records are %v", s.created.live, s.latest.live, s.bin.live, counted)
	}
	for who := range 6 {
		k := key("email", fmt.Sprintf("p%d@example.com", who))
		found, shown := s.holders(k, live), s.shownHolders(k)
		slices.Sort(found)
		slices.Sort(shown)
		if !slices.Equal(found, shown) {
			r.Fatalf("%s: %v now, %v shown", k, found, shown)
		}
		out += fmt.Sprint(found)
	}
	return out
}
