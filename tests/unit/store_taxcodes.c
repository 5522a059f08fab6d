/* Tax codes: starter list, precedence of the tax side, search and its pages, differences, speed. */
#include <time.h>

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
static struct taxcode_news adopt(struct fixture *f, const char *env)
{
	struct taxcode_news news;
	must(f, store_taxcode_adopt(f->db, env, STAMP, &news, &f->e));
	return news;
}

/* All pages of a search. */
static void search(struct fixture *f, const char *text, int limit)
{
	char next[20] = "", cursor[20];
	int64_t total = -1;
	bool at_least = true;
	found.count = 0;
	do {
		int before = found.count;
		memcpy(cursor, next, sizeof(cursor));
		must(f, store_taxcode_search(f->db, ENV, text, cursor, limit, see, &found, next,
					     &total, &at_least, &f->e));
		assert_true(found.count - before <= limit);
	} while (*next);
	assert_int_equal(total, found.count);
	assert_false(at_least);
	for (int i = 0; i < found.count; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(found.codes[i], found.codes[k]);
}

static int64_t without_place(struct fixture *f)
{
	int64_t n = 0;
	bool any;
	must(f, db_get_int(f->db, &f->e, &n, &any, "SELECT COUNT(*) FROM taxcode WHERE doc IS NULL",
			   ""));
	return n;
}

/* Lists of an older program come into the index some rows at a time. */
static void test_older_lists(void **state)
{
	struct fixture *f = *state;
	bool left = false;
	int steps = 0;
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 250; i++) {
		char code[20], name[40];
		snprintf(code, sizeof(code), "10101%014d", i);
		snprintf(name, sizeof(name), "第%d种旧编码", i);
		put(f, code, name, "旧", false, i % 2 == 0);
	}
	must(f, db_run(f->db, &f->e, NULL,
		       "UPDATE taxcode SET env = 'practice', special = '免税'"
		       " WHERE env = 'incoming'",
		       ""));
	must(f, db_commit(f->db, &f->e));
	assert_int_equal(without_place(f), 250);
	must(f, store_taxcode_index_some(f->db, 0, &left, &f->e));
	assert_true(left);
	for (; left && steps < 20; steps++) {
		int64_t before = without_place(f);
		must(f, db_begin(f->db, &f->e));
		must(f, store_taxcode_index_some(f->db, 40, &left, &f->e));
		must(f, db_commit(f->db, &f->e));
		assert_true(before - without_place(f) <= 40);
	}
	assert_int_equal(without_place(f), 0);
	assert_in_range(steps, 250 / 40, 12);
	search(f, "旧编码", 50);
	assert_int_equal(found.count, 125);
	search(f, "第8种", 50);
	assert_int_equal(found.count, 1);
	struct tax_code c;
	bool there = false;
	must(f, store_taxcode_get(f->db, ENV, found.codes[0], &c, &there, &f->e));
	assert_true(there);
	assert_string_equal(c.special, "免税");
	tax_code_free(&c);
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
	must(f, store_taxcode_search(f->db, "production", "练习", "", 10, see, &found, next, NULL,
				     NULL, &f->e));
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

/* The only code found by a text; the starter list serves the environment. */
static void finds(struct fixture *f, const char *text, const char *code)
{
	search(f, text, 100);
	for (int i = 0; i < found.count; i++)
		if (strcmp(found.codes[i], code) == 0)
			return;
	fail_msg("%s does not find %s (%d found)", text, code, found.count);
}

static void best(struct fixture *f, const char *text, const char *code)
{
	search(f, text, 7);
	assert_true(found.count > 0);
	assert_string_equal(found.codes[0], code);
}

static void test_words(void **state)
{
	static const char computer[] = "1090509010000000000";
	struct fixture *f = *state;
	struct tax_code c;
	bool is_there;
	must(f, db_begin(f->db, &f->e));
	must(f, store_taxcode_starter(f->db, &f->e));
	must(f, db_commit(f->db, &f->e));
	must(f, store_taxcode_get(f->db, ENV, computer, &c, &is_there, &f->e));
	assert_true(is_there);
	assert_non_null(strstr(c.name, "计算机"));
	tax_code_free(&c);
	finds(f, "计算机", computer);
	finds(f, "电脑", computer); /* our own word */
	finds(f, "diannao", computer);
	finds(f, "dn", computer);
	finds(f, "jsj", computer); /* initials, full pinyin, a syllable cut short */
	finds(f, "jisuanji", computer);
	finds(f, "jisuan", computer);
	finds(f, "电费", "1100101020100000000");
	best(f, "苹果", "1010115010100000000");
	best(f, "pingguo", "1010115010100000000");
	best(f, "餐饮服务", "3070401000000000000");
	search(f, "绝无此物", 10);
	assert_int_equal(found.count, 0);
	/* leaves first: once a summary was seen only summaries follow */
	search(f, "服务", 50);
	assert_true(found.count > 100);
	for (int i = 1; i < found.count; i++)
		assert_true(found.summary[i] || !found.summary[i - 1]);
}

/* A row put without store_taxcode_index is found; one that was renamed is found by its new name. */
static void test_index_follows(void **state)
{
	struct fixture *f = *state;
	must(f, db_begin(f->db, &f->e));
	put(f, "1010101020000000000", "小麦", "谷物", false, true);
	put(f, "1010101030000000000", "稻谷", "谷物", false, true);
	adopt(f, ENV);
	put(f, "1010101030000000000", "水稻", "谷物", false, true);
	adopt(f, ENV);
	finds(f, "水稻", "1010101030000000000");
	finds(f, "shuidao", "1010101030000000000");
	search(f, "稻谷", 10);
	assert_int_equal(found.count, 0);
	finds(f, "xm", "1010101020000000000");
	must(f, db_commit(f->db, &f->e));
	must(f, db_begin(f->db, &f->e));
	put(f, "1010101020000000000", "冬小麦", "谷物", false, false);
	found.count = 0;
	char next[20];
	must(f, store_taxcode_search(f->db, "production", "dongxiaomai", "", 10, see, &found, next,
				     NULL, NULL, &f->e));
	assert_int_equal(found.count, 1);
	must(f, store_taxcode_index(f->db, "", &f->e));
	found.count = 0;
	must(f, store_taxcode_search(f->db, "production", "dongxiaomai", "", 10, see, &found, next,
				     NULL, NULL, &f->e));
	assert_int_equal(found.count, 1);
	must(f, db_commit(f->db, &f->e));
}

/* ---- differences ----------------------------------------------------------------------------- */

struct seen {
	int count;
	enum taxcode_kind kinds[10];
	char codes[10][20], names[10][40], before[10][40], stops[10][20], rates[10][40];
	int64_t ats[10];
};

static enum err see_change(void *arg, const struct taxcode_change *c)
{
	struct seen *s = arg;
	assert_true(s->count < 10);
	int i = s->count++;
	s->kinds[i] = c->kind;
	s->ats[i] = c->at;
	text_copy(s->codes[i], sizeof(s->codes[i]), c->code);
	text_copy(s->names[i], sizeof(s->names[i]), c->now.name);
	text_copy(s->before[i], sizeof(s->before[i]), c->before.name);
	text_copy(s->stops[i], sizeof(s->stops[i]), c->now.stop);
	text_copy(s->rates[i], sizeof(s->rates[i]), c->before.vat_rates);
	return ERR_OK;
}

static void changes(struct fixture *f, const char *code, int limit, struct seen *s)
{
	int64_t next = 0, total = -1;
	*s = (struct seen) {0};
	do
		must(f, store_taxcode_changes(f->db, ENV, code, next, limit, see_change, s, &next,
					      &total, &f->e));
	while (next);
	assert_int_equal(total, s->count);
}

static void put_as(struct fixture *f, const char *code, const char *name, const char *rates,
		   const char *stop)
{
	struct tax_code c = {.code = mem_strdup(code),
			     .name = mem_strdup(name),
			     .short_name = mem_strdup("谷物"),
			     .vat_rates = mem_strdup(rates),
			     .stop = mem_strdup(stop),
			     .keywords = mem_strdup("")};
	must(f, store_taxcode_put(f->db, &c, true, &f->e));
	tax_code_free(&c);
}

static void test_changes(void **state)
{
	struct fixture *f = *state;
	struct taxcode_news n;
	struct seen s;
	must(f, db_begin(f->db, &f->e));
	put_as(f, "1010101010000000000", "稻谷", "9%", "");
	put_as(f, "1010101020000000000", "小麦", "9%", "");
	put_as(f, "1010101030000000000", "玉米", "9%", "");
	put_as(f, "1010101040000000000", "谷子", "9%", "");
	n = adopt(f, ENV);
	assert_true(n.first && n.added == 4 && n.changed == 0 && n.stopped == 0);
	changes(f, "", 10, &s);
	assert_int_equal(s.count, 0); /* the first list is no difference */

	put_as(f, "1010101010000000000", "稻谷", "9%", "");           /* as it was */
	put_as(f, "1010101020000000000", "小麦", "9%", "2026-01-01"); /* stopped */
	put_as(f, "1010101030000000000", "玉米", "13%", "");
	put_as(f, "1010101050000000000", "高粱", "9%", "");
	n = adopt(f, ENV);
	assert_true(!n.first && n.added == 1 && n.changed == 1 && n.stopped == 1);
	for (int limit = 1; limit < 5; limit++) {
		changes(f, "", limit, &s);
		assert_int_equal(s.count, 3);
		assert_string_equal(s.codes[0], "1010101020000000000");
		assert_int_equal(s.kinds[0], TAXCODE_ENDED);
		assert_string_equal(s.stops[0], "2026-01-01");
		assert_int_equal(s.kinds[1], TAXCODE_CHANGED);
		assert_string_equal(s.rates[1], "9%");
		assert_int_equal(s.kinds[2], TAXCODE_ADDED);
		assert_string_equal(s.before[2], "");
		assert_string_equal(s.names[2], "高粱");
	}
	n = adopt(f, ENV); /* an answer without rows */
	assert_true(!n.first && n.added + n.changed + n.stopped == 0);

	put_as(f, "1010101020000000000", "冬小麦", "9%", "");
	n = adopt(f, ENV);
	assert_true(n.changed == 1);
	changes(f, "", 2, &s);
	assert_int_equal(s.count, 4); /* the newest answer first */
	assert_string_equal(s.names[0], "冬小麦");
	assert_string_equal(s.before[0], "小麦");
	changes(f, "1010101020000000000", 1, &s);
	assert_int_equal(s.count, 2);
	int64_t next, total;
	must(f, store_taxcode_changes(f->db, "sandbox", "", 0, 5, see_change, &s, &next, &total,
				      &f->e));
	assert_int_equal(total, 0);
	must(f, db_commit(f->db, &f->e));
}

/* An answer that breaks off leaves the list as it was. */
static void test_broken_answer(void **state)
{
	struct fixture *f = *state;
	struct seen s;
	must(f, db_begin(f->db, &f->e));
	put_as(f, "1010101010000000000", "稻谷", "9%", "");
	adopt(f, ENV);
	must(f, db_commit(f->db, &f->e));
	must(f, db_begin(f->db, &f->e));
	put_as(f, "1010101010000000000", "水稻", "9%", "");
	put_as(f, "1010101020000000000", "小麦", "9%", "");
	db_rollback(f->db);
	must(f, db_begin(f->db, &f->e));
	adopt(f, ENV);
	must(f, db_commit(f->db, &f->e));
	named(f, ENV, "1010101010000000000", "稻谷");
	named(f, ENV, "1010101020000000000", NULL);
	changes(f, "", 10, &s);
	assert_int_equal(s.count, 0);
}

/* ---- stopped codes --------------------------------------------------------------------------- */

static enum taxcode_use use_of(struct fixture *f, const char *code, const char *today)
{
	enum taxcode_use use;
	must(f, store_taxcode_usable(f->db, ENV, code, today, &use, &f->e));
	return use;
}

static void add_goods(struct fixture *f, int64_t id, const char *code, bool removed)
{
	must(f, db_run(f->db, &f->e, NULL,
		       "INSERT INTO goods (id, unit_id, name, tax_code, source, created_at,"
		       " updated_at, removed_at) VALUES (?, ?, '商品', ?, 'entered', 1, 1, ?)",
		       "llsS", id, f->unit, code, removed ? "1" : ""));
}

static void test_usable(void **state)
{
	struct fixture *f = *state;
	int64_t n;
	must(f, db_begin(f->db, &f->e));
	put(f, "1010101000000000000", "谷物", "谷物", true, true);
	put_as(f, "1010101010000000000", "稻谷", "9%", "");
	put_as(f, "1010101020000000000", "小麦", "9%", "2026-01-01");
	adopt(f, ENV);
	assert_int_equal(use_of(f, "1010101010000000000", "2026-05-01"), TAXCODE_USABLE);
	assert_int_equal(use_of(f, "1010101020000000000", "2025-12-31"), TAXCODE_USABLE);
	assert_int_equal(use_of(f, "1010101020000000000", "2026-01-01"), TAXCODE_STOPPED);
	assert_int_equal(use_of(f, "1010101000000000000", "2026-01-01"), TAXCODE_SUMMARY);
	assert_int_equal(use_of(f, "1010101990000000000", "2026-01-01"), TAXCODE_UNKNOWN);
	add_goods(f, 1, "1010101020000000000", false);
	add_goods(f, 2, "1010101020000000000", false);
	add_goods(f, 3, "1010101020000000000", true);
	add_goods(f, 4, "1010101010000000000", false);
	must(f, store_taxcode_stopped_goods(f->db, ENV, f->unit, "2025-12-31", 100, &n, &f->e));
	assert_int_equal(n, 0);
	must(f, store_taxcode_stopped_goods(f->db, ENV, f->unit, "2026-01-01", 100, &n, &f->e));
	assert_int_equal(n, 2);
	must(f, store_taxcode_stopped_goods(f->db, ENV, f->unit, "2026-01-01", 1, &n, &f->e));
	assert_int_equal(n, 1);
	must(f, store_taxcode_stopped_goods(f->db, ENV, f->unit + 1, "2026-01-01", 9, &n, &f->e));
	assert_int_equal(n, 0);
	must(f, db_commit(f->db, &f->e));
}

/* 4,300 rows: as many as the tax side has.  What one search costs must not grow with the list. */
static int64_t searches_us(struct fixture *f, const char *text)
{
	char next[20];
	struct timespec from, to;
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < 20; i++) {
		found.count = 0;
		must(f, store_taxcode_search(f->db, ENV, text, "", 20, see, &found, next, NULL,
					     NULL, &f->e));
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	return ((to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000) / 20;
}

static void test_speed(void **state)
{
	struct fixture *f = *state;
	char code[20], name[64];
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 4300; i++) {
		snprintf(code, sizeof(code), "10%05u000000000000", (unsigned)i % 100000);
		snprintf(name, sizeof(name),
			 i % 100 ? "第%d类商品及其零件、附件" : "第%d类加工服务", i);
		put(f, code, name, i % 2 ? "商品" : "服务", i % 10 == 0, true);
	}
	adopt(f, ENV);
	must(f, db_commit(f->db, &f->e));
	int64_t few = searches_us(f, "加工"), many = searches_us(f, "零件 附件"),
		digits = searches_us(f, "1000");
	print_message("a search: %d us for few, %d for very many, %d by code\n", (int)few,
		      (int)many, (int)digits);
	assert_int_equal(found.count, 20);
	assert_true(few < 20000 && digits < 20000 && many < 200000);
	/* More than are looked at: told so, and those that begin with the word come first. */
	char next[20];
	int64_t total;
	bool at_least = false;
	found.count = 0;
	must(f, store_taxcode_search(f->db, ENV, "商品", "", 5, see, &found, next, &total,
				     &at_least, &f->e));
	assert_true(at_least && total == TAXCODE_FOUND && found.count == 5);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_older_lists),   T(test_starter), T(test_tax_side_wins), T(test_environments),
	    T(test_search),        T(test_words),   T(test_index_follows), T(test_changes),
	    T(test_broken_answer), T(test_usable),  T(test_speed)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
