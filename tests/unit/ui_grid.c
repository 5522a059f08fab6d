/* The grid: typing, moving, rows, undo against a history of snapshots, pasted blocks, painting. */
#include "unit/ui_stub.h"

#include "base/buf.h"
#include "ui/grid.h"

enum { NAME = 10, SPEC, COUNT, PRICE, TAX };
enum { I_NAME, I_SPEC, I_COUNT, I_PRICE, I_TAX };
enum { MAX_ROWS = 6 };

static const struct grid_column COLUMNS[] = {
    {.id = NAME,
     .label = "项目名称",
     .width = 20,
     .wide_width = 40,
     .kind = FIELD_TEXT,
     .max_chars = 90,
     .chooser = true,
     .help = "货物或服务的名称"},
    {.id = SPEC, .label = "规格", .width = 8, .kind = FIELD_TEXT, .max_chars = 10},
    {.id = COUNT, .label = "数量", .width = 8, .align = ALIGN_RIGHT, .kind = FIELD_AMOUNT},
    {.id = PRICE, .label = "单价", .width = 10, .align = ALIGN_RIGHT, .kind = FIELD_AMOUNT},
    {.id = TAX, .label = "税额", .width = 10, .align = ALIGN_RIGHT, .kind = FIELD_SHOW},
    {.id = 0},
};

static struct grid grid;
static int calls, first_changed, last_changed, datas, mode;

static void changed(struct grid *g, int first, int last)
{
	int i;

	calls++;
	first_changed = first;
	last_changed = last;
	for (i = first; i <= last; i++) {
		struct grid_row *r = &g->rows[i];
		const char *count = r->cell[I_COUNT];
		bool wrong = *count && !strspn(count, "0123456789");

		assert_true(i >= 0 && i < g->count);
		mem_set(&r->shown[I_TAX], count);
		free(r->error);
		r->error = wrong ? mem_strdup("数量不是数字。") : NULL;
		r->error_column = I_COUNT;
	}
}

static int complete(struct grid *g, int row, int column, const char *text, struct candidate *out,
		    int max)
{
	(void)g;
	(void)row;
	(void)text;
	(void)max;
	if (column != I_NAME)
		return 0;
	text_copy(out[0].label, sizeof(out[0].label), "技术咨询");
	text_copy(out[1].label, sizeof(out[1].label), "技术服务");
	return 2;
}

static void free_data(void *data)
{
	datas--;
	free(data);
}

static void matched(struct grid *g, int row, int column, const struct candidate *c)
{
	int *data = mem_alloc(sizeof(*data));

	assert_int_equal(column, I_NAME);
	if (g->rows[row].data)
		free_data(g->rows[row].data);
	*data = 7;
	datas++;
	g->rows[row].data = data;
	grid_set(g, row, NAME, c->label);
	grid_set(g, row, SPEC, "次");
}

static void *copy_data(const void *data)
{
	int *copy = mem_alloc(sizeof(*copy));

	*copy = *(const int *)data;
	datas++;
	return copy;
}

static int restore(struct grid *g, int kept)
{
	int was = mode;

	(void)g;
	mode = kept;
	return was;
}

static const struct grid_hooks HOOKS = {
    .restore = restore,
    .changed = changed,
    .complete = complete,
    .matched = matched,
    .copy_data = copy_data,
    .free_data = free_data,
};

static int setup(void **state)
{
	(void)state;
	stub_reset(24, 80);
	stub.messages = 0;
	grid_init(&grid, COLUMNS, &HOOKS, NULL, MAX_ROWS);
	grid_layout(&grid, (struct rect) {.y = 5, .x = 0, .h = 6, .w = 80});
	calls = datas = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	grid_free(&grid);
	assert_int_equal(datas, 0);
	return 0;
}

static void type(const char *text)
{
	size_t n = strlen(text), len;
	uint32_t cp;

	for (; n; n -= len, text += len) {
		len = text_next(text, n, &cp);
		grid_key(&grid, (struct key) {.code = cp}, NULL, 0);
	}
}

static bool paste(const char *text)
{
	return grid_key(&grid, (struct key) {.code = K_PASTE}, text, strlen(text));
}

static void fill(int rows)
{
	char text[32];
	int i;

	for (i = 0; i < rows; i++) {
		snprintf(text, sizeof(text), "商品%d", i + 1);
		grid_set(&grid, i, NAME, text);
		snprintf(text, sizeof(text), "%d", i + 1);
		grid_set(&grid, i, COUNT, text);
	}
}

static void typing_goes_into_the_row_at_once(void **state)
{
	(void)state;
	assert_int_equal(grid.count, 1);
	assert_int_equal(grid_filled(&grid), 0);
	type("软件");
	assert_string_equal(grid_get(&grid, 0, NAME), "软件");
	assert_int_equal(calls, 2);
	assert_int_equal(first_changed, 0);
	assert_int_equal(last_changed, 0);
	assert_int_equal(grid_filled(&grid), 1);
	grid_focus(&grid, 0, COUNT);
	type("１，２.5");
	assert_string_equal(grid_get(&grid, 0, COUNT), "12.5");
	assert_true(grid.dirty);
	assert_string_equal(grid.rows[0].shown[I_TAX], "12.5");
}

static void enter_goes_on_and_adds_rows(void **state)
{
	int i;

	(void)state;
	type("甲");
	for (i = I_SPEC; i <= I_PRICE; i++) {
		assert_int_equal(grid_act(&grid, ACT_ENTER), GRID_LEFT_CELL);
		assert_int_equal(grid.column, i);
	}
	assert_int_equal(grid_act(&grid, ACT_ENTER), GRID_LEFT_CELL);
	assert_int_equal(grid.count, 2);
	assert_int_equal(grid.row, 1);
	assert_int_equal(grid.column, I_NAME);
	/* The empty last row leads out. */
	assert_int_equal(grid_act(&grid, ACT_ENTER), GRID_LEFT_BOTTOM);
	assert_int_equal(grid_act(&grid, ACT_PREVIOUS), GRID_LEFT_CELL);
	assert_int_equal(grid.row, 0);
	assert_int_equal(grid.column, I_PRICE);
	for (i = 0; i < 3; i++)
		grid_act(&grid, ACT_PREVIOUS);
	assert_int_equal(grid_act(&grid, ACT_PREVIOUS), GRID_LEFT_TOP);
	assert_int_equal(grid_act(&grid, ACT_UP), GRID_LEFT_TOP);
	assert_int_equal(grid_act(&grid, ACT_DOWN), GRID_LEFT_CELL);
	assert_int_equal(grid_act(&grid, ACT_DOWN), GRID_LEFT_BOTTOM);
	grid_clear(&grid);
	fill(MAX_ROWS);
	grid_focus(&grid, MAX_ROWS - 1, PRICE);
	assert_int_equal(grid_act(&grid, ACT_NEXT), GRID_LEFT_BOTTOM);
	assert_int_equal(grid.count, MAX_ROWS);
}

static void arrows_cross_cells_at_the_ends_of_text(void **state)
{
	(void)state;
	type("ab");
	assert_int_equal(grid_act(&grid, ACT_LEFT), GRID_USED);
	assert_int_equal(grid_act(&grid, ACT_LEFT), GRID_USED);
	assert_int_equal(grid_act(&grid, ACT_LEFT), GRID_UNUSED);
	assert_int_equal(grid_act(&grid, ACT_LAST), GRID_USED);
	assert_int_equal(grid_act(&grid, ACT_RIGHT), GRID_LEFT_CELL);
	assert_int_equal(grid.column, I_SPEC);
	assert_int_equal(grid_act(&grid, ACT_LEFT), GRID_LEFT_CELL);
	assert_int_equal(grid.column, I_NAME);
}

/* Names are added to, figures replaced, until the caret is moved or something deleted. */
static void a_figure_is_typed_anew(void **state)
{
	(void)state;
	fill(2);
	grid_focus(&grid, 0, COUNT);
	type("12");
	assert_string_equal(grid_get(&grid, 0, COUNT), "12");
	grid_act(&grid, ACT_DOWN);
	grid_act(&grid, ACT_UP);
	type("7");
	assert_string_equal(grid_get(&grid, 0, COUNT), "7");
	grid_act(&grid, ACT_UNDO);
	assert_string_equal(grid_get(&grid, 0, COUNT), "12");
	grid_act(&grid, ACT_LAST);
	type("7");
	assert_string_equal(grid_get(&grid, 0, COUNT), "127");
	grid_focus(&grid, 0, COUNT);
	grid_act(&grid, ACT_DELETE_BACK);
	type("5");
	assert_string_equal(grid_get(&grid, 0, COUNT), "125");
	grid_focus(&grid, 1, COUNT);
	type("=");
	assert_string_equal(grid_get(&grid, 1, COUNT), "125");
	grid_focus(&grid, 0, NAME);
	type("x");
	assert_int_equal(grid_get(&grid, 0, NAME)[strlen(grid_get(&grid, 0, NAME)) - 1], 'x');
	assert_true(strlen(grid_get(&grid, 0, NAME)) > 1);
}

static void a_row_is_ended_from_any_cell(void **state)
{
	(void)state;
	fill(2);
	grid_focus(&grid, 0, COUNT);
	assert_int_equal(grid_act(&grid, ACT_ROW_NEXT), GRID_LEFT_CELL);
	assert_int_equal(grid.row, 1);
	assert_int_equal(grid.column, I_NAME);
	grid_focus(&grid, grid.count - 1, NAME);
	type("y");
	assert_int_equal(grid_act(&grid, ACT_ROW_NEXT), GRID_LEFT_CELL);
	assert_int_equal(grid.row, grid.count - 1);
	/* An empty last row is not doubled. */
	assert_int_equal(grid_act(&grid, ACT_ROW_NEXT), GRID_UNUSED);
}

static void equals_copies_the_cell_above(void **state)
{
	(void)state;
	type("=");
	assert_string_equal(grid_get(&grid, 0, NAME), "=");
	grid_clear(&grid);
	fill(1);
	grid_set(&grid, 1, SPEC, "V1");
	grid_focus(&grid, 1, NAME);
	type("=");
	assert_string_equal(grid_get(&grid, 1, NAME), "商品1");
	type("=");
	assert_string_equal(grid_get(&grid, 1, NAME), "商品1=");
	grid_focus(&grid, 1, COUNT);
	assert_int_equal(grid_act(&grid, ACT_ROW_COPY_UP), GRID_USED);
	assert_string_equal(grid_get(&grid, 1, COUNT), "1");
	assert_int_equal(grid_act(&grid, ACT_ROW_COPY_UP), GRID_UNUSED);
}

static void a_cell_is_one_step(void **state)
{
	(void)state;
	type("软件工具");
	grid_act(&grid, ACT_NEXT);
	type("V1");
	assert_int_equal(grid.undo_count, 2);
	assert_int_equal(grid_act(&grid, ACT_UNDO), GRID_USED);
	assert_string_equal(grid_get(&grid, 0, SPEC), "");
	assert_string_equal(grid.edit.text, "");
	assert_int_equal(grid.column, I_SPEC);
	grid_act(&grid, ACT_UNDO);
	assert_string_equal(grid_get(&grid, 0, NAME), "");
	assert_int_equal(grid.column, I_NAME);
	assert_int_equal(grid_act(&grid, ACT_UNDO), GRID_UNUSED);
	grid_act(&grid, ACT_REDO);
	assert_string_equal(grid.edit.text, "软件工具");
	type("箱");
	assert_int_equal(grid_act(&grid, ACT_REDO), GRID_UNUSED);
	assert_string_equal(grid_get(&grid, 0, NAME), "软件工具箱");
}

static void rows_go_and_come_back_with_their_data(void **state)
{
	(void)state;
	type("js");
	assert_int_equal(grid.match, 0);
	assert_int_equal(grid_act(&grid, ACT_ENTER), GRID_USED);
	assert_string_equal(grid_get(&grid, 0, NAME), "技术咨询");
	assert_string_equal(grid_get(&grid, 0, SPEC), "次");
	assert_int_equal(grid.undo_count, 1);
	grid_set(&grid, 1, NAME, "第二");
	grid_focus(&grid, 0, NAME);
	assert_int_equal(grid_act(&grid, ACT_ROW_DELETE), GRID_LEFT_CELL);
	assert_int_equal(grid.count, 1);
	assert_string_equal(grid.edit.text, "第二");
	grid_act(&grid, ACT_UNDO);
	assert_int_equal(grid.count, 2);
	assert_int_equal(*(int *)grid.rows[0].data, 7);
	assert_int_equal(grid_act(&grid, ACT_ROW_INSERT), GRID_LEFT_CELL);
	assert_int_equal(grid.count, 3);
	assert_string_equal(grid_get(&grid, 0, NAME), "");
	assert_int_equal(grid_act(&grid, ACT_ROW_INSERT), GRID_UNUSED);
	grid_act(&grid, ACT_UNDO);
	assert_true(first_changed > last_changed);
	assert_int_equal(grid.count, 2);
	grid_act(&grid, ACT_UNDO);
	assert_string_equal(grid_get(&grid, 0, NAME), "");
	assert_null(grid.rows[0].data);
	/* The only row becomes empty, and only once. */
	grid_clear(&grid);
	type("甲");
	assert_int_equal(grid_act(&grid, ACT_ROW_DELETE), GRID_LEFT_CELL);
	assert_int_equal(grid.count, 1);
	assert_int_equal(grid_act(&grid, ACT_ROW_DELETE), GRID_UNUSED);
	grid_act(&grid, ACT_UNDO);
	assert_string_equal(grid_get(&grid, 0, NAME), "甲");
}

static void completion_opens_moves_and_closes(void **state)
{
	(void)state;
	type("技");
	assert_int_equal(grid.match_count, 0);
	type("术");
	assert_int_equal(grid.match_count, 2);
	assert_int_equal(grid.match, -1);
	grid_act(&grid, ACT_DOWN);
	grid_act(&grid, ACT_DOWN);
	assert_int_equal(grid.match, 1);
	grid_paint(&grid, true);
	assert_string_equal(stub_row(7), "      技术咨询");
	assert_string_equal(stub_row(8), "    > 技术服务");
	grid_act(&grid, ACT_UP);
	grid_act(&grid, ACT_ENTER);
	assert_string_equal(grid.edit.text, "技术咨询");
	type("服务");
	assert_int_equal(grid_act(&grid, ACT_BACK), GRID_USED);
	assert_int_equal(grid_act(&grid, ACT_BACK), GRID_UNUSED);
	assert_int_equal(grid_act(&grid, ACT_CHOOSE), GRID_UNUSED); /* the view's picker */
}

static void a_block_becomes_rows_in_one_step(void **state)
{
	(void)state;
	fill(2);
	grid_focus(&grid, 1, NAME);
	assert_true(paste("甲\tV1\t1,000\t２.5\n\n\"乙\"\"引\"\"\n二行\"\t\t3\n丙\tV3\n"));
	assert_int_equal(grid.count, 4);
	assert_string_equal(grid_get(&grid, 1, NAME), "甲");
	assert_string_equal(grid_get(&grid, 1, COUNT), "1000");
	assert_string_equal(grid_get(&grid, 1, PRICE), "2.5");
	assert_string_equal(grid_get(&grid, 2, NAME), "乙\"引\" 二行");
	assert_string_equal(grid_get(&grid, 2, COUNT), "3");
	assert_string_equal(grid_get(&grid, 3, SPEC), "V3");
	assert_int_equal(first_changed, 1);
	assert_int_equal(last_changed, 3);
	assert_int_equal(calls, 1);
	assert_string_equal(stub.message, "粘贴了 3 行，可以撤销。");
	grid_act(&grid, ACT_UNDO);
	assert_int_equal(grid.count, 2);
	assert_string_equal(grid_get(&grid, 1, NAME), "商品2");
	grid_act(&grid, ACT_REDO);
	assert_int_equal(grid.count, 4);
	assert_string_equal(grid_get(&grid, 3, NAME), "丙");
	/* From the current column on; other cells stay. */
	grid_focus(&grid, 0, COUNT);
	paste("7\n8\n");
	assert_string_equal(grid_get(&grid, 0, COUNT), "7");
	assert_string_equal(grid_get(&grid, 1, COUNT), "8");
	assert_string_equal(grid_get(&grid, 1, NAME), "甲");
}

static void what_does_not_fit_is_told(void **state)
{
	(void)state;
	assert_true(paste("1\n2\n3\n4\n5\n6\n7\n8"));
	assert_int_equal(grid.count, MAX_ROWS);
	assert_string_equal(stub.message, "只放得下前 6 行，另有 2 行没有粘贴；可以撤销。");
	grid_clear(&grid);
	assert_true(paste("a\tb\t1\t2\tmore"));
	assert_true(strstr(stub.message, "超出栏目") != NULL);
	grid_clear(&grid);
	assert_true(paste("a\t01234567890"));
	assert_string_equal(grid_get(&grid, 0, SPEC), "0123456789");
	assert_true(strstr(stub.message, "超出栏目") != NULL);
	grid_clear(&grid);
	stub.messages = 0;
	assert_true(paste("单独一行\n"));
	assert_string_equal(grid_get(&grid, 0, NAME), "单独一行");
	assert_int_equal(stub.messages, 0);
	assert_false(paste("\t\n\t"));
}

static int asked;

static bool ask_first(struct grid *g, const char *text, size_t n)
{
	assert_ptr_equal(g, &grid);
	assert_int_equal(n, strlen(text));
	asked++;
	return true;
}

/* Nothing changes before the owner says so; what he is shown is what it becomes. */
static void a_block_may_be_asked_about(void **state)
{
	static const char BLOCK[] = "甲\tV1\t1,000\n乙\t\t3\n丙\tV3\n";
	const struct grid_hooks asking = {
	    .changed = changed, .copy_data = copy_data, .free_data = free_data, .block = ask_first};
	struct grid_pasted p;
	struct grid rows;
	int i;

	(void)state;
	fill(2);
	grid_set(&grid, 1, PRICE, "9");
	grid_focus(&grid, 1, NAME);
	matched(&grid, 1, I_NAME, &(struct candidate) {.label = "商品2"});
	grid.hooks = &asking;
	calls = asked = 0;
	assert_true(paste(BLOCK));
	assert_int_equal(asked, 1);
	assert_int_equal(calls, 0);
	assert_int_equal(grid.count, 2);
	assert_string_equal(grid_get(&grid, 1, NAME), "商品2");
	/* One line alone is typed, not asked about. */
	assert_true(paste("丁"));
	assert_int_equal(asked, 1);
	grid_act(&grid, ACT_UNDO);
	calls = 0;
	grid_paste_try(&grid, BLOCK, strlen(BLOCK), &rows, &p);
	assert_int_equal(p.lines, 3);
	assert_int_equal(p.fit, 3);
	assert_true(p.whole);
	assert_int_equal(rows.count, 3);
	assert_string_equal(grid_get(&rows, 0, PRICE), "9"); /* stays beside what is pasted */
	assert_int_equal(*(const int *)rows.rows[0].data, 7);
	assert_int_equal(calls, 0);
	assert_true(grid_paste(&grid, BLOCK, strlen(BLOCK)));
	for (i = 0; i < 3; i++) {
		assert_string_equal(grid_get(&grid, 1 + i, NAME), grid_get(&rows, i, NAME));
		assert_string_equal(grid_get(&grid, 1 + i, COUNT), grid_get(&rows, i, COUNT));
		assert_string_equal(grid_get(&grid, 1 + i, PRICE), grid_get(&rows, i, PRICE));
	}
	grid_free(&rows);
	grid_paste_try(&grid, "1\n2\n3\n4\n5\n6\n7\n", 14, &rows, &p);
	assert_int_equal(p.lines, 7);
	assert_int_equal(p.fit, MAX_ROWS - 1);
	grid_free(&rows);
	grid.hooks = &HOOKS;
}

static void painted_rows(void **state)
{
	(void)state;
	fill(2);
	grid_set(&grid, 0, NAME, "*软件*开票工作站专业版");
	grid_set(&grid, 2, NAME, "");
	changed(&grid, 0, 2);
	grid.rows[0].note = mem_strdup("  折扣 10%\t\t\t-22.60\t-2.60");
	grid.rows[1].marked = true;
	grid_focus(&grid, 1, COUNT);
	grid_paint(&grid, true);
	assert_string_equal(stub_row(5),
			    "  # 项目名称             规格         数量       单价       税额");
	assert_string_equal(stub_row(6),
			    "  1 *软件*开票工作站专 ~                 1                     1");
	assert_string_equal(stub_row(7), "      折扣 10%"
					 "                                 -22.60      -2.60");
	assert_string_equal(stub_row(8),
			    "  2*商品2                                2                     2");
	assert_string_equal(stub_row(9), "  3");
	assert_int_equal(stub.face[8][34], FACE_FOCUS);
	assert_int_equal(stub.face[8][5], FACE_MARKED);
	assert_int_equal(stub.face[6][5], FACE_VALUE);
	assert_int_equal(stub.cursor_y, 8);
	assert_int_equal(stub.cursor_x, 42);
}

static void errors_show_when_the_cell_is_left(void **state)
{
	(void)state;
	type("甲");
	grid_focus(&grid, 0, COUNT);
	type("x");
	grid_paint(&grid, true);
	assert_string_equal(stub.text[6][3], " ");
	grid_act(&grid, ACT_NEXT);
	grid_paint(&grid, true);
	assert_string_equal(stub.text[6][3], "!");
	assert_int_equal(stub.face[6][41], FACE_ERROR);
	assert_string_equal(grid_error(&grid), "数量不是数字。");
	grid_focus(&grid, 0, NAME);
	assert_string_equal(grid_help(&grid), "货物或服务的名称");
}

static void the_focused_row_stays_in_sight(void **state)
{
	int i;

	(void)state;
	fill(MAX_ROWS);
	grid_layout(&grid, (struct rect) {.y = 0, .x = 0, .h = 4, .w = 80});
	for (i = 0; i < MAX_ROWS; i++)
		grid.rows[i].note = mem_strdup("折扣");
	for (i = 0; i < MAX_ROWS; i++) {
		grid_focus(&grid, i, NAME);
		grid_paint(&grid, true);
		assert_int_equal(grid.top, i);
		assert_int_equal(stub.cursor_y, 1);
	}
	for (i = 0; i < MAX_ROWS; i++) {
		free(grid.rows[i].note);
		grid.rows[i].note = NULL;
	}
	grid_paint(&grid, true);
	assert_int_equal(grid.top, MAX_ROWS - 3);
	grid_layout(&grid, (struct rect) {.y = 0, .x = 0, .h = 20, .w = 40});
	grid_focus(&grid, 0, PRICE);
	grid_paint(&grid, true); /* narrow: columns went off at the left */
	assert_int_equal(grid.top, 0);
	assert_true(stub.cursor_x < 40);
	grid_act(&grid, ACT_PAGE_DOWN);
	assert_int_equal(grid.row, MAX_ROWS - 1);
	for (i = 0; i < 4; i++) {
		grid_layout(&grid, (struct rect) {.h = i, .w = i});
		grid_paint(&grid, true);
	}
}

/* Rows make way for others in one step, with what the owner keeps beside them. */
static void rows_are_replaced_in_one_step(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		grid_set(&grid, i, NAME, "旧");
	mode = 1;
	grid_replace(&grid, 1, 2, 4);
	grid_step_keep(&grid, mode);
	mode = 2;
	for (i = 1; i < 5; i++)
		grid_set(&grid, i, NAME, "新");
	assert_int_equal(grid.count, 5);
	assert_int_equal(grid.undo_count, 1);
	assert_int_equal(grid_act(&grid, ACT_UNDO), GRID_USED);
	assert_int_equal(grid.count, 3);
	assert_string_equal(grid_get(&grid, 2, NAME), "旧");
	assert_int_equal(mode, 1);
	grid_act(&grid, ACT_REDO);
	assert_int_equal(grid.count, 5);
	assert_string_equal(grid_get(&grid, 4, NAME), "新");
	assert_int_equal(mode, 2);
	/* Other steps leave it alone. */
	mode = 3;
	grid_focus(&grid, 0, NAME);
	type("甲");
	grid_act(&grid, ACT_UNDO);
	assert_int_equal(mode, 3);
}

static void a_block_is_quoted_for_a_reader(void **state)
{
	static const char BLOCK[] = "名称\t数量\n\"甲\n\"\"乙\"\"\"\t1,5\n\"半\t\n";
	char *text = grid_block_quoted(BLOCK, sizeof(BLOCK) - 1);

	(void)state;
	assert_string_equal(text, "sep=\t\n\"名称\"\t\"数量\"\n"
				  "\"甲\n\"\"乙\"\"\"\t\"1,5\"\n\"\"\"半\"\t\"\"\n");
	free(text);
}

/* ---- random edits: every undo gives the state before, every redo the state after ---- */

static uint32_t seed = 7;

static uint32_t rnd(uint32_t n)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % n;
}

/* Rows as text; rows without any at the end do not count. */
static char *snapshot(void)
{
	struct buf b;
	int i, c, last = grid.count - 1;

	while (last >= 0 && !grid.rows[last].cell[I_NAME][0] && !grid.rows[last].cell[I_SPEC][0] &&
	       !grid.rows[last].cell[I_COUNT][0])
		last--;
	buf_init(&b, 1 << 20);
	for (i = 0; i <= last; i++) {
		for (c = I_NAME; c <= I_COUNT; c++)
			buf_addf(&b, "%s|", grid.rows[i].cell[c]);
		buf_addc(&b, '\n');
	}
	buf_addc(&b, '.');
	return buf_detach(&b);
}

static void one_edit(void)
{
	static const char *const TEXTS[] = {"a", "甲", "1", "技术服务"};
	static const int IDS[] = {NAME, SPEC, COUNT};

	switch (rnd(8)) {
	case 0:
		grid_act(&grid, ACT_ROW_DELETE);
		break;
	case 1:
		grid_act(&grid, ACT_ROW_INSERT);
		break;
	case 2:
		paste(rnd(2) ? "p\tq\t1\nr\ts\t2\n" : "x\ny\nz");
		break;
	case 3:
		grid_act(&grid, ACT_CLEAR);
		break;
	case 4:
		type("js");
		grid_act(&grid, ACT_ENTER);
		break;
	case 5:
		grid_act(&grid, ACT_NEXT);
		break;
	case 6:
		grid_focus(&grid, (int)rnd((uint32_t)grid.count), IDS[rnd(3)]);
		break;
	default:
		type(TEXTS[rnd(4)]);
		break;
	}
	grid_act(&grid, ACT_BACK);
}

static void undo_and_redo_are_exact(void **state)
{
	char *states[GRID_UNDO + 1];
	int round, i, steps;

	(void)state;
	for (round = 0; round < 300; round++) {
		grid_clear(&grid);
		for (i = (int)rnd(60); i > 0; i--)
			one_edit();
		grid_paint(&grid, true);
		steps = grid.undo_count;
		for (i = steps; i >= 0; i--) {
			states[i] = snapshot();
			assert_int_equal(grid_act(&grid, ACT_UNDO) == GRID_USED, i > 0);
		}
		assert_string_equal(states[0], ".");
		for (i = 0; i <= steps; i++) {
			char *now = snapshot();

			assert_string_equal(now, states[i]);
			assert_int_equal(grid_act(&grid, ACT_REDO) == GRID_USED, i < steps);
			free(now);
		}
		for (i = 0; i <= steps; i++)
			free(states[i]);
	}
}

static void old_steps_are_forgotten(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < GRID_UNDO + 50; i++) {
		type("a");
		grid_focus(&grid, 0, i % 2 ? NAME : SPEC);
		grid_act(&grid, ACT_CLEAR);
		grid_focus(&grid, 0, i % 2 ? NAME : SPEC);
	}
	assert_int_equal(grid.undo_count, GRID_UNDO);
	for (i = 0; i < GRID_UNDO; i++)
		assert_int_equal(grid_act(&grid, ACT_UNDO), GRID_USED);
	assert_int_equal(grid_act(&grid, ACT_UNDO), GRID_UNUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	    T(typing_goes_into_the_row_at_once),
	    T(enter_goes_on_and_adds_rows),
	    T(arrows_cross_cells_at_the_ends_of_text),
	    T(a_figure_is_typed_anew),
	    T(a_row_is_ended_from_any_cell),
	    T(equals_copies_the_cell_above),
	    T(a_cell_is_one_step),
	    T(rows_go_and_come_back_with_their_data),
	    T(completion_opens_moves_and_closes),
	    T(a_block_becomes_rows_in_one_step),
	    T(what_does_not_fit_is_told),
	    T(a_block_may_be_asked_about),
	    T(rows_are_replaced_in_one_step),
	    T(a_block_is_quoted_for_a_reader),
	    T(painted_rows),
	    T(errors_show_when_the_cell_is_left),
	    T(the_focused_row_stays_in_sight),
	    T(undo_and_redo_are_exact),
	    T(old_steps_are_forgotten),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
