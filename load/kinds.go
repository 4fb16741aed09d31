package load

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
