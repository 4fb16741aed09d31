package reconcile

import (
	"fmt"
	"hash/fnv"
	"math"
	"strings"

	"ferry/load/record"
)

const (
	defaultSample = 200 // records of each entity
	spotPeople    = 30  // whole contacts a person looks at, of the mission's 25 to 50
	spotRecords   = 20  // and of everything else, over all entities
	confidence    = 0.95
)

// atMost is the largest share of a population that may differ, with 95 % confidence, when so many
// of n records read at random did. Whoever reads all of it knows.
func atMost(n, different, population int64) float64 {
	if population == 0 {
		return 0
	}
	if n >= population {
		return float64(different) / float64(population)
	}
	if n == 0 || different >= n {
		return 1
	}
	low, high := float64(different)/float64(n), 1.0
	for range 60 {
		mid := (low + high) / 2
		if fewOrLess(n, different, mid) > 1-confidence {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// fewOrLess is the chance to see at most k of n when each has chance p.
func fewOrLess(n, k int64, p float64) float64 {
	sum := 0.0
	logOf := func(x int64) float64 { l, _ := math.Lgamma(float64(x) + 1); return l }
	for i := int64(0); i <= k; i++ {
		sum += math.Exp(logOf(n) - logOf(i) - logOf(n-i) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return sum
}

// sure says in one sentence what a read-back proves.
func sure(entity string, t Tally) string {
	name := strings.ReplaceAll(entity, "_", " ")
	if t.Read == 0 {
		if entity == "phone_calls" {
			return fmt.Sprintf("%s phone calls cannot be read back: Freshsales has no call for it", record.Grouped(t.Sent))
		}
		return ""
	}
	text := fmt.Sprintf("all %s %s read back, %s differ", record.Grouped(t.Sent), name,
		record.Grouped(t.Modified+t.Missing))
	if t.Read < t.Sent {
		text = fmt.Sprintf("%s of %s %s read back at random, %s differ: with 95 %% confidence fewer than %.1f %% of all do",
			record.Grouped(t.Drawn), record.Grouped(t.Sent), name, record.Grouped(t.DrawnWrong),
			math.Ceil(1000*atMost(t.Drawn, t.DrawnWrong, t.Sent))/10)
	}
	if t.OptOuts > 0 {
		text += fmt.Sprintf("; %s opt-outs read back, %s wrong", record.Grouped(t.OptOuts), record.Grouped(t.OptOutsWrong))
	}
	if t.OptOutsBefore > 0 {
		text += fmt.Sprintf("; %s opt-outs were proven before", record.Grouped(t.OptOutsBefore))
	}
	if t.Moved > 0 {
		text += fmt.Sprintf("; the account's own rule moved %s to another stage", record.Grouped(t.Moved))
	}
	if len(t.NotShown) > 0 {
		text += "; not shown by Freshsales and so not proven: " + strings.Join(t.NotShown, ", ")
	}
	return text
}

// lot gives every record a fixed random number between 0 and 1, so that the same run draws the same
// sample again. It goes by run and key, never by what a record holds.
func lot(run, entity, key string) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(run + "\x00" + entity + "\x00" + key)) // a hash never fails
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return float64(x>>11) / (1 << 53)
}
