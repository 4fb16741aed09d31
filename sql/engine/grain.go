package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
)

// checkGrain holds a built model, and how many rows it has or may have, to its "one row per": unique and never null.
func (e *Engine) checkGrain(ctx context.Context, m *model.Model, rows int64) error {
	if len(m.Grain) == 0 {
		return nil
	}
	key := m.Key()
	keys, err := e.countKeys(ctx, m, rows, key)
	if err != nil {
		return e.ExplainRun(m, err)
	}
	e.count(m, keys.all)
	what := strings.Join(m.Grain, ", ")
	switch {
	case keys.null > 0:
		return m.Problem(m.GrainLine(), "one row per %s is promised, but %d of %d rows have none", what, keys.null, keys.all).
			WithTry(`ferry sql query "select * from %s where %s"`, m.Qualified(), strings.ReplaceAll(key.IsNull, `"`, ""))
	case keys.distinct < keys.all:
		return m.Problem(m.GrainLine(), "one row per %s is promised, but %d rows have only %d different ones", what,
			keys.all, keys.distinct).
			WithTry(`ferry sql query "select %s, count(*) from %s group by all having count(*) > 1"`, what, m.Qualified())
	}
	return nil
}

// keyCounts are numbers of rows: all, those without a key, and different keys.
type keyCounts struct{ all, null, distinct int64 }

// countKeys counts rows and keys. Hashes of keys are counted first, in a fraction of the memory of the keys; only when
// two are equal are the keys themselves compared. Of a large table, and of a view over large ones, the hashes are laid
// into as many files as it takes to hold those of one at a time: it is read once, however many there are.
func (e *Engine) countKeys(ctx context.Context, m *model.Model, rows int64, key model.Key) (keyCounts, error) {
	shares := 1 + rows/e.keysAtOnce()
	hashes := fmt.Sprintf("select case when not (%s) then %s end as key from %s", key.IsNull, key.Hash, m.Table())
	if shares == 1 {
		return e.countShare(ctx, "("+hashes+")", m.Table(), key)
	}
	folder := filepath.Join(e.temp, "keys."+m.Qualified())
	defer os.RemoveAll(folder)
	laid := fmt.Sprintf("select key, coalesce(key, 0) %% %d as share from (%s)", shares, hashes)
	if _, err := e.CopyTo(ctx, laid, folder, "format parquet, compression uncompressed, partition_by (share)"); err != nil {
		return keyCounts{}, err
	}
	var sum keyCounts
	for share := range shares {
		in := filepath.Join(folder, fmt.Sprintf("share=%d", share))
		if !run.Exists(in) {
			continue
		}
		keys, err := e.countShare(ctx, Parquet(filepath.Join(in, "*.parquet")),
			fmt.Sprintf("%s where %s %% %d = %d", m.Table(), key.Hash, shares, share), key)
		if err != nil {
			return keyCounts{}, err
		}
		sum = keyCounts{sum.all + keys.all, sum.null + keys.null, sum.distinct + keys.distinct}
	}
	return sum, nil
}

// countShare counts keys by their hashes, which are null where the key is, and, where two are equal, the rows they
// are of.
func (e *Engine) countShare(ctx context.Context, hashes, rows string, key model.Key) (k keyCounts, err error) {
	err = e.One(ctx, "select count(*), count(*) - count(key), count(distinct key) from "+hashes, &k.all, &k.null, &k.distinct)
	if err == nil && k.null == 0 && k.distinct < k.all {
		err = e.One(ctx, fmt.Sprintf("select coalesce(sum(n), 0)::bigint, count(*) from (select count(*) as n from %s group by %s)",
			rows, key.Columns), &k.all, &k.distinct)
	}
	return k, err
}

// rowsAtMost guesses how many rows a view may have: those of all it reads.
func (e *Engine) rowsAtMost(m *model.Model) (rows int64) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	for _, r := range m.Reads {
		rows += e.counts[r.Qualified()]
	}
	return rows
}
