package main

import (
	"os"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"ferry/internal/run"
)

// bars draws one bar per piece of long work, below the lines.
type bars struct {
	out  *mpb.Progress
	open map[string]*mpb.Bar
}

func newBars(f *os.File) *bars {
	return &bars{out: mpb.New(mpb.WithOutput(f), mpb.WithWidth(40)), open: map[string]*mpb.Bar{}}
}

func (b *bars) progress(key string, e run.Event) {
	bar, ok := b.open[key]
	if !ok {
		bar = b.out.AddBar(e.Total,
			mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name("  "+e.Stage+"  "+e.Subject+"  "), decor.CountersNoUnit("%d of %d "+e.Unit)),
			mpb.AppendDecorators(decor.AverageSpeed(0, "%.0f/s"), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO),
				decor.Name(" left")))
		b.open[key] = bar
	}
	bar.SetTotal(max(e.Total, e.Done+1), false)
	bar.SetCurrent(e.Done)
}

// line prints text above the bars and ends the bar of work that has finished.
func (b *bars) line(key string, finished bool, text string) {
	if bar, ok := b.open[key]; ok && finished {
		bar.Abort(true)
		delete(b.open, key)
	}
	_, _ = b.out.Write([]byte(text + "\n"))
}

func (b *bars) stop() {
	for _, bar := range b.open {
		bar.Abort(true)
	}
	b.out.Wait()
}
