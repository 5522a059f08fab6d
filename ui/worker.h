/* ui/worker.h - the engine in a thread of its own, with its own database connection.
 *
 * The thread takes the home's lock when it is free and works; when another process holds it, it
 * waits.  The engine keeps the calendar as well.  It writes one byte into a pipe after every turn
 * that changed something; the loop reads it.
 */
#ifndef KP_UI_WORKER_H
#define KP_UI_WORKER_H

#include "ui/view.h"

enum err worker_start(const char *home, struct err_info *e);
void worker_stop(void); /* waits for the call under way, at most a few seconds */
int worker_fd(void);
void worker_drain(void);
void worker_tell(void); /* any thread: the loop looks at the world outside */
void worker_wake(void);
enum engine_status worker_status(void);
/* Nothing is being done and nothing comes due within a second (scripts). */
bool worker_idle(void);
/* The direct unit whose line is spoken of from now on; 0: any. */
void worker_speak_of(int64_t direct);
/* Last trouble of the engine as a word for the top line ("连不上税局"), "" none. */
const char *worker_trouble(void);

#endif
