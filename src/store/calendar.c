/* calendar.c - runs of the calendar. */
#include "store/calendar.h"

#include "base/base.h"
#include "store/built_p.h"

/* How far a slot that was begun may lie ahead of the clock and still count. */
enum { TRUST_S = 62 * 86400 };

static const struct term STATES[RUN_STATES] = {
    [RUN_OPEN] = {"open", "办理中"},
    [RUN_DONE] = {"done", "已办"},
    [RUN_FAILED] = {"failed", "未办成"},
    [RUN_IDLE] = {"idle", "不需要"},
};

const char *run_state_word(enum run_state s)
{
	return STATES[s].word;
}

const char *run_state_label(enum run_state s)
{
	return STATES[s].label;
}

bool run_state_parse(const char *text, enum run_state *out)
{
	int i = term_find(STATES, 0, RUN_STATES, text);

	if (i >= 0)
		*out = (enum run_state)i;
	return i >= 0;
}

#define RUN_COLUMNS                                                                                \
	"SELECT id, unit_id, slot_at, until_at, COALESCE(job_id, 0), next_at, created_at,"         \
	" updated_at, attempts, rule, slot, state, kind, reason, hint FROM calendar_run"

static void read_run(struct rows *q, struct calendar_run *out)
{
	*out = (struct calendar_run) {
	    .id = rows_int(q, 0),
	    .unit_id = rows_int(q, 1),
	    .slot_at = rows_int(q, 2),
	    .until = rows_int(q, 3),
	    .job_id = rows_int(q, 4),
	    .next_at = rows_int(q, 5),
	    .created_at = rows_int(q, 6),
	    .updated_at = rows_int(q, 7),
	    .attempts = (int)rows_int(q, 8),
	};
	text_copy(out->rule, sizeof(out->rule), rows_text(q, 9));
	text_copy(out->slot, sizeof(out->slot), rows_text(q, 10));
	run_state_parse(rows_text(q, 11), &out->state);
	text_copy(out->kind, sizeof(out->kind), rows_text(q, 12));
	text_copy(out->reason, sizeof(out->reason), rows_text(q, 13));
	text_copy(out->hint, sizeof(out->hint), rows_text(q, 14));
}

enum err store_run_find(struct db *db, const char *rule, int64_t unit, const char *slot,
			struct calendar_run *out, bool *found, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, RUN_COLUMNS " WHERE rule = ? AND unit_id = ? AND slot = ?",
			      "sls", rule, unit, slot);

	*found = !r && rows_next(q);
	if (*found)
		read_run(q, out);
	return rows_end(&q, r, e);
}

enum err store_run_may_begin(struct db *db, const char *rule, int64_t unit, int64_t slot_at,
			     bool *out, struct err_info *e)
{
	int64_t later = 0;
	bool found;
	enum err r = db_get_int(db, e, &later, &found,
				"SELECT COUNT(*) FROM calendar_run WHERE rule = ? AND unit_id = ?"
				" AND slot_at > ? AND slot_at <= ?",
				"slll", rule, unit, slot_at, slot_at + TRUST_S);

	*out = !r && !later;
	return r;
}

enum err store_run_put(struct db *db, struct calendar_run *run, struct err_info *e)
{
	int64_t now = clock_now();
	enum err r = ERR_OK;

	if (run->id)
		return db_run(
		    db, e, NULL,
		    "UPDATE calendar_run SET state = ?, job_id = NULLIF(?, 0), next_at = ?,"
		    " attempts = ?, kind = ?, reason = ?, hint = ?, updated_at = ?"
		    " WHERE id = ?",
		    "slllsssll", run_state_word(run->state), run->job_id, run->next_at,
		    (int64_t)run->attempts, run->kind, run->reason, run->hint, now, run->id);
	if ((r = db_next_id(db, "calendar_run", &run->id, e)))
		return r;
	run->created_at = run->updated_at = now;
	return db_run(db, e, NULL,
		      "INSERT INTO calendar_run (id, rule, unit_id, slot, slot_at, until_at, state,"
		      " job_id, next_at, attempts, kind, reason, hint, created_at, updated_at)"
		      " VALUES (?, ?, ?, ?, ?, ?, ?, NULLIF(?, 0), ?, ?, ?, ?, ?, ?, ?)",
		      "lslsllsllisssll", run->id, run->rule, run->unit_id, run->slot, run->slot_at,
		      run->until, run_state_word(run->state), run->job_id, run->next_at,
		      run->attempts, run->kind, run->reason, run->hint, now, now);
}

enum err store_run_get(struct db *db, int64_t id, struct calendar_run *out, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, RUN_COLUMNS " WHERE id = ?", "l", id);
	bool found = !r && rows_next(q);

	if (found)
		read_run(q, out);
	r = rows_end(&q, r, e);
	if (!r && !found)
		r = err_fail(e, ERR_INVALID, "run.unknown", "日历", "没有编号为 %lld 的办理记录",
			     (long long)id);
	return r;
}

enum { LIST_RULES = 32 };
_Static_assert(RUN_UNITS + LIST_RULES + 8 <= BUILT_BINDS, "binds of a list of runs");

/* The index begins with the rule: those of a unit are found under each rule there is. */
static void add_units(struct built *q, const struct run_filter *f)
{
	const struct calendar_rule *rule;
	size_t i;

	buf_adds(&q->sql, RUN_COLUMNS " INDEXED BY calendar_run_slot WHERE rule IN (");
	if (f->rule)
		built_word(q, "?", f->rule);
	for (i = 0; !f->rule && i < LIST_RULES && (rule = calendar_rule(i)); i++)
		built_word(q, i ? ", ?" : "?", rule->id);
	buf_adds(&q->sql, ") AND unit_id IN (");
	for (i = 0; i < f->unit_count && i < RUN_UNITS; i++)
		built_int(q, i ? ", ?" : "?", f->units[i]);
	buf_addc(&q->sql, ')');
}

static void add_state(struct built *q, const enum run_state *state)
{
	if (!state)
		buf_adds(&q->sql, " AND state <> 'idle'");
	else if (*state == RUN_FAILED)
		buf_adds(&q->sql, " AND (state = 'failed' OR (state = 'open' AND attempts > 0"
				  " AND job_id IS NULL))");
	else
		built_word(q, " AND state = ?", run_state_word(*state));
}

enum err store_run_list(struct db *db, const struct run_filter *f, int64_t cursor, int limit,
			run_each each, void *arg, struct err_info *e)
{
	struct built l;
	struct rows *q;
	enum err r;

	built_begin(&l);
	if (f->unit_count)
		add_units(&l, f);
	else if (f->rule)
		built_word(&l, RUN_COLUMNS " WHERE rule = ?", f->rule);
	else
		buf_adds(&l.sql, RUN_COLUMNS " WHERE 1 = 1");
	add_state(&l, f->state);
	built_int(&l, " AND id < ?", cursor > 0 ? cursor : INT64_MAX);
	built_int(&l, " ORDER BY id DESC LIMIT ?", limit);
	r = db_query_built(db, &q, e, buf_str(&l.sql), l.binds, l.n);
	buf_free(&l.sql);
	while (!r && rows_next(q)) {
		struct calendar_run run;

		read_run(q, &run);
		r = each(arg, &run);
	}
	return rows_end(&q, r, e);
}

enum err store_run_lapsed(struct db *db, int64_t now, bool *any, struct err_info *e)
{
	int64_t one = 0;

	return db_get_int(db, e, &one, any,
			  "SELECT 1 FROM calendar_run WHERE state = 'open' AND until_at <= ?"
			  " AND job_id IS NULL LIMIT 1",
			  "l", now);
}

enum err store_run_lapse(struct db *db, int64_t now, int *changed, struct err_info *e)
{
	return db_run(db, e, changed,
		      "UPDATE calendar_run SET next_at = 0,"
		      " state = CASE WHEN kind = '' THEN 'failed' ELSE 'done' END, updated_at = ?"
		      " WHERE state = 'open' AND until_at <= ? AND job_id IS NULL",
		      "ll", now, now);
}

#define AHEAD " FROM calendar_run WHERE created_at > ? AND job_id IS NULL"

enum err store_run_ahead(struct db *db, int64_t at, bool *any, struct err_info *e)
{
	int64_t n;

	return db_get_int(db, e, &n, any, "SELECT 1" AHEAD " LIMIT 1", "l", at);
}

enum err store_run_forget(struct db *db, int64_t at, int *changed, struct err_info *e)
{
	return db_run(db, e, changed, "DELETE" AHEAD, "l", at);
}

enum err store_run_prune(struct db *db, int64_t at, int most, int *dropped, struct err_info *e)
{
	return db_run(db, e, dropped,
		      "DELETE FROM calendar_run WHERE id IN (SELECT id FROM calendar_run"
		      " WHERE slot_at < ? ORDER BY slot_at LIMIT ?)",
		      "li", at, most);
}

enum err store_run_tally(struct db *db, int64_t from, int64_t to, run_tally_each f, void *arg,
			 struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT rule, slot, state, COUNT(*), MAX(state = 'open' AND"
			      " attempts > 0) FROM calendar_run WHERE slot_at >= ? AND slot_at < ?"
			      " GROUP BY rule, slot, state",
			      "ll", from, to);

	while (!r && rows_next(q)) {
		struct run_tally t = {.count = rows_int(q, 3), .waits = rows_int(q, 4) != 0};

		text_copy(t.rule, sizeof(t.rule), rows_text(q, 0));
		text_copy(t.slot, sizeof(t.slot), rows_text(q, 1));
		run_state_parse(rows_text(q, 2), &t.state);
		r = f(arg, &t);
	}
	return rows_end(&q, r, e);
}
