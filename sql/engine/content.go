package engine

import (
	"path/filepath"
	"slices"
	"strconv"

	"ferry/internal/run"
	"ferry/sql/model"
)

// content is the digest of a table's content, "" where it has no file. A table is never changed while it is read, so
// each is looked at once.
func (e *Engine) content(schema, table string) (string, error) {
	qualified := schema + "." + table
	e.memory.mutex.Lock()
	d, ok := e.memory.digests[qualified]
	e.memory.mutex.Unlock()
	if ok {
		return d, nil
	}
	files, err := filepath.Glob(e.filesOf(schema, table))
	if err != nil {
		return "", err
	}
	if schema == model.LandedSchema || schema == model.LoadedSchema {
		d = run.DigestText("no rows yet") // such a table is there without a file too
	}
	var texts []string
	for _, f := range files {
		one, err := run.DigestFile(f)
		if err != nil {
			return "", err
		}
		texts = append(texts, one)
	}
	if len(texts) > 0 {
		d = run.DigestText(texts...)
	}
	e.memory.mutex.Lock()
	defer e.memory.mutex.Unlock()
	e.memory.digests[qualified] = d
	return d, nil
}

// contentButTimes is the digest of a landed table for the shipped models. Of the times at which rows landed they use
// the order only, so that files extracted again, as they were, cost no build.
func (e *Engine) contentButTimes(schema, table string) (string, error) {
	files, err := filepath.Glob(e.filesOf(schema, table))
	if err != nil || len(files) == 0 {
		return e.content(schema, table)
	}
	known, err := e.memory.landed()
	if err != nil {
		return "", err
	}
	var texts []string
	for _, f := range files {
		one, ok := known[f]
		if !ok {
			return e.content(schema, table)
		}
		texts = append(texts, one)
	}
	return run.DigestText(texts...), nil
}

// landedContent reads every file of landed rows once: what it holds, and which in order of landing it is.
func (e *Engine) landedContent() (map[string]string, error) {
	files, err := filepath.Glob(e.filesOf(model.LandedSchema, "*"))
	if err != nil {
		return nil, err
	}
	content, times := map[string]string{}, map[string]string{}
	var order []string
	for _, f := range files {
		if content[f], times[f], err = run.DigestWithout(f, "_landed_at"); err != nil {
			return nil, err
		}
		order = append(order, times[f])
	}
	slices.Sort(order)
	order = slices.Compact(order)
	for f, at := range times {
		place, _ := slices.BinarySearch(order, at)
		content[f] = run.DigestText(content[f], strconv.Itoa(place))
	}
	return content, nil
}

// filesOf is the pattern of the files behind a table.
func (e *Engine) filesOf(schema, table string) string {
	switch {
	case schema == model.LandedSchema && table == "_rejects":
		return e.dir.Rejects()
	case schema == model.LandedSchema && table == "_sources":
		return e.dir.Sources()
	case schema == model.LandedSchema:
		return filepath.Join(e.dir.Landed(table), "*.parquet")
	case schema == model.LoadedSchema:
		return e.dir.Loaded(e.target, table)
	}
	return e.dir.Model(schema, table)
}
