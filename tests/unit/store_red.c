/* Red letters as we keep them: what becomes of an application, counts, what blue rows lost, red
 * invoices with their marks and quota. */
#include "store_red_fixture.h"

struct events {
	char text[2000];
};

static enum err note_event(void *arg, const struct red_event *h)
{
	struct events *ev = arg;
	size_t n = strlen(ev->text);

	snprintf(ev->text + n, sizeof(ev->text) - n, "%s%s[%s>%s]%s%s;", h->what, h->user,
		 red_state_code(h->old_state), red_state_code(h->new_state), *h->note ? ":" : "",
		 h->note);
	return ERR_OK;
}

static void assert_history(struct fixture *f, int64_t id, const char *want)
{
	struct events ev = {""};

	must(f, store_red_history(f->db, id, note_event, &ev, &f->e));
	assert_string_equal(ev.text, want);
}

/* ---- an application -------------------------------------------------------------------------- */

static void test_application(void **state)
{
	struct fixture *f = *state;
	struct red_record r;
	char uuid[33];
	int64_t id;

	must(f, db_begin(f->db, &f->e));
	id = apply(f, 1);
	assert_tallies(f);
	/* One at a time for an invoice. */
	struct red_record second = {.unit_id = f->unit, .side = RED_SELLER};
	letter_of(&second.letter, 2, RED_SELLER, RED_UNKNOWN);
	must_fail(f, ERR_INVALID, "red.open", store_red_insert(f->db, &second, &f->e));
	must(f, store_red_progress(f->db, id, RED_DOUBTFUL, "回音丢失", &f->e));
	must_fail(f, ERR_INVALID, "red.open", store_red_insert(f->db, &second, &f->e));
	uuid_of(1, uuid);
	must(f, store_red_applied(f->db, id, "26110000000000000001", uuid, RED_WAITS_BUYER,
				  "2026-11-20 09:59:00", &f->e));
	must_fail(f, ERR_INVALID, "red.open", store_red_insert(f->db, &second, &f->e));
	assert_non_null(strstr(f->e.why, "26110000000000000001"));
	assert_tallies(f);
	must(f, store_red_by_no(f->db, f->unit, uuid, &r, &f->e));
	assert_int_equal(r.id, id);
	assert_int_equal(r.letter.line_count, 1);
	assert_int_equal(r.letter.lines[0].quantity.coef, -2);
	assert_string_equal(r.letter.lines[0].name, "货物");
	assert_int_equal(r.progress, RED_KNOWN);
	assert_string_equal(r.message, "");
	red_record_free(&r);
	must(f, store_red_by_no(f->db, f->unit, "26110000000000000001", &r, &f->e));
	red_record_free(&r);
	must_fail(f, ERR_INVALID, "red.unknown",
		  store_red_by_no(f->db, f->unit, "26110000000000000009", &r, &f->e));
	/* Once answered it is not applied for again. */
	must_fail(f, ERR_INTERNAL, "red.progress",
		  store_red_progress(f->db, id, RED_REFUSED, "不行", &f->e));
	/* Revoked: another may be. */
	must(f, store_red_act_begin(f->db, id, RED_REVOKE, f->user, &f->e));
	must_fail(f, ERR_INVALID, "red.acting",
		  store_red_act_begin(f->db, id, RED_REVOKE, f->user, &f->e));
	must(f, store_red_act_waits(f->db, id, "网络不通", &f->e));
	must(f, store_red_act_done(f->db, id, RED_WITHDRAWN, "2026-11-20 10:00:00", &f->e));
	must(f, store_red_get(f->db, id, &r, &f->e));
	/* Nobody confirmed it: the time is that of the revocation. */
	assert_string_equal(r.letter.confirmed_at, "");
	red_record_free(&r);
	must_fail(f, ERR_INTERNAL, "red.action",
		  store_red_act_done(f->db, id, RED_WITHDRAWN, "", &f->e));
	assert_tallies(f);
	assert_history(
	    f, id,
	    "申请开票员[>];结果未知[>]:回音丢失;受理[>02];撤销开票员[02>02];撤销成功[02>08];");
	must(f, store_red_insert(f->db, &second, &f->e));
	must(f, store_red_progress(f->db, second.id, RED_REFUSED, "蓝字发票不存在", &f->e));
	assert_tallies(f);
	must(f, store_red_get(f->db, second.id, &r, &f->e));
	assert_string_equal(r.message, "蓝字发票不存在");
	assert_int_equal(red_record_situation(&r), RED_FAILED);
	red_record_free(&r);
	red_record_free(&second);
	must(f, db_commit(f->db, &f->e));
}

/* A refused one goes out again in its place, or is put away; either is told by its history. */
static void test_refused(void **state)
{
	struct fixture *f = *state;
	struct red_record r;
	char uuid[33];
	bool done = true;
	int64_t id, rival;

	must(f, db_begin(f->db, &f->e));
	id = apply(f, 1);
	must_fail(f, ERR_INVALID, "red.progress", store_red_drop(f->db, id, f->user, &done, &f->e));
	must(f, store_red_progress(f->db, id, RED_REFUSED, "已锁定", &f->e));
	must(f, store_red_drop(f->db, id, f->user, &done, &f->e));
	assert_false(done);
	must(f, store_red_drop(f->db, id, f->user, &done, &f->e));
	assert_true(done);
	assert_tallies(f);
	must(f, store_red_get(f->db, id, &r, &f->e));
	assert_int_equal(red_record_situation(&r), RED_VOID);
	/* Not beside another one for the same invoice. */
	rival = apply(f, 2);
	must_fail(f, ERR_INVALID, "red.open", store_red_reapply(f->db, &r, f->user, &f->e));
	must(f, store_red_progress(f->db, rival, RED_REFUSED, "", &f->e));
	r.created_at -= 1000;
	must(f, store_red_reapply(f->db, &r, f->user, &f->e));
	assert_int_equal(r.id, id);
	red_record_free(&r);
	assert_tallies(f);
	must(f, store_red_get(f->db, id, &r, &f->e));
	assert_int_equal(red_record_situation(&r), RED_ON_THE_WAY);
	assert_int_equal(r.letter.line_count, 1);
	assert_string_equal(r.message, "");
	assert_true(r.created_at >= clock_now() - 60);
	must_fail(f, ERR_INVALID, "red.progress", store_red_reapply(f->db, &r, f->user, &f->e));
	red_record_free(&r);
	uuid_of(1, uuid);
	must(f, store_red_applied(f->db, id, "26110000000000000001", uuid, RED_FREE,
				  "2026-11-20 09:59:00", &f->e));
	must_fail(f, ERR_INVALID, "red.progress", store_red_drop(f->db, id, f->user, &done, &f->e));
	assert_tallies(f);
	assert_history(f, id,
		       "申请开票员[>];申请失败[>]:已锁定;放弃开票员[>];重新提交开票员[>];"
		       "受理[>01];");
	must(f, db_commit(f->db, &f->e));
}

/* The list brought it in before its answer was known to be lost: one letter remains. */
static void test_adopt(void **state)
{
	struct fixture *f = *state;
	struct red_letter l;
	struct red_record r;
	int64_t id, twin;

	must(f, db_begin(f->db, &f->e));
	id = apply(f, 1);
	letter_of(&l, 1, RED_SELLER, RED_WAITS_BUYER);
	red_clear_lines(&l);
	twin = put(f, RED_SELLER, &l, RED_PUT_NEW);
	assert_true(twin != id);
	must(f, store_red_progress(f->db, id, RED_DOUBTFUL, "", &f->e));
	must(f, store_red_adopt(f->db, id, &l, &f->e));
	assert_tallies(f);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM red_letter"), 1);
	must(f, store_red_get(f->db, id, &r, &f->e));
	assert_int_equal(r.letter.state, RED_WAITS_BUYER);
	assert_string_equal(r.letter.uuid, l.uuid);
	assert_int_equal(r.letter.line_count, 1); /* ours */
	assert_true(r.detail_at > 0);
	red_record_free(&r);
	assert_int_equal(put(f, RED_SELLER, &l, RED_PUT_SAME), id);
	red_letter_free(&l);
	must(f, db_commit(f->db, &f->e));
}

/* Heads keep what a list does not tell; states and lines are the tax side's. */
static void test_put(void **state)
{
	struct fixture *f = *state;
	struct red_letter l;
	struct red_record r;
	int64_t id, ids[4], after = 0, at;
	size_t n;
	char until[DATE_TEXT];

	must(f, db_begin(f->db, &f->e));
	letter_of(&l, 1, RED_BUYER, RED_WAITS_SELLER);
	red_clear_lines(&l);
	id = put(f, RED_SELLER, &l, RED_PUT_NEW);
	must(f, store_red_bare_open(f->db, f->unit, RED_SELLER, &after, ids, 4, &n, &f->e));
	assert_int_equal(n, 1);
	assert_int_equal(ids[0], id);
	must(f, store_red_bare_open(f->db, f->unit, RED_SELLER, &after, ids, 4, &n, &f->e));
	assert_int_equal(n, 0);
	put(f, RED_SELLER, &l, RED_PUT_SAME);
	must(f, store_red_stale(f->db, f->unit, RED_SELLER, clock_now() + 1, ids, 4, &n, &f->e));
	assert_int_equal(n, 1);
	must(f, store_red_stale(f->db, f->unit, RED_BUYER, clock_now() + 1, ids, 4, &n, &f->e));
	assert_int_equal(n, 0);
	red_letter_free(&l);
	letter_of(&l, 1, RED_BUYER, RED_WAITS_SELLER);
	mem_set(&l.differential, "02");
	put(f, RED_SELLER, &l, RED_PUT_CHANGED); /* the lines came */
	mem_set(&l.differential, "");
	red_clear_lines(&l);
	put(f, RED_SELLER, &l, RED_PUT_SAME);
	l.state = RED_AGREED;
	text_copy(l.confirmed_at, DATETIME_TEXT, "2026-11-20 09:00:00");
	put(f, RED_SELLER, &l, RED_PUT_CHANGED);
	must(f, store_red_get(f->db, id, &r, &f->e));
	assert_int_equal(r.letter.line_count, 1);
	assert_string_equal(r.letter.differential, "02");
	assert_int_equal(red_record_situation(&r), RED_ISSUABLE);
	red_record_free(&r);
	after = 0;
	must(f, store_red_bare(f->db, f->unit, RED_SELLER, "", "", &after, ids, 4, &n, &f->e));
	assert_int_equal(n, 0);
	/* The same letter as the buyer's: another row. */
	assert_true(put(f, RED_BUYER, &l, RED_PUT_NEW) != id);
	assert_tallies(f);
	assert_history(f, id, "取得[>03];状态变化[03>04];");
	must(f, store_red_window(f->db, f->unit, RED_SELLER, until, &at, &f->e));
	assert_string_equal(until, "");
	must(f, store_red_set_window(f->db, f->unit, RED_SELLER, "2026-11-20", &f->e));
	must(f, store_red_window(f->db, f->unit, RED_SELLER, until, &at, &f->e));
	assert_string_equal(until, "2026-11-20");
	red_letter_free(&l);
	must(f, db_commit(f->db, &f->e));
}

/* Lines of a time when nobody added them up are asked for once more. */
static void test_recheck(void **state)
{
	struct fixture *f = *state;
	struct red_letter l;
	int64_t ids[6], after = 0;
	size_t n = 0;
	bool done = true;

	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 6; i++) {
		letter_of(&l, i + 1, RED_BUYER, RED_WAITS_SELLER);
		put(f, RED_SELLER, &l, RED_PUT_NEW);
		red_letter_free(&l);
	}
	must(f, db_commit(f->db, &f->e));
	run_sql(f, "UPDATE red_letter_line SET net = net - 1 WHERE letter_id ="
		   " (SELECT MIN(id) FROM red_letter)"); /* more than the head says */
	run_sql(f, "UPDATE red_letter_line SET quantity = '2' WHERE letter_id ="
		   " (SELECT MIN(id) + 2 FROM red_letter)"); /* gives something back */
	run_sql(f, "UPDATE red_letter_line SET price = 'x' WHERE letter_id ="
		   " (SELECT MIN(id) + 4 FROM red_letter)"); /* cannot be read */
	for (int i = 0; i < 4; i++) {
		must(f, store_red_recheck(f->db, 2, &done, &f->e));
		assert_int_equal(done, i == 3);
	}
	must(f, store_red_bare_open(f->db, f->unit, RED_SELLER, &after, ids, 6, &n, &f->e));
	assert_int_equal(n, 3);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM red_letter_line"), 3);
	/* Once: what comes now is added up before it is kept. */
	run_sql(f, "UPDATE red_letter_line SET net = 5");
	must(f, store_red_recheck(f->db, 2, &done, &f->e));
	assert_true(done);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM red_letter WHERE detail_at > 0"), 3);
}

/* ---- what rows lost -------------------------------------------------------------------------- */

static void test_taken(void **state)
{
	struct fixture *f = *state;
	struct red_letter l;
	struct red_taken *t;
	size_t n, bare;
	int64_t id;

	must(f, db_begin(f->db, &f->e));
	letter_of(&l, 1, RED_SELLER, RED_FREE);
	struct red_line *more = red_add_line(&l);
	more->blue_row = 3;
	more->rate_ppm = 130000;
	more->net_fen = -500;
	more->tax_fen = -65;
	l.net_fen -= 500;
	l.tax_fen -= 65;
	l.issued = true;
	put(f, RED_SELLER, &l, RED_PUT_NEW);
	red_letter_free(&l);
	letter_of(&l, 2, RED_SELLER, RED_WITHDRAWN); /* void: does not count */
	put(f, RED_SELLER, &l, RED_PUT_NEW);
	red_letter_free(&l);
	letter_of(&l, 3, RED_BUYER, RED_AGREED);
	l.lines[0].quantity = (struct dec) {.coef = -15, .scale = 1};
	l.issued = true;
	put(f, RED_SELLER, &l, RED_PUT_NEW);
	red_letter_free(&l);
	id = apply(f, 4);
	must(f, store_red_taken(f->db, f->unit, RED_SELLER, "", "26112000000000000001", 0, &t, &n,
				&bare, &f->e));
	assert_int_equal(n, 2);
	assert_int_equal(bare, 0);
	assert_int_equal(t[0].row, 1);
	assert_int_equal(t[0].net_fen, 60000);
	assert_int_equal(dec_cmp(t[0].quantity, (struct dec) {.coef = 55, .scale = 1}), 0);
	assert_int_equal(t[1].row, 3);
	assert_int_equal(t[1].tax_fen, 65);
	free(t);
	must(f, store_red_taken(f->db, f->unit, RED_SELLER, "", "26112000000000000001", id, &t, &n,
				&bare, &f->e));
	assert_int_equal(t[0].net_fen, 40000);
	free(t);
	/* A letter without lines here makes the answer a part of it. */
	letter_of(&l, 5, RED_SELLER, RED_FREE);
	red_clear_lines(&l);
	l.issued = true;
	put(f, RED_SELLER, &l, RED_PUT_NEW);
	red_letter_free(&l);
	must(f, store_red_taken(f->db, f->unit, RED_SELLER, "", "26112000000000000001", 0, &t, &n,
				&bare, &f->e));
	assert_int_equal(bare, 1);
	free(t);
	must(f, store_red_taken(f->db, f->unit, RED_BUYER, "", "26112000000000000001", 0, &t, &n,
				&bare, &f->e));
	assert_int_equal(n, 0);
	free(t);
	must(f, db_commit(f->db, &f->e));
}

static enum err count_row(void *arg, const struct red_row *row)
{
	(void)row;
	++*(int *)arg;
	return ERR_OK;
}

/* The 8 digits of an old number are told apart by the code beside them. */
static void test_old_numbers(void **state)
{
	static const char *const codes[] = {"4403201130", "4403201140", "4403201150"};
	struct fixture *f = *state;
	int64_t next;

	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 2; i++) {
		struct red_letter l;

		letter_of(&l, 1 + i, RED_SELLER, RED_FREE);
		mem_set(&l.blue_number, "12345678");
		mem_set(&l.blue_code, codes[i]);
		l.lines[0].net_fen -= i;
		l.net_fen -= i;
		put(f, RED_SELLER, &l, RED_PUT_NEW);
		red_letter_free(&l);
	}
	for (int i = 0; i < 3; i++) {
		struct red_filter q = {
		    .unit = f->unit, .blue_number = "12345678", .blue_code = codes[i], .limit = 9};
		struct red_taken *t;
		size_t n, bare;
		int rows = 0;

		must(f, store_red_taken(f->db, f->unit, RED_SELLER, codes[i], "12345678", 0, &t, &n,
					&bare, &f->e));
		assert_int_equal(n, i < 2);
		if (n)
			assert_int_equal(t[0].net_fen, 20000 + i);
		free(t);
		must(f, store_red_page(f->db, &q, count_row, &rows, &next, &f->e));
		assert_int_equal(rows, i < 2);
	}
	must(f, db_commit(f->db, &f->e));
}

/* One that the tax side says is not valid is over, whatever its state. */
static void test_not_valid(void **state)
{
	static const enum red_situation FREE = RED_ISSUABLE, GONE = RED_VOID;
	struct fixture *f = *state;
	struct red_letter l;
	int64_t next, id, ids[4];
	size_t n, bare;
	struct red_taken *t;
	const enum red_situation *const asked[] = {&FREE, &GONE};

	must(f, db_begin(f->db, &f->e));
	letter_of(&l, 1, RED_SELLER, RED_FREE);
	id = put(f, RED_SELLER, &l, RED_PUT_NEW);
	l.valid = false;
	assert_int_equal(put(f, RED_SELLER, &l, RED_PUT_CHANGED), id);
	red_letter_free(&l);
	assert_tallies(f);
	for (int i = 0; i < 2; i++) {
		struct red_filter q = {.unit = f->unit, .situation = asked[i], .limit = 9};
		int rows = 0;

		must(f, store_red_page(f->db, &q, count_row, &rows, &next, &f->e));
		assert_int_equal(rows, i);
	}
	must(f, store_red_taken(f->db, f->unit, RED_SELLER, "", "26112000000000000001", 0, &t, &n,
				&bare, &f->e));
	assert_int_equal(n, 0);
	free(t);
	must(f, store_red_stale(f->db, f->unit, RED_SELLER, INT64_MAX, ids, 4, &n, &f->e));
	assert_int_equal(n, 0);
	apply(f, 2); /* it keeps no other out */
	must(f, db_commit(f->db, &f->e));
}

/* E1: counts stay those of SQL, whatever is done in whatever order. */
static void test_random(void **state)
{
	struct fixture *f = *state;

	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 1500; i++) {
		struct red_letter l;
		struct red_record r;
		enum red_put what;
		int64_t id = 0, any = 1 + pick(80);
		switch (pick(6)) {
		case 0:
			r = (struct red_record) {.unit_id = f->unit};
			letter_of(&r.letter, 0, RED_SELLER, RED_UNKNOWN);
			mem_set(&r.letter.number, "");
			mem_set(&r.letter.uuid, "");
			store_red_insert(f->db, &r, NULL);
			red_record_free(&r);
			break;
		case 1:
			store_red_progress(f->db, any, (enum red_progress)pick(4), "x", NULL);
			break;
		case 2: {
			char uuid[33], no[40];
			uuid_of((int)pick(60), uuid);
			snprintf(no, sizeof(no), "2611%016d", i);
			store_red_applied(f->db, any, no, uuid, (enum red_state)(1 + pick(4)), "",
					  NULL);
			break;
		}
		case 3:
			store_red_act_begin(f->db, any, (enum red_action)pick(3), 0, NULL);
			store_red_act_done(f->db, any, (enum red_state)(1 + pick(9)), "", NULL);
			break;
		case 4:
			letter_of(&l, (int)pick(60), RED_SELLER, RED_FREE);
			store_red_adopt(f->db, any, &l, NULL);
			red_letter_free(&l);
			break;
		default:
			letter_of(&l, (int)pick(60), (enum red_side)pick(2),
				  (enum red_state)(1 + pick(13)));
			l.issued = l.state == RED_FREE && pick(2);
			must(f, store_red_put(f->db, f->unit, (enum red_side)pick(2), &l, &what,
					      &id, &f->e));
			red_letter_free(&l);
		}
		if (i % 50 == 0)
			assert_tallies(f);
	}
	assert_tallies(f);
	must(f, db_commit(f->db, &f->e));
}

/* ---- red invoices ---------------------------------------------------------------------------- */

static int64_t blue(struct fixture *f, const char *number, const char *at)
{
	struct invoice_record r;
	int64_t id;

	fixture_invoice(f, &r, "甲公司");
	r.state = INVOICE_NUMBERED;
	text_copy(r.invoice.number, sizeof(r.invoice.number), number);
	text_copy(r.invoice.issued_at, sizeof(r.invoice.issued_at), at);
	must(f, store_invoice_insert(f->db, &r, &f->e));
	id = r.id;
	must(f, store_invoice_set_state(f->db, id, INVOICE_SENDING, "", &f->e));
	must(f, store_invoice_set_state(f->db, id, INVOICE_ACCEPTED, "", &f->e));
	must(f, store_invoice_set_state(f->db, id, INVOICE_ISSUED, "", &f->e));
	invoice_record_free(&r);
	return id;
}

/* A letter over part of the blue one, free to be issued. */
static int64_t issuable(struct fixture *f, int n, const char *blue_number, const char *blue_at,
			int64_t net, int64_t tax)
{
	struct red_letter l;
	int64_t id;

	letter_of(&l, n, RED_SELLER, RED_FREE);
	mem_set(&l.blue_number, blue_number);
	text_copy(l.blue_issued_at, DATETIME_TEXT, blue_at);
	l.lines[0].has_quantity = false;
	l.lines[0].net_fen = l.net_fen = -net;
	l.lines[0].tax_fen = l.tax_fen = -tax;
	id = put(f, RED_SELLER, &l, RED_PUT_NEW);
	red_letter_free(&l);
	return id;
}

/* Its red invoice, with a number; 0 when it is refused. */
static int64_t red(struct fixture *f, int64_t letter, const char *number, const char *at)
{
	struct red_record from;
	struct invoice_record r = {.unit_id = f->unit, .created_by = f->user};
	enum err err;

	must(f, store_red_get(f->db, letter, &from, &f->e));
	must(f, tax_red_invoice(&from.letter, NULL, &r.invoice, &f->e));
	r.state = INVOICE_NUMBERED;
	text_copy(r.invoice.number, sizeof(r.invoice.number), number);
	text_copy(r.invoice.issued_at, sizeof(r.invoice.issued_at), at);
	err_clear(&f->e);
	must(f, db_begin(f->db, &f->e));
	err = store_invoice_insert(f->db, &r, &f->e);
	if (err)
		db_rollback(f->db);
	else
		must(f, db_commit(f->db, &f->e));
	red_record_free(&from);
	int64_t id = err ? 0 : r.id;
	invoice_record_free(&r);
	return id;
}

static void go(struct fixture *f, int64_t id, const enum invoice_state *states, size_t n)
{
	must(f, db_begin(f->db, &f->e));
	for (size_t i = 0; i < n; i++)
		must(f, store_invoice_set_state(f->db, id, states[i], "", &f->e));
	must(f, db_commit(f->db, &f->e));
}

static void issue(struct fixture *f, int64_t id)
{
	static const enum invoice_state way[] = {INVOICE_SENDING, INVOICE_ACCEPTED, INVOICE_ISSUED};

	go(f, id, way, 3);
}

static enum err note_row(void *arg, const struct invoice_row *row)
{
	*(enum invoice_reversal *)arg = row->reversed;
	return ERR_OK;
}

static enum invoice_reversal listed(struct fixture *f, const char *number)
{
	enum invoice_reversal got = REVERSALS;
	struct invoice_filter one = {.unit = f->unit, .number = number, .limit = 1};
	int64_t next;

	must(f, store_invoice_page(f->db, &one, note_row, &got, &next, &f->e));
	return got;
}

static int64_t unused(struct fixture *f, const char *month)
{
	struct quota_month m;

	must(f, store_quota_get(f->db, f->unit, month, &m, &f->e));
	return m.unused;
}

static enum red_situation situation(struct fixture *f, int64_t letter)
{
	struct red_record r;
	enum red_situation s;

	must(f, store_red_head(f->db, letter, &r, &f->e));
	s = red_record_situation(&r);
	red_record_free(&r);
	return s;
}

#define BLUE "26112000000000000001"
/* A letter is 处理中 from the number of its red invoice to the outcome, and while it is answered. */
static void test_under_way(void **state)
{
	static const enum invoice_state sent[] = {INVOICE_SENDING, INVOICE_UNKNOWN};
	static const enum invoice_state failed[] = {INVOICE_FAILED};
	static const enum invoice_state again[] = {INVOICE_NUMBERED, INVOICE_SENDING},
					put_away[] = {INVOICE_FAILED, INVOICE_VOID};
	struct fixture *f = *state;
	int64_t letter, red_id;

	must(f, db_begin(f->db, &f->e));
	blue(f, BLUE, "2026-11-02 09:00:00");
	letter = issuable(f, 1, BLUE, "2026-11-02 09:00:00", 4000, 520);
	must(f, store_red_act_begin(f->db, letter, RED_REVOKE, f->user, &f->e));
	assert_int_equal(situation(f, letter), RED_ON_THE_WAY);
	assert_tallies(f);
	must(f, store_red_act_failed(f->db, letter, "不行", &f->e));
	assert_int_equal(situation(f, letter), RED_ISSUABLE);
	must(f, db_commit(f->db, &f->e));
	red_id = red(f, letter, "26112000000000000901", "2026-11-20 10:00:00");
	assert_int_equal(situation(f, letter), RED_ON_THE_WAY);
	assert_tallies(f);
	go(f, red_id, sent, 2);
	assert_int_equal(situation(f, letter), RED_ON_THE_WAY);
	go(f, red_id, failed, 1);
	assert_int_equal(situation(f, letter), RED_ISSUABLE);
	assert_tallies(f);
	go(f, red_id, again, 2);
	assert_int_equal(situation(f, letter), RED_ON_THE_WAY);
	go(f, red_id, put_away, 2);
	assert_int_equal(situation(f, letter), RED_ISSUABLE);
	red_id = red(f, letter, "26112000000000000902", "2026-11-20 10:00:00");
	issue(f, red_id);
	assert_int_equal(situation(f, letter), RED_WAS_ISSUED);
	assert_tallies(f);
}

static void test_invoices(void **state)
{
	struct fixture *f = *state;
	static const enum invoice_state void_way[] = {INVOICE_SENDING, INVOICE_FAILED,
						      INVOICE_VOID};
	struct red_record r;
	struct red_link link;
	struct invoice_record rec;
	int64_t blue_id, part, rest, other, red_id, again;

	must(f, db_begin(f->db, &f->e));
	blue_id = blue(f, BLUE, "2026-11-03 09:00:00");
	part = issuable(f, 1, BLUE, "2026-11-03 09:00:00", 4000, 520);
	other = issuable(f, 3, "26112000000000000777", "2026-10-31 23:59:59", 1000, 130);
	must(f, db_commit(f->db, &f->e));
	must(f, store_red_head(f->db, part, &r, &f->e));
	assert_int_equal(r.blue_invoice_id, blue_id);
	red_record_free(&r);
	/* One letter, one living red invoice. */
	red_id = red(f, part, "26112000000000000101", "2026-11-20 10:00:00");
	assert_true(red_id > 0);
	assert_int_equal(red(f, part, "26112000000000000102", "2026-11-20 10:00:00"), 0);
	assert_string_equal(f->e.code, "red.issuing");
	go(f, red_id, void_way, 3);
	must(f, store_red_head(f->db, part, &r, &f->e));
	assert_int_equal(r.red_invoice_id, 0);
	assert_false(r.letter.issued);
	red_record_free(&r);
	again = red(f, part, "26112000000000000103", "2026-11-20 10:00:00");
	assert_true(again > 0 && again != red_id);
	assert_int_equal(listed(f, BLUE), REVERSED_NOT);
	issue(f, again);
	must(f, store_red_head(f->db, part, &r, &f->e));
	assert_true(r.letter.issued);
	assert_string_equal(r.letter.red_number, "26112000000000000103");
	assert_string_equal(r.letter.red_issued_at, "2026-11-20 10:00:00");
	assert_int_equal(r.red_invoice_id, again);
	red_record_free(&r);
	assert_int_equal(listed(f, BLUE), REVERSED_PART);
	must(f, store_red_link(f->db, blue_id, &link, &f->e));
	assert_false(link.red);
	assert_int_equal(link.reversed, REVERSED_PART);
	assert_int_equal(link.reversed_net, 4000);
	must(f, store_red_link(f->db, again, &link, &f->e));
	assert_true(link.red);
	assert_int_equal(link.blue_invoice_id, blue_id);
	assert_int_equal(link.letter_id, part);
	/* E30, N45: same month: the quota comes back, once. */
	assert_int_equal(unused(f, "2026-11"), 4000);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM quota_entry WHERE kind = 'red'"), 1);
	must(f, store_quota_audit(f->db, f->unit, &f->e));
	/* E30: another month: it does not. */
	issue(f, red(f, other, "26112000000000000104", "2026-11-20 10:00:00"));
	assert_int_equal(unused(f, "2026-11"), 4000);
	/* What is left: the mark is 已红冲. */
	must(f, db_begin(f->db, &f->e));
	rest = issuable(f, 2, BLUE, "2026-11-03 09:00:00", 6000, 780);
	must(f, db_commit(f->db, &f->e));
	issue(f, red(f, rest, "26112000000000000105", "2026-11-20 10:00:00"));
	assert_int_equal(listed(f, BLUE), REVERSED_WHOLE);
	assert_int_equal(unused(f, "2026-11"), 10000);
	must(f, store_invoice_head(f->db, blue_id, &rec, &f->e));
	assert_int_equal(rec.reversed, REVERSED_WHOLE);
	invoice_record_free(&rec);
	/* As stored, so loaded. */
	must(f, store_invoice_get(f->db, again, &rec, &f->e));
	assert_true(rec.invoice.red);
	assert_string_equal(rec.invoice.blue_number, BLUE);
	assert_int_equal(rec.invoice.lines[0].blue_row, 1);
	assert_int_equal(rec.invoice.lines[0].net_fen, -4000);
	assert_int_equal(rec.invoice.gross_fen, -4520);
	invoice_record_free(&rec);
	/* A list that has not heard of it yet takes nothing back. */
	must(f, db_begin(f->db, &f->e));
	struct red_letter l;
	enum red_put what;
	letter_of(&l, 1, RED_SELLER, RED_FREE);
	red_clear_lines(&l);
	must(f, store_red_put(f->db, f->unit, RED_SELLER, &l, &what, NULL, &f->e));
	red_letter_free(&l);
	must(f, db_commit(f->db, &f->e));
	must(f, store_red_head(f->db, part, &r, &f->e));
	assert_true(r.letter.issued);
	red_record_free(&r);
	assert_tallies(f);
}

/* Issued on the tax side's page: the list brings it, the blue one is marked all the same. */
static void test_elsewhere(void **state)
{
	struct fixture *f = *state;
	struct red_letter l;

	must(f, db_begin(f->db, &f->e));
	blue(f, BLUE, "2026-11-03 09:00:00");
	issuable(f, 1, BLUE, "2026-11-03 09:00:00", 10000, 1300);
	assert_int_equal(listed(f, BLUE), REVERSED_NOT);
	letter_of(&l, 1, RED_SELLER, RED_FREE);
	red_clear_lines(&l);
	l.net_fen = -10000;
	l.tax_fen = -1300;
	l.issued = true;
	mem_set(&l.red_number, "26112000000000000999");
	put(f, RED_SELLER, &l, RED_PUT_CHANGED);
	assert_int_equal(listed(f, BLUE), REVERSED_WHOLE);
	assert_int_equal(unused(f, "2026-11"), 0);
	red_letter_free(&l);
	must(f, db_commit(f->db, &f->e));
}

/* Its outcome is not known; the tax side's figure, which has it, is adopted meanwhile. */
static void test_quota_once(void **state)
{
	static const enum invoice_state doubt[] = {INVOICE_SENDING, INVOICE_UNKNOWN};
	static const enum invoice_state yes = INVOICE_ISSUED;
	struct fixture *f = *state;
	struct quota_month theirs = {.has_remote = true, .remote_unused = 4000};
	int64_t first, second, batch, difference;

	text_copy(theirs.month, sizeof(theirs.month), "2026-11");
	must(f, db_begin(f->db, &f->e));
	blue(f, BLUE, "2026-11-03 09:00:00");
	first = issuable(f, 1, BLUE, "2026-11-03 09:00:00", 4000, 520);
	second = issuable(f, 2, BLUE, "2026-11-03 09:00:00", 1000, 130);
	must(f, db_commit(f->db, &f->e));
	first = red(f, first, "26112000000000000101", "2026-11-20 10:00:00");
	must(f, db_begin(f->db, &f->e));
	must(f, store_batch_create(f->db, f->unit, &first, 1, &batch, &f->e));
	must(f, db_commit(f->db, &f->e));
	go(f, first, doubt, 2);
	clock_shift(60);
	must(f, db_begin(f->db, &f->e));
	must(f, store_invoice_set_person(f->db, first, 0, true, &f->e));
	must(f, store_quota_sync(f->db, f->unit, &theirs, &difference, &f->e));
	must(f, db_commit(f->db, &f->e));
	assert_int_equal(difference, 4000);
	go(f, first, &yes, 1);
	assert_int_equal(unused(f, "2026-11"), 4000);
	/* One that is sent later is not in that figure. */
	clock_shift(60);
	second = red(f, second, "26112000000000000102", "2026-11-20 10:02:00");
	must(f, db_begin(f->db, &f->e));
	must(f, store_batch_create(f->db, f->unit, &second, 1, &batch, &f->e));
	must(f, db_commit(f->db, &f->e));
	issue(f, second);
	assert_int_equal(unused(f, "2026-11"), 5000);
	must(f, store_quota_audit(f->db, f->unit, &f->e));
}

/* The tax side's word that our number is issued stands against giving it up. */
static void test_told_issued(void **state)
{
	static const enum invoice_state no[] = {INVOICE_SENDING, INVOICE_FAILED};
	struct fixture *f = *state;
	struct red_letter l;
	int64_t letter, id;
	bool told;

	must(f, db_begin(f->db, &f->e));
	letter = issuable(f, 1, BLUE, "2026-11-03 09:00:00", 4000, 520);
	must(f, db_commit(f->db, &f->e));
	id = red(f, letter, "26112000000000000101", "2026-11-20 10:00:00");
	go(f, id, no, 2);
	must(f, store_red_told_issued(f->db, id, &told, &f->e));
	assert_false(told);
	for (int i = 0; i < 2; i++) {
		letter_of(&l, 1, RED_SELLER, RED_FREE);
		red_clear_lines(&l);
		l.issued = true;
		mem_set(&l.red_number, i ? "26112000000000000101" : "26112000000000000999");
		must(f, db_begin(f->db, &f->e));
		put(f, RED_SELLER, &l, RED_PUT_CHANGED);
		must(f, db_commit(f->db, &f->e));
		red_letter_free(&l);
		must(f, store_red_told_issued(f->db, id, &told, &f->e));
		assert_int_equal(told, i);
	}
}

/* The schema step for a home that has letters under way: they are counted as such. */
static void test_step(void **state)
{
	static const char *const back[] = {
	    "DROP TABLE taxpayer_change",
	    "DROP INDEX red_letter_lapsed",
	    "ALTER TABLE red_letter DROP COLUMN lapsed",
	    "ALTER TABLE report_sum DROP COLUMN red_count",
	    "ALTER TABLE report_sum DROP COLUMN red_net",
	    "ALTER TABLE report_sum DROP COLUMN red_tax",
	    "UPDATE red_tally SET n = n + 7",
	    "ALTER TABLE recon_theirs DROP COLUMN blue_number",
	    "DROP INDEX red_letter_busy",
	    "ALTER TABLE red_letter DROP COLUMN making",
	    "PRAGMA user_version = 30",
	};
	struct fixture *f = *state;
	int64_t letter, refused, answered;

	must(f, db_begin(f->db, &f->e));
	blue(f, "26112000000000000077", "2026-11-02 09:00:00");
	letter = issuable(f, 1, "26112000000000000077", "2026-11-02 09:00:00", 4000, 520);
	answered = issuable(f, 2, "26112000000000000002", "2026-11-02 09:00:00", 4000, 520);
	must(f, store_red_act_begin(f->db, answered, RED_REVOKE, f->user, &f->e));
	refused = apply(f, 3);
	must(f, store_red_progress(f->db, refused, RED_REFUSED, "不行", &f->e));
	must(f, db_commit(f->db, &f->e));
	red(f, letter, "26112000000000000901", "2026-11-20 10:00:00");
	must(f, db_begin(f->db, &f->e));
	for (size_t i = 0; i < sizeof(back) / sizeof(back[0]); i++)
		must(f, db_run(f->db, &f->e, NULL, back[i], ""));
	must(f, db_commit(f->db, &f->e));
	db_close(&f->db);
	must(f, db_open(f->path, DB_WRITE, &f->db, &f->e));
	assert_tallies(f);
	assert_int_equal(situation(f, letter), RED_ON_THE_WAY);
	assert_int_equal(situation(f, answered), RED_ON_THE_WAY);
	assert_int_equal(situation(f, refused), RED_FAILED);
}

/* ---- what ended from outside ----------------------------------------------------------------- */

static int64_t ends(struct fixture *f, int n, enum red_side by, enum red_state to)
{
	struct red_letter l;
	int64_t id;

	letter_of(&l, n, by, by == RED_SELLER ? RED_WAITS_BUYER : RED_WAITS_SELLER);
	id = put(f, RED_SELLER, &l, RED_PUT_NEW);
	l.state = to;
	assert_int_equal(put(f, RED_SELLER, &l, RED_PUT_CHANGED), id);
	red_letter_free(&l);
	return id;
}

static void assert_lapsed(struct fixture *f, int all, int expired)
{
	struct red_lapsed n;

	must(f, store_red_lapsed(f->db, f->unit, &n, &f->e));
	assert_int_equal(n.all, all);
	assert_int_equal(n.expired, expired);
}

static enum err add_reason(void *arg, const struct red_row *row)
{
	char *text = arg;
	size_t n = strlen(text);

	snprintf(text + n, 400 - n, "%s%s ", row->unseen ? "*" : "", red_row_reason(row));
	return ERR_OK;
}

/* E18, E29: what the clock or the other side ended is told until it was looked at, each by itself;
 * what we ended ourselves is not.  The row says why. */
static void test_lapsed(void **state)
{
	struct fixture *f = *state;
	struct red_filter q = {.unit = f->unit, .limit = 20};
	struct red_letter l;
	char reasons[400] = "";
	int64_t denied, next;

	must(f, db_begin(f->db, &f->e));
	denied = ends(f, 2, RED_SELLER, RED_DENIED_BY_BUYER);
	assert_lapsed(f, 1, 0);
	ends(f, 3, RED_SELLER, RED_EXPIRED);
	assert_lapsed(f, 2, 1);
	ends(f, 4, RED_BUYER, RED_DENIED_BY_SELLER);
	ends(f, 5, RED_SELLER, RED_WITHDRAWN);
	assert_lapsed(f, 2, 1);
	ends(f, 6, RED_BUYER, RED_WITHDRAWN);
	assert_lapsed(f, 3, 1);
	letter_of(&l, 7, RED_SELLER, RED_EXPIRED); /* over before it was here */
	put(f, RED_SELLER, &l, RED_PUT_NEW);
	red_letter_free(&l);
	assert_lapsed(f, 3, 1);
	must(f, store_red_looked(f->db, f->unit, denied, &f->e));
	assert_lapsed(f, 2, 1);
	must(f, db_commit(f->db, &f->e));
	must(f, store_red_page(f->db, &q, add_reason, reasons, &next, &f->e));
	assert_non_null(strstr(reasons, "*超72小时 "));
	assert_memory_equal(reasons, "超72小时 ", strlen("超72小时 ")); /* the newest */
	assert_null(strstr(reasons, "*对方否认"));
	assert_non_null(strstr(reasons, "对方否认 "));
	assert_non_null(strstr(reasons, "我方否认 "));
	assert_non_null(strstr(reasons, "我方撤销 "));
	assert_non_null(strstr(reasons, "*对方撤销 "));
}

/* Letters go with their unit, unless one is on its way. */
static void test_unit(void **state)
{
	struct fixture *f = *state;
	struct red_letter l;
	int64_t id, asked;

	must(f, db_begin(f->db, &f->e));
	id = apply(f, 1);
	letter_of(&l, 2, RED_BUYER, RED_WAITS_SELLER);
	asked = put(f, RED_SELLER, &l, RED_PUT_NEW);
	red_letter_free(&l);
	must(f, store_red_set_window(f->db, f->unit, RED_SELLER, "2026-11-20", &f->e));
	must(f, db_commit(f->db, &f->e));
	must(f, db_begin(f->db, &f->e));
	assert_int_equal(store_unit_remove(f->db, f->unit, &f->e), ERR_INVALID);
	db_rollback(f->db);
	must(f, db_begin(f->db, &f->e));
	must(f, store_red_progress(f->db, id, RED_REFUSED, "不行", &f->e));
	must(f, db_commit(f->db, &f->e));
	must(f, db_begin(f->db, &f->e));
	must(f, store_red_act_begin(f->db, asked, RED_DENY, f->user, &f->e));
	assert_int_equal(store_unit_remove(f->db, f->unit, &f->e), ERR_INVALID);
	assert_non_null(strstr(f->e.why, "办理中的红字确认单"));
	db_rollback(f->db);
	must(f, db_begin(f->db, &f->e));
	must(f, store_unit_remove(f->db, f->unit, &f->e));
	must(f, db_commit(f->db, &f->e));
	assert_int_equal(scalar(f, "SELECT (SELECT COUNT(*) FROM red_letter)"
				   " + (SELECT COUNT(*) FROM red_letter_line)"
				   " + (SELECT COUNT(*) FROM red_history)"
				   " + (SELECT COUNT(*) FROM red_tally)"
				   " + (SELECT COUNT(*) FROM red_window)"),
			 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_application), T(test_adopt),     T(test_put),        T(test_taken),
	    T(test_old_numbers), T(test_not_valid), T(test_quota_once), T(test_told_issued),
	    T(test_recheck),     T(test_random),    T(test_invoices),   T(test_elsewhere),
	    T(test_unit),        T(test_refused),   T(test_under_way),  T(test_step),
	    T(test_lapsed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
