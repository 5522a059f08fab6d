/* blue_check.c - does what was copied hold today: codes, rates, preferences, type, goods. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

struct recheck {
	struct blue *b;
	const int *row_of;
	int found;
	char *first; /* [RECHECK_WORDS] of the caller: where and what the first one is */
};

static void mark_row(struct recheck *c, int line, int column, const char *sentence)
{
	struct grid_row *g = &c->b->grid.rows[c->row_of[line]];

	if (g->error)
		return;
	g->error = mem_strdup(sentence);
	g->error_column = column - 1;
	/* Rules name the row themselves. */
	if (!c->found++ && !strncmp(sentence, "第", strlen("第")))
		text_copy(c->first, RECHECK_WORDS, sentence);
	else if (c->found == 1)
		snprintf(c->first, RECHECK_WORDS, "第 %d 行：%.400s", c->row_of[line] + 1,
			 sentence);
}

static void mark_field(struct recheck *c, enum blue_part part, int id, const char *sentence)
{
	struct form *f = blue_part_form(c->b, part);
	int i;

	for (i = 0; i < f->count; i++) {
		if (f->fields[i].id != id || *f->errors[i])
			continue;
		text_copy(f->errors[i], sizeof(f->errors[i]), sentence);
		if (!c->found++)
			text_copy(c->first, RECHECK_WORDS, sentence);
	}
}

/* What only is missing is filled in later. */
static bool unfinished(const char *code)
{
	size_t n = strlen(code);

	return strstr(code, ".required") || strstr(code, ".triple") ||
	       !strncmp(code, "seller.", strlen("seller.")) ||
	       (n > 8 && !strcmp(code + n - 8, ".missing"));
}

static void add_finding(void *arg, size_t index, const struct tax_finding *f)
{
	struct recheck *c = arg;
	struct blue_place p;
	char sentence[1200];

	(void)index;
	if (f->warning || unfinished(f->at.code) || !blue_place_of(f->at.field, &p))
		return;
	blue_sentence(&f->at, sentence, sizeof(sentence));
	if (p.part == BLUE_GRID)
		mark_row(c, p.line, p.column, sentence);
	else
		mark_field(c, p.part, p.field, sentence);
}

/* What the catalogue says of an article of this name and specification now. */
static void check_goods(struct recheck *c, struct goods_fill *fill, const struct invoice *inv,
			int line)
{
	const struct tax_line *l = &inv->lines[line];
	struct invoice one;
	struct tax_line *now;
	struct goods_filled how = {.by = FILL_NOT};
	char why[300], was[BLUE_TEXT], is[BLUE_TEXT];

	invoice_init(&one);
	now = invoice_add_line(&one);
	mem_set(&now->name, l->name);
	mem_set(&now->spec, l->spec);
	if (!goods_fill_line(fill, now, inv->prices_include_tax, &how, NULL) &&
	    (how.by == FILL_NAME_SPEC || how.by == FILL_NAME) && !strcmp(now->spec, l->spec) &&
	    *now->tax_code && now->rate_ppm >= 0 &&
	    (strcmp(now->tax_code, l->tax_code) != 0 || now->rate_ppm != l->rate_ppm ||
	     strcmp(now->preference, l->preference) != 0)) {
		snprintf(why, sizeof(why), "商品信息里现在是 %.20s、%s，这一行是 %.20s、%s",
			 now->tax_code, blue_rate_text(now->rate_ppm, now->preference, is),
			 l->tax_code, blue_rate_text(l->rate_ppm, l->preference, was));
		mark_row(c, line, BLUE_NAME, why);
	}
	invoice_free(&one);
}

static void check_catalogue(struct recheck *c, const struct invoice *inv)
{
	struct goods_fill *fill = NULL;
	struct unit u;
	size_t i;

	if (desk_unit(ui_session(), &u, NULL))
		return;
	if (!goods_fill_begin(ui_session(), u.id, &fill, NULL)) {
		for (i = 0; i < inv->line_count; i++)
			check_goods(c, fill, inv, (int)i);
	}
	goods_fill_end(&fill);
	unit_free(&u);
}

int blue_recheck(struct blue *b, char first[RECHECK_WORDS])
{
	int *row_of = mem_zalloc((size_t)(b->grid.count + 1) * sizeof(*row_of));
	struct invoice_set set = {.items = mem_zalloc(sizeof(*set.items)), .n = 1};
	struct recheck c = {.b = b, .row_of = row_of, .first = first};

	first[0] = 0;
	blue_form_build(b, &set.items[0], row_of);
	desk_check(ui_session(), &set, add_finding, &c, NULL);
	check_catalogue(&c, &set.items[0]);
	invoice_set_free(&set);
	free(row_of);
	return c.found;
}
