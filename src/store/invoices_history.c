/* invoices_history.c - what happened to an invoice: attempts, deeds of people, calls. */
#include <string.h>

#include "base/text.h"
#include "store/invoices_p.h"

/* A call of an attempt is logged within this of the attempt, and its result asked for so long. */
enum { LOG_SLACK_MS = 2000, RESULT_LIFE_MS = 13 * 3600 * 1000, LOOKED_AT = 400 };

enum err store_attempt_told(struct db *db, int64_t invoice, const char *message, struct err_info *e)
{
	return db_run(db, e, NULL,
		      "UPDATE upload_item SET message = ?, told_at = ? WHERE invoice_id = ?"
		      " AND batch_id = (SELECT batch_id FROM invoice WHERE id = ?)",
		      "slll", message, clock_now(), invoice, invoice);
}

enum err store_attempt_list(struct db *db, int64_t invoice, attempt_each f, void *arg,
			    struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT b.id, b.sent_at, COALESCE(b.accepted_at, 0),"
			      " COALESCE(i.told_at, 0), b.state, COALESCE(b.receipt, ''),"
			      " i.message, i.refused FROM upload_item i"
			      " JOIN upload_batch b ON b.id = i.batch_id WHERE i.invoice_id = ?"
			      " ORDER BY b.id",
			      "l", invoice);
	while (!r && rows_next(q)) {
		struct upload_attempt a = {
		    .batch_id = rows_int(q, 0),
		    .sent_at = rows_int(q, 1),
		    .accepted_at = rows_int(q, 2),
		    .told_at = rows_int(q, 3),
		    .state = rows_text(q, 4),
		    .receipt = rows_text(q, 5),
		    .message = rows_text(q, 6),
		    .refused = rows_int(q, 7) != 0,
		};
		r = f(arg, &a);
	}
	return rows_end(&q, r, e);
}

enum err store_deed_list(struct db *db, int64_t unit, const char *number, deed_each f, void *arg,
			 struct err_info *e)
{
	struct rows *q;
	if (text_empty(number))
		return ERR_OK;
	enum err r = db_query(db, &q, e,
			      "SELECT a.at, a.action, COALESCE(u.display_name, ''), a.after"
			      " FROM audit a LEFT JOIN app_user u ON u.id = a.user_id"
			      " WHERE a.subject = ? AND (a.action = 'invoice.retry' OR"
			      " a.action = 'invoice.void' OR a.action = 'invoice.settle' OR"
			      " a.action = 'invoice.correct') AND a.unit_id = ? ORDER BY a.id",
			      "sl", number, unit);
	while (!r && rows_next(q)) {
		struct invoice_deed d = {
		    .at = rows_int(q, 0),
		    .action = rows_text(q, 1),
		    .user = rows_text(q, 2),
		    .after = rows_text(q, 3),
		};
		r = f(arg, &d);
	}
	return rows_end(&q, r, e);
}

/* What is looked for in the log. */
struct call {
	int64_t unit, from_ms, to_ms, after;
	const char *service, *word; /* word: the request has it; NULL: any */
};

static bool is_call(const struct call *c, struct rows *q)
{
	return rows_int(q, 0) > c->after && rows_int(q, 3) == c->unit &&
	       strcmp(rows_text(q, 2), c->service) == 0 &&
	       (!c->word || strstr(rows_text(q, 4), c->word));
}

#define CALLS                                                                                      \
	"SELECT id, at_ms, service, unit_id, request FROM request_log"                             \
	" WHERE at_ms >= ? AND at_ms <= ? ORDER BY at_ms "

static enum err find_call(struct db *db, const struct call *c, bool newest, int64_t *log,
			  int64_t *at_ms, struct err_info *e)
{
	struct rows *q;
	enum err r = newest ? db_query(db, &q, e, CALLS "DESC LIMIT ?", "lli", c->from_ms, c->to_ms,
				       (int)LOOKED_AT)
			    : db_query(db, &q, e, CALLS "LIMIT ?", "lli", c->from_ms, c->to_ms,
				       (int)LOOKED_AT);
	while (!r && !*log && rows_next(q)) {
		if (!is_call(c, q))
			continue;
		*log = rows_int(q, 0);
		*at_ms = rows_int(q, 1);
	}
	return rows_end(&q, r, e);
}

enum err store_attempt_log(struct db *db, int64_t unit, const struct upload_attempt *a, bool poll,
			   int64_t after, int64_t *log, int64_t *at_ms, struct err_info *e)
{
	int64_t from = a->sent_at * 1000, asked = a->accepted_at * 1000;
	struct call c = {.unit = unit,
			 .service = "QDFPSC",
			 .from_ms = from - LOG_SLACK_MS,
			 .to_ms = from + LOG_SLACK_MS,
			 .after = after};
	*log = *at_ms = 0;
	if (!poll)
		return find_call(db, &c, false, log, at_ms, e);
	if (!asked || text_empty(a->receipt))
		return ERR_OK;
	c.service = "CXQDFPSCJG";
	c.word = a->receipt;
	c.from_ms = asked;
	c.after = 0;
	/* Mostly the answer came soon. */
	for (int64_t span = 60000; !*log && span <= RESULT_LIFE_MS; span *= 9) {
		c.to_ms = asked + span;
		enum err r = find_call(db, &c, true, log, at_ms, e);
		if (r)
			return r;
	}
	return ERR_OK;
}
