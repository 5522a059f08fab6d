/* recon.c - 对账: a month compared with the tax side, step by step.
 *
 *   summary    the six figures, where the tax side tells them (CXFPHZQRXX)
 *   apply      a list for each kind, where the unit has 归集 and may still apply (PLFPXZSQ)
 *   fetch      their packages; "still at it" is asked again minutes later (PLFPXZSQFK)
 *   theirs     every invoice of the lists, looked up here
 *   unsettled  ours without a final success, looked up there or asked for one by one (FPZTXXCX)
 *   issued     ours that were issued, the same; all of them are asked for only when told to
 *   tidy       the lists are dropped
 *
 * A step ends in one transaction with what it found and how far it is, so a death costs at most the
 * call under way; nothing here changes an invoice.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "base/text.h"
#include "sync/recon_p.h"

enum { SHED = 2000, NOTE = 400, ATTEMPTS_COUNTED = 6 };

void recon_note(struct recon *r, const char *fmt, ...)
{
	char note[NOTE];
	va_list ap;
	size_t n = strlen(r->run.notes);

	va_start(ap, fmt);
	vsnprintf(note, sizeof(note), fmt, ap);
	va_end(ap);
	note[text_whole(note, strlen(note))] = 0;
	if (strstr(r->run.notes, note) || n + strlen(note) + 4 >= sizeof(r->run.notes))
		return;
	snprintf(r->run.notes + n, sizeof(r->run.notes) - n, "%s%s", n ? "；" : "", note);
}

void recon_stage(struct recon *r, const char *stage)
{
	text_copy(r->run.stage, sizeof(r->run.stage), stage);
	r->run.at_text[0] = 0;
	r->run.at_id = 0;
}

/* A step without a call does not mark its job as running, so somebody may have cancelled it. */
static enum err cancelled(struct recon *r, bool *out, struct err_info *e)
{
	struct job now;
	enum err rc = store_job_get(r->en->db, r->job->id, &now, e);

	if (rc)
		return rc;
	*out = now.state != JOB_READY && now.state != JOB_RUNNING;
	job_free(&now);
	return ERR_OK;
}

enum err recon_commit(struct recon *r, struct err_info *e)
{
	bool gone = false;
	enum err rc = cancelled(r, &gone, e);

	if (gone) {
		db_rollback(r->en->db);
		return ERR_OK;
	}
	if (!rc)
		rc = store_recon_put(r->en->db, &r->run, e);
	if (!rc && r->ended)
		rc = job_done(r->en, r->job->id, "{}", e);
	else if (!rc)
		rc = store_job_again(r->en->db, r->job->id, r->due_ms, NULL, NULL, e);
	return rc ? rc : db_commit(r->en->db, e);
}

/* ---- the six figures ---- */

static void put_figures(struct json_out *o, const char *key, const struct summary_figures *f)
{
	json_open(o, key, '{');
	json_put_int(o, "blue_count", f->blue_count);
	json_put_fen(o, "blue_net", f->blue_net);
	json_put_fen(o, "blue_tax", f->blue_tax);
	json_put_int(o, "red_count", f->red_count);
	json_put_fen(o, "red_net", f->red_net);
	json_put_fen(o, "red_tax", f->red_tax);
	json_close(o, '}');
}

static const char *figures_text(const struct summary_figures *f, char out[200])
{
	char a[FEN_TEXT], b[FEN_TEXT], c[FEN_TEXT], d[FEN_TEXT];

	snprintf(out, 200, "蓝字 %lld 张 金额 %s 税额 %s，红字 %lld 张 金额 %s 税额 %s",
		 (long long)f->blue_count, fen_format(f->blue_net, a), fen_format(f->blue_tax, b),
		 (long long)f->red_count, fen_format(f->red_net, c), fen_format(f->red_tax, d));
	return out;
}

struct sums {
	struct summary_figures ours, theirs, others;
	size_t told, elsewhere;
};

static enum err keep_figures(struct recon *r, const struct sums *s, struct err_info *e)
{
	struct recon_difference d = {.run_id = r->run.id,
				     .unit_id = r->run.unit_id,
				     .kind = RECON_FIGURES,
				     .compared = RECON_DIFFERENT};
	char text[200];
	struct json_out o;
	struct buf b;

	buf_init(&b, sizeof(r->run.figures) - 1);
	json_out_init(&o, &b, 0);
	json_open(&o, NULL, '{');
	put_figures(&o, "ours", &s->ours);
	if (s->told)
		put_figures(&o, "theirs", &s->theirs);
	if (s->elsewhere)
		put_figures(&o, "other_platforms", &s->others);
	json_close(&o, '}');
	text_copy(r->run.figures, sizeof(r->run.figures), buf_str(&b));
	buf_free(&b);
	if (!s->told || summary_equal(&s->ours, &s->theirs))
		return ERR_OK;
	text_copy(d.ours, sizeof(d.ours), figures_text(&s->ours, text));
	text_copy(d.theirs, sizeof(d.theirs), figures_text(&s->theirs, text));
	return store_difference_add(r->en->db, &d, e);
}

static enum err summary_taken(struct recon *r, const struct caller *c,
			      const struct leqi_summary *all, size_t n,
			      const struct leqi_reply *rep, struct err_info *e)
{
	struct sums s = {.told = 0};
	enum err rc;

	for (size_t i = 0; i < n; i++) {
		bool own = !*all[i].platform || !strcmp(all[i].platform, c->direct.leqi_id);

		if (*all[i].month && strcmp(all[i].month, r->run.month) != 0)
			continue;
		summary_add(own ? &s.theirs : &s.others, &all[i].figures, 1);
		*(own ? &s.told : &s.elsewhere) += 1;
	}
	if ((rc = db_begin(r->en->db, e)) || (rc = call_record(r->en, rep, e)) ||
	    (rc = store_summary_sums(r->en->db, r->run.unit_id, r->run.month, &s.ours, e)))
		return rc;
	if (rep->class != LEQI_OK)
		recon_note(r, "汇总数没有取得：%s", rep->message);
	else if (!s.told)
		recon_note(r, "税局没有这个月的汇总数");
	if ((rc = keep_figures(r, &s, e)))
		return rc;
	recon_stage(r, r->run.collect ? "apply" : "unsettled");
	return recon_commit(r, e);
}

enum err recon_later(struct recon *r, const struct leqi_reply *rep, const char *what,
		     struct err_info *e)
{
	if (r->job->attempts > ATTEMPTS_COUNTED) /* steps that went well were counted, too */
		r->job->attempts = ATTEMPTS_COUNTED;
	return job_not_ok(r->en, r->job, rep, what, e);
}

static enum err summary(struct recon *r, struct err_info *e)
{
	struct leqi_summary *all = NULL;
	struct leqi_reply rep = {0};
	struct caller c;
	size_t n = 0;
	bool ok;
	enum err rc = call_begin(r->en, r->job, &c, &ok, e);

	if (rc || !ok)
		return rc;
	leqi_query_summary(r->en->leqi, &c.wire, c.unit.tax_no, c.unit.region, r->run.month, &all,
			   &n, &rep);
	if ((rep.class == LEQI_LATER || rep.class == LEQI_LOST) && !query_in_vain(r->job, &rep))
		rc = recon_later(r, &rep, "查询汇总数", e);
	else
		rc = summary_taken(r, &c, all, n, &rep, e);
	free(all);
	leqi_reply_free(&rep);
	caller_free(&c);
	return rc;
}

/* ---- the end ---- */

static enum err tidy(struct recon *r, struct err_info *e)
{
	int gone = 0;
	enum err rc = db_begin(r->en->db, e);

	if (rc || (rc = store_theirs_shed(r->en->db, r->run.id, SHED, &gone, e)))
		return rc;
	if (!gone) {
		r->ended = true;
		r->run.finished_at = clock_now();
		text_copy(r->run.state, sizeof(r->run.state), "done");
		recon_stage(r, "done");
	}
	return recon_commit(r, e);
}

static const struct {
	const char *stage;
	enum err (*step)(struct recon *r, struct err_info *e);
} STEPS[] = {
    {"summary", summary},
    {"apply", recon_apply},
    {"fetch", recon_fetch},
    {"theirs", recon_theirs_step},
    {"unsettled", recon_unsettled_step},
    {"issued", recon_issued_step},
    {"tidy", tidy},
};

enum err run_recon(struct engine *en, struct job *job, struct err_info *e)
{
	struct recon *r = mem_zalloc(sizeof(*r));
	enum err rc = store_recon_get(en->db, job->subject_id, &r->run, e);
	size_t i = 0;

	r->en = en;
	r->job = job;
	r->due_ms = clock_now_ms();
	while (i < sizeof(STEPS) / sizeof(STEPS[0]) - 1 && strcmp(STEPS[i].stage, r->run.stage))
		i++;
	if (!rc)
		rc = STEPS[i].step(r, e);
	free(r);
	return rc;
}
