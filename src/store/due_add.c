/* due_add.c - what is due becomes jobs. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "store/due.h"
#include "store/jobs.h"
#include "store/settings.h"
#include "tax/share.h"

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

/* The idempotency key of a request: using id, direct id, 32 random characters (protocol 1.8). */
static void make_serial(const struct unit *u, const struct unit *direct, char out[101])
{
	char uuid[UUID_TEXT];

	random_uuid(uuid);
	snprintf(out, 101, "%.34s%.34s%s", u->leqi_id, direct->leqi_id, uuid);
}

static enum err add_claim(const struct adding *a, const struct unit *direct, int64_t count,
			  struct err_info *e)
{
	enum err r = ERR_OK;

	while (count > 0 && !r) {
		int64_t piece = count < SHARE_CLAIM_PIECE ? count : SHARE_CLAIM_PIECE;
		char serial[101], payload[64];

		make_serial(a->unit, direct, serial);
		snprintf(payload, sizeof(payload), "{\"count\":\"%lld\"}", (long long)piece);
		r = add(a, JOB_CLAIM, serial, payload, e);
		count -= piece;
	}
	return r;
}

static enum err add_move(const struct adding *a, const struct unit *direct, const struct due *d,
			 const char *amount, struct err_info *e)
{
	char serial[101], payload[128];

	make_serial(a->unit, direct, serial);
	snprintf(payload, sizeof(payload), "{\"download\":true,\"amount\":\"%s\",\"month\":\"%s\"}",
		 amount, d->month);
	return add(a, JOB_QUOTA_MOVE, serial, payload, e);
}

static enum err add_jobs(const struct adding *a, const struct unit *direct, const struct due *d,
			 struct audit_entry *audit, char subject[FEN_TEXT], struct err_info *e)
{
	char payload[64] = "";

	if (!strcmp(d->kind, JOB_CLAIM)) {
		audit->action = "numbers.claim";
		snprintf(subject, FEN_TEXT, "%lld", (long long)d->amount);
		return add_claim(a, direct, d->amount, e);
	}
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
