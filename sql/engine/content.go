package engine

import (
	"maps"
	"path/filepath"
	"slices"
	"strconv"

	"ferry/internal/run"
	"ferry/sql/model"
)

// content is the digest of a table's content, "" where it has no file; it is looked at once, for it stays as it is.
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

// contentButTimes is the same for the shipped models, which use the order of times of landing, not the times.
func (e *Engine) contentButTimes(schema, table string) (string, error) {
	known, err := e.memory.landed()
	if err != nil {
		return "", err
	}
	files, err := filepath.Glob(e.filesOf(schema, table))
	var texts []string
	for _, f := range files {
		if known[f] != "" {
			texts = append(texts, known[f])
		}
	}
	if err != nil || len(texts) == 0 { // what is told of files, or a table without one
		return e.content(schema, table)
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
	for _, f := range files {
		if content[f], times[f], err = run.DigestWithout(f, "_landed_at"); err != nil {
			return nil, err
		}
	}
	order := slices.Compact(slices.Sorted(maps.Values(times)))
	for f, at := range times {
		content[f] = run.DigestText(content[f], strconv.Itoa(slices.Index(order, at)))
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
