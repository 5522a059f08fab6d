/* bare_xlsx.c - a workbook straight through libxlsxwriter, as fast as it goes: all cells text.
 *
 *   bare_xlsx shared|inline IN.tsv OUT.xlsx
 *
 * inline is the constant-memory mode; shared keeps every string once.  Prints {"ns":…,"rows":…}. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xlsxwriter.h>

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void write_line(lxw_worksheet *sheet, lxw_row_t row, char *line)
{
	lxw_col_t column = 0;
	char *tab;

	line[strcspn(line, "\n")] = 0;
	for (; line; line = tab, column++) {
		tab = strchr(line, '\t');
		if (tab)
			*tab++ = 0;
		if (*line)
			worksheet_write_string(sheet, row, column, line, NULL);
	}
}

int main(int argc, char **argv)
{
	int64_t start = now_ns(), rows = 0;
	lxw_workbook_options options = {0};
	lxw_workbook *book;
	lxw_worksheet *sheet;
	FILE *in = argc == 4 ? fopen(argv[2], "r") : NULL;
	char *line = NULL;
	size_t size = 0;

	if (!in) {
		fprintf(stderr, "usage: bare_xlsx shared|inline IN.tsv OUT.xlsx\n");
		return 1;
	}
	options.constant_memory = strcmp(argv[1], "inline") == 0;
	book = workbook_new_opt(argv[3], &options);
	sheet = workbook_add_worksheet(book, "客户信息");
	for (; getline(&line, &size, in) > 0; rows++)
		write_line(sheet, (lxw_row_t)rows, line);
	free(line);
	fclose(in);
	if (workbook_close(book) != LXW_NO_ERROR) {
		fprintf(stderr, "bare_xlsx: could not write %s\n", argv[3]);
		return 1;
	}
	printf("{\"ns\":%" PRId64 ",\"rows\":%" PRId64 "}\n", now_ns() - start, rows);
	return 0;
}
