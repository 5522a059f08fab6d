/* ui/frame.h - what every screen shares: top line, rules, message line, stock and quota, hint bar.
 * */
#ifndef KP_UI_FRAME_H
#define KP_UI_FRAME_H

#include "ui/view.h"

enum { FRAME_TOP = 2, FRAME_BOTTOM = 3, SCREEN_MIN_ROWS = 16, SCREEN_MIN_COLS = 60 };
/* Clears the screen and returns the rectangle inside the frame.  Below 60x16 there is one message
 * instead (*small true) and nothing else is to be painted. */
struct rect frame_area(bool *small);
/* Paints the frame; after the views, whose content decides what can be done and said. */
void frame_paint(void);
/* Help on the focus and all keys; the palette. */
extern const struct view_ops view_help_ops, view_palette_ops;

#endif
