package ledger

import (
	"context"
	"strings"
	"time"

	"ferry/load/record"
)

// SentRecord is what the ledger says a record must look like.
type SentRecord struct {
	Key, TargetID, Origin, State string
	Good                         int64 // the intent that wrote the fields
	Fields                       record.Fields
}

// SentRecords streams the records of an entity that should be there, with what we last wrote. The
// account of a contact is a record of its own and joins it here.
func (l *Ledger) SentRecords(ctx context.Context, entity string, each func(SentRecord) error) error {
	rows, err := l.read.QueryContext(ctx,
		`select r.key, r.target_id, r.origin, r.state, r.good, coalesce(i.fields, ''), coalesce(li.fields, '')
		from records r left join intents i on i.seq = r.good
		left join records lr on lr.entity = 'account_links' and lr.key = r.key and lr.state = 'live' and r.entity = 'contacts'
		left join intents li on li.seq = lr.good
		where r.entity = ? and r.target_id <> '' and r.state in ('live', 'stale', 'gone') order by r.key`, entity)
	if err != nil {
		return l.Problem(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s SentRecord
		var own, link string
		if err := rows.Scan(&s.Key, &s.TargetID, &s.Origin, &s.State, &s.Good, &own, &link); err != nil {
			return l.Problem(err)
		}
		if s.Fields, err = SentFields(own, link); err != nil {
			return err
		}
		if err := each(s); err != nil {
			return err
		}
	}
	return l.Problem(rows.Err())
}

func SentFields(own, link string) (record.Fields, error) {
	f, err := record.ParseFields([]byte(own))
	if err != nil {
		return nil, err
	}
	more, err := record.ParseFields([]byte(link))
	if err != nil {
		return nil, err
	}
	if f == nil {
		f = record.Fields{}
	}
	if more != nil {
		f[record.AccountLink] = more[record.AccountLink]
	}
	return f, nil
}

// FirstIntent is when we first meant to write something.
func (l *Ledger) FirstIntent() (time.Time, error) {
	var at *int64
	if err := l.read.QueryRow(`select min(at) from intents`).Scan(&at); err != nil || at == nil {
		return time.Time{}, l.Problem(err)
	}
	return record.TimeOf(*at), nil
}

// NewestGood is the newest intent that stands for a record of an entity.
func (l *Ledger) NewestGood(entity string) (int64, error) {
	var n int64
	err := l.read.QueryRow(`select coalesce(max(good), 0) from records where entity = ?`, entity).Scan(&n)
	return n, l.Problem(err)
}

// CountRefusals counts the contacts whose last written fields carry a refusal, written after an intent.
func (l *Ledger) CountRefusals(codes map[string]map[string]bool, after int64) (int64, error) {
	where, args := []string{`i.fields like '%\_opt\_out":true%' escape '\'`}, []any{after}
	for field, values := range codes {
		for code := range values {
			where = append(where, `instr(i.fields, ?) > 0`, `instr(i.fields, ?) > 0`)
			args = append(args, `"`+field+`":`+code+`,`, `"`+field+`":`+code+`}`)
		}
	}
	var n int64
	err := l.read.QueryRow(`select count(*) from records r join intents i on i.seq = r.good where r.entity = 'contacts'
		and r.target_id <> '' and r.state in ('live', 'stale') and r.good > ? and (`+strings.Join(where, " or ")+`)`, args...).Scan(&n)
	return n, l.Problem(err)
}
