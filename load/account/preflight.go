package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
	"ferry/load/target"
)

// Names under which a customer accepts what a load does besides writing records.
const (
	AckWorkflows  = "workflows"
	AckMoves      = "lifecycle_moves"
	ackStages     = "missing_stages"
	AckCurrencies = "missing_currencies"
)

// ErrNotAccepted is why a load is refused that sets off what nobody accepted by name.
var ErrNotAccepted = errors.New("not accepted")

// Preflight reads what the account is and has; it writes nothing.
func Preflight(ctx context.Context, c Reader, dir run.Dir, o target.Options) (*Account, error) {
	w, err := wanted(dir, o)
	if err != nil {
		return nil, err
	}
	a, err := Read(freshsales.WithPhase(ctx, "preflight"), c, w)
	if err != nil {
		return nil, err
	}
	a.dir = dir
	return a, nil
}

// Acknowledge stands between a plan and its first write: what a load sets off by itself, what the
// account lacks and what it costs must have been accepted. On a rehearsal it only tells.
func (a *Account) Acknowledge(e target.Estimate, o target.Options) ([]target.Notice, error) {
	if err := a.affordable(e, o); err != nil {
		return nil, err
	}
	files, err := a.holds(o)
	if err != nil {
		return files, err
	}
	notices, open := a.sideEffects(e, o)
	notices = append(notices, files...)
	missing := a.missingNames()
	notices = append(notices, missing...)
	if stages := stagesOf(missing); len(stages) > 0 && !slices.Contains(o.Acknowledged, ackStages) {
		if !o.Rehearsal {
			return notices, &run.Problem{Where: "target " + o.Target.Name, Exit: run.ExitStop,
				Excerpt: strings.Join(stages, "\n"),
				What:    "the account lacks stages, statuses or pipelines that rows name; Freshsales has no call to make them",
				Try: "let an administrator make them, or map these values in settings; or " + Accepting(o, ackStages) +
					": these values are withheld"}
		}
	}
	if lost := currenciesOf(missing); len(lost) > 0 && !slices.Contains(o.Acknowledged, AckCurrencies) {
		return notices, &run.Problem{Where: "target " + o.Target.Name, Exit: run.ExitStop, Excerpt: strings.Join(lost, "\n"),
			What: "the account lacks currencies that deals are in: their amounts would become amounts of another " +
				"currency; nothing was written",
			Try: "let an administrator add them, or set deals.currency to one the account has; or " +
				Accepting(o, AckCurrencies) + ": these deals go without their amounts"}
	}
	if len(open) > 0 && !o.Rehearsal {
		var lines []string
		for _, n := range notices {
			if slices.Contains(open, n.Kind) {
				lines = append(lines, n.Kind+": "+n.Text)
			}
		}
		return notices, &run.Problem{Where: "target " + o.Target.Name, Exit: run.ExitStop, Excerpt: strings.Join(lines, "\n"),
			Err:  ErrNotAccepted,
			What: "this load sets off things in the account besides the records it writes; nothing was written",
			Try:  "switch them off there, or " + Accepting(o, open...)}
	}
	return notices, nil
}

// Accepting says how something is accepted, as it can be pasted: with what was accepted already.
func Accepting(o target.Options, names ...string) string {
	all := slices.Clone(o.Acknowledged)
	for _, n := range names {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return "accept it in ferry.yaml, under load:   acknowledged: [" + strings.Join(all, ", ") + "]"
}

// sideEffects lists what the planned writes set off, and which of it nobody has accepted yet.
func (a *Account) sideEffects(e target.Estimate, o target.Options) (notices []target.Notice, open []string) {
	creates := map[string]int64{}
	for _, p := range e.Calls {
		creates[p.Phase] += p.Planned
	}
	add := func(name, entity, text string) {
		notices = append(notices, target.Notice{Kind: name, Entity: entity, Key: "", Text: text})
		if !slices.Contains(o.Acknowledged, name) {
			open = append(open, name)
		}
	}
	if creates["contacts"]+creates["accounts"]+creates["deals"]+creates["tasks"] > 0 {
		add(AckWorkflows, "",
			"workflows, sequences and assignment rules of the account run for every record that is made from outside; "+
				"one migration found thousands of automatic tasks afterwards; what they do is not undone when the load is")
	}
	if creates["deals"] > 0 {
		add(AckMoves, "contacts",
			"a deal moves its contacts to the stage Sales Qualified Lead, a won one to Customer, unless that is switched off; "+
				"the stages are kept before, and undoing the load puts them back")
	}
	return notices, open
}

// missingNames lists the names that rows carried and the account does not know.
func (a *Account) missingNames() []target.Notice {
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []target.Notice
	for u, n := range a.unknown {
		if u.value == noList {
			text := fmt.Sprintf("the account offers no list of its %ss to choose from, so no record carries one",
				strings.ReplaceAll(u.column, "_", " "))
			list = append(list, target.Notice{Kind: "no_list", Entity: u.entity, Key: u.column, Text: text})
			continue
		}
		text := fmt.Sprintf("%s: the %s there is not known to the account; that field was left out, the rest was sent.%s",
			record.Plural(n, "record"), strings.ReplaceAll(u.column, "_", " "), run.DidYouMean(u.value, a.namesOf(u.column)))
		list = append(list, target.Notice{Kind: "unknown_" + u.column, Entity: u.entity, Key: u.value, Text: text})
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].Kind+list[i].Entity+list[i].Key < list[j].Kind+list[j].Entity+list[j].Key
	})
	return list
}

// namesOf are the values of a column that the account knows.
func (a *Account) namesOf(column string) []string {
	var names []string
	for _, c := range a.Lists[column] {
		names = append(names, c.Name)
	}
	if column == "owner_email" {
		for _, o := range a.owners {
			names = append(names, o.Email)
		}
	}
	return names
}

// currenciesOf picks the currencies that rows name and the account does not have.
func currenciesOf(missing []target.Notice) []string {
	var lines []string
	for _, n := range missing {
		switch {
		case n.Kind == "unknown_currency":
			lines = append(lines, n.Entity+": "+n.Key+" is not one of the account's currencies")
		case n.Kind == "no_list" && n.Key == "currency":
			lines = append(lines, n.Entity+": the account offers no list of currencies")
		}
	}
	return lines
}

// stagesOf picks what only an administrator can make and what a record is wrong without.
func stagesOf(missing []target.Notice) []string {
	var lines []string
	for _, n := range missing {
		switch n.Kind {
		case "unknown_lifecycle_stage", "unknown_contact_status", "unknown_deal_pipeline", "unknown_deal_stage":
			lines = append(lines, fmt.Sprintf("%s: %s %q", n.Entity, strings.ReplaceAll(strings.TrimPrefix(n.Kind, "unknown_"),
				"_", " "), n.Key))
		}
	}
	return lines
}

// SingleLinks is the name of the cost that must be acknowledged where bulk calls ignore account
// links: one call per contact.
const SingleLinks = "single_account_links"

// LinksWait is why a link is not made before somebody agrees to that cost.
const LinksWait = "this account takes links to companies one call at a time only, and nobody has agreed to that yet"

// AskForSingleLinks says what the links that wait would cost, and how somebody agrees to it.
func AskForSingleLinks(o target.Options, waiting int64) (target.Notice, string) {
	return target.Notice{Kind: "limitation", Entity: record.AccountLinks, Key: "", Text: fmt.Sprintf(
			"this account ignores account links in bulk calls; linking %s takes a call each, which "+
				"nobody acknowledged yet", record.Plural(waiting, "contact"))},
		fmt.Sprintf("bulk calls do not link contacts to accounts here: %s needed; %s and load again",
			record.Plural(waiting, "single call")+map[bool]string{true: " is", false: " are"}[waiting == 1],
			Accepting(o, SingleLinks))
}
