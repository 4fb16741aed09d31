package functions

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// phone is what a cell that should hold a telephone number turned out to hold.
type phone struct {
	number    string // E.164; "" when there is none
	kind      string // mobile, fixed_line, …
	region    string
	extension string
	others    string // further numbers of the same cell, E.164, separated by spaces
	reason    string // what was done, or why there is no number
}

func phoneFields(in []string) []any {
	p := cleanPhone(in[0], in[1])
	return []any{orNull(p.number), orNull(p.kind), orNull(p.region), orNull(p.extension), orNull(p.others),
		orNull(p.reason)}
}

var (
	phoneSeparators = regexp.MustCompile(`(?i)\s*(?:[;|\n\r]|,|\s/\s|/| or | oder | ou | and | und | & )\s*`)
	phoneLabel      = regexp.MustCompile(
		`(?i)^\s*(?:tel|phone|mobile|mob|cell|handy|gsm|fax|home|work|private|office|[tmhw])\s*[.:]+\s*`)
	phoneAside  = regexp.MustCompile(`[(\[{][^()\[\]{}]*\p{L}[^()\[\]{}]*[)\]}]`)
	phoneRemark = regexp.MustCompile(
		`(?i)\s*[(\[]?\s*(?:work|home|mobile|mob|cell|office|private|landline|main|whatsapp|handy)\s*[)\]]?\s*$`)
	scientificNumber = regexp.MustCompile(`^\+?(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})$`)
	floatNumber      = regexp.MustCompile(`^\+?\d{7,15}[.,]0+$`)
	notDigits        = regexp.MustCompile(`\D`)
)

// cleanPhone reads a cell. It never changes the digits of a valid number and never guesses: what
// cannot be read keeps a reason instead of a number.
func cleanPhone(raw, region string) phone {
	text, note, lost := unspreadsheet(strings.TrimSpace(raw))
	if text == "" {
		return phone{reason: pick(raw == "", "", "no digits in it")}
	}
	if lost {
		return phone{reason: "a spreadsheet rounded it (" + "digits are lost); export the column as text"}
	}
	region = strings.ToUpper(strings.TrimSpace(region))
	whole := spokenPhone(text, region)
	if whole.number == "" {
		whole = readPhone(text, region)
	}
	if whole.number == "" {
		if parts := splitPhones(text); len(parts) > 1 {
			whole = severalPhones(parts, region, whole)
		}
	}
	whole.reason = joinNotes(note, whole.reason)
	return whole
}

// unspreadsheet undoes what spreadsheets do to numbers: ="…", a leading quote, 4.47E+11, 447….0.
func unspreadsheet(text string) (out, note string, lost bool) {
	out = text
	if inner, ok := strings.CutPrefix(out, `="`); ok {
		out = strings.TrimSuffix(inner, `"`)
	}
	out = strings.Trim(out, `'"`+"`’ \t\u00a0\u200b\u200e\u202a\u202c\ufeff")
	if onlyDigits(out) {
		return out, "", false
	}
	if m := scientificNumber.FindStringSubmatch(out); m != nil {
		digits, exponent := m[1]+m[2], atoi(m[3])
		if len(digits) < exponent+1 {
			if zeros := exponent + 1 - len(digits); zeros > 1 || len(digits) < 8 {
				return out, "", true
			}
			digits += "0"
		}
		if len(digits) > exponent+1 {
			return out, "", true
		}
		out = digits
	} else if floatNumber.MatchString(out) {
		out = out[:strings.LastIndexAny(out, ".,")]
	}
	if out != text && notDigits.ReplaceAllString(out, "") != notDigits.ReplaceAllString(text, "") {
		note = "spreadsheet notation undone"
	}
	return out, note, false
}

// onlyDigits is true for most cells, and spares them what is meant for the others.
func onlyDigits(text string) bool { return strings.Trim(text, "0123456789") == "" }

// splitPhones cuts a cell with several numbers; parts too short to be one say nothing. A plus begins a
// number, words in brackets end one, and so do spaces between parts that are each long enough.
func splitPhones(text string) []string {
	text = strings.ReplaceAll(phoneAside.ReplaceAllString(text, ";"), "+", ";+")
	var parts []string
	for _, p := range phoneSeparators.Split(text, -1) {
		if len(notDigits.ReplaceAllString(p, "")) >= 6 {
			parts = append(parts, p)
		}
	}
	if words := strings.Fields(text); len(parts) == 1 && len(words) > 1 {
		for _, w := range words {
			if len(notDigits.ReplaceAllString(w, "")) < 7 {
				return parts
			}
		}
		return words
	}
	return parts
}

// severalPhones takes the first mobile, else the first number, and lists the rest.
func severalPhones(parts []string, region string, whole phone) phone {
	var found []phone
	for _, part := range parts {
		if p := readPhone(part, region); p.number != "" {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		return whole
	}
	best := 0
	for i, p := range found {
		if p.kind == "mobile" && found[best].kind != "mobile" {
			best = i
		}
	}
	var others []string
	for i, p := range found {
		if i != best && p.number != found[best].number {
			others = append(others, p.number)
		}
	}
	p := found[best]
	p.others = strings.Join(others, " ")
	p.reason = joinNotes("several numbers in one cell", p.reason)
	return p
}

var (
	phoneRun      = regexp.MustCompile(`[+＋]?[(]?\p{Nd}[\p{Nd}\s().–-]*\p{Nd}`)
	phoneSentence = regexp.MustCompile(`\p{L}{2,}`)
	phoneExtended = regexp.MustCompile(`(?i)\b(?:ext|extn|extension|durchwahl|dw|poste)\b|\d\s*x\s*\d`)
)

// spokenPhone reads a number that stands in a sentence: "call after 6pm 087 123 4567". Other numbers of the sentence
// are too short to be one; a label, a word in brackets or an extension makes no sentence.
func spokenPhone(text, region string) phone {
	if onlyDigits(text) || phoneExtended.MatchString(text) {
		return phone{}
	}
	bare := phoneRemark.ReplaceAllString(phoneLabel.ReplaceAllString(phoneAside.ReplaceAllString(text, " "), ""), "")
	if !phoneSentence.MatchString(phoneSeparators.ReplaceAllString(bare, "/")) {
		return phone{}
	}
	var numbers []string
	for _, run := range phoneRun.FindAllString(text, -1) {
		words := strings.Fields(run)
		for i := range words { // "9-17 087 123 4567": hours stand before the number, with nothing between
			rest := strings.Join(words[i:], " ")
			if len(notDigits.ReplaceAllString(rest, "")) >= 7 && readPhone(rest, region).number != "" {
				numbers = append(numbers, rest)
				break
			}
		}
	}
	if len(numbers) == 0 {
		return phone{}
	}
	found := severalPhones(numbers, region, phone{})
	found.reason = "found among words"
	return found
}

// reading is one way to understand a text, in the order they are tried.
type reading struct{ text, region, note string }

// readings come in the order of what was most likely meant: a plus or two zeros is said on purpose; else
// what is a number of the stated country is read there, and only then as digits that begin with a country code.
func readings(text, region string) []reading {
	digits := phonenumbers.NormalizeDigitsOnly(text)
	abroad := func(note string) reading { return reading{"+" + strings.TrimLeft(digits, "0"), "ZZ", note} }
	// What begins with the country's own code on purpose, or is too long to begin by chance so, is short of a digit at most.
	own := phonenumbers.GetCountryCodeForRegion(region)
	isOwn := own > 0 && strings.HasPrefix(digits, strconv.Itoa(own))
	plus := strings.HasPrefix(text, "+") || strings.HasPrefix(text, "＋")
	switch {
	case isOwn && plus, isOwn && len(digits) >= 12 && digits == text:
		return []reading{{pick(plus, text, "+"+digits), "ZZ", ""}}
	case plus:
		return []reading{{text, "ZZ", ""}, {strings.TrimLeft(text, "+＋ "), region,
			"the plus stood before a number without a country code"}}
	case strings.HasPrefix(digits, "00"):
		return []reading{abroad(""), {text, region, ""}}
	case strings.HasPrefix(digits, "0"):
		return []reading{{text, region, ""}, abroad("a zero stood before the country code")}
	}
	return []reading{{text, region, ""}, abroad("")}
}

func readPhone(text, region string) phone {
	text = strings.TrimSpace(text)
	if !onlyDigits(text) {
		text = strings.TrimSpace(phoneAside.ReplaceAllString(text, " "))
		text = phoneRemark.ReplaceAllString(phoneLabel.ReplaceAllString(text, ""), "")
	}
	digits := phonenumbers.NormalizeDigitsOnly(text)
	if digits == "" {
		return phone{reason: "no digits in it"}
	}
	if len(strings.Trim(digits, digits[:1])) == 0 && len(digits) > 5 {
		return phone{reason: "one digit repeated: a placeholder"}
	}
	if p, ok := plainPhone(text, region); ok {
		return p
	}
	return longPhone(text, region)
}

// longPhone tries all readings of a text.
func longPhone(text, region string) phone {
	var first phone
	for _, r := range readings(text, region) {
		if r.text == first.number {
			break // it would be read as it was
		}
		switch p, ok := parsePhone(r); {
		case !ok:
		case first.number == "":
			first = p
		case r.region == "ZZ" && p.region == region && first.region == region &&
			(first.kind != "mobile" || p.kind == "mobile"):
			return p // the country's own code: at home it is left out, and a zero would stand before the rest
		}
	}
	if first.number == "" {
		first.reason = whyNot(text, phonenumbers.NormalizeDigitsOnly(text), region)
	}
	return first
}

func parsePhone(r reading) (phone, bool) {
	if r.region == "" {
		return phone{}, false
	}
	n, err := phonenumbers.Parse(r.text, r.region)
	if err != nil {
		return phone{}, false
	}
	return describe(n, r.note)
}

// describe says what a number is, if it is in use.
func describe(n *phonenumbers.PhoneNumber, note string) (phone, bool) {
	// A number is valid when it has a type in the region it is from: asked once, where IsValidNumber
	// would ask it a second time.
	kind := phonenumbers.GetNumberType(n)
	if kind == phonenumbers.UNKNOWN {
		return phone{}, false
	}
	ext := n.GetExtension()
	n.Extension = nil
	return phone{
		number: phonenumbers.Format(n, phonenumbers.E164), kind: phoneKind(kind),
		region: phonenumbers.GetRegionCodeForNumber(n), extension: ext, reason: note,
	}, true
}

func whyNot(text, digits, region string) string {
	switch n := len(digits); {
	case n < 7:
		return "too short for a telephone number"
	case n > 15:
		return "too long for a telephone number"
	}
	if region == "" && !strings.HasPrefix(text, "+") {
		return "no country code, and nothing says which country"
	}
	for _, r := range readings(text, region) {
		if n, err := phonenumbers.Parse(r.text, r.region); err == nil && phonenumbers.IsPossibleNumber(n) {
			return "right length, but no such number range is in use"
		}
	}
	return "not a telephone number" + pick(region == "" || strings.HasPrefix(text, "+"), "", " in "+region)
}

var phoneKinds = map[phonenumbers.PhoneNumberType]string{
	phonenumbers.MOBILE: "mobile", phonenumbers.FIXED_LINE: "fixed_line",
	phonenumbers.FIXED_LINE_OR_MOBILE: "mobile_or_fixed",
	phonenumbers.TOLL_FREE:            "toll_free", phonenumbers.PREMIUM_RATE: "premium_rate",
	phonenumbers.SHARED_COST: "shared_cost",
	phonenumbers.VOIP:        "voip", phonenumbers.PERSONAL_NUMBER: "personal", phonenumbers.PAGER: "pager",
	phonenumbers.UAN: "company", phonenumbers.VOICEMAIL: "voicemail",
}

func phoneKind(t phonenumbers.PhoneNumberType) string {
	if k, ok := phoneKinds[t]; ok {
		return k
	}
	return "unknown"
}

func joinNotes(notes ...string) string {
	var kept []string
	for _, n := range notes {
		if n != "" {
			kept = append(kept, n)
		}
	}
	return strings.Join(kept, "; ")
}

func pick(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

func atoi(s string) int {
	n := 0
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}
