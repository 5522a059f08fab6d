/* What the flow tests of imports cannot see: tables that belong together, memory, notes, the job of
 * a dead import, who may. */
#include "unit/desk_lab.h"

#include "desk/import_p.h"

static const struct import_kind *const KINDS[] = {&import_buyers, &import_goods, &import_codes,
						  &import_units};

static void knows_every_column_it_uses(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		const struct sheet_table *t = sheet_table(KINDS[i]->table);

		assert_non_null(t);
		assert_ptr_equal(import_kind(KINDS[i]->table), KINDS[i]);
		assert_string_equal(desk_transfer_name(i), KINDS[i]->table);
		for (k = 0; KINDS[i]->keys[k]; k++) {
			if (sheet_column(t, KINDS[i]->keys[k]) < 0)
				fail_msg("%s lacks %s", KINDS[i]->table, KINDS[i]->keys[k]);
		}
		assert_true(k < IMPORT_KEYS);
	}
	assert_null(desk_transfer_name(i));
	assert_null(import_kind("nothing"));
}

/* A cell that passes the table passes the form: the same limits. */
static void has_the_limits_of_the_form(void **state)
{
	const struct {
		const struct import_kind *kind;
		const struct catalogue_field *fields;
	} both[] = {{&import_buyers, buyer_fields}, {&import_goods, goods_fields}};
	size_t i, k;

	(void)state;
	for (i = 0; i < 2; i++) {
		const struct sheet_table *t = sheet_table(both[i].kind->table);

		for (k = 0; both[i].fields[k].key; k++) {
			const struct catalogue_field *f = &both[i].fields[k];
			int column = sheet_column(t, f->key);

			assert_string_equal(both[i].kind->keys[k], f->key);
			if (t->columns[column].max_chars > f->max_chars)
				fail_msg("%s.%s: %u > %u", t->name, f->key,
					 t->columns[column].max_chars, f->max_chars);
		}
	}
}

static void keeps_texts_until_it_is_emptied(void **state)
{
	struct import_batch *b = mem_zalloc(sizeof(*b));
	const char *texts[2000];
	char text[3000];
	size_t i, round;

	(void)state;
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 2000; i++) {
			memset(text, 'a' + (int)(i % 26), i);
			texts[i] = import_batch_text(b, text, i);
			assert_int_equal((uintptr_t)import_batch_take(b, 1) % sizeof(void *), 0);
		}
		for (i = 0; i < 2000; i++) {
			assert_int_equal(strlen(texts[i]), i);
			assert_true(!i || texts[i][i - 1] == 'a' + (int)(i % 26));
		}
		assert_true(import_batch_full(b));
		assert_non_null(import_batch_take(b, 4 << 20)); /* larger than any block */
		import_batch_empty(b);
		assert_false(import_batch_full(b));
	}
	import_batch_free(b);
}

static void office(struct lab *lab)
{
	assert_int_equal(lab_add_direct(lab, "https://localhost:8443/access/v2/invoke"), ERR_OK);
	assert_int_equal(lab_add_using(lab, LAB_USING, "公司"), ERR_OK);
}

static enum err import(struct lab *lab, const char *text, struct import_options o,
		       struct import_progress *p, struct import_report *r)
{
	char path[200];

	lab_write(lab, "in.csv", text, path);
	o.table = "buyers";
	o.file = path;
	return desk_import(lab->s, &o, p, r, &lab->e);
}

static void tells_faults_after_many_warnings(void **state)
{
	struct lab *lab = *state;
	struct import_report r;
	struct buf b;
	char *text;
	int i;

	office(lab);
	buf_init(&b, 1 << 20);
	buf_adds(&b, "名称,税号\n");
	for (i = 0; i < 500; i++)
		buf_addf(&b, "公司%d,91440300MAKP%05d0\n", i, i); /* mostly a wrong check digit */
	for (i = 0; i < 3; i++)
		buf_addf(&b, "坏公司%d,!!\n", i);
	assert_int_equal(import(lab, buf_str(&b), (struct import_options) {0}, NULL, &r),
			 ERR_INVALID);
	assert_string_equal(lab->e.code, "import.failed");
	assert_true(r.warned > IMPORT_NOTES);
	assert_true(r.note_count <= IMPORT_NOTES);
	assert_int_equal(r.failed, 3);
	assert_true(r.notes[r.note_count - 1].fault && r.notes[r.note_count - 3].fault);
	assert_int_equal(r.notes[r.note_count - 1].row, 504);
	assert_false(r.stored);
	text = import_report_text(&r);
	assert_non_null(strstr(text, "失败 3 行，共 503 行，什么都没有导入"));
	free(text);
	import_report_free(&r);
	buf_free(&b);
}

static struct job job_of(struct lab *lab, int64_t id)
{
	struct job j;

	assert_int_equal(store_job_get(lab->s->db, id, &j, &lab->e), ERR_OK);
	return j;
}

static void ends_its_job_when_it_is_cancelled(void **state)
{
	struct lab *lab = *state;
	struct import_progress p = {.cancel = true};
	struct import_report r;
	struct job j;

	office(lab);
	assert_int_equal(import(lab, "名称\n甲\n", (struct import_options) {0}, &p, &r),
			 ERR_INVALID);
	assert_string_equal(lab->e.code, "import.cancelled");
	j = job_of(lab, r.job);
	assert_int_equal(j.state, JOB_CANCELLED);
	assert_non_null(strstr(j.error_text, "取消"));
	job_free(&j);
	import_report_free(&r);
	p.cancel = false;
	assert_int_equal(import(lab, "名称\n甲\n", (struct import_options) {0}, &p, &r), ERR_OK);
	assert_int_equal(r.added, 1);
	assert_int_equal(p.rows, 1);
	assert_int_equal(p.done, p.total);
	import_report_free(&r);
}

static enum err count_job(void *arg, const struct job *j)
{
	(void)j;
	++*(int *)arg;
	return ERR_OK;
}

static int64_t left_running(struct lab *lab)
{
	struct job j = {.due_ms = clock_now_ms()};

	text_copy(j.kind, sizeof(j.kind), JOB_IMPORT);
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_job_add(lab->s->db, &j, &lab->e), ERR_OK);
	assert_int_equal(store_job_running(lab->s->db, j.id, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	return j.id;
}

static void mends_the_job_of_a_dead_import(void **state)
{
	struct lab *lab = *state;
	struct job_query q = {.limit = 10};
	struct import_report r;
	char path[HOME_PATH];
	struct job j;
	int64_t id = left_running(lab), next, total;
	int lock = -1, seen = 0;

	office(lab);
	/* While somebody imports it may be his. */
	assert_int_equal(home_path(lab->home, HOME_IMPORT_LOCK, path, &lab->e), ERR_OK);
	assert_int_equal(file_lock(path, &lock, &lab->e), ERR_OK);
	assert_int_equal(desk_job_list(lab->s, &q, count_job, &seen, &next, &total, &lab->e),
			 ERR_OK);
	j = job_of(lab, id);
	assert_int_equal(j.state, JOB_RUNNING);
	job_free(&j);
	assert_int_equal(import(lab, "名称\n甲\n", (struct import_options) {0}, NULL, &r),
			 ERR_BUSY);
	assert_string_equal(lab->e.code, "import.running");
	import_report_free(&r);
	file_unlock(&lock);

	assert_int_equal(desk_job_list(lab->s, &q, count_job, &seen, &next, &total, &lab->e),
			 ERR_OK);
	j = job_of(lab, id);
	assert_int_equal(j.state, JOB_FAILED);
	assert_non_null(strstr(j.error_text, "中断，什么都没有导入"));
	job_free(&j);
	/* And the next import does the same. */
	id = left_running(lab);
	assert_int_equal(import(lab, "名称\n甲\n", (struct import_options) {0}, NULL, &r), ERR_OK);
	j = job_of(lab, id);
	assert_int_equal(j.state, JOB_FAILED);
	job_free(&j);
	import_report_free(&r);
}

static void is_not_for_those_who_only_look(void **state)
{
	struct lab *lab = *state;
	struct import_report r;

	office(lab);
	text_copy(lab->s->user.role, sizeof(lab->s->user.role), "viewer");
	assert_int_equal(import(lab, "名称\n甲\n", (struct import_options) {0}, NULL, &r),
			 ERR_DENIED);
	assert_int_equal(r.job, 0);
	import_report_free(&r);
}

static bool three_rows(void *arg, const char **cells)
{
	int *left = arg;

	cells[0] = "=1+1";
	return (*left)-- > 0;
}

static void writes_the_rows_of_any_list(void **state)
{
	struct lab *lab = *state;
	const struct sheet_head heads[] = {{.title = "甲"}, {.title = "乙", .id = true}};
	char path[200], *text;
	int left = 3;
	int64_t rows = 0;
	size_t n;

	snprintf(path, sizeof(path), "%s/list.csv", lab->top);
	assert_int_equal(desk_export_rows(lab->s, path, SHEET_CSV, "表", heads, 2, three_rows,
					  &left, &rows, &lab->e),
			 ERR_OK);
	assert_int_equal(rows, 3);
	assert_int_equal(file_read(path, 1000, &text, &n, &lab->e), ERR_OK);
	assert_non_null(strstr(text, "甲,乙"));
	assert_non_null(strstr(text, "'=1+1"));
	free(text);
	assert_int_equal(desk_export_rows(lab->s, path, SHEET_CSV, "表", heads, 2, three_rows,
					  &left, &rows, &lab->e),
			 ERR_INVALID);
	assert_string_equal(lab->e.code, "file.exists");
}

#define IN_LAB(f) cmocka_unit_test_setup_teardown(f, lab_open, lab_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_every_column_it_uses),
	    cmocka_unit_test(has_the_limits_of_the_form),
	    cmocka_unit_test(keeps_texts_until_it_is_emptied),
	    IN_LAB(tells_faults_after_many_warnings),
	    IN_LAB(ends_its_job_when_it_is_cancelled),
	    IN_LAB(mends_the_job_of_a_dead_import),
	    IN_LAB(is_not_for_those_who_only_look),
	    IN_LAB(writes_the_rows_of_any_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
