/* base/thread.h - threads beside the one that has the screen or the command, and waiting for them.
 *
 * A condition that is waited for here is an ordinary one: which clock counts is said by the wait.
 */
#ifndef KP_BASE_THREAD_H
#define KP_BASE_THREAD_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

/* Starts a thread that gets no signals: those are for the first one.  (A fault of the thread
 * itself cannot be kept from it.)  0 or errno. */
int thread_start(pthread_t *thread, void *(*work)(void *), void *arg);

/* The moment that is so many milliseconds away, by the monotonic clock. */
struct timespec thread_moment(int64_t ms);
/* Waits until the condition is signalled or that moment has come, which is ETIMEDOUT; may wake for
 * nothing, as every wait.  The mutex is held before and after. */
int thread_wait(pthread_cond_t *moved, pthread_mutex_t *held, const struct timespec *until);

#endif
