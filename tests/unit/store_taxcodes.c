/* Tax codes: starter list, precedence of the tax side, search and its pages, speed at full size. */
#include "unit/store_fixture.h"

static void put(struct fixture *f, const char *code, const char *name, const char *short_name,
		bool summary, bool from_tax)
{
	struct tax_code c = {
	    .code = mem_strdup(code),
	    .name = mem_strdup(name),
	    .short_name = mem_strdup(short_name),
	    .keywords = mem_strdup("关键词"),
	    .vat_rates = mem_strdup("13%"),
	    .summary = summary,
	};
	must(f, store_taxcode_put(f->db, &c, from_tax, &f->e));
	tax_code_free(&c);
}

struct found {
	int count;
	char codes[5000][20];
	bool summary[5000];
};
static struct found found;

static enum err see(void *arg, const struct tax_code *c)
{
	struct found *s = arg;
	assert_true(s->count < 5000);
	s->summary[s->count] = c->summary;
	text_copy(s->codes[s->count++], 20, c->code);
	return ERR_OK;
}

#define ENV   "practice"
#define STAMP "20251120101112"

/* Takes the rows put from the tax side into the list of the environment. */
static void adopt(struct fixture *f, const char *env)
{
	must(f, store_taxcode_set_stamp(f->db, env, STAMP, &f->e));
}

/* All pages of a search. */
static void search(struct fixture *f, const char *text, int limit)
{
	char next[20] = "", cursor[20];
	found.count = 0;
	do {
		int before = found.count;
		memcpy(cursor, next, sizeof(cursor));
		must(f, store_taxcode_search(f->db, ENV, text, cursor, limit, see, &found, next,
					     &f->e));
		assert_true(found.count - before <= limit);
	} while (*next);
	for (int i = 0; i < found.count; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(found.codes[i], found.codes[k]);
}

static void test_starter(void **state)
{
	struct fixture *f = *state;
	int64_t total = 0, from_tax = -1, again = 0;
	struct tax_code c;
	bool is_there = false;
	must(f, db_begin(f->db, &f->e));
	must(f, store_taxcode_starter(f->db, &f->e));
	must(f, store_taxcode_count(f->db, ENV, &total, &from_tax, &f->e));
	assert_true(total > 300);
	assert_int_equal(from_tax, 0);
	must(f, store_taxcode_starter(f->db, &f->e));
	must(f, store_taxcode_count(f->db, ENV, &again, &from_tax, &f->e));
	assert_int_equal(again, total);
	must(f, store_taxcode_get(f->db, ENV, "1010115010100000000", &c, &is_there, &f->e));
	assert_true(is_there && !c.summary);
	assert_string_equal(c.name, "苹果");
	assert_string_equal(c.short_name, "水果");
	assert_string_equal(c.parent, "1010115010000000000");
	tax_code_free(&c);
	must(f, store_taxcode_get(f->db, ENV, "9999999999999999999", &c, &is_there, &f->e));
	assert_false(is_there);
	must(f, db_commit(f->db, &f->e));
}

static void named(struct fixture *f, const char *env, const char *code, const char *name)
{
	struct tax_code c;
	bool is_there = false;
	must(f, store_taxcode_get(f->db, env, code, &c, &is_there, &f->e));
	assert_int_equal(is_there, name != NULL);
	if (!is_there)
		return;
	assert_string_equal(c.name, name);
	tax_code_free(&c);
}

static void test_tax_side_wins(void **state)
{
	struct fixture *f = *state;
	int64_t total, from_tax;
	char stamp[24];
	must(f, db_begin(f->db, &f->e));
	put(f, "1010101020000000000", "旧名", "旧", false, false);
	put(f, "1010101030000000000", "只在起始表", "旧", false, false);
	put(f, "1010101020000000000", "小麦", "谷物", false, true);
	named(f, ENV, "1010101020000000000", "旧名"); /* the answer is not whole yet */
	must(f, store_taxcode_stamp(f->db, ENV, stamp, &f->e));
	assert_string_equal(stamp, "");
	adopt(f, ENV);
	named(f, ENV, "1010101020000000000", "小麦");
	named(f, ENV, "1010101030000000000", NULL);
	put(f, "1010101020000000000", "又是旧名", "旧", false, false);
	named(f, ENV, "1010101020000000000", "小麦");
	must(f, store_taxcode_count(f->db, ENV, &total, &from_tax, &f->e));
	assert_int_equal(total, 1);
	assert_int_equal(from_tax, 1);
	must(f, store_taxcode_stamp(f->db, ENV, stamp, &f->e));
	assert_string_equal(stamp, STAMP);
	/* What changed since is laid over it. */
	put(f, "1010101020000000000", "冬小麦", "谷物", false, true);
	put(f, "1010101040000000000", "玉米", "谷物", false, true);
	adopt(f, ENV);
	named(f, ENV, "1010101020000000000", "冬小麦");
	named(f, ENV, "1010101040000000000", "玉米");
	must(f, db_commit(f->db, &f->e));
}

/* What practice says is no word of the tax bureau: each environment has its own list. */
static void test_environments(void **state)
{
	struct fixture *f = *state;
	int64_t total, from_tax;
	char stamp[24], next[20];
	must(f, db_begin(f->db, &f->e));
	put(f, "1010101020000000000", "起始", "谷物", false, false);
	put(f, "1010101020000000000", "练习的小麦", "谷物", false, true);
	put(f, "1010101090000000000", "练习的商品", "谷物", false, true);
	adopt(f, ENV);
	must(f, store_taxcode_stamp(f->db, "production", stamp, &f->e));
	assert_string_equal(stamp, "");
	named(f, "production", "1010101020000000000", "起始");
	named(f, "production", "1010101090000000000", NULL);
	put(f, "1010101020000000000", "正式的小麦", "谷物", false, true);
	adopt(f, "production");
	named(f, "production", "1010101020000000000", "正式的小麦");
	named(f, "production", "1010101090000000000", NULL);
	named(f, ENV, "1010101020000000000", "练习的小麦");
	named(f, "sandbox", "1010101020000000000", "起始");
	named(f, "", "1010101020000000000", "起始");
	must(f, store_taxcode_count(f->db, "production", &total, &from_tax, &f->e));
	assert_true(total == 1 && from_tax == 1);
	must(f, store_taxcode_count(f->db, "sandbox", &total, &from_tax, &f->e));
	assert_true(total == 1 && from_tax == 0);
	found.count = 0;
	must(f,
	     store_taxcode_search(f->db, "production", "练习", "", 10, see, &found, next, &f->e));
	assert_int_equal(found.count, 0);
	must(f, db_commit(f->db, &f->e));
}

static void test_search(void **state)
{
	struct fixture *f = *state;
	must(f, db_begin(f->db, &f->e));
	put(f, "1000000000000000000", "货物", "货物", true, true);
	put(f, "1010000000000000000", "软件类", "软件", true, true);
	put(f, "1010100000000000000", "嵌入式软件", "软件", false, true);
	put(f, "1010200000000000000", "软件", "软件", false, true);
	put(f, "1010300000000000000", "软件开发服务", "信息", false, true);
	put(f, "1010400000000000000", "USB硬盘", "设备", false, true);
	adopt(f, ENV);
	must(f, db_commit(f->db, &f->e));
	for (int limit = 1; limit < 5; limit++) {
		search(f, "软件", limit);
		assert_int_equal(found.count, 4);
		/* short name or name is the word; begins with it; summaries last */
		assert_string_equal(found.codes[0], "1010100000000000000");
		assert_string_equal(found.codes[1], "1010200000000000000");
		assert_string_equal(found.codes[2], "1010300000000000000");
		assert_true(found.summary[3]);
		search(f, "1010", limit);
		assert_int_equal(found.count, 5);
		assert_true(found.summary[4]);
		search(f, "", limit);
		assert_int_equal(found.count, 6);
	}
	search(f, "软件 开发", 10);
	assert_int_equal(found.count, 1);
	search(f, "ｕｓｂ", 10);
	assert_int_equal(found.count, 1);
	search(f, "关键 设备", 10);
	assert_int_equal(found.count, 1);
	search(f, "没有", 10);
	assert_int_equal(found.count, 0);
	search(f, "12345678901234567890123", 10);
	assert_int_equal(found.count, 0);
	found.count = 0;
	must(f, store_taxcode_children(f->db, ENV, "1010000000000000000", see, &found, &f->e));
	assert_int_equal(found.count, 4);
	found.count = 0;
	must(f, store_taxcode_children(f->db, ENV, "", see, &found, &f->e));
	assert_int_equal(found.count, 1);
}

/* 4,300 rows: as many as the tax side has. */
static void test_speed(void **state)
{
	struct fixture *f = *state;
	char code[20], name[64], next[20];
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 4300; i++) {
		snprintf(code, sizeof(code), "10%05u000000000000", (unsigned)i % 100000);
		snprintf(name, sizeof(name), "第%d类商品及其零件、附件和加工服务", i);
		put(f, code, name, i % 2 ? "商品" : "服务", i % 10 == 0, true);
	}
	adopt(f, ENV);
	must(f, db_commit(f->db, &f->e));
	int64_t start = clock_mono_ms();
	for (int i = 0; i < 20; i++) {
		found.count = 0;
		must(f, store_taxcode_search(f->db, ENV, i % 2 ? "零件 服务" : "77类", "", 20, see,
					     &found, next, &f->e));
		assert_true(found.count > 10);
	}
	int64_t took = clock_mono_ms() - start;
	print_message("20 searches in %d ms\n", (int)took);
	assert_true(
	    took < 20 * 100); /* the target is 5 ms each; sanitizers and shared machines are slow */
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {T(test_starter), T(test_tax_side_wins),
					   T(test_environments), T(test_search), T(test_speed)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
