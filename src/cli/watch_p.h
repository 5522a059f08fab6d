/* cli/watch_p.h - long work of a verb: progress on a terminal, signals that cancel it. */
#ifndef KP_CLI_WATCH_P_H
#define KP_CLI_WATCH_P_H

#include <pthread.h>
#include <signal.h>

#include "desk/desk.h"

enum { WATCH_SIGNALS = 3 };
struct watch {
	struct sigaction before[WATCH_SIGNALS];
	struct import_progress *progress;
	const char *label;
	pthread_t thread;
	atomic_bool stop;
	bool on;
};
/* From here to the end SIGINT, SIGTERM and SIGHUP cancel what p belongs to, and a terminal shows
 * how far it is; label lives as long. */
void cli_watch_begin(struct watch *w, const char *label, struct import_progress *p);
void cli_watch_end(struct watch *w);

#endif
