package functions

import (
	"net"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Classes of e-mail addresses. What each may be used for is a setting (settings.email_policy).
const (
	emailDeliverable = "deliverable" // ordinary: RFC 5321 dot-string at a domain name
	emailUnusual     = "unusual"     // deliverable but unusual: quoted, non-ASCII, address literal, a local network
	emailObsolete    = "obsolete"    // RFC 5322 obsolete or comment syntax; mail servers differ
	emailReserved    = "reserved"    // a domain set aside: no mail can ever reach it
	emailInvalid     = "invalid"
)

// email is what a cell that should hold an e-mail address turned out to hold.
type email struct{ address, local, domain, class, note string }

func emailFields(in []string) []any {
	e := cleanEmail(in[0])
	return []any{orNull(e.address), orNull(e.local), orNull(e.domain), orNull(e.class), orNull(e.note)}
}

var (
	emailNamed    = regexp.MustCompile(`^[^<>]*<([^<>]+)>[;,]?$`)
	emailSeveral  = regexp.MustCompile(`[;,|\s]+`)
	emailComment  = regexp.MustCompile(`\([^()]*\)`)
	emailAtom     = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+$")
	emailPlain    = regexp.MustCompile(`^[A-Za-z0-9._%+'&-]+$`)
	emailQuoted   = regexp.MustCompile(`^"(?:[^"\\]|\\.)*"$`)
	domainLabel   = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$`)
	topLevel      = regexp.MustCompile(`^(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$`)
	reservedLevel = regexp.MustCompile(`^(?:invalid|localhost|test|example|arpa)$`)
	privateLevel  = regexp.MustCompile(`^(?:local|internal|lan|home|onion)$`)
	masked        = regexp.MustCompile(`[*•●…]|\.\.\.|(?i:^x{3,}@|x{4,}@|^(?:redacted|hidden|masked|removed|deleted)@)`)
)

// cleanEmail reads a cell: wrapping is taken off and said so, letters are made small, nothing else
// is changed. Suggestions for typing mistakes are made in SQL, and never applied by themselves.
func cleanEmail(raw string) email {
	if strings.IndexFunc(strings.TrimSpace(raw), isHiddenControl) >= 0 {
		return email{class: emailInvalid, note: "a control character in it"}
	}
	text, notes := unwrapEmail(raw)
	if text == "" {
		return email{class: pick(strings.TrimSpace(raw) == "", "", emailInvalid), note: pick(strings.TrimSpace(raw) == "", "", "no address in it")}
	}
	e := classify(text)
	e.note = joinNotes(append(notes, e.note)...)
	return e
}

// unwrapEmail takes off what is not part of the address.
func unwrapEmail(raw string) (string, []string) {
	var notes []string
	text := norm.NFC.String(strings.Map(visible, raw))
	text = strings.TrimSpace(text)
	if rest, ok := cutPrefixFold(text, "mailto:"); ok {
		rest, _, _ = strings.Cut(rest, "?") // ?subject=… and the like
		text, notes = strings.TrimSpace(rest), append(notes, "mailto: taken off")
	}
	if m := emailNamed.FindStringSubmatch(text); m != nil {
		text, notes = strings.TrimSpace(m[1]), append(notes, "taken out of angle brackets")
	}
	if strings.Count(text, "<") != strings.Count(text, ">") {
		return text, notes // what the other half held is gone
	}
	if !strings.HasPrefix(text, `"`) {
		if trimmed := strings.Trim(text, `'";,<>`); trimmed != text {
			text, notes = strings.TrimSpace(trimmed), append(notes, "surrounding marks taken off")
		}
		if strings.Count(text, "@") > 1 {
			if parts := emailSeveral.Split(text, -1); len(parts) > 1 && strings.Count(parts[0], "@") == 1 {
				text, notes = parts[0], append(notes, "several addresses in one cell; the first was taken")
			}
		}
	}
	return text, notes
}

// isHiddenControl finds characters that no keyboard writes; line ends and tabs are spaces.
func isHiddenControl(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }

// visible drops characters nobody sees and makes every kind of space a space.
func visible(r rune) rune {
	switch {
	case r == '\u200b', r == '\u200c', r == '\u200d', r == '\u2060', r == '\ufeff', r == '\u00ad', r == utf8.RuneError:
		return -1
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

func classify(text string) email {
	bad := func(why string) email { return email{class: emailInvalid, note: why} }
	switch {
	case strings.Count(text, "<") != strings.Count(text, ">"):
		return bad("a bracket that is not closed")
	case strings.Count(text, "@") == 1 && masked.MatchString(text):
		return bad("masked: letters are replaced by signs")
	}
	obsolete := ""
	if stripped := emailComment.ReplaceAllString(text, ""); stripped != text && !strings.Contains(text, `"`) {
		text, obsolete = strings.TrimSpace(stripped), "has a comment in brackets"
	}
	at := strings.LastIndex(text, "@")
	if at < 0 {
		return bad("no @ in it")
	}
	local, domain := text[:at], text[at+1:]
	if l, d := strings.TrimSpace(local), strings.TrimSpace(domain); l != local || d != domain {
		local, domain, obsolete = l, d, "has a space beside the @"
	}
	if local == "" {
		return bad("nothing before the @")
	}
	ascii, unusualDomain, why := cleanDomain(domain)
	if why != "" {
		return bad(why)
	}
	class, note := classifyLocal(local)
	if class == emailInvalid {
		return bad(note)
	}
	if class == emailDeliverable && unusualDomain != "" {
		class, note = emailUnusual, unusualDomain
	}
	if reservedLevel.MatchString(ascii[strings.LastIndex(ascii, ".")+1:]) {
		class, note = emailReserved, "a domain that is set aside and receives no mail"
	}
	if obsolete != "" && class != emailReserved {
		class, note = emailObsolete, obsolete
	}
	if ascii != strings.ToLower(strings.TrimSuffix(domain, ".")) {
		note = joinNotes(note, "international domain written in ASCII")
	}
	local = strings.ToLower(local)
	if len(local)+1+len(ascii) > 254 {
		return bad("longer than 254 characters")
	}
	return email{address: local + "@" + ascii, local: local, domain: ascii, class: class, note: note}
}

func classifyLocal(local string) (class, note string) {
	if len(local) > 64 {
		return emailInvalid, "more than 64 characters before the @"
	}
	if emailQuoted.MatchString(local) {
		return emailUnusual, "quoted before the @"
	}
	if strings.Contains(local, "@") {
		return emailInvalid, "more than one @"
	}
	if strings.ContainsAny(local, " \t") {
		return emailInvalid, "a space before the @"
	}
	note = ""
	class = emailDeliverable
	for _, atom := range strings.Split(local, ".") {
		switch {
		case atom == "":
			return emailInvalid, "a dot too many before the @"
		case strings.Contains(atom, `"`):
			if !emailQuoted.MatchString(atom) {
				return emailInvalid, "a character that may not stand before the @"
			}
			class, note = emailObsolete, "partly quoted before the @"
		case !isASCII(atom):
			if strings.IndexFunc(atom, notInName) >= 0 {
				return emailInvalid, "a character that may not stand before the @"
			}
			if class == emailDeliverable {
				class, note = emailUnusual, "letters outside ASCII before the @"
			}
		case !emailAtom.MatchString(atom):
			return emailInvalid, "a character that may not stand before the @"
		case !emailPlain.MatchString(atom) && class == emailDeliverable:
			class, note = emailUnusual, "unusual signs before the @"
		}
	}
	return class, note
}

// cleanDomain gives the domain as the name servers know it; why says what makes it impossible.
func cleanDomain(domain string) (ascii, unusual, why string) {
	if inner, ok := strings.CutPrefix(domain, "["); ok {
		inner = strings.TrimPrefix(strings.TrimSuffix(inner, "]"), "IPv6:")
		if net.ParseIP(inner) == nil {
			return "", "", "not an address between the brackets"
		}
		return strings.ToLower(domain), "an address literal instead of a domain", ""
	}
	domain = strings.TrimSuffix(domain, ".")
	ascii, err := idna.Lookup.ToASCII(strings.ToLower(domain))
	if err != nil || domain == "" {
		return "", "", pick(domain == "", "nothing after the @", "not a domain name after the @")
	}
	labels := strings.Split(ascii, ".")
	if len(labels) < 2 {
		return "", "", "no dot after the @"
	}
	for _, l := range labels {
		if len(l) > 63 || !domainLabel.MatchString(l) {
			return "", "", "not a domain name after the @"
		}
	}
	top := labels[len(labels)-1]
	if len(ascii) > 253 || !topLevel.MatchString(top) {
		return "", "", "no such top-level domain"
	}
	if privateLevel.MatchString(top) {
		return ascii, "a domain that cannot receive mail from outside", ""
	}
	return ascii, "", ""
}

func notInName(r rune) bool {
	return r > unicode.MaxASCII && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}
