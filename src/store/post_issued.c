/* post_issued.c - what follows when an invoice has become issued: its event and its mail. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "store/jobs.h"
#include "store/post_p.h"
#include "store/settings.h"

enum err post_job(struct db *db, const char *kind, int64_t unit, int64_t subject, int64_t by,
		  int64_t *id, struct err_info *e)
{
	struct job j = {
	    .unit_id = unit, .subject_id = subject, .due_ms = clock_now_ms(), .created_by = by};
	enum err r;

	text_copy(j.kind, sizeof(j.kind), kind);
	r = store_job_add(db, &j, e);
	*id = j.id;
	return r;
}

enum err store_push_wake(struct db *db, int64_t unit, int64_t *job, struct err_info *e)
{
	enum err r = store_job_open(db, JOB_PUSH, unit, 0, job, e);

	if (r || !*job)
		return r ? r : post_job(db, JOB_PUSH, unit, 0, 0, job, e);
	return store_job_shift(db, JOB_PUSH, unit, clock_now_ms(), false, e);
}

enum err store_job_shift(struct db *db, const char *kind, int64_t unit, int64_t due_ms, bool delay,
			 struct err_info *e)
{
	return delay ? db_run(db, e, NULL,
			      "UPDATE job SET due_ms = ? WHERE kind = ? AND unit_id = ?"
			      " AND state = 'ready' AND due_ms < ?",
			      "lsll", due_ms, kind, unit, due_ms)
		     : db_run(db, e, NULL,
			      "UPDATE job SET due_ms = ?, error_class = 0, error_code = '',"
			      " error_text = '', error_hint = '' WHERE kind = ? AND unit_id = ?"
			      " AND state = 'ready' AND (due_ms > ? OR error_class <> 0)",
			      "lsll", due_ms, kind, unit, due_ms);
}

/* One row and, when no job is open, one more; a job that waits for its next attempt is let wait. */
static enum err note_event(struct db *db, const struct invoice_record *r, struct err_info *e)
{
	int64_t wanted = 0, id = 0, job = 0;
	enum err rc = db_get_int(db, e, &wanted, NULL,
				 "SELECT COUNT(*) FROM push_target WHERE unit_id = ?"
				 " AND automatic = 1 AND (kinds = '' OR kinds = ?)",
				 "ls", r->unit_id, invoice_kind_word(r->invoice.kind));

	if (rc || !wanted)
		return rc;
	if ((rc = db_next_id(db, "push_event", &id, e)) ||
	    (rc = db_run(db, e, NULL,
			 "INSERT INTO push_event (id, unit_id, invoice_id, event, state, queued_at,"
			 " updated_at) VALUES (?, ?, ?, 'invoice.issued', 'waiting', ?, ?)"
			 " ON CONFLICT (invoice_id, event) DO NOTHING",
			 "lllll", id, r->unit_id, r->id, clock_now(), clock_now())) ||
	    (rc = store_job_open(db, JOB_PUSH, r->unit_id, 0, &job, e)) || job)
		return rc;
	return post_job(db, JOB_PUSH, r->unit_id, 0, 0, &job, e);
}

void mail_restored(struct err_info *why)
{
	err_fail(why, ERR_UNKNOWN, "mail.restored", "发送邮件",
		 "主目录恢复过备份，这封邮件可能在那之前已经发出");
	err_hint(why, "核对后再发，或取消");
}

/* An address that is none is a failed mail, so that somebody sees it. */
static enum err note_mail(struct db *db, const struct invoice_record *r, struct err_info *e)
{
	struct mail m = {
	    .unit_id = r->unit_id, .invoice_id = r->id, .automatic = true, .state = MAIL_QUEUED};
	struct addresses to;
	struct err_info why = {0};
	int64_t wanted = 0;
	bool old = false;
	enum err rc;

	if (text_empty(r->invoice.buyer_email))
		return ERR_OK;
	rc = db_get_int(db, e, &wanted, NULL,
			"SELECT COUNT(*) FROM mail_server WHERE unit_id = ? AND automatic = 1", "l",
			r->unit_id);
	if (rc || !wanted || (rc = store_before_restore(db, r->created_at, &old, e)))
		return rc;
	if (addresses_parse(r->invoice.buyer_email, &to, &why)) {
		m.state = MAIL_FAILED;
		err_sentence(&why, m.message, sizeof(m.message));
		text_copy(m.recipients, sizeof(m.recipients), r->invoice.buyer_email);
	} else {
		addresses_text(&to, m.recipients, sizeof(m.recipients));
		if (old) {
			mail_restored(&why);
			m.state = MAIL_UNKNOWN;
			err_sentence(&why, m.message, sizeof(m.message));
		}
	}
	return store_mail_add(db, &m, NULL, e);
}

enum err store_post_issued(struct db *db, const struct invoice_record *r, struct err_info *e)
{
	enum err rc = note_event(db, r, e);

	return rc ? rc : note_mail(db, r, e);
}

/* Nothing overtakes the first event, so it alone tells how the receiver does. */
static enum err count_stuck(struct db *db, int64_t unit, struct post_counts *out,
			    struct err_info *e)
{
	bool found = false;
	enum err r = db_get_int(db, e, &out->push_stuck, &found,
				"SELECT attempts FROM push_event WHERE unit_id = ?"
				" AND state = 'waiting' ORDER BY id LIMIT 1",
				"l", unit);

	if (r || !found || out->push_stuck < POST_STUCK)
		out->push_stuck = 0;
	return r ? r
		 : db_get_int(db, e, &out->mail_stuck, NULL,
			      "SELECT COUNT(*) FROM mail WHERE unit_id = ? AND state = 'queued'"
			      " AND attempts >= ?",
			      "li", unit, (int)POST_STUCK);
}

enum err store_post_counts(struct db *db, int64_t unit, struct post_counts *out, struct err_info *e)
{
	const struct {
		const char *sql, *state;
		int64_t *to;
	} COUNTS[] = {
	    {"SELECT COUNT(*) FROM push_event WHERE unit_id = ? AND state = ?", "waiting",
	     &out->push_waiting},
	    {"SELECT COUNT(*) FROM push_event WHERE unit_id = ? AND state = ?", "person",
	     &out->push_person},
	    {"SELECT COUNT(*) FROM mail WHERE unit_id = ? AND state = ?", "queued",
	     &out->mail_waiting},
	    {"SELECT COUNT(*) FROM mail WHERE unit_id = ? AND state = ?", "failed",
	     &out->mail_failed},
	    {"SELECT COUNT(*) FROM mail WHERE unit_id = ? AND state = ?", "unknown",
	     &out->mail_unknown},
	};
	enum err r = ERR_OK;

	for (size_t i = 0; !r && i < sizeof(COUNTS) / sizeof(COUNTS[0]); i++)
		r = db_get_int(db, e, COUNTS[i].to, NULL, COUNTS[i].sql, "ls", unit,
			       COUNTS[i].state);
	return r ? r : count_stuck(db, unit, out, e);
}
