/* ui/term.h - the terminal: set up, restore, sizes, suspend, raw input, signals.
 *
 * Invariants  term_restore is idempotent and runs on every way out: return, exit, HUP, TERM, INT,
 *             QUIT, SEGV, BUS, ABRT, FPE, ILL (handlers use only async-signal-safe calls).  Modes
 *             switched on (bracketed paste, application keypad, alternate screen) are switched
 *             off again.  Curses writes into memory; one write(2) per update reaches the terminal.
 */
#ifndef KP_UI_TERM_H
#define KP_UI_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "ui/key.h"
#include "ui/options.h"

/* Locale (falls back to C.UTF-8 with a notice; plain C is refused with a sentence), curses on the
 * tty or, when `headless`, on /dev/null with a fixed size (scripts).  ERR_INVALID "term.dumb" /
 * "term.locale" / "term.none" with the mend. */
enum err term_start(const struct options *o, bool headless, int rows, int cols, struct err_info *e);
void term_restore(void);
/* Leaves the screen to a child program (sz) and comes back with a full repaint. */
void term_suspend(void);
void term_resume(void);
void term_size(int *rows, int *cols);
/* Takes the given size, or with 0, 0 the terminal's own (after SIGWINCH). */
void term_resize(int rows, int cols);
bool term_is_utf8(void);
/* A sentence about a locale or terminal that had to be replaced, or NULL. */
const char *term_notice(void);
bool term_in_multiplexer(void); /* $TMUX or $STY */
/* A decoder that knows this terminal's keys. */
struct keys *term_keys(void);

/* Waits at most timeout_ms (-1: for ever) for input, a signal, or a byte on `wake_fd` (-1 none). */
enum {
	TERM_INPUT = 1,
	TERM_RESIZED = 2,
	TERM_HANGUP = 4,
	TERM_TERMINATE = 8,
	TERM_WAKE = 16,
	TERM_CONTINUED = 32
};
unsigned term_wait(int wake_fd, int timeout_ms);
/* Reads what is there; 0 at end of file. */
size_t term_read(void *bytes, size_t n);
/* One update of the screen: everything painted since the last. */
void term_flush(void);
void term_repaint(void); /* forget what the terminal shows */
/* OSC 52 copy; false when the text is too long (74,994 bytes) or the terminal is not one. */
bool term_copy(const char *text);
/* Bytes written to the terminal since the last call (KAIPIAO_STATS, bench). */
unsigned long term_bytes(void);

#endif
