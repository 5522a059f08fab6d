/* blue_paste.c - rows pasted from a workbook: known goods complete them, a preview, one undo. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_p.h"

/* So many cells beside each other are a row of an invoice. */
enum { SHOWN_ROWS = 200, SHOWN_FAULTS = 5, PREVIEW_MAX = 1 << 20, WHOLE_CELLS = 4 };

/* ---- completing a row ---- */

/* NULL when nothing can be looked up: then rows stay as they are pasted. */
static struct goods_fill *open_catalogue(void)
{
	struct goods_fill *f = NULL;
	struct unit u;

	if (desk_unit(ui_session(), &u, NULL))
		return NULL;
	goods_fill_begin(ui_session(), u.id, &f, NULL);
	unit_free(&u);
	return f;
}

static void set_empty(struct grid *g, int row, enum blue_column c, const char *text)
{
	if (!*grid_get(g, row, c))
		grid_set(g, row, c, text);
}

/* What was left out comes from the article, as if it had been chosen. */
static void show_filled(struct grid *g, int row, const struct tax_line *l)
{
	char text[BLUE_TEXT];

	grid_set(g, row, BLUE_NAME, l->name);
	set_empty(g, row, BLUE_SPEC, l->spec);
	set_empty(g, row, BLUE_UNIT, l->unit);
	set_empty(g, row, BLUE_RATE, blue_cell_text(l, BLUE_RATE, text));
	set_empty(g, row, BLUE_PRICE, blue_cell_text(l, BLUE_PRICE, text));
}

static void forget_code(struct tax_line *l)
{
	mem_set(&l->tax_code, "");
	mem_set(&l->short_name, "");
	mem_set(&l->preference, "");
}

/* What was pasted stays.  `was`: the name that stood in the row before; a code belongs to a name.
 * ERR_INVALID when several articles would do. */
static enum err settle_row(struct grid *g, int row, const char *was, bool inclusive,
			   struct goods_fill *f, struct goods_filled *how, struct err_info *e)
{
	struct blue_row *r = g->rows[row].data;
	bool renamed = strcmp(grid_get(g, row, BLUE_NAME), was) != 0;
	enum err rc;

	*how = (struct goods_filled) {.by = FILL_NOT};
	if (!f || !*grid_get(g, row, BLUE_NAME) || !r || (!renamed && *r->line.tax_code))
		return ERR_OK;
	if (renamed)
		forget_code(&r->line);
	blue_row_read(r, g->rows[row].cell, inclusive, NULL);
	rc = goods_fill_line(f, &r->line, inclusive, how, e);
	if (!rc && how->by != FILL_NOT)
		show_filled(g, row, &r->line);
	return rc;
}

bool blue_name_left(struct blue *b, int row, char wrong[BLUE_SENTENCE])
{
	struct grid *g = &b->grid;
	struct blue_row *r = blue_row_at(b, row);
	struct goods_filled how = {.by = FILL_NOT};
	struct goods_fill *f = NULL;
	struct err_info e = {0};

	wrong[0] = 0;
	if (!*grid_get(g, row, BLUE_NAME) || *r->line.tax_code || !(f = open_catalogue()))
		return false;
	if (settle_row(g, row, grid_get(g, row, BLUE_NAME), blue_inclusive(b), f, &how, &e))
		blue_sentence(&e, wrong, BLUE_SENTENCE);
	if (how.by != FILL_NOT)
		b->changed = true;
	goods_fill_end(&f);
	return how.by != FILL_NOT;
}

/* ---- the preview ---- */

static const struct {
	enum blue_column column;
	int cols;
	bool right;
} SHOWN[] = {
    {BLUE_NAME, 18, false},   {BLUE_SPEC, 6, false}, {BLUE_UNIT, 4, false},
    {BLUE_QUANTITY, 7, true}, {BLUE_PRICE, 9, true}, {BLUE_AMOUNT, 11, true},
    {BLUE_RATE, 6, true},
};
enum { SHOWN_COLUMNS = sizeof(SHOWN) / sizeof(SHOWN[0]) };

static void put_cell(struct buf *out, const char *text, int cols, bool right)
{
	size_t used, n = text_fit(text, (size_t)cols, &used);
	int blank = cols - (int)used;

	if (text[n]) {
		n = text_fit(text, (size_t)cols - 1, &used);
		blank = cols - (int)used - 1;
	}
	if (right)
		buf_addf(out, "%*s", blank, "");
	buf_add(out, text, n);
	if (text[n])
		buf_addc(out, '~');
	if (!right)
		buf_addf(out, "%*s", blank, "");
}

static void put_heading(struct buf *out, const struct grid_column *columns)
{
	int i;

	buf_adds(out, "   ");
	for (i = 0; i < SHOWN_COLUMNS; i++) {
		buf_addc(out, ' ');
		put_cell(out, columns[SHOWN[i].column - 1].label, SHOWN[i].cols, SHOWN[i].right);
	}
	buf_addc(out, '\n');
}

/* Figures as the grid will show them; names without what the tax code puts before them. */
static void put_row(struct buf *out, const struct grid *g, int row, int number, bool inclusive)
{
	char text[BLUE_TEXT], *name;
	int i;

	buf_addf(out, "%3d", number);
	for (i = 0; i < SHOWN_COLUMNS; i++) {
		enum blue_column c = SHOWN[i].column;
		const char *shown = NULL;

		name = NULL;
		if (c != BLUE_NAME)
			shown = blue_cell_shown(g->rows[row].data, inclusive, inclusive, c, text,
						&name);
		buf_addc(out, ' ');
		put_cell(out, shown ? shown : grid_get(g, row, c), SHOWN[i].cols, SHOWN[i].right);
		free(name);
	}
	buf_addc(out, '\n');
}

/* What the rows come to, and what is wrong or missing in them. */
struct tally {
	int uncoded, faulty;
	int filled[FILL_WAYS];
	int64_t gross;
	struct buf faults;
};

static void add_fault(struct tally *t, int number, const struct err_info *e)
{
	char sentence[1200];

	if (t->faulty++ < SHOWN_FAULTS)
		buf_addf(&t->faults, "第 %d 行 %s\n", number,
			 blue_sentence(e, sentence, sizeof(sentence)));
}

static void weigh_row(struct grid *g, int row, int number, bool inclusive, struct tally *t)
{
	struct blue_row *r = g->rows[row].data;
	struct err_info e = {0};

	if (blue_row_read(r, g->rows[row].cell, inclusive, &e)) {
		add_fault(t, number, &e);
	} else if (!fen_add(t->gross, r->line.gross_fen, &t->gross)) {
		t->gross = INT64_MAX;
	}
	t->uncoded += !*r->line.tax_code;
}

static void put_filled(struct buf *out, const struct tally *t)
{
	int by, parted = 0;

	for (by = FILL_NOT + 1; by < FILL_WAYS; by++) {
		if (t->filled[by])
			buf_addf(out, "%s按%s %d 行", parted++ ? "、" : "由商品信息带出：",
				 goods_fill_label((enum fill_by)by), t->filled[by]);
	}
	buf_adds(out, parted ? "\n" : "");
}

static void put_tally(struct buf *out, const struct tally *t, const struct grid_pasted *p)
{
	char gross[FEN_TEXT + 8];

	if (t->gross < INT64_MAX)
		buf_addf(out, "价税合计 %s 元\n", fen_format_grouped(t->gross, gross));
	put_filled(out, t);
	if (!p->whole)
		buf_adds(out, "有的内容超出栏目，放不下的会舍去。\n");
	if (t->uncoded)
		buf_addf(out, "%d 行没有税收编码，放入后按 F4 选择。\n", t->uncoded);
	if (t->faulty)
		buf_addf(out, "%d 行还要改正：\n%s", t->faulty, buf_str(&t->faults));
	if (p->fit > SHOWN_ROWS)
		buf_addf(out, "（只列出前 %d 行）\n", SHOWN_ROWS);
}

/* Completed and computed as they will be; what they come to stands first: long lists are cut.
 * `base`: what the rows come over. */
static void preview(const struct blue *b, const struct grid *base, struct grid *g,
		    const struct grid_pasted *p, struct buf *out)
{
	bool inclusive = blue_inclusive(b);
	struct goods_fill *f = open_catalogue();
	struct tally t = {0};
	struct buf list;
	int row;

	buf_init(&t.faults, PREVIEW_MAX);
	buf_init(&list, PREVIEW_MAX);
	put_heading(&list, g->columns);
	for (row = 0; row < p->fit; row++) {
		const char *was = grid_get(base, base->row + row, BLUE_NAME);
		int number = base->row + row + 1;
		struct err_info e = {0};
		struct goods_filled how;

		if (!g->rows[row].data)
			g->rows[row].data = blue_row_new();
		if (settle_row(g, row, was, inclusive, f, &how, &e))
			add_fault(&t, number, &e);
		t.filled[how.by]++;
		weigh_row(g, row, number, inclusive, &t);
		if (row < SHOWN_ROWS)
			put_row(&list, g, row, number, inclusive);
	}
	put_tally(out, &t, p);
	buf_adds(out, buf_str(&list));
	goods_fill_end(&f);
	buf_free(&t.faults);
	buf_free(&list);
}

/* ---- what a block means ---- */

/* As people write figures and rates. */
static bool is_figure(const char *text)
{
	const char *preference;
	char *folded = text_fold_width(text);
	int32_t ppm;
	bool is = !folded[strspn(folded, "0123456789.,-+%¥￥ ")];

	free(folded);
	return is || blue_rate_parse(text, &ppm, &preference);
}

/* Cells of the first line, and the first of them that has text (malloc'd). */
static int look_at_line(const char *text, size_t n, char **first)
{
	const char *end = memchr(text, '\n', n), *at = text, *tab;
	int cells = 0;

	*first = NULL;
	for (end = end ? end : text + n; at <= end; at = tab + 1) {
		tab = memchr(at, '\t', (size_t)(end - at));
		tab = tab ? tab : end;
		cells++;
		if (!*first && tab > at)
			*first = mem_strndup(at, (size_t)(tab - at));
	}
	return cells;
}

/* Rows from the name on, wherever the cursor is?  Otherwise cells from the cursor on. */
static bool is_whole(const struct grid *g, const char *text, size_t n)
{
	char *first;
	int cells = look_at_line(text, n, &first);
	bool figures = g->column >= BLUE_QUANTITY - 1, whole;

	whole = g->column == BLUE_NAME - 1 ? cells >= WHOLE_CELLS
		: cells > BLUE_RATE - g->column
		    ? cells >= WHOLE_CELLS
		    : figures && cells >= WHOLE_CELLS - 1 && first && !is_figure(first);
	free(first);
	return whole;
}

static int filled_from(const struct blue *b, int row, int n)
{
	int filled = 0, last = row + n < b->grid.count ? row + n : b->grid.count;

	for (; row < last; row++)
		filled += !blue_row_blank(b, row);
	return filled;
}

/* As many as an invoice takes, or none (features D17). */
static bool refuse_many(const struct grid *base, const struct grid_pasted *p)
{
	if (p->fit == p->lines)
		return false;
	if (p->lines > base->max_rows)
		ui_message(MESSAGE_ERROR,
			   "粘贴的内容有 %d 行，一张发票最多 %d 行，什么都没有放入；请分成几张发票",
			   p->lines, base->max_rows);
	else
		ui_message(MESSAGE_ERROR,
			   "从第 %d 行起只放得下 %d 行，粘贴的内容有 %d 行，什么都没有放入",
			   base->row + 1, p->fit, p->lines);
	return true;
}

/* ---- asking ---- */

static bool ask_put(struct blue *b, const char *title, const char *text)
{
	return view_ask(
	    b->view, BLUE_ASK_PASTE, &view_ask_ops,
	    &(struct ask_arg) {
		.title = title, .text = text, .yes = "放入", .no = "不放", .safe = true});
}

static const char *row_range(const struct blue *b, int n, char out[40])
{
	if (n > 1)
		snprintf(out, 40, "第 %d 至 %d 行", b->grid.row + 1, b->grid.row + n);
	else
		snprintf(out, 40, "第 %d 行", b->grid.row + 1);
	return out;
}

/* What is there goes only when that is chosen. */
static bool ask_cover(struct blue *b, const char *title, int n, int there, const struct buf *words)
{
	struct buf out;
	char range[40];
	bool asked;

	buf_init(&out, PREVIEW_MAX + 400);
	buf_addf(&out, "从光标处起覆盖%s的这些栏，其中 %d 行已有内容。\n", row_range(b, n, range),
		 there);
	buf_adds(&out, buf_str(words));
	asked = view_ask(
	    b->view, BLUE_ASK_PASTE, &view_ask_ops,
	    &(struct ask_arg) {
		.title = title, .text = buf_str(&out), .yes = "覆盖", .no = "不放", .safe = false});
	buf_free(&out);
	return asked;
}

/* Behind the rows that are there, over those from the cursor on, or in the place of all. */
static bool ask_way(struct blue *b, const char *title, int n, const char *text)
{
	int there = grid_filled(&b->grid), over = filled_from(b, b->grid.row, n), ways = 0;
	char words[3][120], range[40];
	const char *lines[4] = {NULL};

	if (blue_rows_end(b) + n <= b->grid.max_rows) {
		snprintf(words[ways], sizeof(words[0]), "追加：放到已有的 %d 行后面", there);
		b->paste.ways[ways++] = PASTE_BEHIND;
	}
	if (over && b->grid.row + n <= b->grid.max_rows) {
		snprintf(words[ways], sizeof(words[0]), "覆盖：取代%s，其中 %d 行已有内容",
			 row_range(b, n, range), over);
		b->paste.ways[ways++] = PASTE_OVER;
	}
	snprintf(words[ways], sizeof(words[0]), "替换：取代已有的 %d 行", there);
	b->paste.ways[ways++] = PASTE_INSTEAD;
	while (ways--)
		lines[ways] = words[ways];
	return view_ask(b->view, BLUE_ASK_PASTE, &view_choose_ops,
			&(struct choose_arg) {.title = title, .lines = lines, .text = text});
}

static bool ask(struct blue *b, const struct grid_pasted *p, const struct buf *words)
{
	int over = filled_from(b, b->grid.row, p->fit);
	char title[64];

	snprintf(title, sizeof(title), "粘贴 %d 行", p->fit);
	b->paste.ways[0] = PASTE_BEHIND;
	if (b->paste.whole && grid_filled(&b->grid))
		return ask_way(b, title, p->fit, buf_str(words));
	if (!b->paste.whole && over)
		return ask_cover(b, title, p->fit, over, words);
	return ask_put(b, title, buf_str(words));
}

/* What the block comes over: nothing, when it has whole rows. */
static void make_base(const struct blue *b, bool whole, struct grid *blank,
		      const struct grid **base)
{
	grid_init(blank, b->grid.columns, b->grid.hooks, NULL, b->grid.max_rows);
	*base = whole ? blank : &b->grid;
}

bool blue_ask_paste(struct grid *g, const char *text, size_t n)
{
	struct blue *b = g->owner;
	const struct grid *base;
	struct grid rows, blank;
	struct grid_pasted p;
	struct buf out;
	bool asked = false;

	if (blue_ask_headed(b, text, n))
		return true;
	b->paste.whole = is_whole(g, text, n);
	make_base(b, b->paste.whole, &blank, &base);
	grid_paste_try(base, text, n, &rows, &p);
	if (p.lines && refuse_many(base, &p)) {
		asked = true;
	} else if (p.fit) { /* else the grid says why nothing comes of it */
		free(b->paste.text);
		b->paste.text = mem_strndup(text, n);
		buf_init(&out, 2 * PREVIEW_MAX);
		preview(b, base, &rows, &p, &out);
		asked = ask(b, &p, &out);
		buf_free(&out);
	}
	grid_free(&rows);
	grid_free(&blank);
	return asked;
}

/* ---- the answer ---- */

/* The names that stood in the rows: of those that are replaced the code goes, too. */
static char **names_of(const struct grid *g, int *n)
{
	char **names;
	int i;

	*n = g->count - g->row;
	names = mem_zalloc((size_t)(*n + 1) * sizeof(*names));
	for (i = 0; i < *n; i++)
		names[i] = mem_strdup(grid_get(g, g->row + i, BLUE_NAME));
	return names;
}

/* Cells from the cursor on. */
static void put_cells(struct blue *b, const char *text, struct goods_fill *f)
{
	struct grid *g = &b->grid;
	struct goods_filled how;
	struct grid_pasted p;
	struct grid rows;
	char **names;
	int i, n;

	grid_paste_try(g, text, strlen(text), &rows, &p);
	grid_free(&rows);
	names = names_of(g, &n);
	grid_paste(g, text, strlen(text));
	for (i = 0; i < p.fit; i++)
		settle_row(g, g->row + i, i < n ? names[i] : "", blue_inclusive(b), f, &how, NULL);
	blue_rows_compute(b, g->row, g->row + p.fit - 1, false);
	for (i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

static void copy_rows(struct grid *to, int at, const struct grid *from, int n)
{
	int i, c;

	for (i = 0; i < n; i++) {
		for (c = 1; c < BLUE_COLUMNS; c++)
			grid_set(to, at + i, c, grid_get(from, i, c));
		to->hooks->free_data(to->rows[at + i].data);
		to->rows[at + i].data = to->hooks->copy_data(from->rows[i].data);
	}
}

/* Whole rows, in one undo step. */
static void put_whole(struct blue *b, const char *text, enum paste_way way, struct goods_fill *f)
{
	struct grid *g = &b->grid, rows, blank;
	int at = way == PASTE_BEHIND ? blue_rows_end(b) : way == PASTE_OVER ? g->row : 0;
	struct goods_filled how;
	const struct grid *base;
	struct grid_pasted p;
	int i, cut = g->count - at;

	make_base(b, true, &blank, &base);
	grid_paste_try(base, text, strlen(text), &rows, &p);
	for (i = 0; i < p.fit; i++) {
		if (!rows.rows[i].data)
			rows.rows[i].data = blue_row_new();
		settle_row(&rows, i, "", blue_inclusive(b), f, &how, NULL);
	}
	if (way == PASTE_OVER && cut > p.fit)
		cut = p.fit;
	grid_replace(g, at, cut, p.fit);
	copy_rows(g, at, &rows, p.fit);
	blue_rows_compute(b, at, g->count - 1, false);
	grid_focus(g, at, BLUE_NAME);
	ui_message(MESSAGE_INFO, "粘贴了 %d 行，可以撤销。", p.fit);
	grid_free(&rows);
	grid_free(&blank);
}

void blue_answer_paste(struct blue *b, bool ok, const int *chosen)
{
	struct goods_fill *f = open_catalogue();
	char *text = b->paste.text;

	b->paste.text = NULL;
	if (ok && text) {
		if (b->paste.whole)
			put_whole(b, text, b->paste.ways[chosen ? *chosen : 0], f);
		else
			put_cells(b, text, f);
		b->changed = true;
		blue_keep(b, false);
	}
	goods_fill_end(&f);
	free(text);
}
