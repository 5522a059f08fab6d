/* desk/quota.h - 授信额度: show, download, return, adjust, sync, automatic (features G30-G42; protocol
 * 7.3). */
#ifndef KP_DESK_QUOTA_H
#define KP_DESK_QUOTA_H

#include "desk/session.h"
#include "desk/wait.h"

/* The present month of the session's unit. */
enum err desk_quota_get(struct session *s, struct quota_month *out, struct err_info *e);
/* Ledger rows of the present month, newest first. */
enum err desk_quota_entries(struct session *s, int limit, quota_each f, void *arg,
			    struct err_info *e);

/* amount: text with at most two decimals, > 0; download: at most what the tax side last called
 * available; return: at most unused less what invoices have reserved. */
enum err desk_quota_move(struct session *s, bool download, const char *amount, struct desk_wait *w,
			 struct err_info *e);
enum err desk_quota_adjust(struct session *s, const char *month, struct desk_wait *w,
			   struct err_info *e);
enum err desk_quota_sync(struct session *s, struct desk_wait *w, struct err_info *e);

/* 月初自动下载额度: percent (1..100) of what is available. On, 80 % by default. */
struct quota_auto {
	bool on;
	int64_t percent; /* -1 in set: unchanged */
};
enum err desk_quota_auto(struct session *s, struct quota_auto *out, struct err_info *e);
enum err desk_quota_set_auto(struct session *s, const struct quota_auto *a, struct err_info *e);

#endif
