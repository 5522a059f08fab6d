/* ui/screen/blue_p.h - what the files of the blue form share.
 *
 *   blue.c       the view: focus, painting    blue_model.c     fields and places (pure)
 *   blue_do.c    actions and answers          blue_line.c      rows (pure)
 *   blue_form.c  filling, building            blue_fields.c    tables of fields
 *   blue_rows.c  the grid: computing, goods   blue_buyer.c     buyers
 *   blue_code.c  tax codes and rates          blue_keep.c      drafts as JSON, saving
 *   blue_start.c issuing begins               blue_discount.c  the discount dialog
 *   blue_issue.c the sheet: confirm, result   blue_sheet.c     how the sheet looks
 *   blue_type.c  the business type            blue_paste.c     pasted rows, previewed
 *   blue_facts.c what has no field            blue_more*.c     the boxes for it
 *   blue_copy.c  复制开票, 发票模板      blue_check.c      what of a copy does not hold now
 *   blue_import*.c  导入明细 (ui/screen/blue_import.h)
 *   blue_again.c 上次照开                blue_price.c      上次单价
 *   blue_tail.c  尾差                    blue_remark.c     备注常用语
 */
#ifndef KP_UI_SCREEN_BLUE_P_H
#define KP_UI_SCREEN_BLUE_P_H

#include "ui/grid.h"
#include "ui/screen/blue.h"
#include "ui/screen/blue_model.h"
#include "ui/screen/blue_more.h"
#include "ui/screen/type_form.h"

enum blue_token {
	BLUE_ASK_CODE = 1,
	BLUE_ASK_RATE,
	BLUE_ASK_BUYER,
	BLUE_ASK_DISCOUNT,
	BLUE_ASK_ISSUE,
	BLUE_ASK_COPY,
	BLUE_ASK_TYPE,
	BLUE_ASK_DRAWER,
	BLUE_ASK_NEW_TYPE,
	BLUE_ASK_PASTE,
	BLUE_ASK_ADDRESS,
	BLUE_ASK_KEEP,
	BLUE_ASK_MORE,
	BLUE_ASK_SUBJECT,
	BLUE_ASK_PREFERENCE,
	BLUE_ASK_COAL,
	BLUE_ASK_IMPORT,
	BLUE_ASK_LINES,
	BLUE_ASK_TAKE,
	BLUE_ASK_TEMPLATE,
	BLUE_ASK_NAME,
	BLUE_ASK_SPLIT,
	BLUE_ASK_PHRASE,
	BLUE_ASK_TAIL,
	BLUE_ASK_ROW_TAX,
	BLUE_ASK_TOTAL_TAX
};
enum { BLUE_CHOICES = 24 }; /* lines of the form's own choosers */

/* A proposal about 尾差: to adjust a tax (by value, or to it), or a figure of a contradictory row. */
enum tail_kind {
	TAIL_ROW,
	TAIL_ROW_OWN,
	TAIL_TOTAL,
	TAIL_TOTAL_OWN,
	TAIL_PRICE,
	TAIL_AMOUNT,
	TAIL_QUANTITY,
	TAIL_NONE
};
enum { TAIL_OFFERS = 6, TAIL_NOTE = 160, PRICE_KEY = 1200 };
struct tail_offer {
	enum tail_kind kind;
	int64_t value;
	char words[200];
};

/* Where pasted rows go: behind those that are there, over some of them, in the place of all. */
enum paste_way { PASTE_BEHIND, PASTE_OVER, PASTE_INSTEAD };

struct blue {
	struct view *view;
	struct form head, foot;
	struct grid grid;
	enum blue_part part; /* where the focus is */
	bool view_inclusive; /* how figures are shown; the entry mode is a field */
	struct invoice rest; /* members without a field; has no lines */
	int64_t form_id, draft_id;
	bool leaving;        /* BACK was pressed and everything is saved: once more leaves */
	bool changed;        /* typed since the last save */
	bool late;           /* another writer was at work: saved as soon as it can be */
	bool asked, parting; /* BACK meanwhile, and again: left once it is saved */
	bool issuing;        /* ISSUE meanwhile: gone on with once it is saved */
	int lines;           /* rows that could be computed */
	int64_t net, tax, gross;
	dec_int exact; /* what the rates make of the net amounts (tax/tolerance.h) */
	bool overflow;
	struct rect title, rule, totals;
	int64_t addresses_of;    /* the buyer whose addresses are asked about */
	bool strange;            /* the buyer typed is none of the catalogue */
	char owner[BUYER_OWNER]; /* whose the tax number typed is, if another's; "" fine */
	struct {
		char *text;             /* the block that is previewed; owned */
		bool whole;             /* rows from the name on, not cells from the cursor on */
		enum paste_way ways[3]; /* as they are offered */
		/* What the last block did to a field outside the rows, for undo; NULL: nothing. */
		enum blue_part part;
		int field;
		char *was, *became;
	} paste;
	struct { /* the field outside the rows that is visited, and its text before, for undo */
		enum blue_part part;
		int field;
		char *was; /* NULL: none is */
	} visit;
	struct invoice *taken;      /* what is asked about; owned */
	struct blue_before *before; /* owned: of steps that can be undone */
	int before_count;
	struct type_form new_type;           /* of the open dialog */
	char code[20], code_label[240];      /* tax code of the current row, in words */
	char rates[BLUE_CHOICES][BLUE_TEXT]; /* offered by the open chooser */
	const char *rate_lines[BLUE_CHOICES + 1];
	struct {
		struct tail_offer offers[TAIL_OFFERS];
		int count, row;
	} tail; /* of the open dialog */
	struct {
		char key[PRICE_KEY]; /* of the question the answer is to; "" none was asked */
		struct price_known price;
		bool found;
	} last;
};

/* Head and foot as they were before an invoice was taken in, for undo. */
struct blue_before {
	char *head, *foot;
	struct invoice rest;
};

/* ---- blue_copy.c ---- */
/* A page of issued invoices of the chosen kind; what it answers. */
bool blue_ask_copy(struct blue *b);
void blue_answer_copy(struct blue *b, const int64_t *id);
/* The templates; the one chosen. */
bool blue_ask_template(struct blue *b);
void blue_answer_template(struct blue *b, const int64_t *id);
/* Puts an invoice into the form: at once, or when it is asked how (replace, or its lines alone).
 * One undo step. */
void blue_take(struct blue *b, const struct invoice *inv);
/* Head, foot and lines at once; words: of what was taken, for the message. */
void blue_take_all(struct blue *b, const struct invoice *inv, const char *words);
void blue_answer_take(struct blue *b, int chosen);
/* The present form as a template: asks for its name. */
bool blue_ask_name(struct blue *b);
/* The present form, saved, is split into drafts. */
bool blue_ask_split(struct blue *b);
void blue_answer_split(struct blue *b);
enum err blue_fill_template(struct blue *b, int64_t id, struct err_info *e);
/* The hook of the grid for steps that changed head and foot, too. */
int blue_swap_before(struct blue *b, int kept);
void blue_copy_free(struct blue *b);

/* ---- blue_check.c ---- */
/* Asks the rules of today about a form that was filled from something older, and puts what does not
 * hold on its rows and fields; how many that are, and the first of them in words. */
enum { RECHECK_WORDS = 512 };
int blue_recheck(struct blue *b, char first[RECHECK_WORDS]);
/* Says in the message line what was filled in, or what of it does not hold. */
void blue_tell_taken(struct blue *b, const char *what);

/* ---- blue_do.c ---- */
/* True when the action is one of the form's own; *used tells whether it did anything. */
bool blue_do(struct blue *b, enum action a, bool *used);
/* A stored draft, kept in mind so that issuing uses it up; an invoice without what is its own. */
enum err blue_fill_draft(struct blue *b, int64_t id, struct err_info *e);
enum err blue_fill_order(struct blue *b, int64_t batch, int64_t seq, struct err_info *e);
enum err blue_fill_copy(struct blue *b, const char *no, struct err_info *e);
void blue_answer_issue(struct blue *b, bool ok, const void *result);

/* ---- blue_fields.c ---- */
extern const struct field blue_head[], blue_foot[];

/* ---- blue_form.c ---- */
void blue_form_init(struct blue *b);
void blue_form_free(struct blue *b);
/* An empty form with what the last invoice of the person had: kind, mode, drawer, ... */
void blue_form_fresh(struct blue *b);
void blue_form_fill(struct blue *b, const struct invoice *inv);
/* The invoice typed; row_of[i] gets the grid row of line i (as many as the grid has rows). */
void blue_form_build(const struct blue *b, struct invoice *out, int *row_of);
/* Keeps what of the invoice has no field. */
void blue_form_rest(struct blue *b, const struct invoice *inv);
bool blue_inclusive(const struct blue *b);
struct form *blue_part_form(struct blue *b, enum blue_part part); /* NULL for the grid */
void blue_focus(struct blue *b, enum blue_part part);
bool blue_typed(const struct blue *b); /* anything a person typed? */
void blue_set(struct blue *b, enum blue_field id, const char *text);

/* ---- blue_buyer.c ---- */
int blue_complete_buyer(const struct form *f, const struct field *fd, const char *text,
			struct candidate *out, int max);
void blue_take_buyer(struct blue *b, int64_t id);
/* A row of a completion list, its label cut so that the detail stays visible. */
void blue_candidate(struct candidate *c, const char *label, const char *detail);
void blue_ask_buyer(struct blue *b);
void blue_answer_buyer(struct blue *b, const void *result);
void blue_answer_address(struct blue *b, const void *result);
/* Is the tax number in the form known as another buyer's?  Marks it; b->owner. */
void blue_look_owner(struct blue *b);
/* What to say of it where the buyer is typed, NULL nothing. */
const char *blue_owner_words(const struct blue *b, char *out, size_t size);
/* Looks whether the catalogue has the buyer typed: b->strange, and blue_look_owner. */
void blue_look_buyer(struct blue *b);
/* Opens the form of the catalogue with the buyer typed. */
void blue_ask_keep(struct blue *b);

/* ---- blue_type.c ---- */
/* `check` of the business type: where types are maintained, one of them. */
const char *blue_check_type(const struct form *f, const struct field *fd, const char *text,
			    char *out);
void blue_ask_type(struct blue *b);
void blue_answer_type(struct blue *b, const void *result);
void blue_answer_new_type(struct blue *b);

/* ---- blue_rows.c ---- */
extern const struct grid_hooks blue_hooks;
/* Columns of the grid; the view is named over the figures. */
const struct grid_column *blue_rows_columns(bool view_inclusive);
/* The row's data, made when absent. */
struct blue_row *blue_row_at(struct blue *b, int row);
const struct blue_row *blue_row_of(const struct blue *b, int row); /* or NULL */
bool blue_row_blank(const struct blue *b, int row);
/* Reads rows first..last again; an unfinished row is wrong only when it is `left`. */
void blue_rows_compute(struct blue *b, int first, int last, bool left);
int blue_rows_end(const struct blue *b); /* behind the last row with text */
void blue_rows_line(struct blue *b, int row, const struct tax_line *l);
/* The price of an article in the mode asked for; the result is out. */
const char *blue_goods_price(const struct goods *u, bool inclusive, char out[DEC_TEXT]);

/* ---- blue_facts.c ---- */
/* The list of all that may be added; the box of one of them; false: nothing was opened. */
bool blue_ask_more(struct blue *b);
void blue_answer_more(struct blue *b, int chosen);
bool blue_ask_subject(struct blue *b, enum more_subject subject);
void blue_answer_subject(struct blue *b, const struct invoice *inv);
/* Opens the box that has the field of a refusal; false: none has it. */
bool blue_point_subject(struct blue *b, const char *path, const char *sentence);
/* "〔差额 1,000.00〕〔支付 2 笔〕", "" nothing filled in. */
const char *blue_invoice_marks(const struct invoice *inv, char *out, size_t size);
/* What 差额开票 takes off before the tax of the only row; 0 otherwise. */
int64_t blue_deduction(const struct blue *b);
/* 优惠政策 and 煤炭种类 of the row the cursor is or was in. */
bool blue_has_row(const struct blue *b);
bool blue_row_is_coal(const struct blue *b);
bool blue_ask_preference(struct blue *b);
void blue_answer_preference(struct blue *b, int chosen);
bool blue_ask_coal(struct blue *b);
void blue_answer_coal(struct blue *b, int chosen);
/* Both in words, "" neither. */
const char *blue_row_facts(const struct tax_line *l, char out[160]);

/* ---- blue_paste.c ---- */
/* Shows what a pasted block would become and asks; it becomes rows when that is affirmed. */
bool blue_ask_paste(struct grid *g, const char *text, size_t n);
/* The name of a row was left: the one article of that name brings code and the rest along; of
 * several none, which is in `wrong`.  True: it did. */
enum { BLUE_SENTENCE = 1200 };
bool blue_name_left(struct blue *b, int row, char wrong[BLUE_SENTENCE]);
/* A block for a field outside the rows: rows with headings are read, else one cell is taken.  False
 * when it is none of the kind; *used as of keys. */
bool blue_paste_field(struct blue *b, const char *text, size_t n, bool *used);
/* Takes the cell back that was pasted last, unless its field has changed since. */
bool blue_undo_field(struct blue *b);
/* The field with the focus is about to change, or to be left. */
void blue_visit_field(struct blue *b);
void blue_paste_free(struct blue *b);
/* chosen: of several ways, NULL where there was one. */
void blue_answer_paste(struct blue *b, bool ok, const int *chosen);

/* ---- blue_import_put.c ---- */
void blue_ask_import(struct blue *b);
void blue_answer_import(struct blue *b, const void *result);
void blue_answer_lines(struct blue *b, bool ok, const void *result);
/* A block whose first line names its columns is read like a file; false: it is none. */
bool blue_ask_headed(struct blue *b, const char *text, size_t n);
/* The lines of the invoice from `before` on into the grid, one undo step; lifted: all of them. */
void blue_put_all(struct blue *b, const struct invoice *inv, size_t before, bool lifted);
/* Imported lines into the grid, one undo step; lines of another mode make the form one with tax. */
struct lines_taken;
void blue_put_lines(struct blue *b, const struct lines_taken *taken);
int blue_restore_mode(struct grid *g, int kept); /* the hook of the grid */

/* ---- blue_code.c ---- */
void blue_ask_code(struct blue *b);
void blue_answer_code(struct blue *b, const void *result);
void blue_ask_rate(struct blue *b);
void blue_answer_rate(struct blue *b, const void *result);
/* 同上 on an empty name: the article of the row above, its name, code, unit and rate, in one undo
 * step.  False: there is none, or the focus is elsewhere. */
bool blue_article_up(struct blue *b);
/* Words about the tax code of the current row into b->code_label. */
void blue_code_words(struct blue *b);

/* ---- blue_keep.c ---- */
/* Saves when something was typed since the last time; false: it failed and the reason is shown.
 * Never waits long for another writer: then `late` is set, and blue_keep_late tries again. */
bool blue_keep(struct blue *b, bool say);
void blue_keep_last(struct blue *b); /* the program ends: waits as long as it takes */
int blue_keep_late(struct blue *b);  /* the view's idle step */
enum err blue_keep_load(struct blue *b, int64_t form, struct err_info *e);
/* A form, of whomever, as a new one without its order number. */
enum err blue_keep_copy(struct blue *b, int64_t form, struct err_info *e);
char *blue_keep_write(const struct blue *b); /* malloc'd JSON */
enum err blue_keep_read(struct blue *b, const char *body, struct err_info *e);

/* ---- blue_discount.c ---- */
struct discount_arg {
	const struct blue *blue;
	const int *rows;
	int count;
};
struct discount_result {
	struct discount discount; /* DISCOUNT_NONE takes it away */
};
extern const struct view_ops view_discount_ops;
void blue_ask_discount(struct blue *b);
void blue_answer_discount(struct blue *b, const struct discount_result *r);

/* ---- blue_again.c ---- */
const char *blue_why_not_again(const struct blue *b);
bool blue_ask_again(struct blue *b);

/* ---- blue_portal.c ---- */
/* NULL: the tax bureau's page takes what stands in the focused field, or nobody wants to know. */
const char *blue_portal_words(const struct blue *b, char *out, size_t size);

/* ---- blue_price.c ---- */
/* The last price of the row the focus is on, for what is painted. */
void blue_look_price(struct blue *b);
void blue_forget_price(struct blue *b);
/* NULL: there is none, or the row has it. */
const char *blue_price_words(const struct blue *b, char *out, size_t size);
const char *blue_why_no_price(const struct blue *b);
bool blue_take_price(struct blue *b);
/* Where the parameter says so, for an article just chosen: in the undo step under way. */
void blue_price_unasked(struct blue *b, int row);

/* ---- blue_totals.c: sums and capitals below the lines ---- */
/* Rows it wants in this area: two where the capitals do not fit behind the sums. */
int blue_totals_rows(const struct blue *b, struct rect r);
void blue_totals_paint(const struct blue *b);

/* ---- blue_tail.c ---- */
/* What is near a limit or adjusted, "" nothing. */
const char *blue_tail_note(const struct blue *b, const struct blue_row *r, char out[TAIL_NOTE]);
const char *blue_tail_total(const struct blue *b, bool *near, char out[TAIL_NOTE]);
bool blue_ask_tail(struct blue *b);
void blue_answer_tail(struct blue *b, int chosen);
void blue_answer_tax(struct blue *b, const struct form *f, bool total);

/* ---- blue_remark.c ---- */
bool blue_ask_phrase(struct blue *b);
void blue_answer_phrase(struct blue *b, const char *text);

/* ---- blue_start.c ---- */
void blue_issue(struct blue *b);
/* The sentence of an error with what to press here as its mend; the result is out. */
const char *blue_sentence(const struct err_info *e, char *out, size_t size);
/* Puts a refusal on the field or row it names. */
void blue_refused(struct blue *b, const struct err_info *e);

/* ---- blue_issue.c ---- */
struct issue_arg {
	struct invoice_set *set; /* one invoice; taken over */
	const char *warnings;    /* lines of text, may be "" */
	int64_t form_id, draft_id;
	int64_t quota_after;
	bool quota_known;
};
/* Not ok: not issued; the result is a struct err_info * when it was refused.  Ok: issued. */
struct issue_result {
	bool again; /* 继续开票 */
};
extern const struct view_ops view_issue_ops;

#endif
