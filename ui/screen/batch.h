/* ui/screen/batch.h - 批量开票: a workbook of orders is read, looked at, issued (features F7).
 *
 *   batches.c       the list of batches          batch_words.c   states and progress in words
 *   batch_import.c  the page: which file         batch_read.c    reading it, in a task
 *   batch_report.c  what reading has found       batch_files.c   template, results, archive
 *   batch.c         one batch                    batch_head.c    its figures
 *   batch_orders.c  its orders                   batch_do.c      what is done with them
 *   batch_start.c   the last look before issuing
 *
 * Issuing is the runner's (desk/batch.h), in a thread of the program: leaving the screen changes
 * nothing.  Screens look again when the store has changed.
 */
#ifndef KP_UI_SCREEN_BATCH_H
#define KP_UI_SCREEN_BATCH_H

#include "ui/screens.h"

/* One batch; arg: const int64_t * its id. */
extern const struct view_ops view_batch_ops;
/* The page where a file is named; replaces the one that is open. */
extern const struct view_ops view_batch_import_ops;

/* What of a batch is to be issued, and what of that has been. */
struct batch_progress {
	int64_t done, all; /* refused ones are done, too */
};
struct batch_progress batch_progress_of(const struct order_batch *b);
enum { BATCH_LINE = 400 };
/* "3 号 月末.xlsx 开票中 120/500" */
const char *batch_line(const struct order_batch *b, char out[BATCH_LINE]);
/* The newest batch in a state, *count how many there are; false: none. */
bool batch_newest(enum batch_state state, struct order_batch *out, int64_t *count);
/* Asks whether the program may be left while it issues a batch; false: it does not. */
bool batch_asks_to_quit(void);
/* The same of invoices that have their numbers and no answer yet. */
bool flight_asks_to_quit(void);
/* In every look at the world outside: says it when a running batch has come to rest. */
void batch_turn(void);

#endif
