package extract

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strconv"

	"github.com/sourcegraph/conc/stream"

	"ferry/internal/run"

	"ferry/extract/discovery"
	"ferry/extract/records"
	"ferry/extract/source"
)

// blockSize is how much text becomes one row group.
const blockSize = 8 << 20

// tally is what came of one source.
type tally struct {
	source   discovery.Input
	seq, sub int // place in the run, and of a further table in its file
	kind     string
	columns  []string // of a delimited file, as its header writes them
	header   int      // lines of that header
	format   string
	delim    string
	coding   string
	sha256   string
	note     string
	line     int64 // line the records begin at
	bytes    int64
	records  int64
	landed   int64
	rejected int64
	mended   int64 // landed after their quotes or delimiters were put right
	wrong    int64 // landed with bytes that were not UTF-8
	repeated int64 // headers met again among the rows
	rules    int64 // lines drawn between rows
	strays   int64 // rejected, but no records: comments, totals, units
	padded   int64 // landed with empty cells at the end, as all rows are shorter than the header
	nuls     int64 // landed without the NUL bytes in them
	parts    []partFact
	read     func() int64 // bytes of the source read so far
	api      *spoolState
	headers  int64  // the same, seen by the splitter
	nameless string // why none of its columns is known, if so
	coded    string // what is doubtful about the encoding
	beside   string // what is said of another table beside the one that landed
	unsolved string // what is said of formulas without results
	misfit   string // how the header does not fit the rows, if so
	damaged  bool   // the file is cut off, or a checksum in it is wrong
	isBeside bool   // another sheet or member of its file landed
}

// add counts what came of a part of a source.
func (t *tally) add(p *tally) {
	t.records += p.records
	t.landed += p.landed
	t.rejected += p.rejected
	t.mended += p.mended
	t.wrong += p.wrong
	t.repeated += p.repeated
	t.padded += p.padded
	t.nuls += p.nuls
	t.rules += p.rules
	t.strays += p.strays
	t.parts = append(t.parts, p.parts...)
	t.note = discovery.JoinNotes(t.note, p.note)
}

// remarks is the note of a source with what its rows had to be forgiven.
func (t *tally) remarks() string {
	note := discovery.JoinNotes(t.note, t.coded)
	for _, n := range []struct {
		count     int64
		one, many string
	}{
		{t.mended, "record with damaged quotes or delimiters was read by its columns",
			"records with damaged quotes or delimiters were read by their columns"},
		{t.wrong, "record had bytes that are not UTF-8; these were read as Windows-1252",
			"records had bytes that are not UTF-8; these were read as Windows-1252"},
		{t.padded, "record is shorter than the header, as all are: its last columns are empty",
			"records are shorter than the header, all by the same: their last columns are empty"},
		{t.nuls, "record had NUL bytes, which were left out", "records had NUL bytes, which were left out"},
		{t.repeated + t.headers, "repeated header line", "repeated header lines"},
		{t.rules, "line of dashes", "lines of dashes"},
	} {
		if n.count > 0 {
			note = discovery.JoinNotes(note, discovery.Counted(n.count, n.one, n.many))
		}
	}
	return note
}

// landing is what all sources of a run share.
type landing struct {
	dir      run.Dir
	landedAt []byte
	slots    chan struct{} // one for each block that may be worked on
	rejects  *sideTable
	repairs  *sideTable
	options  Options
	before   previous
	carried  []carriedSource
}

// outcome is what came of a block.
type outcome struct {
	landed, mended, wrong, repeated int64
	padded, nuls, rules, strays     int64
	rejects                         []reject
	repairs                         []repair
}

// rows turns the records of a block into rows of a group; what cannot land goes to the rejects.
type rows interface {
	land(b *records.Block, g *rowGroup) (outcome, error)
}

// part starts the Parquet file of a tally.
func (l *landing) part(t *tally, dictionary []bool) (*part, error) {
	return createPart(filepath.Join(l.dir.Landed(t.source.Entity.Name), partName(t.seq, t.sub)),
		tableOf(t.source.Entity), dictionary)
}

// file lands the records that split finds in a stream, block by block, each block a row group.
func (l *landing) file(ctx context.Context, t *tally, in io.Reader, split records.Splitter, how rows,
	dictionary []bool) error {
	r := records.NewReader(in, split, t.line, blockSize, l.options.MaxRecord)
	return l.blocks(ctx, t, func() (*records.Block, error) {
		b, err := r.Next()
		if err == nil && t.read != nil && t.source.Size > 2*blockSize {
			l.options.Events.Send(run.Event{Stage: "extract", Kind: run.Progress, Subject: t.source.Name, Done: t.read(),
				Total: t.source.Size, Unit: "bytes"})
		}
		return b, err
	}, r.GiveBack, how, dictionary)
}

// whole lands a single block.
func (l *landing) whole(ctx context.Context, t *tally, b *records.Block, how rows, dictionary []bool) error {
	given := false
	return l.blocks(ctx, t, func() (*records.Block, error) {
		if given {
			return nil, io.EOF
		}
		given = true
		return b, nil
	}, func(*records.Block) {}, how, dictionary)
}

// blocks fills row groups side by side and commits them in the order of the blocks.
func (l *landing) blocks(ctx context.Context, t *tally, next func() (*records.Block, error),
	giveBack func(*records.Block), how rows, dictionary []bool) error {
	p, err := l.part(t, dictionary)
	if err != nil {
		return err
	}
	working, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	w := &ordered{landing: l, tally: t, part: p, fail: fail}
	work := stream.New().WithMaxGoroutines(l.options.Workers)
	for err == nil {
		var b *records.Block
		if b, err = next(); err != nil {
			break
		}
		select {
		case <-working.Done():
			err = working.Err()
		case l.slots <- struct{}{}:
			broken := b.Err
			work.Go(func() stream.Callback {
				g := p.begin()
				out, err := how.land(b, g)
				if err == nil {
					err = g.finish()
				}
				giveBack(b)
				return func() { w.commit(g, out, err) }
			})
			if err = broken; err != nil && !errors.Is(err, source.ErrBomb) {
				l.cut(t, broken)
				err = io.EOF
			}
		}
	}
	work.Wait()
	if cause := context.Cause(working); cause != nil && ctx.Err() == nil {
		err = cause
	}
	if err != nil && !errors.Is(err, io.EOF) {
		p.abort()
		return err
	}
	t.parts = append(t.parts, partFact{t.source.Entity.Name, partName(t.seq, t.sub), p.rows})
	return p.close()
}

// cut says what it means that a stream broke off.
func (l *landing) cut(t *tally, err error) {
	t.damaged = true
	t.note = discovery.JoinNotes(t.note, "the file is cut off or damaged ("+err.Error()+
		"): fetch it again; what could be read has landed")
	l.options.Events.Send(run.Event{Stage: "extract", Kind: run.Warning, Subject: t.source.Name,
		Text: "the file is cut off or damaged; what could be read has landed"})
}

// ordered takes the blocks of one source in their order, one at a time.
type ordered struct {
	*landing
	tally *tally
	part  *part
	fail  func(error) // ends the work on the source
}

// commit adds a filled row group to the part and counts what came of its block.
func (w *ordered) commit(g *rowGroup, out outcome, err error) {
	defer func() { <-w.slots }()
	if err == nil {
		err = w.part.commit(g)
	}
	if err == nil {
		err = w.aside(w.tally, out)
	}
	if err != nil {
		w.fail(err)
		return
	}
	w.count(out)
}

func (w *ordered) count(out outcome) {
	t := w.tally
	t.landed += out.landed
	t.rejected += int64(len(out.rejects))
	t.records = t.landed + t.rejected
	t.mended += out.mended
	t.wrong += out.wrong
	t.repeated += out.repeated
	t.padded += out.padded
	t.nuls += out.nuls
	t.rules += out.rules
	t.strays += out.strays
}

// fixProvenance fills the columns of those that are the same for all records of a source.
func (l *landing) fixProvenance(g *rowGroup, first int, file []byte) {
	g.fix(first, file)
	g.fix(first+3, l.landedAt)
}

// provenance fills the columns that say where a record came from.
func (l *landing) provenance(g *rowGroup, first int, arena []byte, record, line int64) []byte {
	start := len(arena)
	arena = strconv.AppendInt(arena, record, 10)
	g.text(first+1, arena[start:len(arena):len(arena)])
	if line > 0 {
		start = len(arena)
		arena = strconv.AppendInt(arena, line, 10)
		g.text(first+2, arena[start:len(arena):len(arena)])
	} else {
		g.null(first + 2)
	}
	return arena
}
