/* bench/sheetwrite.c - the workbook writer, for tests and for measuring.
 *
 *   sheetwrite cells OUT FORMAT      rows of JSON on stdin, [["a", "b"], ...]; the first one has
 *                                    the headings, one that ends with # is a column of ids
 *   sheetwrite template OUT FORMAT TABLE
 *   sheetwrite rows OUT FORMAT N     N rows as of buyers, nine columns
 *   sheetwrite read FILE TABLE       what an import makes of a file: one JSON object a record, then
 *                                    one with the sheet, the headings not understood and the rows
 *
 * OUT "-" is standard output.  An existing file is replaced.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "sheet/sheet.h"

enum { INPUT_MAX = 256 << 20, OUTPUT_MAX = 1 << 30, COLUMNS_MAX = 256, BUYER_COLUMNS = 9 };

static int fail(const struct err_info *e)
{
	char text[1400];

	fprintf(stderr, "%s %s\n", e->code, err_sentence(e, text, sizeof(text)));
	return (int)e->class;
}

/* ---- cells ---- */

static size_t row_cells(const cJSON *row, const char *cells[COLUMNS_MAX])
{
	const cJSON *m;
	size_t n = 0;

	cJSON_ArrayForEach(m, row)
	{
		if (n < COLUMNS_MAX)
			cells[n++] = json_text(m);
	}
	return n;
}

static size_t make_heads(const cJSON *row, struct sheet_head heads[COLUMNS_MAX])
{
	const char *titles[COLUMNS_MAX];
	size_t n = row_cells(row, titles), i;

	for (i = 0; i < n; i++) {
		char *title = mem_strdup(titles[i]);
		size_t len = strlen(title);

		heads[i] = (struct sheet_head) {.title = title, .id = len && title[len - 1] == '#'};
		if (heads[i].id)
			title[len - 1] = 0;
	}
	return n;
}

static enum err write_cells(const char *out, enum sheet_format f, struct err_info *e)
{
	struct sheet_head heads[COLUMNS_MAX];
	const char *cells[COLUMNS_MAX];
	struct sheet_writer *w = NULL;
	cJSON *tree = NULL;
	const cJSON *row;
	char *data = NULL;
	size_t n, count, i;
	enum err r;

	if ((r = file_read("-", INPUT_MAX, &data, &n, e)) ||
	    (r = json_parse(data, n, INPUT_MAX, &tree, e))) {
		free(data);
		return r;
	}
	row = tree->child;
	count = make_heads(row, heads);
	r = sheet_write_begin(out, f, true, "测试", heads, count, &w, e);
	while (!r && (row = row->next)) {
		memset(cells, 0, sizeof(cells));
		row_cells(row, cells);
		r = sheet_write_row(w, cells, e);
	}
	if (r)
		sheet_write_drop(&w);
	else
		r = sheet_write_end(&w, e);
	for (i = 0; i < count; i++)
		free((void *)heads[i].title);
	json_free(&tree);
	free(data);
	return r;
}

/* ---- many rows ---- */

static enum err write_rows(const char *out, enum sheet_format f, long rows, struct err_info *e)
{
	const struct sheet_table *t = sheet_table("buyers");
	struct sheet_head heads[SHEET_COLUMNS];
	char texts[BUYER_COLUMNS][96];
	const char *cells[BUYER_COLUMNS];
	struct sheet_writer *w = NULL;
	enum err r;
	long i;

	sheet_table_heads(t, heads);
	r = sheet_write_begin(out, f, true, t->title, heads, BUYER_COLUMNS, &w, e);
	for (i = 0; i < BUYER_COLUMNS; i++)
		cells[i] = texts[i];
	for (i = 0; !r && i < rows; i++) {
		long h = i * 7919 % 104729;

		snprintf(texts[0], sizeof(texts[0]), "深圳市晴川%ld数码贸易有限公司%ld", h, i);
		snprintf(texts[1], sizeof(texts[1]), "91440300MA%08ld", i);
		snprintf(texts[2], sizeof(texts[2]), "QC%ld", h);
		snprintf(texts[3], sizeof(texts[3]), "深圳市南山区科苑路 %ld 号 %ld 室", h % 900,
			 i % 97);
		snprintf(texts[4], sizeof(texts[4]), "0755-%08ld", h * 7);
		snprintf(texts[5], sizeof(texts[5]), "中国银行深圳第 %ld 支行", h % 300);
		snprintf(texts[6], sizeof(texts[6]), "7452%014ld", i * 31);
		snprintf(texts[7], sizeof(texts[7]), "buyer%ld@example.com", i);
		snprintf(texts[8], sizeof(texts[8]), "%s", i % 5 ? "Y" : "N");
		r = sheet_write_row(w, cells, e);
	}
	if (r) {
		sheet_write_drop(&w);
		return r;
	}
	return sheet_write_end(&w, e);
}

/* ---- reading ---- */

static void put_record(struct json_out *o, const struct sheet_table *t,
		       const struct sheet_record *r)
{
	size_t c;

	json_open(o, NULL, '{');
	json_put_int(o, "row", r->row);
	for (c = 0; c < t->count; c++) {
		if (*r->values[c])
			json_put(o, t->columns[c].key, r->values[c]);
	}
	if (*r->reason)
		json_put(o, "reason", r->reason);
	json_close(o, '}');
}

static void flush(struct buf *b)
{
	puts(buf_str(b));
	buf_reset(b);
}

static enum err read_records(const char *file, const char *table, struct err_info *e)
{
	const struct sheet_table *t = sheet_table(table);
	struct sheet_import *in = NULL;
	struct sheet_record record;
	struct json_out o;
	struct buf b;
	int64_t rows = 0;
	bool end = false;
	size_t k;
	enum err r = sheet_import_open(t, file, NULL, &in, e);

	buf_init(&b, OUTPUT_MAX);
	while (!r && !(r = sheet_import_next(in, &record, &end, e)) && !end) {
		json_out_init(&o, &b, 0);
		put_record(&o, t, &record);
		flush(&b);
		rows++;
	}
	if (!r) {
		json_out_init(&o, &b, 0);
		json_open(&o, NULL, '{');
		json_put(&o, "sheet", sheet_import_sheet(in, 0));
		json_open(&o, "unknown", '[');
		for (k = 0; sheet_import_unknown(in, k); k++)
			json_put(&o, NULL, sheet_import_unknown(in, k));
		json_close(&o, ']');
		json_put_int(&o, "rows", rows);
		json_close(&o, '}');
		flush(&b);
	}
	buf_free(&b);
	sheet_import_close(&in);
	return r;
}

int main(int argc, char **argv)
{
	enum sheet_format f = SHEET_XLSX;
	struct err_info e = {0};
	enum err r;

	if (argc == 4 && !strcmp(argv[1], "read") && sheet_table(argv[3])) {
		r = read_records(argv[2], argv[3], &e);
		return r ? fail(&e) : 0;
	}
	if (argc < 4 || !sheet_format_parse(argv[3], &f)) {
		fputs("usage: sheetwrite cells|template|rows OUT FORMAT [TABLE|N]\n"
		      "       sheetwrite read FILE TABLE\n",
		      stderr);
		return ERR_USAGE;
	}
	if (argc == 5 && !strcmp(argv[1], "template") && sheet_table(argv[4]))
		r = sheet_template(sheet_table(argv[4]), argv[2], f, true, &e);
	else if (argc == 5 && !strcmp(argv[1], "rows"))
		r = write_rows(argv[2], f, strtol(argv[4], NULL, 10), &e);
	else
		r = write_cells(argv[2], f, &e);
	return r ? fail(&e) : 0;
}
