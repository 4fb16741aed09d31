package load

import (
	"errors"
	"io"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// putStagesBack undoes what the account's own rule did to the contacts of our deals, where the
// setting asks for it: one call per contact.
func (s *sender) putStagesBack() error {
	f := s.p.files["deals"]
	if f == nil || s.o.LifecycleMoves != UndoMoves {
		return nil
	}
	k := kindOf("deals")
	in, err := f.open(k)
	if err != nil {
		return err
	}
	defer in.Close()
	at := in.desired.Column("contact_key")
	var contact string
	var deals []string
	for {
		row, st, err := in.Next()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		key := ""
		if err == nil {
			key = textAt(row, at)
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
			deals = append(deals, st.key)
		}
		if s.ctx.Err() != nil {
			return s.interrupted()
		}
	}
}

func (s *sender) putStageBack(contact string, deals []string) error {
	made, err := s.ledger.standingOf("deals", deals)
	if err != nil {
		return err
	}
	done, err := s.ledger.standingOf(stageMoves, deals)
	if err != nil {
		return err
	}
	var due []*flight
	for _, d := range deals {
		if made[d].isThere() && made[d].origin == originCreated && !done[d].isThere() {
			due = append(due, &flight{key: d})
		}
	}
	st, err := s.ledger.standing("contacts", contact)
	if err != nil || len(due) == 0 || !st.isThere() {
		return err
	}
	stage, err := s.stageOf(st)
	if err != nil || len(stage) == 0 {
		return err
	}
	err = s.ledger.do(func(t *ledgerTx) error {
		for _, f := range due {
			i := &intent{run: s.runID(), entity: stageMoves, key: f.key, verb: verbUpdate, targetID: st.targetID, fields: stage.canonical(), at: s.now()}
			if err := t.intend(i); err != nil {
				return err
			}
			f.seq, f.targetID = i.seq, st.targetID
		}
		return nil
	})
	if err != nil {
		return err
	}
	ctx := freshsales.WithPhase(s.calls, stageMoves)
	_, err = s.client.Update(ctx, freshsales.Contacts, idOf(st.targetID), s.account.payload(kindOf("contacts"), stage, 0, 0, ""))
	result := outcome{outcome: updated}
	if m := freshsales.MeaningOf(err); m == freshsales.Refused || m == freshsales.Gone {
		result, err = outcome{outcome: refused, reason: freshsales.WordsOf(err)}, nil
	}
	if err != nil {
		return err
	}
	return s.settled(stageMoves, due, func(f *flight) outcome {
		o := result
		o.targetID = f.targetID
		return o
	})
}

// stageOf is the stage a contact had before its deal: as we wrote it, as it was before us, or the
// one new contacts get.
func (s *sender) stageOf(st *standing) (fields, error) {
	text, err := s.ledger.fieldsOf(st.good)
	if err != nil {
		return nil, err
	}
	wrote, err := parseFields(text)
	if err != nil {
		return nil, err
	}
	before, err := s.ledger.firstImage("contacts", st.key, "")
	if err != nil {
		return nil, err
	}
	stage := fields{}
	for _, name := range automatic {
		if v, ok := wrote[name]; ok && v != nil {
			stage[name] = v
		} else if v, ok := before[name]; ok && v != nil {
			stage[name] = v
		}
	}
	if len(stage) == 0 && before == nil {
		for _, c := range s.account.lists["lifecycle_stage"] {
			if isDefault, _ := c.Row["default"].(bool); isDefault {
				stage["lifecycle_stage_id"] = spell(c.ID, run.Bigint)
			}
		}
	}
	return stage, nil
}
