/* bench/sheetdump.c - the cells of a workbook or CSV, as the program reads them.
 *
 *   sheetdump FILE          the first visible sheet, one row a line: NUMBER then the cells by tabs
 *   sheetdump FILE SHEET    the sheet of that number, 1 is the first
 *   sheetdump -l FILE       the sheets: number, "hidden" or "visible", name
 *   sheetdump -k FILE [N]   as rows, each cell with a letter of its kind: t n d b f, e empty;
 *                           ! after it: a number that has lost digits
 *   sheetdump -c FILE       only counts: rows, cells, bytes, seconds, peak memory in MiB
 *
 * Tabs, line ends and backslashes in cells come as \t \n \\.  FILE - is standard input.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/base.h"
#include "sheet/read.h"

static char mode;

static int fail(const struct err_info *e)
{
	char line[2048];

	fprintf(stderr, "sheetdump: %s\n", err_sentence(e, line, sizeof(line)));
	return (int)e->class;
}

static void put_cell(const struct sheet_cell *c)
{
	static const char LETTERS[] = "etndbf";
	size_t i;

	putchar('\t');
	if (mode == 'k') {
		putchar(LETTERS[c->kind]);
		if (c->rounded)
			putchar('!');
		putchar(':');
	}
	for (i = 0; i < c->len; i++) {
		if (c->text[i] == '\t')
			fputs("\\t", stdout);
		else if (c->text[i] == '\n')
			fputs("\\n", stdout);
		else if (c->text[i] == '\\')
			fputs("\\\\", stdout);
		else
			putchar(c->text[i]);
	}
}

static int64_t microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static enum err dump(struct sheet_reader *r, struct err_info *e)
{
	int64_t rows = 0, cells = 0, bytes = 0, start = microseconds();
	struct sheet_row row;
	struct rusage use;
	bool end = false;
	enum err rc;
	int i;

	for (;;) {
		rc = sheet_next(r, &row, &end, e);
		if (rc || end)
			break;
		rows++;
		if (mode != 'c')
			printf("%" PRId64, row.number);
		for (i = 0; i < row.count; i++) {
			cells += row.cells[i].kind != CELL_EMPTY;
			bytes += (int64_t)row.cells[i].len;
			if (mode != 'c')
				put_cell(&row.cells[i]);
		}
		if (mode != 'c')
			putchar('\n');
	}
	if (mode == 'c') {
		getrusage(RUSAGE_SELF, &use);
		printf("%" PRId64 " rows %" PRId64 " cells %" PRId64 " bytes %" PRId64 ".%03" PRId64
		       " s %ld MiB\n",
		       rows, cells, bytes, (microseconds() - start) / 1000000,
		       (microseconds() - start) / 1000 % 1000, use.ru_maxrss / 1024);
	}
	return rc;
}

static void list(const struct sheet_reader *r)
{
	size_t i;

	for (i = 0; i < sheet_count(r); i++)
		printf("%zu\t%s\t%s\n", i + 1, sheet_hidden(r, i) ? "hidden" : "visible",
		       sheet_name(r, i));
}

int main(int argc, char **argv)
{
	struct sheet_reader *r;
	struct err_info e;
	enum err rc;
	long sheet;

	if (argc > 1 && argv[1][0] == '-' && argv[1][1]) {
		mode = argv[1][1];
		argv++;
		argc--;
	}
	if (argc < 2) {
		fputs("usage: sheetdump [-l|-k|-c] FILE [SHEET]\n", stderr);
		return ERR_USAGE;
	}
	if (sheet_open(argv[1], &r, &e))
		return fail(&e);
	sheet = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
	rc = sheet > 0 ? sheet_select(r, (size_t)sheet - 1, &e) : ERR_OK;
	if (mode == 'l')
		list(r);
	else if (!rc)
		rc = dump(r, &e);
	sheet_close(&r);
	return rc ? fail(&e) : 0;
}
