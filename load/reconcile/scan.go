package reconcile

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sourcegraph/conc/pool"

	"ferry/load/freshsales"
	"ferry/load/ledger"
	"ferry/load/record"
)

// fullScan reads every list of an entity: rows that are whole are judged at once, the others are left
// to be read singly, and what the ledger does not know is looked at for marks of ours.
func (rc *reconciler) fullScan(ctx context.Context, k *record.Kind, seen map[string]bool) (claims, error) {
	var strangers claims
	var thin []int64
	each := func(rows []freshsales.Row) error {
		for _, row := range rows {
			unknown, err := rc.scanRow(ctx, k, row, seen, &strangers)
			if err != nil {
				return err
			}
			if unknown {
				thin = append(thin, row.ID)
			}
		}
		return nil
	}
	if err := rc.lists(ctx, k, each); err != nil {
		return strangers, err
	}
	return strangers, rc.lookAt(ctx, k, thin, &strangers)
}

// scanRow takes one row of a list. It answers true for a stranger whose row tells no marks.
func (rc *reconciler) scanRow(ctx context.Context, k *record.Kind, row freshsales.Row, seen map[string]bool,
	strangers *claims) (bool, error) {
	id := record.IdText(row.ID)
	if seen[id] {
		return false, nil
	}
	st, err := rc.Ledger.ByTarget(k.Entity, id)
	if err != nil {
		return false, err
	}
	shown := row.Record()
	if st == nil || st.State != ledger.StateLive && st.State != ledger.StateStale {
		if st != nil || k.Entity == "contacts" && rc.ours[row.ID] || rc.isOlder(shown) {
			return false, nil
		}
		if k.RefIn == "" {
			return true, nil
		}
		if ref := record.RefIn(shown.Text(k.RefIn)); ref != "" {
			strangers.add(row.ID, "ref "+ref)
		} else {
			strangers.add(row.ID)
		}
		return false, nil
	}
	own, err := rc.Ledger.FieldsOf(st.Good)
	if err != nil {
		return false, err
	}
	s := ledger.SentRecord{Key: st.Key, TargetID: st.TargetID, Origin: st.Origin, State: st.State}
	if s.Fields, err = ledger.SentFields(string(own), ""); err != nil {
		return false, err
	}
	if k.Entity == "contacts" {
		return false, nil // its links are not in a row
	}
	if !rc.isWhole(k, s.Fields, shown) {
		if rc.taught[k.Entity] {
			return false, nil
		}
		// One record read singly teaches what no reply shows, so rows need not show it either.
		rc.taught[k.Entity], seen[id] = true, true
		return false, rc.readChunk(ctx, k, []ledger.SentRecord{s})
	}
	seen[id] = true
	return false, rc.classify(k, s, found{record: shown, isThere: !shown.IsDeleted()})
}

// isWhole says whether a row shows every field that was sent.
func (rc *reconciler) isWhole(k *record.Kind, sent record.Fields, row freshsales.Record) bool {
	there := rc.account.Named(k.Entity, record.FromRemote(k, row))
	_, hasCustom := row["custom_field"]
	for name := range sent {
		isShown := isTold(k, row, there, name) && (hasCustom || !strings.HasPrefix(name, "cf_"))
		if !isShown && !slices.Contains(rc.tallies[k.Entity].NotShown, strings.TrimPrefix(name, "@")) {
			return false
		}
	}
	return true
}

// isOlder says that a record was there before we wrote anything, so it cannot be of our making.
func (rc *reconciler) isOlder(r freshsales.Record) bool {
	made, ok := record.Instant(r.Text("created_at"))
	return ok && !rc.firstAt.IsZero() && made.Before(rc.firstAt.Add(-time.Hour))
}

// lists gives every row of every list an entity has.
func (rc *reconciler) lists(ctx context.Context, k *record.Kind, each func([]freshsales.Row) error) error {
	e := record.EntityOf(k)
	switch k.Entity {
	case "contacts", "accounts", "deals":
		view := rc.account.View(k.Entity)
		return rc.pages(ctx, each, func(ctx context.Context, page int) (freshsales.Page, error) {
			return rc.Client.ViewPage(ctx, e, view, freshsales.Query{Page: page, Sort: "id"})
		})
	case "tasks":
		for _, filter := range []string{"completed", "open"} {
			err := rc.pages(ctx, each, func(ctx context.Context, page int) (freshsales.Page, error) {
				return rc.Client.List(ctx, e, freshsales.Query{Page: page, Filter: filter})
			})
			if err != nil {
				return err
			}
		}
		return nil
	case "sales_activities":
		return rc.pages(ctx, each, func(ctx context.Context, page int) (freshsales.Page, error) {
			return rc.Client.List(ctx, e, freshsales.Query{Page: page})
		})
	case "notes":
		return rc.listBelowAll(ctx, k, each)
	}
	return nil
}

// pages reads a list to its end: the first page says how many there are, the others come together.
func (rc *reconciler) pages(ctx context.Context, each func([]freshsales.Row) error,
	ask func(context.Context, int) (freshsales.Page, error)) error {
	first, err := ask(ctx, 1)
	if freshsales.OutcomeOf(err) == freshsales.Gone || freshsales.OutcomeOf(err) == freshsales.Unsupported {
		return nil // there is no such list: everything is read singly
	}
	if err != nil {
		return err
	}
	if err := each(first.Rows); err != nil {
		return err
	}
	last := first.Pages
	if last < 0 && first.Total >= 0 {
		last = (first.Total + freshsales.MaxBatch - 1) / freshsales.MaxBatch
	}
	if last < 0 {
		return rc.pagesToEnd(first, each, func(page int) (freshsales.Page, error) { return ask(ctx, page) })
	}
	for from := 2; int64(from) <= last; from += rc.Options.Workers {
		to := min(from+rc.Options.Workers, int(last)+1)
		got := make([]freshsales.Page, to-from)
		p := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
		for i := range got {
			p.Go(func(ctx context.Context) (err error) {
				got[i], err = ask(ctx, from+i)
				return err
			})
		}
		if err := p.Wait(); err != nil {
			return err
		}
		for _, page := range got {
			if err := each(page.Rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// pagesToEnd reads a list that does not tell its length.
func (rc *reconciler) pagesToEnd(page freshsales.Page, each func([]freshsales.Row) error,
	ask func(int) (freshsales.Page, error)) error {
	for n := 2; len(page.Rows) == freshsales.MaxBatch || page.HasNext; n++ {
		var err error
		if page, err = ask(n); err != nil {
			return err
		}
		if err := each(page.Rows); err != nil {
			return err
		}
	}
	return nil
}

// listBelowAll lists the notes of every contact that should have one.
func (rc *reconciler) listBelowAll(ctx context.Context, k *record.Kind, each func([]freshsales.Row) error) error {
	contacts := map[string]bool{}
	var order []int64
	err := rc.Ledger.SentRecords(ctx, k.Entity, func(s ledger.SentRecord) error {
		id, err := rc.idOfKey("contacts", record.AsText(s.Fields[record.ContactLink]))
		if id != "" && !contacts[id] {
			contacts[id] = true
			order = append(order, record.IdOf(id))
		}
		return err
	})
	if err != nil {
		return err
	}
	var mu sync.Mutex
	p := pool.New().WithContext(ctx).WithMaxGoroutines(rc.Options.Workers).WithCancelOnError().WithFirstError()
	for _, id := range order {
		p.Go(func(ctx context.Context) error {
			rows, err := rc.listBelow(ctx, record.EntityOf(k), id)
			if freshsales.OutcomeOf(err) == freshsales.Gone {
				return nil // the contact is gone, and says so itself
			}
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			return each(rows)
		})
	}
	return p.Wait()
}

// lookAt reads strangers whole, because their rows do not show the marks they may carry.
func (rc *reconciler) lookAt(ctx context.Context, k *record.Kind, ids []int64, strangers *claims) error {
	var mu sync.Mutex
	p := pool.New().WithContext(ctx).WithMaxGoroutines(rc.Options.Workers).WithCancelOnError().WithFirstError()
	for _, id := range ids {
		p.Go(func(ctx context.Context) error {
			r, err := rc.Client.Get(ctx, record.EntityOf(k), id)
			if freshsales.OutcomeOf(err) == freshsales.Gone {
				return nil
			}
			if err != nil || r.IsDeleted() {
				return err
			}
			shown := rc.account.Named(k.Entity, record.FromRemote(k, r))
			marks := marksOf(k, shown)
			if ref := record.AsText(shown[record.RefField]); ref != "" {
				marks = append(marks, "ref "+ref)
			}
			mu.Lock()
			defer mu.Unlock()
			strangers.add(id, marks...)
			return nil
		})
	}
	return p.Wait()
}
