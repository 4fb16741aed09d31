package account

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ferry/internal/run"
)

// IsKnown says that the account's words for yes and no were told apart.
func (c Codes) IsKnown() bool { return c.Subscribed != c.Unsubscribed }

// ConfirmNobodyWrittenTo keeps an administrator's word that nobody is written to on some channels from Freshsales.
// An account that shows one status for everybody never shows its codes; without this its contacts wait for ever.
// With it they are sent, each with an opt-out of its own unless opted in. Codes learned later take its place.
func ConfirmNobodyWrittenTo(t run.Target, channels []string, who string, at time.Time) error {
	lock, err := run.TakeLock(t.LockFile(), "target "+t.Name, at)
	if err != nil {
		return err
	}
	defer lock.Release()
	known, err := ReadConsentCodes(t)
	if err != nil {
		return err
	}
	for _, channel := range channels {
		if !slices.Contains(Channels(), channel) {
			return run.Problemf("--nobody-written-to", "ferry knows no channel %q", channel).WithExit(run.ExitUsage).
				WithTry("one of %s", strings.Join(Channels(), ", "))
		}
		if known[channel].IsKnown() {
			return run.Problemf("target "+t.Name,
				"the codes of %s are known, so nobody is held for it and nothing needs confirming", channel)
		}
		known[channel] = Codes{NobodyIsWrittenTo: true, ConfirmedBy: who, SeenAt: at.UTC().Truncate(time.Second)}
	}
	if err := writeConsent(t, known); err != nil {
		return fmt.Errorf("keeping what was confirmed: %w", err)
	}
	return nil
}

// shownBySubscribed is the code that subscribed contacts show by e-mail in whatever account is known (API.md 3.9).
const shownBySubscribed = 1

// exchanged says why codes look as if the test contacts were named in another order: whoever said no would then be
// subscribed.
func (c Codes) exchanged(channel string, before Codes) string {
	isNo := func(code int64) bool { return code == c.Unsubscribed || code == c.NotSubscribed }
	switch {
	case channel == "email" && isNo(shownBySubscribed):
		return fmt.Sprintf("a contact that should not be subscribed shows %d, which subscribed contacts show: are the three "+
			"addresses in the right order?", shownBySubscribed)
	case before.IsKnown() && isNo(before.Subscribed):
		return fmt.Sprintf("a contact that should not be subscribed shows %d, which subscribed contacts showed when the "+
			"codes were learned before: are the three addresses in the right order?", before.Subscribed)
	}
	return ""
}
