/* sync.c - the engine's loop: lock, due jobs, waiting. */
#include "sync/sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/file.h"
#include "base/log.h"
#include "sync/sync_p.h"

static const struct {
	const char *kind;
	job_handler run;
} HANDLERS[] = {
    {JOB_VERIFY, run_verify},
    {JOB_PROBE, run_probe},
    {JOB_TAXPAYER, run_taxpayer},
    {JOB_TAXCODES, run_taxcodes},
    {JOB_CLAIM, run_claim},
    {JOB_QUOTA_SYNC, run_quota_sync},
    {JOB_QUOTA_MOVE, run_quota_move},
    {JOB_QUOTA_ADJUST, run_quota_adjust},
    {JOB_UPLOAD, run_upload},
    {JOB_POLL, run_poll},
    {JOB_PUSH, run_push},
    {JOB_MAIL, run_mail},
    {JOB_POST_TEST, run_post_test},
    {JOB_RECON, run_recon},
    {JOB_SUMMARY_CONFIRM, run_summary_confirm},
    {JOB_SUMMARY_CANCEL, run_summary_cancel},
    {JOB_SUMMARY_LOOK, run_summary_look},
    {JOB_RED_APPLY, run_red_apply},
    {JOB_RED_ACT, run_red_act},
    {JOB_RED_SYNC, run_red_sync},
};

static job_handler handler_of(const char *kind)
{
	for (size_t i = 0; i < sizeof HANDLERS / sizeof *HANDLERS; i++)
		if (strcmp(HANDLERS[i].kind, kind) == 0)
			return HANDLERS[i].run;
	return NULL;
}

/* ---- parameters ---- */

static const struct {
	const char *key, *fallback;
	size_t offset;
	int64_t min, max;
} PARAMS[] = {
    {"poll_first_ms", "10000", offsetof(struct engine_params, poll_first_ms), 1, 3600000},
    {"poll_max_ms", "600000", offsetof(struct engine_params, poll_max_ms), 1, 3600000},
    {"retry_base_ms", "5000", offsetof(struct engine_params, retry_base_ms), 1, 3600000},
    {"retry_max_ms", "600000", offsetof(struct engine_params, retry_max_ms), 1, 86400000},
    {"connect_ms", "10000", offsetof(struct engine_params, connect_ms), 100, 300000},
    {"total_ms", "60000", offsetof(struct engine_params, total_ms), 100, 3600000},
    {"batch_size", "100", offsetof(struct engine_params, batch_size), 1, TAX_BATCH_MAX},
    {"recon_wait_ms", "240000", offsetof(struct engine_params, recon_wait_ms), 1, 3600000},
    {"recon_pace_ms", "200", offsetof(struct engine_params, recon_pace_ms), 0, 60000},
    {"red_refresh_ms", "600000", offsetof(struct engine_params, red_refresh_ms), 0, 86400000},
    {"red_blue_wait_ms", "30000", offsetof(struct engine_params, red_blue_wait_ms), 1, 1800000},
    {"summary_wait_ms", "180000", offsetof(struct engine_params, summary_wait_ms), 1, 3600000},
    {"calendar", "1", offsetof(struct engine_params, calendar), 0, 1},
};

static enum err load_params(struct engine *en, struct err_info *e)
{
	for (size_t i = 0; i < sizeof PARAMS / sizeof *PARAMS; i++) {
		char text[32];
		enum err r = store_setting_get(en->db, "engine", PARAMS[i].key, PARAMS[i].fallback,
					       text, sizeof text, e);
		if (r)
			return r;
		char *end;
		long long v = strtoll(text, &end, 10);
		if (*end || v < PARAMS[i].min || v > PARAMS[i].max)
			return err_fail(e, ERR_INVALID, "param.engine", PARAMS[i].key,
					"参数值“%s”不在 %lld 到 %lld 之间", text,
					(long long)PARAMS[i].min, (long long)PARAMS[i].max);
		*(int64_t *)((char *)&en->params + PARAMS[i].offset) = v;
	}
	return ERR_OK;
}

/* ---- open and close ---- */

/* Whoever reads a large file in writes for long; an answer in hand is not lost for that. */
enum err engine_open_db(struct engine *en, struct err_info *e)
{
	char path[HOME_PATH];
	enum err r;

	if ((r = home_path(en->home, HOME_DB, path, e)) ||
	    (r = db_open(path, DB_WRITE, &en->db, e)))
		return r;
	db_be_patient(en->db, DB_PATIENCE_MS, NULL);
	return ERR_OK;
}

static enum err open_parts(struct engine *en, struct err_info *e)
{
	enum err r;

	if ((r = engine_open_db(en, e)) || (r = home_load_key(en->home, en->db, en->secret, e)) ||
	    (r = leqi_open(&en->leqi, e)) || (r = load_params(en, e)))
		return r;
	leqi_set_trace(en->leqi, call_trace, en);
	leqi_machine(en->ip, en->mac);
	r = recover(en, true, e);
	if (r)
		db_rollback(en->db);
	return r;
}

enum err sync_open(const char *home, struct engine **out, struct err_info *e)
{
	char path[HOME_PATH];
	struct engine *en = secret_alloc(sizeof *en);
	en->lock = -1;
	en->opened_ms = clock_mono_ms();

	enum err r = home_path(home, HOME_LOCK, path, e);
	if (!r)
		r = file_lock(path, &en->lock, e);
	if (!r) {
		memcpy(en->home, home, strlen(home) + 1); /* home_path has measured it */
		r = open_parts(en, e);
	}
	if (r) {
		sync_close(&en);
		return r;
	}
	*out = en;
	return ERR_OK;
}

void sync_close(struct engine **en)
{
	if (!*en)
		return;
	lane_close(*en);
	post_close(&(*en)->post);
	leqi_close(&(*en)->leqi);
	db_close(&(*en)->db);
	file_unlock(&(*en)->lock);
	secret_free(*en, sizeof(**en));
	*en = NULL;
}

/* ---- work ---- */

/* Faults of the database or the disk stop the engine; anything else concerns one job only. */
bool house_is_down(const struct err_info *e)
{
	return e->class == ERR_BUSY ||
	       (e->class == ERR_DAMAGED && strncmp(e->code, "invoice.", 8) != 0);
}

/* Puts a job away that cannot be worked on: requests end, what belongs to an invoice waits for a
 * person to look. */
static enum err set_aside(struct engine *en, const struct job *job, const struct err_info *why,
			  struct err_info *e)
{
	log_err(LOG_ERROR, "sync", why);
	enum err r =
	    recover(en, false, e); /* the handler may have left jobs running, invoices sending */
	if (r || (r = db_begin(en->db, e)))
		return r;
	if (job_is_owed(job))
		r = store_job_again(en->db, job->id, clock_now_ms() + SET_ASIDE_MS, NULL, why, e);
	else
		r = job_failed(en, job->id, why, e);
	if (!r)
		r = db_commit(en->db, e);
	if (r)
		db_rollback(en->db);
	return r;
}

enum err engine_run(struct engine *en, struct job *job, struct err_info *e)
{
	struct err_info why = {0};
	job_handler run = handler_of(job->kind);

	log_write(LOG_INFO, "sync", "job %lld %s attempt %d", (long long)job->id, job->kind,
		  job->attempts + 1);
	enum err r = run ? run(en, job, &why)
			 : err_fail(&why, ERR_INTERNAL, "job.kind", "任务",
				    "本版本不认识的任务种类 %s", job->kind);
	if (!r)
		return ERR_OK;
	en->carried = false;
	db_rollback(en->db);
	if (!house_is_down(&why))
		return set_aside(en, job, &why, e);
	if (e)
		*e = why;
	return r;
}

/* When to leave off although jobs are due. */
struct pause {
	const atomic_bool *stop;
	int64_t deadline_ms; /* monotonic, 0 none */
	sync_settled settled;
	void *arg;
	struct db *db;
	bool done;
	int64_t tax_ms;          /* out: the next due job of the tax side, 0 none */
	bool brings, brings_now; /* of the engine that is opened (sync_p.h) */
};

static enum err shall_pause(struct pause *p, bool *out, struct err_info *e)
{
	enum err r = p->settled ? p->settled(p->arg, p->db, &p->done, e) : ERR_OK;
	*out = r || p->done || (p->stop && *p->stop) ||
	       (p->deadline_ms && clock_mono_ms() >= p->deadline_ms);
	return r;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return !a || (b && b < a) ? b : a;
}

static enum err work(struct engine *en, int64_t *next_ms, struct pause *p, struct err_info *e)
{
	bool enough = false;
	int64_t post_ms = 0;
	enum err r = load_params(en, e);
	if (!r)
		r = keep_house(en, e);
	*next_ms = 0;
	while (!r) {
		if ((r = lane_turn(en, &post_ms, e)))
			break;
		struct job job;
		bool found = false, put = false;
		r = store_job_due(en->db, LANE_TAX, clock_now_ms(), &job, &found, next_ms, e);
		if (!r && !found && !(r = calendar_turn(en, &put, e)) && put)
			continue;
		if (!r && !found)
			r = keep_index(en, next_ms, e);
		if (r || !found)
			break;
		r = engine_run(en, &job, e);
		job_free(&job);
		if (!r && calendar_waited(en))
			r = calendar_turn(en, &put, e);
		if (!r)
			r = shall_pause(p, &enough, e);
		if (enough) {
			*next_ms = clock_now_ms();
			break;
		}
	}
	p->tax_ms = *next_ms;
	*next_ms = sooner(*next_ms, post_ms);
	if (!r)
		r = keep_log(en, e);
	if (r)
		db_rollback(en->db);
	return r;
}

enum err sync_work(struct engine *en, int64_t *next_ms, const atomic_bool *stop, struct err_info *e)
{
	struct pause p = {.stop = stop};

	en->brings = true;
	return work(en, next_ms, &p, e);
}

struct sync_pulse sync_pulse(const struct engine *en, int64_t direct)
{
	struct sync_pulse p = {.turns = en->calls + en->done + en->failed,
			       .called = !direct && en->calls > 0,
			       .reached = direct || !en->missed};

	for (size_t i = 0; i < REACHED && direct; i++) {
		if (en->reach[i].direct != direct)
			continue;
		p.called = true;
		p.reached = !en->reach[i].missed;
	}
	return p;
}

/* ---- waiting ---- */

static void nap(int64_t ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000};
	nanosleep(&t, NULL);
}

enum {
	TICK_MS = 20,
	WAIT_MS = 100,
	RETRY_WAIT_MS = 3000,
	FULL_MS = 5000, /* between looks at a full disk */
};

/* One turn of a waiter: works when the engine is ours or can be, else naps.  *en stays open between
 * turns; after a fault it is closed, so that the next turn recovers what was left running. */
static enum err wait_turn(const char *home, struct engine **en, int64_t left_ms, int64_t *next_ms,
			  struct pause *p, struct err_info *e)
{
	*next_ms = 0;
	if (!*en) {
		enum err r = sync_open(home, en, e);
		if (r == ERR_BUSY) {
			err_clear(e); /* somebody else works for us */
			nap(left_ms < WAIT_MS ? left_ms : WAIT_MS);
			return ERR_OK;
		}
		if (r)
			return r;
		(*en)->brings = p->brings;
		(*en)->brings_now = p->brings_now;
		p->brings_now = false;
	}
	enum err r = work(*en, next_ms, p, e);
	if (r)
		sync_close(en);
	/* Somebody writes for long: it is opened again, as long as the waiter has time. */
	if (r == ERR_BUSY && left_ms > 0) {
		err_clear(e);
		nap(left_ms < WAIT_MS ? left_ms : WAIT_MS);
		return ERR_OK;
	}
	return r;
}

/* Sleeps until the next due job, but never past the deadline and in short steps, because another
 * process may add jobs meanwhile. */
static void rest(int64_t next_ms, int64_t left_ms)
{
	int64_t ms = next_ms ? next_ms - clock_now_ms() : WAIT_MS;
	if (ms > WAIT_MS)
		ms = WAIT_MS;
	if (ms > left_ms)
		ms = left_ms;
	nap(ms > 0 ? ms : (next_ms ? 1 : TICK_MS));
}

static void add_up(const struct engine *en, struct sync_summary *sum)
{
	if (!en || !sum)
		return;
	sum->done += en->done;
	sum->failed += en->failed;
}

enum err sync_until(const char *home, struct db *db, int64_t timeout_ms, sync_settled settled,
		    void *arg, struct err_info *e)
{
	return sync_until_counting(home, db, timeout_ms, settled, arg, NULL, e);
}

enum err sync_until_counting(const char *home, struct db *db, int64_t timeout_ms,
			     sync_settled settled, void *arg, struct sync_summary *sum,
			     struct err_info *e)
{
	struct engine *en = NULL;
	struct pause p = {.settled = settled, .arg = arg, .db = db};
	enum err r = settled(arg, db, &p.done, e);

	p.deadline_ms = clock_mono_ms() + timeout_ms;
	while (!r && !p.done) {
		int64_t left = p.deadline_ms - clock_mono_ms(), next;
		if (left <= 0) {
			r = err_fail(e, ERR_UNKNOWN, "wait.timeout", "等待税局结果",
				     "%lld 秒内没有结果", (long long)(timeout_ms / 1000));
			err_hint(e, "已记录，稍后用 kaipiao sync --once 继续");
			break;
		}
		if ((r = wait_turn(home, &en, left, &next, &p, e)) || p.done)
			break;
		r = settled(arg, db, &p.done, e);
		if (!r && !p.done && en)
			rest(next, p.deadline_ms - clock_mono_ms());
	}
	add_up(en, sum);
	sync_close(&en);
	return r;
}

/* An import is no business of the engine's. */
static enum err count_running(void *arg, const struct job *j)
{
	*(int64_t *)arg += strcmp(j->kind, JOB_IMPORT) != 0;
	return ERR_OK;
}

static enum err summarise(const struct engine *en, struct sync_summary *out, struct err_info *e)
{
	int64_t ready = 0, running = 0, unfinished = 0, oldest = 0;
	enum err r;
	if ((r = store_job_count(en->db, JOB_READY, &ready, e)) ||
	    (r = store_job_list_running(en->db, count_running, &running, e)) ||
	    (r = store_invoice_unfinished(en->db, 0, &unfinished, &oldest, e)))
		return r;
	*out = (struct sync_summary) {.done = en->done,
				      .failed = en->failed,
				      .open = ready + running,
				      .unfinished = unfinished};
	return ERR_OK;
}

/* How long what is left is waited for: all of the time for the tax side and for a call under way;
 * for deliveries that wait for a further attempt only until *retry_ms (monotonic, set when the
 * first such wait begins). */
static int64_t time_left(const struct engine *en, const struct pause *p, int64_t *retry_ms)
{
	int64_t now = clock_mono_ms(), left = p->deadline_ms - now;

	if (p->tax_ms && p->tax_ms - clock_now_ms() <= left)
		return left;
	if (lane_works(en))
		return left;
	if (!*retry_ms)
		*retry_ms = now + RETRY_WAIT_MS;
	return left < *retry_ms - now ? left : *retry_ms - now;
}

enum err sync_settle(const char *home, int64_t timeout_ms, struct sync_summary *out,
		     struct err_info *e)
{
	int64_t deadline = clock_mono_ms() + timeout_ms;
	struct pause p = {.deadline_ms = deadline, .brings = true, .brings_now = true};
	struct engine *en = NULL;
	int64_t retry_ms = 0;
	enum err r;

	for (;;) {
		int64_t next = 0, left = deadline - clock_mono_ms();
		if ((r = wait_turn(home, &en, left > 0 ? left : 0, &next, &p, e)))
			break;
		left = en ? time_left(en, &p, &retry_ms) : deadline - clock_mono_ms();
		/* Nothing open, or nothing that comes due in our time. */
		if (en && (next == 0 || next - clock_now_ms() > left)) {
			r = summarise(en, out, e);
			break;
		}
		if (!en && left <= 0) {
			r = err_fail(e, ERR_BUSY, "sync.held", "同步", "另一个进程正在同步");
			break;
		}
		if (en)
			rest(next, left);
	}
	sync_close(&en);
	return r;
}

/* A busy database or a full disk must not end the service: what is due stays due.  *ms: how long to
 * rest. */
static bool passes(const struct err_info *e, bool *full, int64_t *ms)
{
	bool is_full = strcmp(e->code, "disk.full") == 0;

	if (!is_full && e->class != ERR_BUSY)
		return false;
	/* Said once, not every time. */
	if (!is_full || !*full)
		log_err(LOG_WARN, "sync", e);
	if (is_full && !*full)
		fprintf(stderr, "kaipiao: %s；同步等它腾出空间再继续\n", e->why);
	*full = is_full;
	*ms = is_full ? FULL_MS : WAIT_MS;
	return true;
}

/* In short steps: a stop is not kept waiting. */
static void nap_until(int64_t ms, const atomic_bool *stop)
{
	for (; ms > 0 && !*stop; ms -= WAIT_MS)
		nap(ms < WAIT_MS ? ms : WAIT_MS);
}

enum err sync_daemon(const char *home, const atomic_bool *stop, struct err_info *e)
{
	struct engine *en = NULL;
	struct pause p = {.stop = stop, .brings = true};
	bool full = false;
	enum err r = ERR_OK;

	while (!r && !*stop) {
		int64_t next = 0, ms = 0;
		r = wait_turn(home, &en, WAIT_MS, &next, &p, e);
		if (r && passes(e, &full, &ms)) {
			err_clear(e);
			r = ERR_OK;
			nap_until(ms, stop);
		} else if (!r && en) {
			full = false;
			rest(next, WAIT_MS);
		}
	}
	sync_close(&en);
	return r;
}
