/* ui/screen/report_p.h - between the files of 统计报表.
 *
 *   report.c         the view               report_filter.c  by what, of which days
 *   report_make.c    making a report        report_save.c    as a file
 */
#ifndef KP_UI_SCREEN_REPORT_P_H
#define KP_UI_SCREEN_REPORT_P_H

#include "ui/screen/listing.h"
#include "ui/screens.h"
#include "ui/task.h"

/* What a report is of: options, and whose. */
struct report_asked {
	struct report_options options;
	char unit[64];
};
/* A file that is to be written. */
struct report_file {
	struct report_options options;
	enum sheet_format format;
	char folder[HOME_PATH], path[HOME_PATH + 256];
	size_t rows;
};
struct report_view {
	struct listing frame;
	struct desk_report report; /* of `asked` when made */
	struct report_asked asked;
	bool made, making; /* making: in a task that was begun from here */
	bool again;        /* asked for anew though nothing else is asked */
	struct report_file file;
};

/* ---- report_filter.c ---- */
enum { REPORT_BY = 1, REPORT_RANGE_FIELD, REPORT_FROM, REPORT_TO, REPORT_MONTHS };
extern const struct field report_filter[];
void report_filter_begin(struct form *f);
/* After a key or action in the filter: a range fills in its dates, other dates are no range. */
void report_filter_follow(struct form *f);
/* Another thing the report is by, before or after the present one. */
void report_filter_turn(struct form *f, int by);
/* To a time as long, before (-1) or after (1). */
void report_filter_shift(struct form *f, int by);
enum err report_filter_read(struct form *f, struct report_options *out, struct err_info *e);

/* ---- report_make.c ---- */
/* Sees to it that s->report is of what the filter asks: at once when little has to be read, else in
 * a task (s->making). */
enum err report_make(struct report_view *s, struct err_info *e);

/* ---- report_save.c ---- */
/* Asks where to, answered with the token; then begins. */
bool report_save_ask(struct report_view *s, int token);
void report_save_start(struct report_view *s);

#endif
