/* ui/picker_p.h - inside of the picker: a search line, a page of rows, the way down the tree. */
#ifndef KP_UI_PICKER_P_H
#define KP_UI_PICKER_P_H

#include "ui/dialog_p.h"
#include "ui/form_p.h"

enum { PICK_LEVELS = 12, PICK_ROWS = 100, PICK_TEXT = 60 };

/* A branch that was entered, and where the picker stood above it. */
struct pick_level {
	char key[40], label[160];
	char cursor[40], text[PICK_TEXT * 4 + 1];
	int selected, depth;
};

struct picker {
	char *title;
	struct pick_arg arg;
	struct line search;
	struct pick_row *rows;
	int count, selected, visible;
	char cursor[40], next[40];
	char (*before)[40]; /* cursors of earlier pages, of all levels */
	int depth;
	struct pick_level level[PICK_LEVELS];
	int levels;
	int want; /* row to select after the next read */
	bool stale, failed;
	struct rect top, list, status;
	struct picked result;
};

void picker_layout(struct view *v);
void picker_paint(struct view *v);

#endif
