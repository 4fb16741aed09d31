// Package discovery tells which table a dropped file holds, before anything lands: what its name, its columns and
// ferry.yaml say, which line is its header, and what a person is shown of it. It reads the beginning of a
// file only, and must not know where records land. What bytes are is source's, how text is taken apart is
// delimited's and jsontext's, what Xtremepush calls things is xtremepush's. Start at List; inspect.go decides.
package discovery

import (
	"cmp"
	"context"

	"ferry/extract/source"
)

// Rules are what finding out goes by.
type Rules struct {
	Files      map[string]string // name or pattern → entity, or "ignore"; wins over names and columns
	Encodings  map[string]string // name or pattern → encoding
	MaxColumns int               // columns of a file, keys of an object
	Limits     source.Rules      // only the bounds of it
}

// WithDefaults sets the bounds that were left open.
func (r Rules) WithDefaults() Rules {
	r.MaxColumns = cmp.Or(r.MaxColumns, 10_000)
	r.Limits.MaxUnpacked = cmp.Or(r.Limits.MaxUnpacked, 256<<30)
	r.Limits.MaxRatio = cmp.Or(r.Limits.MaxRatio, 400)
	r.Limits.MaxMembers = cmp.Or(r.Limits.MaxMembers, 10_000)
	return r
}

// Source is what finding and opening files goes by.
func (r Rules) Source() source.Rules {
	s := r.Limits
	s.Ignored = func(name string) bool { return r.said(name) == "ignore" }
	s.Coding = func(name string) string { return longest(r.Encodings, name) }
	return s
}

// List finds the files of a folder, and the members of archives, and says of each what it holds.
func List(ctx context.Context, folder string, r Rules, archives *source.Archives) ([]Input, error) {
	files, err := source.Discover(folder, r.Source(), archives)
	if err != nil {
		return nil, err
	}
	all := make([]Input, len(files))
	for i, f := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		all[i].File = f
		all[i].told(r)
		all[i].inspect(r)
	}
	return all, nil
}
