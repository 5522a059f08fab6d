/* lane.c - pushes and mails run in a thread of their own, with a connection and an engine state of
 * their own: who hangs there never keeps an invoice waiting.
 *
 * The thread is begun by the engine's turn when such a job is due, works until none is, and ends;
 * the next turn joins it.  Closing the engine asks a call under way to stop.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/log.h"
#include "base/thread.h"
#include "sync/sync_p.h"

enum {
	BUSY_MS = 1000, /* between looks while the thread works, at most */
	NAP_NS = 20000000,
	GRACE_MS = 3000,      /* a call under way may end by itself when the engine closes */
	FAULT_REST_MS = 5000, /* after a fault of the house */
};

struct lane {
	pthread_t thread;
	bool running;      /* a thread is there to be joined */
	atomic_bool ended; /* it has nothing left to do */
	atomic_bool quit;  /* begin no further job */
	atomic_bool stop;  /* break a call off */
	struct engine *en;
	int64_t rest_until_ms; /* monotonic; after a fault */
	atomic_bool fault;
};

static void *work(void *arg)
{
	struct lane *l = arg;
	struct err_info e = {0};
	bool found = true;
	/* After a fault of the house a job may still be `running`, a mail `sending`. */
	enum err r = recover(l->en, false, &e);

	while (!r && found && !l->quit) {
		struct job job;
		int64_t next;

		r = store_job_due(l->en->db, LANE_POST, clock_now_ms(), &job, &found, &next, &e);
		if (!r && found) {
			r = engine_run(l->en, &job, &e);
			job_free(&job);
		}
	}
	if (r) {
		db_rollback(l->en->db);
		log_err(LOG_WARN, "post", &e);
	}
	atomic_store(&l->fault, r != ERR_OK);
	atomic_store(&l->ended, true);
	return NULL;
}

/* An engine state beside the main one, on the same home. */
static enum err open_second(const struct engine *first, struct engine **out, struct err_info *e)
{
	struct engine *en = secret_alloc(sizeof(*en));
	enum err r;

	en->lock = -1;
	en->which = LANE_POST;
	memcpy(en->home, first->home, sizeof(en->home));
	memcpy(en->secret, first->secret, sizeof(en->secret));
	en->params = first->params;
	if ((r = engine_open_db(en, e)) || (r = post_open(&en->post, e))) {
		sync_close(&en);
		return r;
	}
	*out = en;
	return ERR_OK;
}

static enum err begin(struct engine *en, struct err_info *e)
{
	struct lane *l = en->lane;
	int failed;
	enum err r;

	if (!l)
		l = en->lane = mem_zalloc(sizeof(*l));
	if (!l->en && (r = open_second(en, &l->en, e)))
		return r;
	l->en->params = en->params;
	post_watch(l->en->post, &l->stop);
	atomic_store(&l->ended, false);
	failed = thread_start(&l->thread, work, l);
	if (failed)
		return err_errno(e, failed, "推送与邮件");
	l->running = true;
	return ERR_OK;
}

static void join(struct engine *en)
{
	struct lane *l = en->lane;

	pthread_join(l->thread, NULL);
	l->running = false;
	en->done += l->en->done;
	en->failed += l->en->failed;
	l->en->done = l->en->failed = 0;
	if (atomic_load(&l->fault))
		l->rest_until_ms = clock_mono_ms() + FAULT_REST_MS;
}

bool lane_works(const struct engine *en)
{
	return en->lane && en->lane->running;
}

enum err lane_turn(struct engine *en, int64_t *next_ms, struct err_info *e)
{
	struct lane *l = en->lane;
	struct job job;
	int64_t next = 0, now = clock_now_ms();
	bool due = false;
	enum err r;

	if (l && l->running && atomic_load(&l->ended))
		join(en);
	if (l && l->running) {
		*next_ms = now + BUSY_MS;
		return ERR_OK;
	}
	if ((r = store_job_due(en->db, LANE_POST, now, &job, &due, &next, e)))
		return r;
	*next_ms = next;
	if (!due)
		return ERR_OK;
	job_free(&job);
	if (l && clock_mono_ms() < l->rest_until_ms) {
		*next_ms = now + l->rest_until_ms - clock_mono_ms();
		return ERR_OK;
	}
	*next_ms = now + BUSY_MS;
	return begin(en, e);
}

void lane_close(struct engine *en)
{
	struct lane *l = en->lane;
	struct timespec nap = {.tv_nsec = NAP_NS};
	int64_t until = clock_mono_ms() + GRACE_MS;

	if (!l)
		return;
	l->quit = true;
	while (l->running && !atomic_load(&l->ended) && clock_mono_ms() < until)
		nanosleep(&nap, NULL);
	l->stop = true;
	if (l->running)
		join(en);
	sync_close(&l->en);
	free(l);
	en->lane = NULL;
}
