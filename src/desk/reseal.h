/* desk/reseal.h - everything a home has sealed: API keys, push addresses and secrets, mail
 * passwords. */
#ifndef KP_DESK_RESEAL_H
#define KP_DESK_RESEAL_H

#include "base/secret.h"
#include "store/db.h"

struct reseal {
	const unsigned char *now;  /* the key everything is to be under */
	const unsigned char *then; /* the key some of it may be under; NULL: none */
	int64_t renewed, locked;   /* out: sealed anew; opened by neither, left as they are */
};
/* Inside a transaction. */
enum err reseal_all(struct db *db, struct reseal *r, struct err_info *e);

#endif
