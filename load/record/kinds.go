package load

import (
	"crypto/sha256"
	"ferry/load/freshsales"
	"path/filepath"
	"strings"
)

// kind is what the loader knows of one entity: how it is keyed, found again and sent.
type kind struct {
	entity string
	key    string
	// identity is the attribute bulk upsert recognises a record by; "" means creates are sent one
	// by one and an unknown outcome is settled by looking.
	identity string
	// refIn is where the Ref of a created record is written; "" means a cf_ferry_ref field.
	refIn string
	// perContact records are sent contact by contact.
	perContact bool
}

// kinds are all entities the loader sends, in the order of the mission: parents before children.
var kinds = []*kind{
	{entity: "contacts", key: "contact_key", identity: "email"},
	{entity: "accounts", key: "account_key", identity: "name"},
	{entity: "deals", key: "deal_key", perContact: true},
	{entity: "tasks", key: "task_key", refIn: "description", perContact: true},
	{entity: "notes", key: "note_key", refIn: "description", perContact: true},
	{entity: "appointments", key: "appointment_key", refIn: "description", perContact: true},
	{entity: "sales_activities", key: "sales_activity_key", refIn: "notes", perContact: true},
	{entity: "phone_calls", key: "phone_call_key", refIn: "note", perContact: true},
	{entity: "documents", key: "document_key", perContact: true},
}

func kindOf(entity string) *kind {
	for _, k := range kinds {
		if k.entity == entity {
			return k
		}
	}
	return nil
}

// Entities are the names of all that is sent, in the order it is sent.
func Entities() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.entity
	}
	return names
}

// accountLinks are the links of contacts to accounts, planned and sent as records of their own.
const accountLinks = "account_links"

// stageMoves are the calls that put a contact's stage back after its deal arrived, noted in the
// ledger per deal so that each is made once.
const stageMoves = "stage_moves"

// automatic fields are moved by the account itself when a deal of ours arrives.
var automatic = []string{"lifecycle_stage_id", "contact_status_id"}

// refField is the custom field that carries the Ref of a record that has no text for it.
const refField = "cf_ferry_ref"

// planOrder is the order of entities in a plan; links stand behind what they link.
func planOrder() []string {
	var order []string
	for _, k := range kinds {
		order = append(order, k.entity)
		if k.entity == "accounts" {
			order = append(order, accountLinks)
		}
	}
	return order
}

func linkDigest(account string) []byte {
	sum := sha256.Sum256([]byte(account))
	return sum[:16]
}

// identOf is what bulk upsert would recognise a record by, in one spelling.
func identOf(k *kind, r *record) string {
	text, _ := r.fields[k.identity].(string)
	return strings.ToLower(strings.TrimSpace(text))
}

// fileName is the name a document gets.
func fileName(f fields) string {
	if name := strings.TrimSpace(asText(f["file_name"])); name != "" {
		return name
	}
	return filepath.Base(filepath.FromSlash(asText(f["path"])))
}

// identOfRow is the identity of a row of a list, in the same spelling.
func identOfRow(k *kind, r freshsales.Row) string {
	text := r.Email
	if k.identity == "name" {
		text = r.Name
	}
	return strings.ToLower(strings.TrimSpace(text))
}
