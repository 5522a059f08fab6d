/* tests/term/harness.h - the real program on a pseudo terminal, looked at through libvterm.
 *
 * A `pty` is a child on a terminal of its own and the screen that its output makes.  Nothing
 * sleeps: waiting reads output until the screen says what is waited for.
 */
#ifndef KP_TEST_TERM_HARNESS_H
#define KP_TEST_TERM_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pty;

enum { WAIT_MS = 20000, QUIET_MS = 120 };

/* The practice home all tests of a binary share: made at the first call; the program under test. */
const char *lab_home(void);
const char *lab_program(void);

/* Starts the program on its home; env: "NAME=value" or "NAME" (unset) beyond the clean one, ends
 * with NULL; args likewise, may be NULL. */
struct pty *pty_start(int rows, int cols, const char *const *env, const char *const *args);
/* Ends what still runs; fails the test when the program had been killed by a signal unasked. */
void pty_free(struct pty **p);

void pty_send(struct pty *p, const char *bytes, size_t n);
void pty_type(struct pty *p, const char *text);
void pty_signal(struct pty *p, int number);
void pty_resize(struct pty *p, int rows, int cols);
/* Reads until `text` is on the screen; false after WAIT_MS. */
bool pty_wait_text(struct pty *p, const char *text);
bool pty_wait_no_text(struct pty *p, const char *text);
/* Reads until the whole screen is `want`; says how it differs when it never is. */
bool pty_wait_screen(struct pty *p, const char *want);
bool pty_wait_cursor(struct pty *p, int row, int col);
/* Reads until nothing has come for ms. */
void pty_settle(struct pty *p, int ms);
/* Bytes received since the last call. */
size_t pty_bytes(struct pty *p);
/* All output so far. */
const char *pty_output(const struct pty *p, size_t *n);
bool pty_said(const struct pty *p, const char *bytes);

/* The screen: rows as UTF-8 without trailing blanks, joined by newlines (to be freed). */
char *pty_screen(const struct pty *p);
void pty_cursor(const struct pty *p, int *row, int *col, bool *visible);
/* Is the line in the mode a shell needs (echo, signals)? */
bool pty_is_cooked(const struct pty *p);
/* Waits for the end; the exit status as waitpid gives it, -1 when it does not end. */
int pty_wait_end(struct pty *p);
/* Stopped by job control? */
bool pty_wait_stopped(struct pty *p);

/* Plays a script without a terminal (first line "size ROWS COLS" is added) and returns what it
 * dumped into the file named OUT in it. */
char *play(int rows, int cols, const char *script);

#endif
