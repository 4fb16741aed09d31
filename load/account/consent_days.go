package account

import (
	"errors"
	"hash/fnv"
	"io/fs"
	"os"
	"time"

	"ferry/internal/run"
	"ferry/load/record"
)

// YesDays are the days on which people said yes, by channel.
type YesDays struct {
	days  map[uint64]int32 // since 1970; a hash of person and channel, for there may be millions
	isNot bool             // the run has no such table
}

// ReadYesDays reads them from the tables of a run.
func ReadYesDays(dir run.Dir) (*YesDays, error) {
	path := dir.Model("mapping", "consent_days")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return &YesDays{isNot: true}, nil
	}
	y := &YesDays{days: map[uint64]int32{}}
	return y, run.ReadTable(path, func(columns []run.Column, row run.Row) error {
		text := func(name string) string { return record.TextAt(row, record.ColumnAt(columns, name)) }
		if day, ok := row[record.ColumnAt(columns, "said_on")].(time.Time); ok {
			y.days[yesOf(text("person_key"), text("channel"))] = int32(day.Unix() / int64(24*time.Hour/time.Second))
		}
		return nil
	})
}

// Of is the day of a yes of a person in a channel, and whether it has one; of a run without such days, the one given.
func (y *YesDays) Of(person, channel, otherwise string) (time.Time, bool) {
	if y.isNot {
		return record.Instant(otherwise)
	}
	day, ok := y.days[yesOf(person, channel)]
	return time.Unix(int64(day)*int64(24*time.Hour/time.Second), 0).UTC(), ok
}

func yesOf(person, channel string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(channel + " " + person)) // a hash never fails
	return h.Sum64()
}
