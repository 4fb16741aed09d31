// Package signoff is the sheet on which a rehearsal is signed: its words, the codes that tie a
// signature to what was rehearsed, and the reader of what somebody wrote. The sheet is drawn by
// reports, like every other one. Start reading at Read.
package signoff

import (
	"errors"
	"io/fs"

	"ferry/internal/run"
	"ferry/reports/books"
)

// Name is the sheet on which a rehearsal is signed. Every yellow cell has a code beside it, made of what
// was done in this run, so that a signature cannot travel to another workbook.
const Name = "Sign-off"

// Where things stand on it.
const (
	CodeColumn    = 4
	ResultLabel   = "Digest of this rehearsal"
	TargetLabel   = "Account"
	RunLabel      = "Run"
	AuditLabel    = "Head of the audit"
	signName      = "Name"
	signRole      = "Role"
	signDate      = "Date"
	signVerdict   = "Verdict"
	signRemarks   = "Remarks"
	signMap       = "What nobody answered in the field map stands as proposed"
	signFindings  = "What nobody answered in the quality workbook stays held back"
	signNoBackup  = "No copy of the account is needed; what the load changes is kept field by field"
	verdictAccept = "accept"
)

// Field is a yellow cell of the sheet.
type Field struct {
	Label, About string
	Choices      []string
}

// Fields are all of them, in their order.
var Fields = []Field{
	{signName, "Who signs.", nil},
	{signRole, "What you are in the company, such as head of customer service.", nil},
	{signDate, "The day you sign, such as 2026-03-12.", nil},
	{signVerdict, "Accept: this may be done in production. Reject: it may not, and the remarks say why.",
		[]string{verdictAccept, "accept with remarks", "reject"}},
	{signRemarks, "Needed with “accept with remarks” and with “reject”.", nil},
	{signMap,
		"Yes: fields, stages, tiers, owners and tags that nobody answered go where the mapping workbook proposes. Fields " +
			"that appear later are left out and listed.", []string{"yes", "no"}},
	{signFindings, "Yes: records that a rule holds back and nobody answered are not sent; they are listed.",
		[]string{"yes", "no"}},
	{signNoBackup,
		"Yes: before a record that exists is changed, its values are kept, and a roll-back restores them. No: " +
			"production stays closed until somebody signs yes.", []string{"yes", "no"}},
}

// ResultOf is a digest of what was done to a target in a run, and of what was read back: what
// somebody signs. It is empty when the run was not loaded there.
func ResultOf(dir run.Dir, target string) (string, error) {
	transform, err := dir.Done("transform", "ferry transform")
	if err != nil {
		return "", err
	}
	texts := []string{dir.ID(), target, transform.Output}
	for _, table := range []string{"outcomes", "readback"} {
		digest, err := run.DigestFile(dir.Loaded(target, table))
		if errors.Is(err, fs.ErrNotExist) && table == "outcomes" {
			return "", nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		texts = append(texts, table, digest)
	}
	return run.DigestText(texts...), nil
}

// Code ties a yellow cell to what was rehearsed.
func Code(result, label string) string { return books.Code([]string{result, label}) }
