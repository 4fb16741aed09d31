package rollback

import (
	"fmt"
	"slices"
	"strings"

	"ferry/load/ledger"
	"ferry/load/record"
)

// editable are the attributes a person can change, by entity. Others are the account's own: counts,
// scores, times.
var editable = map[string][]string{
	"contacts": {"first_name", "last_name", "job_title", "work_number", "mobile_number", "external_id", "address", "city",
		"state", "zipcode",
		"country", "facebook", "twitter", "linkedin", "owner_id", "territory_id", "lead_source_id", "campaign_id", "medium",
		"keyword", "time_zone",
		"subscription_status", "subscription_types", "sms_subscription_status", "whatsapp_subscription_status",
		"lifecycle_stage_id",
		"contact_status_id", "tags"},
	"accounts": {"website", "phone", "address", "city", "state", "zipcode", "country", "number_of_employees",
		"annual_revenue", "industry_type_id",
		"business_type_id", "owner_id", "territory_id", "parent_sales_account_id", "facebook", "twitter", "linkedin", "tags"},
	"deals": {"amount", "currency_id", "expected_close", "deal_stage_id", "deal_pipeline_id", "deal_type_id",
		"deal_reason_id", "owner_id",
		"probability", "lead_source_id", "territory_id", "campaign_id", "deal_product_id", "deal_payment_status_id", "tags"},
	"tasks": {"title", "description", "due_date", "status", "owner_id", "task_type_id", "outcome_id"},
	"notes": {"description"},
	"appointments": {"title", "description", "from_date", "end_date", "location", "time_zone", "is_allday",
		"outcome_id"},
	"sales_activities": {"title", "notes", "start_date", "end_date", "owner_id", "sales_activity_outcome_id", "location"},
}

// givenValues are the values an account gave to records of ours in fields we did not write, learned
// from the reads a rollback makes anyway.
type givenValues struct {
	seen map[string]map[string]int // how many records hold a value, by field
	born map[string]map[string]int // of them, untouched since they were made
}

// fewest is how many records must be compared before what most of them hold says what was given.
const fewest = 3

func (g *givenValues) learn(k *record.Kind, u *undo) {
	if g.seen == nil {
		g.seen, g.born = map[string]map[string]int{}, map[string]map[string]int{}
	}
	add := func(to map[string]map[string]int, name, value string) {
		if to[name] == nil {
			to[name] = map[string]int{}
		}
		to[name][value]++
	}
	wrote, isBorn := u.wrote(), u.isAsMade()
	for _, name := range editableOf(k, u.live) {
		if _, ours := wrote[name]; ours {
			continue
		}
		value := givenText(u.live[name])
		add(g.seen, name, value)
		if isBorn {
			add(g.born, name, value)
		}
	}
}

// isGiven says whether the account may have given a field this value: most records hold it, or several
// that nobody touched since. With too few records to compare it cannot be told.
func (g *givenValues) isGiven(name, value string) (given, isKnown bool) {
	total, most, first := 0, 0, ""
	for v, n := range g.seen[name] {
		total += n
		if n > most || n == most && v < first {
			most, first = n, v
		}
	}
	if total < fewest || 2*most <= total && len(g.born[name]) == 0 {
		return false, false
	}
	return value == first || g.born[name][value] > 1, true
}

func editableOf(k *record.Kind, live record.Fields) []string {
	names := slices.Clone(editable[k.Entity])
	for name := range live {
		if strings.HasPrefix(name, "cf_") && name != record.RefField {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// givenText is a value as it is counted: no, nothing and an empty list are the same.
func givenText(v any) string {
	if record.IsEmpty(v) || v == false {
		return ""
	}
	return record.AsText(v)
}

// isAsMade says that a record shows no change since it was made.
func (u *undo) isAsMade() bool {
	made := record.AsText(u.live["created_at"])
	return made != "" && record.Same("created_at", made, u.live["updated_at"])
}

// besides finds what a person changed in fields we did not write: any value that the account did not
// give, and that none of its known rules explains.
func (r *undoing) besides(k *record.Kind, u *undo) error {
	wrote, isMoved := u.wrote(), k.Entity == "contacts" && r.movedByDeals[u.st.Key]
	isUnclear := false
	for _, name := range editableOf(k, u.live) {
		if _, ours := wrote[name]; ours || isMoved && slices.Contains(record.Automatic, name) && r.isRuleMove(name, u.live) {
			continue
		}
		value := givenText(u.live[name])
		given, isKnown := r.given[k.Entity].isGiven(name, value)
		if !isKnown {
			given = value == "" || !isTyped(name)
			isUnclear = isUnclear || value != ""
		}
		if !given {
			u.kept = append(u.kept, record.Change{Field: name, New: record.AsText(u.live[name])})
		}
	}
	if len(u.kept) == 0 && isUnclear && !u.isAsMade() && !isMoved {
		return r.keepIfTouched(k, u)
	}
	return nil
}

// isTyped says that a field stays empty on a new record unless somebody fills it.
func isTyped(name string) bool {
	return strings.HasPrefix(name, "cf_") ||
		slices.Contains([]string{"first_name", "last_name", "job_title", "work_number", "mobile_number",
			"address", "city", "state", "zipcode", "country", "facebook", "twitter", "linkedin", "website", "phone",
			"expected_close", "tags",
			"territory_id"}, name)
}

// keepIfTouched keeps one of few records that was changed after it was made, by nothing we did: with
// nothing to compare it with, what was given and what was edited look the same.
func (r *undoing) keepIfTouched(k *record.Kind, u *undo) error {
	if k.Entity != "contacts" && k.Entity != "accounts" || u.st.Open != 0 {
		return nil
	}
	i, err := r.Ledger.IntentAt(u.st.Good)
	if err != nil || i.Verb != ledger.VerbCreate {
		return err
	}
	if link, err := r.Ledger.StateOf(record.AccountLinks, u.st.Key); err != nil || link != nil || r.hasChildren {
		return err
	}
	u.kept = append(u.kept, record.Change{Field: "updated_at", New: record.AsText(u.live["updated_at"])})
	return nil
}

// isRuleMove says whether a stage is one the account's own rule gives to contacts with deals. The status
// follows the stage, and stays when the stage is put back.
func (r *undoing) isRuleMove(name string, live record.Fields) bool {
	if name != "lifecycle_stage_id" {
		return true
	}
	hasRuleStages := false
	for _, c := range r.account.Lists["lifecycle_stage"] {
		isRule := strings.EqualFold(c.Name, "Sales Qualified Lead") || strings.EqualFold(c.Name, "Customer")
		if isRule && record.IdText(c.ID) == record.AsText(live[name]) {
			return true
		}
		hasRuleStages = hasRuleStages || isRule
	}
	return !hasRuleStages
}

// otherAccounts finds accounts a person linked a contact of ours to.
func (r *undoing) otherAccounts(u *undo) error {
	ids, _ := u.live[record.AccountLink].([]string)
	if len(ids) == 0 {
		return nil
	}
	link, err := r.Ledger.StateOf(record.AccountLinks, u.st.Key)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if link != nil && link.TargetID == id {
			continue
		}
		if link == nil || link.TargetID == "" {
			if ours, err := r.Ledger.ByTarget("accounts", id); err != nil || ours != nil {
				return err
			}
		}
		u.kept = append(u.kept, record.Change{Field: "account", New: fmt.Sprint(id)})
	}
	return nil
}

// findEdits compares what the records of a chunk hold besides what we wrote.
func (r *undoing) findEdits(k *record.Kind, undos []*undo) error {
	if r.given[k.Entity] == nil {
		r.given[k.Entity] = &givenValues{}
	}
	var ours []*undo
	for _, u := range undos {
		if u.live != nil && u.reason == "" && r.isOurs(u.st) {
			r.given[k.Entity].learn(k, u)
			ours = append(ours, u)
		}
	}
	for _, u := range ours {
		if err := r.besides(k, u); err != nil {
			return err
		}
		if k.Entity == "contacts" {
			if err := r.otherAccounts(u); err != nil {
				return err
			}
		}
	}
	return nil
}
