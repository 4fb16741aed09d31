package reportstest

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
)

// parse turns text of a fixture into a value.
func parse(t testing.TB, kind run.Type, s string) any {
	t.Helper()
	if s == "" {
		return nil
	}
	var v any
	var err error
	switch kind {
	case run.Bigint:
		v, err = strconv.ParseInt(s, 10, 64)
	case run.Double:
		v, err = strconv.ParseFloat(s, 64)
	case run.Boolean:
		v, err = strconv.ParseBool(s)
	case run.VarcharList:
		v = strings.Split(s, ",")
	case run.Date:
		v, err = time.Parse(time.DateOnly, s)
	case run.Timestamptz:
		v, err = time.Parse(time.RFC3339, s)
	default:
		v = strings.ReplaceAll(s, `\n`, "\n")
	}
	if err != nil {
		t.Fatalf("the fixture holds %q: %v", s, err)
	}
	return v
}
