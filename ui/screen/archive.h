/* ui/screen/archive.h - 打包下载: layout files of marked invoices, or of a month, as one archive. */
#ifndef KP_UI_SCREEN_ARCHIVE_H
#define KP_UI_SCREEN_ARCHIVE_H

#include "ui/view.h"

struct archive_arg {
	const int64_t *ids; /* marked; copied */
	size_t id_count;    /* 0: a month */
	const char *whose;  /* in place of 勾选的; NULL: that */
};
extern const struct view_ops view_archive_ops;

#endif
