/* Red letters without a tax side: nothing listens at the unit's address.  What must hold is what
 * stays on this side: intents, doubts, what a list brings of our own, what comes by itself. */
#include "store/red.h"
#include "sync_fixture.h"
#include "sync/red_p.h"

static int setup(void **state)
{
	struct fixture *f = malloc(sizeof *f);

	fixture_open(f);
	must(f, db_begin(f->db, &f->e));
	sync_fixture_key(f);
	must(f, store_setting_set(f->db, "engine", "red_refresh_ms", "0", &f->e));
	must(f, store_setting_set(f->db, "engine", "calendar", "0", &f->e));
	must(f, db_commit(f->db, &f->e));
	*state = f;
	return 0;
}

static void letter_of(struct red_letter *l, const char *blue, int64_t net)
{
	struct red_line *line;

	red_letter_init(l);
	l->reason = RED_RETURN;
	mem_set(&l->seller_tax_no, "91440300USING00001");
	mem_set(&l->seller_name, "测试有限公司");
	mem_set(&l->buyer_tax_no, "91440300BUYER00001");
	mem_set(&l->buyer_name, "测试购方");
	mem_set(&l->blue_number, blue);
	mem_set(&l->blue_kind, "01");
	text_copy(l->blue_issued_at, sizeof l->blue_issued_at, "2026-11-19 09:30:00");
	l->blue_net_fen = 50000;
	l->blue_tax_fen = 6500;
	l->net_fen = net;
	l->tax_fen = net * 13 / 100;
	l->valid = true;
	line = red_add_line(l);
	mem_set(&line->tax_code, "1090511030000000000");
	mem_set(&line->name, "打印机");
	mem_set(&line->short_name, "计算机外部设备");
	line->blue_row = 1;
	line->rate_ppm = 130000;
	line->net_fen = net;
	line->tax_fen = l->tax_fen;
}

#define BLUE "26447000000000000001"

static int64_t add_red_job(struct fixture *f, const char *kind, int64_t letter)
{
	struct job j = {.unit_id = f->unit, .subject_id = letter, .due_ms = clock_now_ms() - 10};

	snprintf(j.kind, sizeof j.kind, "%s", kind);
	must(f, store_job_add(f->db, &j, &f->e));
	return j.id;
}

/* An application as desk leaves it, with its job. */
static int64_t applied(struct fixture *f, const char *blue, int64_t net)
{
	struct red_record r = {.unit_id = f->unit,
			       .side = RED_SELLER,
			       .progress = RED_APPLYING,
			       .created_by = f->user};

	letter_of(&r.letter, blue, net);
	must(f, db_begin(f->db, &f->e));
	must(f, store_red_insert(f->db, &r, &f->e));
	add_red_job(f, JOB_RED_APPLY, r.id);
	must(f, db_commit(f->db, &f->e));
	int64_t id = r.id;
	red_record_free(&r);
	return id;
}

/* A letter the tax side has. */
static int64_t known(struct fixture *f, enum red_side side, const char *uuid,
		     enum red_side entered_by, enum red_state state)
{
	struct red_letter l;
	enum red_put what;
	int64_t id = 0;

	letter_of(&l, "26447000000000000077", -1000);
	mem_set(&l.uuid, uuid);
	mem_set(&l.number, "44000026110000000001");
	l.entered_by = entered_by;
	l.state = state;
	datetime_text(clock_now(), l.entered_at);
	must(f, db_begin(f->db, &f->e));
	must(f, store_red_put(f->db, f->unit, side, &l, &what, &id, &f->e));
	must(f, db_commit(f->db, &f->e));
	red_letter_free(&l);
	return id;
}

static enum red_progress progress_of(struct fixture *f, int64_t id, char message[1204])
{
	struct red_record r;

	must(f, store_red_get(f->db, id, &r, &f->e));
	enum red_progress p = r.progress;
	if (message)
		snprintf(message, sizeof r.message, "%s", r.message);
	red_record_free(&r);
	return p;
}

static int64_t count(struct fixture *f, const char *sql)
{
	return scalar(f, sql);
}

/* ---- applying ---- */

static void test_unreachable_keeps_the_application(void **state)
{
	struct fixture *f = *state;
	char message[1204];
	int64_t id = applied(f, BLUE, -10000);

	sync_fixture_work(f);
	assert_int_equal(progress_of(f, id, message), RED_APPLYING);
	assert_true(*message);
	assert_int_equal(
	    count(f, "SELECT COUNT(*) FROM job WHERE kind = 'red.apply' AND state = 'ready'"
		     " AND attempts = 1"),
	    1);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM request_log WHERE result = 'later'"), 1);
}

static void test_dead_engine_leaves_a_doubt(void **state)
{
	struct fixture *f = *state;
	struct engine *en = NULL;
	int64_t id = applied(f, BLUE, -10000);

	must(f, db_begin(f->db, &f->e));
	must(f, db_run(f->db, &f->e, NULL, "UPDATE job SET state = 'running', attempts = 1", ""));
	must(f, db_commit(f->db, &f->e));
	must(f, sync_open(f->dir, &en, &f->e));
	sync_close(&en);
	assert_int_equal(progress_of(f, id, NULL), RED_DOUBTFUL);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE state = 'ready'"), 1);
	/* What is in doubt is asked about, not sent: and stays in doubt while nobody answers. */
	sync_fixture_work(f);
	assert_int_equal(progress_of(f, id, NULL), RED_DOUBTFUL);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM request_log WHERE service = 'QDHZQRDSQ'"),
			 0);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM request_log WHERE service = 'CXQDHZQRDLB'"),
			 1);
}

static void test_unsendable_is_refused_here(void **state)
{
	struct fixture *f = *state;
	char message[1204];
	int64_t id = applied(f, BLUE, -10000);

	run_sql(f, "UPDATE red_letter_line SET tax_code = '12'");
	sync_fixture_work(f);
	assert_int_equal(progress_of(f, id, message), RED_REFUSED);
	assert_non_null(strstr(message, "税收分类编码"));
	assert_int_equal(count(f, "SELECT COUNT(*) FROM request_log"), 0);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE state = 'failed'"), 1);
}

static void test_a_lost_job_is_added(void **state)
{
	struct fixture *f = *state;

	applied(f, BLUE, -10000);
	run_sql(f, "DELETE FROM job");
	sync_fixture_work(f);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE kind = 'red.apply'"), 1);
	sync_fixture_work(f);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE kind = 'red.apply'"), 1);
}

static void test_cancelled_before_it_was_sent(void **state)
{
	struct fixture *f = *state;
	int64_t id = applied(f, BLUE, -10000);

	run_sql(f, "UPDATE job SET state = 'cancelled'");
	sync_fixture_work(f);
	assert_int_equal(progress_of(f, id, NULL), RED_REFUSED);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job"), 1);
}

static void test_cancelled_when_it_may_have_been_sent(void **state)
{
	struct fixture *f = *state;
	int64_t id = applied(f, BLUE, -10000);

	run_sql(f, "UPDATE job SET state = 'cancelled', attempts = 1");
	sync_fixture_work(f);
	assert_int_equal(progress_of(f, id, NULL), RED_APPLYING);
	assert_int_equal(
	    count(f, "SELECT COUNT(*) FROM job WHERE kind = 'red.apply' AND state = 'ready'"), 1);
}

static void test_answered_meanwhile(void **state)
{
	struct fixture *f = *state;
	int64_t id = applied(f, BLUE, -10000);

	must(f, db_begin(f->db, &f->e));
	must(f, store_red_applied(f->db, id, "44000026110000000009",
				  "fedcba9876543210fedcba9876543210", RED_FREE, "", &f->e));
	must(f, db_commit(f->db, &f->e));
	sync_fixture_work(f);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE state = 'done'"), 1);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM request_log"), 0);
}

/* ---- what a list brings ---- */

static void keep(struct fixture *f, const struct red_letter *l, enum red_put wanted)
{
	struct engine *en = NULL;
	enum red_put what = RED_PUT_SAME;

	must(f, sync_open(f->dir, &en, &f->e));
	must(f, db_begin(en->db, &f->e));
	must(f, red_keep(en, f->unit, RED_SELLER, l, &what, &f->e));
	must(f, db_commit(en->db, &f->e));
	sync_close(&en);
	assert_int_equal(what, wanted);
}

static void from_tax_side(struct red_letter *l, const char *uuid, int64_t net, int64_t at)
{
	letter_of(l, BLUE, net);
	red_clear_lines(l);
	mem_set(&l->uuid, uuid);
	mem_set(&l->number, "44000026110000000009");
	l->state = RED_WAITS_BUYER;
	datetime_text(at, l->entered_at);
}

#define UUID1 "11111111111111111111111111111111"

static void test_a_list_answers_for_the_lost_one(void **state)
{
	struct fixture *f = *state;
	struct red_letter l;
	int64_t id = applied(f, BLUE, -10000);

	must(f, db_begin(f->db, &f->e));
	must(f, store_red_progress(f->db, id, RED_DOUBTFUL, "没有应答", &f->e));
	must(f, db_commit(f->db, &f->e));
	from_tax_side(&l, UUID1, -10000, clock_now());
	keep(f, &l, RED_PUT_NEW);
	assert_int_equal(progress_of(f, id, NULL), RED_KNOWN);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM red_letter"), 1);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM red_letter_line"), 1);
	keep(f, &l, RED_PUT_SAME);
	red_letter_free(&l);
}

/* Of an application whose answer was lost ten minutes ago: which letters of the list are it? */
static void test_what_is_adopted(void **state)
{
	enum { MINUTE = 60 };
	static const struct {
		const char *what;
		enum red_state state;
		bool issued, invalid, buyers, other_reason, future; /* future: by a clock ahead */
		int64_t net_off, after; /* fen; seconds after it was sent */
		bool ours;
	} ROWS[] = {
	    {"entered with it", RED_FREE, .after = 1, .ours = true},
	    {"by a clock that is behind", RED_FREE, .after = -14 * MINUTE, .ours = true},
	    {"waits for the buyer", RED_WAITS_BUYER, .after = -14 * MINUTE, .ours = true},
	    {"before any clock's doubt", RED_FREE, .after = -16 * MINUTE},
	    {"withdrawn, and later for sure", RED_WITHDRAWN, .after = 1, .ours = true},
	    {"denied, and later for sure", RED_DENIED_BY_BUYER, .after = 300, .ours = true},
	    {"withdrawn before it was sent", RED_WITHDRAWN, .after = -5 * MINUTE},
	    {"expired before it was sent", RED_EXPIRED, .after = -5 * MINUTE},
	    {"issued, and later for sure", RED_FREE, .issued = true, .after = 1, .ours = true},
	    {"issued before it was sent", RED_FREE, .issued = true, .after = -5 * MINUTE},
	    {"not valid, before it was sent", RED_FREE, .invalid = true, .after = -5 * MINUTE},
	    {"a state of tomorrow, before", RED_UNKNOWN, .after = -5 * MINUTE},
	    {"another amount", RED_FREE, .net_off = 100, .after = 1},
	    {"another reason", RED_FREE, .other_reason = true, .after = 1},
	    {"entered by the buyer", RED_WAITS_SELLER, .buyers = true, .after = 1},
	    {"running, sent by a clock ahead", RED_FREE, .future = true, .ours = true},
	    {"withdrawn, sent by a clock ahead", RED_WITHDRAWN, .future = true},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
		char blue[24], uuid[33];
		struct red_letter l;
		int64_t id;

		snprintf(blue, sizeof blue, "264470000000000%05zu", i);
		snprintf(uuid, sizeof uuid, "%032zx", i + 1);
		id = applied(f, blue, -10000);
		must(f, db_begin(f->db, &f->e));
		must(f, store_red_progress(f->db, id, RED_DOUBTFUL, "没有应答", &f->e));
		must(f,
		     db_run(f->db, &f->e, NULL, "UPDATE red_letter SET created_at = ? WHERE id = ?",
			    "ll", clock_now() + (ROWS[i].future ? 86400 : -600), id));
		must(f, db_commit(f->db, &f->e));
		letter_of(&l, blue, -10000 + ROWS[i].net_off);
		red_clear_lines(&l);
		mem_set(&l.uuid, uuid);
		mem_set(&l.number, "44000026110000000009");
		l.state = ROWS[i].state;
		l.issued = ROWS[i].issued;
		l.valid = red_state_open(l.state) && !ROWS[i].invalid;
		l.entered_by = ROWS[i].buyers ? RED_BUYER : RED_SELLER;
		if (ROWS[i].other_reason)
			l.reason = RED_ALLOWANCE;
		datetime_text(clock_now() - 600 + ROWS[i].after, l.entered_at);
		keep(f, &l, RED_PUT_NEW);
		red_letter_free(&l);
		if ((progress_of(f, id, NULL) == RED_KNOWN) != ROWS[i].ours)
			fail_msg("%s", ROWS[i].what);
	}
}

/* One that was never sent, or not taken for sure, is nobody's letter. */
static void test_only_a_doubt_is_answered(void **state)
{
	struct fixture *f = *state;
	struct red_letter l;
	int64_t id = applied(f, BLUE, -10000);

	from_tax_side(&l, UUID1, -10000, clock_now());
	keep(f, &l, RED_PUT_NEW);
	red_letter_free(&l);
	assert_int_equal(progress_of(f, id, NULL), RED_APPLYING);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM red_letter"), 2);
}

/* ---- answering ---- */

static int64_t acting(struct fixture *f, int64_t letter, enum red_action a)
{
	int64_t job;

	must(f, db_begin(f->db, &f->e));
	must(f, store_red_act_begin(f->db, letter, a, f->user, &f->e));
	job = add_red_job(f, JOB_RED_ACT, letter);
	must(f, db_commit(f->db, &f->e));
	return job;
}

static bool is_acting(struct fixture *f, int64_t id, char message[1204])
{
	struct red_record r;

	must(f, store_red_get(f->db, id, &r, &f->e));
	bool is = r.acting;
	snprintf(message, sizeof r.action_message, "%s", r.action_message);
	red_record_free(&r);
	return is;
}

static void test_unreachable_keeps_the_action(void **state)
{
	struct fixture *f = *state;
	char message[1204];
	int64_t id = known(f, RED_SELLER, UUID1, RED_BUYER, RED_WAITS_SELLER);

	acting(f, id, RED_CONFIRM);
	sync_fixture_work(f);
	assert_true(is_acting(f, id, message));
	assert_true(*message);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM request_log WHERE service = 'QDHZQRDQR'"),
			 1);
	/* What may have got through is looked at first. */
	run_sql(f, "UPDATE job SET due_ms = 0");
	sync_fixture_work(f);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM request_log WHERE service = 'QDHZQRDQR'"),
			 1);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM request_log WHERE service = 'CXQDHZQRDMX'"),
			 1);
	assert_true(is_acting(f, id, message));
}

static void test_done_by_a_list(void **state)
{
	struct fixture *f = *state;
	char message[1204];
	int64_t id = known(f, RED_SELLER, UUID1, RED_BUYER, RED_WAITS_SELLER);

	acting(f, id, RED_CONFIRM);
	known(f, RED_SELLER, UUID1, RED_BUYER, RED_AGREED);
	sync_fixture_work(f);
	assert_false(is_acting(f, id, message));
	assert_string_equal(message, "");
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE state = 'done'"), 1);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM request_log"), 0);
}

static void test_action_cancelled(void **state)
{
	struct fixture *f = *state;
	char message[1204];
	int64_t id = known(f, RED_SELLER, UUID1, RED_BUYER, RED_WAITS_SELLER);

	acting(f, id, RED_DENY);
	run_sql(f, "UPDATE job SET state = 'cancelled'");
	sync_fixture_work(f);
	assert_false(is_acting(f, id, message));
	assert_non_null(strstr(message, "已取消"));
}

/* ---- pages of a tax side that cannot count ---- */

static void test_pages(void **state)
{
	static const struct {
		long long page, seen; /* before this one */
		int64_t total;
		size_t rows;
		const char *first, *anchor;
		enum red_paging how;
	} ROWS[] = {
	    {0, 0, 250, 100, "a", "", RED_PAGES_MORE},
	    {2, 200, 250, 50, "c", "b", RED_PAGES_END},
	    {0, 0, 0, 0, "", "", RED_PAGES_END},
	    {0, 0, -1, 0, "", "", RED_PAGES_END},
	    /* smaller pages than asked for, larger ones */
	    {0, 0, 250, 20, "a", "", RED_PAGES_MORE},
	    {0, 0, 250, 250, "a", "", RED_PAGES_END},
	    /* no total: by the rows */
	    {0, 0, -1, 100, "a", "", RED_PAGES_MORE},
	    {1, 100, -1, 30, "b", "a", RED_PAGES_END},
	    /* more than there is, less than there is, one page for all */
	    {3, 250, 300, 0, "", "c", RED_PAGES_SHORT},
	    {0, 0, 0, 100, "a", "", RED_PAGES_MORE},
	    {1, 100, 0, 30, "b", "a", RED_PAGES_END},
	    {1, 100, 1000, 100, "a", "a", RED_PAGES_REPEAT},
	    {RED_PAGES_MAX - 1, 2000000, 9000000, 100, "x", "y", RED_PAGES_LONG},
	    {RED_UNTOLD_MAX - 1, 2000000, 0, 100, "x", "y", RED_PAGES_LONG},
	    {RED_UNTOLD_MAX - 1, 199900, 9000000, 100, "x", "y", RED_PAGES_MORE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
		const struct leqi_red_page got = {.total = ROWS[i].total, .rows = ROWS[i].rows};
		struct red_walk w = {.page = ROWS[i].page, .seen = ROWS[i].seen};

		text_copy(w.anchor, sizeof w.anchor, ROWS[i].anchor);
		if (red_walk_on(&w, &got, 100, ROWS[i].first) != ROWS[i].how)
			fail_msg("row %zu", i);
	}
}

/* A walk over pages of a hundred: what page number n (from 1) begins with, and its total. */
struct liar {
	const char *(*first)(long long n, char out[LEQI_LETTER_UUID]);
	int64_t (*total)(long long n);
	bool unread;
};

static enum red_paging walk(const struct liar *liar, long long *pages)
{
	struct red_walk w = {.page = 0};
	enum red_paging how;
	char first[LEQI_LETTER_UUID];

	do {
		struct leqi_red_page got = {.rows = 100, .unread = liar->unread ? 100 : 0};

		got.total = liar->total(w.page + 1);
		how = red_walk_on(&w, &got, 100, liar->first(w.page + 1, first));
	} while (how == RED_PAGES_MORE && w.page < 100000);
	*pages = w.page;
	return how;
}

static const char *new_ones(long long n, char out[LEQI_LETTER_UUID])
{
	snprintf(out, LEQI_LETTER_UUID, "%032llx", n);
	return out;
}

static const char *in_turn(long long n, char out[LEQI_LETTER_UUID])
{
	return new_ones(n % 2, out);
}

/* Five pages, and then seven for ever. */
static const char *round_later(long long n, char out[LEQI_LETTER_UUID])
{
	return new_ones(n <= 5 ? n : 5 + (n - 5) % 7, out);
}

static const char *nothing(long long n, char out[LEQI_LETTER_UUID])
{
	(void)n;
	out[0] = 0;
	return out;
}

static int64_t huge(long long n)
{
	(void)n;
	return INT64_C(99999999999);
}

static int64_t none(long long n)
{
	(void)n;
	return 0;
}

static int64_t one_more(long long n)
{
	return n * 100 + 1;
}

static int64_t honest(long long n)
{
	return n < 3 ? 3000000 / 2 : 3000000 / 2 + 300; /* some come while it is read */
}

/* Whatever it says, the walk ends, and no true list is left early. */
static void test_lying_lists(void **state)
{
	static const struct {
		struct liar liar;
		enum red_paging how;
		long long pages; /* at most */
	} ROWS[] = {
	    {{in_turn, huge, false}, RED_PAGES_REPEAT, 4},
	    {{in_turn, none, false}, RED_PAGES_REPEAT, 4},
	    {{round_later, huge, false}, RED_PAGES_REPEAT, 23},
	    {{nothing, none, true}, RED_PAGES_BLIND, RED_BLIND_MAX},
	    {{nothing, huge, true}, RED_PAGES_BLIND, RED_BLIND_MAX},
	    {{new_ones, one_more, false}, RED_PAGES_GROWS, RED_GROWTH_MAX / 100 + 3},
	    {{new_ones, none, false}, RED_PAGES_LONG, RED_UNTOLD_MAX},
	    {{new_ones, huge, false}, RED_PAGES_LONG, RED_PAGES_MAX},
	    {{new_ones, honest, false}, RED_PAGES_END, 15003},
	};
	long long pages;

	(void)state;
	for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
		if (walk(&ROWS[i].liar, &pages) != ROWS[i].how || pages > ROWS[i].pages)
			fail_msg("row %zu: %lld pages", i, pages);
	assert_int_equal(pages, 15003);
}

/* ---- by itself ---- */

static void test_by_itself(void **state)
{
	struct fixture *f = *state;

	sync_fixture_work(f);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job"), 0); /* 0: never */
	run_sql(f, "UPDATE setting SET value = '600000' WHERE key = 'red_refresh_ms'");
	sync_fixture_work(f);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job"), 0); /* not verified */
	must(f, db_begin(f->db, &f->e));
	must(f, store_unit_set_state(f->db, f->unit, true, "", &f->e));
	must(f, db_commit(f->db, &f->e));
	sync_fixture_work(f);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE kind = 'red.sync'"), 2);
	sync_fixture_work(f); /* open: not twice */
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job"), 2);
	run_sql(f, "UPDATE job SET state = 'done', updated_at = updated_at - 599");
	sync_fixture_work(f);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE state = 'done'"), 2);
	run_sql(f, "UPDATE job SET updated_at = updated_at - 2");
	sync_fixture_work(f); /* the same rows again */
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE state = 'ready'"), 2);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job"), 2);
	run_sql(f, "UPDATE job SET state = 'failed', updated_at = updated_at - 1200");
	sync_fixture_work(f); /* refused lately: not hammered */
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE state = 'failed'"), 2);
	run_sql(f, "UPDATE job SET updated_at = updated_at - 3600");
	sync_fixture_work(f);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE state = 'ready'"), 2);
}

/* However many units there are, each has its turn. */
static void test_many_units(void **state)
{
	enum { UNITS = 150 };
	struct fixture *f = *state;
	char tax_no[24];

	run_sql(f, "UPDATE setting SET value = '600000' WHERE key = 'red_refresh_ms'");
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < UNITS; i++) {
		snprintf(tax_no, sizeof tax_no, "91440300MANY%06d", i);
		must(f,
		     store_unit_set_state(f->db, fixture_using(f, ENV_PRACTICE, tax_no, f->direct),
					  true, "", &f->e));
	}
	must(f, db_commit(f->db, &f->e));
	sync_fixture_work(f);
	assert_int_equal(
	    count(f, "SELECT COUNT(DISTINCT unit_id) FROM job WHERE kind = 'red.sync'"), UNITS);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE kind = 'red.sync'"), 2 * UNITS);
}

static int64_t denied(struct fixture *f, enum red_side side)
{
	int64_t at;

	must(f, store_red_denied(f->db, f->unit, side, &at, &f->e));
	return at;
}

/* What the tax side does not grant is asked for once a day, or by who asks, till it is granted. */
static void test_not_granted(void **state)
{
	struct fixture *f = *state;

	run_sql(f, "UPDATE setting SET value = '600000' WHERE key = 'red_refresh_ms'");
	must(f, db_begin(f->db, &f->e));
	must(f, store_unit_set_state(f->db, f->unit, true, "", &f->e));
	must(f, db_commit(f->db, &f->e));
	sync_fixture_work(f);
	assert_int_equal(denied(f, RED_SELLER), 0);
	run_sql(f, "UPDATE job SET state = 'done', error_code = 'red.not_granted',"
		   " updated_at = updated_at - 86000");
	assert_int_equal(denied(f, RED_SELLER), clock_now() - 86000);
	assert_int_equal(denied(f, RED_BUYER), clock_now() - 86000);
	sync_fixture_work(f);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE state = 'done'"), 2);
	/* Somebody asked for one side in the meantime, and it was granted. */
	must(f, db_begin(f->db, &f->e));
	must(f, store_red_set_window(f->db, f->unit, RED_BUYER, "2026-11-20", &f->e));
	must(f, db_commit(f->db, &f->e));
	assert_int_equal(denied(f, RED_BUYER), 0);
	sync_fixture_work(f);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE state = 'ready'"), 1);
	run_sql(f, "UPDATE job SET updated_at = updated_at - 500 WHERE state = 'done'");
	sync_fixture_work(f);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE state = 'ready'"), 2);
	assert_int_equal(denied(f, RED_SELLER), 0); /* it is being asked */
}

static enum err at_once(void *arg, struct db *db, bool *done, struct err_info *e)
{
	(void)db;
	(void)e;
	*done = (*(int *)arg)++ > 2;
	return ERR_OK;
}

/* Who waits for something of his own is not kept by it; sync --once asks at once. */
static void test_who_brings(void **state)
{
	struct fixture *f = *state;
	struct sync_summary s;
	int turns = 0;

	run_sql(f, "UPDATE setting SET value = '600000' WHERE key = 'red_refresh_ms'");
	must(f, db_begin(f->db, &f->e));
	must(f, store_unit_set_state(f->db, f->unit, true, "", &f->e));
	must(f, db_commit(f->db, &f->e));
	must(f, sync_until(f->dir, f->db, 3000, at_once, &turns, &f->e));
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job"), 0);
	must(f, sync_settle(f->dir, 50, &s, &f->e));
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job"), 2);
	run_sql(f, "UPDATE job SET state = 'done'");
	must(f, sync_settle(f->dir, 50, &s, &f->e));
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE state = 'ready'"), 2);
}

static void test_bad_payload_costs_its_job(void **state)
{
	static const char *const BAD[] = {
	    "", "{}", "{\"side\":\"x\"}",
	    "{\"side\":\"seller\",\"from\":\"2026-11-02\",\"to\":\"\"}",
	    "{\"side\":\"seller\",\"from\":\"2026-11-02\",\"to\":\"2026-11-01\"}"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
		struct job j = {.unit_id = f->unit, .due_ms = clock_now_ms() - 10};

		snprintf(j.kind, sizeof j.kind, "%s", JOB_RED_SYNC);
		j.payload = mem_strdup(BAD[i]);
		must(f, db_begin(f->db, &f->e));
		must(f, store_job_add(f->db, &j, &f->e));
		must(f, db_commit(f->db, &f->e));
		free(j.payload);
	}
	sync_fixture_work(f);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM job WHERE state = 'failed'"),
			 sizeof BAD / sizeof *BAD);
	assert_int_equal(count(f, "SELECT COUNT(*) FROM request_log"), 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)

int main(void)
{
	clock_start("2026-11-20T10:00:00+08:00");
	const struct CMUnitTest tests[] = {
	    T(test_unreachable_keeps_the_application),
	    T(test_dead_engine_leaves_a_doubt),
	    T(test_unsendable_is_refused_here),
	    T(test_a_lost_job_is_added),
	    T(test_cancelled_before_it_was_sent),
	    T(test_cancelled_when_it_may_have_been_sent),
	    T(test_answered_meanwhile),
	    T(test_a_list_answers_for_the_lost_one),
	    T(test_what_is_adopted),
	    T(test_only_a_doubt_is_answered),
	    T(test_unreachable_keeps_the_action),
	    T(test_done_by_a_list),
	    T(test_action_cancelled),
	    cmocka_unit_test(test_pages),
	    cmocka_unit_test(test_lying_lists),
	    T(test_by_itself),
	    T(test_many_units),
	    T(test_not_granted),
	    T(test_who_brings),
	    T(test_bad_payload_costs_its_job),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
