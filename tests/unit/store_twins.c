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

/* None reads the catalogue from one end to the other. */
static void twins_by_name(struct fixture *f, const struct catalogue *c)
{
	const char *const all[] = {c->twin_of, c->is_twin, c->twin_docs};
	char text[2000];
	struct rows *q;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", all[i]);
		must(f, db_query(f->db, &q, &f->e, text, "ll", f->unit, (int64_t)10));
		while (rows_next(q)) {
			const char *step = rows_text(q, 3);

			if (strstr(step, "SCAN") && !strstr(step, "SUBQUERY") &&
			    !strstr(step, "CONSTANT") && !strstr(step, "(subquery"))
				fail_msg("%s: %s", all[i], step);
			if (strstr(step, "SEARCH b") && !strstr(step, "_name_key") &&
			    !strstr(step, "_tax_key"))
				fail_msg("%s: %s", all[i], step);
		}
		must(f, rows_end(&q, ERR_OK, &f->e));
	}
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
	twins_by_name(f, &catalogue_buyers);
	twins_by_name(f, &catalogue_goods);
	issued_by_name(f);
}

/* ---- what is there twice, against looking at every pair ---- */

static uint64_t draw(uint64_t *seed, uint64_t n)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed % n;
}

static int64_t pairs(struct fixture *f, const char *sql)
{
	int64_t n = 0;
	bool found;

	must(f, db_get_int(f->db, &f->e, &n, &found, sql, ""));
	return n;
}

static void check_counts(struct fixture *f)
{
	const struct buyer_query buyers = {.twins = true, .limit = 10};
	const struct goods_query goods = {
	    .twins = true, .limit = 10, .env = "practice", .today = "2025-11-20"};
	int64_t n;

	must(f, store_buyer_count(f->db, f->unit, &buyers, 1000, &n, &f->e));
	assert_int_equal(
	    n, pairs(f, "SELECT COUNT(*) FROM buyer a WHERE removed_at IS NULL AND EXISTS"
			" (SELECT 1 FROM buyer b WHERE b.removed_at IS NULL AND b.id <> a.id"
			" AND (b.name = a.name OR (b.tax_no = a.tax_no AND a.tax_no <> '')))"));
	must(f, store_goods_count(f->db, f->unit, &goods, 1000, &n, &f->e));
	assert_int_equal(
	    n, pairs(f, "SELECT COUNT(*) FROM goods a WHERE removed_at IS NULL AND EXISTS"
			" (SELECT 1 FROM goods b WHERE b.removed_at IS NULL AND b.id <> a.id"
			" AND b.name = a.name AND b.spec = a.spec)"));
}

static void write_buyer(struct fixture *f, int64_t id, const char *name, const char *tax_no)
{
	struct buyer b = id ? get(f, id) : make(f, name, tax_no);

	mem_set(&b.party.name, name);
	mem_set(&b.party.tax_no, tax_no);
	must(f, id ? store_buyer_update(f->db, &b, &f->e) : store_buyer_insert(f->db, &b, &f->e));
	buyer_free(&b);
}

static void write_goods(struct fixture *f, int64_t id, const char *name, const char *spec)
{
	struct goods g = {.unit_id = f->unit, .source = SOURCE_ENTERED, .rate_ppm = 130000};
	bool found = false;

	if (id)
		must(f, store_goods_get(f->db, f->unit, id, &g, &found, &f->e));
	mem_set(&g.name, name);
	mem_set(&g.spec, spec);
	must(f, id ? store_goods_update(f->db, &g, &f->e) : store_goods_insert(f->db, &g, &f->e));
	goods_free(&g);
}

/* One of those that are there, 0 when there is none. */
static int64_t some(struct fixture *f, const char *table, uint64_t *seed)
{
	char sql[200];
	int64_t id = 0;
	bool found;

	snprintf(sql, sizeof(sql),
		 "SELECT id FROM %s WHERE removed_at IS NULL ORDER BY id LIMIT 1 OFFSET %d", table,
		 (int)draw(seed, 12));
	must(f, db_get_int(f->db, &f->e, &id, &found, sql, ""));
	return found ? id : 0;
}

static void knows_what_is_there_twice(void **state)
{
	static const char *const NAMES[] = {"甲", "乙", "丙"}, *const MORE[] = {"", "T1", "T2"};
	struct fixture *f = *state;
	uint64_t seed = 11;
	int i, removed;

	for (i = 0; i < 600; i++) {
		const char *name = NAMES[draw(&seed, 3)], *more = MORE[draw(&seed, 3)];
		int64_t buyer = some(f, "buyer", &seed), goods = some(f, "goods", &seed);

		must(f, db_begin(f->db, &f->e));
		switch (draw(&seed, 6)) {
		case 0:
			write_buyer(f, 0, name, more);
			break;
		case 1:
			write_buyer(f, buyer, name, more);
			break;
		case 2:
			must(f, store_buyer_remove(f->db, f->unit, &buyer, 1, &removed, &f->e));
			break;
		case 3:
			write_goods(f, 0, name, more);
			break;
		case 4:
			write_goods(f, goods, name, more);
			break;
		default:
			must(f, store_goods_remove(f->db, f->unit, &goods, 1, &removed, &f->e));
		}
		must(f, db_commit(f->db, &f->e));
		check_counts(f);
	}
}

/* Loaded rows, too, whether or not the load knows that it has met them. */
static void knows_what_was_loaded_twice(void **state)
{
	struct fixture *f = *state;

	add(f, "甲", "T1");
	LOAD(f, {"乙", "T1", "", "", -1}, {"甲", "T2", "", "", -1}, {"丙", "", "", "", -1});
	check_counts(f);
	LOAD(f, {"丙", "T3", "", "", -1}, {"丙", "T4", "", "", -1}, {"丁", "T3", "", "", -1});
	check_counts(f);
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
	    TEST(knows_what_is_there_twice),
	    TEST(knows_what_was_loaded_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
