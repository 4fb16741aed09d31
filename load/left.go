package load

import (
	"context"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/plan"
	"ferry/load/record"
	"ferry/load/target"
)

// sayNoToLeft sends, before everything else, the no of people to contacts of theirs of which nothing else is sent:
// those that nobody has merged yet, and those of people whom the exports no longer give. It gives how many of them
// Freshsales refused: a person must set those.
func sayNoToLeft(ctx context.Context, s *target.Act, p *plan.Planner) (refused int64, err error) {
	k := record.KindOf("contacts")
	for _, n := range p.LeftNos {
		i := &ledger.Intent{Run: s.RunID(), Entity: k.Entity, Key: n.Key, Verb: ledger.VerbUpdate, TargetID: n.TargetID,
			Fields: n.Base.Canonical(), At: s.Now()}
		if len(n.Send) == 0 {
			i.Verb = ledger.VerbKeep
		}
		if err := s.Ledger.Do(func(t *ledger.Tx) error { return t.Intend(i) }); err != nil {
			return refused, err
		}
		o := ledger.Outcome{Intent: i.Seq, Run: i.Run, Entity: k.Entity, Key: n.Key, Outcome: ledger.Unchanged,
			TargetID: n.TargetID}
		if len(n.Send) > 0 {
			_, err := s.Client.Update(freshsales.WithPhase(ctx, k.Entity), freshsales.Contacts, record.IdOf(n.TargetID),
				p.Account.Change(k, n.Send, 0, 0, ""))
			o.Outcome, o.Calls = ledger.Updated, 1
			switch freshsales.OutcomeOf(err) {
			case freshsales.Done:
			case freshsales.Refused:
				refused++
				s.Notices.Add(target.Notice{Kind: "no_refused", Entity: k.Entity, Key: n.Key, Text: "the person of the contact " +
					n.TargetID + " has said no since, and Freshsales refuses it: set the no there by hand; they say: " +
					freshsales.MessagesOf(err)})
				fallthrough
			case freshsales.Gone:
				o.Outcome, o.Reason = ledger.Refused, freshsales.MessagesOf(err)
			default:
				return refused, s.Explain(err)
			}
		}
		o.At = s.Now()
		if err := s.Ledger.Do(func(t *ledger.Tx) error {
			if err := t.Resolve(o); err != nil {
				return err
			}
			if !n.IsMerged {
				return nil
			}
			return t.MergedAway(n.Key)
		}); err != nil {
			return refused, err
		}
	}
	if refused > 0 {
		s.Say(run.Warning, k.Entity, "Freshsales refused the no of %s of which nothing else is sent: set it there by hand",
			record.Plural(refused, "contact"))
	}
	return refused, nil
}
