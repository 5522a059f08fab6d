/* restore_place.c - puts the parts of a backup in the place of a home.
 *
 * Other processes may have the database open, so it is not swapped under them: a trial copy beside
 * it is checked and prepared, the old content is kept as a backup file, and the new content is
 * copied into the live database in one transaction.  The home keeps its key; what was sealed under
 * the backup's is sealed anew in the trial.  So database and key belong together whatever moment
 * the power goes at.  Only where there is no sound database are files renamed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "desk/backup_p.h"
#include "desk/reseal.h"

enum { ASIDE_MAX = 100 };

/* What was issued since the backup is in no list of ours: only the tax side knows. */
#define BATCH_RESTORED_WHY "主目录是从备份恢复的，备份以后这一批可能已经开过"
#define BATCH_RESTORED_MEND                                                                        \
	"本机查不到备份以后开的，请先与税局对账：kaipiao reconcile YYYY-MM，确认没有开过再继续"

/* What is replaced by what. */
struct place {
	const struct restoring *from;
	char secret[SECRET_PATH], db[HOME_PATH];
	char fresh[SIDE_PATH]; /* the trial copy */
	char stamp[DATETIME_TEXT];
	unsigned char *home_key; /* of secret_alloc: the key the home will have */
	bool has_key;            /* it has it already */
	bool missing;            /* there was a home, but no key where this process looks for it */
	int64_t locked;
};

/* ---- files ---- */

static void unlink_database(const char *path)
{
	static const char *const SUFFIXES[] = {"", "-wal", "-shm"};
	char name[SIDE_PATH + 8];
	size_t i;

	for (i = 0; i < sizeof(SUFFIXES) / sizeof(SUFFIXES[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, SUFFIXES[i]);
		unlink(name);
	}
}

static enum err write_fresh(const struct place *p, struct err_info *e)
{
	int fd;
	enum err r;

	unlink_database(p->fresh); /* of a restore that died */
	fd = open(p->fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(e, errno, p->fresh);
	r = backup_put_bytes(fd, p->fresh, p->from->db->data, p->from->db->n, e);
	if (!r && fsync(fd) != 0)
		r = err_errno(e, errno, p->fresh);
	close(fd);
	return r;
}

/* A name beside the file that is not taken. */
static enum err aside_name(const struct place *p, const char *path, char *out, size_t size,
			   struct err_info *e)
{
	int n = 1;

	snprintf(out, size, "%s.before-%s", path, p->stamp);
	while (file_exists(out) && n < ASIDE_MAX)
		snprintf(out, size, "%s.before-%s-%d", path, p->stamp, n++);
	if (!file_exists(out))
		return ERR_OK;
	return err_fail(e, ERR_INVALID, "file.exists", out, "文件已存在");
}

/* A second name for a file that is about to be replaced; *out "" when there is none. */
static enum err keep_aside(const struct place *p, const char *path, char *out, size_t size,
			   struct err_info *e)
{
	enum err r;

	out[0] = 0;
	if (!file_exists(path))
		return ERR_OK;
	if ((r = aside_name(p, path, out, size, e)))
		return r;
	return link(path, out) == 0 ? ERR_OK : err_errno(e, errno, out);
}

/* A log that belongs to the old database must not be played into the new one. */
static void move_journal(const char *db, const char *aside, const char *suffix)
{
	char from[SIDE_PATH], to[SIDE_PATH + 8];

	snprintf(from, sizeof(from), "%s%s", db, suffix);
	snprintf(to, sizeof(to), "%s%s", aside, suffix);
	if (*aside)
		rename(from, to);
	else
		unlink(from);
}

/* ---- key ---- */

/* A change of the key that was interrupted is finished first. */
static enum err read_key(const char *home, struct place *p, struct err_info *e)
{
	struct db *live = NULL;
	enum err r;

	if (!file_exists(p->db) || db_open(p->db, DB_WRITE, &live, NULL))
		return secret_load(p->secret, 0, p->home_key, e);
	r = home_load_key(home, live, p->home_key, e);
	db_close(&live);
	return r;
}

/* A lost or damaged key file gives way to the backup's, or to a new one: nothing in the present
 * database can be opened without it anyway. */
static enum err load_key(const char *home, struct place *p, struct err_info *e)
{
	struct err_info why = {0};
	enum err r = read_key(home, p, &why);

	p->has_key = !r;
	if (r == ERR_DENIED && e)
		*e = why;
	if (!r || r == ERR_DENIED)
		return r;
	p->missing = !strcmp(why.code, "secret.key_missing") && file_exists(p->db);
	if (p->from->key)
		memcpy(p->home_key, p->from->key, SECRET_KEY);
	else
		random_bytes(p->home_key, SECRET_KEY);
	return ERR_OK;
}

static enum err mend_key(const struct place *p, struct err_info *e)
{
	char aside[SIDE_PATH + SECRET_PATH], path[SECRET_PATH];
	enum err r;

	if (p->has_key)
		return ERR_OK;
	if (secret_place(p->secret, path) == SECRET_CREDENTIAL) /* not ours to write */
		text_copy(path, sizeof(path), p->secret);
	if ((r = keep_aside(p, path, aside, sizeof(aside), e)))
		return r;
	return file_write(path, p->home_key, SECRET_KEY, 0600, e);
}

/* A key that lies elsewhere is known to who is told the place: one made here would go before it for
 * ever. */
static enum err refuse_new_key(const struct place *p, struct err_info *e)
{
	err_fail(e, ERR_DAMAGED, "restore.key_missing", p->secret,
		 "找不到主目录的密钥，备份里的 API 密钥打不开，没有恢复");
	err_hint(e, "密钥放在别处时用 KAIPIAO_KEY_FILE=文件 指明；确已丢失时加 --new-key，以后"
		    "重新录入 API 密钥");
	return ERR_DAMAGED;
}

static enum err reseal(struct db *db, struct place *p, struct err_info *e)
{
	struct reseal work = {.now = p->home_key, .then = p->from->key};
	enum err r = reseal_all(db, &work, e);

	if (r)
		return r;
	p->locked = work.locked;
	if (work.locked && p->from->sealed) {
		err_fail(e, ERR_INVALID, "backup.passphrase", "恢复",
			 "备份里的密钥由口令密封，主目录现有的密钥打不开备份里的 API 密钥");
		err_hint(e, "请加 --passphrase-file 口令文件");
		return ERR_INVALID;
	}
	if (work.locked && p->missing && !p->from->new_key)
		return refuse_new_key(p, e);
	return store_key_note(db, p->home_key, e);
}

/* ---- trial ---- */

/* Time has passed since the backup: numbers free then may be used now, and what was under way may
 * have ended (the engine asks about it with restored_at in mind). */
static enum err mark_restored(struct db *db, struct err_info *e)
{
	struct audit_entry a = {.action = "home.restore"};
	char now[24];
	enum err r;

	snprintf(now, sizeof(now), "%lld", (long long)clock_now());
	if ((r = store_segment_expire_all(db, e)) || (r = store_claim_close_all(db, e)) ||
	    (r = store_summary_restored(db, e)) || (r = store_unit_removals_end(db, e)) ||
	    (r = store_orders_doubt_all(db, BATCH_RESTORED_WHY, BATCH_RESTORED_MEND, e)) ||
	    (r = store_setting_set(db, "home", "restored_at", now, e)))
		return r;
	return store_audit_add(db, &a, e);
}

static enum err prepare(struct db *db, struct place *p, struct err_info *e)
{
	enum err r = db_begin(db, e);

	if (r)
		return r;
	if ((r = reseal(db, p, e)) || (r = mark_restored(db, e))) {
		db_rollback(db);
		return r;
	}
	return db_commit(db, e);
}

/* The new database must open and be sound beside the old one before anything is replaced. */
static enum err try_fresh(struct place *p, struct err_info *e)
{
	struct db *trial;
	enum err r;

	if ((r = db_open(p->fresh, DB_WRITE, &trial, e)))
		return r;
	if (!(r = db_check(trial, e)))
		r = prepare(trial, p, e);
	db_close(&trial);
	return r;
}

/* ---- placing ---- */

/* The old content under a name of its own, as a sound database. */
static enum err back_up_old(const struct place *p, struct db *live, char aside[SIDE_PATH],
			    struct err_info *e)
{
	char copy[SIDE_PATH];
	enum err r;

	/* A name without a time first, so that one that died is not left behind for ever. */
	snprintf(copy, sizeof(copy), "%s.before", p->db);
	unlink_database(copy);
	if ((r = aside_name(p, p->db, aside, SIDE_PATH, e)) || (r = db_backup(live, copy, e)) ||
	    (r = file_move(copy, aside, e)))
		return r;
	unlink_database(copy);
	return ERR_OK;
}

static enum err copy_in(const struct place *p, char aside[SIDE_PATH], struct err_info *e)
{
	struct db *live;
	enum err r;

	if ((r = db_open(p->db, DB_WRITE, &live, e)))
		return r;
	if (!(r = back_up_old(p, live, aside, e)) && !(r = db_restore_from(live, p->fresh, e)))
		unlink_database(p->fresh);
	db_close(&live);
	return r;
}

/* There is no sound database to copy into: nobody can be working in it. */
static enum err rename_in(const struct place *p, char aside[SIDE_PATH], struct err_info *e)
{
	enum err r = keep_aside(p, p->db, aside, SIDE_PATH, e);

	if (r)
		return r;
	move_journal(p->db, aside, "-wal");
	move_journal(p->db, aside, "-shm");
	return file_move(p->fresh, p->db, e);
}

/* Faults of the old database itself, which is why one restores; a full disk is none. */
static bool old_is_unsound(const struct err_info *e)
{
	static const char *const CODES[] = {"home.absent", "db.damaged", "db.foreign", "db.newer"};
	size_t i;

	for (i = 0; i < sizeof(CODES) / sizeof(CODES[0]); i++) {
		if (!strcmp(e->code, CODES[i]))
			return true;
	}
	return false;
}

static enum err put_in_place(const struct place *p, char aside[HOME_PATH], struct err_info *e)
{
	char old[SIDE_PATH] = "";
	struct err_info why = {0};
	enum err r = copy_in(p, old, &why);

	if (r && old_is_unsound(&why))
		r = rename_in(p, old, e);
	else if (r && e)
		*e = why;
	if (!r)
		text_copy(aside, HOME_PATH, old);
	return r;
}

/* 20251120100000, for names. */
static void stamp_of(int64_t t, char out[DATETIME_TEXT])
{
	char text[DATETIME_TEXT];
	const char *p = datetime_text(t, text);

	for (; *p; p++) {
		if (*p >= '0' && *p <= '9')
			*out++ = *p;
	}
	*out = 0;
}

enum err restore_place(const char *home, const struct restoring *from, struct restored *out,
		       struct err_info *e)
{
	struct place p = {.from = from};
	char secret[HOME_PATH], place[SECRET_PATH];
	enum err r;

	if ((r = home_path(home, HOME_SECRET, secret, e)) ||
	    (r = home_path(home, HOME_DB, p.db, e)))
		return r;
	text_copy(p.secret, sizeof(p.secret), secret);
	snprintf(p.fresh, sizeof(p.fresh), "%s.new", p.db);
	stamp_of(clock_now(), p.stamp);
	p.home_key = secret_alloc(SECRET_KEY);
	if (!(r = load_key(home, &p, e)) && !(r = write_fresh(&p, e)) && !(r = try_fresh(&p, e)) &&
	    !(r = mend_key(&p, e)))
		r = put_in_place(&p, out->aside, e);
	if (r)
		unlink_database(p.fresh);
	out->locked = p.locked;
	out->key_made = !r && !p.has_key && secret_place(p.secret, place) == SECRET_OWN;
	secret_free(p.home_key, SECRET_KEY);
	return r;
}
