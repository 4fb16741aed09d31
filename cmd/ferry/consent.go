package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"ferry/golive/audit"
	"ferry/internal/run"
	"ferry/load"
)

func (v *verbs) consentCodes() *cli.Command {
	return v.command(verb{
		name: "consent-codes", usage: "learn the account's codes for subscribed and unsubscribed",
		description: "Freshsales does not publish these codes, and nobody's refusal may rest on a guess. An administrator " +
			"makes three test\ncontacts and sets them by hand: subscribed, unsubscribed, not subscribed. ferry reads them and " +
			"keeps what it saw; until\nthen everybody who opted out, or of whom nothing is known, is held. Where an " +
			"account shows one status for\neverybody, an administrator may instead confirm that nobody is written to on a " +
			"channel from Freshsales:\n--nobody-written-to sms --who NAME.",
		flags: []cli.Flag{targetFlag,
			&cli.StringFlag{Name: "subscribed", Usage: "e-mail of the test contact that is subscribed"},
			&cli.StringFlag{Name: "unsubscribed", Usage: "e-mail of the one that is unsubscribed"},
			&cli.StringFlag{Name: "not-subscribed", Usage: "e-mail of the one that is not subscribed"},
			&cli.StringSliceFlag{Name: "channel", Usage: "email, sms, whatsapp (default: all)"},
			&cli.StringSliceFlag{Name: "nobody-written-to", Usage: "email, sms, whatsapp: an administrator confirms that " +
				"nobody is written to on it from Freshsales"},
			&cli.StringFlag{Name: "who", Usage: "the administrator who confirms, for the record"}},
		do: func(s *session) (err error) {
			if _, err := arguments(s.flags); err != nil {
				return err
			}
			if channels := s.flags.StringSlice("nobody-written-to"); len(channels) > 0 {
				return s.confirmNobodyWrittenTo(channels, s.flags.String("who"))
			}
			a, err := s.openAccount(1, false)
			if err != nil {
				return err
			}
			defer closing(a, &err)
			r, err := load.ConsentCodes(s.ctx, s.loadOptions(a, "ferry consent-codes"), load.ConsentContacts{
				Subscribed: s.flags.String("subscribed"), Unsubscribed: s.flags.String("unsubscribed"),
				NotSubscribed: s.flags.String("not-subscribed"), Channels: s.flags.StringSlice("channel")})
			if err != nil {
				return err
			}
			text := ""
			for _, c := range sortedKeys(r.Codes) {
				text += fmt.Sprintf("%-10s subscribed %d, unsubscribed %d, not subscribed %d\n", c, r.Codes[c].Subscribed,
					r.Codes[c].Unsubscribed, r.Codes[c].NotSubscribed)
			}
			for _, c := range sortedKeys(r.Unclear) {
				text += fmt.Sprintf("%-10s still unknown: %s\n", c, r.Unclear[c])
			}
			return s.result(r, text+"\nnext: ferry transform\n")
		},
	})
}

// confirmNobodyWrittenTo keeps an administrator's word, and writes down whose it is.
func (s *session) confirmNobodyWrittenTo(channels []string, who string) error {
	if strings.TrimSpace(who) == "" {
		return run.Problemf("--nobody-written-to", "nobody is named who confirms it").WithExit(run.ExitUsage).
			WithTry("ferry consent-codes --nobody-written-to %s --who NAME", strings.Join(channels, ","))
	}
	name, _, err := s.chosenTarget()
	if err != nil {
		return err
	}
	if err := load.ConfirmNobodyWrittenTo(s.project.Target(name), channels, who, s.now()); err != nil {
		return err
	}
	e := audit.Entry{Act: audit.Confirmed, About: "consent", Who: who,
		Text: "nobody is written to from Freshsales by " + strings.Join(channels, ", ")}
	if err := s.note(name, e); err != nil {
		return err
	}
	return s.result(channels, "nobody is written to by "+strings.Join(channels, ", ")+
		": whoever opted out of it or is unknown is sent with an opt-out\n\nnext: ferry transform\n")
}

// consentRows gives SQL the codes that were read from a target's test contacts.
func consentRows(t run.Target) (map[string]string, error) {
	codes, err := load.ReadConsentCodes(t)
	return load.ConsentScope(codes), err
}

// teachOwnTwin lets a transform alone do what `ferry run` does: the codes of ferry's own twin are learned before
// the models say who is held for want of them.
func (s *session) teachOwnTwin(name string, t targetConfig) (err error) {
	if t.URL != twinURL {
		return nil
	}
	if unknown, err := s.untaught(name); err != nil || len(unknown) == 0 {
		return err
	}
	a, err := s.openAccount(1, false)
	if run.ExitOf(err) == run.ExitLocked {
		s.printer.event(run.Event{Stage: "transform", Kind: run.Warning, Subject: "consent codes",
			Text: "the twin is in use, so its codes are not learned; whoever opted out or is unknown is held"})
		return nil
	}
	if err != nil {
		return err
	}
	defer closing(a, &err)
	return s.teachTwin(a)
}

// untaught are the channels of a target of which nothing is known.
func (s *session) untaught(target string) (channels []string, err error) {
	known, err := load.ReadConsentCodes(s.project.Target(target))
	if err != nil {
		return nil, err
	}
	for _, channel := range load.Channels() {
		if _, told := known[channel]; !told {
			channels = append(channels, channel)
		}
	}
	return channels, nil
}

// teachTwin plays the administrator of ferry's own twin: three test contacts, set by hand, then read
// as they would be on a real account.
func (s *session) teachTwin(a *account) error {
	unknown, err := s.untaught(a.name)
	if err != nil || len(unknown) == 0 {
		return err
	}
	var lines strings.Builder
	address := map[string]string{}
	for code, state := range []string{1: "subscribed", 2: "not-subscribed", 3: "unsubscribed"} {
		if state == "" {
			continue
		}
		address[state] = state + ".test@example.com"
		line, err := json.Marshal(map[string]any{"entity": "contacts", "record": map[string]any{
			"email": address[state], "last_name": "Consent test (" + state + ")",
			"subscription_status": code, "sms_subscription_status": code, "whatsapp_subscription_status": code}})
		if err != nil {
			return err
		}
		lines.Write(append(line, '\n'))
	}
	if err := a.twin.Seed(strings.NewReader(lines.String())); err != nil {
		return err
	}
	_, err = load.ConsentCodes(s.ctx, s.loadOptions(a, "ferry consent-codes"), load.ConsentContacts{
		Subscribed: address["subscribed"], Unsubscribed: address["unsubscribed"],
		NotSubscribed: address["not-subscribed"], Channels: unknown})
	return err
}
