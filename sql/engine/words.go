package engine

import (
	"context"
	"fmt"
	"regexp"
	"sort"
	"strings"
	"time"

	"ferry/internal/run"
	"ferry/sql/functions"
	"ferry/sql/model"
)

// zoneWords are the macros about zones: what a short name such as BST means where the source lives, and which long
// names there are. A name the source's own zone never had means what settings.zone_names says, or nothing: IST is
// Irish, Indian or Israeli time, and nobody may guess.
func (e *Engine) zoneWords(ctx context.Context, zone string) (string, error) {
	minutes, err := e.listedZones(ctx)
	if err != nil {
		return "", err
	}
	for short, east := range functions.ZoneNames(zone) {
		minutes[short] = east
	}
	var shorts []string
	for short := range minutes {
		shorts = append(shorts, short)
	}
	sort.Strings(shorts)
	var b strings.Builder
	for _, short := range shorts {
		fmt.Fprintf(&b, " when %s then %d", model.Literal(short), minutes[short])
	}
	long := "|"
	if _, ok := e.sources["settings.timezones"]; ok {
		err = e.Rows(ctx, "select timezone from settings.timezones order by timezone", func(v []any) error {
			long += fmt.Sprint(v[0]) + "|"
			return nil
		})
	}
	return "create or replace macro source_zone() as " + model.Literal(zone) + ";\n" +
		"create or replace macro zone_minutes(zone) as case zone" + b.String() + " end;\n" +
		"create or replace macro is_zone(zone) as contains(" + model.Literal(long) + ", '|' || zone || '|');\n", err
}

// listedZones are the short names of the settings.
func (e *Engine) listedZones(ctx context.Context) (map[string]int, error) {
	minutes := map[string]int{}
	if _, ok := e.sources["settings.zone_names"]; !ok {
		return minutes, nil
	}
	err := e.Rows(ctx, "select upper(trim(name)), trim(utc_offset) from settings.zone_names", func(v []any) error {
		short, offset := fmt.Sprint(v[0]), fmt.Sprint(v[1])
		t, err := time.Parse("-07:00", offset)
		if err != nil {
			return run.Problemf("sql/0_settings/zone_names.csv", "%q of %s is no offset from UTC", offset, short).
				WithTry("write it as +01:00 or -05:00")
		}
		_, seconds := t.Zone()
		minutes[short] = seconds / 60
		return nil
	})
	return minutes, err
}

// nothingWords are the macros that know a word for nothing, from settings.null_words: some anywhere, some in the
// cells of names or companies only. One pattern costs DuckDB a fifth of a text to look into, or of a list.
func (e *Engine) nothingWords(ctx context.Context) (string, error) {
	words := map[string][]string{"values": {""}} // what is empty is nothing, too
	if _, ok := e.sources["settings.null_words"]; ok {
		query := "select lower(trim(applies_to)), lower(trim(text)) from settings.null_words order by text"
		err := e.Rows(ctx, query, func(v []any) error {
			place := fmt.Sprint(v[0])
			words[place] = append(words[place], regexp.QuoteMeta(fmt.Sprint(v[1])))
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	var b strings.Builder
	for _, m := range [][2]string{{"is_nothing", "values"}, {"is_no_name", "names"}, {"is_no_company", "companies"}} {
		body := "written <> written"
		if len(words[m[1]]) > 0 {
			body = "regexp_full_match(lower(written), " + model.Literal(strings.Join(words[m[1]], "|")) + ")"
		}
		fmt.Fprintf(&b, "create or replace macro %s(written) as %s;\n", m[0], body)
	}
	return b.String(), nil
}

// shortNo is a phrase that ends with a word with which many longer ones begin.
var shortNo = regexp.MustCompile(` (no|off|non|nei|nej|nee|nie|nein|me)$`)

// refusalWords are the macros that know when a text reads like a refusal, from settings.refusal_phrases: anywhere,
// where the name of a column speaks of a status, and in what names a place: a tag, a segment, an event. One pattern
// is compiled once; a list would be searched for each row.
func (e *Engine) refusalWords(ctx context.Context) (string, error) {
	anywhere, status, place := []string{}, []string{}, []string{}
	if _, ok := e.sources["settings.refusal_phrases"]; ok {
		query := `select trim(counts), starts_with(phrase, '='),
			trim(regexp_replace(lower(strip_accents(phrase)), '[^\p{L}\p{N}]+', ' ', 'g'))
			from settings.refusal_phrases order by phrase`
		err := e.Rows(ctx, query, func(v []any) error {
			pattern := " " + fmt.Sprint(v[2])
			if v[1] == true {
				pattern = "^" + pattern + " $"
			} else if shortNo.MatchString(pattern) {
				pattern += " " // "email no" is none of email notifications, nor "marketing off" of a marketing officer
			}
			if strings.TrimSpace(fmt.Sprint(v[2])) == "" {
				return nil
			}
			counts := fmt.Sprint(v[0])
			if counts == "anywhere" {
				anywhere = append(anywhere, pattern)
			}
			if counts != "place" {
				status = append(status, pattern)
			}
			if counts != "status" {
				place = append(place, pattern)
			}
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	var b strings.Builder
	for _, m := range []struct {
		name     string
		patterns []string
	}{{"reads_as_refusal", anywhere}, {"status_refuses", status}, {"place_refuses", place}} {
		body := "false"
		if len(m.patterns) > 0 {
			body = "regexp_matches(' ' || strip_accents(plain_word(written)) || ' ', " +
				model.Literal(strings.Join(m.patterns, "|")) + ")"
		}
		fmt.Fprintf(&b, "create or replace macro %s(written) as %s;\n", m.name, body)
	}
	return b.String(), nil
}
