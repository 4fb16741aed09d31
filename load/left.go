package load

import (
	"context"

	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/plan"
	"ferry/load/record"
	"ferry/load/target"
)

// sayNoToLeft sends, before everything else, the no of people to contacts of theirs of which nothing else is sent:
// those that nobody has merged yet, and those of people whom the exports no longer give.
func sayNoToLeft(ctx context.Context, s *target.Act, p *plan.Planner) error {
	k := record.KindOf("contacts")
	for _, n := range p.LeftNos {
		i := &ledger.Intent{Run: s.RunID(), Entity: k.Entity, Key: n.Key, Verb: ledger.VerbUpdate, TargetID: n.TargetID,
			Fields: n.Base.Canonical(), At: s.Now()}
		if len(n.Send) == 0 {
			i.Verb = ledger.VerbKeep
		}
		if err := s.Ledger.Do(func(t *ledger.Tx) error { return t.Intend(i) }); err != nil {
			return err
		}
		o := ledger.Outcome{Intent: i.Seq, Run: i.Run, Entity: k.Entity, Key: n.Key, Outcome: ledger.Unchanged,
			TargetID: n.TargetID}
		if len(n.Send) > 0 {
			_, err := s.Client.Update(freshsales.WithPhase(ctx, k.Entity), freshsales.Contacts, record.IdOf(n.TargetID),
				p.Account.Change(k, n.Send, 0, 0, ""))
			o.Outcome, o.Calls = ledger.Updated, 1
			switch freshsales.OutcomeOf(err) {
			case freshsales.Done:
			case freshsales.Refused, freshsales.Gone:
				o.Outcome, o.Reason = ledger.Refused, freshsales.MessagesOf(err)
			default:
				return s.Explain(err)
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
			return err
		}
	}
	return nil
}
