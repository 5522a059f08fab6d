/* store_summary.c - rows of 汇总确认: one a unit and month; which month counts an invoice. */
#include "store_fixture.h"

static void start(const char *now)
{
	assert_true(clock_start(now));
}

static int setup(void **state)
{
	start("2025-07-03T10:00:00+08:00");
	return fixture_setup(state);
}

static int teardown(void **state)
{
	clock_start(NULL);
	return fixture_teardown(state);
}

static int64_t unix_of(const char *text)
{
	int64_t t = 0;

	assert_true(datetime_parse(text, &t));
	return t;
}

/* An invoice as it stands, with (sent non-NULL) an upload that was accepted then. */
static void put(struct fixture *f, int64_t id, const char *state, const char *dated,
		const char *sent, const char *told, int64_t net)
{
	char number[NUMBER_TEXT];

	snprintf(number, sizeof(number), "%020lld", (long long)id);
	must(f, db_begin(f->db, &f->e));
	must(f, db_run(f->db, &f->e, NULL,
		       "INSERT INTO invoice (id, unit_id, state, kind, number, issued_at, net, tax,"
		       " gross, created_by, created_at, updated_at, finished_at, head)"
		       " VALUES (?, ?, ?, 'ordinary', ?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, 0), '{}')",
		       "llsssllllll"
		       "l",
		       id, f->unit, state, number, dated, net, net / 10, net + net / 10, f->user,
		       unix_of(dated), unix_of(dated), told ? unix_of(told) : (int64_t)0));
	if (sent) {
		must(f, db_run(f->db, &f->e, NULL,
			       "INSERT INTO upload_batch (id, unit_id, state, sent_at, accepted_at,"
			       " size) VALUES (?, ?, 'done', ?, ?, 1)",
			       "llll", id, f->unit, unix_of(sent), unix_of(sent)));
		must(f, db_run(f->db, &f->e, NULL,
			       "INSERT INTO upload_item (batch_id, invoice_id) VALUES (?, ?)", "ll",
			       id, id));
	}
	must(f, db_commit(f->db, &f->e));
}

static void note(struct fixture *f, int64_t id, const char *dated, int64_t apart)
{
	struct invoice_record r = {.id = id, .unit_id = f->unit};

	text_copy(r.invoice.issued_at, sizeof(r.invoice.issued_at), dated);
	must(f, db_begin(f->db, &f->e));
	must(f, store_boundary_note(f->db, &r, apart, &f->e));
	must(f, db_commit(f->db, &f->e));
}

static struct summary_figures sums(struct fixture *f, const char *month)
{
	struct summary_figures s;

	must(f, store_summary_sums(f->db, f->unit, month, &s, &f->e));
	return s;
}

static void one_row(void **state)
{
	struct fixture *f = *state;
	struct summary s = {.unit_id = f->unit, .month = "2025-06", .direct = true, .made_by = 7},
		       t = {.unit_id = f->unit, .month = "2025-06"}, back;
	bool added = false, found = false;

	must(f, db_begin(f->db, &f->e));
	must(f, store_summary_add(f->db, &s, &added, &f->e));
	assert_true(added && s.id > 0 && s.direct && s.state == SUMMARY_OPEN);
	must(f, store_summary_add(f->db, &t, &added, &f->e));
	assert_true(!added && t.id == s.id && t.direct && t.made_by == 7);
	s.state = SUMMARY_FAILED;
	s.doubt = s.forced = true;
	s.tries = 2;
	s.ours = (struct summary_figures) {1, 2, 3, 4, -5, -6};
	s.theirs = (struct summary_figures) {7, 8, 9, 10, -11, -12};
	s.sent_at = 13;
	s.theirs_at = 14;
	s.recon_id = 15;
	s.ended_at = 16;
	text_copy(s.message, sizeof(s.message), "比对不一致");
	must(f, store_summary_put(f->db, &s, &f->e));
	must(f, db_commit(f->db, &f->e));
	must(f, store_summary_find(f->db, f->unit, "2025-06", &back, &found, &f->e));
	assert_true(found);
	assert_memory_equal(&back.ours, &s.ours, sizeof(s.ours));
	assert_memory_equal(&back.theirs, &s.theirs, sizeof(s.theirs));
	assert_true(back.state == SUMMARY_FAILED && back.doubt && back.forced && back.tries == 2 &&
		    back.sent_at == 13 && back.theirs_at == 14 && back.recon_id == 15 &&
		    back.ended_at == 16);
	assert_string_equal(back.message, "比对不一致");
	must(f, store_summary_find(f->db, f->direct, "2025-06", &back, &found, &f->e));
	assert_false(found);
	must_fail(f, ERR_INVALID, "summary.unknown", store_summary_get(f->db, 99, &back, &f->e));
	/* What the database itself says. */
	must(f, db_begin(f->db, &f->e));
	assert_int_not_equal(db_run(f->db, &f->e, NULL,
				    "INSERT INTO summary (id, unit_id, month, identity, state,"
				    " made_by, made_at, updated_at)"
				    " SELECT 99, unit_id, month, identity, state, 0, 0, 0"
				    " FROM summary",
				    ""),
			     ERR_OK);
	db_rollback(f->db);
}

static enum err note_month(void *arg, const struct summary *s)
{
	char *text = arg;
	size_t n = strlen(text);

	snprintf(text + n, 100 - n, "%s ", s->month);
	return ERR_OK;
}

static void listed_by_month(void **state)
{
	static const char *const MONTHS[] = {"2025-03", "2025-06", "2024-12", "2025-04"};
	struct fixture *f = *state;
	enum summary_state open = SUMMARY_OPEN, done = SUMMARY_CONFIRMED;
	int64_t next = 0, total = 0;
	char text[100] = "";
	bool added;

	must(f, db_begin(f->db, &f->e));
	for (size_t i = 0; i < 4; i++) {
		struct summary s = {.unit_id = f->unit};

		text_copy(s.month, sizeof(s.month), MONTHS[i]);
		must(f, store_summary_add(f->db, &s, &added, &f->e));
	}
	must(f, db_commit(f->db, &f->e));
	must(f, store_summary_list(f->db, f->unit, NULL, 0, 3, note_month, text, &next, &total,
				   &f->e));
	assert_string_equal(text, "2025-06 2025-04 2025-03 ");
	assert_int_equal(total, 4);
	*text = 0;
	must(f, store_summary_list(f->db, f->unit, NULL, next, 3, note_month, text, &next, &total,
				   &f->e));
	assert_string_equal(text, "2024-12 ");
	assert_int_equal(next, 0);
	must(f, store_summary_list(f->db, f->unit, &open, 0, 9, note_month, text, &next, &total,
				   &f->e));
	assert_int_equal(total, 4);
	must(f, store_summary_list(f->db, f->unit, &done, 0, 9, note_month, text, &next, &total,
				   &f->e));
	assert_int_equal(total, 0);
}

/* Features N61: by when it came to the tax side. */
static void counted_by_success(void **state)
{
	struct fixture *f = *state;
	struct invoice_boundary edge[4];
	size_t n = 0;

	put(f, 1, "issued", "2025-06-20 10:00:00", "2025-06-20 10:00:01", "2025-06-20 10:00:09",
	    1000);
	put(f, 2, "issued", "2025-06-21 10:00:00", NULL, "2025-06-21 10:00:09", -300);
	put(f, 3, "failed", "2025-06-21 10:00:00", NULL, NULL, 5000);
	put(f, 4, "void", "2025-06-21 10:00:00", NULL, "2025-06-22 10:00:00", 5000);
	put(f, 5, "issued", "2025-07-01 00:00:00", NULL, "2025-07-01 00:00:05", 20);
	/* Taken 23:59:58, learnt of at 00:00:08. */
	put(f, 6, "issued", "2025-06-30 23:59:58", "2025-06-30 23:59:58", "2025-07-01 00:00:08",
	    70);
	start("2025-07-01T00:00:08+08:00");
	note(f, 6, "2025-06-30 23:59:58", 0);
	/* Dated June, and sent in July: July's. */
	put(f, 7, "issued", "2025-06-30 23:59:59", "2025-07-01 00:00:02", "2025-07-01 00:00:08",
	    900);
	note(f, 7, "2025-06-30 23:59:59", 0);
	assert_int_equal(sums(f, "2025-06").blue_count, 2);
	assert_int_equal(sums(f, "2025-06").blue_net, 1070);
	assert_int_equal(sums(f, "2025-06").blue_tax, 107);
	assert_int_equal(sums(f, "2025-06").red_count, 1);
	assert_int_equal(sums(f, "2025-06").red_net, -300);
	assert_int_equal(sums(f, "2025-06").red_tax, -30);
	assert_int_equal(sums(f, "2025-07").blue_net, 920);
	assert_int_equal(sums(f, "2025-07").blue_count, 2);
	assert_int_equal(sums(f, "2025-05").blue_count, 0);
	must(f, store_boundary_list(f->db, f->unit, "2025-07", edge, 4, &n, &f->e));
	assert_int_equal(n, 1);
	assert_int_equal(edge[0].invoice_id, 6);
	assert_string_equal(edge[0].month, "2025-06");
	assert_string_equal(edge[0].other, "2025-07");
	must(f, db_begin(f->db, &f->e));
	must(f, store_boundary_turn(f->db, 6, &f->e));
	must(f, db_commit(f->db, &f->e));
	assert_int_equal(sums(f, "2025-06").blue_count, 1);
	assert_int_equal(sums(f, "2025-07").blue_count, 3);
}

/* A clock of theirs that is ahead: ours says June yet, theirs July. */
static void counted_by_their_clock(void **state)
{
	struct fixture *f = *state;
	struct invoice_boundary edge[1];
	size_t n = 0;

	put(f, 1, "issued", "2025-06-30 23:59:50", "2025-06-30 23:59:51", "2025-06-30 23:59:55",
	    1000);
	start("2025-06-30T23:59:55+08:00");
	note(f, 1, "2025-06-30 23:59:50", 30);
	assert_int_equal(sums(f, "2025-06").blue_count, 0);
	assert_int_equal(sums(f, "2025-07").blue_count, 1);
	/* It may be who answers whose clock is wrong: June stays possible. */
	must(f, store_boundary_list(f->db, f->unit, "2025-06", edge, 1, &n, &f->e));
	assert_int_equal(n, 1);
	assert_string_equal(edge[0].month, "2025-07");
	assert_string_equal(edge[0].other, "2025-06");
	must(f, db_begin(f->db, &f->e));
	must(f, store_boundary_turn(f->db, 1, &f->e));
	must(f, db_commit(f->db, &f->e));
	assert_int_equal(sums(f, "2025-06").blue_count, 1);
}

/* A clock of theirs that is beyond belief: ours says the month, theirs stays possible. */
static void counted_beside_a_mad_clock(void **state)
{
	struct fixture *f = *state;
	struct invoice_boundary edge[1];
	size_t n = 0;

	put(f, 1, "issued", "2025-06-20 10:00:00", "2025-06-20 10:00:01", "2025-06-20 10:00:05",
	    1000);
	start("2025-06-20T10:00:05+08:00");
	note(f, 1, "2025-06-20 10:00:00", -20000LL * 86400);
	assert_int_equal(sums(f, "2025-06").blue_count, 1);
	must(f, store_boundary_list(f->db, f->unit, "2025-06", edge, 1, &n, &f->e));
	assert_int_equal(n, 1);
	assert_string_equal(edge[0].month, "2025-06");
	assert_string_equal(edge[0].other, "1970-09");
}

/* Rows of an earlier version that knew one month only: that of their date is possible, too. */
static void counted_after_an_upgrade(void **state)
{
	static const char *const back[] = {
	    "UPDATE invoice_boundary SET month = '2025-07', other = '2025-07'",
	    "DROP TABLE taxpayer_change",
	    "PRAGMA user_version = 32",
	};
	struct fixture *f = *state;
	struct invoice_boundary edge[2];
	size_t n = 0;

	put(f, 1, "issued", "2025-06-30 22:00:00", "2025-06-30 22:00:01", "2025-06-30 22:00:05",
	    1000);
	put(f, 2, "issued", "2025-07-01 00:10:00", "2025-07-01 00:10:01", "2025-07-01 00:10:05",
	    1000);
	start("2025-06-30T22:00:05+08:00");
	note(f, 1, "2025-06-30 22:00:00", 3 * 3600);
	start("2025-07-01T00:10:05+08:00");
	note(f, 2, "2025-07-01 00:10:00", -3600);
	must(f, db_begin(f->db, &f->e));
	for (size_t i = 0; i < sizeof(back) / sizeof(back[0]); i++)
		must(f, db_run(f->db, &f->e, NULL, back[i], ""));
	must(f, db_commit(f->db, &f->e));
	db_close(&f->db);
	must(f, db_open(f->path, DB_WRITE, &f->db, &f->e));
	must(f, store_boundary_list(f->db, f->unit, "2025-07", edge, 2, &n, &f->e));
	assert_int_equal(n, 2);
	assert_string_equal(edge[0].other, "2025-06");
	assert_string_equal(edge[1].other, "2025-07");
}

/* One that a person or 对账 settles much later is of the month it was sent in. */
static void counted_where_it_was_sent(void **state)
{
	struct fixture *f = *state;

	put(f, 1, "issued", "2025-06-10 10:00:00", "2025-06-10 10:00:05", "2025-08-20 10:00:00",
	    1000);
	start("2025-08-20T10:00:00+08:00");
	note(f, 1, "2025-06-10 10:00:00", 0);
	assert_int_equal(sums(f, "2025-06").blue_count, 1);
	assert_int_equal(sums(f, "2025-08").blue_count, 0);
}

static void what_is_open(void **state)
{
	struct fixture *f = *state;
	int64_t ids[2] = {0, 0}, at = -1;
	size_t n = 0;

	put(f, 1, "numbered", "2025-06-01 00:00:00", NULL, NULL, 1);
	put(f, 2, "unknown", "2025-06-30 23:59:59", NULL, NULL, 1);
	put(f, 3, "accepted", "2025-06-15 00:00:00", NULL, NULL, 1);
	put(f, 4, "numbered", "2025-07-01 00:00:00", NULL, NULL, 1);
	put(f, 5, "failed", "2025-06-15 00:00:00", NULL, NULL, 1);
	put(f, 6, "issued", "2025-06-15 00:00:00", NULL, "2025-06-15 00:00:07", 1);
	must(f, store_summary_pending(f->db, f->unit, "2025-06", ids, 2, &n, &f->e));
	assert_int_equal(n, 3);
	assert_true(ids[0] == 1 && ids[1] == 2);
	must(f, store_summary_pending(f->db, f->unit, "2025-05", NULL, 0, &n, &f->e));
	assert_int_equal(n, 0);
	must(f, store_summary_last(f->db, f->unit, "2025-06", &at, &f->e));
	assert_int_equal(at, unix_of("2025-06-15 00:00:07"));
	must(f, store_summary_last(f->db, f->unit, "2025-05", &at, &f->e));
	assert_int_equal(at, 0);
}

static void since_when(void **state)
{
	struct fixture *f = *state;
	struct unit u;
	char month[MONTH_TEXT];
	bool on = false;

	must(f, store_unit_get(f->db, f->unit, &u, &f->e));
	must(f, store_summary_since(f->db, &u, month, &f->e));
	assert_string_equal(month, "2025-07"); /* added */
	u.granted_at = unix_of("2025-05-02 00:00:00");
	must(f, store_summary_since(f->db, &u, month, &f->e));
	assert_string_equal(month, "2025-05");
	put(f, 1, "issued", "2025-03-15 00:00:00", NULL, "2025-03-15 00:00:07", 1);
	must(f, store_summary_since(f->db, &u, month, &f->e));
	assert_string_equal(month, "2025-03"); /* what was issued is certain */
	must(f, store_summary_auto(f->db, &u, &on, &f->e));
	assert_true(on);
	must(f, db_begin(f->db, &f->e));
	must(f, store_summary_set_auto(f->db, &u, false, &f->e));
	must(f, db_commit(f->db, &f->e));
	must(f, store_summary_auto(f->db, &u, &on, &f->e));
	assert_false(on);
	unit_free(&u);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(one_row),
					   T(listed_by_month),
					   T(counted_by_success),
					   T(counted_by_their_clock),
					   T(counted_beside_a_mad_clock),
					   T(counted_after_an_upgrade),
					   T(counted_where_it_was_sent),
					   T(what_is_open),
					   T(since_when)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
