/* desk/transfer.h - catalogues in and out of workbooks (features G52, G53, G65-G68, M5, M6).
 *
 * An import is one job (kind catalogue.import), run by who asked for it, in any thread that has a
 * session of its own; only one at a time per home.  Rows, index, audit and the end of the job are
 * one transaction: a crash leaves all or nothing.  Without `partial` one faulty row stops all.
 */
#ifndef KP_DESK_TRANSFER_H
#define KP_DESK_TRANSFER_H

#include <stdatomic.h>

#include "desk/buyers.h"
#include "desk/goods.h"
#include "sheet/sheet.h"

/* What can be imported or exported: "buyers", "goods", "taxcodes" (see templates/sheets). */
const char *desk_transfer_name(size_t i);          /* NULL past the end */
const char *desk_transfer_label(const char *name); /* 购方信息 ...; of any table its title */

struct import_options {
	const char *table, *file; /* file "-": standard input */
	/* Where failed rows go; NULL: FILE.失败.xlsx.  A file of that name which this program has not
	 * written, or which was changed since, stays: then FILE.失败-2.xlsx ... */
	const char *failures;
	bool dry_run; /* nothing is stored */
	bool partial; /* good rows go in, whatever the others are */
};
/* Shared with the thread that watches. */
struct import_progress {
	atomic_llong done, total, rows; /* parts of the file, rows so far */
	_Atomic(const char *) what; /* it is at now, in words that live for ever; NULL: its name */
	atomic_bool cancel;
};
enum { IMPORT_NOTES = 200 };
struct import_report {
	int64_t job, rows, added, updated, unchanged, failed, warned;
	int64_t cleaned; /* rows with characters nobody sees, which were taken out */
	int64_t twins;   /* stand beside another of the same tax number, name or code since now */
	int64_t kept;    /* tax codes that the tax side's list says otherwise; it counts */
	bool stored, dry_run;
	char failures[HOME_PATH + 256]; /* "" when nothing failed */
	int sheets;                     /* how many were read */
	char sheet[400];                /* those that were read, joined by 、 */
	char unknown[400];              /* headings that were not understood, joined by 、 */
	char repeated[400];  /* columns that say what another one says, and are not used */
	char skipped[400];   /* sheets with other columns, not read */
	struct import_note { /* the first faults and warnings */
		int64_t row;
		bool fault;
		char sheet[64]; /* "" when there is only one */
		char text[SHEET_REASON];
	} * notes;
	size_t note_count;
};
void import_report_free(struct import_report *r);
/* Where it is: 第 3 行, of several sheets “华东”第 3 行. */
enum { IMPORT_PLACE = 120 };
char *import_note_place(const struct import_note *n, char out[IMPORT_PLACE]);
/* "新增 3 行，更新 1 行，未变 0 行，失败 2 行" and what else a person should know; malloc'd. */
char *import_report_text(const struct import_report *r);
/* ERR_INVALID "import.failed" when rows failed and nothing was stored (the report is filled);
 * "import.cancelled"; ERR_BUSY "import.running" when another import of the home is under way. */
enum err desk_import(struct session *s, const struct import_options *o, struct import_progress *p,
		     struct import_report *out, struct err_info *e);

struct export_options {
	const char *table, *path; /* "-": standard output; NULL: a stamped name in `folder` */
	const char *folder;
	enum sheet_format format;
	bool replace;
	const int64_t *ids; /* marked rows; NULL: all that match */
	size_t id_count;
	const struct buyer_query *buyers; /* of its table; NULL: all */
	const struct goods_query *goods;
};
/* path[HOME_PATH + 256] gets where it went. */
enum err desk_export(struct session *s, const struct export_options *o, struct import_progress *p,
		     int64_t *rows, char *path, struct err_info *e);
enum err desk_template(struct session *s, const char *table, const char *path, enum sheet_format f,
		       bool replace, struct err_info *e);

/* Rows of any list a person may see, as a workbook: heads and a callback that gives row after row
 * (false: the end). */
typedef bool (*export_row)(void *arg, const char **cells);
enum err desk_export_rows(struct session *s, const char *path, enum sheet_format f,
			  const char *sheet, const struct sheet_head *heads, size_t n,
			  export_row row, void *arg, int64_t *rows, struct err_info *e);

#endif
