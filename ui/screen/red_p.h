/* ui/screen/red_p.h - between the screens of 红字发票. */
#ifndef KP_UI_SCREEN_RED_P_H
#define KP_UI_SCREEN_RED_P_H

#include "ui/screen/listing.h"
#include "ui/screen/red.h"

/* ---- red_do.c: what can be done with a letter ---- */

/* An answer, a withdrawal, an application once more: asked, given to the engine, told. */
struct red_work {
	struct errand errand;
	int64_t id;
	enum action what;
	bool fetched, fetching; /* risk data older than a day is fetched once before */
	char question[1600];
};
/* May it be done with this letter (NULL: with none)?  NULL yes, else the rule; valid until the next
 * call. */
const char *red_why_not(const struct red_record *r, enum action a);
/* Asks, default no; the asker's answer calls red_run when it is yes. */
bool red_ask(struct red_work *w, struct view *asker, int token, const struct red_record *r,
	     enum action a);
void red_run(struct red_work *w);
/* In content: says how it ended; true when it has just done so. */
bool red_work_rests(struct red_work *w, bool changed);
/* Opens the red or the blue invoice of a letter. */
bool red_show_invoice(const struct red_record *r, enum action a);
enum face red_face(enum red_situation s);
/* 销售方, 购买方: the tax side's own words for a role. */
const char *red_side_name(enum red_side s);
/* 金额 + 税额, grouped. */
enum { RED_MONEY = FEN_TEXT + 8 };
const char *red_gross(int64_t net, int64_t tax, char out[RED_MONEY]);

/* ---- red_letter_lines.c ---- */

/* Rows its lines take, with their heading; 0 without lines. */
int red_lines_rows(const struct red_letter *l);
/* From row y of r on, which may lie above it. */
void red_lines_paint(const struct red_letter *l, struct rect r, int y);

/* ---- red_fresh.c: asking the tax side ---- */

struct red_fresh {
	struct errand errand;
	int64_t asked_at; /* of the side asked longest ago; 0: one was never asked */
	int64_t seen;
	bool denied; /* the tax side does not let this unit ask */
};
void red_fresh_begin(struct red_fresh *f);
/* In content: how far it is, how it ended. */
void red_fresh_look(struct red_fresh *f, bool changed);
/* Progress, or when the tax side was asked last. */
const char *red_fresh_words(const struct red_fresh *f, char out[200]);

/* ---- red_filter.c ---- */

extern const struct field red_filter_letters[], red_filter_handle[], red_filter_issue[],
    red_filter_situation[];
/* What stands in fields that cannot be changed. */
void red_filter_fill(struct form *f, enum red_list which);
/* Points into the form and into itself. */
struct red_asked {
	struct red_filter filter;
	enum red_side side;
	enum red_situation situation;
	bool sent, issued;
};
void red_filter_ask(const struct form *f, enum red_list which, enum red_situation s,
		    struct red_asked *out);

/* ---- red_issue.c ---- */

/* Result: ok when red invoices were numbered, const bool *: on with the next one (继续开票). */
struct red_issue_arg {
	const int64_t *letters; /* copied; those that may not be issued are left out and told */
	size_t count;
};
extern const struct view_ops view_red_issue_ops;

/* ---- red_answer.c ---- */

/* 确认 or 否认 of several.  Result once something was given: const struct red_answer_result *. */
struct red_answer_arg {
	const int64_t *letters; /* copied; those it may not be done with are left out and told */
	size_t count;
	enum red_action action; /* RED_CONFIRM, RED_DENY */
};
struct red_answer_result {
	const int64_t *done; /* the letters that are answered */
	size_t count;
};
extern const struct view_ops view_red_answer_ops;

/* ---- red_download.c ---- */

/* Asks for role, days and file; the asker's answer calls _start when it is yes. */
bool red_download_ask(struct view *asker, int token);
void red_download_start(void);

#endif
