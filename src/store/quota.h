/* store/quota.h - 额度 as a ledger (invariant I2; protocol 7.3; features G30-G42).
 *
 * `unused` is 已下载未使用额度 as the tax side counts it; `reserved` is what numbered invoices not yet
 * settled will take from it; available to issue = unused - reserved.
 *   download +u   return -u   reserve +r   release -r   use -u -r   adopt +-u (first
 *   sync or a difference)   red +u (a red invoice of the month of its blue one)
 */
#ifndef KP_STORE_QUOTA_H
#define KP_STORE_QUOTA_H

#include "base/date.h"
#include "store/db.h"

#define QUOTA_ON_DEMAND INT64_C(999999999999999900) /* 9999999999999999.00 按需开票, in fen */

struct quota_month {
	int64_t unit_id;
	char month[MONTH_TEXT];
	int64_t unused, reserved;
	char start[DATE_TEXT], end[DATE_TEXT]; /* 使用区间, "" unknown */
	bool has_remote, paused;
	int64_t remote_total, remote_available, remote_downloaded, remote_unused, synced_at;
	/* 待核对: what invoices that wait for a person may have changed in the remote figures */
	int64_t unsure;
};

/* Zeroed with the month filled when there is no row. */
enum err store_quota_get(struct db *db, int64_t unit, const char *month, struct quota_month *out,
			 struct err_info *e);
/* ERR_INVALID "quota.short" (figures and mend in the sentence), "quota.interval" when the date of
 * issued_at lies outside the interval, "quota.none" when nothing was downloaded.  0 passes. */
enum err store_quota_reserve(struct db *db, int64_t unit, const char *month, const char *issued_at,
			     int64_t invoice, int64_t amount, struct err_info *e);
enum err store_quota_release(struct db *db, int64_t invoice,
			     struct err_info *e); /* undoes an open reserve */
enum err store_quota_use(struct db *db, int64_t invoice,
			 struct err_info *e); /* reserve becomes use */
/* What a red invoice gives back: once an invoice, a repeat is a no-op. */
enum err store_quota_red(struct db *db, int64_t unit, const char *month, int64_t invoice,
			 int64_t amount, struct err_info *e);
/* A finished download or return (serial = idempotency key: a repeat is a no-op). */
enum err store_quota_move(struct db *db, int64_t unit, const char *month, bool download,
			  int64_t amount, const char *serial, struct err_info *e);
enum err store_quota_set_interval(struct db *db, int64_t unit, const char *month, const char *start,
				  const char *end, struct err_info *e);
/* Stores the tax side's figures; *difference = remote_unused - unused when nothing of the unit is
 * in flight (invoices on their way, a download or return that was tried), else 0; a difference is
 * booked as `adopt` (with the figures as note) and returned.
 *
 * An invoice whose result waits for a person may wait for days and holds nothing up; but whether
 * the figures have it already nobody knows.  What it can explain is not adopted (its own reserve,
 * or what a red one gives back, settles it): adopted and settled it would count twice.  The sum of
 * such invoices is kept as `unsure` until figures are taken without one. */
enum err store_quota_sync(struct db *db, int64_t unit, const struct quota_month *remote,
			  int64_t *difference, struct err_info *e);
struct quota_entry {
	int64_t id, unused_delta, reserved_delta, invoice_id, at;
	char month[MONTH_TEXT], kind[12], serial[101], note[200];
};
typedef enum err (*quota_each)(void *arg, const struct quota_entry *q);
enum err store_quota_entries(struct db *db, int64_t unit, const char *month, int64_t cursor,
			     int limit, quota_each f, void *arg, struct err_info *e);
/* How many there are of a month. */
enum err store_quota_count(struct db *db, int64_t unit, const char *month, int64_t *out,
			   struct err_info *e);
/* Figures of the month are to be asked for again: invoices were unsure when they were taken, and
 * none is any more. */
enum err store_quota_recheck(struct db *db, int64_t unit, const char *month, bool *out,
			     struct err_info *e);
/* What invoices of the month have taken. */
enum err store_quota_used(struct db *db, int64_t unit, const char *month, int64_t *out,
			  struct err_info *e);
/* Checks that the sums of the entries equal the month rows, and that exactly the unfinished
 * invoices hold a reserve of their quota_amount: ERR_DAMAGED with the figures. */
enum err store_quota_audit(struct db *db, int64_t unit, struct err_info *e);

#endif
