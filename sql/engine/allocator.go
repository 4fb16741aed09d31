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

extern int duckdb_je_mallctl(const char *, void *, size_t *, void *, size_t) __attribute__((weak));

// 4096 stands for all arenas.
static void give_back_freed_memory(void) {
	if (duckdb_je_mallctl) duckdb_je_mallctl("arena.4096.purge", NULL, NULL, NULL, 0);
}
#else
static void give_back_freed_memory(void) {}
#endif
*/
import "C"

import (
	"fmt"
	"os"
	"time"
)

// giveBackEvery is how often freed memory is given back while the process holds nearly what it may.
const giveBackEvery = time.Second / 2

// giveBack gives freed memory back at once where the process holds nearly what it may: a sort takes what is left of it
// within a second. It says when it did.
func (b budget) giveBack(last, now time.Time) time.Time {
	if now.Sub(last) < giveBackEvery || resident() < b.all-b.all/16 {
		return last
	}
	C.give_back_freed_memory()
	return now
}

// giveBackFirst gives freed memory back before a table is built where little room is left: what the table before it
// freed lies in pieces of other sizes, and a new one may take as much again before anybody looks.
func (b budget) giveBackFirst() {
	if resident() > b.all/5*4 {
		C.give_back_freed_memory()
	}
}

// resident is how much memory the process holds, in bytes; 0 where the system does not tell.
func resident() int64 {
	var all, held int64
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	if _, err := fmt.Sscan(string(text), &all, &held); err != nil {
		return 0
	}
	return held * int64(os.Getpagesize())
}
