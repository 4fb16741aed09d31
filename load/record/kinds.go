package record

import (
	"crypto/sha256"
	"path/filepath"
	"strings"

	"ferry/load/freshsales"
)

// Kind is what the loader knows of one entity: how it is keyed, found again and sent.
type Kind struct {
	Entity string
	Key    string
	// identity is the attribute bulk upsert recognises a record by; "" means creates are sent one
	// by one and an unknown outcome is settled by looking.
	Identity string
	// refIn is where the Ref of a created record is written; "" means a cf_ferry_ref field.
	RefIn string
	// perContact records are sent contact by contact.
	PerContact bool
	// WholeList is the filter of the list in which records of ours stand whole, a hundred to a call; nil: there
	// is no such list (API.md 1.6, 4.4). Tasks are made done.
	WholeList *string
}

var done, everything = "completed", ""

// Kinds are all entities the loader sends, in the order of the mission: parents before children.
var Kinds = []*Kind{
	{Entity: "contacts", Key: "contact_key", Identity: "email"},
	{Entity: "accounts", Key: "account_key", Identity: "name"},
	{Entity: "deals", Key: "deal_key", PerContact: true},
	{Entity: "tasks", Key: "task_key", RefIn: "description", PerContact: true, WholeList: &done},
	{Entity: "notes", Key: "note_key", RefIn: "description", PerContact: true},
	{Entity: "appointments", Key: "appointment_key", RefIn: "description", PerContact: true},
	{Entity: "sales_activities", Key: "sales_activity_key", RefIn: "notes", PerContact: true,
		WholeList: &everything},
	{Entity: "phone_calls", Key: "phone_call_key", RefIn: "note", PerContact: true},
	{Entity: "documents", Key: "document_key", PerContact: true},
}

// Order is by which columns the table of a kind is read: contact by contact where it is sent so.
func (k *Kind) Order() []string {
	if k.PerContact {
		return []string{"contact_key", k.Key}
	}
	return []string{k.Key}
}

func KindOf(entity string) *Kind {
	for _, k := range Kinds {
		if k.Entity == entity {
			return k
		}
	}
	return nil
}

// Entities are the names of all that is sent, in the order it is sent.
func Entities() []string {
	names := make([]string, len(Kinds))
	for i, k := range Kinds {
		names[i] = k.Entity
	}
	return names
}

// AccountLinks are the links of contacts to accounts, planned and sent as records of their own.
const AccountLinks = "account_links"

// StageMoves are the calls that put a contact's stage back after its deal arrived, noted in the
// ledger per deal so that each is made once.
const StageMoves = "stage_moves"

// Automatic fields are moved by the account itself when a deal of ours arrives.
var Automatic = []string{"lifecycle_stage_id", "contact_status_id"}

// RefField is the custom field that carries the Ref of a record that has no text for it.
const RefField = "cf_ferry_ref"

// PlanOrder is the order of entities in a plan; links stand behind what they link.
func PlanOrder() []string {
	var order []string
	for _, k := range Kinds {
		order = append(order, k.Entity)
		if k.Entity == "accounts" {
			order = append(order, AccountLinks)
		}
	}
	return order
}

func LinkDigest(account string) []byte {
	sum := sha256.Sum256([]byte(account))
	return sum[:16]
}

// IdentOf is what bulk upsert would recognise a record by, in one spelling.
func IdentOf(k *Kind, r *Record) string {
	text, _ := r.Fields[k.Identity].(string)
	return strings.ToLower(strings.TrimSpace(text))
}

// FileName is the name a document gets.
func FileName(f Fields) string {
	if name := strings.TrimSpace(AsText(f["file_name"])); name != "" {
		return name
	}
	return filepath.Base(filepath.FromSlash(AsText(f["path"])))
}

// IdentOfRow is the identity of a row of a list, in the same spelling.
func IdentOfRow(k *Kind, r freshsales.Row) string {
	text := r.Email
	if k.Identity == "name" {
		text = r.Name
	}
	return strings.ToLower(strings.TrimSpace(text))
}
