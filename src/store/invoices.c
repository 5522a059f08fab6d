/* invoices.c - invoices: insert, update, states, reading. */
#include "store/invoices.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/batch.h"
#include "store/invoices_find_p.h"
#include "store/red.h"
#include "store/report.h"
#include "store/types.h"

enum { MESSAGE_CHARS = 300 };

void invoice_record_free(struct invoice_record *r)
{
	invoice_free(&r->invoice);
	*r = (struct invoice_record) {0};
}

/* ---- tallies --------------------------------------------------------------------------------- */

static enum err tally(struct db *db, int64_t unit, const char *state, const char *kind, int delta,
		      struct err_info *e)
{
	return db_run(db, e, NULL,
		      "INSERT INTO invoice_tally (unit_id, state, kind, count) VALUES (?, ?, ?, ?)"
		      " ON CONFLICT (unit_id, state, kind) DO UPDATE SET count ="
		      " invoice_tally.count + excluded.count",
		      "lssi", unit, state, kind, delta);
}

/* ---- content --------------------------------------------------------------------------------- */

static enum err put_lines(struct db *db, int64_t id, const struct invoice *inv, struct err_info *e)
{
	struct buf body;
	enum err r = ERR_OK;
	buf_init(&body, BODY_MAX);
	for (size_t i = 0; !r && i < inv->line_count; i++) {
		buf_reset(&body);
		invoice_line_write(&body, &inv->lines[i]);
		if (body.failed)
			r = err_fail(e, ERR_INVALID, "invoice.large", "发票", "第 %zu 行内容过大",
				     i + 1);
		else
			r = db_run(
			    db, e, NULL,
			    "INSERT INTO invoice_line (invoice_id, seq, body) VALUES (?, ?, ?)",
			    "lls", id, (int64_t)i + 1, buf_str(&body));
	}
	buf_free(&body);
	return r;
}

/* The order number of a unit belongs to one invoice (invariant I3). */
static enum err check_order(struct db *db, const struct invoice_record *r, int64_t id,
			    struct err_info *e)
{
	int64_t other = 0;
	if (text_empty(r->invoice.order_no))
		return ERR_OK;
	enum err err = store_invoice_by_order(db, r->unit_id, r->invoice.order_no, &other, e);
	if (err || other == 0 || other == id)
		return err;
	err_fail(e, ERR_INVALID, "order.exists", "发票", "订单号 %s 已有发票（记录 #%" PRId64 "）",
		 r->invoice.order_no, other);
	err_field(e, "order_no");
	err_hint(e, "用 kaipiao invoices show %s 查看", r->invoice.order_no);
	return ERR_INVALID;
}

/* Writes the content of the row of that id; type: of its business type. */
static enum err write_content(struct db *db, const struct invoice_record *r, int64_t id,
			      int64_t type, struct err_info *e)
{
	const struct invoice *inv = &r->invoice;
	struct buf head;
	int64_t buyer = 0;
	enum err err = buyer_name_id(db, inv->buyer.name, &buyer, e);
	if (err)
		return err;
	buf_init(&head, BODY_MAX);
	invoice_head_write(&head, inv);
	if (head.failed)
		err = err_fail(e, ERR_INVALID, "invoice.large", "发票", "内容过大");
	else
		err = db_run(
		    db, e, NULL,
		    "INSERT INTO invoice (kind, order_no, number, issued_at,"
		    " buyer_name_id, buyer_tax_no,"
		    " net, tax, gross, quota_amount, quota_month, line_count, head, id,"
		    " unit_id, state,"
		    " created_by, created_at, updated_at, business_type_id)"
		    " VALUES (?, ?, ?, ?, NULLIF(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		    " NULLIF(?, 0))"
		    " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, order_no ="
		    " excluded.order_no,"
		    " number = excluded.number, issued_at = excluded.issued_at,"
		    " buyer_name_id = excluded.buyer_name_id, buyer_tax_no = excluded.buyer_tax_no,"
		    " net = excluded.net, tax = excluded.tax, gross = excluded.gross,"
		    " quota_amount = excluded.quota_amount, quota_month = excluded.quota_month,"
		    " line_count = excluded.line_count, head = excluded.head,"
		    " updated_at = excluded.updated_at,"
		    " business_type_id = excluded.business_type_id",
		    "sSSslsllllslsllsllll", invoice_kind_word(inv->kind), inv->order_no,
		    inv->number, inv->issued_at, buyer, inv->buyer.tax_no ? inv->buyer.tax_no : "",
		    inv->net_fen, inv->tax_fen, inv->gross_fen, r->quota_amount, r->quota_month,
		    (int64_t)inv->line_count, buf_str(&head), id, r->unit_id,
		    invoice_state_word(r->state), r->created_by, r->created_at, clock_now(), type);
	buf_free(&head);
	if (!err)
		err = put_lines(db, id, inv, e);
	return err ? err : store_red_note(db, r->unit_id, id, inv, e);
}

enum err store_invoice_insert(struct db *db, struct invoice_record *r, struct err_info *e)
{
	int64_t id = r->id, known = 0, type = 0;
	bool found = false;
	if (r->state != INVOICE_DRAFT && r->state != INVOICE_NUMBERED)
		return err_fail(e, ERR_INTERNAL, "invoice.state", "发票", "不能以状态 %s 新建",
				invoice_state_word(r->state));
	enum err err = check_order(db, r, 0, e);
	if (!err && id <= 0)
		err = db_next_id(db, "invoice", &id, e);
	if (!err)
		err = db_get_int(db, e, &known, &found, "SELECT id FROM invoice WHERE id = ?", "l",
				 id);
	if (!err && found)
		err =
		    err_fail(e, ERR_INTERNAL, "invoice.id", "发票", "记录 #%" PRId64 " 已存在", id);
	if (!err)
		err = store_type_note(db, r->unit_id, r->invoice.business_type, &type, e);
	if (err)
		return err;
	r->created_at = clock_now();
	err = write_content(db, r, id, type, e);
	if (!err)
		err = store_type_used(db, type, 1, e);
	if (!err)
		err = tally(db, r->unit_id, invoice_state_word(r->state),
			    invoice_kind_word(r->invoice.kind), 1, e);
	if (!err)
		err = invoice_day_note(db, r->unit_id, id, r->created_at, e);
	/* A draft may come back under an id that was searched before. */
	if (!err && r->state == INVOICE_DRAFT)
		err = invoice_find_changed(db, r->unit_id, id, e);
	if (!err && r->state == INVOICE_NUMBERED)
		err = store_orders_adopt(db, r->unit_id, r->invoice.order_no, id, e);
	if (!err)
		r->id = id;
	return err;
}

/* What a change has to know of the stored row. */
struct present {
	int64_t unit, type;
	enum invoice_state state;
	enum invoice_kind kind;
	char issued_at[DATETIME_TEXT];
};

static enum err unknown(struct err_info *e, const char *no)
{
	err_fail(e, ERR_INVALID, "invoice.unknown", "发票", "没有号码、订单号或记录为 %s 的发票",
		 no);
	err_hint(e, "用 kaipiao invoices list 查看");
	return ERR_INVALID;
}

static enum err unknown_id(struct err_info *e, int64_t id)
{
	char text[32];
	snprintf(text, sizeof(text), "#%" PRId64, id);
	return unknown(e, text);
}

static enum err read_present(struct db *db, int64_t id, struct present *out, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT unit_id, state, kind, COALESCE(business_type_id, 0),"
			      " issued_at FROM invoice WHERE id = ?",
			      "l", id);
	bool found = !r && rows_next(q);
	if (found) {
		out->unit = rows_int(q, 0);
		invoice_state_parse(rows_text(q, 1), &out->state);
		invoice_kind_parse(rows_text(q, 2), &out->kind);
		out->type = rows_int(q, 3);
		text_copy(out->issued_at, sizeof(out->issued_at), rows_text(q, 4));
	}
	r = rows_end(&q, r, e);
	return !r && !found ? unknown_id(e, id) : r;
}

/* The business type of changed content.  A text that stays keeps what it named, though the type was
 * renamed since. */
static enum err changed_type(struct db *db, const struct invoice_record *r,
			     const struct present *old, int64_t *type, struct err_info *e)
{
	struct invoice_record stored;
	bool same;
	enum err err;
	if (!old->type)
		return store_type_note(db, r->unit_id, r->invoice.business_type, type, e);
	if ((err = store_invoice_head(db, r->id, &stored, e)))
		return err;
	same = text_eq(stored.invoice.business_type, r->invoice.business_type);
	invoice_record_free(&stored);
	if (!same)
		return store_type_note(db, r->unit_id, r->invoice.business_type, type, e);
	*type = old->type;
	return ERR_OK;
}

enum err store_invoice_update(struct db *db, const struct invoice_record *r, struct err_info *e)
{
	struct present old;
	int64_t type = 0;
	enum err err = read_present(db, r->id, &old, e);
	if (!err && old.state != INVOICE_DRAFT && old.state != INVOICE_FAILED)
		err = err_fail(e, ERR_INTERNAL, "invoice.state", "发票", "状态为 %s 的发票不能修改",
			       invoice_state_word(old.state));
	if (!err)
		err = check_order(db, r, r->id, e);
	if (!err)
		err = changed_type(db, r, &old, &type, e);
	if (!err)
		err = db_run(db, e, NULL, "DELETE FROM invoice_line WHERE invoice_id = ?", "l",
			     r->id);
	if (!err)
		err = write_content(db, r, r->id, type, e);
	if (!err)
		err = invoice_find_changed(db, r->unit_id, r->id, e);
	if (!err && type != old.type && !(err = store_type_used(db, old.type, -1, e)))
		err = store_type_used(db, type, 1, e);
	if (err || old.kind == r->invoice.kind)
		return err;
	const char *state = invoice_state_word(old.state);
	err = tally(db, old.unit, state, invoice_kind_word(old.kind), -1, e);
	return err ? err : tally(db, old.unit, state, invoice_kind_word(r->invoice.kind), 1, e);
}

/* ---- states ---------------------------------------------------------------------------------- */

#define TO(state) (1u << (state))
/* Legal transitions (architecture: how an invoice travels). */
static const unsigned legal[INVOICE_STATES] = {
    [INVOICE_DRAFT] = TO(INVOICE_NUMBERED) | TO(INVOICE_VOID),
    [INVOICE_NUMBERED] = TO(INVOICE_SENDING) | TO(INVOICE_FAILED),
    [INVOICE_SENDING] =
	TO(INVOICE_ACCEPTED) | TO(INVOICE_FAILED) | TO(INVOICE_UNKNOWN) | TO(INVOICE_NUMBERED),
    [INVOICE_UNKNOWN] = TO(INVOICE_ACCEPTED) | TO(INVOICE_ISSUED) | TO(INVOICE_FAILED) |
			TO(INVOICE_SENDING) | TO(INVOICE_NUMBERED) | TO(INVOICE_VOID),
    [INVOICE_ACCEPTED] =
	TO(INVOICE_ISSUED) | TO(INVOICE_FAILED) | TO(INVOICE_UNKNOWN) | TO(INVOICE_SENDING),
    [INVOICE_FAILED] = TO(INVOICE_NUMBERED) | TO(INVOICE_VOID) | TO(INVOICE_UNKNOWN),
};

enum err store_invoice_set_state(struct db *db, int64_t id, enum invoice_state to,
				 const char *message, struct err_info *e)
{
	struct present old;
	int64_t now = clock_now();
	enum err r = read_present(db, id, &old, e);
	if (!r && !(legal[old.state] & TO(to)))
		r = err_fail(e, ERR_INTERNAL, "invoice.state", "发票",
			     "记录 #%" PRId64 " 不能从 %s 变为 %s", id,
			     invoice_state_word(old.state), invoice_state_word(to));
	if (r)
		return r;
	bool finished = to == INVOICE_ISSUED || to == INVOICE_VOID;
	char *clean = text_clean(message ? message : "", MESSAGE_CHARS, false);
	r = db_run(
	    db, e, NULL,
	    "UPDATE invoice SET state = ?, message = ?, updated_at = ?, finished_at = NULLIF(?, 0),"
	    " needs_person = CASE WHEN ? = 1 THEN 0 ELSE needs_person END WHERE id = ?",
	    "ssllil", invoice_state_word(to), clean, now, finished ? now : (int64_t)0,
	    finished ? 1 : 0, id);
	if (!r)
		r = store_orders_follow(db, id, to, clean, e);
	if (!r && *clean)
		r = store_attempt_told(db, id, clean, e);
	free(clean);
	if (!r)
		r = tally(db, old.unit, invoice_state_word(old.state), invoice_kind_word(old.kind),
			  -1, e);
	if (!r)
		r = tally(db, old.unit, invoice_state_word(to), invoice_kind_word(old.kind), 1, e);
	if (!r && to == INVOICE_VOID)
		r = store_type_used(db, old.type, -1, e);
	if (!r)
		r = store_red_follow(db, id, to, e);
	if (!r && (to == INVOICE_ISSUED || old.state == INVOICE_ISSUED))
		r = store_report_mark(db, old.unit, id, old.issued_at, e);
	return r;
}

enum err store_invoice_set_person(struct db *db, int64_t id, int refusals, bool needs_person,
				  struct err_info *e)
{
	return db_run(
	    db, e, NULL,
	    "UPDATE invoice SET refusals = ?, needs_person = ?, updated_at = ? WHERE id = ?",
	    "iill", refusals, needs_person ? 1 : 0, clock_now(), id);
}

enum err store_invoice_delete_draft(struct db *db, int64_t id, struct err_info *e)
{
	struct present old;
	enum err r = read_present(db, id, &old, e);
	if (!r && old.state != INVOICE_DRAFT)
		r = err_fail(e, ERR_INVALID, "invoice.state", "发票",
			     "记录 #%" PRId64 " 的状态是%s，只有草稿可以删除", id,
			     invoice_state_label(old.state));
	if (!r)
		r = db_run(db, e, NULL, "DELETE FROM invoice_line WHERE invoice_id = ?", "l", id);
	if (!r)
		r = db_run(db, e, NULL, "DELETE FROM draft_result WHERE invoice_id = ?", "l", id);
	if (!r)
		r = db_run(db, e, NULL, "DELETE FROM invoice WHERE id = ?", "l", id);
	if (!r)
		r = tally(db, old.unit, invoice_state_word(old.state), invoice_kind_word(old.kind),
			  -1, e);
	return r ? r : store_type_used(db, old.type, -1, e);
}

/* ---- reading --------------------------------------------------------------------------------- */

enum { READ_TRIES = 3 };

static enum err read_lines(struct db *db, int64_t id, size_t expected, struct invoice *inv,
			   struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(
	    db, &q, e, "SELECT seq, body FROM invoice_line WHERE invoice_id = ? ORDER BY seq", "l",
	    id);
	while (!r && rows_next(q)) {
		if (rows_int(q, 0) != (int64_t)inv->line_count + 1)
			break;
		r = invoice_line_read(rows_text(q, 1), invoice_add_line(inv), e);
	}
	r = rows_end(&q, r, e);
	if (!r && inv->line_count != expected) {
		r = err_fail(e, ERR_DAMAGED, "invoice.lines", "发票",
			     "记录 #%" PRId64 " 应有 %zu 行明细，实有 %zu 行", id, expected,
			     inv->line_count);
		err_hint(e, "用 kaipiao restore 恢复最近的备份");
	}
	return r;
}

static enum err read_record(struct rows *q, struct invoice_record *r, struct err_info *e)
{
	struct invoice *inv = &r->invoice;
	*r = (struct invoice_record) {
	    .id = rows_int(q, 0),
	    .unit_id = rows_int(q, 1),
	    .batch_id = rows_int(q, 2),
	    .created_by = rows_int(q, 3),
	    .created_at = rows_int(q, 4),
	    .updated_at = rows_int(q, 5),
	    .finished_at = rows_int(q, 6),
	    .quota_amount = rows_int(q, 9),
	    .refusals = (int)rows_int(q, 12),
	    .needs_person = rows_int(q, 13) != 0,
	    .business_type = rows_int(q, 21),
	    .reversed = rows_null(q, 22)  ? REVERSED_NOT
			: rows_int(q, 22) ? REVERSED_WHOLE
					  : REVERSED_PART,
	};
	invoice_init(inv);
	invoice_state_parse(rows_text(q, 7), &r->state);
	invoice_kind_parse(rows_text(q, 8), &inv->kind);
	text_copy(r->quota_month, sizeof(r->quota_month), rows_text(q, 10));
	text_copy(r->message, sizeof(r->message), rows_text(q, 11));
	text_copy(inv->number, sizeof(inv->number), rows_text(q, 14));
	text_copy(inv->issued_at, sizeof(inv->issued_at), rows_text(q, 15));
	inv->net_fen = rows_int(q, 16);
	inv->tax_fen = rows_int(q, 17);
	inv->gross_fen = rows_int(q, 18);
	return invoice_head_read(rows_text(q, 20), inv, e);
}

enum err store_invoice_free_order(struct db *db, int64_t id, struct err_info *e)
{
	struct invoice_record rec;
	struct buf head;
	int n = 0;
	enum err r = store_invoice_head(db, id, &rec, e);
	if (r)
		return r;
	mem_set(&rec.invoice.order_no, "");
	buf_init(&head, BODY_MAX);
	invoice_head_write(&head, &rec.invoice);
	r = db_run(db, e, &n,
		   "UPDATE invoice SET order_no = NULL, head = ? WHERE id = ? AND state = 'void'",
		   "sl", buf_str(&head), id);
	buf_free(&head);
	if (!r)
		r = invoice_find_changed(db, rec.unit_id, id, e);
	invoice_record_free(&rec);
	if (!r && n != 1)
		r = err_fail(e, ERR_INTERNAL, "invoice.state", "发票",
			     "记录 #%" PRId64 " 没有作废，订单号须保留", id);
	return r;
}

/* The record without lines; *lines: how many there are. */
static enum err read_head(struct db *db, int64_t id, struct invoice_record *out, size_t *lines,
			  struct err_info *e)
{
	struct rows *q;
	struct invoice_record rec = {0};
	enum err r = db_query(
	    db, &q, e,
	    "SELECT id, unit_id, COALESCE(batch_id, 0), created_by, created_at, updated_at,"
	    " COALESCE(finished_at, 0), state, kind, quota_amount, quota_month, message, refusals,"
	    " needs_person, COALESCE(number, ''), issued_at, net, tax, gross, line_count, head,"
	    " COALESCE(business_type_id, 0),"
	    " (SELECT v.whole FROM invoice_reversed v WHERE v.invoice_id = invoice.id)"
	    " FROM invoice WHERE id = ?",
	    "l", id);
	bool found = !r && rows_next(q);
	if (found) {
		*lines = (size_t)rows_int(q, 19);
		r = read_record(q, &rec, e);
	}
	r = rows_end(&q, r, e);
	if (!r && !found)
		return unknown_id(e, id);
	if (!r)
		*out = rec;
	else if (found)
		invoice_free(&rec.invoice);
	return r;
}

enum err store_invoice_head(struct db *db, int64_t id, struct invoice_record *out,
			    struct err_info *e)
{
	size_t lines;
	return read_head(db, id, out, &lines, e);
}

static enum err get_once(struct db *db, int64_t id, struct invoice_record *out, struct err_info *e)
{
	struct invoice_record rec;
	size_t lines;
	enum err r = read_head(db, id, &rec, &lines, e);
	if (r)
		return r;
	r = read_lines(db, id, lines, &rec.invoice, e);
	if (!r)
		r = invoice_sums_check(&rec.invoice, e);
	if (!r)
		*out = rec;
	else
		invoice_free(&rec.invoice);
	return r;
}

/* Head and lines are read one after the other: outside a transaction somebody may have changed or
 * issued it in between, so what does not fit is read again before it is called damaged. */
enum err store_invoice_get(struct db *db, int64_t id, struct invoice_record *out,
			   struct err_info *e)
{
	enum err r = get_once(db, id, out, e);

	for (int i = 1; r == ERR_DAMAGED && i < READ_TRIES && !db_in_transaction(db); i++) {
		err_clear(e);
		r = get_once(db, id, out, e);
	}
	return r;
}

enum err store_invoice_by_order(struct db *db, int64_t unit, const char *order_no, int64_t *id,
				struct err_info *e)
{
	*id = 0;
	return db_get_int(db, e, id, NULL,
			  "SELECT id FROM invoice WHERE unit_id = ? AND order_no = ?", "ls", unit,
			  order_no);
}

/* Id of "#12", 0 when the text is something else. */
static int64_t record_number(const char *no)
{
	if (no[0] != '#' || !text_all_digits(no + 1) || strlen(no) > 19)
		return 0;
	return strtoll(no + 1, NULL, 10);
}

enum err store_invoice_by_no(struct db *db, int64_t unit, const char *no,
			     struct invoice_record *out, struct err_info *e)
{
	int64_t id = 0;
	enum err r =
	    db_get_int(db, e, &id, NULL, "SELECT id FROM invoice WHERE unit_id = ? AND number = ?",
		       "ls", unit, no);
	if (!r && id == 0)
		r = store_invoice_by_order(db, unit, no, &id, e);
	if (!r && id == 0 && record_number(no))
		r = db_get_int(db, e, &id, NULL,
			       "SELECT id FROM invoice WHERE unit_id = ? AND id = ?", "ll", unit,
			       record_number(no));
	if (r)
		return r;
	return id ? store_invoice_get(db, id, out, e) : unknown(e, no);
}
