#include "base/crash.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_uint steps;
static unsigned long crash_at; /* 0: never */
static bool trace;

void crash_init(void)
{
	const char *at = getenv("KAIPIAO_CRASH_AT");

	crash_at = at && *at >= '0' && *at <= '9' ? strtoul(at, NULL, 10) : 0;
	trace = getenv("KAIPIAO_CRASH_TRACE") != NULL;
}

void crash_step(const char *name)
{
	unsigned n = atomic_fetch_add(&steps, 1) + 1;

	if (trace)
		fprintf(stderr, "step %u %s\n", n, name);
	if (crash_at && n == crash_at)
		_exit(CRASH_EXIT);
}

unsigned crash_steps(void)
{
	return atomic_load(&steps);
}
