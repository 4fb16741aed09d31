package extract

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ferry/internal/run"
)

// BenchmarkLand lands a file again and again; the comparison with DuckDB is in extract/speed.
func BenchmarkLand(b *testing.B) {
	var events, profiles strings.Builder
	events.WriteString("event_id,event,user_id,profile_id,timestamp,value\n")
	for i := 0; events.Len() < 48<<20; i++ {
		fmt.Fprintf(&events,
			"%08x%08x,%s,U%07d,%d,2024-%02d-%02d 10:%02d:00,\"{\"\"amount\"\":%d.5,\"\"sku\"\":\"\"A%d\"\"}\"\n", i,
			i*2654435761, []string{"open", "buy", "page_view"}[i%3], i*7919%2000000, 40000000+i*7919%2000000, i%12+1, i%28+1,
			i%60, i%500, i%5000)
	}
	for i := 0; profiles.Len() < 48<<20; i++ {
		fmt.Fprintf(&profiles,
			`{"profile_id":"%d","user_id":"U%d","email":"person%d@example.com","first_name":"Name%d","email_subscription":%d,"create_time":%d`, i, i, i, i%5000, i%2, 1700000000+i)
		for a := range 18 {
			fmt.Fprintf(&profiles, `,"attribute_%d":"value %d"`, a, i%(50+a))
		}
		profiles.WriteString("}\n")
	}
	for name, text := range map[string]string{"events.csv": events.String(), "user_profiles.ndjson": profiles.String()} {
		b.Run(name, func(b *testing.B) {
			p := run.OpenProject(b.TempDir())
			if err := os.MkdirAll(p.Exports(), 0o700); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(p.Exports(), name), []byte(text), 0o600); err != nil {
				b.Fatal(err)
			}
			dir, err := p.NewRun(clock)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Run(context.Background(), dir,
					Options{Exports: p.Exports(), Now: func() time.Time { return clock }}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
