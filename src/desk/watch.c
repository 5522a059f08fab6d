/* watch.c - what a person should look at: the round, jobs and the engine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/engine.h"
#include "desk/unit_p.h"
#include "desk/watch_p.h"

enum { IDLE_S = 120, STALLED_S = 600, TOLD_S = 86400 };

enum err watch_tell(struct watch *w, struct watch_finding *f)
{
	const struct unit *u = w->unit;

	f->unit_name = u ? u->name : "";
	f->unit_tax_no = u ? u->tax_no : "";
	f->env = u ? unit_env_label(u->env) : "";
	f->numbers = w->shown;
	f->number_count = w->listed;
	*w->worst = desk_worse(*w->worst, f->class);
	return w->f(w->arg, f);
}

const char *watch_age(int64_t seconds, char out[32])
{
	if (seconds < 3600)
		snprintf(out, 32, "%lld 分钟", (long long)(seconds / 60));
	else if (seconds < 2 * 86400)
		snprintf(out, 32, "%lld 小时", (long long)(seconds / 3600));
	else
		snprintf(out, 32, "%lld 天", (long long)(seconds / 86400));
	return out;
}

/* ---- jobs ---- */

/* Uploads and polls are seen by their invoices, applications by their letters, 汇总确认 by its
 * month; an import by who imports. */
static bool speaks_for_itself(const char *kind)
{
	return strncmp(kind, "invoice.", 8) != 0 && strcmp(kind, JOB_RED_APPLY) != 0 &&
	       strcmp(kind, JOB_IMPORT) != 0 && strcmp(kind, JOB_VERIFY) != 0 &&
	       strcmp(kind, JOB_SUMMARY_CONFIRM) != 0 && strcmp(kind, JOB_SUMMARY_CANCEL) != 0;
}

static enum err watch_jobs(struct watch *w, struct err_info *e)
{
	const char *kind;
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; !r && (kind = desk_job_kind(i)); i++) {
		char text[WATCH_TEXT], when[DATETIME_TEXT];
		struct watch_finding f = {.check = "job",
					  .label = "任务失败",
					  .text = text,
					  .mend = "用 kaipiao jobs list --state failed 看原因",
					  .count = 1,
					  .class = ERR_REFUSED};
		bool failed = false, asked = false;
		int64_t at = 0;

		if (!speaks_for_itself(kind))
			continue;
		r = store_job_last(w->s->db, kind, w->unit->id, &failed, &at, e);
		if (r || !failed)
			continue;
		f.age_s = clock_now() - at;
		if ((r = store_job_last_asked(w->s->db, kind, w->unit->id, &asked, e)))
			break;
		/* Who asked has had the answer, and need not ask again for what was a slip; of an
		 * interval that does need adjusting the look at the quota tells. */
		if (asked && (f.age_s > TOLD_S || !strcmp(kind, JOB_QUOTA_ADJUST)))
			continue;
		snprintf(text, sizeof(text), "最近一次%s没有办成（%s）", desk_job_label(kind),
			 datetime_text(at, when));
		r = watch_tell(w, &f);
	}
	return r;
}

/* ---- the engine ---- */

/* Does somebody hold the lock: of the engine, of the batches? */
static enum err is_held(struct watch *w, enum home_file lock, bool *runs, struct err_info *e)
{
	char path[HOME_PATH];
	int fd = -1;
	enum err r = home_path(w->s->home, lock, path, e);

	*runs = false;
	if (r || !file_exists(path))
		return r;
	r = file_lock(path, &fd, NULL);
	*runs = r == ERR_BUSY;
	if (!r)
		file_unlock(&fd);
	return ERR_OK;
}

static enum err watch_engine(struct watch *w, struct err_info *e)
{
	char text[WATCH_TEXT], age[32];
	struct watch_finding f = {.check = "engine",
				  .label = "没有同步",
				  .text = text,
				  .mend = "启动工作站、kaipiao sync --daemon，或定时 sync --once",
				  .class = ERR_BUSY};
	int64_t due_ms = 0;
	bool runs = false;
	enum err r = store_job_overdue(w->s->db, clock_now_ms(), &due_ms, &f.count, e);

	if (r || !f.count || (r = is_held(w, HOME_LOCK, &runs, e)))
		return r;
	f.age_s = clock_now() - due_ms / 1000;
	if (f.age_s < (runs ? STALLED_S : IDLE_S))
		return ERR_OK;
	snprintf(text, sizeof(text), "%lld 个任务到期没有办，最早的已 %s%s", (long long)f.count,
		 watch_age(f.age_s, age), runs ? "，而同步在运行" : "，没有同步在运行");
	return watch_tell(w, &f);
}

/* A batch goes on only while somebody is its runner. */
static enum err watch_runner(struct watch *w, struct err_info *e)
{
	struct order_batch b = {.id = 0};
	char text[WATCH_TEXT];
	struct watch_finding f = {.check = "batch",
				  .label = "批量开票没有进行",
				  .text = text,
				  .mend = "启动工作站、kaipiao sync --daemon，或运行 sync --once",
				  .class = ERR_BUSY};
	bool runs = false;
	enum err r = watch_batches(w, BATCH_RUNNING, &f.count, &b, e);

	if (r || !f.count || !b.counts[ORDER_READY] ||
	    (r = is_held(w, HOME_BATCH_LOCK, &runs, e)) || runs)
		return r;
	f.age_s = clock_now() - b.updated_at;
	snprintf(text, sizeof(text), "第 %lld 批还有 %lld 张待开，没有程序在开", (long long)b.id,
		 (long long)b.counts[ORDER_READY]);
	return watch_tell(w, &f);
}

/* ---- all ---- */

typedef enum err (*look)(struct watch *w, struct err_info *e);

static enum err run(struct watch *w, const look *looks, size_t n, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < n && !r; i++) {
		w->listed = 0;
		w->oldest = 0;
		r = looks[i](w, e);
	}
	return r;
}

enum err desk_watch(struct session *s, const struct watch_limits *l, watch_each f, void *arg,
		    enum err *worst, struct err_info *e)
{
	static const look OF_UNIT[] = {
	    watch_unfinished, watch_persons,    watch_failures, watch_red,
	    watch_red_failed, watch_red_lapsed, watch_post,     watch_paused,
	    watch_runner,     watch_jobs,       watch_taxpayer, watch_numbers,
	    watch_quota,      watch_summary,    watch_safety,   watch_removal};
	static const look OF_HOME[] = {watch_engine};
	struct watch w = {.s = s, .limits = l, .f = f, .arg = arg, .worst = worst};
	struct unit_set set = {.n = 0};
	size_t i;
	enum err r;

	*worst = ERR_OK;
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = unit_set_all(s, "using", &set, e)))
		return r;
	for (i = 0; i < set.n && !r; i++) {
		w.unit = &set.items[i];
		if (w.unit->verified)
			r = run(&w, OF_UNIT, sizeof(OF_UNIT) / sizeof(OF_UNIT[0]), e);
	}
	w.unit = NULL;
	if (!r)
		r = run(&w, OF_HOME, sizeof(OF_HOME) / sizeof(OF_HOME[0]), e);
	unit_set_free(&set);
	return r;
}
