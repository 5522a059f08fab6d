/* Helpers of the print room's unit tests: an invoice in a few words, faces, marks by their text. */
#ifndef KP_TESTS_PRINT_HELP_H
#define KP_TESTS_PRINT_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "print/face_p.h"
#include "tax/calc.h"

#define HELP_NUMBER "26447000000000000001"

/* A line by amount without tax; rate in percent. */
static inline struct tax_line *help_line(struct invoice *inv, const char *name, const char *amount,
					 int percent)
{
	struct tax_line *l = invoice_add_line(inv);

	mem_set(&l->name, name);
	mem_set(&l->tax_code, "1090509010000000000");
	mem_set(&l->short_name, "计算机");
	l->rate_ppm = percent * 10000;
	l->has_amount = true;
	assert_true(fen_parse(amount, &l->amount_fen));
	return l;
}

/* Quantity and price in place of the amount. */
static inline void help_quantity(struct tax_line *l, const char *quantity, const char *price)
{
	l->has_amount = false;
	l->has_quantity = l->has_price = true;
	assert_true(dec_parse(quantity, &l->quantity));
	assert_true(dec_parse(price, &l->price));
}

/* An invoice without lines, otherwise complete. */
static inline void help_invoice(struct invoice *inv)
{
	invoice_init(inv);
	inv->kind = INVOICE_ORDINARY;
	inv->prices_include_tax = false;
	snprintf(inv->number, sizeof(inv->number), "%s", HELP_NUMBER);
	snprintf(inv->issued_at, sizeof(inv->issued_at), "2026-01-31 09:30:00");
	mem_set(&inv->seller.name, "深圳市晴川软件有限公司");
	mem_set(&inv->seller.tax_no, "91440300MA5EXAMPL1");
	mem_set(&inv->buyer.name, "广州市远山贸易有限公司");
	mem_set(&inv->buyer.tax_no, "91440101MA5EXAMPL2");
	mem_set(&inv->drawer, "林小满");
}

static inline void help_compute(struct invoice *inv)
{
	struct err_info e = {0};

	if (tax_invoice_compute(inv, &e) != ERR_OK)
		fail_msg("%s %s: %s", e.field, e.what, e.why);
}

/* n lines of one printed row each. */
static inline void help_lines(struct invoice *inv, size_t n)
{
	size_t i;

	help_invoice(inv);
	for (i = 0; i < n; i++)
		help_quantity(help_line(inv, "货物", "0", 13), "2", "10.00");
	help_compute(inv);
}

static inline struct print_face help_face(const struct invoice *inv)
{
	return (struct print_face) {
	    .invoice = inv,
	    .region_code = "14403000000",
	    .platform_no = "5d2cff003e35abac053a",
	    .issue_mode = PRINT_MODE_OWN,
	};
}

static inline void help_sheets(const struct print_face *face, struct sheets *s)
{
	struct err_info e = {0};

	sheets_init(s);
	if (face_sheets(face, s, &e) != ERR_OK)
		fail_msg("%s: %s", e.what, e.why);
}

static inline const char *mark_text(const struct sheets *s, const struct mark *m, char out[4096])
{
	snprintf(out, 4096, "%.*s", (int)m->len, s->text.data + m->text);
	return out;
}

/* The n-th run (0-based) that shows exactly `text`, or NULL. */
static inline const struct mark *find_run(const struct sheets *s, const char *text, size_t n)
{
	char out[4096];
	size_t i;

	for (i = 0; i < s->mark_count; i++)
		if (s->marks[i].kind == MARK_TEXT &&
		    !strcmp(mark_text(s, &s->marks[i], out), text) && n-- == 0)
			return &s->marks[i];
	return NULL;
}

/* All runs of a field joined. */
static inline void field_text(const struct sheets *s, enum face_field field, struct buf *out)
{
	size_t i;

	buf_init(out, 1 << 20);
	for (i = 0; i < s->mark_count; i++)
		if (s->marks[i].kind == MARK_TEXT && s->marks[i].field == field)
			buf_add(out, s->text.data + s->marks[i].text, s->marks[i].len);
}

static inline double run_width(const struct sheets *s, const struct mark *m)
{
	return text_em(m->font, s->text.data + m->text, m->len) * m->size * m->stretch;
}

#endif
