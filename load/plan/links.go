package plan

import (
	"errors"
	"io"
	"path/filepath"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/ledger"
	"ferry/load/record"
)

// links plans the links of contacts to accounts, as records of their own: they are sent after both
// ends exist, or travel with the contact when accounts go first.
func (p *Planner) links() error {
	contacts, k := p.Files["contacts"], record.KindOf("contacts")
	if contacts == nil {
		return nil
	}
	in, err := contacts.Open(k)
	if err != nil {
		return err
	}
	defer in.Close()
	column := in.Desired.Column("account_key")
	if column < 0 {
		return nil
	}
	f := &File{Path: filepath.Join(p.Temp, "plan-"+record.AccountLinks+".parquet"), desired: contacts.desired}
	p.Counts[record.AccountLinks], p.bad[record.AccountLinks] = map[string]int64{}, map[string]bool{}
	at, err := p.Ledger.States(p.ctx, record.AccountLinks)
	if err != nil {
		return err
	}
	defer at.Close()
	out, err := run.CreateTable(f.Path, workSchema)
	if err != nil {
		return err
	}
	w := &planWriter{p: p, f: f, out: out}
	p.linkCost = linkCost{}
	if p.linkCost.verdict, err = p.Ledger.Meta("bulk_links"); err != nil {
		out.Abort()
		return err
	}
	p.linkCost.isUnpaid = p.linkCost.verdict == "ignored" && !p.Options.HasAcknowledged(account.SingleLinks)
	for {
		row, contact, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = p.link(at, contact, record.TextAt(row, column), w)
		}
		if err != nil {
			out.Abort()
			return err
		}
	}
	p.Files[record.AccountLinks] = f
	if p.linkCost.waiting > 0 {
		notice, sentence := account.AskForSingleLinks(p.Options.Options, p.linkCost.waiting)
		p.Notices.Add(notice)
		p.Say(run.Warning, record.AccountLinks, "%s", sentence)
	}
	return out.Close()
}

// linkCost is what the plan of links says of their calls.
type linkCost struct {
	travel int64 // links that go with the contact they create, when accounts go first
	reads  int64 // contacts that may have other accounts, which a new list must keep

	verdict  string // whether bulk calls are known to make links
	isUnpaid bool   // each takes a call of its own, and nobody has agreed to that
	waiting  int64  // links that wait for it
}

// isLinked says whether a contact has the link to the account of its company, under whatever key the account was then.
func (p *Planner) isLinked(st *ledger.RecordState, company string) (bool, error) {
	if st == nil || st.Open != 0 || st.State != ledger.StateLive {
		return false, nil
	}
	if string(st.Digest) == string(record.LinkDigest(company)) {
		return true, nil
	}
	own, err := p.Ledger.StateOf("accounts", company)
	return st.TargetID == p.Moved.standing("accounts", company, own).IdIfThere(), err
}

func (p *Planner) link(at *ledger.StateStream, contact *Step, company string, w *planWriter) error {
	st, err := at.UpTo(contact.Key, func(*ledger.RecordState) error { return nil })
	if err != nil || company == "" {
		return err
	}
	isLinked, err := p.isLinked(st, company)
	if err != nil {
		return err
	}
	s := &Step{entity: record.AccountLinks, Key: contact.Key,
		Changes: []record.Change{{Field: "account_key", New: company}}}
	switch {
	case isLinked:
		s.Action, s.TargetID, s.Changes = Unchanged, st.TargetID, nil
	case st != nil && st.Open == 0 && st.State == ledger.StateRefused &&
		string(st.Digest) == string(record.LinkDigest(company)) && !p.Options.Retry:
		s.Action, s.Reason, s.Changes = Pending, refusedBefore+st.Reason, nil
	case !p.Wants(record.AccountLinks) || !p.sample.has(record.AccountLinks, contact.Key, ""):
		s.Action, s.Reason, s.Changes = Pending, notAsked, nil
	case contact.TargetID == "" && contact.Action != Create && contact.Action != Update:
		s.Action, s.Reason, s.Changes = Blocked, "its contact is not in Freshsales and will not be", nil
	case p.bad["accounts"][company]:
		s.Action, s.Reason, s.Changes = Blocked, "its account is not in Freshsales and will not be", nil
	case p.linkCost.isUnpaid:
		s.Action, s.Reason, s.Changes = Pending, account.LinksWait, nil
		p.linkCost.waiting++
	case st.IsThere():
		s.Action, s.TargetID = Update, st.TargetID
	default:
		s.Action = Create
	}
	switch {
	case s.Action != Create && s.Action != Update:
	case contact.Action == Create:
		p.linkCost.travel++
	default:
		p.linkCost.reads++
	}
	return w.step(s)
}
