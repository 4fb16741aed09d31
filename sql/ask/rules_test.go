package ask

import (
	"io/fs"

	"ferry/sql/engine"
	"ferry/sql/sqltest"
)

// rules are options with these files and all that the small house needs.
func rules(shipped fs.FS) engine.Options {
	return engine.Options{Shipped: shipped, Macros: sqltest.Macros(), Landed: sqltest.Landed, Now: sqltest.Clock,
		Threads: 1}
}
