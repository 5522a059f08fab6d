/* ui/frame.h - what every screen shares: top line, rules, message line, stock and quota, hint bar. */
#ifndef KP_UI_FRAME_H
#define KP_UI_FRAME_H

#include "ui/view.h"

enum { FRAME_TOP = 2, FRAME_BOTTOM = 3, SCREEN_MIN_ROWS = 16, SCREEN_MIN_COLS = 60 };
/* Paints the frame around the top non-modal view; returns the rectangle inside.  Below 60x16 one message
 * instead of the screen (*small true). */
struct rect frame_paint(bool *small);
/* Help on the focus and all keys; the palette. */
extern const struct view_ops view_help_ops, view_palette_ops;

#endif
