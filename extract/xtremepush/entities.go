// Package xtremepush is the only one that knows what Xtremepush calls things: the entities, their
// columns and the other names those columns travel under, the files they arrive in, and the API
// they can be read from. It imports nothing of ours and decides nothing about what a value means.
// Start at Entities for files, at Endpoints and Client.Scan for the API; what all of it rests on, and
// what nobody knows, is in API.md.
package xtremepush

// Entity is one landed table: its columns and how to recognise it.
type Entity struct {
	Name    string
	Columns []string
	// Aliases maps a header, as an export or the API may spell it, to a column.
	Aliases map[string]string
	// Files are the words a file of this entity may be named with, besides the entity's own name.
	Files []string
	// Needs lists alternatives; a file must have all columns of one of them.
	Needs [][]string
	// Else are columns that a file may have instead, if its name or a person says what it is: they tell whom a record is
	// about, but not by an id of Xtremepush.
	Else []string
	// Marks are columns that hardly any other entity has; they decide when the file name does not tell.
	Marks []string
	// Example is how the dashboard's own export tasks call such a file, for the reader of --explain.
	Example string
}

// Entities lists every landed table in the order people read them.
func Entities() []Entity { return entities }

// ByName finds an entity; ok is false when there is none of that name.
func ByName(name string) (Entity, bool) {
	for _, e := range entities {
		if e.Name == name {
			return e, true
		}
	}
	return Entity{}, false
}

var entities = []Entity{
	{
		Name: "user_profiles",
		Columns: []string{"profile_id", "user_id", "email", "mobile_number", "whatsapp_number", "first_name", "last_name",
			"language", "timezone", "country",
			"email_subscription", "sms_subscription", "whatsapp_subscription", "push_subscription", "lifecycle_stage", "company",
			"create_time", "update_time", "last_seen_time"},
		Aliases: map[string]string{"id": "profile_id", "xtremepush_id": "profile_id", "external_user_id": "user_id",
			"customer_id": "user_id", "external_id": "user_id", "member_id": "user_id", "contact_id": "user_id",
			"subscriber_id": "user_id",
			"e-mail":        "email", "email_address": "email", "phone": "mobile_number", "mobile": "mobile_number",
			"phone_number": "mobile_number", "whatsapp": "whatsapp_number",
			"firstname": "first_name", "given_name": "first_name", "lastname": "last_name", "surname": "last_name",
			"family_name": "last_name",
			"lang":        "language", "time_zone": "timezone", "country_code": "country",
			"email_subscribed": "email_subscription", "sms_subscribed": "sms_subscription",
			"whatsapp_subscribed": "whatsapp_subscription", "push_subscribed": "push_subscription",
			"lifecycle": "lifecycle_stage", "company_name": "company", "created_at": "create_time", "created": "create_time",
			"date_created": "create_time",
			"updated_at":   "update_time", "updated": "update_time", "last_updated": "update_time",
			"last_seen":    "last_seen_time",
			"last_seen_at": "last_seen_time", "last_active": "last_seen_time"},
		Files: []string{"user_profile", "profiles", "profile", "users", "user", "customers", "contacts",
			"profile_export_data", "user_profiles_export"},
		Needs: [][]string{{"profile_id"}, {"user_id"}},
		Else:  []string{"email", "mobile_number"},
		Marks: []string{"email", "mobile_number", "first_name", "last_name", "email_subscription", "sms_subscription",
			"lifecycle_stage", "last_seen_time", "language", "timezone"},
		Example: "profile_export_data",
	},
	{
		Name:    "attributes",
		Columns: []string{"owner_type", "owner_id", "name", "value", "declared_type", "update_time"},
		Aliases: map[string]string{"attribute": "name", "attribute_name": "name", "attribute_value": "value",
			"type": "declared_type", "data_type": "declared_type",
			"profile_id": "owner_id", "owner": "owner_id", "updated_at": "update_time"},
		Files: []string{"attribute", "profile_attributes", "profile_attribute", "attribute_values", "user_attributes",
			"device_attributes"},
		Needs: [][]string{{"owner_id", "name"}},
		Marks: []string{"owner_type", "owner_id", "declared_type"},
	},
	{
		Name: "attribute_definitions",
		Columns: []string{"name", "display_name", "alias", "data_type", "is_profile_attribute",
			"is_device_attribute", "is_tag"},
		Aliases: map[string]string{"attribute": "name", "attribute_name": "name", "key": "name", "type": "data_type",
			"label":             "display_name",
			"profile_attribute": "is_profile_attribute", "device_attribute": "is_device_attribute", "tag": "is_tag"},
		Files: []string{"attribute_definition", "attributes_definitions", "attribute_defs", "attribute_schema"},
		Needs: [][]string{{"name"}},
		Marks: []string{"display_name", "is_profile_attribute", "is_device_attribute", "is_tag"},
	},
	{
		Name:    "tags",
		Columns: []string{"tag_hit_id", "tag_name", "value", "device_id", "profile_id", "user_id", "hit_time"},
		Aliases: map[string]string{"id": "tag_hit_id", "tag": "tag_name", "title": "tag_name", "name": "tag_name",
			"create_time": "hit_time", "time": "hit_time", "timestamp": "hit_time", "tag_value": "value"},
		Files: []string{"tag", "tag_hits", "tag_hit", "tags_hits"},
		Needs: [][]string{{"tag_name", "device_id"}, {"tag_name", "profile_id"}, {"tag_name", "user_id"}},
		Marks: []string{"tag_hit_id", "hit_time"},
	},
	{
		Name: "segments",
		Columns: []string{"kind", "segment_id", "title", "conditions", "member_type", "member_count", "active", "create_time",
			"update_time"},
		Aliases: map[string]string{"id": "segment_id", "list_id": "segment_id", "name": "title", "segment_name": "title",
			"segment": "title", "rules": "conditions", "members": "member_count", "size": "member_count",
			"type": "kind", "created_at": "create_time", "updated_at": "update_time"},
		Files: []string{"segment", "audiences", "audience", "lists", "user_lists", "segment_definitions"},
		Needs: [][]string{{"segment_id"}},
		Marks: []string{"member_type", "member_count", "conditions", "kind"},
	},
	{
		Name:    "segment_memberships",
		Columns: []string{"kind", "segment_id", "profile_id", "user_id", "device_id", "identifier", "snapshot_time"},
		Aliases: map[string]string{"list_id": "segment_id", "segment": "segment_id", "item": "identifier",
			"member": "identifier", "email": "identifier", "type": "kind",
			"snapshot_at": "snapshot_time", "export_time": "snapshot_time", "create_time": "snapshot_time"},
		Files: []string{"segment_membership", "segment_members", "segment_member", "list_items", "list_item", "list_members",
			"list_export", "list_memberships",
			"segment_export_profiles", "segment_export_devices", "segment_export", "audience_members"},
		Needs: [][]string{{"segment_id", "profile_id"}, {"segment_id", "user_id"}, {"segment_id", "device_id"},
			{"segment_id", "identifier"}},
		Marks:   []string{"identifier", "snapshot_time"},
		Example: "segment_export_profiles, segment_export_devices, list_export",
	},
	{
		Name: "consents",
		Columns: []string{"consent_id", "profile_id", "user_id", "device_id", "channel", "preference_name", "preference_type",
			"address", "status", "source", "update_is_external", "update_time", "metadata"},
		Aliases: map[string]string{"id": "consent_id", "preference": "preference_name", "title": "preference_name",
			"type": "preference_type", "email_address": "address", "email": "address", "mobile_number": "address",
			"e-mail": "address", "mobile": "address", "phone": "address", "phone_number": "address", "telephone": "address",
			"subscribed": "status", "consent_status": "status", "consent": "status", "timestamp": "update_time",
			"updated_at": "update_time", "consent_source": "source", "message_type_name": "channel"},
		Files: []string{"consent", "profile_subscription", "profile_subscriptions", "subscriptions", "consent_preferences",
			"consent_preference_profile", "preferences", "consent_history", "subscription_log",
			// Lists of people who must not be written to: where nothing in them says otherwise each row is a refusal
			// (refusals.go).
			"unsubscribe", "unsubscribes", "unsubscribed", "unsubscribers", "suppression", "suppressions", "suppression_list",
			"suppressed", "opt_out", "opt_outs", "optout", "optouts", "opted_out", "bounces", "bounced", "complaints",
			"do_not_contact", "do_not_email", "do_not_mail", "do_not_call", "do_not_text", "do_not_sms", "do_not_disturb",
			"dnc", "blocklist", "block_list", "blacklist", "black_list", "denylist", "unsubs", "hard_bounces", "complainers",
			"spam_complaints", "sperrliste", "werbesperre", "werbesperren", "abmeldungen", "abgemeldet", "abgemeldete"},
		Needs: [][]string{{"profile_id", "status"}, {"user_id", "status"}, {"device_id", "status"}, {"address", "status"}},
		Marks: []string{"consent_id", "preference_name", "preference_type", "update_is_external", "address"},
	},
	{
		Name: "loyalty",
		Columns: []string{"user_id", "player_id", "token_balance", "available_tokens", "level_current", "level_name",
			"experience", "achievement_ids", "badge_ids",
			"quest_completions_total", "last_active", "updated_at"},
		Aliases: map[string]string{"id": "player_id", "points": "token_balance", "points_balance": "token_balance",
			"balance": "token_balance", "tokens": "token_balance", "available_balance": "available_tokens",
			"tier": "level_name", "loyalty_tier": "level_name", "level": "level_current", "xp": "experience",
			"achievements": "achievement_ids", "badges": "badge_ids",
			"quest.completionsTotal": "quest_completions_total", "quests_completed": "quest_completions_total",
			"update_time": "updated_at"},
		Files: []string{"loyalty_users", "loyalty_players", "players", "loyalty_state", "points", "loyalty_hub",
			"loyalty_points"},
		Needs: [][]string{{"user_id"}, {"player_id"}},
		Marks: []string{"player_id", "token_balance", "available_tokens", "level_current", "level_name", "experience",
			"achievement_ids", "badge_ids", "quest_completions_total"},
	},
	{
		Name: "campaigns",
		Columns: []string{"campaign_id", "title", "trigger", "type", "active", "status", "sms", "email", "ios_push",
			"android_push", "web_push", "inbox", "webhook", "broadcast",
			"conditions", "locations", "promotion_id", "messages", "push_title", "push_text", "url", "create_time",
			"activate_time", "deactivate_time"},
		Aliases: map[string]string{"id": "campaign_id", "name": "title", "campaign_name": "title", "campaign_title": "title",
			"campaign": "title", "created_at": "create_time"},
		Files: []string{"campaign", "campaign_list"},
		Needs: [][]string{{"campaign_id"}},
		Marks: []string{"trigger", "ios_push", "android_push", "web_push", "broadcast", "activate_time", "deactivate_time",
			"push_title", "push_text", "promotion_id", "inbox", "webhook", "messages"},
	},
	{
		Name: "campaign_interactions",
		Columns: []string{"message_id", "campaign_id", "action_id", "profile_id", "user_id", "device_id", "channel",
			"create_time", "delivery", "open", "open_time", "click", "click_time",
			"error", "error_message", "status"},
		Aliases: map[string]string{"id": "message_id", "message_type_name": "channel", "message_type": "channel",
			"delivered": "delivery", "opened": "open", "clicked": "click", "opened_at": "open_time", "clicked_at": "click_time",
			"sent_at": "create_time", "sent_time": "create_time", "send_time": "create_time", "created_at": "create_time",
			"campaign": "campaign_id"},
		Files: []string{"campaign_interaction", "interactions", "messages", "message", "message_sends", "sends",
			"message_export_send", "message_export_campaign", "push_devices", "push_actions", "message_history"},
		Needs: [][]string{{"message_id"}, {"campaign_id", "profile_id"}, {"campaign_id", "user_id"},
			{"campaign_id", "device_id"}},
		Marks: []string{"message_id", "action_id", "delivery", "open", "open_time", "click", "click_time", "error",
			"error_message"},

		Example: "message_export_send",
	},
	{
		Name:    "events",
		Columns: []string{"event_id", "event", "user_id", "profile_id", "device_id", "timestamp", "value"},
		Aliases: map[string]string{"id": "event_id", "event_name": "event", "name": "event", "event_type": "event",
			"occurred_at": "timestamp", "time": "timestamp", "create_time": "timestamp", "event_time": "timestamp",
			"properties": "value", "event_value": "value"},
		Files: []string{"event", "event_history", "behavioural_events", "behavioral_events", "hits"},
		Needs: [][]string{{"event", "user_id"}, {"event", "profile_id"}, {"event", "device_id"}},
		Marks: []string{"event_id", "event", "timestamp"},
	},
	{
		Name: "devices",
		Columns: []string{"device_id", "profile_id", "user_id", "external_id", "type", "token", "environment", "subscription",
			"registered", "device_model", "device_os",
			"country", "language", "timezone", "create_time", "update_time", "last_session_time"},
		Aliases: map[string]string{"id": "device_id", "push_token": "token", "device_token": "token", "device_type": "type",
			"platform": "type", "model": "device_model", "os": "device_os",
			"created_at": "create_time", "updated_at": "update_time", "last_session": "last_session_time",
			"last_active": "last_session_time"},
		Files: []string{"device", "push_tokens", "tokens", "device_export"},
		Needs: [][]string{{"device_id"}},
		Marks: []string{"token", "environment", "subscription", "registered", "device_model", "device_os",
			"last_session_time"},
	},
	{
		Name: "geofences",
		Columns: []string{"kind", "location_id", "title", "address", "latitude", "longitude", "radius", "beacon_uuid",
			"beacon_major", "beacon_minor", "enabled"},
		Aliases: map[string]string{"id": "location_id", "geofence_id": "location_id", "type": "kind", "name": "title",
			"lat": "latitude",
			"lng": "longitude", "lon": "longitude", "long": "longitude", "uuid": "beacon_uuid", "major": "beacon_major",
			"minor":  "beacon_minor",
			"active": "enabled"},
		Files: []string{"geofence", "locations", "location", "ibeacons", "beacons"},
		Needs: [][]string{{"location_id"}, {"title", "latitude", "longitude"}, {"beacon_uuid"}},
		Marks: []string{"latitude", "longitude", "radius", "beacon_uuid", "beacon_major", "beacon_minor", "location_id"},
	},
	{
		Name: "gamification_rules",
		Columns: []string{"rule_kind", "rule_id", "name", "title", "description", "enabled", "event_name", "conditions",
			"reward", "valid_from", "valid_to", "definition"},
		Aliases: map[string]string{"id": "rule_id", "kind": "rule_kind", "type": "rule_kind", "event": "event_name",
			"rewardBundle": "reward", "scheduleFrom": "valid_from", "scheduleTo": "valid_to",
			"requirements": "conditions", "active": "enabled"},
		Files: []string{"gamification_rule", "gamification", "reward_rules", "quests", "achievements", "levels",
			"leaderboards", "perks", "polls", "redeem_options", "loyalty_rules"},
		Needs: [][]string{{"rule_id"}, {"name"}, {"title"}},
		Marks: []string{"rule_kind", "rule_id", "reward", "valid_from", "valid_to", "definition"},
	},
	{
		Name:    "companies",
		Columns: []string{"company_key", "name", "domain", "website", "phone", "address", "city", "country"},
		Aliases: map[string]string{"id": "company_key", "company_id": "company_key", "company": "name",
			"company_name": "name", "account": "name", "url": "website", "phone_number": "phone", "telephone": "phone"},
		Files: []string{"company", "accounts", "account", "organisations", "organizations"},
		Needs: [][]string{{"company_key"}, {"name"}},
		Marks: []string{"company_key", "domain", "website"},
	},
	{
		Name: "activities",
		Columns: []string{"activity_id", "kind", "profile_id", "user_id", "subject", "body", "direction", "start_time",
			"end_time", "author"},
		Aliases: map[string]string{"id": "activity_id", "type": "kind", "activity_type": "kind", "title": "subject",
			"description": "body", "starts_at": "start_time", "ends_at": "end_time", "time": "start_time", "owner": "author"},
		Files: []string{"activity", "calls", "emails", "meetings", "call_log"},
		Needs: [][]string{{"profile_id", "kind"}, {"user_id", "kind"}},
		Marks: []string{"activity_id", "subject", "direction", "start_time", "end_time"},
	},
	{
		Name:    "notes",
		Columns: []string{"note_id", "profile_id", "user_id", "body", "author", "created_at"},
		Aliases: map[string]string{"id": "note_id", "note": "body", "text": "body", "description": "body",
			"create_time": "created_at", "created_by": "author"},
		Files: []string{"note", "comments"},
		Needs: [][]string{{"profile_id", "body"}, {"user_id", "body"}},
		Marks: []string{"note_id", "body"},
	},
	{
		Name:    "documents",
		Columns: []string{"document_id", "profile_id", "user_id", "file_name", "path", "content_type", "created_at"},
		Aliases: map[string]string{"id": "document_id", "filename": "file_name", "name": "file_name", "file": "path",
			"mime_type": "content_type", "create_time": "created_at"},
		Files: []string{"document", "attachments", "files"},
		Needs: [][]string{{"profile_id", "path"}, {"user_id", "path"}, {"profile_id", "file_name"},
			{"user_id", "file_name"}},
		Marks: []string{"document_id", "file_name", "path", "content_type"},
	},
}
