/* desk/memory.h - buyers and goods used before, found by what a clerk types; habits of a person.
 *
 * Every newly issued invoice is remembered in its own transaction.  A text of two characters or
 * more finds by part of the name (width and case of letters aside), by the beginning of the tax
 * number or tax code, and by the pinyin initials of the name, every reading of a polyphone.
 */
#ifndef KP_DESK_MEMORY_H
#define KP_DESK_MEMORY_H

#include "desk/session.h"
#include "store/memory.h"
#include "tax/tax.h"

enum { MEMORY_LETTERS = 2 };

/* Fills up to max, names that begin with the text first, then most recently used first; *n their
 * number.  A text shorter than MEMORY_LETTERS finds nothing, an empty one the most recent.  Each
 * is freed by buyer_free / goods_free. */
enum err desk_buyer_match(struct session *s, const char *text, int max, struct buyer *out, int *n,
			  struct err_info *e);
enum err desk_goods_match(struct session *s, const char *text, int max, struct goods *out, int *n,
			  struct err_info *e);
/* ERR_INVALID "buyer.unknown", "goods.unknown" when the unit has none of that id. */
enum err desk_buyer_get(struct session *s, int64_t id, struct buyer *out, struct err_info *e);
enum err desk_goods_get(struct session *s, int64_t id, struct goods *out, struct err_info *e);

/* What the next empty form begins with: the person's last invoice in this unit, before the first
 * one 数电普票, prices with tax, and the person's own name. */
enum err desk_habit(struct session *s, struct issue_habit *out, struct err_info *e);
/* Enabled rates of the unit as the tax side named them, highest first, each once; free(*out). */
enum err desk_rates(struct session *s, int32_t **out, size_t *n, struct err_info *e);

/* Remembers an invoice that is being issued: called by desk_issue inside its transaction. */
enum err desk_remember(struct session *s, int64_t unit, const struct invoice *inv,
		       struct err_info *e);

#endif
