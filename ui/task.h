/* ui/task.h - long work in a thread of its own: import, export.  One at a time.
 *
 * The work gets a session of its own (same home, user, unit).  It writes its progress into atomics;
 * the loop is woken as it goes.  The top line shows it wherever the person is; leaving the screen
 * does not end it; leaving the program asks and cancels.
 */
#ifndef KP_UI_TASK_H
#define KP_UI_TASK_H

#include "desk/desk.h"
#include "ui/view.h"

/* Runs in the thread: returns how it ended; *result (malloc'd or NULL) is handed to whoever takes
 * it. */
typedef enum err (*task_work)(struct session *s, void *arg, struct import_progress *p,
			      void **result, struct err_info *e);
/* label: 导入购方信息.  arg is freed with arg_free after the work.  ERR_BUSY when another runs. */
enum err task_start(const char *label, task_work work, void *arg, void (*arg_free)(void *),
		    struct err_info *e);
enum task_state { TASK_NONE, TASK_RUNNING, TASK_ENDED };
struct task_view {
	enum task_state state;
	const char *label;
	int64_t done, total, rows, seconds, left_seconds; /* left -1: not known */
	enum err verdict;
	struct err_info error;
};
void task_look(struct task_view *out);
void task_cancel(void);
/* After TASK_ENDED: gives the result away (the caller frees) and makes room; NULL none. */
void *task_take(void);
void task_stop(void); /* at exit: cancels and waits */
/* Progress of the running task and, at its end, what `told` says of the result; ESC leaves it
 * running, CANCEL_JOB asks and cancels.  A modal view; its answer is the result (task_take's). */
extern const struct view_ops view_task_ops;

#endif
