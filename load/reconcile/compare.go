package reconcile

import (
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

// difference is one field as it was sent and as it was found.
type difference struct {
	field, sent, found string
	isSame             bool
}

// classify classifies one record and writes what was seen.
func (rc *reconciler) classify(k *record.Kind, s ledger.SentRecord, f found) error {
	if f.isMute {
		return nil
	}
	t := rc.tallies[k.Entity]
	t.Read++
	var all []difference
	class := Missing
	if f.isThere {
		var err error
		if all, err = rc.compare(k, s, f.record); err != nil {
			return err
		}
		class = rc.classOf(k, s, all)
	}
	switch class {
	case Identical:
		t.Identical++
	case Moved:
		t.Moved++
	case Modified:
		t.Modified++
	default:
		t.Missing++
	}
	if rc.isDrawn(k, s) {
		t.Drawn++
		if class == Modified || class == Missing {
			t.DrawnWrong++
		}
	}
	if rc.isOptOut(s.Fields) {
		t.OptOuts++
		if class == Missing || slices.ContainsFunc(all, func(d difference) bool { return !d.isSame && isConsent(d.field) }) {
			t.OptOutsWrong++
		}
	}
	rc.Options.Events.Send(run.Event{Stage: "reconcile", Kind: run.Progress, Subject: k.Entity, Done: t.Read,
		Total: t.Sent, Unit: "records"})
	return rc.write(k, s, class, all)
}

// classOf is identical or modified, or moved: the account's own rule puts a contact that gets a deal
// on another stage, which is neither our doing nor damage.
func (rc *reconciler) classOf(k *record.Kind, s ledger.SentRecord, all []difference) string {
	class := Identical
	for _, d := range all {
		if d.isSame {
			continue
		}
		isStage := d.field == "lifecycle_stage_id" || d.field == "contact_status_id"
		if !isStage || k.Entity != "contacts" || !rc.withDeal[s.Key] || rc.Options.LifecycleMoves == target.UndoMoves {
			return Modified
		}
		class = Moved
	}
	return class
}

func (rc *reconciler) write(k *record.Kind, s ledger.SentRecord, class string, all []difference) error {
	spot := rc.isSpot(k, s)
	if err := rc.out.Write(run.Row{k.Entity, s.Key, s.TargetID, class, nil, nil, nil, spot}); err != nil {
		return err
	}
	for _, d := range all {
		if d.isSame && !spot {
			continue
		}
		if d.isSame {
			d.found = d.sent // another spelling of the same is no difference to look at
		}
		if err := rc.out.Write(run.Row{k.Entity, s.Key, s.TargetID, class, d.field, d.sent, d.found, spot}); err != nil {
			return err
		}
	}
	return nil
}

// compare holds every field we sent against what is there. What Freshsales never shows proves
// nothing either way; it is left out and named.
func (rc *reconciler) compare(k *record.Kind, s ledger.SentRecord, r freshsales.Record) ([]difference, error) {
	there := rc.account.Named(k.Entity, record.FromRemote(k, r))
	if k.Entity == "documents" {
		there["file_name"] = r.Text("name")
		delete(s.Fields, "path") // where the file lay with us is not sent
	}
	var all []difference
	// Of whom a purge erased, what was sent is not known, and what is there is written nowhere.
	hasRef := k.RefIn != "" && s.Origin != ledger.OriginFound && len(s.Fields) > 0
	if hasRef {
		// The text a Ref stands in is compared whole: what was typed behind it counts, too.
		want, got := record.WithRef(record.AsText(s.Fields[k.RefIn]), record.Ref(k.Entity, s.Key)), r.Text(k.RefIn)
		all = append(all, difference{field: k.RefIn, sent: want, found: got, isSame: record.Same(k.RefIn, want, got)})
	}
	for _, name := range record.SortedNames(s.Fields) {
		if hasRef && name == k.RefIn {
			continue
		}
		if !isTold(k, r, there, name) {
			rc.mute(k, name)
			continue
		}
		sent, got := s.Fields[name], rc.account.Read(k.Entity, name, there[name])
		d := difference{field: strings.TrimPrefix(name, "@"), sent: record.AsText(sent), found: record.AsText(got)}
		switch name {
		case record.ContactLink, record.AccountLink:
			id, err := rc.idOfKey(parentOf(name), record.AsText(sent))
			if err != nil {
				return nil, err
			}
			d.sent, d.isSame = id, id == "" || id == d.found || slices.Contains(account.ManyOf(got), id)
		case "email":
			d.isSame = record.Same(name, sent, got) ||
				slices.ContainsFunc(r.Emails(), func(e string) bool { return record.Same(name, sent, e) })
		case "tags":
			d.isSame = hasAll(got, sent) && (s.Origin == ledger.OriginFound || hasAll(sent, got))
		default:
			d.isSame = record.Same(name, sent, got)
		}
		all = append(all, d)
	}
	for i := range all {
		all[i].isSame = all[i].isSame || ledger.IsMasked(all[i].sent)
	}
	return all, nil
}

// isTold says whether a reply shows a field at all. Custom fields without a value may be left out.
func isTold(k *record.Kind, r freshsales.Record, there record.Fields, name string) bool {
	shows := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { _, shown := r[n]; return shown })
	}
	switch {
	case strings.HasPrefix(name, "cf_"):
		return true
	case name == record.AccountLink:
		return shows("sales_accounts", "sales_account_id")
	case name == record.ContactLink && k.Entity == "deals":
		return shows("contacts")
	case name == record.ContactLink:
		return shows("targetables")
	}
	_, shown := there[name]
	return shown
}

// mute remembers a field that Freshsales does not show.
func (rc *reconciler) mute(k *record.Kind, name string) {
	t := rc.tallies[k.Entity]
	if name = strings.TrimPrefix(name, "@"); !slices.Contains(t.NotShown, name) {
		t.NotShown = append(t.NotShown, name)
		slices.Sort(t.NotShown)
	}
}

func parentOf(link string) string {
	if link == record.AccountLink {
		return "accounts"
	}
	return "contacts"
}

// hasAll says whether a set holds every member of another.
func hasAll(set, members any) bool {
	have := account.ManyOf(set)
	return !slices.ContainsFunc(account.ManyOf(members), func(m string) bool { return !slices.Contains(have, m) })
}

// idOfKey is the number there of one of our records; "" if it is not there.
func (rc *reconciler) idOfKey(entity, key string) (string, error) {
	if key == "" {
		return "", nil
	}
	s, err := rc.Ledger.StateOf(entity, key)
	if err != nil || !s.IsThere() {
		return "", err
	}
	return s.TargetID, nil
}

// isConsent says that a field tells what a person agreed to.
func isConsent(field string) bool {
	return field == "subscription_status" || field == "sms_subscription_status" ||
		field == "whatsapp_subscription_status" ||
		field == "subscription_types" || strings.HasPrefix(field, "cf_") && strings.HasSuffix(field, "_opt_out")
}
