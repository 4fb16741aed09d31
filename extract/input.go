package extract

import (
	"path"
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
func (o Options) said(name string) string { return longest(o.Files, name) }

// longest is what the longest of the patterns that fit a name says, "" if none does.
func longest(said map[string]string, name string) string {
	best := ""
	for pattern := range said {
		if named(name, pattern) && (len(pattern) > len(best) || len(pattern) == len(best) && pattern > best) {
			best = pattern
		}
	}
	return said[best]
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
