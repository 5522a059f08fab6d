/* claims.c - claims and their pieces. */
#include "store/claims.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "tax/share.h"

static const struct {
	const char *word, *label;
} STATES[] = {
    [CLAIM_DONE] = {"done", "完成"},
    [CLAIM_OPEN] = {"open", "办理中"},
    [CLAIM_SHORT] = {"short", "可继续"},
    [CLAIM_CLOSED] = {"closed", "已了结"},
};

const char *claim_state_word(enum claim_state s)
{
	return STATES[s].word;
}

const char *claim_state_label(enum claim_state s)
{
	return STATES[s].label;
}

static enum claim_state state_of(int64_t open, int64_t failed, bool closed)
{
	if (open)
		return CLAIM_OPEN;
	if (failed)
		return closed ? CLAIM_CLOSED : CLAIM_SHORT;
	return CLAIM_DONE;
}

/* ---- asking ---- */

struct asking {
	struct db *db;
	const struct unit *unit;
	int64_t user;
	claim_job f;
	void *arg;
};

static enum err put_job(const struct asking *a, const char *serial, int64_t size, int64_t *id,
			struct err_info *e)
{
	char payload[64];
	struct job j = {.unit_id = a->unit->id,
			.due_ms = clock_now_ms(),
			.created_by = a->user,
			.payload = payload};
	enum err r;

	snprintf(payload, sizeof(payload), "{\"count\":\"%lld\"}", (long long)size);
	text_copy(j.kind, sizeof(j.kind), JOB_CLAIM);
	text_copy(j.request_key, sizeof(j.request_key), serial);
	r = store_job_add(a->db, &j, e);
	*id = j.id;
	if (!r && a->f)
		a->f(a->arg, j.id);
	return r;
}

static enum err put_piece(const struct asking *a, const struct unit *direct, int64_t claim,
			  int piece, int64_t size, struct err_info *e)
{
	char serial[101];
	int64_t job = 0;
	enum err r;

	unit_serial(a->unit, direct, serial);
	if ((r = put_job(a, serial, size, &job, e)))
		return r;
	return db_run(a->db, e, NULL,
		      "INSERT INTO claim_piece (claim_id, piece, size, serial, job_id, jobs)"
		      " VALUES (?, ?, ?, ?, ?, 1)",
		      "lilsl", claim, piece, size, serial, job);
}

enum err store_claim_add(struct db *db, const struct unit *u, int64_t count, int64_t user,
			 int64_t *id, claim_job f, void *arg, struct err_info *e)
{
	const struct asking a = {.db = db, .unit = u, .user = user, .f = f, .arg = arg};
	struct unit direct;
	int piece = 0;
	enum err r = store_unit_get(db, u->direct_id, &direct, e);

	if (r)
		return r;
	if (!(r = db_next_id(db, "claim", id, e)))
		r = db_run(db, e, NULL,
			   "INSERT INTO claim (id, unit_id, created_by, created_at)"
			   " VALUES (?, ?, NULLIF(?, 0), ?)",
			   "llll", *id, u->id, user, clock_now());
	while (count > 0 && !r) {
		int64_t size = count < SHARE_CLAIM_PIECE ? count : SHARE_CLAIM_PIECE;

		r = put_piece(&a, &direct, *id, ++piece, size, e);
		count -= size;
	}
	unit_free(&direct);
	return r;
}

/* ---- pieces ---- */

#define PIECES                                                                                     \
	"SELECT p.piece, p.size, p.serial, p.job_id, p.jobs, COALESCE(s.size, 0),"                 \
	" COALESCE(s.first_number, ''), COALESCE(s.last_number, ''), COALESCE(j.state, ''),"       \
	" COALESCE(j.error_text, ''), c.closed_at IS NOT NULL, COALESCE(j.error_code, ''), c.id"   \
	" FROM claim c JOIN claim_piece p ON p.claim_id = c.id"                                    \
	" LEFT JOIN segment s ON s.serial = p.serial LEFT JOIN job j ON j.id = p.job_id"

static void read_piece(struct rows *q, struct claim_piece *p)
{
	const char *job = rows_text(q, 8);
	bool open;

	*p = (struct claim_piece) {.piece = (int)rows_int(q, 0),
				   .size = rows_int(q, 1),
				   .job = rows_int(q, 3),
				   .jobs = (int)rows_int(q, 4),
				   .claimed = rows_int(q, 5)};
	open = !p->claimed && (!strcmp(job, "ready") || !strcmp(job, "running"));
	p->state = state_of(open, p->size - p->claimed, rows_int(q, 10) != 0);
	text_copy(p->serial, sizeof(p->serial), rows_text(q, 2));
	text_copy(p->first, sizeof(p->first), rows_text(q, 6));
	text_copy(p->last, sizeof(p->last), rows_text(q, 7));
	if (p->state != CLAIM_DONE)
		text_copy(p->message, sizeof(p->message),
			  !strcmp(job, "cancelled") ? "任务已取消" : rows_text(q, 9));
}

enum err store_claim_pieces(struct db *db, int64_t id, claim_piece_each f, void *arg,
			    struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e, PIECES " WHERE c.id = ? ORDER BY p.claim_id, p.piece", "l", id);

	while (!r && rows_next(q)) {
		struct claim_piece p;

		read_piece(q, &p);
		r = f(arg, &p);
	}
	return rows_end(&q, r, e);
}

/* ---- asking again ---- */

struct pieces {
	struct claim_piece *items; /* owned */
	size_t n;
};

static enum err note_piece(void *arg, const struct claim_piece *p)
{
	struct pieces *all = arg;

	all->items = mem_realloc(all->items, (all->n + 1) * sizeof(*all->items));
	all->items[all->n++] = *p;
	return ERR_OK;
}

static enum err ask_again(const struct asking *a, int64_t claim, const struct claim_piece *p,
			  struct err_info *e)
{
	int64_t job = 0;
	enum err r = put_job(a, p->serial, p->size, &job, e);

	return r ? r
		 : db_run(a->db, e, NULL,
			  "UPDATE claim_piece SET job_id = ?, jobs = jobs + 1"
			  " WHERE claim_id = ? AND piece = ?",
			  "lli", job, claim, p->piece);
}

/* What is missing of a piece that was given in part gets a serial of its own: the old one would
 * only give the same part. */
static enum err ask_rest(const struct asking *a, const struct unit *direct, int64_t claim,
			 const struct claim_piece *p, int piece, struct err_info *e)
{
	enum err r = db_run(a->db, e, NULL,
			    "UPDATE claim_piece SET size = ? WHERE claim_id = ? AND piece = ?",
			    "lli", p->claimed, claim, p->piece);

	return r ? r : put_piece(a, direct, claim, piece, p->size - p->claimed, e);
}

static enum err continue_pieces(const struct asking *a, const struct unit *direct, int64_t claim,
				const struct pieces *all, int64_t *again, struct err_info *e)
{
	int last = all->n ? all->items[all->n - 1].piece : 0;
	enum err r = ERR_OK;

	for (size_t i = 0; i < all->n && !r; i++) {
		const struct claim_piece *p = &all->items[i];

		if (p->state == CLAIM_OPEN && a->f)
			a->f(a->arg, p->job);
		if (p->state != CLAIM_SHORT)
			continue;
		*again += p->size - p->claimed;
		r = p->claimed ? ask_rest(a, direct, claim, p, ++last, e)
			       : ask_again(a, claim, p, e);
	}
	return r;
}

static enum err not_short(const struct claim *c, struct err_info *e)
{
	if (c->state == CLAIM_CLOSED) {
		err_fail(e, ERR_INVALID, "claim.closed", "领购",
			 "第 %lld 号领购之后恢复过备份，它的号码可能已经用过", (long long)c->id);
		err_hint(e, "请重新领购：kaipiao numbers claim %lld", (long long)c->failed);
		return ERR_INVALID;
	}
	return err_fail(e, ERR_INVALID, "claim.done", "领购", "第 %lld 号领购已经全部领到",
			(long long)c->id);
}

enum err store_claim_continue(struct db *db, const struct unit *u, int64_t id, int64_t user,
			      int64_t *again, claim_job f, void *arg, struct err_info *e)
{
	const struct asking a = {.db = db, .unit = u, .user = user, .f = f, .arg = arg};
	struct pieces all = {.n = 0};
	struct unit direct;
	struct claim c;
	bool found = false;
	enum err r = store_claim_get(db, u->id, id, &c, &found, e);

	*again = 0;
	if (r)
		return r;
	if (!found)
		return err_fail(e, ERR_INVALID, "claim.unknown", "领购", "本单位没有第 %lld 号领购",
				(long long)id);
	if (c.state == CLAIM_DONE || c.state == CLAIM_CLOSED)
		return not_short(&c, e);
	if ((r = store_unit_get(db, u->direct_id, &direct, e)))
		return r;
	if (!(r = store_claim_pieces(db, id, note_piece, &all, e)))
		r = continue_pieces(&a, &direct, id, &all, again, e);
	free(all.items);
	unit_free(&direct);
	return r;
}

enum { TRIES = 3, TAKEN_MANY = 64 };

static int64_t year_start(void)
{
	struct date d = {.year = date_of(clock_now()).date.year, .month = 1, .day = 1};

	return date_unix((struct datetime) {.date = d});
}

struct failed_piece {
	struct claim_piece piece;
	int64_t claim;
};

/* Pieces that may be taken up, newest first; their number. */
static enum err failed_pieces(struct db *db, int64_t unit, int64_t most,
			      struct failed_piece out[TAKEN_MANY], size_t *n, struct err_info *e)
{
	struct rows *q;
	int64_t sum = 0;
	enum err r = db_query(db, &q, e,
			      PIECES " WHERE c.unit_id = ? AND c.closed_at IS NULL"
				     " AND c.created_at >= ? AND s.id IS NULL"
				     " AND j.state = 'failed' AND p.jobs < ? AND p.size <= ?"
				     " ORDER BY c.id DESC, p.piece LIMIT ?",
			      "llili", unit, year_start(), (int)TRIES, most, (int)TAKEN_MANY);

	*n = 0;
	while (!r && rows_next(q)) {
		struct failed_piece *f = &out[*n];

		read_piece(q, &f->piece);
		f->claim = rows_int(q, 12);
		if (sum + f->piece.size > most)
			continue;
		sum += f->piece.size;
		++*n;
	}
	return rows_end(&q, r, e);
}

enum err store_claim_take_up(struct db *db, const struct unit *u, int64_t most, int64_t user,
			     int64_t *again, int64_t *id, claim_job f, void *arg,
			     struct err_info *e)
{
	const struct asking a = {.db = db, .unit = u, .user = user, .f = f, .arg = arg};
	struct failed_piece *all = mem_zalloc(TAKEN_MANY * sizeof(*all));
	size_t n = 0;
	enum err r = failed_pieces(db, u->id, most, all, &n, e);

	*again = *id = 0;
	for (size_t i = 0; i < n && !r; i++) {
		r = ask_again(&a, all[i].claim, &all[i].piece, e);
		*again += all[i].piece.size;
		if (all[i].claim > *id)
			*id = all[i].claim;
	}
	free(all);
	return r;
}

enum err store_claim_close_all(struct db *db, struct err_info *e)
{
	enum err r =
	    db_run(db, e, NULL,
		   "UPDATE job SET state = 'cancelled', updated_at = ?"
		   " WHERE kind = 'numbers.claim' AND (state = 'ready' OR state = 'running')",
		   "l", clock_now());

	return r ? r
		 : db_run(db, e, NULL, "UPDATE claim SET closed_at = ? WHERE closed_at IS NULL",
			  "l", clock_now());
}

/* ---- reading ---- */

/* A piece counts as open or failed as read_piece has it. */
#define CLAIMS                                                                                     \
	"SELECT c.id, c.unit_id, COALESCE(c.created_by, 0), c.created_at,"                         \
	" c.closed_at IS NOT NULL, COUNT(*), SUM(p.size), SUM(COALESCE(s.size, 0)),"               \
	" SUM(CASE WHEN s.id IS NULL AND (j.state = 'ready' OR j.state = 'running')"               \
	" THEN p.size ELSE 0 END)"                                                                 \
	" FROM claim c JOIN claim_piece p ON p.claim_id = c.id"                                    \
	" LEFT JOIN segment s ON s.serial = p.serial LEFT JOIN job j ON j.id = p.job_id"

static void read_claim(struct rows *q, struct claim *c)
{
	*c = (struct claim) {.id = rows_int(q, 0),
			     .unit_id = rows_int(q, 1),
			     .created_by = rows_int(q, 2),
			     .created_at = rows_int(q, 3),
			     .pieces = (int)rows_int(q, 5),
			     .asked = rows_int(q, 6),
			     .claimed = rows_int(q, 7),
			     .open = rows_int(q, 8)};
	c->failed = c->asked - c->claimed - c->open;
	c->state = state_of(c->open, c->failed, rows_int(q, 4) != 0);
}

/* Why it did not get all, from the piece that ended last. */
static enum err read_why(struct db *db, struct claim *c, struct err_info *e)
{
	struct rows *q;
	enum err r;

	if (!c->failed)
		return ERR_OK;
	r = db_query(db, &q, e,
		     "SELECT j.state, j.error_text, j.error_hint FROM claim_piece p"
		     " JOIN job j ON j.id = p.job_id LEFT JOIN segment s ON s.serial = p.serial"
		     " WHERE p.claim_id = ? AND s.id IS NULL"
		     " AND (j.state = 'failed' OR j.state = 'cancelled')"
		     " ORDER BY j.updated_at DESC, j.id DESC LIMIT 1",
		     "l", c->id);
	if (!r && rows_next(q)) {
		bool cancelled = !strcmp(rows_text(q, 0), "cancelled");

		text_copy(c->message, sizeof(c->message),
			  cancelled ? "任务已取消" : rows_text(q, 1));
		text_copy(c->hint, sizeof(c->hint), cancelled ? "" : rows_text(q, 2));
	}
	return rows_end(&q, r, e);
}

enum err store_claim_get(struct db *db, int64_t unit, int64_t id, struct claim *out, bool *found,
			 struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, CLAIMS " WHERE c.id = ? AND c.unit_id = ? GROUP BY c.id",
			      "ll", id, unit);

	*found = !r && rows_next(q);
	if (*found)
		read_claim(q, out);
	r = rows_end(&q, r, e);
	return r || !*found ? r : read_why(db, out, e);
}

enum err store_claim_list(struct db *db, int64_t unit, int64_t cursor, int limit, claim_each f,
			  void *arg, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      CLAIMS " WHERE c.id IN (SELECT id FROM claim WHERE unit_id = ?"
				     " AND id < ? ORDER BY id DESC LIMIT ?)"
				     " GROUP BY c.id ORDER BY c.id DESC",
			      "lli", unit, cursor > 0 ? cursor : INT64_MAX, limit);

	while (!r && rows_next(q)) {
		struct claim c;

		read_claim(q, &c);
		if (!(r = read_why(db, &c, e)))
			r = f(arg, &c);
	}
	return rows_end(&q, r, e);
}

enum err store_claim_of(struct db *db, const char *serial, int64_t *id, struct err_info *e)
{
	*id = 0;
	return db_get_int(db, e, id, NULL, "SELECT claim_id FROM claim_piece WHERE serial = ?", "s",
			  serial);
}

enum err store_claim_short(struct db *db, int64_t unit, int64_t *id, struct err_info *e)
{
	*id = 0;
	return db_get_int(db, e, id, NULL,
			  "SELECT c.id FROM claim c JOIN claim_piece p ON p.claim_id = c.id"
			  " LEFT JOIN segment s ON s.serial = p.serial"
			  " LEFT JOIN job j ON j.id = p.job_id"
			  " WHERE c.unit_id = ? AND c.closed_at IS NULL"
			  " AND (s.size < p.size OR (s.id IS NULL AND"
			  " j.state <> 'ready' AND j.state <> 'running'))"
			  " ORDER BY c.id DESC LIMIT 1",
			  "l", unit);
}
