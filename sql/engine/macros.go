package engine

import (
	"context"
	"strconv"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
)

// ZoneSetting names the zone of times that the source writes without an offset.
const ZoneSetting = "source_timezone"

// centurySetting is the first year of two digits that is read as 19..
const centurySetting = "dates.first_year_of_last_century"

// makeMacros gives every model the shared words. The zone of the source is one of them, because a setting
// read row by row would cost more than the casting.
func (e *Engine) makeMacros(ctx context.Context) error {
	zone, err := e.setting(ctx, ZoneSetting, "UTC")
	if err != nil {
		return err
	}
	known := "select timestamp '2024-01-01' at time zone " + model.Literal(zone)
	if err := e.Rows(ctx, known, func([]any) error { return nil }); err != nil {
		return run.Problemf("setting "+ZoneSetting, "%q is not a time zone", zone).
			WithTry("an IANA name such as Europe/Dublin, in source.timezone of ferry.yaml or in sql/0_settings/options.csv")
	}
	words, err := e.zoneWords(ctx, zone)
	if err != nil {
		return err
	}
	century, err := e.setting(ctx, centurySetting, "69")
	if err != nil {
		return err
	}
	if n, err := strconv.Atoi(century); err != nil || n < 0 || n > 100 {
		return run.Problemf("setting "+centurySetting, "%q is no year of two digits", century).
			WithTry("a number from 0 to 100, in sql/0_settings/options.csv")
	}
	nothing, err := e.nothingWords(ctx)
	if err != nil {
		return err
	}
	var fields model.FieldColumns
	if _, ok := e.sources["settings.standard_fields"]; ok {
		if err := e.Rows(ctx, model.ListedFields, fields.Add); err != nil {
			return err
		}
	}
	refusals, err := e.refusalWords(ctx)
	if err != nil {
		return err
	}
	words += nothing + fields.Macros() + "create or replace macro first_year_of_last_century() as " + century + ";\n" + e.macros + "\n" +
		refusals
	if words == e.words {
		return nil // a story that changes nothing about it
	}
	e.words = words
	return e.exec(ctx, words)
}

// setting is the value in force, or otherwise where no list has one.
func (e *Engine) setting(ctx context.Context, option, otherwise string) (string, error) {
	for _, list := range []string{"settings.options", "settings.scope"} {
		if _, ok := e.sources[list]; !ok {
			continue
		}
		err := e.Rows(ctx, "select value from "+list+" where name = "+model.Literal(option), func(v []any) error {
			if s, ok := v[0].(string); ok && strings.TrimSpace(s) != "" {
				otherwise = strings.TrimSpace(s)
			}
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	return otherwise, nil
}
