/* store/red.h - our copy of the red letters (红字确认单), and what red invoices took back.
 *
 * Purpose     Letters sent and received, also those not yet with the tax side; their lines, history
 *             and counts; what is left of a blue invoice; marks on blue invoices.
 * Invariants  red_tally is the count of letters by situation.  A letter has at most one living red
 *             invoice; what letters took of a blue row counts while they are valid or on their way.
 *             A red invoice that becomes issued or void takes its letter, its blue invoice and the
 *             quota along (store_invoice_set_state calls store_red_follow).
 * Ownership   As in store.h.
 */
#ifndef KP_STORE_RED_H
#define KP_STORE_RED_H

#include "store/db.h"
#include "tax/red.h"

/* How far an application of ours is.  A letter of the tax side is known. */
enum red_progress {
	RED_APPLYING, /* to be sent, or sent */
	RED_DOUBTFUL, /* sent, the answer is lost */
	RED_KNOWN,    /* the tax side has it */
	RED_REFUSED,  /* it does not take it */
	RED_PROGRESSES
};
const char *red_progress_word(enum red_progress p); /* "applying" "doubtful" "known" "refused" */
const char *red_progress_label(enum red_progress p); /* 申请中 结果未知 已受理 申请失败 */

/* What a letter waits for, as one side sees it. */
enum red_situation {
	RED_FOR_US,     /* 待我确认 */
	RED_FOR_THEM,   /* 待对方确认 */
	RED_ISSUABLE,   /* 可开票: we are the seller */
	RED_THEY_ISSUE, /* 待对方开票: we are the buyer */
	RED_WAS_ISSUED, /* 已开票 */
	RED_VOID, /* 已作废: by its state, the tax side says it is not valid, or put away */
	RED_ON_THE_WAY, /* 处理中: applied, answered or being issued from, without a result */
	RED_FAILED,     /* 申请失败 */
	RED_SITUATIONS
};
const char *red_situation_word(enum red_situation s); /* "for-us" "for-them" "issuable" ... */
const char *red_situation_label(enum red_situation s);
bool red_situation_parse(const char *s, enum red_situation *out);
/* What it follows from. */
struct red_standing {
	enum red_side side, entered_by; /* side: ours */
	enum red_progress progress;
	enum red_state state;
	bool issued;
	bool valid; /* false of a refused application: it was put away */
	bool busy;  /* an answer of ours, or its red invoice, has no result yet */
};
enum red_situation red_situation_of(const struct red_standing *s);

struct red_record {
	int64_t id, unit_id, blue_invoice_id, red_invoice_id;
	int64_t detail_at; /* Unix: when the lines came; 0: not here */
	int64_t synced_at, created_by, created_at, updated_at;
	enum red_side side; /* ours */
	enum red_progress progress;
	bool acting; /* an action is under way */
	bool making; /* its red invoice is on its way */
	enum red_action action;
	char message[1204], action_message[1204]; /* at most 300 characters */
	struct red_letter letter;
};
void red_record_free(struct red_record *r);
/* What it is as our side sees it. */
enum red_situation red_record_situation(const struct red_record *r);

/* ---- changing ---- */

/* An application of ours (progress applying, with lines); gives r->id, created_at and the blue
 * invoice when it is ours.  ERR_INVALID "red.open": another one is on its way for this invoice.
 * The caller has asked store_red_taken and tax_red_check in this transaction. */
enum err store_red_insert(struct db *db, struct red_record *r, struct err_info *e);
/* A refused application goes out once more (progress applying), in the place and with the lines it
 * has; user 0: nobody.  ERR_INVALID "red.open" as above, "red.progress": it was not refused. */
enum err store_red_reapply(struct db *db, struct red_record *r, int64_t user, struct err_info *e);
/* A refused application is put away: 已作废 from then on, its history stays.  *done: it was before.
 * ERR_INVALID "red.progress". */
enum err store_red_drop(struct db *db, int64_t id, int64_t user, bool *done, struct err_info *e);
/* The tax side has taken it (applying or doubtful): entered_at "" keeps what is there. */
enum err store_red_applied(struct db *db, int64_t id, const char *number, const char *uuid,
			   enum red_state state, const char *entered_at, struct err_info *e);
/* applying|doubtful -> doubtful, applying (message: why it waits), refused. */
enum err store_red_progress(struct db *db, int64_t id, enum red_progress to, const char *message,
			    struct err_info *e);
/* A doubtful or applying one turned out to be this letter of the tax side. */
enum err store_red_adopt(struct db *db, int64_t id, const struct red_letter *l, struct err_info *e);
/* What the tax side says of a letter of ours on `side`: new or changed heads are kept and noted in
 * the history; lines, when it has some, replace those here.  *id may be NULL.  A head that was
 * issued here stays issued. */
enum red_put { RED_PUT_SAME, RED_PUT_CHANGED, RED_PUT_NEW };
enum err store_red_put(struct db *db, int64_t unit, enum red_side side, const struct red_letter *l,
		       enum red_put *what, int64_t *id, struct err_info *e);

/* An action begins (user 0: the engine's own), waits (message), and ends: done with the state it
 * led to, or given up with the reason.  _begin: ERR_INVALID "red.acting" while another is under
 * way. */
enum err store_red_act_begin(struct db *db, int64_t id, enum red_action a, int64_t user,
			     struct err_info *e);
enum err store_red_act_waits(struct db *db, int64_t id, const char *message, struct err_info *e);
enum err store_red_act_done(struct db *db, int64_t id, enum red_state state,
			    const char *confirmed_at, struct err_info *e);
enum err store_red_act_failed(struct db *db, int64_t id, const char *message, struct err_info *e);

/* ---- reading ---- */

/* With lines, if they are here.  ERR_INVALID "red.unknown".  by_no: number, UUID or "#id" of a
 * unit; a letter of both sides of one unit: the seller's. */
enum err store_red_get(struct db *db, int64_t id, struct red_record *out, struct err_info *e);
enum err store_red_head(struct db *db, int64_t id, struct red_record *out, struct err_info *e);
enum err store_red_by_no(struct db *db, int64_t unit, const char *no, struct red_record *out,
			 struct err_info *e);
/* 0: not here. */
enum err store_red_by_uuid(struct db *db, int64_t unit, enum red_side side, const char *uuid,
			   int64_t *id, struct err_info *e);

struct red_row {
	int64_t id, unit_id, net, tax, blue_net, blue_tax, place, blue_invoice_id, red_invoice_id;
	int64_t detail_at, created_at;
	enum red_side side, entered_by;
	enum red_state state;
	enum red_reason reason;
	enum red_progress progress;
	enum red_situation situation;
	enum red_action action; /* of one that is acting */
	bool issued, acting, valid, blue_paper;
	bool unseen;      /* of red_lapsed */
	bool making;      /* its red invoice is on its way, under making_number */
	int64_t deadline; /* Unix: of one that waits; 0 */
	/* during the callback; party: the other side */
	const char *number, *uuid, *party_name, *party_tax_no, *blue_number, *blue_code,
	    *blue_issued_at, *element, *differential, *entered_at, *confirmed_at, *red_number,
	    *red_issued_at, *message, *making_number, *blue_kind;
};
/* The tax side's state, or what has no result yet, in a word: 申请中 确认中 开具中 已放弃 ... */
const char *red_row_label(const struct red_row *row);
/* Why one is void, or else its situation, in at most 8 columns: 超72小时 对方否认 我方撤销 待我确认 */
const char *red_row_reason(const struct red_row *row);
struct red_filter {
	int64_t unit;
	const enum red_side *side; /* ours */
	const bool *sent;          /* entered by us; false: by the other side */
	unsigned states;           /* bits 1u << state; 0: any */
	const bool *issued;
	const enum red_situation *situation;
	const char *party;                             /* part of the other side's name */
	const char *blue_number;                       /* exact */
	const char *blue_code;                         /* exact, "": digital ones; NULL: any */
	const char *no;                                /* exact: number or UUID */
	char blue_from[DATE_TEXT], blue_to[DATE_TEXT]; /* 原蓝票开票日期, both included */
	char entered_from[DATE_TEXT], entered_to[DATE_TEXT]; /* 录入日期, both included */
	int64_t cursor; /* rows with a place below it; 0: the newest */
	bool last_page; /* the oldest rows, newest of them first; cursor is not read */
	int limit;      /* 1..1000 */
};
typedef enum err (*red_each)(void *arg, const struct red_row *row);
/* Newest entered first; *next gets the cursor of the next page or 0.  Where very many letters were
 * looked at in vain the page is shorter, or empty, and *next says where it goes on. */
enum err store_red_page(struct db *db, const struct red_filter *f, red_each each, void *arg,
			int64_t *next, struct err_info *e);
/* Counts up to cap; exact from the tallies when only unit, side and situation are set. */
enum err store_red_count(struct db *db, const struct red_filter *f, int64_t cap, int64_t *count,
			 bool *at_least, struct err_info *e);
/* Letters by situation; side NULL: both. */
enum err store_red_tallies(struct db *db, int64_t unit, const enum red_side *side,
			   int64_t out[RED_SITUATIONS], struct err_info *e);

struct red_event {
	int64_t at;
	const char *what, *user,
	    *note; /* what: 申请, 确认 ..., user "": the tax side or the engine */
	enum red_state old_state, new_state;
};
typedef enum err (*red_event_each)(void *arg, const struct red_event *h);
/* Oldest first. */
enum err store_red_history(struct db *db, int64_t id, red_event_each f, void *arg,
			   struct err_info *e);

/* ---- for the engine ---- */

/* Letters of a side the tax side has, still open and not issued, last spoken of before a moment, or
 * in a time to come, when the clock was ahead: at most n. */
enum err store_red_stale(struct db *db, int64_t unit, enum red_side side, int64_t before,
			 int64_t *ids, size_t n, size_t *count, struct err_info *e);
/* It was asked for, and the answer told nothing of it. */
enum err store_red_asked(struct db *db, int64_t id, struct err_info *e);
/* Letters the lines of which are not here, oldest place first, behind *after (0: from the first),
 * which is moved on; of the days they were entered, both included, or "" and "": of any.  What is
 * looked at is bounded by what is found. */
enum err store_red_bare(struct db *db, int64_t unit, enum red_side side, const char *from,
			const char *to, int64_t *after, int64_t *ids, size_t n, size_t *count,
			struct err_info *e);
/* Only those that can be confirmed or issued, of any day; others are not looked at. */
enum err store_red_bare_open(struct db *db, int64_t unit, enum red_side side, int64_t *after,
			     int64_t *ids, size_t n, size_t *count, struct err_info *e);
/* Letters that ended while they were here by the clock (72 hours) or from the other side, which
 * denied or withdrew them, and which nobody has looked at since. */
struct red_lapsed {
	int64_t all, expired;
};
enum err store_red_lapsed(struct db *db, int64_t unit, struct red_lapsed *out, struct err_info *e);
/* Somebody has looked at that one. */
enum err store_red_looked(struct db *db, int64_t unit, int64_t id, struct err_info *e);
/* What *after is behind such a letter. */
enum err store_red_bare_place(struct db *db, int64_t id, int64_t *after, struct err_info *e);
/* Letters whose lines came before anybody added them up: on from where the last call was, at most n
 * are looked at; lines that do not add up are dropped, and so asked for again.  *done: there are no
 * others, for good.  A transaction of its own. */
enum err store_red_recheck(struct db *db, size_t n, bool *done, struct err_info *e);
/* How far the letters of a side are here; until "" : never. */
enum err store_red_window(struct db *db, int64_t unit, enum red_side side, char until[DATE_TEXT],
			  int64_t *at, struct err_info *e);
enum err store_red_set_window(struct db *db, int64_t unit, enum red_side side, const char *until,
			      struct err_info *e);
/* Group of the job that brings the letters of a side by itself, and the code of its error when the
 * tax side has not granted the interface to this unit. */
enum { RED_BRINGS = 32 };
#define RED_NOT_GRANTED "red.not_granted"
const char *red_brings_key(enum red_side side, char out[RED_BRINGS]);
/* Since when the tax side is known not to grant it; 0: nobody knows, or it does by now. */
enum err store_red_denied(struct db *db, int64_t unit, enum red_side side, int64_t *at,
			  struct err_info *e);

/* ---- blue and red invoices ---- */

/* What each row of a blue invoice has lost to letters of that side of ours, except one (0: none);
 * malloc'd.  blue_code "": a digital one.  *bare: how many of those letters have no lines here: the
 * answer is not whole then. */
enum err store_red_taken(struct db *db, int64_t unit, enum red_side side, const char *blue_code,
			 const char *blue_number, int64_t except, struct red_taken **out, size_t *n,
			 size_t *bare, struct err_info *e);

/* Has a natural person refused the blue invoice?  Known of a letter for it that the tax side voided
 * for that (state 12): no query tells it of the invoice itself (protocol 4.2, 6.4). */
enum err store_red_refused_by_person(struct db *db, int64_t unit, enum red_side side,
				     const char *blue_code, const char *blue_number, bool *refused,
				     struct err_info *e);

/* What stands beside an invoice: of a red one its blue one and letter (0: not ours), of a blue one
 * how much was taken back (positive). */
struct red_link {
	bool red;
	int64_t blue_invoice_id, letter_id;
	enum invoice_reversal reversed;
	int64_t reversed_net, reversed_tax;
};
enum err store_red_link(struct db *db, int64_t invoice, struct red_link *out, struct err_info *e);
/* When the latest red invoice for a blue one of ours was issued; 0: none, or nobody said when. */
enum err store_red_reversed_at(struct db *db, int64_t invoice, int64_t *at, struct err_info *e);
/* Is a red invoice for a blue one of ours on its way to the tax side? */
enum err store_red_on_its_way(struct db *db, int64_t invoice, bool *out, struct err_info *e);
/* Does a letter here name this red invoice as issued for that blue one? */
enum err store_red_known(struct db *db, int64_t unit, const char *blue_number,
			 const char *red_number, bool *known, struct err_info *e);
/* Called by store_invoice_*: a red invoice is there ("red.issuing" when its letter has another
 * living one), and it has become issued or void. */
enum err store_red_note(struct db *db, int64_t unit, int64_t invoice, const struct invoice *inv,
			struct err_info *e);
enum err store_red_follow(struct db *db, int64_t invoice, enum invoice_state to,
			  struct err_info *e);
/* Does the letter of this red invoice name its very number as issued?  Never of a blue one. */
enum err store_red_told_issued(struct db *db, int64_t invoice, bool *told, struct err_info *e);

#endif
