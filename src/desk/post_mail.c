/* post_mail.c - mails: sending an invoice, sending again, the list. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/buyers.h"
#include "desk/intent_p.h"
#include "desk/invoices.h"
#include "desk/issue_p.h"
#include "desk/post_p.h"

enum err post_id(const char *text, const char *what, int64_t *out, struct err_info *e)
{
	text += *text == '#';
	if (text_all_digits(text) && strlen(text) < 19) {
		*out = strtoll(text, NULL, 10);
		return ERR_OK;
	}
	return err_fail(e, ERR_INVALID, "id.form", what, "编号“%.40s”应为数字", text);
}

enum err post_invoice(struct session *s, const char *no, int64_t *id, struct err_info *e)
{
	return issue_find(s, no, id, e);
}

/* ---- sending ---- */

/* The buyer of the catalogue with the invoice's tax number or name. */
static void buyer_address(struct session *s, const struct invoice_record *r, char *out, size_t size)
{
	const struct party *p = &r->invoice.buyer;
	struct buyer b;

	/* Several may have the number; the name then tells which. */
	if ((!*p->tax_no || desk_buyer_named(s, p->tax_no, &b, NULL)) &&
	    desk_buyer_named(s, p->name, &b, NULL))
		return;
	if (!strcmp(b.party.name, r->invoice.buyer.name))
		text_copy(out, size, b.email);
	buyer_free(&b);
}

static void address_of(struct session *s, const struct invoice_record *r, char *out, size_t size)
{
	text_copy(out, size, r->invoice.buyer_email);
	if (!*out)
		buyer_address(s, r, out, size);
}

enum err desk_mail_address(struct session *s, const char *no, char *out, size_t size,
			   struct err_info *e)
{
	struct invoice_record r;
	enum err rc = desk_invoice_get(s, no, &r, e);

	if (rc)
		return rc;
	address_of(s, &r, out, size);
	invoice_record_free(&r);
	return ERR_OK;
}

static enum err need_server(struct session *s, int64_t unit, struct err_info *e)
{
	struct mail_server m;
	bool found = false;
	enum err r = store_mail_server_get(s->db, unit, &m, &found, e);

	mail_server_free(&m);
	if (r || found)
		return r;
	err_fail(e, ERR_INVALID, "mail.server", "发送邮件", "没有设置邮件服务器");
	err_hint(e, "在交付与推送里填写邮件设置，或用 kaipiao mail set");
	return ERR_INVALID;
}

static enum err check_send(struct session *s, const struct invoice_record *r, const char *to,
			   struct mail *m, struct err_info *e)
{
	char known[MAIL_TO_TEXT] = "";
	struct addresses list;
	enum err rc;

	if (r->state != INVOICE_ISSUED)
		return err_fail(e, ERR_INVALID, "mail.state", "发送邮件",
				"发票的状态是“%s”，开票成功的才能发送",
				invoice_state_label(r->state));
	if (text_empty(to))
		address_of(s, r, known, sizeof(known));
	rc = addresses_parse(text_empty(to) ? known : to, &list, e);
	if (rc && !strcmp(e ? e->code : "", "address.none")) {
		err_fail(e, ERR_INVALID, "mail.address", "发送邮件", "发票和购方信息里都没有邮箱");
		err_hint(e, "用 --to 写明，或在购方信息里补上");
	}
	if (rc)
		return rc;
	*m = (struct mail) {.unit_id = r->unit_id,
			    .invoice_id = r->id,
			    .state = MAIL_QUEUED,
			    .created_by = s->user.id};
	addresses_text(&list, m->recipients, sizeof(m->recipients));
	return need_server(s, r->unit_id, e);
}

static enum err add_mail(struct session *s, struct mail *m, const char *number, struct desk_wait *w,
			 struct err_info *e)
{
	struct mail other;
	bool found = false;
	int64_t job = 0;
	enum err r = store_mail_other(s->db, m, 0, &other, &found, e);

	if (!r && found) {
		err_fail(e, ERR_BUSY, "mail.waiting", "发送邮件",
			 "发票 %s 已有一封给同样的收件人，第 %" PRId64 " 封，%s", number, other.id,
			 mail_state_label(other.state));
		return ERR_BUSY;
	}
	if (r || (r = store_mail_add(s->db, m, &job, e)))
		return r;
	desk_wait_job(w, job);
	return desk_audit(s, m->unit_id, "mail.send", number, "", m->recipients, e);
}

enum err desk_mail_send(struct session *s, const char *no, const char *to, int64_t *id,
			struct desk_wait *w, struct err_info *e)
{
	struct invoice_record r;
	struct mail m;
	struct err_info why = {0};
	enum err rc;

	if ((rc = desk_allow(s, DESK_ISSUE, e)) || (rc = desk_invoice_get(s, no, &r, e)))
		return rc;
	if ((rc = check_send(s, &r, to, &m, &why))) {
		if (e)
			*e = why;
	} else if (!(rc = db_begin(s->db, e))) {
		rc = desk_end(s, add_mail(s, &m, r.invoice.number, w, e), e);
		*id = m.id;
	}
	invoice_record_free(&r);
	return rc;
}

/* ---- the list ---- */

struct mails {
	struct page page;
	struct db *db;
	int64_t unit, invoice;
	const enum mail_state *state;
	mail_each f;
	void *arg;
};

static enum err give_mail(void *arg, const struct mail *v)
{
	struct mails *l = arg;

	return page_takes(&l->page, v->id) ? l->f(l->arg, v) : ERR_OK;
}

static enum err read_mails(struct page *p, int64_t cursor, int max, struct err_info *e)
{
	struct mails *l = (struct mails *)p;

	return store_mail_list(l->db, l->unit, l->state, l->invoice, cursor, max, give_mail, l, e);
}

enum err desk_mail_list(struct session *s, const struct mail_query *q, mail_each f, void *arg,
			int64_t *next, int64_t *total, struct err_info *e)
{
	struct mails l = {.page = {.read = read_mails}, .db = s->db, .f = f, .arg = arg};
	enum mail_state state;
	enum err r;

	*next = *total = 0;
	if ((r = desk_own_unit(s, DESK_VIEW, &l.unit, e)))
		return r;
	if (q->state && !mail_state_parse(q->state, &state))
		return err_fail(e, ERR_INVALID, "mail.state", "邮件状态", "“%.40s”不是邮件状态",
				q->state);
	l.state = q->state ? &state : NULL;
	if (q->no && (r = post_invoice(s, q->no, &l.invoice, e)))
		return r;
	return page_list(&l.page, q->cursor, q->limit, next, total, e);
}

enum err desk_mail_get(struct session *s, const char *id, struct mail *out, struct err_info *e)
{
	struct unit u;
	int64_t n;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = post_id(id, "邮件", &n, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	r = store_mail_get(s->db, u.id, n, out, e);
	unit_free(&u);
	return r;
}

/* ---- again ---- */

static enum err may_go_again(const struct mail *m, bool again, struct err_info *e)
{
	if (m->state == MAIL_SENDING)
		return err_fail(e, ERR_BUSY, "mail.sending", "重发邮件", "正在发送");
	if (again || (m->state != MAIL_UNKNOWN && m->state != MAIL_SENT))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "mail.again", "重发邮件",
		 m->state == MAIL_SENT
		     ? "已经发送过，再发收件人会收到两封"
		     : "上次的结果不知道，邮件服务器可能已经收下，再发收件人可能收到两封");
	err_hint(e, "先问收件人；确实要再发，加 --again");
	return ERR_INVALID;
}

/* What somebody decided on is no longer so. */
static enum err as_seen(const struct mail *m, enum mail_state seen, struct err_info *e)
{
	if (m->state == seen)
		return ERR_OK;
	err_fail(e, ERR_BUSY, "mail.changed", "重发邮件",
		 "第 %" PRId64 " 封刚刚由“%s”变为“%s”，可能有人已经重发", m->id,
		 mail_state_label(seen), mail_state_label(m->state));
	err_hint(e, "看过现在的状态再决定");
	return ERR_BUSY;
}

/* Of one that was sent another is made once; whoever wants a third does it with that one. */
static enum err not_twice(struct session *s, const struct mail *m, struct err_info *e)
{
	struct mail other;
	bool found = false;
	enum err r = store_mail_other(s->db, m, m->id, &other, &found, e);

	if (r || !found || m->state != MAIL_SENT)
		return r;
	err_fail(e, ERR_BUSY, "mail.changed", "重发邮件",
		 "已经有人重发给同样的收件人：第 %" PRId64 " 封，%s", other.id,
		 mail_state_label(other.state));
	err_hint(e, "确实还要再发，重发第 %" PRId64 " 封", other.id);
	return ERR_BUSY;
}

/* One that was sent stays what it was: another is made. */
static enum err send_again(struct session *s, struct mail *m, struct desk_wait *w,
			   struct err_info *e)
{
	struct mail fresh = {.unit_id = m->unit_id,
			     .invoice_id = m->invoice_id,
			     .state = MAIL_QUEUED,
			     .created_by = s->user.id};
	enum mail_state from = m->state;
	int64_t job = 0;
	enum err r;

	if (from == MAIL_SENT) {
		text_copy(fresh.recipients, sizeof(fresh.recipients), m->recipients);
		return add_mail(s, &fresh, m->number, w, e);
	}
	m->state = MAIL_QUEUED;
	if ((r = store_mail_set(s->db, m, from, e)) ||
	    (r = store_job_open(s->db, JOB_MAIL, m->unit_id, m->id, &job, e)))
		return r;
	if (job)
		r = desk_intent_hurry(s, job, e);
	else
		r = store_mail_job(s->db, m, &job, e);
	if (r)
		return r;
	desk_wait_job(w, job);
	return desk_audit(s, m->unit_id, "mail.again", m->number, mail_state_word(from),
			  m->recipients, e);
}

static enum err again_in(struct session *s, struct mail *m, const char *to, bool again,
			 struct desk_wait *w, struct err_info *e)
{
	struct addresses list;
	enum err r;

	if ((r = may_go_again(m, again, e)) || (r = need_server(s, m->unit_id, e)) ||
	    (r = addresses_parse(text_empty(to) ? m->recipients : to, &list, e)))
		return r;
	addresses_text(&list, m->recipients, sizeof(m->recipients));
	r = not_twice(s, m, e);
	return r ? r : send_again(s, m, w, e);
}

enum err desk_mail_again(struct session *s, const char *id, const char *to, bool again,
			 const char *seen, struct desk_wait *w, struct err_info *e)
{
	enum mail_state state;
	struct mail m;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = desk_mail_get(s, id, &m, e)))
		return r;
	if (!seen || !mail_state_parse(seen, &state))
		state = m.state;
	if ((r = db_begin(s->db, e)))
		return r;
	/* Read again inside: somebody else may be at it, or the engine. */
	if (!(r = desk_mail_get(s, id, &m, e)) && !(r = as_seen(&m, state, e)))
		r = again_in(s, &m, to, again, w, e);
	return desk_end(s, r, e);
}

static enum err cancel(struct session *s, struct mail *m, struct err_info *e)
{
	enum mail_state from = m->state;
	int64_t job = 0;
	enum err r;

	if (from == MAIL_SENDING)
		return err_fail(e, ERR_BUSY, "mail.sending", "取消邮件", "正在发送");
	if (from != MAIL_QUEUED && from != MAIL_FAILED && from != MAIL_UNKNOWN)
		return err_fail(e, ERR_INVALID, "mail.state", "取消邮件", "状态是“%s”，不能取消",
				mail_state_label(from));
	m->state = MAIL_CANCELLED;
	if ((r = store_mail_set(s->db, m, from, e)) ||
	    (r = store_job_open(s->db, JOB_MAIL, m->unit_id, m->id, &job, e)))
		return r;
	/* A job that has begun finds the mail cancelled, before anything has left. */
	if (job) {
		struct job j;

		if ((r = store_job_get(s->db, job, &j, e)))
			return r;
		r = j.state == JOB_READY ? store_job_cancel(s->db, job, e) : ERR_OK;
		job_free(&j);
	}
	return r ? r : desk_audit(s, m->unit_id, "mail.cancel", m->number, "", "", e);
}

enum err desk_mail_cancel(struct session *s, const char *id, struct err_info *e)
{
	struct mail m;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = db_begin(s->db, e)))
		return r;
	if (!(r = desk_mail_get(s, id, &m, e)))
		r = cancel(s, &m, e);
	return desk_end(s, r, e);
}
