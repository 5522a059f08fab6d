/* Issuing at the desk: one transaction or nothing; repeats, retry, void, drafts. */
#include "desk_lab.h"

static enum err issue(struct lab *lab, struct invoice_set *set, int64_t *ids, bool *repeat)
{
	memset(repeat, 0, set->n * sizeof(*repeat));
	err_clear(&lab->e);
	return desk_issue(lab->s, set, ids, repeat, &lab->e);
}

static int64_t count(struct lab *lab, const char *sql)
{
	int64_t n = -1;
	bool found;

	assert_int_equal(db_get_int(lab->s->db, &lab->e, &n, &found, sql, ""), ERR_OK);
	return n;
}

static struct quota_month quota(struct lab *lab)
{
	struct quota_month q;

	assert_int_equal(desk_quota_get(lab->s, &q, &lab->e), ERR_OK);
	return q;
}

static void stores_everything_at_once(void **state)
{
	struct lab *lab = *state;
	const char *orders[] = {"A-1", "A-2"};
	struct invoice_set set;
	struct invoice_record r;
	int64_t ids[2];
	bool repeat[2];

	lab_stock(lab, 10, 100000);
	lab_invoices(lab, &set, orders, 2);
	assert_int_equal(issue(lab, &set, ids, repeat), ERR_OK);
	assert_false(repeat[0] || repeat[1]);
	assert_int_equal(desk_invoice_by_id(lab->s, ids[1], &r, &lab->e), ERR_OK);
	assert_string_equal(r.invoice.number, "25447000000000000002");
	assert_string_equal(r.invoice.issued_at, "2025-11-20 10:00:00");
	assert_string_equal(r.invoice.seller.tax_no, LAB_USING);
	assert_string_equal(r.invoice.lines[0].short_name, "电子计算机");
	assert_int_equal(r.state, INVOICE_NUMBERED);
	assert_int_equal(r.quota_amount, 10000);
	invoice_record_free(&r);
	assert_int_equal(quota(lab).reserved, 20000);
	assert_int_equal(count(lab, "SELECT count(*) FROM job WHERE kind = 'invoice.upload'"), 2);
	assert_int_equal(count(lab, "SELECT count(*) FROM audit WHERE action = 'invoice.issue'"),
			 2);
	invoice_set_free(&set);
}

static void repeats_the_first_result(void **state)
{
	struct lab *lab = *state;
	const char *first[] = {"A-1"}, *second[] = {"B-1", "A-1"};
	struct invoice_set set;
	int64_t one[1], two[2];
	bool repeat[2];

	lab_stock(lab, 10, 100000);
	lab_invoices(lab, &set, first, 1);
	assert_int_equal(issue(lab, &set, one, repeat), ERR_OK);
	invoice_set_free(&set);
	lab_invoices(lab, &set, second, 2);
	assert_int_equal(issue(lab, &set, two, repeat), ERR_OK);
	assert_true(!repeat[0] && repeat[1]);
	assert_int_equal(two[1], one[0]);
	assert_int_equal(count(lab, "SELECT count(*) FROM invoice"), 2);
	invoice_set_free(&set);
}

static void refuses_all_or_none(void **state)
{
	struct lab *lab = *state;
	const char *orders[] = {"A-1", "A-2"}, *twins[] = {"A-1", "A-1"};
	struct invoice_set set;
	int64_t ids[2];
	bool repeat[2];

	lab_stock(lab, 10, 15000);
	lab_invoices(lab, &set, orders, 2);
	/* quota for one of two */
	assert_int_equal(issue(lab, &set, ids, repeat), ERR_INVALID);
	assert_string_equal(lab->e.code, "quota.short");
	assert_int_equal(count(lab, "SELECT count(*) FROM invoice"), 0);
	assert_int_equal(count(lab, "SELECT count(*) FROM number_taken"), 0);
	assert_int_equal(count(lab, "SELECT count(*) FROM job"), 0);
	/* a rule broken in the second */
	mem_set(&set.items[1].drawer, "");
	assert_int_equal(issue(lab, &set, ids, repeat), ERR_INVALID);
	assert_string_equal(lab->e.code, "drawer.required");
	assert_string_equal(lab->e.field, "[1].drawer");
	assert_non_null(strstr(lab->e.what, "第 2 张"));
	assert_int_equal(count(lab, "SELECT count(*) FROM invoice"), 0);
	invoice_set_free(&set);
	lab_invoices(lab, &set, twins, 2);
	assert_int_equal(issue(lab, &set, ids, repeat), ERR_INVALID);
	assert_string_equal(lab->e.code, "order.twice");
	invoice_set_free(&set);
}

static void needs_numbers_and_fresh_data(void **state)
{
	struct lab *lab = *state;
	const char *orders[] = {"A-1", "A-2"};
	struct invoice_set set;
	int64_t ids[2];
	bool repeat[2];

	lab_stock(lab, 1, 100000);
	lab_invoices(lab, &set, orders, 2);
	assert_int_equal(issue(lab, &set, ids, repeat), ERR_INVALID);
	assert_string_equal(lab->e.code, "numbers.short");
	assert_int_equal(count(lab, "SELECT count(*) FROM number_taken"), 0);
	clock_shift(25 * 3600);
	assert_int_equal(issue(lab, &set, ids, repeat), ERR_INVALID);
	assert_string_equal(lab->e.code, "seller.risk.stale");
	invoice_set_free(&set);
}

static void prepares_what_is_missing(void **state)
{
	struct lab *lab = *state;
	const char *orders[] = {"A-1", "A-2"};
	struct invoice_set set;
	struct desk_wait w = {0};

	lab_stock(lab, 1, 100000);
	lab_invoices(lab, &set, orders, 2);
	assert_int_equal(desk_issue_prepare(lab->s, &set, &w, &lab->e), ERR_OK);
	assert_int_equal(w.job_count, 1); /* numbers */
	assert_int_equal(count(lab, "SELECT count(*) FROM job WHERE kind = 'numbers.claim'"), 1);
	desk_wait_free(&w);
	clock_shift(25 * 3600);
	assert_int_equal(desk_issue_prepare(lab->s, &set, &w, &lab->e), ERR_OK);
	assert_int_equal(w.job_count, 2); /* the open claim again, and the taxpayer's data */
	desk_wait_free(&w);
	clock_shift(-7 * 24 * 3600); /* the data is of the future now */
	assert_int_equal(desk_issue_prepare(lab->s, &set, &w, &lab->e), ERR_OK);
	assert_int_equal(w.job_count, 2);
	desk_wait_free(&w);
	/* What no refresh can mend asks for nothing. */
	mem_set(&set.items[0].drawer, "");
	assert_int_equal(desk_issue_prepare(lab->s, &set, &w, &lab->e), ERR_INVALID);
	assert_int_equal(w.job_count, 0);
	desk_wait_free(&w);
	invoice_set_free(&set);
}

/* As the engine does after a refusal. */
static void refuse(struct lab *lab, int64_t unit, int64_t id, int refusals)
{
	struct invoice_record r;
	struct db *db = lab->s->db;

	assert_int_equal(store_invoice_get(db, id, &r, &lab->e), ERR_OK);
	assert_int_equal(db_begin(db, &lab->e), ERR_OK);
	assert_int_equal(store_sent_put(db, id, "{}", 2, &lab->e), ERR_OK);
	assert_int_equal(store_invoice_set_state(db, id, INVOICE_SENDING, "", &lab->e), ERR_OK);
	assert_int_equal(store_invoice_set_state(db, id, INVOICE_FAILED, "不行", &lab->e), ERR_OK);
	assert_int_equal(store_invoice_set_person(db, id, refusals, refusals > 1, &lab->e), ERR_OK);
	assert_int_equal(store_number_set(db, unit, r.invoice.number, "reusable", &lab->e), ERR_OK);
	assert_int_equal(store_quota_release(db, id, &lab->e), ERR_OK);
	assert_int_equal(db_commit(db, &lab->e), ERR_OK);
	invoice_record_free(&r);
}

static void retries_under_the_same_number(void **state)
{
	struct lab *lab = *state;
	const char *orders[] = {"A-1"};
	struct invoice_set set;
	struct invoice_record r;
	int64_t unit = lab_stock(lab, 10, 100000), id, again;
	bool repeat;

	lab_invoices(lab, &set, orders, 1);
	assert_int_equal(issue(lab, &set, &id, &repeat), ERR_OK);
	invoice_set_free(&set);
	assert_int_equal(desk_void(lab->s, "A-1", &again, &lab->e), ERR_INVALID);
	refuse(lab, unit, id, 1);
	assert_int_equal(quota(lab).reserved, 0);

	clock_shift(12 * 3600);
	assert_int_equal(desk_retry(lab->s, "A-1", &again, &lab->e), ERR_OK);
	assert_int_equal(desk_invoice_by_id(lab->s, id, &r, &lab->e), ERR_OK);
	assert_int_equal(r.state, INVOICE_NUMBERED);
	assert_string_equal(r.invoice.number, "25447000000000000001");
	assert_string_equal(r.invoice.issued_at, "2025-11-20 10:00:00"); /* still good */
	assert_int_equal(quota(lab).reserved, 10000);
	assert_int_equal(count(lab, "SELECT count(*) FROM invoice_sent"), 0);
	invoice_record_free(&r);

	refuse(lab, unit, id, 2);
	snprintf(lab->s->user.role, sizeof(lab->s->user.role), "issuer");
	assert_int_equal(desk_retry(lab->s, "A-1", &again, &lab->e), ERR_DENIED);
	assert_non_null(strstr(lab->e.why, "需要联系管理员介入处理"));
	snprintf(lab->s->user.role, sizeof(lab->s->user.role), "admin");
	clock_shift(40 * 3600);
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	lab_taxpayer(lab, unit);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(desk_retry(lab->s, "A-1", &again, &lab->e), ERR_OK);
	assert_int_equal(desk_invoice_by_id(lab->s, id, &r, &lab->e), ERR_OK);
	assert_string_equal(r.invoice.issued_at, "2025-11-22 14:00:00"); /* 48 hours are over */
	invoice_record_free(&r);

	refuse(lab, unit, id, 3);
	assert_int_equal(desk_void(lab->s, "A-1", &again, &lab->e), ERR_OK);
	assert_int_equal(count(lab, "SELECT count(*) FROM number_taken WHERE state = 'void'"), 1);
	assert_int_equal(desk_retry(lab->s, "A-1", &again, &lab->e), ERR_INVALID);
}

static void corrects_what_was_refused(void **state)
{
	struct lab *lab = *state;
	const char *orders[] = {"A-1"}, *both[] = {"A-1", "A-2"};
	struct invoice_set set, more;
	struct invoice_record r;
	int64_t unit = lab_stock(lab, 2, 100000), id, again, ids[2];
	bool repeat, repeats[2], corrected[2] = {false, false};

	lab_invoices(lab, &set, orders, 1);
	assert_int_equal(issue(lab, &set, &id, &repeat), ERR_OK);
	refuse(lab, unit, id, 1);
	invoice_set_free(&set);
	/* The same content is a repeat, whatever the first check filled in. */
	lab_invoices(lab, &set, orders, 1);
	assert_int_equal(issue(lab, &set, &again, &repeat), ERR_OK);
	assert_true(repeat);
	assert_int_equal(again, id);
	invoice_set_free(&set);

	/* Other content goes out under the number of the first; only the other order needs one. */
	lab_invoices(lab, &more, both, 2);
	more.corrected = corrected;
	mem_set(&more.items[0].remark, "更正");
	assert_int_equal(issue(lab, &more, ids, repeats), ERR_OK);
	assert_true(!repeats[0] && !repeats[1] && corrected[0] && !corrected[1]);
	assert_int_equal(ids[0], id);
	assert_int_equal(desk_invoice_by_id(lab->s, id, &r, &lab->e), ERR_OK);
	assert_string_equal(r.invoice.number, "25447000000000000001");
	assert_string_equal(r.invoice.remark, "更正");
	assert_string_equal(r.invoice.order_no, "A-1");
	assert_int_equal(r.state, INVOICE_NUMBERED);
	invoice_record_free(&r);
	assert_int_equal(count(lab, "SELECT count(*) FROM invoice_sent"), 0);
	assert_int_equal(quota(lab).reserved, 20000);
	/* While it is under way, and when a person is needed, it is a repeat. */
	mem_set(&more.items[0].remark, "再改");
	assert_int_equal(issue(lab, &more, ids, repeats), ERR_OK);
	assert_true(repeats[0] && repeats[1]);
	refuse(lab, unit, id, 2);
	assert_int_equal(issue(lab, &more, ids, repeats), ERR_OK);
	assert_true(repeats[0]);
	invoice_set_free(&more);
}

/* Number and order of the one upload that is open, 0 when there is none. */
static int64_t open_upload(struct lab *lab, int64_t unit, int64_t id)
{
	int64_t job = 0;

	assert_int_equal(store_job_open(lab->s->db, JOB_UPLOAD, unit, id, &job, &lab->e), ERR_OK);
	return job;
}

/* As the engine does when it cannot find out: unknown, for a person, without a job. */
static void lose(struct lab *lab, int64_t unit, int64_t id, bool needs_person)
{
	struct db *db = lab->s->db;
	int64_t job = open_upload(lab, unit, id);

	assert_int_equal(db_begin(db, &lab->e), ERR_OK);
	assert_int_equal(store_sent_put(db, id, "{}", 2, &lab->e), ERR_OK);
	assert_int_equal(store_invoice_set_state(db, id, INVOICE_SENDING, "", &lab->e), ERR_OK);
	assert_int_equal(
	    store_invoice_set_state(db, id, INVOICE_UNKNOWN, "税局已有此号码", &lab->e), ERR_OK);
	assert_int_equal(store_invoice_set_person(db, id, 0, needs_person, &lab->e), ERR_OK);
	assert_int_equal(store_job_done(db, job, "{}", &lab->e), ERR_OK);
	assert_int_equal(db_commit(db, &lab->e), ERR_OK);
}

static bool settled(struct lab *lab, int64_t id)
{
	struct desk_wait w = {0};
	bool done = false;

	desk_wait_invoice(&w, id);
	assert_int_equal(desk_wait_settled(&w, lab->s->db, &done, &lab->e), ERR_OK);
	desk_wait_free(&w);
	return done;
}

static void asks_again_about_the_unknown(void **state)
{
	struct lab *lab = *state;
	const char *orders[] = {"A-1"};
	struct invoice_set set;
	int64_t unit = lab_stock(lab, 10, 100000), id, again;
	bool repeat;

	lab_invoices(lab, &set, orders, 1);
	assert_int_equal(issue(lab, &set, &id, &repeat), ERR_OK);
	invoice_set_free(&set);
	lose(lab, unit, id, false);
	assert_false(settled(lab, id));
	assert_int_equal(desk_retry(lab->s, "A-1", &again, &lab->e), ERR_OK);
	assert_true(open_upload(lab, unit, id) > 0);
	assert_int_equal(count(lab, "SELECT count(*) FROM invoice_sent"), 1); /* the same bytes */
	assert_int_equal(desk_retry(lab->s, "A-1", &again, &lab->e), ERR_OK);
	assert_int_equal(count(lab, "SELECT count(*) FROM job WHERE state = 'ready'"), 1);
	/* What may exist is not given up, and one that can be found out is not settled by hand. */
	assert_int_equal(desk_void(lab->s, "A-1", &again, &lab->e), ERR_INVALID);
	assert_int_equal(desk_settle(lab->s, "A-1", false, "看过了", &again, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "invoice.state");
	assert_int_equal(quota(lab).reserved, 10000);
}

static void a_person_settles(void **state)
{
	struct lab *lab = *state;
	const char *orders[] = {"A-1", "A-2"};
	struct invoice_set set;
	struct invoice_record r;
	int64_t unit = lab_stock(lab, 10, 100000), ids[2], again, one;
	bool repeat[2];
	char long_text[700];

	lab_invoices(lab, &set, orders, 2);
	assert_int_equal(issue(lab, &set, ids, repeat), ERR_OK);
	lose(lab, unit, ids[0], true);
	lose(lab, unit, ids[1], true);
	assert_true(settled(lab, ids[0]));
	/* A retry that a person asked for is waited for. */
	assert_int_equal(desk_retry(lab->s, "A-1", &again, &lab->e), ERR_OK);
	assert_false(settled(lab, ids[0]));

	memset(long_text, 'a', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = 0;
	assert_int_equal(desk_settle(lab->s, "A-1", true, "", &again, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.field, "reason");
	assert_int_equal(desk_settle(lab->s, "A-1", true, long_text, &again, &lab->e), ERR_INVALID);
	assert_int_equal(desk_settle(lab->s, "A-1", true, "行\n二", &again, &lab->e), ERR_INVALID);
	snprintf(lab->s->user.role, sizeof(lab->s->user.role), "manager");
	assert_int_equal(desk_settle(lab->s, "A-1", true, "局端有", &again, &lab->e), ERR_DENIED);
	snprintf(lab->s->user.role, sizeof(lab->s->user.role), "admin");

	assert_int_equal(desk_settle(lab->s, "A-1", true, "局端有同样的发票", &again, &lab->e),
			 ERR_OK);
	assert_int_equal(open_upload(lab, unit, ids[0]), 0);
	assert_int_equal(quota(lab).unused, 90000);
	assert_int_equal(desk_settle(lab->s, "A-2", false, "局端是另一张", &again, &lab->e),
			 ERR_OK);
	assert_int_equal(again, ids[1]);
	assert_int_equal(quota(lab).reserved, 0);
	assert_int_equal(quota(lab).unused, 90000);
	assert_int_equal(count(lab, "SELECT count(*) FROM number_taken WHERE state = 'used'"), 1);
	assert_int_equal(count(lab, "SELECT count(*) FROM number_taken WHERE state = 'void'"), 1);
	assert_int_equal(count(lab, "SELECT count(*) FROM audit WHERE action = 'invoice.settle' AND"
				    " before LIKE '%A-2%' AND after LIKE 'void%局端是另一张%'"),
			 1);
	assert_int_equal(store_quota_audit(lab->s->db, unit, &lab->e), ERR_OK);
	assert_int_equal(desk_settle(lab->s, "A-1", false, "又来", &again, &lab->e), ERR_INVALID);

	/* The order is free: it gets another number. */
	assert_int_equal(desk_invoice_by_id(lab->s, ids[1], &r, &lab->e), ERR_OK);
	assert_string_equal(r.invoice.order_no, "");
	assert_int_equal(r.state, INVOICE_VOID);
	invoice_record_free(&r);
	one = ids[1];
	assert_int_equal(issue(lab, &set, ids, repeat), ERR_OK);
	assert_true(repeat[0] && !repeat[1]);
	assert_true(ids[1] != one);
	invoice_set_free(&set);
}

/* A unit that cannot be called says so at once: the job was put off before its first attempt. */
static void tells_a_key_that_cannot_be_used(void **state)
{
	struct lab *lab = *state;
	const char *orders[] = {"A-1"};
	struct invoice_set set;
	struct invoice_record r;
	struct err_info why = {0};
	int64_t unit = lab_stock(lab, 10, 100000), id;
	char text[900];
	bool repeat;

	lab_invoices(lab, &set, orders, 1);
	assert_int_equal(issue(lab, &set, &id, &repeat), ERR_OK);
	invoice_set_free(&set);
	assert_false(settled(lab, id));
	err_fail(&why, ERR_DAMAGED, "secret.form", "密封的密钥", "格式不正确");
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_job_again(lab->s->db, open_upload(lab, unit, id),
					 clock_now_ms() + 600000, NULL, &why, &lab->e),
			 ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	assert_true(settled(lab, id));
	assert_int_equal(desk_invoice_head(lab->s, id, &r, &lab->e), ERR_OK);
	assert_int_equal(desk_invoice_verdict(lab->s, &r, text, sizeof(text), &lab->e),
			 ERR_DAMAGED);
	assert_non_null(strstr(text, "格式不正确"));
	invoice_record_free(&r);
}

static void keeps_drafts_apart(void **state)
{
	struct lab *lab = *state;
	const char *orders[] = {"A-1"};
	struct invoice_set set;
	int64_t id, other, copy;
	bool repeat;

	lab_stock(lab, 10, 100000);
	lab_invoices(lab, &set, orders, 1);
	assert_int_equal(desk_draft(lab->s, &set, &id, &lab->e), ERR_OK);
	assert_int_equal(desk_draft(lab->s, &set, &other, &lab->e), ERR_OK);
	assert_int_equal(count(lab, "SELECT count(*) FROM invoice"), 1);
	assert_int_equal(issue(lab, &set, &id, &repeat), ERR_OK);
	assert_false(repeat);
	assert_int_equal(count(lab, "SELECT count(*) FROM invoice"), 1);
	assert_int_equal(desk_draft(lab->s, &set, &other, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "order.exists");
	assert_int_equal(desk_copy(lab->s, "A-1", &copy, &lab->e), ERR_OK);
	assert_int_equal(count(lab, "SELECT count(*) FROM invoice WHERE order_no IS NULL"), 1);
	invoice_set_free(&set);
}

static void renders_only_what_is_issued(void **state)
{
	struct lab *lab = *state;
	const char *orders[] = {"A-1"};
	struct invoice_set set;
	struct buf b;
	char name[PRINT_NAME_TEXT];
	int64_t id;
	bool repeat;

	lab_stock(lab, 10, 100000);
	lab_invoices(lab, &set, orders, 1);
	assert_int_equal(issue(lab, &set, &id, &repeat), ERR_OK);
	invoice_set_free(&set);
	buf_init(&b, PRINT_SIZE_MAX);
	assert_int_equal(desk_invoice_file(lab->s, "A-1", PRINT_PDF, &b, name, &lab->e),
			 ERR_INVALID);
	assert_string_equal(lab->e.code, "invoice.not_issued");
	assert_int_equal(desk_invoice_file(lab->s, "A-1", PRINT_TEXT, &b, name, &lab->e), ERR_OK);
	assert_non_null(strstr(buf_str(&b), "25447000000000000001"));
	buf_free(&b);
}

#define LAB_TEST(f) cmocka_unit_test_setup_teardown(f, lab_open, lab_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    LAB_TEST(stores_everything_at_once),
	    LAB_TEST(repeats_the_first_result),
	    LAB_TEST(refuses_all_or_none),
	    LAB_TEST(needs_numbers_and_fresh_data),
	    LAB_TEST(prepares_what_is_missing),
	    LAB_TEST(retries_under_the_same_number),
	    LAB_TEST(keeps_drafts_apart),
	    LAB_TEST(asks_again_about_the_unknown),
	    LAB_TEST(a_person_settles),
	    LAB_TEST(corrects_what_was_refused),
	    LAB_TEST(tells_a_key_that_cannot_be_used),
	    LAB_TEST(renders_only_what_is_issued),
	};

	return cmocka_run_group_tests_name("desk_issue", tests, NULL, NULL);
}
