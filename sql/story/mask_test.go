package story

import (
	"regexp"
	"strings"
	"testing"
)

func testMask() *Mask {
	return NewMask([]byte("always the same"), map[string]bool{"n/a": true},
		map[string]bool{"example.com": true, "gold": true})
}

func TestAMaskKeepsTheShape(t *testing.T) {
	m := testMask()
	for _, c := range []struct{ of, like string }{
		{"Maeve", `^[A-Z][a-z]{4}$`},
		{"O'NEILL-Byrne", `^[A-Z]'[A-Z]{5}-[A-Z][a-z]{4}$`},
		{"maeve.oneill77@example.com", `^[a-z]{5}\.[a-z]{6}[1-9][0-9]@example\.com$`},
		{"maeve@server", `^[a-z]{5}@[a-z]{6}$`},
		{"maeve@private.example", `^[a-z]{5}@[a-z]{7}\.example$`},
		{"+353 85 172 8398", `^\+353 8\d \d{3} \d{4}$`},
		{"1945-01-09", `^194\d-(0[1-9]|1[0-2])-(0[1-9]|1[0-2])$`},
		{"9/1/1945", `^[1-9]/[1-9]/194\d$`},
		{"u:000123", `^[a-z]:0\d{5}$`},
		{"N/A", `^N/A$`},
		{"Ελένη", `^\p{Lu}\p{Ll}{4}$`},
		{"Jörg", `^[A-Z]\p{Ll}{3}$`},
	} {
		t.Run(c.of, func(t *testing.T) {
			got := m.Text(c.of)
			if !regexp.MustCompile(c.like).MatchString(got) {
				t.Errorf("%q is not like %s", got, c.like)
			}
			if got == c.of && c.of != "N/A" {
				t.Errorf("%q is not masked", got)
			}
		})
	}
}

// What was equal stays equal, whatever stands round it and however it is written.
func TestWhatWasEqualStaysEqual(t *testing.T) {
	m := testMask()
	first, last := m.Text("Maeve"), m.Text("Garley")
	if got := m.Text("GARLEY, maeve"); got != strings.ToUpper(last)+", "+strings.ToLower(first) {
		t.Errorf("%q of %q and %q", got, first, last)
	}
	if got := m.Text("m.garley@example.com"); got != strings.ToLower(first[:1]+"."+last)+"@example.com" {
		t.Errorf("the initial of %q is lost in %q", first, got)
	}
	home, abroad := m.Text("085 172 8398"), m.Text("+353851728398")
	if tail := strings.ReplaceAll(home, " ", "")[1:]; !strings.HasSuffix(abroad, tail) {
		t.Errorf("%q and %q were one number", home, abroad)
	}
	seen := map[string]string{}
	for _, id := range []string{"U100001", "U100002", "U100003", "41000001", "41000002", "0xAF3", "0xAF4"} {
		got := m.Text(id)
		if was := seen[got]; was != "" {
			t.Errorf("%s and %s have one mask", was, id)
		}
		seen[got] = id
	}
	if again := testMask().Text("Maeve"); again != first {
		t.Errorf("the same key gives %q and %q", first, again)
	}
	if other := NewMask([]byte("another"), nil, nil).Text("Maeve Garley"); other == first+" "+last {
		t.Error("another key gives the same mask")
	}
}

func TestAValueKeepsAmountsNamesOfJSONAndWhatIsCommon(t *testing.T) {
	m := testMask()
	for of, like := range map[string]string{
		"1935.15":      `^1935\.15$`,
		"57":           `^57$`,
		"20851":        `^[1-9]\d{4}$`,
		"Gold":         `^Gold$`,
		"gold of hers": `^[a-z]{4} [a-z]{2} [a-z]{4}$`,
		`{"plan":"gold","with":["Maeve"],"at":{"n":3,"id":1234567}}`: `^\{"at":\{"id":[1-9]\d{6},"n":3\},"plan":"gold","with":\["[A-Z][a-z]{4}"\]\}$`,
	} {
		if got := m.Value(of); !regexp.MustCompile(like).MatchString(got) || like[1:2] != of[:1] && got == of {
			t.Errorf("%q became %q", of, got)
		}
	}
}

func FuzzAMaskKeepsTheLength(f *testing.F) {
	f.Add("Maeve O'Neill")
	f.Add("ǅ İstanbul ß")
	f.Add(`{"a":[1,"b"]}`)
	f.Fuzz(func(t *testing.T, s string) {
		m := testMask()
		if got := m.Text(s); m.Text(s) != got {
			t.Errorf("%q has two masks", s)
		}
		m.Value(s)
	})
}
