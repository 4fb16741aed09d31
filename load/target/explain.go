package target

import (
	"context"
	"errors"
	"fmt"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

// Explain turns a host's answer that ends a stage into something to act on. Problems pass unchanged.
func Explain(host string, err error, doing string) error {
	var p *run.Problem
	if err == nil || errors.As(err, &p) {
		return err
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	problem := &run.Problem{Where: host, Err: err}
	switch freshsales.OutcomeOf(err) {
	case freshsales.BadKey:
		problem.What = "Freshsales does not accept the API key"
		problem.Try = "take the key from Freshsales, Personal settings, API settings, and set it in the environment " +
			"variable of this target"
	case freshsales.Forbidden:
		problem.What = "the API key's user may not do this: " + doing
		problem.Try = "use the key of an administrator whose role sees and edits all records"
	case freshsales.NotSent:
		problem.What = "Freshsales could not be reached while " + doing + " (" + cause(err) + ")"
		problem.Try = "check the address in ferry.yaml and the network; for the twin start: ferry sandbox"
	case freshsales.Later:
		problem.What = "Freshsales stayed busy while " + doing
		problem.Try = "run the same command again later; nothing is lost"
	case freshsales.Unsupported, freshsales.Gone:
		problem.What = "this address does not answer like the Freshsales API while " + doing
		problem.Try = "check url in ferry.yaml; it looks like https://acme.myfreshworks.com/crm/sales"
	case freshsales.Unknown:
		problem.What = "Freshsales gave no usable answer while " + doing + " (" + cause(err) + ")"
		problem.Try = "run the same command again; what was done is remembered"
	default:
		problem.What = "Freshsales refused the call while " + doing + ": " + err.Error()
	}
	return problem
}

// cause is the innermost reason, without addresses.
func cause(err error) string {
	var e *freshsales.Error
	if errors.As(err, &e) && e.Unwrap() != nil {
		return e.Unwrap().Error()
	}
	return fmt.Sprint(freshsales.OutcomeOf(err))
}
