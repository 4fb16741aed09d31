package books

// What raw values are called in every workbook, and which of them are good or bad news.

var severityWords = map[string]string{"stop": "Stops the load", "hold": "Held back", "note": "For information"}
var severityTones = map[string]string{"stop": "stop", "hold": "attention", "note": "plain"}

var entityWords = map[string]string{
	"contacts": "Contacts", "accounts": "Accounts", "deals": "Deals", "tasks": "Tasks", "notes": "Notes",
	"appointments": "Meetings", "sales_activities": "Sales activities",
	"phone_calls": "Phone calls", "documents": "Documents", "user_profiles": "Profiles", "attributes": "Attributes",
	"attribute_definitions": "Attribute definitions", "tags": "Tags",
	"segments": "Segments", "segment_memberships": "Segment members", "consents": "Consents", "loyalty": "Loyalty",
	"campaigns": "Campaigns", "campaign_interactions": "Campaign messages",
	"events": "Events", "devices": "Devices", "geofences": "Geofences", "gamification_rules": "Gamification rules",
	"companies": "Companies", "activities": "Calls, e-mails, meetings", "account_links": "Account links",
}

var actionTones = map[string]string{"create": "good", "update": "good", "unchanged": "plain", "conflict": "attention",
	"held": "attention", "blocked": "attention", "pending": "plain", "refused": "stop", "missing": "stop",
	"created": "good", "updated": "good"}

// phaseWords are the steps of a load, in plain words.
var phaseWords = func() map[string]string {
	words := map[string]string{"preflight": "Looking at the account", "provision": "Making fields",
		"plan": "Comparing with what is there", "adopt": "Finding records of an earlier load", "reconcile": "Reading back",
		"rollback": "Undoing", "backup": "Keeping a copy of what is there", "consent": "Learning how consent is marked"}
	for entity, word := range entityWords {
		words[entity] = "Sending: " + word
	}
	return words
}()

// PlanWords are the plans of Freshsales.
var PlanWords = map[string]string{"free": "Free", "growth": "Growth", "pro": "Pro", "enterprise": "Enterprise"}

var activityWords = map[string]string{"each": "One by one", "latest": "The newest", "daily": "Day by day",
	"weekly": "Week by week", "top": "The most frequent", "none": "Not at all"}

// FateWords are what became of a record, in plain words; the same in every workbook.
var FateWords = map[string]string{
	"created": "Created in Freshsales", "updated": "Updated in Freshsales", "unchanged": "Was right in Freshsales already",
	"conflict": "Left as somebody changed it in Freshsales", "held": "Waits for an answer",
	"blocked": "Waits for its contact",
	"refused": "Refused by Freshsales", "pending": "Not sent yet", "merged": "Goes into another record",
	"repeated": "The same record again", "rejected": "Could not be read", "anonymous": "Nobody knows whose it is",
	"excluded": "Left out by agreement", "orphan": "Its person was not exported", "summarised": "Counted in a summary",
	"documented": "Listed in the hand-over", "deleted": "Left out by your decision",
	"missing": "Sent, but not there any more",
}

// ClassWords are what reading back found.
var ClassWords = map[string]string{
	"identical": "As it was sent", "modified": "Differs from what was sent", "missing": "Not there",
	"extra":     "There, but not sent",
	"duplicate": "There twice", "moved": "Moved to another stage by a rule of the account",
}

// undoneWords are what a roll-back did.
var undoneWords = map[string]string{"reversed": "Taken back", "kept": "Kept",
	"failed": "Could not be taken back", "absent": "Was not there any more"}

// AnyAttention is for columns that say something only where there is something to look at.
var AnyAttention = map[string]string{"": "attention"}

var classTones = map[string]string{"identical": "good", "modified": "attention", "missing": "stop",
	"extra": "attention", "duplicate": "stop"}

var noticeWords = map[string]string{"field_created": "New field", "workflow": "Workflow", "lifecycle_move": "Lifecycle",
	"limitation": "Limitation", "merged_since": "Merged since", "split": "Split since",
	"field_refused": "Field refused", "field_to_create": "New field",
	"frozen_field": "Field that cannot change", "required_field": "Field that must be filled",
	"lifecycle_reason": "Lifecycle", "vanished": "Not in the data any more",
	"held_said_no": "Waits, and said no", "left_said_no": "Said no since", "vanished_said_no": "Said no since",
	"no_refused": "A no that was refused", "emptied": "Left as it was", "blanked": "Perhaps erased",
	"shared_mobile": "Shared telephone", "unknown_owner_email": "Owner without a user",
	"documents_missing": "Missing files", "refusals_kept": "A no that was kept", "documents_too_large": "Large files",
	"workflows": "Workflow", "no_list": "No list to check by",
	"no_field_route": "Fields made by hand"}

// survivorWords are the rules by which one value of several stays (sql/0_settings/survivorship.csv).
var survivorWords = map[string]string{"newest": "The newest", "oldest": "The oldest",
	"most_complete": "Of the fullest record", "most_frequent": "What most records say", "longest": "The longest",
	"source": "Of the preferred source"}

// What may be answered, word for word.
var (
	MappingAnswers = []string{"confirm", "change", "skip"}
	PairAnswers    = []string{"merge", "apart"}
	// TypeWords is what kinds of fields are called.
	TypeWords = map[string]string{"text": "Text", "text_area": "Long text", "number": "Number",
		"dropdown": "List (one choice)", "multi_select": "List (several choices)", "checkbox": "Yes or no", "date": "Date"}
	FieldTypes = []string{"text", "text_area", "number", "dropdown", "multi_select", "checkbox", "date"}
)
