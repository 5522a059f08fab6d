/* desk/goods_fill.h - lines take from 商品信息 what they do not say themselves (features D25, G60).
 *
 * Which goods a line means: what its `goods` member names ("#12", a 简码, a name); else the article
 * whose 简码 is the line's name; else name and specification; else the name alone.  Names are the
 * same when width, case and blanks aside they are; a "*简称*" in front does not count.  Of several
 * articles those with what the line says itself (tax code, unit, rate) remain; if they would still
 * bring different things, that is a fault which lists them, never a guess - unless the line has a
 * tax code and a rate and needs none of them.
 *
 * What a line says itself stands.  Lines of a run often repeat: answers are kept, in bounded
 * memory, so that many lines of few articles cost little.
 */
#ifndef KP_DESK_GOODS_FILL_H
#define KP_DESK_GOODS_FILL_H

#include "desk/goods.h"

enum fill_by {
	FILL_NOT,       /* the catalogue has no such article, or the line needs none */
	FILL_REFERENCE, /* its goods member */
	FILL_SHORT,     /* 简码 */
	FILL_NAME_SPEC, /* 名称和规格 */
	FILL_NAME,
	FILL_WAYS
};
const char *goods_fill_label(enum fill_by by); /* "", 商品编号, 简码, 名称和规格, 名称 */

/* How one line was filled. */
struct goods_filled {
	enum fill_by by;
	int64_t goods;    /* its id; 0 none */
	bool code, price; /* the tax code, the price came from it */
	/* The price as the catalogue has it, when it came from there. */
	struct dec own_price;
	bool own_inclusive;
};

struct goods_fill;
/* Whoever may issue or see may ask.  The session is the caller's and outlives it. */
enum err goods_fill_begin(struct session *s, int64_t unit, struct goods_fill **out,
			  struct err_info *e);
void goods_fill_end(struct goods_fill **f);
/* Fills what the line leaves open: a 简称 belongs to its code, a preference to its rate, and the
 * price comes in the mode of the invoice, for a line without amount.  ERR_INVALID "goods.several"
 * (e->field "name" or "goods"), and "goods.unknown" when its goods member names nothing: then the
 * line is as it was.  `how` may be NULL. */
enum err goods_fill_line(struct goods_fill *f, struct tax_line *l, bool inclusive,
			 struct goods_filled *how, struct err_info *e);

#endif
