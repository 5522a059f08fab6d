/* print/qr_p.h - the QR code of the face (layout section 5): version 5, level M, byte mode, with
 * whole modules left white in the middle for the 税 icon. */
#ifndef KP_PRINT_QR_P_H
#define KP_PRINT_QR_P_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum {
	QR_MODULES = 37,
	/* 9 of the 9.9 modules the icon's square of 5.36 mm covers; each block of a 5-M symbol can
	 * mend 12 codewords, and the blank hits at most 8. */
	QR_BLANK = 9,
};

/* module[y][x]: dark. */
enum err qr_make(const char *text, bool module[QR_MODULES][QR_MODULES], struct err_info *e);

#endif
