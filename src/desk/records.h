/* desk/records.h - 开票记录 as files: workbooks, and archives of layout files (features F3, M6).
 *
 * What is meant is chosen in one way for both: marked invoices, those of a month, or what a filter
 * finds.  Both run in any thread that has a session of its own, with memory that does not grow, and
 * leave a whole file or none; begun again they make the same file.
 */
#ifndef KP_DESK_RECORDS_H
#define KP_DESK_RECORDS_H

#include "desk/session.h"
#include "desk/transfer.h"
#include "print/naming.h"
#include "print/print.h"

/* One of ids, month and filter; without any of them everything. */
struct records_choice {
	const int64_t *ids; /* in this order */
	size_t id_count;
	const char *month; /* yyyy-MM of 开票日期; issued ones, oldest first */
	const struct invoice_filter *filter; /* newest first; cursor, limit, unit are not read */
	const enum invoice_kind *kind;       /* with a month; NULL: both */
	const bool *red;                     /* with a month; NULL: red and blue */
};

/* ---- workbooks ---- */

/* In the headings of the tax bureau's own export.  xlsx has both sheets, a CSV one of them. */
struct records_export {
	struct records_choice choice;
	const char *path, *folder; /* as struct export_options */
	enum sheet_format format;
	bool replace;
	bool lines; /* CSV: 信息汇总表 (a row for each line) instead of 发票基础信息 */
};
/* *rows: invoices.  path[HOME_PATH + 256] gets where it went. */
enum err desk_records_export(struct session *s, const struct records_export *o,
			     struct import_progress *p, int64_t *rows, char *path,
			     struct err_info *e);

/* ---- archives ---- */

struct archive_options {
	struct records_choice choice;
	bool formats[PRINT_FORMATS]; /* none: pdf, ofd, xml */
	const char *path, *folder;   /* "-": standard output; NULL: a stamped name in folder */
	const char *rule;            /* print/naming.h; NULL: (files, naming), else the usual one */
	bool replace;
};
struct archive_report {
	int64_t invoices, files, bytes;
	int64_t skipped; /* not issued: they have no layout file */
	char path[HOME_PATH + 256];
};
/* A folder of the month of each invoice, in it one file for each format.  ERR_INVALID
 * "archive.empty" when nothing issued is chosen. */
enum err desk_archive(struct session *s, const struct archive_options *o, struct import_progress *p,
		      struct archive_report *out, struct err_info *e);

/* The rule for names of files in force. */
enum err desk_naming_rule(struct session *s, char out[NAMING_RULE + 1], struct err_info *e);

/* ---- history ---- */

/* What happened to an invoice, oldest first. */
struct invoice_event {
	int64_t at_ms;
	const char *what;   /* 创建, 上传, 税局受理, 人工重试 ... */
	const char *detail; /* the tax side's words, who did it; "" none */
	int64_t log_id;     /* row of the request log, 0: none */
	bool failed;
};
typedef enum err (*event_each)(void *arg, const struct invoice_event *ev);
enum err desk_invoice_history(struct session *s, int64_t id, event_each f, void *arg,
			      struct err_info *e);

#endif
