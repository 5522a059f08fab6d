/* import_p.h - between the files of an import.
 *
 * Two threads share the work.  One reads the workbook, checks what needs no database, and copies
 * the rows into batches; the other one, with the session, looks into the store and loads.  Batches
 * go round in a ring, so that memory does not grow with the file.
 */
#ifndef KP_DESK_IMPORT_P_H
#define KP_DESK_IMPORT_P_H

#include "base/base.h"
#include "desk/transfer.h"

#define IMPORT_REASON_HEAD "导入失败原因"

/* ---- import_batch.c: rows on their way ---- */
enum { IMPORT_ROWS = 512 }; /* of a batch, at most */
struct import_row {
	int64_t number;
	const struct sheet_part *part;
	const char *fault, *warning; /* NULL: none */
	const char *cleaned;         /* what was taken out of its cells; NULL: nothing */
	const char *skip;            /* why it is no record; NULL: it is one */
	uint32_t leave;              /* bit per key: of no use, what is stored stays */
	const char *const *values;   /* by key of the kind, "" none */
	/* The cells as they were read, those that lost digits with a mark, by column of the
	 * sheet. */
	const char *const *raw;
	size_t raw_count;
	const uint32_t *terms;
	size_t term_count;
};
struct import_block;
struct import_batch {
	struct import_row rows[IMPORT_ROWS];
	size_t count, used; /* rows; bytes of texts */
	struct import_block *blocks, *spare;
};
/* Memory that lives until the batch is emptied, aligned for pointers. */
void *import_batch_take(struct import_batch *b, size_t n);
const char *import_batch_text(struct import_batch *b, const char *s, size_t n);
bool import_batch_full(const struct import_batch *b);
void import_batch_empty(struct import_batch *b); /* keeps the memory for the next rows */
void import_batch_free(struct import_batch *b);

/* ---- the kinds of tables ---- */
enum { IMPORT_KEYS = 24, IMPORT_TWIN = 300 };
struct import;
struct import_kind {
	const char *table, *label, *audit;
	enum desk_action action;
	bool of_unit;
	int number; /* the key that a row of sums lacks, -1: none; the first key is the name */
	const char *const *keys; /* columns of the table that are used; ends with NULL */
	/* In the reading thread: pure checks, search terms unless there is a fault. */
	void (*look)(struct import_batch *b, struct import_row *row);
	/* Inside the transaction. */
	enum err (*begin)(struct import *m, struct err_info *e);
	/* Looks into the store without changing it, adds what is wrong to fault.  May be NULL. */
	enum err (*check)(struct import *m, struct import_row *row, char fault[SHEET_REASON],
			  char warning[SHEET_REASON], struct err_info *e);
	/* What check has found out is in m->load. */
	enum err (*load)(struct import *m, const struct import_row *row, enum load_result *result,
			 struct load_told *told, struct err_info *e);
	/* What a person knows another row by: "甲（91…）". */
	enum err (*name_twin)(struct import *m, int64_t id, char out[IMPORT_TWIN],
			      struct err_info *e);
	const char *same_key, *same_name; /* what is the same in both */
	enum err (*end)(struct import *m, struct err_info *e);
	/* Ends loading without a result, as often as it is called; checks may go on. */
	void (*drop)(struct import *m);
	void (*free)(struct import *m); /* what begin has made; may be NULL */
};
extern const struct import_kind import_buyers, import_goods, import_codes, import_units;
const struct import_kind *import_kind(const char *table); /* NULL: none */

/* ---- import_read.c: the reading thread ---- */
struct import_reader;
/* The sheet stays the caller's, but is the reader's until import_reader_stop. */
enum err import_reader_start(struct sheet_import *sheet, const struct sheet_table *table,
			     const struct import_kind *kind, struct import_progress *p,
			     struct import_reader **out, struct err_info *e);
/* Waits for the next batch; NULL at the end, with how reading has ended, or when cancelled. */
enum err import_reader_next(struct import_reader *r, struct import_batch **out, struct err_info *e);
void import_reader_give_back(struct import_reader *r, struct import_batch *b);
/* Ends the thread, wherever it is. */
void import_reader_stop(struct import_reader **r);

/* Copies the cells as they were; those that have lost digits get SHEET_LOST_MARK. */
void import_copy_raw(struct import_batch *b, const struct sheet_row *from, struct import_row *row);
/* 合计, 共 12 条 and the like in the name, or, when that is empty, in the first cell. */
bool import_is_sum(const struct import_row *row);
/* Is a tax code whole although it was a number?  Whole are 15 digits and zeros. */
bool import_is_whole_code(const char *s);
/* The sentence about a number that has lost digits. */
void import_lost(char text[SHEET_REASON], const char *title, const char *value, const char *more);

/* ---- import_goods.c ---- */
enum { IMPORT_CODE = 20 };
/* A tax code written without the zeros at its end has them in out; else it is given back. */
const char *import_whole_code(const char *code, char out[IMPORT_CODE]);

/* ---- import_failures.c: the workbook of failed rows, made with the first of them ---- */
struct import_failures {
	const struct import_options *options;
	const char *home;
	char path[HOME_PATH + 256];
	char stem[HOME_PATH + 256]; /* of its names: STEM.失败.xlsx, STEM.失败-2.xlsx ... */
	const char *ending;         /* .失败.xlsx, or that of the name the person gave */
	int first;                  /* number to begin with */
	struct sheet_writer *writer;
	const struct sheet_part *part; /* whose layout the sheet at hand has */
	size_t reason;                 /* the column that says why; one more than the headings */
};
enum err import_failures_init(struct import_failures *f, const struct import_options *o,
			      const char *home, struct err_info *e);
/* A row below what stands above it in its own sheet, its cells where they stood, and row->fault in
 * the column of reasons.  Rows of one sheet follow each other. */
enum err import_failures_add(struct import_failures *f, const struct sheet_table *t,
			     const struct import_row *row, struct err_info *e);
/* Begins the sheet of those rows, if there will be any or not. */
enum err import_failures_sheet(struct import_failures *f, const struct sheet_table *t,
			       const struct sheet_part *part, struct err_info *e);
/* Makes the file whole. */
enum err import_failures_end(struct import_failures *f, struct err_info *e);
void import_failures_drop(struct import_failures *f);
/* Nothing failed: the file an earlier run has left goes. */
void import_failures_clean(const struct import_failures *f);

/* ---- import.c ---- */
struct import {
	struct session *s;
	const struct import_options *options;
	struct import_progress *progress;
	struct import_report *report;
	const struct import_kind *kind;
	const struct sheet_table *table;
	struct sheet_import *sheet;
	struct import_failures failures;
	int64_t unit; /* 0: of no unit */
	char env[16]; /* its word, "" */
	bool begun;   /* a row was seen */
	bool loading; /* the transaction takes rows */
	uint32_t has; /* bit per key: the file has the column */
	void *load;   /* of the kind */
};
/* Is there something to be stored: the column is in the file and the cell of use? */
static inline bool import_has(const struct import *m, const struct import_row *row, int key)
{
	return (m->has & ~row->leave) >> key & 1;
}

/* Texts that a file has, joined by 、 as far as there is room; the reason of an earlier import is
 * none. */
enum { IMPORT_JOINED = 400 };
void import_join(const struct sheet_import *sheet,
		 const char *(*text_at)(const struct sheet_import *i, size_t k),
		 char out[IMPORT_JOINED]);

/* ---- import_report.c ---- */
bool import_note_room(const struct import_report *r, bool fault);
void import_note(struct import_report *r, const struct import_row *row, bool fault,
		 const char *text);
/* A fault more; the batch keeps it. */
void import_fault(struct import_batch *b, struct import_row *row, const char *text);
/* The sentence of a check of the form, with the column called as in the file. */
const char *import_sentence(const struct import_row *row, const struct sheet_table *t,
			    struct err_info *why, char text[SHEET_REASON]);
/* The result of the job: {"rows","added",...}; malloc'd. */
char *import_result(const struct import_report *r);

/* ---- import_job.c: one import at a time, and its job row ---- */
/* Takes the lock of imports; ERR_BUSY "import.running". */
enum err import_lock(struct session *s, int *lock, struct err_info *e);
/* Adds the running job of its own transaction. */
enum err import_job_add(struct import *m, struct err_info *e);
/* Ends it after a rollback: failed, or cancelled. */
void import_job_failed(struct import *m, const struct err_info *why);
/* In a transaction of its own: nothing was stored, as was wished. */
enum err import_job_tried(struct import *m, struct err_info *e);

#endif
