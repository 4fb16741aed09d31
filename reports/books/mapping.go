package books

// Mapping asks where every attribute goes.
var Mapping = Book{
	File: "mapping.xlsx", Kind: "mapping", Title: "Where each attribute goes",
	Question: "Is every attribute going to the right field?",
	HowTo: []string{
		"Where: on the sheets, in the yellow cells. You may filter and sort; please do not " +
			"change the other cells.",
		"confirm: the proposal is right.",
		"change: choose another field, another kind, or both, in the two yellow cells beside it.",
		"Other field: a field from the list on the sheet “Fields” is that field, also one that Freshsales has already; " +
			"“New field” is a new one of the attribute's own name, and any other name is a new field of that name.",
		"skip: this attribute is not needed in Freshsales and stays behind.",
		"Stages, tiers, owners, tags, segments: each has a sheet of its own; what nobody could place stands on top. " +
			"“change” needs a new value beside it, “skip” leaves it out.",
		"Conflict: two attributes in one field lose one of them: answer “change” or “skip” for all but one.",
		"Then: save the file under its name and send it back.",
	},
	Sheets: []Sheet{
		{Title: "Attributes", Model: "mapping", Freeze: 1, Hide: []string{"decided_at"},
			Code:  []string{"attribute", "entity", "name", "label", "type", "kinds"},
			Empty: "The exports hold no attribute that needs a place.",
			About: "One line for each attribute: where it should go, how sure we are and why. Answer in the yellow cells.",
			Columns: []Column{
				{Name: "attribute", Title: "Attribute in Xtremepush", Width: 26},
				{Name: "samples", Title: "Examples", Kind: Long, Width: 30},
				{Name: "filled", Title: "Filled in"},
				{Name: "distinct_values", Title: "Different values"},
				{Name: "label", Title: "Field in Freshsales", Width: 24},
				{Name: "type", Title: "Kind of field", Words: TypeWords, Width: 18},
				{Name: "confidence", Title: "How sure", Format: "percent"},
				{Name: "why", Title: "Why", Kind: Long, Width: 36},
				{Name: "conflict", Title: "Conflict", Kind: Long, Width: 28, Tones: AnyAttention},
				{Name: "lost", Title: "What is lost", Kind: Long, Width: 22},
				{Name: "decision", Title: "Your answer", Kind: Answer, Choices: Choices{Fixed: MappingAnswers}},
				{Name: "new_label", Title: "Other field name", Kind: Answer, Width: 24, Choices: Choices{Sheet: "Fields"}},
				{Name: "new_type", Title: "Other kind", Kind: Answer, Words: TypeWords, Choices: Choices{From: "kinds"}},
				{Name: "who", Title: "Answered by", Kind: Answer, Width: 18},
				{Name: "choices", Title: "Choices", Kind: Key, Width: 30},
				{Name: "source", Title: "Kind in Xtremepush", Kind: Key},
				{Name: "entity", Title: "Record", Kind: Key},
				{Name: "name", Title: "Technical name", Kind: Key, Width: 30},
				{Name: "kinds", Title: "Kinds that fit", Kind: Key},
				{Name: "before", Title: "Answer before", Kind: Before},
				{Name: "code", Title: "Row code", Kind: RowCode},
			}},
		mapList("Lifecycle stages", "map_stages", "Stage key",
			"What each stage in the data becomes in Freshsales. The word itself is kept in a field beside it.",
			Column{Name: "shown", Title: "Stage in the data", Width: 30},
			Column{Name: "contacts", Title: "Contacts"},
			Column{Name: "becomes", Title: "Stage and status in Freshsales", Width: 34},
			Column{Name: "why", Title: "Why", Kind: Long, Width: 44},
			Column{Name: "decision", Title: "Your answer", Kind: Answer, Choices: Choices{From: "answers"}},
			Column{Name: "new_value", Title: "Other stage", Kind: Answer, Width: 32, Choices: Choices{From: "choices"}},
			Column{Name: "choices", Title: "Possible stages", Kind: Long, Width: 36}),
		mapList("Loyalty tiers", "map_tiers", "Tier key",
			"What each loyalty tier is worth: the amount of a deal, and the score from 0 to 100 that counts when deals are "+
				"made.",
			Column{Name: "shown", Title: "Tier in the data", Width: 30},
			Column{Name: "contacts", Title: "Contacts"},
			Column{Name: "amount", Title: "Amount of a deal"},
			Column{Name: "score", Title: "Score"},
			Column{Name: "why", Title: "Why", Kind: Long, Width: 44},
			Column{Name: "decision", Title: "Your answer", Kind: Answer, Choices: Choices{From: "answers"}},
			Column{Name: "new_value", Title: "Other amount", Kind: Answer},
			Column{Name: "second_value", Title: "Other score", Kind: Answer}),
		mapList("Owners", "map_owners", "Owner key",
			"Who in Freshsales looks after the contacts of each name in the data. Their addresses must be users of Freshsales.",
			Column{Name: "shown", Title: "Owner in the data", Width: 36},
			Column{Name: "contacts", Title: "Contacts"},
			Column{Name: "becomes", Title: "User in Freshsales", Width: 36},
			Column{Name: "why", Title: "Why", Kind: Long, Width: 44},
			Column{Name: "decision", Title: "Your answer", Kind: Answer, Choices: Choices{From: "answers"}},
			Column{Name: "new_value", Title: "E-mail of the user", Kind: Answer, Width: 32}),
		mapList("Tags", "map_tags", "Tag key",
			"How tags travel, in the first line, and every tag a contact gets; “skip” leaves a tag behind. Empty means it "+
				"moves.",
			Column{Name: "shown", Title: "Tag", Width: 40},
			Column{Name: "comes_from", Title: "Where it comes from", Kind: Long, Width: 34},
			Column{Name: "contacts", Title: "Contacts"},
			Column{Name: "becomes", Title: "Becomes in Freshsales", Width: 44},
			Column{Name: "decision", Title: "Your answer", Kind: Answer, Choices: Choices{From: "answers"}}),
		mapList("Segments", "map_segments", "Segment key",
			"Whether segments become tags, in the first line, and each segment; “skip” makes no tag of it. Empty means it "+
				"moves.",
			Column{Name: "shown", Title: "Segment", Width: 40},
			Column{Name: "in_words", Title: "Rule in words", Kind: Long, Width: 50},
			Column{Name: "contacts", Title: "Contacts"},
			Column{Name: "becomes", Title: "Becomes in Freshsales", Width: 44},
			Column{Name: "decision", Title: "Your answer", Kind: Answer, Choices: Choices{From: "answers"}}),
		Fields,
		decisionsSheet,
	},
}

// noneOf is what stands above a list of the map that has no entry.
var noneOf = map[string]string{
	"map_stages":   "No profile of the exports has a lifecycle stage, so none has to be placed.",
	"map_tiers":    "No person of the exports has a loyalty tier, so none has to be given a worth.",
	"map_owners":   "No record of the exports names an owner, so nobody has to be found.",
	"map_tags":     "Nobody in the exports has a tag.",
	"map_segments": "The exports hold no segment.",
}

// mapList is the sheet of a list of the map. The title of its key tells it from the others when it comes back.
func mapList(title, model, key, about string, columns ...Column) Sheet {
	s := Sheet{Title: title, Model: model, About: about, Empty: noneOf[model], Freeze: 1,
		Code:       []string{"item", "list", "answers"},
		IsOptional: model == "map_tags" || model == "map_segments"}
	for _, c := range columns {
		if c.Name == "choices" {
			s.Code = append(s.Code, c.Name)
		}
	}
	s.Columns = append(columns,
		Column{Name: "who", Title: "Answered by", Kind: Answer, Width: 18},
		Column{Name: "item", Title: key, Kind: Key},
		Column{Name: "list", Title: "List", Kind: Key},
		Column{Name: "answers", Title: "Possible answers", Kind: Key},
		Column{Name: "before", Title: "Answer before", Kind: Before},
		Column{Name: "code", Title: "Row code", Kind: RowCode})
	return s
}

// NewField is the choice that makes a field of an attribute's own name.
const NewField = "New field"

// Fields are what an attribute can go into; the reader of answers looks them up there.
var Fields = Sheet{Title: "Fields", Model: "field_choices", Choices: true,
	Empty: "There is no field to choose from.",
	About: "The fields an attribute can go into. Names that are not here make a new field.",
	Columns: []Column{
		{Name: "label", Title: "Field you can choose", Width: 34},
		{Name: "kind", Title: "Where it comes from", Width: 30},
		{Name: "type", Title: "Kind of field", Words: TypeWords, Width: 22},
		{Name: "filled_by", Title: "Filled by the attributes", Kind: Long, Width: 50},
		{Name: "entity", Title: "Record", Kind: Key},
		{Name: "name", Title: "Technical name", Kind: Key, Width: 30},
	}}
