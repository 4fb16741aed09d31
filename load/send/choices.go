package send

import (
	"bytes"
	"encoding/json"
	"strings"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/record"
)

// inOtherForm gives a refused record's payload with its choices in the other form, if that may be what it was
// refused for, and says whether that form is text; nil if not.
func (s *Sender) inOtherForm(k *record.Kind, payload freshsales.Attributes,
	words string) (other freshsales.Attributes, isText bool) {
	if !s.account.BlamesChoice(k.Entity, words) {
		return nil, false
	}
	text, hasChoice := s.account.Spelled(k, payload, true)
	if !hasChoice {
		return nil, false
	}
	if !bytes.Equal(text, payload) {
		return text, true
	}
	other, _ = s.account.Spelled(k, payload, false)
	return other, false
}

// learnForm keeps the form of choices that was taken.
func (s *Sender) learnForm(k *record.Kind, calls string, isText bool) error {
	if s.account.TakesText(calls) == isText {
		return nil
	}
	form := map[bool]string{true: "text", false: "id"}[isText]
	s.Say(run.Note, k.Entity, "this account takes the choices of drop-downs by %s in %s calls", form, calls)
	return s.account.LearnChoices(s.Ledger, calls, isText)
}

// blamesChoices says that the report of a job speaks of drop-downs.
func (b *bulkSend) blamesChoices(failures []json.RawMessage) bool {
	var words strings.Builder
	for _, f := range failures {
		words.Write(f)
	}
	return b.account.BlamesChoice(b.k.Entity, words.String())
}

// respell gives some records the other form of their choices; false: none has any.
func (b *bulkSend) respell(list []*write, isText bool) (hasChoice bool) {
	for _, f := range list {
		if other, has := b.account.Spelled(b.k, f.payload, isText); has {
			f.payload, hasChoice = other, true
		}
	}
	return hasChoice
}
