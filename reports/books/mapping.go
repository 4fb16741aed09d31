package books

var Mapping = Book{
	File: "mapping.xlsx", Kind: "mapping", Title: "Where each attribute goes",
	Question: "Is every attribute going to the right field?",
	HowTo: []string{
		"Where: on the sheet “Attributes”, in the yellow cells. You may filter and sort; please do not change the other cells.",
		"confirm: the proposal is right.",
		"change: write another field name, another kind, or both, in the two yellow cells beside it.",
		"skip: this attribute is not needed in Freshsales and stays behind.",
		"Then: save the file under its name and send it back.",
	},
	Sheets: []Sheet{
		{Title: "Attributes", Model: "mapping", Freeze: 1, Hide: []string{"decided_at"}, Code: []string{"attribute", "entity", "name", "label", "type"},
			About: "One line for each attribute: where it should go, how sure we are and why. Answer in the yellow cells.",
			Columns: []Column{
				{Name: "attribute", Title: "Attribute in Xtremepush"},
				{Name: "samples", Title: "Examples", Kind: Long, Width: 34},
				{Name: "filled", Title: "Filled in"},
				{Name: "distinct_values", Title: "Different values"},
				{Name: "label", Title: "Field in Freshsales"},
				{Name: "type", Title: "Kind of field", Words: TypeWords},
				{Name: "source", Title: "Kind in Xtremepush"},
				{Name: "choices", Title: "Choices", Kind: Long, Width: 30},
				{Name: "confidence", Title: "How sure", Format: "percent"},
				{Name: "why", Title: "Why", Kind: Long, Width: 42},
				{Name: "decision", Title: "Your answer", Kind: Answer, Choices: Choices{Fixed: MappingAnswers}},
				{Name: "new_label", Title: "Other field name", Kind: Answer},
				{Name: "new_type", Title: "Other kind", Kind: Answer, Words: TypeWords, Choices: Choices{Fixed: FieldTypes}},
				{Name: "who", Title: "Answered by", Kind: Answer, Width: 18},
				{Name: "entity", Title: "Record", Kind: Key},
				{Name: "name", Title: "Technical name", Kind: Key, Width: 30},
				{Name: "before", Title: "Answer before", Kind: Before}, {Name: "code", Title: "Row code", Kind: RowCode},
			}},
	},
}
