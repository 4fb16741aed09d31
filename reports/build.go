package reports

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"ferry/reports/books"
)

// build makes a workbook from the tables of the run.
func (r *reporter) build(ctx context.Context, b books.Book) (*workbook, error) {
	w, err := newWorkbook(filepath.Join(r.dir.Temp(), "report"), cmp.Or(r.options.rowsPerSheet, fullSheet))
	if err != nil {
		return nil, err
	}
	w.account = strings.TrimSuffix(strings.TrimRight(r.options.Account, "/"), "/api")
	if err := r.fill(ctx, w, b); err != nil {
		_ = w.file.Close()
		return nil, err
	}
	return w, nil
}

func (r *reporter) fill(ctx context.Context, w *workbook, b books.Book) error {
	for _, s := range b.Sheets {
		src, err := r.open(s.Model)
		if err != nil {
			return err
		}
		if src == nil {
			continue
		}
		tab := accent
		if len(s.Code) > 0 {
			tab = "F4DE8B"
		}
		if b.IsReadBack() && len(s.Code) == 0 {
			s = s.WithCode()
		}
		err = w.list(ctx, s, src, tab)
		if e := src.close(); err == nil {
			err = e
		}
		if err != nil {
			return err
		}
	}
	if b.SignOff {
		if err := r.signoffSheet(w); err != nil {
			return err
		}
	}
	if b.Kind == books.Scope.Kind {
		if err := r.doubts(w); err != nil {
			return err
		}
	}
	if b.PerTarget {
		for _, x := range r.options.Extras {
			w.extra(x)
		}
	}
	v, err := r.verdict(b.Kind)
	if err != nil {
		return err
	}
	v = v.doubted(w)
	w.audits, w.lastLoad = r.options.AuditHeads, r.lastLoad
	figures, err := r.figures(b.Kind)
	if err != nil {
		return err
	}
	if b.Defaults != nil {
		if w.defaults, err = r.open(b.Defaults.Model); err != nil {
			return err
		}
		if w.defaults != nil {
			defer w.defaults.close()
		}
	}
	return w.summary(b, r.dir.ID(), v, figures)
}

func (r *reporter) verdict(kind string) (verdict, error) {
	rows, err := r.all("verdicts")
	v := verdict{"plain", "No verdict", "The tables of this run say nothing about it."}
	for _, row := range rows {
		if text(row, "workbook") == kind {
			v = verdict{text(row, "state"), sentence(text(row, "verdict")), books.Spell(sentence(text(row, "sentence")))}
		}
	}
	return v, err
}

func (r *reporter) figures(kind string) ([]figure, error) {
	rows, err := r.all("figures")
	var list []figure
	for _, row := range rows {
		if text(row, "workbook") != kind {
			continue
		}
		label := text(row, "label")
		for _, words := range []map[string]string{books.FateWords, books.ClassWords, books.TypeWords, books.PlanWords} {
			label = cmp.Or(words[label], label)
		}
		f := figure{section: sentence(text(row, "section")), label: books.Spell(sentence(label)),
			note:  books.Spell(printable(text(row, "note"))),
			value: show(row["value"], nil)}
		f.isTotal, _ = row["is_total"].(bool)
		list = append(list, f)
	}
	return list, err
}

// doubted is a verdict that says first how many files may have been read otherwise than they were meant.
func (v verdict) doubted(w *workbook) verdict {
	i := slices.IndexFunc(w.lists, func(l written) bool { return l.sheet == doubtful })
	if i < 0 {
		return v
	}
	said := fmt.Sprintf("%d files are doubtful: please look at the sheet “%s” first. ", w.lists[i].rows, doubtful)
	if w.lists[i].rows == 1 {
		said = "One file is doubtful: please look at the sheet “" + doubtful + "” first. "
	}
	v.sentence = said + v.sentence
	if v.state == "good" || v.state == "plain" {
		v.state = "attention"
	}
	return v
}

// doubtful is the sheet of such files.
const doubtful = "Doubtful files"

// doubts lists the files of which extract said that somebody should look at them, on a sheet of its own.
func (r *reporter) doubts(w *workbook) error {
	m, err := r.dir.ReadManifest()
	if err != nil {
		return err
	}
	found, _ := m.Stages["extract"].Facts["doubts"].([]any)
	var rows [][]string
	for _, d := range found {
		facts, _ := d.(map[string]any)
		rows = append(rows, []string{text(facts, "File"), text(facts, "Why")})
	}
	if len(rows) == 0 {
		return nil
	}
	about := "Files that may have been read otherwise than they were meant. Please look at them before anything is loaded."
	w.extra(Extra{Title: doubtful, About: about, Head: []string{"File", "Why it is doubtful"}, Rows: rows, State: -1})
	return nil
}
