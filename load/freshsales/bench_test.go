package freshsales

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// page is a page of a view with records as wide as real ones.
func page(rows int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"contacts":[`)
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b,
			`{"id":700420%05d,"email":"p%d@example.com","first_name":"Ann","last_name":"Lee","display_name":"Ann Lee","mobile_number":"+4917012345%02d","external_id":"x%d","updated_at":"2026-01-01T00:00:00-04:00"`, i, i, i, i)
		for n := range 40 {
			fmt.Fprintf(&b, `,"attribute_%d":null`, n)
		}
		b.WriteByte('}')
	}
	b.WriteString(`],"meta":{"total":100000,"total_pages":1000}}`)
	return b.Bytes()
}

// BenchmarkViewPage is what reading ids back costs us: one page for every hundred records.
func BenchmarkViewPage(b *testing.B) {
	body := page(100)
	c, err := New(Config{URL: "http://localhost", Key: testKey,
		Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body))}, nil
		})})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		p, err := c.ViewPage(context.Background(), Contacts, 1, Query{})
		if err != nil || len(p.Rows) != 100 || p.Rows[99].Email != "p99@example.com" {
			b.Fatal(err)
		}
	}
	b.ReportMetric(100*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkBulkUpsert is what handing over a hundred finished records costs us.
func BenchmarkBulkUpsert(b *testing.B) {
	reply := `{"message":"ok","job_status_url":"http://localhost/crm/sales/api/job_statuses/5"}`
	c, err := New(Config{URL: "http://localhost", Key: testKey,
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			_, err := io.Copy(io.Discard, r.Body)
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(reply))}, err
		})})
	if err != nil {
		b.Fatal(err)
	}
	items := make([]Item, MaxBatch)
	for i := range items {
		items[i] = Item{Key: "person@example.com", Data: Attributes(`{"first_name":"Ann","custom_field":{"cf_a":"` +
			strings.Repeat("x", 150) + `"}}`)}
	}
	for b.Loop() {
		if _, err := c.BulkUpsert(context.Background(), Contacts, items); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(100*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
