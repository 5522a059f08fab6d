/* ui/screen/invoices.h - 开票记录: the list, one invoice, and what both can do with an invoice. */
#ifndef KP_UI_SCREEN_INVOICES_H
#define KP_UI_SCREEN_INVOICES_H

#include "ui/screen/parts.h"
#include "ui/screens.h"

/* What the list begins with; NULL: everything. */
struct invoices_arg {
	const char *state; /* a choice of the field 状态: "开票失败", "在途", ...; NULL 全部 */
	const char *kind;          /* a choice of the field 种类; NULL 全部 */
	bool pick;                 /* one is chosen for the asker: answers const int64_t * its id */
	const char *business_type; /* NULL: any */
	const char *buyer;         /* part of the name; NULL: any */
	int64_t buyer_id; /* as long as `buyer` stands there: all that was issued to this one */
	/* Of a row of a report: its dates and its key (copied), and what is said of it. */
	const struct invoice_filter *report;
	const char *report_words;
};

/* One invoice; arg: const int64_t * its id. */
extern const struct view_ops view_invoice_ops;

/* ---- face.c: the face as text ---- */

struct face_text {
	char *text, **at; /* owned: the text in lines */
	int lines, cols, top, left, rows, room;
};
enum err face_read(struct face_text *f, int64_t id, struct err_info *e);
void face_free(struct face_text *f);
void face_paint(struct face_text *f, struct rect r);
/* Where one is, in words; "" when all is shown. */
void face_place(const struct face_text *f, char out[96]);
bool face_act(struct face_text *f, enum action a);
/* The face alone; arg: const int64_t * the invoice's id. */
extern const struct view_ops view_face_ops;

/* ---- invoice_do.c: by "#id", as desk_invoice_get takes it ---- */

enum face invoice_face(enum invoice_state s, bool needs_person);
/* "开票失败", "失败 需人工": 11 columns. */
const char *invoice_state_cell(enum invoice_state s, bool needs_person);
/* May the action be done with an invoice of this state?  NULL yes, else why not. */
const char *invoice_why_not(enum invoice_state s, enum action a);
/* Of a red one, and of one of which something was taken back; asked before the other. */
const char *invoice_red_why_not(bool red, enum invoice_reversal reversed, enum action a);
/* What becomes of an invoice that is tried again or voided, as a sentence of the question. */
const char *invoice_after(enum invoice_state s, enum action a);
void invoice_download(const char *number);
/* What happened to it, to be read. */
bool invoice_events(int64_t id);
/* Opens the blue form with a copy (features D21). */
void invoice_copy_to_form(int64_t id);
/* 全额红冲: reason, figures, application. */
bool invoice_reverse(const char *number);
/* Does it and reports: of one to the message line, of several a line for each, to be read. */
void invoices_retry(const int64_t *ids, size_t n);
void invoices_void(const int64_t *ids, size_t n);
/* Asks first; default no.  The text may be formed by the caller. */
bool invoice_ask(struct view *asker, int token, enum action a, const char *text);

#endif
