package send

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/plan"
	"ferry/load/record"
	"ferry/load/remote"
	"ferry/load/target"
)

// saysTaken recognises, in whatever words, that a value must be unique and is not.
var saysTaken = regexp.MustCompile(`(?i)already|exist|taken|unique|duplicate`)

// findTaken finds out which value of a refused contact somebody has already. A mobile number is left
// out or moved, as the setting says, and the person is sent once more; for an address or an external
// id it says who has it and what to do.
func (b *bulkSend) findTaken(f *write, words string) (again bool, why string, err error) {
	if b.k.Entity != "contacts" || f.isSentAgain || !saysTaken.MatchString(words) {
		return false, words, nil
	}
	text, err := b.Ledger.FieldsOf(f.seq)
	if err != nil {
		return false, words, err
	}
	fields, err := record.ParseFields(text)
	if err != nil {
		return false, words, err
	}
	mobile, external := record.AsText(fields["mobile_number"]), record.AsText(fields["external_id"])
	isNamed := func(v string) bool { return v != "" && strings.Contains(strings.ToLower(words), strings.ToLower(v)) }
	nobodyNamed := !isNamed(mobile) && !isNamed(external) && !isNamed(f.ident)
	if mobile != "" && (isNamed(mobile) || nobodyNamed) {
		if id, err := b.holder("mobile_number", mobile, f.targetID); err != nil || id != "" {
			if err != nil {
				return false, words, err
			}
			return b.withoutMobile(f, fields, id)
		}
	}
	if external != "" && (isNamed(external) || nobodyNamed) {
		if id, err := b.holder("external_id", external, f.targetID); err != nil || id != "" {
			return false, words + " The contact " + id +
				" in Freshsales has our external id: decide whether it is the same person, and merge or change it there, " +
				"then: ferry load --retry", err
		}
	}
	if f.binned != "" && isNamed(f.ident) {
		f.isBinned = true
		return false, words + " " + remote.InBin(f.binned), nil
	}
	if f.targetID == "" && isNamed(f.ident) {
		if id, err := b.holder("email", f.name, ""); err != nil || id != "" {
			return false, words + " Somebody made this contact meanwhile; the next load finds it: ferry load --retry", err
		}
		return false, words + " " + remote.InBin(""), nil
	}
	return false, words, nil
}

// fromBin sees to a new person whose address lies in the recycle bin: the first is sent alone, which tells
// whether the account minds; if it does, the others need no call. It says whether the person is seen to.
func (b *bulkSend) fromBin(f *write) (isDone bool, err error) {
	if f.binned = b.p.Bin.Holder(f.ident); b.k.Entity != "contacts" || f.binned == "" {
		return false, nil
	}
	minds, isKnown := b.p.Bin.Minds()
	if isKnown && !minds {
		return false, nil
	}
	if err := b.intend(&batch{writes: []*write{f}}); err != nil {
		return false, err
	}
	if isKnown {
		return true, b.refuse([]*write{f}, remote.InBin(f.binned))
	}
	isTaken, err := b.single(f)
	if err == nil && (isTaken || f.isBinned) {
		err = b.look.LearnBin(b.p.Bin, !isTaken)
	}
	return true, err
}

// holder is a contact that has a value of its own, besides the one we mean; "" for none.
func (b *bulkSend) holder(field, value, own string) (string, error) {
	rows, err := b.Client.Lookup(b.ctx, freshsales.Contacts, field, value)
	switch freshsales.OutcomeOf(err) {
	case freshsales.Done:
	case freshsales.Refused, freshsales.Gone, freshsales.Unsupported:
		return "", nil // this account cannot look that up
	default:
		return "", err
	}
	for _, r := range rows {
		if id := record.IdText(r.ID); id != own {
			return id, nil
		}
	}
	return "", nil
}

// withoutMobile makes the person go without a number somebody has, or with it as the work number.
func (b *bulkSend) withoutMobile(f *write, fields record.Fields, holder string) (again bool, why string, err error) {
	reason := fmt.Sprintf("mobile number withheld: the contact %s in Freshsales has it already", holder)
	if b.p.SharedMobile == plan.HoldMobile {
		return false, reason + plan.MobileWaits, nil
	}
	var data map[string]any
	if err := json.Unmarshal(f.payload, &data); err != nil {
		return false, "", err
	}
	if b.p.SharedMobile == "work_number" && record.MoveMobile(fields) {
		reason += "; moved to the work number"
		data["work_number"] = fields["work_number"]
	}
	delete(fields, "mobile_number")
	delete(data, "mobile_number")
	if f.payload, err = json.Marshal(data); err != nil {
		return false, "", err
	}
	f.isSentAgain, f.note = true, reason
	b.Notices.Add(target.Notice{Kind: "shared_mobile", Entity: b.k.Entity, Key: f.key, Text: reason})
	return true, "", b.Ledger.Do(func(t *ledger.Tx) error {
		i := &ledger.Intent{Run: b.RunID(), Entity: b.k.Entity, Key: f.key, Verb: f.verb, TargetID: f.targetID,
			Fields: fields.Canonical(), At: b.Now()}
		err := t.Intend(i)
		f.seq = i.Seq
		return err
	})
}

// existedBefore says that a record we meant to create was there before this load began: it is
// somebody's, found by another of its addresses or numbers, and never ours to delete.
func (b *bulkSend) existedBefore(id int64) bool { return id != 0 && id <= b.newest }

// created is the outcome of a create that went through.
func (b *bulkSend) created(f *write, id int64) ledger.Outcome {
	o := ledger.Outcome{Outcome: ledger.Created, TargetID: record.IdText(id), Digest: f.digest, Reason: f.note}
	if b.existedBefore(id) {
		o.Outcome, o.Existed = ledger.Updated, true
		o.Reason = "it was there before the load, under another address or number; what it held then is not known"
	}
	return o
}
