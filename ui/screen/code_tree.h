/* ui/screen/code_tree.h - 税收分类编码 as a list: found by words, or walked as a tree; shared by the
 * screen of the codes and the picker. */
#ifndef KP_UI_SCREEN_CODE_TREE_H
#define KP_UI_SCREEN_CODE_TREE_H

#include "ui/list.h"

enum { CODE_TREE_LEVELS = 12, CODE_TREE_CODE = 20 };
/* Cells of a row beyond the columns shown. */
enum {
	CODE_CELL_CODE,
	CODE_CELL_NAME,
	CODE_CELL_SHORT,
	CODE_CELL_VAT,
	CODE_CELL_LEVY,
	CODE_CELL_STATE, /* 汇总项, 已停用 or nothing */
	CODE_CELL_STOP = LIST_COLUMNS - 2,
	CODE_CELL_BRANCH
};

struct code_tree {
	struct list list;
	const char *(*words)(void *owner); /* what is looked for; "": the tree */
	void *owner;
	char today[11];
	struct code_level {
		char code[CODE_TREE_CODE], name[LIST_CELL]; /* of the branch; level 0 is the top */
		char words[256];                            /* looked for above it */
		int64_t at;                                 /* the row entered from above */
	} level[CODE_TREE_LEVELS];
	int levels;
};

void code_tree_init(struct code_tree *t, const char *(*words)(void *owner), void *owner);
void code_tree_free(struct code_tree *t);
bool code_tree_searching(const struct code_tree *t);
/* Into the 汇总项 at hand; its words are remembered and the caller clears them.  False: none. */
bool code_tree_enter(struct code_tree *t);
/* Back to the branch that was entered, on any page; the caller puts words back before: NULL when
 * there is nothing to leave. */
const char *code_tree_above(const struct code_tree *t);
void code_tree_leave(struct code_tree *t);
/* "目录 › 货物 › 谷物", "查找结果". */
void code_tree_paint_path(const struct code_tree *t, struct rect r, int row);

#endif
