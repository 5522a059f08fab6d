/* The runner of the calendar, without a tax side: what a slot puts, once, how its run follows the
 * jobs, and what a clock that goes back finds. */
#include "store_fixture.h"
#include "sync/sync_p.h"

static void start(const char *now)
{
	assert_true(clock_start(now));
}

static int setup(void **state)
{
	struct fixture *f = malloc(sizeof(*f));

	start("2025-11-20T10:00:00+08:00");
	fixture_open(f);
	must(f, db_begin(f->db, &f->e));
	must(f, store_unit_set_state(f->db, f->direct, true, "", &f->e));
	must(f, store_unit_set_state(f->db, f->unit, true, "", &f->e));
	must(f, store_quota_move(f->db, f->unit, "2025-11", true, 500000, "q1", &f->e));
	must(f, db_commit(f->db, &f->e));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	clock_start(NULL);
	return fixture_teardown(state);
}

/* A turn of a new engine: did it put jobs? */
static bool turn(struct fixture *f)
{
	struct engine en = {.lock = -1, .db = f->db, .brings = true, .params.calendar = 1};
	bool put = false;

	must(f, calendar_turn(&en, &put, &f->e));
	assert_false(db_in_transaction(f->db));
	return put;
}

static int64_t jobs(struct fixture *f, const char *kind)
{
	int64_t n = -1;

	must(f, db_get_int(f->db, &f->e, &n, NULL, "SELECT COUNT(*) FROM job WHERE kind = ?", "s",
			   kind));
	return n;
}

static void run_of(struct fixture *f, const char *rule, const char *slot, struct calendar_run *out)
{
	bool found = false;

	must(f, store_run_find(f->db, rule, f->unit, slot, out, &found, &f->e));
	assert_true(found);
}

static void told(struct fixture *f, int64_t available)
{
	struct quota_month q = {.unit_id = f->unit,
				.month = "2025-12",
				.has_remote = true,
				.remote_total = available,
				.remote_available = available};
	int64_t difference;

	must(f, db_begin(f->db, &f->e));
	must(f, store_quota_sync(f->db, f->unit, &q, &difference, &f->e));
	must(f, db_run(f->db, &f->e, NULL, "UPDATE job SET state = 'done'", ""));
	must(f, db_commit(f->db, &f->e));
}

static void downloads_the_month_once(void **state)
{
	struct fixture *f = *state;
	struct calendar_run run;

	assert_false(turn(f)); /* November has its quota */
	start("2025-12-01T09:00:00+08:00");
	assert_true(turn(f));
	assert_int_equal(jobs(f, JOB_QUOTA_SYNC), 1);
	assert_false(turn(f)); /* waits for it */
	told(f, 100000001);
	assert_true(turn(f));
	assert_int_equal(
	    scalar(f, "SELECT COUNT(*) FROM job WHERE kind = 'quota.move' AND payload LIKE"
		      " '%\"800000.00\"%'"),
	    1); /* 80 % of 1,000,000.01, cut to the fen */
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM audit WHERE action = 'quota.download' AND"
				   " after = 'auto' AND user_id IS NULL"),
			 1);
	must(f, db_begin(f->db, &f->e));
	must(f, db_run(f->db, &f->e, NULL, "UPDATE job SET state = 'done'", ""));
	must(f, store_quota_move(f->db, f->unit, "2025-12", true, 80000000, "q2", &f->e));
	must(f, db_commit(f->db, &f->e));
	assert_false(turn(f));
	run_of(f, "quota.month", "2025-12-01", &run);
	assert_int_equal(run.state, RUN_DONE);
	run_sql(f, "UPDATE summary SET state = 'confirmed'");
	start("2025-12-25T09:00:00+08:00");
	assert_false(turn(f));
	assert_int_equal(jobs(f, JOB_QUOTA_SYNC) + jobs(f, JOB_QUOTA_MOVE), 2);
}

static void summary_is(struct fixture *f, const char *month, enum summary_state state)
{
	struct summary s;
	bool found = false;

	must(f, store_summary_find(f->db, f->unit, month, &s, &found, &f->e));
	assert_true(found);
	assert_int_equal(s.state, state);
}

/* Features J6, J10, J11, N60: the row of the 1st, the 12th, the 13th. */
static void confirms_the_month_before(void **state)
{
	struct fixture *f = *state;

	start("2025-12-01T00:00:00+08:00");
	turn(f);
	turn(f);
	summary_is(f, "2025-11", SUMMARY_OPEN);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM summary"), 1);
	start("2025-12-12T08:59:59+08:00");
	turn(f);
	assert_int_equal(jobs(f, JOB_SUMMARY_CONFIRM), 0);
	run_sql(f, "INSERT INTO setting SELECT 'summary', tax_no || '@' || env || '.on', '0', 0"
		   " FROM unit WHERE role = 'using'");
	start("2025-12-12T09:00:00+08:00");
	turn(f);
	assert_int_equal(jobs(f, JOB_SUMMARY_CONFIRM), 0); /* switched off */
	run_sql(f, "DELETE FROM setting WHERE type = 'summary'");
	turn(f);
	turn(f);
	assert_int_equal(jobs(f, JOB_SUMMARY_CONFIRM), 1);
	summary_is(f, "2025-11", SUMMARY_CONFIRMING);
	run_sql(f, "UPDATE job SET state = 'cancelled'");
	run_sql(f, "UPDATE summary SET state = 'open'");
	start("2025-12-12T23:59:59+08:00");
	turn(f);
	assert_int_equal(jobs(f, JOB_SUMMARY_LOOK), 0);
	start("2025-12-13T00:00:00+08:00");
	turn(f);
	turn(f);
	assert_int_equal(jobs(f, JOB_SUMMARY_LOOK), 1);
	assert_int_equal(jobs(f, JOB_SUMMARY_CONFIRM), 1);
}

static void a_refusal_rests_and_lapses(void **state)
{
	struct fixture *f = *state;
	struct calendar_run run;
	int hours;

	start("2025-12-02T09:00:00+08:00");
	assert_true(turn(f));
	run_sql(f, "UPDATE job SET state = 'failed', error_text = '暂停', error_hint = '找税局'");
	assert_false(turn(f));
	run_of(f, "quota.month", "2025-12-01", &run);
	assert_int_equal(run.state, RUN_OPEN);
	assert_int_equal(run.attempts, 1);
	assert_string_equal(run.reason, "暂停");
	assert_string_equal(run.hint, "找税局");
	assert_int_equal(run.next_at, clock_now() + 3600);
	clock_shift(3500);
	assert_false(turn(f));
	clock_shift(200);
	assert_true(turn(f));
	assert_int_equal(jobs(f, JOB_QUOTA_SYNC), 2);
	for (hours = 0; hours < 30 * 24; hours += 6) {
		run_sql(f, "UPDATE job SET state = 'failed'");
		turn(f);
		clock_shift(6 * 3600);
	}
	run_of(f, "quota.month", "2025-12-01", &run);
	assert_int_equal(run.state, RUN_FAILED); /* the month is over */
	assert_true(run.attempts > 25 && run.attempts < 40);
}

static void a_clock_set_back_begins_nothing(void **state)
{
	struct fixture *f = *state;

	start("2025-12-02T09:00:00+08:00");
	assert_true(turn(f));
	run_sql(f, "UPDATE quota_entry SET month = '2025-10'");
	start("2025-11-20T09:00:00+08:00"); /* November was never begun, and is not now */
	assert_false(turn(f));
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM calendar_run WHERE slot LIKE '2025-11%'"
				   " AND rule = 'quota.month'"),
			 0);
	run_sql(f, "UPDATE calendar_run SET slot_at = slot_at + 86400 * 400, slot = 'ahead'");
	run_sql(f, "DELETE FROM job");
	run_sql(f, "UPDATE calendar_run SET job_id = NULL");
	turn(f); /* that clock was wrong: it does not stop the calendar for a year */
	assert_true(scalar(f, "SELECT COUNT(*) FROM calendar_run WHERE slot LIKE '2025-11%'") > 0);
}

static void only_who_may(void **state)
{
	struct fixture *f = *state;
	struct engine en = {.lock = -1, .db = f->db, .params.calendar = 1};
	bool put = true;

	start("2025-12-02T09:00:00+08:00");
	must(f, calendar_turn(&en, &put, &f->e)); /* a verb that waits for something else */
	assert_false(put);
	en.brings = true;
	en.params.calendar = 0;
	must(f, calendar_turn(&en, &put, &f->e));
	assert_false(put);
	run_sql(f, "UPDATE unit SET state = 'unverified'");
	assert_false(turn(f));
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM job"), 0);
}

static void what_is_off_is_looked_at_again(void **state)
{
	struct fixture *f = *state;
	struct calendar_run run;

	run_sql(f,
		"INSERT INTO setting VALUES ('quota', '91440300USING00001@practice.on', '0', 0)");
	start("2025-12-02T09:00:00+08:00");
	assert_false(turn(f));
	run_of(f, "quota.month", "2025-12-01", &run);
	assert_int_equal(run.state, RUN_IDLE);
	assert_string_equal(run.reason, "月初自动下载已关闭");
	run_sql(f, "DELETE FROM setting WHERE type = 'quota'");
	assert_true(turn(f));
	run_of(f, "quota.month", "2025-12-01", &run);
	assert_int_equal(run.state, RUN_OPEN);
	run_sql(f, "UPDATE job SET state = 'cancelled'");
	assert_false(turn(f));
	run_of(f, "quota.month", "2025-12-01", &run);
	assert_int_equal(run.state, RUN_FAILED);
	assert_false(turn(f));
}

static void on_demand_takes_a_share_of_the_cap(void **state)
{
	struct fixture *f = *state;

	start("2025-12-01T09:00:00+08:00");
	assert_true(turn(f));
	told(f, QUOTA_ON_DEMAND);
	assert_true(turn(f));
	assert_int_equal(
	    scalar(f, "SELECT COUNT(*) FROM job WHERE kind = 'quota.move' AND payload LIKE"
		      " '%\"800000.00\"%'"),
	    1);
	run_sql(f, "DELETE FROM job WHERE kind = 'quota.move'");
	run_sql(f, "DELETE FROM calendar_run");
	run_sql(f, "INSERT INTO setting VALUES ('quota',"
		   " '91440300USING00001@practice.cap', '50000.00', 0)");
	assert_true(turn(f));
	assert_int_equal(
	    scalar(f, "SELECT COUNT(*) FROM job WHERE kind = 'quota.move' AND payload LIKE"
		      " '%\"40000.00\"%'"),
	    1);
}

static void first_numbers_and_large_claims(void **state)
{
	struct fixture *f = *state;
	struct engine en = {.lock = -1, .db = f->db};

	must(f, keep_stock(&en, &f->e)); /* beside a verb: not the first ones */
	assert_int_equal(jobs(f, JOB_CLAIM), 0);
	en.brings = true;
	must(f, keep_stock(&en, &f->e)); /* features G15: nor while nobody has asked for any */
	assert_int_equal(jobs(f, JOB_CLAIM), 0);
	run_sql(f, "INSERT INTO setting VALUES ('numbers',"
		   " '91440300USING00001@practice.on', '1', 0)");
	must(f, keep_stock(&en, &f->e));
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM job WHERE payload = '{\"count\":\"1\"}'"),
			 1);
	must(f, keep_stock(&en, &f->e));
	assert_int_equal(jobs(f, JOB_CLAIM), 1);
	run_sql(f, "DELETE FROM job");
	run_sql(f, "INSERT INTO setting VALUES ('numbers',"
		   " '91440300USING00001@practice.claim', '12345', 0)");
	must(f, keep_stock(&en, &f->e));
	assert_int_equal(jobs(f, JOB_CLAIM), 3);
	assert_int_equal(scalar(f, "SELECT COUNT(DISTINCT request_key) FROM job"), 3);
	assert_int_equal(
	    scalar(f, "SELECT COUNT(*) FROM job WHERE payload = '{\"count\":\"2345\"}'"), 1);
	assert_int_equal(
	    scalar(f,
		   "SELECT COUNT(*) FROM audit WHERE action = 'numbers.claim' AND after = 'auto'"),
	    2);
	run_sql(f, "DELETE FROM job");
	run_sql(f, "INSERT INTO setting VALUES ('engine', 'calendar', '0', 0)");
	must(f, keep_stock(&en, &f->e));
	assert_int_equal(jobs(f, JOB_CLAIM), 0);
}

/* Features G15, J10: also the units beyond the first hundreds. */
static void many_units(void **state)
{
	enum { MANY = 300 };
	struct fixture *f = *state;
	struct engine en = {.lock = -1, .db = f->db, .brings = true};

	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < MANY; i++) {
		char tax_no[32];

		snprintf(tax_no, sizeof(tax_no), "91440300MANY%05dX", i);
		fixture_using(f, ENV_PRACTICE, tax_no, f->direct);
	}
	must(f, db_run(f->db, &f->e, NULL, "UPDATE unit SET state = 'verified'", ""));
	must(f, db_run(f->db, &f->e, NULL,
		       "INSERT INTO setting SELECT 'numbers', tax_no || '@practice.on', '1', 0"
		       " FROM unit WHERE role = 'using'",
		       ""));
	must(f, db_commit(f->db, &f->e));
	must(f, keep_stock(&en, &f->e));
	assert_int_equal(scalar(f, "SELECT COUNT(DISTINCT unit_id) FROM job WHERE kind ="
				   " 'numbers.claim'"),
			 MANY + 1);
	turn(f);
	assert_int_equal(scalar(f, "SELECT COUNT(DISTINCT unit_id) FROM calendar_run"), MANY + 1);
	/* Each has a job; the runs learn how all of them ended. */
	run_sql(f, "UPDATE calendar_run SET state = 'open', until_at = until_at + 1000000,"
		   " job_id = (SELECT id FROM job WHERE unit_id = calendar_run.unit_id)");
	assert_true(scalar(f, "SELECT COUNT(*) FROM calendar_run") > 500);
	run_sql(f, "UPDATE job SET state = 'cancelled'");
	turn(f);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM calendar_run c JOIN job j ON j.id ="
				   " c.job_id WHERE j.state = 'cancelled'"),
			 0);
}

/* Rows with a job do not keep those without from being mended. */
static void many_months(void **state)
{
	struct fixture *f = *state;
	struct engine en = {.lock = -1, .db = f->db};

	run_sql(f, "DELETE FROM summary");
	run_sql(f, "DELETE FROM job");
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i <= SUMMARY_MANY; i++) {
		struct summary s = {.unit_id = f->unit};
		bool added;
		int64_t job;

		summary_month_add("2010-01", i, s.month);
		must(f, store_summary_add(f->db, &s, &added, &f->e));
		must(f, store_summary_begin(f->db, &s, false, false, 0, &job, &f->e));
		if (i == SUMMARY_MANY)
			must(f,
			     db_run(f->db, &f->e, NULL, "DELETE FROM job WHERE id = ?", "l", job));
	}
	must(f, db_commit(f->db, &f->e));
	must(f, keep_summary(&en, &f->e));
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM summary WHERE state = 'open'"), 1);
}

/* A queue that never empties does not hold it back. */
static void late_beside_a_full_queue(void **state)
{
	struct engine en = {.lock = -1, .opened_ms = clock_mono_ms()};

	(void)state;
	assert_false(calendar_waited(&en));
	en.opened_ms -= 31000;
	assert_true(calendar_waited(&en));
	en.calendar_ms = clock_mono_ms();
	assert_false(calendar_waited(&en));
	en.calendar_ms -= 31000;
	assert_true(calendar_waited(&en));
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(downloads_the_month_once),
	    T(confirms_the_month_before),
	    T(a_refusal_rests_and_lapses),
	    T(a_clock_set_back_begins_nothing),
	    T(only_who_may),
	    T(what_is_off_is_looked_at_again),
	    T(on_demand_takes_a_share_of_the_cap),
	    T(first_numbers_and_large_claims),
	    T(many_units),
	    T(many_months),
	    T(late_beside_a_full_queue),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
