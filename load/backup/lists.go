package backup

import (
	"context"
	"sync"

	"ferry/load/freshsales"
	"ferry/load/record"
)

// listAll finds out which records there are. Contacts, accounts and deals are read singly afterwards,
// because rows of views are thin (API.md 1.6); of tasks and sales activities the list is all there is to have.
func (c *copier) listAll(ctx context.Context) error {
	for _, entity := range copied {
		e, view := record.EntityOf(record.KindOf(entity)), c.account.View(entity)
		c.wanted[entity] = 0
		ids, err := c.list(ctx, entity, entity, func(page int) (freshsales.Page, error) {
			return c.Client.ViewPage(ctx, e, view, freshsales.Query{Page: page, Sort: "id"})
		})
		if err != nil {
			return err
		}
		c.want(entity, ids)
	}
	for _, entity := range listed {
		if err := c.keepLists(ctx, entity); err != nil {
			return err
		}
	}
	return nil
}

// filters are the lists of an entity that together hold all of it (API.md 4.4).
func filters(entity string) []string {
	if entity == "tasks" {
		return []string{"completed", "open"}
	}
	return []string{""}
}

// keepLists keeps the rows of an entity's lists; an account that does not offer one has none.
func (c *copier) keepLists(ctx context.Context, entity string) error {
	e := record.EntityOf(record.KindOf(entity))
	for _, filter := range filters(entity) {
		_, err := c.list(ctx, entity, entity+" "+filter, func(page int) (freshsales.Page, error) {
			got, err := c.Client.List(ctx, e, freshsales.Query{Page: page, Filter: filter})
			if o := freshsales.OutcomeOf(err); o == freshsales.Gone || o == freshsales.Unsupported {
				return freshsales.Page{}, nil
			}
			for _, row := range got.Rows {
				if err == nil && !c.work.has(entity, row.ID) {
					err = c.work.keep(entity, line{ID: row.ID, Record: row.Record()})
				}
			}
			return got, err
		})
		if err != nil {
			return err
		}
	}
	c.wanted[entity] = int64(len(c.work.done[entity]))
	return nil
}

// list gives the ids of all pages of a list. Pages that were read before a stop are not asked for again.
func (c *copier) list(ctx context.Context, entity, name string,
	ask func(page int) (freshsales.Page, error)) ([]int64, error) {
	var mu sync.Mutex
	all := c.work.listed(name)
	one := func(page int) (freshsales.Page, error) {
		got, err := ask(page)
		if err != nil {
			return got, err
		}
		ids := make([]int64, len(got.Rows))
		for i, r := range got.Rows {
			ids[i] = r.ID
		}
		mu.Lock()
		defer mu.Unlock()
		all[page] = ids
		return got, c.work.keepPage(name, page, ids)
	}
	pages := c.work.length(name)
	if pages == 0 {
		first, err := one(1)
		if err != nil {
			return nil, err
		}
		if pages = lengthOf(first); pages < 0 {
			return c.listToEnd(all, first, one)
		}
		if err := c.work.keepLength(name, pages); err != nil {
			return nil, err
		}
	}
	var missing []int
	for page := 1; page <= pages; page++ {
		if _, have := all[page]; !have {
			missing = append(missing, page)
		}
	}
	err := c.Parallel(len(missing), func(i int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, err := one(missing[i])
		return err
	})
	return flat(all), err
}

// lengthOf is how many pages a list has; -1 when it does not say.
func lengthOf(first freshsales.Page) int {
	switch {
	case first.Pages >= 0:
		return max(1, int(first.Pages))
	case first.Total >= 0:
		return max(1, int((first.Total+freshsales.MaxBatch-1)/freshsales.MaxBatch))
	}
	return -1
}

// listToEnd reads a list that does not tell its length.
func (c *copier) listToEnd(all map[int][]int64, page freshsales.Page,
	one func(int) (freshsales.Page, error)) ([]int64, error) {
	for n := 2; len(page.Rows) == freshsales.MaxBatch || page.HasNext; n++ {
		var err error
		if page, err = one(n); err != nil {
			return nil, err
		}
	}
	return flat(all), nil
}

// flat gives each id once, however often pages that shifted showed it.
func flat(pages map[int][]int64) []int64 {
	seen, ids := map[int64]bool{}, []int64{}
	for page := 1; page <= len(pages); page++ {
		for _, id := range pages[page] {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids
}
