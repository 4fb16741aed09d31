// Package adopt rebuilds a lost ledger from what the account carries, and refuses to go on with a
// ledger that knows less than the account. It writes to the ledger only, never to the account.
// Start at CheckEmpty.
package adopt

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"ferry/internal/run"
	"ferry/load/account"
	"ferry/load/freshsales"
	"ferry/load/record"
	"ferry/load/remote"
	"ferry/load/target"
)

// CheckEmpty refuses a ledger that knows less than the account carries: everything would be sent
// again. Where it shall rebuild, the ledger is rebuilt from the account instead, and what it knows is kept.
func CheckEmpty(ctx context.Context, of *target.Act, a *account.Account, rebuild bool) error {
	look := &remote.Lookups{Client: of.Client, Ledger: of.Ledger, Worker: of, Temp: of.Temp, Account: a}
	s := &adopter{needs: needsOf(of), account: a, remote: look}
	if rebuild {
		return s.adopt(freshsales.WithPhase(ctx, "adopt"))
	}
	begun, err := s.Ledger.Meta(adopting)
	if err != nil {
		return err
	}
	if begun != "" {
		return run.Problemf(s.Target.Ledger(),
			"rebuilding the ledger from the account was stopped before its end: loading now would send again "+
				"what it did not find yet").
			WithTry("finish it: ferry load --target %s --adopt", s.Target.Name).WithExit(run.ExitStop)
	}
	empty, err := s.Ledger.IsEmpty()
	if err != nil || !empty {
		return err
	}
	carries, err := s.carriesOurKeys(freshsales.WithPhase(ctx, "adopt"))
	if err != nil || !carries {
		return err
	}
	return run.Problemf(s.Target.Ledger(),
		"the ledger is empty, but the account carries records ferry sent: loading now would send them again").
		WithTry("restore ledger.db from a backup, then rebuild what it lacks, or all of it, from the account: ferry "+
			"load --target %s --adopt", s.Target.Name).WithExit(run.ExitStop)
}

// adopting is the ledger's note that a sweep began; it goes when the sweep is complete.
const adopting = "adopting"

// probes is how many of our keys are looked up in an account that is not empty.
const probes = 5

// carriesOurKeys looks a few of our contacts up by external id; a person's key is in no account by
// chance.
func (s *adopter) carriesOurKeys(ctx context.Context) (bool, error) {
	if s.account.Total("contacts") == 0 {
		return false, nil
	}
	people, err := s.somePeople(probes)
	if err != nil {
		return false, err
	}
	for _, p := range people {
		rows, err := s.Client.Lookup(ctx, freshsales.Contacts, "external_id", p.externalID)
		if freshsales.OutcomeOf(err) == freshsales.Refused {
			return false, nil // this account cannot look that up
		}
		if err != nil {
			return false, s.Explain(err)
		}
		for _, row := range rows {
			if isOurs, err := s.isOneOfOurs(ctx, p, row); err != nil || isOurs {
				return isOurs, err
			}
		}
	}
	return false, nil
}

// isOneOfOurs says whether a contact that carries our external id is of our making: it has the address
// we would send, too, or our profile id or Ref. Another system may have given it the same external id.
func (s *adopter) isOneOfOurs(ctx context.Context, p person, row freshsales.Row) (bool, error) {
	if p.email != "" && slices.ContainsFunc(append(row.Emails, row.Email),
		func(e string) bool { return strings.EqualFold(e, p.email) }) {
		return true, nil
	}
	full, err := s.Client.Get(ctx, freshsales.Contacts, row.ID)
	if freshsales.OutcomeOf(err) == freshsales.Gone {
		return false, nil
	}
	if err != nil {
		return false, s.Explain(err)
	}
	own := s.account.Remote(record.KindOf("contacts"), full)
	return p.profileID != "" && record.AsText(own["cf_xtremepush_id"]) == p.profileID ||
		record.AsText(own[record.RefField]) == record.Ref("contacts", p.key), nil
}

// person is what a contact of ours is known by.
type person struct{ key, externalID, email, profileID string }

func (s *adopter) somePeople(n int64) ([]person, error) {
	var people []person
	at := int64(0)
	t, err := run.OpenTable(s.Dir.Model("freshsales", "contacts"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer t.Close()
	text := func(row run.Row, name string) string { return record.TextAt(row, t.Column(name)) }
	step := max(1, t.NumRows()/n)
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return people, nil
		}
		if err != nil {
			return nil, err
		}
		if id := text(row, "external_id"); id != "" && at%step == 0 && len(people) < int(n) {
			people = append(people, person{text(row, "contact_key"), id, text(row, "email"), text(row, "cf_xtremepush_id")})
		}
		at++
	}
}

// adopt rebuilds the ledger by sweep: contacts by e-mail and key, accounts by name, what hangs on
// contacts by Ref. What the ledger knows stays as it is, so a sweep that was stopped goes on, and a
// ledger restored from a backup learns what was sent since. What is adopted is never deleted by a
// rollback: who made it is not known.
func (s *adopter) adopt(ctx context.Context) error {
	s.Say(run.Note, "adopt",
		"rebuilding the ledger from the account: one call per 100 contacts and accounts, one per record found, and one per "+
			"contact and kind of activity")
	if err := s.Ledger.SetMeta(adopting, s.RunID()); err != nil {
		return err
	}
	for _, k := range record.Kinds {
		var err error
		switch {
		case k.PerContact:
			err = s.adoptChildren(ctx, k)
		case s.account.View(k.Entity) != 0:
			err = s.adoptParents(ctx, k)
		}
		if err != nil {
			return s.Explain(err)
		}
	}
	return s.Ledger.SetMeta(adopting, "")
}

// adopter rebuilds a ledger from what the account carries.
type adopter struct {
	needs
	account *account.Account
	remote  *remote.Lookups
}
