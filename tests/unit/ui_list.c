/* Lists over a source of numbers: pages, selection, marks, filter, resize, last page, painting. */
#include "unit/ui_stub.h"

#include "ui/list.h"

enum { WORD = 1, KIND };

static const char *const KINDS[] = {"全部", "失败", NULL};
static const struct field FILTER[] = {
    {.id = WORD, .kind = FIELD_TEXT, .label = "号码", .row = 0, .col = 6, .width = 20},
    {.id = KIND,
     .kind = FIELD_CHOICE,
     .label = "状态",
     .row = 0,
     .col = 40,
     .width = 8,
     .choices = KINDS},
    {.id = 0},
};
static const struct list_column COLUMNS[] = {
    {.label = "号码", .width = 8, .align = ALIGN_LEFT},
    {.label = "购方", .width = -1, .align = ALIGN_LEFT},
    {.label = "备注", .width = 0, .wide_width = 20, .align = ALIGN_LEFT},
    {.label = "金额", .width = 10, .align = ALIGN_RIGHT},
    {.label = NULL},
};

/* Rows id = count .. 1, newest first; the cursor is the last id given. */
static struct {
	int count, reads, most;
	bool broken;
	char word[64];
} source;

static enum err read_rows(struct list *l, const char *cursor, int max, struct list_row *rows,
			  int *count, char next[64], struct err_info *e)
{
	int id = *cursor ? (int)strtol(cursor, NULL, 10) - 1 : source.count, n = 0;

	source.reads++;
	source.most = max > source.most ? max : source.most;
	if (source.broken)
		return err_fail(e, ERR_DAMAGED, "test.broken", "开票记录", "读不出来");
	if (strcmp(cursor, "$end") == 0)
		id = max < source.count ? max : source.count;
	id = id < source.count ? id : source.count;
	if (l->filter)
		text_copy(source.word, sizeof(source.word), form_get(l->filter, WORD));
	for (; id > 0 && n < max; id--, n++) {
		rows[n].id = id;
		snprintf(rows[n].cell[0], LIST_CELL, "N%d", id);
		snprintf(rows[n].cell[1], LIST_CELL, "购方%d有限公司", id);
		snprintf(rows[n].cell[3], LIST_CELL, "%d.00", id);
		rows[n].face = id % 2 ? FACE_NORMAL : FACE_WARNING;
	}
	*count = n;
	if (id > 0)
		snprintf(next, 64, "%d", id + 1);
	l->total = source.count;
	return ERR_OK;
}

static struct list list;
static struct form filter;

static int setup(void **state)
{
	(void)state;
	stub_reset(24, 80);
	memset(&source, 0, sizeof(source));
	source.count = 35;
	memset(&list, 0, sizeof(list));
	list_init(&list, COLUMNS, read_rows, NULL);
	list.can_end = true;
	list_layout(&list, (struct rect) {.y = 2, .x = 0, .h = 12, .w = 80}); /* 10 rows */
	list_content(&list, false);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	list_free(&list);
	return 0;
}

static int setup_filter(void **state)
{
	setup(state);
	form_init(&filter, FILTER, NULL);
	form_set(&filter, KIND, KINDS[0]);
	list.filter = &filter;
	list_layout(&list, (struct rect) {.y = 2, .x = 0, .h = 13, .w = 80});
	list_content(&list, false);
	return 0;
}

static int teardown_filter(void **state)
{
	form_free(&filter);
	return teardown(state);
}

static int64_t here(void)
{
	list_content(&list, false);
	return list_row(&list) ? list_row(&list)->id : -1;
}

static void act(enum action a, int times)
{
	for (; times > 0; times--) {
		list_act(&list, a);
		list_content(&list, false);
	}
}

static void walking_reads_one_page_at_a_time(void **state)
{
	int i;

	(void)state;
	assert_int_equal(source.reads, 1);
	assert_int_equal(source.most, 10);
	for (i = 35; i > 1; i--) {
		assert_int_equal(here(), i);
		assert_int_equal(list_act(&list, ACT_DOWN), LIST_USED);
	}
	assert_int_equal(here(), 1);
	assert_int_equal(list_act(&list, ACT_DOWN), LIST_UNUSED);
	assert_int_equal(source.reads, 4);
	for (i = 1; i < 35; i++) {
		assert_int_equal(here(), i);
		assert_int_equal(list_act(&list, ACT_UP), LIST_USED);
	}
	assert_int_equal(here(), 35);
	assert_int_equal(list_act(&list, ACT_UP), LIST_UNUSED);
	assert_int_equal(source.reads, 7);
	list_content(&list, false);
	assert_int_equal(source.reads, 7);
	assert_int_equal(source.most, 10);
}

static void pages_keep_the_place(void **state)
{
	(void)state;
	act(ACT_DOWN, 3);
	act(ACT_PAGE_DOWN, 1);
	assert_int_equal(here(), 22);
	act(ACT_PAGE_DOWN, 2);
	assert_int_equal(here(), 2);
	act(ACT_PAGE_DOWN, 1);
	assert_int_equal(here(), 1);
	assert_int_equal(list_act(&list, ACT_PAGE_DOWN), LIST_UNUSED);
	act(ACT_PAGE_UP, 1);
	assert_int_equal(here(), 11);
	act(ACT_FIRST, 1);
	assert_int_equal(here(), 35);
	/* Two keys before anything was read. */
	list_act(&list, ACT_PAGE_DOWN);
	list_act(&list, ACT_DOWN);
	assert_int_equal(here(), 24);
}

static void the_end_is_one_read_away(void **state)
{
	int reads = source.reads;

	(void)state;
	act(ACT_LAST, 1);
	assert_int_equal(here(), 1);
	assert_int_equal(source.reads, reads + 1);
	list_paint(&list, true);
	assert_true(stub_shows("第 26-35 条，共 35 条"));
	act(ACT_PAGE_UP, 1);
	assert_int_equal(list.depth, 0);
	assert_true(stub_shows("PgUp 前页"));
	list.can_end = false;
	act(ACT_FIRST, 1);
	act(ACT_LAST, 1);
	assert_int_equal(here(), 26);
	act(ACT_LAST, 3);
	assert_int_equal(list.depth, 3);
	assert_int_equal(here(), 1);
}

static void painted_rows(void **state)
{
	(void)state;
	act(ACT_DOWN, 1);
	act(ACT_MARK, 1);
	list_paint(&list, true);
	assert_string_equal(stub_row(2),
			    "  号码     购方"
			    "                                                             金额");
	assert_string_equal(stub_row(3), "  N35      购方35有限公司"
					 "                                                  35.00");
	assert_string_equal(stub.text[4][0], "*");
	assert_int_equal(stub.face[2][0], FACE_HEADER);
	assert_int_equal(stub.face[4][5], FACE_MARKED);
	assert_int_equal(stub.face[5][5], FACE_SELECTED);
	assert_int_equal(stub.face[7][5], FACE_NORMAL);
	assert_int_equal(stub.face[6][5], FACE_WARNING);
	assert_int_equal(stub.cursor_y, 5);
	assert_int_equal(stub.cursor_x, 0);
	assert_string_equal(stub_row(13), "第 1-10 条，共 35 条，已勾选 1 条"
					  "                                      PgDn 后页");
	list.at_least = true;
	list_paint(&list, false);
	assert_true(stub_shows("共至少 35 条"));
	assert_int_equal(stub.face[5][5], FACE_SELECTED);
}

static void wide_areas_show_more_columns(void **state)
{
	(void)state;
	stub_reset(36, 120);
	list_layout(&list, (struct rect) {.y = 0, .x = 0, .h = 20, .w = 120});
	list_content(&list, false);
	list_paint(&list, true);
	assert_true(stub_shows("备注"));
	assert_string_equal(stub.text[1][117], ".");
	assert_string_equal(stub.text[0][118], "额");
	list_layout(&list, (struct rect) {.h = 3, .w = 10});
	list_content(&list, false);
	list_paint(&list, true);
	list_layout(&list, (struct rect) {.h = 0, .w = 0});
	list_content(&list, true);
	list_paint(&list, true);
}

static void resizing_keeps_the_row(void **state)
{
	int reads;

	(void)state;
	act(ACT_DOWN, 18);
	assert_int_equal(here(), 17);
	reads = source.reads;
	list_layout(&list, (struct rect) {.y = 2, .x = 0, .h = 5, .w = 80}); /* 3 rows */
	assert_int_equal(here(), 17);
	assert_int_equal(source.reads, reads);
	list_paint(&list, true);
	assert_int_equal(stub.cursor_y, 2 + 1 + 2);
	list_content(&list, true);
	assert_int_equal(here(), 17);
	list_layout(&list, (struct rect) {.y = 2, .x = 0, .h = 20, .w = 80});
	assert_int_equal(here(), 17);
	assert_int_equal(list.count, 18);
}

static void changes_in_the_store_keep_the_row(void **state)
{
	(void)state;
	act(ACT_DOWN, 4);
	assert_int_equal(here(), 31);
	source.count = 37; /* two newer rows came in above */
	list_content(&list, true);
	assert_int_equal(here(), 31);
	assert_int_equal(list.selected, 6);
	act(ACT_PAGE_DOWN, 3);
	assert_int_equal(list.depth, 3);
	source.count = 0;
	list_content(&list, true);
	assert_int_equal(here(), -1);
	assert_null(list_row(&list));
	assert_int_equal(list_act(&list, ACT_ENTER), LIST_UNUSED);
	list_paint(&list, true);
	assert_true(stub_shows("还没有记录。"));
}

static void marks_survive_paging(void **state)
{
	(void)state;
	act(ACT_MARK, 2);
	assert_int_equal(here(), 33);
	act(ACT_PAGE_DOWN, 1);
	act(ACT_MARK_ALL, 1);
	assert_int_equal(list.mark_count, 12);
	act(ACT_PAGE_UP, 1);
	assert_true(list.rows[0].marked);
	assert_false(list.rows[2].marked);
	assert_true(list_marked(&list, 20));
	assert_false(list_marked(&list, 5));
	list.selected = 0;
	act(ACT_MARK, 1);
	assert_false(list_marked(&list, 35));
	act(ACT_MARK_ALL, 1);
	assert_int_equal(list.mark_count, 20);
	act(ACT_MARK_ALL, 1);
	assert_int_equal(list.mark_count, 0);
	assert_false(list.rows[3].marked);
}

static void a_read_that_fails_says_so(void **state)
{
	int errors = stub.errors;

	(void)state;
	source.broken = true;
	act(ACT_PAGE_DOWN, 1);
	assert_int_equal(stub.errors, errors + 1);
	list_paint(&list, true);
	assert_true(stub_shows("没有读到记录"));
	list_content(&list, false);
	assert_int_equal(stub.errors, errors + 1);
	source.broken = false;
	act(ACT_REFRESH, 1);
	assert_int_equal(list.count, 10);
}

static void filter_applies_cancels_and_resets(void **state)
{
	const char *words = "123";

	(void)state;
	assert_int_equal(list.visible, 10);
	list_paint(&list, true);
	assert_string_equal(stub_row(2), " 号码 [                    ]       状态 <全部    >");
	act(ACT_PAGE_DOWN, 1);
	assert_int_equal(list_act(&list, ACT_FIND), LIST_USED);
	assert_true(list.filtering);
	assert_string_equal(list_sections(&list)[0], "form-text");
	for (; *words; words++)
		assert_true(list_key(&list, (struct key) {.code = (uint32_t)*words}, NULL, 0));
	list_paint(&list, true);
	assert_int_equal(stub.cursor_y, 2);
	assert_int_equal(list_act(&list, ACT_NEXT), LIST_USED);
	assert_int_equal(form_focused(&filter), KIND);
	assert_int_equal(list_act(&list, ACT_NEXT), LIST_USED);
	assert_int_equal(form_focused(&filter), WORD);
	assert_int_equal(list_act(&list, ACT_ENTER), LIST_USED);
	assert_false(list.filtering);
	assert_int_equal(list.depth, 0);
	here();
	assert_string_equal(source.word, "123");
	/* Given up: the values that are in force come back. */
	list_act(&list, ACT_FIND);
	list_act(&list, ACT_CLEAR);
	assert_string_equal(form_get(&filter, WORD), "");
	list_act(&list, ACT_BACK);
	assert_false(list.filtering);
	assert_string_equal(form_get(&filter, WORD), "123");
	assert_int_equal(list_act(&list, ACT_BACK), LIST_UNUSED);
	form_set(&filter, KIND, KINDS[1]);
	list_act(&list, ACT_RESET);
	assert_string_equal(form_get(&filter, WORD), "");
	assert_string_equal(form_get(&filter, KIND), KINDS[0]);
	here();
	assert_string_equal(source.word, "");
	assert_string_equal(list_sections(&list)[0], "list");
	assert_int_equal(list_act(&list, ACT_DETAIL), LIST_OPEN);
}

static void low_areas_hide_the_filter_until_it_is_asked_for(void **state)
{
	(void)state;
	list_layout(&list, (struct rect) {.y = 2, .x = 0, .h = 6, .w = 80});
	assert_int_equal(list.visible, 4);
	list_act(&list, ACT_FIND);
	assert_int_equal(list.visible, 3);
	list_content(&list, false);
	list_paint(&list, true);
	assert_true(stub_shows("状态 <全部"));
	list_act(&list, ACT_BACK);
	assert_int_equal(list.visible, 4);
	source.count = 0;
	list_content(&list, true);
	list_paint(&list, true);
	assert_true(stub_shows("没有符合条件的记录。"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#define F(f) cmocka_unit_test_setup_teardown(f, setup_filter, teardown_filter)
	    T(walking_reads_one_page_at_a_time),
	    T(pages_keep_the_place),
	    T(the_end_is_one_read_away),
	    T(painted_rows),
	    T(wide_areas_show_more_columns),
	    T(resizing_keeps_the_row),
	    T(changes_in_the_store_keep_the_row),
	    T(marks_survive_paging),
	    T(a_read_that_fails_says_so),
	    F(filter_applies_cancels_and_resets),
	    F(low_areas_hide_the_filter_until_it_is_asked_for),
#undef T
#undef F
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
