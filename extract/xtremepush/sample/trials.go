package sample

import (
	"embed"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// trialFiles hold a few rows of each kind of thing that went wrong in the exports of others: consent in words nobody
// knows, ids a spreadsheet rounded, father and son, columns of one meaning, and so on. They are the same at any size.
//
//go:embed trials/*.csv
var trialFiles embed.FS

// aLongText stands in a file for a text that is too long to stand there.
var aLongText = regexp.MustCompile(`\{a text of ([0-9,]+) letters\}`)

// writeTrials writes the rows that try whoever reads them, each table in a file of its own.
func writeTrials(folder string) error {
	files, err := fs.Glob(trialFiles, "trials/*.csv")
	if err != nil {
		return err
	}
	for _, name := range files {
		text, err := trialFiles.ReadFile(name)
		if err != nil {
			return err
		}
		whole := aLongText.ReplaceAllStringFunc(string(text), func(found string) string {
			n, _ := strconv.Atoi(strings.ReplaceAll(aLongText.FindStringSubmatch(found)[1], ",", ""))
			return strings.Repeat("so it goes on ", n/14+1)[:n]
		})
		if err := os.WriteFile(filepath.Join(folder, path.Base(name)), []byte(whole), 0o600); err != nil {
			return err
		}
	}
	return nil
}
