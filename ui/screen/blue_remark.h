/* ui/screen/blue_remark.h - the box of 备注常用语: choose one, maintain them. */
#ifndef KP_UI_SCREEN_BLUE_REMARK_H
#define KP_UI_SCREEN_BLUE_REMARK_H

#include "ui/view.h"

struct phrases_arg {
	const char *remark, *order_no; /* as they are on the form */
};
/* Result, when ok: const char *, the text chosen, filled in. */
extern const struct view_ops view_phrases_ops;

#endif
