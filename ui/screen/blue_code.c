/* blue_code.c - the tax code of a row: choosing it, its rates, words about it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_p.h"

/* ---- the list of codes ---- */

struct filling {
	struct pick_row *rows;
	int count, max;
	const char *after; /* keyset of children: codes up to it were given */
	char last[40];
	bool more;
};

static enum err add_code(void *arg, const struct tax_code *c)
{
	struct filling *f = arg;
	struct pick_row *row;

	if (f->after && strcmp(c->code, f->after) <= 0)
		return ERR_OK;
	if (f->count == f->max) {
		f->more = true;
		return ERR_OK;
	}
	row = &f->rows[f->count++];
	*row = (struct pick_row) {.branch = c->summary, .disabled = c->summary};
	text_copy(row->key, sizeof(row->key), c->code);
	text_copy(row->label, sizeof(row->label), c->name);
	snprintf(row->detail, sizeof(row->detail), "%.60s%s%.40s%s%.30s", c->short_name,
		 *c->vat_rates ? " " : "", c->vat_rates, *c->levy_rates ? " " : "", c->levy_rates);
	row->detail[text_whole(row->detail, strlen(row->detail))] = 0;
	text_copy(f->last, sizeof(f->last), c->code);
	return ERR_OK;
}

/* Words search the whole table; without words the tree is walked. */
static enum err pick_codes(void *arg, const char *text, const char *parent, const char *cursor,
			   int max, struct pick_row *rows, int *count, char next[40],
			   struct err_info *e)
{
	struct filling f = {.rows = rows, .max = max};
	char after[20] = "";
	enum err r;

	(void)arg;
	next[0] = 0;
	if (*text) {
		r = desk_taxcode_search(ui_session(), text, cursor, max, add_code, &f, after, NULL,
					NULL, e);
		text_copy(next, 40, after);
	} else {
		f.after = cursor;
		r = desk_taxcode_children(ui_session(), parent, add_code, &f, e);
		if (f.more)
			text_copy(next, 40, f.last);
	}
	*count = f.count;
	return r;
}

static enum err seen_one(void *arg, const struct tax_code *c)
{
	(void)c;
	*(bool *)arg = true;
	return ERR_OK;
}

/* The longest end of the name that finds something: 笔记本电脑 finds nothing, 电脑 does. */
static const char *words_of(const char *name)
{
	size_t n = strlen(name);
	uint32_t cp;

	while (text_chars(name) >= 2) {
		char next[20];
		bool found = false;

		if (desk_taxcode_search(ui_session(), name, "", 1, seen_one, &found, next, NULL,
					NULL, NULL))
			return "";
		if (found)
			return name;
		n = text_next(name, strlen(name), &cp);
		name += n;
	}
	return "";
}

void blue_ask_code(struct blue *b)
{
	char *name = text_trim(grid_get(&b->grid, b->grid.row, BLUE_NAME));
	struct pick_arg a = {
	    .title = "税收分类编码", .text = words_of(name), .source = pick_codes, .arg = b};

	view_ask(b->view, BLUE_ASK_CODE, &view_pick_ops, &a);
	free(name);
}

/* ---- rates ---- */

static bool code_lists(const struct tax_code *c, int32_t ppm)
{
	if (text_empty(c->vat_rates) && text_empty(c->levy_rates))
		return true;
	return tax_rates_list(c->vat_rates, ppm, false) ||
	       tax_rates_list(c->levy_rates, ppm, false);
}

/* Enabled rates that the row's code lists, into b->rates; returns their number. */
static int usable_rates(struct blue *b, const char *code)
{
	struct tax_code c;
	int32_t *ppm = NULL;
	size_t n = 0, i;
	int count = 0;
	bool known = *code && !desk_taxcode_get(ui_session(), code, &c, NULL);

	if (!desk_rates(ui_session(), &ppm, &n, NULL)) {
		for (i = 0; i < n && count < 12; i++) {
			if (!known || code_lists(&c, ppm[i]))
				blue_rate_text(ppm[i], "", b->rates[count++]);
		}
		free(ppm);
	}
	if (known)
		tax_code_free(&c);
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
	const struct picked *p = result;
	int row = b->grid.row, n;
	struct err_info e = {0};
	struct blue_row *r;
	struct tax_code c;

	if (desk_taxcode_get(ui_session(), p->key, &c, &e)) {
		ui_error(&e);
		return;
	}
	grid_step_begin(&b->grid, row, row);
	if (!*grid_get(&b->grid, row, BLUE_NAME))
		grid_set(&b->grid, row, BLUE_NAME, c.name);
	r = blue_row_at(b, row);
	mem_set(&r->line.tax_code, c.code);
	mem_set(&r->line.short_name, c.short_name);
	/* The only rate it can have needs no typing. */
	n = usable_rates(b, c.code);
	if (n == 1 || (n > 1 && !*grid_get(&b->grid, row, BLUE_RATE)))
		grid_set(&b->grid, row, BLUE_RATE, b->rates[0]);
	tax_code_free(&c);
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
