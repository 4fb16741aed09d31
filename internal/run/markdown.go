package run

import "strings"

var markdownCell = strings.NewReplacer("\n", " ", "\r", " ", "|", `\|`, "<", "&lt;", "`", "'")

// MarkdownCell is text that cannot break out of its cell of a Markdown table.
func MarkdownCell(text string) string { return strings.TrimSpace(markdownCell.Replace(text)) }

// MarkdownRow is one line of a Markdown table; whoever writes it has put strange text through MarkdownCell.
func MarkdownRow(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// MarkdownHead is the first two lines of a Markdown table.
func MarkdownHead(titles ...string) string {
	rules := make([]string, len(titles))
	for i := range rules {
		rules[i] = "---"
	}
	return MarkdownRow(titles...) + MarkdownRow(rules...)
}
