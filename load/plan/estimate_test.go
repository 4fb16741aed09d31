package plan_test

import (
	"fmt"
	"testing"

	"ferry/internal/long"
	"ferry/load"
	"ferry/load/loadtest"
	"ferry/load/target"
)

// Without faults a plan says within five per cent what a load will use.
func TestThePlanForetellsTheCalls(t *testing.T) {
	n := loadtest.EstimateSize()
	for _, first := range []bool{false, true} {
		for _, links := range []string{"ignored", "honoured"} {
			for _, moves := range []string{target.KeepMoves, target.UndoMoves} {
				plain := !first && links == "ignored"
				if (moves == target.UndoMoves) != plain && loadtest.EstimateSize() < 1000 || !plain && !long.Asked {
					continue // long runs try more of them
				}
				t.Run(fmt.Sprintf("accounts first %t, links %s, moves %s", first, links, moves), func(t *testing.T) {
					b := loadtest.NewBench(t, loadtest.Quick("bulk_links", links))
					options := func(o *load.RunOptions) { o.AccountsFirst, o.LifecycleMoves = first, moves }
					for i := range n / 20 {
						b.Person(fmt.Sprintf("c%06d@example.com", i*20), `,"first_name":"Before"`)
					}
					b.Company(n, false)
					if links == "honoured" { // a plan cannot know; a sample finds out
						b.Load(options, func(o *load.RunOptions) { o.Sample = 20 })
						b.HasNotice("limitation", "")
					}
					b.IsForetold("first load", options)
					b.IsForetold("nothing new", options)
					b.NewRun()
					b.Company(n, true)
					b.IsForetold("a later run", options)
					b.IsForetold("nothing new", options)
				})
			}
		}
	}
}
