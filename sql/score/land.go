package score

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"ferry/internal/run"
	"ferry/sql/model"
)

// attributes are the names settings.matching compares, as the analyst's or our list says.
func (o Options) attributes() ([]string, error) {
	text, ok, err := model.Setting(o.Room(), "matching")
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errors.New("there is no settings.matching")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	var all []string
	for _, r := range rows[1:] {
		all = append(all, r[0])
	}
	return all, nil
}

// labelled is a file being read: which column goes where.
type labelled struct {
	columns map[string]int // attribute → place in the record
	truth   int
	schema  run.Schema
}

// landLabelled lands the file as user profiles, and gives the truth of every profile.
func landLabelled(path string, dir run.Dir, known []string, o Options) (map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, run.Problemf(path, "this file cannot be read").
			WithTry("ferry sql score FILE.csv --map first_name=given_name,… --truth COLUMN").WithExit(run.ExitUsage)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, true
	header, err := r.Read()
	if err != nil {
		return nil, run.Problemf(path, "this file has no header line").
			WithTry("save it as CSV with column names in the first line")
	}
	header = append([]string(nil), header...)
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	l, err := o.places(path, header, known)
	if err != nil {
		return nil, err
	}
	folder := dir.Landed(l.schema.Name)
	w, err := run.CreateTable(filepath.Join(folder, "part-1.parquet"), l.schema)
	if err != nil {
		return nil, err
	}
	truth, err := l.copy(r, w, path)
	if err != nil {
		w.Abort()
		return nil, err
	}
	return febrlNumbers(truth), w.Close()
}

// places finds the columns, or says which name is wrong and what was probably meant.
func (o Options) places(path string, header, known []string) (labelled, error) {
	l := labelled{columns: map[string]int{}, truth: slices.Index(header, o.Truth)}
	if l.truth < 0 {
		return l, run.Problemf(path, "there is no column %q to take the truth from.%s The columns are: %s", o.Truth,
			run.DidYouMean(o.Truth, header), strings.Join(header, ", ")).WithTry("ferry sql score FILE.csv --truth COLUMN").
			WithExit(run.ExitUsage)
	}
	for _, s := range o.Landed {
		if s.Name == "user_profiles" {
			l.schema = s
		}
	}
	wanted := o.Map
	if len(wanted) == 0 {
		wanted = map[string]string{}
		for _, c := range header {
			if c != o.Truth && slices.Index(known, strings.ToLower(c)) >= 0 {
				wanted[strings.ToLower(c)] = c
			}
		}
	}
	for attribute, column := range wanted {
		at := slices.Index(header, column)
		if at < 0 {
			return l, run.Problemf(path, "there is no column %q.%s The columns are: %s", column, run.DidYouMean(column, header),
				strings.Join(header, ", ")).WithTry("ferry sql score FILE.csv --map first_name=given_name,…").
				WithExit(run.ExitUsage)
		}
		if slices.Index(known, attribute) < 0 {
			return l, run.Problemf("--map "+attribute+"="+column, "settings.matching compares no attribute %q.%s", attribute,
				run.DidYouMean(attribute, known)).
				WithTry("ferry sql copy settings.matching   (and add a line for it)").WithExit(run.ExitUsage)
		}
		l.columns[attribute] = at
	}
	if len(l.columns) == 0 {
		return l, run.Problemf(path, "no column of this file is known to settings.matching").
			WithTry("ferry sql score FILE.csv --map first_name=given_name,… --truth COLUMN").WithExit(run.ExitUsage)
	}
	return l, nil
}

// copy writes one profile per record; attributes that are no column of a profile go where custom attributes go.
// A profile's key comes from what its record says, so that the order of the lines cannot matter.
func (l labelled) copy(r *csv.Reader, w *run.TableWriter, path string) (map[string]string, error) {
	truth, copies := map[string]string{}, map[string]int{}
	attributes := make([]string, 0, len(l.columns))
	for a := range l.columns {
		attributes = append(attributes, a)
	}
	sort.Strings(attributes)
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return truth, nil
		}
		if err != nil || len(record) <= l.truth {
			return nil, run.Problemf(fmt.Sprintf("%s, record %d", path, len(truth)+2), "this line cannot be read").
				WithTry("mend it and run the same command again")
		}
		row := make(run.Row, len(l.schema.Columns))
		set := func(column, value string) bool {
			at := slices.Index(l.schema.Names(), column)
			if at >= 0 {
				row[at] = value
			}
			return at >= 0
		}
		key := run.DigestText(record...)[:24]
		copies[key]++
		key = fmt.Sprintf("%s-%d", key, copies[key])
		set("profile_id", key)
		set("user_id", key)
		set("_file", filepath.Base(path))
		set("_record", strconv.Itoa(len(truth)+1))
		set("_line", strconv.Itoa(len(truth)+2))
		extra := map[string]string{}
		for _, a := range attributes {
			if at := l.columns[a]; at < len(record) && strings.TrimSpace(record[at]) != "" && !set(a, record[at]) {
				extra[a] = record[at]
			}
		}
		text, err := json.Marshal(extra)
		if err != nil {
			return nil, err
		}
		set("_extra", string(text))
		if err := w.Write(row); err != nil {
			return nil, err
		}
		truth[key] = strings.Clone(record[l.truth])
	}
}

var febrlID = regexp.MustCompile(`^rec-(\d+)-(?:org|dup-\d+)$`)

// febrlNumbers understands the record ids of FEBRL sets, where the person is the number inside.
func febrlNumbers(truth map[string]string) map[string]string {
	numbers := make(map[string]string, len(truth))
	for key, t := range truth {
		m := febrlID.FindStringSubmatch(t)
		if m == nil {
			return truth
		}
		numbers[key] = m[1]
	}
	return numbers
}
