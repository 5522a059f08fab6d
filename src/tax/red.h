/* tax/red.h - 红字确认单 (red letters) and the red invoices they allow.
 *
 * Purpose     What a red letter is, who may do what with it in which state, what of a blue invoice
 *             it may take back, and the red invoice that follows from it (protocol 6.4, 7.10-7.12;
 *             features N40-N46).  Pure.
 * Invariants  Amounts of a letter are those sent: negative, without tax in net_fen, exactly the
 *             sums of its lines.  Whatever sequence of partial letters uses a blue line up, their
 *             nets and taxes add up to its own exactly, and every line keeps the tax side's limits
 *             (protocol 7.6).
 * Ownership   As in invoice.h: structs own their char *, never NULL after *_init.  A function that
 *             initialises its *out leaves nothing in it that must be freed when it fails.
 */
#ifndef KP_TAX_RED_H
#define KP_TAX_RED_H

#include "tax/invoice.h"
#include "tax/validate.h"

enum red_side { RED_SELLER, RED_BUYER }; /* 销方, 购方: the digit of the wire */

/* 冲红原因: the two digits of the wire; 0: none. */
enum red_reason { RED_MISTAKE = 1, RED_RETURN, RED_STOP, RED_ALLOWANCE, RED_REASONS };

/* 确认单状态: the two digits of the wire.  RED_UNKNOWN: the tax side has not
 * answered yet, or with a state of its own that is not here. */
enum red_state {
	RED_UNKNOWN,
	RED_FREE,             /* 01 无需确认 */
	RED_WAITS_BUYER,      /* 02 销方录入待购方确认 */
	RED_WAITS_SELLER,     /* 03 购方录入待销方确认 */
	RED_AGREED,           /* 04 购销双方已确认 */
	RED_DENIED_BY_BUYER,  /* 05 */
	RED_DENIED_BY_SELLER, /* 06 */
	RED_EXPIRED,          /* 07 超72小时未确认 */
	RED_WITHDRAWN,        /* 08 发起方撤销 */
	RED_REVOKED,          /* 09 确认后撤销 */
	RED_ABNORMAL,         /* 10 异常凭证 */
	RED_TAXPAYER,         /* 11 纳税人状态异常 */
	RED_PERSON_REFUSED,   /* 12 自然人拒收 */
	RED_REFUND,           /* 13 已开具退税申请单 */
	RED_STATES
};

enum red_action { RED_CONFIRM, RED_DENY, RED_REVOKE, RED_ISSUE, RED_ACTIONS };

/* A letter that waits is void after so many seconds. */
enum { RED_WAIT_SECONDS = 72 * 3600, RED_REMARK_CHARS = 382 };

struct red_line {
	unsigned blue_row; /* 蓝字发票明细序号: the row of the upload, discount rows count */
	char *tax_code, *name, *short_name, *spec, *unit, *preference;
	int32_t rate_ppm; /* -1: not told */
	bool has_quantity;
	struct dec quantity, price; /* negative, positive */
	int64_t net_fen, tax_fen;   /* negative, negative or 0 */
	int64_t deduction_fen;      /* negative or 0 */
};

struct red_letter {
	char *number, *uuid; /* 确认单编号, UUID: "" before the tax side has it */
	enum red_side entered_by;
	enum red_state state;
	char strange[16]; /* the code of a state that is not among ours, which is unknown then */
	enum red_reason reason;
	char *seller_tax_no, *seller_name, *buyer_tax_no, *buyer_name;
	char *blue_code, *blue_number; /* code: of 税控 invoices, else "" */
	bool blue_paper;
	char blue_issued_at[DATETIME_TEXT];
	int64_t blue_net_fen, blue_tax_fen; /* positive */
	char *blue_kind;                    /* 01 专票, 02 普票, 03 机动车, 04 二手车 */
	char *element, *differential;       /* 特定要素, 差额征税类型 */
	int64_t net_fen, tax_fen;           /* negative, negative or 0 */
	unsigned declared_lines;            /* 明细数量 of a list; lines may not be here yet */
	char entered_at[DATETIME_TEXT], confirmed_at[DATETIME_TEXT]; /* or "" */
	bool issued, valid; /* 已开具红字发票标志, 有效标志 */
	char *red_number;
	char red_issued_at[DATETIME_TEXT];
	struct red_line *lines;
	size_t line_count;
};

/* The text members, as invoice_texts: keys, terms and the limits of the wire. */
extern const struct text_field red_texts[];
extern const struct text_field red_line_texts[];

void red_letter_init(struct red_letter *l);
void red_letter_free(struct red_letter *l);
void red_letter_copy(struct red_letter *out, const struct red_letter *in);
/* Appends an initialised line; valid until the next append. */
struct red_line *red_add_line(struct red_letter *l);
void red_clear_lines(struct red_letter *l);

/* Words: "seller"/"buyer" 销方/购方; "01".."13", "" of RED_UNKNOWN, and the tax bureau's terms;
 * "confirm" 确认, "deny" 否认, "revoke" 撤销, "issue" 开具红字发票.  *_parse take either. */
const char *red_side_word(enum red_side s);
const char *red_side_label(enum red_side s);
bool red_side_parse(const char *s, enum red_side *out);
const char *red_reason_code(enum red_reason r);
const char *red_reason_label(enum red_reason r);
bool red_reason_parse(const char *s, enum red_reason *out);
const char *red_state_code(enum red_state s);
const char *red_state_label(enum red_state s);
bool red_state_parse(const char *s, enum red_state *out);
const char *red_action_word(enum red_action a);
const char *red_action_label(enum red_action a);
bool red_action_parse(const char *s, enum red_action *out);

/* Lines that could stand in a letter: nothing given back, and the sums are those of its head. */
bool tax_red_adds_up(const struct red_letter *l);

/* ---- who may do what (red_state.c; protocol 7.11) ---- */

/* Valid as far as its state says (01 to 04). */
bool red_state_open(enum red_state s);
/* May `ours`, a party of the letter, do it?  ERR_INVALID "red.state", "red.party", "red.issued"
 * with the rule: a wrong state before a wrong party. */
enum err tax_red_may(const struct red_letter *l, enum red_side ours, enum red_action a,
		     struct err_info *e);
/* The state it leads to; RED_ISSUE leaves it as it is.  RED_UNKNOWN: not from this state.  A letter
 * that is in it already has had the action. */
enum red_state tax_red_after(const struct red_letter *l, enum red_action a);
/* Is it in the state that this action, which only `ours` could take, led to? */
bool tax_red_did(const struct red_letter *l, enum red_side ours, enum red_action a);
/* Unix time at which a letter that waits becomes void; 0: it does not wait. */
int64_t tax_red_deadline(const struct red_letter *l);

/* ---- what of a blue invoice may be taken back (red_blue.c) ---- */

/* What letters have taken of a row already: positive. */
struct red_taken {
	unsigned row;
	struct dec quantity;
	int64_t net_fen, tax_fen;
};

/* A line of the blue invoice with its discount netted in, and what is left of it. */
struct red_blue_line {
	unsigned row; /* as red_line.blue_row */
	char *tax_code, *name, *short_name, *spec, *unit, *preference;
	int32_t rate_ppm;
	bool has_quantity;
	struct dec quantity, price; /* price: without tax, what a letter names */
	int64_t net_fen, tax_fen, deduction_fen;
	struct dec rest_quantity;
	int64_t rest_net_fen, rest_tax_fen;
};

struct red_blue {
	char *seller_tax_no, *seller_name, *buyer_tax_no, *buyer_name;
	char *code, *number, *kind, *element, *differential;
	bool paper, buyer_is_person;
	bool person_refused; /* 自然人拒收: whole only (N46); store_red_refused_by_person */
	char issued_at[DATETIME_TEXT];
	int64_t net_fen, tax_fen;
	bool taken; /* something is taken already */
	struct red_blue_line *lines;
	size_t line_count;
};

/* Of a computed invoice with number and date of issue.  *out is initialised by the function.
 * ERR_INVALID "red.blue" when it is red itself, has no number, or has a line whose price cannot be
 * told within the limits. */
enum err tax_red_blue(const struct invoice *inv, struct red_blue *out, struct err_info *e);
void red_blue_free(struct red_blue *b);
/* Takes away what letters took, several of a row too.  ERR_INVALID "red.taken": of a row that is
 * not there, or more than there is. */
enum err tax_red_take(struct red_blue *b, const struct red_taken *taken, size_t n,
		      struct err_info *e);
/* Nothing is left. */
bool tax_red_spent(const struct red_blue *b);

/* May the invoice be taken back for this reason (N42, and 01: nothing taken before)?  ERR_INVALID
 * "red.reason". */
enum err tax_red_reason(const struct red_blue *b, enum red_reason reason, struct err_info *e);
/* May part of it be taken back?  ERR_INVALID "red.whole": 01, 差额征税, refused by a person. */
enum err tax_red_partial(const struct red_blue *b, enum red_reason reason, struct err_info *e);

/* What a person asks for of one line: quantity or net amount, positive. */
struct red_wish {
	size_t line; /* index of red_blue.lines */
	bool has_quantity, has_amount;
	struct dec quantity;
	int64_t net_fen;
};

/* What one line becomes in a letter: for the form, as it is typed in.  Neither quantity nor amount:
 * all that is left.  out's texts are not touched.  ERR_INVALID with field "quantity" or "amount":
 * beyond what is left (figures in the sentence), not what the reason lets change, too little. */
enum err tax_red_part(const struct red_blue_line *b, enum red_reason reason,
		      const struct red_wish *w, struct red_line *out, struct err_info *e);

/* The letter of what is asked for; no wishes: all that is left.  *out is initialised by the
 * function and has no state.  ERR_INVALID: field "reason", "lines" or "lines[i].quantity" (i: of
 * the wishes). */
enum err tax_red_fill(const struct red_blue *b, enum red_side entered_by, enum red_reason reason,
		      const struct red_wish *wishes, size_t n, struct red_letter *out,
		      struct err_info *e);

/* Every rule over a letter with its lines, against the blue invoice with its rests (NULL: what can
 * be told without).  ERR_INVALID with the first finding in e; out may be NULL. */
enum err tax_red_check(const struct red_letter *l, const struct red_blue *b,
		       struct tax_findings *out, struct err_info *e);

/* ---- the red invoice (red_invoice.c; protocol 7.12) ---- */

/* Exactly the letter's lines and sums; of the blue invoice, when we have it, what a letter does not
 * tell: the buyer's address, bank, person and documents, what is shown, preference and deduction.
 * Drawer, remark, number and date are the caller's.  *out is initialised by the function.
 * ERR_INVALID "red.lines" when lines are missing or do not add up, "red.kind" of vehicles,
 * "red.whole" and "red.deduction" of 差额征税 that is not taken back with all of its deduction. */
enum err tax_red_invoice(const struct red_letter *l, const struct invoice *blue,
			 struct invoice *out, struct err_info *e);

#endif
