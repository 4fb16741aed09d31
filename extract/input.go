package extract

import (
	"path"
	"sort"
	"strings"

	"ferry/extract/xtremepush"

	"ferry/extract/source"
)

// input is one thing to land: a file, a member of an archive, or what an endpoint gave.
type input struct {
	source.File

	entity xtremepush.Entity
	byHand bool // ferry.yaml names the entity
	shape  shape

	columns []string // of a delimited file, as its header writes them
	header  int      // lines of that header
}

// said is what ferry.yaml says about a file: an exact name, a pattern, or a pattern for the last part of
// the name. It is an entity, "ignore", or "" for nothing.
func (o Options) said(name string) string {
	patterns := make([]string, 0, len(o.Files))
	for p := range o.Files {
		patterns = append(patterns, p)
	}
	sort.Slice(patterns, func(i, j int) bool { return len(patterns[i]) > len(patterns[j]) })
	for _, p := range patterns {
		if named(name, p) {
			return o.Files[p]
		}
	}
	return ""
}

// told applies what ferry.yaml says about a file. A word about an archive is a hint for its members.
func (s *input) told(o Options) {
	if archive, _, ok := strings.Cut(s.Name, "!"); ok {
		s.entity, _ = xtremepush.ByName(o.said(archive))
	}
	if e, ok := xtremepush.ByName(o.said(s.Name)); ok {
		s.entity, s.byHand = e, true
	}
}

func named(name, pattern string) bool {
	if pattern == name {
		return true
	}
	for _, n := range []string{name, path.Base(name)} {
		if ok, err := path.Match(pattern, n); err == nil && ok {
			return true
		}
	}
	return false
}
