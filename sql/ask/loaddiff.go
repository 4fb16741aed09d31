package ask

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/sql/engine"
	"ferry/sql/model"
)

// LoadDiff is what a change of rules does to what is sent of one entity. A row that a check holds is not sent, nor is
// what hangs on it.
type LoadDiff struct {
	Entity   string `json:"entity"`
	More     int64  `json:"more"`     // are sent, and there was no such row
	Released int64  `json:"released"` // are sent, and were held
	Changed  int64  `json:"changed"`  // are sent with other values
	Emptied  int64  `json:"emptied"`  // differ only in values that they have no more: null leaves a field alone
	Held     int64  `json:"held"`     // were sent, and are held now
	Unwanted int64  `json:"unwanted"` // were sent, and there is no such row any more
}

// same is true when the load does nothing otherwise.
func (d LoadDiff) same() bool { return d == LoadDiff{Entity: d.Entity} }

// notSent are tables of the sales floor that tell the loader something, and are no records.
var notSent = []string{"contact_members"}

// side is what decides what is sent, before or after.
type side struct{ file, contacts, accounts, findings string }

func (s side) held(entity string) string {
	if s.findings == "" {
		return "(select null::varchar where false)"
	}
	return fmt.Sprintf("(select key from %s where is_held and key is not null and entity = %s)",
		engine.Parquet(s.findings), model.Literal(entity))
}

// sent selects the rows of a table that a load would send.
func (s side) sent(m *model.Model, columns []model.Column) string {
	query := fmt.Sprintf("select * from %s where %s not in %s", engine.Parquet(s.file), model.Quote(m.Grain[0]),
		s.held(m.Name))
	if m.Name == "contacts" || m.Name == "accounts" {
		return query
	}
	has := model.Names(columns)
	if slices.Contains(has, "contact_key") && s.contacts != "" {
		query += fmt.Sprintf(" and (contact_key is null or contact_key in (select contact_key from %s) and "+
			"contact_key not in %s)", engine.Parquet(s.contacts), s.held("contacts"))
	}
	if slices.Contains(has, "account_key") {
		query += " and (account_key is null or account_key not in " + s.held("accounts") + ")"
	}
	return query
}

// compareLoad says of every entity what a load would do otherwise.
func (c comparison) compareLoad(ctx context.Context, p *model.Project, before, after run.Dir) ([]LoadDiff, error) {
	all := []LoadDiff{}
	found, err := c.link(model.ChecksSchema, "findings", before, after)
	if err != nil {
		return nil, err
	}
	sides := map[string]twoSides{}
	for _, name := range []string{"contacts", "accounts"} {
		if sides[name], err = c.link(model.SalesSchema, name, before, after); err != nil {
			return nil, err
		}
	}
	clears, err := c.cleared(ctx, after)
	if err != nil {
		return nil, err
	}
	for _, m := range p.Models {
		if m.Floor.Schema != model.SalesSchema || len(m.Grain) == 0 || slices.Contains(notSent, m.Name) {
			continue
		}
		s, err := c.link(m.Floor.Schema, m.Name, before, after)
		if err != nil {
			return nil, err
		}
		if s.before == "" || s.after == "" {
			continue
		}
		d, err := c.compareSent(ctx, m, clears[m.Name],
			side{s.before, sides["contacts"].before, sides["accounts"].before, found.before},
			side{s.after, sides["contacts"].after, sides["accounts"].after, found.after})
		if err != nil {
			return nil, err
		}
		if !d.same() {
			all = append(all, d)
		}
	}
	return all, nil
}

func (c comparison) compareSent(ctx context.Context, m *model.Model, clears []string, a, b side) (LoadDiff, error) {
	d := LoadDiff{Entity: m.Name}
	then, err := c.ColumnsOf(ctx, engine.Parquet(a.file))
	if err != nil {
		return d, err
	}
	now, err := c.ColumnsOf(ctx, engine.Parquet(b.file))
	if err != nil {
		return d, err
	}
	using := rowQueries{keys: m.Grain}.using()
	if !containsAll(model.Names(then), m.Grain) || !containsAll(model.Names(now), m.Grain) {
		return d, nil
	}
	sends, empties := []string{"false"}, []string{"false"}
	for _, column := range now {
		i := slices.IndexFunc(then, func(t model.Column) bool { return t.Name == column.Name })
		switch {
		case slices.Contains(m.Grain, column.Name):
		case i < 0:
			sends = append(sends, isFilled(column.Name))
		case slices.Contains(clears, column.Name) || slices.Contains(clears, column.Name+"_id"):
			sends = append(sends, differs(then[i], column))
		case column.Name == "custom_field":
			sends = append(sends, "json_merge_patch(coalesce(a.custom_field, '{}')::json, coalesce(b.custom_field, '{}')::json)"+
				"::varchar is distinct from coalesce(a.custom_field, '{}')::json::varchar")
			empties = append(empties, differs(then[i], column))
		default:
			sends = append(sends, "("+isFilled(column.Name)+" and "+differs(then[i], column)+")")
			empties = append(empties, differs(then[i], column))
		}
	}
	query := fmt.Sprintf(`with was as (%[1]s), is_now as (%[2]s), both_sent as (
    select %[6]s as sends, %[7]s as empties from was as a join is_now as b using (%[5]s)
)
select
    (select count(*) from is_now anti join %[3]s as x using (%[5]s)),
    (select count(*) from is_now anti join was using (%[5]s) semi join %[3]s as x using (%[5]s)),
    (select count(*) from both_sent where sends),
    (select count(*) from both_sent where empties and not sends),
    (select count(*) from was anti join is_now using (%[5]s) semi join %[4]s as x using (%[5]s)),
    (select count(*) from was anti join %[4]s as x using (%[5]s))`,
		a.sent(m, then), b.sent(m, now), engine.Parquet(a.file), engine.Parquet(b.file), using,
		strings.Join(sends, " or "), strings.Join(empties, " or "))
	return d, c.One(ctx, query, &d.More, &d.Released, &d.Changed, &d.Emptied, &d.Held, &d.Unwanted)
}

// isFilled is true for a value that is sent: an empty one leaves the field alone.
func isFilled(column string) string {
	return fmt.Sprintf("coalesce(b.%s::varchar, '') not in ('', '[]', '{}')", model.Quote(column))
}

func containsAll(have, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(w string) bool { return !slices.Contains(have, w) })
}

// cleared are the fields that an empty value clears on purpose, by entity.
func (c comparison) cleared(ctx context.Context, after run.Dir) (map[string][]string, error) {
	fields := map[string][]string{}
	file, err := c.linkOne("after", after, model.SettingsSchema, "clear_fields")
	if err != nil || file == "" {
		return fields, err
	}
	query := "select entity, field from " + engine.Parquet(file) + " where entity is not null and field is not null"
	err = c.Rows(ctx, query, func(v []any) error {
		fields[v[0].(string)] = append(fields[v[0].(string)], v[1].(string))
		return nil
	})
	return fields, err
}

// stopping are the checks that say stop after a change.
func (c comparison) stopping(ctx context.Context, after run.Dir) (rules []string, err error) {
	file, err := c.linkOne("after", after, model.ChecksSchema, "findings")
	if err != nil || file == "" {
		return nil, err
	}
	err = c.Rows(ctx, "select distinct rule from "+engine.Parquet(file)+" where severity = 'stop' order by rule",
		func(v []any) error {
			rules = append(rules, v[0].(string))
			return nil
		})
	return rules, err
}
