/* ui/screen/goods.h - 商品信息: the list, and one of the goods to fill in (features G60-G71).
 *
 *   goods.c            the list         goods_form.c        the box
 *   goods_form_code.c  tax code, rates  goods_form_save.c   duplicates, storing
 */
#ifndef KP_UI_SCREEN_GOODS_H
#define KP_UI_SCREEN_GOODS_H

#include "ui/screens.h"

/* What the list begins with; NULL: everything. */
struct goods_arg {
	bool
	    unusable; /* only those that cannot stand on a line yet: their tax code or their rate */
};

struct goods_form_arg {
	int64_t id; /* 0: new ones */
	bool copy;  /* new ones, like those of the id */
};
/* The answer, once they are stored: const int64_t * their id.  The message line has told so. */
extern const struct view_ops view_goods_form_ops;

#endif
