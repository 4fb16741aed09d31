package run

import "testing"

func TestNothingBreaksOutOfAMarkdownCell(t *testing.T) {
	got := MarkdownHead("object", "label") + MarkdownRow("contacts", MarkdownCell(" A|B\r\n<b>`x`"))
	want := "| object | label |\n| --- | --- |\n| contacts | A\\|B  &lt;b>'x' |\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
