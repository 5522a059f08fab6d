/* due_add.c - what is due becomes jobs. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "store/claims.h"
#include "store/due.h"
#include "store/jobs.h"
#include "store/settings.h"
#include "store/summary.h"

struct adding {
	struct db *db;
	const struct unit *unit;
	int64_t user;
	due_job f;
	void *arg;
};

static enum err add(const struct adding *a, const char *kind, const char *serial, char *payload,
		    struct err_info *e)
{
	struct job j = {.unit_id = a->unit->id,
			.due_ms = clock_now_ms(),
			.created_by = a->user,
			.payload = payload};
	enum err r;

	text_copy(j.kind, sizeof(j.kind), kind);
	text_copy(j.request_key, sizeof(j.request_key), serial);
	r = store_job_add(a->db, &j, e);
	if (!r && a->f)
		a->f(a->arg, j.id);
	return r;
}

/* Pieces that failed before are taken up with their serials; what is left is a new claim. */
static enum err add_claim(const struct adding *a, int64_t count, struct err_info *e)
{
	int64_t again = 0, id = 0;
	enum err r =
	    store_claim_take_up(a->db, a->unit, count, a->user, &again, &id, a->f, a->arg, e);

	if (r || again == count)
		return r;
	return store_claim_add(a->db, a->unit, count - again, a->user, &id, a->f, a->arg, e);
}

static enum err add_move(const struct adding *a, const struct unit *direct, const struct due *d,
			 const char *amount, struct err_info *e)
{
	char serial[101], payload[128];

	unit_serial(a->unit, direct, serial);
	snprintf(payload, sizeof(payload), "{\"download\":true,\"amount\":\"%s\",\"month\":\"%s\"}",
		 amount, d->month);
	return add(a, JOB_QUOTA_MOVE, serial, payload, e);
}

static enum err add_summary(const struct adding *a, const struct due *d, struct err_info *e)
{
	struct summary s;
	int64_t job = 0;
	enum err r = store_summary_get(a->db, d->subject, &s, e);

	if (r || (r = !strcmp(d->kind, JOB_SUMMARY_LOOK)
			  ? store_summary_look(a->db, &s, a->user, &job, e)
			  : store_summary_begin(a->db, &s, false, false, a->user, &job, e)))
		return r;
	if (a->f)
		a->f(a->arg, job);
	return ERR_OK;
}

static enum err add_jobs(const struct adding *a, const struct unit *direct, const struct due *d,
			 struct audit_entry *audit, char subject[FEN_TEXT], struct err_info *e)
{
	char payload[64] = "";

	if (!strcmp(d->kind, JOB_CLAIM)) {
		audit->action = "numbers.claim";
		snprintf(subject, FEN_TEXT, "%lld", (long long)d->amount);
		return add_claim(a, d->amount, e);
	}
	if (d->subject)
		return add_summary(a, d, e);
	if (!strcmp(d->kind, JOB_QUOTA_MOVE)) {
		audit->action = "quota.download";
		fen_format(d->amount, subject);
		return add_move(a, direct, d, subject, e);
	}
	if (!strcmp(d->kind, JOB_QUOTA_ADJUST)) {
		audit->action = "quota.adjust";
		text_copy(subject, FEN_TEXT, d->month);
		snprintf(payload, sizeof(payload), "{\"month\":\"%s\"}", d->month);
	}
	return add(a, d->kind, "", payload, e);
}

enum err store_due_add(struct db *db, const struct unit *u, const struct due *d, int64_t user,
		       due_job f, void *arg, struct err_info *e)
{
	const struct adding a = {.db = db, .unit = u, .user = user, .f = f, .arg = arg};
	char subject[FEN_TEXT] = "";
	struct audit_entry audit = {
	    .user_id = user, .unit_id = u->id, .subject = subject, .after = user ? "" : "auto"};
	struct unit direct;
	enum err r = store_unit_get(db, u->direct_id, &direct, e);

	if (r)
		return r;
	r = add_jobs(&a, &direct, d, &audit, subject, e);
	unit_free(&direct);
	return r || !audit.action ? r : store_audit_add(db, &audit, e);
}
