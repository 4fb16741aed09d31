package reports

// Workbooks of what was loaded, and of what is handed over.

var classTones = map[string]string{"identical": "good", "modified": "attention", "missing": "stop", "extra": "attention", "duplicate": "stop"}

var noticeWords = map[string]string{"field_created": "New field", "workflow": "Workflow", "lifecycle_move": "Lifecycle", "limitation": "Limitation", "merged_since": "Merged since", "split": "Split since"}

var reconciliationBook = book{
	file: "reconciliation.xlsx", kind: "reconciliation", title: "Did everything arrive?", perTarget: true, signOff: true,
	question: "What went in, what came out, and why are they different?",
	sheets: []sheet{
		{title: "Phases", model: "phases", freeze: 2, about: "Each phase of the load: planned = created + updated + unchanged + conflict + refused + held + blocked + not yet sent.", columns: []column{
			{name: "phase", title: "Phase"}, {name: "entity", title: "Kind of data", words: entityWords}, {name: "planned", title: "Planned"}, {name: "created", title: "Created"}, {name: "updated", title: "Updated"}, {name: "unchanged", title: "Unchanged"}, {name: "conflict", title: "Kept theirs"},
			{name: "refused", title: "Refused"}, {name: "held", title: "Held back"}, {name: "blocked", title: "Blocked"}, {name: "pending", title: "Not yet sent"}, {name: "withheld_fields", title: "Fields left out"}, {name: "why", title: "Why different", kind: long, width: 60},
		}},
		{title: "Counts in Freshsales", model: "counts", about: "How many records the account had before and after.", columns: []column{
			{name: "entity", title: "Kind of data", words: entityWords}, {name: "view", title: "View"}, {name: "before", title: "Before"}, {name: "after", title: "After"}, {name: "expected", title: "Expected"}, {name: "difference", title: "Difference"},
		}},
		{title: "Planned changes", model: "plan_changes", freeze: 2, about: "What the load would write: old and new, field by field.", columns: []column{
			{name: "entity", title: "Kind of data", words: entityWords}, {name: "who_is_it", title: "Who or what"}, {name: "action", title: "Action", tones: actionTones}, {name: "field", title: "Field", kind: fieldLabel}, {name: "old_value", title: "Old", kind: long, width: 40}, {name: "new_value", title: "New", kind: long, width: 40}, {name: "reason", title: "Reason", kind: long}, {name: "key", title: "Key", kind: key},
		}},
		{title: "Not arrived", model: "refusals", freeze: 2, about: "Records that are not in Freshsales, and why: in Freshsales’ own words where it refused.", columns: []column{
			{name: "entity", title: "Kind of data", words: entityWords}, {name: "who_is_it", title: "Who or what"}, {name: "outcome", title: "Outcome", tones: actionTones}, {name: "reason", title: "Reason", kind: long, width: 90}, {name: "key", title: "Key", kind: key},
		}},
		{title: "Fields left out", model: "withheld", freeze: 2, about: "Fields that were not sent because their value does not fit; the rest of the record was.", columns: []column{
			{name: "entity", title: "Kind of data", words: entityWords}, {name: "who_is_it", title: "Who or what"}, {name: "field", title: "Field", kind: fieldLabel}, {name: "value", title: "Value", kind: long, width: 44}, {name: "reason", title: "Reason", kind: long, width: 60}, {name: "key", title: "Key", kind: key},
		}},
		{title: "Read back", model: "readback", about: "Records read back from Freshsales and compared field by field.", columns: []column{
			{name: "entity", title: "Kind of data", words: entityWords}, {name: "class", title: "Result", tones: classTones}, {name: "records", title: "Records"},
		}},
		{title: "Differences", model: "readback_differences", freeze: 2, about: "Fields that are not in Freshsales as they were sent.", columns: []column{
			{name: "entity", title: "Kind of data", words: entityWords}, {name: "who_is_it", title: "Who or what"}, {name: "class", title: "Result", tones: classTones}, {name: "field", title: "Field", kind: fieldLabel}, {name: "sent", title: "Sent", kind: long, width: 44}, {name: "found", title: "Found", kind: long, width: 44}, {name: "key", title: "Key", kind: key}, {name: "target_id", title: "Freshsales id", kind: key},
		}},
		{title: "Spot check", model: "spot_check", freeze: 2, about: "A few records side by side, every field: what we sent, and what Freshsales shows. Please look some of them up yourself.", columns: []column{
			{name: "entity", title: "Kind of data", words: entityWords}, {name: "who_is_it", title: "Who or what"}, {name: "field", title: "Field", kind: fieldLabel}, {name: "sent", title: "Sent", kind: long, width: 48}, {name: "found", title: "Found", kind: long, width: 48}, {name: "is_same", title: "Same?", tones: map[string]string{"true": "good", "false": "stop"}}, {name: "target_id", title: "Freshsales id", kind: key}, {name: "key", title: "Key", kind: key},
		}},
		{title: "Undone", model: "rollback", freeze: 2, about: "What a roll-back reversed, what it kept because somebody edited it, and what failed.", columns: []column{
			{name: "result", title: "Result", tones: map[string]string{"reversed": "good", "kept": "attention", "failed": "stop"}}, {name: "entity", title: "Kind of data", words: entityWords}, {name: "who_is_it", title: "Who or what"}, {name: "field", title: "Field", kind: fieldLabel}, {name: "reason", title: "Reason", kind: long, width: 70}, {name: "target_id", title: "Freshsales id", kind: key}, {name: "key", title: "Key", kind: key},
		}},
		{title: "Notices", model: "notices", about: "What somebody should know about this load.", columns: []column{
			{name: "kind", title: "About", words: noticeWords}, {name: "entity", title: "Kind of data", words: entityWords}, {name: "text", title: "Notice", kind: long, width: 100}, {name: "key", title: "Key", kind: key},
		}},
		{title: "Calls", model: "calls", about: "What was estimated and what was used.", columns: []column{
			{name: "phase", title: "Phase"}, {name: "kind", title: "Kind of call"}, {name: "planned", title: "Estimated"}, {name: "used", title: "Used"}, {name: "seconds", title: "Seconds"},
		}},
		equationsSheet,
	},
}

var handoverBook = book{
	file: "handover.xlsx", kind: "handover", title: "Hand-over",
	question: "What does not move by itself and must be rebuilt, and what can not be known?",
	sheets: []sheet{
		{title: "Limitations", model: "limitations", about: "What this migration cannot do, and what to do about it.", columns: []column{
			{name: "topic", title: "Topic"}, {name: "limitation", title: "Limitation", kind: long, width: 56}, {name: "consequence", title: "What follows", kind: long, width: 50}, {name: "what_to_do", title: "What to do", kind: long, width: 50},
		}},
		{title: "Campaigns", model: "campaign_inventory", freeze: 2, about: "Every campaign, to be rebuilt where it is still wanted.", columns: []column{
			{name: "title", title: "Campaign", width: 36}, {name: "active", title: "Active"}, {name: "channels", title: "Channels"}, {name: "trigger", title: "Starts"}, {name: "audience", title: "Audience", kind: long}, {name: "created_at", title: "Created"}, {name: "activated_at", title: "Activated"}, {name: "deactivated_at", title: "Ended"},
			{name: "sent", title: "Sent"}, {name: "delivered", title: "Delivered"}, {name: "opened", title: "Opened"}, {name: "clicked", title: "Clicked"}, {name: "contacts", title: "Contacts"}, {name: "content", title: "Content", kind: long, width: 60}, {name: "link", title: "Link", width: 40}, {name: "locations", title: "Places"}, {name: "campaign_id", title: "Number", kind: key},
		}},
		{title: "Segment rules", model: "segment_rules", freeze: 1, about: "Members move as tags; the rules behind them do not, and are written down here.", columns: []column{
			{name: "title", title: "Segment"}, {name: "kind", title: "Kind"}, {name: "in_words", title: "Rule in words", kind: long, width: 60}, {name: "members", title: "Members"}, {name: "contacts", title: "Contacts"}, {name: "active", title: "Active"}, {name: "becomes", title: "Becomes"}, {name: "conditions", title: "Rule as stored", kind: long, width: 70}, {name: "segment_id", title: "Number", kind: key},
		}},
		{title: "Gamification", model: "gamification", freeze: 1, hide: []string{"rule_key"}, about: "Rules, quests, achievements, levels and rewards: they work in Xtremepush only.", columns: []column{
			{name: "name", title: "Name", width: 40}, {name: "kind", title: "Kind", words: map[string]string{"reward_rule": "Reward rule", "quest": "Quest", "achievement": "Achievement", "level": "Level", "redeem_option": "Redeem option", "leaderboard": "Leaderboard", "perk": "Perk", "poll": "Poll", "loyalty_segment": "Loyalty segment"}}, {name: "description", title: "Description", kind: long}, {name: "event", title: "Event"}, {name: "in_words", title: "In words", kind: long, width: 50}, {name: "reward", title: "Reward", kind: long, width: 40}, {name: "enabled", title: "Enabled"},
			{name: "valid_from", title: "From"}, {name: "valid_to", title: "To"}, {name: "definition", title: "As stored", kind: long, width: 60}, {name: "rule_id", title: "Number", kind: key},
		}},
		{title: "Geofences", model: "geofences", about: "Places that started campaigns.", columns: []column{
			{name: "title", title: "Place"}, {name: "kind", title: "Kind"}, {name: "address", title: "Address", kind: long}, {name: "latitude", title: "Latitude", format: "degrees"}, {name: "longitude", title: "Longitude", format: "degrees"}, {name: "radius", title: "Radius"}, {name: "beacon", title: "Beacon"}, {name: "enabled", title: "Enabled"}, {name: "location_id", title: "Number", kind: key},
		}},
		{title: "Push tokens", model: "push_token_counts", about: "Push tokens belong to an app and cannot be used by Freshsales; the list is in push_tokens.csv. Keep that file secret.", columns: []column{
			{name: "platform", title: "Platform"}, {name: "tokens", title: "Tokens"}, {name: "reachable", title: "Reachable"},
		}},
	},
}

var books = []book{scopeBook, mappingBook, qualityBook, handoverBook, reconciliationBook}
