/* recon_ask.c - 对账: our invoices beside the lists, and the questions lists leave open.
 *
 * A question is one call (FPZTXXCX), and a step has at most one; it tells whether the tax side has
 * the number and in what state, nothing of amounts.
 */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "sync/recon_p.h"

enum { LONG_S = 600, LAG_S = 600 };

/* What is to be done about one of ours. */
enum look { LOOK_PASS, LOOK_ASK, LOOK_ABSENT };

static enum err there(struct recon *r, const struct invoice_record *rec, bool *out,
		      struct err_info *e)
{
	struct recon_theirs t;

	*out = false;
	return r->run.listed[rec->invoice.kind]
		   ? store_theirs_get(r->en->db, r->run.id, rec->invoice.number, &t, out, e)
		   : ERR_OK;
}

/* ---- asking ---- */

/* Of a red invoice 3 says that it is one; of a blue one that it was reversed, not how far. */
static bool same_state(const struct invoice_record *rec, const char *theirs)
{
	switch (*theirs) {
	case '\0':
	case '0':
		return rec->reversed == REVERSED_NOT;
	case '3':
		return rec->invoice.red || rec->reversed != REVERSED_NOT;
	case '7':
		return rec->reversed == REVERSED_PART;
	case '8':
		return rec->reversed == REVERSED_WHOLE;
	default:
		return false;
	}
}

/* Is what the tax side says of an issued one what we know of it?  What was reversed here a moment
 * ago may not be there yet, and what is being reversed from here may be there already. */
static enum err agrees(struct recon *r, const struct invoice_record *rec,
		       const struct leqi_usage *u, bool *same, struct err_info *e)
{
	bool behind = !*u->state || !strcmp(u->state, "0") || !strcmp(u->state, "7");
	bool ahead = *u->state && strchr("378", *u->state);
	int64_t at = 0;
	enum err rc;

	*same = same_state(rec, u->state);
	if (!*same && ahead && ((rc = store_red_on_its_way(r->en->db, rec->id, same, e)) || *same))
		return rc;
	if (*same || !behind || rec->reversed == REVERSED_NOT)
		return ERR_OK;
	rc = store_red_reversed_at(r->en->db, rec->id, &at, e);
	*same = !rc && at > clock_now() - LAG_S;
	return rc;
}

static enum err found_there(struct recon *r, const struct invoice_record *rec,
			    const struct leqi_usage *u, struct err_info *e)
{
	char theirs[160];
	bool same = false;

	snprintf(theirs, sizeof(theirs), "%s，%s", u->issued_at, leqi_usage_label(u->state));
	if (rec->state == INVOICE_ISSUED) {
		enum err rc = agrees(r, rec, u, &same, e);

		if (rc || !same)
			return rc ? rc : recon_add(r, RECON_STATE, rec, theirs, e);
		r->run.same++;
		return ERR_OK;
	}
	snprintf(theirs, sizeof(theirs), "%s，%s；单张查询不含金额，内容没有比对", u->issued_at,
		 leqi_usage_label(u->state));
	return recon_add(r,
			 rec->state == INVOICE_FAILED ? RECON_FAILED_THERE
			 : rec->state == INVOICE_VOID ? RECON_VOID_THERE
						      : RECON_UNKNOWN_THERE,
			 rec, theirs, e);
}

static enum err absent_there(struct recon *r, const struct invoice_record *rec, const char *theirs,
			     struct err_info *e)
{
	char month[MONTH_TEXT];

	if (rec->state == INVOICE_FAILED || rec->state == INVOICE_VOID)
		return ERR_OK; /* as it should be */
	if (rec->state != INVOICE_ISSUED)
		return recon_add(r, RECON_UNKNOWN_ABSENT, rec, theirs, e);
	if (rec->finished_at && strcmp(month_text(rec->finished_at, month), r->run.month) > 0)
		return recon_add(r, RECON_BOUNDARY, rec, theirs, e);
	return recon_add(r, RECON_ONLY_OURS, rec, theirs, e);
}

/* What was answered, beside ours as it is now: the call took its time. */
static enum err judge(struct recon *r, int64_t id, const struct leqi_usage *u, struct err_info *e)
{
	struct invoice_record now;
	enum err rc = store_invoice_head(r->en->db, id, &now, e);

	if (rc)
		return rc;
	rc = u->found ? found_there(r, &now, u, e) : absent_there(r, &now, "逐张查询：没有", e);
	invoice_record_free(&now);
	return rc;
}

static enum err told(struct recon *r, const struct invoice_record *rec, const struct leqi_usage *u,
		     const struct leqi_reply *rep, struct err_info *e)
{
	enum err rc;

	if ((rc = db_begin(r->en->db, e)) || (rc = call_record(r->en, rep, e)))
		return rc;
	r->run.asked++;
	if (rep->class == LEQI_MISCONFIGURED) {
		r->run.mute = true;
		recon_note(r, "不能逐张查询：%s", rep->message);
	} else if (rep->class != LEQI_OK) {
		recon_note(r, "有发票没有查到：%s", rep->message);
	} else {
		rc = judge(r, rec->id, u, e);
	}
	return rc;
}

/* Asks about one; on an answer the transaction of its outcome is open. */
static enum err ask(struct recon *r, const struct invoice_record *rec, bool *open,
		    struct err_info *e)
{
	char day[DATE_TEXT] = "";
	struct leqi_usage u;
	struct leqi_reply rep = {0};
	struct caller c;
	enum err rc = call_begin(r->en, r->job, &c, open, e);

	if (rc || !*open)
		return rc;
	snprintf(day, sizeof(day), "%.4s%.2s%.2s", rec->invoice.issued_at,
		 rec->invoice.issued_at + 5, rec->invoice.issued_at + 8);
	leqi_query_usage(r->en->leqi, &c.wire, rec->invoice.number, day, rec->invoice.kind, &u,
			 &rep);
	/* One that came whole but cannot be used will be the same the next time. */
	*open = rep.class != LEQI_LATER &&
		(rep.class != LEQI_LOST || strcmp(rep.return_code, "00") == 0);
	rc = *open ? told(r, rec, &u, &rep, e) : recon_later(r, &rep, "逐张查询发票", e);
	r->due_ms = clock_now_ms() + r->en->params.recon_pace_ms;
	leqi_reply_free(&rep);
	caller_free(&c);
	return rc;
}

/* ---- those without a final success ---- */

static enum err look_unsettled(struct recon *r, const struct invoice_record *rec, enum look *out,
			       struct err_info *e)
{
	bool in = false, closed = rec->state == INVOICE_FAILED || rec->state == INVOICE_VOID;
	enum err rc = there(r, rec, &in, e);

	*out = LOOK_PASS;
	if (rc || in || r->run.mute)
		return rc;
	if (!closed && rec->state != INVOICE_UNKNOWN && !rec->needs_person &&
	    clock_now() - rec->created_at < LONG_S)
		return ERR_OK; /* on its way */
	if (!closed || !r->run.listed[rec->invoice.kind])
		*out = LOOK_ASK;
	return ERR_OK;
}

/* ---- issued ones ---- */

/* Was the list asked for before the invoice was there to be listed? */
static enum err too_fresh(struct recon *r, const struct invoice_record *rec, bool *out,
			  struct err_info *e)
{
	struct collect_apply a;
	bool found;
	enum err rc = store_collect_get(r->en->db, r->run.id, rec->invoice.kind, &a, &found, e);

	*out = !rc && found && rec->finished_at > a.at - LAG_S;
	return rc;
}

static enum err look_issued(struct recon *r, const struct invoice_record *rec, enum look *out,
			    struct err_info *e)
{
	bool in = false, fresh = false;
	enum err rc = there(r, rec, &in, e);

	r->run.ours++;
	*out = LOOK_PASS;
	if (rc)
		return rc;
	if (r->run.thorough && !r->run.mute) {
		*out = LOOK_ASK;
		r->run.same -= in && r->run.same > 0; /* counted again when it is told */
	} else if (r->run.listed[rec->invoice.kind] && !in) {
		if ((rc = too_fresh(r, rec, &fresh, e)))
			return rc;
		*out = !fresh ? LOOK_ABSENT : r->run.mute ? LOOK_PASS : LOOK_ASK;
	}
	return ERR_OK;
}

/* ---- a step: as many as pass, and one question ---- */

struct walk {
	struct recon *r;
	enum err (*look)(struct recon *r, const struct invoice_record *rec, enum look *out,
			 struct err_info *e);
	bool passed, asked, open;
};

/* What passed so far is kept whatever comes of the call. */
static enum err ask_after(struct walk *w, const struct recon_run *before,
			  const struct invoice_record *rec, struct err_info *e)
{
	struct recon_run after = w->r->run;
	enum err rc = ERR_OK;

	w->asked = true;
	w->r->run = *before;
	if (w->passed)
		rc = recon_commit(w->r, e);
	else
		db_rollback(w->r->en->db);
	w->r->run = after;
	return rc ? rc : ask(w->r, rec, &w->open, e);
}

static enum err visit(struct walk *w, int64_t id, struct err_info *e)
{
	struct recon_run before = w->r->run;
	struct invoice_record rec;
	enum look how = LOOK_PASS;
	enum err rc = store_invoice_head(w->r->en->db, id, &rec, e);

	if (rc)
		return rc;
	rc = w->look(w->r, &rec, &how, e);
	if (!rc && how == LOOK_ABSENT)
		rc = absent_there(w->r, &rec, "归集的清单里没有", e);
	if (!rc && how == LOOK_ASK)
		rc = ask_after(w, &before, &rec, e);
	text_copy(w->r->run.at_text, sizeof(w->r->run.at_text), rec.invoice.issued_at);
	w->r->run.at_id = id;
	w->passed = true;
	invoice_record_free(&rec);
	return rc;
}

static enum err walk_page(struct walk *w, const int64_t *ids, size_t n, const char *then,
			  struct err_info *e)
{
	enum err rc = ERR_OK;
	size_t i;

	w->open = true;
	for (i = 0; i < n && !rc && !w->asked; i++)
		rc = visit(w, ids[i], e);
	if (rc || !w->open)
		return rc;
	if (i == n && n < RECON_PAGE)
		recon_stage(w->r, then);
	return recon_commit(w->r, e);
}

enum err recon_unsettled_step(struct recon *r, struct err_info *e)
{
	struct walk w = {.r = r, .look = look_unsettled};
	int64_t ids[RECON_PAGE];
	size_t n = 0;
	enum err rc = db_begin(r->en->db, e);

	if (!rc)
		rc = store_recon_unsettled(r->en->db, r->run.unit_id, r->run.month, r->run.at_id,
					   ids, RECON_PAGE, &n, e);
	return rc ? rc : walk_page(&w, ids, n, "issued", e);
}

/* yyyy-MM of the month after. */
static void month_after(const char *month, char out[MONTH_TEXT])
{
	struct datetime t = {.date = {.year = 1970, .month = 1, .day = 1}};

	month_parse(month, &t.date.year, &t.date.month);
	t.date = date_add_months(t.date, 1);
	month_text(date_unix(t), out);
}

enum err recon_issued_step(struct recon *r, struct err_info *e)
{
	struct walk w = {.r = r, .look = look_issued};
	struct issued_at after = {.id = r->run.at_id};
	int64_t ids[RECON_PAGE];
	char to[MONTH_TEXT];
	size_t n = 0;
	enum err rc;

	month_after(r->run.month, to);
	text_copy(after.at, sizeof(after.at), r->run.at_text);
	if ((rc = db_begin(r->en->db, e)) ||
	    (rc = store_invoice_issued(r->en->db, r->run.unit_id, r->run.month, to, NULL, NULL,
				       &after, ids, RECON_PAGE, &n, e)))
		return rc;
	return walk_page(&w, ids, n, "tidy", e);
}
