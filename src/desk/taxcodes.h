/* desk/taxcodes.h - 税收分类编码: search, show, refresh, import of a table. */
#ifndef KP_DESK_TAXCODES_H
#define KP_DESK_TAXCODES_H

#include "desk/session.h"
#include "desk/wait.h"

/* Searches code prefixes and words; `cursor` "" at first, next[20] "" at the end. */
enum err desk_taxcode_search(struct session *s, const char *text, const char *cursor, int limit,
			     taxcode_each f, void *arg, char next[20], int64_t *total,
			     struct err_info *e);
/* The codes right below one; "" gives the topmost. */
enum err desk_taxcode_children(struct session *s, const char *parent, taxcode_each f, void *arg,
			       struct err_info *e);
/* ERR_INVALID "taxcode.unknown" when absent; *out is freed by tax_code_free. */
enum err desk_taxcode_get(struct session *s, const char *code, struct tax_code *out,
			  struct err_info *e);
enum err desk_taxcode_count(struct session *s, int64_t *total, int64_t *from_tax,
			    struct err_info *e);
enum err desk_taxcode_sync(struct session *s, struct desk_wait *w, struct err_info *e);

/* Reads a tab-separated table: first line names the columns (code, name, short_name, vat_rates,
 * levy_rates, summary, parent, note, keywords, start, stop).  All or nothing.  The rows join
 * the starter list; where the tax side has spoken its own list stays the authority. */
enum err desk_taxcode_import(struct session *s, const char *file, int64_t *rows,
			     struct err_info *e);

#endif
