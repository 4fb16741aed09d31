package ask

import (
	"encoding/json"
	"regexp"
	"slices"

	"ferry/sql/model"
	"ferry/sql/story"
)

// Columns of landed tables that name somebody, and those that may hold anything. What else there is are words of the
// source and times; where an address or a long number stands in them, it is masked too.
var (
	namingColumns = []string{"profile_id", "user_id", "device_id", "owner_id", "external_id", "player_id", "identifier",
		"consent_id", "tag_hit_id", "message_id", "event_id", "activity_id", "note_id", "document_id", "address", "token",
		"email", "mobile_number", "whatsapp_number", "first_name", "last_name", "subject", "body", "author", "file_name",
		"path", "company_key", "domain", "website", "phone"}
	openColumns = []string{"value", "metadata", "company", "company_name"}
)

// maskedRows are rows as a story gives them: without columns that are empty, an attribute in a column of its own.
func maskedRows(table string, real Table, named map[string]bool, mask *story.Mask) story.Table {
	var out story.Table
	rows := make([]map[string]string, len(real.Rows))
	spread := table == "user_profiles" && areColumns(real)
	for n, row := range real.Rows {
		rows[n] = map[string]string{}
		for i, column := range real.Columns {
			switch {
			case row[i] == nil:
			case column != "_extra":
				rows[n][column] = maskedCell(table, column, *row[i], named, mask)
			case !spread:
				rows[n][column] = mask.Value(*row[i])
			default:
				attributes, _ := attributesIn(*row[i])
				for name, value := range attributes {
					rows[n][name] = mask.Value(value)
				}
			}
		}
	}
	columns := map[string]bool{}
	for _, r := range rows {
		for c := range r {
			columns[c] = true
		}
	}
	for _, c := range real.Columns {
		if columns[c] {
			out.Columns = append(out.Columns, c)
			delete(columns, c)
		}
	}
	out.Columns = append(out.Columns, model.SortedKeys(columns)...)
	for _, r := range rows {
		line := make([]*string, len(out.Columns))
		for i, c := range out.Columns {
			if text, has := r[c]; has {
				line[i] = &text
			}
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}

// attributesIn are the columns of a row that ferry has no column for; not ok is where one holds an object.
func attributesIn(text string) (all map[string]string, ok bool) {
	var held map[string]*string
	if json.Unmarshal([]byte(text), &held) != nil {
		return nil, false
	}
	all = map[string]string{}
	for name, value := range held {
		if value != nil {
			all[name] = *value
		}
	}
	return all, true
}

// plainName is a name that may stand at the head of a column as it is.
var plainName = regexp.MustCompile(`^[\p{Ll}\p{Nd}_]+$`)

// areColumns says whether all attributes of profiles can be columns of a story.
func areColumns(real Table) bool {
	at := slices.Index(real.Columns, "_extra")
	for _, row := range real.Rows {
		if at < 0 || row[at] == nil {
			continue
		}
		attributes, ok := attributesIn(*row[at])
		for name := range attributes {
			ok = ok && plainName.MatchString(name) && !slices.Contains(real.Columns, name)
		}
		if !ok {
			return false
		}
	}
	return true
}

func maskedCell(table, column, text string, named map[string]bool, mask *story.Mask) string {
	switch {
	case slices.Contains(namingColumns, column):
		return mask.Text(text)
	case slices.Contains(openColumns, column), table == "companies" && column == "name", story.LooksPersonal(text):
		return mask.Value(text)
	case slices.ContainsFunc(story.Words(text), func(word string) bool { return named[word] }):
		return mask.Text(text)
	}
	return text
}

// namesIn are the words of a person's names, in small letters: where one stands in another text, it is masked too.
func namesIn(real map[string]Table) map[string]bool {
	all := map[string]bool{}
	for _, t := range real {
		for i, column := range t.Columns {
			if column != "first_name" && column != "last_name" {
				continue
			}
			for _, r := range t.Rows {
				if r[i] != nil {
					for _, w := range story.Words(*r[i]) {
						all[w] = len([]rune(w)) > 2
					}
				}
			}
		}
	}
	return all
}
