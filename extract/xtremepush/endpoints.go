package xtremepush

// Endpoint is one list the External API may offer, and how to walk through it.
type Endpoint struct {
	Name      string // "profile": short name in configuration, and the model in the path
	Path      string // "list/profile"
	Entity    string // landed table
	IDField   string // keyset paging by this field; "" means by offset
	Watermark string // field that grows when a row changes; "" means a full sweep each time
	// Window says that rows change after the time in Watermark: a delta run reads the last days again (API.md 3.8).
	Window bool
	// Add holds values that the landed table wants and the endpoint only implies.
	Add      map[string]string
	Disabled bool
	PageSize int    // 0: the client's
	Evidence string // how sure it is that the endpoint exists (API.md 1.6): documented, code, inferred
	Instead  string // endpoint to try when this one is not there
}

// Endpoints is the map shipped with ferry; configuration may change any of it.
func Endpoints() []Endpoint {
	return []Endpoint{
		{Name: "profile", Path: "list/profile", Entity: "user_profiles", IDField: "id", Watermark: "update_time",
			Evidence: "code"},
		{Name: "profile-attribute", Path: "list/profile-attribute", Entity: "attributes", Watermark: "update_time",
			Evidence: "inferred"},
		{Name: "attribute", Path: "list/attribute", Entity: "attribute_definitions", Evidence: "inferred"},
		{Name: "tag-hit", Path: "list/tag-hit", Entity: "tags", IDField: "id", Watermark: "create_time",
			Evidence: "inferred"},
		{Name: "segment", Path: "list/segment", Entity: "segments", IDField: "id", Add: map[string]string{"kind": "segment"},
			Evidence: "inferred"},
		{Name: "list", Path: "list/list", Entity: "segments", IDField: "id", Add: map[string]string{"kind": "list"},
			Evidence: "inferred"},
		{Name: "list-item", Path: "list/list-item", Entity: "segment_memberships", Add: map[string]string{"kind": "list"},
			Evidence: "inferred"},
		{Name: "profile-subscription", Path: "list/profile-subscription", Entity: "consents", Watermark: "update_time",
			Evidence: "documented"},
		{Name: "consent-preference-profile", Path: "list/consent-preference-profile", Entity: "consents",
			Watermark: "update_time", Evidence: "documented"},
		{Name: "campaign", Path: "list/campaign", Entity: "campaigns", IDField: "id", Evidence: "code"},
		{Name: "message", Path: "list/message", Entity: "campaign_interactions", IDField: "id", Watermark: "create_time",
			Window: true, Evidence: "code", Instead: "push-devices"},
		{Name: "push-devices", Path: "list/push-devices", Entity: "campaign_interactions", Watermark: "create_time",
			Window: true, Evidence: "documented", Disabled: true},
		{Name: "device", Path: "list/device", Entity: "devices", IDField: "id", Watermark: "update_time",
			Evidence: "inferred"},
		{Name: "location", Path: "list/location", Entity: "geofences", IDField: "id", Evidence: "inferred"},
	}
}

// NotOffered lists the tables that no endpoint fills: they come from files only (API.md 1.6, 3.13).
func NotOffered(endpoints []Endpoint) []string {
	filled := map[string]bool{}
	for _, e := range endpoints {
		filled[e.Entity] = filled[e.Entity] || !e.Disabled
	}
	var names []string
	for _, e := range entities {
		if !filled[e.Name] {
			names = append(names, e.Name)
		}
	}
	return names
}
