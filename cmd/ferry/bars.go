package main

import (
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"ferry/internal/run"
)

// bars draws one bar per piece of long work, below the lines.
type bars struct {
	out  *mpb.Progress
	open map[string]*mpb.Bar
	left map[string]*atomic.Int64 // what the stage knows of the time left, hours still to wait for included
}

func newBars(f *os.File) *bars {
	return &bars{out: mpb.New(mpb.WithOutput(f), mpb.WithWidth(40)), open: map[string]*mpb.Bar{},
		left: map[string]*atomic.Int64{}}
}

func (b *bars) progress(key string, e run.Event) {
	bar, ok := b.open[key]
	if !ok {
		b.left[key] = &atomic.Int64{}
		bar = b.out.AddBar(e.Total,
			mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name("  "+e.Stage+"  "+e.Subject+"  "), decor.CountersNoUnit("%d of %d "+e.Unit)),
			mpb.AppendDecorators(decor.AverageSpeed(0, "%.0f/s"), decor.Name("  "),
				timeLeft{decor.AverageETA(decor.ET_STYLE_GO), b.left[key]}, decor.Name(" left")))
		b.open[key] = bar
	}
	b.left[key].Store(int64(e.Left))
	bar.SetTotal(max(e.Total, e.Done+1), false)
	bar.SetCurrent(e.Done)
}

// timeLeft is the time that what is done so far took, unless the stage knows that it takes longer.
type timeLeft struct {
	decor.Decorator
	known *atomic.Int64
}

func (d timeLeft) Decor(s decor.Statistics) (string, int) {
	text, width := d.Decorator.Decor(s)
	known := time.Duration(d.known.Load()).Round(time.Second)
	if guess, err := time.ParseDuration(strings.TrimSpace(text)); known == 0 || err == nil && guess >= known {
		return text, width
	}
	return d.Format(known.String())
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
