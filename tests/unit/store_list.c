/* Lists of invoices: every row once and in order against a brute-force oracle, plans without
 * scans. */
#include "unit/store_fixture.h"
#include "store/invoices_p.h"

enum { ROWS = 3000, TYPES = 3 };

static const char *const names[] = {
    "深圳市腾飞科技有限公司",
    "深圳市ABC贸易有限公司",
    "上海ＡＢＣ咨询（集团）有限公司",
    "北京百货大楼",
    "张三",
    "李四",
    "",
    "广州市天河区某某商店",
    "深圳市腾飞物流有限公司",
    "Abc Trading Ltd",
    "司公",
    "公司司公公司",
};
static const char *const parts[] = {"公司", "abc",           "ＡＢＣ", "(集团)", "深圳", "腾飞科技",
				    "张三", "无此名",        "司",     "有限公", "a",    "司公",
				    "d公",  "贸易有限公司x", " "};
enum { NAMES = sizeof(names) / sizeof(names[0]), PARTS = sizeof(parts) / sizeof(parts[0]) };

/* What the oracle knows of a row. */
struct known {
	int64_t id, unit, created_at, type;
	enum invoice_state state;
	enum invoice_kind kind;
	char buyer[128], order_no[32], number[NUMBER_TEXT];
};
static struct known rows[ROWS];
static size_t row_count;
static int64_t second_unit, types[TYPES]; /* of the first unit */
static const char *const type_names[TYPES] = {"零售", "批发", "展会"};

/* An invoice that stands in any state, as after a long life. */
static void add_row(struct fixture *f, int i, const char *buyer)
{
	struct invoice_record r;
	struct known *k = &rows[row_count++];
	fixture_invoice(f, &r, buyer);
	r.unit_id = pick(10) ? f->unit : second_unit;
	r.invoice.kind = (enum invoice_kind)pick(2);
	if (i % 3 == 0) {
		snprintf(k->order_no, sizeof(k->order_no), "SO-%d", i);
		mem_set(&r.invoice.order_no, k->order_no);
	}
	if (i % 2 == 0) {
		snprintf(k->number, sizeof(k->number), "254470%014d", i);
		text_copy(r.invoice.number, sizeof(r.invoice.number), k->number);
	}
	k->type = pick(3) ? 1 + pick(TYPES) : 0;
	if (k->type)
		mem_set(&r.invoice.business_type, type_names[k->type - 1]);
	must(f, store_invoice_insert(f->db, &r, &f->e));
	k->id = r.id;
	if (k->type)
		must(f,
		     store_type_find(f->db, r.unit_id, type_names[k->type - 1], &k->type, &f->e));
	if (k->type && r.unit_id == f->unit)
		types[pick(TYPES)] = k->type;
	k->unit = r.unit_id;
	k->kind = r.invoice.kind;
	k->created_at = r.created_at;
	k->state = (enum invoice_state)(pick(3) ? INVOICE_ISSUED : pick(INVOICE_STATES));
	text_copy(k->buyer, sizeof(k->buyer), buyer);
	must(f, db_run(f->db, &f->e, NULL, "UPDATE invoice SET state = ? WHERE id = ?", "sl",
		       invoice_state_word(k->state), k->id));
	invoice_record_free(&r);
}

static void rebuild_tally(struct fixture *f)
{
	must(f, db_run(f->db, &f->e, NULL, "DELETE FROM invoice_tally", ""));
	must(
	    f,
	    db_run(
		f->db, &f->e, NULL,
		"INSERT INTO invoice_tally (unit_id, state, kind, count)"
		" SELECT unit_id, state, kind, COUNT(*) FROM invoice GROUP BY unit_id, state, kind",
		""));
}

/* 3,000 invoices over four months; once the clock is set back by two days. */
static void fill(struct fixture *f, int many_names)
{
	row_count = 0;
	assert_true(clock_start("2025-08-01T00:00:00+08:00"));
	must(f, db_begin(f->db, &f->e));
	second_unit = fixture_using(f, ENV_PRACTICE, "91440300USING00002", f->direct);
	for (int i = 0; i < ROWS; i++) {
		char name[128];
		snprintf(name, sizeof(name), "%s%d", names[pick(NAMES)], (int)pick(1000));
		add_row(f, i, pick(100) < (uint32_t)many_names ? name : names[pick(NAMES)]);
		clock_shift(i == 1500 ? -2 * 86400 : (int64_t)pick(7200));
	}
	rebuild_tally(f);
	must(f, db_commit(f->db, &f->e));
}

static bool oracle(const struct invoice_filter *f, const struct known *k)
{
	bool unfinished = k->state == INVOICE_NUMBERED || k->state == INVOICE_SENDING ||
			  k->state == INVOICE_ACCEPTED || k->state == INVOICE_UNKNOWN;
	if ((f->unit && f->unit != k->unit) || (f->state && *f->state != k->state) ||
	    (f->kind && *f->kind != k->kind) || (f->unfinished && !unfinished) ||
	    (f->business_type && f->business_type != k->type) ||
	    (f->created_from && k->created_at < f->created_from) ||
	    (f->created_to && k->created_at >= f->created_to) ||
	    (f->order_no && strcmp(f->order_no, k->order_no) != 0) ||
	    (f->number && strcmp(f->number, k->number) != 0))
		return false;
	if (!f->buyer)
		return true;
	char *a = buyer_fold(k->buyer), *b = buyer_fold(f->buyer);
	bool yes = strstr(a, b) != NULL;
	free(a);
	free(b);
	return yes;
}

struct page {
	int64_t ids[ROWS];
	size_t n;
};

static enum err take(void *arg, const struct invoice_row *row)
{
	struct page *p = arg;
	const struct known *k = NULL;
	for (size_t i = 0; i < row_count && !k; i++)
		k = rows[i].id == row->id ? &rows[i] : NULL;
	assert_non_null(k);
	assert_string_equal(row->buyer_name, k->buyer);
	assert_string_equal(row->order_no, k->order_no);
	assert_string_equal(row->number, k->number);
	assert_int_equal(row->state, k->state);
	assert_int_equal(row->kind, k->kind);
	assert_int_equal(row->net, 10000);
	assert_true(p->n < ROWS);
	p->ids[p->n++] = row->id;
	return ERR_OK;
}

static void compare(struct fixture *f, struct invoice_filter *filter)
{
	static struct page want, got, last;
	int64_t count = 0;
	bool at_least = false;
	want.n = got.n = last.n = 0;
	for (size_t i = row_count; i-- > 0;)
		if (oracle(filter, &rows[i]))
			want.ids[want.n++] = rows[i].id;
	filter->cursor = 0;
	filter->last_page = false;
	do {
		size_t before = got.n;
		must(f, store_invoice_page(f->db, filter, take, &got, &filter->cursor, &f->e));
		assert_true(got.n - before <= (size_t)filter->limit);
	} while (filter->cursor);
	assert_int_equal(got.n, want.n);
	assert_memory_equal(got.ids, want.ids, want.n * sizeof(want.ids[0]));
	filter->last_page = true;
	int64_t next = 1;
	must(f, store_invoice_page(f->db, filter, take, &last, &next, &f->e));
	size_t tail = want.n < (size_t)filter->limit ? want.n : (size_t)filter->limit;
	assert_int_equal(last.n, tail);
	assert_memory_equal(last.ids, want.ids + (want.n - tail), tail * sizeof(want.ids[0]));
	assert_int_equal(next, 0);
	filter->last_page = false;
	must(f, store_invoice_count(f->db, filter, 100000, &count, &at_least, &f->e));
	assert_int_equal(count, want.n);
	assert_false(at_least);
	must(f, store_invoice_count(f->db, filter, 5, &count, &at_least, &f->e));
	if (at_least)
		assert_true(count <= 5 && want.n >= (size_t)count);
	else
		assert_int_equal(count, want.n);
}

static void random_filters(struct fixture *f, int rounds)
{
	static const int limits[] = {1, 2, 7, 50, 1000};
	for (int i = 0; i < rounds; i++) {
		enum invoice_state s = (enum invoice_state)pick(INVOICE_STATES);
		enum invoice_kind k = (enum invoice_kind)pick(2);
		const struct known *one = &rows[pick((uint32_t)row_count)];
		struct invoice_filter filter = {
		    .unit = pick(5)   ? f->unit
			    : pick(2) ? second_unit
				      : 0,
		    .state = pick(3) == 0 ? &s : NULL,
		    .kind = pick(3) == 0 ? &k : NULL,
		    .unfinished = pick(6) == 0,
		    .buyer = pick(2) ? parts[pick(PARTS)] : NULL,
		    .business_type = pick(3) == 0 ? types[pick(TYPES)] : 0,
		    .limit = limits[1 + pick(4)],
		};
		if (pick(3) == 0) /* from a moment or from the start of its day */
			filter.created_from =
			    pick(2) ? one->created_at
				    : one->created_at - (one->created_at + 28800) % 86400;
		if (pick(3) == 0)
			filter.created_to =
			    rows[row_count - 1].created_at - (int64_t)pick(60 * 86400);
		if (filter.created_to && pick(2))
			filter.created_to -= (filter.created_to + 28800) % 86400;
		if (pick(12) == 0)
			filter.number = one->number[0] ? one->number : NULL;
		if (pick(12) == 0)
			filter.order_no = one->order_no[0] ? one->order_no : NULL;
		compare(f, &filter);
	}
}

static void test_few_names(void **state)
{
	fill(*state, 0);
	random_filters(*state, 250);
}

/* So many names that walking and testing, walking name by name, and both in turn are met. */
static void test_many_names(void **state)
{
	fill(*state, 95);
	random_filters(*state, 250);
}

/* Names that only old invoices have: the test walk gives up and the names decide. */
static void test_old_names(void **state)
{
	struct fixture *f = *state;
	row_count = 0;
	must(f, db_begin(f->db, &f->e));
	second_unit = f->direct;
	for (int i = 0; i < ROWS; i++) {
		char name[64];
		snprintf(name, sizeof(name), i < 400 ? "旧客户%d公司" : "新客户%d公司", i);
		add_row(f, i, name);
	}
	rebuild_tally(f);
	must(f, db_commit(f->db, &f->e));
	enum invoice_kind kind = INVOICE_SPECIAL;
	struct invoice_filter old = {.unit = f->unit, .buyer = "旧客户", .limit = 50};
	compare(f, &old);
	old.kind = &kind;
	compare(f, &old);
	old.limit = 1000;
	compare(f, &old);
}

static void test_unfinished(void **state)
{
	struct fixture *f = *state;
	int64_t count = -1, oldest = -1, want = 0, want_oldest = 0;
	fill(f, 0);
	struct invoice_filter filter = {.unit = f->unit, .unfinished = true};
	for (size_t i = 0; i < row_count; i++)
		if (oracle(&filter, &rows[i])) {
			want++;
			if (!want_oldest || rows[i].created_at < want_oldest)
				want_oldest = rows[i].created_at;
		}
	must(f, store_invoice_unfinished(f->db, f->unit, &count, &oldest, &f->e));
	assert_int_equal(count, want);
	assert_int_equal(oldest, want_oldest);
	must(f, store_invoice_unfinished(f->db, 0, &count, &oldest, &f->e));
	assert_true(count > want && oldest <= want_oldest);
	must(f, store_invoice_unfinished(f->db, f->direct, &count, &oldest, &f->e));
	assert_int_equal(count, 0);
	assert_int_equal(oldest, 0);
}

static void test_ids(void **state)
{
	struct fixture *f = *state;
	int64_t ids[20], last = 0;
	size_t n = 0, seen = 0;
	fill(f, 0);
	must(f, store_invoice_ids(f->db, 0, INVOICE_SENDING, ids, 20, &n, &f->e));
	assert_int_equal(n, 20);
	for (size_t i = 0; i < row_count && seen < 20; i++)
		if (rows[i].state == INVOICE_SENDING)
			assert_int_equal(ids[seen++], rows[i].id);
	must(f, store_invoice_ids(f->db, second_unit, INVOICE_SENDING, ids, 20, &n, &f->e));
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		assert_true(ids[i] > last);
		last = ids[i];
	}
}

/* ---- plans ----------------------------------------------------------------------------------- */

static void check_plan(struct fixture *f, const char *sql, size_t values, bool by_type)
{
	struct buf text;
	struct rows *q;
	struct bind binds[16] = {{0}};
	for (size_t i = 0; i < values; i++)
		binds[i].type = 'l';
	buf_init(&text, 4096);
	buf_addf(&text, "EXPLAIN QUERY PLAN %s", sql);
	must(f, db_query_built(f->db, &q, &f->e, buf_str(&text), binds, values));
	int lines = 0;
	while (rows_next(q)) {
		const char *detail = rows_text(q, 3);
		lines++;
		if (strstr(detail, "SCAN i") || strstr(detail, "SCAN b") ||
		    strstr(detail, "TEMP B-TREE"))
			fail_msg("%s\n  %s", sql, detail);
		if (strncmp(detail, "SEARCH i ", 9) == 0)
			assert_true(strstr(detail, "id>? AND id<?") &&
				    (!by_type || strstr(detail, "business_type_id=?")));
	}
	assert_true(lines > 0);
	assert_int_equal(rows_end(&q, ERR_OK, &f->e), ERR_OK);
	buf_free(&text);
}

static void test_plans(void **state)
{
	struct fixture *f = *state;
	for (unsigned m = 0; m < 64; m++) {
		struct walk_shape s = {
		    .by_name = m & 1,
		    .by_state = m & 2,
		    .by_created = m & 4,
		    .tests_name = m & 8,
		    .ascending = m & 16,
		    .by_type = m & 32,
		};
		struct buf sql;
		buf_init(&sql, 4096);
		invoice_walk_sql(&sql, &s);
		check_plan(f, buf_str(&sql),
			   4u + (s.by_name ? 1 : 0) + (s.by_state ? 2 : 0) +
			       (s.by_created ? 2 : 0) + (s.by_type ? 1 : 0),
			   s.by_type);
		buf_free(&sql);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_few_names),  T(test_many_names), T(test_old_names),
	    T(test_unfinished), T(test_ids),        T(test_plans),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
