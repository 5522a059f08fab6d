/* table_p.h - what a heading means, in full. */
#ifndef KP_SHEET_TABLE_P_H
#define KP_SHEET_TABLE_P_H

#include "sheet/table.h"

enum { SHEET_HEADING = 160 }; /* bytes of a plain heading with its NUL */

/* What a heading means, besides the index of a column. */
enum {
	HEADING_UNKNOWN = -1,
	HEADING_IGNORED = -2,
	HEADING_JOINT = -3 /* less the joint's index */
};
/* *rank: the lower, the closer to our own heading. */
int sheet_heading_means(const struct sheet_table *t, const char *heading, int *rank);
/* The heading as it is compared: width folded, small letters, without blanks and marks.  False:
 * nothing is left, or it is too long for a heading. */
bool sheet_heading_plain(const char *heading, char out[SHEET_HEADING]);

#endif
