/* Buyers of a unit: one, lists, the best for a text, what issuing leaves. */
#include "buyer_help.h"

/* ---- one ---- */

static void keeps_all_members(void **state)
{
	struct fixture *f = *state;
	struct buyer b = make(f, "深圳华建有限公司", "91440300MAKP0A011Y"), copy;

	mem_set(&b.mnemonic, "SZHJ");
	mem_set(&b.party.address, "深南路 1 号");
	mem_set(&b.party.phone, "0755-1");
	mem_set(&b.email, "a@x.cn");
	b.is_person = true;
	b.more = mem_alloc(sizeof(*b.more));
	b.more[0] = (struct buyer_address) {mem_strdup("南京路 2 号"), mem_strdup("021-5"),
					    mem_strdup("中国银行"),    mem_strdup("622"),
					    mem_strdup("b@x.cn"),      mem_strdup("139")};
	b.more_count = 1;
	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_insert(f->db, &b, &f->e));
	must(f, db_commit(f->db, &f->e));
	int64_t id = b.id;
	buyer_free(&b);
	b = get(f, id);
	buyer_copy(&copy, &b);
	buyer_free(&b);
	assert_string_equal(copy.mnemonic, "SZHJ");
	assert_string_equal(copy.party.phone, "0755-1");
	assert_string_equal(copy.email, "a@x.cn");
	assert_string_equal(copy.mobile, "");
	assert_true(copy.is_person && copy.source == SOURCE_ENTERED && copy.more_count == 1);
	assert_string_equal(copy.more[0].account, "622");
	assert_string_equal(copy.more[0].mobile, "139");
	mem_set(&copy.party.name, "深圳新华建有限公司");
	free(copy.more[0].address);
	copy.more[0].address = mem_strdup("南京路 3 号");
	update(f, &copy);
	assert_string_equal(best(f, "xhj"), "深圳新华建有限公司");
	assert_string_equal(best(f, "圳华"), "");
	buyer_free(&copy);
	b = get(f, id);
	assert_string_equal(b.more[0].address, "南京路 3 号");
	buyer_free(&b);
}

static void removing_keeps_the_row(void **state)
{
	struct fixture *f = *state;
	int64_t id = add(f, "华建", ""), other = add(f, "华新", ""), ids[] = {id, id, 999};
	int removed = -1;

	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_remove(f->db, f->unit, ids, 3, &removed, &f->e));
	must(f, db_commit(f->db, &f->e));
	assert_int_equal(removed, 1);
	assert_string_equal(list(f, (struct buyer_query) {0}, NULL), "华新");
	assert_string_equal(best(f, "华"), "华新");
	struct buyer b = get(f, id), twin;
	assert_true(b.removed_at > 0);
	int n = -1;
	must(f, store_buyer_twins(f->db, f->unit, &b, &twin, 1, &n, &f->e));
	assert_int_equal(n, 0);
	buyer_free(&b);
	/* Another unit's row is not there. */
	bool found = true;
	must(f, store_buyer_get(f->db, f->direct, other, &b, &found, &f->e));
	assert_false(found);
}

static void names_twins(void **state)
{
	struct fixture *f = *state;
	struct buyer b = make(f, "华建", "T1"), found[4];
	int n;

	add(f, "华建", "T2");
	add(f, "另一家", "T1");
	add(f, "无关", "");
	must(f, store_buyer_twins(f->db, f->unit, &b, found, 4, &n, &f->e));
	assert_int_equal(n, 2);
	buyer_free(&found[0]);
	buyer_free(&found[1]);
	mem_set(&b.party.tax_no, "");
	mem_set(&b.party.name, "谁");
	must(f, store_buyer_twins(f->db, f->unit, &b, found, 4, &n, &f->e));
	assert_int_equal(n, 0);
	buyer_free(&b);
}

/* ---- lists ---- */

static void lists_by_condition(void **state)
{
	struct fixture *f = *state;
	int64_t a = add(f, "深圳华建有限公司", "91440300MAKP0A011Y");
	struct buyer b;
	int64_t next;

	add(f, "上海浦东商贸有限公司", "91310000MAKP0A022X");
	add(f, "张三", "");
	b = get(f, a);
	mem_set(&b.mnemonic, "HJ01");
	mem_set(&b.party.phone, "0755-88886666");
	mem_set(&b.mobile, "13900001111");
	update(f, &b);
	buyer_free(&b);
	assert_string_equal(list(f, (struct buyer_query) {0}, NULL),
			    "深圳华建有限公司|张三|上海浦东商贸有限公司");
	assert_string_equal(list(f, (struct buyer_query) {.text = "有限 pd"}, NULL),
			    "上海浦东商贸有限公司");
	assert_string_equal(list(f, (struct buyer_query) {.name = "公司", .phone = "8888"}, NULL),
			    "深圳华建有限公司");
	assert_string_equal(list(f, (struct buyer_query) {.phone = "1390000"}, NULL),
			    "深圳华建有限公司");
	assert_string_equal(list(f, (struct buyer_query) {.mnemonic = "hj"}, NULL),
			    "深圳华建有限公司");
	/* Nobody gave a 简码: the initials the name begins with stand for it. */
	assert_string_equal(list(f, (struct buyer_query) {.mnemonic = "shpd"}, NULL),
			    "上海浦东商贸有限公司");
	assert_string_equal(list(f, (struct buyer_query) {.mnemonic = "pdsm"}, NULL), "");
	assert_string_equal(list(f, (struct buyer_query) {.mnemonic = "上海"}, NULL), "");
	assert_string_equal(list(f, (struct buyer_query) {.tax_no = "hj"}, NULL), "");
	assert_string_equal(list(f, (struct buyer_query) {.tax_no = "0a02"}, NULL),
			    "上海浦东商贸有限公司");
	assert_string_equal(list(f, (struct buyer_query) {.text = "z"}, NULL),
			    "深圳华建有限公司|张三");
	assert_string_equal(list(f, (struct buyer_query) {.limit = 2}, &next),
			    "深圳华建有限公司|张三");
	assert_string_equal(list(f, (struct buyer_query) {.limit = 2, .cursor = next}, &next),
			    "上海浦东商贸有限公司");
	assert_int_equal(next, 0);
	assert_string_equal(list(f, (struct buyer_query) {.text = "公司", .limit = 1}, &next),
			    "深圳华建有限公司");
	assert_string_equal(
	    list(f, (struct buyer_query) {.text = "公司", .limit = 1, .cursor = next}, &next),
	    "上海浦东商贸有限公司");
	assert_int_equal(next, 0);
}

/* ---- ranking ---- */

static void use(struct fixture *f, int64_t id, int64_t uses, int64_t at)
{
	must(f, db_begin(f->db, &f->e));
	must(f,
	     store_buyer_inherit(f->db, id, &(struct buyer) {.uses = uses, .used_at = at}, &f->e));
	must(f, db_commit(f->db, &f->e));
}

static void ranks_same_begins_part(void **state)
{
	struct fixture *f = *state;
	int64_t now = clock_now(), part, begins;

	part = add(f, "深圳华建商贸", "");
	begins = add(f, "华建实业", "");
	add(f, "华建", "");
	add(f, "华建投资", "");
	use(f, part, 500, now);
	assert_string_equal(best(f, "华建"), "华建|华建投资|华建实业|深圳华建商贸");
	/* Used yesterday once beats never used; used ten times a year ago beats that. */
	use(f, begins, 1, now - 100000);
	assert_string_equal(best(f, "hj"), "华建|华建实业|华建投资|深圳华建商贸");
	use(f, add(f, "华建物流", ""), 10, now - 200 * 86400);
	assert_string_equal(best(f, "hj"), "华建|华建物流|华建实业|华建投资|深圳华建商贸");
	assert_string_equal(best(f, "huajian t"), "华建投资");
	/* Nothing typed: used last, then the newest. */
	assert_string_equal(best(f, " "), "深圳华建商贸|华建实业|华建物流|华建投资|华建");
}

/* Among many of the same word the used one, the very name and the 简码 are found. */
static void finds_one_among_many(void **state)
{
	struct fixture *f = *state;
	struct buyer_load *l;
	int i;

	int64_t rare = add(f, "华建珠江", ""), code = add(f, "毫不相干", "");
	add(f, "公司", "");
	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_load_begin(f->db, f->unit, &l, &f->e));
	for (i = 0; i < 3000; i++) {
		uint32_t terms[FIND_TERMS];
		enum load_result result;
		char name[64];
		struct buyer_row r = {.name = name, .tax_no = "", .is_person = -1};

		snprintf(name, sizeof(name), "公司华建%04d有限公司", i);
		must(f, store_buyer_load(l, &r, terms, store_buyer_terms(&r, terms), &result, NULL,
					 &f->e));
		assert_int_equal(result, LOAD_ADDED);
	}
	must(f, store_buyer_load_end(&l, &f->e));
	must(f, db_commit(f->db, &f->e));
	struct buyer b = get(f, code);
	mem_set(&b.mnemonic, "GSHJ");
	update(f, &b);
	buyer_free(&b);
	use(f, rare, 1, clock_now());
	assert_int_equal(strncmp(best(f, "公司"), "公司|", 7), 0);
	assert_int_equal(strncmp(best(f, "gshj"), "毫不相干|", 13), 0);
	assert_int_equal(strncmp(best(f, "华建"), "华建珠江|", 13), 0);
	assert_string_equal(best(f, "0777有限"), "公司华建0777有限公司");
	assert_int_equal(scalar(f, "SELECT count FROM catalogue_tally WHERE kind = 1"), 3003);
}

/* Rows in use are before newer ones wherever the index was left early, and where it does not know
 * them yet. */
static void finds_the_used_among_many(void **state)
{
	struct fixture *f = *state;
	int64_t first = add(f, "公司华建一号", ""), part = add(f, "新公司华建", ""), i;

	for (i = 0; i < 450; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s华建%03d号", i < 220 ? "公司" : "老公司", (int)i);
		add(f, name, "");
	}
	use(f, part, 2, clock_now());
	assert_int_equal(strncmp(best(f, "华建"), "新公司华建|", 15), 0);
	assert_int_equal(strncmp(best(f, "公司"), "公司华建219号|", 19), 0);
	use(f, first, 1, clock_now());
	assert_int_equal(strncmp(best(f, "公司"), "公司华建一号|", 19), 0);
	assert_int_equal(strncmp(best(f, "公司 华建"), "公司华建一号|", 19), 0);
	must(f, db_begin(f->db, &f->e));
	must(f, db_run(f->db, &f->e, NULL, "UPDATE buyer SET doc = NULL WHERE id = ?", "l", part));
	must(f, db_commit(f->db, &f->e));
	assert_string_equal(best(f, "新公司"), "新公司华建");
}

/* ---- issuing ---- */

static void issue(struct fixture *f, const char *name, const char *phone)
{
	struct invoice inv;

	invoice_init(&inv);
	mem_set(&inv.buyer.name, name);
	mem_set(&inv.buyer.tax_no, "T1");
	mem_set(&inv.buyer.phone, phone);
	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_issued(f->db, f->unit, &inv, &f->e));
	must(f, db_commit(f->db, &f->e));
	invoice_free(&inv);
}

static void follows_what_is_issued(void **state)
{
	struct fixture *f = *state;
	struct buyer b;

	issue(f, "华建", "1000");
	issue(f, "华建", "2000");
	issue(f, "", "3000");
	b = get(f, 1);
	assert_int_equal(b.uses, 2);
	assert_int_equal(b.source, SOURCE_ISSUED);
	assert_string_equal(b.party.phone, "2000");
	assert_string_equal(best(f, "2000"), "华建");
	assert_string_equal(best(f, "1000"), "");
	/* From now on it is a person's. */
	b.source = SOURCE_ENTERED;
	update(f, &b);
	buyer_free(&b);
	issue(f, "华建", "3000");
	b = get(f, 1);
	assert_int_equal(b.uses, 3);
	assert_string_equal(b.party.phone, "2000");
	buyer_free(&b);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM buyer"), 1);
}

static void issue_at(struct fixture *f, const char *phone, const char *bank, const char *account)
{
	struct invoice inv;

	invoice_init(&inv);
	mem_set(&inv.buyer.name, "华建");
	mem_set(&inv.buyer.phone, phone);
	mem_set(&inv.buyer.bank, bank);
	mem_set(&inv.buyer.account, account);
	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_issued(f->db, f->unit, &inv, &f->e));
	must(f, db_commit(f->db, &f->e));
	invoice_free(&inv);
}

static void keeps_what_an_invoice_leaves_empty(void **state)
{
	struct fixture *f = *state;
	struct buyer b;

	issue_at(f, "1000", "建行", "6222");
	issue_at(f, "", "", "");
	b = get(f, 1);
	assert_int_equal(b.uses, 2);
	assert_string_equal(b.party.phone, "1000");
	assert_string_equal(b.party.account, "6222");
	buyer_free(&b);
	/* Something new beside what is left empty; an account belongs to its bank. */
	issue_at(f, "", "工行", "");
	b = get(f, 1);
	assert_string_equal(b.party.phone, "1000");
	assert_string_equal(b.party.bank, "工行");
	assert_string_equal(b.party.account, "");
	buyer_free(&b);
	assert_string_equal(best(f, "1000"), "华建");
}

/* A name typed by hand and issued to once stands behind the buyers that are known. */
static void puts_slips_behind(void **state)
{
	struct fixture *f = *state;
	struct buyer b = {.unit_id = f->unit, .source = SOURCE_IMPORTED};
	struct invoice inv;

	mem_set(&b.party.name, "深圳市晴川数码贸易有限公司");
	mem_set(&b.party.tax_no, "91440300MAKP0A011Y");
	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_insert(f->db, &b, &f->e));
	invoice_init(&inv);
	mem_set(&inv.buyer.name, "深圳市晴川");
	must(f, store_buyer_issued(f->db, f->unit, &inv, &f->e));
	must(f, db_commit(f->db, &f->e));
	buyer_free(&b);
	assert_string_equal(best(f, "szsqc"), "深圳市晴川数码贸易有限公司|深圳市晴川");
	assert_string_equal(best(f, "晴川"), "深圳市晴川数码贸易有限公司|深圳市晴川");
	/* Issued to again it is meant. */
	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_issued(f->db, f->unit, &inv, &f->e));
	must(f, db_commit(f->db, &f->e));
	invoice_free(&inv);
	assert_string_equal(best(f, "szsqc"), "深圳市晴川|深圳市晴川数码贸易有限公司");
}

static void counts_what_was_removed_anew(void **state)
{
	struct fixture *f = *state;
	int64_t id = 1;
	int removed;

	issue(f, "华建", "1000");
	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_remove(f->db, f->unit, &id, 1, &removed, &f->e));
	must(f, db_commit(f->db, &f->e));
	issue(f, "华建", "1000");
	assert_string_equal(best(f, "华建"), "华建");
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM buyer"), 2);
}

/* ---- his invoices ---- */

static void invoice_to(struct fixture *f, const char *name, const char *tax_no)
{
	struct invoice_record r;

	fixture_invoice(f, &r, name);
	mem_set(&r.invoice.buyer.tax_no, tax_no);
	must(f, db_begin(f->db, &f->e));
	must(f, store_invoice_insert(f->db, &r, &f->e));
	must(f, store_buyer_issued(f->db, f->unit, &r.invoice, &f->e));
	must(f, db_commit(f->db, &f->e));
	invoice_record_free(&r);
}

static enum err join_invoice(void *arg, const struct invoice_row *row)
{
	char *out = arg;
	size_t used = strlen(out);

	snprintf(out + used, 4096 - used, "%s%s", used ? "|" : "", row->buyer_name);
	return ERR_OK;
}

/* Names of his invoices, newest first, two a page; the count has to agree. */
static const char *history(struct fixture *f, int64_t buyer, const enum invoice_state *state)
{
	static char out[4096];
	struct invoice_filter q = {.unit = f->unit, .buyer_id = buyer, .state = state, .limit = 2};
	int64_t count = -1, listed = 0;
	bool at_least = true;
	const char *p;

	out[0] = 0;
	do
		must(f, store_invoice_page(f->db, &q, join_invoice, out, &q.cursor, &f->e));
	while (q.cursor);
	for (p = out; *p; p++)
		listed += *p == '|';
	must(f, store_invoice_count(f->db, &q, 1000, &count, &at_least, &f->e));
	assert_int_equal(count, *out ? listed + 1 : 0);
	assert_false(at_least);
	return out;
}

static void keeps_the_invoices_of_a_renamed_one(void **state)
{
	static const char *const NUMBER = "91440300MAKP0A011Y", *const OTHER = "91440300MAKP00022T";
	const enum invoice_state issued = INVOICE_ISSUED, draft = INVOICE_DRAFT;
	struct fixture *f = *state;
	struct buyer b;

	invoice_to(f, "华建", NUMBER);
	invoice_to(f, "华建贸易", OTHER);
	invoice_to(f, "王五", "");
	assert_string_equal(history(f, 1, NULL), "华建");
	/* Other companies whose name contains his are not meant, his own number is. */
	b = get(f, 1);
	mem_set(&b.party.name, "新华建");
	update(f, &b);
	invoice_to(f, "新华建", NUMBER);
	invoice_to(f, "新华建集团", OTHER);
	assert_string_equal(history(f, 1, NULL), "新华建|华建");
	assert_string_equal(history(f, 1, &draft), "新华建|华建");
	assert_string_equal(history(f, 1, &issued), "");
	buyer_free(&b);
	/* Without a number the former name leads to them. */
	b = get(f, 3);
	mem_set(&b.party.name, "王小五");
	update(f, &b);
	invoice_to(f, "王小五", "");
	assert_string_equal(history(f, 3, NULL), "王小五|王五");
	buyer_free(&b);
	/* Merged, the invoices of the one that went are his too. */
	b = get(f, 1);
	must(f, db_begin(f->db, &f->e));
	must(f, store_buyer_inherit(f->db, 3, &b, &f->e));
	must(f, db_commit(f->db, &f->e));
	assert_string_equal(history(f, 3, NULL), "王小五|新华建|王五|华建");
	buyer_free(&b);
	assert_string_equal(history(f, 99, NULL), "");
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(keeps_all_members),
	    TEST(removing_keeps_the_row),
	    TEST(names_twins),
	    TEST(lists_by_condition),
	    TEST(ranks_same_begins_part),
	    TEST(finds_one_among_many),
	    TEST(finds_the_used_among_many),
	    TEST(follows_what_is_issued),
	    TEST(keeps_what_an_invoice_leaves_empty),
	    TEST(puts_slips_behind),
	    TEST(counts_what_was_removed_anew),
	    TEST(keeps_the_invoices_of_a_renamed_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
