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
/* The same of a month ("" the present one), from a cursor on (0: the newest); next 0: the last
 * page. */
enum err desk_quota_list(struct session *s, const char *month, int64_t cursor, int limit,
			 quota_each f, void *arg, int64_t *next, int64_t *total,
			 struct err_info *e);
/* 下载, 退回, 占用 ... of an entry's kind. */
const char *desk_quota_kind(const char *kind);
/* What the tax side's figures changed in the ledger since a row of it (0: all), and the newest
 * row. */
enum err desk_quota_adopted(struct session *s, int64_t since, int64_t *fen, int64_t *newest,
			    struct err_info *e);

/* amount: text with at most two decimals, > 0; download: at most what the tax side last called
 * available; return: at most unused less what invoices have reserved. */
enum err desk_quota_move(struct session *s, bool download, const char *amount, struct desk_wait *w,
			 struct err_info *e);
enum err desk_quota_adjust(struct session *s, const char *month, struct desk_wait *w,
			   struct err_info *e);
enum err desk_quota_sync(struct session *s, struct desk_wait *w, struct err_info *e);

/* The 1-yuan refresh (features N65): downloads 1.00 and returns it, so that the tax side gives the
 * month another interval, where adjusting alone does not.  Each move is a job with a serial and a
 * row in the ledger; the engine puts the second when the first is done. */
enum err desk_quota_refresh(struct session *s, struct desk_wait *w, struct err_info *e);
/* Waits for the second, if it is still under way. */
enum err desk_quota_refresh_rest(struct session *s, struct desk_wait *w, struct err_info *e);
/* This month's interval has ended. */
bool desk_quota_interval_over(const struct quota_month *q);

/* 月初自动下载额度: percent (1..100) of what is available, of 按需开票 percent of cap (fen, 0: twice
 * what the month before took, tax/share.h); 自动调整有效期.  Both on, 80 % by default. */
struct quota_auto {
	int on, adjust; /* 0, 1; in set -1: unchanged, as below */
	int64_t percent, cap;
};
/* What a download by itself would take now, fen (features G38). */
enum err desk_quota_share(struct session *s, int64_t *fen, struct err_info *e);
enum err desk_quota_auto(struct session *s, struct quota_auto *out, struct err_info *e);
enum err desk_quota_set_auto(struct session *s, const struct quota_auto *a, struct err_info *e);

#endif
