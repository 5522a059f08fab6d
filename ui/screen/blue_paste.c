/* blue_paste.c - rows pasted from a workbook: known goods complete them, a preview, one undo. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_p.h"

enum { SHOWN_ROWS = 200, SHOWN_FAULTS = 5, PREVIEW_MAX = 1 << 20 };

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
	if (p->fit > SHOWN_ROWS)
		buf_addf(out, "（只列出前 %d 行）\n", SHOWN_ROWS);
	if (p->fit < p->lines)
		buf_addf(out, "只放得下前 %d 行，另有 %d 行放不下。\n", p->fit, p->lines - p->fit);
	if (!p->whole)
		buf_adds(out, "有的内容超出栏目，放不下的会舍去。\n");
	if (t->uncoded)
		buf_addf(out, "%d 行没有税收编码，放入后按 F4 选择。\n", t->uncoded);
	if (t->faulty)
		buf_addf(out, "%d 行还要改正：\n%s", t->faulty, buf_str(&t->faults));
}

/* Completed and computed as they will be. */
static void preview(const struct blue *b, struct grid *g, const struct grid_pasted *p,
		    struct buf *out)
{
	bool inclusive = blue_inclusive(b);
	struct goods_fill *f = open_catalogue();
	struct tally t = {0};
	int row;

	buf_init(&t.faults, PREVIEW_MAX);
	put_heading(out, g->columns);
	for (row = 0; row < p->fit; row++) {
		const char *was = grid_get(&b->grid, b->grid.row + row, BLUE_NAME);
		int number = b->grid.row + row + 1;
		struct err_info e = {0};
		struct goods_filled how;

		if (!g->rows[row].data)
			g->rows[row].data = blue_row_new();
		if (settle_row(g, row, was, inclusive, f, &how, &e))
			add_fault(&t, number, &e);
		t.filled[how.by]++;
		weigh_row(g, row, number, inclusive, &t);
		if (row < SHOWN_ROWS)
			put_row(out, g, row, number, inclusive);
	}
	put_tally(out, &t, p);
	goods_fill_end(&f);
	buf_free(&t.faults);
}

bool blue_ask_paste(struct grid *g, const char *text, size_t n)
{
	struct blue *b = g->owner;
	struct grid_pasted p;
	struct grid rows;
	struct buf out;
	char title[64];
	bool asked;

	if (blue_ask_headed(b, text, n))
		return true;
	grid_paste_try(g, text, n, &rows, &p);
	if (!p.fit) {
		grid_free(&rows);
		return false; /* the grid says why nothing comes of it */
	}
	free(b->pasted);
	b->pasted = mem_strndup(text, n);
	buf_init(&out, PREVIEW_MAX);
	preview(b, &rows, &p, &out);
	snprintf(title, sizeof(title), "粘贴 %d 行", p.fit);
	asked = view_ask(
	    b->view, BLUE_ASK_PASTE, &view_ask_ops,
	    &(struct ask_arg) {
		.title = title, .text = buf_str(&out), .yes = "放入", .no = "不放", .safe = true});
	buf_free(&out);
	grid_free(&rows);
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

void blue_answer_paste(struct blue *b, bool ok)
{
	struct grid *g = &b->grid;
	struct goods_fill *f = open_catalogue();
	struct goods_filled how;
	struct grid_pasted p;
	struct grid rows;
	char **names;
	int i, n;

	if (ok && b->pasted) {
		grid_paste_try(g, b->pasted, strlen(b->pasted), &rows, &p);
		grid_free(&rows);
		names = names_of(g, &n);
		grid_paste(g, b->pasted, strlen(b->pasted));
		for (i = 0; i < p.fit; i++)
			settle_row(g, g->row + i, i < n ? names[i] : "", blue_inclusive(b), f, &how,
				   NULL);
		blue_rows_compute(b, g->row, g->row + p.fit - 1, false);
		for (i = 0; i < n; i++)
			free(names[i]);
		free(names);
		blue_keep(b, false);
	}
	goods_fill_end(&f);
	free(b->pasted);
	b->pasted = NULL;
}
