/* Rows a page, going by pages, conditions that survive, another unit: lists over numbers. */
#include "unit/ui_stub.h"

#include "ui/list.h"

enum { WORD = 1 };

static const struct field FILTER[] = {
    {.id = WORD, .kind = FIELD_TEXT, .label = "号码", .col = 6, .width = 20},
    {.id = 0},
};
static const struct list_column COLUMNS[] = {
    {.label = "号码", .width = 8},
    {.label = NULL},
};

static struct {
	int count, reads;
	bool uncounted;
} source;

/* Rows count .. 1; the cursor is the last id given. */
static enum err read_rows(struct list *l, const char *cursor, int max, struct list_row *rows,
			  int *count, char next[64], struct err_info *e)
{
	int id = *cursor ? (int)strtol(cursor, NULL, 10) - 1 : source.count, n = 0;

	(void)e;
	source.reads++;
	if (strcmp(cursor, "$end") == 0)
		id = max < source.count ? max : source.count;
	for (; id > 0 && n < max; id--, n++)
		rows[n].id = id;
	*count = n;
	if (id > 0)
		snprintf(next, 64, "%d", id + 1);
	l->total = source.uncounted ? -1 : source.count;
	return ERR_OK;
}

static struct list list;
static struct form filter;

/* An area with room for 20 rows. */
static void show(int count, const char *title, bool filtered)
{
	source.count = count;
	source.uncounted = false;
	memset(&list, 0, sizeof(list));
	list_init(&list, COLUMNS, read_rows, NULL);
	list.title = title;
	list.can_end = true;
	if (filtered) {
		form_init(&filter, FILTER, NULL);
		form_set(&filter, WORD, "默认");
		list.filter = &filter;
	}
	list_layout(&list, (struct rect) {.h = filtered ? 23 : 22, .w = 80});
	list_content(&list, false);
}

static void leave(void)
{
	bool filtered = list.filter != NULL;

	list_free(&list);
	if (filtered)
		form_free(&filter);
}

static void pages_of_ten_at_their_bounds(void **state)
{
	static const struct {
		int rows, first, pages;
	} CASES[] = {{0, 0, 1},   {1, 1, 1},   {9, 9, 1},
		     {10, 10, 1}, {11, 10, 2}, {1000000, 10, 100000}};
	size_t i;

	(void)state;
	list_set_page_rows("十行", 10);
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		show(CASES[i].rows, "十行", false);
		assert_int_equal(list.visible, 10);
		assert_int_equal(list.fits, 20);
		assert_int_equal(list.count, CASES[i].first);
		assert_int_equal(list_page_count(&list), CASES[i].pages);
		assert_int_equal(list_page_number(&list), 1);
		list_act(&list, ACT_PAGE_DOWN);
		list_content(&list, false);
		assert_int_equal(list_page_number(&list), CASES[i].pages > 1 ? 2 : 1);
		if (CASES[i].rows == 11)
			assert_int_equal(list.count, 1);
		leave();
	}
	show(35, "满的", false);
	assert_int_equal(list.visible, 20);
	leave();
}

static void jumps_go_where_they_say(void **state)
{
	(void)state;
	list_set_page_rows("跳", 10);
	show(95, "跳", false);
	assert_true(list_go_page(&list, 4));
	assert_int_equal(list_page_number(&list), 4);
	assert_int_equal(list_row(&list)->id, 65);
	assert_int_equal(list_go_by(&list, -2), 2);
	assert_int_equal(list_row(&list)->id, 85);
	assert_int_equal(list_go_by(&list, -5), 1);
	assert_int_equal(list_page_number(&list), 1);
	assert_int_equal(list_go_by(&list, 500), 9);
	assert_int_equal(list_page_number(&list), 10);
	assert_int_equal(list.count, 5);
	assert_true(list_go_page(&list, 2));
	assert_int_equal(list_row(&list)->id, 85);
	/* A page that is not there is the last; nothing moves past either end. */
	assert_true(list_go_page(&list, 99));
	assert_int_equal(list_page_number(&list), 10);
	assert_int_equal(list_go_by(&list, 1), 0);
	assert_true(list_go_page(&list, 0));
	assert_int_equal(list_page_number(&list), 1);
	leave();
}

static void long_jumps_are_refused(void **state)
{
	int reads;

	(void)state;
	list_set_page_rows("远", 10);
	show(1000000, "远", false);
	reads = source.reads;
	assert_false(list_go_page(&list, LIST_JUMP + 2));
	assert_int_equal(source.reads, reads);
	assert_true(list_go_page(&list, LIST_JUMP + 1));
	assert_int_equal(list_row(&list)->id, 1000000 - LIST_JUMP * 10);
	assert_int_equal(list_go_by(&list, 10 * LIST_JUMP), LIST_JUMP);
	/* Without a total the end is found by walking. */
	source.uncounted = true;
	source.count = 25;
	list_reload(&list);
	list_content(&list, false);
	assert_int_equal(list_page_count(&list), 0);
	assert_true(list_go_page(&list, 7));
	assert_int_equal(list_page_number(&list), 3);
	leave();
}

static void from_the_end_pages_count_from_the_first(void **state)
{
	(void)state;
	list_set_page_rows("末", 10);
	show(95, "末", false);
	list_act(&list, ACT_LAST);
	list_content(&list, false);
	assert_int_equal(list_row(&list)->id, 1);
	assert_int_equal(list_page_number(&list), 0);
	assert_int_equal(list_go_by(&list, -3), 1);
	assert_int_equal(list_page_number(&list), 1);
	list_act(&list, ACT_LAST);
	assert_true(list_go_page(&list, 3));
	assert_int_equal(list_page_number(&list), 3);
	assert_int_equal(list_row(&list)->id, 75);
	leave();
}

static void conditions_survive_and_reset_knows_the_defaults(void **state)
{
	(void)state;
	show(35, "条件", true);
	form_set(&filter, WORD, "腾讯");
	leave();
	show(35, "条件", true);
	assert_string_equal(form_get(&filter, WORD), "腾讯");
	list_act(&list, ACT_RESET);
	assert_string_equal(form_get(&filter, WORD), "默认");
	leave();
	show(35, "条件", true);
	assert_string_equal(form_get(&filter, WORD), "默认");
	form_set(&filter, WORD, "华为");
	leave();
	/* Another list, and one opened for particular conditions, have their own. */
	show(35, "别的", true);
	assert_string_equal(form_get(&filter, WORD), "默认");
	leave();
	source.count = 35;
	memset(&list, 0, sizeof(list));
	list_init(&list, COLUMNS, read_rows, NULL);
	list.title = "条件";
	list.fixed = true;
	form_init(&filter, FILTER, NULL);
	form_set(&filter, WORD, "在途");
	list.filter = &filter;
	list_layout(&list, (struct rect) {.h = 23, .w = 80});
	assert_string_equal(form_get(&filter, WORD), "在途");
	leave();
	show(35, "条件", true);
	assert_string_equal(form_get(&filter, WORD), "华为");
	leave();
}

static void hidden_conditions_are_said(void **state)
{
	(void)state;
	stub_reset(24, 80);
	show(35, "藏", true);
	form_set(&filter, WORD, "腾讯");
	list_layout(&list, (struct rect) {.h = 6, .w = 80});
	list_content(&list, false);
	list_paint(&list, true);
	assert_true(stub_shows("（有查询条件）"));
	list_act(&list, ACT_RESET);
	list_content(&list, false);
	list_paint(&list, true);
	assert_false(stub_shows("（有查询条件）"));
	leave();
}

static void another_unit_begins_anew(void **state)
{
	(void)state;
	show(95, "单位", false);
	list_act(&list, ACT_MARK);
	list_go_page(&list, 3);
	list_start_over();
	list_content(&list, false);
	assert_int_equal(list_page_number(&list), 1);
	assert_int_equal(list.mark_count, 0);
	assert_int_equal(list_row(&list)->id, 95);
	leave();
}

static void rows_a_page_are_saved(void **state)
{
	char *text;

	(void)state;
	list_set_page_rows("存一", 20);
	list_set_page_rows("存二", 50);
	text = list_rows_save();
	list_set_page_rows("存一", 0);
	list_set_page_rows("存二", 10);
	list_rows_load(text);
	free(text);
	assert_int_equal(list_page_rows("存一"), 20);
	assert_int_equal(list_page_rows("存二"), 50);
	assert_int_equal(list_page_rows("没有"), 0);
	/* What is no number of rows changes nothing. */
	list_rows_load("{\"存一\":-1,\"存二\":100000}");
	list_rows_load("[1,2");
	assert_int_equal(list_page_rows("存一"), 20);
	assert_int_equal(list_page_rows("存二"), 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pages_of_ten_at_their_bounds),
	    cmocka_unit_test(jumps_go_where_they_say),
	    cmocka_unit_test(long_jumps_are_refused),
	    cmocka_unit_test(from_the_end_pages_count_from_the_first),
	    cmocka_unit_test(conditions_survive_and_reset_knows_the_defaults),
	    cmocka_unit_test(hidden_conditions_are_said),
	    cmocka_unit_test(another_unit_begins_anew),
	    cmocka_unit_test(rows_a_page_are_saved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
