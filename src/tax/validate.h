/* tax/validate.h - every rule checked before an invoice is sent (features N10-N30, D8, A1).
 *
 * Each rule is its own small function in a table; a finding names field or row, rule, figure and
 * mend.
 */
#ifndef KP_TAX_VALIDATE_H
#define KP_TAX_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "tax/code.h"
#include "tax/invoice.h"
#include "tax/taxpayer.h"

struct tax_context {
	int64_t now;                   /* Unix time of the check */
	const struct taxpayer *seller; /* NULL: not checked (a draft) */
	const struct tax_rate *rates;  /* enabled rates of the tax side; count 0: not known, any */
	size_t rate_count;
	/* Looks a tax code up; NULL result: unknown.  The result is valid until the next call. */
	const struct tax_code *(*find_code)(void *arg, const char *code);
	/* Looks a code up in the tax side's list for 差额征税, as above; NULL: there is no list. */
	const struct differential_code *(*find_differential)(void *arg, const char *code);
	void *arg;
	/* Has this person a registered document?  NULL: not checked.  Asked for 联用 alone. */
	bool (*drawer_known)(void *arg, const char *name);
	/* May the invoice have this business type?  When not, known gets some of those there
	 * are.  NULL: any text. */
	bool (*type_known)(void *arg, const char *name, char *known, size_t size);
	unsigned edition; /* of the interface (interface_edition); 0: not known, not checked */
	bool joint;       /* 联用: drawer must be registered, 方式 4 */
	bool portal;      /* warn where the tax bureau's page takes less (portal.h) */
	bool leasing;     /* 不动产经营租赁 ability present (preference 10) */
};

struct tax_finding {
	bool warning;       /* true: may go on after confirming */
	struct err_info at; /* code, field, what, why, hint */
};

struct tax_findings {
	struct tax_finding *items;
	size_t count, errors; /* at most 200 are kept; `errors` counts all */
};
void tax_findings_free(struct tax_findings *f);
/* A warning whose invoice the tax side refuses unless something holds that nobody but a person of
 * the seller knows: a reduction that was granted, a second industry.  Where nobody is asked, it
 * keeps the invoice back. */
bool tax_finding_asks(const struct tax_finding *f);

/* Computes the invoice (tax_invoice_compute) and checks every rule; fills in names that follow from
 * the tax code (short_name when empty).  Returns ERR_OK when no finding is an error (warnings may
 * exist), else ERR_INVALID with the first error in e.  `out` may be NULL. */
enum err tax_validate(struct invoice *inv, const struct tax_context *ctx, struct tax_findings *out,
		      struct err_info *e);

/* The rules of one line that need no amounts: texts, name, tax code, rate and preference; fills in
 * the short name.  Fields and sentences name the member alone. */
enum err tax_validate_line(struct tax_line *l, const struct tax_context *ctx,
			   struct tax_findings *out, struct err_info *e);

/* The country that a document of a natural person settles ("156" for 201); NULL: none, or the
 * number does not begin as those of its type do. */
const char *tax_document_country(const char *type, const char *number);
/* Does a line of this code need a 煤炭种类? */
bool tax_code_coal(const char *code);
/* Quota an invoice takes (fen): the net total, less lines with preference 04 whose code is not
 * one of the 16 reserve codes (protocol 7.3). */
int64_t tax_quota_amount(const struct invoice *inv);
/* Buyer's name as sent and printed: natural persons get （个人） once (N26); malloc'd. */
char *tax_buyer_name(const struct invoice *inv);
/* Bytes of such a name without the （个人） at its end. */
size_t tax_person_bytes(const char *name);
enum { RED_REFERENCE_TEXT = 256 };
/* What the remark of a red invoice begins with: the blue invoice and the letter it is of ("" for a
 * blue one).  At most 68 characters with the blank behind it, so that a free remark of
 * RED_REMARK_CHARS fits into 450 (layout 3).  Returns out. */
const char *tax_red_reference(const struct invoice *inv, char out[RED_REFERENCE_TEXT]);
/* "*short*name" as sent and printed; malloc'd. */
char *tax_line_full_name(const struct tax_line *l);

#endif
