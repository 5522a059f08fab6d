/* 撤销 and 重做 on the blue form: whatever was done with the lines in whatever order, undone they
 * are what they were at first, redone what they were at last; looking at other prices changes
 * nothing. */
#include "unit/desk_lab.h"

#include "ui/loop.h"
#include "ui/screen/blue_import.h"
#include "ui/screen/blue_p.h"

enum { ROUNDS = 60, STEPS = 120, ROOM = 10 };

static uint64_t seed;

static int any(int n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int)((seed >> 33) % (uint64_t)n);
}

static void act(enum action a)
{
	struct view *v = view_top();

	if (!v->ops->why_not || !v->ops->why_not(v, a))
		v->ops->act(v, a);
}

static void type(const char *text)
{
	struct view *v = view_top();

	while (*text && v == view_top()) {
		uint32_t cp;

		text += text_next(text, strlen(text), &cp);
		v->ops->key(v, (struct key) {.code = cp}, NULL, 0);
	}
}

static void paste(const char *text)
{
	struct view *v = view_top();

	v->ops->key(v, (struct key) {.code = K_PASTE}, text, strlen(text));
}

/* ---- the form ---- */

static struct blue *form;

static void cells(const char *const *texts)
{
	for (; *texts; texts++) {
		type(*texts);
		act(ACT_ENTER);
	}
}

/* Three lines, one discounted; saved and opened again, so that nothing can be undone. */
static void open_form(void)
{
	struct blue_arg a = {.form = 0};

	assert_true(view_start(&view_blue_ops, NULL));
	form = view_top()->state;
	blue_focus(form, BLUE_GRID);
	cells((const char *const[]) {"显示器", "27寸", "台", "2", "1130", "", "13", NULL});
	cells((const char *const[]) {"线材", "", "米", "7", "", "100", "13", NULL});
	cells((const char *const[]) {"上门服务", "", "", "", "", "530", "6", NULL});
	grid_focus(&form->grid, 1, BLUE_NAME);
	act(ACT_DISCOUNT);
	type("10");
	act(ACT_ENTER);
	assert_true(blue_keep(form, false));
	a.form = form->form_id;
	assert_true(view_start(&view_blue_ops, &a));
	form = view_top()->state;
	blue_focus(form, BLUE_GRID);
	assert_int_equal(form->lines, 3);
	assert_int_equal(form->grid.undo_count, 0);
}

/* What was typed, and what it comes to. */
static char *lines_now(void)
{
	char *body = blue_keep_write(form), *rows, *out;
	cJSON *tree = NULL;
	struct buf b;

	assert_int_equal(json_parse(body, strlen(body), FORM_BODY_MAX, &tree, NULL), ERR_OK);
	rows = cJSON_Print(json_get(tree, "rows"));
	buf_init(&b, 1 << 20);
	buf_addf(&b, "%s\n%d %lld %lld %lld", rows, blue_inclusive(form), (long long)form->net,
		 (long long)form->tax, (long long)form->gross);
	out = buf_detach(&b);
	cJSON_free(rows);
	json_free(&tree);
	free(body);
	return out;
}

/* ---- what a person may do ---- */

static void some_text(void)
{
	static const char *const TEXTS[] = {"7",  "12.5", "0.3", "甲",   "乙丙",  "x",
					    "13", "3",    "=",   "免税", "1.005", "99999"};

	type(TEXTS[any(12)]);
}

static void some_move(void)
{
	static const enum action MOVES[] = {ACT_ENTER, ACT_NEXT, ACT_PREVIOUS, ACT_UP,
					    ACT_DOWN,  ACT_LEFT, ACT_RIGHT,    ACT_PAGE_UP,
					    ACT_FIRST, ACT_LAST};

	act(MOVES[any(10)]);
}

static void some_edit(void)
{
	static const enum action EDITS[] = {ACT_DELETE_BACK, ACT_CLEAR,       ACT_DELETE_WORD,
					    ACT_ROW_DELETE,  ACT_ROW_INSERT,  ACT_ROW_COPY_UP,
					    ACT_MARK,        ACT_DELETE_HERE, ACT_LAST_PRICE};

	act(EDITS[any(9)]);
}

static void some_discount(void)
{
	static const char *const RATES[] = {"10", "0.7", "50", ""};

	for (int row = 0; any(2) && row < form->grid.count; row++)
		form->grid.rows[row].marked = !blue_row_blank(form, row);
	act(ACT_DISCOUNT);
	if (view_top()->state == form)
		return;
	if (any(2))
		act(ACT_NEXT);
	act(ACT_CLEAR);
	type(RATES[any(4)]);
	act(ACT_ENTER);
}

static void some_choice(void)
{
	static const enum action ASKED[] = {ACT_TAIL, ACT_TAIL, ACT_PREFERENCE, ACT_CHOOSE};
	enum action a = ASKED[any(4)];
	int down = any(4);

	if (a == ACT_CHOOSE)
		grid_focus(&form->grid, form->grid.row, BLUE_RATE);
	act(a);
	while (view_top()->state != form && down--)
		act(ACT_DOWN);
	if (view_top()->state != form)
		act(ACT_ENTER);
	/* A tax of one's own: a fen up or down from what is there. */
	if (!strcmp(view_top()->ops->name, "form-dialog")) {
		int64_t tax = form->tax + any(3) - 1;
		char text[FEN_TEXT];

		type(fen_format(tax, text));
		act(ACT_SAVE);
	}
}

static void some_block(void)
{
	static const char *const BLOCKS[] = {"丁\t\t件\t2\t3.5\n戊\tA\t件\t1\t9\n", "1\t2\n3\t4"};

	paste(BLOCKS[any(2)]);
	if (view_top()->state != form)
		act(ACT_ENTER);
}

/* Rows of a file; without tax they make a form with lines one with tax. */
static void some_import(void)
{
	struct lines_options o = {.text = "sep=\t\n\"名称\"\t\"金额\"\t\"税率\"\n"
					  "\"己\"\t\"60\"\t\"6%\"\n\"庚\"\t\"70\"\t\"13%\"\n",
				  .name = "粘贴",
				  .inclusive = any(2) == 0};
	struct lines read;
	struct lines_taken taken = {.lines = &read, .replace = any(3) == 0};

	assert_int_equal(desk_lines_read(ui_session(), &o, NULL, &read, NULL), ERR_OK);
	blue_put_lines(form, &taken);
	desk_lines_free(&read);
}

static void some_history(void)
{
	int n = any(4);

	while (n--)
		act(any(3) ? ACT_UNDO : ACT_REDO);
}

/* Whatever is still open is closed, and the lines have the focus again. */
static void settle(void)
{
	int tries = 4;

	while (view_top()->state != form && tries--)
		act(ACT_BACK);
	assert_ptr_equal(view_top()->state, form);
	blue_focus(form, BLUE_GRID);
	view_reap();
}

static void some_step(void)
{
	static void (*const STEPS_OF[])(void) = {
	    some_text, some_text,     some_text,   some_move,  some_move,   some_move,   some_edit,
	    some_edit, some_discount, some_choice, some_block, some_import, some_history};

	if (any(20) == 0)
		act(ACT_VIEW_TAX);
	else
		STEPS_OF[any(13)]();
	settle();
}

/* ---- the property ---- */

static void undone_it_is_what_it_was(void **state)
{
	int adjusted = 0, discounted = 0;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		char *first, *last, *now;
		int done;

		seed = (uint64_t)round + 1;
		open_form();
		first = lines_now();
		for (int i = 0; i < STEPS && form->grid.undo_count < GRID_UNDO - ROOM; i++)
			some_step();
		last = lines_now();
		done = form->grid.undo_count;
		adjusted += strstr(last, "\"tax_adjust\"") != NULL;
		discounted += strstr(last, "\"discount_amount\"") != NULL;
		while (form->grid.undo_count)
			act(ACT_UNDO);
		now = lines_now();
		if (strcmp(first, now) != 0)
			fail_msg("round %d undone\n%s\n---\n%s", round, first, now);
		free(now);
		while (form->grid.undo_count < done)
			act(ACT_REDO);
		now = lines_now();
		if (strcmp(last, now) != 0)
			fail_msg("round %d redone\n%s\n---\n%s", round, last, now);
		free(now);
		free(first);
		free(last);
	}
	/* The steps were not all refused. */
	print_message("%d rounds ended with adjusted taxes, %d with spread discounts\n", adjusted,
		      discounted);
	assert_true(adjusted > 0 && discounted > 0);
}

static void looking_changes_nothing(void **state)
{
	char *first, *now;

	(void)state;
	open_form();
	act(ACT_TAIL);
	settle();
	first = lines_now();
	for (int i = 0; i < 1000; i++)
		act(ACT_VIEW_TAX);
	now = lines_now();
	assert_string_equal(first, now);
	assert_int_equal(form->grid.undo_count, 0);
	free(first);
	free(now);
}

static int open_all(void **state)
{
	struct lab *lab;

	lab_open(state);
	lab = *state;
	lab_stock(lab, 100, 0);
	desk_close(&lab->s);
	ui_set_place(lab->home, NULL);
	return ui_open_session(NULL, &lab->e);
}

static int close_all(void **state)
{
	view_close_all();
	view_reap();
	ui_close_session();
	return lab_close(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(undone_it_is_what_it_was),
	    cmocka_unit_test(looking_changes_nothing),
	};
	return cmocka_run_group_tests(tests, open_all, close_all);
}
