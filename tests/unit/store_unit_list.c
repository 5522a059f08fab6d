/* Conditions and order of the list of units (features A3, C3); what hangs on one (C16, C26). */
#include "store_fixture.h"

static int64_t put(struct fixture *f, bool direct, int64_t above, const char *tax_no,
		   const char *name, const char *project, const char *region, const char *proxy)
{
	struct unit u = {.direct = direct, .direct_id = above, .env = ENV_PRACTICE};

	u.tax_no = mem_strdup(tax_no);
	u.name = mem_strdup(name);
	u.leqi_id = mem_strdup("5d2cff003e35abac053a");
	u.project = mem_strdup(project);
	u.filing_region = mem_strdup(region);
	if (direct)
		u.proxy = mem_strdup(proxy);
	must(f, db_begin(f->db, &f->e));
	must(f, store_unit_put(f->db, &u, &f->e));
	must(f, db_commit(f->db, &f->e));
	above = u.id;
	unit_free(&u);
	return above;
}

struct seen {
	char numbers[400];
	int count;
};

static void freeze(struct fixture *f, int64_t at, const char *why)
{
	must(f, db_begin(f->db, &f->e));
	must(f, store_unit_freeze(f->db, f->unit, at, why, &f->e));
	must(f, db_commit(f->db, &f->e));
}

static void store(struct fixture *f, struct unit *u)
{
	must(f, db_begin(f->db, &f->e));
	must(f, store_unit_put(f->db, u, &f->e));
	must(f, db_commit(f->db, &f->e));
}

static enum err see(void *arg, const struct unit *u)
{
	struct seen *s = arg;

	s->count++;
	snprintf(s->numbers + strlen(s->numbers), sizeof(s->numbers) - strlen(s->numbers), "%s ",
		 u->tax_no);
	return ERR_OK;
}

static struct seen list(struct fixture *f, struct unit_query q)
{
	struct seen s = {.count = 0};

	must(f, store_unit_query(f->db, &q, see, &s, &f->e));
	return s;
}

static void test_conditions(void **unused)
{
	struct fixture *f = *unused;
	int base = list(f, (struct unit_query) {0}).count;
	int64_t a =
	    put(f, true, 0, "91440000MAKP0D001A", "华南集团", "Ａ项目", "深圳", "10.1.2.3:8443");
	int64_t b = put(f, true, 0, "91310000MAKP0D002B", "华东集团", "b项目", "上海", "");

	put(f, false, b, "91310000MAKP0U001C", "华东贸易", "b项目", "上海浦东", "");
	put(f, false, a, "91440000MAKP0U002D", "华南贸易", "", "深圳", "");
	const struct {
		struct unit_query q;
		int count;
	} CASES[] = {
	    {{.name = "华南"}, 2},
	    {{.name = "华南", .role = "direct"}, 1},
	    {{.tax_no = "makp0u"}, 2},
	    {{.project = "a项目"}, 1},
	    {{.project = "B"}, 2},
	    {{.filing_region = "浦东"}, 1},
	    {{.proxy = "10.1.2"}, 1},
	    {{.name = "华",
	      .tax_no = "MAKP0D",
	      .project = "项目",
	      .filing_region = "深",
	      .proxy = "8443"},
	     1},
	    {{.name = "华", .proxy = "9"}, 0},
	    {{.name = "华", .state = "unverified"}, 4},
	    {{.name = "华", .state = "verified"}, 0},
	    {{.name = "%"}, 0},
	    {{.name = ""}, base + 4},
	};
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		assert_int_equal(list(f, CASES[i].q).count, CASES[i].count);
	/* Each direct unit, then what is below it. */
	assert_string_equal(list(f, (struct unit_query) {.name = "华", .tree = true}).numbers,
			    "91440000MAKP0D001A 91440000MAKP0U002D 91310000MAKP0D002B "
			    "91310000MAKP0U001C ");
	assert_string_equal(list(f, (struct unit_query) {.name = "华"}).numbers,
			    "91440000MAKP0D001A 91310000MAKP0D002B 91310000MAKP0U001C "
			    "91440000MAKP0U002D ");
}

static void test_frozen(void **unused)
{
	struct fixture *f = *unused;
	struct unit u;

	freeze(f, 1700000000, "到期");
	must(f, store_unit_get(f->db, f->unit, &u, &f->e));
	assert_int_equal(u.frozen_at, 1700000000);
	assert_string_equal(u.frozen_why, "到期");
	/* Whatever else is written, it stays. */
	store(f, &u);
	unit_free(&u);
	assert_int_equal(list(f, (struct unit_query) {.state = "frozen"}).count, 1);
	freeze(f, 0, "x");
	must(f, store_unit_get(f->db, f->unit, &u, &f->e));
	assert_true(!u.frozen_at && !*u.frozen_why);
	unit_free(&u);
}

static void test_columns(void **unused)
{
	struct fixture *f = *unused;
	struct unit u, v, copy;
	char **const slots[] = {&u.project,   &u.filing_region, &u.proxy,
				&u.tls_name,  &u.issue_channel, &u.collect_channel,
				&u.abilities, &u.handler,       &u.safety_until};
	char text[40];

	must(f, store_unit_get(f->db, f->unit, &u, &f->e));
	assert_string_equal(u.issue_channel, "leqi");
	assert_string_equal(u.collect_channel, "leqi");
	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		snprintf(text, sizeof(text), "值%zu", i);
		mem_set(slots[i], text);
	}
	u.granted_at = 1751040000;
	store(f, &u);
	must(f, store_unit_get(f->db, f->unit, &v, &f->e));
	unit_copy(&v, &copy);
	assert_string_equal(copy.project, "值0");
	assert_string_equal(copy.filing_region, "值1");
	assert_string_equal(copy.proxy, "值2");
	assert_string_equal(copy.tls_name, "值3");
	assert_string_equal(copy.issue_channel, "值4");
	assert_string_equal(copy.collect_channel, "值5");
	assert_string_equal(copy.abilities, "值6");
	assert_string_equal(copy.handler, "值7");
	assert_string_equal(copy.safety_until, "值8");
	assert_int_equal(copy.granted_at, 1751040000);
	assert_string_equal(copy.name, v.name);
	unit_free(&copy);
	unit_free(&v);
	unit_free(&u);
}

static void test_hangs(void **unused)
{
	struct fixture *f = *unused;
	char month[MONTH_TEXT];

	must(f, store_unit_unused(f->db, f->unit, &f->e));
	must(f, db_begin(f->db, &f->e));
	must(f, store_quota_move(f->db, f->unit, month_text(clock_now(), month), true, 12345, "s1",
				 &f->e));
	must(f, db_commit(f->db, &f->e));
	must_fail(f, ERR_INVALID, "unit.quota", store_unit_unused(f->db, f->unit, &f->e));
	assert_non_null(strstr(f->e.why, "先退回额度"));
	assert_non_null(strstr(f->e.why, "123.45"));
	must(f, db_begin(f->db, &f->e));
	must(f, store_quota_move(f->db, f->unit, month, false, 12345, "s2", &f->e));
	must(f, db_commit(f->db, &f->e));
	must_fail(f, ERR_INVALID, "unit.used", store_unit_unused(f->db, f->unit, &f->e));
	must(f, store_unit_at_rest(f->db, f->unit, &f->e));
	must_fail(f, ERR_INVALID, "unit.used", store_unit_at_rest(f->db, f->direct, &f->e));
	must(f, db_begin(f->db, &f->e));
	must(f, store_unit_drop_records(f->db, f->unit, &f->e));
	must(f, store_unit_remove(f->db, f->unit, &f->e));
	must(f, db_commit(f->db, &f->e));
	assert_int_equal(list(f, (struct unit_query) {.role = "using"}).count, 0);
}

/* A claim that was sent and not answered, as a call that moves quota or confirms a month. */
static void test_unanswered(void **unused)
{
	static const char *const KINDS[] = {JOB_CLAIM, JOB_QUOTA_MOVE, JOB_QUOTA_ADJUST,
					    JOB_SUMMARY_CONFIRM, JOB_SUMMARY_CANCEL};
	struct fixture *f = *unused;
	struct err_info why = {.class = ERR_BUSY, .code = "leqi.lost"};
	struct unit u;
	int64_t id;

	must(f, db_begin(f->db, &f->e));
	for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		struct job j = {.unit_id = f->unit};

		snprintf(j.kind, sizeof(j.kind), "%s", KINDS[i]);
		must(f, store_job_add(f->db, &j, &f->e));
		must(f, store_unit_at_rest(f->db, f->unit, &f->e)); /* it was not sent */
		must(f, store_job_running(f->db, j.id, &f->e));
		must(f, store_job_again(f->db, j.id, 0, NULL, &why, &f->e));
		must_fail(f, ERR_INVALID, "unit.used", store_unit_at_rest(f->db, f->unit, &f->e));
		must_fail(f, ERR_INVALID, "unit.used", store_unit_remove(f->db, f->unit, &f->e));
		must(f, store_job_cancel(f->db, j.id, &f->e));
		must(f, store_unit_unused(f->db, f->unit, &f->e));
	}
	must(f, store_unit_get(f->db, f->unit, &u, &f->e));
	must(f, store_claim_add(f->db, &u, 100, 0, &id, NULL, NULL, &f->e));
	must(f, store_job_open(f->db, JOB_CLAIM, u.id, 0, &id, &f->e));
	must(f, store_job_running(f->db, id, &f->e));
	must(f, store_job_again(f->db, id, 0, NULL, &why, &f->e));
	must(f, store_job_cancel(f->db, id, &f->e));
	/* Given up, its serial is all that is known of the numbers. */
	must_fail(f, ERR_INVALID, "unit.used", store_unit_unused(f->db, f->unit, &f->e));
	must(f, store_unit_drop_records(f->db, f->unit, &f->e));
	must(f, store_unit_remove(f->db, f->unit, &f->e));
	must(f, db_commit(f->db, &f->e));
	unit_free(&u);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_conditions), T(test_frozen), T(test_columns), T(test_hangs), T(test_unanswered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
