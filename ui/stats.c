/* stats.c - KAIPIAO_STATS=FILE: what every key cost. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ui/loop.h"
#include "ui/term.h"

enum { TURN_KEYS = 256 };

static FILE *out;
static struct {
	char key[KEY_NAME];
	enum action action;
	bool used;
	int64_t at_us;
} keys[TURN_KEYS];
static int count;
static int64_t read_us;

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void stats_open(void)
{
	const char *path = getenv("KAIPIAO_STATS");

	if (path && *path)
		out = fopen(path, "ae");
}

void stats_read(void)
{
	read_us = now_us();
}

void stats_key(struct key k, enum action a, bool used)
{
	if (!out || count == TURN_KEYS)
		return;
	ui_key_name(k, keys[count].key);
	keys[count].action = a;
	keys[count].used = used;
	keys[count++].at_us = read_us;
}

/* The bytes of a turn are the last key's: all keys of a turn share one update. */
void stats_flushed(void)
{
	unsigned long bytes = out ? term_bytes() : 0;
	int64_t now = out ? now_us() : 0;
	int i;

	for (i = 0; i < count; i++)
		fprintf(out, "%s\t%s\t%s\t%lld\t%lu\n", keys[i].key,
			keys[i].action ? action_info(keys[i].action)->name : "-",
			keys[i].used ? "used" : "ignored", (long long)(now - keys[i].at_us),
			i == count - 1 ? bytes : 0);
	if (count)
		fflush(out);
	count = 0;
}

void stats_close(void)
{
	if (out)
		fclose(out);
	out = NULL;
}
