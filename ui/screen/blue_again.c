/* blue_again.c - 上次照开: the last invoice issued to the buyer becomes the form. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/blue_p.h"

/* The buyer stays as he was chosen: what the catalogue says of him is newer than an old invoice. */
static const enum blue_field BUYER[] = {BLUE_BUYER, BLUE_TAX_NO, BLUE_PERSON, BLUE_ADDRESS,
					BLUE_PHONE, BLUE_BANK,   BLUE_ACCOUNT};
enum { BUYER_FIELDS = sizeof(BUYER) / sizeof(BUYER[0]) };

/* `form`: the saved form it becomes; 0: a new one. */
static void fill(struct blue *b, const char *number, const char *date, int64_t form)
{
	char *kept[BUYER_FIELDS];
	struct err_info e = {0};
	size_t i;
	bool ok;

	for (i = 0; i < BUYER_FIELDS; i++)
		kept[i] = mem_strdup(form_get(&b->head, BUYER[i]));
	ok = !blue_fill_copy(b, number, &e);
	for (i = 0; i < BUYER_FIELDS; i++) {
		if (ok)
			blue_set(b, BUYER[i], kept[i]);
		free(kept[i]);
	}
	if (!ok) {
		ui_error(&e);
		return;
	}
	b->form_id = form;
	b->changed = true;
	blue_rows_compute(b, 0, b->grid.count - 1, false);
	blue_keep(b, false);
	blue_focus(b, BLUE_GRID);
	grid_focus(&b->grid, 0, BLUE_QUANTITY);
	if (blue_recheck(b))
		ui_message(MESSAGE_WARNING,
			   "照 %s 的发票 %s 填好；有几处按现在的规定不成立，看标 ! 的行", date,
			   number);
	else
		ui_message(MESSAGE_GOOD, "照 %s 的发票 %s 填好，核对后按 F10 开票", date, number);
}

/* Number and date of the buyer's last invoice; false: the reason was said. */
static bool find(const struct blue *b, char number[NUMBER_TEXT], char date[DATE_TEXT])
{
	const struct party buyer = {
	    .name = (char *)(uintptr_t)form_get(&b->head, BLUE_BUYER),
	    .tax_no = (char *)(uintptr_t)form_get(&b->head, BLUE_TAX_NO),
	};
	struct err_info e = {0};
	struct invoice_record r;
	int64_t id = 0;

	if (desk_last_invoice(ui_session(), &buyer, &id, &e) ||
	    (id && desk_invoice_by_id(ui_session(), id, &r, &e))) {
		ui_error(&e);
		return false;
	}
	if (!id) {
		ui_message(MESSAGE_WARNING, "还没有开给“%s”的发票", buyer.name);
		return false;
	}
	text_copy(number, NUMBER_TEXT, r.invoice.number);
	text_copy(date, DATE_TEXT, r.invoice.issued_at);
	invoice_record_free(&r);
	return true;
}

const char *blue_why_not_again(const struct blue *b)
{
	return *form_get(&b->head, BLUE_BUYER) ? NULL : "先选好购方";
}

bool blue_ask_again(struct blue *b)
{
	char number[NUMBER_TEXT], date[DATE_TEXT], text[300];
	struct ask_arg a = {.title = "上次照开", .yes = "照开", .no = "不改", .safe = true};

	if (blue_why_not_again(b) || !find(b, number, date))
		return true;
	if (!grid_filled(&b->grid)) {
		fill(b, number, date, b->form_id);
		return true;
	}
	snprintf(text, sizeof(text),
		 "用 %s 的发票 %s 的明细、票种、备注换掉现在的 %d 行？现在的内容先存为草稿。", date,
		 number, grid_filled(&b->grid));
	a.text = text;
	text_copy(b->again_number, sizeof(b->again_number), number);
	text_copy(b->again_date, sizeof(b->again_date), date);
	return view_ask(b->view, BLUE_ASK_AGAIN, &view_ask_ops, &a);
}

void blue_answer_again(struct blue *b)
{
	if (blue_keep(b, false))
		fill(b, b->again_number, b->again_date, 0);
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
