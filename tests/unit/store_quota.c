/* Quota: refusals with their figures, the ledger (invariant I2), the race for the last yuan. */
#include "unit/store_fixture.h"

#define MONTH "2025-11"
#define TODAY "2025-11-20 10:00:00"

static void get(struct fixture *f, struct quota_month *m)
{
	must(f, store_quota_get(f->db, f->unit, MONTH, m, &f->e));
}

/* A numbered invoice of an amount that reserves it; false when refused. */
static bool reserve(struct fixture *f, int64_t amount, int64_t *id, const char *at)
{
	struct invoice_record r;
	fixture_invoice(f, &r, "买方");
	r.state = INVOICE_NUMBERED;
	r.quota_amount = amount;
	text_copy(r.quota_month, sizeof(r.quota_month), MONTH);
	must(f, db_next_id(f->db, "invoice", &r.id, &f->e));
	*id = r.id;
	enum err err = store_quota_reserve(f->db, f->unit, MONTH, at, r.id, amount, &f->e);
	if (!err)
		must(f, store_invoice_insert(f->db, &r, &f->e));
	invoice_record_free(&r);
	return !err;
}

static void test_refusals(void **state)
{
	struct fixture *f = *state;
	struct quota_month m;
	int64_t id;
	must(f, db_begin(f->db, &f->e));
	must_fail(f, ERR_INVALID, "quota.none",
		  store_quota_reserve(f->db, f->unit, MONTH, TODAY, 1, 10000, &f->e));
	must(f, store_quota_reserve(f->db, f->unit, MONTH, TODAY, 1, 0, &f->e));
	must(f, store_quota_move(f->db, f->unit, MONTH, true, 9999, "d1", &f->e));
	must_fail(f, ERR_INVALID, "quota.short",
		  store_quota_reserve(f->db, f->unit, MONTH, TODAY, 1, 10000, &f->e));
	assert_string_equal(f->e.why, "可用额度 99.99 元，本张需要 100.00 元");
	assert_non_null(strstr(f->e.hint, "kaipiao quota download 0.01"));
	must_fail(f, ERR_INVALID, "quota.month",
		  store_quota_reserve(f->db, f->unit, MONTH, "2025-12-01 00:00:00", 1, 1, &f->e));
	must(f, store_quota_set_interval(f->db, f->unit, MONTH, "2025-11-05", "2025-11-20", &f->e));
	must_fail(f, ERR_INVALID, "quota.interval",
		  store_quota_reserve(f->db, f->unit, MONTH, "2025-11-04 23:59:59", 1, 1, &f->e));
	must_fail(f, ERR_INVALID, "quota.interval",
		  store_quota_reserve(f->db, f->unit, MONTH, "2025-11-21 00:00:00", 1, 1, &f->e));
	assert_non_null(strstr(f->e.why, "2025-11-20"));
	assert_true(reserve(f, 1, &id, "2025-11-05 00:00:00"));
	assert_true(reserve(f, 1, &id, "2025-11-20 23:59:59"));
	must_fail(f, ERR_INTERNAL, "quota.twice",
		  store_quota_reserve(f->db, f->unit, MONTH, TODAY, id, 1, &f->e));
	/* 暂停赋额: what is downloaded may still be used. */
	struct quota_month remote = {
	    .month = MONTH, .paused = true, .has_remote = true, .remote_unused = 9999};
	int64_t difference = -1;
	must(f, store_quota_sync(f->db, f->unit, &remote, &difference, &f->e));
	assert_int_equal(difference, 0);
	get(f, &m);
	assert_true(m.paused && m.has_remote);
	assert_string_equal(m.end, "2025-11-20");
	assert_true(reserve(f, 9997, &id, TODAY));
	assert_false(reserve(f, 1, &id, TODAY));
	/* The next month has its own. */
	must_fail(
	    f, ERR_INVALID, "quota.none",
	    store_quota_reserve(f->db, f->unit, "2025-12", "2025-12-01 00:00:00", 99, 1, &f->e));
	must(f, store_quota_audit(f->db, f->unit, &f->e));
	must(f, db_commit(f->db, &f->e));
}

static void test_settling_is_idempotent(void **state)
{
	struct fixture *f = *state;
	struct quota_month m;
	int64_t id, other;
	must(f, db_begin(f->db, &f->e));
	must(f, store_quota_move(f->db, f->unit, MONTH, true, 100000, "d1", &f->e));
	must(f, store_quota_move(f->db, f->unit, MONTH, true, 100000, "d1", &f->e));
	must_fail(f, ERR_INTERNAL, "quota.serial",
		  store_quota_move(f->db, f->unit, MONTH, true, 100001, "d1", &f->e));
	assert_true(reserve(f, 30000, &id, TODAY));
	assert_true(reserve(f, 20000, &other, TODAY));
	for (int i = 0; i < 2; i++)
		must(f, store_quota_release(f->db, id, &f->e));
	get(f, &m);
	assert_int_equal(m.unused, 100000);
	assert_int_equal(m.reserved, 20000);
	must(f, store_quota_use(f->db, id, &f->e)); /* nothing is reserved: nothing is used */
	must(f, store_quota_reserve(f->db, f->unit, MONTH, TODAY, id, 40000, &f->e));
	for (int i = 0; i < 2; i++)
		must(f, store_quota_use(f->db, id, &f->e));
	must(f, store_quota_release(f->db, id, &f->e));
	get(f, &m);
	assert_int_equal(m.unused, 60000);
	assert_int_equal(m.reserved, 20000);
	must(f, store_quota_move(f->db, f->unit, MONTH, false, 10000, "r1", &f->e));
	get(f, &m);
	assert_int_equal(m.unused, 50000);
	must_fail(f, ERR_INTERNAL, "quota.amount",
		  store_quota_move(f->db, f->unit, MONTH, true, 0, "z", &f->e));
	must(f, db_commit(f->db, &f->e));
}

static enum err see_entry(void *arg, const struct quota_entry *q)
{
	struct quota_entry *last = arg;
	*last = *q;
	return ERR_OK;
}

static void test_sync(void **state)
{
	struct fixture *f = *state;
	struct quota_month m, remote = {.month = MONTH, .start = "2025-11-01", .end = "2025-11-15"};
	struct quota_entry entry = {0};
	int64_t difference = -1, id;
	remote.remote_total = remote.remote_available = QUOTA_ON_DEMAND;
	remote.remote_unused = 50000;
	must(f, db_begin(f->db, &f->e));
	must(f, store_quota_sync(f->db, f->unit, &remote, &difference, &f->e));
	assert_int_equal(difference, 50000);
	must(f, store_quota_entries(f->db, f->unit, MONTH, 0, 1, see_entry, &entry, &f->e));
	assert_string_equal(entry.kind, "adopt");
	assert_non_null(strstr(entry.note, "500.00"));
	must(f, store_quota_sync(f->db, f->unit, &remote, &difference, &f->e));
	assert_int_equal(difference, 0);
	get(f, &m);
	assert_true(m.remote_total == QUOTA_ON_DEMAND);
	assert_string_equal(m.start, "2025-11-01");
	/* While an invoice is on its way the figures may differ. */
	assert_true(reserve(f, 10000, &id, "2025-11-10 00:00:00"));
	must(f, store_invoice_set_state(f->db, id, INVOICE_SENDING, "", &f->e));
	remote.remote_unused = 40000;
	must(f, store_quota_sync(f->db, f->unit, &remote, &difference, &f->e));
	assert_int_equal(difference, 0);
	get(f, &m);
	assert_int_equal(m.unused, 50000);
	assert_int_equal(m.remote_unused, 40000);
	must(f, store_invoice_set_state(f->db, id, INVOICE_ACCEPTED, "", &f->e));
	must(f, store_invoice_set_state(f->db, id, INVOICE_ISSUED, "", &f->e));
	must(f, store_quota_use(f->db, id, &f->e));
	must(f, store_quota_sync(f->db, f->unit, &remote, &difference, &f->e));
	assert_int_equal(difference, 0);
	/* One that waits for a person does not hold the figures up. */
	assert_true(reserve(f, 10000, &id, "2025-11-10 00:00:00"));
	must(f, store_invoice_set_state(f->db, id, INVOICE_SENDING, "", &f->e));
	must(f, store_invoice_set_state(f->db, id, INVOICE_UNKNOWN, "", &f->e));
	remote.remote_unused = 30000;
	must(f, store_quota_sync(f->db, f->unit, &remote, &difference, &f->e));
	assert_int_equal(difference, 0);
	must(f, store_invoice_set_person(f->db, id, 0, true, &f->e));
	must(f, store_quota_sync(f->db, f->unit, &remote, &difference, &f->e));
	assert_int_equal(difference, 0); /* it explains the figures: see test_waiting */
	must(f, store_invoice_set_state(f->db, id, INVOICE_VOID, "", &f->e));
	must(f, store_quota_release(f->db, id, &f->e));
	remote.remote_unused = 40000;
	must(f, store_quota_sync(f->db, f->unit, &remote, &difference, &f->e));
	assert_int_equal(difference, 0);
	/* Nor while a download has been tried whose answer is not known. */
	struct job j = {.kind = JOB_QUOTA_MOVE, .unit_id = f->unit};
	remote.remote_unused = 90000;
	must(f, store_job_add(f->db, &j, &f->e));
	must(f, store_job_running(f->db, j.id, &f->e));
	must(f, store_quota_sync(f->db, f->unit, &remote, &difference, &f->e));
	assert_int_equal(difference, 0);
	must(f, store_job_done(f->db, j.id, "", &f->e));
	/* On demand figures fit, and more than 18 digits do not. */
	remote.remote_unused = QUOTA_ON_DEMAND;
	must(f, store_quota_sync(f->db, f->unit, &remote, &difference, &f->e));
	assert_true(difference == QUOTA_ON_DEMAND - 40000);
	must_fail(f, ERR_INVALID, "quota.overflow",
		  store_quota_move(f->db, f->unit, MONTH, true, QUOTA_ON_DEMAND, "big", &f->e));
	must(f, store_quota_audit(f->db, f->unit, &f->e));
	must(f, db_commit(f->db, &f->e));
}

/* An invoice whose result waits for a person. */
static int64_t waiting(struct fixture *f, int64_t amount)
{
	int64_t id;

	assert_true(reserve(f, amount, &id, "2025-11-10 00:00:00"));
	must(f, store_invoice_set_state(f->db, id, INVOICE_SENDING, "", &f->e));
	must(f, store_invoice_set_state(f->db, id, INVOICE_UNKNOWN, "", &f->e));
	must(f, store_invoice_set_person(f->db, id, 0, true, &f->e));
	return id;
}

static int64_t figures(struct fixture *f, int64_t remote_unused)
{
	struct quota_month remote = {
	    .month = MONTH, .has_remote = true, .remote_unused = remote_unused};
	int64_t difference = -1;

	must(f, store_quota_sync(f->db, f->unit, &remote, &difference, &f->e));
	return difference;
}

static void settle(struct fixture *f, int64_t id, bool issued)
{
	must(f,
	     store_invoice_set_state(f->db, id, issued ? INVOICE_ISSUED : INVOICE_VOID, "", &f->e));
	must(f, issued ? store_quota_use(f->db, id, &f->e) : store_quota_release(f->db, id, &f->e));
}

static bool recheck(struct fixture *f)
{
	bool out;

	must(f, store_quota_recheck(f->db, f->unit, MONTH, &out, &f->e));
	return out;
}

/* What is adopted and settled afterwards would count twice. */
static void test_waiting(void **state)
{
	struct fixture *f = *state;
	struct quota_month m;
	int64_t a, b;

	must(f, db_begin(f->db, &f->e));
	must(f, store_quota_move(f->db, f->unit, MONTH, true, 100000, "d1", &f->e));
	for (int issued = 0; issued < 2; issued++) {
		get(f, &m);
		int64_t before = m.unused;
		/* Whether the figures have one, both or none: nothing is adopted, and what is
		 * usable is never more than the tax side has. */
		a = waiting(f, 10000);
		b = waiting(f, 3000);
		const int64_t counted[] = {0, 3000, 10000, 13000};
		for (size_t i = 0; i < 4; i++) {
			assert_int_equal(figures(f, before - counted[i]), 0);
			get(f, &m);
			assert_int_equal(m.unsure, 13000);
			assert_true(m.unused - m.reserved <= m.remote_unused);
			assert_int_equal(m.unused - m.reserved, before - 13000);
		}
		assert_false(recheck(f)); /* they wait still */
		settle(f, a, issued);
		assert_false(recheck(f));
		settle(f, b, issued);
		assert_true(recheck(f));
		assert_int_equal(figures(f, before - (issued ? 13000 : 0)), 0);
		get(f, &m);
		assert_int_equal(m.unsure, 0);
		assert_int_equal(m.unused, before - (issued ? 13000 : 0));
		assert_false(recheck(f));
	}
	/* More than they explain is adopted whole: too little at worst, until the next figures. */
	get(f, &m);
	int64_t before = m.unused;
	a = waiting(f, 10000);
	assert_int_equal(figures(f, before - 10001), -10001);
	get(f, &m);
	assert_true(m.unused - m.reserved <= m.remote_unused);
	settle(f, a, true);
	assert_true(recheck(f));
	assert_int_equal(figures(f, before - 10001), 10000);
	/* And a raise. */
	a = waiting(f, 500);
	assert_int_equal(figures(f, before), 10001);
	get(f, &m);
	assert_int_equal(m.unused - m.reserved, before - 500);
	settle(f, a, true);
	must(f, store_quota_audit(f->db, f->unit, &f->e));
	must(f, db_commit(f->db, &f->e));
}

/* ---- ledger ---------------------------------------------------------------------------------- */

static void test_random_ledger(void **state)
{
	struct fixture *f = *state;
	struct quota_month m;
	int64_t ids[400], amounts[400], unused = 0, reserved = 0;
	bool open[400];
	size_t n = 0;
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 1200; i++) {
		char serial[32];
		snprintf(serial, sizeof(serial), "s-%d", i);
		uint32_t what = pick(10);
		size_t k = n ? pick((uint32_t)n) : 0;
		if (what == 0) {
			int64_t amount = 1 + (int64_t)pick(1000000);
			must(f,
			     store_quota_move(f->db, f->unit, MONTH, true, amount, serial, &f->e));
			unused += amount;
		} else if (what < 6 && n < 400) {
			amounts[n] = (int64_t)pick(200000) + 1;
			open[n] = reserve(f, amounts[n], &ids[n], TODAY);
			assert_int_equal(open[n], unused - reserved >= amounts[n]);
			reserved += open[n] ? amounts[n] : 0;
			n++;
		} else if (n > 0) {
			bool use = what < 8;
			if (open[k]) {
				must(f, store_invoice_set_state(f->db, ids[k], INVOICE_SENDING, "",
								&f->e));
				must(f, store_invoice_set_state(f->db, ids[k], INVOICE_ACCEPTED, "",
								&f->e));
				must(f, store_invoice_set_state(
					    f->db, ids[k], use ? INVOICE_ISSUED : INVOICE_FAILED,
					    "", &f->e));
			}
			must(f, use ? store_quota_use(f->db, ids[k], &f->e)
				    : store_quota_release(f->db, ids[k], &f->e));
			unused -= open[k] && use ? amounts[k] : 0;
			reserved -= open[k] ? amounts[k] : 0;
			open[k] = false;
		}
		get(f, &m);
		assert_int_equal(m.unused, unused);
		assert_int_equal(m.reserved, reserved);
		assert_true(reserved >= 0 && reserved <= unused);
		if (i % 100 == 0)
			must(f, store_quota_audit(f->db, f->unit, &f->e));
	}
	must(f, store_quota_audit(f->db, f->unit, &f->e));
	must(f, db_commit(f->db, &f->e));
	static const char *const harms[] = {
	    "UPDATE quota_month SET unused = unused + 1",
	    "UPDATE quota_month SET reserved = reserved + 1",
	    "DELETE FROM quota_entry WHERE id = 1",
	    "UPDATE quota_entry SET unused_delta = unused_delta - 1 WHERE id = 1",
	    "UPDATE quota_entry SET month = '2025-10' WHERE id = 1",
	    "UPDATE invoice SET quota_amount = quota_amount + 1 WHERE state = 'numbered'",
	    "UPDATE invoice SET state = 'failed' WHERE state = 'numbered'",
	};
	for (size_t i = 0; i < sizeof(harms) / sizeof(harms[0]); i++) {
		must(f, db_begin(f->db, &f->e));
		must(f, db_run(f->db, &f->e, NULL, harms[i], ""));
		must_fail(f, ERR_DAMAGED, "quota.audit", store_quota_audit(f->db, f->unit, &f->e));
		db_rollback(f->db);
	}
}

/* ---- two processes --------------------------------------------------------------------------- */

static int race_child(struct fixture *f)
{
	int64_t id;
	if (db_open(f->path, DB_WRITE, &f->db, &f->e) || db_begin(f->db, &f->e))
		return 9;
	bool got = reserve(f, 6000, &id, TODAY);
	int answer = got ? 0 : strcmp(f->e.code, "quota.short") == 0 ? 1 : 9;
	if (got && db_commit(f->db, &f->e))
		return 9;
	db_close(&f->db);
	return answer;
}

static void test_race(void **state)
{
	struct fixture *f = *state;
	struct quota_month m;
	must(f, db_begin(f->db, &f->e));
	must(f, store_quota_move(f->db, f->unit, MONTH, true, 10000, "d1", &f->e));
	must(f, db_commit(f->db, &f->e));
	db_close(&f->db);
	pid_t child[2];
	int got = 0;
	for (int i = 0; i < 2; i++) {
		child[i] = fork();
		if (child[i] == 0)
			_exit(race_child(f));
	}
	for (int i = 0; i < 2; i++) {
		int status = -1;
		waitpid(child[i], &status, 0);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
		got += WEXITSTATUS(status) == 0;
	}
	assert_int_equal(got, 1);
	must(f, db_open(f->path, DB_WRITE, &f->db, &f->e));
	get(f, &m);
	assert_int_equal(m.reserved, 6000);
	must(f, store_quota_audit(f->db, f->unit, &f->e));
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_refusals), T(test_settling_is_idempotent), T(test_sync),
	    T(test_waiting),  T(test_random_ledger),          T(test_race),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
