/* store/post.h - 推送 and 邮件: settings of a unit, events, mails.
 *
 * An event is recorded in the transaction that makes its invoice issued, so none can be missed; it
 * is sent at least once, in the order of recording, under an id that is made of the environment and
 * the invoice's number and so never changes.  A mail is recorded the same way when the unit sends
 * unasked.  A mail is `sent` only by the server's word; a mail that was `sending` when its engine
 * died is `unknown`.
 */
#ifndef KP_STORE_POST_H
#define KP_STORE_POST_H

#include "base/address.h"
#include "base/json.h"
#include "store/invoices.h"
#include "store/unit.h"

enum {
	POST_DAYS = 3, /* how long is tried, by default */
	POST_TOGETHER_MAX = 100,
	POST_STUCK = 3, /* attempts after which a person should know */
	POST_ANSWER_TEXT = 4100,
	POST_MESSAGE_TEXT = 900,
	MAIL_TO_TEXT = 2 * 1024 + 640,
	MESSAGE_ID_TEXT = 160,
	EVENT_ID_TEXT = 64
};

/* ---- push ---- */

struct push_target {
	int64_t unit_id, updated_at;
	bool automatic, plain;
	char kinds[16]; /* "", "ordinary", "special" */
	char key_id[64];
	char *sealed_url;             /* owned: it may carry a token */
	char *sealed_secret, *ca_pem; /* owned */
	int together, days;
};
void push_target_free(struct push_target *t);
/* What binds a sealed secret to its unit and use. */
enum { POST_CONTEXT = 96 };
const char *push_secret_context(const struct unit *u, char out[POST_CONTEXT]);
const char *push_url_context(const struct unit *u, char out[POST_CONTEXT]);
const char *mail_secret_context(const struct unit *u, char out[POST_CONTEXT]);
/* Homes of before had addresses in plain: the first such, *unit 0: none. */
enum err store_push_plain(struct db *db, int64_t *unit, char **url, struct err_info *e);
/* Its sealed form in its place; what the audit and the request log say of push addresses is masked
 * by url_mask.  Inside a transaction. */
enum err store_push_seal(struct db *db, int64_t unit, const char *sealed_url, struct err_info *e);
enum err store_push_target_get(struct db *db, int64_t unit, struct push_target *out, bool *found,
			       struct err_info *e);
enum err store_push_target_put(struct db *db, const struct push_target *t, struct err_info *e);
/* Nothing is pushed any more; events that wait are skipped. */
enum err store_push_target_remove(struct db *db, int64_t unit, struct err_info *e);

enum push_state { PUSH_WAITING, PUSH_DONE, PUSH_PERSON, PUSH_SKIPPED, PUSH_STATES };
const char *push_state_word(enum push_state s);  /* waiting done person skipped */
const char *push_state_label(enum push_state s); /* 待推送 已推送 需人工 已搁置 */
bool push_state_parse(const char *s, enum push_state *out);

struct push_event {
	int64_t id, unit_id, invoice_id, queued_at, updated_at, done_at;
	enum push_state state;
	int attempts, http_status;
	char number[NUMBER_TEXT], message[POST_MESSAGE_TEXT], answer[POST_ANSWER_TEXT];
	char buyer[304];
	int64_t gross;
};
/* "production.invoice.issued.<number>" */
const char *push_event_id(enum unit_env env, const char *number, char out[EVENT_ID_TEXT]);

/* Events of issued invoices are recorded, or recorded again behind all others, when they are
 * asked for: one invoice (id > 0), else all of the kind, red or blue (NULL: both), and the month
 * (yyyy-MM of 开票日期).  *count: how many. */
enum err store_push_queue(struct db *db, int64_t unit, int64_t invoice,
			  const enum invoice_kind *kind, const bool *red, const char *month,
			  int64_t *count, struct err_info *e);
/* The ids of the first events that wait, oldest first, at most n, with their invoices. */
enum err store_push_waiting(struct db *db, int64_t unit, struct push_event *out, size_t n,
			    size_t *count, struct err_info *e);
/* What an attempt came to: state (WAITING: again), status, words, answer; counts the attempt. */
enum err store_push_result(struct db *db, const struct push_event *v, struct err_info *e);
/* A waiting one is put aside: PUSH_SKIPPED.  ERR_INVALID "push.unknown", "push.state". */
enum err store_push_skip(struct db *db, int64_t unit, int64_t id, struct err_info *e);
typedef enum err (*push_each)(void *arg, const struct push_event *v);
/* Newest first; state NULL: all; invoice 0: all. */
enum err store_push_list(struct db *db, int64_t unit, const enum push_state *state, int64_t invoice,
			 int64_t cursor, int limit, push_each f, void *arg, struct err_info *e);
enum err store_push_get(struct db *db, int64_t unit, int64_t id, struct push_event *out,
			struct err_info *e);
/* Issued invoices of a kind (NULL: both) and month, oldest first, ids above `after`. */
enum err store_push_invoices(struct db *db, int64_t unit, const enum invoice_kind *kind,
			     const bool *red, const char *month, int64_t after, int64_t *ids,
			     size_t n, size_t *count, struct err_info *e);

/* ---- mail ---- */

struct mail_server {
	int64_t unit_id, updated_at;
	bool automatic;
	char host[HOST_TEXT], security[12], user[128], sender[ADDRESS_TEXT], sender_name[160];
	char subject[400], formats[16];
	char *body, *ca_pem, *sealed_password; /* owned */
	int port, days;
};
void mail_server_free(struct mail_server *m);
enum err store_mail_server_get(struct db *db, int64_t unit, struct mail_server *out, bool *found,
			       struct err_info *e);
enum err store_mail_server_put(struct db *db, const struct mail_server *m, struct err_info *e);

enum mail_state {
	MAIL_QUEUED,
	MAIL_SENDING,
	MAIL_SENT,
	MAIL_FAILED,
	MAIL_UNKNOWN,
	MAIL_CANCELLED,
	MAIL_STATES
};
const char *mail_state_word(enum mail_state s); /* queued sending sent failed unknown cancelled */
const char *mail_state_label(enum mail_state s); /* 待发 发送中 已发送 失败 结果未知 已取消 */
bool mail_state_parse(const char *s, enum mail_state *out);

struct mail {
	int64_t id, unit_id, invoice_id, queued_at, updated_at, sent_at, created_by, created_at;
	enum mail_state state;
	bool automatic;
	int attempts, smtp_status;
	char recipients[MAIL_TO_TEXT], message_id[MESSAGE_ID_TEXT];
	char message[POST_MESSAGE_TEXT], answer[POST_ANSWER_TEXT];
	char number[NUMBER_TEXT], buyer[304]; /* read only */
	int64_t gross;                        /* read only */
};
/* Gives m->id and its message id; state QUEUED gets a job, *job (may be NULL) its id. */
enum err store_mail_add(struct db *db, struct mail *m, int64_t *job, struct err_info *e);
/* Why a mail is unknown that may have gone before a backup was brought back. */
void mail_restored(struct err_info *why);
/* A job for one that is queued and has none. */
enum err store_mail_job(struct db *db, const struct mail *m, int64_t *job, struct err_info *e);
/* ERR_INVALID "mail.unknown". */
enum err store_mail_get(struct db *db, int64_t unit, int64_t id, struct mail *out,
			struct err_info *e);
/* Legal: queued->sending|sent|failed|unknown|cancelled, sending->any but cancelled,
 * failed|unknown|cancelled->queued.  Stores state, status, words, answer and the count of attempts;
 * queued sets queued_at when it comes from a final state. */
enum err store_mail_set(struct db *db, const struct mail *m, enum mail_state from,
			struct err_info *e);
typedef enum err (*mail_each)(void *arg, const struct mail *m);
/* Newest first; state NULL: all; invoice 0: all. */
enum err store_mail_list(struct db *db, int64_t unit, const enum mail_state *state, int64_t invoice,
			 int64_t cursor, int limit, mail_each f, void *arg, struct err_info *e);
/* Another mail of that invoice to the same addresses that waits or is being sent, or, with `after`
 * (an id), any later one that has gone or may have.  *found false: none. */
enum err store_mail_other(struct db *db, const struct mail *m, int64_t after, struct mail *out,
			  bool *found, struct err_info *e);
/* What a dead engine was sending: unknown. */
enum err store_mail_died(struct db *db, bool *any, struct err_info *e);

/* ---- both ---- */

/* An invoice has become issued; inside that transaction.  Records its event and its mail where the
 * unit's settings say so, and their jobs.  An invoice of before a restore may have had its mail: it
 * is recorded as unknown, and goes when a person says so.  Its event has the same id as ever. */
enum err store_post_issued(struct db *db, const struct invoice_record *r, struct err_info *e);
/* Puts the unit's push job, or makes the one that waits due now.  *job gets its id. */
enum err store_push_wake(struct db *db, int64_t unit, int64_t *job, struct err_info *e);
/* All ready jobs of a kind and unit are due at that time: earlier ones only (delay), or later ones
 * only, their last failure forgotten (else). */
enum err store_job_shift(struct db *db, const char *kind, int64_t unit, int64_t due_ms, bool delay,
			 struct err_info *e);
/* How many wait, want a person or failed: for the first screen. */
struct post_counts {
	int64_t push_waiting, push_person, mail_waiting, mail_failed, mail_unknown;
	int64_t push_stuck; /* attempts the first event that waits has had, from POST_STUCK on */
	int64_t mail_stuck; /* mails that wait after so many attempts */
};
enum err store_post_counts(struct db *db, int64_t unit, struct post_counts *out,
			   struct err_info *e);

/* The members of an invoice as `invoices show` and a push have them, into an open object. */
void invoice_record_put_json(struct json_out *o, const struct invoice_record *r);
/* The same with event_id, event, environment, occurred_at: what a receiver gets of it. */
void push_event_put_json(struct json_out *o, enum unit_env env, const struct invoice_record *r);
/* "2026-11-20T19:23:53+08:00", null for 0 */
void json_put_time(struct json_out *o, const char *key, int64_t t);

#endif
