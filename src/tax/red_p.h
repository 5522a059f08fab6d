/* tax/red_p.h - inside the tax room: what the files of the red letters share. */
#ifndef KP_TAX_RED_P_H
#define KP_TAX_RED_P_H

#include "tax/red.h"
#include "tax/tolerance_p.h"

/* |price x quantity - net| and |net x rate - tax| of a row, in fen (protocol 7.6). */
enum { RED_NET_FEN = ROW_NET_FEN, RED_TAX_FEN = ROW_TAX_FEN };

/* NULL: no such row. */
const struct red_blue_line *red_blue_find(const struct red_blue *b, unsigned row);
/* |net x rate - tax| <= limit, in fen; magnitudes or both negative. */
bool red_tax_near(int64_t net, int64_t tax, int32_t ppm, int64_t limit);
/* May a part of what is left of a row have this tax, and the rest of it what it leaves?  narrow: as
 * the tax side asks of ordinary rows. */
bool red_tax_fits(const struct red_blue_line *b, int64_t net, int64_t tax, bool narrow);
/* Taxes of a letter of that invoice, its lines in their order, so that their sum and that of what
 * is left keep the limit of an invoice, as far as the rows allow; moves the fewest fen. */
void red_level(struct red_letter *l, const struct red_blue *b);

#endif
