/* desk/report.h - 统计报表: what was issued, by buyer, goods, rate, clerk, day, month, kind, type.
 *
 * Of issued blue invoices by their 开票日期.  Amounts keep their sign.  Sums come from
 * store/report.h and equal those of the records to the fen; a report may read many invoices the
 * first time and few or none afterwards.
 */
#ifndef KP_DESK_REPORT_H
#define KP_DESK_REPORT_H

#include "desk/session.h"
#include "desk/transfer.h"

enum report_by {
	BY_BUYER,
	BY_GOODS,
	BY_RATE,
	BY_CLERK,
	BY_DAY,
	BY_MONTH,
	BY_KIND,
	BY_TYPE,
	REPORT_BYS
};
/* Are 蓝字 and 红字 told apart in columns of their own, as a return wants them? */
bool report_by_parts(enum report_by by);
/* "buyer"; 购方名称. */
const char *report_by_word(enum report_by by);
const char *report_by_head(enum report_by by);
/* The word, or the label 购方 of 按购方统计. */
bool report_by_parse(const char *word, enum report_by *out);

struct report_options {
	enum report_by by;
	bool months; /* each month for itself, as VAT is declared (not by day or month) */
	char from[DATE_TEXT], to[DATE_TEXT]; /* yyyy-MM-dd, both included */
	int64_t top; /* the largest so many (of each month), the others in one row; 0: all */
};
/* 本月 上月 本季度 上季度 今年 去年 今天; their words this-month last-month this-quarter last-quarter
 * this-year last-year today.  NULL past the end. */
const char *report_range_label(size_t i);
const char *report_range_word(size_t i);
/* Fills in the dates.  False: no such range. */
bool report_range(const char *word_or_label, char from[DATE_TEXT], char to[DATE_TEXT]);
/* Dates in any form date_parse takes into o.  An empty `to` is today (or `from` when that is
 * later); both empty: this month.  ERR_INVALID "date.form", "date.order" with the field "from" or
 * "to". */
enum err report_dates(const char *from, const char *to, struct report_options *o,
		      struct err_info *e);

enum report_row_kind { ROW_OF_REPORT, ROW_OF_REST, ROW_OF_MONTH };
struct report_item {
	enum report_row_kind kind;
	char month[MONTH_TEXT]; /* with `months` */
	char *key;              /* names it for desk_report_filter; "" of other rows */
	char *label;            /* a name, 13%, 2026-11-20, 其余 12 项, 小计 */
	char *tax_no;           /* of buyers, "" unknown */
	int64_t count; /* 份数; -1: cannot be said (of several goods or rates together) */
	int64_t net, tax, gross;
	int64_t red_count, red_net, red_tax; /* 红字 of them, below zero; the others are 蓝字 */
	int permille; /* of the whole (of the month), by net amount; of a total 1000 or 0 */
};
struct desk_report {
	struct report_options options;
	struct report_item *items; /* by month, by net amount downwards; days and months by date.
				    * Behind each month its sum, ROW_OF_MONTH. */
	size_t count, rows;        /* rows: without those sums */
	struct report_item total;  /* each invoice counted once */
	int64_t summed;            /* invoices that had to be read */
	int64_t at;                /* when it was made */
	char unit_name[400], unit_tax_no[24];
	int64_t largest; /* net amount of a row, whatever its sign */
};
void desk_report_free(struct desk_report *r);

/* p->rows: invoices read.  ERR_INVALID "report.cancelled". */
enum err desk_report(struct session *s, const struct report_options *o, struct import_progress *p,
		     struct desk_report *out, struct err_info *e);
/* How many invoices it would have to read, up to cap: is it worth a thread? */
enum err desk_report_due(struct session *s, const struct report_options *o, int64_t cap,
			 int64_t *out, struct err_info *e);
/* "2026-11-01 至 2026-11-30" */
enum { REPORT_RANGE = 40 };
const char *report_range_text(const struct report_options *o, char out[REPORT_RANGE]);
/* "按税率分月统计" */
const char *report_title(const struct report_options *o, char out[64]);

/* ---- as a file (report_export.c) ---- */

/* xlsx: amounts as numbers, the table, by month also months against columns, and a chart sheet.
 * path as of struct export_options. */
struct report_export {
	const char *path, *folder;
	enum sheet_format format;
	bool replace;
};
enum err desk_report_export(struct session *s, const struct desk_report *r,
			    const struct report_export *o, char *path, struct err_info *e);

/* The invoices of a row, for desk_invoice_list: texts live as long as the report. */
void desk_report_filter(const struct desk_report *r, const struct report_item *item,
			struct invoice_filter *out);

#endif
