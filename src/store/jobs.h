/* store/jobs.h - intents: what the engine has to do (invariant I5: no call without a job row). */
#ifndef KP_STORE_JOBS_H
#define KP_STORE_JOBS_H

#include "store/db.h"

/* Kinds of jobs: what desk asks for and sync does, with the members used.  Payloads and results are
 * JSON objects.
 *   VERIFY        unit: taxpayer query proves the connection; marks it verified
 *   PROBE         unit: how far a call comes (src/desk/doctor.c); done whatever it found;
 *                 result {"good","fault","reached","called","skew","why",...}
 *   TAXPAYER      unit: basic data, risk, rates, quota figures
 *   TAXCODES      unit: classification; result {"count","added","changed","stopped","first"}
 *   CLAIM         unit, request_key serial; payload {"count":"5000"};
 *                 result {"first","last","count"}
 *   QUOTA_SYNC    unit: figures; result {"difference":"0.00"}
 *   QUOTA_MOVE    unit, request_key serial;
 *                 payload {"download":true,"amount":"1.00","month":"yyyy-MM"}
 *   QUOTA_ADJUST  unit; payload {"month":"yyyy-MM"}; result {"start","end"}
 *   UPLOAD        unit, subject invoice (numbered, or unknown: the same bytes again)
 *   POLL          unit, subject batch with a receipt
 *   IMPORT        unit; payload {"table","file","dry_run","partial"}, result {"added",...}; begun
 *                 and ended by the process that imports, never by the engine
 *   PUSH          unit: all events that wait (store/post.h); one open job a unit
 *   MAIL          unit, subject mail
 *   RECON         unit, subject run (store/recon.h)
 *   POST_TEST     unit; payload {"what":"push"} or {"what":"mail","to":"a@b.cn"}
 *   SUMMARY_CONFIRM, SUMMARY_CANCEL  unit, subject row (store/summary.h), which is on its way
 *   SUMMARY_LOOK  unit, subject row: what the tax side has of the month
 *   RED_APPLY     unit, subject letter (store/red.h)
 *   RED_ACT       unit, subject letter; payload {"action":"confirm"|"deny"|"revoke"}
 *   RED_SYNC      unit; payload {"side":"seller"|"buyer","from":"yyyy-MM-dd","to":...,
 *                 "lines":true}: days "" for what is new since the last time; lines: of every
 *                 letter entered in those days (else of those that can be confirmed or issued);
 *                 result, also while it is open: {"total","seen","added","changed","details",
 *                 "note", ...} */
#define JOB_VERIFY          "unit.verify"
#define JOB_PROBE           "unit.probe"
#define JOB_TAXPAYER        "taxpayer.sync"
#define JOB_TAXCODES        "taxcodes.sync"
#define JOB_CLAIM           "numbers.claim"
#define JOB_QUOTA_SYNC      "quota.sync"
#define JOB_QUOTA_MOVE      "quota.move"
#define JOB_QUOTA_ADJUST    "quota.adjust"
#define JOB_UPLOAD          "invoice.upload"
#define JOB_POLL            "invoice.poll"
#define JOB_IMPORT          "catalogue.import"
#define JOB_PUSH            "post.push"
#define JOB_MAIL            "post.mail"
#define JOB_POST_TEST       "post.test"
#define JOB_RECON           "recon.run"
#define JOB_SUMMARY_CONFIRM "summary.confirm"
#define JOB_SUMMARY_CANCEL  "summary.cancel"
#define JOB_SUMMARY_LOOK    "summary.look"
#define JOB_RED_APPLY       "red.apply"
#define JOB_RED_ACT         "red.act"
#define JOB_RED_SYNC        "red.sync"

/* Who does a job: calls to others than the tax side have an engine thread of their own. */
enum job_lane { LANE_TAX, LANE_POST };
enum job_lane job_lane_of(const char *kind);

enum job_state { JOB_READY, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED };
const char *job_state_word(enum job_state s);
const char *job_state_label(enum job_state s); /* 待处理 处理中 成功 失败 已取消 */

struct job {
	int64_t id, unit_id, subject_id, due_ms, created_by, created_at, updated_at;
	char kind[32], group_key[48], request_key[101];
	enum job_state state;
	int attempts;
	enum err error_class;
	char error_code[48];
	char error_text[900];   /* "what：why" */
	char error_hint[320];   /* how to mend it */
	char *payload, *result; /* owned, never NULL after a get */
};
void job_free(struct job *j);

/* Adds a ready job (kind, unit_id, subject_id, group_key, request_key, payload, due_ms,
 * created_by); gives j->id. */
enum err store_job_add(struct db *db, struct job *j, struct err_info *e);
enum err store_job_get(struct db *db, int64_t id, struct job *out, struct err_info *e);
/* The oldest due ready job of a lane (due_ms <= now_ms); *found false when none; *next_due gets the
 * due time of the earliest ready job otherwise (0: none at all). */
enum err store_job_due(struct db *db, enum job_lane lane, int64_t now_ms, struct job *out,
		       bool *found, int64_t *next_due, struct err_info *e);
/* Ids and subjects of due ready jobs of the same kind, unit and group, oldest first, at most n. */
enum err store_job_group(struct db *db, const char *kind, int64_t unit, const char *group,
			 int64_t now_ms, int64_t *ids, int64_t *subjects, size_t n, size_t *count,
			 struct err_info *e);
enum err store_job_running(struct db *db, int64_t id, struct err_info *e); /* counts an attempt */
enum err store_job_done(struct db *db, int64_t id, const char *result, struct err_info *e);
enum err store_job_fail(struct db *db, int64_t id, const struct err_info *why, struct err_info *e);
/* Back to ready at due_ms, with the reason and (group NULL: unchanged) a new group. */
enum err store_job_again(struct db *db, int64_t id, int64_t due_ms, const char *group,
			 const struct err_info *why, struct err_info *e);
/* The same with how far it is, as its result. */
enum err store_job_step(struct db *db, int64_t id, int64_t due_ms, const char *result,
			const struct err_info *why, struct err_info *e);
/* What nobody asked for comes again and again: the newest job of its kind, unit and group that has
 * ended is ready again at due_ms, as if new; none: it is added. */
enum err store_job_renew(struct db *db, struct job *j, struct err_info *e);
/* The newest job of a kind, unit and group: is it open, did it fail, and when did it end or begin;
 * *at 0: there is none. */
enum err store_job_newest(struct db *db, const struct job *j, bool *open, bool *failed, int64_t *at,
			  struct err_info *e);
/* Done, for there is nothing it could do: why. */
enum err store_job_vain(struct db *db, int64_t id, const struct err_info *why, struct err_info *e);
enum err store_job_cancel(struct db *db, int64_t id, struct err_info *e); /* ready only */
/* A running one that a person has ended. */
enum err store_job_stop(struct db *db, int64_t id, const struct err_info *why, struct err_info *e);
/* Is there a ready or running job of this kind for the unit (subject 0: any)? */
enum err store_job_open(struct db *db, const char *kind, int64_t unit, int64_t subject, int64_t *id,
			struct err_info *e);
/* One of the same payload that has not begun: who waits for it gets what is there from now on. */
enum err store_job_ahead(struct db *db, const char *kind, int64_t unit, const char *payload,
			 int64_t *id, struct err_info *e);
/* Running jobs (after a crash): calls f for each. */
typedef enum err (*job_each)(void *arg, const struct job *j);
enum err store_job_list_running(struct db *db, job_each f, void *arg, struct err_info *e);
/* What a job has to be like; zeroed: any. */
enum { JOB_UNITS = 16 };
struct job_filter {
	const enum job_state *state;
	const char *kind;
	const int64_t *units; /* one of them, at most JOB_UNITS; n 0: any */
	size_t unit_count;
};
/* Newest first. */
enum err store_job_list(struct db *db, const struct job_filter *f, int64_t cursor, int limit,
			job_each each, void *arg, struct err_info *e);
enum err store_job_count(struct db *db, enum job_state state, int64_t *out, struct err_info *e);

/* ---- mending ---- */
/* Did the newest job of the kind fail, and when? */
enum err store_job_last(struct db *db, const char *kind, int64_t unit, bool *failed, int64_t *at,
			struct err_info *e);
/* Did a person ask for the newest job of the kind? */
enum err store_job_last_asked(struct db *db, const char *kind, int64_t unit, bool *asked,
			      struct err_info *e);
/* Ready jobs due after `after_ms` (a clock that was ahead wrote them): is there any; all to
 * due_ms. */
enum err store_job_late(struct db *db, int64_t after_ms, bool *any, struct err_info *e);
/* Ready jobs that are due: how many (up to 1,000), since when the first. */
enum err store_job_overdue(struct db *db, int64_t now_ms, int64_t *first_due_ms, int64_t *count,
			   struct err_info *e);
enum err store_job_hasten(struct db *db, int64_t after_ms, int64_t due_ms, int *changed,
			  struct err_info *e);
/* Accepted batches without an open poll, and numbered or unknown invoices (no person needed)
 * without an open upload; at most 1,000 a call. */
typedef enum err (*job_missing_each)(void *arg, int64_t unit, int64_t subject);
enum err store_job_missing_polls(struct db *db, job_missing_each f, void *arg, struct err_info *e);
enum err store_job_missing_uploads(struct db *db, job_missing_each f, void *arg,
				   struct err_info *e);

/* Imports that are still `running` although no process runs one: failed, with a sentence.  Inside a
 * transaction, by the holder of the lock of imports. */
enum err store_job_imports_dead(struct db *db, struct err_info *e);
/* The same for anybody: looks whether there is any, whether the lock is free, and has a transaction
 * of its own. */
enum err store_job_imports_mend(struct db *db, const char *home, struct err_info *e);

#endif
