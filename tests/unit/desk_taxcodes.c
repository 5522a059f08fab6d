/* Tax codes at the desk: whose list, what a sync brought in words, goods whose code is stopped. */
#include "desk_lab.h"

#define WHEAT "1010101020000000000"
#define CORN  "1010101030000000000"

static void put(struct lab *lab, const char *code, const char *name, const char *rates,
		const char *stop)
{
	struct tax_code c = {.code = mem_strdup(code),
			     .name = mem_strdup(name),
			     .short_name = mem_strdup("谷物"),
			     .vat_rates = mem_strdup(rates),
			     .stop = mem_strdup(stop)};

	assert_int_equal(store_taxcode_put(lab->s->db, &c, true, &lab->e), ERR_OK);
	tax_code_free(&c);
}

/* An answer of the tax side with these two rows. */
static struct taxcode_news answer(struct lab *lab, const char *wheat, const char *stop,
				  const char *corn_rates)
{
	struct taxcode_news news;

	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	put(lab, WHEAT, wheat, "9%", stop);
	put(lab, CORN, "玉米", corn_rates, "");
	assert_int_equal(
	    store_taxcode_adopt(lab->s->db, "practice", "20251120100000", &news, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	return news;
}

static enum err count_one(void *arg, const struct tax_code *c)
{
	(void)c;
	++*(int *)arg;
	return ERR_OK;
}

static int found(struct lab *lab, const char *text)
{
	char next[20];
	int n = 0;

	assert_int_equal(
	    desk_taxcode_search(lab->s, text, "", 100, count_one, &n, next, NULL, NULL, &lab->e),
	    ERR_OK);
	return n;
}

static void looks_into_the_units_list(void **state)
{
	struct lab *lab = *state;
	int64_t total, from_tax;
	struct tax_code c;

	assert_true(found(lab, "苹果") > 0); /* no unit yet: the starter list */
	assert_true(found(lab, "pg") > 0);
	lab_stock(lab, 10, 0);
	answer(lab, "小麦", "", "9%");
	assert_int_equal(found(lab, "苹果"), 0);
	assert_int_equal(found(lab, "xm"), 1);
	assert_int_equal(desk_taxcode_count(lab->s, &total, &from_tax, &lab->e), ERR_OK);
	assert_true(total == 2 && from_tax == 2);
	assert_int_equal(desk_taxcode_get(lab->s, "1010115010100000000", &c, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "taxcode.unknown");
}

static enum err add_text(void *arg, const struct taxcode_change *c)
{
	char *text = taxcode_change_text(c);

	buf_addf(arg, "%s %s %s|", taxcode_kind_label(c->kind), c->now.name, text);
	free(text);
	return ERR_OK;
}

static void tells_what_changed(void **state)
{
	struct lab *lab = *state;
	struct taxcode_news news;
	int64_t next, total;
	struct buf b;

	lab_stock(lab, 10, 0);
	news = answer(lab, "小麦", "", "9%");
	assert_true(news.first && news.added == 2);
	news = answer(lab, "冬小麦", "2026-01-01", "13%、9%");
	assert_true(!news.first && news.changed == 1 && news.stopped == 1 && !news.added);
	news = answer(lab, "冬小麦", "", "");
	assert_true(news.changed == 2 && !news.stopped);
	buf_init(&b, 4096);
	assert_int_equal(
	    desk_taxcode_changes(lab->s, "", 0, 10, add_text, &b, &next, &total, &lab->e), ERR_OK);
	assert_true(total == 4 && !next);
	assert_string_equal(buf_str(&b), "变更 冬小麦 不再停用|变更 玉米 税率 13%、9% → 无|"
					 "停用 冬小麦 2026-01-01 起停用；名称 小麦 → 冬小麦|"
					 "变更 玉米 税率 9% → 13%、9%|");
	buf_free(&b);
}

static void says_it_in_a_sentence(void **state)
{
	static const struct {
		struct taxcode_synced s;
		const char *text;
	} CASES[] = {
	    {{.count = 4300, .news = {.added = 4300, .first = true}}, "取得 4300 个编码"},
	    {{.count = 0}, "编码没有变化"},
	    {{.count = 2}, "税局更新了 2 个编码，名称、税率都没有变"},
	    {{.count = 4, .news = {.added = 1, .changed = 2, .stopped = 1}},
	     "新增 1 个，变更 2 个，停用 1 个"},
	};
	char text[TAXCODE_SYNCED];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		assert_string_equal(taxcode_synced_text(&CASES[i].s, text), CASES[i].text);
}

static void reads_the_result(void **state)
{
	struct lab *lab = *state;
	struct desk_wait w = {0};
	struct taxcode_synced d;

	lab_stock(lab, 10, 0);
	assert_int_equal(desk_taxcode_sync(lab->s, &w, &lab->e), ERR_OK);
	assert_int_equal(w.job_count, 1);
	assert_int_equal(desk_taxcode_synced(lab->s, &w, &d, &lab->e), ERR_OK);
	assert_true(d.count == 0 && !d.news.first); /* not done yet */
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_job_done(lab->s->db, w.jobs[0],
					"{\"count\":7,\"added\":1,\"changed\":2,\"stopped\":3,"
					"\"first\":false}",
					&lab->e),
			 ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_taxcode_synced(lab->s, &w, &d, &lab->e), ERR_OK);
	assert_true(d.count == 7 && d.news.added == 1 && d.news.changed == 2 &&
		    d.news.stopped == 3 && !d.news.first);
	desk_wait_free(&w);
}

static void counts_stopped_goods(void **state)
{
	struct lab *lab = *state;
	int64_t n = -1, unit = lab_stock(lab, 10, 0);

	answer(lab, "小麦", "2025-11-21", "9%");
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(db_run(lab->s->db, &lab->e, NULL,
				"INSERT INTO goods (id, unit_id, name, tax_code, source,"
				" created_at, updated_at) VALUES (1, ?, '麦', ?, 'entered', 1, 1)",
				"ls", unit, WHEAT),
			 ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_taxcode_stopped_goods(lab->s, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 0); /* stopped from tomorrow on */
	assert_true(clock_start("=2025-11-21T00:00:00+08:00"));
	assert_int_equal(desk_taxcode_stopped_goods(lab->s, &n, &lab->e), ERR_OK);
	assert_int_equal(n, 1);
}

#define LAB_TEST(f) cmocka_unit_test_setup_teardown(f, lab_open, lab_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    LAB_TEST(looks_into_the_units_list), LAB_TEST(tells_what_changed),
	    LAB_TEST(says_it_in_a_sentence),     LAB_TEST(reads_the_result),
	    LAB_TEST(counts_stopped_goods),
	};

	return cmocka_run_group_tests_name("desk_taxcodes", tests, NULL, NULL);
}
