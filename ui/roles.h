/* ui/roles.h - what the role of the person at the keyboard keeps from him (features C1, F9).
 *
 * What he may never do is not offered: not in menu, palette, help, bar of hints.  Its key says why
 * not.  What depends on more than the role is judged by the view (why_not). */
#ifndef KP_UI_ROLES_H
#define KP_UI_ROLES_H

#include "ui/action.h"

bool role_may(enum action a);
/* Why not, NULL: he may; valid until the next call. */
const char *role_why_not(enum action a);

#endif
