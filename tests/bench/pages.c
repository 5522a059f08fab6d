/* bench/pages.c - how long a page of the list of invoices takes in the store.
 *
 *   pages HOME ROUNDS    one JSON line: per filter the rows found and the nanoseconds of each round
 *
 * Every round opens the database anew, so no page is met in this program's own cache.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/base.h"
#include "store/store.h"

enum { PAGE = 50, FEW = 20, ROUNDS_MAX = 99 }; /* FEW: a page that both homes fill */

static const enum invoice_state issued = INVOICE_ISSUED, failed = INVOICE_FAILED;
static const enum invoice_kind special = INVOICE_SPECIAL;

/* A month somewhere in the middle of the three years that fill spreads its invoices over. */
enum { MONTH_FROM = 1717171200, MONTH_TO = 1719763200 }; /* 2024-06-01, 2024-07-01 in UTC+8 */

/* Amounts of fill are spread; ten yuan wide, somewhere in the middle, and one amount. */
static const int64_t ten_from = 1234500, ten_to = 1235500, large = 30000000;

static const struct {
	const char *name;
	struct invoice_filter filter;
} pages[] = {
    {"first page", {.limit = PAGE}},
    {"last page", {.limit = PAGE, .last_page = true}},
    {"state issued", {.limit = PAGE, .state = &issued}},
    {"state failed", {.limit = PAGE, .state = &failed}},
    {"kind special", {.limit = PAGE, .kind = &special}},
    {"kind special, last page", {.limit = PAGE, .kind = &special, .last_page = true}},
    {"unfinished", {.limit = PAGE, .unfinished = true}},
    {"buyer in every row", {.limit = PAGE, .buyer = "有限公司"}},
    {"buyer in few rows", {.limit = FEW, .buyer = "深圳华"}},
    {"buyer in no row", {.limit = PAGE, .buyer = "没有这个购买方"}},
    {"month", {.limit = PAGE, .created_from = MONTH_FROM, .created_to = MONTH_TO}},
    {"order number", {.limit = PAGE, .order_no = "SO-00005000"}},
    {"number", {.limit = PAGE, .number = "26440000000000005000"}},
    {"text in every row", {.limit = PAGE, .text = "有限公司"}},
    {"text in many rows", {.limit = PAGE, .text = "螺纹钢"}},
    {"two words", {.limit = FEW, .text = "深圳 螺纹钢"}},
    {"text in few rows", {.limit = FEW, .text = "深圳华"}},
    {"text in no row", {.limit = PAGE, .text = "没有这个购买方"}},
    {"words never together", {.limit = PAGE, .text = "深圳华 合同 SO-00000001"}},
    {"text, state failed", {.limit = FEW, .text = "有限公司", .state = &failed}},
    {"remark", {.limit = PAGE, .remark = "合同"}},
    {"remark of one", {.limit = PAGE, .remark = "HT-01234"}},
    {"drawer", {.limit = PAGE, .drawer = "李会计"}},
    {"part of a number", {.limit = PAGE, .number_part = "00005000"}},
    {"amounts of ten yuan", {.limit = 1, .gross_from = &ten_from, .gross_to = &ten_to}},
    {"large amounts", {.limit = PAGE, .gross_from = &large}},
    {"large amounts, text", {.limit = FEW, .gross_from = &large, .text = "运输"}},
};

static enum err count_row(void *arg, const struct invoice_row *row)
{
	*(int64_t *)arg += row->id > 0;
	return ERR_OK;
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static enum err one_round(const char *path, struct invoice_filter f, int64_t *rows, int64_t *took,
			  struct err_info *e)
{
	int64_t next, begin;
	struct unit unit;
	struct db *db;
	enum err r = db_open(path, DB_READ, &db, e);

	if (r)
		return r;
	*rows = 0;
	begin = now_ns();
	if (!(r = store_unit_only(db, &unit, e))) {
		f.unit = unit.id;
		unit_free(&unit);
		r = store_invoice_page(db, &f, count_row, rows, &next, e);
	}
	*took = now_ns() - begin;
	db_close(&db);
	return r;
}

static enum err measure(const char *path, size_t rounds, struct err_info *e)
{
	enum err r = ERR_OK;
	int64_t rows, took;

	putchar('{');
	for (size_t p = 0; !r && p < sizeof(pages) / sizeof(pages[0]); p++) {
		printf("%s\"%s\":{\"ns\":[", p ? "," : "", pages[p].name);
		for (size_t i = 0; !r && i < rounds; i++) {
			r = one_round(path, pages[p].filter, &rows, &took, e);
			printf("%s%" PRId64, i ? "," : "", took);
		}
		printf("],\"rows\":%" PRId64 "}", rows);
	}
	puts("}");
	return r;
}

int main(int argc, char **argv)
{
	struct err_info e = {0};
	char path[HOME_PATH], text[2048], *end;
	unsigned long rounds = argc == 3 ? strtoul(argv[2], &end, 10) : 0;

	if (!rounds || *end || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: pages HOME ROUNDS\n");
		return 2;
	}
	if (!home_path(argv[1], HOME_DB, path, &e) && !measure(path, rounds, &e))
		return 0;
	fprintf(stderr, "pages: %s %s\n", err_sentence(&e, text, sizeof(text)), e.detail);
	return 1;
}
