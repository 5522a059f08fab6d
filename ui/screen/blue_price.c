/* blue_price.c - what this buyer paid last for the article of the row: shown, taken on a key. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

static struct party typed_buyer(const struct blue *b)
{
	/* Lent. */
	return (struct party) {
	    .name = (char *)(uintptr_t)form_get(&b->head, BLUE_BUYER),
	    .tax_no = (char *)(uintptr_t)form_get(&b->head, BLUE_TAX_NO),
	};
}

/* Is the name of the row still being typed? */
static bool naming(const struct blue *b)
{
	return b->part == BLUE_GRID && b->grid.editing && b->grid.column == BLUE_NAME - 1;
}

/* What the answer depends on, as one text. */
static void key_of(const struct blue *b, const struct tax_line *l, char out[PRICE_KEY])
{
	snprintf(out, PRICE_KEY, "%d\n%.300s\n%.40s\n%.400s\n%.200s\n%.100s", blue_inclusive(b),
		 form_get(&b->head, BLUE_BUYER), form_get(&b->head, BLUE_TAX_NO), l->name, l->spec,
		 l->unit);
}

static void look(struct blue *b, const struct tax_line *l)
{
	struct party buyer = typed_buyer(b);
	char key[PRICE_KEY];

	key_of(b, l, key);
	if (!strcmp(key, b->last.key))
		return;
	text_copy(b->last.key, sizeof(b->last.key), key);
	b->last.found = false;
	/* A hint only: without an answer there is none. */
	if (desk_price_last(ui_session(), &buyer, l, blue_inclusive(b), &b->last.price,
			    &b->last.found, NULL))
		b->last.found = false;
}

void blue_look_price(struct blue *b)
{
	const struct blue_row *r = blue_row_of(b, b->grid.row);

	if (!r || !*r->line.name || !*form_get(&b->head, BLUE_BUYER) || naming(b)) {
		b->last.key[0] = 0;
		b->last.found = false;
		return;
	}
	look(b, &r->line);
}

void blue_forget_price(struct blue *b)
{
	b->last.key[0] = 0;
	b->last.found = false;
}

/* Does the row say another price than the last one? */
static bool differs(const struct blue *b)
{
	const struct blue_row *r = blue_row_of(b, b->grid.row);
	struct dec typed;

	if (!b->last.found || !r)
		return false;
	if (r->ok && !dec_is_zero(r->line.full_quantity))
		return dec_cmp(r->line.full_price, b->last.price.price) != 0;
	return !dec_parse(grid_get(&b->grid, b->grid.row, BLUE_PRICE), &typed) ||
	       dec_cmp(typed, b->last.price.price) != 0;
}

const char *blue_price_words(const struct blue *b, char *out, size_t size)
{
	char price[BLUE_TEXT];

	if (!differs(b))
		return NULL;
	snprintf(out, size, "上次 %s（%s，号码 %s）：Alt-u 采用",
		 blue_price_text(b->last.price.price, price), b->last.price.date,
		 b->last.price.number);
	return out;
}

static void put_price(struct blue *b, int row)
{
	char price[BLUE_TEXT];

	grid_set(&b->grid, row, BLUE_PRICE, blue_price_text(b->last.price.price, price));
	/* With a quantity the amount follows from both. */
	if (*grid_get(&b->grid, row, BLUE_QUANTITY))
		grid_set(&b->grid, row, BLUE_AMOUNT, "");
}

static void say_taken(const struct blue *b)
{
	char price[BLUE_TEXT];

	ui_message(MESSAGE_INFO, "单价取上次的 %s（%s，号码 %s），Ctrl-Z 撤销",
		   blue_price_text(b->last.price.price, price), b->last.price.date,
		   b->last.price.number);
}

const char *blue_why_no_price(const struct blue *b)
{
	if (!blue_has_row(b) || !*form_get(&b->head, BLUE_BUYER))
		return "先选好购方和项目";
	if (!b->last.found)
		return "没有开给这个购方的上次单价";
	return differs(b) ? NULL : "单价与上次相同";
}

bool blue_take_price(struct blue *b)
{
	int row = b->grid.row;

	blue_look_price(b);
	if (blue_why_no_price(b))
		return false;
	grid_step_begin(&b->grid, row, row);
	put_price(b, row);
	b->changed = true;
	b->leaving = false;
	blue_rows_compute(b, row, row, false);
	say_taken(b);
	return true;
}

void blue_price_unasked(struct blue *b, int row)
{
	const struct blue_row *r = blue_row_of(b, row);

	if (!r || !*form_get(&b->head, BLUE_BUYER) || !desk_price_taken(ui_session()))
		return;
	look(b, &r->line);
	if (!b->last.found)
		return;
	put_price(b, row);
	say_taken(b);
}
