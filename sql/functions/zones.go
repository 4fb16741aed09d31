package functions

import (
	"strings"
	"time"
	_ "time/tzdata" // the history of zones, on machines that have none
)

// ZoneNames are the short names a zone has or had, with the minutes east of Greenwich they last meant.
func ZoneNames(zone string) map[string]int {
	names := map[string]int{"UTC": 0}
	place, err := time.LoadLocation(zone)
	if err != nil {
		return names
	}
	for t := time.Date(1916, 1, 15, 12, 0, 0, 0, time.UTC); t.Year() < 2040; t = t.AddDate(0, 1, 0) {
		if short, seconds := t.In(place).Zone(); short == strings.ToUpper(short) &&
			strings.Trim(short, "+-0123456789") != "" {
			names[short] = seconds / 60
		}
	}
	return names
}
