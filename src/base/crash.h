/* base/crash.h - dying on purpose, for the tests that prove crash safety.
 *
 * KAIPIAO_CRASH_AT=n makes the process _exit(CRASH_EXIT) at its n-th durable step.  A durable step
 * is a point where the world outside the process has just changed or is about to: after each
 * commit, before and after each network call, after each file rename.  Without the variable, or
 * with fewer steps, crash_step does nothing but count.
 */
#ifndef KP_BASE_CRASH_H
#define KP_BASE_CRASH_H

enum { CRASH_EXIT = 86 };

/* Reads KAIPIAO_CRASH_AT; called once by main. */
void crash_init(void);
/* Marks one durable step; the name goes to stderr when KAIPIAO_CRASH_TRACE is set. */
void crash_step(const char *name);
/* Steps met so far. */
unsigned crash_steps(void);

#endif
