/* ui/screen/code_changes.h - what syncs changed in the tax codes. */
#ifndef KP_UI_SCREEN_CODE_CHANGES_H
#define KP_UI_SCREEN_CODE_CHANGES_H

#include "ui/view.h"

extern const struct view_ops view_code_changes_ops;
/* Everything about a code in the reader (codes.c). */
void code_detail(const char *code);

#endif
