/* ui/screen/red_apply.h - 红字发票确认信息录入: a wizard of four steps, and 全额红冲. */
#ifndef KP_UI_SCREEN_RED_APPLY_H
#define KP_UI_SCREEN_RED_APPLY_H

#include "ui/view.h"

/* NULL: from the first step, or where it was left. */
struct red_apply_arg {
	const char *number; /* an issued blue invoice, to be taken back as a whole */
};
extern const struct view_ops view_red_apply_ops;

#endif
