/* Fuzz target: bytes -> CSV -> records of a table.  Nothing crashes, every value and reason is
 * well-formed, and a value in its canonical form stays as it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "sheet/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_value(const struct sheet_column *c, const char *text)
{
	const struct sheet_cell cell = {.kind = CELL_TEXT, .text = text, .len = strlen(text)};
	char reason[SHEET_REASON], *again = malloc(cell.len + 256);

	if (!again || !text_valid(text, cell.len))
		abort();
	if (*text && (!sheet_value(c, &cell, again, cell.len + 256, reason) || strcmp(again, text)))
		abort();
	free(again);
}

static void check_record(const struct sheet_import *in, const struct sheet_table *t,
			 const struct sheet_record *r)
{
	size_t c;

	for (c = 0; c < t->count; c++) {
		check_value(&t->columns[c], r->values[c]);
		if (*r->values[c] && !sheet_import_has(in, (int)c))
			abort();
	}
	if (!text_valid(r->reason, strlen(r->reason)) || (*r->reason == 0) != (r->column < 0) ||
	    r->column >= (int)r->part->width)
		abort();
}

static void read_as(const struct sheet_table *t, const char *path)
{
	struct sheet_import *in = NULL;
	struct sheet_record r;
	struct err_info e;
	bool end = false;

	if (sheet_import_open(t, path, NULL, &in, &e))
		return;
	while (!sheet_import_next(in, &r, &end, &e) && !end)
		check_record(in, t, &r);
	sheet_import_close(&in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("records", MFD_CLOEXEC);
	char path[64];
	size_t i;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (i = 0; sheet_table_at(i); i++)
		read_as(sheet_table_at(i), path);
	close(fd);
	return 0;
}
