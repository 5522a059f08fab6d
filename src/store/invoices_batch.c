/* invoices_batch.c - the bytes of an invoice as sent, and upload batches. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "store/invoices_p.h"

/* ---- bytes sent ------------------------------------------------------------------------------ */

enum err store_sent_put(struct db *db, int64_t invoice, const char *body, size_t n,
			struct err_info *e)
{
	struct rows *q;
	char hash[HASH_TEXT];
	hash_sha256(body, n, hash);
	enum err r = db_query(db, &q, e, "SELECT sha256 FROM invoice_sent WHERE invoice_id = ?",
			      "l", invoice);
	bool found = !r && rows_next(q);
	if (found && strcmp(rows_text(q, 0), hash) != 0)
		r = err_fail(e, ERR_INTERNAL, "sent.differs", "发票",
			     "记录 #%" PRId64 " 已发送过另一份内容，重发必须逐字节相同", invoice);
	r = rows_end(&q, r, e);
	if (r || found)
		return r;
	return db_run(db, e, NULL,
		      "INSERT INTO invoice_sent (invoice_id, body, sha256, first_sent_at) VALUES"
		      " (?, ?, ?, ?)",
		      "lbsl", invoice, (const void *)body, n, hash, clock_now());
}

enum err store_sent_get(struct db *db, int64_t invoice, char **body, size_t *n, char sha256[65],
			bool *found, struct err_info *e)
{
	struct rows *q;
	char hash[HASH_TEXT];
	char *copy = NULL;
	size_t size = 0;
	enum err r = db_query(
	    db, &q, e, "SELECT body, sha256 FROM invoice_sent WHERE invoice_id = ?", "l", invoice);
	*found = !r && rows_next(q);
	if (*found) {
		const char *bytes = rows_blob(q, 0, &size);
		copy = mem_alloc(size + 1);
		memcpy(copy, bytes, size);
		copy[size] = '\0';
		hash_sha256(copy, size, hash);
		if (strcmp(hash, rows_text(q, 1)) != 0)
			r = err_fail(e, ERR_DAMAGED, "sent.damaged", "发票",
				     "记录 #%" PRId64 " 已发送的内容已损坏", invoice);
	}
	r = rows_end(&q, r, e);
	if (r || !*found) {
		free(copy);
		return r;
	}
	*body = copy;
	*n = size;
	memcpy(sha256, hash, HASH_TEXT);
	return ERR_OK;
}

enum err store_sent_forget(struct db *db, int64_t invoice, struct err_info *e)
{
	int64_t failed = 0;
	enum err r =
	    db_get_int(db, e, &failed, NULL,
		       "SELECT id FROM invoice WHERE id = ? AND state = 'failed'", "l", invoice);
	if (!r && failed == 0)
		r = err_fail(e, ERR_INTERNAL, "sent.forget", "发票",
			     "记录 #%" PRId64 " 没有被拒绝，已发送的内容须保留", invoice);
	return r ? r
		 : db_run(db, e, NULL, "DELETE FROM invoice_sent WHERE invoice_id = ?", "l",
			  invoice);
}

/* ---- batches --------------------------------------------------------------------------------- */

static enum err put_item(struct db *db, int64_t batch, int64_t unit, int64_t invoice,
			 struct err_info *e)
{
	int n = 0;
	enum err r =
	    db_run(db, e, &n, "UPDATE invoice SET batch_id = ? WHERE id = ? AND unit_id = ?", "lll",
		   batch, invoice, unit);
	if (!r && n != 1)
		r = err_fail(e, ERR_INTERNAL, "batch.item", "上传批次",
			     "记录 #%" PRId64 " 不属于本单位", invoice);
	if (r)
		return r;
	return db_run(db, e, NULL, "INSERT INTO upload_item (batch_id, invoice_id) VALUES (?, ?)",
		      "ll", batch, invoice);
}

enum err store_batch_create(struct db *db, int64_t unit, const int64_t *invoices, size_t n,
			    int64_t *id, struct err_info *e)
{
	int64_t batch = 0;
	if (n < 1 || n > TAX_BATCH_MAX)
		return err_fail(e, ERR_INTERNAL, "batch.size", "上传批次",
				"一批 1 至 %d 张，却有 %zu 张", TAX_BATCH_MAX, n);
	enum err r = db_next_id(db, "upload_batch", &batch, e);
	if (!r)
		r = db_run(db, e, NULL,
			   "INSERT INTO upload_batch (id, unit_id, state, size, sent_at)"
			   " VALUES (?, ?, 'sending', ?, ?)",
			   "llll", batch, unit, (int64_t)n, clock_now());
	for (size_t i = 0; !r && i < n; i++)
		r = put_item(db, batch, unit, invoices[i], e);
	if (!r)
		*id = batch;
	return r;
}

enum err store_batch_set(struct db *db, int64_t id, const char *state, const char *receipt,
			 struct err_info *e)
{
	int n = 0;
	bool accepted = strcmp(state, "accepted") == 0;
	enum err r = db_run(db, e, &n,
			    "UPDATE upload_batch SET state = ?, receipt = COALESCE(?, receipt),"
			    " accepted_at = COALESCE(accepted_at, NULLIF(?, 0)) WHERE id = ?",
			    "sSll", state, receipt, accepted ? clock_now() : (int64_t)0, id);
	if (!r && n != 1)
		r = err_fail(e, ERR_INTERNAL, "batch.unknown", "上传批次",
			     "没有编号为 %" PRId64 " 的批次", id);
	return r;
}

enum err store_batch_polled(struct db *db, int64_t id, struct err_info *e)
{
	return db_run(db, e, NULL, "UPDATE upload_batch SET polls = polls + 1 WHERE id = ?", "l",
		      id);
}

enum err store_batch_get(struct db *db, int64_t id, struct upload_batch *out, struct err_info *e)
{
	struct rows *q;
	struct upload_batch b = {0};
	enum err r =
	    db_query(db, &q, e,
		     "SELECT id, unit_id, sent_at, COALESCE(accepted_at, 0), size, polls, state,"
		     " COALESCE(receipt, '') FROM upload_batch WHERE id = ?",
		     "l", id);
	bool found = !r && rows_next(q);
	if (found) {
		b.id = rows_int(q, 0);
		b.unit_id = rows_int(q, 1);
		b.sent_at = rows_int(q, 2);
		b.accepted_at = rows_int(q, 3);
		b.size = (int)rows_int(q, 4);
		b.polls = (int)rows_int(q, 5);
		text_copy(b.state, sizeof(b.state), rows_text(q, 6));
		text_copy(b.receipt, sizeof(b.receipt), rows_text(q, 7));
	}
	r = rows_end(&q, r, e);
	if (!r && !found)
		r = err_fail(e, ERR_INVALID, "batch.unknown", "上传批次",
			     "没有编号为 %" PRId64 " 的批次", id);
	if (!r)
		*out = b;
	return r;
}

enum err store_batch_items(struct db *db, int64_t id, batch_item_each f, void *arg,
			   struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(
	    db, &q, e,
	    "SELECT i.id, COALESCE(i.number, ''), i.state FROM upload_item u"
	    " JOIN invoice i ON i.id = u.invoice_id WHERE u.batch_id = ? AND i.batch_id = ?"
	    " ORDER BY u.invoice_id",
	    "ll", id, id);
	while (!r && rows_next(q)) {
		enum invoice_state state = INVOICE_DRAFT;
		invoice_state_parse(rows_text(q, 2), &state);
		r = f(arg, rows_int(q, 0), rows_text(q, 1), state);
	}
	return rows_end(&q, r, e);
}
