/* Dialogs and the picker without a stack: places, defaults, answers, wrapped text, the tree. */
#include "unit/ui_stub.h"

#include "ui/dialog.h"

static struct view view;
static const struct rect AREA = {.y = 2, .x = 0, .h = 19, .w = 80};

static void show(struct rect area)
{
	view.area = view.ops->place(&view, area);
	assert_true(view.area.y >= area.y && view.area.x >= area.x);
	assert_true(view.area.y + view.area.h <= area.y + area.h);
	assert_true(view.area.x + view.area.w <= area.x + area.w);
	if (view.ops->layout)
		view.ops->layout(&view);
	if (view.ops->content)
		view.ops->content(&view, false);
	view.ops->paint(&view);
}

static void open_view(const struct view_ops *ops, const void *arg)
{
	stub_reset(24, 80);
	stub.pops = stub.messages = 0;
	stub.result = NULL;
	view = (struct view) {.ops = ops, .state = calloc(1, ops->size)};
	assert_int_equal(ops->open(&view, arg, NULL), ERR_OK);
	show(AREA);
}

static void close_view(void)
{
	/* Any area is survived. */
	static const struct rect SIZES[] = {
	    {.h = 1, .w = 1}, {.h = 4, .w = 12}, {.h = 55, .w = 300}};
	size_t i;

	for (i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++)
		show(SIZES[i]);
	view.ops->close(&view);
	free(view.state);
}

static bool act(enum action a)
{
	bool used = view.ops->act(&view, a);

	show(AREA);
	return used;
}

static bool key(uint32_t code)
{
	bool used = view.ops->key(&view, (struct key) {.code = code}, NULL, 0);

	show(AREA);
	return used;
}

/* ---- question ---- */

static void a_question_defaults_to_no(void **state)
{
	struct ask_arg arg = {.title = "作废号码",
			      .text = "号码 25440000001234567890 将作废，不能恢复。\n继续吗？",
			      .yes = "作废",
			      .no = "不作废"};

	(void)state;
	open_view(&view_ask_ops, &arg);
	assert_true(stub_shows("不能恢复。"));
	assert_true(stub_shows("[ 不作废 ]"));
	assert_true(act(ACT_ENTER));
	assert_int_equal(stub.pops, 1);
	assert_false(stub.popped_ok);
	act(ACT_LEFT);
	assert_true(stub_shows("[ 作废 ]"));
	act(ACT_ENTER);
	assert_true(stub.popped_ok);
	act(ACT_BACK);
	assert_false(stub.popped_ok);
	key('y');
	assert_true(stub.popped_ok);
	key('N');
	assert_false(stub.popped_ok);
	assert_false(key('x'));
	assert_int_equal(stub.pops, 5);
	close_view();
	arg.safe = true;
	arg.yes = arg.no = NULL;
	open_view(&view_ask_ops, &arg);
	assert_true(stub_shows("[ 是 ]"));
	act(ACT_ENTER);
	assert_true(stub.popped_ok);
	close_view();
}

/* ---- choice ---- */

static void a_choice_answers_with_the_index(void **state)
{
	static const char *const LINES[] = {"PDF 版式文件", "OFD 版式文件", "XML 数据文件", NULL};
	static const char *const NONE[] = {NULL};
	struct choose_arg arg = {.title = "下载", .lines = LINES, .selected = 1};
	struct view other = {.ops = &view_choose_ops, .state = calloc(1, view_choose_ops.size)};
	struct err_info e;

	(void)state;
	open_view(&view_choose_ops, &arg);
	assert_true(stub_shows(" 2  OFD 版式文件"));
	assert_true(act(ACT_DOWN));
	assert_false(act(ACT_DOWN));
	act(ACT_ENTER);
	assert_true(stub.popped_ok);
	assert_int_equal(*(const int *)stub.result, 2);
	assert_true(key('1'));
	assert_int_equal(*(const int *)stub.result, 0);
	assert_false(key('4'));
	close_view();
	arg.lines = NONE;
	assert_int_equal(view_choose_ops.open(&other, &arg, &e), ERR_INVALID);
	free(other.state);
}

/* ---- small form ---- */

enum { COUNT = 1, WHY };
static const struct field FIELDS[] = {
    {.id = COUNT,
     .kind = FIELD_AMOUNT,
     .label = "份数",
     .row = 0,
     .col = 8,
     .width = 10,
     .required = true,
     .help = "要领的份数"},
    {.id = WHY, .kind = FIELD_TEXT, .label = "理由", .row = 1, .col = 8, .width = 30},
    {.id = 0},
};

static void fill(struct form *f, void *arg)
{
	form_set(f, WHY, arg);
}

static void a_form_submits_only_from_its_button(void **state)
{
	char why[] = "月末不够";
	struct ask_form_arg arg = {.title = "领购发票",
				   .fields = FIELDS,
				   .fill = fill,
				   .arg = why,
				   .note = "领购后号码立即可用。"};

	(void)state;
	open_view(&view_form_ops, &arg);
	assert_true(stub_shows("理由 [月末不够"));
	assert_true(stub_shows("领购后号码立即可用。"));
	assert_string_equal(view.ops->help(&view), "要领的份数");
	assert_string_equal(view.ops->sections(&view)[0], "form-text");
	act(ACT_ENTER);
	act(ACT_ENTER);
	assert_int_equal(stub.pops, 0);
	assert_true(stub_shows("[ 确定 ]"));
	assert_string_equal(view.ops->sections(&view)[0], "dialog");
	act(ACT_ENTER);
	assert_int_equal(stub.pops, 0); /* 份数 is missing: back to it, with the sentence */
	assert_true(stub_shows("份数不能为空，请填写。"));
	key('5');
	key('0');
	assert_false(stub_shows("不能为空"));
	act(ACT_NEXT);
	act(ACT_DOWN);
	act(ACT_ENTER);
	assert_int_equal(stub.pops, 1);
	assert_true(stub.popped_ok);
	assert_string_equal(form_get(stub.result, COUNT), "50");
	close_view();
}

static void a_filled_form_is_given_up_by_the_second_escape(void **state)
{
	struct ask_form_arg arg = {.title = "领购发票", .fields = FIELDS};

	(void)state;
	open_view(&view_form_ops, &arg);
	act(ACT_BACK);
	assert_int_equal(stub.pops, 1);
	assert_false(stub.popped_ok);
	key('1');
	act(ACT_BACK);
	assert_int_equal(stub.pops, 1);
	assert_int_equal(stub.messages, 1);
	key('2');
	act(ACT_BACK);
	assert_int_equal(stub.pops, 1);
	act(ACT_BACK);
	assert_int_equal(stub.pops, 2);
	act(ACT_PREVIOUS);
	assert_true(stub_shows("[ 取消 ]"));
	act(ACT_ENTER);
	assert_int_equal(stub.pops, 3);
	close_view();
}

static void count_typed(const struct form *f, char *out, size_t size)
{
	snprintf(out, size, "理由 %zu/4 字节", text_gbk_bytes(form_get(f, WHY)));
}

/* Takes numbers below 100; counts how often it was asked. */
static bool take_small(struct form *f, void *arg)
{
	++*(int *)arg;
	if (strlen(form_get(f, COUNT)) < 3)
		return true;
	form_fail(f, COUNT, "份数：只剩 99 份。");
	return false;
}

static void a_refused_form_stays_with_what_was_typed(void **state)
{
	int asked = 0;
	struct ask_form_arg arg = {.title = "领购发票",
				   .fields = FIELDS,
				   .arg = &asked,
				   .live = count_typed,
				   .submit = take_small};

	(void)state;
	open_view(&view_form_ops, &arg);
	assert_true(stub_shows("理由 0/4 字节"));
	act(ACT_NEXT);
	key(0x4E00);
	assert_true(stub_shows("理由 2/4 字节"));
	act(ACT_ENTER);
	act(ACT_ENTER);
	assert_int_equal(asked, 0); /* 份数 is missing */
	key('1');
	key('0');
	key('0');
	act(ACT_NEXT);
	act(ACT_NEXT);
	act(ACT_ENTER);
	assert_int_equal(asked, 1);
	assert_int_equal(stub.pops, 0);
	assert_true(stub_shows("只剩 99 份"));
	assert_true(stub_shows("份数 [100") || stub_shows("份数![100"));
	assert_true(stub_shows("理由 2/4 字节"));
	act(ACT_DELETE_BACK);
	act(ACT_NEXT);
	act(ACT_NEXT);
	act(ACT_ENTER);
	assert_int_equal(asked, 2);
	assert_int_equal(stub.pops, 1);
	assert_true(stub.popped_ok);
	close_view();
}

/* ---- text to read ---- */

static void long_text_wraps_and_scrolls(void **state)
{
	static const enum action EXTRA[] = {ACT_DOWNLOAD, ACT_NONE};
	static char text[8000];
	struct read_arg arg = {.title = "票面", .text = text, .extra = EXTRA};
	size_t at = 0;
	int i;

	(void)state;
	for (i = 1; i <= 40; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "第 %d 项\n", i);
	for (i = 0; i < 30; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "甲乙丙");
	snprintf(text + at, sizeof(text) - at, " 25440000001234567890\n\x1b[2J");
	open_view(&view_read_ops, &arg);
	assert_true(stub_shows("第 1 项"));
	assert_true(stub_shows("第 1-16 行，共 44 行"));
	assert_false(act(ACT_UP));
	act(ACT_DOWN);
	assert_true(stub_shows("第 2-17 行"));
	act(ACT_PAGE_DOWN);
	assert_true(stub_shows("第 17-32 行"));
	act(ACT_LAST);
	assert_true(stub_shows("第 29-44 行"));
	assert_true(stub_shows("25440000001234567890")); /* a number is not split */
	assert_false(act(ACT_PAGE_DOWN));
	act(ACT_FIRST);
	assert_true(stub_shows("第 1-16 行"));
	assert_int_equal(view.ops->hints(&view)[0], ACT_DOWNLOAD);
	act(ACT_COPY);
	assert_int_equal(stub.messages, 1);
	act(ACT_DOWNLOAD);
	assert_true(stub.popped_ok);
	assert_int_equal(*(const enum action *)stub.result, ACT_DOWNLOAD);
	act(ACT_BACK);
	assert_false(stub.popped_ok);
	close_view();
}

/* ---- picker ---- */

static struct {
	int reads, most;
	char text[64], parent[40];
} source;

/* Under "" forty branches; under a branch three rows, the second not to be chosen. */
static enum err read_codes(void *arg, const char *text, const char *parent, const char *cursor,
			   int max, struct pick_row *rows, int *count, char next[40],
			   struct err_info *e)
{
	int i = *cursor ? (int)strtol(cursor, NULL, 10) : 0, all = *parent ? 3 : 40, n = 0;

	(void)arg;
	source.reads++;
	source.most = max > source.most ? max : source.most;
	text_copy(source.text, sizeof(source.text), text);
	text_copy(source.parent, sizeof(source.parent), parent);
	if (strcmp(text, "坏") == 0)
		return err_fail(e, ERR_DAMAGED, "test", "编码", "读不出来");
	if (*text)
		all = 1;
	for (; i < all && n < max; i++, n++) {
		snprintf(rows[n].key, sizeof(rows[n].key), "%s%02d", parent, i);
		snprintf(rows[n].label, sizeof(rows[n].label), "编码%s%02d", parent, i);
		snprintf(rows[n].detail, sizeof(rows[n].detail), "13%%");
		rows[n].branch = !*parent;
		rows[n].disabled = *parent && i == 1;
	}
	*count = n;
	if (i < all)
		snprintf(next, 40, "%d", i);
	return ERR_OK;
}

static void the_picker_pages_and_searches(void **state)
{
	struct pick_arg arg = {.title = "税收分类编码", .source = read_codes};

	(void)state;
	memset(&source, 0, sizeof(source));
	open_view(&view_pick_ops, &arg);
	assert_int_equal(source.reads, 1);
	assert_true(stub_shows("> + 编码00  13%"));
	assert_true(stub_shows("后面还有"));
	assert_int_equal(stub.cursor_x, view.area.x + 2 + 6);
	act(ACT_PAGE_DOWN);
	assert_true(stub_shows("> + 编码12"));
	act(ACT_UP);
	assert_true(stub_shows("> + 编码11"));
	act(ACT_DOWN);
	act(ACT_LAST);
	assert_true(stub_shows("> + 编码23"));
	act(ACT_FIRST);
	assert_true(stub_shows("> + 编码00"));
	assert_false(act(ACT_UP));
	key(0x8F6F);
	assert_string_equal(source.text, "软");
	assert_true(stub_shows("[软"));
	act(ACT_DELETE_BACK);
	assert_string_equal(source.text, "");
	key(0x574F); /* 坏 */
	assert_true(stub_shows("没有读到内容"));
	assert_int_equal(stub.errors > 0, 1);
	assert_true(act(ACT_ENTER) == false);
	act(ACT_CLEAR);
	act(ACT_ENTER);
	assert_true(stub.popped_ok);
	assert_string_equal(((const struct picked *)stub.result)->key, "00");
	assert_int_equal(source.most, 12);
	act(ACT_BACK);
	assert_false(stub.popped_ok);
	close_view();
}

static void branches_are_entered_and_left(void **state)
{
	struct pick_arg arg = {.title = "税收分类编码", .source = read_codes};

	(void)state;
	open_view(&view_pick_ops, &arg);
	act(ACT_PAGE_DOWN);
	act(ACT_DOWN);
	assert_true(stub_shows("> + 编码13"));
	assert_true(act(ACT_RIGHT));
	assert_string_equal(source.parent, "13");
	assert_true(stub_shows("全部 > 编码13"));
	assert_true(stub_shows(">   编码1300"));
	assert_true(stub_shows("不可选 13%"));
	assert_false(act(ACT_RIGHT));
	assert_false(act(ACT_PAGE_UP) && source.parent[0] == 0);
	act(ACT_FIRST);
	act(ACT_DOWN);
	act(ACT_ENTER);
	assert_int_equal(stub.pops, 0);
	assert_int_equal(stub.messages, 1);
	act(ACT_DOWN);
	act(ACT_ENTER);
	assert_int_equal(stub.pops, 1);
	assert_string_equal(((const struct picked *)stub.result)->key, "1302");
	assert_true(act(ACT_LEFT));
	assert_string_equal(source.parent, "");
	assert_true(stub_shows("> + 编码13"));
	assert_false(act(ACT_LEFT));
	act(ACT_PAGE_UP);
	assert_true(stub_shows("编码00"));
	close_view();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_question_defaults_to_no),
	    cmocka_unit_test(a_choice_answers_with_the_index),
	    cmocka_unit_test(a_form_submits_only_from_its_button),
	    cmocka_unit_test(a_filled_form_is_given_up_by_the_second_escape),
	    cmocka_unit_test(a_refused_form_stays_with_what_was_typed),
	    cmocka_unit_test(long_text_wraps_and_scrolls),
	    cmocka_unit_test(the_picker_pages_and_searches),
	    cmocka_unit_test(branches_are_entered_and_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
