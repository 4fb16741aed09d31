// Package long says which tests take too long for the ordinary run: those run with FERRY_LONG=1, as README lists them.
// It belongs to tests alone. A promise keeps at least one of its tests in the ordinary run.
package long

import (
	"os"
	"testing"
)

// Asked is true when everything is to be tested, however long it takes.
var Asked = os.Getenv("FERRY_LONG") != ""

// Only leaves a test out of the ordinary run, and says so.
func Only(t testing.TB) {
	t.Helper()
	if !Asked {
		t.Skip("takes long; FERRY_LONG=1 runs it, see README")
	}
}

// Or gives the first in the ordinary run, the second when everything is to be tested.
func Or[T any](ordinary, everything T) T {
	if Asked {
		return everything
	}
	return ordinary
}
