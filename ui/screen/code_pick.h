/* ui/screen/code_pick.h - choosing a 税收分类编码: a search and the tree in one (features G62, G63).
 *
 * What is typed searches code, name, 简称, keywords and pinyin; with nothing typed the tree is walked
 * (RIGHT in, LEFT out).  A 汇总项 and a stopped code are shown and cannot be taken.
 */
#ifndef KP_UI_SCREEN_CODE_PICK_H
#define KP_UI_SCREEN_CODE_PICK_H

#include <stddef.h>
#include <stdint.h>

#include "ui/view.h"

/* name: of the goods, or NULL: the longest end of it that finds something is typed at first. */
struct code_pick_arg {
	const char *name;
};
/* The answer, valid until the asker returns.  rates: what the code may have in this unit, highest
 * first (desk_code_rates); none when the tax side has enabled none of them. */
struct code_picked {
	const char *code, *name, *short_name;
	const int32_t *rates;
	size_t rate_count;
};
extern const struct view_ops view_code_pick_ops;

#endif
