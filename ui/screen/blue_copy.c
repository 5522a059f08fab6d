/* blue_copy.c - 复制开票 and 发票模板: an invoice into the form and out of it (features D18-D21). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_p.h"
#include "ui/screen/draft_do.h"
#include "ui/screen/invoices.h"
#include "ui/screen/templates.h"

/* Undo steps that changed head and foot are told from those of the entry mode by their number. */
enum { STEP_FIRST = 2 };
enum { TAKE_ALL, TAKE_LINES, TAKE_NOTHING };

/* ---- head and foot in undo ---- */

static void before_save(const struct blue *b, struct blue_before *to)
{
	to->head = form_save(&b->head);
	to->foot = form_save(&b->foot);
	invoice_copy(&to->rest, &b->rest);
}

static void before_free(struct blue_before *s)
{
	free(s->head);
	free(s->foot);
	invoice_free(&s->rest);
}

static void load(struct form *f, const char *text)
{
	cJSON *tree = NULL;

	if (!json_parse(text, strlen(text), FORM_BODY_MAX, &tree, NULL))
		form_load(f, tree);
	json_free(&tree);
}

/* The step that is undone has the fields of the other side from then on. */
int blue_swap_before(struct blue *b, int kept)
{
	struct blue_before *s, now;

	if (kept - STEP_FIRST >= b->before_count)
		return kept;
	s = &b->before[kept - STEP_FIRST];
	before_save(b, &now);
	load(&b->head, s->head);
	load(&b->foot, s->foot);
	blue_form_rest(b, &s->rest);
	b->view_inclusive = blue_inclusive(b);
	before_free(s);
	*s = now;
	return kept;
}

/* Number of the step that brings head and foot back. */
static int remember(struct blue *b)
{
	b->before = mem_realloc(b->before, (size_t)(b->before_count + 1) * sizeof(*b->before));
	before_save(b, &b->before[b->before_count]);
	return STEP_FIRST + b->before_count++;
}

static void drop_taken(struct blue *b)
{
	if (b->taken)
		invoice_free(b->taken);
	free(b->taken);
	b->taken = NULL;
}

void blue_copy_free(struct blue *b)
{
	int i;

	for (i = 0; i < b->before_count; i++)
		before_free(&b->before[i]);
	free(b->before);
	b->before = NULL;
	b->before_count = 0;
	drop_taken(b);
}

/* ---- taking an invoice in ---- */

void blue_tell_taken(struct blue *b, const char *what)
{
	char first[RECHECK_WORDS];
	int wrong = blue_recheck(b, first);

	if (wrong)
		ui_message(MESSAGE_WARNING, "%d 处现在不成立（标 !）：%s", wrong, first);
	else
		ui_message(MESSAGE_GOOD, "%s，核对后按 F10 开票", what);
	view_redraw(b->view);
}

static void told(struct blue *b, size_t rows, const char *undo)
{
	char what[80];

	snprintf(what, sizeof(what), "带出 %zu 行%s", rows, undo);
	blue_tell_taken(b, what);
}

/* Everything but what is this form's own: its order number and who draws it. */
static void set_fields(struct blue *b, const struct invoice *inv)
{
	int id;

	for (id = 1; id < BLUE_FIELDS; id++) {
		bool own = id == BLUE_ORDER || id == BLUE_DRAWER;
		const struct form *f = blue_part_form(b, blue_part_of((enum blue_field)id));

		if (!own || !*form_get(f, id))
			blue_set(b, (enum blue_field)id, blue_field_text(inv, (enum blue_field)id));
	}
}

void blue_take_all(struct blue *b, const struct invoice *inv, const char *words)
{
	int step = remember(b), row;

	grid_replace(&b->grid, 0, b->grid.count, (int)inv->line_count);
	grid_step_keep(&b->grid, step);
	set_fields(b, inv);
	blue_form_rest(b, inv);
	b->view_inclusive = inv->prices_include_tax;
	for (row = 0; row < (int)inv->line_count; row++)
		blue_rows_line(b, row, &inv->lines[row]);
	blue_rows_compute(b, 0, b->grid.count - 1, false);
	grid_focus(&b->grid, 0, BLUE_NAME);
	blue_focus(b, BLUE_GRID);
	b->changed = true;
	b->leaving = false;
	blue_look_buyer(b);
	if (blue_keep(b, false))
		told(b, inv->line_count, words);
}

static void take_lines(struct blue *b, const struct invoice *from)
{
	int *row_of = mem_zalloc((size_t)(b->grid.count + 1) * sizeof(*row_of));
	struct err_info e = {0};
	struct invoice inv;
	size_t before;

	blue_form_build(b, &inv, row_of);
	free(row_of);
	before = inv.line_count;
	if (desk_lines_join(&inv, from, &e)) {
		ui_error(&e);
	} else {
		blue_put_all(b, &inv, before,
			     before && blue_inclusive(b) != inv.prices_include_tax);
		blue_focus(b, BLUE_GRID);
		b->changed = true;
		b->leaving = false;
		if (blue_keep(b, false))
			told(b, from->line_count, "，可以撤销");
	}
	invoice_free(&inv);
}

void blue_take(struct blue *b, const struct invoice *inv)
{
	static const char *const HOW[] = {"换掉现在的内容（可以撤销）", "只把明细加在后面",
					  "不用了", NULL};
	char text[120];
	int rows = grid_filled(&b->grid);

	if (!rows && !*form_get(&b->head, BLUE_BUYER)) {
		blue_take_all(b, inv, "");
		return;
	}
	drop_taken(b);
	b->taken = mem_alloc(sizeof(*b->taken));
	invoice_copy(b->taken, inv);
	snprintf(text, sizeof(text), "表单里已经有内容：明细 %d 行。带出 %zu 行，怎么放？", rows,
		 inv->line_count);
	view_ask(b->view, BLUE_ASK_TAKE, &view_choose_ops,
		 &(struct choose_arg) {.title = "带出", .lines = HOW, .text = text});
}

void blue_answer_take(struct blue *b, int chosen)
{
	struct invoice *inv = b->taken;

	b->taken = NULL;
	if (!inv)
		return;
	if (chosen == TAKE_ALL)
		blue_take_all(b, inv, "，可以撤销");
	else if (chosen == TAKE_LINES)
		take_lines(b, inv);
	invoice_free(inv);
	free(inv);
}

/* ---- 复制开票 ---- */

bool blue_ask_copy(struct blue *b)
{
	struct invoices_arg a = {.pick = true,
				 .state = invoice_state_label(INVOICE_ISSUED),
				 .kind = form_get(&b->head, BLUE_KIND)};

	return blue_keep(b, false) && view_ask(b->view, BLUE_ASK_COPY, &view_invoices_ops, &a);
}

void blue_answer_copy(struct blue *b, const int64_t *id)
{
	struct err_info e = {0};
	struct invoice_record r;

	if (desk_invoice_by_id(ui_session(), *id, &r, &e)) {
		ui_error(&e);
		return;
	}
	desk_type_renew(ui_session(), &r, NULL);
	desk_invoice_bare(&r.invoice);
	blue_take(b, &r.invoice);
	invoice_record_free(&r);
}

/* ---- 发票模板 ---- */

/* What the template makes today, and one more use of it. */
static enum err read_template(int64_t id, struct invoice *out, struct err_info *e)
{
	struct invoice_template t;
	char no[24];
	enum err r;

	snprintf(no, sizeof(no), "#%lld", (long long)id);
	if ((r = desk_template_get(ui_session(), no, &t, e)))
		return r;
	r = desk_template_fill(&t, out, e);
	invoice_template_free(&t);
	if (!r)
		desk_template_used(ui_session(), id, NULL);
	return r;
}

bool blue_ask_template(struct blue *b)
{
	struct templates_arg a = {.pick = true};

	return blue_keep(b, false) && view_ask(b->view, BLUE_ASK_TEMPLATE, &view_templates_ops, &a);
}

void blue_answer_template(struct blue *b, const int64_t *id)
{
	struct err_info e = {0};
	struct invoice inv;

	if (read_template(*id, &inv, &e)) {
		ui_error(&e);
		return;
	}
	blue_take(b, &inv);
	invoice_free(&inv);
}

enum err blue_fill_template(struct blue *b, int64_t id, struct err_info *e)
{
	struct invoice inv;
	enum err r = read_template(id, &inv, e);

	if (r)
		return r;
	blue_take(b, &inv);
	invoice_free(&inv);
	return ERR_OK;
}

bool blue_ask_name(struct blue *b)
{
	int *row_of = mem_zalloc((size_t)(b->grid.count + 1) * sizeof(*row_of));
	struct invoice inv;
	bool asked = true;

	blue_form_build(b, &inv, row_of);
	free(row_of);
	if (!inv.line_count && !*inv.buyer.name)
		ui_message(MESSAGE_WARNING, "还没有填内容");
	else
		asked = template_ask_name(b->view, BLUE_ASK_NAME, &inv);
	invoice_free(&inv);
	return asked;
}

/* ---- 拆分 ---- */

bool blue_ask_split(struct blue *b)
{
	int *row_of = mem_zalloc((size_t)(b->grid.count + 1) * sizeof(*row_of));
	struct invoice inv;
	bool asked = true;

	blue_form_build(b, &inv, row_of);
	free(row_of);
	b->changed = true; /* a form that was only opened is one, too */
	if (blue_keep(b, false)) {
		struct draft_ref ref = {.form = b->form_id, .draft = b->draft_id, .invoice = &inv};

		asked = draft_ask_split(b->view, BLUE_ASK_SPLIT, &ref);
	}
	invoice_free(&inv);
	return asked;
}

/* The form is gone: its parts are drafts now. */
void blue_answer_split(struct blue *b)
{
	blue_form_fresh(b);
	view_switch(&view_drafts_ops, NULL);
}
