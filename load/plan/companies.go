package plan

import (
	"errors"
	"io/fs"
	"os"

	"ferry/internal/run"
	"ferry/load/ledger"
	"ferry/load/record"
)

// findCompanies lets an account of ours go on under another key: a company that people had named gets the key of a
// company file that came later, or loses it with the file. The name, by which Freshsales tells accounts apart, says
// that it is the same; without this its name would be taken, and its people's links would wait for it.
func (p *Planner) findCompanies() error {
	p.Moved.companies = map[string]*ledger.RecordState{}
	path := p.Dir.Model("freshsales", "accounts")
	if n, err := p.Ledger.Count("accounts", `state = 'live'`); err != nil || n == 0 {
		return err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	names := map[string]string{} // by key
	k := record.KindOf("accounts")
	if err := run.ReadTable(path, func(columns []run.Column, row run.Row) error {
		key := record.TextAt(row, record.ColumnAt(columns, "account_key"))
		names[key] = record.TextAt(row, record.ColumnAt(columns, "name"))
		return nil
	}); err != nil {
		return err
	}
	at, err := p.Ledger.States(p.ctx, k.Entity)
	if err != nil {
		return err
	}
	defer at.Close()
	left := map[string]*ledger.RecordState{} // by name: what no row wants any more
	known := map[string]bool{}
	if err := at.Rest(func(st *ledger.RecordState) error {
		if _, isWanted := names[st.Key]; isWanted || st.State != ledger.StateLive || st.Open != 0 {
			known[st.Key] = true
			return nil
		}
		base, err := p.baseOf(st)
		left[identOfName(k, record.AsText(base["name"]))] = st
		return err
	}); err != nil {
		return err
	}
	for _, key := range record.SortedKeys(names) {
		name := identOfName(k, names[key])
		if st := left[name]; st != nil && name != "" && !known[key] {
			p.Moved.companies[key], p.Moved.old[oldKey{k.Entity, st.Key}] = st, true
			delete(left, name)
		}
	}
	return nil
}

func identOfName(k *record.Kind, name string) string {
	return record.IdentOf(k, &record.Record{Fields: record.Fields{"name": name}})
}
