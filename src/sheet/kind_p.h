/* kind_p.h - what a file is, told from its first bytes. */
#ifndef KP_SHEET_KIND_P_H
#define KP_SHEET_KIND_P_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sheet/zip_p.h"

/* *is_zip: maybe a workbook; else text.  What can be neither is refused, ERR_INVALID "sheet.kind",
 * with how to save it. */
enum err sheet_kind(int fd, int64_t size, const char *what, bool *is_zip, struct err_info *e);
/* Refuses an archive that is no workbook of the kind read here. */
enum err sheet_kind_package(struct sheet_zip *z, struct err_info *e);

#endif
