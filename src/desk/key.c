/* key.c - a new key for a home (src/store/key.h says in which order). */
#include <stdio.h>

#include "base/base.h"
#include "desk/home.h"
#include "desk/reseal.h"

struct change {
	unsigned char *old, *fresh; /* of secret_alloc */
	char path[SECRET_PATH], next[SECRET_PATH];
	int64_t renewed;
};

/* What neither key opens was of no use before: it is no reason to stop. */
static enum err seal_anew(struct session *s, struct change *c, struct err_info *e)
{
	struct reseal r = {.now = c->fresh, .then = c->old};
	char count[40];
	enum err rc = db_begin(s->db, e);

	if (rc)
		return rc;
	rc = reseal_all(s->db, &r, e);
	snprintf(count, sizeof(count), "%lld", (long long)r.renewed);
	if (rc || (rc = store_key_note(s->db, c->fresh, e)) ||
	    (rc = desk_audit(s, 0, "key.rotate", "", "", count, e))) {
		db_rollback(s->db);
		return rc;
	}
	c->renewed = r.renewed;
	return db_commit(s->db, e);
}

static enum err change_locked(struct session *s, struct change *c, struct err_info *e)
{
	enum err r;

	if ((r = home_load_key(s->home, s->db, c->old, e)) ||
	    (r = home_key_files(s->home, c->path, c->next, e)))
		return r;
	random_bytes(c->fresh, SECRET_KEY);
	if ((r = file_write(c->next, c->fresh, SECRET_KEY, 0600, e)) || (r = seal_anew(s, c, e)))
		return r;
	return file_move(c->next, c->path, e);
}

enum err desk_key_rotate(struct session *s, int64_t *renewed, struct err_info *e)
{
	struct change c = {.renewed = 0};
	char lock[HOME_PATH];
	int fd = -1;
	enum err r;

	*renewed = 0;
	if ((r = desk_allow(s, DESK_BACKUP, e)) || (r = home_path(s->home, HOME_LOCK, lock, e)))
		return r;
	/* An engine holds the old key in memory. */
	if ((r = file_lock(lock, &fd, e)) == ERR_BUSY)
		err_hint(e, "请先停止正在运行的程序");
	if (r)
		return r;
	c.old = secret_alloc(SECRET_KEY);
	c.fresh = secret_alloc(SECRET_KEY);
	r = change_locked(s, &c, e);
	*renewed = c.renewed;
	secret_free(c.old, SECRET_KEY);
	secret_free(c.fresh, SECRET_KEY);
	file_unlock(&fd);
	return r;
}
