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

/* The present key is put in its place once more, in the way the new one will be: a file that
 * nothing can be put in the place of (one mounted by itself) says so while nothing has changed, and
 * a key that still lies beside gets there before another one does. */
static enum err try_place(const struct session *s, const struct change *c, struct err_info *e)
{
	struct err_info why = {0};
	char beside[SECRET_PATH];
	enum err r = file_write(c->path, c->old, SECRET_KEY, 0600, &why);

	if (!r)
		return ERR_OK;
	err_fail(e, r, "key.place", c->path, "密钥文件不能被替换（%s），没有更换", why.why);
	if (!home_key_beside(s->home, s->db, beside, NULL) && *beside)
		err_hint(e, "正在使用的密钥是 %s，请先停止程序，用它代替 %s", beside, c->path);
	else
		err_hint(e, "单独挂载的文件不能替换：请把它放进主目录（secret.key，权限 600）"
			    "更换，再挂载新的密钥文件");
	return r;
}

/* Nothing is lost, but whoever keeps only the file itself would lose it. */
static enum err take_place(const struct change *c, struct err_info *e)
{
	struct err_info why = {0};
	enum err r = file_move(c->next, c->path, &why);

	if (!r)
		return ERR_OK;
	err_fail(e, r, "key.beside", c->path, "密钥已更换，但新密钥还在 %s（%s）", c->next,
		 why.why);
	err_hint(e, "请保留 %s；下次运行时自动放好，放不好时请停止程序，用它代替 %s", c->next,
		 c->path);
	return r;
}

static enum err change_locked(struct session *s, struct change *c, struct err_info *e)
{
	enum err r;

	if ((r = home_load_key(s->home, s->db, c->old, e)) ||
	    (r = home_key_files(s->home, c->path, c->next, e)) || (r = try_place(s, c, e)))
		return r;
	random_bytes(c->fresh, SECRET_KEY);
	if ((r = file_write(c->next, c->fresh, SECRET_KEY, 0600, e)) || (r = seal_anew(s, c, e)))
		return r;
	return take_place(c, e);
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

enum err desk_key_beside(struct session *s, char next[SECRET_PATH], struct err_info *e)
{
	return home_key_beside(s->home, s->db, next, e);
}
