/* jobs.c - intents of the engine. */
#include "store/jobs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "store/built_p.h"

static const struct {
	const char *word, *label;
} states[] = {
    [JOB_READY] = {"ready", "待处理"},
    [JOB_RUNNING] = {"running", "处理中"},
    [JOB_DONE] = {"done", "成功"},
    [JOB_FAILED] = {"failed", "失败"},
    [JOB_CANCELLED] = {"cancelled", "已取消"},
};
enum { STATES = sizeof(states) / sizeof(states[0]) };

const char *job_state_word(enum job_state s)
{
	return states[s].word;
}

const char *job_state_label(enum job_state s)
{
	return states[s].label;
}

static enum job_state parse_state(const char *word)
{
	int s = 0;
	while (s < STATES - 1 && strcmp(states[s].word, word) != 0)
		s++;
	return (enum job_state)s;
}

enum job_lane job_lane_of(const char *kind)
{
	return strncmp(kind, "post.", 5) == 0 ? LANE_POST : LANE_TAX;
}

void job_free(struct job *j)
{
	free(j->payload);
	free(j->result);
	*j = (struct job) {0};
}

enum err store_job_add(struct db *db, struct job *j, struct err_info *e)
{
	int64_t id = 0, now = clock_now();
	enum err r = db_next_id(db, "job", &id, e);
	if (r)
		return r;
	r = db_run(db, e, NULL,
		   "INSERT INTO job (id, kind, unit_id, subject_id, state, group_key,"
		   " request_key, payload, due_ms,"
		   " created_by, created_at, updated_at, lane) VALUES (?, ?, NULLIF(?, 0),"
		   " NULLIF(?, 0), 'ready', ?, ?, ?, ?, NULLIF(?, 0), ?, ?, ?)",
		   "lsllsSslllli", id, j->kind, j->unit_id, j->subject_id, j->group_key,
		   j->request_key, j->payload ? j->payload : "", j->due_ms, j->created_by, now, now,
		   (int)job_lane_of(j->kind));
	if (!r)
		j->id = id;
	return r;
}

#define JOB_COLUMNS                                                                                \
	"SELECT id, COALESCE(unit_id, 0), COALESCE(subject_id, 0), due_ms,"                        \
	" COALESCE(created_by, 0),"                                                                \
	" created_at, updated_at, kind, group_key, COALESCE(request_key, ''), state,"              \
	" attempts, error_class,"                                                                  \
	" error_code, error_text, payload, result, error_hint FROM job"

static void read_job(struct rows *q, struct job *j)
{
	*j = (struct job) {
	    .id = rows_int(q, 0),
	    .unit_id = rows_int(q, 1),
	    .subject_id = rows_int(q, 2),
	    .due_ms = rows_int(q, 3),
	    .created_by = rows_int(q, 4),
	    .created_at = rows_int(q, 5),
	    .updated_at = rows_int(q, 6),
	    .state = parse_state(rows_text(q, 10)),
	    .attempts = (int)rows_int(q, 11),
	    .error_class = (enum err)rows_int(q, 12),
	    .payload = mem_strdup(rows_text(q, 15)),
	    .result = mem_strdup(rows_text(q, 16)),
	};
	text_copy(j->kind, sizeof(j->kind), rows_text(q, 7));
	text_copy(j->group_key, sizeof(j->group_key), rows_text(q, 8));
	text_copy(j->request_key, sizeof(j->request_key), rows_text(q, 9));
	text_copy(j->error_code, sizeof(j->error_code), rows_text(q, 13));
	text_copy(j->error_text, sizeof(j->error_text), rows_text(q, 14));
	text_copy(j->error_hint, sizeof(j->error_hint), rows_text(q, 17));
}

enum err store_job_get(struct db *db, int64_t id, struct job *out, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, JOB_COLUMNS " WHERE id = ?", "l", id);
	bool found = !r && rows_next(q);
	if (found)
		read_job(q, out);
	r = rows_end(&q, r, e);
	if (!r && !found)
		r = err_fail(e, ERR_INVALID, "job.unknown", "任务", "没有编号为 %" PRId64 " 的任务",
			     id);
	return r;
}

enum err store_job_due(struct db *db, enum job_lane lane, int64_t now_ms, struct job *out,
		       bool *found, int64_t *next_due, struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e,
		     JOB_COLUMNS " WHERE state = 'ready' AND lane = ? ORDER BY due_ms, id LIMIT 1",
		     "i", (int)lane);
	*found = false;
	*next_due = 0;
	if (!r && rows_next(q)) {
		int64_t due = rows_int(q, 3);
		if (due <= now_ms) {
			*found = true;
			read_job(q, out);
		} else {
			*next_due = due;
		}
	}
	return rows_end(&q, r, e);
}

enum err store_job_group(struct db *db, const char *kind, int64_t unit, const char *group,
			 int64_t now_ms, int64_t *ids, int64_t *subjects, size_t n, size_t *count,
			 struct err_info *e)
{
	struct rows *q;
	size_t have = 0;
	enum err r = db_query(
	    db, &q, e,
	    "SELECT id, COALESCE(subject_id, 0) FROM job WHERE state = 'ready' AND kind = ?"
	    " AND unit_id = ? AND group_key = ? AND due_ms <= ? ORDER BY due_ms, id LIMIT ?",
	    "slsll", kind, unit, group, now_ms, (int64_t)n);
	for (; !r && have < n && rows_next(q); have++) {
		ids[have] = rows_int(q, 0);
		subjects[have] = rows_int(q, 1);
	}
	r = rows_end(&q, r, e);
	if (!r)
		*count = have;
	return r;
}

/* A change of state that must find its job. */
static enum err moved(enum err r, int changes, int64_t id, const char *to, struct err_info *e)
{
	if (!r && changes != 1)
		r = err_fail(e, ERR_INTERNAL, "job.state", "任务", "任务 %" PRId64 " 不能变为 %s",
			     id, to);
	return r;
}

enum err store_job_running(struct db *db, int64_t id, struct err_info *e)
{
	int n = 0;
	enum err r =
	    db_run(db, e, &n,
		   "UPDATE job SET state = 'running', attempts = attempts + 1, updated_at = ?"
		   " WHERE id = ? AND state = 'ready'",
		   "ll", clock_now(), id);
	return moved(r, n, id, "running", e);
}

enum err store_job_done(struct db *db, int64_t id, const char *result, struct err_info *e)
{
	int n = 0;
	enum err r =
	    db_run(db, e, &n,
		   "UPDATE job SET state = 'done', result = ?, error_class = 0, error_code = '',"
		   " error_text = '', error_hint = '', updated_at = ?"
		   " WHERE id = ? AND state IN ('ready', 'running')",
		   "sll", result ? result : "", clock_now(), id);
	return moved(r, n, id, "done", e);
}

/* The sentence without its mend, which has a column of its own. */
static const char *what_and_why(const struct err_info *why, char *out, size_t size)
{
	struct err_info bare = *why;

	bare.hint[0] = 0;
	return err_sentence(&bare, out, size);
}

static enum err end_with(struct db *db, int64_t id, enum job_state to, const struct err_info *why,
			 struct err_info *e)
{
	int n = 0;
	char text[900];
	enum err r =
	    db_run(db, e, &n,
		   "UPDATE job SET state = ?, error_class = ?, error_code = ?, error_text = ?,"
		   " error_hint = ?, updated_at = ? WHERE id = ? AND state IN ('ready', 'running')",
		   "sisssll", states[to].word, (int)why->class, why->code,
		   what_and_why(why, text, sizeof(text)), why->hint, clock_now(), id);
	return moved(r, n, id, states[to].word, e);
}

enum err store_job_fail(struct db *db, int64_t id, const struct err_info *why, struct err_info *e)
{
	return end_with(db, id, JOB_FAILED, why, e);
}

enum err store_job_stop(struct db *db, int64_t id, const struct err_info *why, struct err_info *e)
{
	return end_with(db, id, JOB_CANCELLED, why, e);
}

enum err store_job_vain(struct db *db, int64_t id, const struct err_info *why, struct err_info *e)
{
	return end_with(db, id, JOB_DONE, why, e);
}

enum err store_job_again(struct db *db, int64_t id, int64_t due_ms, const char *group,
			 const struct err_info *why, struct err_info *e)
{
	int n = 0;
	char text[900] = "";
	if (why)
		what_and_why(why, text, sizeof(text));
	enum err r = db_run(
	    db, e, &n,
	    "UPDATE job SET state = 'ready', due_ms = ?, group_key = COALESCE(?, group_key),"
	    " error_class = ?, error_code = ?, error_text = ?, error_hint = ?, updated_at = ?"
	    " WHERE id = ? AND state IN ('ready', 'running')",
	    "lsisssll", due_ms, group, why ? (int)why->class : 0, why ? why->code : "", text,
	    why ? why->hint : "", clock_now(), id);
	return moved(r, n, id, "ready", e);
}

enum err store_job_step(struct db *db, int64_t id, int64_t due_ms, const char *result,
			const struct err_info *why, struct err_info *e)
{
	enum err r =
	    db_run(db, e, NULL, "UPDATE job SET result = ? WHERE id = ?", "sl", result, id);

	return r ? r : store_job_again(db, id, due_ms, NULL, why, e);
}

enum err store_job_cancel(struct db *db, int64_t id, struct err_info *e)
{
	int n = 0;
	enum err r = db_run(
	    db, e, &n,
	    "UPDATE job SET state = 'cancelled', updated_at = ? WHERE id = ? AND state = 'ready'",
	    "ll", clock_now(), id);
	if (r || n == 1)
		return r;
	struct job j;
	r = store_job_get(db, id, &j, e);
	if (r)
		return r;
	err_fail(e, ERR_INVALID, "job.state", "任务",
		 "任务 %" PRId64 " 的状态是%s，只有待处理的可以取消", id, job_state_label(j.state));
	job_free(&j);
	return ERR_INVALID;
}

enum err store_job_open(struct db *db, const char *kind, int64_t unit, int64_t subject, int64_t *id,
			struct err_info *e)
{
	*id = 0;
	if (subject != 0)
		return db_get_int(
		    db, e, id, NULL,
		    "SELECT id FROM job WHERE state IN ('ready', 'running') AND kind = ?"
		    " AND unit_id = ? AND subject_id = ? LIMIT 1",
		    "sll", kind, unit, subject);
	return db_get_int(db, e, id, NULL,
			  "SELECT id FROM job WHERE state IN ('ready', 'running') AND kind = ? AND"
			  " unit_id = ? LIMIT 1",
			  "sl", kind, unit);
}

enum err store_job_ahead(struct db *db, const char *kind, int64_t unit, const char *payload,
			 int64_t *id, struct err_info *e)
{
	*id = 0;
	return db_get_int(db, e, id, NULL,
			  "SELECT id FROM job WHERE state = 'ready' AND result = '' AND kind = ?"
			  " AND unit_id = ? AND payload = ? LIMIT 1",
			  "sls", kind, unit, payload);
}

static enum err give_jobs(struct rows **q, enum err r, job_each f, void *arg, struct err_info *e)
{
	while (!r && rows_next(*q)) {
		struct job j;
		read_job(*q, &j);
		r = f(arg, &j);
		job_free(&j);
	}
	return rows_end(q, r, e);
}

enum err store_job_list_running(struct db *db, job_each f, void *arg, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, JOB_COLUMNS " WHERE state = 'running' ORDER BY id", "");
	return give_jobs(&q, r, f, arg, e);
}

/* ---- lists ---- */

_Static_assert(4 * STATES * JOB_UNITS + 1 <= BUILT_BINDS, "binds of a list of jobs");

/* Each unit and state in the order of the index job_unit; SQLite merges them. */
static void add_units(struct built *q, const struct job_filter *f, int64_t below)
{
	for (size_t i = 0; i < f->unit_count && i < JOB_UNITS; i++)
		for (int state = 0; state < STATES; state++) {
			if (f->state && state != (int)*f->state)
				continue;
			buf_adds(&q->sql, q->n ? " UNION ALL " JOB_COLUMNS : JOB_COLUMNS);
			built_int(q, " INDEXED BY job_unit WHERE unit_id = ?", f->units[i]);
			built_word(q, " AND state = ?", job_state_word((enum job_state)state));
			built_int(q, " AND id < ?", below);
			if (f->kind)
				built_word(q, " AND kind = ?", f->kind);
		}
}

/* By job_kind_state, job_kind, job_state or the key. */
static void add_any(struct built *q, const struct job_filter *f, int64_t below)
{
	buf_adds(&q->sql, JOB_COLUMNS);
	built_int(q, " WHERE id < ?", below);
	if (f->kind)
		built_word(q, " AND kind = ?", f->kind);
	if (f->state)
		built_word(q, " AND state = ?", job_state_word(*f->state));
}

enum err store_job_list(struct db *db, const struct job_filter *f, int64_t cursor, int limit,
			job_each each, void *arg, struct err_info *e)
{
	int64_t below = cursor > 0 ? cursor : INT64_MAX;
	struct built l;
	struct rows *q;
	enum err r;

	built_begin(&l);
	if (f->unit_count)
		add_units(&l, f, below);
	else
		add_any(&l, f, below);
	built_int(&l, " ORDER BY id DESC LIMIT ?", limit);
	r = db_query_built(db, &q, e, buf_str(&l.sql), l.binds, l.n);
	buf_free(&l.sql);
	return give_jobs(&q, r, each, arg, e);
}

enum err store_job_count(struct db *db, enum job_state state, int64_t *out, struct err_info *e)
{
	return db_get_int(db, e, out, NULL, "SELECT COUNT(*) FROM job WHERE state = ?", "s",
			  job_state_word(state));
}
