/* post_p.h - between the files of the store that keep pushes and mails. */
#ifndef KP_STORE_POST_P_H
#define KP_STORE_POST_P_H

#include "store/post.h"

/* Puts a job of the kind, due now; gives its id. */
enum err post_job(struct db *db, const char *kind, int64_t unit, int64_t subject, int64_t by,
		  int64_t *id, struct err_info *e);

#endif
