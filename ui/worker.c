/* worker.c - the engine's thread: takes the lock when it is free, works, and tells the screen. */
#include "ui/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "base/text.h"
#include "base/thread.h"
#include "desk/batch.h"
#include "sync/sync.h"

enum {
	LOOK_MS = 2000,     /* other processes record work too */
	TAKE_OVER_MS = 500, /* until the lock is tried again */
	STOP_S = 5,
	SOON_MS = 1000
};

static struct {
	pthread_t thread;
	bool running;
	char home[HOME_PATH];
	int pipe[2];
	struct batch_service *batches; /* 批量开票 goes on beside the engine */
	atomic_bool stop;
	atomic_int status;
	atomic_bool working;     /* inside a turn that was expected to do something, or the first */
	_Atomic int64_t next_ms; /* the next due job, 0 none */
	_Atomic int64_t direct;  /* whose line is spoken of, 0 any */
	pthread_mutex_t lock;
	pthread_cond_t work; /* on the monotonic clock */
	bool woken;          /* under lock */
	char trouble[160];   /* under lock */
} worker = {.pipe = {-1, -1}, .lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- the thread ---- */

static void tell(void)
{
	/* A full pipe says as much as one byte more would. */
	if (write(worker.pipe[1], "", 1) < 0 && errno != EAGAIN)
		log_write(LOG_WARN, "ui", "engine pipe: %s", strerror(errno));
}

static void set_status(enum engine_status s, const char *trouble)
{
	bool changed;

	pthread_mutex_lock(&worker.lock);
	changed = atomic_exchange(&worker.status, (int)s) != (int)s ||
		  strcmp(worker.trouble, trouble) != 0;
	text_copy(worker.trouble, sizeof(worker.trouble), trouble);
	pthread_mutex_unlock(&worker.lock);
	if (changed)
		tell();
}

/* Sleeps until woken or ms have passed; true when woken. */
static bool rest(int64_t ms)
{
	const struct timespec until = thread_moment(ms);
	bool woken;
	int r = 0;

	pthread_mutex_lock(&worker.lock);
	while (!worker.woken && !worker.stop && r == 0)
		r = thread_wait(&worker.work, &worker.lock, &until);
	woken = worker.woken;
	worker.woken = false;
	/* Before the lock goes: woken and not yet at work would look like idle. */
	if (woken)
		atomic_store(&worker.working, true);
	pthread_mutex_unlock(&worker.lock);
	return woken;
}

static void fault(enum err r, const struct err_info *e)
{
	log_err(LOG_WARN, "ui", e);
	set_status(ENGINE_OFFLINE, r == ERR_BUSY ? "数据库忙" : e->why);
}

/* Opens the engine, or waits for who has it. */
static bool take(struct engine **en)
{
	struct err_info e = {0};
	enum err r = sync_open(worker.home, en, &e);

	if (!r)
		return true;
	if (r == ERR_BUSY)
		set_status(ENGINE_ELSEWHERE, "");
	else
		fault(r, &e);
	atomic_store(&worker.working, false);
	rest(TAKE_OVER_MS);
	return false;
}

/* One turn; returns how long to rest. */
static int64_t turn(struct engine *en, bool expected)
{
	struct sync_pulse before = sync_pulse(en, 0), after;
	struct err_info e = {0};
	int64_t next = 0, left;
	enum err r;

	if (expected)
		atomic_store(&worker.working, true);
	/* Who is offline stays so until a call gets through: a try is no connection. */
	if (expected && worker_status() != ENGINE_OFFLINE)
		set_status(ENGINE_BUSY, "");
	r = sync_work(en, &next, &worker.stop, &e);
	after = sync_pulse(en, atomic_load(&worker.direct));
	atomic_store(&worker.next_ms, next);
	if (r)
		fault(r, &e);
	else if (!after.called)
		set_status(ENGINE_NEW, "");
	else if (!after.reached)
		set_status(ENGINE_OFFLINE, "连不上税局");
	else
		set_status(ENGINE_IDLE, "");
	atomic_store(&worker.working, false);
	if (after.turns != before.turns)
		tell();
	left = next ? next - clock_now_ms() : LOOK_MS;
	return r || left > LOOK_MS ? LOOK_MS : left < 1 ? 1 : left;
}

static void *work(void *arg)
{
	struct engine *en = NULL;
	bool expected = false;

	(void)arg;
	while (!worker.stop) {
		int64_t next, ms;

		if (!en && !take(&en))
			continue;
		ms = turn(en, expected);
		if (worker.stop)
			break;
		expected = rest(ms);
		next = atomic_load(&worker.next_ms);
		expected |= next && next <= clock_now_ms();
	}
	sync_close(&en);
	atomic_store(&worker.status, ENGINE_OFF);
	return NULL;
}

/* ---- the screen's side ---- */

void worker_speak_of(int64_t direct)
{
	if (atomic_exchange(&worker.direct, direct) != direct)
		worker_wake();
}

void worker_tell(void)
{
	if (worker.running)
		tell();
}

static int start_thread(void)
{
	pthread_cond_init(&worker.work, NULL);
	return thread_start(&worker.thread, work, NULL);
}

/* Numbers were given: there is something to upload, and something to see. */
static void batch_moved(void)
{
	worker_wake();
	tell();
}

enum err worker_start(const char *home, struct err_info *e)
{
	int r;

	if (worker.running)
		return ERR_OK;
	if (!text_copy(worker.home, sizeof(worker.home), home))
		return err_fail(e, ERR_INVALID, "home.path", "主目录", "路径太长");
	if (pipe2(worker.pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		return err_errno(e, errno, "同步线程");
	worker.stop = false;
	atomic_store(&worker.status, ENGINE_NEW);
	/* Until the first turn is over: nobody knows before what it finds to do. */
	atomic_store(&worker.working, true);
	r = start_thread();
	if (r)
		return err_errno(e, r, "同步线程");
	worker.running = true;
	return desk_service_start(home, batch_moved, &worker.batches, e);
}

void worker_stop(void)
{
	struct timespec until;

	if (!worker.running)
		return;
	desk_service_stop(&worker.batches);
	pthread_mutex_lock(&worker.lock);
	worker.stop = true;
	pthread_cond_signal(&worker.work);
	pthread_mutex_unlock(&worker.lock);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += STOP_S;
	/* A call that hangs longer is left to the end of the process: what it was for is recorded.
	 * */
	if (pthread_timedjoin_np(worker.thread, NULL, &until) != 0)
		return;
	worker.running = false;
	close(worker.pipe[0]);
	close(worker.pipe[1]);
	worker.pipe[0] = worker.pipe[1] = -1;
}

int worker_fd(void)
{
	return worker.running ? worker.pipe[0] : -1;
}

void worker_drain(void)
{
	char bytes[64];

	while (worker.running && read(worker.pipe[0], bytes, sizeof(bytes)) > 0)
		;
}

void worker_wake(void)
{
	if (!worker.running)
		return;
	pthread_mutex_lock(&worker.lock);
	worker.woken = true;
	pthread_cond_signal(&worker.work);
	pthread_mutex_unlock(&worker.lock);
}

enum engine_status worker_status(void)
{
	return worker.running ? (enum engine_status)atomic_load(&worker.status) : ENGINE_OFF;
}

bool worker_idle(void)
{
	int64_t next = atomic_load(&worker.next_ms);
	bool woken;

	if (!worker.running)
		return true;
	pthread_mutex_lock(&worker.lock);
	woken = worker.woken;
	pthread_mutex_unlock(&worker.lock);
	if (worker.batches && !desk_service_idle(worker.batches))
		return false;
	return !woken && !atomic_load(&worker.working) && worker_status() != ENGINE_BUSY &&
	       (!next || next - clock_now_ms() > SOON_MS);
}

const char *worker_trouble(void)
{
	static char text[sizeof(worker.trouble)];

	pthread_mutex_lock(&worker.lock);
	memcpy(text, worker.trouble, sizeof(text));
	pthread_mutex_unlock(&worker.lock);
	return text;
}
