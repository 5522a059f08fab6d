/* post_p.h - between the files of 交付与推送. */
#ifndef KP_DESK_POST_P_H
#define KP_DESK_POST_P_H

#include "desk/page_p.h"
#include "desk/post.h"

/* A number as typed. */
enum err post_id(const char *text, const char *what, int64_t *out, struct err_info *e);
/* The id of an invoice by number, order number or "#id". */
enum err post_invoice(struct session *s, const char *no, int64_t *id, struct err_info *e);

/* Addresses of pushes that an earlier program kept in plain are sealed (session.c).  Where that
 * cannot be now, the log says so and the next session does it. */
void post_seal_older(struct session *s);

#endif
