/* The engine without a tax side: nothing listens at the unit's address, so every call fails
 * before a byte leaves; what must hold is what stays on this side. */
#include "sync_fixture.h"

static void make_ready(struct fixture *f)
{
	struct unit u;

	sync_fixture_key(f);
	must(f, store_unit_get(f->db, f->unit, &u, &f->e));
	mem_set(&u.region, "14403000000");
	must(f, store_unit_put(f->db, &u, &f->e));
	must(f, store_unit_set_state(f->db, f->unit, true, "", &f->e));
	unit_free(&u);
}

static int setup(void **state)
{
	struct fixture *f = malloc(sizeof *f);

	fixture_open(f);
	must(f, db_begin(f->db, &f->e));
	make_ready(f);
	fixture_segment(f, f->unit, "26957000000000000001", 100, date_of(clock_now()).date.year);
	must(f, store_setting_set(f->db, "engine", "red_refresh_ms", "0", &f->e));
	must(f, store_quota_move(f->db, f->unit, "2026-11", true, 1000000, "q1", &f->e));
	must(f, store_quota_set_interval(f->db, f->unit, "2026-11", "2026-11-01", "2026-11-30",
					 &f->e));
	must(f, db_commit(f->db, &f->e));
	*state = f;
	return 0;
}

/* A numbered invoice with its number, quota and upload job, as desk leaves it. */
static int64_t numbered(struct fixture *f, int64_t age_s, char number[NUMBER_TEXT])
{
	struct invoice_record r;
	struct job j = {.unit_id = f->unit, .due_ms = clock_now_ms() - 10};

	fixture_invoice(f, &r, "测试购方");
	mem_set(&r.invoice.seller.name, "测试有限公司");
	mem_set(&r.invoice.seller.tax_no, "91440300USING00001");
	mem_set(&r.invoice.drawer, "张会计");
	mem_set(&r.invoice.lines[0].tax_code, "3040201010000000000");
	mem_set(&r.invoice.lines[0].short_name, "信息技术服务");
	datetime_text(clock_now() - age_s, r.invoice.issued_at);
	must(f, db_begin(f->db, &f->e));
	must(f, db_next_id(f->db, "invoice", &r.id, &f->e));
	must(f, store_number_take(f->db, f->unit, date_of(clock_now()).date.year, r.id,
				  r.invoice.number, &f->e));
	must(f, store_quota_reserve(f->db, f->unit, "2026-11", "2026-11-20 09:00:00", r.id, 10000,
				    &f->e));
	r.state = INVOICE_NUMBERED;
	r.quota_amount = 10000;
	snprintf(r.quota_month, sizeof r.quota_month, "2026-11");
	must(f, store_invoice_insert(f->db, &r, &f->e));
	snprintf(j.kind, sizeof j.kind, "%s", JOB_UPLOAD);
	j.subject_id = r.id;
	must(f, store_job_add(f->db, &j, &f->e));
	must(f, db_commit(f->db, &f->e));
	memcpy(number, r.invoice.number, NUMBER_TEXT);
	int64_t id = r.id;
	invoice_record_free(&r);
	return id;
}

static enum invoice_state state_of(struct fixture *f, int64_t id, char message[1204])
{
	struct invoice_record r;
	must(f, store_invoice_get(f->db, id, &r, &f->e));
	enum invoice_state s = r.state;
	if (message)
		snprintf(message, sizeof r.message, "%s", r.message);
	invoice_record_free(&r);
	return s;
}

static void assert_audit_clean(struct fixture *f)
{
	struct number_audit a;
	must(f, store_number_audit(f->db, f->unit, &a, &f->e));
	assert_string_equal(a.first_problem, "");
	assert_int_equal(a.unexplained, 0);
	must(f, store_quota_audit(f->db, f->unit, &f->e));
}

static void test_unreachable_keeps_the_intent(void **state)
{
	struct fixture *f = *state;
	char number[NUMBER_TEXT];
	int64_t next, id = numbered(f, 60, number);

	next = sync_fixture_work(f);
	assert_int_equal(state_of(f, id, NULL), INVOICE_NUMBERED);
	assert_true(next > clock_now_ms());
	assert_int_equal(scalar(f, "SELECT error_class FROM job"), ERR_BUSY);
	assert_int_equal(
	    scalar(f, "SELECT COUNT(*) FROM job WHERE state = 'ready' AND attempts = 1"), 1);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM request_log WHERE result = 'later'"), 1);
	/* The bytes of the first attempt are kept for the next. */
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM invoice_sent"), 1);
	assert_audit_clean(f);
}

static void test_dead_engine_leaves_unknown(void **state)
{
	struct fixture *f = *state;
	struct engine *en = NULL;
	char number[NUMBER_TEXT];
	int64_t batch, id = numbered(f, 60, number);

	must(f, db_begin(f->db, &f->e));
	must(f, store_sent_put(f->db, id, "{}", 2, &f->e));
	must(f, store_invoice_set_state(f->db, id, INVOICE_SENDING, "", &f->e));
	must(f, store_batch_create(f->db, f->unit, &id, 1, &batch, &f->e));
	must(f, db_run(f->db, &f->e, NULL, "UPDATE job SET state = 'running'", ""));
	must(f, db_commit(f->db, &f->e));

	must(f, sync_open(f->dir, &en, &f->e));
	assert_int_equal(state_of(f, id, NULL), INVOICE_UNKNOWN);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM upload_batch WHERE state = 'lost'"), 1);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM job WHERE state = 'ready'"), 1);
	sync_close(&en);
	assert_audit_clean(f);
}

static void test_too_late_is_failed_here(void **state)
{
	struct fixture *f = *state;
	char number[NUMBER_TEXT], message[1204];
	int64_t id = numbered(f, 48 * 3600, number);

	sync_fixture_work(f);
	assert_int_equal(state_of(f, id, message), INVOICE_FAILED);
	assert_non_null(strstr(message, "48 小时"));
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM number_taken WHERE state = 'reusable'"),
			 1);
	assert_int_equal(scalar(f, "SELECT reserved FROM quota_month"), 0);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM request_log"), 0);
	assert_audit_clean(f);
}

static void test_late_unknown_needs_a_person(void **state)
{
	struct fixture *f = *state;
	char number[NUMBER_TEXT];
	int64_t batch, id = numbered(f, 49 * 3600, number);

	must(f, db_begin(f->db, &f->e));
	must(f, store_sent_put(f->db, id, "{}", 2, &f->e));
	must(f, store_invoice_set_state(f->db, id, INVOICE_SENDING, "", &f->e));
	must(f, store_batch_create(f->db, f->unit, &id, 1, &batch, &f->e));
	must(f, db_commit(f->db, &f->e));
	sync_fixture_work(f);
	/* It may have been accepted: never failed by us, never a new number. */
	assert_int_equal(state_of(f, id, NULL), INVOICE_UNKNOWN);
	assert_int_equal(scalar(f, "SELECT needs_person FROM invoice"), 1);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM number_taken WHERE state = 'reserved'"),
			 1);
}

/* 03 重复上传 is success only when an earlier upload of the same bytes may have got through. */
static void duplicate(struct fixture *f, bool earlier, enum invoice_state wanted)
{
	struct engine *en = NULL;
	struct invoice_record rec;
	char number[NUMBER_TEXT];
	int64_t first, second, id = numbered(f, 60, number);

	must(f, sync_open(f->dir, &en, &f->e));
	must(f, db_begin(en->db, &f->e));
	must(f, store_sent_put(en->db, id, "{}", 2, &f->e));
	must(f, store_invoice_set_state(en->db, id, INVOICE_SENDING, "", &f->e));
	if (earlier) {
		must(f, store_batch_create(en->db, f->unit, &id, 1, &first, &f->e));
		must(f, store_batch_set(en->db, first, "lost", NULL, &f->e));
	}
	must(f, store_batch_create(en->db, f->unit, &id, 1, &second, &f->e));
	must(f, store_batch_set(en->db, second, "accepted", "receipt", &f->e));
	must(f, store_invoice_set_state(en->db, id, INVOICE_ACCEPTED, "", &f->e));
	must(f, store_invoice_get(en->db, id, &rec, &f->e));
	must(f, settle_duplicate(en, &rec, second, &f->e));
	must(f, db_commit(en->db, &f->e));
	invoice_record_free(&rec);
	sync_close(&en);
	assert_int_equal(state_of(f, id, NULL), wanted);
	assert_int_equal(scalar(f, "SELECT needs_person FROM invoice"), wanted == INVOICE_UNKNOWN);
	assert_audit_clean(f);
}

static void test_duplicate_of_our_own(void **state)
{
	duplicate(*state, true, INVOICE_ISSUED);
}

static void test_duplicate_of_somebody_else(void **state)
{
	duplicate(*state, false, INVOICE_UNKNOWN);
}

static void test_one_engine_a_home(void **state)
{
	struct fixture *f = *state;
	struct engine *one = NULL, *two = NULL;

	must(f, sync_open(f->dir, &one, &f->e));
	assert_int_equal(sync_open(f->dir, &two, &f->e), ERR_BUSY);
	assert_null(two);
	sync_close(&one);
	must(f, sync_open(f->dir, &two, &f->e));
	sync_close(&two);
}

static void test_bad_parameter_is_named(void **state)
{
	struct fixture *f = *state;
	struct engine *en = NULL;

	run_sql(f, "INSERT INTO setting VALUES ('engine', 'batch_size', '101', 0)");
	must_fail(f, ERR_INVALID, "param.engine", sync_open(f->dir, &en, &f->e));
	assert_non_null(strstr(f->e.what, "batch_size"));
}

static int64_t claims(struct fixture *f)
{
	return scalar(f, "SELECT COUNT(*) FROM job WHERE kind = 'numbers.claim'");
}

static void look(struct fixture *f)
{
	struct engine *en = NULL;
	must(f, sync_open(f->dir, &en, &f->e));
	must(f, keep_stock(en, &f->e));
	sync_close(&en);
}

static void test_stock_is_claimed_once(void **state)
{
	struct fixture *f = *state;

	look(f);
	assert_int_equal(claims(f), 0); /* 100 free of 100: above the mark */
	run_sql(f, "UPDATE segment SET taken = 81");
	run_sql(f, "UPDATE unit SET frozen_at = 1"); /* issues nothing, needs nothing */
	look(f);
	assert_int_equal(claims(f), 0);
	run_sql(f, "UPDATE unit SET frozen_at = 0, issue_channel = 'disk'");
	look(f);
	assert_int_equal(claims(f), 0);
	run_sql(f, "UPDATE unit SET issue_channel = 'leqi'");
	look(f);
	assert_int_equal(claims(f), 1);
	look(f); /* still open: not twice */
	assert_int_equal(claims(f), 1);
	run_sql(f, "UPDATE job SET state = 'failed', updated_at = 4000000000");
	look(f); /* refused lately: not hammered */
	assert_int_equal(claims(f), 1);
	run_sql(f, "UPDATE job SET updated_at = 1");
	look(f);
	assert_int_equal(claims(f), 2);
	run_sql(f, "UPDATE job SET state = 'done'");
	run_sql(f,
		"INSERT INTO setting VALUES ('numbers', '91440300USING00001@practice.on', '0', 0)");
	look(f);
	assert_int_equal(claims(f), 2);
}

static bool always(void)
{
	return true;
}

static enum err never_settled(void *arg, struct db *db, bool *done, struct err_info *e)
{
	(void)arg;
	(void)db;
	(void)e;
	*done = !always();
	return ERR_OK;
}

static void test_waiting_ends(void **state)
{
	struct fixture *f = *state;
	must_fail(f, ERR_UNKNOWN, "wait.timeout",
		  sync_until(f->dir, f->db, 150, never_settled, NULL, &f->e));
}

static void test_settle_counts(void **state)
{
	struct fixture *f = *state;
	struct sync_summary s;
	char number[NUMBER_TEXT];

	numbered(f, 60, number);
	must(f, sync_settle(f->dir, 50, &s, &f->e));
	assert_int_equal(s.open, 1);
	assert_int_equal(s.unfinished, 1);
	assert_int_equal(s.done, 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)

int main(void)
{
	clock_start("2026-11-20T10:00:00+08:00");
	const struct CMUnitTest tests[] = {
	    T(test_unreachable_keeps_the_intent),
	    T(test_dead_engine_leaves_unknown),
	    T(test_too_late_is_failed_here),
	    T(test_late_unknown_needs_a_person),
	    T(test_duplicate_of_our_own),
	    T(test_duplicate_of_somebody_else),
	    T(test_one_engine_a_home),
	    T(test_bad_parameter_is_named),
	    T(test_stock_is_claimed_once),
	    T(test_waiting_ends),
	    T(test_settle_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
