package books

import (
	"slices"
	"strings"
)

// spellings are words that are not written as other words are: names of channels and platforms as their makers
// write them.
var spellings = map[string]string{"ios": "iOS", "android": "Android", "sms": "SMS", "mms": "MMS", "rcs": "RCS",
	"whatsapp": "WhatsApp", "ipados": "iPadOS", "macos": "macOS", "id": "ID", "ids": "IDs"}

// mails are the words for mail in our own sentences; Freshsales calls its field Email.
var mails = map[string]string{"email": "e-mail", "emails": "e-mails", "Email": "E-mail", "Emails": "E-mails"}

// ours are the columns in which we speak; what other columns hold is the customer's, and stays as it is.
var ours = []string{"reason", "why", "note", "sentence", "fix", "evidence", "advice", "next_step", "consequence",
	"gotcha",
	"limitation", "what_to_do", "topic", "channels", "trigger", "platform", "check_that", "otherwise", "question", "text",
	"conflict", "lost", "worst", "off_reason", "equation", "left_name", "right_name", "problem", "what_it_did"}

// IsOurs says whether the cells of a column hold our own words.
func (c Column) IsOurs() bool { return c.Kind < FieldLabel && slices.Contains(ours, c.Name) }

// Spell writes the words of a sentence of ours as they are written; what stands in quotation marks is somebody's.
func Spell(text string) string { return spell(text, true) }

// FieldWords makes the name of a field readable: "cf_sms_opt_out" is "SMS opt out".
func FieldWords(name string) string { return capital(spell(plainName(name), false)) }

// InWords makes the name of a kind readable: "loyalty_segment" is "Loyalty segment".
func InWords(name string) string {
	return capital(spell(strings.TrimSpace(strings.ReplaceAll(name, "_", " ")), false))
}

// plainName is the name of a field without what only programs need: its prefix, and that it holds a number.
func plainName(name string) string {
	bare := strings.ReplaceAll(strings.TrimPrefix(name, "cf_"), "_", " ")
	if cut, isID := strings.CutSuffix(bare, " id"); isID && strings.Contains(" contact status|lifecycle stage|owner|"+
		"deal stage|deal pipeline|currency|territory|sales account", cut) {
		return cut
	}
	return strings.TrimSpace(bare)
}

// capital begins a text with a capital letter, but for words that begin with a small one on purpose.
func capital(text string) string {
	first, _, _ := strings.Cut(text, " ")
	for _, word := range spellings {
		if first == word {
			return text
		}
	}
	if text != "" && text[0] >= 'a' && text[0] <= 'z' {
		return strings.ToUpper(text[:1]) + text[1:]
	}
	return text
}

func spell(text string, mail bool) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(text); {
		if !isWordy(text[i]) {
			i++
			continue
		}
		from := i
		for i < len(text) && isWordy(text[i]) {
			i++
		}
		to := i
		for to > from && text[to-1] == '.' {
			to--
		}
		word := text[from:to]
		right, known := spellings[word]
		if !known && word != "" && word[0] >= 'A' && word[0] <= 'Z' {
			right, known = spellings[strings.ToLower(word[:1])+word[1:]]
		}
		if !known && mail {
			right, known = mails[word]
		}
		if !known || right == word || isQuoted(text, from, to) {
			continue
		}
		b.WriteString(text[done:from])
		b.WriteString(right)
		done = to
	}
	if done == 0 {
		return text
	}
	b.WriteString(text[done:])
	return b.String()
}

// isWordy says whether a byte belongs to a word, a name or an address.
func isWordy(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '@' || c == '.' ||
		c == '-' || c == '\'' || c >= 0x80 && c != 0xe2
}

// isQuoted says whether a word stands in quotation marks.
func isQuoted(text string, from, to int) bool {
	before, after := text[:from], text[to:]
	return strings.HasSuffix(before, `"`) && strings.HasPrefix(after, `"`) ||
		strings.HasSuffix(before, "“") && strings.HasPrefix(after, "”")
}
