/* post_push.c - pushes of results: queueing, the same as lines of a file, the list. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/invoices.h"
#include "desk/post.h"
#include "desk/post_p.h"

enum { LINE_MAX_BYTES = 64 * 1024 * 1024, STEP = 256 };

/* What is asked for: one invoice, or a kind and a month. */
struct asked {
	int64_t invoice;
	enum invoice_kind kind;
	bool has_kind, red, has_red;
	const char *month;
};

static enum err one_invoice(struct session *s, const char *no, struct asked *a, struct err_info *e)
{
	struct invoice_record r;
	enum err rc = desk_invoice_get(s, no, &r, e);

	if (rc)
		return rc;
	a->invoice = r.id;
	if (r.state != INVOICE_ISSUED) {
		rc = err_fail(e, ERR_INVALID, "push.state", "推送开票结果",
			      "发票的状态是“%s”，只推送开票成功的", invoice_state_label(r.state));
	}
	invoice_record_free(&r);
	return rc;
}

static enum err read_asked(struct session *s, const char *no, const char *kind, const char *month,
			   struct asked *a, struct err_info *e)
{
	int year, mon;

	*a = (struct asked) {.month = month};
	if (no)
		return one_invoice(s, no, a, e);
	if (kind && *kind && strcmp(kind, "all") != 0) {
		a->red = !strcmp(kind, "red");
		a->has_red = a->red || !strcmp(kind, "blue");
		a->has_kind = !a->has_red;
		if (a->has_kind && !invoice_kind_parse(kind, &a->kind))
			return err_fail(e, ERR_INVALID, "invoice.kind", "发票种类",
					"“%.40s”不是发票种类", kind);
	}
	if (text_empty(month) || strlen(month) != 7 || !month_parse(month, &year, &mon)) {
		err_fail(e, ERR_INVALID, "month.form", "开具月份", "应为 yyyy-MM，例如 2026-11");
		err_field(e, "month");
		return ERR_INVALID;
	}
	return ERR_OK;
}

static enum err none(struct err_info *e)
{
	return err_fail(e, ERR_INVALID, "push.none", "推送开票结果", "没有这样的开票成功的发票");
}

static enum err queue(struct session *s, const struct unit *u, const struct asked *a,
		      int64_t *count, struct desk_wait *w, struct err_info *e)
{
	char subject[64];
	int64_t job = 0;
	enum err r =
	    store_push_queue(s->db, u->id, a->invoice, a->has_kind ? &a->kind : NULL,
			     a->has_red ? &a->red : NULL, a->invoice ? NULL : a->month, count, e);

	if (r || !*count)
		return r ? r : none(e);
	if ((r = store_push_wake(s->db, u->id, &job, e)))
		return r;
	desk_wait_job(w, job);
	snprintf(subject, sizeof(subject), "%s %" PRId64, a->invoice ? "" : a->month, *count);
	return desk_audit(s, u->id, "push.queue", subject, "", "", e);
}

static enum err need_target(struct session *s, int64_t unit, struct err_info *e)
{
	struct push_target t;
	bool found = false;
	enum err r = store_push_target_get(s->db, unit, &t, &found, e);

	push_target_free(&t);
	if (r || found)
		return r;
	err_fail(e, ERR_INVALID, "push.target", "推送开票结果", "没有设置推送地址");
	err_hint(e, "用 kaipiao push set 设置，或用 --to 写到文件");
	return ERR_INVALID;
}

enum err desk_push_queue(struct session *s, const char *no, const char *kind, const char *month,
			 int64_t *count, struct desk_wait *w, struct err_info *e)
{
	struct asked a;
	struct unit u;
	enum err r;

	*count = 0;
	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = read_asked(s, no, kind, month, &a, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = need_target(s, u.id, e)) && !(r = db_begin(s->db, e)))
		r = desk_end(s, queue(s, &u, &a, count, w, e), e);
	unit_free(&u);
	return r;
}

/* ---- lines ---- */

static enum err give_line(struct session *s, const struct unit *u, int64_t id, push_line_each f,
			  void *arg, struct err_info *e)
{
	struct invoice_record rec;
	struct json_out o;
	struct buf b;
	enum err r = store_invoice_get(s->db, id, &rec, e);

	if (r)
		return r;
	buf_init(&b, LINE_MAX_BYTES);
	json_out_init(&o, &b, 0);
	json_open(&o, NULL, '{');
	push_event_put_json(&o, u->env, &rec);
	json_close(&o, '}');
	buf_addc(&b, '\n');
	r = b.failed
		? err_fail(e, ERR_INVALID, "push.size", "推送", "发票 %s 太大", rec.invoice.number)
		: f(arg, buf_str(&b), b.len);
	buf_free(&b);
	invoice_record_free(&rec);
	return r;
}

static enum err give_lines(struct session *s, const struct unit *u, const struct asked *a,
			   push_line_each f, void *arg, int64_t *count, struct err_info *e)
{
	int64_t ids[STEP], after = 0;
	size_t n = STEP;
	enum err r = ERR_OK;

	if (a->invoice) {
		*count = 1;
		return give_line(s, u, a->invoice, f, arg, e);
	}
	while (!r && n == STEP) {
		r = store_push_invoices(s->db, u->id, a->has_kind ? &a->kind : NULL,
					a->has_red ? &a->red : NULL, a->month, after, ids, STEP, &n,
					e);
		for (size_t i = 0; !r && i < n; i++) {
			r = give_line(s, u, ids[i], f, arg, e);
			after = ids[i];
			++*count;
		}
	}
	return r;
}

enum err desk_push_lines(struct session *s, const char *no, const char *kind, const char *month,
			 push_line_each f, void *arg, int64_t *count, struct err_info *e)
{
	struct asked a;
	struct unit u;
	enum err r;

	*count = 0;
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = read_asked(s, no, kind, month, &a, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	r = give_lines(s, &u, &a, f, arg, count, e);
	unit_free(&u);
	return r || *count ? r : none(e);
}

/* ---- the list ---- */

struct events {
	struct page page;
	struct db *db;
	int64_t unit, invoice;
	const enum push_state *state;
	push_each f;
	void *arg;
};

static enum err give_event(void *arg, const struct push_event *v)
{
	struct events *l = arg;

	return page_takes(&l->page, v->id) ? l->f(l->arg, v) : ERR_OK;
}

static enum err read_events(struct page *p, int64_t cursor, int max, struct err_info *e)
{
	struct events *l = (struct events *)p;

	return store_push_list(l->db, l->unit, l->state, l->invoice, cursor, max, give_event, l, e);
}

enum err desk_push_list(struct session *s, const struct push_query *q, push_each f, void *arg,
			int64_t *next, int64_t *total, struct err_info *e)
{
	struct events l = {.page = {.read = read_events}, .db = s->db, .f = f, .arg = arg};
	enum push_state state;
	enum err r;

	*next = *total = 0;
	if ((r = desk_own_unit(s, DESK_VIEW, &l.unit, e)))
		return r;
	if (q->state && !push_state_parse(q->state, &state))
		return err_fail(e, ERR_INVALID, "push.state", "推送状态", "“%.40s”不是推送状态",
				q->state);
	l.state = q->state ? &state : NULL;
	if (q->no && (r = post_invoice(s, q->no, &l.invoice, e)))
		return r;
	return page_list(&l.page, q->cursor, q->limit, next, total, e);
}

enum err desk_push_get(struct session *s, const char *id, struct push_event *out,
		       struct err_info *e)
{
	struct unit u;
	int64_t n;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = post_id(id, "推送", &n, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	r = store_push_get(s->db, u.id, n, out, e);
	unit_free(&u);
	return r;
}

static enum err again(struct session *s, const struct push_event *v, struct desk_wait *w,
		      struct err_info *e)
{
	int64_t job = 0, count;
	enum err r = ERR_OK;

	if (v->state != PUSH_WAITING)
		r = store_push_queue(s->db, v->unit_id, v->invoice_id, NULL, NULL, NULL, &count, e);
	if (r || (r = store_push_wake(s->db, v->unit_id, &job, e)))
		return r;
	desk_wait_job(w, job);
	return desk_audit(s, v->unit_id, "push.again", v->number, "", "", e);
}

enum err desk_push_again(struct session *s, const char *id, struct desk_wait *w, struct err_info *e)
{
	struct push_event seen, v;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = desk_push_get(s, id, &seen, e)) ||
	    (r = need_target(s, seen.unit_id, e)) || (r = db_begin(s->db, e)))
		return r;
	/* Read again inside: asked for by somebody else meanwhile it has another number. */
	r = store_push_get(s->db, seen.unit_id, seen.id, &v, e);
	if (r == ERR_INVALID || (!r && v.state != seen.state)) {
		err_fail(e, ERR_BUSY, "push.changed", "再次推送", "刚刚有人再次推送了发票 %s",
			 seen.number);
		err_hint(e, "先看它现在的状态");
		r = ERR_BUSY;
	}
	return desk_end(s, r ? r : again(s, &v, w, e), e);
}

enum err desk_push_skip(struct session *s, const char *id, struct err_info *e)
{
	struct push_event v;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = desk_push_get(s, id, &v, e)) ||
	    (r = db_begin(s->db, e)))
		return r;
	if (!(r = store_push_skip(s->db, v.unit_id, v.id, e)))
		r = desk_audit(s, v.unit_id, "push.skip", v.number, "", "", e);
	return desk_end(s, r, e);
}
