/* watch.c - long work of a verb: progress on a terminal, signals that cancel it. */
#include "cli/watch_p.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/thread.h"

enum { TICK_NS = 100 * 1000 * 1000, TICKS_A_LINE = 5 };

static struct import_progress *_Atomic running; /* what a signal cancels; NULL: nothing now */

static void on_stop(int signal)
{
	struct import_progress *p = atomic_load(&running);

	(void)signal;
	if (p)
		atomic_store(&p->cancel, true);
}

static const int STOPS[WATCH_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

/* A second signal ends the process: nothing is half done then either. */
static void cancel_on_signals(struct import_progress *p, struct sigaction before[WATCH_SIGNALS])
{
	const struct sigaction a = {.sa_handler = on_stop, .sa_flags = (int)SA_RESETHAND};
	size_t i;

	atomic_store(&running, p);
	for (i = 0; i < WATCH_SIGNALS; i++)
		sigaction(STOPS[i], &a, &before[i]);
}

static void leave_signals(const struct sigaction before[WATCH_SIGNALS])
{
	size_t i;

	for (i = 0; i < WATCH_SIGNALS; i++)
		sigaction(STOPS[i], &before[i], NULL);
	atomic_store(&running, NULL);
}

static void show_line(const struct watch *w)
{
	const char *what = atomic_load(&w->progress->what);
	long long total = atomic_load(&w->progress->total);
	long long done = atomic_load(&w->progress->done);

	fprintf(stderr, "\r%s %lld%% %lld 行 \033[K", what ? what : w->label,
		total > 0 ? done * 100 / total : 0, (long long)atomic_load(&w->progress->rows));
}

static void *show_progress(void *arg)
{
	struct watch *w = arg;
	const struct timespec tick = {.tv_nsec = TICK_NS};
	int ticks = 0;

	while (!atomic_load(&w->stop)) {
		nanosleep(&tick, NULL);
		if (++ticks % TICKS_A_LINE == 0)
			show_line(w);
	}
	if (ticks >= TICKS_A_LINE)
		fputs("\r\033[K", stderr);
	return NULL;
}

void cli_watch_begin(struct watch *w, const char *label, struct import_progress *p)
{
	*w = (struct watch) {.progress = p, .label = label};
	cancel_on_signals(p, w->before);
	if (!isatty(STDERR_FILENO))
		return;
	w->on = thread_start(&w->thread, show_progress, w) == 0;
}

void cli_watch_end(struct watch *w)
{
	leave_signals(w->before);
	if (!w->on)
		return;
	atomic_store(&w->stop, true);
	pthread_join(w->thread, NULL);
}
