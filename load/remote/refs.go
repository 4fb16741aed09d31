package remote

import (
	"context"

	"ferry/load/freshsales"
	"ferry/load/record"
)

// RefsOf finds which records of a contact carry a Ref, in the way its kind allows.
func (s *Lookups) RefsOf(ctx context.Context, group []*Sought) (map[string]string, error) {
	k, contact := group[0].K, group[0].ContactID
	there := map[string]string{}
	switch {
	case k.Entity == "deals":
		return s.dealRefs(ctx, group)
	case k.Entity == "documents":
		return s.documentRefs(ctx, group)
	}
	field := k.RefIn
	related := record.EntityOf(k)
	if k.Entity == "sales_activities" {
		return s.ActivityRefs(ctx)
	}
	if k.Entity == "phone_calls" { // calls cannot be read; their notes can
		related, field = freshsales.Notes, "description"
	}
	err := s.eachRelated(ctx, contact, related, func(r freshsales.Record) {
		if ref := record.RefIn(r.Text(field)); ref != "" {
			there[ref] = record.IdText(r.ID())
		}
	})
	return there, err
}

// ActivityRefs reads all sales activities: they cannot be listed by contact.
func (s *Lookups) ActivityRefs(ctx context.Context) (map[string]string, error) {
	there := map[string]string{}
	for page := 1; ; page++ {
		got, err := s.Client.List(ctx, freshsales.SalesActivities, freshsales.Query{Page: page})
		if err != nil {
			return nil, err
		}
		for _, row := range got.Rows {
			if ref := record.RefIn(row.Record().Text("notes")); ref != "" {
				there[ref] = record.IdText(row.ID)
			}
		}
		if len(got.Rows) == 0 || len(got.Rows) < 100 {
			return there, nil
		}
	}
}

// eachRelated reads everything of one kind that hangs on a contact.
func (s *Lookups) eachRelated(ctx context.Context, contact int64, of freshsales.Entity,
	each func(freshsales.Record)) error {
	for page := 1; ; page++ {
		got, err := s.Client.Related(ctx, freshsales.Contacts, contact, of, freshsales.Query{Page: page})
		if freshsales.OutcomeOf(err) == freshsales.Gone {
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

// FindRelated finds one record that can only be listed with its contact.
func (s *Lookups) FindRelated(ctx context.Context, k *record.Kind, contact int64,
	is func(freshsales.Record) bool) (record.Fields, error) {
	var found record.Fields
	err := s.eachRelated(ctx, contact, record.EntityOf(k), func(r freshsales.Record) {
		if is(r) {
			found = s.Account.Remote(k, r)
		}
	})
	return found, err
}

// Related gives what hangs on a contact of one kind, by number.
func (s *Lookups) Related(ctx context.Context, k *record.Kind, contact int64) (map[string]record.Fields, error) {
	found := map[string]record.Fields{}
	err := s.eachRelated(ctx, contact, record.EntityOf(k), func(r freshsales.Record) {
		found[record.IdText(r.ID())] = s.Account.Remote(k, r)
	})
	return found, err
}

// Sought is a record of ours whose number in the account is not known.
type Sought struct {
	K         *record.Kind
	Key       string
	ContactID int64
	Seq       int64 // the intent of its create; 0: none is known
	Fields    record.Fields
}
