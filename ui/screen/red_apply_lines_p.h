/* ui/screen/red_apply_lines_p.h - between the lines of 填开确认 and how they are shown. */
#ifndef KP_UI_SCREEN_RED_APPLY_LINES_P_H
#define KP_UI_SCREEN_RED_APPLY_LINES_P_H

#include "ui/screen/red_apply_p.h"

enum { COL_NAME = 1, COL_UNIT, COL_QUANTITY, COL_PRICE, COL_NET, COL_RATE, COL_TAX };
enum { INDEX_QUANTITY = COL_QUANTITY - 1, INDEX_NET = COL_NET - 1, LINES_MONEY = 40 };

/* What is asked for of a line. */
enum part_by { PART_REST, PART_QUANTITY, PART_NET, PART_OUT };
struct part {
	enum part_by by; /* what goes: asked for, as far as the reason lets it */
	/* What the person last asked for, whatever the reason was: another reason may bring it
	 * back. */
	struct part_asked {
		enum part_by by;
		char quantity[DEC_TEXT + 4], net[LINES_MONEY];
	} asked;
	char quantity[DEC_TEXT + 4],
	    net[LINES_MONEY]; /* cells as they were when it was worked out */
	int64_t net_fen, tax_fen;
	bool well;
};

struct part *lines_part(const struct apply *s, int row);
const struct red_blue_line *lines_blue(const struct apply *s, int row);
/* Why part of a line cannot be taken back, why a cell (by index) cannot be changed; NULL: it can.
 * Valid until the next call. */
const char *lines_why_not_part(const struct apply *s, int row);
const char *lines_why_not_cell(const struct apply *s, int row, int column);
/* What was taken before and what is left; malloc'd. */
char *lines_rests(const struct red_blue_line *b);
/* The first row that is not in order; -1 none. */
int lines_first_wrong(const struct apply *s);
/* Works rows out again, and the sums. */
void lines_changed(struct grid *g, int first, int last);

#endif
