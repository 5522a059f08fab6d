/* auto.c - claiming and downloading before issuing. */
#include "desk/auto.h"

#include "base/base.h"

/* Looks whether something is to be done; count: numbers that must be in stock. */
typedef enum err (*look_fn)(struct session *s, const struct unit *u, int64_t count, struct due *d,
			    struct err_info *e);

static enum err look_claim(struct session *s, const struct unit *u, int64_t count, struct due *d,
			   struct err_info *e)
{
	return store_due_claim(s->db, u, count, d, e);
}

static enum err look_quota(struct session *s, const struct unit *u, int64_t count, struct due *d,
			   struct err_info *e)
{
	(void)count;
	return store_due_quota(s->db, u, false, d, e);
}

static void wait_job(void *arg, int64_t job)
{
	desk_wait_job(arg, job);
}

/* Looks first, so that nothing is locked when there is nothing to do, and again in the transaction:
 * another process may have been quicker. */
static enum err fetch(struct session *s, const struct unit *u, look_fn look, int64_t count,
		      struct desk_wait *w, struct err_info *e)
{
	struct due d;
	enum err r = look(s, u, count, &d, e);

	if (r || !d.kind || (r = db_begin(s->db, e)))
		return r;
	r = look(s, u, count, &d, e);
	if (!r && d.kind && d.open)
		desk_wait_job(w, d.open);
	if (r || !d.kind || d.open ||
	    (r = store_due_add(s->db, u, &d, s->user.id, wait_job, w, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

enum err desk_auto_issue(struct session *s, const struct unit *u, int64_t count,
			 struct desk_wait *w, struct err_info *e)
{
	enum err r = desk_auto_issue_red(s, u, count, w, e);

	return r ? r : fetch(s, u, look_quota, count, w, e);
}

enum err desk_auto_issue_red(struct session *s, const struct unit *u, int64_t count,
			     struct desk_wait *w, struct err_info *e)
{
	return count > 0 ? fetch(s, u, look_claim, count, w, e) : ERR_OK;
}
