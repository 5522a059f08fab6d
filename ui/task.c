/* task.c - one piece of long work beside the screen. */
#include "ui/task.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/base.h"
#include "ui/loop.h"
#include "ui/worker.h"

enum { LABEL = 100, PERCENT = 100, RATE_FROM_MS = 1000, STOP_STEP_NS = 10000000 };

static struct {
	struct task_spec spec;
	char label[LABEL], home[HOME_PATH], user[64], unit[64];
	pthread_t thread;
	atomic_int state; /* enum task_state; the thread writes TASK_ENDED last */
	struct import_progress progress;
	int64_t began_ms;
	_Atomic int64_t ended_ms;
	/* The thread's until it has ended. */
	struct task_end end;
} task;

/* ---- the thread ---- */

static void *work(void *arg)
{
	struct session *s = NULL;
	struct task_end *end = &task.end;

	(void)arg;
	end->verdict =
	    desk_open(task.home, task.user, *task.unit ? task.unit : NULL, &s, &end->error);
	if (!end->verdict)
		end->verdict =
		    task.spec.work(s, task.spec.arg, &task.progress, &end->result, &end->error);
	desk_close(&s);
	task.spec.arg_free(task.spec.arg);
	atomic_store(&task.ended_ms, clock_mono_ms());
	atomic_store(&task.state, TASK_ENDED);
	worker_tell();
	return NULL;
}

/* ---- the screen's side ---- */

/* The unit as the session of the screen has it; "" when it has none. */
static void take_place(void)
{
	struct session *s = ui_session();
	struct unit u;

	text_copy(task.home, sizeof(task.home), s->home);
	text_copy(task.user, sizeof(task.user), s->user.name);
	*task.unit = 0;
	if (desk_unit(s, &u, NULL))
		return;
	snprintf(task.unit, sizeof(task.unit), "%s@%s", u.tax_no, unit_env_label(u.env));
	unit_free(&u);
}

static void drop_result(void)
{
	struct task_end end;

	if (task_take(&end) && end.result)
		end.result_free(end.result);
}

enum err task_start(const struct task_spec *spec, struct err_info *e)
{
	int r;

	if (atomic_load(&task.state) == TASK_RUNNING) {
		err_fail(e, ERR_BUSY, "task.running", spec->label, "%s还在进行", task.label);
		err_hint(e, "请等它结束，或在“任务”里取消它");
		spec->arg_free(spec->arg);
		return ERR_BUSY;
	}
	drop_result();
	task.spec = *spec;
	text_copy(task.label, sizeof(task.label), spec->label);
	task.spec.label = task.label;
	task.end = (struct task_end) {.result_free = spec->result_free, .report = spec->report};
	atomic_store(&task.progress.done, 0);
	atomic_store(&task.progress.total, 0);
	atomic_store(&task.progress.rows, 0);
	atomic_store(&task.progress.what, NULL);
	atomic_store(&task.progress.cancel, false);
	take_place();
	desk_hurry(ui_session(), spec->writes);
	task.began_ms = clock_mono_ms();
	atomic_store(&task.state, TASK_RUNNING);
	r = thread_start(&task.thread, work, NULL);
	if (!r)
		return ERR_OK;
	atomic_store(&task.state, TASK_NONE);
	spec->arg_free(spec->arg);
	return err_errno(e, r, spec->label);
}

/* What is left, from what has been done so far; -1 before anything can be said. */
static int64_t left_of(const struct task_view *v, int64_t ms)
{
	if (ms < RATE_FROM_MS || v->done <= 0 || v->total < v->done)
		return -1;
	/* Rounded up: nothing ends in 0 seconds. */
	return (ms * (v->total - v->done) / v->done + 999) / 1000;
}

void task_look(struct task_view *out)
{
	enum task_state state = (enum task_state)atomic_load(&task.state);
	int64_t until = state == TASK_ENDED ? atomic_load(&task.ended_ms) : clock_mono_ms();

	*out = (struct task_view) {.state = state, .left_seconds = -1};
	if (state == TASK_NONE)
		return;
	out->label = task.label;
	out->word = task.spec.word;
	out->unit = task.spec.unit;
	out->watcher = task.spec.watcher;
	out->done = atomic_load(&task.progress.done);
	out->total = atomic_load(&task.progress.total);
	out->rows = atomic_load(&task.progress.rows);
	out->what = atomic_load(&task.progress.what);
	out->cancelling = atomic_load(&task.progress.cancel);
	out->seconds = (until - task.began_ms) / 1000;
	if (state == TASK_RUNNING) {
		out->left_seconds = left_of(out, until - task.began_ms);
		return;
	}
	out->verdict = task.end.verdict;
	out->error = task.end.error;
}

const char *task_words(char out[64])
{
	struct task_view v;
	char left[40] = "";

	task_look(&v);
	*out = 0;
	if (v.state == TASK_NONE)
		return out;
	if (v.left_seconds >= 0)
		snprintf(left, sizeof(left), " 剩 %lld 秒", (long long)v.left_seconds);
	if (v.state == TASK_ENDED)
		snprintf(out, 64, "%s 已结束", v.word);
	else if (v.cancelling)
		snprintf(out, 64, "%s 正在取消", v.word);
	else if (v.total > 0 && v.done >= v.total)
		snprintf(out, 64, "%s 正在保存", v.word);
	else if (v.total > 0)
		snprintf(out, 64, "%s %lld%%%s", v.word, (long long)(v.done * PERCENT / v.total),
			 left);
	else
		snprintf(out, 64, "%s %lld %s", v.word, (long long)v.rows, v.unit);
	return out;
}

void task_cancel(void)
{
	atomic_store(&task.progress.cancel, true);
}

bool task_take(struct task_end *out)
{
	if (atomic_load(&task.state) != TASK_ENDED)
		return false;
	pthread_join(task.thread, NULL);
	if (ui_session())
		desk_hurry(ui_session(), false);
	*out = task.end;
	task.end = (struct task_end) {.verdict = ERR_OK};
	atomic_store(&task.state, TASK_NONE);
	return true;
}

void task_stop(void)
{
	struct task_end end;

	if (atomic_load(&task.state) == TASK_NONE)
		return;
	task_cancel();
	/* Its transaction is undone or whole; both are quick. */
	while (!task_take(&end))
		nanosleep(&(struct timespec) {.tv_nsec = STOP_STEP_NS}, NULL);
	if (end.result)
		end.result_free(end.result);
}
