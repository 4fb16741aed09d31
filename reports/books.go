package reports

// Every workbook, sheet and column, in the customer's words. A column the table does not have is
// left out; one it has and nobody named here comes last, under its own name.

var severityWords = map[string]string{"stop": "Stops the load", "hold": "Held back", "note": "For information"}
var severityTones = map[string]string{"stop": "stop", "hold": "attention", "note": "plain"}

var entityWords = map[string]string{
	"contacts": "Contacts", "accounts": "Accounts", "deals": "Deals", "tasks": "Tasks", "notes": "Notes", "appointments": "Meetings", "sales_activities": "Sales activities",
	"phone_calls": "Phone calls", "documents": "Documents", "user_profiles": "Profiles", "attributes": "Attributes", "attribute_definitions": "Attribute definitions", "tags": "Tags",
	"segments": "Segments", "segment_memberships": "Segment members", "consents": "Consents", "loyalty": "Loyalty", "campaigns": "Campaigns", "campaign_interactions": "Campaign messages",
	"events": "Events", "devices": "Devices", "geofences": "Geofences", "gamification_rules": "Gamification rules", "companies": "Companies", "activities": "Calls, e-mails, meetings",
}

var actionTones = map[string]string{"create": "good", "update": "good", "unchanged": "plain", "conflict": "attention", "held": "attention", "blocked": "attention", "pending": "plain", "refused": "stop", "created": "good", "updated": "good"}

var planWords = map[string]string{"free": "Free", "growth": "Growth", "pro": "Pro", "enterprise": "Enterprise"}

var activityWords = map[string]string{"each": "One by one", "latest": "The newest", "daily": "Day by day", "weekly": "Week by week", "top": "The most frequent", "none": "Not at all"}

var equationsSheet = sheet{title: "Sums", model: "equations", about: "Every record is counted once: both sides of each line must be equal.", columns: []column{
	{name: "equation", title: "What must be equal", kind: long, width: 44}, {name: "entity", title: "About", words: entityWords},
	{name: "left_name", title: "On the one side", kind: long, width: 36}, {name: "left_value", title: "Number"},
	{name: "right_name", title: "On the other side", kind: long, width: 60}, {name: "right_value", title: "Other number"},
	{name: "is_true", title: "Equal?", tones: map[string]string{"true": "good", "false": "stop"}},
}}

var scopeBook = book{
	file: "scope.xlsx", kind: "scope", title: "Scope of the migration",
	question: "What is there, what moves, what is derived, and what does not move?",
	sheets: []sheet{
		{title: "What moves", model: "scope_entities", freeze: 1, about: "One line for each kind of data in Xtremepush: how much there is and what becomes of it.", columns: []column{
			{name: "label", title: "Kind of data", words: entityWords}, {name: "records", title: "Records in the exports"}, {name: "rejected", title: "Could not be read"},
			{name: "repeated", title: "Repeated"}, {name: "moves", title: "Move"}, {name: "merged", title: "Merged"}, {name: "summarised", title: "Summarised"},
			{name: "documented", title: "Documented only"}, {name: "not_moved", title: "Do not move"}, {name: "becomes", title: "Becomes in Freshsales", kind: long}, {name: "note", title: "Why", kind: long, width: 60}, {name: "entity", title: "Table", kind: key},
		}},
		{title: "Where records went", model: "fate_counts", about: "Every record of the exports has exactly one fate.", columns: []column{
			{name: "entity", title: "Kind of data", words: entityWords}, {name: "fate", title: "Fate"}, {name: "records", title: "Records"}, {name: "reason", title: "Reason", kind: long, width: 80},
		}},
		{title: "Calls and hours", model: "scope_costs", about: "Freshsales limits the calls an account may make in an hour; this is how long the load takes.", columns: []column{
			{name: "plan", title: "Freshsales plan", words: planWords}, {name: "activity_setting", title: "How events are carried", words: activityWords}, {name: "records", title: "Records"}, {name: "calls", title: "Calls"}, {name: "calls_per_hour", title: "Calls an hour"}, {name: "hours", title: "Hours"}, {name: "note", title: "Note", kind: long},
		}},
		{title: "Custom fields", model: "field_budget", about: "How many custom fields of each kind are needed, and how many each Freshsales plan allows.", columns: []column{
			{name: "plan", title: "Freshsales plan", words: planWords}, {name: "type", title: "Kind of field", words: typeWords}, {name: "needed", title: "Needed"}, {name: "allowed", title: "Allowed"}, {name: "fits", title: "Fits?", tones: map[string]string{"true": "good", "false": "stop"}},
		}},
		{title: "Complexity", model: "complexity", about: "What makes this migration easy or hard, point by point.", columns: []column{
			{name: "input", title: "What we looked at", kind: long}, {name: "value", title: "Found"}, {name: "points", title: "Points"}, {name: "maximum", title: "At most"}, {name: "note", title: "What it means", kind: long, width: 70},
		}},
		{title: "Files read", model: "sources", about: "Every file and every endpoint that was read: records = landed + could not be read.", columns: []column{
			{name: "source", title: "File or endpoint", width: 56}, {name: "entity", title: "Kind of data", words: entityWords}, {name: "kind", title: "From"}, {name: "format", title: "Format"}, {name: "encoding", title: "Encoding"}, {name: "delimiter", title: "Separator"},
			{name: "bytes", title: "Bytes"}, {name: "records", title: "Records"}, {name: "landed", title: "Landed"}, {name: "rejected", title: "Could not be read"}, {name: "note", title: "Note", kind: long}, {name: "sha256", title: "Fingerprint", kind: key, width: 14},
		}},
		{title: "Unreadable records", model: "rejects", hide: []string{"reject_key"}, about: "Records that could not be read, as they were.", columns: []column{
			{name: "file", title: "File", width: 48}, {name: "record", title: "Record"}, {name: "line", title: "Line"}, {name: "entity", title: "Kind of data", words: entityWords}, {name: "reason", title: "Reason", kind: long}, {name: "raw", title: "As it was", kind: long, width: 90},
		}},
		equationsSheet,
	},
}

var mappingBook = book{
	file: "mapping.xlsx", kind: "mapping", title: "Where each attribute goes",
	question: "Is every attribute going to the right field?",
	howTo: []string{
		"Where: on the sheet “Attributes”, in the yellow cells. You may filter and sort; please do not change the other cells.",
		"confirm: the proposal is right.",
		"change: write another field name, another kind, or both, in the two yellow cells beside it.",
		"skip: this attribute is not needed in Freshsales and stays behind.",
		"Then: save the file under its name and send it back.",
	},
	sheets: []sheet{
		{title: "Attributes", model: "mapping", freeze: 1, hide: []string{"decided_at"}, code: []string{"attribute", "entity", "name", "label", "type"}, about: "One line for each attribute: where it should go, how sure we are and why. Answer in the yellow cells.", columns: []column{
			{name: "attribute", title: "Attribute in Xtremepush"}, {name: "samples", title: "Examples", kind: long, width: 34}, {name: "filled", title: "Filled in"}, {name: "distinct_values", title: "Different values"},
			{name: "label", title: "Field in Freshsales"}, {name: "type", title: "Kind of field", words: typeWords}, {name: "source", title: "Kind in Xtremepush"}, {name: "choices", title: "Choices", kind: long, width: 30},
			{name: "confidence", title: "How sure", format: "percent"}, {name: "why", title: "Why", kind: long, width: 42},
			{name: "decision", title: "Your answer", kind: answer, choices: choices{fixed: mappingAnswers}}, {name: "new_label", title: "Other field name", kind: answer}, {name: "new_type", title: "Other kind", kind: answer, words: typeWords, choices: choices{fixed: fieldTypes}},
			{name: "who", title: "Answered by", kind: answer, width: 18}, {name: "entity", title: "Record", kind: key}, {name: "name", title: "Technical name", kind: key, width: 30},
			{name: "before", title: "Answer before", kind: before}, {name: "code", title: "Row code", kind: rowCode},
		}},
	},
}

// What may be answered, word for word.
var (
	mappingAnswers = []string{"confirm", "change", "skip"}
	pairAnswers    = []string{"merge", "apart"}
	// typeWords is what kinds of fields are called.
	typeWords  = map[string]string{"text": "Text", "text_area": "Long text", "number": "Number", "dropdown": "List (one choice)", "multi_select": "List (several choices)", "checkbox": "Yes or no", "date": "Date"}
	fieldTypes = []string{"text", "text_area", "number", "dropdown", "multi_select", "checkbox", "date"}
)

var qualityBook = book{
	file: "quality.xlsx", kind: "quality", title: "Quality of the data",
	question: "What is wrong with the data, and what should happen to it?",
	howTo: []string{
		"Where: in the yellow cells of the sheets “Findings” and “Same person”. You may filter and sort; please do not change the other cells.",
		"clean: put another value in its place: the one in “New value” or, if that is empty, the suggestion.",
		"delete: do not take this record over.",
		"accept: take it over as it is.",
		"merge, apart: for two records that may be one person: make them one, or keep them apart for good.",
		"Empty: not decided. Records that are held back stay behind until somebody decides.",
		"Then: save the file under its name and send it back.",
	},
	sheets: []sheet{
		{title: "Rules", model: "quality_rules", freeze: 1, about: "What was checked, how serious it is, and how often it was found.", columns: []column{
			{name: "sentence", title: "Rule", kind: long, width: 60}, {name: "severity", title: "How serious", words: severityWords, tones: severityTones}, {name: "findings", title: "Found"}, {name: "open", title: "Not decided"}, {name: "held", title: "Held back"}, {name: "fix", title: "What to do", kind: long, width: 60},
			{name: "decisions", title: "Possible answers"}, {name: "off_reason", title: "Switched off because", kind: long, width: 30}, {name: "rule", title: "Rule name", kind: key, width: 34},
		}},
		{title: "Findings", model: "quality", freeze: 2, hide: []string{"finding", "is_held"}, code: []string{"rule", "key", "field", "suggestion", "decisions"}, about: "One line for each finding. Answer in the yellow cells.", columns: []column{
			{name: "severity", title: "How serious", words: severityWords, tones: severityTones, width: 16}, {name: "who_is_it", title: "Who or what", width: 34}, {name: "reason", title: "What is wrong", kind: long, width: 46}, {name: "field", title: "Field", kind: fieldLabel},
			{name: "value", title: "Value now", kind: long, width: 34}, {name: "suggestion", title: "Suggestion", kind: long, width: 34},
			{name: "decision", title: "Your decision", kind: answer, choices: choices{from: "decisions"}}, {name: "decision_value", title: "New value", kind: answer, width: 28}, {name: "who", title: "Decided by", kind: answer, width: 18},
			{name: "entity", title: "Kind of data", kind: key, words: entityWords}, {name: "key", title: "Key", kind: key, width: 30}, {name: "field", title: "Field name", kind: key}, {name: "rule", title: "Rule name", kind: key, width: 30},
			{name: "decisions", title: "Possible answers", kind: key}, {name: "before", title: "Answer before", kind: before}, {name: "code", title: "Row code", kind: rowCode},
		}},
		{title: "Same person", model: "pairs", code: []string{"left_key", "right_key"}, about: "Pairs that may be one person. Freshsales cannot split what was merged, so we ask. Answer in the yellow cells.", columns: []column{
			{name: "probability", title: "How likely", format: "percent"}, {name: "evidence", title: "Why we think so", kind: long, width: 40},
			{name: "left_name", title: "One: name"}, {name: "right_name", title: "Other: name"}, {name: "left_email", title: "One: e-mail"}, {name: "right_email", title: "Other: e-mail"}, {name: "left_phone", title: "One: phone"}, {name: "right_phone", title: "Other: phone"},
			{name: "left_details", title: "One: details", kind: long, width: 30}, {name: "right_details", title: "Other: details", kind: long, width: 30},
			{name: "decision", title: "Your decision", kind: answer, choices: choices{fixed: pairAnswers}}, {name: "who", title: "Decided by", kind: answer, width: 18},
			{name: "left_key", title: "One: key", kind: key}, {name: "right_key", title: "Other: key", kind: key}, {name: "before", title: "Answer before", kind: before}, {name: "code", title: "Row code", kind: rowCode},
		}},
		{title: "Changed values", model: "value_changes", freeze: 1, about: "Values we repaired on the way: what they were and what they are now.", columns: []column{
			{name: "who_is_it", title: "Who or what"}, {name: "field", title: "Field", kind: fieldLabel}, {name: "before", title: "Before", kind: long, width: 50}, {name: "after", title: "After", kind: long, width: 50}, {name: "rule", title: "Why", kind: long, width: 44},
			{name: "entity", title: "Kind of data", kind: key, words: entityWords}, {name: "key", title: "Key", kind: key},
		}},
		{title: "Merged people", model: "people_merged", freeze: 1, about: "People who were in the data more than once: what each record said, and what we kept.", columns: []column{
			{name: "person", title: "Person"}, {name: "members", title: "Records"}, {name: "field", title: "Field", kind: fieldLabel}, {name: "before", title: "Before", kind: long, width: 70}, {name: "after", title: "Kept", kind: long, width: 36}, {name: "rule", title: "By which rule", kind: long, width: 30}, {name: "evidence", title: "Why one person", kind: long, width: 44}, {name: "person_key", title: "Key", kind: key},
		}},
	},
}
