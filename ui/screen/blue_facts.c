/* blue_facts.c - what the form has no field for: the boxes of the subjects, marks of what is filled
 * in, 优惠政策 and 煤炭种类 of a row. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_p.h"

/* ---- the boxes ---- */

static void build(const struct blue *b, struct invoice *out)
{
	int *row_of = mem_alloc((size_t)(b->grid.count + 1) * sizeof(*row_of));

	blue_form_build(b, out, row_of);
	free(row_of);
}

static bool ask(struct blue *b, enum more_subject subject, const char *path, const char *sentence)
{
	struct invoice inv;
	bool ok;

	build(b, &inv);
	ok = view_ask(b->view, BLUE_ASK_SUBJECT, &view_blue_more_ops,
		      &(struct more_arg) {
			  .subject = subject, .invoice = &inv, .path = path, .sentence = sentence});
	invoice_free(&inv);
	return ok;
}

bool blue_ask_subject(struct blue *b, enum more_subject subject)
{
	return ask(b, subject, NULL, NULL);
}

bool blue_point_subject(struct blue *b, const char *path, const char *sentence)
{
	enum more_subject subject = blue_more_of(path);

	/* The flag itself stands on the form. */
	return subject < MORE_SUBJECTS && strcmp(path, "buyer.is_person") != 0 &&
	       ask(b, subject, path, sentence);
}

void blue_answer_subject(struct blue *b, const struct invoice *inv)
{
	static const enum blue_field FIELDS[] = {BLUE_PERSON, BLUE_TAX_NO, BLUE_SHOW_BUYER,
						 BLUE_SHOW_SELLER};
	size_t i;

	for (i = 0; i < sizeof(FIELDS) / sizeof(FIELDS[0]); i++)
		blue_set(b, FIELDS[i], blue_field_text(inv, FIELDS[i]));
	blue_form_rest(b, inv);
	blue_look_owner(b);
	b->changed = true;
	b->leaving = false;
	blue_rows_compute(b, 0, b->grid.count - 1, false);
}

/* ---- marks ---- */

const char *blue_invoice_marks(const struct invoice *inv, char *out, size_t size)
{
	char mark[80];
	size_t n;
	int i;

	out[0] = 0;
	for (i = 0; i < MORE_SUBJECTS; i++) {
		n = strlen(out);
		/* A mark is shown whole or not at all. */
		if (*blue_more_mark(inv, (enum more_subject)i, mark) &&
		    strlen(mark) + sizeof("〔〕") <= size - n)
			snprintf(out + n, size - n, "〔%s〕", mark);
	}
	return out;
}

int64_t blue_deduction(const struct blue *b)
{
	int row, rows = 0;

	if (strcmp(b->rest.differential, DIFFERENTIAL_PART) != 0)
		return 0;
	for (row = 0; row < b->grid.count; row++)
		rows += !blue_row_blank(b, row);
	return rows == 1 ? b->rest.deduction_fen : 0;
}

/* ---- a row ---- */

/* The row the focus is on or was on last, when it holds something. */
static struct blue_row *row_here(struct blue *b)
{
	if (b->grid.row >= b->grid.count || blue_row_blank(b, b->grid.row))
		return NULL;
	return blue_row_at(b, b->grid.row);
}

bool blue_has_row(const struct blue *b)
{
	return b->grid.row < b->grid.count && !blue_row_blank(b, b->grid.row);
}

bool blue_row_is_coal(const struct blue *b)
{
	const struct blue_row *r = blue_row_of(b, b->grid.row);

	return r && tax_code_coal(r->line.tax_code);
}

/* May a row of this code and rate have the preference?  10 needs an ability of its own; 稀土 is told
 * by the code's 简称. */
static bool preference_fits(const struct code_row *p, const struct tax_line *l)
{
	if (l->tax_code[0] == '6')
		return !strcmp(p->code, "04");
	if (!strcmp(p->code, "10") ||
	    (!strcmp(p->code, "02") && *l->tax_code && !strstr(l->short_name, "稀土")))
		return false;
	return l->rate_ppm < 0 || tax_rates_list(p->extra, l->rate_ppm, l->rate_ppm > 0);
}

/* The offered ones: their places in the table, -1 for none. */
static int preferences(const struct tax_line *l, int *out, int max)
{
	const struct code_row *p;
	int n = 0, i;

	out[n++] = -1;
	for (i = 0; n < max && (p = code_at(CODES_PREFERENCES, (size_t)i)); i++) {
		if (preference_fits(p, l))
			out[n++] = i;
	}
	return n;
}

static const char *preference_line(int at, char out[BLUE_TEXT])
{
	const struct code_row *p = at < 0 ? NULL : code_at(CODES_PREFERENCES, (size_t)at);

	if (!p)
		text_copy(out, BLUE_TEXT, "不用优惠政策");
	else
		snprintf(out, BLUE_TEXT, "%s %.30s%s%.20s", p->code, p->name, *p->extra ? "  " : "",
			 p->extra);
	return out;
}

bool blue_ask_preference(struct blue *b)
{
	struct blue_row *r = row_here(b);
	struct choose_arg a = {.title = "优惠政策", .lines = b->rate_lines};
	int found[BLUE_CHOICES], n, i;
	const struct code_row *p;

	if (!r)
		return false;
	n = preferences(&r->line, found, BLUE_CHOICES);
	for (i = 0; i < n; i++) {
		b->rate_lines[i] = preference_line(found[i], b->rates[i]);
		p = found[i] < 0 ? NULL : code_at(CODES_PREFERENCES, (size_t)found[i]);
		if (p && !strcmp(p->code, r->line.preference))
			a.selected = i;
	}
	b->rate_lines[n] = NULL;
	a.text = "列出的是这一行的编码和税率可用的。";
	return view_ask(b->view, BLUE_ASK_PREFERENCE, &view_choose_ops, &a);
}

/* The rate that goes with it, where it fixes one. */
static void set_rate(struct blue *b, int row, const struct code_row *p)
{
	const char *now = grid_get(&b->grid, row, BLUE_RATE);
	char text[BLUE_TEXT];
	int32_t ppm;

	if (!strcmp(p->code, "03") || !strcmp(p->code, "04"))
		grid_set(&b->grid, row, BLUE_RATE, blue_rate_text(0, p->code, text));
	else if (!*now && rate_parse(p->extra, &ppm))
		grid_set(&b->grid, row, BLUE_RATE, blue_rate_text(ppm, "", text));
}

static void row_changed(struct blue *b)
{
	b->changed = true;
	b->leaving = false;
	blue_rows_compute(b, b->grid.row, b->grid.row, false);
}

void blue_answer_preference(struct blue *b, int chosen)
{
	struct blue_row *r = row_here(b);
	int found[BLUE_CHOICES], n, row = b->grid.row;
	const struct code_row *p;

	if (!r)
		return;
	n = preferences(&r->line, found, BLUE_CHOICES);
	p = chosen < n && found[chosen] >= 0 ? code_at(CODES_PREFERENCES, (size_t)found[chosen])
					     : NULL;
	grid_step_begin(&b->grid, row, row);
	/* 免税 and 不征税 are words of the rate: they go with it. */
	if (!p && r->line.rate_ppm == 0)
		grid_set(&b->grid, row, BLUE_RATE, "");
	mem_set(&r->line.preference, p ? p->code : "");
	if (p)
		set_rate(b, row, p);
	row_changed(b);
}

bool blue_ask_coal(struct blue *b)
{
	struct choose_arg a = {.title = "煤炭种类", .lines = b->rate_lines};
	struct blue_row *r = row_here(b);
	const struct code_row *c;
	int i;

	if (!r)
		return false;
	for (i = 0; i < BLUE_CHOICES - 1 && (c = code_at(CODES_COAL, (size_t)i)); i++) {
		snprintf(b->rates[i], BLUE_TEXT, "%s %.50s", c->code, c->name);
		b->rate_lines[i] = b->rates[i];
		if (!strcmp(c->code, r->line.coal_kind))
			a.selected = i;
	}
	text_copy(b->rates[i], BLUE_TEXT, "不填");
	b->rate_lines[i] = b->rates[i];
	b->rate_lines[i + 1] = NULL;
	return view_ask(b->view, BLUE_ASK_COAL, &view_choose_ops, &a);
}

void blue_answer_coal(struct blue *b, int chosen)
{
	const struct code_row *c = code_at(CODES_COAL, (size_t)chosen);
	struct blue_row *r = row_here(b);

	if (!r)
		return;
	grid_step_begin(&b->grid, b->grid.row, b->grid.row);
	mem_set(&r->line.coal_kind, c ? c->code : "");
	row_changed(b);
}

const char *blue_row_facts(const struct tax_line *l, char out[160])
{
	const struct code_row *p = NULL, *c = NULL;

	out[0] = 0;
	if (*l->preference && strcmp(l->preference, "03") != 0 && strcmp(l->preference, "04") != 0)
		p = code_find(CODES_PREFERENCES, l->preference);
	if (*l->coal_kind)
		c = code_find(CODES_COAL, l->coal_kind);
	if (p)
		snprintf(out, 160, "优惠政策 %.60s", p->name);
	if (c)
		snprintf(out + strlen(out), 160 - strlen(out), "%s煤炭种类 %.60s", p ? " · " : "",
			 c->name);
	if (!c && tax_code_coal(l->tax_code))
		snprintf(out + strlen(out), 160 - strlen(out), "%s还没有选煤炭种类（Alt-k）",
			 p ? " · " : "");
	return out;
}

/* ---- the list of all ---- */

enum { MENU_PREFERENCE = MORE_SUBJECTS, MENU_COAL };

static void menu_line(struct blue *b, int i)
{
	const struct blue_row *r = blue_row_of(b, b->grid.row);
	const struct code_row *p;
	char mark[80] = "";

	if (i < MORE_SUBJECTS) {
		blue_more_mark(&b->rest, (enum more_subject)i, mark);
		snprintf(b->rates[i], BLUE_TEXT, "%.30s%s%.30s",
			 blue_more_title((enum more_subject)i), *mark ? "：" : "", mark);
	} else if (i == MENU_PREFERENCE) {
		p = r && *r->line.preference ? code_find(CODES_PREFERENCES, r->line.preference)
					     : NULL;
		snprintf(b->rates[i], BLUE_TEXT, "第 %d 行优惠政策%s%.30s", b->grid.row + 1,
			 p ? "：" : "", p ? p->name : "");
	} else {
		snprintf(b->rates[i], BLUE_TEXT, "第 %d 行煤炭种类", b->grid.row + 1);
	}
	b->rates[i][text_whole(b->rates[i], strlen(b->rates[i]))] = 0;
	b->rate_lines[i] = b->rates[i];
}

bool blue_ask_more(struct blue *b)
{
	struct choose_arg a = {.title = "更多", .lines = b->rate_lines};
	int i, n = MORE_SUBJECTS;

	if (blue_has_row(b))
		n = blue_row_is_coal(b) ? MENU_COAL + 1 : MENU_PREFERENCE + 1;
	for (i = 0; i < n; i++)
		menu_line(b, i);
	b->rate_lines[n] = NULL;
	return view_ask(b->view, BLUE_ASK_MORE, &view_choose_ops, &a);
}

void blue_answer_more(struct blue *b, int chosen)
{
	if (chosen < MORE_SUBJECTS)
		blue_ask_subject(b, (enum more_subject)chosen);
	else
		(chosen == MENU_PREFERENCE ? blue_ask_preference : blue_ask_coal)(b);
}
