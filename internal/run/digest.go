package run

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// DigestWithout is the SHA-256 of a Parquet file of ours but for one column of text, and the one value which that
// column has in all of its rows. Where it has several, or none at all, the value is "" and the digest that of the
// whole file.
func DigestWithout(path, column string) (digest, value string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", "", err
	}
	pf, err := parquet.OpenFile(f, info.Size(), parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err == nil {
		value, err = onlyValue(pf, column)
	}
	if err != nil || value == "" {
		digest, fileErr := DigestFile(path)
		return digest, "", fileErr
	}
	h := sha256.New()
	for _, group := range pf.Metadata().RowGroups {
		fmt.Fprintf(h, "%d rows;", group.NumRows)
		for _, c := range group.Columns {
			name := strings.Join(c.MetaData.PathInSchema, ".")
			if name == column {
				continue
			}
			fmt.Fprintf(h, "%d:%s %v;", len(name), name, c.MetaData.Type)
			if _, err := io.Copy(h, io.NewSectionReader(f, chunkStart(c.MetaData), c.MetaData.TotalCompressedSize)); err != nil {
				return "", "", err
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)), value, nil
}

// chunkStart is where the pages of a column begin: its dictionary, where it has one, stands first.
func chunkStart(m format.ColumnMetaData) int64 {
	if m.DictionaryPageOffset > 0 {
		return min(m.DictionaryPageOffset, m.DataPageOffset)
	}
	return m.DataPageOffset
}

// onlyValue reads the dictionaries of a column, which hold each of its values once.
func onlyValue(pf *parquet.File, column string) (string, error) {
	leaf, ok := pf.Schema().Lookup(column)
	if !ok {
		return "", nil
	}
	value := ""
	for _, group := range pf.RowGroups() {
		pages := group.ColumnChunks()[leaf.ColumnIndex].Pages()
		page, err := pages.ReadPage()
		if err != nil {
			return "", errors.Join(err, pages.Close())
		}
		d := page.Dictionary()
		isOne := d != nil && d.Len() == 1 && page.NumNulls() == 0
		one := ""
		if isOne {
			one = d.Index(0).String()
		}
		parquet.Release(page)
		if err := pages.Close(); err != nil {
			return "", err
		}
		if !isOne || value != "" && value != one {
			return "", nil
		}
		value = one
	}
	return value, nil
}
