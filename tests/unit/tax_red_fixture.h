/* tax_red_fixture.h - blue invoices, and letters of them, for the tests of red letters. */
#ifndef KP_TESTS_TAX_RED_FIXTURE_H
#define KP_TESTS_TAX_RED_FIXTURE_H

#include "tax_random.h"

#include "tax/validate_p.h"

static inline void head(struct invoice *inv)
{
	mem_set(&inv->seller.name, "销方公司");
	mem_set(&inv->seller.tax_no, "91110108MA01TEST0A");
	mem_set(&inv->buyer.name, "购方公司");
	mem_set(&inv->buyer.tax_no, "91310115MA1TEST00B");
	snprintf(inv->number, sizeof(inv->number), "26112000000000000001");
	snprintf(inv->issued_at, sizeof(inv->issued_at), "2026-11-20 10:00:00");
}

static inline void line_of(struct invoice *inv, const char *code, const char *quantity,
			   const char *price, const char *amount, int32_t ppm)
{
	struct tax_line *l = invoice_add_line(inv);

	mem_set(&l->name, "货物");
	mem_set(&l->short_name, "简称");
	mem_set(&l->tax_code, code);
	l->rate_ppm = ppm;
	line_enter(l, quantity, price, amount);
}

#define GOODS   "1010101010000000000"
#define SERVICE "3040201010000000000"
static inline void plain(struct invoice *inv, const char *code, const char *quantity,
			 const char *price, const char *amount)
{
	invoice_init(inv);
	inv->prices_include_tax = false;
	head(inv);
	line_of(inv, code, quantity, price, amount, 130000);
	assert_int_equal(tax_invoice_compute(inv, NULL), ERR_OK);
}

static inline enum err fill(const struct red_blue *b, enum red_reason reason,
			    const struct red_wish *w, size_t n, struct red_letter *out,
			    struct err_info *e)
{
	return tax_red_fill(b, RED_SELLER, reason, w, n, out, e);
}

#endif
