/* Numbers: order, segments, the audit (invariant I1), two processes at once. */
#include "unit/store_fixture.h"

#define FIRST "25447000000000000001"

static void clean_audit(struct fixture *f, struct number_audit *a)
{
	must(f, store_number_audit(f->db, f->unit, a, &f->e));
	if (a->unexplained)
		fail_msg("%d unexplained: %s", (int)a->unexplained, a->first_problem);
	const struct number_counts *c = &a->counts;
	assert_int_equal(c->total,
			 c->free + c->reserved + c->used + c->reusable + c->voided + c->expired);
}

/* A numbered invoice, as desk makes it. */
static int64_t issue(struct fixture *f, int year, char number[NUMBER_TEXT])
{
	struct invoice_record r;
	int64_t id = 0;
	fixture_invoice(f, &r, "买方");
	must(f, db_next_id(f->db, "invoice", &id, &f->e));
	r.id = id;
	r.state = INVOICE_NUMBERED;
	must(f, store_number_take(f->db, f->unit, year, id, r.invoice.number, &f->e));
	must(f, store_invoice_insert(f->db, &r, &f->e));
	text_copy(number, NUMBER_TEXT, r.invoice.number);
	invoice_record_free(&r);
	return id;
}

static void test_order_and_shortage(void **state)
{
	struct fixture *f = *state;
	char out[NUMBER_TEXT], want[NUMBER_TEXT];
	int64_t stock = -1;
	must(f, db_begin(f->db, &f->e));
	must_fail(f, ERR_INVALID, "numbers.short",
		  store_number_take(f->db, f->unit, 2025, 1, out, &f->e));
	assert_non_null(strstr(f->e.hint, "numbers claim"));
	fixture_segment(f, f->unit, "25447000000000000501", 3, 2025);
	fixture_segment(f, f->unit, FIRST, 4, 2025);
	fixture_segment(f, f->unit, "26447000000000000001", 5, 2026);
	must(f, store_number_stock(f->db, f->unit, 2025, &stock, &f->e));
	assert_int_equal(stock, 7);
	for (int i = 0; i < 7; i++) { /* the oldest claim first, then in order */
		must(f, store_number_take(f->db, f->unit, 2025, i, out, &f->e));
		snprintf(want, sizeof(want), "254470%014d", i < 3 ? 501 + i : 1 + i - 3);
		assert_string_equal(out, want);
	}
	must_fail(f, ERR_INVALID, "numbers.short",
		  store_number_take(f->db, f->unit, 2025, 9, out, &f->e));
	must(f, store_number_take(f->db, f->unit, 2026, 9, out, &f->e));
	assert_string_equal(out, "26447000000000000001");
	must_fail(f, ERR_INVALID, "numbers.short",
		  store_number_take(f->db, f->direct, 2026, 9, out, &f->e));
	must(f, db_commit(f->db, &f->e));
}

static void test_segments(void **state)
{
	struct fixture *f = *state;
	struct segment s = {.unit_id = f->unit, .size = 10, .year = 2025, .serial = "s1"};
	text_copy(s.first, sizeof(s.first), FIRST);
	text_copy(s.last, sizeof(s.last), "25447000000000000010");
	must(f, db_begin(f->db, &f->e));
	must(f, store_segment_add(f->db, &s, &f->e));
	must(f, store_segment_add(f->db, &s, &f->e)); /* a resumed claim */
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM segment"), 1);
	text_copy(s.last, sizeof(s.last), "25447000000000000011");
	must_fail(f, ERR_DAMAGED, "segment.form", store_segment_add(f->db, &s, &f->e));
	s.size = 11;
	must_fail(f, ERR_DAMAGED, "segment.overlap", store_segment_add(f->db, &s, &f->e));
	text_copy(s.serial, sizeof(s.serial), "s2");
	text_copy(s.first, sizeof(s.first), "25447000000000000010");
	text_copy(s.last, sizeof(s.last), "25447000000000000020");
	must_fail(f, ERR_DAMAGED, "segment.overlap", store_segment_add(f->db, &s, &f->e));
	s.unit_id = f->direct;
	must_fail(f, ERR_DAMAGED, "segment.overlap", store_segment_add(f->db, &s, &f->e));
	/* Another environment may have the same numbers (features N64). */
	int64_t direct = fixture_using(f, ENV_PRODUCTION, "91440300DIRECT0001", 0);
	s.unit_id = fixture_using(f, ENV_PRODUCTION, "91440300USING00001", direct);
	must(f, store_segment_add(f->db, &s, &f->e));
	s.size = 5001;
	text_copy(s.serial, sizeof(s.serial), "s3");
	must_fail(f, ERR_DAMAGED, "segment.form", store_segment_add(f->db, &s, &f->e));
	must(f, db_commit(f->db, &f->e));
}

static void test_number_states(void **state)
{
	struct fixture *f = *state;
	static const char *const words[] = {"reserved", "used", "reusable", "void"};
	static const char *const legal =
	    " reserved>used reserved>reusable reserved>void reusable>reserved reusable>void ";
	char number[NUMBER_TEXT], want[40];
	must(f, db_begin(f->db, &f->e));
	fixture_segment(f, f->unit, FIRST, 1, 2025);
	must(f, store_number_take(f->db, f->unit, 2025, 1, number, &f->e));
	for (int from = 0; from < 4; from++)
		for (int to = 0; to < 4; to++) {
			must(f, db_run(f->db, &f->e, NULL, "UPDATE number_taken SET state = ?", "s",
				       words[from]));
			snprintf(want, sizeof(want), " %s>%s ", words[from], words[to]);
			enum err got = store_number_set(f->db, f->unit, number, words[to], &f->e);
			assert_int_equal(got, strstr(legal, want) ? ERR_OK : ERR_INTERNAL);
		}
	must_fail(f, ERR_INTERNAL, "number.state",
		  store_number_set(f->db, f->unit, "25447000000000009999", "used", &f->e));
	must_fail(f, ERR_INTERNAL, "number.state",
		  store_number_set(f->db, f->direct, number, "used", &f->e));
	db_rollback(f->db);
}

/* ---- audit ----------------------------------------------------------------------------------- */

struct live {
	int64_t id;
	char number[NUMBER_TEXT];
	enum invoice_state state;
};

/* Moves an invoice and its number together, as the engine does. */
static void move(struct fixture *f, struct live *l, enum invoice_state to, const char *number_state)
{
	must(f, store_invoice_set_state(f->db, l->id, to, "", &f->e));
	if (number_state)
		must(f, store_number_set(f->db, f->unit, l->number, number_state, &f->e));
	l->state = to;
}

static void step(struct fixture *f, struct live *l)
{
	switch (l->state) {
	case INVOICE_NUMBERED:
		move(f, l, INVOICE_SENDING, NULL);
		break;
	case INVOICE_SENDING:
		move(f, l, pick(2) ? INVOICE_ACCEPTED : INVOICE_UNKNOWN, NULL);
		break;
	case INVOICE_ACCEPTED:
	case INVOICE_UNKNOWN:
		if (pick(2))
			move(f, l, INVOICE_ISSUED, "used");
		else
			move(f, l, INVOICE_FAILED, "reusable");
		break;
	case INVOICE_FAILED:
		if (pick(2))
			move(f, l, INVOICE_NUMBERED, "reserved");
		else
			move(f, l, INVOICE_VOID, "void");
		break;
	default:
		break;
	}
}

static void test_audit_stays_clean(void **state)
{
	struct fixture *f = *state;
	struct number_audit a;
	struct live live[200];
	size_t n = 0;
	int year = 2025, changed = 0;
	must(f, db_begin(f->db, &f->e));
	fixture_segment(f, f->unit, FIRST, 100, 2025);
	fixture_segment(f, f->unit, "25447000000000000201", 40, 2025);
	fixture_segment(f, f->unit, "26447000000000000001", 100, 2026);
	must(f, db_commit(f->db, &f->e));
	for (int i = 0; i < 1500; i++) {
		must(f, db_begin(f->db, &f->e));
		if (pick(5) == 0 && n < 170) {
			live[n].id = issue(f, year, live[n].number);
			live[n++].state = INVOICE_NUMBERED;
		} else if (n > 0) {
			step(f, &live[pick((uint32_t)n)]);
		}
		if (n == 110 && year == 2025) {
			year = 2026;
			must(f, store_segment_expire(f->db, f->unit, year, &changed, &f->e));
			assert_int_equal(changed, 1);
		}
		must(f, db_commit(f->db, &f->e));
		if (i % 50 == 0)
			clean_audit(f, &a);
	}
	clean_audit(f, &a);
	assert_int_equal(year, 2026);
	assert_int_equal(a.counts.total, 240);
	assert_int_equal(a.counts.expired, 30);
	assert_true(a.counts.used > 0 && a.counts.voided > 0 && a.counts.free > 0);
	must(f, store_number_audit(f->db, f->direct, &a, &f->e));
	assert_int_equal(a.counts.total, 0);
}

/* Each of these is one wrong row; the audit names it. */
static void test_audit_finds(void **state)
{
	struct fixture *f = *state;
	static const char *const harms[] = {
	    "UPDATE segment SET taken = taken + 1",
	    "UPDATE segment SET taken = taken - 1",
	    "UPDATE segment SET reserved = reserved + 1",
	    "UPDATE segment SET used = used - 1, voided = voided + 1",
	    "UPDATE segment SET state = 'used'",
	    "UPDATE segment SET size = size + 1",
	    "UPDATE segment SET last_number = '25447000000000000021'",
	    "DELETE FROM number_taken WHERE number = '25447000000000000003'",
	    "UPDATE number_taken SET number = '25447000000000000019' WHERE number ="
	    " '25447000000000000003'",
	    "UPDATE number_taken SET number = '25447000000000000000' WHERE number ="
	    " '25447000000000000001'",
	    "UPDATE number_taken SET state = 'used' WHERE number = '25447000000000000002'",
	    "UPDATE number_taken SET state = 'void' WHERE number = '25447000000000000001'",
	    "UPDATE number_taken SET invoice_id = invoice_id + 1 WHERE number ="
	    " '25447000000000000001'",
	    "UPDATE number_taken SET invoice_id = 777 WHERE number = '25447000000000000001'",
	    "UPDATE invoice SET number = NULL WHERE number = '25447000000000000001'",
	    "UPDATE invoice SET number = '25447000000000000011' WHERE number ="
	    " '25447000000000000001'",
	    "UPDATE invoice SET state = 'failed' WHERE number = '25447000000000000001'",
	    "UPDATE invoice SET state = 'issued' WHERE number = '25447000000000000002'",
	    "UPDATE invoice SET state = 'draft' WHERE number = '25447000000000000002'",
	};
	struct number_audit a;
	char number[NUMBER_TEXT];
	must(f, db_begin(f->db, &f->e));
	fixture_segment(f, f->unit, FIRST, 20, 2025);
	for (int i = 0; i < 6; i++) {
		struct live l = {.state = INVOICE_NUMBERED};
		l.id = issue(f, 2025, number);
		text_copy(l.number, sizeof(l.number), number);
		if (i % 3 == 0) {
			move(f, &l, INVOICE_SENDING, NULL);
			move(f, &l, INVOICE_ACCEPTED, NULL);
			move(f, &l, INVOICE_ISSUED, "used");
		}
	}
	must(f, db_commit(f->db, &f->e));
	clean_audit(f, &a);
	for (size_t i = 0; i < sizeof(harms) / sizeof(harms[0]); i++) {
		int changed = 0;
		must(f, db_begin(f->db, &f->e));
		must(f, db_run(f->db, &f->e, &changed, harms[i], ""));
		assert_int_equal(changed, 1);
		must(f, store_number_audit(f->db, f->unit, &a, &f->e));
		if (a.unexplained == 0 || !a.first_problem[0])
			fail_msg("not found: %s", harms[i]);
		db_rollback(f->db);
	}
	clean_audit(f, &a);
}

static enum err see_segment(void *arg, const struct segment *s, const struct number_counts *c)
{
	int64_t *seen = arg;
	if (seen[0] > 0)
		assert_true(s->id < seen[1]);
	seen[0]++;
	seen[1] = s->id;
	seen[2] += c->reserved;
	assert_int_equal(c->total, s->size);
	assert_int_equal(c->free + c->reserved, s->size);
	return ERR_OK;
}

static void test_segment_list(void **state)
{
	struct fixture *f = *state;
	char number[NUMBER_TEXT], first[NUMBER_TEXT], day[DATE_TEXT];
	int64_t seen[3] = {0};
	assert_true(clock_start("2025-11-20T10:00:00+08:00"));
	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < 5; i++) {
		snprintf(first, sizeof(first), "254470%014d", 1 + i * 10);
		fixture_segment(f, f->unit, first, 10, 2025);
	}
	for (int i = 0; i < 7; i++)
		issue(f, 2025, number);
	must(f, db_commit(f->db, &f->e));
	must(f, store_segment_list(f->db, f->unit, NULL, NULL, 0, 3, see_segment, seen, &f->e));
	assert_int_equal(seen[0], 3);
	must(f,
	     store_segment_list(f->db, f->unit, NULL, NULL, seen[1], 3, see_segment, seen, &f->e));
	assert_int_equal(seen[0], 5);
	assert_int_equal(seen[2], 7);
	memset(seen, 0, sizeof(seen));
	date_text(clock_now(), day);
	must(f, store_segment_list(f->db, f->unit, day, day, 0, 9, see_segment, seen, &f->e));
	assert_int_equal(seen[0], 5);
	must(f, store_segment_list(f->db, f->unit, "2025-11-21", NULL, 0, 9, see_segment, seen,
				   &f->e));
	must(f, store_segment_list(f->db, f->unit, NULL, "2025-11-19", 0, 9, see_segment, seen,
				   &f->e));
	assert_int_equal(seen[0], 5);
}

/* ---- two processes --------------------------------------------------------------------------- */

static int take_many(struct fixture *f, int n)
{
	if (db_open(f->path, DB_WRITE, &f->db, &f->e))
		return 1;
	for (int i = 0; i < n; i++) {
		char number[NUMBER_TEXT];
		must(f, db_begin(f->db, &f->e));
		issue(f, 2025, number);
		must(f, db_commit(f->db, &f->e));
	}
	db_close(&f->db);
	return 0;
}

static void test_two_processes(void **state)
{
	struct fixture *f = *state;
	struct number_audit a;
	pid_t child[3];
	must(f, db_begin(f->db, &f->e));
	fixture_segment(f, f->unit, FIRST, 100, 2025);
	fixture_segment(f, f->unit, "25447000000000000201", 100, 2025);
	must(f, db_commit(f->db, &f->e));
	db_close(&f->db);
	for (int i = 0; i < 3; i++) {
		child[i] = fork();
		if (child[i] == 0)
			_exit(take_many(f, 50));
	}
	for (int i = 0; i < 3; i++) {
		int status = -1;
		waitpid(child[i], &status, 0);
		assert_int_equal(status, 0);
	}
	must(f, db_open(f->path, DB_WRITE, &f->db, &f->e));
	clean_audit(f, &a);
	assert_int_equal(a.counts.reserved, 150);
	assert_int_equal(scalar(f, "SELECT COUNT(DISTINCT number) FROM invoice"), 150);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
static int64_t stock(struct fixture *f, int year)
{
	int64_t n = 0;

	must(f, store_number_stock(f->db, f->unit, year, &n, &f->e));
	return n;
}

static void expire(struct fixture *f, int year)
{
	int changed = 0;

	must(f, db_begin(f->db, &f->e));
	must(f, store_segment_expire(f->db, f->unit, year, &changed, &f->e));
	must(f, db_commit(f->db, &f->e));
}

/* A clock that was in the next year for a moment costs no numbers; a restore does. */
static void test_year_that_was_not(void **state)
{
	struct fixture *f = *state;
	bool any = true, late = true;

	must(f, db_begin(f->db, &f->e));
	fixture_segment(f, f->unit, FIRST, 100, 2025);
	must(f, db_commit(f->db, &f->e));
	expire(f, 2026);
	assert_int_equal(stock(f, 2025), 0);
	must(f, store_segment_amiss(f->db, f->unit, 2026, &any, &late, &f->e));
	assert_false(any);
	must(f, store_segment_amiss(f->db, f->unit, 2025, &any, &late, &f->e));
	assert_true(any);
	expire(f, 2025);
	assert_int_equal(stock(f, 2025), 100);
	must(f, db_begin(f->db, &f->e));
	must(f, store_segment_expire_all(f->db, &f->e));
	fixture_segment(f, f->unit, "25447000000000000201", 40, 2025);
	must(f, db_commit(f->db, &f->e));
	expire(f, 2026);
	expire(f, 2025);
	assert_int_equal(stock(f, 2025), 40);
	/* Of a home that has noted the time of its restore alone. */
	must(f, db_begin(f->db, &f->e));
	must(f, store_setting_set(f->db, "home", "restored_segment", NULL, &f->e));
	must(f, store_setting_set(f->db, "home", "restored_at", "99999999999", &f->e));
	must(f, db_commit(f->db, &f->e));
	must(f, store_segment_amiss(f->db, f->unit, 2025, &any, &late, &f->e));
	assert_false(any);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_order_and_shortage), T(test_segments),          T(test_number_states),
	    T(test_audit_stays_clean),  T(test_audit_finds),       T(test_segment_list),
	    T(test_two_processes),      T(test_year_that_was_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
