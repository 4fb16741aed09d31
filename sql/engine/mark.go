package engine

import (
	"context"

	"ferry/internal/run"
	"ferry/sql/model"
)

// Stale says in a sentence why a run's tables are not what they would be now, "" when they are.
func Stale(dir run.Dir, o Options) (string, error) {
	m, err := dir.ReadManifest()
	if err != nil {
		return "", err
	}
	mark, ok := m.Stages[stage]
	if !ok {
		return "this run has no tables yet", nil
	}
	if mark.Facts["landed"] != m.Stages["extract"].Output {
		return "the landed files changed since these tables were built", nil
	}
	now, err := model.Digest(o.Room())
	if err != nil {
		return "", err
	}
	if mark.Facts["sql"] != now {
		return "your SQL, settings or decisions changed since these tables were built", nil
	}
	return "", nil
}

// output is a digest of the rows the load reads, whatever their order.
func (e *Engine) output(ctx context.Context, p *model.Project) (string, error) {
	var texts []string
	tables := []string{"checks.findings"}
	for _, m := range p.Models {
		if m.Floor.Schema == model.SalesSchema {
			tables = append(tables, m.Qualified())
		}
	}
	for _, t := range tables {
		digest, err := e.digestOf(ctx, t, quickDigest)
		if err != nil {
			return "", err
		}
		texts = append(texts, t, digest)
	}
	return run.DigestText(texts...), nil
}

// mark is what run.json keeps of a finished build.
func (e *Engine) mark(ctx context.Context, p *model.Project, o Options) (run.Stage, error) {
	digest, err := p.Digest(o.Room())
	if err != nil {
		return run.Stage{}, err
	}
	m, err := e.dir.ReadManifest()
	if err != nil {
		return run.Stage{}, err
	}
	landed := m.Stages["extract"].Output
	output, err := e.output(ctx, p)
	facts := map[string]any{"sql": digest, "landed": landed, "rows": e.counts}
	if given := e.givenFacts(p); len(given) > 0 {
		facts["given"] = given
	}
	return run.Stage{Input: run.DigestText(digest, landed), Output: output, Facts: facts}, err
}
