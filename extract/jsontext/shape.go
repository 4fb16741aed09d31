package jsontext

import (
	"bytes"

	"ferry/extract/records"
)

// Keyed says whether a text is one object whose values are objects: records by their keys.
func Keyed(sample []byte, whole bool) bool {
	i := SkipSpace(sample, 0)
	if i == len(sample) || sample[i] != '{' {
		return false
	}
	for n := 0; ; n++ {
		i = SkipSpace(sample, i+1)
		end, _, err := jsonString(sample, i)
		if err != nil {
			return n > 0 && !whole && err == errCut
		}
		if i = SkipSpace(sample, end); i >= len(sample) || sample[i] != ':' {
			return n > 0 && !whole && i >= len(sample)
		}
		if i = SkipSpace(sample, i+1); i >= len(sample) || sample[i] != '{' {
			return n > 0 && !whole && i >= len(sample)
		}
		if i, err = jsonValue(sample, i, 1); err != nil {
			return n > 0 && err == errCut && !whole
		}
		if i = SkipSpace(sample, i); i >= len(sample) {
			return n > 0 && !whole
		}
		if sample[i] == '}' { // one object with one object in it is a record like any other
			return n > 0 && SkipSpace(sample, i+1) == len(sample)
		}
		if sample[i] != ',' {
			return false
		}
	}
}

// StartsTexts says whether a bracket begins an array of strings.
func StartsTexts(sample []byte) bool {
	at := SkipSpace(sample, 1)
	if at >= len(sample) || sample[at] != '"' {
		return false
	}
	end, _, err := jsonString(sample, at)
	if err != nil {
		return false
	}
	at = SkipSpace(sample, end)
	return at < len(sample) && (sample[at] == ',' || sample[at] == ']')
}

// AreLines says whether lines are objects of their own: the first that is one decides.
func AreLines(sample []byte, whole bool) bool {
	if Wrapped(sample) > 0 {
		first, _, _ := bytes.Cut(sample, []byte("\n"))
		found, _, err := Members(bytes.TrimSpace(first), nil, nil, nil)
		if err != nil || isAnswer(found) {
			return false // an answer of the API spread over lines, or one in each
		}
	}
	lines := bytes.SplitN(sample, []byte("\n"), 21)
	if len(lines) == 21 || !whole && len(lines) > 1 {
		lines = lines[:len(lines)-1]
	}
	for _, line := range lines {
		line = bytes.TrimSpace(line)
		if len(line) < 2 || line[0] != '{' {
			continue
		}
		found, _, err := Members(line, nil, nil, nil)
		if err == nil {
			if several(lines) {
				return false
			}
			return len(lines) > 1 || Wrapped(line) == 0 && len(found) > 0
		}
		if end, err := jsonValue(line, 0, 1); err == nil && end < len(line) {
			return false // several objects on a line
		}
	}
	return len(lines) > 1 && bytes.Count(sample, []byte("\n{")) >= len(lines)/2
}

// isAnswer says whether the members of an object say how a call went, besides what it gave.
func isAnswer(found []Member) bool {
	said := 0
	for _, m := range found {
		switch key := string(m.Key); key {
		case "success", "code", "status", "message", "errors", "error", "total", "count", "limit", "offset", "page", "pages",
			"next", "prev", "previous", "meta", "links", "paging", "has_more", "next_page":
			said++
		default:
			if !envelope(key) {
				return false
			}
		}
	}
	return said > 0
}

// Failed says whether a text is a single answer that says that the call failed, or what went wrong.
func Failed(sample []byte) bool {
	found, _, err := Members(bytes.TrimSpace(sample), nil, nil, nil)
	if err != nil || !isAnswer(found) {
		return false
	}
	for _, m := range found {
		if key := string(m.Key); (key == "success" && m.Value[0] == 'f' || key == "error" || key == "errors" ||
			key == "message") && Wrapped(sample) == 0 {
			return true
		}
	}
	return false
}

// Nothing says whether a text is an array, an object or an answer with no record in it.
func Nothing(sample []byte) bool {
	at := SkipSpace(sample, 0)
	if at == len(sample) {
		return true
	}
	at += Wrapped(sample[at:])
	inner := SkipSpace(sample, at+1)
	if inner >= len(sample) || sample[at] != '[' && sample[at] != '{' || sample[inner] != sample[at]+2 {
		return false
	}
	_, closed := afterObjects(sample, inner+1, depthOf(sample[:inner+1]))
	return closed
}

// InLists lists the keys of a single object that hold lists: what is written column by column.
func InLists(sample []byte) (keys []string) {
	found, _, err := Members(bytes.TrimSpace(sample), nil, nil, nil)
	for _, m := range found {
		if err == nil && m.Value[0] == '[' {
			keys = append(keys, string(m.Key))
		}
	}
	return keys
}

// StartsArray says whether a bracket begins an array of objects rather than a line of text.
func StartsArray(sample []byte) bool {
	at := SkipSpace(sample, 1)
	return at < len(sample) && (sample[at] == '{' || sample[at] == ']')
}

// envelope says whether an array or object of this name holds the records of an answer.
func envelope(key string) bool {
	switch key {
	case "data", "response", "result", "results", "payload", "users", "profiles", "contacts", "customers", "subscribers",
		"people", "records", "rows":
		return true
	}
	return false
}

// innerEnvelope knows keys besides that hold records within an envelope, and may hold anything elsewhere.
func innerEnvelope(key string) bool {
	switch key {
	case "items", "list", "entries", "objects", "hits":
		return true
	}
	return envelope(key)
}

// Wrapped gives the position of the array in an answer of an API saved as a file: {"data":[…]},
// {"data":{"users":[…]}}; 0 for none.
func Wrapped(sample []byte) int { return wrapped(sample, envelope) }

// wrapped knows which keys hold the array.
func wrapped(sample []byte, envelope func(string) bool) int {
	if len(sample) == 0 || sample[0] != '{' {
		return 0
	}
	for i := SkipSpace(sample, 1); i < len(sample); {
		end, _, err := jsonString(sample, i)
		if err != nil {
			return 0
		}
		key := string(sample[i+1 : end-1])
		i = SkipSpace(sample, end)
		if i >= len(sample) || sample[i] != ':' {
			return 0
		}
		i = SkipSpace(sample, i+1)
		if i < len(sample) && sample[i] == '[' && envelope(key) && StartsArray(sample[i:]) {
			return i
		}
		if i < len(sample) && sample[i] == '{' && envelope(key) {
			if at := wrapped(sample[i:], innerEnvelope); at > 0 {
				return i + at
			}
		}
		if i, err = jsonValue(sample, i, 1); err != nil {
			return 0
		}
		if i = SkipSpace(sample, i); i >= len(sample) || sample[i] != ',' {
			return 0
		}
		i = SkipSpace(sample, i+1)
	}
	return 0
}

// KeysOf lists the keys of the first objects of a sample.
func KeysOf(sample []byte, split records.Splitter, whole bool) []string {
	var keys []string
	seen := map[string]bool{}
	for at, n := 0, 0; at < len(sample) && n < 100; n++ {
		s, ok := split.Span(sample[at:], whole)
		if !ok {
			break
		}
		text := sample[at+s.Start : at+s.End]
		if _, object, ok := CutKey(text); ok {
			text = object
		}
		found, _, err := Members(text, nil, nil, nil)
		if err == nil {
			for _, m := range found {
				if k := string(m.Key); !seen[k] {
					seen[k] = true
					keys = append(keys, k)
				}
			}
		}
		at += s.Next
	}
	return keys
}

// several says whether a line holds more than one object.
func several(lines [][]byte) bool {
	for _, line := range lines {
		line = bytes.TrimSpace(line)
		if end, err := jsonValue(line, 0, 1); err == nil && end < len(line) && line[0] == '{' {
			return true
		}
	}
	return false
}

// StartsLists says whether a bracket begins an array of arrays of values.
func StartsLists(sample []byte) bool {
	at := SkipSpace(sample, 1)
	if at >= len(sample) || sample[at] != '[' {
		return false
	}
	_, err := jsonValue(sample, at, 1)
	return err == nil || err == errCut
}

// OuterKeys lists the keys under which the first records of a keyed text stand.
func OuterKeys(sample []byte, whole bool) []string {
	var keys []string
	split := &Objects{Keyed: true}
	for at := 0; at < len(sample) && len(keys) < 100; {
		s, ok := split.Span(sample[at:], whole)
		if !ok || s.Next == 0 {
			break
		}
		if key, _, ok := CutKey(sample[at+s.Start : at+s.End]); ok {
			keys = append(keys, string(key[1:len(key)-1]))
		}
		at += s.Next
	}
	return keys
}
