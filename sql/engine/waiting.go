package engine

/*
#cgo linux LDFLAGS: -Wl,--wrap=duckdb_execute_pending

#ifdef __linux__
#include <stdbool.h>
#include <unistd.h>

// As in duckdb.h, which belongs to the driver.
typedef struct _duckdb_pending_result *duckdb_pending_result;
typedef struct duckdb_result duckdb_result;
enum { NO_TASKS_AVAILABLE = 3 };

extern int duckdb_pending_execute_task(duckdb_pending_result);
extern bool duckdb_pending_execution_is_finished(int);
extern int __real_duckdb_execute_pending(duckdb_pending_result, duckdb_result *);

// While another thread has the last piece of work of a query, DuckDB's own loop asks again and again whether there is
// more: it takes a core from whatever else is being built. Asked a task at a time, as its interface offers, it can sleep
// in between. The linker puts this in the place of the function the driver calls.
int __wrap_duckdb_execute_pending(duckdb_pending_result pending, duckdb_result *result) {
	int asked = 0;
	for (;;) {
		int state = duckdb_pending_execute_task(pending);
		if (duckdb_pending_execution_is_finished(state)) break;
		asked = state == NO_TASKS_AVAILABLE ? asked + 1 : 0;
		if (asked > 10) usleep(asked > 100 ? 1000 : 100);
	}
	return __real_duckdb_execute_pending(pending, result);
}
#endif
*/
import "C"
