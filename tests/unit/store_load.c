/* Loading many buyers: whom a row means, addresses, and that loading again changes nothing. */
#include "buyer_help.h"

/* A row as a table of texts: name, tax number, 简码, address, account, default. */
struct entry {
	const char *name, *tax_no, *mnemonic, *address, *account;
	int is_default;
};

static enum load_result load_one(struct fixture *f, struct buyer_load *l, const struct entry *t,
				 struct load_told *told)
{
	uint32_t terms[FIND_TERMS];
	enum load_result result = LOAD_UNCHANGED;
	struct buyer_row r = {.name = t->name,
			      .tax_no = t->tax_no,
			      .mnemonic = t->mnemonic,
			      .address = t->address,
			      .account = t->account,
			      .is_person = -1,
			      .is_default = t->is_default};

	memset(r.has, 1, sizeof(r.has));
	must(f, store_buyer_load(l, &r, terms, store_buyer_terms(&r, terms), &result, told, &f->e));
	return result;
}

/* Loads the entries; results gets A, U or = for each. */
static const char *load(struct fixture *f, const struct entry *t, size_t n)
{
	static char results[4096];
	struct buyer_load *l;
	size_t i;

	assert_true(n < sizeof(results));
	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_load_begin(f->db, f->unit, &l, &f->e));
	for (i = 0; i < n; i++)
		results[i] = "AU="[load_one(f, l, &t[i], NULL)];
	results[n] = 0;
	must(f, store_buyer_load_end(&l, &f->e));
	must(f, db_commit(f->db, &f->e));
	return results;
}

#define LOAD(f, ...)                                                                               \
	load(f, (const struct entry[]) {__VA_ARGS__},                                              \
	     sizeof((const struct entry[]) {__VA_ARGS__}) / sizeof(struct entry))

static void loads_by_number_then_name(void **state)
{
	struct fixture *f = *state;
	struct buyer b;

	assert_string_equal(LOAD(f, {"甲", "T1", "J", "路 1", "", -1}, {"乙", "", "", "", "", -1}),
			    "AA");
	/* The number decides: renamed.  The name decides where there is no number. */
	assert_string_equal(LOAD(f, {"甲新", "T1", "", "", "", -1}, {"乙", "T2", "", "", "", -1}),
			    "UU");
	assert_string_equal(list(f, (struct buyer_query) {0}, NULL), "乙|甲新");
	b = get(f, 1);
	assert_string_equal(b.mnemonic, "J");
	assert_string_equal(b.party.address, "路 1");
	buyer_free(&b);
	/* Without a number: the only one of the name. */
	assert_string_equal(LOAD(f, {"甲新", "", "JX", "", "", -1}), "U");
	/* The same number twice under two names: two buyers. */
	assert_string_equal(LOAD(f, {"丙", "T3", "", "", "", -1}, {"丁", "T3", "", "", "", -1}),
			    "AA");
	assert_string_equal(LOAD(f, {"丙", "T3", "", "", "", -1}, {"丁", "T3", "", "", "", -1}),
			    "==");
	assert_string_equal(best(f, "T3"), "丁|丙");
}

static void tells_twins(void **state)
{
	struct fixture *f = *state;
	const struct entry rows[] = {{"甲", "T1", "", "", "", -1},
				     {"甲", "T2", "", "", "", -1},
				     {"乙", "T2", "", "", "", -1},
				     {"丙", "T3", "", "", "", -1}};
	struct buyer_load *l;
	struct load_told told;

	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_load_begin(f->db, f->unit, &l, &f->e));
	load_one(f, l, &rows[0], &told);
	assert_int_equal(told.twin, 0);
	load_one(f, l, &rows[1], &told);
	assert_int_equal(told.twin, 1);
	assert_false(told.same_key);
	load_one(f, l, &rows[2], &told);
	assert_int_equal(told.twin, 2);
	assert_true(told.same_key);
	load_one(f, l, &rows[3], &told);
	assert_int_equal(told.twin, 0);
	/* They stood beside each other before: nothing new. */
	load_one(f, l, &rows[1], &told);
	assert_int_equal(told.twin, 0);
	load_one(f, l, &rows[2], &told);
	assert_int_equal(told.twin, 0);
	store_buyer_load_drop(&l);
	db_rollback(f->db);
	assert_string_equal(list(f, (struct buyer_query) {0}, NULL), "");
}

static void loads_addresses(void **state)
{
	struct fixture *f = *state;
	struct buyer b;

	assert_string_equal(LOAD(f, {"甲", "T1", "", "路 1", "622", 0},
				 {"甲", "T1", "", "路 2", "", 0}, {"甲", "T1", "", "路 3", "", 1}),
			    "AUU");
	b = get(f, 1);
	assert_string_equal(b.party.address, "路 3");
	assert_int_equal(b.more_count, 2);
	assert_string_equal(b.more[0].address, "路 2");
	assert_string_equal(b.more[1].account, "622");
	buyer_free(&b);
	/* The first row corrects the address of that account; an empty cell says nothing. */
	assert_string_equal(
	    LOAD(f, {"甲", "T1", "", "路 9", "622", -1}, {"甲", "T1", "", "", "", -1}), "U=");
	b = get(f, 1);
	assert_int_equal(b.more_count, 2);
	assert_string_equal(b.more[1].address, "路 9");
	buyer_free(&b);
	/* Another place stands beside the only one, as the default if it says so. */
	LOAD(f, {"乙", "T2", "", "街 1", "333", -1});
	assert_string_equal(LOAD(f, {"乙", "T2", "", "街 2", "", -1}), "U");
	assert_string_equal(LOAD(f, {"乙", "T2", "", "街 3", "", 1}), "U");
	b = get(f, 2);
	assert_string_equal(b.party.address, "街 3");
	assert_string_equal(b.party.account, "");
	assert_int_equal(b.more_count, 2);
	assert_string_equal(b.more[0].address, "街 2");
	assert_string_equal(b.more[1].address, "街 1");
	assert_string_equal(b.more[1].account, "333");
	buyer_free(&b);
	/* What the only one leaves open is filled in. */
	LOAD(f, {"丙", "T3", "", "街 1", "", -1});
	assert_string_equal(LOAD(f, {"丙", "T3", "", "", "333", -1}), "U");
	b = get(f, 3);
	assert_string_equal(b.party.account, "333");
	assert_int_equal(b.more_count, 0);
	buyer_free(&b);
}

static enum load_result load_phone(struct fixture *f, struct buyer_load *l, const char *address,
				   const char *phone)
{
	const struct buyer_row r = {.name = "甲",
				    .address = address,
				    .phone = phone,
				    .has = {[3] = true, [4] = true},
				    .is_person = -1,
				    .is_default = -1};
	uint32_t terms[FIND_TERMS];
	enum load_result result = LOAD_UNCHANGED;

	must(f, store_buyer_load(l, &r, terms, store_buyer_terms(&r, terms), &result, NULL, &f->e));
	return result;
}

/* A row of a phone alone is no address. */
static void completes_the_default_address(void **state)
{
	struct fixture *f = *state;
	struct buyer_load *l;
	struct buyer b;
	int round;

	LOAD(f, {"甲", "", "", "路 1", "", -1}, {"甲", "", "", "路 2", "", -1});
	for (round = 0; round < 2; round++) {
		must(f, db_begin(f->db, &f->e));
		must(f, store_buyer_load_begin(f->db, f->unit, &l, &f->e));
		assert_int_equal(load_phone(f, l, "", "9"), round ? LOAD_UNCHANGED : LOAD_UPDATED);
		/* Two numbers in one table: none of them is lost. */
		assert_int_equal(load_phone(f, l, "", "8"), round ? LOAD_UNCHANGED : LOAD_UPDATED);
		must(f, store_buyer_load_end(&l, &f->e));
		must(f, db_commit(f->db, &f->e));
	}
	b = get(f, 1);
	assert_string_equal(b.party.address, "路 1");
	assert_string_equal(b.party.phone, "9");
	assert_int_equal(b.more_count, 2);
	assert_string_equal(b.more[0].phone, "");
	assert_string_equal(b.more[1].phone, "8");
	buyer_free(&b);
}

/* One known from issuing alone stays so until a row says something else of it. */
static void keeps_the_source_of_what_does_not_change(void **state)
{
	struct fixture *f = *state;

	LOAD(f, {"甲", "T1", "", "路 1", "", -1});
	run_sql(f, "UPDATE buyer SET source = 'issued'");
	assert_string_equal(LOAD(f, {"甲", "T1", "", "路 1", "", -1}), "=");
	assert_int_equal(scalar(f, "SELECT source = 'issued' FROM buyer"), 1);
	assert_string_equal(LOAD(f, {"甲", "T1", "J", "路 1", "", -1}), "U");
	assert_int_equal(scalar(f, "SELECT source = 'imported' FROM buyer"), 1);
}

static void tells_a_second_default(void **state)
{
	struct fixture *f = *state;
	struct load_told told;
	struct buyer_load *l;
	int round;

	for (round = 0; round < 2; round++) {
		must(f, db_begin(f->db, &f->e));
		must(f, store_buyer_load_begin(f->db, f->unit, &l, &f->e));
		load_one(f, l, &(struct entry) {"甲", "T1", "", "路 1", "", 1}, &told);
		assert_false(told.second_default);
		load_one(f, l, &(struct entry) {"甲", "T1", "", "路 2", "", 1}, &told);
		assert_true(told.second_default);
		load_one(f, l, &(struct entry) {"甲", "T1", "", "路 3", "", 0}, &told);
		assert_false(told.second_default);
		must(f, store_buyer_load_end(&l, &f->e));
		must(f, db_commit(f->db, &f->e));
	}
}

static void bounds_addresses(void **state)
{
	struct fixture *f = *state;
	struct buyer_load *l;
	enum load_result result;
	int i;

	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_load_begin(f->db, f->unit, &l, &f->e));
	for (i = 0; i <= BUYER_ADDRESSES + 1; i++) {
		char address[32];
		struct buyer_row r = {.name = "甲", .address = address, .is_person = -1};
		uint32_t terms[FIND_TERMS];
		size_t n = store_buyer_terms(&r, terms);

		r.has[3] = true;
		snprintf(address, sizeof(address), "%d 号", i);
		if (i <= BUYER_ADDRESSES)
			must(f, store_buyer_load(l, &r, terms, n, &result, NULL, &f->e));
		else
			must_fail(f, ERR_INVALID, "buyer.addresses",
				  store_buyer_load(l, &r, terms, n, &result, NULL, &f->e));
	}
	store_buyer_load_drop(&l);
	db_rollback(f->db);
}

/* Everything that is stored, in one text. */
static char *contents(struct fixture *f)
{
	struct rows *q;
	struct buf b;

	buf_init(&b, 1 << 20);
	must(f,
	     db_query(f->db, &q, &f->e,
		      "SELECT b.id, b.name, b.tax_no, b.mnemonic, b.address, b.account, b.doc,"
		      " b.by_name, (SELECT group_concat(a.address || '/' || a.account, ';')"
		      " FROM buyer_address a WHERE a.buyer_id = b.id) FROM buyer b ORDER BY b.id",
		      ""));
	while (rows_next(q)) {
		int i;

		for (i = 0; i < 9; i++)
			buf_addf(&b, "%s,", rows_text(q, i));
		buf_addc(&b, '\n');
	}
	must(f, rows_end(&q, ERR_OK, &f->e));
	return buf_detach(&b);
}

static const char *pick_text(const char *const *texts, uint32_t n)
{
	return texts[pick(n)];
}

/* Random tables over few names, numbers and addresses, one after another: loaded again, each
 * changes nothing, and every row of it is found by its name. */
static void loading_again_changes_nothing(void **state)
{
	static const char *const names[] = {"甲", "乙", "丙"};
	static const char *const numbers[] = {"", "", "T1", "T2", "T3"};
	static const char *const codes[] = {"", "A", "B"};
	static const char *const addresses[] = {"", "", "路 1", "路 2"};
	static const char *const accounts[] = {"", "", "622", "333"};
	struct fixture *f = *state;
	int round;

	for (round = 0; round < 300; round++) {
		struct entry t[12];
		size_t n = 1 + pick(12), i;
		char *once, *again, first[16];

		if (round % 5 == 0) {
			run_sql(f, "DELETE FROM buyer");
			run_sql(f, "DELETE FROM catalogue_tally");
		}
		for (i = 0; i < n; i++)
			t[i] = (struct entry) {pick_text(names, 3),    pick_text(numbers, 5),
					       pick_text(codes, 3),    pick_text(addresses, 4),
					       pick_text(accounts, 4), (int)pick(3) - 1};
		snprintf(first, sizeof(first), "%s", load(f, t, n));
		once = contents(f);
		if (strspn(load(f, t, n), "=") != n) {
			for (i = 0; i < n; i++)
				print_message("%s,%s,%s,%s,%s,%d\n", t[i].name, t[i].tax_no,
					      t[i].mnemonic, t[i].address, t[i].account,
					      t[i].is_default);
			fail_msg("round %d: %s, then %s\n%s", round, first, load(f, t, n), once);
		}
		again = contents(f);
		assert_string_equal(once, again);
		for (i = 0; i < n; i++)
			assert_non_null(strstr(best(f, t[i].name), t[i].name));
		free(once);
		free(again);
	}
	assert_int_equal(scalar(f, "SELECT count FROM catalogue_tally WHERE kind = 1"),
			 scalar(f, "SELECT COUNT(*) FROM buyer WHERE removed_at IS NULL"));
}

/* More rows than the filter in front of the database waits for, on top of others. */
static void large_loads_too(void **state)
{
	enum { ROWS = 3000 };
	struct fixture *f = *state;
	struct entry *t = calloc(ROWS, sizeof(*t));
	char(*texts)[2][16] = calloc(ROWS, sizeof(*texts));
	int round;
	size_t i;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < ROWS; i++) {
			snprintf(texts[i][0], 16, "名%u", pick(2000));
			snprintf(texts[i][1], 16, "N%u", pick(2000));
			t[i] = (struct entry) {texts[i][0], pick(3) ? texts[i][1] : "", "", "", "",
					       -1};
		}
		char first = load(f, t, ROWS)[0];
		assert_true(round || first == 'A');
		assert_int_equal(strspn(load(f, t, ROWS), "="), ROWS);
		assert_int_equal(scalar(f, "SELECT COUNT(*) FROM (SELECT 1 FROM buyer"
					   " GROUP BY name, tax_no HAVING COUNT(*) > 1)"),
				 0);
	}
	free(t);
	free(texts);
}

static void leaves_alone_what_others_have(void **state)
{
	struct fixture *f = *state;
	struct buyer_load *l;

	LOAD(f, {"甲", "T1", "", "", "", -1});
	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_load_begin(f->db, f->direct, &l, &f->e));
	assert_int_equal(load_one(f, l, &(struct entry) {"甲", "T1", "", "", "", -1}, NULL),
			 LOAD_ADDED);
	must(f, store_buyer_load_end(&l, &f->e));
	must(f, db_commit(f->db, &f->e));
	assert_string_equal(best(f, "T1"), "甲");
	must_fail(f, ERR_INTERNAL, "db.outside", store_buyer_load_begin(f->db, f->unit, &l, &f->e));
}

/* A row that refers to a unit that is not there. */
static void refuses_a_stray(struct fixture *f)
{
	struct buyer b = {.unit_id = 999, .source = SOURCE_ENTERED};

	b.party.name = mem_strdup("无主");
	must_fail(f, ERR_INTERNAL, "db.constraint", store_buyer_insert(f->db, &b, &f->e));
	buyer_free(&b);
}

static void looks_up_references_but_its_own(void **state)
{
	struct fixture *f = *state;
	struct entry one = {"甲", "T1", "", "", "", -1};
	struct buyer_load *l;

	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_load_begin(f->db, f->unit, &l, &f->e));
	load_one(f, l, &one, NULL);
	must(f, store_buyer_load_end(&l, &f->e));
	refuses_a_stray(f);
	must(f, db_commit(f->db, &f->e));

	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_load_begin(f->db, f->unit, &l, &f->e));
	store_buyer_load_drop(&l);
	refuses_a_stray(f);
	db_rollback(f->db);

	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_load_begin(f->db, 999, &l, &f->e));
	load_one(f, l, &one, NULL);
	must_fail(f, ERR_INTERNAL, "db.constraint", store_buyer_load_end(&l, &f->e));
	db_rollback(f->db);
	must(f, db_check(f->db, &f->e));
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(loads_by_number_then_name),
	    TEST(tells_twins),
	    TEST(loads_addresses),
	    TEST(completes_the_default_address),
	    TEST(keeps_the_source_of_what_does_not_change),
	    TEST(tells_a_second_default),
	    TEST(bounds_addresses),
	    TEST(loading_again_changes_nothing),
	    TEST(large_loads_too),
	    TEST(leaves_alone_what_others_have),
	    TEST(looks_up_references_but_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
