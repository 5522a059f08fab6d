/* batch.c - batches of orders: their rows, states and counts. */
#include "store/batch.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/date.h"
#include "base/term.h"
#include "base/text.h"
#include "store/batch_p.h"

/* ---- words ---- */

static const struct term BATCH_WORDS[BATCH_STATES] = {
    [BATCH_CHECKED] = {"checked", "待开票"},     [BATCH_RUNNING] = {"running", "开票中"},
    [BATCH_PAUSED] = {"paused", "已暂停"},       [BATCH_DONE] = {"done", "已完成"},
    [BATCH_CANCELLED] = {"cancelled", "已取消"},
};
static const struct term ORDER_WORDS[ORDER_STATES] = {
    [ORDER_BAD] = {"bad", "有问题"},       [ORDER_READY] = {"ready", "待开"},
    [ORDER_REPEAT] = {"repeat", "已开过"}, [ORDER_TAKEN] = {"taken", "开票中"},
    [ORDER_ISSUED] = {"issued", "成功"},   [ORDER_FAILED] = {"failed", "失败"},
    [ORDER_SKIPPED] = {"skipped", "不开"},
};

const char *batch_state_word(enum batch_state s)
{
	return BATCH_WORDS[s].word;
}

const char *batch_state_label(enum batch_state s)
{
	return BATCH_WORDS[s].label;
}

bool batch_state_parse(const char *s, enum batch_state *out)
{
	int i = term_find(BATCH_WORDS, 0, BATCH_STATES, s);

	if (i >= 0)
		*out = (enum batch_state)i;
	return i >= 0;
}

const char *order_state_word(enum order_state s)
{
	return ORDER_WORDS[s].word;
}

const char *order_state_label(enum order_state s)
{
	return ORDER_WORDS[s].label;
}

bool order_state_parse(const char *s, enum order_state *out)
{
	int i = term_find(ORDER_WORDS, 0, ORDER_STATES, s);

	if (i >= 0)
		*out = (enum order_state)i;
	return i >= 0;
}

/* ---- staging ---- */

enum err store_orders_begin(struct db *db, struct order_batch *b, struct err_info *e)
{
	int64_t now = clock_now(), first = 0;
	enum err r;

	if ((r = db_next_id(db, "order_batch", &b->id, e)) ||
	    (r = db_next_id(db, "batch_order", &first, e)))
		return r;
	b->first_order = first;
	b->state = BATCH_CHECKED;
	b->created_at = b->updated_at = now;
	return db_run(db, e, NULL,
		      "INSERT INTO order_batch (id, unit_id, state, strict, file, sha256,"
		      " first_order, created_by, owner, created_at, updated_at)"
		      " VALUES (?, ?, 'checked', ?, ?, ?, ?, ?, ?, ?, ?)",
		      "llisslllll", b->id, b->unit_id, b->strict ? 1 : 0, b->file, b->sha256, first,
		      b->created_by, b->created_by, now, now);
}

enum err store_orders_end(struct db *db, const struct order_batch *b, struct err_info *e)
{
	int64_t last;
	enum err r = ERR_OK;

	/* The first key was taken at the beginning. */
	if (b->orders > 1)
		r = db_next_ids(db, "batch_order", b->orders - 1, &last, e);
	if (r)
		return r;
	return db_run(
	    db, e, NULL,
	    "UPDATE order_batch SET orders = ?, lines = ?, n_bad = ?, n_ready = ?, n_repeat = ?,"
	    " net = ?, tax = ?, gross = ?, ready_lines = ?, ready_net = ?, ready_tax = ?,"
	    " ready_gross = ?, ready_quota = ?, sha256 = ?, n_failed = ?, state = ?,"
	    " finished_at = NULLIF(?, 0) WHERE id = ?",
	    "lllllllllllllslsll", b->orders, b->lines, b->counts[ORDER_BAD], b->counts[ORDER_READY],
	    b->counts[ORDER_REPEAT], b->net, b->tax, b->gross, b->ready_lines, b->ready_net,
	    b->ready_tax, b->ready_gross, b->ready_quota, b->sha256, b->counts[ORDER_FAILED],
	    batch_state_word(b->counts[ORDER_READY] ? BATCH_CHECKED : BATCH_DONE),
	    b->counts[ORDER_READY] ? (int64_t)0 : clock_now(), b->id);
}

/* ---- reading ---- */

#define COLUMNS                                                                                    \
	"id, unit_id, state, strict, file, sha256, first_order, orders, lines, n_bad, n_ready,"    \
	" n_repeat, n_taken, n_issued, n_failed, n_skipped, net, tax, gross, ready_lines,"         \
	" ready_net, ready_tax, ready_gross, ready_quota, created_by, owner, created_at,"          \
	" updated_at, COALESCE(started_at, 0), COALESCE(finished_at, 0), reason, mend, doubtful"

static void read_batch(struct rows *q, struct order_batch *b)
{
	int i, c = 9;

	*b = (struct order_batch) {.id = rows_int(q, 0),
				   .unit_id = rows_int(q, 1),
				   .strict = rows_int(q, 3) != 0,
				   .first_order = rows_int(q, 6),
				   .orders = rows_int(q, 7),
				   .lines = rows_int(q, 8)};
	batch_state_parse(rows_text(q, 2), &b->state);
	text_copy(b->file, sizeof(b->file), rows_text(q, 4));
	text_copy(b->sha256, sizeof(b->sha256), rows_text(q, 5));
	for (i = 0; i < ORDER_STATES; i++)
		b->counts[i] = rows_int(q, c++);
	int64_t *const rest[] = {&b->net,        &b->tax,        &b->gross,       &b->ready_lines,
				 &b->ready_net,  &b->ready_tax,  &b->ready_gross, &b->ready_quota,
				 &b->created_by, &b->owner,      &b->created_at,  &b->updated_at,
				 &b->started_at, &b->finished_at};
	for (i = 0; i < (int)(sizeof(rest) / sizeof(rest[0])); i++)
		*rest[i] = rows_int(q, c++);
	text_copy(b->reason, sizeof(b->reason), rows_text(q, c++));
	text_copy(b->mend, sizeof(b->mend), rows_text(q, c++));
	b->doubtful = rows_int(q, c) != 0;
}

enum err store_orders_get(struct db *db, int64_t unit, int64_t batch, struct order_batch *out,
			  struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT " COLUMNS " FROM order_batch WHERE id = ? AND (? = 0 OR"
			      " unit_id = ?)",
			      "lll", batch, unit, unit);
	bool found = !r && rows_next(q);

	if (found)
		read_batch(q, out);
	r = rows_end(&q, r, e);
	if (r || found)
		return r;
	err_fail(e, ERR_INVALID, "batch.unknown", "批量开票", "没有编号为 %" PRId64 " 的批次",
		 batch);
	err_hint(e, "用 kaipiao batch list 查看");
	return ERR_INVALID;
}

enum err store_orders_list(struct db *db, int64_t unit, const enum batch_state *state,
			   int64_t cursor, int limit, order_batch_each f, void *arg, int64_t *next,
			   struct err_info *e)
{
	const char *word = state ? batch_state_word(*state) : "";
	int64_t below = cursor > 0 ? cursor : INT64_MAX;
	struct order_batch b = {0};
	struct rows *q;
	int n = 0;
	enum err r;

	*next = 0;
	r = state ? db_query(db, &q, e,
			     "SELECT " COLUMNS " FROM order_batch WHERE unit_id = ? AND state = ?"
			     " AND id < ? ORDER BY id DESC LIMIT ?",
			     "lsli", unit, word, below, limit + 1)
		  : db_query(db, &q, e,
			     "SELECT " COLUMNS " FROM order_batch WHERE unit_id = ? AND id < ?"
			     " ORDER BY id DESC LIMIT ?",
			     "lli", unit, below, limit + 1);
	while (!r && rows_next(q)) {
		if (n++ == limit) {
			*next = b.id;
			break;
		}
		read_batch(q, &b);
		r = f(arg, &b);
	}
	return rows_end(&q, r, e);
}

enum err store_orders_total(struct db *db, int64_t unit, const enum batch_state *state,
			    int64_t *out, struct err_info *e)
{
	bool found;

	return state ? db_get_int(db, e, out, &found,
				  "SELECT COUNT(*) FROM order_batch WHERE unit_id = ? AND"
				  " state = ?",
				  "ls", unit, batch_state_word(*state))
		     : db_get_int(db, e, out, &found,
				  "SELECT COUNT(*) FROM order_batch WHERE unit_id = ?", "l", unit);
}

enum err store_orders_same(struct db *db, int64_t unit, const char *sha256, int64_t *out,
			   struct err_info *e)
{
	bool found;

	*out = 0;
	return db_get_int(db, e, out, &found,
			  "SELECT COALESCE(MAX(id), 0) FROM order_batch WHERE unit_id = ? AND"
			  " sha256 = ?",
			  "ls", unit, sha256);
}

enum err store_orders_running(struct db *db, int64_t *ids, size_t n, size_t *count,
			      struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id FROM order_batch WHERE state = 'running'"
			      " ORDER BY served, id LIMIT ?",
			      "l", (int64_t)n);

	*count = 0;
	while (!r && rows_next(q))
		ids[(*count)++] = rows_int(q, 0);
	return rows_end(&q, r, e);
}

/* ---- changing ---- */

static enum err wrong_state(const struct order_batch *b, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "batch.state", "批量开票", "批次 %" PRId64 " 的状态是%s", b->id,
		 batch_state_label(b->state));
	err_hint(e, "用 kaipiao batch show %" PRId64 " 查看", b->id);
	return ERR_INVALID;
}

enum err store_orders_set(struct db *db, int64_t batch, unsigned from, enum batch_state to,
			  int64_t owner, const char *reason, const char *mend, struct err_info *e)
{
	struct order_batch b;
	int64_t now = clock_now();
	enum err r = store_orders_get(db, 0, batch, &b, e);

	if (r)
		return r;
	if (!(from >> b.state & 1))
		return wrong_state(&b, e);
	return db_run(db, e, NULL,
		      "UPDATE order_batch SET state = ?, owner = CASE WHEN ? = 0 THEN owner ELSE ?"
		      " END, reason = ?, mend = ?, updated_at = ?,"
		      " started_at = CASE WHEN ? = 1 THEN COALESCE(started_at, ?) ELSE started_at"
		      " END, finished_at = NULLIF(?, 0) WHERE id = ?",
		      "sllsslilll", batch_state_word(to), owner, owner, reason, mend, now,
		      to == BATCH_RUNNING ? 1 : 0, now,
		      to == BATCH_DONE || to == BATCH_CANCELLED ? now : (int64_t)0, batch);
}

enum err store_orders_set_strict(struct db *db, int64_t batch, bool strict, struct err_info *e)
{
	struct order_batch b;
	enum err r = store_orders_get(db, 0, batch, &b, e);

	if (r)
		return r;
	if (b.state != BATCH_CHECKED && b.state != BATCH_PAUSED)
		return wrong_state(&b, e);
	return db_run(db, e, NULL, "UPDATE order_batch SET strict = ?, updated_at = ? WHERE id = ?",
		      "lll", (int64_t)strict, clock_now(), batch);
}

enum err store_orders_before(struct db *db, const struct order_batch *b, int64_t *out,
			     struct err_info *e)
{
	bool found;

	*out = 0;
	return db_get_int(
	    db, e, out, &found,
	    "SELECT COALESCE(MAX(id), 0) FROM order_batch WHERE unit_id = ? AND"
	    " sha256 = ? AND id <> ? AND (state = 'running' OR n_issued + n_taken > 0)",
	    "lsl", b->unit_id, b->sha256, b->id);
}

enum err store_orders_nameless(struct db *db, int64_t batch, bool *out, struct err_info *e)
{
	int64_t n = 0;

	return db_get_int(db, e, &n, out,
			  "SELECT 1 FROM batch_order WHERE batch_id = ? AND state = 'ready' AND"
			  " order_no = '' LIMIT 1",
			  "l", batch);
}

enum err store_orders_doubt_all(struct db *db, const char *reason, const char *mend,
				struct err_info *e)
{
	return db_run(db, e, NULL,
		      "UPDATE order_batch SET doubtful = 1, reason = ?, mend = ?,"
		      " state = CASE WHEN state = 'running' THEN 'paused' ELSE state END"
		      " WHERE state = 'running' OR state = 'paused' OR state = 'checked'",
		      "ss", reason, mend);
}

enum err store_orders_vouch(struct db *db, int64_t batch, struct err_info *e)
{
	return db_run(db, e, NULL, "UPDATE order_batch SET doubtful = 0 WHERE id = ?", "l", batch);
}

enum err store_orders_served(struct db *db, int64_t batch, struct err_info *e)
{
	int64_t turn;
	enum err r = db_next_id(db, "batch_turn", &turn, e);

	return r ? r
		 : db_run(db, e, NULL, "UPDATE order_batch SET served = ? WHERE id = ?", "ll", turn,
			  batch);
}

/* What is running or paused is done when nothing is left to do; what waits to be started, too,
 * unless a person has left the last ones out and may take them in again. */
#define AT_REST                                                                                    \
	"(state = 'running' OR state = 'paused' OR (state = 'checked' AND ? = 0)) AND"             \
	" n_ready + ? = 0 AND n_taken + ? = 0"
enum err batch_count_move(struct db *db, const struct order_move *m, struct err_info *e)
{
	int64_t now = clock_now(), d[ORDER_STATES] = {0};
	int64_t left_out = m->to == ORDER_SKIPPED || m->from == m->to;
	int ready = (m->to == ORDER_READY) - (m->from == ORDER_READY);
	/* What is left out counts in no sum. */
	int64_t was = m->from != ORDER_SKIPPED, is = m->to != ORDER_SKIPPED;

	d[m->from]--;
	d[m->to]++;
	return db_run(
	    db, e, NULL,
	    "UPDATE order_batch SET n_bad = n_bad + ?, n_ready = n_ready + ?,"
	    " n_repeat = n_repeat + ?, n_taken = n_taken + ?, n_issued = n_issued + ?,"
	    " n_failed = n_failed + ?, n_skipped = n_skipped + ?,"
	    " ready_lines = ready_lines + ?, ready_net = ready_net + ?, ready_tax = ready_tax + ?,"
	    " ready_gross = ready_gross + ?, ready_quota = ready_quota + ?, updated_at = ?,"
	    " lines = lines + ?, net = net + ?, tax = tax + ?, gross = gross + ?,"
	    " finished_at = CASE WHEN " AT_REST " THEN ? ELSE finished_at END,"
	    " reason = CASE WHEN " AT_REST " THEN '' ELSE reason END,"
	    " state = CASE WHEN " AT_REST " THEN 'done' ELSE state END WHERE id = ?",
	    "llllllllllllllllllllllllllll", d[ORDER_BAD], d[ORDER_READY], d[ORDER_REPEAT],
	    d[ORDER_TAKEN], d[ORDER_ISSUED], d[ORDER_FAILED], d[ORDER_SKIPPED], ready * m->lines,
	    ready * m->net, ready * m->tax, ready * m->gross, ready * m->quota, now, m->more_lines,
	    is * (m->net + m->more_net) - was * m->net, is * (m->tax + m->more_tax) - was * m->tax,
	    is * (m->gross + m->more_gross) - was * m->gross, left_out, d[ORDER_READY],
	    d[ORDER_TAKEN], now, left_out, d[ORDER_READY], d[ORDER_TAKEN], left_out, d[ORDER_READY],
	    d[ORDER_TAKEN], m->batch);
}
