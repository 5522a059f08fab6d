/* The work of importing units grows with the rows, not with rows times units (features B18): the
 * steps of the database are counted, not the time. */
#include <sqlite3.h>

#include "desk/transfer.h"
#include "desk_lab.h"
#include "store/db_sqlite_p.h"

enum { FEW = 100, MANY = 4 * FEW, TEXT_MAX = 1 << 20 };

static int count_steps(unsigned what, void *steps, void *statement, void *ns)
{
	(void)what;
	(void)ns;
	*(int64_t *)steps += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
	return 0;
}

/* Imports rows from..to-1, new units all of them; how many steps that took. */
static int64_t work(struct lab *lab, int from, int to)
{
	struct import_options o = {.table = "unit"};
	struct import_report r;
	int64_t steps = 0;
	char path[200];
	struct buf b;
	int i;

	buf_init(&b, TEXT_MAX);
	buf_adds(&b, "企业名称,税号,乐企ID,企业角色,直连单位税号\n");
	for (i = from; i < to; i++)
		buf_addf(&b, "公司%d,9144030%08d,%020d,使用单位," LAB_DIRECT "\n", i, i, i);
	lab_write(lab, "units.csv", buf_str(&b), path);
	buf_free(&b);
	o.file = path;
	sqlite3_trace_v2(lab->s->db->raw, SQLITE_TRACE_PROFILE, count_steps, &steps);
	if (desk_import(lab->s, &o, NULL, &r, &lab->e))
		fail_msg("%s: %s", lab->e.code, lab->e.why);
	sqlite3_trace_v2(lab->s->db->raw, 0, NULL, NULL);
	assert_int_equal(r.added, to - from);
	import_report_free(&r);
	return steps;
}

static void verify_direct(struct lab *lab)
{
	struct unit u;

	assert_int_equal(store_unit_find(lab->s->db, LAB_DIRECT, "direct", NULL, &u, &lab->e),
			 ERR_OK);
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_unit_set_state(lab->s->db, u.id, true, "", &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	unit_free(&u);
}

static void grows_with_the_rows(void **state)
{
	struct lab *lab = *state;
	int64_t few, many;

	assert_int_equal(lab_add_direct(lab, "https://localhost:8443/access/v2/invoke"), ERR_OK);
	verify_direct(lab);
	few = work(lab, 0, FEW);
	many = work(lab, FEW, FEW + MANY);
	assert_true(few > 0);
	if (many > 6 * few) /* four times the rows; the units there are five times as many */
		fail_msg("%lld steps for %d rows, %lld for %d", (long long)few, FEW,
			 (long long)many, MANY);
	/* The same number of rows beside more units. */
	many = work(lab, FEW + MANY, 2 * FEW + MANY);
	if (many > 2 * few)
		fail_msg("%lld steps beside few units, %lld beside many", (long long)few,
			 (long long)many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(grows_with_the_rows, lab_open, lab_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
