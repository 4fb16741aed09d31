package twin

// order is a list of record numbers in the order they were appended, from which any may be taken
// out, and of which any page can be read at once, also deep inside a million. Blocks know how many
// of their places are still taken.
type order struct {
	places []int32 // record number, or -1 where one was taken out
	blocks []int32 // taken places in each block
	live   int
}

const blockSize = 1024

// add appends a record and says at which place it is.
func (o *order) add(n int32) int32 {
	place := len(o.places)
	o.places = append(o.places, n)
	if place%blockSize == 0 {
		o.blocks = append(o.blocks, 0)
	}
	o.blocks[place/blockSize]++
	o.live++
	return int32(place)
}

// take removes the record at a place.
func (o *order) take(place int32) {
	if o.places[place] < 0 {
		return
	}
	o.places[place] = -1
	o.blocks[place/blockSize]--
	o.live--
}

// page gives limit records after skipping some, from the front or from the back.
func (o *order) page(skip, limit int, backwards bool) []int32 {
	if skip >= o.live || limit <= 0 {
		return nil
	}
	out := make([]int32, 0, min(limit, o.live-skip))
	o.walk(skip, backwards, func(n int32) bool {
		out = append(out, n)
		return len(out) < limit
	})
	return out
}

// walk calls each on every record after skipping some, until it says no.
func (o *order) walk(skip int, backwards bool, each func(int32) bool) {
	for i := range o.blocks {
		b := i
		if backwards {
			b = len(o.blocks) - 1 - i
		}
		if skip >= int(o.blocks[b]) {
			skip -= int(o.blocks[b])
			continue
		}
		start, end := b*blockSize, min((b+1)*blockSize, len(o.places))
		for j := start; j < end; j++ {
			place := j
			if backwards {
				place = end - 1 - (j - start)
			}
			if o.places[place] < 0 {
				continue
			}
			if skip > 0 {
				skip--
				continue
			}
			if !each(o.places[place]) {
				return
			}
		}
	}
}
