/* reqlog_p.h - long texts of the request log. */
#ifndef KP_STORE_REQLOG_P_H
#define KP_STORE_REQLOG_P_H

#include "base/buf.h"
#include "store/reqlog.h"

enum request_part { REQUEST_SENT, REQUEST_ANSWERED };
/* Longer texts are packed. */
enum { REQUEST_INLINE = 2048 };

/* What stands in the row: the text, "" when it is long (or NULL). */
const char *request_text_row(const char *text);
/* Packs a long one beside its row, inside the transaction that wrote the row. */
enum err request_text_keep(struct db *db, int64_t id, enum request_part part, const char *text,
			   struct err_info *e);
/* The packed text of a row is added to b; nothing when it has none. */
enum err request_text_get(struct db *db, int64_t id, enum request_part part, struct buf *b,
			  struct err_info *e);

#endif
