/* ui/term_p.h - inside the terminal: where curses writes, signals, locale.
 *
 * Curses writes into memory; term_out_send hands that to the terminal in one write per update.  So
 * every byte is counted, a script needs no terminal, and nothing depends on what curses makes of a
 * terminal that is slow or gone.
 */
#ifndef KP_UI_TERM_P_H
#define KP_UI_TERM_P_H

#include <stdio.h>

#include "ui/term.h"

enum { TERM_IN = 0, TERM_OUT = 1, TERM_STRING = 512 };

/* ---- term_out.c ---- */
/* Opens the memory curses writes to; NULL with e filled when there is none. */
FILE *term_out_open(bool headless, struct err_info *e);
void term_out_close(void);
/* Sends what curses wrote since the last time, or drops it when headless. */
void term_out_send(void);
void term_out_write(const char *bytes, size_t n);
bool term_out_lost(void); /* the terminal is gone */

/* ---- term_signal.c ---- */
/* Takes over the signals; `last` are the bytes a dying program sends to leave the terminal usable.
 */
enum err term_signal_start(bool headless, const char *last, size_t n, struct err_info *e);
void term_signal_stop(void);
/* Raw input, and back. */
enum err term_raw(struct err_info *e);
void term_cooked(void);
/* Waits at most timeout_ms for a signal; true: we are to end, or the terminal is gone.  The loop
 * learns of that by term_wait all the same.  For while another program has the terminal. */
bool term_ending(int timeout_ms);

/* ---- term_locale.c ---- */
/* Sets the character type of the locale; *notice gets a sentence when it is not the one asked for.
 * */
enum err term_locale(const char **notice, bool *utf8, struct err_info *e);

/* ---- term.c ---- */
/* A string of terminfo with padding removed into out; its length, 0 when the terminal has none. */
size_t term_string(const char *name, char *out, size_t size);

#endif
