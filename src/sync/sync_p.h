/* sync_p.h - inside the engine: its state, a call's surroundings, the table of handlers. */
#ifndef KP_SYNC_SYNC_P_H
#define KP_SYNC_SYNC_P_H

#include "base/json.h"
#include "base/secret.h"
#include "post/post.h"
#include "store/store.h"
#include "sync/sync.h"

enum { SET_ASIDE_MS = 3600 * 1000 }; /* when something is put away until a person has looked */

struct engine_params {
	int64_t poll_first_ms, poll_max_ms, retry_base_ms, retry_max_ms, connect_ms, total_ms,
	    batch_size, recon_wait_ms, recon_pace_ms, red_refresh_ms, red_blue_wait_ms, calendar,
	    summary_wait_ms;
};

/* How the last call of a direct unit went. */
enum { REACHED = 64 };
struct reach {
	int64_t direct; /* 0: free */
	bool missed;
};

/* Of secret_alloc: it holds the key of the home. */
struct engine {
	char home[HOME_PATH];
	int lock;
	struct db *db;
	struct leqi *leqi;
	unsigned char secret[SECRET_KEY];
	struct engine_params params;
	char ip[48], mac[24];
	int64_t calling_job, calling_unit,
	    log_row;                 /* of the call under way: what the trace writes */
	int64_t done, failed;        /* jobs ended by this engine */
	bool carried;                /* the outcome of a query waits for the next one's log row */
	int64_t calls;               /* made by this engine */
	bool missed;                 /* the last one found nobody */
	struct reach reach[REACHED]; /* the last one of each direct unit */
	enum job_lane which;         /* whose jobs this state works on */
	struct post *post;           /* LANE_POST only */
	struct lane *lane;           /* the thread of LANE_POST, of the main state; or NULL */
	int64_t kept_ms, pruned_ms;  /* when the house was last kept (monotonic) */
	int64_t summed_ms;
	int64_t opened_ms;     /* when it was opened */
	int64_t calendar_ms;   /* when the calendar was looked at */
	int64_t calendar_seen; /* jobs ended by then */
	bool calendar_open;    /* jobs of its own are under way */
	int64_t indexed_ms;    /* when there was nothing left to take into the index */
	int64_t clock_apart;   /* seconds the tax side's clock is ahead, by its last answer */
	bool clock_told;       /* it has answered, so that this is known */
	int64_t clock_base;    /* ours less the monotonic one at that moment (ms) */
	int64_t ahead_ms;      /* when runs of the future were looked for */
	bool brings;           /* what others did with red letters, as time goes by */
	bool brings_now;       /* and once at once, however lately that was */
};

/* A unit ready to be called for: itself, its direct unit, and the wire's view of both. */
struct caller {
	struct unit unit, direct;
	struct leqi_unit wire;
	unsigned char *key; /* of secret_alloc */
	char use_case[32];
};
/* Loads and unseals.  Faults of configuration are ERR_INVALID / ERR_DAMAGED. */
enum err caller_load(struct engine *en, int64_t unit, struct caller *out, struct err_info *e);
/* The ability that 自用 and 联用 are asked under. */
const char *caller_ability(bool joint);
/* The same in two steps: all but the key, which is none then; the key. */
enum err caller_fill(struct engine *en, int64_t unit, struct caller *out, struct err_info *e);
enum err caller_unseal(struct engine *en, struct caller *c, struct err_info *e);
void caller_free(struct caller *c);

/* Names the job and unit whose call follows, so that the request log row says so. */
void call_prepare(struct engine *en, const struct job *job);
/* Commits the job as running, unless somebody cancelled it while we waited for the database (*ok
 * false). */
enum err job_start(struct engine *en, struct job *job, bool *ok, struct err_info *e);
/* Loads the caller and commits the job as running.  *ok false (and ERR_OK): the unit cannot be
 * called, the job has ended with the reason. */
enum err call_begin(struct engine *en, struct job *job, struct caller *c, bool *ok,
		    struct err_info *e);
/* The unit of a job cannot be called (no key ...): ends a request; what belongs to an invoice
 * waits for the mend. */
enum err not_callable(struct engine *en, const struct job *job, const struct err_info *why,
		      struct err_info *e);
/* Completes the request-log row of the call just made; inside the transaction of its outcome. */
enum err call_record(struct engine *en, const struct leqi_reply *rep, struct err_info *e);
/* Notes how far apart the clocks are; call_record does, too. */
void call_clock(struct engine *en, const struct leqi_reply *rep);
/* The tax side's time, as far as it is known. */
int64_t call_their_now(const struct engine *en);
/* Queries one behind another: the outcome of one may be made durable together with the log row of
 * the next.  _begin opens the transaction of an outcome, or goes on with the carried one; _carry
 * leaves it open until the next call's trace; _settle commits what is carried. */
enum err call_outcome_begin(struct engine *en, struct err_info *e);
void call_outcome_carry(struct engine *en);
enum err call_outcome_settle(struct engine *en, struct err_info *e);
/* The trace given to leqi: commits the request-log row before the first byte. */
enum err call_trace(void *arg, const char *service, const struct leqi_reply *rep);

/* When a failed attempt comes again: exponential from retry_base_ms, capped, with jitter; at least
 * retry_after_s. */
int64_t retry_due_ms(const struct engine *en, int attempts, int retry_after_s);
/* When a receipt is asked again: poll_first_ms doubled per poll, capped. */
int64_t poll_due_ms(const struct engine *en, int polls);

/* A call of a job that may be repeated as it is (queries, and requests with a serial) ended other
 * than OK: books the log row and puts the job back (later, lost) or ends it (refused,
 * misconfigured). */
enum err job_not_ok(struct engine *en, struct job *job, const struct leqi_reply *rep,
		    const char *what, struct err_info *e);

/* The same for a question, which ends after some answers that cannot be used: the next one would be
 * like them.  Where none comes at all, or the platform is down, it is asked on. */
enum err query_not_ok(struct engine *en, struct job *job, const struct leqi_reply *rep,
		      const char *what, struct err_info *e);
/* Is it one of these, for the last time? */
bool query_in_vain(const struct job *job, const struct leqi_reply *rep);

/* Has the tax side not given this unit the interface (protocol 5.1)?  No use to hurry. */
bool call_not_granted(const struct leqi_reply *rep);

/* Does something stored hang on it, so that it is never ended for trouble of ours but waits for the
 * mend: an invoice on its way, an application or an action of a red letter, a 汇总确认? */
bool job_is_owed(const struct job *job);

/* A job's payload as JSON, to be freed with json_free; one we cannot read is a fault of our own
 * house. */
enum err job_payload(const struct job *job, cJSON **out, struct err_info *e);

/* Ends a job inside the caller's transaction and counts it. */
enum err job_done(struct engine *en, int64_t job, const char *result, struct err_info *e);
enum err job_failed(struct engine *en, int64_t job, const struct err_info *why, struct err_info *e);

/* A handler does one job (or a group of one kind).  It returns other than ERR_OK only for faults
 * of our own house (database, disk); what the tax side says goes into the job. */
typedef enum err (*job_handler)(struct engine *en, struct job *job, struct err_info *e);
enum err run_verify(struct engine *en, struct job *job, struct err_info *e);
enum err run_probe(struct engine *en, struct job *job, struct err_info *e);
enum err run_taxpayer(struct engine *en, struct job *job, struct err_info *e);
enum err run_taxcodes(struct engine *en, struct job *job, struct err_info *e);
enum err run_claim(struct engine *en, struct job *job, struct err_info *e);
enum err run_quota_sync(struct engine *en, struct job *job, struct err_info *e);
enum err run_quota_move(struct engine *en, struct job *job, struct err_info *e);
enum err run_quota_adjust(struct engine *en, struct job *job, struct err_info *e);
enum err run_upload(struct engine *en, struct job *job, struct err_info *e);
enum err run_poll(struct engine *en, struct job *job, struct err_info *e);
enum err run_recon(struct engine *en, struct job *job, struct err_info *e);
enum err run_summary_confirm(struct engine *en, struct job *job, struct err_info *e);
enum err run_summary_cancel(struct engine *en, struct job *job, struct err_info *e);
enum err run_summary_look(struct engine *en, struct job *job, struct err_info *e);
enum err run_red_apply(struct engine *en, struct job *job, struct err_info *e);
enum err run_red_act(struct engine *en, struct job *job, struct err_info *e);
enum err run_red_sync(struct engine *en, struct job *job, struct err_info *e);

/* Books the tax side's quota figures; inside the caller's transaction.  difference may be NULL. */
enum err quota_adopt(struct engine *en, int64_t unit, const struct leqi_quota *q,
		     int64_t *difference, struct err_info *e);

/* Final states of an invoice, each inside the caller's transaction. */
enum err settle_issued(struct engine *en, const struct invoice_record *r, struct err_info *e);
enum err settle_failed(struct engine *en, const struct invoice_record *r, const char *message,
		       struct err_info *e);
/* A red invoice that its letter at the tax side names as issued: that word stands above any no to
 * an upload. */
enum err settle_told(struct engine *en, const struct invoice_record *r, struct err_info *e);
/* The tax side says it has this number already.  Issued when an earlier upload of the same bytes
 * may have got through; otherwise the number stays unknown and a person has to look (invariant
 * I3). */
enum err settle_duplicate(struct engine *en, const struct invoice_record *r, int64_t batch,
			  struct err_info *e);

/* The tax side refused a repeat of bytes whose first upload may have got through: a no to the
 * repeat says nothing about the first.  Stays unknown; after the second time a person has to
 * look. */
enum err settle_doubt(struct engine *en, const struct invoice_record *r, const char *why,
		      struct err_info *e);

/* What a dead engine left: sending -> unknown, running jobs -> ready.  Of the state's own lane, or
 * (`all`, when nobody works yet) of every one. */
enum err recover(struct engine *en, bool all, struct err_info *e);

/* Opens en->db in en->home, with the patience of an engine. */
enum err engine_open_db(struct engine *en, struct err_info *e);
/* Does it concern the whole house, and not one job only? */
bool house_is_down(const struct err_info *e);
/* Runs one job, puts it aside when it cannot be worked on.  Not ERR_OK: the house is down. */
enum err engine_run(struct engine *en, struct job *job, struct err_info *e);

/* ---- pushes and mails (lane.c, post_call.c, push.c, mail.c) ---- */
/* Looks after the thread; *next_ms: when to look again (0: nothing waits). */
enum err lane_turn(struct engine *en, int64_t *next_ms, struct err_info *e);
/* Is its thread at work? */
bool lane_works(const struct engine *en);
void lane_close(struct engine *en);

enum err run_push(struct engine *en, struct job *job, struct err_info *e);
enum err run_mail(struct engine *en, struct job *job, struct err_info *e);
enum err run_post_test(struct engine *en, struct job *job, struct err_info *e);

/* What the request log says of a call that is about to be made: commits the job as running and the
 * row, in one transaction.  *ok false: somebody cancelled the job. */
struct post_note {
	const char *service, *url, *trace_id, *request;
};
enum err post_begin(struct engine *en, struct job *job, const struct post_note *note, bool *ok,
		    struct err_info *e);
/* Completes that row; inside the transaction of the outcome. */
enum err post_record(struct engine *en, const struct post_reply *rep, struct err_info *e);
/* Opens a sealed secret of the unit; the caller wipes and frees it. */
enum err post_unseal(struct engine *en, const char *context, const char *sealed, const char *what,
		     unsigned char **out, size_t *n, struct err_info *e);
/* Was it queued `days` days ago or longer? */
bool post_too_old(int64_t queued_at, int days);

/* A test push or test mail, once; the reply says how it went. */
enum err push_test(struct engine *en, struct job *job, struct err_info *e);
enum err mail_test(struct engine *en, struct job *job, const char *to, struct err_info *e);
/* Ends a test's job by its reply. */
enum err post_test_end(struct engine *en, struct job *job, const struct post_reply *rep,
		       const char *what, struct err_info *e);
/* Adds jobs that are missing, and brings near what a clock that was ahead put far away. */
enum err mend_jobs(struct engine *en, struct err_info *e);
/* Adds an upload (subject invoice) or poll (subject batch) job; inside a transaction. */
enum err add_job(struct engine *en, const char *kind, int64_t unit, int64_t subject, int64_t due_ms,
		 struct err_info *e);
/* Drops old rows of the request log and of the calendar, every hour at most, once the tax side has
 * told its time. */
enum err keep_log(struct engine *en, struct err_info *e);
/* All using units, or those that are verified; the caller frees ids, also after a fault. */
struct unit_ids {
	int64_t *ids;
	size_t n, room;
};
enum err units_of(struct engine *en, bool verified, struct unit_ids *out, struct err_info *e);
/* Everything below, every few seconds at most. */
enum err keep_house(struct engine *en, struct err_info *e);
/* Automatic claims below the warning stock. */
enum err keep_stock(struct engine *en, struct err_info *e);
/* Has the calendar waited for half a minute?  Then it is looked at although jobs are due. */
bool calendar_waited(const struct engine *en);
/* The calendar (calendar.c), when it is time and the engine brings what comes by itself; *put: jobs
 * were added. */
enum err calendar_turn(struct engine *en, bool *put, struct err_info *e);
/* Looks at months of 汇总确认 that were left behind; *put: jobs for that are there. */
enum err calendar_left(struct engine *en, int64_t unit, bool *put, struct err_info *e);
/* Forgets runs of the future, once the tax side has told its time; every hour at most. */
enum err calendar_ahead(struct engine *en, struct err_info *e);
/* Rows of 汇总确认 on their way whose job is gone. */
enum err keep_summary(struct engine *en, struct err_info *e);
/* Months told as summed up that cannot be, by the clock: they are looked at. */
enum err keep_summed(struct engine *en, struct err_info *e);
/* Looks after red letters: jobs that are missing, and every red_refresh_ms what the other side
 * did, for units that are verified. */
enum err keep_red(struct engine *en, struct err_info *e);
/* Was the call of the job, an application, under way when its engine died?  The letter is in doubt
 * from now on; inside a transaction. */
enum err red_died(struct engine *en, int64_t letter, struct err_info *e);
/* Nothing is due: takes invoices into the index of searches; *next_ms: now, when more wait. */
enum err keep_index(struct engine *en, int64_t *next_ms, struct err_info *e);

#endif
