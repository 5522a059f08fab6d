/* blue_form.c - the blue form as a whole: empty, filled, turned into an invoice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

enum { LINES_MAX = 5000 };

/* ---- parts ---- */

struct form *blue_part_form(struct blue *b, enum blue_part part)
{
	if (part == BLUE_GRID)
		return NULL;
	return part == BLUE_HEAD ? &b->head : &b->foot;
}

void blue_focus(struct blue *b, enum blue_part part)
{
	b->part = part;
	/* What was typed before belongs to that visit. */
	free(b->visit.was);
	b->visit.was = NULL;
}

bool blue_inclusive(const struct blue *b)
{
	return form_choice(&b->head, BLUE_MODE) != 1;
}

void blue_form_init(struct blue *b)
{
	form_init(&b->head, blue_head, b);
	form_init(&b->foot, blue_foot, b);
	b->head.wraps = b->foot.wraps = true;
	b->view_inclusive = true;
	invoice_init(&b->rest);
	grid_init(&b->grid, blue_rows_columns(true), &blue_hooks, b, LINES_MAX);
}

void blue_form_free(struct blue *b)
{
	form_free(&b->head);
	form_free(&b->foot);
	grid_free(&b->grid);
	invoice_free(&b->rest);
	blue_paste_free(b);
	blue_copy_free(b);
}

void blue_set(struct blue *b, enum blue_field id, const char *text)
{
	form_set(blue_part_form(b, blue_part_of(id)), id, text);
}

static const char *get_field(const struct blue *b, enum blue_field id)
{
	return form_get(blue_part_of(id) == BLUE_HEAD ? &b->head : &b->foot, id);
}

static void clean(struct blue *b)
{
	b->head.dirty = b->foot.dirty = b->grid.dirty = false;
	b->changed = b->leaving = false;
}

void blue_form_fresh(struct blue *b)
{
	struct issue_habit h = {.inclusive = true};
	int id;

	desk_habit(ui_session(), &h, NULL);
	for (id = 1; id < BLUE_FIELDS; id++)
		blue_set(b, (enum blue_field)id, "");
	blue_set(b, BLUE_KIND, invoice_kind_label(h.kind));
	blue_set(b, BLUE_MODE, blue_modes[h.inclusive ? 0 : 1]);
	blue_set(b, BLUE_TYPE, h.business_type);
	blue_set(b, BLUE_DRAWER, h.drawer);
	blue_set(b, BLUE_PAYEE, h.payee);
	blue_set(b, BLUE_REVIEWER, h.reviewer);
	b->view_inclusive = h.inclusive;
	invoice_free(&b->rest);
	invoice_init(&b->rest);
	b->form_id = b->draft_id = 0;
	b->strange = false;
	blue_look_owner(b);
	grid_clear(&b->grid);
	form_focus(&b->foot, BLUE_REMARK);
	form_focus(&b->head, BLUE_BUYER);
	blue_focus(b, BLUE_HEAD);
	blue_rows_compute(b, 0, -1, false);
	clean(b);
}

void blue_form_rest(struct blue *b, const struct invoice *inv)
{
	invoice_free(&b->rest);
	invoice_copy(&b->rest, inv);
	while (b->rest.line_count)
		invoice_remove_line(&b->rest, b->rest.line_count - 1);
	/* Only input that is read as it is has said it. */
	b->rest.buyer_person_said = false;
}

void blue_form_fill(struct blue *b, const struct invoice *inv)
{
	size_t i;
	int id;

	for (id = 1; id < BLUE_FIELDS; id++)
		blue_set(b, (enum blue_field)id, blue_field_text(inv, (enum blue_field)id));
	b->view_inclusive = inv->prices_include_tax;
	grid_clear(&b->grid);
	for (i = 0; i < inv->line_count; i++)
		blue_rows_line(b, (int)i, &inv->lines[i]);
	blue_form_rest(b, inv);
	blue_look_owner(b);
	blue_rows_compute(b, 0, b->grid.count - 1, false);
	grid_focus(&b->grid, 0, BLUE_NAME);
	clean(b);
}

/* Documents of a natural person make no sense for anybody else. */
static void drop_documents(struct invoice *inv)
{
	if (inv->buyer_is_person)
		return;
	mem_set(&inv->buyer_id_type, "");
	mem_set(&inv->buyer_id_no, "");
	mem_set(&inv->buyer_country, "");
}

static void copy_line(struct tax_line *to, const struct tax_line *from)
{
	const struct text_field *f;
	struct tax_line texts = *to;

	*to = *from;
	for (f = line_texts; f->key; f++) {
		*text_slot(to, f) = *text_slot(&texts, f);
		mem_set(text_slot(to, f), text_value(from, f));
	}
}

void blue_form_build(const struct blue *b, struct invoice *out, int *row_of)
{
	int id, row, n = 0;

	invoice_copy(out, &b->rest);
	out->buyer_person_said = false;
	for (id = 1; id < BLUE_FIELDS; id++)
		blue_field_read(out, (enum blue_field)id, get_field(b, (enum blue_field)id));
	drop_documents(out);
	for (row = 0; row < b->grid.count; row++) {
		const struct blue_row *r = blue_row_of(b, row);

		if (!r || blue_row_blank(b, row))
			continue;
		copy_line(invoice_add_line(out), &r->line);
		row_of[n++] = row;
	}
}

bool blue_typed(const struct blue *b)
{
	return b->changed || b->head.dirty || b->foot.dirty || b->grid.dirty;
}
