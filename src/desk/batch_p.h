/* batch_p.h - between the files of 批量开票.
 *
 * Reading a workbook takes two threads.  One reads the sheets (heads, 特定业务, 附加要素, then
 * lines) and packs what concerns us of a row into a record; the other one, with the session, keeps
 * the records in a spool, finds which order each belongs to, and as soon as the lines of an order
 * have gone by makes an invoice of them, checks and stores it.  Lines that come late (a sheet that
 * is sorted by something else) have their order made again at the end.  Memory grows with the
 * orders (some hundred bytes each), not with the file.
 */
#ifndef KP_DESK_BATCH_P_H
#define KP_DESK_BATCH_P_H

#include "base/base.h"
#include "desk/batch.h"
#include "desk/goods_fill.h"
#include "desk/import_p.h"
#include "desk/issue_p.h"
#include "desk/memory.h"

/* ---- batch_spool.c: bytes written once and read again; many go to a scratch file ---- */
enum { SPOOL_HEADS, SPOOL_LINES, SPOOL_VIEWS }; /* each goes its own way through it */
struct spool_view {
	char *bytes;
	int64_t at;
	size_t n;
};
struct spool {
	int fd; /* -1: all is in the buffer */
	char *buffer;
	size_t used;
	int64_t flushed;
	struct spool_view views[SPOOL_VIEWS];
};
extern size_t spool_limit; /* of the buffer; tests make it smaller */
void spool_init(struct spool *s);
void spool_free(struct spool *s);
/* *place: where they are. */
enum err spool_add(struct spool *s, const void *bytes, size_t n, int64_t *place,
		   struct err_info *e);
enum err spool_get(struct spool *s, int view, int64_t place, size_t n, void *out,
		   struct err_info *e);

/* ---- batch_source.c: the rows of a workbook as records ---- */
enum batch_table { HEADS, LINES, EXTRAS, SPECIAL, FLAT, BATCH_TABLES };
const struct sheet_table *batch_table(enum batch_table t);
/* A record is this, then the reason with NUL, then values: each a struct batch_value, its bytes and
 * a NUL.  Nothing is aligned. */
struct batch_record {
	uint32_t size; /* with this */
	uint32_t row;
	uint16_t reason;  /* bytes without NUL; 0: no fault of a cell */
	uint8_t table;    /* HEADS ... SPECIAL */
	uint8_t part;     /* of struct batch_source */
	uint8_t count;    /* of the values */
	uint8_t column;   /* of the first fault, COLUMN_NONE */
	uint8_t untaxed;  /* the rate is written 免税 (3) or 不征税 (4) */
	uint8_t cleaned;  /* some value has hidden characters less */
	uint8_t followed; /* a head that repeats an earlier one (flat tables) */
};
enum { COLUMN_NONE = 255 };
/* Raw: as it stands there, no use but to be shown; lost: the same of a number that has lost some
 * digits. */
enum value_form { VALUE_GOOD, VALUE_RAW, VALUE_LOST };
struct __attribute__((packed)) batch_value {
	uint16_t n; /* bytes without NUL */
	uint8_t column, form;
	uint8_t hidden; /* characters taken out, as of a cell */
};
/* Walks over the values; false at the end. */
struct batch_walk {
	const char *at, *end;
	unsigned left;
};
struct batch_record batch_record_of(const char *bytes);
const char *batch_record_reason(const char *bytes);
void batch_walk_begin(struct batch_walk *w, const char *bytes);
bool batch_walk_next(struct batch_walk *w, struct batch_value *v, const char **text);

/* The sheets that were read, for places. */
enum { BATCH_PARTS = 64 };
struct batch_part {
	enum batch_table table;
	const struct sheet_part *part;
};
struct batch_source;
/* The reader stays the caller's, but is the source's until batch_source_stop. */
enum err batch_source_start(struct sheet_reader *reader, const char *path,
			    struct import_progress *p, struct batch_source **out,
			    struct err_info *e);
/* The next records, one behind the other, until the next call; NULL at the end, with how reading
 * has ended, or when cancelled. */
enum err batch_source_next(struct batch_source *s, const char **bytes, size_t *n,
			   struct err_info *e);
const struct batch_part *batch_source_part(const struct batch_source *s, unsigned part);
size_t batch_source_parts(const struct batch_source *s);
/* The reader again, after the end. */
struct sheet_reader *batch_source_reader(const struct batch_source *s);
bool batch_source_flat(const struct batch_source *s);
/* Headings that were not used, as of struct batch_report; after the end. */
void batch_source_tell(const struct batch_source *s, struct batch_report *r);
void batch_source_stop(struct batch_source **s);

/* ---- what is wrong with an order ---- */
struct order_fault {
	int line;   /* its how many-th, -1: the head */
	int column; /* of the table, -1 none */
	bool warning;
	char text[SHEET_REASON];
};
struct order_faults {
	struct order_fault *all;
	size_t count, room, errors;
};
void order_fault_add(struct order_faults *f, int line, int column, bool warning, const char *text);

/* ---- batch_stage.c: an order is checked and stored ---- */
struct stage {
	struct session *s;
	const struct batch_options *options;
	struct import_progress *progress;
	struct batch_report *report;
	struct unit unit;
	struct issue_context *context;
	struct goods_fill *goods;
	struct buyer_fill *buyers;
	struct issue_habit habit;
	struct order_batch batch;
	struct buf body;
	bool begun; /* the transaction is open */
};
/* One order on its way. */
struct staged {
	int64_t seq, row;
	struct invoice invoice; /* owned */
	struct order_faults faults;
	bool replaces; /* it was stored before */
	bool beyond;   /* says something the product cannot carry: the form would lose it */
	/* Where a line (-1: the head) stands in the file, as batch_fault_place says it; NULL:
	 * nowhere a person could look. */
	void (*place)(const void *arg, int line, char out[IMPORT_PLACE]);
	const void *place_arg;
};
/* Beside the keys of an invoice in what is stored of an order: struct staged, beyond. */
#define STAGE_BEYOND "beyond"
bool stage_trial(const struct stage *g); /* nothing is stored in the end */
enum err stage_open(struct stage *g, struct err_info *e);
/* Completes, checks, compares with what was issued, stores; adds to the counts.  What is wrong is
 * in o->faults afterwards. */
enum err stage_order(struct stage *g, struct staged *o, struct err_info *e);
/* A stored order turns out to have a fault. */
enum err stage_spoil(struct stage *g, int64_t seq, const char *reason, struct err_info *e);
void stage_close(struct stage *g);

/* ---- batch_buyers.c ---- */
struct buyer_fill;
void buyer_fill_begin(struct session *s, int64_t unit, struct buyer_fill **out);
void buyer_fill_end(struct buyer_fill **f);
/* A buyer of whom only the name, or only the tax number, is said gets the rest from 购方信息.
 * ERR_INVALID "buyer.several", field "buyer.name" or "buyer.tax_no": which one? */
enum err buyer_fill_invoice(struct buyer_fill *f, struct invoice *inv, struct err_info *e);
/* What a person should know of the buyer as the file has him, before anything is filled in: his
 * tax number is known as somebody else's, or nobody knows him. */
enum err buyer_fill_note(struct buyer_fill *f, const struct invoice *inv, struct tax_finding *note,
			 bool *any, struct err_info *e);

/* ---- batch_order.c: records to an invoice ---- */
struct order_records {
	const char *head;         /* NULL: there is none */
	const char *const *lines; /* lines and extras in their order */
	size_t count;
};
/* Fills o->invoice as far as it can be understood. */
void order_build(const struct order_records *records, struct stage *g, struct staged *o);
/* The column of HEADS or LINES a field of a finding means ("buyer.name", "lines[2].unit"), -1 none;
 * *line: -1 for the head. */
int order_column_of(const char *field, int *line);

/* ---- batch_join.c: which records belong together ---- */
enum err batch_join_run(struct stage *g, struct batch_source *source, struct err_info *e);
/* ---- batch_json.c ---- */
enum err batch_json_run(struct stage *g, int fd, int64_t size, struct err_info *e);
/* Is the file JSON?  By its first character. */
enum err batch_json_is(int fd, int64_t size, bool *out, struct err_info *e);

/* ---- batch_report.c ---- */
void batch_note(struct batch_report *r, const struct batch_fault *f);
/* In the order of sheets and rows. */
void batch_sort(struct batch_report *r);

#endif
