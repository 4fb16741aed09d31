package gate

// SetsOff are the side effects in an account that somebody accepts by name before a first load.
func SetsOff(counts map[string]map[string]int64) []string {
	var creates int64
	for _, c := range counts {
		creates += c["create"]
	}
	var names []string
	if creates > 0 {
		names = append(names, "workflows", "sequences", "notifications")
	}
	if counts["deals"]["create"] > 0 {
		names = append(names, "lifecycle_moves")
	}
	return names
}

// SideEffects says what each of them is.
var SideEffects = map[string]string{
	"workflows":       "workflows and assignment rules of the account run for every record made",
	"sequences":       "sales sequences may enrol the new contacts and write to them",
	"notifications":   "users are told of every record assigned to them",
	"lifecycle_moves": "a deal moves its contacts to another stage by itself",
}
