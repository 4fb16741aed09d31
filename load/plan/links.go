package load

import (
	"errors"
	"io"
	"path/filepath"

	"ferry/internal/run"
)

// links plans the links of contacts to accounts, as records of their own: they are sent after both
// ends exist, or travel with the contact when accounts go first.
func (p *planner) links() error {
	contacts, k := p.files["contacts"], kindOf("contacts")
	if contacts == nil {
		return nil
	}
	in, err := contacts.open(k)
	if err != nil {
		return err
	}
	defer in.Close()
	account := in.desired.Column("account_key")
	if account < 0 {
		return nil
	}
	f := &planFile{path: filepath.Join(p.temp, "plan-"+accountLinks+".parquet"), desired: contacts.desired}
	p.counts[accountLinks], p.bad[accountLinks] = map[string]int64{}, map[string]bool{}
	at, err := p.ledger.standings(p.ctx, accountLinks)
	if err != nil {
		return err
	}
	defer at.Close()
	out, err := run.CreateTable(f.path, workSchema)
	if err != nil {
		return err
	}
	w := &planWriter{p: p, f: f, out: out}
	p.linkCost = linkCost{}
	owners := &lazyStandings{p: p, entity: "contacts"}
	defer owners.close()
	for {
		row, contact, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = p.link(at, owners, contact, textAt(row, account), w)
		}
		if err != nil {
			out.Abort()
			return err
		}
	}
	p.files[accountLinks] = f
	return out.Close()
}

// linkCost is what the plan of links says of their calls.
type linkCost struct {
	travel int64 // links that go with the contact they create, when accounts go first
	reads  int64 // contacts that may have other accounts, which a new list must keep
}

// lazyStandings streams the records of an entity beside a table, from the first question on.
type lazyStandings struct {
	p      *planner
	entity string
	at     *standings
}

func (l *lazyStandings) of(key string) (_ *standing, err error) {
	if l.at == nil {
		if l.at, err = l.p.ledger.standings(l.p.ctx, l.entity); err != nil {
			return nil, err
		}
	}
	return l.at.upTo(key, func(*standing) error { return nil })
}

func (l *lazyStandings) close() {
	if l.at != nil {
		_ = l.at.Close()
	}
}

func (p *planner) link(at *standings, owners *lazyStandings, contact *step, account string, w *planWriter) error {
	st, err := at.upTo(contact.key, func(*standing) error { return nil })
	if err != nil || account == "" {
		return err
	}
	s := &step{entity: accountLinks, key: contact.key, changes: []change{{Field: "account_key", New: account}}}
	switch {
	case st != nil && st.open == 0 && st.state == stateLive && string(st.digest) == string(linkDigest(account)):
		s.action, s.targetID, s.changes = actUnchanged, st.targetID, nil
	case st != nil && st.open == 0 && st.state == stateRefused && string(st.digest) == string(linkDigest(account)) && !p.o.Retry:
		s.action, s.reason, s.changes = actPending, refusedBefore+st.reason, nil
	case !p.wants(accountLinks) || !p.sample.has(accountLinks, contact.key, ""):
		s.action, s.reason, s.changes = actPending, "not asked for", nil
	case contact.targetID == "" && contact.action != actCreate && contact.action != actUpdate:
		s.action, s.reason, s.changes = actBlocked, "its contact is not in Freshsales and will not be", nil
	case p.bad["accounts"][account]:
		s.action, s.reason, s.changes = actBlocked, "its account is not in Freshsales and will not be", nil
	case st.isThere():
		s.action, s.targetID = actUpdate, st.targetID
	default:
		s.action = actCreate
	}
	if s.action == actCreate || s.action == actUpdate {
		if err := p.costOfLink(st, owners, contact); err != nil {
			return err
		}
	}
	return w.step(s)
}

func (p *planner) costOfLink(st *standing, owners *lazyStandings, contact *step) error {
	if contact.action == actCreate {
		p.linkCost.travel++
		return nil
	}
	owner, err := owners.of(contact.key)
	if err == nil && (owner == nil || owner.origin != originCreated || st.isThere()) {
		p.linkCost.reads++
	}
	return err
}
