package engine

import (
	"context"
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"ferry/sql/sqltest"
)

// Of a query with one piece of work at a time one core is used, whichever thread has it: the one that waits for it
// leaves its core to others.
func TestWhoWaitsForAnotherThreadSleeps(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.NumCPU() < 2 {
		t.Skip("it is so on Linux, and seen where there are two cores")
	}
	o := options(sqltest.Files())
	o.Threads = 2
	e, err := Start(context.Background(), sqltest.NewRun(t), o)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	began, used := time.Now(), processor()
	for i := range 20 {
		var last string
		query := fmt.Sprintf("select max(md5(i::varchar || '%d')) from range(400000) as t(i)", i)
		if err := e.One(context.Background(), query, &last); err != nil {
			t.Fatal(err)
		}
	}
	if share := (processor() - used).Seconds() / time.Since(began).Seconds(); share > 1.3 {
		t.Errorf("%.2f cores were used for the work of one", share)
	}
}

func processor() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
