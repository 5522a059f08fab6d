/* What issuing leaves in the catalogues, what it takes from them, and catalogues of older homes. */
#include <sqlite3.h>

#include "base/embed.h"
#include "desk_lab.h"

/* ---- remembering ---- */

static int found_buyers(struct lab *lab, const char *text)
{
	struct buyer out[8];
	int n = -1, i;

	assert_int_equal(desk_buyer_match(lab->s, text, 8, out, &n, &lab->e), ERR_OK);
	for (i = 0; i < n; i++)
		buyer_free(&out[i]);
	return n;
}

static int found_goods(struct lab *lab, const char *text)
{
	struct goods out[8];
	int n = -1, i;

	assert_int_equal(desk_goods_match(lab->s, text, 8, out, &n, &lab->e), ERR_OK);
	for (i = 0; i < n; i++)
		goods_free(&out[i]);
	return n;
}

static void remembers_the_buyer(void **state)
{
	struct lab *lab = *state;
	struct buyer out[8];
	int n;
	static const char *const hits[] = {"",    "深圳", "晴川数码", "91440300", "91440300mak",
					   "szs", "qcsm", "MAKP0A",   "深",       "qingchuan"};
	static const char *const misses[] = {"s", "上海", "zzz"};
	size_t i;

	lab_stock(lab, 10, 100000);
	assert_int_equal(found_buyers(lab, ""), 0);
	assert_int_equal(lab_issue(lab, "A-1"), ERR_OK);
	assert_int_equal(lab_issue(lab, "A-2"), ERR_OK);
	for (i = 0; i < sizeof(hits) / sizeof(hits[0]); i++)
		assert_int_equal(found_buyers(lab, hits[i]), 1);
	for (i = 0; i < sizeof(misses) / sizeof(misses[0]); i++)
		assert_int_equal(found_buyers(lab, misses[i]), 0);
	assert_int_equal(desk_buyer_match(lab->s, "晴川", 8, out, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 1);
	assert_string_equal(out[0].party.name, "深圳市晴川数码贸易有限公司");
	assert_string_equal(out[0].party.tax_no, "91440300MAKP0A011Y");
	assert_int_equal(out[0].uses, 2);
	assert_false(out[0].is_person);
	buyer_free(&out[0]);
	assert_int_equal(desk_buyer_get(lab->s, 99, &out[0], &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "buyer.unknown");
}

static void remembers_the_goods(void **state)
{
	struct lab *lab = *state;
	struct goods g[8];
	int n;

	lab_stock(lab, 10, 100000);
	assert_int_equal(lab_issue(lab, "A-1"), ERR_OK);
	assert_int_equal(lab_issue(lab, "A-2"), ERR_OK);
	assert_int_equal(desk_goods_match(lab->s, "电脑", 8, g, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 1);
	assert_string_equal(g[0].price, "56.5");
	assert_true(g[0].inclusive);
	assert_int_equal(g[0].rate_ppm, 130000);
	assert_string_equal(g[0].tax_code, "1090509010000000000");
	assert_int_equal(g[0].uses, 2);
	goods_free(&g[0]);
	assert_int_equal(found_goods(lab, "dn"), 1);
	assert_int_equal(found_goods(lab, "10905090"), 1);
	/* Once it is a person's, issuing only counts. */
	assert_int_equal(desk_goods_named(lab->s, "电脑", &g[0], &lab->e), ERR_OK);
	mem_set(&g[0].price, "60");
	assert_int_equal(desk_goods_edit(lab->s, &g[0], TWIN_REFUSE, &lab->e), ERR_OK);
	goods_free(&g[0]);
	assert_int_equal(lab_issue(lab, "A-3"), ERR_OK);
	assert_int_equal(desk_goods_named(lab->s, "电脑", &g[0], &lab->e), ERR_OK);
	assert_string_equal(g[0].price, "60");
	assert_int_equal(g[0].uses, 3);
	goods_free(&g[0]);
}

static void nothing_is_remembered_of_a_refusal(void **state)
{
	struct lab *lab = *state;

	lab_stock(lab, 10, 5000);
	assert_int_equal(lab_issue(lab, "A-1"), ERR_INVALID);
	assert_int_equal(found_buyers(lab, ""), 0);
}

/* ---- lines from the catalogue ---- */

#define COMPUTER "1090509010000000000"

static int64_t add_goods(struct lab *lab, const char *name, const char *spec, const char *mnemonic,
			 const char *price, bool inclusive)
{
	struct goods g = {.rate_ppm = 130000, .inclusive = inclusive};

	mem_set(&g.name, name);
	mem_set(&g.spec, spec);
	mem_set(&g.mnemonic, mnemonic);
	mem_set(&g.tax_code, COMPUTER);
	mem_set(&g.unit, "台");
	mem_set(&g.price, price);
	assert_int_equal(desk_goods_add(lab->s, &g, TWIN_KEEP, &lab->e), ERR_OK);
	int64_t id = g.id;
	goods_free(&g);
	return id;
}

static void parse(struct lab *lab, const char *order, const char *line, struct invoice_set *set)
{
	char text[2000];
	int n = snprintf(text, sizeof(text),
			 "[{\"order_no\":\"%s\",\"kind\":\"ordinary\",\"prices_include_tax\":true,"
			 "\"buyer\":{\"name\":\"深圳市晴川数码贸易有限公司\"},\"lines\":[{%s}],"
			 "\"drawer\":\"林小满\"}]",
			 order, line);

	assert_int_equal(desk_invoices_parse("orders", text, (size_t)n, set, &lab->e), ERR_OK);
}

static enum err issue_line(struct lab *lab, const char *order, const char *line,
			   struct invoice_record *out)
{
	struct invoice_set set;
	int64_t ids[1];
	bool repeat[1] = {false};
	enum err r;

	parse(lab, order, line, &set);
	r = desk_issue(lab->s, &set, ids, repeat, &lab->e);
	invoice_set_free(&set);
	if (!r)
		assert_int_equal(desk_invoice_by_id(lab->s, ids[0], out, &lab->e), ERR_OK);
	return r;
}

static void lines_take_what_they_lack(void **state)
{
	struct lab *lab = *state;
	struct invoice_record r;
	const struct tax_line *l;
	char text[DEC_TEXT];

	lab_stock(lab, 10, 10000000);
	add_goods(lab, "笔记本电脑", "X1", "BJB", "1000", false);
	assert_int_equal(issue_line(lab, "A-1", "\"goods\":\"BJB\",\"quantity\":\"2\"", &r),
			 ERR_OK);
	l = &r.invoice.lines[0];
	assert_string_equal(l->name, "笔记本电脑");
	assert_string_equal(l->spec, "X1");
	assert_string_equal(l->unit, "台");
	assert_string_equal(l->tax_code, COMPUTER);
	assert_true(*l->short_name && !*l->goods);
	assert_int_equal(l->rate_ppm, 130000);
	/* 1000 without tax is 1130 with it. */
	assert_string_equal(dec_format(dec_normalize(l->price), text), "1130");
	assert_int_equal(l->gross_fen, 226000);
	assert_int_equal(l->net_fen, 200000);
	invoice_record_free(&r);
	/* What the line says stands; with an amount no price is taken. */
	assert_int_equal(issue_line(lab, "A-2",
				    "\"goods\":\"笔记本电脑\",\"name\":\"电脑\",\"unit\":\"部\","
				    "\"amount\":\"113\"",
				    &r),
			 ERR_OK);
	l = &r.invoice.lines[0];
	assert_string_equal(l->name, "电脑");
	assert_string_equal(l->unit, "部");
	assert_string_equal(l->spec, "X1");
	assert_false(l->has_price);
	assert_int_equal(l->net_fen, 10000);
	invoice_record_free(&r);
}

static void references_lead_somewhere(void **state)
{
	struct lab *lab = *state;
	struct invoice_record r;
	int64_t id;
	char line[80];

	lab_stock(lab, 10, 10000000);
	id = add_goods(lab, "电脑", "A", "", "100", true);
	add_goods(lab, "电脑", "B", "", "200", true);
	assert_int_equal(issue_line(lab, "A-1", "\"goods\":\"显示器\",\"quantity\":\"1\"", &r),
			 ERR_INVALID);
	assert_string_equal(lab->e.code, "goods.unknown");
	assert_string_equal(lab->e.field, "[0].lines[0].goods");
	assert_int_equal(issue_line(lab, "A-1", "\"goods\":\"电脑\",\"quantity\":\"1\"", &r),
			 ERR_INVALID);
	assert_string_equal(lab->e.code, "goods.several");
	assert_non_null(strstr(lab->e.what, "第 1 行"));
	snprintf(line, sizeof(line), "\"goods\":\"#%lld\",\"quantity\":\"1\"", (long long)id);
	assert_int_equal(issue_line(lab, "A-1", line, &r), ERR_OK);
	assert_string_equal(r.invoice.lines[0].spec, "A");
	invoice_record_free(&r);
}

struct seen {
	int n;
	char codes[8][48];
};

static void see(void *arg, size_t index, const struct tax_finding *f)
{
	struct seen *s = arg;

	(void)index;
	if (!f->warning && s->n < 8)
		snprintf(s->codes[s->n++], 48, "%s", f->at.code);
}

static void checks_and_drafts_take_them_too(void **state)
{
	struct lab *lab = *state;
	struct invoice_set set;
	struct invoice_record r;
	struct seen seen = {0};
	int64_t ids[1];

	lab_stock(lab, 10, 10000000);
	add_goods(lab, "电脑", "", "DN", "113", true);
	parse(lab, "A-1", "\"goods\":\"DN\",\"quantity\":\"1\"", &set);
	assert_int_equal(desk_check(lab->s, &set, see, &seen, &lab->e), ERR_OK);
	invoice_set_free(&set);
	parse(lab, "A-1", "\"goods\":\"没有\",\"quantity\":\"1\"", &set);
	assert_int_equal(desk_check(lab->s, &set, see, &seen, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "goods.unknown");
	assert_string_equal(seen.codes[0], "goods.unknown");
	invoice_set_free(&set);
	parse(lab, "A-1", "\"goods\":\"DN\",\"quantity\":\"1\"", &set);
	assert_int_equal(desk_draft(lab->s, &set, ids, &lab->e), ERR_OK);
	invoice_set_free(&set);
	assert_int_equal(desk_invoice_by_id(lab->s, ids[0], &r, &lab->e), ERR_OK);
	assert_string_equal(r.invoice.lines[0].name, "电脑");
	assert_int_equal(r.invoice.lines[0].gross_fen, 11300);
	invoice_record_free(&r);
	parse(lab, "A-2", "\"goods\":\"没有\",\"quantity\":\"1\"", &set);
	assert_int_equal(desk_draft(lab->s, &set, ids, &lab->e), ERR_INVALID);
	invoice_set_free(&set);
}

/* The goods may be gone when the same order comes again: the first answer still stands. */
static void a_repeat_needs_no_catalogue(void **state)
{
	static const char line[] = "\"goods\":\"DN\",\"quantity\":\"1\"";
	struct lab *lab = *state;
	struct invoice_record r;
	struct invoice_set set;
	bool repeat[1] = {false};
	int64_t id, ids[1], first;
	int removed;

	lab_stock(lab, 10, 10000000);
	id = add_goods(lab, "电脑", "", "DN", "113", true);
	assert_int_equal(issue_line(lab, "A-1", line, &r), ERR_OK);
	first = r.id;
	invoice_record_free(&r);
	assert_int_equal(desk_goods_remove(lab->s, &id, 1, &removed, &lab->e), ERR_OK);
	parse(lab, "A-1", line, &set);
	assert_int_equal(desk_issue(lab->s, &set, ids, repeat, &lab->e), ERR_OK);
	assert_true(repeat[0] && ids[0] == first);
	invoice_set_free(&set);
	assert_int_equal(issue_line(lab, "A-2", line, &r), ERR_INVALID);
	assert_string_equal(lab->e.code, "goods.unknown");
}

/* ---- older homes ---- */

static void raw(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %.200s", why, sql);
}

/* The database as the fourth schema had it, with the people and units of the present one. */
static void make_old(struct lab *lab, const char *remembered)
{
	static const char *const schemas[] = {
	    "data/schema/001-core.sql", "data/schema/002-forms.sql", "data/schema/003-job-hint.sql",
	    "data/schema/004-own-forms.sql"};
	char path[HOME_PATH], old[200], text[HOME_PATH + 900];
	sqlite3 *db;
	size_t i;

	desk_close(&lab->s);
	assert_int_equal(home_path(lab->home, HOME_DB, path, &lab->e), ERR_OK);
	snprintf(old, sizeof(old), "%s/old.db", lab->top);
	assert_int_equal(sqlite3_open(old, &db), SQLITE_OK);
	for (i = 0; i < sizeof(schemas) / sizeof(schemas[0]); i++)
		raw(db, embed_find(schemas[i])->data);
	snprintf(
	    text, sizeof(text),
	    "ATTACH '%s' AS now; INSERT INTO app_user SELECT * FROM now.app_user;"
	    " INSERT INTO unit SELECT id, role, env, tax_no, name, leqi_id, direct_id, relation,"
	    " region, address, phone, bank, account, url, ca_pem, connect_to, sealed_key,"
	    " key_hint, edition, state, verified_at, verify_error, created_at, updated_at"
	    " FROM now.unit; INSERT INTO counter SELECT * FROM now.counter; DETACH now;"
	    " PRAGMA application_id = %d; PRAGMA user_version = 4",
	    path, 0x4B50494F);
	raw(db, text);
	raw(db, remembered);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	snprintf(text, sizeof(text), "%s-wal", path);
	unlink(text);
	assert_int_equal(rename(old, path), 0);
}

static void older_homes_are_found_in_at_once(void **state)
{
	struct lab *lab = *state;
	struct buyer b;
	struct goods g;
	int64_t unit = lab_stock(lab, 10, 100000), total = 0;
	char text[2000];
	int n;

	snprintf(
	    text, sizeof(text),
	    "INSERT INTO buyer (id, unit_id, name, tax_no, phone, used_at, uses)"
	    " VALUES (1, %lld, '深圳华建有限公司', 'T1', '0755-1', 1000, 7),"
	    " (2, %lld, '张三', '', '', 2000, 1);"
	    " INSERT INTO goods (id, unit_id, name, tax_code, short_name, spec, unit_name,"
	    " price, inclusive, rate_ppm, preference, used_at, uses) VALUES (5, %lld, '螺纹钢',"
	    " '1080207050000000000', '黑色金属', 'A', '吨', '4500', 0, 130000, '', 3000, 2);"
	    " INSERT INTO counter (name, value) VALUES ('buyer', 2), ('goods', 5)",
	    (long long)unit, (long long)unit, (long long)unit);
	make_old(lab, text);
	assert_int_equal(desk_open(lab->home, NULL, NULL, &lab->s, &lab->e), ERR_OK);
	assert_int_equal(found_buyers(lab, "szhj"), 1);
	assert_int_equal(found_buyers(lab, "0755"), 1);
	assert_int_equal(found_buyers(lab, "张"), 1);
	assert_int_equal(found_goods(lab, "hsjs"), 1);
	assert_int_equal(desk_buyer_get(lab->s, 1, &b, &lab->e), ERR_OK);
	assert_true(b.source == SOURCE_ISSUED && b.uses == 7 && b.used_at == 1000 && b.doc > 0);
	buyer_free(&b);
	assert_int_equal(desk_goods_named(lab->s, "螺纹钢", &g, &lab->e), ERR_OK);
	assert_true(!g.inclusive && g.id == 5 && g.uses == 2);
	assert_string_equal(g.unit, "吨");
	goods_free(&g);
	assert_int_equal(
	    store_buyer_count(lab->s->db, unit, &(struct buyer_query) {0}, 10, &total, &lab->e),
	    ERR_OK);
	assert_int_equal(total, 2);
	/* Nothing is left to do for the next session. */
	bool left = true;
	assert_int_equal(store_catalogue_index(lab->s->db, 0, &left, &lab->e), ERR_OK);
	assert_false(left);
	assert_int_equal(db_check(lab->s->db, &lab->e), ERR_OK);
	n = found_buyers(lab, "");
	assert_int_equal(n, 2);
}

#define LAB(f) cmocka_unit_test_setup_teardown(f, lab_open, lab_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    LAB(remembers_the_buyer),
	    LAB(remembers_the_goods),
	    LAB(nothing_is_remembered_of_a_refusal),
	    LAB(lines_take_what_they_lack),
	    LAB(references_lead_somewhere),
	    LAB(checks_and_drafts_take_them_too),
	    LAB(a_repeat_needs_no_catalogue),
	    LAB(older_homes_are_found_in_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
