/* Numbers and quota at the desk: pieces, bounds, automatic settings, waiting, roles, backups. */
#include "desk_lab.h"

static void claims_in_pieces(void **state)
{
	struct lab *lab = *state;
	static const struct {
		const char *count;
		size_t jobs;
	} CASES[] = {{"1", 1}, {"5000", 1}, {"1001", 1}, {"5001", 2}, {"12345", 3}, {"100000", 20}};
	static const char *const BAD[] = {"0", "-1", "1.5", "1e5", "100001", "", "9999999"};
	struct claim p;
	size_t i;

	lab_stock(lab, 10, 0);
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct desk_wait w = {0};
		struct job first, last;
		int64_t id = 0;

		assert_int_equal(desk_numbers_claim(lab->s, CASES[i].count, &w, &id, &lab->e),
				 ERR_OK);
		assert_int_equal(w.job_count, CASES[i].jobs);
		assert_int_equal(store_job_get(lab->s->db, w.jobs[0], &first, &lab->e), ERR_OK);
		assert_int_equal(store_job_get(lab->s->db, w.jobs[w.job_count - 1], &last, &lab->e),
				 ERR_OK);
		assert_int_equal(strlen(first.request_key), 72);
		assert_memory_equal(first.request_key, LAB_USING_ID LAB_DIRECT_ID, 40);
		if (w.job_count > 1)
			assert_string_not_equal(first.request_key, last.request_key);
		assert_int_equal(desk_claim_get(lab->s, id, &p, &lab->e), ERR_OK);
		assert_int_equal(p.asked, strtol(CASES[i].count, NULL, 10));
		assert_int_equal(p.open, p.asked);
		job_free(&first);
		job_free(&last);
		desk_wait_free(&w);
	}
	for (i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		struct desk_wait w = {0};

		assert_int_equal(desk_numbers_claim(lab->s, BAD[i], &w, NULL, &lab->e),
				 ERR_INVALID);
		assert_int_equal(w.job_count, 0);
	}
}

static enum err move(struct lab *lab, bool download, const char *amount)
{
	struct desk_wait w = {0};
	enum err r = desk_quota_move(lab->s, download, amount, &w, &lab->e);

	assert_int_equal(w.job_count, r ? 0 : 1);
	desk_wait_free(&w);
	return r;
}

static void bounds_the_quota(void **state)
{
	struct lab *lab = *state;
	int64_t unit = lab_stock(lab, 10, 15000), difference = 0;
	struct quota_month q = {.unit_id = unit,
				.month = "2025-11",
				.has_remote = true,
				.remote_total = 100000,
				.remote_available = 85000,
				.remote_downloaded = 15000,
				.remote_unused = 15000};

	assert_int_equal(move(lab, true, "999999999.00"), ERR_OK); /* nothing known yet */
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_quota_sync(lab->s->db, unit, &q, &difference, &lab->e), ERR_OK);
	assert_int_equal(store_quota_reserve(lab->s->db, unit, "2025-11", "2025-11-20 10:00:00", 7,
					     10000, &lab->e),
			 ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(move(lab, true, "850.00"), ERR_OK);
	assert_int_equal(move(lab, true, "850.01"), ERR_INVALID);
	assert_string_equal(lab->e.code, "quota.available");
	assert_int_equal(move(lab, false, "50.00"), ERR_OK);
	assert_int_equal(move(lab, false, "50.01"), ERR_INVALID);
	assert_string_equal(lab->e.code, "quota.return");
	assert_non_null(strstr(lab->e.why, "50.00"));
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	q.remote_available = FEN_MAX;
	assert_int_equal(store_quota_sync(lab->s->db, unit, &q, &difference, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(move(lab, true, "9999999999999849.99"), ERR_OK);
	assert_int_equal(move(lab, true, "9999999999999850.00"), ERR_INVALID);
	assert_string_equal(lab->e.code, "quota.overflow");
	assert_int_equal(move(lab, true, "0.00"), ERR_INVALID);
	assert_int_equal(move(lab, true, "1.001"), ERR_INVALID);
}

/* State of a job; *due_ms when it is due. */
static enum job_state state_of(struct lab *lab, int64_t id, int64_t *due_ms)
{
	enum job_state state;
	struct job j;

	assert_int_equal(store_job_get(lab->s->db, id, &j, &lab->e), ERR_OK);
	state = j.state;
	*due_ms = j.due_ms;
	job_free(&j);
	return state;
}

/* Asking again joins the open job: never taken from under the engine, never asked twice. */
static void joins_what_is_open(void **state)
{
	struct lab *lab = *state;
	struct desk_wait w = {0};
	struct unit_ref using = {LAB_USING, NULL, NULL};
	struct err_info why = {0};
	int64_t due = 0;

	lab_stock(lab, 10, 0);
	assert_int_equal(desk_unit_verify(lab->s, &using, &w, &lab->e), ERR_OK);
	assert_int_equal(desk_unit_verify(lab->s, &using, &w, &lab->e), ERR_OK);
	assert_int_equal(desk_quota_sync(lab->s, &w, &lab->e), ERR_OK);
	assert_int_equal(desk_quota_sync(lab->s, &w, &lab->e), ERR_OK);
	assert_int_equal(w.job_count, 4);
	assert_int_equal(w.jobs[0], w.jobs[1]);
	assert_int_equal(w.jobs[2], w.jobs[3]);
	/* One that waits for its backoff is run now. */
	err_fail(&why, ERR_BUSY, "net", "连接", "连不上");
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_job_running(lab->s->db, w.jobs[2], &lab->e), ERR_OK);
	assert_int_equal(
	    store_job_again(lab->s->db, w.jobs[2], clock_now_ms() + 600000, NULL, &why, &lab->e),
	    ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_quota_sync(lab->s, &w, &lab->e), ERR_OK);
	assert_int_equal(w.jobs[4], w.jobs[2]);
	assert_int_equal(state_of(lab, w.jobs[2], &due), JOB_READY);
	assert_true(due <= clock_now_ms());
	/* One that runs is let run. */
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_job_running(lab->s->db, w.jobs[2], &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_quota_sync(lab->s, &w, &lab->e), ERR_OK);
	assert_int_equal(w.jobs[5], w.jobs[2]);
	assert_int_equal(state_of(lab, w.jobs[2], &due), JOB_RUNNING);
	desk_wait_free(&w);
}

static void bounds_the_parameters(void **state)
{
	struct lab *lab = *state;
	static const struct {
		const char *type, *key, *value;
		bool good;
	} CASES[] = {
	    {"numbers", LAB_USING "@practice.claim", "1", true},
	    {"numbers", LAB_USING "@practice.claim", "100000", true},
	    {"numbers", LAB_USING "@practice.claim", "0", false},
	    {"numbers", LAB_USING "@practice.claim", "-5", false},
	    {"numbers", LAB_USING "@practice.claim", "100001", false},
	    {"numbers", LAB_USING "@practice.claim", "99999999999999999999", false},
	    {"numbers", LAB_USING "@practice.below", "0", true},
	    {"numbers", LAB_USING "@practice.below", "-1", false},
	    {"numbers", LAB_USING "@practice.on", "2", false},
	    {"quota", LAB_USING "@practice.percent", "0", false},
	    {"quota", LAB_USING "@practice.percent", "100", true},
	    {"log", "keep_days", "0", false},
	    {"engine", "total_ms", "1s", false},
	    {"other", "free", "-5", true},
	};
	struct numbers_auto a;
	size_t i;

	lab_stock(lab, 10, 0);
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		assert_int_equal(
		    desk_param_set(lab->s, CASES[i].type, CASES[i].key, CASES[i].value, &lab->e),
		    CASES[i].good ? ERR_OK : ERR_INVALID);
	/* What an older program let in asks for nothing impossible. */
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(
	    store_setting_set(lab->s->db, "numbers", LAB_USING "@practice.claim", "-5", &lab->e),
	    ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_numbers_auto(lab->s, &a, &lab->e), ERR_OK);
	assert_int_equal(a.claim, 0);
}

static void settles_by_state(void **state)
{
	struct lab *lab = *state;
	struct desk_wait w = {0};
	struct err_info why = {0};
	bool done = true;
	int i;

	lab_stock(lab, 10, 0);
	assert_int_equal(desk_quota_sync(lab->s, &w, &lab->e), ERR_OK);
	assert_int_equal(desk_wait_settled(&w, lab->s->db, &done, &lab->e), ERR_OK);
	assert_false(done);
	assert_int_equal(desk_wait_verdict(lab->s, &w, &lab->e), ERR_UNKNOWN);
	err_fail(&why, ERR_BUSY, "net", "连接", "连不上");
	for (i = 0; i < 2; i++) { /* unreachable: settled after the second attempt */
		assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
		assert_int_equal(store_job_running(lab->s->db, w.jobs[0], &lab->e), ERR_OK);
		assert_int_equal(store_job_again(lab->s->db, w.jobs[0], clock_now_ms() + 100, NULL,
						 &why, &lab->e),
				 ERR_OK);
		assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
		assert_int_equal(desk_wait_settled(&w, lab->s->db, &done, &lab->e), ERR_OK);
		assert_int_equal(done, i == 1);
	}
	assert_int_equal(desk_wait_verdict(lab->s, &w, &lab->e), ERR_BUSY);
	assert_int_equal(desk_worse(ERR_BUSY, ERR_UNKNOWN), ERR_UNKNOWN);
	assert_int_equal(desk_worse(ERR_REFUSED, ERR_UNKNOWN), ERR_REFUSED);
	assert_int_equal(desk_worse(ERR_OK, ERR_BUSY), ERR_BUSY);
	desk_wait_free(&w);
}

static void asks_the_role(void **state)
{
	struct lab *lab = *state;
	static const struct {
		const char *role;
		unsigned may; /* bit per action */
	} ROLES[] = {
	    {"admin", (1u << DESK_ACTIONS) - 1},
	    {"manager", 1u << DESK_VIEW | 1u << DESK_ISSUE | 1u << DESK_DRAFTS | 1u << DESK_STOCK |
			    1u << DESK_REFRESH | 1u << DESK_UNITS_VIEW | 1u << DESK_LOG |
			    1u << DESK_JOBS | 1u << DESK_CATALOGUE | 1u << DESK_POST |
			    1u << DESK_SUMMARY},
	    {"issuer",
	     1u << DESK_VIEW | 1u << DESK_ISSUE | 1u << DESK_REFRESH | 1u << DESK_CATALOGUE},
	    {"viewer", 1u << DESK_VIEW},
	    {"nobody", 0},
	};
	struct session *other = NULL;
	size_t i;
	int a;

	for (i = 0; i < sizeof(ROLES) / sizeof(ROLES[0]); i++) {
		snprintf(lab->s->user.role, sizeof(lab->s->user.role), "%s", ROLES[i].role);
		for (a = 0; a < DESK_ACTIONS; a++)
			assert_int_equal(desk_allow(lab->s, (enum desk_action)a, &lab->e),
					 ROLES[i].may >> a & 1 ? ERR_OK : ERR_DENIED);
	}
	assert_int_equal(desk_open(lab->home, "someone", NULL, &other, &lab->e), ERR_DENIED);
	assert_null(other);
	assert_int_equal(desk_open("/nonexistent/home", NULL, NULL, &other, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "home.absent");
}

#define LAB_TEST(f) cmocka_unit_test_setup_teardown(f, lab_open, lab_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    LAB_TEST(claims_in_pieces), LAB_TEST(bounds_the_quota),
	    LAB_TEST(asks_the_role),    LAB_TEST(joins_what_is_open),
	    LAB_TEST(settles_by_state), LAB_TEST(bounds_the_parameters),
	};

	return cmocka_run_group_tests_name("desk_stock", tests, NULL, NULL);
}
