/* sandbox/taxcodes.h - the classification table the platform serves and checks against.
 *
 * Source      The embedded starter list (data/taxcodes.tsv) or a TSV given with --taxcodes, with
 *             the header code, name, short_name, vat_rates, levy_rates, summary, or code, parent,
 *             name, short_name, rates_derived, is_leaf.  Changes of the control port lie over it
 *             and stay.
 * Invariants  Rows are sorted by code; `changed` (yyyyMMddHHmmss) never goes back.
 */
#ifndef KP_SANDBOX_TAXCODES_H
#define KP_SANDBOX_TAXCODES_H

#include "sandbox/sandbox_p.h"

struct taxcode {
	char code[20];
	char *name, *short_name, *vat, *levy; /* rates: percent texts joined by 、 */
	bool summary, differential;
	char start[11], stop[11]; /* yyyy-MM-dd, stop may be empty */
	char changed[15];
};

/* file NULL: the embedded list. */
enum err taxcodes_load(struct sb *sb, const char *file, struct err_info *e);
void taxcodes_free(struct sb *sb);
size_t taxcodes_count(const struct sb *sb);
const struct taxcode *taxcodes_find(const struct sb *sb, const char *code);
const struct taxcode *taxcodes_at(const struct sb *sb, size_t i);
/* Marks a code as one of 差额征税. */
void taxcodes_mark(struct sb *sb, const char *code);
/* Whether the list "13%、9%" names the rate. */
bool taxcode_names_rate(const char *list, long ppm);
/* The newest `changed`. */
const char *taxcodes_stamp(const struct sb *sb);
/* Changes or adds rows (array "codes", or one object) under a new timestamp. */
bool taxcodes_post(struct sb *sb, const cJSON *body, char error[256]);
/* Code of the row above: the last non-zero pair of digits cleared; "" at the top. */
void taxcode_parent(const char *code, char out[20]);
/* Whether the code's own lists name the rate; a code without any list takes every rate. */
bool taxcode_allows(const struct taxcode *tc, long ppm);

#endif
