package loadtest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
	"ferry/load"
	"ferry/load/record"
)

// EveryActivity writes one of each kind of activity for each of n contacts.
func EveryActivity(b *Bench, n int) {
	b.T.Helper()
	b.Contacts(n)
	at := func(i int) time.Time { return time.Date(2025, 3, 1+i, 9, 30, 0, 0, time.UTC) }
	instant := func(names ...string) (list []run.Column) {
		for _, name := range names {
			list = append(list, run.Column{Name: name, Type: run.Timestamptz})
		}
		return list
	}
	var appointments, activities, calls, documents []run.Row
	for i := range n {
		contact := fmt.Sprintf("c%06d", i)
		appointments = append(appointments, run.Row{"m" + contact, contact, "Visit", "At the office", at(i), at(i).
			Add(time.Hour)})
		activities = append(activities, run.Row{"s" + contact, contact, "ada@example.com", "Opened", "Campaign: spring",
			"Email", at(i), at(i).Add(time.Minute)})
		calls = append(calls, run.Row{"p" + contact, contact, "Asked for a price", true})
		documents = append(documents, run.Row{"f" + contact, contact, "offer " + contact + ".txt", "files/" +
			contact + ".txt"})
		path := filepath.Join(b.Dir.Project().Exports(), "files", contact+".txt")
		if err := os.MkdirAll(filepath.Dir(path), run.DirMode); err != nil {
			b.T.Fatal(err)
		}
		WriteAll(b.T, path, []byte("an offer for "+contact))
	}
	b.Table("appointments", append(Texts("appointment_key", "contact_key", "title", "description"),
		instant("from_date", "end_date")...), appointments...)
	b.Table("sales_activities", append(Texts("sales_activity_key", "contact_key", "owner_email", "title", "notes",
		"sales_activity_type"), instant("start_date", "end_date")...), activities...)
	b.Table("phone_calls", append(Texts("phone_call_key", "contact_key", "note"),
		run.Column{Name: "call_direction", Type: run.Boolean}), calls...)
	b.Table("documents", Texts("document_key", "contact_key", "file_name", "path"), documents...)
}

// Company writes n contacts, most with a company, and everything that hangs on them. Of a later
// company a twentieth of everything changed and some is new.
func (b *Bench) Company(n int, isLater bool) {
	more := 0
	if isLater {
		more = n / 20
	}
	changed := func(i int) bool { return isLater && i%20 == 3 }
	b.Contacts(n+more, func(i int, row run.Row) {
		if i%10 != 9 {
			row[7] = fmt.Sprintf("a%04d", i%(n/20))
		}
		if changed(i) {
			row[3] = "Changed"
		}
		if changed(i) && i%40 == 3 {
			row[7] = fmt.Sprintf("a%04d", (i+1)%(n/20))
		}
	})
	b.Accounts(n/20 + more/10)
	b.Deals(n/10 + more/2)
	b.Tasks(n/4+more, n)
	b.Notes(n/10+more, n)
	var activities []run.Row
	for i := range n/10 + more {
		at := time.Date(2025, 3, 1, 9, i%60, 0, 0, time.UTC)
		activities = append(activities, run.Row{fmt.Sprintf("s%06d", i), fmt.Sprintf("c%06d", i%n), "ada@example.com",
			"Opened", "Campaign: spring", "Email", at, at.Add(time.Minute)})
	}
	b.Table("sales_activities", append(Texts("sales_activity_key", "contact_key", "owner_email", "title", "notes",
		"sales_activity_type"),
		run.Column{Name: "start_date", Type: run.Timestamptz}, run.Column{Name: "end_date", Type: run.Timestamptz}),
		activities...)
}

// Table writes a freshsales.* table, in the order the SQL stage stores it in.
func (b *Bench) Table(name string, columns []run.Column, rows ...run.Row) {
	b.T.Helper()
	slices.SortStableFunc(rows, func(x, y run.Row) int {
		for _, by := range load.OrderOf(name) {
			i := slices.IndexFunc(columns, func(c run.Column) bool { return c.Name == by })
			if n := strings.Compare(fmt.Sprint(x[i]), fmt.Sprint(y[i])); n != 0 {
				return n
			}
		}
		return 0
	})
	if err := record.WriteRows(b.Dir.Model("freshsales", name), run.Schema{Name: name, Columns: columns},
		rows); err != nil {
		b.T.Fatal(err)
	}
}

func Texts(names ...string) []run.Column {
	var c []run.Column
	for _, n := range names {
		c = append(c, run.Column{Name: n, Type: run.Varchar})
	}
	return c
}

var ContactColumns = append(Texts("contact_key", "external_id", "email", "first_name", "last_name", "cf_xtremepush_id",
	"owner_email", "account_key"),
	run.Column{Name: "tags", Type: run.VarcharList}, run.Column{Name: "cf_points_balance", Type: run.Bigint})

func ContactRow(n int) run.Row {
	key := fmt.Sprintf("c%06d", n)
	return run.Row{key, "x" + key, key + "@example.com", "First", fmt.Sprintf("Last %d", n), "x" + key, "ada@example.com",
		nil, []string{"vip"}, int64(n)}
}

// Contacts writes n contacts and their members.
func (b *Bench) Contacts(n int, change ...func(i int, row run.Row)) {
	b.T.Helper()
	var rows, members []run.Row
	for i := range n {
		row := ContactRow(i)
		for _, c := range change {
			c(i, row)
		}
		rows = append(rows, row)
		members = append(members, run.Row{row[0], row[0]})
	}
	b.Table("contacts", ContactColumns, rows...)
	b.Table("contact_members", Texts("profile_key", "contact_key"), members...)
}

var AccountColumns = Texts("account_key", "name", "website")

// Held says that a check holds a contact back.
func (b *Bench) Held(key, reason string) {
	b.T.Helper()
	columns := append(Texts("rule", "severity", "entity", "key", "reason"), run.Column{Name: "is_held", Type: run.Boolean})
	if err := record.WriteRows(b.Dir.Model("checks", "findings"), run.Schema{Name: "findings", Columns: columns},
		[]run.Row{{"a_check", "hold", "contacts", key, reason, true}}); err != nil {
		b.T.Fatal(err)
	}
}

func (b *Bench) Accounts(n int) {
	b.T.Helper()
	var rows []run.Row
	for i := range n {
		rows = append(rows, run.Row{fmt.Sprintf("a%04d", i), fmt.Sprintf("Company %d", i),
			fmt.Sprintf("https://c%d.example.com", i)})
	}
	b.Table("accounts", AccountColumns, rows...)
}

var TaskColumns = append(Texts("task_key", "contact_key", "owner_email", "title", "description"),
	run.Column{Name: "due_date", Type: run.Timestamptz}, run.Column{Name: "status", Type: run.Bigint})

// Tasks writes n tasks spread over some contacts.
func (b *Bench) Tasks(n, contacts int) {
	b.T.Helper()
	var rows []run.Row
	for i := range n {
		rows = append(rows, run.Row{fmt.Sprintf("t%06d", i), fmt.Sprintf("c%06d", i%contacts), "ada@example.com",
			fmt.Sprintf("Opened campaign %d", i),
			"Campaign: spring\nOpened: yes", time.Date(2025, 1, 1, 12, 0, i, 0, time.UTC), int64(1)})
	}
	b.Table("tasks", TaskColumns, rows...)
}

func (b *Bench) Notes(n, contacts int) {
	b.T.Helper()
	var rows []run.Row
	for i := range n {
		rows = append(rows, run.Row{fmt.Sprintf("n%06d", i), fmt.Sprintf("c%06d", i%contacts), fmt.Sprintf("A note %d", i)})
	}
	b.Table("notes", Texts("note_key", "contact_key", "description"), rows...)
}

var DealColumns = append(Texts("deal_key", "contact_key", "account_key", "name", "deal_stage"),
	run.Column{Name: "amount", Type: run.Double})

func (b *Bench) Deals(n int) {
	b.T.Helper()
	var rows []run.Row
	for i := range n {
		rows = append(rows, run.Row{fmt.Sprintf("d%04d", i), fmt.Sprintf("c%06d", i), nil, fmt.Sprintf("Deal %d", i),
			"New", 100.5})
	}
	b.Table("deals", DealColumns, rows...)
}

// People writes contacts and members as given: contact key → its profiles.
func (b *Bench) People(members map[string][]string) {
	b.T.Helper()
	var rows, all []run.Row
	for _, key := range record.SortedKeys(members) {
		row := ContactRow(0)
		row[0], row[1], row[2], row[5] = key, "x"+key, key+"@example.com", "x"+key
		rows = append(rows, row)
		for _, p := range members[key] {
			all = append(all, run.Row{p, key})
		}
	}
	b.Table("contacts", ContactColumns, rows...)
	b.Table("contact_members", Texts("profile_key", "contact_key"), all...)
}

// KillTables is a small company with everything: 24 contacts, of which two are known to the account,
// companies, deals, tasks and notes.
func KillTables(b *Bench) {
	b.Contacts(24, func(i int, row run.Row) {
		if i%4 == 0 {
			row[7] = "a0001"
		}
	})
	b.Accounts(2)
	b.Deals(2)
	b.Tasks(8, 4)
	b.Notes(4, 4)
}

func KillModels(t testing.TB) string {
	b := &Bench{T: t, Project: run.OpenProject(t.TempDir())}
	b.NewRun()
	KillTables(b)
	return b.Dir.ModelsRoot()
}

var FieldColumns = append(Texts("entity", "name", "label", "type", "source", "reason"),
	run.Column{Name: "choices", Type: run.VarcharList}, run.Column{Name: "confirmed", Type: run.Boolean})

func FieldRow(name, label, kind string, choices ...string) run.Row {
	var list any
	if choices != nil {
		list = choices
	}
	return run.Row{"contacts", name, label, kind, "attribute", "because", list, true}
}

var RichColumns = append(Texts("contact_key", "external_id", "email", "mobile_number", "first_name", "last_name",
	"cf_xtremepush_id", "owner_email",
	"lifecycle_stage", "account_key", "custom_field"), run.Column{Name: "tags", Type: run.VarcharList},
	run.Column{Name: "cf_points_balance", Type: run.Double})

// Rich writes a load of everything a read-back can tell.
func (b *Bench) Rich(n int) {
	b.T.Helper()
	owners := []string{"ada@example.com", "sam@example.com", "migration@example.com"}
	var rows, members []run.Row
	for i := range n {
		key := fmt.Sprintf("c%06d", i)
		custom, err := json.Marshal(map[string]any{"cf_tier": []string{"Gold", "Silver", "Bronze"}[i%3],
			"cf_interests": []string{"Go", "Chess"},
			"cf_story":     strings.Repeat("once upon a time ", 4), "cf_born": fmt.Sprintf("1980-05-%02d", 1+i%28),
			"cf_email_opt_out": i%4 == 0, "cf_is_member": i%2 == 0})
		if err != nil {
			b.T.Fatal(err)
		}
		rows = append(rows, run.Row{key, "x" + key, key + "@example.com", fmt.Sprintf("+49170%07d", i), "Zoë",
			fmt.Sprintf("Müller %d", i), "x" + key, owners[i%3],
			[]string{"Lead", "Customer"}[i%2], fmt.Sprintf("a%04d", i%10), string(custom), []string{"vip", "spring"},
			float64(i) + 0.25})
		members = append(members, run.Row{key, key})
	}
	b.Table("contacts", RichColumns, rows...)
	b.Table("contact_members", Texts("profile_key", "contact_key"), members...)
	b.Accounts(10)
	b.Tasks(80, n)
	b.Notes(12, n)
	b.Deals(12)
}
