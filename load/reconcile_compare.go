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
		class = classIdentical
		if slices.ContainsFunc(all, func(d difference) bool { return !d.isSame }) {
			class = classModified
		}
	}
	switch class {
	case classIdentical:
		t.Identical++
	case classModified:
		t.Modified++
	default:
		t.Missing++
	}
	if rc.isDrawn(k, s) {
		t.Drawn++
		if class != classIdentical {
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

func (rc *reconciler) write(k *kind, s sentRecord, class string, all []difference) error {
	spot := rc.isSpot(k, s)
	if err := rc.out.Write(run.Row{k.entity, s.key, s.targetID, class, nil, nil, nil, spot}); err != nil {
		return err
	}
	for _, d := range all {
		if d.isSame && !spot {
			continue
		}
		if err := rc.out.Write(run.Row{k.entity, s.key, s.targetID, class, d.field, d.sent, d.found, spot}); err != nil {
			return err
		}
	}
	return nil
}

// compare holds every field we sent against what is there.
func (rc *reconciler) compare(k *kind, s sentRecord, r freshsales.Record) ([]difference, error) {
	there := liveFields(k, r)
	var all []difference
	hasRef := k.refIn != "" && s.origin != originFound
	if hasRef {
		// The text a Ref stands in is compared whole: what was typed behind it counts, too.
		want, got := withRef(asText(s.fields[k.refIn]), Ref(k.entity, s.key)), r.Text(k.refIn)
		all = append(all, difference{field: k.refIn, sent: want, found: got, isSame: same(k.refIn, want, got)})
	}
	for _, name := range sortedNames(s.fields) {
		sent, got := s.fields[name], rc.account.read(k.entity, name, there[name])
		d := difference{field: strings.TrimPrefix(name, "@"), sent: asText(sent), found: asText(got)}
		switch {
		case hasRef && name == k.refIn:
			continue
		case k.entity == "documents" && !strings.HasPrefix(name, "@"):
			continue // their list tells that a file is there, not what is in it
		case name == contactLink || name == accountLink:
			id, err := rc.idOfKey(parentOf(name), asText(sent))
			if err != nil {
				return nil, err
			}
			if _, told := there[name]; !told && k.entity == "documents" {
				continue
			}
			d.sent, d.isSame = id, id == "" || id == d.found || slices.Contains(manyOf(got), id)
		case name == "tags":
			d.isSame = hasAll(got, sent) && (s.origin == originFound || hasAll(sent, got))
		default:
			d.isSame = same(name, sent, got)
		}
		all = append(all, d)
	}
	return all, nil
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
