package engine

import (
	"context"
	"strings"

	"ferry/internal/run"
)

// ZoneSetting names the zone of times that the source writes without an offset.
const ZoneSetting = "source_timezone"

// makeMacros gives every model the shared words. The zone of the source is one of them, because a setting
// read row by row would cost more than the casting.
func (e *engine) makeMacros(ctx context.Context) error {
	zone, err := e.sourceZone(ctx)
	if err != nil {
		return err
	}
	if err := e.rows(ctx, "select timestamp '2024-01-01' at time zone "+literal(zone), func([]any) error { return nil }); err != nil {
		return run.Problemf("setting "+ZoneSetting, "%q is not a time zone", zone).
			WithTry("an IANA name such as Europe/Dublin, in source.timezone of ferry.yaml or in sql/0_settings/options.csv")
	}
	words := "create or replace macro source_zone() as " + literal(zone) + ";\n" + e.macros
	if words == e.words {
		return nil // a story that changes nothing about it
	}
	e.words = words
	return e.exec(ctx, words)
}

// sourceZone is the setting in force, UTC where the lists do not have it.
func (e *engine) sourceZone(ctx context.Context) (string, error) {
	zone := "UTC"
	for _, list := range []string{"settings.options", "settings.scope"} {
		if _, ok := e.sources[list]; !ok {
			continue
		}
		err := e.rows(ctx, "select value from "+list+" where name = "+literal(ZoneSetting), func(v []any) error {
			if s, ok := v[0].(string); ok && strings.TrimSpace(s) != "" {
				zone = strings.TrimSpace(s)
			}
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	return zone, nil
}
