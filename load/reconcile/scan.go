package load

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sourcegraph/conc/pool"

	"ferry/load/freshsales"
)

// sweep reads every list of an entity: rows that are whole are judged at once, the others are left
// to be read singly, and what the ledger does not know is looked at for marks of ours.
func (rc *reconciler) sweep(ctx context.Context, k *kind, seen map[string]bool) (claims, error) {
	var strangers claims
	var thin []int64
	each := func(rows []freshsales.Row) error {
		for _, row := range rows {
			unknown, err := rc.sweepRow(ctx, k, row, seen, &strangers)
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

// sweepRow takes one row of a list. It answers true for a stranger whose row tells no marks.
func (rc *reconciler) sweepRow(ctx context.Context, k *kind, row freshsales.Row, seen map[string]bool, strangers *claims) (bool, error) {
	id := idText(row.ID)
	if seen[id] {
		return false, nil
	}
	st, err := rc.ledger.byTarget(k.entity, id)
	if err != nil {
		return false, err
	}
	shown := row.Record()
	if st == nil || st.state != stateLive && st.state != stateStale {
		if st != nil || rc.isOlder(shown) {
			return false, nil
		}
		if k.refIn == "" {
			return true, nil
		}
		if ref := refIn(shown.Text(k.refIn)); ref != "" {
			strangers.add(row.ID, "ref "+ref)
		} else {
			strangers.add(row.ID)
		}
		return false, nil
	}
	own, err := rc.ledger.fieldsOf(st.good)
	if err != nil {
		return false, err
	}
	s := sentRecord{key: st.key, targetID: st.targetID, origin: st.origin, state: st.state}
	if s.fields, err = sentFields(string(own), ""); err != nil {
		return false, err
	}
	if k.entity == "contacts" {
		return false, nil // its links are not in a row
	}
	if !rc.isWhole(k, s.fields, shown) {
		if rc.taught[k.entity] {
			return false, nil
		}
		// One record read singly teaches what no reply shows, so rows need not show it either.
		rc.taught[k.entity], seen[id] = true, true
		return false, rc.readChunk(ctx, k, []sentRecord{s})
	}
	seen[id] = true
	return false, rc.judge(k, s, found{record: shown, isThere: !shown.IsDeleted()})
}

// isWhole says whether a row shows every field that was sent.
func (rc *reconciler) isWhole(k *kind, sent fields, row freshsales.Record) bool {
	there := liveFields(k, row)
	_, hasCustom := row["custom_field"]
	for name := range sent {
		isShown := isTold(k, row, there, name) && (hasCustom || !strings.HasPrefix(name, "cf_"))
		if !isShown && !slices.Contains(rc.tallies[k.entity].NotShown, strings.TrimPrefix(name, "@")) {
			return false
		}
	}
	return true
}

// isOlder says that a record was there before we wrote anything, so it cannot be of our making.
func (rc *reconciler) isOlder(r freshsales.Record) bool {
	made, ok := instant(r.Text("created_at"))
	return ok && !rc.firstAt.IsZero() && made.Before(rc.firstAt.Add(-time.Hour))
}

// lists gives every row of every list an entity has.
func (rc *reconciler) lists(ctx context.Context, k *kind, each func([]freshsales.Row) error) error {
	e := entityOf(k)
	switch k.entity {
	case "contacts", "accounts", "deals":
		view := rc.account.view(k.entity)
		return rc.pages(ctx, each, func(ctx context.Context, page int) (freshsales.Page, error) {
			return rc.client.ViewPage(ctx, e, view, freshsales.Query{Page: page, Sort: "id"})
		})
	case "tasks":
		for _, filter := range []string{"completed", "open"} {
			err := rc.pages(ctx, each, func(ctx context.Context, page int) (freshsales.Page, error) {
				return rc.client.List(ctx, e, freshsales.Query{Page: page, Filter: filter})
			})
			if err != nil {
				return err
			}
		}
		return nil
	case "sales_activities":
		return rc.pages(ctx, each, func(ctx context.Context, page int) (freshsales.Page, error) {
			return rc.client.List(ctx, e, freshsales.Query{Page: page})
		})
	case "notes":
		return rc.listBelowAll(ctx, k, each)
	}
	return nil
}

// pages reads a list to its end: the first page says how many there are, the others come together.
func (rc *reconciler) pages(ctx context.Context, each func([]freshsales.Row) error, ask func(context.Context, int) (freshsales.Page, error)) error {
	first, err := ask(ctx, 1)
	if freshsales.MeaningOf(err) == freshsales.Gone || freshsales.MeaningOf(err) == freshsales.Unsupported {
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
	for from := 2; int64(from) <= last; from += rc.o.Workers {
		to := min(from+rc.o.Workers, int(last)+1)
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
func (rc *reconciler) pagesToEnd(page freshsales.Page, each func([]freshsales.Row) error, ask func(int) (freshsales.Page, error)) error {
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
func (rc *reconciler) listBelowAll(ctx context.Context, k *kind, each func([]freshsales.Row) error) error {
	contacts := map[string]bool{}
	var order []int64
	err := rc.ledger.sentRecords(ctx, k.entity, func(s sentRecord) error {
		id, err := rc.idOfKey("contacts", asText(s.fields[contactLink]))
		if id != "" && !contacts[id] {
			contacts[id] = true
			order = append(order, idOf(id))
		}
		return err
	})
	if err != nil {
		return err
	}
	var mu sync.Mutex
	p := pool.New().WithContext(ctx).WithMaxGoroutines(rc.o.Workers).WithCancelOnError().WithFirstError()
	for _, id := range order {
		p.Go(func(ctx context.Context) error {
			rows, err := rc.listBelow(ctx, entityOf(k), id)
			if freshsales.MeaningOf(err) == freshsales.Gone {
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
func (rc *reconciler) lookAt(ctx context.Context, k *kind, ids []int64, strangers *claims) error {
	var mu sync.Mutex
	p := pool.New().WithContext(ctx).WithMaxGoroutines(rc.o.Workers).WithCancelOnError().WithFirstError()
	for _, id := range ids {
		p.Go(func(ctx context.Context) error {
			r, err := rc.client.Get(ctx, entityOf(k), id)
			if freshsales.MeaningOf(err) == freshsales.Gone {
				return nil
			}
			if err != nil || r.IsDeleted() {
				return err
			}
			marks := marksOf(k, liveFields(k, r))
			if ref := r.Custom().Text(refField); ref != "" {
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
