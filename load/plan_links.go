package load

import (
	"crypto/sha256"
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
	for {
		row, contact, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = p.link(at, contact, textAt(row, account), w)
		}
		if err != nil {
			out.Abort()
			return err
		}
	}
	p.files[accountLinks] = f
	return out.Close()
}

func linkDigest(account string) []byte {
	sum := sha256.Sum256([]byte(account))
	return sum[:16]
}

func (p *planner) link(at *standings, contact *step, account string, w *planWriter) error {
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
	return w.step(s)
}
