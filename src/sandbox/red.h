/* sandbox/red.h - red letters: confirmation forms, their state machine, red invoices
 * (protocol 6.4, 7.10-7.12).
 *
 * A blue invoice is one uploaded here by any unit, or one told through the control port (another
 * company's, or an old one with code and number).  Whether it is locked and how far it is reversed
 * follows from its forms; what others did with it (selected, booked, 异常凭证) is marked by hand.
 * A form changes by itself with the clock (72 hours, the other side's automatic reaction): whoever
 * reads forms calls red_tick first.
 */
#ifndef KP_SANDBOX_RED_H
#define KP_SANDBOX_RED_H

#include "sandbox/check.h"
#include "sandbox/num.h"
#include "sandbox/sandbox_p.h"
#include "sandbox/units.h"

/* CREATE TABLE text. */
const char *red_schema(void);

/* ---- why something is refused ---- */

/* code: "21", an RI code, "N" (text without a code of its own), or "" (a fault of the request). */
struct refusal {
	char code[12], text[600];
};
bool red_refuse(struct refusal *r, const char *code, const char *fmt, ...) ERR_PRINTF(3, 4);
void red_answer_refusal(const struct request *rq, const struct refusal *r, struct buf *data);
/* False: one who may not issue, apply or confirm (protocol 7.1). */
bool red_may_act(const struct unit *u, struct refusal *r);

/* ---- blue invoices ---- */

enum blue_use {
	USE_FPZT,    /* 发票状态; "" = follows from the red invoices */
	USE_YCPZZT,  /* 异常凭证 */
	USE_FPYT,    /* 用途 */
	USE_RZZT,    /* 入账 */
	USE_XFSYT,   /* 消费税用途 */
	USE_ZZSYHYT, /* 加计扣除 */
	USE_REST,    /* 部分加计: the amount that was not deducted */
	USE_HZSDBS,  /* locked by hand */
	USE_REFUSED, /* a natural person refused it */
	USE_SWAPPED, /* 换开 */
	USE_N
};

struct blue_line {
	const cJSON *json;
	bool gone; /* a discount line, netted into the one above */
	bool discounted, has_sl;
	mpq_t je, se, sl, dj; /* net of the discount */
	mpq_t red_je, red_se, red_sl;
};

struct blue {
	char fpdm[16], fphm[24], fpzt[4];
	char use[USE_N][24];
	cJSON *json;
	struct blue_line *lines;
	size_t n;
	bool uploaded, paper;
	int64_t at;                  /* ms it came here */
	int64_t red_je, red_se;      /* fen reversed, positive */
	int64_t last_red;            /* ms of the last red invoice, 0 = none */
	char seller_name[UNIT_TEXT]; /* of the unit, where the body has none */
};

/* False: not known here.  fpdm "" for 20-digit numbers.  blue_free in either case. */
bool blue_load(struct sb *sb, enum env env, const char *fpdm, const char *fphm, struct blue *b);
void blue_free(struct blue *b);
const char *blue_text(const struct blue *b, const char *key);
/* Neither selected nor booked. */
bool blue_unused(const struct blue *b);
/* A valid form without a red invoice exists. */
bool blue_running(struct sb *sb, enum env env, const struct blue *b);
/* Column of blue_use as the wire names it. */
const char *blue_use_key(enum blue_use use);
void blue_mark(struct sb *sb, enum env env, const char *fpdm, const char *fphm, enum blue_use use,
	       const char *value);

/* ---- forms ---- */

enum { FORM_NAME = 300 * 4 + 1 };

struct form_row {
	int64_t id, entered, confirmed, count, issued_at;
	enum env env;
	char uuid[40], number[24], applicant[2], seller[32], buyer[32], seller_name[FORM_NAME],
	    buyer_name[FORM_NAME];
	char fpdm[16], fphm[24], paper[2], kprq[20], kind[3], tdys[3], cezs[3], reason[3], state[3];
	char issued[2], red_number[24], red_kprq[20];
	int64_t hjje, hjse, red_je, red_se; /* fen */
};

/* 72 hours and automatic reactions up to now. */
void red_tick(struct sb *sb, int64_t now_ms);
bool form_by_uuid(struct sb *sb, enum env env, const char *uuid, struct form_row *f);
bool form_valid(const struct form_row *f);
void form_read(sqlite3_stmt *q, struct form_row *f);
/* Columns in the order of form_read. */
#define FORM_COLUMNS                                                                               \
	"f.id, f.env, f.uuid, f.number, f.applicant, f.seller, f.buyer, f.seller_name,"            \
	" f.buyer_name, f.fpdm, f.fphm, f.paper, f.kprq, f.kind, f.tdys, f.cezs, f.reason,"        \
	" f.state, f.issued, f.red_number, f.red_kprq, f.entered, f.confirmed, f.issued_at,"       \
	" f.count, f.hjje, f.hjse, f.red_je, f.red_se"
const char *form_state_name(const char *state);
/* Gives id, uuid and number and writes the row; lines are written by the caller. */
void form_insert(struct sb *sb, struct form_row *f);
void form_set_state(struct sb *sb, int64_t id, const char *state, int64_t confirmed);

/* ---- application ---- */

enum party { PARTY_SELLER, PARTY_BUYER, PARTY_N };

struct application {
	struct sb *sb;
	enum env env;
	int64_t now_ms;
	const cJSON *json;
	enum party by;
	struct blue blue;
	struct form_row form;
	struct refusal why;
};

/* Checks and enters the request of a company (unit NULL: not one of this platform). */
bool red_apply(struct application *a, const char *tax_no, const struct unit *unit);
/* Lines and sums against the blue invoice. */
bool red_check_lines(struct application *a);

/* ---- confirmation ---- */

/* Who may do what ('Y', 'N', 'C') in the form's state; *to: the state that follows.  PARTY_N:
 * nobody. */
enum party red_entitled(const struct form_row *f, char deed, const char **to);
bool red_act(struct sb *sb, const struct form_row *f, enum party by, char deed, int64_t at_ms,
	     struct refusal *r);

/* ---- issue ---- */

/* Line by line, before the batch is taken (BI1031-BI1034). */
bool red_check_upload(struct invoice *v);
/* The rest, whose outcome the result query tells; true: may be kept. */
struct red_verdict {
	const char *code;
	char text[200];
};
bool red_judge_upload(struct invoice *v, struct red_verdict *out);
/* Books the red invoice: form used, quota back. */
int64_t red_book_upload(struct invoice *v);

/* ---- control port ---- */

/* --play: gives a unit that has issued a few forms of others, once. */
void red_play(struct sb *sb, const struct request *rq);

struct http_call;
bool red_control_post(struct sb *sb, const char *path, const cJSON *body, struct json_out *o,
		      char error[256]);
void red_control_get(struct sb *sb, const struct http_call *c, struct json_out *o);

#endif
