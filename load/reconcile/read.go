package reconcile

import (
	"context"
	"path/filepath"

	"github.com/sourcegraph/conc/pool"

	"ferry/internal/run"
	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
	"ferry/load/target"
)

// found is one record read back.
type found struct {
	record  freshsales.Record
	isThere bool
	isMute  bool // Freshsales has no way to read it
}

const readChunk = 256

// single reads record by record what was drawn, every opt-out, and at full depth everything the
// lists did not show whole.
func (rc *reconciler) single(ctx context.Context, k *record.Kind, seen map[string]bool, strangers claims) error {
	var chunk []ledger.SentRecord
	flush := func() error {
		err := rc.readChunk(ctx, k, chunk)
		chunk = chunk[:0]
		return err
	}
	err := rc.Ledger.SentRecords(ctx, k.Entity, func(s ledger.SentRecord) error {
		if err := strangers.match(rc, k, s); err != nil {
			return err
		}
		if seen[s.TargetID] || !rc.isDrawn(k, s) && !rc.isNewOptOut(s) {
			return nil
		}
		if chunk = append(chunk, s); len(chunk) == readChunk {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	return err
}

func (rc *reconciler) isDrawn(k *record.Kind, s ledger.SentRecord) bool {
	return lot(rc.RunID(), k.Entity, s.Key) < rc.below[k.Entity]
}

func (rc *reconciler) isSpot(k *record.Kind, s ledger.SentRecord) bool {
	return lot(rc.RunID(), k.Entity, s.Key) < rc.spot[k.Entity]
}

// readChunk reads many records at once and judges them in order.
func (rc *reconciler) readChunk(ctx context.Context, k *record.Kind, chunk []ledger.SentRecord) error {
	results := make([]found, len(chunk))
	p := pool.New().WithContext(ctx).WithMaxGoroutines(rc.Options.Workers).WithCancelOnError().WithFirstError()
	for i, s := range chunk {
		if s.State == ledger.StateGone {
			continue
		}
		p.Go(func(ctx context.Context) (err error) {
			results[i], err = rc.fetch(ctx, k, s)
			return err
		})
	}
	if err := p.Wait(); err != nil {
		return err
	}
	for i, s := range chunk {
		if err := rc.classify(k, s, results[i]); err != nil {
			return err
		}
	}
	return nil
}

// fetch reads one record in the one way its kind can be read.
func (rc *reconciler) fetch(ctx context.Context, k *record.Kind, s ledger.SentRecord) (found, error) {
	e, id := record.EntityOf(k), record.IdOf(s.TargetID)
	switch k.Entity {
	case "phone_calls":
		return found{isMute: true}, nil
	case "notes", "documents":
		return rc.fetchBelow(ctx, e, s)
	}
	var include []string
	switch k.Entity {
	case "contacts":
		include = []string{"sales_accounts"}
	case "deals":
		include = []string{"contacts", "sales_account"}
	case "tasks", "appointments":
		include = []string{"targetable"}
	}
	r, err := rc.Client.Get(ctx, e, id, include...)
	if freshsales.OutcomeOf(err) == freshsales.Gone {
		return found{}, nil
	}
	return found{record: r, isThere: err == nil && !r.IsDeleted()}, err
}

// fetchBelow looks for a record among those of its contact, because it cannot be asked for.
func (rc *reconciler) fetchBelow(ctx context.Context, e freshsales.Entity, s ledger.SentRecord) (found, error) {
	contact, err := rc.idOfKey("contacts", record.AsText(s.Fields[record.ContactLink]))
	if err != nil || contact == "" {
		return found{isMute: err == nil}, err
	}
	rows, err := rc.listBelow(ctx, e, record.IdOf(contact))
	if freshsales.OutcomeOf(err) == freshsales.Gone {
		return found{}, nil
	}
	for _, row := range rows {
		if row.ID == record.IdOf(s.TargetID) {
			return found{record: row.Record(), isThere: true}, nil
		}
	}
	return found{}, err
}

// listBelow lists all notes or documents of one contact.
func (rc *reconciler) listBelow(ctx context.Context, e freshsales.Entity, contact int64) ([]freshsales.Row, error) {
	if e.Name == freshsales.Documents.Name {
		p, err := rc.Client.DocumentsOf(ctx, freshsales.Contacts, contact)
		return p.Rows, err
	}
	var all []freshsales.Row
	for page := 1; ; page++ {
		p, err := rc.Client.Related(ctx, freshsales.Contacts, contact, e, freshsales.Query{Page: page})
		if err != nil {
			return nil, err
		}
		all = append(all, p.Rows...)
		if len(p.Rows) < freshsales.MaxBatch || p.Pages >= 0 && int64(page) >= p.Pages {
			return all, nil
		}
	}
}

// addCalls puts what this reconciliation cost beside what the load cost.
func (rc *reconciler) addCalls(cost target.Estimate) error {
	path := rc.Dir.Loaded(rc.Options.Target.Name, record.CallsTable)
	var rows []run.Row
	collect := func(_ []run.Column, row run.Row) error {
		if record.TextAt(row, 0) != "reconcile" {
			rows = append(rows, row)
		}
		return nil
	}
	if err := run.ReadTable(path, collect); err != nil && !record.IsMissing(err) {
		return err
	}
	mine := filepath.Join(rc.Temp, "calls.parquet")
	if err := rc.Calls.Write(mine, cost.Calls); err != nil {
		return err
	}
	err := run.ReadTable(mine, func(_ []run.Column, row run.Row) error {
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		return err
	}
	return record.WriteRows(path, record.CallsSchema, rows)
}
