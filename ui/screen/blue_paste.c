/* blue_paste.c - rows pasted from a workbook: known goods complete them, a preview, one undo. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_p.h"

enum { SHOWN_ROWS = 200, SHOWN_FAULTS = 5, PREVIEW_MAX = 1 << 20 };

/* ---- what is known of an article ---- */

/* The last one looked up: pasted rows often repeat. */
struct known {
	char *name, *spec;
	struct goods goods;
	bool found;
};

static void known_free(struct known *k)
{
	free(k->name);
	free(k->spec);
	if (k->found)
		goods_free(&k->goods);
	*k = (struct known) {0};
}

/* By name and specification, else by name or 简码 alone when only one article has it. */
static void look_up(struct known *k, const char *name, const char *spec)
{
	struct goods probe = {0}, both[2];
	int n = 0, i;

	if (k->name && !strcmp(k->name, name) && !strcmp(k->spec, spec))
		return;
	known_free(k);
	k->name = mem_strdup(name);
	k->spec = mem_strdup(spec);
	probe.name = k->name;
	probe.spec = k->spec;
	if (*spec && !desk_goods_twins(ui_session(), &probe, both, 2, &n, NULL) && n == 1) {
		k->goods = both[0];
		k->found = true;
		return;
	}
	for (i = 0; i < n; i++)
		goods_free(&both[i]);
	k->found = !desk_goods_named(ui_session(), name, &k->goods, NULL);
}

/* ---- completing a row ---- */

static void set_empty(struct grid *g, int row, enum blue_column c, const char *text)
{
	if (!*grid_get(g, row, c))
		grid_set(g, row, c, text);
}

/* A preference goes with the rate it was kept with. */
static const char *preference_of(const struct goods *u, const char *rate)
{
	const char *brought;
	int32_t ppm;

	if (!*rate || (blue_rate_parse(rate, &ppm, &brought) && ppm == u->rate_ppm && !*brought))
		return u->preference;
	return "";
}

/* What was pasted stays; what was left out comes from the article, as if it had been chosen. */
static void complete(struct grid *g, int row, struct blue_row *r, const struct goods *u,
		     bool inclusive)
{
	char rate[BLUE_TEXT], price[DEC_TEXT];

	grid_set(g, row, BLUE_NAME, u->name);
	set_empty(g, row, BLUE_SPEC, u->spec);
	set_empty(g, row, BLUE_UNIT, u->unit);
	mem_set(&r->line.preference, preference_of(u, grid_get(g, row, BLUE_RATE)));
	set_empty(g, row, BLUE_RATE, blue_rate_text(u->rate_ppm, u->preference, rate));
	if (!*grid_get(g, row, BLUE_AMOUNT))
		set_empty(g, row, BLUE_PRICE, blue_goods_price(u, inclusive, price));
	mem_set(&r->line.tax_code, u->tax_code);
	mem_set(&r->line.short_name, u->short_name);
}

/* `was`: the name that stood in the row before.  A code belongs to a name. */
static void settle_row(struct grid *g, int row, const char *was, bool inclusive, struct known *k)
{
	const char *name = grid_get(g, row, BLUE_NAME);
	struct blue_row *r = g->rows[row].data;
	bool renamed = strcmp(name, was) != 0;

	if (!*name || !r || (!renamed && *r->line.tax_code))
		return;
	look_up(k, name, grid_get(g, row, BLUE_SPEC));
	if (k->found) {
		complete(g, row, r, &k->goods, inclusive);
	} else if (renamed) {
		mem_set(&r->line.tax_code, "");
		mem_set(&r->line.short_name, "");
	}
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
	int64_t gross;
	struct buf faults;
};

static void weigh_row(struct grid *g, int row, int number, bool inclusive, struct tally *t)
{
	struct blue_row *r = g->rows[row].data;
	struct err_info e = {0};
	char sentence[1200];

	if (blue_row_read(r, g->rows[row].cell, inclusive, &e)) {
		if (t->faulty++ < SHOWN_FAULTS)
			buf_addf(&t->faults, "第 %d 行 %s\n", number,
				 blue_sentence(&e, sentence, sizeof(sentence)));
	} else if (!fen_add(t->gross, r->line.gross_fen, &t->gross)) {
		t->gross = INT64_MAX;
	}
	t->uncoded += !*r->line.tax_code;
}

static void put_tally(struct buf *out, const struct tally *t, const struct grid_pasted *p)
{
	char gross[FEN_TEXT + 8];

	if (t->gross < INT64_MAX)
		buf_addf(out, "价税合计 %s 元\n", fen_format_grouped(t->gross, gross));
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
	struct tally t = {0};
	struct known k = {0};
	int row;

	buf_init(&t.faults, PREVIEW_MAX);
	put_heading(out, g->columns);
	for (row = 0; row < p->fit; row++) {
		int number = b->grid.row + row + 1;

		if (!g->rows[row].data)
			g->rows[row].data = blue_row_new();
		settle_row(g, row, grid_get(&b->grid, b->grid.row + row, BLUE_NAME), inclusive, &k);
		weigh_row(g, row, number, inclusive, &t);
		if (row < SHOWN_ROWS)
			put_row(out, g, row, number, inclusive);
	}
	put_tally(out, &t, p);
	known_free(&k);
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
	struct known k = {0};
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
			settle_row(g, g->row + i, i < n ? names[i] : "", blue_inclusive(b), &k);
		blue_rows_compute(b, g->row, g->row + p.fit - 1, false);
		for (i = 0; i < n; i++)
			free(names[i]);
		free(names);
		known_free(&k);
		blue_keep(b, false);
	}
	free(b->pasted);
	b->pasted = NULL;
}
