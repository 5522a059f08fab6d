/* desk/red.h - 红字确认单 and 红字发票: what a person can do (features E1-E30, N40-N46; protocol
 * 7.10-7.12).
 *
 * An application, an answer and a red invoice are recorded with their job in one transaction before
 * anything is sent; the engine does the rest.  Our copy of the letters is asked first what may be
 * done; the tax side has the last word.  The same application, answer or red invoice asked for
 * twice is done once.
 */
#ifndef KP_DESK_RED_H
#define KP_DESK_RED_H

#include "desk/session.h"
#include "desk/transfer.h"
#include "desk/wait.h"
#include "store/red.h"

/* ---- what there is ---- */

struct red_overview {
	int64_t counts[2][RED_SITUATIONS]; /* by enum red_side, ours */
	int64_t deadline; /* Unix: of the letter waiting for us that is void first; 0 none */
	struct red_lapsed lapsed; /* ended by the clock or the other side, and nobody has looked */
	int64_t applied;          /* ours not answered yet or in doubt */
	int64_t asked_at[2];      /* when the letters of a side were brought in whole; 0: never */
	int64_t denied_at;        /* since when the tax side refuses to list them; 0: it does not */
};
enum err desk_red_overview(struct session *s, struct red_overview *out, struct err_info *e);

/* f->unit is filled in here; *total is counted up to DESK_COUNT_CAP. */
enum err desk_red_list(struct session *s, struct red_filter *f, red_each each, void *arg,
		       int64_t *next, int64_t *total, bool *at_least, struct err_info *e);
/* Hours and minutes until a letter is void: "71:59", "00:00"; "" for 0. */
enum { RED_LEFT = 16 };
const char *red_left(int64_t deadline, char out[RED_LEFT]);
/* What the blue invoice of a letter is called: 增值税专用发票 ...; a code nobody knows is itself. */
const char *red_blue_kind(const char *code);
/* Somebody has looked at these: of those that the clock or the other side ended nothing more is
 * told.  Of who may not answer them it changes nothing. */
enum err desk_red_looked(struct session *s, const int64_t *ids, size_t n, struct err_info *e);
/* By 红字确认单编号, UUID or "#id"; with its lines, if they are here.  Freed by red_record_free. */
enum err desk_red_get(struct session *s, const char *no, struct red_record *out,
		      struct err_info *e);
enum err desk_red_by_id(struct session *s, int64_t id, struct red_record *out, struct err_info *e);
enum err desk_red_history(struct session *s, int64_t id, red_event_each f, void *arg,
			  struct err_info *e);
/* May this person do it now?  ERR_INVALID or ERR_DENIED with the rule in one sentence: wrong state,
 * wrong party, already issued, something else is under way. */
enum err desk_red_may(struct session *s, const struct red_record *r, enum red_action a,
		      struct err_info *e);

/* ---- the blue invoice ---- */

/* What is to be taken back, with what is left of each line. */
struct red_source {
	enum red_side side; /* ours */
	struct red_blue blue;
	int64_t invoice_id; /* when it is in this home, else 0 */
};
void red_source_free(struct red_source *src);
/* One that this unit issued, or (side buyer) another unit of the home issued to it: by number,
 * order number or "#id".  ERR_INVALID "red.blue_unknown", "red.blue_state" (not issued, red
 * itself), "red.spent", "red.open" (a letter is under way: named). */
enum err desk_red_source(struct session *s, enum red_side side, const char *no,
			 struct red_source *out, struct err_info *e);
/* One that was issued elsewhere, as a person has it before him: computed, with number and date; of
 * old invoices code (10 or 12 digits) and the 8 digits of the number. */
struct red_given {
	const struct invoice *invoice;
	const char *code; /* NULL or "": a fully digital one */
	bool paper;
};
enum err desk_red_source_given(struct session *s, enum red_side side, const struct red_given *g,
			       struct red_source *out, struct err_info *e);

/* The same from a file: the EInvoice document of a digital invoice (XML), or the JSON form of an
 * invoice with number, issued_at, seller {name, tax_no}, and code, paper of old ones.  Computed.
 * ERR_INVALID "red.blue" and as invoice_from_json; freed by red_given_free. */
enum { RED_GIVEN_MAX = 4 * 1024 * 1024 };
struct red_given_blue {
	struct invoice invoice;
	char *code;
	bool paper;
};
enum err red_given_read(const char *text, size_t size, struct red_given_blue *out,
			struct err_info *e);
void red_given_free(struct red_given_blue *g);

/* What may be chosen: issued blue invoices of this unit or, as buyer, those that other units of the
 * home issued to it, unit by unit.  Newest first.  f as for desk_invoice_list: party name and tax
 * number (part) are those of the other side; state, red and unit are filled in.  *next: cursor of
 * the next page or 0; *total -1 where it is not counted. */
struct red_blues {
	struct invoice_filter *filter;
	enum red_side side;
	const char *party, *tax_no; /* NULL: any */
};
enum err desk_red_blues(struct session *s, const struct red_blues *q, invoice_each each, void *arg,
			int64_t *next, int64_t *total, bool *at_least, struct err_info *e);
/* The letter that is under way for such an invoice (a digital one), number and state in words; ""
 * none. */
enum { RED_OPEN_WORDS = 160 };
enum err desk_red_open(struct session *s, enum red_side side, const char *blue_number,
		       char out[RED_OPEN_WORDS], struct err_info *e);

/* ---- applying ---- */

struct red_request {
	struct red_source *source; /* its rests are read again by desk_red_apply */
	enum red_reason reason;
	const struct red_wish *wishes; /* none: all that is left */
	size_t wish_count;
};
/* The letter that would be applied for; nothing is stored.  ERR_INVALID as tax_red_fill. */
enum err desk_red_preview(struct session *s, const struct red_request *q, struct red_letter *out,
			  struct err_info *e);
/* Puts what has to be fetched before into w: risk data older than a day, lines of earlier letters
 * of that blue invoice. */
enum err desk_red_prepare(struct session *s, enum red_side side, const char *blue_number,
			  struct desk_wait *w, struct err_info *e);
/* Records the application and its job.  What is left is read again in the transaction: another
 * clerk may have been quicker. */
enum err desk_red_apply(struct session *s, const struct red_request *q, int64_t *id,
			struct desk_wait *w, struct err_info *e);
/* A refused application once more, as it was, in its place: *id is the same letter, and what came
 * of it before is in its history. */
enum err desk_red_again(struct session *s, int64_t letter, int64_t *id, struct desk_wait *w,
			struct err_info *e);
/* Puts a refused application away (放弃): 已作废 from then on, with a row of the audit; desk_red_again
 * still takes it.  *done (may be NULL): it was put away before.  ERR_INVALID "red.progress". */
enum err desk_red_drop(struct session *s, int64_t letter, bool *done, struct err_info *e);
/* How an application or action stands: ERR_OK, ERR_REFUSED with the tax side's words, ERR_UNKNOWN
 * while it is under way. */
enum err desk_red_verdict(struct session *s, int64_t id, struct err_info *e);
/* The same for who asks once and leaves: what was certainly not sent yet ends with the class that
 * says why (no connection: ERR_BUSY). */
enum err desk_red_outcome(struct session *s, int64_t id, struct err_info *e);

/* ---- answering ---- */

/* 确认, 否认, 撤销.  *done (may be NULL): the letter is in that state already, nothing was put. */
enum err desk_red_act(struct session *s, int64_t id, enum red_action a, struct desk_wait *w,
		      bool *done, struct err_info *e);

/* ---- issuing ---- */

/* What is missing before: risk data, numbers, the letters' lines. */
enum err desk_red_issue_prepare(struct session *s, const int64_t *letters, size_t n,
				struct desk_wait *w, struct err_info *e);
/* All or nothing: numbers, red invoices, uploads.  invoices[n] gets the ids; a letter whose red
 * invoice is there already gives that one and repeat[i].  remark: NULL, or at most RED_REMARK_CHARS
 * for all of them. */
enum err desk_red_issue(struct session *s, const int64_t *letters, size_t n, const char *remark,
			int64_t *invoices, bool *repeat, struct err_info *e);

/* ---- from the tax side ---- */

/* What is new of one side, or (NULL) both. */
enum err desk_red_refresh(struct session *s, const enum red_side *side, struct desk_wait *w,
			  struct err_info *e);
/* How far such a job is: letters of how many (0: not told yet). */
enum err desk_red_refresh_at(struct session *s, int64_t job, int64_t *seen, int64_t *total,
			     struct err_info *e);
/* Did the ended jobs of w, which brought letters in, get all there is?  ERR_REFUSED
 * "red.incomplete" with what a list kept back; word gets what else they noted, or "". */
enum { RED_WORD = 400 };
enum err desk_red_complete(struct session *s, const struct desk_wait *w, char word[RED_WORD],
			   struct err_info *e);
/* The lines of one letter, when they are not here: its job. */
enum err desk_red_lines(struct session *s, int64_t id, struct desk_wait *w, struct err_info *e);

/* 红字发票确认信息下载 (E27, E28): 录入日期, both included, to at most a month behind from.
 * ERR_INVALID "red.span" 录入日期起止最大支持1个月, "red.dates". */
struct red_download {
	enum red_side side;
	char from[DATE_TEXT], to[DATE_TEXT];
	const char *path, *folder; /* as struct export_options */
	enum sheet_format format;  /* CSV: the list alone */
	bool replace;
};
/* Brings them in with their lines: the job.  It goes on by itself when nobody waits. */
enum err desk_red_download_begin(struct session *s, const struct red_download *d,
				 struct desk_wait *w, struct err_info *e);
/* Puts into p what is being fetched, lists first, then lines, and how far it is. */
enum err desk_red_download_at(struct session *s, int64_t job, struct import_progress *p,
			      struct err_info *e);
/* Writes what is here of those days; *rows: letters.  path[HOME_PATH + 256] gets where it went. */
enum err desk_red_download_write(struct session *s, const struct red_download *d,
				 struct import_progress *p, int64_t *rows, char *path,
				 struct err_info *e);

#endif
