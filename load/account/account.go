// Package account is what one Freshsales account is and has: its users, lists, fields and views,
// what it lacks, and how values and payloads are spelt for it. It owns preflight, provision, what
// must be acknowledged and the consent codes. It must not know plans or what was sent. Start at
// account.go.
package account

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
	"ferry/load/target"
)

// Account is what preflight learned of the account: everything that turns readable text into what
// the API wants. Reading it costs a few calls; using it costs none.
type Account struct {
	dir    run.Dir // whose tables would be sent
	owners []freshsales.Owner
	Lists  map[string][]freshsales.Choice          // by attribute that takes the id: "lifecycle_stage_id"
	fields map[string]map[string]*freshsales.Field // custom fields by entity and by the name we use
	all    map[string][]freshsales.Field           // every field by entity, standard ones too
	views  map[string]freshsales.View
	bins   map[string]freshsales.View // of what was deleted
	totals map[string]int64           // of the views, before anything was written
	Newest map[string]int64           // the highest id in each, at that time

	Lacking error                 // what a plan found missing, which would stop a load
	ToMake  map[string]FieldCalls // fields a load would make, by entity

	aliases map[string]map[string]string // by entity and our name: custom fields the account calls otherwise
	forms   choiceForms
	mu      sync.Mutex
	unknown map[unknownValue]int64 // what could not be resolved, with how often it was asked for
}

type unknownValue struct{ entity, column, value string }

// selectors name the list behind each reference. Lists of pairs depend on the list before them.
var selectors = map[string]string{
	"lifecycle_stage":        "lifecycle_stages",
	"contact_status":         "contact_statuses",
	"lead_source":            "lead_sources",
	"territory":              "territories",
	"industry_type":          "industry_types",
	"business_type":          "business_types",
	"deal_pipeline":          "deal_pipelines",
	"deal_stage":             "deal_stages",
	"deal_type":              "deal_types",
	"deal_reason":            "deal_reasons",
	"currency":               "currencies",
	"task_type":              "task_types",
	"sales_activity_type":    "sales_activity_types",
	"sales_activity_outcome": "sales_activity_outcomes",
}

// Want is what the tables of a run need the account to tell.
type Want struct {
	Rows    map[string]int64    // by entity
	columns map[string][]string // by entity
}

// wanted looks at the tables that would be sent: which have rows, and with which columns.
func wanted(dir run.Dir, o target.Options) (Want, error) {
	w := Want{Rows: map[string]int64{}, columns: map[string][]string{}}
	for _, entity := range record.Entities() {
		if !asksFor(o, entity) {
			continue
		}
		t, err := run.OpenTable(dir.Model("freshsales", entity))
		if record.IsMissing(err) {
			continue
		}
		if err != nil {
			return w, err
		}
		if n := t.NumRows(); n > 0 {
			w.Rows[entity] = n
			for _, c := range t.Columns() {
				w.columns[entity] = append(w.columns[entity], c.Name)
			}
		}
		if err := t.Close(); err != nil {
			return w, err
		}
	}
	return w, nil
}

// asksFor says whether what the account has of an entity matters to an act: links lie between two.
func asksFor(o target.Options, entity string) bool {
	isEnd := entity == "contacts" || entity == "accounts"
	return len(o.Only) == 0 || slices.Contains(o.Only, entity) || isEnd && slices.Contains(o.Only, record.AccountLinks)
}

func (w Want) hasColumn(name string) bool {
	for _, columns := range w.columns {
		if slices.Contains(columns, name) {
			return true
		}
	}
	return false
}

// Read asks for what is wanted, and nothing else: every call counts.
func Read(ctx context.Context, c Reader, w Want) (*Account, error) {
	a := &Account{Lists: map[string][]freshsales.Choice{}, fields: map[string]map[string]*freshsales.Field{},
		all: map[string][]freshsales.Field{}, views: map[string]freshsales.View{}, totals: map[string]int64{},
		bins: map[string]freshsales.View{}, aliases: map[string]map[string]string{},
		Newest: map[string]int64{}, unknown: map[unknownValue]int64{}}
	var err error
	if a.owners, err = c.Ping(ctx); err != nil {
		return nil, target.Explain(c.Host(), err, "reading the users of the account")
	}
	columns := make([]string, 0, len(selectors))
	for column := range selectors {
		columns = append(columns, column)
	}
	sort.Strings(columns)
	for _, column := range columns {
		// The stages are always read: they and the users are the account's fingerprint.
		if column != "lifecycle_stage" && !w.hasColumn(column) && !(column == "deal_pipeline" && w.hasColumn("deal_stage")) {
			continue
		}
		list, err := c.Selector(ctx, selectors[column])
		if freshsales.OutcomeOf(err) == freshsales.Gone {
			continue // no such list there: its values are withheld, and say so
		}
		if err != nil {
			return nil, target.Explain(c.Host(), err, "reading "+selectors[column])
		}
		a.Lists[column] = list
	}
	for entity := range w.Rows {
		if err := a.readEntity(ctx, c, entity); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// readEntity reads the fields of an entity, and the view that lists all of it with its size.
func (a *Account) readEntity(ctx context.Context, c Reader, entity string) error {
	e, ok := freshsales.EntityOf(entity)
	if !ok {
		return fmt.Errorf("entity %q is not one of Freshsales", entity)
	}
	if e.HasFields {
		if err := a.readFields(ctx, c, e); err != nil {
			return err
		}
	}
	if e.AllView == "" {
		return nil
	}
	views, err := c.Views(ctx, e)
	if err != nil {
		return target.Explain(c.Host(), err, "listing the views of "+entity)
	}
	view, ok := freshsales.FindView(views, e.AllView)
	if !ok {
		return &run.Problem{Where: c.Host(),
			What: fmt.Sprintf("the API key's user does not see the view %q, so ferry could not see every record", e.AllView),
			Exit: run.ExitStop,
			Try:  "use the key of an administrator whose role sees all records"}
	}
	a.bins[entity], _ = freshsales.FindView(views, "Recycle Bin")
	page, err := c.ViewPage(ctx, e, view.ID, freshsales.Query{PerPage: 1, Sort: "id", Descending: true})
	if err != nil {
		return target.Explain(c.Host(), err, "reading the view "+e.AllView)
	}
	a.views[entity], a.totals[entity] = view, page.Total
	if len(page.Rows) > 0 {
		a.Newest[entity] = page.Rows[0].ID
	}
	return nil
}

func (a *Account) readFields(ctx context.Context, c Reader, e freshsales.Entity) error {
	list, err := c.Fields(ctx, e)
	if err != nil {
		return target.Explain(c.Host(), err, "reading the fields of "+e.Table())
	}
	a.setFields(e.Table(), list)
	return nil
}

func (a *Account) setFields(entity string, list []freshsales.Field) {
	a.all[entity] = list
	known := map[string]*freshsales.Field{}
	for i := range list {
		if list[i].IsCustom {
			known[list[i].Name] = &list[i]
		}
	}
	a.fields[entity] = known
	delete(a.aliases, entity)
}

// HasField says whether the account has a custom field.
func (a *Account) HasField(entity, name string) bool { return a.fields[entity][name] != nil }

// Required are the fields an administrator made compulsory for new records of an entity, by the names we use. An
// address and a name have rules of their own (API.md 3.4, 4.2).
func (a *Account) Required(entity string) (names []string) {
	for _, f := range a.all[entity] {
		if f.IsRequired && !slices.Contains([]string{"email", "emails", "name", "last_name"}, f.Name) {
			names = append(names, a.ourName(entity, f.Name))
		}
	}
	return names
}

// View is the view that lists all records of an entity; 0 where there is none.
func (a *Account) View(entity string) int64 { return a.views[entity].ID }

// Bin is the view of an entity's recycle bin; 0 where there is none.
func (a *Account) Bin(entity string) int64 { return a.bins[entity].ID }

// Total is how many records the entity had before anything was written; -1 if the account does not say.
func (a *Account) Total(entity string) int64 {
	if n, ok := a.totals[entity]; ok {
		return n
	}
	return -1
}

// Fingerprint recognises the account whatever its address: the ids of its stages and users.
func (a *Account) Fingerprint() string {
	stages := make([]string, 0, 8)
	for _, s := range a.Lists["lifecycle_stage"] {
		stages = append(stages, strconv.FormatInt(s.ID, 10))
	}
	users := make([]string, 0, 8)
	for _, o := range a.owners {
		users = append(users, strconv.FormatInt(o.ID, 10))
	}
	sort.Strings(stages)
	sort.Strings(users)
	return "stages " + strings.Join(stages, " ") + "; users " + strings.Join(users, " ")
}

// SameAccount says whether two fingerprints are of one account. Ids are never given twice, so one
// stage and one user in common are enough: people join and leave, stages are added.
func SameAccount(a, b string) bool {
	stagesA, usersA, _ := strings.Cut(a, ";")
	stagesB, usersB, _ := strings.Cut(b, ";")
	return a == b || haveCommon(stagesA, stagesB) && haveCommon(usersA, usersB)
}

func haveCommon(a, b string) bool {
	have := strings.Fields(a)[1:]
	return slices.ContainsFunc(strings.Fields(b)[1:], func(id string) bool { return slices.Contains(have, id) })
}

// Digest changes when anything changes that value depends on.
func (a *Account) Digest() string {
	var parts []string
	for _, o := range a.owners {
		parts = append(parts, fmt.Sprint("owner ", o.ID, strings.ToLower(o.Email), o.IsActive))
	}
	for column, list := range a.Lists {
		for _, c := range list {
			parts = append(parts, fmt.Sprint(column, " ", c.ID, c.Name))
		}
	}
	for entity, known := range a.fields {
		for name, f := range known {
			text := fmt.Sprint(entity, " ", name, " ", f.Name, f.Type)
			for _, c := range f.Choices {
				text += fmt.Sprint(" ", c.ID, c.Name)
			}
			parts = append(parts, text)
		}
	}
	sort.Strings(parts)
	return run.DigestText(parts...)
}

// CheckOwner makes sure that the ledger is of this account, and takes from it what was learned of it.
func (a *Account) CheckOwner(m Memory, o target.Options, writes bool) error {
	if err := a.recallChoices(o, m); err != nil {
		return err
	}
	if err := a.RecallNames(m); err != nil {
		return err
	}
	known, err := m.Meta("fingerprint")
	if err != nil {
		return err
	}
	now := a.Fingerprint()
	if known == "" && writes {
		return m.SetMeta("fingerprint", now)
	}
	if known != "" && !SameAccount(known, now) {
		return run.Problemf(o.Target.Ledger(),
			"this ledger is about another Freshsales account than the one at the target's address").
			WithTry("give the other account a target of its own in ferry.yaml").WithExit(run.ExitStop)
	}
	return nil
}
