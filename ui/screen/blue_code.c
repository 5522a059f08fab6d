/* blue_code.c - the tax code of a row: choosing it, its rates, words about it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_p.h"
#include "ui/screen/code_pick.h"

enum { RATES = 12 };

/* ---- 同上 ---- */

bool blue_article_up(struct blue *b)
{
	static const enum blue_column WITH[] = {BLUE_UNIT, BLUE_RATE};
	struct grid *g = &b->grid;
	int row = g->row;
	const struct tax_line *above;
	struct tax_line *line;

	if (g->columns[g->column].id != BLUE_NAME || row < 1 || row >= g->count ||
	    *grid_get(g, row, BLUE_NAME) || !*grid_get(g, row - 1, BLUE_NAME))
		return false;
	grid_step_begin(g, row, row);
	above = &blue_row_at(b, row - 1)->line;
	line = &blue_row_at(b, row)->line;
	mem_set(&line->tax_code, above->tax_code);
	mem_set(&line->short_name, above->short_name);
	mem_set(&line->preference, above->preference);
	mem_set(&line->coal_kind, above->coal_kind);
	mem_set(&line->goods, above->goods);
	for (size_t i = 0; i < sizeof(WITH) / sizeof(WITH[0]); i++) {
		if (!*grid_get(g, row, WITH[i]))
			grid_set(g, row, WITH[i], grid_get(g, row - 1, WITH[i]));
	}
	grid_set(g, row, BLUE_NAME, grid_get(g, row - 1, BLUE_NAME));
	b->changed = true;
	blue_rows_compute(b, row, row, false);
	return true;
}

void blue_ask_code(struct blue *b)
{
	struct code_pick_arg a = {.name = grid_get(&b->grid, b->grid.row, BLUE_NAME)};

	view_ask(b->view, BLUE_ASK_CODE, &view_code_pick_ops, &a);
}

/* ---- rates ---- */

/* Rates for the choice, highest first; returns their number. */
static int put_rates(struct blue *b, const int32_t *ppm, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < RATES; i++)
		blue_rate_text(ppm[i], "", b->rates[i]);
	return (int)i;
}

/* Enabled rates that the row's code lists, or all while it has none or an unknown one. */
static int usable_rates(struct blue *b, const char *code)
{
	int32_t *ppm = NULL;
	size_t n = 0;
	int count = 0;

	if ((*code && !desk_code_rates(ui_session(), code, &ppm, &n, NULL)) ||
	    !desk_rates(ui_session(), &ppm, &n, NULL))
		count = put_rates(b, ppm, n);
	free(ppm);
	return count;
}

void blue_ask_rate(struct blue *b)
{
	const struct blue_row *r = blue_row_of(b, b->grid.row);
	int n = usable_rates(b, r ? r->line.tax_code : ""), i;
	struct choose_arg a = {.title = "税率", .lines = b->rate_lines};

	text_copy(b->rates[n++], BLUE_TEXT, "免税");
	text_copy(b->rates[n++], BLUE_TEXT, "不征税");
	for (i = 0; i < n; i++) {
		b->rate_lines[i] = b->rates[i];
		if (!strcmp(b->rates[i], grid_get(&b->grid, b->grid.row, BLUE_RATE)))
			a.selected = i;
	}
	b->rate_lines[n] = NULL;
	view_ask(b->view, BLUE_ASK_RATE, &view_choose_ops, &a);
}

void blue_answer_rate(struct blue *b, const void *result)
{
	int chosen = *(const int *)result, row = b->grid.row;

	grid_step_begin(&b->grid, row, row);
	grid_set(&b->grid, row, BLUE_RATE, b->rates[chosen]);
	b->changed = true;
	b->leaving = false;
	blue_rows_compute(b, row, row, false);
}

/* ---- taking a code ---- */

void blue_answer_code(struct blue *b, const void *result)
{
	const struct code_picked *c = result;
	int row = b->grid.row, n;
	struct blue_row *r;

	grid_step_begin(&b->grid, row, row);
	if (!*grid_get(&b->grid, row, BLUE_NAME))
		grid_set(&b->grid, row, BLUE_NAME, c->name);
	r = blue_row_at(b, row);
	mem_set(&r->line.tax_code, c->code);
	mem_set(&r->line.short_name, c->short_name);
	/* The only rate it can have needs no typing. */
	n = put_rates(b, c->rates, c->rate_count);
	if (n == 1 || (n > 1 && !*grid_get(&b->grid, row, BLUE_RATE)))
		grid_set(&b->grid, row, BLUE_RATE, b->rates[0]);
	b->changed = true;
	b->leaving = false;
	blue_rows_compute(b, row, row, false);
	grid_focus(&b->grid, row, BLUE_SPEC);
}

/* ---- words ---- */

void blue_code_words(struct blue *b)
{
	const struct blue_row *r = blue_row_of(b, b->grid.row);
	const char *code = r ? r->line.tax_code : "";
	struct tax_code c;

	if (!strcmp(code, b->code))
		return;
	text_copy(b->code, sizeof(b->code), code);
	b->code_label[0] = 0;
	if (!*code)
		return;
	if (desk_taxcode_get(ui_session(), code, &c, NULL)) {
		snprintf(b->code_label, sizeof(b->code_label), "编码 %s 不在税收分类编码表中",
			 code);
		return;
	}
	snprintf(b->code_label, sizeof(b->code_label), "编码 %s %.90s%s%.40s", code, c.name,
		 *c.vat_rates ? " " : "", c.vat_rates);
	b->code_label[text_whole(b->code_label, strlen(b->code_label))] = 0;
	tax_code_free(&c);
}
