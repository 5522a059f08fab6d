/* blue_do.c - what can be done with the blue form, and what its questions answer. */
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/access.h"
#include "ui/screen/blue_p.h"

/* ---- filling from an invoice ---- */

static enum err fill_from(struct blue *b, const struct invoice_record *r, bool draft)
{
	struct invoice inv;

	invoice_copy(&inv, &r->invoice);
	inv.number[0] = inv.issued_at[0] = 0;
	if (!draft)
		desk_invoice_bare(&inv);
	blue_form_fill(b, &inv);
	b->draft_id = draft ? r->id : 0;
	blue_focus(b, BLUE_GRID);
	invoice_free(&inv);
	return ERR_OK;
}

enum err blue_fill_copy(struct blue *b, const char *no, struct err_info *e)
{
	struct invoice_record r;
	enum err rc = desk_invoice_pattern(ui_session(), no, &r, e);

	if (rc)
		return rc;
	blue_form_fresh(b);
	desk_type_renew(ui_session(), &r, NULL);
	fill_from(b, &r, false);
	b->changed = true;
	invoice_record_free(&r);
	return ERR_OK;
}

enum err blue_fill_draft(struct blue *b, int64_t id, struct err_info *e)
{
	struct invoice_record r;
	enum err rc = desk_invoice_by_id(ui_session(), id, &r, e);

	if (rc)
		return rc;
	desk_type_renew(ui_session(), &r, NULL);
	if (r.state == INVOICE_DRAFT)
		fill_from(b, &r, true);
	else
		rc = err_fail(e, ERR_INVALID, "invoice.state", "草稿", "#%lld 已经不是草稿",
			      (long long)id);
	invoice_record_free(&r);
	return rc;
}

/* An order of a batch keeps its number: by that the batch knows that it was issued. */
enum err blue_fill_order(struct blue *b, int64_t batch, int64_t seq, struct err_info *e)
{
	struct invoice inv;
	enum err r = desk_batch_order_edit(ui_session(), batch, seq, &inv, e);

	if (r)
		return r;
	inv.number[0] = inv.issued_at[0] = 0;
	blue_form_fill(b, &inv);
	blue_focus(b, BLUE_GRID);
	invoice_free(&inv);
	return ERR_OK;
}

/* ---- actions ---- */

static bool do_view_tax(struct blue *b)
{
	b->view_inclusive = !b->view_inclusive;
	blue_rows_compute(b, 0, b->grid.count - 1, false);
	ui_message(MESSAGE_INFO, b->view_inclusive ? "显示含税的单价和金额，发票内容不变"
						   : "显示不含税的单价和金额，发票内容不变");
	return true;
}

static bool do_choose(struct blue *b)
{
	if (b->part == BLUE_GRID)
		(b->grid.column == BLUE_RATE - 1 ? blue_ask_rate : blue_ask_code)(b);
	else if (b->part == BLUE_HEAD && form_focused(&b->head) == BLUE_BUYER)
		blue_ask_buyer(b);
	else if (b->part == BLUE_HEAD && form_focused(&b->head) == BLUE_TYPE)
		blue_ask_type(b);
	else if (b->part == BLUE_FOOT && form_focused(&b->foot) == BLUE_REMARK)
		blue_ask_phrase(b);
	else if (b->part == BLUE_FOOT && form_focused(&b->foot) == BLUE_DRAWER)
		drawer_pick(b->view, BLUE_ASK_DRAWER);
	else
		return false;
	return true;
}

static bool do_discount(struct blue *b)
{
	blue_rows_compute(b, 0, b->grid.count - 1, false);
	blue_focus(b, BLUE_GRID);
	blue_ask_discount(b);
	return true;
}

static bool do_issue(struct blue *b)
{
	blue_issue(b);
	return true;
}

static bool do_save(struct blue *b)
{
	if (!blue_typed(b))
		ui_message(MESSAGE_INFO, "没有新的内容要保存");
	else
		blue_keep(b, true);
	return true;
}

static bool do_keep_buyer(struct blue *b)
{
	blue_look_buyer(b);
	if (b->strange)
		blue_ask_keep(b);
	else
		ui_message(MESSAGE_INFO, "购方信息里已经有这个购方");
	return true;
}

static bool do_differential(struct blue *b)
{
	return blue_ask_subject(b, MORE_DIFFERENTIAL);
}

static bool do_payments(struct blue *b)
{
	return blue_ask_subject(b, MORE_PAYMENT);
}

static bool do_person(struct blue *b)
{
	return blue_ask_subject(b, MORE_PERSON);
}

static bool do_shown(struct blue *b)
{
	return blue_ask_subject(b, MORE_SHOWN);
}

static bool do_extras(struct blue *b)
{
	return blue_ask_subject(b, MORE_EXTRAS);
}

static bool do_new(struct blue *b)
{
	if (blue_keep(b, true))
		blue_form_fresh(b);
	return true;
}

static bool do_import(struct blue *b)
{
	blue_ask_import(b);
	return true;
}

static bool do_drafts(struct blue *b)
{
	return blue_keep(b, true) && view_push(&view_drafts_ops, NULL);
}

static const struct {
	enum action action;
	bool (*run)(struct blue *b);
} ACTIONS[] = {
    {ACT_ISSUE, do_issue},
    {ACT_VIEW_TAX, do_view_tax},
    {ACT_DISCOUNT, do_discount},
    {ACT_CHOOSE, do_choose},
    {ACT_DRAFT_SAVE, do_save},
    {ACT_NEW_INVOICE, do_new},
    {ACT_COPY_INVOICE, blue_ask_copy},
    {ACT_TEMPLATES, blue_ask_template},
    {ACT_TEMPLATE_SAVE, blue_ask_name},
    {ACT_SPLIT, blue_ask_split},
    {ACT_DRAFTS, do_drafts},
    {ACT_GO_DRAFTS, do_drafts},
    {ACT_KEEP_BUYER, do_keep_buyer},
    {ACT_IMPORT_LINES, do_import},
    {ACT_MORE, blue_ask_more},
    {ACT_DIFFERENTIAL, do_differential},
    {ACT_PAYMENTS, do_payments},
    {ACT_PERSON, do_person},
    {ACT_SHOWN, do_shown},
    {ACT_EXTRAS, do_extras},
    {ACT_PREFERENCE, blue_ask_preference},
    {ACT_COAL_KIND, blue_ask_coal},
    {ACT_AGAIN, blue_ask_again},
    {ACT_LAST_PRICE, blue_take_price},
    {ACT_TAIL, blue_ask_tail},
    {ACT_PHRASES, blue_ask_phrase},
};

bool blue_do(struct blue *b, enum action a, bool *used)
{
	size_t i;

	for (i = 0; i < sizeof(ACTIONS) / sizeof(ACTIONS[0]); i++) {
		if (ACTIONS[i].action != a)
			continue;
		*used = ACTIONS[i].run(b);
		return true;
	}
	return false;
}

/* ---- answers ---- */

void blue_answer_issue(struct blue *b, bool ok, const void *result)
{
	const struct issue_result *done = result;

	if (!ok) {
		if (result)
			blue_refused(b, result);
		return;
	}
	blue_form_fresh(b);
	if (!done->again)
		view_pop(true, NULL);
}
