/* summary_look.c - 汇总确认: what the tax side has of a month, and why it differs (protocol 7.13). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "sync/summary_p.h"

enum { THOROUGH_MAX = 500 };

/* 对账 finds out which invoices they are; one that goes on already will. */
static enum err begin_recon(struct summary_work *w, struct err_info *e)
{
	struct recon_run run = {
	    .unit_id = w->s.unit_id, .stage = "summary", .created_by = w->job->created_by};
	enum ability_state ability;
	bool by_person;
	int64_t open = 0;
	enum err r;

	if ((r = store_recon_open(w->en->db, run.unit_id, w->s.month, &open, e)) ||
	    (r = store_ability_get(w->en->db, run.unit_id, ABILITY_COLLECT, &ability, &by_person,
				   e)))
		return r;
	if (open)
		w->s.recon_id = open;
	/* The calendar tries again and again: one is enough, and lists are few. */
	if (open || (w->s.recon_id && !w->job->created_by))
		return ERR_OK;
	text_copy(run.month, sizeof(run.month), w->s.month);
	run.collect = ability != ABILITY_NO;
	/* Without lists each is asked for, unless they are very many. */
	run.thorough = !run.collect && w->s.ours.blue_count + w->s.ours.red_count <= THOROUGH_MAX;
	if ((r = store_recon_add(w->en->db, &run, e)))
		return r;
	w->s.recon_id = run.id;
	return add_job(w->en, JOB_RECON, run.unit_id, run.id, clock_now_ms(), e);
}

/* Of a month that was refused as not equal. */
static enum err explain_difference(struct summary_work *w, struct err_info *e)
{
	size_t turned = 0;
	bool doubtful = false;
	enum err r = store_summary_sums(w->en->db, w->s.unit_id, w->s.month, &w->s.ours, e);

	if (r)
		return r;
	if (!summary_equal(&w->s.ours, &w->s.theirs)) {
		if ((r = summary_turn_edges(w, &turned, &doubtful, e)))
			return r;
		if (doubtful)
			text_copy(w->s.message, sizeof(w->s.message),
				  "税局少的可能是月末的发票（记在另一个月），也可能是它漏收的："
				  "请看对账，税局都有的，再刷新");
		if (!turned)
			return begin_recon(w, e);
	}
	w->s.state = SUMMARY_OPEN;
	if (turned)
		snprintf(w->s.message, sizeof(w->s.message),
			 "月末的 %zu 张发票已按税局的数归月，请再确认", turned);
	else
		text_copy(w->s.message, sizeof(w->s.message), "现在与税局一致，请再确认");
	return turned ? store_summary_sums(w->en->db, w->s.unit_id, w->s.month, &w->s.ours, e)
		      : ERR_OK;
}

static enum err sum_up(struct summary_work *w, struct err_info *e)
{
	enum err r = store_summary_sums(w->en->db, w->s.unit_id, w->s.month, &w->s.ours, e);

	if (r)
		return r;
	w->s.state = SUMMARY_AUTO;
	w->s.doubt = false;
	w->s.ended_at = clock_now();
	summary_difference(&w->s.ours, &w->s.theirs, w->s.message, sizeof(w->s.message));
	return ERR_OK;
}

/* It was called summed up under a clock that was ahead. */
static void reopen(struct summary_work *w)
{
	w->s.state = SUMMARY_OPEN;
	w->s.doubt = false;
	w->s.ended_at = 0;
	text_copy(w->s.message, sizeof(w->s.message),
		  "本机时钟曾经走快，误认为税局已自动汇总；按税局的时间还没有截止");
}

/* Of a month that is confirmed: were they our figures? */
static void compare(struct summary_work *w)
{
	char text[sizeof(w->s.message) - 100];

	if (summary_equal(&w->s.ours, &w->s.theirs))
		return;
	summary_difference(&w->s.ours, &w->s.theirs, text, sizeof(text));
	snprintf(w->s.message, sizeof(w->s.message), "税局的数与本机发出的不同：%s", text);
}

static enum err looked(struct summary_work *w, const struct caller *c,
		       const struct leqi_summary *all, size_t n, const struct leqi_reply *rep,
		       struct err_info *e)
{
	enum err r = db_begin(w->en->db, e);

	if (r || (r = call_record(w->en, rep, e)) ||
	    (r = store_summary_get(w->en->db, w->job->subject_id, &w->s, e)))
		return r;
	w->s.theirs = (struct summary_figures) {0};
	for (size_t i = 0; i < n; i++)
		if ((!*all[i].platform || !strcmp(all[i].platform, c->direct.leqi_id)) &&
		    (!*all[i].month || !strcmp(all[i].month, w->s.month)))
			summary_add(&w->s.theirs, &all[i].figures, 1);
	w->s.theirs_at = clock_now();
	if (!summary_state_final(w->s.state) && summary_closed(w->en, w->s.month))
		r = sum_up(w, e);
	else if (w->s.state == SUMMARY_AUTO && !summary_closed_there(w->en, w->s.month))
		reopen(w);
	else if (w->s.state == SUMMARY_FAILED)
		r = explain_difference(w, e);
	else if (w->s.state == SUMMARY_CONFIRMED)
		compare(w);
	if (r || (r = store_summary_put(w->en->db, &w->s, e)) ||
	    (r = job_done(w->en, w->job->id, "{}", e)))
		return r;
	return db_commit(w->en->db, e);
}

/* The same answer would come for ever: somebody has to look, and the calendar asks another time. */
static enum err unreadable(struct summary_work *w, const struct leqi_reply *rep, struct err_info *e)
{
	struct err_info why = {0};
	enum err r = db_begin(w->en->db, e);

	leqi_error(rep, "查询汇总数", &why);
	why.class = ERR_REFUSED;
	err_hint(&why, "请带上乐企请求日志联系主管税务机关；之后重新取汇总数");
	if (r || (r = call_record(w->en, rep, e)) ||
	    (r = store_summary_get(w->en->db, w->job->subject_id, &w->s, e)))
		return r;
	if (!*w->s.message) {
		err_sentence(&why, w->s.message, sizeof(w->s.message));
		r = store_summary_put(w->en->db, &w->s, e);
	}
	if (r || (r = job_failed(w->en, w->job->id, &why, e)))
		return r;
	return db_commit(w->en->db, e);
}

enum err run_summary_look(struct engine *en, struct job *job, struct err_info *e)
{
	struct summary_work w = {.en = en, .job = job};
	struct leqi_summary *all = NULL;
	struct leqi_reply rep = {0};
	struct caller c;
	size_t n = 0;
	bool ok;
	enum err r = store_summary_get(en->db, job->subject_id, &w.s, e);

	if (r || (r = call_begin(en, job, &c, &ok, e)) || !ok)
		return r;
	leqi_query_summary(en->leqi, &c.wire, c.unit.tax_no, c.unit.region, w.s.month, &all, &n,
			   &rep);
	if (rep.class == LEQI_OK)
		r = looked(&w, &c, all, n, &rep, e);
	else if (query_in_vain(job, &rep))
		r = unreadable(&w, &rep, e);
	else
		r = job_not_ok(en, job, &rep, "查询汇总数", e);
	if (r)
		db_rollback(en->db);
	free(all);
	leqi_reply_free(&rep);
	caller_free(&c);
	return r;
}
