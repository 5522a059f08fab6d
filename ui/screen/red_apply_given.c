/* red_apply_given.c - 手工录入: a blue invoice that was not issued here, as a person has it before
 * him, digital or old (features E16). */
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"
#include "ui/screen/code_pick.h"
#include "ui/screen/red_apply_given_p.h"

enum { ASK_CODE = 1 };

static bool done(struct given *g)
{
	const char *wrong = form_check(&g->head);
	struct apply *s = g->wizard;
	char *text;

	if (wrong) {
		g->in_grid = false;
		ui_message(MESSAGE_ERROR, "%s", wrong);
		return true;
	}
	text = given_write(g);
	if (!text || !given_check(g, text)) {
		free(text);
		return true;
	}
	g->done = true;
	apply_take_given(s, text, false);
	view_pop(true, NULL);
	return true;
}

/* An amount as it is typed or, where none is, as it comes out of the others. */
static void show(struct grid_row *r, int column, bool known, int64_t fen)
{
	const char *typed = r->cell[column - 1];
	char text[FEN_TEXT + 8];

	free(r->shown[column - 1]);
	r->shown[column - 1] = NULL;
	if (*typed ? fen_parse(typed, &fen) : known)
		r->shown[column - 1] = mem_strdup(fen_format_grouped(fen, text));
}

void given_computed(struct grid *g, int first, int last)
{
	int64_t net = 0, tax = 0;
	int row;

	for (row = first; row <= last && row < g->count; row++) {
		struct grid_row *r = &g->rows[row];
		bool known = given_amounts(r, &net, &tax);

		show(r, GIVEN_COL_NET, known, net);
		show(r, GIVEN_COL_TAX, known, tax);
	}
}

static const struct grid_hooks HOOKS = {.changed = given_computed};

static enum err given_open(struct view *v, const void *arg, struct err_info *e)
{
	struct given *g = v->state;

	(void)e;
	g->view = v;
	g->wizard = *(struct apply *const *)arg;
	form_init(&g->head, given_fields, g);
	form_set(&g->head, GIVEN_KIND, given_kinds[0]);
	grid_init(&g->grid, given_columns, &HOOKS, g, TAX_LINES_ADVISED);
	if (g->wizard->given && !g->wizard->given_file)
		given_read(g, g->wizard->given);
	return ERR_OK;
}

static void given_close(struct view *v)
{
	struct given *g = v->state;

	form_free(&g->head);
	grid_free(&g->grid);
}

static void given_layout(struct view *v)
{
	struct given *g = v->state;
	struct rect r = v->area;

	g->title = rect_top(&r, 1);
	form_layout(&g->head, r);
	g->top = rect_top(&r, form_rows(&g->head));
	form_layout(&g->head, g->top);
	g->foot = rect_bottom(&r, 1);
	g->rows = r;
	grid_layout(&g->grid, g->rows);
}

/* The code of the line, whole, and what it means: the column may be too narrow. */
static const char *say_code(const struct given *g, char *out, size_t size)
{
	const char *code = g->in_grid ? grid_get(&g->grid, g->grid.row, GIVEN_COL_CODE) : "";
	struct tax_code c;

	text_copy(out, size, "Tab 和回车到下一栏，F10 下一步：选择冲红原因");
	if (!*code)
		return out;
	snprintf(out, size, "税收编码 %.19s", code);
	if (!desk_taxcode_get(ui_session(), code, &c, NULL)) {
		snprintf(out, size, "税收编码 %.19s *%.100s*", code, c.short_name);
		tax_code_free(&c);
	}
	return out;
}

static void given_paint(struct view *v)
{
	struct given *g = v->state;
	const char *error = g->in_grid ? grid_error(&g->grid) : form_error(&g->head);
	char line[200];

	draw_clear(v->area, FACE_NORMAL);
	draw_text(g->title, 0, 1, g->title.w - 2, ALIGN_LEFT, FACE_TITLE,
		  g->wizard->side == RED_SELLER ? "我方开出的蓝字发票（照票面填，不含税）"
						: "销方开给我方的蓝字发票（照票面填，不含税）");
	grid_paint(&g->grid, g->in_grid);
	form_paint(&g->head, !g->in_grid);
	draw_text(g->foot, 0, 1, g->foot.w - 2, ALIGN_LEFT, *error ? FACE_ERROR : FACE_DIM,
		  *error ? error : say_code(g, line, sizeof(line)));
}

static bool given_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct given *g = v->state;

	g->warned = false;
	return g->in_grid ? grid_key(&g->grid, k, paste, n) : form_key(&g->head, k, paste, n);
}

/* As far as it is typed, whole or not. */
static void keep(const struct given *g)
{
	char *text;

	if (!g->head.dirty && !g->grid.dirty)
		return;
	if ((text = given_write(g)))
		apply_keep_given(g->wizard, text);
	free(text);
}

static bool form_do(struct given *g, enum action a)
{
	enum form_result r = form_act(&g->head, a);

	if (r != FORM_USED && r != FORM_UNUSED)
		keep(g);
	switch (r) {
	case FORM_LEFT_END:
		g->in_grid = true;
		grid_focus(&g->grid, 0, GIVEN_COL_NAME);
		return true;
	case FORM_UNUSED:
		if (a != ACT_DOWN)
			return false;
		g->in_grid = true;
		return true;
	default:
		return true;
	}
}

static bool grid_do(struct given *g, enum action a)
{
	if (a == ACT_CHOOSE && g->grid.columns[g->grid.column].id == GIVEN_COL_CODE) {
		struct code_pick_arg arg = {.name =
						grid_get(&g->grid, g->grid.row, GIVEN_COL_NAME)};

		return view_ask(g->view, ASK_CODE, &view_code_pick_ops, &arg);
	}
	switch (grid_act(&g->grid, a)) {
	case GRID_LEFT_TOP:
		g->in_grid = false;
		return true;
	case GRID_UNUSED:
		return false;
	case GRID_LEFT_CELL:
		keep(g);
		return true;
	default:
		return true;
	}
}

static bool given_act(struct view *v, enum action a)
{
	struct given *g = v->state;

	if (a == ACT_STEP_NEXT)
		return done(g);
	return g->in_grid ? grid_do(g, a) : form_do(g, a);
}

static void given_answer(struct view *v, int token, bool ok, const void *result)
{
	struct given *g = v->state;
	const struct code_picked *c = result;
	char rate[RATE_TEXT];

	if (!ok || token != ASK_CODE)
		return;
	grid_set(&g->grid, g->grid.row, GIVEN_COL_CODE, c->code);
	if (c->rate_count == 1)
		grid_set(&g->grid, g->grid.row, GIVEN_COL_RATE,
			 rate_format_percent(c->rates[0], rate));
	given_computed(&g->grid, g->grid.row, g->grid.row);
	view_redraw(v);
}

/* What was typed is only lost when it is said twice. */
static bool given_leave(struct view *v, bool forced)
{
	struct given *g = v->state;

	if (g->done || (!g->head.dirty && !g->grid.dirty))
		return true;
	if (forced) {
		keep(g);
		return true;
	}
	if (!g->warned) {
		g->warned = true;
		ui_message(MESSAGE_WARNING, "填的内容还没有用上：F10 下一步，再按一次放弃");
		return false;
	}
	if (apply_entered(g->wizard))
		apply_keep(g->wizard);
	else
		apply_forget();
	return true;
}

static const char *const *given_sections(const struct view *v)
{
	static const char *const GRID[] = {"red-given", "grid", "form", NULL};
	const struct given *g = v->state;

	return g->in_grid ? GRID : form_sections(&g->head);
}

static const enum action *given_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_STEP_NEXT, ACT_ENTER, ACT_PREVIOUS, ACT_ROW_DELETE,
					    ACT_CHOOSE,    ACT_BACK,  ACT_NONE};
	static const enum action FORM[] = {ACT_STEP_NEXT, ACT_ENTER, ACT_PREVIOUS, ACT_BACK,
					   ACT_NONE};
	const struct given *g = v->state;

	return g->in_grid ? HINTS : FORM;
}

static const char *given_help(const struct view *v)
{
	const struct given *g = v->state;

	return g->in_grid ? grid_help(&g->grid) : form_help(&g->head);
}

static const struct view_ops view_red_given_ops = {
    .name = "red-given",
    .path = "开票 › 红字发票 › 录入 › 蓝字发票",
    .size = sizeof(struct given),
    .open = given_open,
    .layout = given_layout,
    .paint = given_paint,
    .sections = given_sections,
    .key = given_key,
    .act = given_act,
    .hints = given_hints,
    .help = given_help,
    .answer = given_answer,
    .leave = given_leave,
    .close = given_close,
};

bool apply_ask_given(struct apply *s)
{
	return view_ask(s->frame.view, APPLY_ASK_GIVEN, &view_red_given_ops, &s);
}
