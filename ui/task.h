/* ui/task.h - long work in a thread of its own: import, export.  One at a time.
 *
 * The work gets a session of its own (same home, user, unit).  It writes its progress into atomics,
 * which the loop looks at; the loop is woken at the end.  The top line shows it wherever the person
 * is; leaving the screen does not end it; leaving the program asks and cancels.
 *
 *   task.c  the thread      task_view.c  its progress on the screen
 */
#ifndef KP_UI_TASK_H
#define KP_UI_TASK_H

#include "desk/desk.h"
#include "ui/view.h"

/* Runs in the thread: returns how it ended; *result (malloc'd or NULL) is handed to whoever takes
 * it. */
typedef enum err (*task_work)(struct session *s, void *arg, struct import_progress *p,
			      void **result, struct err_info *e);
struct task_end {
	enum err verdict;
	struct err_info error;
	void *result; /* or NULL; the taker frees it */
	void (*result_free)(void *);
	void (*report)(struct task_end *end);
};

struct task_spec {
	const char *label; /* 导入购方信息; copied */
	const char *word;  /* 导入, for the top line; lives for ever */
	const char *unit;  /* of its rows in the progress: 行 */
	task_work work;
	void *arg;
	void (*arg_free)(void *); /* after the work, or when it does not begin */
	void (*result_free)(void *);
	/* Shows how it ended; the result is its own from then on.  Called when the progress is on
	 * the screen, or when it is asked for. */
	void (*report)(struct task_end *end);
	const struct view_ops *watcher; /* a view that shows the progress itself, or NULL */
	bool writes; /* nobody else can store anything meanwhile: the screen does not wait for it */
};
/* ERR_BUSY when another is under way.  A result nobody has taken is given up for it. */
enum err task_start(const struct task_spec *spec, struct err_info *e);
enum task_state { TASK_NONE, TASK_RUNNING, TASK_ENDED };
struct task_view {
	enum task_state state;
	const char *label, *word, *unit;
	const char *what; /* it is at now; NULL: its name says it */
	const struct view_ops *watcher;
	int64_t done, total, rows, seconds, left_seconds; /* left -1: not known */
	bool cancelling;
	enum err verdict;
	struct err_info error;
};
void task_look(struct task_view *out);
/* "导入 45% 剩 3 秒", "导入 已结束"; "" when there is none. */
const char *task_words(char out[64]);
void task_cancel(void);
/* After TASK_ENDED: gives the result away and makes room; false: there is none. */
bool task_take(struct task_end *out);
void task_stop(void); /* at exit: cancels and waits */

/* ---- task_view.c ---- */
/* Progress of the task, at its end its report in place of it.  A modal view; ESC leaves the work
 * running, CANCEL_JOB asks and cancels. */
extern const struct view_ops view_task_ops;
/* Bar, rate and what is left, three rows: for views that show the progress themselves. */
void task_paint(struct rect r);
/* Is one under way?  Then a message says that it has to end first. */
bool task_in_the_way(void);
/* Starts it and shows its progress; false: the message line says why it did not start. */
bool task_run(const struct task_spec *spec);
/* Shows the progress or what came of it; says so when there is nothing. */
void task_show(void);
/* Asks whether the program may be left; false: nothing is under way. */
bool task_asks_to_quit(void);
/* In every look at the world outside: the report in place of the progress; elsewhere a message. */
void task_turn(void);

#endif
