/* store/taxcodes_p.h - between the files of the tax codes.
 *
 *   taxcodes.c         rows, the starter list      taxcodes_search.c  finding
 *   taxcodes_index.c   words of a row, the index   taxcodes_news.c    answers and what they change
 */
#ifndef KP_STORE_TAXCODES_P_H
#define KP_STORE_TAXCODES_P_H

#include "base/buf.h"
#include "store/taxcodes.h"

enum { TAXCODE_DIGITS = 19, TAXCODE_LIST = 16 };

/* Rows of an answer that is not whole yet; never committed. */
#define TAXCODE_INCOMING "incoming"

#define TAXCODE_COLUMNS                                                                            \
	"code, parent, name, short_name, vat_rates, levy_rates, note, keywords, start_date,"       \
	" stop_date, summary, differential, untaxed, special"
/* A row whose words change leaves the index. */
#define TAXCODE_REPLACE                                                                            \
	" ON CONFLICT (env, code) DO UPDATE SET parent = excluded.parent, name = excluded.name,"   \
	" short_name = excluded.short_name, vat_rates = excluded.vat_rates,"                       \
	" levy_rates = excluded.levy_rates, note = excluded.note, keywords = excluded.keywords,"   \
	" start_date = excluded.start_date, stop_date = excluded.stop_date,"                       \
	" summary = excluded.summary, differential = excluded.differential,"                       \
	" untaxed = excluded.untaxed, special = excluded.special,"                                 \
	" doc = CASE WHEN taxcode.name = excluded.name"                                            \
	" AND taxcode.short_name = excluded.short_name"                                            \
	" AND taxcode.keywords = excluded.keywords THEN taxcode.doc END"
#define TAXCODE_SELECT "SELECT " TAXCODE_COLUMNS " FROM taxcode WHERE env = ?"

/* The row at hand of a TAXCODE_SELECT. */
void taxcode_read(struct rows *q, struct tax_code *c);
/* Gives all its rows. */
enum err taxcode_give(struct rows **q, enum err r, taxcode_each f, void *arg, struct err_info *e);

/* The scope of a list in the search index. */
int64_t taxcode_scope(const char *list);
/* What a row is found by, a line each, in place of what is in b: name, 简称, keywords ... */
void taxcode_words(struct buf *b, const char *name, const char *short_name, const char *keywords);
/* ... and our words for them, added. */
void taxcode_our_words(struct buf *b);

#endif
