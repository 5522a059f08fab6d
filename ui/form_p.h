/* ui/form_p.h - what form, grid, list and dialogs share: typing by kind, editing actions, painting
 * of an input, the completion list. */
#ifndef KP_UI_FORM_P_H
#define KP_UI_FORM_P_H

#include "base/date.h"
#include "ui/form.h"

enum { FORM_MATCHES = 8, FORM_MAX_CHARS = 200 };

/* ---- typing (form_type.c) ---- */

/* Types text as the kind takes it: widths folded, blanks, commas and ￥ dropped where they mean
 * nothing. False when nothing was typed. */
bool form_type(struct line *l, enum field_kind kind, const char *text, size_t n);
/* A key for a FIELD_DATE: '+' and '-' on a whole date (or an empty line) change the day. */
bool form_date_key(struct line *l, uint32_t cp);
/* yyyyMMdd, yyyy-M-d, M-d (of this year); '/' and '.' may part them. */
bool form_date_parse(const char *text, struct date *out);
/* Rewrites a date that can be read as yyyy-MM-dd. */
void form_date_settle(struct line *l);
/* Is it a number as an amount field takes it? */
bool form_is_number(const char *text);

/* Caret and deleting actions on a line. */
enum edit_result { EDIT_UNUSED, EDIT_MOVED, EDIT_CHANGED };
enum edit_result form_edit(struct line *l, enum action a);

/* ---- geometry and completion (form.c, form_move.c, form_match.c) ---- */

bool form_can_edit(const struct form *f, int i);
int form_index(const struct form *f, int id); /* -1 unknown */
/* Where field i stands in f->area as laid out now (before scrolling). */
struct form_place {
	int row, col, width;
};
struct form_place form_place(const struct form *f, int i);
/* First row shown: the focused row is always visible. */
int form_top(const struct form *f);
/* The nearest field above (-1) or below (1), -1 when there is none. */
int form_near(const struct form *f, int direction);
/* Runs the field's own checks and stores the sentence. */
void form_validate(struct form *f, int i);
/* Validates the field left, closes the completion list, focuses i. */
void form_go(struct form *f, int i);

void form_match_open(struct form *f);
void form_match_close(struct form *f);
/* Preselects the first candidate when the text is a mnemonic or a number, nobody's final name, or
 * when it is the only one. */
int form_match_first(const char *text, int count);
/* UP or DOWN in an open list: -1 is the typed text itself. */
int form_match_move(int match, int count, int step);

/* ---- painting (form_paint.c) ---- */

/* A line of text in `width` columns; with `caret` scrolled to it and the cursor placed. */
void form_paint_line(struct rect r, int row, int col, int width, enum face face, struct line *l,
		     bool caret, bool secret);
/* The completion list under (or above) the screen cell y, x. */
void form_paint_drop(int y, int x, const struct candidate *c, int count, int match);

#endif
