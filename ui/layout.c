#include "ui/layout.h"

static int between(int v, int low, int high)
{
	if (v > high)
		v = high;
	return v < low ? low : v;
}

struct rect rect_top(struct rect *r, int rows)
{
	struct rect cut = *r;

	cut.h = between(rows, 0, r->h);
	r->y += cut.h;
	r->h -= cut.h;
	return cut;
}

struct rect rect_bottom(struct rect *r, int rows)
{
	struct rect cut = *r;

	cut.h = between(rows, 0, r->h);
	r->h -= cut.h;
	cut.y = r->y + r->h;
	return cut;
}

struct rect rect_left(struct rect *r, int cols)
{
	struct rect cut = *r;

	cut.w = between(cols, 0, r->w);
	r->x += cut.w;
	r->w -= cut.w;
	return cut;
}

struct rect rect_centre(struct rect area, int h, int w)
{
	struct rect r = {.h = between(h, 0, area.h), .w = between(w, 0, area.w)};

	r.y = area.y + (area.h - r.h) / 2;
	r.x = area.x + (area.w - r.w) / 2;
	return r;
}

struct rect rect_inset(struct rect r, int rows, int cols)
{
	rows = between(rows, 0, r.h / 2);
	cols = between(cols, 0, r.w / 2);
	return (struct rect) {
	    .y = r.y + rows, .x = r.x + cols, .h = r.h - 2 * rows, .w = r.w - 2 * cols};
}

bool rect_empty(struct rect r)
{
	return r.h <= 0 || r.w <= 0;
}
