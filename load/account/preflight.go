package load

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// Names under which a customer accepts what a load does besides writing records.
const (
	ackWorkflows = "workflows"
	ackMoves     = "lifecycle_moves"
	ackStages    = "missing_stages"
)

// preflight reads what the account is and has; it writes nothing.
func preflight(ctx context.Context, c *freshsales.Client, dir run.Dir, o Options) (*account, error) {
	w, err := wanted(dir, o)
	if err != nil {
		return nil, err
	}
	a, err := readAccount(freshsales.WithPhase(ctx, "preflight"), c, w)
	if err != nil {
		return nil, err
	}
	a.dir = dir
	return a, nil
}

// acknowledge stands between a plan and its first write: what a load sets off by itself, what the
// account lacks and what it costs must have been accepted. On a rehearsal it only tells.
func (a *account) acknowledge(e Estimate, o Options) ([]notice, error) {
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
			return notices, &run.Problem{Where: "target " + o.Target.Name, Exit: run.ExitStop, Excerpt: strings.Join(stages, "\n"),
				What: "the account lacks stages, statuses or pipelines that rows name; Freshsales has no call to make them",
				Try:  "let an administrator make them, or map these values in settings; or accept it: acknowledged: [" + ackStages + "] withholds these values"}
		}
	}
	if len(open) > 0 && !o.Rehearsal {
		var lines []string
		for _, n := range notices {
			if slices.Contains(open, n.kind) {
				lines = append(lines, n.kind+": "+n.text)
			}
		}
		return notices, &run.Problem{Where: "target " + o.Target.Name, Exit: run.ExitStop, Excerpt: strings.Join(lines, "\n"),
			What: "this load sets off things in the account besides the records it writes; nothing was written",
			Try:  "switch them off there, or accept them in ferry.yaml: acknowledged: [" + strings.Join(open, ", ") + "]"}
	}
	return notices, nil
}

// sideEffects lists what the planned writes set off, and which of it nobody has accepted yet.
func (a *account) sideEffects(e Estimate, o Options) (notices []notice, open []string) {
	creates := map[string]int64{}
	for _, p := range e.Calls {
		creates[p.Phase] += p.Planned
	}
	add := func(name, entity, text string) {
		notices = append(notices, notice{name, entity, "", text})
		if !slices.Contains(o.Acknowledged, name) {
			open = append(open, name)
		}
	}
	if creates["contacts"]+creates["accounts"]+creates["deals"]+creates["tasks"] > 0 {
		add(ackWorkflows, "", "workflows, sequences and assignment rules of the account run for every record made through the API; "+
			"one migration found thousands of automatic tasks afterwards; what they do is not undone by a rollback")
	}
	if creates["deals"] > 0 {
		add(ackMoves, "contacts", "a deal moves its contacts to the stage Sales Qualified Lead, a won one to Customer, unless that is switched off; "+
			"before-images are taken first, and a rollback restores the stages")
	}
	return notices, open
}

// missingNames lists the names that rows carried and the account does not know.
func (a *account) missingNames() []notice {
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []notice
	for u, n := range a.unknown {
		if u.value == noList {
			text := fmt.Sprintf("the account offers no list of its %ss to choose from, so no row carries one", strings.ReplaceAll(u.column, "_", " "))
			list = append(list, notice{"no_list", u.entity, u.column, text})
			continue
		}
		text := fmt.Sprintf("%d rows name a %s the account does not have; that field of these rows is withheld", n, strings.ReplaceAll(u.column, "_", " "))
		list = append(list, notice{"unknown_" + u.column, u.entity, u.value, text})
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].kind+list[i].entity+list[i].key < list[j].kind+list[j].entity+list[j].key
	})
	return list
}

// stagesOf picks what only an administrator can make and what a record is wrong without.
func stagesOf(missing []notice) []string {
	var lines []string
	for _, n := range missing {
		switch n.kind {
		case "unknown_lifecycle_stage", "unknown_contact_status", "unknown_deal_pipeline", "unknown_deal_stage":
			lines = append(lines, fmt.Sprintf("%s: %s %q", n.entity, strings.ReplaceAll(strings.TrimPrefix(n.kind, "unknown_"), "_", " "), n.key))
		}
	}
	return lines
}

// SingleLinks is the name of the cost that must be acknowledged where bulk calls ignore account
// links: one call per contact.
const SingleLinks = "single_account_links"
