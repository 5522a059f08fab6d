/* ui/loop.h - the program between its files: what loop, stack, frame, player and start share.
 *
 * Invariants  One UI thread.  Closed views live until the end of the turn (view_reap), so that a
 *             callback may close its own view and go on to its return.
 */
#ifndef KP_UI_LOOP_H
#define KP_UI_LOOP_H

#include "ui/view.h"

/* ---- view.c: the stack as the loop sees it ---- */
/* Makes this view the only one; false: it could not open, and nothing has changed. */
bool view_start(const struct view_ops *ops, const void *arg);
/* Every view gets a new rectangle at the next paint. */
void view_relayout(void);
bool view_any_dirty(void);
/* The store changed: content(changed) of what is visible at the next paint. */
void view_store_changed(void);
/* The lowest view that is visible: the top one that is not modal. */
struct view *view_base(void);
/* Layout, content and paint of every visible view, lowest first; the cursor is the top one's. */
void view_paint_all(struct rect area);
/* Nothing is painted (the screen is too small): nothing is due either. */
void view_paint_none(void);
/* Asks every view, top first, to leave; false: one refused (never when forced). */
bool view_leave_all(bool forced);
void view_close_all(void);
void view_reap(void); /* frees what was closed in this turn */
/* Sections of the view's focus, its own name and "global"; ends with NULL. */
enum { VIEW_SECTIONS = 12 };
const char *const *view_sections(const struct view *v, const char *out[VIEW_SECTIONS]);

/* ---- message.c ---- */
enum message_kind message_kind(void);
const char *message_text(void); /* "" none */
void message_seen(void);        /* it was on the screen */
void message_clear(void);
unsigned message_serial(void); /* grows with every message */
/* An error that was seen goes with the next key that does something, others with an action. */
void message_expire(unsigned serial_before, bool action);

/* ---- facts.c ---- */
/* Opens the session of a user (NULL: the operating-system user); closes the one before. */
enum err ui_open_session(const char *user, struct err_info *e);
void ui_close_session(void);
void ui_set_place(const char *home, const char *unit);
const char *ui_home(void);
/* Reads the facts again; true when anything shown changed. */
bool facts_refresh(void);
/* The age of the oldest unfinished invoice as the top line says it, "" below a minute. */
const char *facts_age(char out[32]);
/* Did another connection commit since the last call?  Cheap. */
bool facts_store_moved(void);

/* ---- loop.c ---- */
/* Runs until somebody quits; returns the exit code. */
int loop_run(void);
/* Somebody has logged in: opens the session, starts the engine thread, shows the home screen. */
enum err ui_login(const char *user, struct err_info *e);

/* ---- actions.c ---- */
/* The actions that belong to no view: help, palette, back, quit, going to a screen. */
bool global_act(enum action a);
bool global_has(enum action a);

/* ---- stats.c: KAIPIAO_STATS=FILE ---- */
/* One line per key: action, microseconds from the read to the flush, bytes to the terminal. */
void stats_open(void);
void stats_read(void); /* bytes were read */
void stats_key(struct key k, enum action a, bool used);
void stats_flushed(void);
void stats_close(void);

#endif
