package engine

/*
#include <stdlib.h>

// DuckDB's allocator gives memory back to the system a second after it was freed, and each of the hundreds of
// tables of a transform asks for it again: a fifth of its time went there. It reads this when the program starts,
// before Go runs; what the environment says already wins. Elsewhere than on Linux DuckDB has no such allocator.
#ifdef __linux__
__attribute__((constructor(101))) static void keep_freed_memory_for_the_next_table(void) {
	setenv("DUCKDB_JE_MALLOC_CONF", "dirty_decay_ms:10000,muzzy_decay_ms:0", 0);
}
#endif
*/
import "C"
