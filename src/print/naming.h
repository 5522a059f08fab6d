/* print/naming.h - names of the files of invoices: one rule for downloads, archives and mail.
 *
 * A rule is text with placeholders in braces: {号码} {购方} {税号} {日期} (yyyyMMdd) {时间}
 * (yyyyMMddHHmmss) {价税合计} {订单号} {票种}.  What a file system or Windows does not take in a
 * name becomes '_'; a name has at most NAMING_BYTES bytes with its suffix, cut at a whole
 * character within the longest text (the number is never cut).
 */
#ifndef KP_PRINT_NAMING_H
#define KP_PRINT_NAMING_H

#include "base/buf.h"
#include "base/err.h"
#include "tax/invoice.h"

enum { NAMING_BYTES = 200, NAMING_TEXT = NAMING_BYTES + 1, NAMING_RULE = 200 };
/* The rule where nobody has set another: dzfp_{号码}_{购方}_{时间}. */
extern const char print_naming_default[];

/* ERR_INVALID "naming.rule": empty, too long, an unknown placeholder, a brace without its other, a
 * character no name may have, or a rule without {号码} and without {订单号}, by which files of two
 * invoices could not be told apart. */
enum err print_naming_check(const char *rule, struct err_info *e);
/* The name with its suffix (".pdf", or "" for the name alone); a rule that does not pass counts as
 * the default.  Returns out. */
const char *print_naming_make(const char *rule, const struct invoice *inv, const char *suffix,
			      char out[NAMING_TEXT]);

/* Text with the same placeholders, for subjects and letters: {日期} 2026-11-20, {时间} 2026-11-20
 * 19:23:53; what stands in braces otherwise is left as it is.  Appends to out. */
void print_naming_fill(const char *text, const struct invoice *inv, struct buf *out);

/* ERR_INVALID "naming.text": such a text has braces with something else in them. */
enum err print_naming_check_text(const char *text, struct err_info *e);

/* Names that were given in one folder, letters of any case being the same: the second of a name
 * becomes "name (2).pdf".  Memory: 16 bytes a name. */
struct print_names;
struct print_names *print_naming_set(void);
void print_naming_set_free(struct print_names **s);
/* Takes a name, changing it when it is taken already. */
void print_naming_take(struct print_names *s, char name[NAMING_TEXT]);

#endif
