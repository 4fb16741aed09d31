package discovery

import (
	"testing"

	"ferry/extract/delimited"
)

func TestARowOfWordsThatAreNamesIsNoHeader(t *testing.T) {
	for name, text := range map[string]string{
		"a column nobody knows": "user_id,channel,status,reason,update_time\n" +
			"u1,sms,unsubscribed,too many,2024-01-01 10:00:00\nu2,email,subscribed,,2024-01-01 10:00:00\n",
		"the status before": "user_id,channel,old_status,status,update_time\n" +
			"u1,email,subscribed,unsubscribed,2024-01-01 10:00:00\nu2,email,subscribed,bounced,2024-01-01 10:00:00\n",
	} {
		t.Run(name, func(t *testing.T) {
			found := delimited.Analyse([]byte(text), known)
			if len(found.Preamble) != 0 || len(found.Tables) != 1 || len(found.Tables[0].Rows) != 2 {
				t.Errorf("%d lines stand before %d tables, want one table of two rows", len(found.Preamble), len(found.Tables))
			}
		})
	}
	under := "Export of consents,,\n\nuser_id,status,preference_name\nu1,subscribed,News\nu2,unsubscribed,News\n"
	if found := delimited.Analyse([]byte(under), known); len(found.Preamble) != 1 || len(found.Tables[0].Rows) != 2 {
		t.Errorf("a header below a title is not found: %d lines before it", len(found.Preamble))
	}
}
