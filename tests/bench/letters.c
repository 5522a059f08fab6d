/* bench/letters.c - how long a page of the list of red letters takes in the store.
 *
 *   letters fill PATH COUNT     a database of that many letters, as the engine writes them
 *   letters pages PATH ROUNDS   one JSON line: per filter the rows found and the nanoseconds of
 *                               each round; "bare" is a page of the table by its key
 *
 * Every round opens the database anew, so no page is met in this program's own cache.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/base.h"
#include "store/store.h"

enum { PAGE = 50, ROUNDS_MAX = 99, BATCH = 20000, DAY = 86400 };
enum { FIRST_ENTERED = 1704067200 }; /* 2024-01-01; letters are spread over two years and a half */
enum { SPREAD = 900 * DAY };

/* ---- filling --------------------------------------------------------------------------------- */

static uint64_t seed = 20261120;

static uint32_t pick(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(seed >> 33) % n;
}

static enum red_state random_state(void)
{
	uint32_t n = pick(1000);

	if (n < 800)
		return n < 500 ? RED_FREE : RED_AGREED;
	if (n < 803)
		return n < 802 ? RED_WAITS_SELLER : RED_WAITS_BUYER;
	return (enum red_state)(RED_DENIED_BY_BUYER + pick(9));
}

static void make_letter(struct red_letter *l, int64_t i, int64_t count)
{
	int64_t at = FIRST_ENTERED + SPREAD / count * i + pick(60);
	char text[64];

	snprintf(text, sizeof(text), "%032" PRIx64, (uint64_t)i * UINT64_C(0x9e3779b97f4a7c15));
	mem_set(&l->uuid, text);
	snprintf(text, sizeof(text), "26110%015" PRId64, i);
	mem_set(&l->number, text);
	l->entered_by = pick(3) ? RED_SELLER : RED_BUYER;
	l->state = random_state();
	l->valid = red_state_open(l->state);
	l->issued = (l->state == RED_FREE || l->state == RED_AGREED) && pick(1000);
	l->reason = (enum red_reason)(1 + pick(4));
	snprintf(text, sizeof(text), "客户%05u有限公司", pick(20000));
	mem_set(&l->buyer_name, text);
	mem_set(&l->seller_name, "演练销售有限公司");
	snprintf(text, sizeof(text), "26112%015" PRId64, i);
	mem_set(&l->blue_number, text);
	mem_set(&l->blue_kind, "02");
	datetime_text(at, l->entered_at);
	datetime_text(at - pick(40 * DAY), l->blue_issued_at);
	l->blue_net_fen = 1000000;
	l->blue_tax_fen = 130000;
	l->net_fen = -(int64_t)(1 + pick(1000000));
	l->tax_fen = -(l->net_fen / -100 * 13);
	l->declared_lines = 1;
}

static enum err fill_batch(struct db *db, int64_t unit, int64_t from, int64_t to, int64_t count,
			   struct err_info *e)
{
	enum err r = db_begin(db, e);

	if (r || (r = db_bulk(db, e)))
		return r;
	for (int64_t i = from; !r && i < to; i++) {
		struct red_letter l;
		enum red_put what;
		red_letter_init(&l);
		make_letter(&l, i, count);
		r = store_red_put(db, unit, RED_SELLER, &l, &what, NULL, e);
		red_letter_free(&l);
	}
	return r ? r : db_commit(db, e);
}

static enum err fill_unit(struct db *db, int64_t *unit, struct err_info *e)
{
	struct unit u = {.direct = true,
			 .env = ENV_PRACTICE,
			 .tax_no = mem_strdup("91440300BENCH00001"),
			 .name = mem_strdup("演练销售有限公司"),
			 .leqi_id = mem_strdup("0123456789abcdef0123")};
	enum err r = db_begin(db, e);

	if (!r && !(r = store_unit_put(db, &u, e)))
		r = db_commit(db, e);
	*unit = u.id;
	unit_free(&u);
	return r;
}

static enum err fill(const char *path, int64_t count, struct err_info *e)
{
	struct db *db;
	int64_t unit = 0;
	enum err r = db_open(path, DB_CREATE, &db, e);

	if (r)
		return r;
	r = fill_unit(db, &unit, e);
	for (int64_t i = 0; !r && i < count; i += BATCH)
		r = fill_batch(db, unit, i, i + BATCH < count ? i + BATCH : count, count, e);
	db_close(&db);
	return r;
}

/* ---- pages ----------------------------------------------------------------------------------- */

static const enum red_side seller = RED_SELLER;
static const bool yes = true, no;
static const enum red_situation for_us = RED_FOR_US, issuable = RED_ISSUABLE, voided = RED_VOID;

static const struct {
	const char *name;
	struct red_filter filter;
} pages[] = {
    {"first page", {.side = &seller}},
    {"last page", {.side = &seller, .last_page = true}},
    {"sent", {.side = &seller, .sent = &yes}},
    {"received", {.side = &seller, .sent = &no}},
    {"for us", {.situation = &for_us}},
    {"issuable", {.situation = &issuable}},
    {"issuable, last page", {.situation = &issuable, .last_page = true}},
    {"void", {.situation = &voided}},
    {"expired", {.states = 1u << RED_EXPIRED}},
    {"not issued", {.issued = &no}},
    {"party in every row", {.party = "有限公司"}},
    {"party in few rows", {.party = "客户00123"}},
    {"party in few rows, void", {.party = "客户00123", .situation = &voided}},
    {"party in no row", {.party = "没有这家"}},
    {"issued of a month", {.blue_from = "2025-03-01", .blue_to = "2025-03-31"}},
    {"issued of a month, for us",
     {.situation = &for_us, .blue_from = "2025-03-01", .blue_to = "2025-03-31"}},
    {"issued of a year", {.blue_from = "2025-01-01", .blue_to = "2025-12-31"}},
    {"entered of a month", {.entered_from = "2025-03-01", .entered_to = "2025-03-31"}},
    {"blue number", {.blue_number = "26112000000000005000"}},
    {"number", {.no = "26110000000000005000"}},
};

static enum err count_row(void *arg, const struct red_row *row)
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

static enum err bare_page(struct db *db, int64_t *rows, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id, unit_id, side, entered_by, state, net, tax, number, uuid,"
			      " buyer_name, blue_number, blue_issued_at, entered_at FROM red_letter"
			      " ORDER BY id DESC LIMIT ?",
			      "i", (int)PAGE);

	while (!r && rows_next(q))
		*rows += *rows_text(q, 12) != '\0';
	return rows_end(&q, r, e);
}

/* filter NULL: the bare page. */
static enum err one_round(const char *path, const struct red_filter *filter, int64_t *rows,
			  int64_t *took, struct err_info *e)
{
	struct red_filter f = {.unit = 1};
	int64_t next, begin, any;
	struct db *db;
	enum err r = db_open(path, DB_READ, &db, e);

	if (r)
		return r;
	if (filter)
		f = *filter;
	f.limit = PAGE;
	*rows = 0;
	/* What opening leaves for the first statement is nobody's. */
	r = db_get_int(db, e, &any, NULL, "SELECT id FROM unit LIMIT 1", "");
	f.unit = any;
	begin = now_ns();
	if (!r)
		r = filter ? store_red_page(db, &f, count_row, rows, &next, e)
			   : bare_page(db, rows, e);
	*took = now_ns() - begin;
	db_close(&db);
	return r;
}

static enum err measure(const char *path, size_t rounds, struct err_info *e)
{
	const size_t count = sizeof(pages) / sizeof(pages[0]);
	enum err r = ERR_OK;
	int64_t rows, took;

	putchar('{');
	for (size_t p = 0; !r && p <= count; p++) {
		printf("%s\"%s\":{\"ns\":[", p ? "," : "", p ? pages[p - 1].name : "bare");
		for (size_t i = 0; !r && i < rounds; i++) {
			r = one_round(path, p ? &pages[p - 1].filter : NULL, &rows, &took, e);
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
	char text[2048], *end;
	long long n = argc == 4 ? strtoll(argv[3], &end, 10) : 0;
	bool fills = n > 0 && !*end && !strcmp(argv[1], "fill");
	bool measures = n > 0 && !*end && !strcmp(argv[1], "pages") && n <= ROUNDS_MAX;

	if (!fills && !measures) {
		fprintf(stderr, "usage: letters fill PATH COUNT | letters pages PATH ROUNDS\n");
		return 2;
	}
	if (!(fills ? fill(argv[2], n, &e) : measure(argv[2], (size_t)n, &e)))
		return 0;
	fprintf(stderr, "letters: %s %s\n", err_sentence(&e, text, sizeof(text)), e.detail);
	return 1;
}
