/* Issuing in rounds, the desk stubbed: what is missing is asked for, and another writer is no
 * reason to refuse - neither when something is to be written nor when it is looked whether jobs
 * rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/screen/buttons.h"
#include "ui/screen/rounds.h"

static struct {
	size_t missing;            /* jobs that preparing puts */
	const char *prepare_fails; /* codes, NULL: it goes well */
	const char *issue_fails;
	const char *settled_fails;
	bool settled;
	enum err verdict;
	int prepared, issued, shown;
	enum err trouble; /* that issue was told */
	bool hurry;
} desk;
static struct session session;

struct session *ui_session(void)
{
	return &session;
}

void ui_wake_engine(void)
{
}

bool desk_hurry(struct session *s, bool on)
{
	bool before = desk.hurry;

	(void)s;
	desk.hurry = on;
	return before;
}

void desk_wait_free(struct desk_wait *w)
{
	memset(w, 0, sizeof(*w));
}

static enum err no(const char *code, struct err_info *e)
{
	enum err class = strcmp(code, "db.busy") ? ERR_INVALID : ERR_BUSY;

	return err_fail(e, class, code, "办理", "没有成");
}

enum err desk_wait_settled(void *arg, struct db *db, bool *done, struct err_info *e)
{
	(void)arg;
	(void)db;
	*done = desk.settled;
	return desk.settled_fails ? no(desk.settled_fails, e) : ERR_OK;
}

enum err desk_wait_verdict(struct session *s, const struct desk_wait *w, struct err_info *e)
{
	(void)s;
	(void)w;
	if (desk.verdict)
		err_fail(e, desk.verdict, "wait.off", "连接", "连不上");
	return desk.verdict;
}

static enum err prepare(void *arg, struct desk_wait *w, struct err_info *e)
{
	(void)arg;
	assert_true(desk.hurry);
	desk.prepared++;
	w->job_count = desk.missing;
	return desk.prepare_fails ? no(desk.prepare_fails, e) : ERR_OK;
}

static enum err issue(void *arg, const struct err_info *trouble, struct err_info *e)
{
	(void)arg;
	assert_true(desk.hurry);
	desk.issued++;
	desk.trouble = trouble->class;
	return desk.issue_fails ? no(desk.issue_fails, e) : ERR_OK;
}

static void show(void *arg, bool entered)
{
	(void)arg;
	(void)entered;
	desk.shown++;
}

static const struct rounds_ops OPS = {prepare, issue, show};

static struct rounds begin(void)
{
	return (struct rounds) {.ops = &OPS};
}

static int setup(void **state)
{
	(void)state;
	memset(&desk, 0, sizeof(desk));
	return 0;
}

static void test_nothing_missing(void **state)
{
	struct rounds r = begin();

	(void)state;
	rounds_begin(&r);
	assert_int_equal(r.phase, ROUNDS_ISSUED);
	assert_int_equal(desk.trouble, ERR_OK);
	assert_int_equal(rounds_idle(&r), -1);
	assert_false(desk.hurry);
	/* What changes later is nothing to issue again. */
	rounds_look(&r);
	assert_int_equal(desk.issued, 1);
}

/* Numbers that were there when it was looked are another's: what is missing is asked for, a few
 * times; not when asking has failed. */
static void test_another_was_quicker(void **state)
{
	struct rounds r = begin();

	(void)state;
	desk.issue_fails = "numbers.short";
	rounds_begin(&r);
	assert_int_equal(r.phase, ROUNDS_REFUSED);
	assert_int_equal(desk.issued, 4);
	setup(state);
	r = begin();
	desk.issue_fails = "numbers.short";
	desk.missing = 1;
	rounds_begin(&r);
	assert_int_equal(r.phase, ROUNDS_CHECKING);
	desk.settled = true;
	desk.verdict = ERR_REFUSED;
	rounds_look(&r);
	assert_int_equal(r.phase, ROUNDS_REFUSED);
	assert_int_equal(desk.issued, 1);
}

static void test_three_rounds_at_most(void **state)
{
	struct rounds r = begin();

	(void)state;
	desk.missing = 2;
	rounds_begin(&r);
	assert_int_equal(r.phase, ROUNDS_CHECKING);
	rounds_look(&r);
	assert_int_equal(desk.prepared, 1);
	desk.settled = true;
	rounds_look(&r);
	rounds_look(&r);
	assert_int_equal(desk.prepared, 3);
	assert_int_equal(desk.issued, 0);
	rounds_look(&r);
	assert_int_equal(desk.prepared, 3);
	assert_int_equal(r.phase, ROUNDS_ISSUED);
}

static void test_trouble_is_told(void **state)
{
	struct rounds r = begin();

	(void)state;
	desk.missing = 1;
	desk.settled = true;
	desk.verdict = ERR_BUSY;
	desk.issue_fails = "seller.old";
	rounds_begin(&r);
	rounds_look(&r);
	assert_int_equal(desk.trouble, ERR_BUSY);
	assert_int_equal(r.phase, ROUNDS_REFUSED);
	assert_string_equal(r.refusal.code, "seller.old");
	assert_false(desk.hurry);
}

static void test_a_writer_before(void **state)
{
	struct rounds r = begin();

	(void)state;
	desk.prepare_fails = "db.busy";
	rounds_begin(&r);
	assert_int_equal(r.phase, ROUNDS_CHECKING);
	assert_true(r.late);
	/* Jobs there are none: nothing to look at. */
	desk.settled = true;
	rounds_look(&r);
	assert_int_equal(desk.issued, 0);
	assert_true(rounds_idle(&r) > 0);
	desk.prepare_fails = NULL;
	desk.issue_fails = "db.busy";
	assert_true(rounds_idle(&r) > 0);
	assert_int_equal(r.phase, ROUNDS_CHECKING);
	desk.issue_fails = NULL;
	assert_int_equal(rounds_idle(&r), -1);
	assert_int_equal(r.phase, ROUNDS_ISSUED);
}

/* The last change of the store may be the one that could not be read: it is looked once more. */
static void test_a_writer_while_looking(void **state)
{
	struct rounds r = begin();

	(void)state;
	desk.missing = 1;
	rounds_begin(&r);
	desk.settled_fails = "db.busy";
	rounds_look(&r);
	assert_int_equal(r.phase, ROUNDS_CHECKING);
	assert_true(rounds_idle(&r) > 0);
	assert_int_equal(desk.prepared, 1);
	desk.settled_fails = NULL;
	desk.settled = true;
	desk.missing = 0;
	assert_int_equal(rounds_idle(&r), -1);
	assert_int_equal(r.phase, ROUNDS_ISSUED);
	assert_int_equal(desk.prepared, 2);
}

static void test_unreadable(void **state)
{
	struct rounds r = begin();

	(void)state;
	desk.missing = 1;
	rounds_begin(&r);
	desk.settled_fails = "db.damaged";
	rounds_look(&r);
	assert_int_equal(r.phase, ROUNDS_REFUSED);
	assert_int_equal(rounds_idle(&r), -1);
}

static void test_buttons(void **state)
{
	static const struct button ROW[] = {
	    {"返回", ACT_BACK}, {"开具", ACT_ISSUE}, {NULL, ACT_NONE}};

	(void)state;
	assert_int_equal(buttons_count(ROW), 2);
	assert_int_equal(buttons_step(ROW, 1, 1), 0);
	assert_int_equal(buttons_step(ROW, 0, -1), 1);
	assert_int_equal(buttons_find(ROW, ACT_ISSUE), 1);
	assert_int_equal(buttons_find(ROW, ACT_MAIL), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_nothing_missing, setup),
	    cmocka_unit_test_setup(test_another_was_quicker, setup),
	    cmocka_unit_test_setup(test_three_rounds_at_most, setup),
	    cmocka_unit_test_setup(test_trouble_is_told, setup),
	    cmocka_unit_test_setup(test_a_writer_before, setup),
	    cmocka_unit_test_setup(test_a_writer_while_looking, setup),
	    cmocka_unit_test_setup(test_unreadable, setup),
	    cmocka_unit_test(test_buttons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
