package send

import (
	"errors"
	"io"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

// putStagesBack undoes what the account's own rule did to the contacts of our deals, where the
// setting asks for it: one call per contact.
func (s *Sender) putStagesBack() error {
	f := s.p.Files["deals"]
	if f == nil || s.Options.LifecycleMoves != target.UndoMoves {
		return nil
	}
	k := record.KindOf("deals")
	in, err := f.Open(k)
	if err != nil {
		return err
	}
	defer in.Close()
	at := in.Desired.Column("contact_key")
	var contact string
	var deals []string
	for {
		row, st, err := in.Next()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		key := ""
		if err == nil {
			key = record.TextAt(row, at)
		}
		if len(deals) > 0 && (err != nil || key != contact) {
			if err := s.putStageBack(contact, deals); err != nil {
				return err
			}
			deals = nil
		}
		if err != nil {
			return nil
		}
		if contact = key; contact != "" {
			deals = append(deals, st.Key)
		}
		if s.ctx.Err() != nil {
			return s.Interrupted()
		}
	}
}

func (s *Sender) putStageBack(contact string, deals []string) error {
	made, err := s.Ledger.StatesOf("deals", deals)
	if err != nil {
		return err
	}
	done, err := s.Ledger.StatesOf(record.StageMoves, deals)
	if err != nil {
		return err
	}
	var due []*write
	for _, d := range deals {
		if made[d].IsThere() && made[d].Origin == ledger.OriginCreated && !done[d].IsThere() {
			due = append(due, &write{key: d})
		}
	}
	st, err := s.Ledger.StateOf("contacts", contact)
	if err != nil || len(due) == 0 || !st.IsThere() {
		return err
	}
	stage, err := s.stageOf(st)
	if err != nil || len(stage) == 0 {
		return err
	}
	err = s.Ledger.Do(func(t *ledger.Tx) error {
		for _, f := range due {
			i := &ledger.Intent{Run: s.RunID(), Entity: record.StageMoves, Key: f.key, Verb: ledger.VerbUpdate,
				TargetID: st.TargetID, Fields: stage.Canonical(), At: s.Now()}
			if err := t.Intend(i); err != nil {
				return err
			}
			f.seq, f.targetID = i.Seq, st.TargetID
		}
		return nil
	})
	if err != nil {
		return err
	}
	ctx := freshsales.WithPhase(s.calls, record.StageMoves)
	_, err = s.Client.Update(ctx, freshsales.Contacts, record.IdOf(st.TargetID),
		s.account.Change(record.KindOf("contacts"), stage, 0, 0, ""))
	result := ledger.Outcome{Outcome: ledger.Updated}
	if m := freshsales.OutcomeOf(err); m == freshsales.Refused || m == freshsales.Gone {
		result, err = ledger.Outcome{Outcome: ledger.Refused, Reason: freshsales.MessagesOf(err)}, nil
	}
	if err != nil {
		return err
	}
	return s.resolved(record.StageMoves, due, func(f *write) ledger.Outcome {
		o := result
		o.TargetID = f.targetID
		return o
	})
}

// stageOf is the stage a contact had before its deal: as we wrote it, as it was before us, or the
// one new contacts get.
func (s *Sender) stageOf(st *ledger.RecordState) (record.Fields, error) {
	text, err := s.Ledger.FieldsOf(st.Good)
	if err != nil {
		return nil, err
	}
	wrote, err := record.ParseFields(text)
	if err != nil {
		return nil, err
	}
	before, err := s.Ledger.FirstImage("contacts", st.Key, "")
	if err != nil {
		return nil, err
	}
	stage := record.Fields{}
	for _, name := range record.Automatic {
		if v, ok := wrote[name]; ok && v != nil {
			stage[name] = v
		} else if v, ok := before[name]; ok && v != nil {
			stage[name] = v
		}
	}
	if len(stage) == 0 && before == nil {
		for _, c := range s.account.Lists["lifecycle_stage"] {
			if isDefault, _ := c.Row["default"].(bool); isDefault {
				stage["lifecycle_stage_id"] = record.Spell(c.ID, run.Bigint)
			}
		}
	}
	return stage, nil
}
