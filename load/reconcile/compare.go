package load

import (
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// difference is one field as it was sent and as it was found.
type difference struct {
	field, sent, found string
	isSame             bool
}

// judge classifies one record and writes what was seen.
func (rc *reconciler) judge(k *kind, s sentRecord, f found) error {
	if f.isMute {
		return nil
	}
	t := rc.tallies[k.entity]
	t.Read++
	var all []difference
	class := classMissing
	if f.isThere {
		var err error
		if all, err = rc.compare(k, s, f.record); err != nil {
			return err
		}
		class = rc.classOf(k, s, all)
	}
	switch class {
	case classIdentical:
		t.Identical++
	case classMoved:
		t.Moved++
	case classModified:
		t.Modified++
	default:
		t.Missing++
	}
	if rc.isDrawn(k, s) {
		t.Drawn++
		if class == classModified || class == classMissing {
			t.DrawnWrong++
		}
	}
	if rc.isOptOut(s.fields) {
		t.OptOuts++
		if class == classMissing || slices.ContainsFunc(all, func(d difference) bool { return !d.isSame && isConsent(d.field) }) {
			t.OptOutsWrong++
		}
	}
	rc.o.Events.Send(run.Event{Stage: "reconcile", Kind: run.Progress, Subject: k.entity, Done: t.Read, Total: t.Sent, Unit: "records"})
	return rc.write(k, s, class, all)
}

// classOf is identical or modified, or moved: the account's own rule puts a contact that gets a deal
// on another stage, which is neither our doing nor damage.
func (rc *reconciler) classOf(k *kind, s sentRecord, all []difference) string {
	class := classIdentical
	for _, d := range all {
		if d.isSame {
			continue
		}
		isStage := d.field == "lifecycle_stage_id" || d.field == "contact_status_id"
		if !isStage || k.entity != "contacts" || !rc.withDeal[s.key] || rc.o.LifecycleMoves == UndoMoves {
			return classModified
		}
		class = classMoved
	}
	return class
}

func (rc *reconciler) write(k *kind, s sentRecord, class string, all []difference) error {
	spot := rc.isSpot(k, s)
	if err := rc.out.Write(run.Row{k.entity, s.key, s.targetID, class, nil, nil, nil, spot}); err != nil {
		return err
	}
	for _, d := range all {
		if d.isSame && !spot {
			continue
		}
		if d.isSame {
			d.found = d.sent // another spelling of the same is no difference to look at
		}
		if err := rc.out.Write(run.Row{k.entity, s.key, s.targetID, class, d.field, d.sent, d.found, spot}); err != nil {
			return err
		}
	}
	return nil
}

// compare holds every field we sent against what is there. What Freshsales never shows proves
// nothing either way; it is left out and named.
func (rc *reconciler) compare(k *kind, s sentRecord, r freshsales.Record) ([]difference, error) {
	there := liveFields(k, r)
	if k.entity == "documents" {
		there["file_name"] = r.Text("name")
		delete(s.fields, "path") // where the file lay with us is not sent
	}
	var all []difference
	hasRef := k.refIn != "" && s.origin != originFound
	if hasRef {
		// The text a Ref stands in is compared whole: what was typed behind it counts, too.
		want, got := withRef(asText(s.fields[k.refIn]), Ref(k.entity, s.key)), r.Text(k.refIn)
		all = append(all, difference{field: k.refIn, sent: want, found: got, isSame: same(k.refIn, want, got)})
	}
	for _, name := range sortedNames(s.fields) {
		if hasRef && name == k.refIn {
			continue
		}
		if !isTold(k, r, there, name) {
			rc.mute(k, name)
			continue
		}
		sent, got := s.fields[name], rc.account.read(k.entity, name, there[name])
		d := difference{field: strings.TrimPrefix(name, "@"), sent: asText(sent), found: asText(got)}
		switch name {
		case contactLink, accountLink:
			id, err := rc.idOfKey(parentOf(name), asText(sent))
			if err != nil {
				return nil, err
			}
			d.sent, d.isSame = id, id == "" || id == d.found || slices.Contains(manyOf(got), id)
		case "tags":
			d.isSame = hasAll(got, sent) && (s.origin == originFound || hasAll(sent, got))
		default:
			d.isSame = same(name, sent, got)
		}
		all = append(all, d)
	}
	return all, nil
}

// isTold says whether a reply shows a field at all. Custom fields without a value may be left out.
func isTold(k *kind, r freshsales.Record, there fields, name string) bool {
	shows := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { _, shown := r[n]; return shown })
	}
	switch {
	case strings.HasPrefix(name, "cf_"):
		return true
	case name == accountLink:
		return shows("sales_accounts", "sales_account_id")
	case name == contactLink && k.entity == "deals":
		return shows("contacts")
	case name == contactLink:
		return shows("targetables")
	}
	_, shown := there[name]
	return shown
}

// mute remembers a field that Freshsales does not show.
func (rc *reconciler) mute(k *kind, name string) {
	t := rc.tallies[k.entity]
	if name = strings.TrimPrefix(name, "@"); !slices.Contains(t.NotShown, name) {
		t.NotShown = append(t.NotShown, name)
		slices.Sort(t.NotShown)
	}
}

func parentOf(link string) string {
	if link == accountLink {
		return "accounts"
	}
	return "contacts"
}

// hasAll says whether a set holds every member of another.
func hasAll(set, members any) bool {
	have := manyOf(set)
	return !slices.ContainsFunc(manyOf(members), func(m string) bool { return !slices.Contains(have, m) })
}

// idOfKey is the number there of one of our records; "" if it is not there.
func (rc *reconciler) idOfKey(entity, key string) (string, error) {
	if key == "" {
		return "", nil
	}
	s, err := rc.ledger.standing(entity, key)
	if err != nil || !s.isThere() {
		return "", err
	}
	return s.targetID, nil
}

// isConsent says that a field tells what a person agreed to.
func isConsent(field string) bool {
	return field == "subscription_status" || field == "sms_subscription_status" || field == "whatsapp_subscription_status" ||
		field == "subscription_types" || strings.HasPrefix(field, "cf_") && strings.HasSuffix(field, "_opt_out")
}
