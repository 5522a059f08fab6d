/* blue_again.c - 上次照开: the last invoice issued to the buyer becomes the form. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

enum { SAID = 120 };

/* The buyer stays as he was chosen: what the catalogue says of him is newer than an old invoice. */
static void keep_buyer(const struct blue *b, struct invoice *inv)
{
	static const enum blue_field BUYER[] = {BLUE_BUYER, BLUE_TAX_NO, BLUE_PERSON, BLUE_ADDRESS,
						BLUE_PHONE, BLUE_BANK,   BLUE_ACCOUNT};
	size_t i;

	for (i = 0; i < sizeof(BUYER) / sizeof(BUYER[0]); i++)
		blue_field_read(inv, BUYER[i], form_get(&b->head, BUYER[i]));
}

static void fill(struct blue *b, struct invoice *inv, const char *words)
{
	keep_buyer(b, inv);
	if (grid_filled(&b->grid)) {
		blue_take(b, inv);
		return;
	}
	blue_take_all(b, inv, words);
	/* What mostly differs from the last time. */
	if (!*grid_error(&b->grid))
		grid_focus(&b->grid, 0, BLUE_QUANTITY);
}

/* The buyer's last invoice; false: the reason was said. */
static bool find(const struct blue *b, struct invoice_record *out)
{
	const struct party buyer = {
	    .name = (char *)(uintptr_t)form_get(&b->head, BLUE_BUYER),
	    .tax_no = (char *)(uintptr_t)form_get(&b->head, BLUE_TAX_NO),
	};
	struct err_info e = {0};
	int64_t id = 0;

	if (desk_last_invoice(ui_session(), &buyer, &id, &e) ||
	    (id && desk_invoice_by_id(ui_session(), id, out, &e)))
		ui_error(&e);
	else if (!id)
		ui_message(MESSAGE_WARNING, "还没有开给“%s”的发票", buyer.name);
	else
		return true;
	return false;
}

const char *blue_why_not_again(const struct blue *b)
{
	return *form_get(&b->head, BLUE_BUYER) ? NULL : "先选好购方";
}

bool blue_ask_again(struct blue *b)
{
	struct invoice_record r;
	char words[SAID];

	if (blue_why_not_again(b) || !find(b, &r))
		return true;
	snprintf(words, sizeof(words), "（%.10s 的发票 %s）", r.invoice.issued_at,
		 r.invoice.number);
	desk_type_renew(ui_session(), &r, NULL);
	desk_invoice_bare(&r.invoice);
	fill(b, &r.invoice, words);
	invoice_record_free(&r);
	return true;
}

void blue_open_again(int64_t buyer)
{
	struct blue *b;

	if (!view_push(&view_blue_ops, NULL))
		return;
	b = view_top()->state;
	blue_take_buyer(b, buyer);
	/* Which of several addresses is asked for first: then the key does it. */
	if (view_top() == b->view)
		blue_ask_again(b);
}
