package reports

import "testing"

func TestATextThatLooksLikeAFormulaIsNoneInAList(t *testing.T) {
	for text, want := range map[string]string{"=1+1": "'=1+1", "+353": "'+353", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "ios": "ios", "": ""} {
		if got := harmless(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
}
