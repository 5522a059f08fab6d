/* buttons.c - a row of buttons under a sheet. */
#include "ui/screen/buttons.h"

#include <stdio.h>

#include "ui/draw.h"

enum { LABEL = 60, GAP = 2 };

int button_draw(struct rect r, int row, int col, bool chosen, const char *label)
{
	char text[LABEL];

	snprintf(text, sizeof(text), chosen ? "[ %s ]" : "  %s  ", label);
	if (chosen)
		draw_cursor(r, row, col + 2);
	return draw_run(r, row, col, chosen ? FACE_FOCUS : FACE_NORMAL, text);
}

void buttons_draw(const struct button *b, int chosen, struct rect r, int row, int col)
{
	int i;

	for (i = 0; b[i].label; i++)
		col += button_draw(r, row, col, i == chosen, b[i].label) + GAP;
}

int buttons_count(const struct button *b)
{
	int n = 0;

	while (b[n].label)
		n++;
	return n;
}

int buttons_step(const struct button *b, int chosen, int step)
{
	int n = buttons_count(b);

	return (chosen + step + n) % n;
}

int buttons_find(const struct button *b, enum action a)
{
	int i;

	for (i = 0; b[i].label; i++) {
		if (b[i].action == a)
			return i;
	}
	return -1;
}
