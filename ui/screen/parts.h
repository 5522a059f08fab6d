/* ui/screen/parts.h - what the screens on numbers, quota, units, invoices share.
 *
 *   errand    work asked of the engine, looked at whenever the store changes; never waited for
 *   figures   figures in groups: labels and values, wrapped, scrollable
 *   detail_*  lines of text for the reader dialog
 */
#ifndef KP_UI_SCREEN_PARTS_H
#define KP_UI_SCREEN_PARTS_H

#include "base/buf.h"
#include "ui/dialog.h"
#include "ui/list.h"

/* ---- what the session may ---- */

/* NULL when the session may, else why not: for why_not of a view; valid until the next call. */
const char *screen_may(enum desk_action a);

/* Of these hints those that can be done now; valid until the next call. */
const enum action *screen_possible(const struct view *v, const enum action *hints);

/* ---- a unit that is not ready (features G4, G18, G40) ---- */

/* Why nothing can be done here yet; "" when it can. */
struct gate {
	char text[1200];
	bool choose; /* there are several units, and none was chosen yet */
};
/* Looks again; true: the unit may work. */
bool gate_open(struct gate *g);
void gate_paint(const struct gate *g, struct rect r);
/* While closed: ENTER leads to the configuration or asks which unit, the rest is not ours. */
bool gate_act(const struct gate *g, enum action a);
const enum action *gate_hints(void);
/* What to do about a session without a unit: to configure one, or to choose one of several. */
void screen_hint_unit(struct err_info *e);

/* ---- work asked for ---- */

struct errand {
	struct desk_wait wait;
	char what[64];
	bool open;
};
/* The errand's wait, emptied: for the desk function that records the jobs. */
struct desk_wait *errand_wait(struct errand *t);
/* After that function, r and e from it: says that the work has begun and wakes the engine, or why
 * it has not. */
bool errand_begin(struct errand *t, const char *what, enum err r, const struct err_info *e);
/* In content when the store changed: true when the work has just come to rest; *verdict how, in
 * words in *e (may be NULL).  Says nothing. */
bool errand_rests(struct errand *t, enum err *verdict, struct err_info *e);
/* Says in the message line how it ended. */
void errand_tell(const struct errand *t, enum err verdict, const struct err_info *e);
void errand_free(struct errand *t);
/* "正在下载额度，等待税局答复" or why it may take longer; "" when nothing is open. */
const char *errand_words(const struct errand *t, char out[160]);
/* Why another errand has to wait; NULL: it need not. */
const char *errand_why(const struct errand *t);

/* ---- figures ---- */

struct figures {
	struct figure {
		char *label, *value; /* owned; a title has no label */
		enum face face;
		bool title, time;
	} * rows; /* owned */
	int count, top, shown, lines;
	int label_cols; /* 0: 16 */
	int tail;       /* lines the owner paints below, from line `lines - tail - top` on */
};
void figures_clear(struct figures *s); /* keeps the place; frees everything but the struct */
void figures_title(struct figures *s, const char *title);
void figures_add(struct figures *s, const char *label, enum face face, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* When something was fetched; 0: never. */
void figures_time(struct figures *s, const char *label, int64_t at);
/* In two columns when there are more than 100, parted at a title if there are any. */
void figures_paint(struct figures *s, struct rect r);
bool figures_act(struct figures *s, enum action a); /* scrolling */
/* What differs between two readings, times aside: a line of each into b; their number.
 *  Nothing when `before` is empty. */
int figures_changes(const struct figures *before, const struct figures *after, struct buf *b);

/* ---- details ---- */

enum { DETAIL_MAX = 4 * 1024 * 1024 };
/* "label   value"; nothing when the value is empty. */
void detail_add(struct buf *b, const char *label, const char *value);
void detail_time(struct buf *b, const char *label, int64_t t); /* nothing for 0 */
void detail_int(struct buf *b, const char *label, int64_t n);

/* ---- lists ---- */

/* Sections of a screen whose focus is a list: {name, "list"}, or the filter's form. */
const char *const *screen_list_sections(const struct list *l, const char *name);
/* list_act, and what every list can: rows a page, another page, export (of a list with a title).  A
 * wrong field of the filter is told in the message line. */
enum list_result screen_list_act(struct list *l, enum action a);
/* ---- list_ask.c ---- */
/* Asks for rows a page, another page or an export; false: not one of these. */
bool screen_list_ask(struct list *l, enum action a);
/* From now on the session works for this unit ("税号@环境"), and so will the next one of this
 * person; every list begins anew.  False: the message line says why not. */
bool screen_use_unit(const char *choice);
/* Asks which unit, and does that. */
void screen_choose_unit(void);
/* While the filter is filled in: true for what neither it nor everybody needs (help, back, ...).
 * A letter pressed on a choice must not begin something else. */
bool screen_filter_keeps(const struct list *l, enum action a);
/* The text, or "~" and the end of it: what tells one order number from the next. */
const char *screen_tail(const char *text, int cols, char *out, size_t size);
/* "11-20 10:21", or with the year and seconds when the area is wide; "" for 0. */
const char *screen_when(int64_t t, bool wide, char out[32]);
/* The cursor of a page as number, and back. */
int64_t screen_cursor(const char *cursor);
void screen_next(int64_t next, char out[64]);

#endif
