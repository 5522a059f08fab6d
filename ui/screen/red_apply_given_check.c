/* red_apply_given_check.c - a blue invoice that is typed in: what is not right, at its place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/red_apply_given_p.h"

enum { SENTENCE = 1200 };

static const struct {
	const char *field;
	int id;
} PLACES[] = {
    {"number", GIVEN_NUMBER},        {"code", GIVEN_CODE},         {"issued_at", GIVEN_DATE},
    {"buyer.name", GIVEN_PARTY},     {"seller.name", GIVEN_PARTY}, {"buyer.tax_no", GIVEN_TAX_NO},
    {"seller.tax_no", GIVEN_TAX_NO},
};

static int row_of(const struct given *g, int line)
{
	int row;

	for (row = 0; row < g->grid.count; row++) {
		if (!given_blank(&g->grid.rows[row]) && !line--)
			return row;
	}
	return 0;
}

static void fail_cell(struct given *g, const char *field, const char *sentence)
{
	unsigned line;
	int i, column = GIVEN_COL_NET, row;

	if (sscanf(field, "lines[%u]", &line) != 1)
		return;
	for (i = 0; i < GIVEN_COLS; i++) {
		const char *dot = strrchr(field, '.');

		if (dot && !strcmp(dot + 1, given_keys[i]))
			column = i + 1;
	}
	row = row_of(g, (int)line);
	g->in_grid = true;
	grid_focus(&g->grid, row, column);
	free(g->grid.rows[row].error);
	g->grid.rows[row].error = mem_strdup(sentence);
	g->grid.rows[row].error_column = column - 1;
}

static void refused(struct given *g, const struct err_info *e)
{
	char sentence[SENTENCE];
	size_t i;

	ui_sentence(e, sentence, sizeof(sentence));
	ui_message(MESSAGE_ERROR, "%s", sentence);
	for (i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
		if (strcmp(e->field, PLACES[i].field) != 0)
			continue;
		g->in_grid = false;
		form_fail(&g->head, PLACES[i].id, sentence);
		return;
	}
	fail_cell(g, e->field, sentence);
}

/* The sums on the paper, where they were given. */
static bool sum_differs(struct given *g, int id, int64_t computed, const char *what)
{
	char sentence[200], fen[FEN_TEXT];
	int64_t typed;

	if (!*form_get(&g->head, id))
		return false;
	if (fen_parse(form_get(&g->head, id), &typed) && typed == computed)
		return false;
	snprintf(sentence, sizeof(sentence), "明细的%s合计是 %s，与票面不符：请核对明细", what,
		 fen_format(computed, fen));
	g->in_grid = false;
	form_fail(&g->head, id, sentence);
	ui_message(MESSAGE_ERROR, "%s", sentence);
	return true;
}

/* Whether it can be taken back is asked by the wizard; here what is typed is right in itself. */
bool given_check(struct given *g, const char *text)
{
	const struct apply *s = g->wizard;
	struct red_given_blue blue;
	struct red_source source;
	struct err_info e = {0};
	char *plain = given_plain(text);
	bool well;
	enum err r = plain ? red_given_read(plain, strlen(plain), &blue, &e) : ERR_INVALID;

	free(plain);
	if (r) {
		refused(g, &e);
		return false;
	}
	well = !sum_differs(g, GIVEN_NET, blue.invoice.net_fen, "金额") &&
	       !sum_differs(g, GIVEN_TAX, blue.invoice.tax_fen, "税额");
	if (well) {
		r = desk_red_source_given(
		    ui_session(), s->side,
		    &(struct red_given) {&blue.invoice, blue.code, blue.paper}, &source, &e);
		if (!r)
			red_source_free(&source);
		/* Lines of earlier letters are fetched by the wizard. */
		well = !r || !strcmp(e.code, "red.bare");
		if (!well)
			refused(g, &e);
	}
	red_given_free(&blue);
	return well;
}
