package engine

import (
	"context"
	"errors"
	"fmt"

	"ferry/internal/run"
	"ferry/sql/model"
)

// makeChecks gathers all checks into checks.findings and checks.rules.
func (e *Engine) makeChecks(ctx context.Context, p *model.Project, o Options) error {
	for _, t := range []struct{ name, query string }{
		{"findings", model.FindingsQuery(p)}, {"rules", model.RulesQuery(p)},
	} {
		if e.given[model.ChecksSchema+"."+t.name] {
			continue
		}
		if !o.reportsOnly() {
			if _, err := e.writeTable(ctx, model.ChecksSchema, t.name, t.query, false); err != nil {
				return err
			}
		}
		if err := e.viewBuilt(ctx, model.ChecksSchema, t.name); err != nil {
			return err
		}
		if err := e.learn(ctx, model.ChecksSchema, t.name); err != nil {
			return err
		}
	}
	return nil
}

// checkHolds makes sure that a hold holds something: it names an entity that is sent, and its key.
func (e *Engine) checkHolds(ctx context.Context, p *model.Project, o Options) error {
	keys := map[string]string{}
	var entities []string
	for _, m := range p.Models {
		if m.Floor.Schema == model.SalesSchema {
			keys[m.Name] = m.Grain[0]
			entities = append(entities, m.Name)
		}
	}
	var problems []error
	held := map[string]bool{}
	err := e.Rows(ctx,
		"select distinct rule, coalesce(entity, '') from checks.findings where severity = 'hold' order by all",
		func(v []any) error {
			rule, entity := v[0].(string), v[1].(string)
			if m := p.Find(model.ChecksSchema, rule); m != nil && keys[entity] == "" {
				problems = append(problems, m.Problem(m.LineSaying("entity"),
					"a hold names an entity that is sent, and %q is none.%s", entity, run.DidYouMean(entity, entities)))
			} else {
				held[entity] = true
			}
			return nil
		})
	if err != nil || len(problems) > 0 {
		return errors.Join(append(problems, err)...)
	}
	for _, entity := range model.SortedKeys(held) {
		query := fmt.Sprintf("select rule, count(*) from checks.findings where severity = 'hold' and entity = %s and key "+
			"not in (select %s from freshsales.%s) group by rule order by rule",
			model.Literal(entity), model.Quote(keys[entity]), model.Quote(entity))
		err := e.Rows(ctx, query, func(v []any) error {
			o.Events.Send(run.Event{Stage: stage, Kind: run.Warning, Subject: model.ChecksSchema + "." + v[0].(string),
				Text: fmt.Sprintf("%d findings hold keys that freshsales.%s does not have, so they hold nothing", v[1], entity)})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// CheckResult is one check and what it found.
type CheckResult struct {
	Rule      string
	Severity  string
	Sentence  string
	OffReason string
	Findings  int64
	Held      int64
}

func (e *Engine) checkResults(ctx context.Context) ([]CheckResult, error) {
	var all []CheckResult
	err := e.Rows(ctx, `select r.rule, r.severity, r.sentence, coalesce(r.off_reason, ''), r.findings, coalesce(h.held, 0)
from checks.rules r left join (select rule, count(*) as held from checks.findings where is_held group by rule) h on h.rule = r.rule
order by r.rule`, func(v []any) error {
		all = append(all, CheckResult{v[0].(string), v[1].(string), v[2].(string), v[3].(string), v[4].(int64), v[5].(int64)})
		return nil
	})
	return all, err
}

// Equation is a sum that must come out.
type Equation struct {
	Name, Entity          string
	LeftName, RightName   string
	LeftValue, RightValue int64
}

// offEquations reads the sums that do not come out from reports.equations.
func (e *Engine) offEquations(ctx context.Context, p *model.Project) ([]Equation, error) {
	if p.Find(model.ReportsSchema, "equations") == nil {
		return nil, nil
	}
	var off []Equation
	err := e.Rows(ctx, `select equation::varchar, coalesce(entity::varchar, ''), left_name::varchar, right_name::varchar,
    coalesce(left_value, 0)::bigint, coalesce(right_value, 0)::bigint
from reports.equations where is_true is not true order by all`, func(v []any) error {
		off = append(off, Equation{v[0].(string), v[1].(string), v[2].(string), v[3].(string), v[4].(int64), v[5].(int64)})
		return nil
	})
	return off, err
}

// Stops are the checks that forbid a load.
func (r Result) Stops() []CheckResult {
	var all []CheckResult
	for _, c := range r.Checks {
		if c.Severity == "stop" && c.Findings > 0 {
			all = append(all, c)
		}
	}
	return all
}
