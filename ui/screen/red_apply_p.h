/* ui/screen/red_apply_p.h - between the files of 录入.
 *
 *   red_apply.c        the view: steps, keys          red_apply_lines.c  填开确认: negative lines
 *   red_apply_blue.c   选择发票                       red_apply_send.c   提交 and what came of it
 *   red_apply_reason.c 冲红原因                       red_apply_keep.c   what was entered, kept
 *   red_apply_lines_view.c  how those lines are shown (red_apply_lines_p.h)
 *   red_apply_given.c  手工录入 of an invoice issued elsewhere (red_apply_given_p.h)
 *   red_apply_file.c   such an invoice from a file
 */
#ifndef KP_UI_SCREEN_RED_APPLY_P_H
#define KP_UI_SCREEN_RED_APPLY_P_H

#include "ui/grid.h"
#include "ui/screen/red_apply.h"
#include "ui/screen/red_p.h"

enum apply_step { APPLY_SIDE, APPLY_BLUE, APPLY_LINES, APPLY_SENT };
enum apply_token {
	APPLY_ASK_REASON = 1,
	APPLY_ASK_LEAVE,
	APPLY_ASK_SUBMIT,
	APPLY_ASK_GIVEN,
	APPLY_ASK_FILE,
	APPLY_ASK_ISSUE,
	APPLY_ASK_OTHER
};
/* Done when the screen is idle: a dialog cannot be opened before. */
enum apply_next {
	NEXT_NONE,
	NEXT_PREPARE,
	NEXT_REASON,
	NEXT_RESTORE,
	NEXT_SUBMIT,
	NEXT_GIVEN,
	NEXT_LEAVE
};
enum { APPLY_HEAD = 3, APPLY_FOOT = 4 };

struct apply {
	struct listing frame; /* first: step APPLY_BLUE is a list */
	enum apply_step step;
	enum apply_next next;
	enum red_side side;
	char number[NUMBER_TEXT]; /* of the chosen one of the list */
	char *given;     /* owned; JSON of one issued elsewhere, instead of it; NULL none */
	bool given_file; /* it was read from a file: not one for the form */
	struct red_source source;
	bool has_source;
	enum red_reason reason; /* 0: not chosen yet */
	struct grid grid;
	bool has_grid, entered; /* entered: lines differ from what was proposed */
	bool worked;            /* something was typed, or the reason changed: it is kept */
	int64_t net, tax;       /* of the lines that are in order */
	int taken, wrong;       /* lines that are taken back; that are not in order */
	struct errand errand;   /* what has to be fetched before */
	bool whole;             /* 全额红冲 of an invoice of the records */
	bool seek;              /* the chosen one is to be the selected row once they are read */
	bool leaving;           /* asked and answered */
	int64_t letter;         /* that was applied for */
	struct red_record rec;
	bool has_rec;
	struct figures figures;
	struct rect head, body, foot;
	int button;
};

/* ---- red_apply.c ---- */
void apply_go(struct apply *s, enum apply_step step);
/* Steps in the first row. */
void apply_paint_steps(const struct apply *s, struct rect r);

/* ---- red_apply_blue.c ---- */
extern const struct listing_kind apply_blues;
/* Of the given one or the selected row: what is needed of the tax side first, then its lines. */
void apply_prepare(struct apply *s);
void apply_prepared(struct apply *s, bool changed);
/* Selects the row of the chosen one, where it is among the first pages. */
void apply_seek(struct apply *s);
/* The selected row becomes the chosen one; what was entered of another is given up. */
void apply_choose(struct apply *s);
/* Reads what is left of the chosen invoice; false: a message says why not. */
bool apply_read_source(struct apply *s);
/* Another invoice: nothing of the one before stays. */
void apply_forget_source(struct apply *s);

/* ---- red_apply_reason.c ---- */
struct red_reason_arg {
	const struct red_blue *blue; /* lives as long as the dialog */
	enum red_side side;          /* ours */
	enum red_reason selected;
};
/* Result: const enum red_reason *. */
extern const struct view_ops view_red_reason_ops;
/* What it lets change. */
const char *red_reason_lets(enum red_reason r);

/* ---- red_apply_lines.c ---- */
void apply_lines_free(struct apply *s);
/* Proposes all that is left; for another reason what was entered stays as far as it may. */
void apply_lines_fill(struct apply *s);
/* Another reason, which Ctrl-Z takes back; says what had to be changed for it. */
void apply_lines_other_reason(struct apply *s, enum red_reason to);
void apply_lines_layout(struct apply *s);
void apply_lines_paint(struct apply *s);
bool apply_lines_key(struct apply *s, struct key k, const char *paste, size_t n);
bool apply_lines_act(struct apply *s, enum action a);
const char *apply_lines_why_not(const struct apply *s, enum action a);
/* malloc'd; *n 0: all that is left. */
struct red_wish *apply_lines_wishes(const struct apply *s, size_t *n);
/* Goes to the first row that is not in order and says why; false: there is none. */
bool apply_lines_wrong(struct apply *s);
/* A refusal of desk: beside its cell where it has one. */
void apply_lines_refused(struct apply *s, const struct red_wish *wishes, const struct err_info *e);
/* What differs from the proposal, as members of an open array, and back. */
void apply_lines_put(const struct apply *s, struct json_out *o);
void apply_lines_take(struct apply *s, const cJSON *array);

/* ---- red_apply_send.c ---- */
/* Asks with the figures, default no; the answer calls apply_submit. */
void apply_ask_submit(struct apply *s);
void apply_submit(struct apply *s);
void apply_sent_look(struct apply *s);
void apply_sent_paint(struct apply *s);
bool apply_sent_act(struct apply *s, enum action a);
void apply_sent_free(struct apply *s);
bool apply_sent_refused(const struct apply *s);
bool apply_sent_issuable(const struct apply *s);

/* ---- red_apply_keep.c ---- */
/* Has something been entered that is not lightly entered again? */
bool apply_entered(const struct apply *s);
void apply_keep(const struct apply *s);
/* The form of 手工录入 as far as it is typed. */
void apply_keep_given(const struct apply *s, const char *text);
void apply_forget(void);
/* True: there was something; the invoice and its lines are read by apply_restore_lines. */
bool apply_restore(struct apply *s);
void apply_restore_lines(struct apply *s);

/* ---- red_apply_given.c ---- */
/* Takes its JSON or XML (malloc'd) as the chosen invoice. */
void apply_take_given(struct apply *s, char *text, bool file);
/* Asks for an invoice issued elsewhere; on a yes it is in s->given. */
bool apply_ask_given(struct apply *s);
bool apply_ask_file(struct apply *s);
/* The invoice of the JSON in s->given; freed by red_given_free. */
enum err apply_given_read(const struct apply *s, struct red_given_blue *out, struct err_info *e);

#endif
