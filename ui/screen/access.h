/* ui/screen/access.h - what access hangs on, for other screens: choosing a 开票员 (features B14). */
#ifndef KP_UI_SCREEN_ACCESS_H
#define KP_UI_SCREEN_ACCESS_H

#include "ui/dialog.h"

/* Asks for one that is bound; the answer is a struct picked, whose label is the name.  Where none
 * is registered a message says so and nothing is asked. */
bool drawer_pick(struct view *asker, int token);

#endif
