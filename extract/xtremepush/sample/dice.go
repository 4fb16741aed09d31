package sample

import "time"

// dice is a splitmix64 generator: tiny, fast, and the same for ever, which the libraries'
// generators do not promise.
type dice struct{ state uint64 }

// Streams keep the dice of different records apart.
const (
	forPerson = iota + 1
	forProfile
	forMember
	forConsent
	forLoyalty
	forTag
	forInteraction
	forEvent
	forDevice
	forCompany
	forCustomerFile
	forCampaign
)

// dice for one record of one stream.
func (o Options) dice(stream, n int) *dice {
	d := &dice{uint64(o.Seed)*0x9E3779B97F4A7C15 ^ uint64(stream)<<56 ^ uint64(n)}
	d.next()
	return d
}

func (d *dice) next() uint64 {
	d.state += 0x9E3779B97F4A7C15
	z := d.state
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// below gives a number from 0 to n-1.
func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

// chance is true so many times in a thousand.
func (d *dice) chance(perMille int) bool { return d.below(1000) < perMille }

// pick chooses one of a list.
func (d *dice) pick(list []string) string { return list[d.below(len(list))] }

// exportDay is when all exports were made.
var exportDay = time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)

// before gives an instant in the days before the export.
func (d *dice) before(days int) time.Time {
	return exportDay.Add(-time.Duration(d.below(days*86400)) * time.Second)
}

// future is a date nobody can have lived to see.
var future = time.Date(2099, 1, 31, 9, 30, 0, 0, time.UTC)

// stamp is how files spell an instant.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }
