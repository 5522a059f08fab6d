/* Goods of a unit: one, lists, by reference, alike ones, loading many, what issuing leaves. */
#include "store_fixture.h"

#define STEEL "1080207010000000000"
#define PAPER "1060105010000000000"

static struct goods make(struct fixture *f, const char *name, const char *spec, const char *code)
{
	struct goods g = {
	    .unit_id = f->unit, .source = SOURCE_ENTERED, .rate_ppm = 130000, .inclusive = true};

	mem_set(&g.name, name);
	mem_set(&g.spec, spec);
	mem_set(&g.tax_code, code);
	return g;
}

static int64_t add(struct fixture *f, const char *name, const char *spec, const char *code)
{
	struct goods g = make(f, name, spec, code);

	must(f, db_begin(f->db, &f->e));
	must(f, store_goods_insert(f->db, &g, &f->e));
	must(f, db_commit(f->db, &f->e));
	int64_t id = g.id;
	goods_free(&g);
	return id;
}

static struct goods get(struct fixture *f, int64_t id)
{
	struct goods g;
	bool found = false;

	must(f, store_goods_get(f->db, f->unit, id, &g, &found, &f->e));
	assert_true(found);
	return g;
}

static void update(struct fixture *f, const struct goods *g)
{
	must(f, db_begin(f->db, &f->e));
	must(f, store_goods_update(f->db, g, &f->e));
	must(f, db_commit(f->db, &f->e));
}

static char joined[4096];

static void join(const char *name)
{
	size_t used = strlen(joined);

	snprintf(joined + used, sizeof(joined) - used, "%s%s", used ? "|" : "", name);
}

static const char *join_all(struct goods *found, int n)
{
	int i;

	joined[0] = 0;
	for (i = 0; i < n; i++) {
		join(found[i].name);
		goods_free(&found[i]);
	}
	return joined;
}

static const char *best(struct fixture *f, const char *text)
{
	struct goods found[8];
	int n;

	must(f, store_goods_best(f->db, f->unit, text, 8, found, &n, &f->e));
	return join_all(found, n);
}

static const char *similar(struct fixture *f, const char *name)
{
	struct goods found[8];
	int n;

	must(f, store_goods_similar(f->db, f->unit, name, found, 8, &n, &f->e));
	return join_all(found, n);
}

static enum err put_name(void *arg, const struct goods *g)
{
	++*(int *)arg;
	join(g->name);
	return ERR_OK;
}

static const char *list(struct fixture *f, struct goods_query q, int64_t *next)
{
	int64_t counted = 0, after = 0;
	int n = 0;

	joined[0] = 0;
	q.limit = q.limit ? q.limit : 100;
	q.env = "practice";
	q.today = "2025-11-20";
	must(f, store_goods_list(f->db, f->unit, &q, put_name, &n, &after, &f->e));
	must(f, store_goods_count(f->db, f->unit, &q, 1000, &counted, &f->e));
	if (!q.cursor && !after)
		assert_int_equal(counted, n);
	if (next)
		*next = after;
	return joined;
}

/* ---- one ---- */

static void keeps_all_members(void **state)
{
	struct fixture *f = *state;
	struct goods g = make(f, "螺纹钢", "Φ12", STEEL), copy;

	mem_set(&g.category, "钢材");
	mem_set(&g.mnemonic, "LWG");
	mem_set(&g.short_name, "黑色金属");
	mem_set(&g.unit, "吨");
	mem_set(&g.price, "4500.5");
	mem_set(&g.preference, "01");
	g.inclusive = false;
	g.rate_ppm = -1;
	must(f, db_begin(f->db, &f->e));
	must(f, store_goods_insert(f->db, &g, &f->e));
	must(f, db_commit(f->db, &f->e));
	int64_t id = g.id;
	goods_free(&g);
	g = get(f, id);
	goods_copy(&copy, &g);
	goods_free(&g);
	assert_string_equal(copy.category, "钢材");
	assert_string_equal(copy.unit, "吨");
	assert_string_equal(copy.price, "4500.5");
	assert_string_equal(copy.preference, "01");
	assert_true(!copy.inclusive && copy.rate_ppm == -1);
	assert_string_equal(best(f, "lwg"), "螺纹钢");
	assert_string_equal(best(f, "黑色"), "螺纹钢");
	assert_string_equal(best(f, "108020701"), "螺纹钢");
	assert_string_equal(best(f, "Φ12"), "螺纹钢");
	assert_string_equal(best(f, "钢 hsjs"), "螺纹钢");
	mem_set(&copy.name, "盘螺");
	update(f, &copy);
	assert_string_equal(best(f, "螺纹"), "");
	goods_free(&copy);
}

static void finds_by_reference(void **state)
{
	struct fixture *f = *state;
	int64_t id = add(f, "电脑", "A", STEEL), other;
	struct goods g[2];
	char no[32];
	int n, removed;

	add(f, "电脑", "B", STEEL);
	other = add(f, "显示器", "", STEEL);
	struct goods m = get(f, other);
	mem_set(&m.mnemonic, "XSQ");
	update(f, &m);
	goods_free(&m);
	snprintf(no, sizeof(no), "#%lld", (long long)id);
	must(f, store_goods_named(f->db, f->unit, no, g, 2, &n, &f->e));
	assert_int_equal(n, 1);
	assert_string_equal(g[0].spec, "A");
	goods_free(&g[0]);
	must(f, store_goods_named(f->db, f->unit, "电脑", g, 1, &n, &f->e));
	assert_int_equal(n, 2);
	goods_free(&g[0]);
	must(f, store_goods_named(f->db, f->unit, "XSQ", g, 2, &n, &f->e));
	assert_int_equal(n, 1);
	goods_free(&g[0]);
	must(f, db_begin(f->db, &f->e));
	must(f, store_goods_remove(f->db, f->unit, &id, 1, &removed, &f->e));
	must(f, db_commit(f->db, &f->e));
	must(f, store_goods_named(f->db, f->unit, no, g, 2, &n, &f->e));
	assert_int_equal(n, 0);
	must(f, store_goods_named(f->db, f->unit, "没有", g, 2, &n, &f->e));
	assert_int_equal(n, 0);
	must(f, store_goods_named(f->db, f->unit, "#1x", g, 2, &n, &f->e));
	assert_int_equal(n, 0);
}

/* ---- lists ---- */

static void put_code(struct fixture *f, const char *code, const char *stop, bool summary)
{
	struct tax_code c = {.code = (char *)(uintptr_t)code,
			     .name = (char *)(uintptr_t) "名",
			     .stop = (char *)(uintptr_t)stop,
			     .summary = summary};

	must(f, db_begin(f->db, &f->e));
	must(f, store_taxcode_put(f->db, &c, false, &f->e));
	must(f, db_commit(f->db, &f->e));
}

static void lists_by_condition(void **state)
{
	struct fixture *f = *state;
	int64_t next;

	add(f, "螺纹钢", "Φ12", STEEL);
	add(f, "复印纸", "A4", PAPER);
	add(f, "咨询", "", "");
	assert_string_equal(list(f, (struct goods_query) {0}, NULL), "咨询|复印纸|螺纹钢");
	assert_string_equal(list(f, (struct goods_query) {.tax_code = "1060"}, NULL), "复印纸");
	assert_string_equal(list(f, (struct goods_query) {.tax_code = "060"}, NULL), "");
	assert_string_equal(list(f, (struct goods_query) {.name = "fyz", .tax_code = "1"}, NULL),
			    "复印纸");
	assert_string_equal(list(f, (struct goods_query) {.text = "a4"}, NULL), "复印纸");
	assert_string_equal(list(f, (struct goods_query) {.limit = 1}, &next), "咨询");
	assert_string_equal(list(f, (struct goods_query) {.limit = 2, .cursor = next}, &next),
			    "复印纸|螺纹钢");
	assert_int_equal(next, 0);
}

static void add_rateless(struct fixture *f, const char *name, const char *code)
{
	struct goods g = make(f, name, "", code);

	g.rate_ppm = -1;
	must(f, db_begin(f->db, &f->e));
	must(f, store_goods_insert(f->db, &g, &f->e));
	must(f, db_commit(f->db, &f->e));
	goods_free(&g);
}

static void lists_what_cannot_be_used(void **state)
{
	static const char stopped[] = "1080101010000000000", summary[] = "1080100000000000000";
	struct fixture *f = *state;
	int64_t next;

	put_code(f, STEEL, "2025-11-21", false); /* still good today */
	put_code(f, stopped, "2025-11-20", false);
	put_code(f, summary, "", true);
	add(f, "好钢", "", STEEL);
	add(f, "停用水泥", "", stopped);
	add(f, "无编码", "", "");
	add_rateless(f, "无税率", STEEL);
	add_rateless(f, "全无", "");
	add(f, "汇总", "", summary);
	add(f, "不明", "", "9990000000000000000");
	add(f, "停用砖", "", stopped);
	assert_string_equal(list(f, (struct goods_query) {.unusable = true}, NULL),
			    "停用砖|不明|汇总|全无|无税率|无编码|停用水泥");
	assert_string_equal(list(f, (struct goods_query) {.unusable = true, .limit = 2}, &next),
			    "停用砖|不明");
	assert_string_equal(
	    list(f, (struct goods_query) {.unusable = true, .limit = 2, .cursor = next}, &next),
	    "汇总|全无");
	assert_string_equal(
	    list(f, (struct goods_query) {.unusable = true, .limit = 9, .cursor = next}, &next),
	    "无税率|无编码|停用水泥");
	assert_int_equal(next, 0);
	assert_string_equal(list(f, (struct goods_query) {.unusable = true, .text = "停用"}, NULL),
			    "停用砖|停用水泥");
	assert_string_equal(list(f, (struct goods_query) {.unusable = true, .name = "钢"}, NULL),
			    "");
	assert_string_equal(list(f, (struct goods_query) {.unusable = true, .name = "无"}, NULL),
			    "全无|无税率|无编码");
}

static void finds_alike(void **state)
{
	struct fixture *f = *state;

	add(f, "联想笔记本电脑", "", STEEL);
	add(f, "台式电脑", "", STEEL);
	add(f, "笔记本（无编码）电脑", "", "");
	add(f, "软皮笔记本", "", PAPER);
	add(f, "螺纹钢", "", STEEL);
	assert_string_equal(similar(f, "戴尔笔记本电脑"), "联想笔记本电脑|软皮笔记本");
	assert_string_equal(similar(f, "电脑"), "台式电脑|联想笔记本电脑");
	assert_string_equal(similar(f, "水泥"), "");
	assert_string_equal(similar(f, ""), "");
}

/* ---- loading ---- */

struct entry {
	const char *name, *spec, *tax_code, *short_name, *price, *preference;
	int32_t rate;
};

static const char *load(struct fixture *f, const struct entry *t, size_t n)
{
	static char results[64];
	struct goods_load *l;
	size_t i;

	must(f, db_begin(f->db, &f->e));
	must(f, store_goods_load_begin(f->db, f->unit, &l, &f->e));
	for (i = 0; i < n; i++) {
		struct goods_row r = {.name = t[i].name,
				      .spec = t[i].spec,
				      .tax_code = t[i].tax_code,
				      .short_name = t[i].short_name,
				      .price = t[i].price,
				      .preference = t[i].preference,
				      .rate_ppm = t[i].rate,
				      .inclusive = -1};
		uint32_t terms[FIND_TERMS];
		enum load_result result;

		memset(r.has, 1, sizeof(r.has));
		must(f, store_goods_load(l, &r, terms, store_goods_terms(&r, terms), &result, NULL,
					 &f->e));
		results[i] = "AU="[result];
	}
	results[n] = 0;
	must(f, store_goods_load_end(&l, &f->e));
	must(f, db_commit(f->db, &f->e));
	return results;
}

#define LOAD(f, ...)                                                                               \
	load(f, (const struct entry[]) {__VA_ARGS__},                                              \
	     sizeof((const struct entry[]) {__VA_ARGS__}) / sizeof(struct entry))

static void loads_by_name_and_specification(void **state)
{
	struct fixture *f = *state;
	struct goods g;

	assert_string_equal(LOAD(f, {"钢", "1", STEEL, "金属", "5", "03", 0},
				 {"钢", "2", STEEL, "", "", "", -1},
				 {"纸", "", "", "", "7", "", -1}),
			    "AAA");
	/* Another code takes the short name away, another rate the preference. */
	assert_string_equal(LOAD(f, {"钢", "1", PAPER, "", "", "", 130000},
				 {"纸", "", PAPER, "纸制品", "", "", -1}),
			    "UU");
	g = get(f, 1);
	assert_string_equal(g.tax_code, PAPER);
	assert_string_equal(g.short_name, "");
	assert_string_equal(g.preference, "");
	assert_string_equal(g.price, "5");
	assert_int_equal(g.rate_ppm, 130000);
	goods_free(&g);
	g = get(f, 3);
	assert_string_equal(g.price, "7");
	assert_string_equal(g.short_name, "纸制品");
	assert_true(g.inclusive);
	goods_free(&g);
	/* The same thing under two codes: both stay. */
	assert_string_equal(
	    LOAD(f, {"纸", "", PAPER, "", "", "", -1}, {"纸", "", STEEL, "", "", "", -1}), "=A");
	assert_int_equal(scalar(f, "SELECT count FROM catalogue_tally WHERE kind = 2"), 4);
	assert_string_equal(best(f, "zzp"), "纸");
}

static void loading_again_changes_nothing(void **state)
{
	static const char *const names[] = {"甲", "乙"};
	static const char *const codes[] = {"", "", STEEL, PAPER};
	static const char *const short_names[] = {"", "短"};
	static const char *const prices[] = {"", "1", "2"};
	struct fixture *f = *state;
	int round;

	for (round = 0; round < 300; round++) {
		struct entry t[10];
		size_t n = 1 + pick(10), i;

		if (round % 4 == 0)
			run_sql(f, "DELETE FROM goods");
		for (i = 0; i < n; i++)
			t[i] = (struct entry) {names[pick(2)],       names[pick(2)],
					       codes[pick(4)],       short_names[pick(2)],
					       prices[pick(3)],      pick(2) ? "01" : "",
					       pick(2) ? 130000 : -1};
		load(f, t, n);
		assert_int_equal(strspn(load(f, t, n), "="), n);
	}
}

/* ---- issuing ---- */

static void issue(struct fixture *f, const char *price, const char *short_name)
{
	struct invoice inv;
	struct tax_line *l;

	invoice_init(&inv);
	l = invoice_add_line(&inv);
	mem_set(&l->name, "螺纹钢");
	mem_set(&l->tax_code, STEEL);
	mem_set(&l->short_name, short_name);
	l->rate_ppm = 130000;
	assert_true(dec_parse(price, &l->full_price));
	must(f, db_begin(f->db, &f->e));
	must(f, store_goods_issued(f->db, f->unit, l, true, &f->e));
	must(f, db_commit(f->db, &f->e));
	invoice_free(&inv);
}

static void follows_what_is_issued(void **state)
{
	struct fixture *f = *state;
	struct goods g;

	issue(f, "4500.50", "金属");
	issue(f, "4600", "金属");
	g = get(f, 1);
	assert_int_equal(g.uses, 2);
	assert_string_equal(g.price, "4600");
	assert_string_equal(g.mnemonic, "");
	assert_true(g.source == SOURCE_ISSUED && g.doc > 0);
	assert_string_equal(best(f, "金属"), "螺纹钢");
	goods_free(&g);
	issue(f, "4600", "黑色金属");
	assert_string_equal(best(f, "黑色"), "螺纹钢");
	g = get(f, 1);
	g.source = SOURCE_IMPORTED;
	update(f, &g);
	goods_free(&g);
	issue(f, "1", "金属");
	g = get(f, 1);
	assert_string_equal(g.price, "4600");
	assert_int_equal(g.uses, 4);
	goods_free(&g);
}

static void issue_lamp(struct fixture *f, const char *unit, const char *price, int32_t rate,
		       bool inclusive)
{
	struct invoice inv;
	struct tax_line *l;

	invoice_init(&inv);
	l = invoice_add_line(&inv);
	mem_set(&l->name, "台灯");
	mem_set(&l->tax_code, STEEL);
	mem_set(&l->unit, unit);
	l->rate_ppm = rate;
	if (*price)
		assert_true(dec_parse(price, &l->full_price));
	must(f, db_begin(f->db, &f->e));
	must(f, store_goods_issued(f->db, f->unit, l, inclusive, &f->e));
	must(f, db_commit(f->db, &f->e));
	invoice_free(&inv);
}

static void keeps_what_a_line_leaves_empty(void **state)
{
	struct fixture *f = *state;
	struct goods g;

	issue_lamp(f, "台", "99", 130000, true);
	issue_lamp(f, "", "", 130000, false); /* an amount alone */
	g = get(f, 1);
	assert_int_equal(g.uses, 2);
	assert_string_equal(g.unit, "台");
	assert_string_equal(g.price, "99");
	assert_true(g.inclusive);
	goods_free(&g);
	/* Something new beside what is left empty. */
	issue_lamp(f, "", "", 30000, false);
	g = get(f, 1);
	assert_int_equal(g.rate_ppm, 30000);
	assert_string_equal(g.unit, "台");
	assert_string_equal(g.price, "99");
	assert_true(g.inclusive);
	goods_free(&g);
	issue_lamp(f, "只", "80", 30000, false);
	g = get(f, 1);
	assert_string_equal(g.unit, "只");
	assert_string_equal(g.price, "80");
	assert_false(g.inclusive);
	goods_free(&g);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(keeps_all_members),
	    TEST(finds_by_reference),
	    TEST(lists_by_condition),
	    TEST(lists_what_cannot_be_used),
	    TEST(finds_alike),
	    TEST(loads_by_name_and_specification),
	    TEST(loading_again_changes_nothing),
	    TEST(follows_what_is_issued),
	    TEST(keeps_what_a_line_leaves_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
