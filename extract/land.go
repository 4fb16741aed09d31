package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"sync"

	"ferry/internal/run"
)

// tally is what came of one source.
type tally struct {
	source    source
	format    string
	delim     string
	coding    string
	sha256    string
	note      string
	firstLine int64 // line of the first record
	bytes     int64
	records   int64
	landed    int64
	reject    int64
}

// landing is what all sources of a run share.
type landing struct {
	dir      run.Dir
	landedAt []byte
	slots    chan struct{} // one for each block that may be worked on
	rejects  *rejects
	events   run.Events
	options  Options
}

// rows turns the records of a block into rows of a group; what cannot land goes to the rejects.
type rows interface {
	land(b *block, g *rowGroup) (out []reject, landed int64, err error)
}

// file lands the records that split finds in a stream, block by block, each block a row group.
func (l *landing) file(ctx context.Context, t *tally, in io.Reader, split splitter, how rows, dictionary []bool, seq int) error {
	path := filepath.Join(l.dir.Landed(t.source.entity.Name), fmt.Sprintf("part-%05d.parquet", seq))
	p, err := createPart(path, tableOf(t.source.entity), dictionary)
	if err != nil {
		return err
	}
	if err := l.blocks(ctx, t, p, newBlockReader(in, split, t.firstLine, blockSize, l.options.MaxRecord), how); err != nil {
		p.abort()
		return err
	}
	return p.close()
}

// blockSize is how much text becomes one row group.
const blockSize = 8 << 20

// blocks fills row groups side by side and commits them in order.
func (l *landing) blocks(ctx context.Context, t *tally, p *part, r *blockReader, how rows) error {
	var wait sync.WaitGroup
	var failure error
	var once sync.Once
	failed := make(chan struct{})
	fail := func(err error) { once.Do(func() { failure = err; close(failed) }) }
	turn := make(chan struct{})
	close(turn)
	var cut error
loop:
	for {
		b, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		cut = b.err
		select {
		case <-ctx.Done():
			fail(ctx.Err())
			break loop
		case <-failed:
			break loop
		case l.slots <- struct{}{}:
		}
		g, mine, next := p.begin(), turn, make(chan struct{})
		turn = next
		wait.Add(1)
		go func() {
			defer wait.Done()
			defer func() { <-l.slots }()
			defer close(next)
			rejected, landed, err := how.land(b, g)
			if err == nil {
				err = g.finish()
			}
			<-mine
			select {
			case <-failed:
				return
			default:
			}
			if err == nil {
				err = p.commit(g)
			}
			if err == nil {
				err = l.rejects.add(t, rejected)
			}
			if err != nil {
				fail(err)
				return
			}
			t.records += int64(len(b.marks))
			t.landed += landed
			t.reject += int64(len(rejected))
		}()
	}
	wait.Wait()
	if failure == nil && cut != nil {
		t.note = joinNotes(t.note, "the file is cut off: "+cut.Error())
	}
	return failure
}

func joinNotes(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// provenance fills the columns that say where a record came from.
func (l *landing) provenance(g *rowGroup, first int, arena []byte, file []byte, record, line int64) []byte {
	g.text(first, file)
	start := len(arena)
	arena = strconv.AppendInt(arena, record, 10)
	g.text(first+1, arena[start:len(arena):len(arena)])
	start = len(arena)
	arena = strconv.AppendInt(arena, line, 10)
	g.text(first+2, arena[start:len(arena):len(arena)])
	g.text(first+3, l.landedAt)
	return arena
}
