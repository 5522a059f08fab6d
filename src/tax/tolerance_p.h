/* tax/tolerance_p.h - inside the tax room: what the tax side allows, in fen (features N20-N23). */
#ifndef KP_TAX_TOLERANCE_P_H
#define KP_TAX_TOLERANCE_P_H

enum { ROW_NET_FEN = 1, ROW_TAX_FEN = 6, TOTAL_TAX_FEN = 127 };

#endif
