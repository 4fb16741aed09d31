package twin

import (
	"fmt"
	"net/http"
	"time"
)

// timeForm is how the API writes a moment: ISO with an offset (API.md 3.3).
const timeForm = "2006-01-02T15:04:05-07:00"

// answer is what a request is answered with.
type answer struct {
	status int
	body   []byte
	kind   string // content type; "" is JSON
	header http.Header
}

func ok(status int, body any) answer {
	return answer{status: status, body: appendJSON(make([]byte, 0, 4096), body)}
}

// refuse is a validation failure with every sentence that applies (API.md 1.4).
func refuse(messages ...string) answer { return failure(http.StatusBadRequest, messages...) }

func failure(status int, messages ...string) answer {
	return ok(status, object{{"errors", object{{"code", status}, {"message", messages}}}})
}

// missing is the 404 of a record that is not there.
func missing(noun string) answer {
	if noun == "contact" {
		return failure(http.StatusNotFound, "The contact you're looking for is not in the CRM.")
	}
	return failure(http.StatusNotFound, fmt.Sprintf("Sorry, we couldn't find the %s you're looking for.", noun))
}

// nowhere is the 404 of a path that is not there: an empty body.
func nowhere() answer { return answer{status: http.StatusNotFound} }

// broken is a server fault.
func broken() answer { return ok(http.StatusInternalServerError, object{{"error_code", 500}}) }

// moment writes a time kept in milliseconds, or null. Neighbours mostly share their second.
func (t *Twin) moment(v any) any {
	ms, has := number(v)
	if !has {
		return nil
	}
	if second := ms / 1000; second != t.second || t.secondText == "" {
		t.second, t.secondText = second, time.UnixMilli(ms).In(t.zone).Format(timeForm)
	}
	return t.secondText
}
