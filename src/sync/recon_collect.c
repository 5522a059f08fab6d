/* recon_collect.c - 对账: the lists of 归集, within what may be applied for (protocol 8.1).
 *
 * An application is on record as `sending` before it leaves.  One whose outcome is not known is
 * made again on the same day only: the tax side grants one a day, so that cannot spend a second.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "sync/recon_p.h"

enum { KINDS = 2, GIVE_UP_S = 24 * 3600 };
static const enum invoice_kind ORDER[KINDS] = {INVOICE_SPECIAL, INVOICE_ORDINARY};

/* ---- applying ---- */

/* The next kind, or (all applied for) their packages. */
static void next_kind(struct recon *r, const char *then)
{
	if (++r->run.at_id >= KINDS)
		recon_stage(r, then);
}

static enum err skip_kind(struct recon *r, struct err_info *e)
{
	enum err rc = db_begin(r->en->db, e);

	next_kind(r, "fetch");
	return rc ? rc : recon_commit(r, e);
}

/* First and last day as yyyyMMdd; the last is today in the present month. */
static void days_of(const char *month, char first[24], char last[24])
{
	char today[DATE_TEXT];
	int year = 1970, m = 1, day;

	month_parse(month, &year, &m);
	day = date_month_days(year, m);
	if (!strncmp(date_text(clock_now(), today), month, MONTH_TEXT - 1))
		day = (int)strtol(today + 8, NULL, 10);
	snprintf(first, 24, "%04d%02d01", year, m);
	snprintf(last, 24, "%04d%02d%02d", year, m, day);
}

/* May one be made now?  *reused: one of today serves instead. */
static enum err may_apply(struct recon *r, enum invoice_kind kind, bool *may, bool *reused,
			  struct err_info *e)
{
	char today[DATE_TEXT];
	int64_t used = 0, all = 0;
	bool current;
	enum err rc;

	date_text(clock_now(), today);
	current = !strncmp(today, r->run.month, MONTH_TEXT - 1);
	*may = *reused = false;
	if ((rc = store_collect_reuse(r->en->db, &r->run, kind, today, reused, e)) || *reused)
		return rc;
	if ((rc = store_collect_count(r->en->db, r->run.unit_id, r->run.month, kind, today, &used,
				      &all, e)))
		return rc;
	*may = used < COLLECT_A_DAY && all < (current ? COLLECT_THIS_MONTH : COLLECT_PAST_MONTH);
	if (!*may)
		recon_note(r, "%s的清单%s已申请 %lld 次，不能再申请", invoice_kind_label(kind),
			   used < COLLECT_A_DAY ? "本月份" : "今天",
			   (long long)(used < COLLECT_A_DAY ? all : used));
	return ERR_OK;
}

/* Puts an application on record, before the call. */
static enum err record(struct recon *r, struct collect_apply *a, bool *go, struct err_info *e)
{
	bool reused = false;
	enum err rc = db_begin(r->en->db, e);

	if (rc || (rc = may_apply(r, a->kind, go, &reused, e)))
		return rc;
	if (*go) {
		a->unit_id = r->run.unit_id;
		a->run_id = r->run.id;
		text_copy(a->month, sizeof(a->month), r->run.month);
		rc = store_collect_add(r->en->db, a, e);
		return rc ? rc : db_commit(r->en->db, e);
	}
	next_kind(r, "fetch");
	return recon_commit(r, e);
}

static bool not_entitled(const struct leqi_reply *rep)
{
	return call_not_granted(rep) || !strcmp(rep->return_code, "11");
}

static enum err answered(struct recon *r, struct collect_apply *a, const struct leqi_reply *rep,
			 struct err_info *e)
{
	bool granted = rep->class == LEQI_OK;
	enum err rc;

	text_copy(a->state, sizeof(a->state), granted ? "granted" : "refused");
	text_copy(a->message, sizeof(a->message), granted ? "" : rep->message);
	a->message[text_whole(a->message, strlen(a->message))] = 0;
	if ((rc = db_begin(r->en->db, e)) || (rc = call_record(r->en, rep, e)) ||
	    (rc = store_collect_put(r->en->db, a, e)))
		return rc;
	if (granted || not_entitled(rep))
		rc = store_ability_set(r->en->db, r->run.unit_id, ABILITY_COLLECT,
				       granted ? ABILITY_YES : ABILITY_NO, false, e);
	if (rc)
		return rc;
	if (!granted)
		recon_note(r, "%s的清单没有申请到：%s", invoice_kind_label(a->kind), rep->message);
	if (!granted && not_entitled(rep))
		recon_stage(r, "fetch");
	else
		next_kind(r, "fetch");
	return recon_commit(r, e);
}

static enum err apply(struct recon *r, struct collect_apply *a, struct err_info *e)
{
	char first[24], last[24];
	struct leqi_reply rep = {0};
	struct caller c;
	bool ok;
	enum err rc = call_begin(r->en, r->job, &c, &ok, e);

	if (rc || !ok)
		return rc;
	days_of(r->run.month, first, last);
	leqi_collect_apply(r->en->leqi, &c.wire, c.unit.tax_no, first, last, a->kind, a->serial,
			   &rep);
	if (rep.class == LEQI_LATER || rep.class == LEQI_LOST)
		rc = recon_later(r, &rep, "申请发票清单", e);
	else
		rc = answered(r, a, &rep, e);
	leqi_reply_free(&rep);
	caller_free(&c);
	return rc;
}

static enum err forget(struct recon *r, struct collect_apply *a, struct err_info *e)
{
	recon_note(r, "%s的清单前一天申请时没有答复，这次不再申请", invoice_kind_label(a->kind));
	return skip_kind(r, e);
}

enum err recon_apply(struct recon *r, struct err_info *e)
{
	enum invoice_kind kind = ORDER[r->run.at_id % KINDS];
	struct collect_apply a;
	char today[DATE_TEXT];
	bool found, go = true;
	enum err rc = store_collect_get(r->en->db, r->run.id, kind, &a, &found, e);

	if (rc)
		return rc;
	if (found && strcmp(a.state, "sending") != 0)
		return skip_kind(r, e);
	if (found && strcmp(a.day, date_text(clock_now(), today)) != 0)
		return forget(r, &a, e);
	if (!found && (rc = record(r, &a, &go, e)))
		return rc;
	return go ? apply(r, &a, e) : ERR_OK;
}

/* ---- fetching ---- */

struct faces {
	struct recon_theirs *items;
	size_t n;
	const struct caller *c;
	enum invoice_kind kind;
};

static enum err take_face(void *arg, const struct leqi_face *f)
{
	struct faces *all = arg;
	struct recon_theirs *t;

	if (*f->seller_tax_no && strcmp(f->seller_tax_no, all->c->unit.tax_no) != 0)
		return ERR_OK; /* not issued by this taxpayer */
	if (all->n == LEQI_PACKAGE_MAX)
		return ERR_INVALID;
	t = &all->items[all->n++];
	*t = (struct recon_theirs) {.kind = all->kind,
				    .red = f->red,
				    .rows = f->rows,
				    .net = f->net,
				    .tax = f->tax,
				    .gross = f->gross};
	text_copy(t->number, sizeof(t->number), f->number);
	text_copy(t->issued_at, sizeof(t->issued_at), f->issued_at);
	text_copy(t->buyer_tax_no, sizeof(t->buyer_tax_no), f->buyer_tax_no);
	text_copy(t->buyer_name, sizeof(t->buyer_name), f->buyer_name);
	text_copy(t->blue_number, sizeof(t->blue_number), f->blue_number);
	return ERR_OK;
}

static void give_up(struct recon *r, struct collect_apply *a, const char *why)
{
	text_copy(a->outcome, sizeof(a->outcome), "failed");
	recon_note(r, "%s的清单没有取得：%s", invoice_kind_label(a->kind), why);
	next_kind(r, "theirs");
}

static enum err keep_faces(struct recon *r, struct collect_apply *a, const struct faces *all,
			   int packages, struct err_info *e)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < all->n && !rc; i++)
		rc = store_theirs_put(r->en->db, r->run.id, &all->items[i], e);
	a->packages = packages;
	a->loaded++;
	r->run.theirs += (int64_t)all->n;
	return rc;
}

static void whole(struct recon *r, struct collect_apply *a)
{
	text_copy(a->outcome, sizeof(a->outcome), "whole");
	r->run.listed[a->kind] = true;
	next_kind(r, "theirs");
}

/* What a package, or the word that there is none yet, leads to; inside the transaction. */
static enum err took(struct recon *r, struct collect_apply *a, const struct faces *all,
		     const struct leqi_package *p, struct err_info *e)
{
	enum err rc = ERR_OK;

	switch (p->state) {
	case LEQI_PACKAGE_RUNNING:
		if (clock_now() - a->at >= GIVE_UP_S)
			give_up(r, a, "税局一天都在处理");
		else
			r->due_ms = clock_now_ms() + r->en->params.recon_wait_ms;
		break;
	case LEQI_PACKAGE_FAILED:
		give_up(r, a, "税局处理失败");
		break;
	case LEQI_PACKAGE_NONE:
		whole(r, a);
		break;
	case LEQI_PACKAGE_READY:
		if (a->loaded && a->packages != p->packages)
			give_up(r, a, "总包数前后不一");
		else if (!(rc = keep_faces(r, a, all, p->packages, e)) && a->loaded == a->packages)
			whole(r, a);
		break;
	}
	return rc;
}

static enum err fetched(struct recon *r, struct collect_apply *a, const struct faces *all,
			const struct leqi_package *p, const struct leqi_reply *rep,
			struct err_info *e)
{
	enum err rc;

	if ((rc = db_begin(r->en->db, e)) || (rc = call_record(r->en, rep, e)))
		return rc;
	if (rep->class == LEQI_OK)
		rc = took(r, a, all, p, e);
	else
		give_up(r, a, rep->message);
	if (rc || (rc = store_collect_put(r->en->db, a, e)))
		return rc;
	return recon_commit(r, e);
}

/* An answer that came whole but cannot be used will be the same the next time. */
static bool lost(const struct leqi_reply *rep)
{
	return rep->class == LEQI_LATER ||
	       (rep->class == LEQI_LOST && strcmp(rep->return_code, "00") != 0);
}

static enum err fetch(struct recon *r, struct collect_apply *a, struct err_info *e)
{
	struct faces all = {.kind = a->kind};
	struct leqi_package p = {0};
	struct leqi_reply rep = {0};
	struct caller c;
	bool ok;
	enum err rc = call_begin(r->en, r->job, &c, &ok, e);

	if (rc || !ok)
		return rc;
	all.c = &c;
	all.items = mem_alloc(LEQI_PACKAGE_MAX * sizeof(*all.items));
	leqi_collect_fetch(r->en->leqi, &c.wire, a->serial, a->loaded + 1, take_face, &all, &p,
			   &rep);
	rc =
	    lost(&rep) ? recon_later(r, &rep, "下载发票清单", e) : fetched(r, a, &all, &p, &rep, e);
	free(all.items);
	leqi_reply_free(&rep);
	caller_free(&c);
	return rc;
}

enum err recon_fetch(struct recon *r, struct err_info *e)
{
	enum invoice_kind kind = ORDER[r->run.at_id % KINDS];
	struct collect_apply a;
	bool found;
	enum err rc = store_collect_get(r->en->db, r->run.id, kind, &a, &found, e);

	if (rc)
		return rc;
	if (found && !strcmp(a.state, "granted") && !*a.outcome)
		return fetch(r, &a, e);
	if ((rc = db_begin(r->en->db, e)))
		return rc;
	next_kind(r, "theirs");
	return recon_commit(r, e);
}
