package books

// Quality asks what should happen to data that is wrong.
var Quality = Book{
	File: "quality.xlsx", Kind: "quality", Title: "Quality of the data",
	Question: "What is wrong with the data, and what should happen to it?",
	HowTo: []string{
		"Where: in the yellow cells: above for all findings of one kind at once, on the sheets “Findings” and " +
			"“Same person” one by one. " +
			"An answer for one row wins over the answer for all. You may filter and sort; please do not change the other cells.",
		"clean: put another value in its place: the one in “New value” or, if that is empty, the suggestion.",
		"delete: do not take this record over.",
		"accept: take it over as it is.",
		"merge, apart: for two records that may be one person: make them one, or keep them apart for good. " +
			"Merged contacts cannot be split again in Freshsales.",
		"Undo: on the sheet “Merged automatically”, “apart” keeps two records two people after all.",
		"Empty: not decided. Records that are held back stay behind until somebody decides.",
		"Then: save the file under its name and send it back.",
	},
	Defaults: &Sheet{Title: "One answer for all of a kind", Model: "rule_defaults",
		Code: []string{"rule", "question_group", "decisions"},
		About: "Each line is a question that one answer settles for all its open rows; you can still " +
			"answer single rows otherwise.",
		Columns: []Column{
			{Name: "question", Title: "Question"},
			{Name: "open", Title: "Open rows"},
			{Name: "sample", Title: "For example"},
			{Name: "decision", Title: "Answer for all", Kind: Answer, Choices: Choices{From: "decisions"}},
			{Name: "rule", Title: "Rule name", Kind: Key},
			{Name: "question_group", Title: "Group", Kind: Key},
			{Name: "decisions", Title: "Possible answers", Kind: Key},
			{Name: "before", Title: "Answer before", Kind: Before},
			{Name: "code", Title: "Row code", Kind: RowCode},
		}},
	Sheets: []Sheet{
		{Title: "Rules", Model: "quality_rules", Freeze: 1,
			Empty: "No rule was checked.",
			About: "What was checked, how serious it is, and how often it was found.",
			Columns: []Column{
				{Name: "sentence", Title: "Rule", Kind: Long, Width: 60},
				{Name: "severity", Title: "How serious", Words: severityWords, Tones: severityTones},
				{Name: "findings", Title: "Found"},
				{Name: "open", Title: "Not decided"},
				{Name: "held", Title: "Held back"},
				{Name: "fix", Title: "What to do", Kind: Long, Width: 50},
				{Name: "decisions", Title: "Possible answers"},
				{Name: "off_reason", Title: "Switched off because", Kind: Long, Width: 30},
				{Name: "engineer", Title: "For your engineer", Kind: Key, Width: 60},
				{Name: "rule", Title: "Rule name", Kind: Key, Width: 34},
			}},
		{Title: "Where it hurts", Model: "quality_heat", Heat: []string{"stop", "hold", "note"},
			Empty: "It hurts nowhere: nothing was found.",
			About: "Findings by kind of data and by how serious they are; the darker, the more.",
			Columns: []Column{
				{Name: "entity", Title: "Kind of data", Words: entityWords, Width: 30},
				{Name: "stop", Title: "Stops the load"},
				{Name: "hold", Title: "Held back"},
				{Name: "note", Title: "For information"},
				{Name: "open", Title: "Not decided"},
				{Name: "worst", Title: "Most frequent", Kind: Long, Width: 70},
			}},
		{Title: "Findings", Model: "quality", Freeze: 2, Hide: []string{"finding", "is_held"},
			SplitBy: []string{"entity", "rule"}, SplitName: "reason",
			Code:  []string{"rule", "key", "field", "suggestion", "decisions", "other_key"},
			Empty: "Nothing was found: no record of the exports breaks a rule.",
			About: "One line for each finding. Answer in the yellow cells.",
			Columns: []Column{
				{Name: "severity", Title: "How serious", Words: severityWords, Tones: severityTones, Width: 16},
				{Name: "who_is_it", Title: "Who or what", Width: 34},
				{Name: "reason", Title: "What is wrong", Kind: Long, Width: 46},
				{Name: "field", Title: "Field", Kind: FieldLabel},
				{Name: "value", Title: "Value now", Kind: Long, Width: 34},
				{Name: "suggestion", Title: "Suggestion", Kind: Long, Width: 34},
				{Name: "other", Title: "The other contact", Kind: Long, Width: 34},
				{Name: "decision", Title: "Your decision", Kind: Answer, Choices: Choices{From: "decisions"}},
				{Name: "decision_value", Title: "New value", Kind: Answer, Width: 28},
				{Name: "who", Title: "Decided by", Kind: Answer, Width: 18},
				{Name: "entity", Title: "Kind of data", Kind: Key, Words: entityWords},
				{Name: "key", Title: "Key", Kind: Key, Width: 30},
				{Name: "other_key", Title: "Other key", Kind: Key},
				{Name: "field", Title: "Field name", Kind: Key},
				{Name: "rule", Title: "Rule name", Kind: Key, Width: 30},
				{Name: "decisions", Title: "Possible answers", Kind: Key},
				{Name: "before", Title: "Answer before", Kind: Before},
				{Name: "code", Title: "Row code", Kind: RowCode},
			}},
		{Title: "Same person", Model: "pairs", Code: []string{"left_key", "right_key", "question_group"},
			Empty: "No two records look like one person, so there is nothing to ask.",
			About: "Pairs that may be one person. Freshsales cannot split what was merged, so we ask. " +
				"Values that differ are marked. Answer in the yellow cells.",
			Columns: sideBySide(
				Column{Name: "advice", Title: "What we think", Kind: Long, Width: 28},
				Column{Name: "decision", Title: "Your decision", Kind: Answer, Choices: Choices{Fixed: PairAnswers}},
			)},
		{Title: "Merged automatically", Model: "merged_pairs", IsOptional: true,
			Code:  []string{"left_key", "right_key", "decisions"},
			Empty: "No records were made one without asking.",
			About: "Records that were made one person without asking, the less certain ones first. Nothing to do where " +
				"that is right; “apart” undoes it.",
			Columns: sideBySide(
				Column{Name: "decision", Title: "Undo", Kind: Answer, Choices: Choices{From: "decisions"}},
				Column{Name: "decisions", Title: "Possible answers", Kind: Key},
			)},
		{Title: "Waiting for one act", Model: "waiting_for_one_act", Freeze: 1, Hide: []string{"rule"},
			Empty: "Nobody waits for an act of an administrator.",
			About: "Everybody whom one act of an administrator of Freshsales settles; there is nothing to answer here.",
			Columns: []Column{
				{Name: "who_is_it", Title: "Who", Width: 44},
				{Name: "reason", Title: "Why they wait", Kind: Long, Width: 70},
				{Name: "fields", Title: "About", Width: 34},
				{Name: "sentence", Title: "Rule", Kind: Long, Width: 60},
				{Name: "key", Title: "Key", Kind: Key},
			}},
		{Title: "Changed values", Model: "value_changes", Freeze: 1, Band: "key",
			Empty: "Every value moves as it stands in the exports; nothing was repaired.",
			About: "Values we repaired on the way: what they were and what they are now.",
			Columns: []Column{
				{Name: "who_is_it", Title: "Who or what"},
				{Name: "field", Title: "Field", Kind: FieldLabel},
				{Name: "before", Title: "Before", Kind: Long, Width: 50},
				{Name: "after", Title: "After", Kind: Long, Width: 50},
				{Name: "rule", Title: "Why", Kind: Long, Width: 44},
				{Name: "entity", Title: "Kind of data", Kind: Key, Words: entityWords},
				{Name: "key", Title: "Key", Kind: Key},
			}},
		{Title: "Merged people", Model: "people_merged", Freeze: 1, Band: "person_key",
			Empty: "Everybody is in the data once; nobody was merged.",
			About: "People who were in the data more than once: what each record said, and what we kept.",
			Columns: []Column{
				{Name: "person", Title: "Person"},
				{Name: "members", Title: "Records"},
				{Name: "field", Title: "Field", Kind: FieldLabel},
				{Name: "before", Title: "Before", Kind: Long, Width: 70},
				{Name: "after", Title: "Kept", Kind: Long, Width: 36},
				{Name: "rule", Title: "By which rule", Words: survivorWords},
				{Name: "evidence", Title: "Why one person", Kind: Long, Width: 44},
				{Name: "person_key", Title: "Key", Kind: Key},
			}},
		{Title: "Left out", Model: "left_out_people", Freeze: 1,
			Empty: "Nobody was left out by a decision, and the source calls nobody deleted or merged.",
			About: "People who do not move: somebody decided so, or the source calls them deleted or merged.",
			Columns: []Column{
				{Name: "who_is_it", Title: "Who", Width: 44},
				{Name: "reason", Title: "Why", Kind: Long, Width: 60},
				{Name: "decided_by", Title: "Decided by", Width: 24},
				{Name: "decided_at", Title: "When"},
				{Name: "profile_key", Title: "Key", Kind: Key},
			}},
		decisionsSheet,
		{Title: "Rounds", Model: "rounds",
			Empty: "Nobody has answered yet. Each round of answers stands here in the next workbook, with what still waits.",
			About: "How many questions waited before and after each day on which somebody answered.",
			Columns: []Column{
				{Name: "round", Title: "Round"},
				{Name: "day", Title: "Day"},
				{Name: "who", Title: "Answered by", Width: 44},
				{Name: "waiting_before", Title: "Waiting before"},
				{Name: "answered", Title: "Answered"},
				{Name: "waiting_after", Title: "Waiting after"},
			}},
	},
}

// decisionsSheet lists what was decided, in every workbook that asks.
var decisionsSheet = Sheet{Title: "Decisions", Model: "decided", Freeze: 1,
	Empty: "Nothing was decided so far. What you answer stands here in the next workbook.",
	About: "What was decided so far, the newest first: by whom, when, and how many records it touches.",
	Columns: []Column{
		{Name: "decided_at", Title: "When"},
		{Name: "who", Title: "Who decided", Width: 22},
		{Name: "question", Title: "Question", Kind: Long, Width: 48},
		{Name: "about", Title: "About", Kind: Long, Width: 44},
		{Name: "decision", Title: "Decision"},
		{Name: "value", Title: "Value", Kind: Long, Width: 30},
		{Name: "records", Title: "Records it touches"},
	}}

// sideBySide are the columns of two records that are compared, with the answer and what belongs to it.
func sideBySide(answer ...Column) []Column {
	columns := []Column{
		{Name: "probability", Title: "How likely", Format: "percent"},
		{Name: "evidence", Title: "Why we think so", Kind: Long, Width: 40},
	}
	for _, c := range []struct {
		name, title string
		width       float64
	}{{"name", "name", 22}, {"email", "e-mail", 30}, {"phone", "phone", 18}, {"born", "born", 12},
		{"address", "address", 26}, {"details", "details", 30}} {
		columns = append(columns,
			Column{Name: "left_" + c.name, Title: "One: " + c.title, Mark: c.name, Kind: Long, Width: c.width},
			Column{Name: "right_" + c.name, Title: "Other: " + c.title, Mark: c.name, Kind: Long, Width: c.width})
	}
	columns = append(columns, answer...)
	return append(columns,
		Column{Name: "who", Title: "Decided by", Kind: Answer, Width: 18},
		Column{Name: "question_group", Title: "Group", Kind: Key, Width: 40},
		Column{Name: "left_key", Title: "One: key", Kind: Key},
		Column{Name: "right_key", Title: "Other: key", Kind: Key},
		Column{Name: "before", Title: "Answer before", Kind: Before},
		Column{Name: "code", Title: "Row code", Kind: RowCode})
}
