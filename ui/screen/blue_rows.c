/* blue_rows.c - the grid of the blue form: columns, computing, goods used before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

enum { GOODS_SHOWN = 8, ROW_NOTE = 400, PRICE_SCALE = 13, FEWER = 2 };

/* ---- columns ---- */

/* The same columns for both views; only what stands over the figures differs. */
#define BLUE_GRID_COLUMNS(price, amount)                                                           \
	{                                                                                          \
		{.id = BLUE_NAME,                                                                  \
		 .label = "项目名称",                                                              \
		 .width = 20,                                                                      \
		 .wide_width = 36,                                                                 \
		 .max_chars = 300,                                                                 \
		 .chooser = true,                                                                  \
		 .help = "输入两个字或拼音首字母从开过的项目里选；F4 选择税收分类编码。"},         \
		    {.id = BLUE_SPEC,                                                              \
		     .label = "规格",                                                              \
		     .width = 6,                                                                   \
		     .wide_width = 14,                                                             \
		     .max_chars = 150,                                                             \
		     .help = "规格型号，可不填。"},                                                \
		    {.id = BLUE_UNIT,                                                              \
		     .label = "单位",                                                              \
		     .width = 4,                                                                   \
		     .wide_width = 6,                                                              \
		     .max_chars = 100,                                                             \
		     .help = "计量单位，如 台、次，可不填。"},                                     \
		    {.id = BLUE_QUANTITY,                                                          \
		     .label = "数量",                                                              \
		     .width = 6,                                                                   \
		     .wide_width = 10,                                                             \
		     .align = ALIGN_RIGHT,                                                         \
		     .kind = FIELD_AMOUNT,                                                         \
		     .max_chars = 25,                                                              \
		     .help = "数量、单价、金额填任意两项，或只填金额；按 + 到下一行。"},           \
		    {.id = BLUE_PRICE,                                                             \
		     .label = price,                                                               \
		     .width = 9,                                                                   \
		     .wide_width = 12,                                                             \
		     .align = ALIGN_RIGHT,                                                         \
		     .kind = FIELD_AMOUNT,                                                         \
		     .max_chars = 25,                                                              \
		     .help = "数量、单价、金额填任意两项，或只填金额；按 + 到下一行。"},           \
		    {.id = BLUE_AMOUNT,                                                            \
		     .label = amount,                                                              \
		     .width = 11,                                                                  \
		     .wide_width = 13,                                                             \
		     .align = ALIGN_RIGHT,                                                         \
		     .kind = FIELD_AMOUNT,                                                         \
		     .max_chars = 21,                                                              \
		     .help = "填了数量和单价就不用填，程序会算出来。"},                            \
		    {.id = BLUE_RATE,                                                              \
		     .label = "税率",                                                              \
		     .width = 4,                                                                   \
		     .wide_width = 6,                                                              \
		     .align = ALIGN_RIGHT,                                                         \
		     .max_chars = 8,                                                               \
		     .chooser = true,                                                              \
		     .help = "如 13 或 13%，也可填 免税、不征税；F4 列出可用的税率。"},            \
		    {.id = BLUE_TAX,                                                               \
		     .label = "税额",                                                              \
		     .width = 9,                                                                   \
		     .wide_width = 12,                                                             \
		     .align = ALIGN_RIGHT,                                                         \
		     .kind = FIELD_SHOW},                                                          \
		{                                                                                  \
			.id = 0                                                                    \
		}                                                                                  \
	}

const struct grid_column *blue_rows_columns(bool view_inclusive)
{
	static const struct grid_column WITH[] = BLUE_GRID_COLUMNS("含税单价", "含税金额");
	static const struct grid_column WITHOUT[] = BLUE_GRID_COLUMNS("单价", "金额");

	return view_inclusive ? WITH : WITHOUT;
}

/* ---- rows ---- */

struct blue_row *blue_row_at(struct blue *b, int row)
{
	struct grid_row *r = &b->grid.rows[row];

	if (!r->data)
		r->data = blue_row_new();
	return r->data;
}

const struct blue_row *blue_row_of(const struct blue *b, int row)
{
	return row < b->grid.count ? b->grid.rows[row].data : NULL;
}

bool blue_row_blank(const struct blue *b, int row)
{
	int c;

	for (c = 0; c < BLUE_COLUMNS; c++) {
		if (*b->grid.rows[row].cell[c])
			return false;
	}
	return true;
}

int blue_rows_end(const struct blue *b)
{
	int row = b->grid.count;

	while (row && blue_row_blank(b, row - 1))
		row--;
	return row;
}

/* 尾差 goes behind the first part of the note. */
static void add_tail(const struct blue *b, const struct blue_row *r, char note[ROW_NOTE])
{
	char tail[TAIL_NOTE], rest[ROW_NOTE];
	size_t n = strcspn(note, "\t");

	if (!*blue_tail_note(b, r, tail))
		return;
	text_copy(rest, sizeof(rest), note + n);
	snprintf(note + n, ROW_NOTE - n, "%s%s%s", n ? " · " : "", tail, rest);
}

static void show_row(struct blue *b, struct grid_row *g, const struct blue_row *r)
{
	bool inclusive = blue_inclusive(b);
	/* The name is still being typed: goods used before bring the code along. */
	bool naming = b->part == BLUE_GRID && b->grid.editing && g == &b->grid.rows[b->grid.row] &&
		      b->grid.column == BLUE_NAME - 1;
	char note[ROW_NOTE];
	int c;

	for (c = 1; c <= BLUE_COLUMNS; c++) {
		char out[BLUE_TEXT], *name = NULL;
		const char *shown = blue_cell_shown(r, inclusive, b->view_inclusive,
						    (enum blue_column)c, out, &name);

		free(g->shown[c - 1]);
		g->shown[c - 1] = shown ? mem_strdup(shown) : NULL;
		free(name);
	}
	blue_row_note(r, inclusive, b->view_inclusive, note);
	if (!*note)
		blue_row_facts(&r->line, note);
	if (!*note && *r->line.name && !*r->line.tax_code && !naming)
		snprintf(note, sizeof(note), "还没有税收分类编码，在项目名称按 F4 选择");
	add_tail(b, r, note);
	free(g->note);
	g->note = *note ? mem_strdup(note) : NULL;
}

/* What is still being typed is not wrong yet. */
static bool unfinished(const struct err_info *e)
{
	return !strcmp(e->code, "line.triple") || !strcmp(e->code, "line.tax_rate.required");
}

static void compute_row(struct blue *b, int row, bool left)
{
	struct grid_row *g = &b->grid.rows[row];
	struct blue_row *r;
	struct blue_place place = {.column = BLUE_NAME};
	struct err_info e = {0};
	char path[80], sentence[1200];
	enum err rc;

	free(g->error);
	g->error = NULL;
	if (blue_row_blank(b, row)) {
		blue_row_free(g->data);
		g->data = NULL;
		r = blue_row_at(b, row);
		show_row(b, g, r);
		return;
	}
	r = blue_row_at(b, row);
	r->line.deduction_fen = blue_deduction(b);
	rc = blue_row_read(r, g->cell, blue_inclusive(b), &e);
	show_row(b, g, r);
	if (!rc || (!left && unfinished(&e)))
		return;
	snprintf(path, sizeof(path), "lines[0].%s", e.field);
	blue_place_of(path, &place);
	g->error_column = place.column - 1;
	g->error = mem_strdup(blue_sentence(&e, sentence, sizeof(sentence)));
}

static void add_totals(struct blue *b)
{
	int row;

	b->lines = 0;
	b->net = b->tax = b->gross = 0;
	b->exact = 0;
	b->overflow = false;
	for (row = 0; row < b->grid.count; row++) {
		const struct blue_row *r = blue_row_of(b, row);

		if (!r || !r->ok)
			continue;
		b->lines++;
		b->exact += tax_line_exact(&r->line);
		if (!fen_add(b->net, r->line.net_fen + r->line.discount_net_fen, &b->net) ||
		    !fen_add(b->tax, r->line.tax_fen + r->line.discount_tax_fen, &b->tax) ||
		    !fen_add(b->gross, r->line.gross_fen + r->line.discount_gross_fen, &b->gross))
			b->overflow = true;
	}
}

void blue_rows_compute(struct blue *b, int first, int last, bool left)
{
	int row;

	b->grid.columns = blue_rows_columns(b->view_inclusive);
	/* Whether the deduction counts depends on there being one row. */
	if (*b->rest.differential) {
		first = 0;
		last = b->grid.count - 1;
	}
	for (row = first; row <= last && row < b->grid.count; row++)
		compute_row(b, row, left);
	add_totals(b);
}

void blue_rows_line(struct blue *b, int row, const struct tax_line *l)
{
	struct blue_row *r;
	const struct text_field *f;
	char text[BLUE_TEXT];
	int c;

	for (c = 1; c < BLUE_COLUMNS; c++)
		grid_set(&b->grid, row, c, blue_cell_text(l, (enum blue_column)c, text));
	r = blue_row_at(b, row);
	for (f = line_texts; f->key; f++)
		mem_set(text_slot(&r->line, f), text_value(l, f));
	r->line.discount = l->discount;
	r->line.tax_adjust_fen = l->tax_adjust_fen;
	r->adjusted.known = false;
}

/* ---- goods used before ---- */

static int complete_goods(struct grid *g, int row, int column, const char *text,
			  struct candidate *out, int max)
{
	struct goods found[GOODS_SHOWN];
	char rate[BLUE_TEXT], detail[200];
	int n = 0, i;

	(void)g;
	(void)row;
	if (column != BLUE_NAME - 1 || !*text ||
	    desk_goods_match(ui_session(), text, max < GOODS_SHOWN ? max : GOODS_SHOWN, found, &n,
			     NULL))
		return 0;
	for (i = 0; i < n; i++) {
		snprintf(detail, sizeof(detail), "%.60s%s%.30s%s%s", found[i].spec,
			 *found[i].spec ? " " : "", found[i].price, *found[i].price ? " " : "",
			 blue_rate_text(found[i].rate_ppm, found[i].preference, rate));
		detail[text_whole(detail, strlen(detail))] = 0;
		out[i] = (struct candidate) {.id = found[i].id};
		blue_candidate(&out[i], found[i].name, detail);
		goods_free(&found[i]);
	}
	return n;
}

/* d * num / den; where a price with at least two decimals fewer leads back to d, that one: d was
 * converted itself, and what was typed in the other view comes out again. */
static bool convert_price(struct dec d, int64_t num, int64_t den, struct dec *out)
{
	struct dec whole, back;
	uint8_t scale;

	if (!dec_mul_ratio(d, num, den, PRICE_SCALE, &whole))
		return false;
	for (scale = 2; scale + FEWER <= d.scale; scale++) {
		*out = dec_round(whole, scale);
		if (dec_mul_ratio(*out, den, num, d.scale, &back) && !dec_cmp(back, d))
			return true;
	}
	*out = whole;
	return true;
}

const char *blue_goods_price(const struct goods *u, bool inclusive, char out[DEC_TEXT])
{
	const int64_t all = RATE_ONE + (int64_t)(u->rate_ppm < 0 ? 0 : u->rate_ppm);
	struct dec price;

	text_copy(out, DEC_TEXT, u->price);
	if (u->inclusive != inclusive && dec_parse(u->price, &price) &&
	    convert_price(price, u->inclusive ? RATE_ONE : all, u->inclusive ? all : RATE_ONE,
			  &price))
		dec_format(dec_normalize(price), out);
	return out;
}

static void fill_goods(struct blue *b, int row, const struct goods *u)
{
	struct blue_row *r = blue_row_at(b, row);
	char rate[BLUE_TEXT], price[DEC_TEXT];

	grid_set(&b->grid, row, BLUE_NAME, u->name);
	grid_set(&b->grid, row, BLUE_SPEC, u->spec);
	grid_set(&b->grid, row, BLUE_UNIT, u->unit);
	grid_set(&b->grid, row, BLUE_AMOUNT, "");
	grid_set(&b->grid, row, BLUE_RATE, blue_rate_text(u->rate_ppm, u->preference, rate));
	grid_set(&b->grid, row, BLUE_PRICE, blue_goods_price(u, blue_inclusive(b), price));
	mem_set(&r->line.tax_code, u->tax_code);
	mem_set(&r->line.short_name, u->short_name);
	mem_set(&r->line.preference, u->preference);
}

static void take_goods(struct grid *g, int row, int column, const struct candidate *c)
{
	struct blue *b = g->owner;
	struct err_info e = {0};
	/* A price typed is nobody's to replace but the article's own. */
	bool typed = *grid_get(g, row, BLUE_PRICE) != 0;
	struct goods u;

	(void)column;
	if (desk_goods_get(ui_session(), c->id, &u, &e)) {
		ui_error(&e);
		return;
	}
	fill_goods(b, row, &u);
	/* Without a price, what is left to type is the amount. */
	grid_focus(g, row, *u.price ? BLUE_QUANTITY : BLUE_AMOUNT);
	goods_free(&u);
	blue_rows_compute(b, row, row, false);
	if (!typed)
		blue_price_unasked(b, row);
}

static void rows_changed(struct grid *g, int first, int last)
{
	struct blue *b = g->owner;

	b->leaving = false;
	blue_rows_compute(b, first, last, false);
}

const struct grid_hooks blue_hooks = {
    .changed = rows_changed,
    .complete = complete_goods,
    .matched = take_goods,
    .copy_data = blue_row_copy,
    .free_data = blue_row_free,
    .block = blue_ask_paste,
    .restore = blue_restore_mode,
};
