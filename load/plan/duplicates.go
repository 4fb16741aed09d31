package plan

import "ferry/load/record"

// isDuplicate says that a row before this one will be created under the same identity: the second would
// overwrite the first. Checks should have held it; this is the last door.
func (p *Planner) isDuplicate(k *record.Kind, r *record.Record) bool {
	ident := record.IdentOf(k, r)
	if ident == "" || p.idents.Add(ident) {
		return false
	}
	p.lookAgain[k.Entity] = true
	return true
}

// Why a record of the account is not taken for a row that finds it.
const (
	claimedBefore = "another record of ours already has this "
	firstOfAll    = "is first of all somebody else of the exports: decide in Freshsales whose it is, and take the other " +
		"address out there"
)

// isAnothers says why a record that was found in the account belongs to another row: two people of the exports may
// have their addresses in one contact, whose first address says who it is.
func (p *Planner) isAnothers(k *record.Kind, c *candidate) (why string, err error) {
	if by := p.claims[c.found]; by != "" && by != c.step.Key {
		return claimedBefore + k.Identity + " in Freshsales", nil
	}
	if c.firstIdent != "" && c.firstIdent != record.IdentOf(k, c.record) {
		if p.wanted == nil {
			if p.wanted, err = record.IdentsIn(k, p.Dir.Model("freshsales", k.Entity)); err != nil {
				return "", err
			}
		}
		if p.wanted.Has(c.firstIdent) {
			return "the contact " + c.found + " in Freshsales, which has this address too, " + firstOfAll, nil
		}
	}
	p.claims[c.found] = c.step.Key
	return "", nil
}
