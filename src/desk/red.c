/* red.c - red letters: what there is, and what may be done with one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/red_p.h"

/* ---- lists ---- */

static enum err note_deadline(void *arg, const struct red_row *row)
{
	int64_t *first = arg;

	if (row->deadline && (!*first || row->deadline < *first))
		*first = row->deadline;
	return ERR_OK;
}

/* Of those that wait for us the oldest is void first; they are entered in that order. */
static enum err first_deadline(struct session *s, int64_t unit, enum red_side side, int64_t *out,
			       struct err_info *e)
{
	enum red_situation waits = RED_FOR_US;
	struct red_filter f = {
	    .unit = unit, .side = &side, .situation = &waits, .last_page = true, .limit = 1};
	int64_t next;

	return store_red_page(s->db, &f, note_deadline, out, &next, e);
}

static enum err overview_of(struct session *s, int64_t unit, struct red_overview *out,
			    struct err_info *e)
{
	char until[DATE_TEXT];
	int64_t denied;
	enum err r = store_red_lapsed(s->db, unit, &out->lapsed, e);

	for (int i = 0; i < 2 && !r; i++) {
		enum red_side side = (enum red_side)i;

		if ((r = store_red_tallies(s->db, unit, &side, out->counts[i], e)) ||
		    (r = store_red_window(s->db, unit, side, until, &out->asked_at[i], e)) ||
		    (r = store_red_denied(s->db, unit, side, &denied, e)))
			return r;
		if (denied > out->denied_at)
			out->denied_at = denied;
		out->applied += out->counts[i][RED_ON_THE_WAY];
		if (out->counts[i][RED_FOR_US])
			r = first_deadline(s, unit, side, &out->deadline, e);
	}
	return r;
}

enum err desk_red_overview(struct session *s, struct red_overview *out, struct err_info *e)
{
	int64_t unit;
	enum err r;

	*out = (struct red_overview) {.deadline = 0};
	if ((r = desk_own_unit(s, DESK_VIEW, &unit, e)))
		return r;
	return overview_of(s, unit, out, e);
}

enum err desk_red_list(struct session *s, struct red_filter *f, red_each each, void *arg,
		       int64_t *next, int64_t *total, bool *at_least, struct err_info *e)
{
	enum err r = desk_own_unit(s, DESK_VIEW, &f->unit, e);

	if (r)
		return r;
	if ((r = store_red_page(s->db, f, each, arg, next, e)))
		return r;
	return store_red_count(s->db, f, DESK_COUNT_CAP, total, at_least, e);
}

enum err desk_red_looked(struct session *s, const int64_t *ids, size_t n, struct err_info *e)
{
	struct red_lapsed unseen;
	int64_t unit;
	enum err r;

	if (desk_allow(s, DESK_ISSUE, NULL))
		return ERR_OK;
	if ((r = desk_own_unit(s, DESK_VIEW, &unit, e)) ||
	    (r = store_red_lapsed(s->db, unit, &unseen, e)) || !unseen.all || !n ||
	    (r = db_begin(s->db, e)))
		return r;
	for (size_t i = 0; i < n && !r; i++)
		r = store_red_looked(s->db, unit, ids[i], e);
	if (!r)
		return db_commit(s->db, e);
	db_rollback(s->db);
	return r;
}

const char *red_left(int64_t deadline, char out[RED_LEFT])
{
	int64_t seconds = deadline - clock_now(), minutes;

	/* The tax side's clock may be ahead of ours. */
	if (seconds > RED_WAIT_SECONDS)
		seconds = RED_WAIT_SECONDS;
	minutes = seconds > 0 ? seconds / 60 : 0;
	if (deadline)
		snprintf(out, RED_LEFT, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
	else
		*out = 0;
	return out;
}

const char *red_blue_kind(const char *code)
{
	static const char *const LABELS[] = {"增值税专用发票", "普通发票", "机动车统一销售发票",
					     "二手车统一销售发票"};
	int n = strlen(code) == 2 && code[0] == '0' ? code[1] - '0' : 0;

	return n >= 1 && n <= 4 ? LABELS[n - 1] : code;
}

/* ---- one ---- */

enum err desk_red_get(struct session *s, const char *no, struct red_record *out, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	return r ? r : store_red_by_no(s->db, unit, no, out, e);
}

enum err red_of_unit(const struct unit *u, struct red_record *r, struct err_info *e)
{
	if (r->unit_id == u->id)
		return ERR_OK;
	red_record_free(r);
	return err_fail(e, ERR_INVALID, "red.unknown", "红字确认单", "没有这张红字确认单");
}

enum err desk_red_by_id(struct session *s, int64_t id, struct red_record *out, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = store_red_get(s->db, id, out, e)))
		r = red_of_unit(&u, out, e);
	unit_free(&u);
	return r;
}

enum err desk_red_history(struct session *s, int64_t id, red_event_each f, void *arg,
			  struct err_info *e)
{
	struct red_record rec;
	enum err r = desk_red_by_id(s, id, &rec, e);

	if (r)
		return r;
	red_record_free(&rec);
	return store_red_history(s->db, id, f, arg, e);
}

/* ---- what may be done ---- */

static const char *name_of(const struct red_record *r)
{
	return *r->letter.number ? r->letter.number : r->letter.blue_number;
}

/* A number was given to its red invoice already. */
static enum err refuse_issuing(struct session *s, const struct red_record *r, enum red_action a,
			       struct err_info *e)
{
	struct invoice_record inv;
	enum err rc = store_invoice_head(s->db, r->red_invoice_id, &inv, e);

	if (rc)
		return rc;
	err_fail(e, ERR_INVALID, "red.issuing", red_action_label(a),
		 "红字确认单 %s 已在开具红字发票 %s（%s）", name_of(r), inv.invoice.number,
		 invoice_state_label(inv.state));
	err_hint(e, a == RED_ISSUE ? "可在开票记录中查看或重试这张发票"
				   : "不再开具时，先在开票记录中作废这张发票");
	invoice_record_free(&inv);
	return ERR_INVALID;
}

enum err desk_red_may(struct session *s, const struct red_record *r, enum red_action a,
		      struct err_info *e)
{
	enum err rc = desk_allow(s, DESK_ISSUE, e);

	if (rc)
		return rc;
	if (r->progress != RED_KNOWN) {
		err_fail(e, ERR_INVALID, "red.progress", red_action_label(a),
			 "蓝字发票 %s 的红字确认单申请%s", r->letter.blue_number,
			 r->progress == RED_REFUSED ? "没有成功" : "还没有结果");
		err_hint(e, r->progress == RED_REFUSED ? "可以重新提交" : "有结果后再办理");
		return ERR_INVALID;
	}
	if (r->acting)
		return err_fail(e, ERR_INVALID, "red.acting", red_action_label(a),
				"红字确认单 %s 正在%s，等结果后再办理", name_of(r),
				red_action_label(r->action));
	if ((rc = tax_red_may(&r->letter, r->side, a, e)))
		return rc;
	return r->red_invoice_id ? refuse_issuing(s, r, a, e) : ERR_OK;
}

/* ---- jobs ---- */

enum err red_add_job(struct session *s, const char *kind, int64_t unit, int64_t letter,
		     const char *payload, struct desk_wait *w, struct err_info *e)
{
	struct job j = {.unit_id = unit,
			.subject_id = letter,
			.due_ms = clock_now_ms(),
			.created_by = s->user.id};
	char *text = mem_strdup(payload);
	enum err r;

	text_copy(j.kind, sizeof(j.kind), kind);
	j.payload = text;
	r = store_job_add(s->db, &j, e);
	free(text);
	if (!r)
		desk_wait_job(w, j.id);
	return r;
}

enum err red_unit_may(struct session *s, const struct unit *u, struct err_info *e)
{
	struct taxpayer t;
	bool found = false;
	enum err r = store_taxpayer_get(s->db, u->id, &t, &found, e);

	if (r)
		return r;
	if (!found)
		t = (struct taxpayer) {.basic_at = 0};
	return taxpayer_may_issue(&t, clock_now(), e);
}

enum err red_add_risk(struct session *s, const struct unit *u, struct desk_wait *w,
		      struct err_info *e)
{
	struct taxpayer t;
	int64_t now = clock_now();
	bool found = false;
	enum err r = store_taxpayer_get(s->db, u->id, &t, &found, e);

	if (r || (found && taxpayer_fresh(t.basic_at, now) && taxpayer_fresh(t.risk_at, now)))
		return r;
	if ((r = db_begin(s->db, e)))
		return r;
	if ((r = desk_intent_join(s, u->id, JOB_TAXPAYER, w, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}
