package record

import (
	"encoding/json"
	"errors"
	"io/fs"
	"sort"
	"strconv"
	"strings"
	"time"

	"ferry/internal/run"
	"ferry/load/freshsales"
)

func EntityOf(k *Kind) freshsales.Entity {
	e, ok := freshsales.EntityOf(k.Entity)
	if !ok {
		panic("no entity " + k.Entity)
	}
	return e
}

func TimeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func IdText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func IdOf(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

func Plural(n int64, what string) string {
	text := strings.TrimSpace(IdText(n))
	if n == 0 {
		text = "0"
	}
	if n == 1 {
		return text + " " + what
	}
	return text + " " + what + "s"
}

// Grouped writes a number the way people read it.
func Grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func Number64(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

func PathCause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

func SortedKeys[V any](set map[string]V) []string {
	keys := make([]string, 0, len(set))
	for k := range set {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func ColumnAt(columns []run.Column, name string) int {
	for i, c := range columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}

func OrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func TextAt(row run.Row, i int) string {
	if i < 0 {
		return ""
	}
	s, _ := row[i].(string)
	return s
}

func WriteRows(path string, s run.Schema, rows []run.Row) error {
	w, err := run.CreateTable(path, s)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := w.Write(r); err != nil {
			w.Abort()
			return err
		}
	}
	return w.Close()
}

func IsMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
