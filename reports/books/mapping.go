package books

// Mapping asks where every attribute goes.
var Mapping = Book{
	File: "mapping.xlsx", Kind: "mapping", Title: "Where each attribute goes",
	Question: "Is every attribute going to the right field?",
	HowTo: []string{
		"Where: on the sheet “Attributes”, in the yellow cells. You may filter and sort; please do not " +
			"change the other cells.",
		"confirm: the proposal is right.",
		"change: choose another field, another kind, or both, in the two yellow cells beside it.",
		"Other field: a field from the list on the sheet “Fields” is that field, also one that Freshsales has already; " +
			"“New field” is a new one of the attribute's own name, and any other name is a new field of that name.",
		"skip: this attribute is not needed in Freshsales and stays behind.",
		"Conflict: two attributes in one field lose one of them: answer “change” or “skip” for all but one.",
		"Then: save the file under its name and send it back.",
	},
	Sheets: []Sheet{
		{Title: "Attributes", Model: "mapping", Freeze: 1, Hide: []string{"decided_at"},
			Code:  []string{"attribute", "entity", "name", "label", "type", "kinds"},
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
		{Title: "Fields", Model: "field_choices", Choices: true,
			About: "The fields an attribute can go into. Names that are not here make a new field.",
			Columns: []Column{
				{Name: "label", Title: "Field you can choose", Width: 34},
				{Name: "kind", Title: "Where it comes from", Width: 30},
				{Name: "type", Title: "Kind of field", Words: TypeWords, Width: 22},
				{Name: "filled_by", Title: "Filled by the attributes", Kind: Long, Width: 50},
				{Name: "entity", Title: "Record", Kind: Key},
				{Name: "name", Title: "Technical name", Kind: Key, Width: 30},
			}},
	},
}

// NewField is the choice that makes a field of an attribute's own name.
const NewField = "New field"
