/* quota.c - 额度: the month rows and the ledger whose sums they are (invariant I2). */
#include "store/quota.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"
#include "store/jobs.h"

enum err store_quota_get(struct db *db, int64_t unit, const char *month, struct quota_month *out,
			 struct err_info *e)
{
	struct rows *q;
	struct quota_month m = {.unit_id = unit};
	text_copy(m.month, sizeof(m.month), month);
	enum err r = db_query(
	    db, &q, e,
	    "SELECT unused, reserved, COALESCE(start_date, ''), COALESCE(end_date, ''), paused,"
	    " remote_total, remote_available, remote_downloaded, remote_unused, synced_at, unsure"
	    " FROM quota_month WHERE unit_id = ? AND month = ?",
	    "ls", unit, month);
	if (!r && rows_next(q)) {
		m.unused = rows_int(q, 0);
		m.reserved = rows_int(q, 1);
		text_copy(m.start, sizeof(m.start), rows_text(q, 2));
		text_copy(m.end, sizeof(m.end), rows_text(q, 3));
		m.paused = rows_int(q, 4) != 0;
		m.has_remote = !rows_null(q, 5);
		m.remote_total = rows_int(q, 5);
		m.remote_available = rows_int(q, 6);
		m.remote_downloaded = rows_int(q, 7);
		m.remote_unused = rows_int(q, 8);
		m.synced_at = rows_int(q, 9);
		m.unsure = rows_int(q, 10);
	}
	r = rows_end(&q, r, e);
	if (!r)
		*out = m;
	return r;
}

static enum err month_row(struct db *db, int64_t unit, const char *month, struct err_info *e)
{
	return db_run(db, e, NULL,
		      "INSERT INTO quota_month (unit_id, month) VALUES (?, ?) ON CONFLICT"
		      " (unit_id, month) DO NOTHING",
		      "ls", unit, month);
}

struct entry {
	int64_t unit, invoice, unused, reserved;
	const char *month, *kind, *serial, *note;
};

/* Writes one entry and moves the month's sums with it; sums stay within 18 digits. */
static enum err book(struct db *db, const struct entry *en, struct err_info *e)
{
	struct quota_month m;
	int64_t id = 0, unused, reserved;
	enum err r = month_row(db, en->unit, en->month, e);
	if (!r)
		r = store_quota_get(db, en->unit, en->month, &m, e);
	if (!r)
		r = db_next_id(db, "quota_entry", &id, e);
	if (r)
		return r;
	if (!fen_add(m.unused, en->unused, &unused) ||
	    !fen_add(m.reserved, en->reserved, &reserved))
		return err_fail(e, ERR_INVALID, "quota.overflow", "额度", "%s 的额度超出 18 位",
				en->month);
	r = db_run(db, e, NULL,
		   "INSERT INTO quota_entry (id, unit_id, month, kind, unused_delta,"
		   " reserved_delta, invoice_id,"
		   " serial, note, at) VALUES (?, ?, ?, ?, ?, ?, NULLIF(?, 0), ?, ?, ?)",
		   "llsslllSSl", id, en->unit, en->month, en->kind, en->unused, en->reserved,
		   en->invoice, en->serial, en->note, clock_now());
	if (r)
		return r;
	return db_run(db, e, NULL,
		      "UPDATE quota_month SET unused = unused + ?, reserved = reserved + ?"
		      " WHERE unit_id = ? AND month = ?",
		      "llls", en->unused, en->reserved, en->unit, en->month);
}

static enum err check_interval(const struct quota_month *m, const char *issued_at,
			       struct err_info *e)
{
	if (strncmp(issued_at, m->month, MONTH_TEXT - 1) != 0)
		return err_fail(e, ERR_INVALID, "quota.month", "额度",
				"开票日期 %.10s 不属于额度属期 %s", issued_at, m->month);
	bool early = m->start[0] && strncmp(issued_at, m->start, DATE_TEXT - 1) < 0;
	bool late = m->end[0] && strncmp(issued_at, m->end, DATE_TEXT - 1) > 0;
	if (!early && !late)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "quota.interval", "额度",
		 "授信额度不在有效期内：开票日期 %.10s，额度使用区间 %s 至 %s", issued_at, m->start,
		 m->end);
	err_hint(e, "先调整有效期：kaipiao quota adjust %s", m->month);
	return ERR_INVALID;
}

static enum err check_enough(const struct quota_month *m, bool any, int64_t amount,
			     struct err_info *e)
{
	char have[FEN_TEXT + 8], need[FEN_TEXT + 8], get[FEN_TEXT];
	int64_t available = m->unused - m->reserved;
	if (available >= amount)
		return ERR_OK;
	fen_format_grouped(available, have);
	fen_format_grouped(amount, need);
	if (!any) {
		err_fail(e, ERR_INVALID, "quota.none", "额度", "%s 还没有下载额度，本张需要 %s 元",
			 m->month, need);
		err_hint(e, "先下载额度：kaipiao quota download %s", fen_format(amount, get));
		return ERR_INVALID;
	}
	err_fail(e, ERR_INVALID, "quota.short", "额度", "可用额度 %s 元，本张需要 %s 元", have,
		 need);
	err_hint(e, "先下载额度：kaipiao quota download %s", fen_format(amount - available, get));
	return ERR_INVALID;
}

/* The open reserve of an invoice: its sum, unit and month; sum 0 when there is none. */
static enum err open_reserve(struct db *db, int64_t invoice, int64_t *sum, int64_t *unit,
			     char month[MONTH_TEXT], struct err_info *e)
{
	struct rows *q;
	*sum = 0;
	enum err r = db_query(
	    db, &q, e,
	    "SELECT unit_id, month, SUM(reserved_delta) FROM quota_entry WHERE invoice_id = ?"
	    " GROUP BY unit_id, month HAVING SUM(reserved_delta) <> 0",
	    "l", invoice);
	if (!r && rows_next(q)) {
		*unit = rows_int(q, 0);
		text_copy(month, MONTH_TEXT, rows_text(q, 1));
		*sum = rows_int(q, 2);
	}
	return rows_end(&q, r, e);
}

enum err store_quota_reserve(struct db *db, int64_t unit, const char *month, const char *issued_at,
			     int64_t invoice, int64_t amount, struct err_info *e)
{
	struct quota_month m;
	int64_t open = 0, other = 0, first = 0;
	char other_month[MONTH_TEXT];
	bool any = false;
	if (amount == 0)
		return ERR_OK;
	if (amount < 0)
		return err_fail(e, ERR_INTERNAL, "quota.amount", "额度", "占用的额度不能为负");
	enum err r = open_reserve(db, invoice, &open, &other, other_month, e);
	if (!r && open != 0)
		r = err_fail(e, ERR_INTERNAL, "quota.twice", "额度", "发票 %" PRId64 " 已占用额度",
			     invoice);
	if (!r)
		r = store_quota_get(db, unit, month, &m, e);
	if (!r)
		r = db_get_int(db, e, &first, &any,
			       "SELECT id FROM quota_entry WHERE unit_id = ? AND month = ? LIMIT 1",
			       "ls", unit, month);
	if (r)
		return r;
	if ((r = check_interval(&m, issued_at, e)) || (r = check_enough(&m, any, amount, e)))
		return r;
	return book(db,
		    &(struct entry) {.unit = unit,
				     .month = month,
				     .kind = "reserve",
				     .reserved = amount,
				     .invoice = invoice},
		    e);
}

/* Ends the open reserve of an invoice; without one there is nothing to do. */
static enum err settle(struct db *db, int64_t invoice, bool use, struct err_info *e)
{
	int64_t sum = 0, unit = 0;
	char month[MONTH_TEXT];
	enum err r = open_reserve(db, invoice, &sum, &unit, month, e);
	if (r || sum == 0)
		return r;
	return book(db,
		    &(struct entry) {
			.unit = unit,
			.month = month,
			.kind = use ? "use" : "release",
			.unused = use ? -sum : 0,
			.reserved = -sum,
			.invoice = invoice,
		    },
		    e);
}

enum err store_quota_release(struct db *db, int64_t invoice, struct err_info *e)
{
	return settle(db, invoice, false, e);
}

enum err store_quota_use(struct db *db, int64_t invoice, struct err_info *e)
{
	return settle(db, invoice, true, e);
}

enum err store_quota_red(struct db *db, int64_t unit, const char *month, int64_t invoice,
			 int64_t amount, struct err_info *e)
{
	int64_t before = 0;
	bool found = false;
	if (amount <= 0)
		return err_fail(e, ERR_INTERNAL, "quota.amount", "额度", "红冲返还的额度须为正数");
	enum err r = db_get_int(db, e, &before, &found,
				"SELECT id FROM quota_entry WHERE invoice_id = ? AND kind = 'red'",
				"l", invoice);
	if (r || found)
		return r;
	return book(
	    db,
	    &(struct entry) {
		.unit = unit, .month = month, .kind = "red", .unused = amount, .invoice = invoice},
	    e);
}

/* A serial booked before must be the same movement. */
static enum err moved_before(struct db *db, const struct entry *en, bool *before,
			     struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(
	    db, &q, e, "SELECT unit_id, month, unused_delta FROM quota_entry WHERE serial = ?", "s",
	    en->serial);
	*before = !r && rows_next(q);
	if (*before && (rows_int(q, 0) != en->unit || strcmp(rows_text(q, 1), en->month) != 0 ||
			rows_int(q, 2) != en->unused))
		r = err_fail(e, ERR_INTERNAL, "quota.serial", "额度", "流水号 %s 已用于另一笔额度",
			     en->serial);
	return rows_end(&q, r, e);
}

enum err store_quota_move(struct db *db, int64_t unit, const char *month, bool download,
			  int64_t amount, const char *serial, struct err_info *e)
{
	bool before = false;
	if (amount <= 0 || text_empty(serial))
		return err_fail(e, ERR_INTERNAL, "quota.amount", "额度",
				"下载或退回的额度须为正数并有流水号");
	struct entry en = {
	    .unit = unit,
	    .month = month,
	    .kind = download ? "download" : "return",
	    .unused = download ? amount : -amount,
	    .serial = serial,
	};
	enum err r = moved_before(db, &en, &before, e);
	return r || before ? r : book(db, &en, e);
}

enum err store_quota_set_interval(struct db *db, int64_t unit, const char *month, const char *start,
				  const char *end, struct err_info *e)
{
	enum err r = month_row(db, unit, month, e);
	if (r)
		return r;
	return db_run(
	    db, e, NULL,
	    "UPDATE quota_month SET start_date = ?, end_date = ? WHERE unit_id = ? AND month = ?",
	    "SSls", start, end, unit, month);
}

/* Invoices and movements whose effect on the tax side's figure is not known yet.  One that waits
 * for a person may wait for days: the figures are not held up by it. */
static enum err in_flight(struct db *db, int64_t unit, int64_t *count, struct err_info *e)
{
	return db_get_int(db, e, count, NULL,
			  "SELECT (SELECT COALESCE(SUM(count), 0) FROM invoice_tally"
			  " WHERE unit_id = ? AND state IN ('sending', 'accepted', 'unknown'))"
			  " - (SELECT COUNT(*) FROM invoice WHERE unit_id = ? AND state = 'unknown'"
			  " AND needs_person = 1)"
			  " + (SELECT COUNT(*) FROM job WHERE kind = ? AND unit_id = ?"
			  " AND state IN ('ready', 'running') AND attempts > 0)",
			  "llsl", unit, unit, JOB_QUOTA_MOVE, unit);
}

static enum err put_remote(struct db *db, int64_t unit, const struct quota_month *m,
			   struct err_info *e)
{
	enum err r = month_row(db, unit, m->month, e);
	if (r)
		return r;
	return db_run(
	    db, e, NULL,
	    "UPDATE quota_month SET remote_total = ?, remote_available = ?, remote_downloaded = ?,"
	    " remote_unused = ?, paused = ?, synced_at = ?, start_date = COALESCE(?, start_date),"
	    " end_date = COALESCE(?, end_date) WHERE unit_id = ? AND month = ?",
	    "llllilSSls", m->remote_total, m->remote_available, m->remote_downloaded,
	    m->remote_unused, m->paused ? 1 : 0, clock_now(), m->start, m->end, unit, m->month);
}

/* What invoices that wait for a person take from the month, and red ones give back to it. */
struct waiting {
	int64_t takes, gives;
};

static enum err read_waiting(struct db *db, int64_t unit, const char *month, struct waiting *out,
			     struct err_info *e)
{
	enum err r;

	*out = (struct waiting) {.takes = 0};
	if ((r = db_get_int(db, e, &out->takes, NULL,
			    "SELECT COALESCE(SUM(quota_amount), 0) FROM invoice WHERE unit_id = ?"
			    " AND needs_person = 1 AND state = 'unknown' AND quota_month = ?",
			    "ls", unit, month)))
		return r;
	return db_get_int(db, e, &out->gives, NULL,
			  "SELECT COALESCE(SUM(-net), 0) FROM invoice WHERE unit_id = ?"
			  " AND needs_person = 1 AND state = 'unknown' AND quota_month = ?"
			  " AND net < 0",
			  "ls", unit, month);
}

/* A difference that invoices on the way to a person explain is left to them, whichever of them the
 * figures have: their reserve keeps what is usable below what the tax side has.  Any other is
 * adopted whole, and is at worst too small until they are settled. */
static bool explained(int64_t difference, const struct waiting *w)
{
	return difference >= -w->takes && difference <= w->gives;
}

static enum err put_unsure(struct db *db, int64_t unit, const char *month, const struct waiting *w,
			   struct err_info *e)
{
	return db_run(db, e, NULL,
		      "UPDATE quota_month SET unsure = ? WHERE unit_id = ? AND month = ?", "lls",
		      w->takes + w->gives, unit, month);
}

enum err store_quota_recheck(struct db *db, int64_t unit, const char *month, bool *out,
			     struct err_info *e)
{
	struct quota_month m;
	struct waiting w;
	enum err r;

	*out = false;
	if ((r = store_quota_get(db, unit, month, &m, e)) || !m.unsure ||
	    (r = read_waiting(db, unit, month, &w, e)))
		return r;
	*out = !w.takes && !w.gives;
	return ERR_OK;
}

enum err store_quota_sync(struct db *db, int64_t unit, const struct quota_month *remote,
			  int64_t *difference, struct err_info *e)
{
	struct quota_month m;
	struct waiting w;
	int64_t flying = 0;
	char note[160], ours[FEN_TEXT], theirs[FEN_TEXT];
	*difference = 0;
	enum err r = put_remote(db, unit, remote, e);
	if (!r)
		r = store_quota_get(db, unit, remote->month, &m, e);
	if (!r)
		r = in_flight(db, unit, &flying, e);
	if (r || flying > 0 || (r = read_waiting(db, unit, remote->month, &w, e)) ||
	    (r = put_unsure(db, unit, remote->month, &w, e)))
		return r;
	if (explained(m.remote_unused - m.unused, &w))
		return ERR_OK;
	*difference = m.remote_unused - m.unused;
	snprintf(note, sizeof(note), "本地 %s，局端 %s", fen_format(m.unused, ours),
		 fen_format(m.remote_unused, theirs));
	return book(db,
		    &(struct entry) {.unit = unit,
				     .month = remote->month,
				     .kind = "adopt",
				     .unused = *difference,
				     .note = note},
		    e);
}

enum err store_quota_entries(struct db *db, int64_t unit, const char *month, int64_t cursor,
			     int limit, quota_each f, void *arg, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(
	    db, &q, e,
	    "SELECT id, unused_delta, reserved_delta, COALESCE(invoice_id, 0), at, month, kind,"
	    " COALESCE(serial, ''), COALESCE(note, '') FROM quota_entry"
	    " WHERE unit_id = ? AND month = ? AND id < ? ORDER BY id DESC LIMIT ?",
	    "lsli", unit, month, cursor > 0 ? cursor : INT64_MAX, limit);
	while (!r && rows_next(q)) {
		struct quota_entry en = {
		    .id = rows_int(q, 0),
		    .unused_delta = rows_int(q, 1),
		    .reserved_delta = rows_int(q, 2),
		    .invoice_id = rows_int(q, 3),
		    .at = rows_int(q, 4),
		};
		text_copy(en.month, sizeof(en.month), rows_text(q, 5));
		text_copy(en.kind, sizeof(en.kind), rows_text(q, 6));
		text_copy(en.serial, sizeof(en.serial), rows_text(q, 7));
		text_copy(en.note, sizeof(en.note), rows_text(q, 8));
		r = f(arg, &en);
	}
	return rows_end(&q, r, e);
}

enum err store_quota_count(struct db *db, int64_t unit, const char *month, int64_t *out,
			   struct err_info *e)
{
	return db_get_int(db, e, out, NULL,
			  "SELECT COUNT(*) FROM quota_entry WHERE unit_id = ? AND month = ?", "ls",
			  unit, month);
}

enum err store_quota_used(struct db *db, int64_t unit, const char *month, int64_t *out,
			  struct err_info *e)
{
	bool found;

	*out = 0;
	return db_get_int(db, e, out, &found,
			  "SELECT COALESCE(SUM(-unused_delta), 0) FROM quota_entry"
			  " WHERE unit_id = ? AND month = ? AND kind = 'use'",
			  "ls", unit, month);
}

enum err store_quota_audit(struct db *db, int64_t unit, struct err_info *e)
{
	struct rows *q;
	char kept[2][FEN_TEXT], sums[2][FEN_TEXT];
	enum err r = db_query(
	    db, &q, e,
	    "SELECT m.month, m.unused, m.reserved, COALESCE(s.unused, 0), COALESCE(s.reserved, 0)"
	    " FROM quota_month m LEFT JOIN (SELECT month, SUM(unused_delta) AS unused,"
	    " SUM(reserved_delta) AS reserved FROM quota_entry WHERE unit_id = ? GROUP BY month) s"
	    " ON s.month = m.month WHERE m.unit_id = ? ORDER BY m.month",
	    "ll", unit, unit);
	while (!r && rows_next(q)) {
		if (rows_int(q, 1) == rows_int(q, 3) && rows_int(q, 2) == rows_int(q, 4))
			continue;
		r = err_fail(
		    e, ERR_DAMAGED, "quota.audit", "额度台账",
		    "%s 未使用 %s 元、占用 %s 元，明细合计为 %s 元、%s 元", rows_text(q, 0),
		    fen_format(rows_int(q, 1), kept[0]), fen_format(rows_int(q, 2), kept[1]),
		    fen_format(rows_int(q, 3), sums[0]), fen_format(rows_int(q, 4), sums[1]));
		err_hint(e, "用 kaipiao restore 恢复最近的备份，再同步局端额度");
	}
	r = rows_end(&q, r, e);
	if (r)
		return r;
	/* Every open reserve belongs to an unfinished invoice, and the other way round. */
	r = db_query(db, &q, e,
		     "SELECT i.id, i.state, i.quota_amount, COALESCE(s.open, 0) FROM invoice i"
		     " LEFT JOIN (SELECT invoice_id, SUM(reserved_delta) AS open FROM quota_entry"
		     " WHERE unit_id = ? AND invoice_id IS NOT NULL GROUP BY invoice_id) s ON"
		     " s.invoice_id = i.id"
		     " WHERE i.unit_id = ? AND COALESCE(s.open, 0) <> CASE WHEN i.state IN"
		     " ('numbered', 'sending', 'accepted', 'unknown') THEN i.quota_amount ELSE 0"
		     " END LIMIT 1",
		     "ll", unit, unit);
	if (!r && rows_next(q)) {
		r = err_fail(e, ERR_DAMAGED, "quota.audit", "额度台账",
			     "发票 %" PRId64
			     "（%s）应占用的额度与明细不符：明细占用 %s 元，发票额度 %s 元",
			     rows_int(q, 0), rows_text(q, 1), fen_format(rows_int(q, 3), sums[0]),
			     fen_format(rows_int(q, 2), sums[1]));
		err_hint(e, "用 kaipiao restore 恢复最近的备份，再同步局端额度");
	}
	return rows_end(&q, r, e);
}
