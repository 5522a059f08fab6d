/* post_push.c - where results are pushed, and the events. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/term.h"
#include "base/text.h"
#include "store/post_p.h"

static const struct term STATES[PUSH_STATES] = {
    [PUSH_WAITING] = {"waiting", "待推送"},
    [PUSH_DONE] = {"done", "已推送"},
    [PUSH_PERSON] = {"person", "需人工"},
    [PUSH_SKIPPED] = {"skipped", "已搁置"},
};

const char *push_state_word(enum push_state s)
{
	return STATES[s].word;
}

const char *push_state_label(enum push_state s)
{
	return STATES[s].label;
}

bool push_state_parse(const char *s, enum push_state *out)
{
	int i = term_find(STATES, 0, PUSH_STATES, s);

	if (i >= 0)
		*out = (enum push_state)i;
	return i >= 0;
}

const char *push_event_id(enum unit_env env, const char *number, char out[EVENT_ID_TEXT])
{
	snprintf(out, EVENT_ID_TEXT, "%s.invoice.issued.%s", unit_env_word(env), number);
	return out;
}

static const char *context(const char *use, const struct unit *u, char out[POST_CONTEXT])
{
	snprintf(out, POST_CONTEXT, "%s:%s:%.64s", use, unit_env_word(u->env), u->tax_no);
	return out;
}

const char *push_secret_context(const struct unit *u, char out[POST_CONTEXT])
{
	return context("push-secret", u, out);
}

const char *push_url_context(const struct unit *u, char out[POST_CONTEXT])
{
	return context("push-url", u, out);
}

const char *mail_secret_context(const struct unit *u, char out[POST_CONTEXT])
{
	return context("mail-password", u, out);
}

/* ---- the target ---- */

void push_target_free(struct push_target *t)
{
	free(t->sealed_url);
	free(t->sealed_secret);
	free(t->ca_pem);
	t->sealed_url = t->sealed_secret = t->ca_pem = NULL;
}

enum err store_push_target_get(struct db *db, int64_t unit, struct push_target *out, bool *found,
			       struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(
	    db, &q, e,
	    "SELECT automatic, kinds, url, plain, COALESCE(ca_pem, ''), key_id, sealed_secret,"
	    " together, days, updated_at FROM push_target WHERE unit_id = ?",
	    "l", unit);

	*out = (struct push_target) {.unit_id = unit, .days = POST_DAYS};
	*found = !r && rows_next(q);
	if (*found) {
		out->automatic = rows_int(q, 0) != 0;
		text_copy(out->kinds, sizeof(out->kinds), rows_text(q, 1));
		out->sealed_url = mem_strdup(rows_text(q, 2));
		out->plain = rows_int(q, 3) != 0;
		out->ca_pem = mem_strdup(rows_text(q, 4));
		text_copy(out->key_id, sizeof(out->key_id), rows_text(q, 5));
		out->sealed_secret = mem_strdup(rows_text(q, 6));
		out->together = (int)rows_int(q, 7);
		out->days = (int)rows_int(q, 8);
		out->updated_at = rows_int(q, 9);
	}
	return rows_end(&q, r, e);
}

enum err store_push_target_put(struct db *db, const struct push_target *t, struct err_info *e)
{
	return db_run(
	    db, e, NULL,
	    "INSERT INTO push_target (unit_id, automatic, kinds, url, plain, ca_pem, key_id,"
	    " sealed_secret, together, days, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (unit_id) DO UPDATE SET automatic = excluded.automatic,"
	    " kinds = excluded.kinds, url = excluded.url, plain = excluded.plain,"
	    " ca_pem = excluded.ca_pem, key_id = excluded.key_id,"
	    " sealed_secret = excluded.sealed_secret, together = excluded.together,"
	    " days = excluded.days, updated_at = excluded.updated_at",
	    "lissiSssiil", t->unit_id, (int)t->automatic, t->kinds, t->sealed_url, (int)t->plain,
	    t->ca_pem, t->key_id, t->sealed_secret, t->together, t->days, clock_now());
}

enum err store_push_target_remove(struct db *db, int64_t unit, struct err_info *e)
{
	enum err r = db_run(db, e, NULL, "DELETE FROM push_target WHERE unit_id = ?", "l", unit);

	return r ? r
		 : db_run(db, e, NULL,
			  "UPDATE push_event SET state = 'skipped', updated_at = ?"
			  " WHERE unit_id = ? AND state = 'waiting'",
			  "ll", clock_now(), unit);
}

enum err store_push_plain(struct db *db, int64_t *unit, char **url, struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e,
		     "SELECT unit_id, url FROM push_target WHERE SUBSTR(url, 1, 3) <> 'v1:'"
		     " ORDER BY unit_id LIMIT 1",
		     "");

	*unit = 0;
	*url = NULL;
	if (!r && rows_next(q)) {
		*unit = rows_int(q, 0);
		*url = mem_strdup(rows_text(q, 1));
	}
	return rows_end(&q, r, e);
}

/* Addresses were written as they are in the audit and in the request log. */
enum written { IN_AUDIT, IN_LOG, WRITTEN };

static enum err next_written(struct db *db, enum written where, const char *after, struct rows **q,
			     struct err_info *e)
{
	return where == IN_AUDIT
		   ? db_query(db, q, e,
			      "SELECT DISTINCT subject FROM audit WHERE action = 'push.set'"
			      " AND subject > ? ORDER BY subject LIMIT 1",
			      "s", after)
		   : db_query(db, q, e,
			      "SELECT DISTINCT url FROM request_log WHERE service = '推送'"
			      " AND url > ? ORDER BY url LIMIT 1",
			      "s", after);
}

static enum err replace_written(struct db *db, enum written where, const char *old,
				const char *masked, struct err_info *e)
{
	return where == IN_AUDIT ? db_run(db, e, NULL,
					  "UPDATE audit SET subject = ? WHERE action = 'push.set'"
					  " AND subject = ?",
					  "ss", masked, old)
				 : db_run(db, e, NULL,
					  "UPDATE request_log SET url = ? WHERE service = '推送'"
					  " AND url = ?",
					  "ss", masked, old);
}

static enum err mask_written(struct db *db, enum written where, struct err_info *e)
{
	char *at = mem_strdup(""), masked[URL_TEXT];
	bool more = true;
	enum err r = ERR_OK;

	while (!r && more) {
		struct rows *q;

		r = next_written(db, where, at, &q, e);
		more = !r && rows_next(q);
		if (more)
			mem_set(&at, rows_text(q, 0));
		r = rows_end(&q, r, e);
		if (!r && more && strcmp(url_mask(at, masked), at) != 0)
			r = replace_written(db, where, at, masked, e);
	}
	free(at);
	return r;
}

enum err store_push_seal(struct db *db, int64_t unit, const char *sealed_url, struct err_info *e)
{
	enum err r = db_run(db, e, NULL, "UPDATE push_target SET url = ? WHERE unit_id = ?", "sl",
			    sealed_url, unit);

	for (enum written i = IN_AUDIT; !r && i < WRITTEN; i++)
		r = mask_written(db, i, e);
	return r;
}

/* ---- queueing ---- */

/* Which invoices: `i` is the invoice. */
#define CHOSEN                                                                                     \
	" FROM invoice i WHERE i.unit_id = ? AND i.state = 'issued'"                               \
	" AND i.issued_at >= ? AND i.issued_at < ? AND (? = '' OR i.kind = ?)"                     \
	" AND (? = 0 OR i.id = ?) AND (? < 0"                                                      \
	" OR EXISTS (SELECT 1 FROM invoice_red x WHERE x.invoice_id = i.id) = ?)"

struct chosen {
	char from[MONTH_TEXT + 1], to[MONTH_TEXT + 1];
	const char *kind;
	int64_t invoice;
	int red; /* below 0: red and blue */
};

/* "2026-11" to "2026-11~": dates are text, and '~' comes after every one of them. */
static struct chosen choose(int64_t invoice, const enum invoice_kind *kind, const bool *red,
			    const char *month)
{
	struct chosen c = {.kind = kind ? invoice_kind_word(*kind) : "",
			   .invoice = invoice,
			   .red = red ? *red : -1};

	snprintf(c.from, sizeof(c.from), "%.7s", month ? month : "");
	snprintf(c.to, sizeof(c.to), "%.7s~", month ? month : "");
	return c;
}

enum err store_push_queue(struct db *db, int64_t unit, int64_t invoice,
			  const enum invoice_kind *kind, const bool *red, const char *month,
			  int64_t *count, struct err_info *e)
{
	struct chosen c = choose(invoice, kind, red, month);
	int64_t n = 0, first = 0;
	enum err r = db_get_int(db, e, &n, NULL, "SELECT COUNT(*)" CHOSEN, "lssssllii", unit,
				c.from, c.to, c.kind, c.kind, c.invoice, c.invoice, c.red, c.red);

	*count = n;
	if (r || !n || (r = db_next_ids(db, "push_event", n, &first, e)))
		return r;
	return db_run(
	    db, e, NULL,
	    "INSERT INTO push_event (id, unit_id, invoice_id, event, state, queued_at, updated_at)"
	    " SELECT ? + ROW_NUMBER() OVER (ORDER BY i.id) - 1, i.unit_id, i.id, 'invoice.issued',"
	    " 'waiting', ?, ?" CHOSEN
	    " ON CONFLICT (invoice_id, event) DO UPDATE SET id = excluded.id, state = 'waiting',"
	    " attempts = 0, queued_at = excluded.queued_at, updated_at = excluded.updated_at,"
	    " message = ''",
	    "lll"
	    "lssssllii",
	    first, clock_now(), clock_now(), unit, c.from, c.to, c.kind, c.kind, c.invoice,
	    c.invoice, c.red, c.red);
}

enum err store_push_invoices(struct db *db, int64_t unit, const enum invoice_kind *kind,
			     const bool *red, const char *month, int64_t after, int64_t *ids,
			     size_t n, size_t *count, struct err_info *e)
{
	struct chosen c = choose(0, kind, red, month);
	struct rows *q;
	size_t have = 0;
	enum err r = db_query(db, &q, e, "SELECT i.id" CHOSEN " AND i.id > ? ORDER BY i.id LIMIT ?",
			      "lsssslliill", unit, c.from, c.to, c.kind, c.kind, c.invoice,
			      c.invoice, c.red, c.red, after, (int64_t)n);

	while (!r && have < n && rows_next(q))
		ids[have++] = rows_int(q, 0);
	*count = have;
	return rows_end(&q, r, e);
}

/* ---- events ---- */

#define EVENT                                                                                      \
	"SELECT v.id, v.unit_id, v.invoice_id, v.queued_at, v.updated_at, COALESCE(v.done_at, 0)," \
	" v.state, v.attempts, v.http_status, COALESCE(i.number, ''), v.message, v.answer,"        \
	" COALESCE(b.name, ''), i.gross FROM push_event v JOIN invoice i ON i.id = v.invoice_id"   \
	" LEFT JOIN buyer_name b ON b.id = i.buyer_name_id"

static void read_event(struct rows *q, struct push_event *v)
{
	*v = (struct push_event) {.id = rows_int(q, 0),
				  .unit_id = rows_int(q, 1),
				  .invoice_id = rows_int(q, 2),
				  .queued_at = rows_int(q, 3),
				  .updated_at = rows_int(q, 4),
				  .done_at = rows_int(q, 5),
				  .attempts = (int)rows_int(q, 7),
				  .http_status = (int)rows_int(q, 8),
				  .gross = rows_int(q, 13)};
	push_state_parse(rows_text(q, 6), &v->state);
	text_copy(v->number, sizeof(v->number), rows_text(q, 9));
	text_copy(v->message, sizeof(v->message), rows_text(q, 10));
	text_copy(v->answer, sizeof(v->answer), rows_text(q, 11));
	text_copy(v->buyer, sizeof(v->buyer), rows_text(q, 12));
}

enum err store_push_waiting(struct db *db, int64_t unit, struct push_event *out, size_t n,
			    size_t *count, struct err_info *e)
{
	struct rows *q;
	size_t have = 0;
	enum err r = db_query(
	    db, &q, e, EVENT " WHERE v.unit_id = ? AND v.state = 'waiting' ORDER BY v.id LIMIT ?",
	    "ll", unit, (int64_t)n);

	while (!r && have < n && rows_next(q))
		read_event(q, &out[have++]);
	*count = have;
	return rows_end(&q, r, e);
}

enum err store_push_result(struct db *db, const struct push_event *v, struct err_info *e)
{
	int64_t now = clock_now();

	/* One that was put aside or asked for again meanwhile has another id or state. */
	return db_run(db, e, NULL,
		      "UPDATE push_event SET state = ?, attempts = attempts + 1, http_status = ?,"
		      " message = ?, answer = ?, updated_at = ?,"
		      " done_at = CASE WHEN ? THEN ? ELSE done_at END"
		      " WHERE id = ? AND state = 'waiting'",
		      "sisslill", push_state_word(v->state), v->http_status, v->message, v->answer,
		      now, (int)(v->state == PUSH_DONE), now, v->id);
}

enum err store_push_get(struct db *db, int64_t unit, int64_t id, struct push_event *out,
			struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, EVENT " WHERE v.id = ? AND v.unit_id = ?", "ll", id, unit);
	bool found = !r && rows_next(q);

	if (found)
		read_event(q, out);
	r = rows_end(&q, r, e);
	if (!r && !found) {
		r = err_fail(e, ERR_INVALID, "push.unknown", "推送",
			     "没有编号为 %" PRId64 " 的推送", id);
		err_hint(e, "再次推送过的换了新编号，先看推送列表");
	}
	return r;
}

enum err store_push_skip(struct db *db, int64_t unit, int64_t id, struct err_info *e)
{
	struct push_event v;
	enum err r = store_push_get(db, unit, id, &v, e);

	if (r)
		return r;
	if (v.state != PUSH_WAITING && v.state != PUSH_PERSON)
		return err_fail(e, ERR_INVALID, "push.state", "推送",
				"状态是“%s”，只有待推送和需人工的可以搁置",
				push_state_label(v.state));
	return db_run(db, e, NULL,
		      "UPDATE push_event SET state = 'skipped', updated_at = ? WHERE id = ?", "ll",
		      clock_now(), id);
}

enum err store_push_list(struct db *db, int64_t unit, const enum push_state *state, int64_t invoice,
			 int64_t cursor, int limit, push_each f, void *arg, struct err_info *e)
{
	int64_t below = cursor > 0 ? cursor : INT64_MAX;
	struct push_event v;
	struct rows *q;
	enum err r;

	if (invoice)
		r = db_query(db, &q, e,
			     EVENT " WHERE v.invoice_id = ? AND v.unit_id = ? AND v.id < ?"
				   " ORDER BY v.id DESC LIMIT ?",
			     "llli", invoice, unit, below, limit);
	else if (state)
		r = db_query(db, &q, e,
			     EVENT " WHERE v.unit_id = ? AND v.state = ? AND v.id < ?"
				   " ORDER BY v.id DESC LIMIT ?",
			     "lsli", unit, push_state_word(*state), below, limit);
	else
		r = db_query(db, &q, e,
			     EVENT " WHERE v.unit_id = ? AND v.id < ? ORDER BY v.id DESC LIMIT ?",
			     "lli", unit, below, limit);
	while (!r && rows_next(q)) {
		read_event(q, &v);
		r = f(arg, &v);
	}
	return rows_end(&q, r, e);
}
