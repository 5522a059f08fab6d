/* preview.c - the face of what is not issued. */
#include "base/base.h"
#include "desk/drafts.h"
#include "desk/issue_p.h"
#include "desk/records_p.h"

/* A line that cannot be computed yet stands without figures. */
static void compute_what_goes(struct invoice *inv)
{
	size_t i;

	if (!tax_invoice_compute(inv, NULL))
		return;
	inv->net_fen = inv->tax_fen = inv->gross_fen = 0;
	for (i = 0; i < inv->line_count; i++) {
		struct tax_line *l = &inv->lines[i];

		if (tax_line_compute(l, inv->prices_include_tax, NULL))
			continue;
		inv->net_fen += l->net_fen + l->discount_net_fen;
		inv->tax_fen += l->tax_fen + l->discount_tax_fen;
		inv->gross_fen += l->gross_fen + l->discount_gross_fen;
	}
}

enum err desk_face_text(struct session *s, const struct invoice *inv, struct buf *out,
			struct err_info *e)
{
	struct invoice_record r = {.state = INVOICE_DRAFT};
	struct unit u;
	enum err rc;

	if ((rc = desk_allow(s, DESK_VIEW, e)) || (rc = desk_unit(s, &u, e)))
		return rc;
	r.unit_id = u.id;
	invoice_copy(&r.invoice, inv);
	r.invoice.number[0] = r.invoice.issued_at[0] = 0;
	issue_fill_seller(&r.invoice, &u);
	unit_free(&u);
	compute_what_goes(&r.invoice);
	rc = invoice_render(s, &r, PRINT_TEXT, out, e);
	invoice_record_free(&r);
	return rc;
}
