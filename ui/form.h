/* ui/form.h - forms as data: fields by id in a const table, values held as typed text.
 *
 * Purpose     Layout, tab order, completion, validation on leaving a field and on submit, and help
 *             come from the table.  A form never loses text: values are what was typed, valid or
 *             not.
 * Calling     A view embeds struct form, calls form_init with its table, hands keys and actions to
 *             form_key / form_act, paints with form_paint, and reads values by id.
 * Ownership   The form owns the lines; tables are the view's, const.
 * Place       Of a field at col with width w: the label ends at col - 2, '*' (required) or '!'
 *             (wrong) stands at col - 1, '[' at col, w columns of text, ']' behind.  Choices stand
 *             in '<' '>', flags are "[x]"; FIELD_SHOW has blanks instead of brackets.  In the wide
 *             layout the fields to the right of a widened one move right with it.
 */
#ifndef KP_UI_FORM_H
#define KP_UI_FORM_H

#include "ui/draw.h"
#include "ui/line.h"
#include "ui/view.h"

enum field_kind {
	FIELD_TEXT,
	FIELD_DIGITS, /* full-width digits and letters are folded, blanks dropped */
	FIELD_AMOUNT, /* money, quantity, price: folded; commas and ￥ dropped */
	FIELD_DATE,   /* 20251120, 2025-11-20, 11-20; + and - change the day */
	FIELD_CHOICE, /* one of `choices`; TOGGLE or left/right changes it */
	FIELD_FLAG,   /* yes or no: TOGGLE */
	FIELD_SHOW,   /* read only */
	FIELD_SECRET, /* shown as dots */
};

struct form;
/* A candidate for completion: what is shown, and what the view needs to fill the other fields. */
struct candidate {
	char label[200], detail[200];
	int64_t id;
};

struct field {
	int id; /* > 0; unique in the table */
	enum field_kind kind;
	const char *label;
	int row, col, width; /* of the input, in a form of form_rows rows; see Place */
	int wide_width;      /* width when the area has more than 100 columns; 0: same */
	size_t max_chars;    /* 0: 200 */
	bool required;
	const char *const *choices; /* FIELD_CHOICE: ends with NULL; value is the text */
	const char *help;
	const char *stands; /* shown while nothing is typed: what holds then; NULL: nothing */
	/* The sentence when the text is wrong, or NULL; out[256] may be used for it. */
	const char *(*check)(const struct form *f, const struct field *fd, const char *text,
			     char *out);
	/* Fills up to max candidates for the text typed so far; NULL: no completion. */
	int (*complete)(const struct form *f, const struct field *fd, const char *text,
			struct candidate *out, int max);
	bool chooser; /* CHOOSE opens something the view knows about */
	bool apart;   /* form_save and form_load leave it out */
	bool offered; /* what form_set puts is a proposal: see struct form, untouched */
};

struct form {
	const struct field *fields; /* ends with id 0 */
	int count, focus;           /* focus: index of a field that can be edited */
	struct line *lines;         /* one per field */
	char (*errors)[256];        /* one per field, "" fine */
	/* One per field: an offered value that nobody touched.  It is shown as selected: the first
	 * character typed takes its place, moving the caret keeps it. */
	bool *untouched;
	int doubted; /* id of a field that is marked ?, 0 none: fine, but to be looked at */
	bool dirty;  /* text changed by the person; the view clears it after saving */
	bool wraps;  /* what does not fit in a row goes on below it; the table is in that order */
	struct rect area;
	void *owner; /* the view's state, for callbacks */
	/* completion list of the focused field */
	struct candidate matches[8];
	int match_count, match; /* match -1: none chosen; FORM_MATCH closes the list, match stays */
};

void form_init(struct form *f, const struct field *fields, void *owner);
void form_free(struct form *f);
void form_layout(struct form *f, struct rect area);
int form_rows(const struct form *f);
void form_paint(struct form *f, bool focused); /* places the cursor when focused */
/* The completion list alone, over what lies below: for views that paint more after the form. */
void form_paint_matches(const struct form *f);
/* Text keys and paste for the focused field; true when something changed. */
bool form_key(struct form *f, struct key k, const char *paste, size_t n);
/* Editing and moving actions.  FORM_LEFT_END: NEXT or ENTER on the last field; FORM_LEFT_START:
 * PREVIOUS on the first; FORM_MATCH: a completion was taken (f->matches[f->match]), its label is
 * the field's text and the focus stays; FORM_LEFT_FIELD: another field has the focus.  UP and DOWN
 * at the edge and BACK without an open completion list are FORM_UNUSED. */
enum form_result {
	FORM_UNUSED,
	FORM_USED,
	FORM_LEFT_END,
	FORM_LEFT_START,
	FORM_MATCH,
	FORM_LEFT_FIELD
};
enum form_result form_act(struct form *f, enum action a);
const char *form_get(const struct form *f, int id);
/* Programmatic: not dirty, error cleared. */
void form_set(struct form *f, int id, const char *text);
bool form_flag(const struct form *f, int id);
int form_choice(const struct form *f, int id); /* index, -1 none */
void form_focus(struct form *f, int id);
int form_focused(const struct form *f); /* id */
/* Does CHOOSE do something in the focused field? */
bool form_chooses(const struct form *f);
/* Checks all fields; focuses the first wrong one and returns its sentence, NULL: all right. */
const char *form_check(struct form *f);
/* Puts a sentence on a field (from desk) and focuses it. */
void form_fail(struct form *f, int id, const char *sentence);
const char *form_error(const struct form *f); /* of the focused field, "" none */
const char *form_help(const struct form *f);
/* {"form-choice"|"form-text", "form", NULL} */
const char *const *form_sections(const struct form *f);
/* All values as JSON object text (malloc'd), by the decimal id, and back: drafts.  Secrets,
 * FIELD_SHOW and what stands apart are left out; what the object does not have stays as it is. */
char *form_save(const struct form *f);
void form_load(struct form *f, const cJSON *object);

#endif
