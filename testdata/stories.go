// Package testdata carries the stories that tell what ferry's rules promise, so that the program can tell them
// against rules somebody changed. It holds rows only; how a story is told is known in sql/ask.
package testdata

import (
	"embed"
	"io/fs"
	"time"
)

//go:embed all:stories
var files embed.FS

// StoryTime is when the stories happen: what depends on the day comes out the same for ever.
var StoryTime = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// Stories is one folder a story: given rows, expected rows.
func Stories() fs.FS {
	stories, err := fs.Sub(files, "stories")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return stories
}
