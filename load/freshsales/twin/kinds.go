package twin

var accountKind = &kind{
	name: "sales_accounts", one: "sales_account", class: "SalesAccount", noun: "account", base: 70048000000, lags: true,
	attrs: []attribute{
		{name: "name", label: "Name", max: 255},
		{name: "website", label: "website", max: 255},
		{name: "phone", label: "Phone", max: 255},
		{name: "address", label: "Address", max: 255},
		{name: "city", label: "City", max: 255},
		{name: "state", label: "State", max: 255},
		{name: "zipcode", label: "Zipcode", max: 255},
		{name: "country", label: "Country", max: 255},
		{name: "facebook", label: "Facebook", max: 255},
		{name: "twitter", label: "Twitter", max: 255},
		{name: "linkedin", label: "Linkedin", max: 255},
		{name: "number_of_employees", label: "Number of employees", form: aInteger},
		{name: "annual_revenue", label: "Annual revenue", form: aDecimal},
		{name: "industry_type_id", form: aRef, list: "industry_types", noun: "industry type"},
		{name: "business_type_id", form: aRef, list: "business_types", noun: "business type"},
		{name: "owner_id", form: aRef, list: "owners", noun: "owner"},
		{name: "territory_id", form: aRef, list: "territories", noun: "territory"},
		{name: "tags", label: "Tags", form: aTags},
	},
	keys: func(d doc) []string {
		out := []string{key("name", text(d["name"]))}
		for _, name := range []string{"website", "phone"} {
			if v := text(d[name]); v != "" {
				out = append(out, key(name, v))
			}
		}
		if v := text(d["parent_sales_account_id"]); v != "" {
			out = append(out, key("parent", v))
		}
		return append(out, uniqueKeys(d)...)
	},
}

var dealKind = &kind{
	name: "deals", one: "deal", class: "Deal", noun: "deal", base: 70052000000, lags: true,
	attrs: []attribute{
		{name: "name", label: "Deal name", max: 255},
		{name: "amount", label: "Amount", form: aDecimal},
		{name: "base_currency_amount", label: "Base currency amount", form: aDecimal},
		{name: "currency_id", form: aRef, list: "currencies", noun: "currency"},
		{name: "deal_reason_id", form: aRef, list: "deal_reasons", noun: "deal reason"},
		{name: "deal_type_id", form: aRef, list: "deal_types", noun: "deal type"},
		{name: "owner_id", form: aRef, list: "owners", noun: "owner"},
		{name: "expected_close", label: "Expected close", form: aDate},
		{name: "closed_date", label: "Closed date", form: aDate},
		{name: "lead_source_id", form: aRef, list: "lead_sources", noun: "lead source"},
		{name: "campaign_id", form: aRef, list: "campaigns", noun: "campaign"},
		{name: "deal_product_id", form: aRef, list: "deal_products", noun: "deal product"},
		{name: "deal_payment_status_id", form: aRef, list: "deal_payment_statuses", noun: "deal payment status"},
		{name: "probability", label: "Probability", form: aInteger},
		{name: "territory_id", form: aRef, list: "territories", noun: "territory"},
		{name: "tags", label: "Tags", form: aTags},
	},
	keys: func(d doc) []string {
		out := []string{key("name", text(d["name"]))}
		if v := text(d["sales_account_id"]); v != "" {
			out = append(out, key("account", v))
		}
		contacts, _ := d["contact_ids"].([]any)
		for _, c := range contacts {
			out = append(out, key("contact", text(c)))
		}
		return append(out, uniqueKeys(d)...)
	},
}

var taskKind = &kind{
	name: "tasks", one: "task", class: "Task", noun: "task", base: 70060000000,
	attrs: []attribute{
		{name: "title", label: "Title", max: 250},
		{name: "description", label: "Description", max: 65535},
		{name: "due_date", label: "Due date", form: aTime},
		{name: "status", label: "Status", form: aInteger},
		{name: "owner_id", form: aRef, list: "owners", noun: "owner"},
		{name: "task_type_id", form: aRef, list: "task_types", noun: "task type"},
		{name: "outcome_id", form: aRef, list: "sales_activity_outcomes", noun: "outcome"},
	},
	keys: targetKeys,
}

var appointmentKind = &kind{
	name: "appointments", one: "appointment", class: "Appointment", noun: "meeting", base: 70061000000,
	attrs: []attribute{
		{name: "title", label: "Title", max: 250},
		{name: "description", label: "Description", max: 65535},
		{name: "from_date", label: "From date", form: aTime},
		{name: "end_date", label: "End date", form: aTime},
		{name: "time_zone", label: "Time zone", max: 255},
		{name: "location", label: "Location", max: 255},
		{name: "is_allday", label: "Is allday", form: aBoolean},
		{name: "outcome_id", form: aRef, list: "sales_activity_outcomes", noun: "outcome"},
	},
	keys: targetKeys,
}

var noteKind = &kind{
	name: "notes", one: "note", class: "Note", noun: "note", base: 70062000000,
	attrs: []attribute{{name: "description", label: "Description", max: 65535}},
	keys:  targetKeys,
}

var activityKind = &kind{
	name: "sales_activities", one: "sales_activity", class: "SalesActivity", noun: "sales activity", base: 70063000000,
	attrs: []attribute{
		{name: "title", label: "Title", max: 250},
		{name: "notes", label: "Notes", max: 65535},
		{name: "location", label: "Location", max: 255},
		{name: "latitude", label: "Latitude", max: 30},
		{name: "longitude", label: "Longitude", max: 30},
		{name: "start_date", label: "Start date", form: aTime},
		{name: "end_date", label: "End date", form: aTime},
		{name: "checkedin_at", label: "Checkedin at", form: aTime},
		{name: "owner_id", form: aRef, list: "owners", noun: "owner"},
		{name: "sales_activity_type_id", form: aRef, list: "sales_activity_types", noun: "sales activity type"},
		{name: "sales_activity_outcome_id", form: aRef, list: "sales_activity_outcomes", noun: "sales activity outcome"},
	},
	keys: targetKeys,
}

var callKind = &kind{
	name: "phone_calls", one: "phone_call", class: "PhoneCall", noun: "phone call", base: 70064000000,
	attrs: []attribute{{name: "call_direction", label: "Call direction", form: aBoolean}},
	keys:  targetKeys,
}

var documentKind = &kind{
	name: "documents", one: "document", class: "Document", noun: "document", base: 70065000000,
	attrs: []attribute{{name: "name", label: "Name", max: 255}, {name: "is_shared", label: "Is shared", form: aBoolean}},
	keys:  targetKeys,
}

// targetKeys find an activity by what it hangs on.
func targetKeys(d doc) []string {
	if id := text(d["target_id"]); id != "" {
		return []string{key("target", text(d["target_type"])+id)}
	}
	return nil
}
