/* store_due.c - looks over very many units: none is left out because it is one of many. */
#include "store_fixture.h"

enum { MANY = 300, MONTHS = 150 };

static int setup(void **state)
{
	assert_true(clock_start("2025-11-20T10:00:00+08:00"));
	return fixture_setup(state);
}

static int teardown(void **state)
{
	clock_start(NULL);
	return fixture_teardown(state);
}

/* The codes of an environment are asked for by one unit, whichever it is. */
static void last_of_many_units(void **state)
{
	struct fixture *f = *state;
	struct job j = {.due_ms = 1};
	struct unit u;
	struct due d;

	must(f, db_begin(f->db, &f->e));
	for (int i = 0; i < MANY; i++) {
		char tax_no[24];

		snprintf(tax_no, sizeof(tax_no), "91440300MANY%06d", i);
		j.unit_id = fixture_using(f, ENV_PRACTICE, tax_no, f->direct);
	}
	must(f, db_run(f->db, &f->e, NULL,
		       "INSERT INTO taxcode (env, code, parent, name, short_name)"
		       " VALUES ('practice', '1', '', 'a', 'a')",
		       ""));
	must(f, db_commit(f->db, &f->e));
	must(f, store_unit_get(f->db, f->unit, &u, &f->e));
	must(f, store_due_codes(f->db, &u, clock_now(), &d, &f->e));
	assert_string_equal(d.kind, JOB_TAXCODES);
	assert_int_equal(d.open, 0);
	must(f, db_begin(f->db, &f->e));
	text_copy(j.kind, sizeof(j.kind), JOB_TAXCODES);
	must(f, store_job_add(f->db, &j, &f->e));
	must(f, db_commit(f->db, &f->e));
	must(f, store_due_codes(f->db, &u, clock_now(), &d, &f->e));
	assert_int_equal(d.open, j.id);
	unit_free(&u);
}

static enum err note(void *arg, const struct summary *s)
{
	*(int64_t *)arg = s->id;
	return ERR_OK;
}

/* Months that are told as summed up, page after page. */
static void last_of_many_months(void **state)
{
	struct fixture *f = *state;
	struct summary s = {.unit_id = f->unit};
	int64_t after = 0, before = -1;
	bool added;

	must(f, db_begin(f->db, &f->e));
	text_copy(s.month, sizeof(s.month), "2025-11");
	for (int i = 0; i < MONTHS; i++, summary_month_add(s.month, 1, s.month)) {
		must(f, store_summary_add(f->db, &s, &added, &f->e));
		s.state = SUMMARY_AUTO;
		must(f, store_summary_put(f->db, &s, &f->e));
	}
	must(f, db_commit(f->db, &f->e));
	while (after != before) {
		before = after;
		must(f, store_summary_summed(f->db, "2025-11", after, note, &after, &f->e));
	}
	assert_int_equal(after, s.id);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(last_of_many_units), T(last_of_many_months)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
