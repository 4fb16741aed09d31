package ask

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql/engine"
	"ferry/sql/model"
	"ferry/sql/story"
)

// Drafted is a story that real rows told, and what of them is not in it.
type Drafted struct {
	Story story.Story
	Notes []string
}

// Drafting is what a story of real rows is made of.
type Drafting struct {
	Name    string
	Keys    []string // of profiles
	Expects []string // tables
	Secret  []byte   // what the mask hangs on
}

// mostGiven is how many rows of a table a story gives: it is there to be read.
const mostGiven = 100

// commonTo is how many others must have a value for it to say nothing of anybody.
const commonTo = 20

// lookedThrough is how many rows are looked through for it.
const lookedThrough = 200_000

// whose are the columns of landed rows by which they belong to a person, and the kind of key each holds.
var whose = map[string]string{"profile_id": "profile", "user_id": "user", "device_id": "device", "address": "address",
	"email": "address", "identifier": "any", "owner_id": "any"}

// Draft makes a story of the landed rows of a person, masked, that expects what the rules give for them.
func (q *Questions) Draft(ctx context.Context, d Drafting, o engine.Options) (Drafted, error) {
	out := Drafted{Story: story.Story{Name: d.Name, Given: map[string]story.Table{}, Expect: map[string]story.Table{}}}
	real, err := q.rowsOf(ctx, d.Keys, o.Room().Landed, &out)
	if err != nil {
		return out, err
	}
	nothing, err := q.texts(ctx, "select distinct word from staging.nothing_words")
	if err != nil {
		return out, err
	}
	common, err := q.common(ctx, real)
	if err != nil {
		return out, err
	}
	named := namesIn(real)
	for name := range named {
		delete(common, name)
	}
	mask := story.NewMask(d.Secret, nothing, common)
	for _, table := range model.SortedKeys(real) {
		out.Story.Given[model.LandedSchema+"."+table] = maskedRows(table, real[table], named, mask)
	}
	return out, out.expect(ctx, d, o)
}

// rowsOf finds the landed rows of a person: those under one of the keys, and what they name in other tables.
func (q *Questions) rowsOf(ctx context.Context, keys []string, landed []run.Schema,
	out *Drafted) (map[string]Table, error) {
	ids, err := q.keysOf(ctx, keys)
	if err != nil {
		return nil, err
	}
	real, named := map[string]Table{}, map[string]bool{}
	for _, s := range landed {
		var is []string
		for _, c := range s.Names() {
			if list := ids[whose[c]]; whose[c] != "" && list != "" {
				is = append(is, fmt.Sprintf("lower(%s) in (%s)", model.Quote(c), list))
			}
		}
		if len(is) == 0 || strings.HasPrefix(s.Name, "_") {
			continue
		}
		if err := q.give(ctx, s, strings.Join(is, " or "), real, out); err != nil {
			return nil, err
		}
		for _, row := range real[s.Name].Rows {
			for _, v := range row {
				if v != nil && len(*v) <= 200 {
					named[model.Literal(*v)] = true
				}
			}
		}
	}
	list := strings.Join(append(model.SortedKeys(named), "null"), ", ")
	for _, s := range landed {
		at := slices.IndexFunc(s.Names(), isNaming)
		if at < 0 || strings.HasPrefix(s.Name, "_") || slices.ContainsFunc(s.Names(), isWhose) {
			continue
		}
		where := fmt.Sprintf("%s in (%s)", model.Quote(s.Names()[at]), list)
		if err := q.give(ctx, s, where, real, out); err != nil {
			return nil, err
		}
	}
	return real, nil
}

// isNaming says of a column of a list, such as campaigns, that others speak of its rows by it.
func isNaming(column string) bool {
	return strings.HasSuffix(column, "_id") || slices.Contains([]string{"name", "event_name", "company_key"}, column)
}

func isWhose(column string) bool { return whose[column] == "profile" || whose[column] == "user" }

func (q *Questions) give(ctx context.Context, s run.Schema, where string, real map[string]Table, out *Drafted) error {
	var columns []string
	for _, c := range s.Names() {
		if !strings.HasPrefix(c, "_") || c == "_extra" {
			columns = append(columns, model.Quote(c))
		}
	}
	rows, err := q.Ask(ctx, fmt.Sprintf("select %s from landed.%s where %s order by _landed_at, _file, _record limit %d",
		strings.Join(columns, ", "), s.Name, where, mostGiven+1))
	if err != nil || len(rows.Rows) == 0 {
		return err
	}
	if len(rows.Rows) > mostGiven {
		rows.Rows = rows.Rows[:mostGiven]
		out.Notes = append(out.Notes, fmt.Sprintf("%s: only the first %d of their rows are in it", s.Name, mostGiven))
	}
	real[s.Name] = rows
	return nil
}

// keysOf are the keys and addresses of profiles as lists of literals, by their kind.
func (q *Questions) keysOf(ctx context.Context, keys []string) (map[string]string, error) {
	var quoted []string
	for _, k := range keys {
		quoted = append(quoted, model.Literal(k))
	}
	of := strings.Join(quoted, ", ")
	t, err := q.Ask(ctx, `
with theirs as (select * from staging.profile_records where profile_key in (`+of+`))
select 'profile' as kind, lower(profile_id) as key from theirs
union select 'user', lower(user_id) from theirs
union select 'address', lower(trim(email_raw)) from theirs
union select 'device', lower(device_id) from staging.devices where profile_key in (`+of+`)
order by all`)
	if err != nil {
		return nil, err
	}
	all := map[string][]string{}
	for _, r := range t.Rows {
		if r[1] != nil && *r[1] != "" {
			all[*r[0]] = append(all[*r[0]], model.Literal(*r[1]))
			all["any"] = append(all["any"], model.Literal(*r[1]))
		}
	}
	ids := map[string]string{}
	for kind, list := range all {
		ids[kind] = strings.Join(list, ", ")
	}
	return ids, nil
}

// texts are the texts that a question gives, in small letters.
func (q *Questions) texts(ctx context.Context, query string) (map[string]bool, error) {
	t, err := q.Ask(ctx, query)
	all := map[string]bool{}
	for _, r := range t.Rows {
		if r[0] != nil {
			all[strings.ToLower(*r[0])] = true
		}
	}
	return all, err
}

// common finds the values of open columns and the domains of addresses that many others have.
func (q *Questions) common(ctx context.Context, real map[string]Table) (map[string]bool, error) {
	all := map[string]bool{}
	for _, table := range model.SortedKeys(real) {
		for i, column := range real[table].Columns {
			of := model.Quote(column)
			switch {
			case column == "email":
				of = "split_part(email, '@', 2)"
			case column != "_extra" && !slices.Contains(openColumns, column):
				continue
			}
			many := "select " + of + " as text from looked"
			if column == "_extra" || slices.ContainsFunc(real[table].Rows, func(r []*string) bool { return isJSON(r[i]) }) {
				many += " union all select unnest(json_extract_string(try_cast(" + of + " as json), '$.*')) from looked"
			}
			found, err := q.texts(ctx, fmt.Sprintf("with looked as (select * from landed.%s limit %d), said as (%s) "+
				"select lower(text) from said where length(text) < 100 group by all having count(*) >= %d "+
				"order by count(*) desc limit 900",
				table, lookedThrough, many, commonTo))
			if err != nil {
				return nil, err
			}
			for text := range found {
				all[text] = true
			}
		}
	}
	return all, nil
}

func isJSON(text *string) bool {
	return text != nil && strings.HasPrefix(strings.TrimSpace(*text), "{")
}

// expect tells the story and lets it expect what came out, without columns that are empty in all rows.
func (d *Drafted) expect(ctx context.Context, of Drafting, o engine.Options) error {
	return engine.InScratch(o, func(dir run.Dir) error {
		t, err := newTeller(ctx, dir, o, nil)
		if err != nil {
			return err
		}
		defer t.Close()
		wanted := of.Expects
		if len(of.Keys) > 1 && !slices.Contains(wanted, people) {
			wanted = append(slices.Clone(wanted), people)
		}
		for _, table := range wanted {
			d.Story.Expect[table] = story.Table{}
		}
		if err := t.build(ctx, d.Story); err != nil {
			return err
		}
		for _, table := range wanted {
			columns := model.Names(t.Known(table))
			got, err := t.actual(ctx, d.Story, table, columns)
			if err != nil {
				return err
			}
			d.Story.Expect[table] = story.Table{Columns: columns}.Accepted(got).WithoutEmpty()
		}
		return nil
	})
}

// people is the table of who is one person.
const people = "matching.people"
