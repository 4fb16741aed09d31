package twin

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// adminPath is where the twin itself is talked to, for those that run it in a process of its own.
// Nothing below it exists at the real Freshsales, is counted or is limited.
const adminPath = "/twin/"

func (t *Twin) serveAdmin(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	reply, err := t.admin(r.Method+" "+strings.TrimPrefix(r.URL.Path, adminPath), body, w)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	case reply != nil:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(reply)
	}
}

// admin does one thing and says what to reply; nil means that it was written already.
func (t *Twin) admin(what string, body []byte, w io.Writer) (any, error) {
	switch what {
	case "GET calls":
		return t.Calls(), nil
	case "DELETE calls":
		t.ResetCalls()
		return t.Calls(), nil
	case "GET switches":
		return t.SwitchValues(), nil
	case "PUT switches":
		var values Switches
		if err := json.Unmarshal(body, &values); err != nil {
			return nil, err
		}
		err := t.SetSwitches(values)
		return t.SwitchValues(), err
	case "PUT faults":
		var set struct {
			Seed   int64   `json:"seed"`
			Faults []Fault `json:"faults"`
		}
		if err := json.Unmarshal(body, &set); err != nil {
			return nil, err
		}
		return set, t.SetFaults(set.Seed, set.Faults...)
	case "GET counts":
		return t.Counts(), nil
	case "GET dump":
		return nil, t.Dump(w)
	case "GET digest":
		digest, err := t.Digest()
		return map[string]string{"digest": digest}, err
	case "POST seed":
		return map[string]bool{"seeded": true}, t.Seed(bytes.NewReader(body))
	case "POST damage":
		var what struct {
			Kind string `json:"kind"`
			Nth  int    `json:"nth"`
		}
		if err := json.Unmarshal(body, &what); err != nil {
			return nil, err
		}
		return t.Damage(what.Kind, what.Nth)
	case "GET account":
		return t.Account(), nil
	case "PUT account":
		var a Account
		if err := json.Unmarshal(body, &a); err != nil {
			return nil, err
		}
		return a, t.SetAccount(a)
	}
	return nil, errNoSuchAdmin
}
