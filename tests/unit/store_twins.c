/* Loading what several rows of the catalogue are: the same name and key, kept by somebody. */
#include "buyer_help.h"
#include "store/buyers_p.h"
#include "store/goods_p.h"

/* ---- buyers ---- */

static void set_buyer(struct fixture *f, int64_t id, const char *mnemonic, const char *address)
{
	struct buyer b = get(f, id);

	mem_set(&b.mnemonic, mnemonic);
	mem_set(&b.party.address, address);
	update(f, &b);
	buyer_free(&b);
}

struct entry {
	const char *name, *tax_no, *mnemonic, *address;
	int is_default;
};

/* A, U or = for each entry. */
static const char *load_buyers(struct fixture *f, const struct entry *t, size_t n)
{
	static char results[64];
	uint32_t terms[FIND_TERMS];
	struct buyer_load *l;
	size_t i;

	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_load_begin(f->db, f->unit, &l, &f->e));
	for (i = 0; i < n; i++) {
		struct buyer_row r = {.name = t[i].name,
				      .tax_no = t[i].tax_no,
				      .mnemonic = t[i].mnemonic,
				      .address = t[i].address,
				      .is_person = -1,
				      .is_default = t[i].is_default};
		enum load_result result = LOAD_UNCHANGED;

		memset(r.has, 1, sizeof(r.has));
		must(f, store_buyer_load(l, &r, terms, store_buyer_terms(&r, terms), &result, NULL,
					 &f->e));
		results[i] = "AU="[result];
	}
	results[n] = 0;
	must(f, store_buyer_load_end(&l, &f->e));
	must(f, db_commit(f->db, &f->e));
	return results;
}

#define LOAD(f, ...)                                                                               \
	load_buyers(f, (const struct entry[]) {__VA_ARGS__},                                       \
		    sizeof((const struct entry[]) {__VA_ARGS__}) / sizeof(struct entry))

static void check_buyer(struct fixture *f, int64_t id, const char *mnemonic, const char *address,
			size_t more)
{
	struct buyer b = get(f, id);

	assert_string_equal(b.mnemonic, mnemonic);
	assert_string_equal(b.party.address, address);
	assert_int_equal(b.more_count, more);
	buyer_free(&b);
}

static void finds_each_buyer_again(void **state)
{
	struct fixture *f = *state;
	int64_t a = add(f, "甲", "T1"), b = add(f, "甲", "T1"), c = add(f, "甲", "T1");

	set_buyer(f, a, "JA", "路 1");
	set_buyer(f, b, "JB", "路 2");
	set_buyer(f, c, "JC", "路 2");
	/* As they are exported: the newest first. */
	assert_string_equal(LOAD(f, {"甲", "T1", "JC", "路 2", 1}, {"甲", "T1", "JB", "路 2", 1},
				 {"甲", "T1", "JA", "路 1", 1}),
			    "===");
	/* One of them edited: the one no row has met. */
	assert_string_equal(LOAD(f, {"甲", "T1", "JC", "路 2", 1}, {"甲", "T1", "JB", "路 2", 1},
				 {"甲", "T1", "JX", "路 1", 1}),
			    "==U");
	check_buyer(f, a, "JX", "路 1", 0);
	check_buyer(f, b, "JB", "路 2", 0);
	check_buyer(f, c, "JC", "路 2", 0);
}

static void finds_each_buyer_without_number(void **state)
{
	struct fixture *f = *state;
	int64_t a = add(f, "乙", ""), b = add(f, "乙", "");

	set_buyer(f, a, "", "路 1");
	set_buyer(f, b, "", "路 2");
	assert_string_equal(LOAD(f, {"乙", "", "", "路 2", 1}, {"乙", "", "", "路 1", 1}), "==");
	check_buyer(f, a, "", "路 1", 0);
	check_buyer(f, b, "", "路 2", 0);
}

static void gives_addresses_to_whom_they_belong(void **state)
{
	struct fixture *f = *state;
	int64_t a = add(f, "丙", "T3"), b = add(f, "丙", "T3");

	set_buyer(f, a, "", "路 1");
	set_buyer(f, b, "", "路 2");
	assert_string_equal(LOAD(f, {"丙", "T3", "", "路 2", 1}, {"丙", "T3", "", "路 1", 1},
				 {"丙", "T3", "", "路 3", 0}),
			    "==U");
	check_buyer(f, a, "", "路 1", 0);
	assert_string_equal(LOAD(f, {"丙", "T3", "", "路 2", 1}, {"丙", "T3", "", "路 1", 1},
				 {"丙", "T3", "", "路 3", 0}),
			    "===");
	check_buyer(f, b, "", "路 2", 1);
}

/* ---- goods ---- */

static int64_t add_goods(struct fixture *f, const char *code, const char *price)
{
	struct goods g = {
	    .unit_id = f->unit, .source = SOURCE_ENTERED, .rate_ppm = 130000, .inclusive = true};
	int64_t id;

	mem_set(&g.name, "螺纹钢");
	mem_set(&g.spec, "S");
	mem_set(&g.tax_code, code);
	mem_set(&g.price, price);
	must(f, db_begin(f->db, &f->e));
	must(f, store_goods_insert(f->db, &g, &f->e));
	must(f, db_commit(f->db, &f->e));
	id = g.id;
	goods_free(&g);
	return id;
}

/* Rows of the same goods at these prices. */
static const char *load_goods(struct fixture *f, const char *code, const char *const *prices)
{
	static char results[64];
	uint32_t terms[FIND_TERMS];
	struct goods_load *l;
	size_t i;

	must(f, db_begin(f->db, &f->e));
	must(f, store_goods_load_begin(f->db, f->unit, &l, &f->e));
	for (i = 0; prices[i]; i++) {
		struct goods_row r = {.name = "螺纹钢",
				      .spec = "S",
				      .tax_code = code,
				      .price = prices[i],
				      .rate_ppm = -1,
				      .inclusive = -1};
		enum load_result result = LOAD_UNCHANGED;

		memset(r.has, 1, sizeof(r.has));
		must(f, store_goods_load(l, &r, terms, store_goods_terms(&r, terms), &result, NULL,
					 &f->e));
		results[i] = "AU="[result];
	}
	results[i] = 0;
	must(f, store_goods_load_end(&l, &f->e));
	must(f, db_commit(f->db, &f->e));
	return results;
}

static void check_price(struct fixture *f, int64_t id, const char *price)
{
	struct goods g;
	bool found = false;

	must(f, store_goods_get(f->db, f->unit, id, &g, &found, &f->e));
	assert_true(found);
	assert_string_equal(g.price, price);
	goods_free(&g);
}

static void finds_goods_again(struct fixture *f, const char *code)
{
	int64_t a = add_goods(f, code, "1"), b = add_goods(f, code, "2"),
		c = add_goods(f, code, "2");

	assert_string_equal(load_goods(f, code, (const char *const[]) {"2", "2", "1", NULL}),
			    "===");
	/* One is dearer now: each row is of one that no other row is of. */
	assert_string_equal(load_goods(f, code, (const char *const[]) {"2", "3", "1", NULL}),
			    "=U=");
	check_price(f, a, "1");
	check_price(f, b, "3");
	check_price(f, c, "2");
	/* More rows than goods: the last ones say nothing. */
	assert_string_equal(load_goods(f, code, (const char *const[]) {"3", "2", "1", "9", NULL}),
			    "====");
}

static void finds_each_goods_again(void **state)
{
	finds_goods_again(*state, "1080207010000000000");
}

static void finds_each_goods_without_code(void **state)
{
	finds_goods_again(*state, "");
}

/* ---- every row of a load asks these ---- */

static void check_plan(struct fixture *f, struct rows *q, const char *sql)
{
	int steps = 0;

	while (rows_next(q)) {
		const char *step = rows_text(q, 3);

		if (!strstr(step, "SEARCH"))
			continue;
		if (!strstr(step, "_name_key") && !strstr(step, "_tax_key"))
			fail_msg("%s: %s", sql, step);
		steps++;
	}
	must(f, rows_end(&q, ERR_OK, &f->e));
	assert_true(steps > 0);
}

static void by_name(struct fixture *f, const char *sql)
{
	char text[2000];
	struct rows *q;

	snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", sql);
	must(f, db_query(f->db, &q, &f->e, text, "lllsss", (int64_t)1, (int64_t)2, f->unit, "", "",
			 ""));
	check_plan(f, q, sql);
}

static void twins_by_name(struct fixture *f)
{
	char text[2000];
	struct rows *q;

	snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", buyer_twin_docs);
	must(f, db_query(f->db, &q, &f->e, text, "li", f->unit, 10));
	check_plan(f, q, buyer_twin_docs);
}

/* Every line that is issued asks for its goods, while nobody else can write. */
static void issued_by_name(struct fixture *f)
{
	char text[2000];
	struct rows *q;

	snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", buyer_find_issued);
	must(f, db_query(f->db, &q, &f->e, text, "ssssssillss", "", "", "", "", "", "", 0,
			 (int64_t)1, f->unit, "", ""));
	check_plan(f, q, buyer_find_issued);
	snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", goods_find_issued);
	must(f, db_query(f->db, &q, &f->e, text, "ssiissllsss", "", "", 0, 0, "", "", (int64_t)1,
			 f->unit, "", "", ""));
	check_plan(f, q, goods_find_issued);
}

/* However many buyers there are, one of a name is found by it. */
static void asks_by_name_and_number(void **state)
{
	const struct catalogue *const both[] = {&catalogue_buyers, &catalogue_goods};
	struct fixture *f = *state;
	size_t i;

	/* Indexes that have just been made are weighed in another order. */
	db_close(&f->db);
	must(f, db_open(f->path, DB_WRITE, &f->db, &f->e));
	for (i = 0; i < 2; i++) {
		by_name(f, both[i]->kin);
		by_name(f, both[i]->kin_exact);
		by_name(f, both[i]->kin_marked);
	}
	twins_by_name(f);
	issued_by_name(f);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(finds_each_buyer_again),
	    TEST(finds_each_buyer_without_number),
	    TEST(gives_addresses_to_whom_they_belong),
	    TEST(finds_each_goods_again),
	    TEST(finds_each_goods_without_code),
	    TEST(asks_by_name_and_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
