package ask

import (
	"encoding/json"
	"fmt"
	"strings"

	"ferry/sql/model"
)

// asText selects columns as DuckDB writes their values, so that what is shown can be pasted into SQL or a story.
func asText(columns []model.Column) string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = model.Quote(c.Name) + "::varchar"
	}
	return strings.Join(all, ", ")
}

// asJSON selects columns as JSON: numbers as numbers, what is nested as it is, times as RFC 3339 has them.
func asJSON(columns []model.Column) string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = jsonOf(c) + "::varchar"
	}
	return strings.Join(all, ", ")
}

func jsonOf(c model.Column) string {
	name := model.Quote(c.Name)
	switch c.Kind {
	case "DOUBLE", "FLOAT":
		return finite(c)
	case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE":
		return `to_json(regexp_replace(regexp_replace(` + name + `::varchar, ' ', 'T'), '[+]00$', 'Z'))`
	}
	return "to_json(" + name + ")"
}

// finite is a number as JSON, and as a text what JSON has no number for.
func finite(c model.Column) string {
	return fmt.Sprintf("case when isfinite(%[1]s) then %[1]s::varchar::json else to_json(%[1]s::varchar) end",
		model.Quote(c.Name))
}

// rawJSON is a value that came as JSON; as its text where that is none, such as a list that holds no number.
func rawJSON(value, asText any) json.RawMessage {
	if text, ok := value.(string); ok && json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	text, _ := json.Marshal(asText)
	return text
}

// show is a value that came as text; nil is null.
func show(v any) *string {
	if v == nil {
		return nil
	}
	s := fmt.Sprint(v)
	return &s
}
