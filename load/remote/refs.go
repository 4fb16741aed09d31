package load

import (
	"context"

	"ferry/load/freshsales"
)

// refsOf finds which records of a contact carry a Ref, in the way its kind allows.
func (s *lookups) refsOf(ctx context.Context, group []*sought) (map[string]string, error) {
	k, contact := group[0].k, group[0].contactID
	there := map[string]string{}
	switch {
	case k.entity == "deals":
		return s.dealRefs(ctx, group)
	case k.entity == "documents":
		return s.documentRefs(ctx, group)
	}
	field := k.refIn
	related := entityOf(k)
	if k.entity == "sales_activities" {
		return s.activityRefs(ctx)
	}
	if k.entity == "phone_calls" { // calls cannot be read; their notes can
		related, field = freshsales.Notes, "description"
	}
	err := s.eachRelated(ctx, contact, related, func(r freshsales.Record) {
		if ref := refIn(r.Text(field)); ref != "" {
			there[ref] = idText(r.ID())
		}
	})
	return there, err
}

// activityRefs reads all sales activities: they cannot be listed by contact.
func (s *lookups) activityRefs(ctx context.Context) (map[string]string, error) {
	there := map[string]string{}
	for page := 1; ; page++ {
		got, err := s.client.List(ctx, freshsales.SalesActivities, freshsales.Query{Page: page})
		if err != nil {
			return nil, err
		}
		for _, row := range got.Rows {
			if ref := refIn(row.Record().Text("notes")); ref != "" {
				there[ref] = idText(row.ID)
			}
		}
		if len(got.Rows) == 0 || len(got.Rows) < 100 {
			return there, nil
		}
	}
}

// eachRelated reads everything of one kind that hangs on a contact.
func (s *lookups) eachRelated(ctx context.Context, contact int64, of freshsales.Entity, each func(freshsales.Record)) error {
	for page := 1; ; page++ {
		got, err := s.client.Related(ctx, freshsales.Contacts, contact, of, freshsales.Query{Page: page})
		if freshsales.MeaningOf(err) == freshsales.Gone {
			return nil
		}
		if err != nil {
			return err
		}
		for _, row := range got.Rows {
			each(row.Record())
		}
		if len(got.Rows) == 0 || len(got.Rows) < 100 && !got.HasNext {
			return nil
		}
	}
}

// findRelated finds one record that can only be listed with its contact.
func (s *lookups) findRelated(ctx context.Context, k *kind, contact int64, is func(freshsales.Record) bool) (fields, error) {
	var found fields
	err := s.eachRelated(ctx, contact, entityOf(k), func(r freshsales.Record) {
		if is(r) {
			found = s.account.live(k, r)
		}
	})
	return found, err
}

// lookups finds single records of ours in the account, in whichever way their kind allows.
type lookups struct {
	*session
	account *account
}

// sought is a record of ours whose number in the account is not known.
type sought struct {
	k         *kind
	key       string
	contactID int64
	seq       int64 // the intent of its create; 0: none is known
	fields    fields
}
