/* ui/view.h - a screen is one const table of callbacks; screens lie on a stack.
 *
 * Calling     view_push opens a screen on top; view_pop closes the top one.  A turn of the loop
 *             hands keys to the top view, then, when anything is dirty, runs the four steps for
 *             every visible view from the bottom: layout (only after a resize or push), content,
 *             paint, cursor (top only).  Dialogs and pickers are views that are `modal`: the view
 *             below stays visible.
 * Ownership   The stack owns views and frees their state after `close`.  A view that is popped, by
 *             itself or otherwise, lives until the turn of the loop ends.
 */
#ifndef KP_UI_VIEW_H
#define KP_UI_VIEW_H

#include "desk/desk.h"
#include "ui/action.h"
#include "ui/draw.h"
#include "ui/key.h"
#include "ui/keymap.h"

struct view;

struct view_ops {
	const char *name;                           /* keymap section and script name: "blue" */
	const char *path;                           /* top line: "开票 › 蓝字发票填开" */
	const char *(*where)(const struct view *v); /* instead of path where it varies, or NULL */
	bool modal;  /* draws over the view below, in the rectangle `place` asks for */
	size_t size; /* bytes of private state, zeroed before open */
	/* Prepares the state; on failure the view is not pushed and e is shown. */
	enum err (*open)(struct view *v, const void *arg, struct err_info *e);
	/* Modal only: the rectangle inside the area. */
	struct rect (*place)(struct view *v, struct rect area);
	/* Sizes of parts for v->area. */
	void (*layout)(struct view *v);
	/* Recomputes what is shown; reads at most what is on the screen.  `changed`: another
	 * connection committed since the last call, a child view was closed, or the engine was
	 * woken. */
	void (*content)(struct view *v, bool changed);
	/* Paints v->area; calls draw_cursor for the caret (or the selected row). */
	void (*paint)(struct view *v);
	/* Sections of the present focus, most particular first; ends with NULL.  The view's name
	 * and "global" follow by themselves. */
	const char *const *(*sections)(const struct view *v);
	/* A text key or paste that no binding took; false: not used (nothing is redrawn). */
	bool (*key)(struct view *v, struct key k, const char *paste, size_t n);
	/* An action; false: not mine (the loop tries the global ones). */
	bool (*act)(struct view *v, enum action a);
	/* May the action be done now?  NULL: yes; else why not (shown when it is asked for). */
	const char *(*why_not)(const struct view *v, enum action a);
	/* Actions for the hint bar in order of weight, for the present focus; ends with ACT_NONE.
	 * HELP comes before them and BACK after them. */
	const enum action *(*hints)(const struct view *v);
	/* Help on the focused thing: a sentence or two, or NULL. */
	const char *(*help)(const struct view *v);
	/* A child view (dialog, picker) was closed with a result; `token` is what view_ask was
	 * given. */
	void (*answer)(struct view *v, int token, bool ok, const void *result);
	/* Before leaving (BACK, QUIT, SIGHUP when `forced`): save drafts; false keeps the view
	 * (never when forced). */
	bool (*leave)(struct view *v, bool forced);
	void (*close)(struct view *v);
	/* While it is visible, when no key is waiting: a small step of its work; returns the
	 * milliseconds until the next one, -1: none. */
	int (*idle)(struct view *v);
	/* What went wrong with the thing that is selected or shown, in the words of whoever said
	 * so; NULL or "": nothing.  Explained by a key (ui/explain.h). */
	const char *(*trouble)(const struct view *v);
	/* Words about the state for scripts ("saved", "issued", "loading"); NULL none. */
	const char *(*state)(const struct view *v);
};

struct view {
	const struct view_ops *ops;
	void *state; /* ops->size bytes */
	struct rect area;
	bool dirty, needs_layout;
	struct view *below;
	struct view *asker; /* who gets the answer, or NULL */
	int token;          /* of the view that asked for this one */
};

/* Session, unit name and so on are reached through ui_session(). */
struct session *ui_session(void);
/* The using unit's data for the top line, refreshed when the store changes; never NULL. */
struct ui_facts {
	char unit_name[400], unit_tax_no[24], env[16];
	enum unit_env env_id;
	int64_t stock, usable_fen, in_flight, oldest_age_s; /* oldest unfinished invoice; -1 none */
	int64_t batch;                                      /* a running 批量开票, 0 none */
	int64_t batch_done, batch_all;                      /* invoices of all running ones */
	bool has_unit, production;
	bool must_choose; /* there are several units, and none was chosen yet */
};
const struct ui_facts *ui_facts(void);

/* Pushes a view; false when open failed (the reason is in the message line). */
bool view_push(const struct view_ops *ops, const void *arg);
/* The same for a child whose result goes to asker->ops->answer with the token. */
bool view_ask(struct view *asker, int token, const struct view_ops *ops, const void *arg);
/* Closes the top view, handing ok and result to the asker (result lives until it returns). */
void view_pop(bool ok, const void *result);
/* Replaces everything above the home screen. */
bool view_switch(const struct view_ops *ops, const void *arg);
struct view *view_top(void);
void view_redraw(struct view *v); /* marks dirty */

/* ---- message line ---- */
enum message_kind { MESSAGE_INFO, MESSAGE_GOOD, MESSAGE_WARNING, MESSAGE_ERROR };
/* Errors stay until a key is pressed after being seen; others until the next action. */
void ui_message(enum message_kind kind, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void ui_error(const struct err_info *e); /* its sentence, as error */
/* The sentence of e into out, and returns it; a mend of the command line gives way to the
 * screen's. */
const char *ui_sentence(const struct err_info *e, char *out, size_t size);
/* A stored sentence as it is said here: options of the command line by the fields that are the
 * same.  Returns out. */
const char *ui_spoken(const char *text, char *out, size_t size);
/* Runs an action as if its key had been pressed (palette, buttons). */
bool ui_do(enum action a);
void ui_quit(int exit_code);
/* Tells the engine thread that there is work (a job was recorded). */
void ui_wake_engine(void);
enum engine_status {
	ENGINE_OFF,
	ENGINE_NEW,  /* runs, and has called nobody yet */
	ENGINE_IDLE, /* the last call got through */
	ENGINE_BUSY,
	ENGINE_OFFLINE,
	ENGINE_ELSEWHERE /* another process works */
};
enum engine_status ui_engine(void);

#endif
