/* text_p.h - private tables of text: sorted, disjoint ranges of code points. */
#ifndef KP_BASE_TEXT_P_H
#define KP_BASE_TEXT_P_H

#include <stddef.h>
#include <stdint.h>

struct text_range {
	uint32_t first, last;
};

/* Widths: zero columns, two columns, ambiguous. */
extern const struct text_range text_zero[], text_wide[], text_ambiguous[];
extern const size_t text_zero_n, text_wide_n, text_ambiguous_n;
/* Code points beyond ASCII that take two bytes in GB18030. */
extern const struct text_range text_gbk2[];
extern const size_t text_gbk2_n;

#endif
