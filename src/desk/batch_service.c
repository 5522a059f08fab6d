/* batch_service.c - a thread that is the runner whenever there is something to run. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "desk/batch_p.h"

enum {
	LOOK_MS = 500,   /* other processes start batches, too */
	ENGINE_MS = 100, /* while the engine has to move */
	FAULT_MS = 3000
};

struct batch_service {
	pthread_t thread;
	char home[HOME_PATH];
	void (*told)(void);
	struct db *db; /* to look whether a batch runs */
	struct batch_runner *runner;
	pthread_mutex_t mutex;
	pthread_cond_t moved;
	bool stop; /* under mutex */
	atomic_bool busy;
};

static bool rest(struct batch_service *s, int64_t ms)
{
	const struct timespec until = thread_moment(ms);
	bool stop;
	int r = 0;

	pthread_mutex_lock(&s->mutex);
	while (!s->stop && !r)
		r = thread_wait(&s->moved, &s->mutex, &until);
	stop = s->stop;
	pthread_mutex_unlock(&s->mutex);
	return stop;
}

/* Becomes the runner when there is something to do; *ms: how long to rest otherwise. */
static bool take(struct batch_service *s, int64_t *ms, struct err_info *e)
{
	bool wanted = false;
	enum err r;

	*ms = LOOK_MS;
	if (s->runner)
		return true;
	if ((r = desk_runner_wanted(s->db, &wanted, e)) || !wanted)
		return false;
	r = desk_runner_open(s->home, &s->runner, e);
	if (r && r != ERR_BUSY)
		log_err(LOG_WARN, "batch", e);
	return !r;
}

static int64_t step(struct batch_service *s)
{
	struct batch_step done = {.turn = TURN_IDLE};
	struct err_info e = {0};
	int64_t ms;

	if (!take(s, &ms, &e)) {
		atomic_store(&s->busy, false);
		return ms;
	}
	atomic_store(&s->busy, true);
	if (desk_runner_step(s->runner, &done, &e)) {
		log_err(LOG_WARN, "batch", &e);
		desk_runner_close(&s->runner);
		return FAULT_MS;
	}
	if (done.turn == TURN_MORE) {
		if (s->told)
			s->told();
		return 0;
	}
	atomic_store(&s->busy, false);
	if (done.turn == TURN_WAIT)
		return ENGINE_MS;
	desk_runner_close(&s->runner);
	return LOOK_MS;
}

static void *work(void *arg)
{
	struct batch_service *s = arg;

	while (!rest(s, step(s)))
		;
	return NULL;
}

static void free_service(struct batch_service *s)
{
	desk_runner_close(&s->runner);
	db_close(&s->db);
	pthread_cond_destroy(&s->moved);
	pthread_mutex_destroy(&s->mutex);
	free(s);
}

enum err desk_service_start(const char *home, void (*told)(void), struct batch_service **out,
			    struct err_info *e)
{
	struct batch_service *s = mem_zalloc(sizeof(*s));
	char path[HOME_PATH];
	int fault = 0;
	enum err r;

	pthread_cond_init(&s->moved, NULL);
	pthread_mutex_init(&s->mutex, NULL);
	s->told = told;
	text_copy(s->home, sizeof(s->home), home);
	if (!(r = home_path(home, HOME_DB, path, e)) && !(r = db_open(path, DB_WRITE, &s->db, e)) &&
	    (fault = thread_start(&s->thread, work, s)))
		r = err_errno(e, fault, "批量开票");
	if (r) {
		free_service(s);
		return r;
	}
	*out = s;
	return ERR_OK;
}

void desk_service_stop(struct batch_service **service)
{
	struct batch_service *s = *service;

	if (!s)
		return;
	pthread_mutex_lock(&s->mutex);
	s->stop = true;
	pthread_cond_signal(&s->moved);
	pthread_mutex_unlock(&s->mutex);
	pthread_join(s->thread, NULL);
	free_service(s);
	*service = NULL;
}

bool desk_service_idle(const struct batch_service *s)
{
	return !atomic_load(&s->busy);
}
