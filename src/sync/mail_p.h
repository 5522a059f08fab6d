/* mail_p.h - the content of a mail: subject, text, files. */
#ifndef KP_SYNC_MAIL_P_H
#define KP_SYNC_MAIL_P_H

#include "base/buf.h"
#include "print/naming.h"
#include "print/print.h"
#include "sync/sync_p.h"

struct letter {
	struct buf subject, text;
	struct buf content[PRINT_FORMATS];
	char names[PRINT_FORMATS][NAMING_TEXT];
	struct mail_file files[PRINT_FORMATS]; /* of the above */
	size_t count;
};
void letter_init(struct letter *l);
void letter_free(struct letter *l);
/* Writes it: placeholders filled, the formats of the server's settings rendered and named by the
 * rule of the home.  ERR_INVALID "mail.size", "mail.state" (not issued) and what rendering says. */
enum err letter_write(struct engine *en, const struct unit *u, const struct mail_server *server,
		      int64_t invoice, struct letter *l, struct err_info *e);
void letter_test(const struct unit *u, struct letter *l);

#endif
