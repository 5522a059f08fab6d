/* ui/screen/export.h - 批量导出: rows of a list as a file (features G68, M6).
 *
 * Every list with a title can be exported: what is marked, or what matches its filter, page
 * by page through its own source, between the turns of the loop.  Catalogues: desk_export,
 * in a task.
 */
#ifndef KP_UI_SCREEN_EXPORT_H
#define KP_UI_SCREEN_EXPORT_H

#include "ui/list.h"

struct export_arg {
	struct list *list; /* of the view below; its title names the file */
	/* A catalogue: its name and what the list shows (copied); NULL: rows of the list. */
	const char *table;
	const struct buyer_query *buyers;
	const struct goods_query *goods;
	const struct invoice_filter *invoices;
};
extern const struct view_ops view_export_ops;

#endif
