/* db_sqlite_vfs.c - files of a database that gather what is written one behind the other.
 *
 * While many rows are loaded their pages go to the journal, each with a head of its own, and from
 * there into the database: tens of thousands of small writes at rising places.  The kernel takes
 * one of sixty-four kibibytes in a quarter of the time of the eight it is made of, and brings it to
 * the disk sooner.
 *
 * What is gathered is nobody else's yet.  The journal's frames are not told to others before they
 * are synced (synchronous is FULL), and pages of the database come from frames that stay until it
 * is synced; a sync writes first.  So does anything but the next write behind the last: the file
 * sees everything in the order in which it was done.  So does giving back the lock under which it
 * was gathered, for then somebody else may write at the same place.  A write that fails late fails
 * everything until that lock is given back: what it was part of cannot be committed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/db_sqlite_p.h"

enum { GATHER = 128 << 10, WRITE_LOCK = 0, CHECKPOINT_LOCK = 1 };

struct gathering {
	sqlite3_file base;
	sqlite3_file *real;         /* behind this struct */
	struct gathering *database; /* of a journal */
	struct gathering *journal;  /* of a database, while it is open */
	char *bytes;                /* NULL: nothing is gathered */
	sqlite3_int64 at;
	int used;
	int failed; /* what a late write ended with, until its lock goes */
};

static struct gathering *gathering(sqlite3_file *f)
{
	return (struct gathering *)(void *)f;
}

static sqlite3_file *real_of(sqlite3_file *f)
{
	return gathering(f)->real;
}

/* ---- gathering ------------------------------------------------------------------------------- */

static int write_now(sqlite3_file *f)
{
	struct gathering *g = gathering(f);
	int used = g->used;

	g->used = 0;
	if (used && !g->failed)
		g->failed = g->real->pMethods->xWrite(g->real, g->bytes, used, g->at);
	return g->failed;
}

static int on_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at)
{
	struct gathering *g = gathering(f);
	int rc;

	if (!g->bytes)
		return g->real->pMethods->xWrite(g->real, bytes, n, at);
	if (at != g->at + g->used || n > GATHER - g->used) {
		if ((rc = write_now(f)) != SQLITE_OK)
			return rc;
		g->at = at;
	}
	if (g->failed)
		return g->failed;
	if (n > GATHER)
		return g->real->pMethods->xWrite(g->real, bytes, n, at);
	memcpy(g->bytes + g->used, bytes, (size_t)n);
	g->used += n;
	return SQLITE_OK;
}

/* The last thing under a lock; of what was given up it does not matter whether it is written. */
static void settle(struct gathering *g)
{
	if (!g || !g->bytes)
		return;
	write_now(&g->base);
	g->failed = SQLITE_OK;
}

/* Outside any lock nothing is written. */
static void drop(struct gathering *g)
{
	free(g->bytes);
	g->bytes = NULL;
	g->used = 0;
	g->failed = SQLITE_OK;
}

/* ---- the other methods ----------------------------------------------------------------------- */

static int on_close(sqlite3_file *f)
{
	struct gathering *g = gathering(f);
	int rc;

	if (g->database)
		g->database->journal = NULL;
	if (g->journal)
		g->journal->database = NULL;
	drop(g);
	rc = g->real->pMethods->xClose(g->real);
	f->pMethods = NULL;
	return rc;
}

static int on_read(sqlite3_file *f, void *out, int n, sqlite3_int64 at)
{
	int rc = write_now(f);

	return rc != SQLITE_OK ? rc : real_of(f)->pMethods->xRead(real_of(f), out, n, at);
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	int rc = write_now(f);

	return rc != SQLITE_OK ? rc : real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int on_sync(sqlite3_file *f, int flags)
{
	int rc = write_now(f);

	return rc != SQLITE_OK ? rc : real_of(f)->pMethods->xSync(real_of(f), flags);
}

static int on_size(sqlite3_file *f, sqlite3_int64 *size)
{
	int rc = write_now(f);

	return rc != SQLITE_OK ? rc : real_of(f)->pMethods->xFileSize(real_of(f), size);
}

static int on_lock(sqlite3_file *f, int kind)
{
	return real_of(f)->pMethods->xLock(real_of(f), kind);
}

static int on_unlock(sqlite3_file *f, int kind)
{
	return real_of(f)->pMethods->xUnlock(real_of(f), kind);
}

static int on_check_lock(sqlite3_file *f, int *out)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int on_control(sqlite3_file *f, int what, void *arg)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), what, arg);
}

static int on_sector(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int on_device(sqlite3_file *f)
{
	return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int on_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
}

static bool covers(int from, int n, int lock)
{
	return from <= lock && lock < from + n;
}

static int on_shm_lock(sqlite3_file *f, int from, int n, int flags)
{
	struct gathering *g = gathering(f);

	if (flags & SQLITE_SHM_UNLOCK && covers(from, n, WRITE_LOCK))
		settle(g->journal);
	if (flags & SQLITE_SHM_UNLOCK && covers(from, n, CHECKPOINT_LOCK))
		settle(g);
	return g->real->pMethods->xShmLock(g->real, from, n, flags);
}

static void on_shm_barrier(sqlite3_file *f)
{
	real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int on_shm_unmap(sqlite3_file *f, int remove)
{
	return real_of(f)->pMethods->xShmUnmap(real_of(f), remove);
}

static int on_fetch(sqlite3_file *f, sqlite3_int64 at, int n, void **out)
{
	int rc = write_now(f);

	return rc != SQLITE_OK ? rc : real_of(f)->pMethods->xFetch(real_of(f), at, n, out);
}

static int on_unfetch(sqlite3_file *f, sqlite3_int64 at, void *page)
{
	return real_of(f)->pMethods->xUnfetch(real_of(f), at, page);
}

static const sqlite3_io_methods METHODS = {
    .iVersion = 3,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_check_lock,
    .xFileControl = on_control,
    .xSectorSize = on_sector,
    .xDeviceCharacteristics = on_device,
    .xShmMap = on_shm_map,
    .xShmLock = on_shm_lock,
    .xShmBarrier = on_shm_barrier,
    .xShmUnmap = on_shm_unmap,
    .xFetch = on_fetch,
    .xUnfetch = on_unfetch,
};

/* ---- opening --------------------------------------------------------------------------------- */

static sqlite3_vfs *usual(const sqlite3_vfs *v)
{
	return v->pAppData;
}

static int on_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct gathering *g = gathering(f);
	sqlite3_file *database = NULL;
	int rc;

	if (!(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
		return usual(v)->xOpen(usual(v), name, f, flags, out);
	*g = (struct gathering) {.real = (sqlite3_file *)(void *)(g + 1)};
	rc = usual(v)->xOpen(usual(v), name, g->real, flags, out);
	if (!g->real->pMethods)
		return rc;
	f->pMethods = &METHODS;
	if (rc != SQLITE_OK || !(flags & SQLITE_OPEN_WAL))
		return rc;
	database = sqlite3_database_file_object(name);
	if (database && database->pMethods == &METHODS) {
		g->database = gathering(database);
		g->database->journal = g;
	}
	return rc;
}

static int on_delete(sqlite3_vfs *v, const char *name, int sync)
{
	return usual(v)->xDelete(usual(v), name, sync);
}

static int on_access(sqlite3_vfs *v, const char *name, int flags, int *out)
{
	return usual(v)->xAccess(usual(v), name, flags, out);
}

static int on_full_name(sqlite3_vfs *v, const char *name, int n, char *out)
{
	return usual(v)->xFullPathname(usual(v), name, n, out);
}

static int on_random(sqlite3_vfs *v, int n, char *out)
{
	return usual(v)->xRandomness(usual(v), n, out);
}

static int on_sleep(sqlite3_vfs *v, int us)
{
	return usual(v)->xSleep(usual(v), us);
}

static int on_last_error(sqlite3_vfs *v, int n, char *out)
{
	return usual(v)->xGetLastError(usual(v), n, out);
}

static int on_time(sqlite3_vfs *v, sqlite3_int64 *out)
{
	return usual(v)->xCurrentTimeInt64(usual(v), out);
}

int sqlite_vfs_register(void)
{
	static sqlite3_vfs own;
	sqlite3_vfs *below = sqlite3_vfs_find(NULL);

	if (!below || below->iVersion < 2)
		return SQLITE_ERROR;
	own = (sqlite3_vfs) {
	    .iVersion = 2,
	    .szOsFile = (int)sizeof(struct gathering) + below->szOsFile,
	    .mxPathname = below->mxPathname,
	    .zName = SQLITE_VFS,
	    .pAppData = below,
	    .xOpen = on_open,
	    .xDelete = on_delete,
	    .xAccess = on_access,
	    .xFullPathname = on_full_name,
	    .xRandomness = on_random,
	    .xSleep = on_sleep,
	    .xGetLastError = on_last_error,
	    .xCurrentTimeInt64 = on_time,
	};
	return sqlite3_vfs_register(&own, 0);
}

static void set_gathering(struct gathering *g, bool on)
{
	if (!on)
		drop(g);
	else if (!g->bytes)
		g->bytes = mem_alloc(GATHER);
}

void sqlite_gather(sqlite3 *raw, bool on)
{
	sqlite3_file *f = NULL;
	struct gathering *g;

	sqlite3_file_control(raw, "main", SQLITE_FCNTL_FILE_POINTER, &f);
	if (!f || f->pMethods != &METHODS)
		return;
	g = gathering(f);
	if (on && !g->journal)
		return; /* without it nothing ends with a sync */
	set_gathering(g, on);
	if (g->journal)
		set_gathering(g->journal, on);
}
