package account

import (
	"fmt"
	"slices"

	"ferry/load/record"
)

// Unplaced says why somebody must wait who said no to a channel by which they can be reached: the account has nowhere
// to keep it, because the field for it is missing or of a type that does not take it, and the subscription cannot tell.
// It is "" where every no has a place.
func Unplaced(codes map[string]Codes, r *record.Record, isThere bool) string {
	for _, of := range Consents {
		flag := slices.IndexFunc(r.Withheld, func(w record.Withheld) bool { return of.Flag != "" && w.Field == of.Flag })
		if flag < 0 || !of.Refusing() || !of.IsRefusal(codes, of.Flag, r.Withheld[flag].Value) {
			continue
		}
		status, isWritten := r.Fields[of.Status]
		known := codes[of.Channel]
		isTold := isWritten && known.IsKnown() && !record.Same(of.Status, status, known.Subscribed)
		isReachable := isThere || !record.IsEmpty(r.Fields[reachedBy[of.Channel]])
		if isReachable && !isTold {
			return fmt.Sprintf("said no to %s or is not known to have said yes, and the account has nowhere to keep that: "+
				"%s; let an administrator make the field %s, a checkbox, or learn the account's codes (ferry consent-codes)", of.Channel,
				r.Withheld[flag].Reason, of.Flag)
		}
	}
	return ""
}

// reachedBy is the field without which nobody is written to on a channel.
var reachedBy = map[string]string{"email": "email", "sms": "mobile_number"}
