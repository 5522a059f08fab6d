/* ui/screen/batch_p.h - between the files of 批量开票. */
#ifndef KP_UI_SCREEN_BATCH_P_H
#define KP_UI_SCREEN_BATCH_P_H

#include "ui/dialog_p.h"
#include "ui/screen/batch.h"
#include "ui/screen/import_p.h"
#include "ui/screen/parts.h"

/* ---- batch_words.c ---- */
enum face batch_face(enum batch_state s);
enum face order_face(enum order_state s);
/* 12,345 */
enum { BATCH_COUNT = 32 };
const char *batch_count(int64_t n, char out[BATCH_COUNT]);
/* Why a batch rests, or (of a plan) cannot be started, and how that is mended here. */
enum { BATCH_SENTENCE = BATCH_WHY + BATCH_HINT };
const char *batch_why(const struct order_batch *b, char out[BATCH_SENTENCE]);
const char *batch_block(const struct batch_plan *p, char out[BATCH_SENTENCE]);

/* ---- batch_read.c: a file becomes a batch ---- */
struct batch_job {
	char file[IMPORT_PATH], failures[IMPORT_PATH];
	bool strict, uploaded;
};
struct batch_result {
	struct batch_job job;
	struct batch_report report;
};
void batch_result_free(void *result);
/* Begins the task and shows its progress; false: the message line says why not.  From then on the
 * uploaded file is the task's. */
bool batch_read(const struct batch_job *job);
/* What came of it; arg: a struct task_end whose result it takes over. */
extern const struct view_ops view_batch_report_ops;

/* ---- batch_files.c ---- */
void batch_template(void);
void batch_save_result(const struct order_batch *b);
/* Layout files of what it has issued, as an archive. */
bool batch_archive(const struct order_batch *b);

/* ---- batch.c ---- */
enum { BATCH_FIELD_STATE = 1, BATCH_FIELD_TEXT };
struct batch_screen {
	struct view *view;
	int64_t id;
	struct order_batch batch;
	struct batch_plan plan;
	bool planned;
	/* How fast it goes: what was done when this screen first saw it running. */
	int64_t pace_ms, pace_done;
	struct list list;
	struct form filter;
	struct rect head, foot;
	struct wrap why, note; /* of the batch, of the selected order */
	char question[BATCH_SENTENCE + 64], where[64];
};
/* Reads the batch and what issuing takes again. */
enum err batch_look(struct batch_screen *s, struct err_info *e);

/* ---- batch_head.c ---- */
int batch_head_rows(struct batch_screen *s, int cols); /* after batch_look */
void batch_head_paint(struct batch_screen *s);

/* ---- batch_orders.c ---- */
extern const struct field batch_filter[];
extern const struct list_column batch_columns[];
/* State and reason of a row, in cells that are not shown. */
enum { BATCH_CELL_REASON = LIST_COLUMNS - 3, BATCH_CELL_STATE, BATCH_CELL_INVOICE };
enum err batch_source(struct list *l, const char *cursor, int max, struct list_row *rows,
		      int *count, char next[64], struct err_info *e);
void batch_filter_begin(struct form *f);
/* The next state in the filter, or the one before. */
void batch_filter_step(struct form *f, int step);
/* What is wrong with an order, each fault on a line of its own. */
void batch_add_reason(struct buf *b, const char *reason);
/* The selected order in full: its invoice, else what was read and what is wrong with it. */
bool batch_open_order(struct batch_screen *s);

/* ---- batch_do.c ---- */
enum { BATCH_ASK_START = 1, BATCH_ASK_CANCEL, BATCH_ASK_READ, BATCH_ASK_WORDS, BATCH_ASK_MERGE };
bool batch_do(struct batch_screen *s, enum action a);
const char *batch_do_why_not(const struct batch_screen *s, enum action a);
void batch_do_answer(struct batch_screen *s, int token, const void *result);

/* ---- batch_start.c ---- */
struct batch_start_arg {
	const struct order_batch *batch;
	const struct batch_plan *plan;
};
/* The last look; whether one that is bad holds all can be changed there. */
extern const struct view_ops view_batch_start_ops;

#endif
