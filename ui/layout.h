/* ui/layout.h - rectangles.  Pure. */
#ifndef KP_UI_LAYOUT_H
#define KP_UI_LAYOUT_H

#include <stdbool.h>

struct rect {
	int y, x, h, w;
};
/* Cuts rows off the top or bottom, columns off the left; the rest stays in *r; never negative. */
struct rect rect_top(struct rect *r, int rows);
struct rect rect_bottom(struct rect *r, int rows);
struct rect rect_left(struct rect *r, int cols);
/* A rectangle of at most h x w centred in the area. */
struct rect rect_centre(struct rect area, int h, int w);
struct rect rect_inset(struct rect r, int rows, int cols);
bool rect_empty(struct rect r);

#endif
