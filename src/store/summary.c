/* summary.c - rows of 汇总确认. */
#include "store/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "store/jobs.h"
#include "store/settings.h"

static const struct term STATES[SUMMARY_STATES] = {
    [SUMMARY_OPEN] = {"open", "待确认"},           [SUMMARY_CONFIRMING] = {"confirming", "确认中"},
    [SUMMARY_CONFIRMED] = {"confirmed", "已确认"}, [SUMMARY_CANCELLING] = {"cancelling", "取消中"},
    [SUMMARY_CANCELLED] = {"cancelled", "已取消"}, [SUMMARY_AUTO] = {"auto", "已自动确认"},
    [SUMMARY_FAILED] = {"failed", "确认失败"},
};

const char *summary_state_word(enum summary_state s)
{
	return STATES[s].word;
}

const char *summary_state_label(enum summary_state s)
{
	return STATES[s].label;
}

bool summary_state_parse(const char *text, enum summary_state *out)
{
	int i = term_find(STATES, 0, SUMMARY_STATES, text);

	if (i >= 0)
		*out = (enum summary_state)i;
	return i >= 0;
}

bool summary_state_locks(enum summary_state s)
{
	return s == SUMMARY_CONFIRMING || s == SUMMARY_CANCELLING || summary_state_final(s);
}

bool summary_state_final(enum summary_state s)
{
	return s == SUMMARY_CONFIRMED || s == SUMMARY_AUTO;
}

/* ---- rows ---- */

#define SUMMARY_SELECT                                                                             \
	"SELECT id, unit_id, month, identity, state, doubt, forced, tries, blue_count, blue_net,"  \
	" blue_tax, red_count, red_net, red_tax, sent_at, their_blue_count, their_blue_net,"       \
	" their_blue_tax, their_red_count, their_red_net, their_red_tax, theirs_at, message,"      \
	" recon_id, made_by, made_at, ended_at, updated_at FROM summary"

static struct summary_figures read_figures(struct rows *q, int at)
{
	return (struct summary_figures) {rows_int(q, at),     rows_int(q, at + 1),
					 rows_int(q, at + 2), rows_int(q, at + 3),
					 rows_int(q, at + 4), rows_int(q, at + 5)};
}

static void read_summary(struct rows *q, struct summary *s)
{
	*s = (struct summary) {
	    .id = rows_int(q, 0),
	    .unit_id = rows_int(q, 1),
	    .direct = !strcmp(rows_text(q, 3), "direct"),
	    .doubt = rows_int(q, 5) != 0,
	    .forced = rows_int(q, 6) != 0,
	    .tries = (int)rows_int(q, 7),
	    .ours = read_figures(q, 8),
	    .sent_at = rows_int(q, 14),
	    .theirs = read_figures(q, 15),
	    .theirs_at = rows_int(q, 21),
	    .recon_id = rows_int(q, 23),
	    .made_by = rows_int(q, 24),
	    .made_at = rows_int(q, 25),
	    .ended_at = rows_int(q, 26),
	    .updated_at = rows_int(q, 27),
	};
	text_copy(s->month, sizeof(s->month), rows_text(q, 2));
	summary_state_parse(rows_text(q, 4), &s->state);
	text_copy(s->message, sizeof(s->message), rows_text(q, 22));
}

enum err store_summary_find(struct db *db, int64_t unit, const char *month, struct summary *out,
			    bool *found, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, SUMMARY_SELECT " WHERE unit_id = ? AND month = ?", "ls",
			      unit, month);

	*found = !r && rows_next(q);
	if (*found)
		read_summary(q, out);
	return rows_end(&q, r, e);
}

enum err store_summary_get(struct db *db, int64_t id, struct summary *out, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, SUMMARY_SELECT " WHERE id = ?", "l", id);
	bool found = !r && rows_next(q);

	if (found)
		read_summary(q, out);
	r = rows_end(&q, r, e);
	return r || found ? r
			  : err_fail(e, ERR_INVALID, "summary.unknown", "汇总确认",
				     "没有编号为 %lld 的记录", (long long)id);
}

enum err store_summary_add(struct db *db, struct summary *s, bool *added, struct err_info *e)
{
	int64_t id, now = clock_now();
	bool found = false;
	int changes = 0;
	enum err r = db_next_id(db, "summary", &id, e);

	*added = false;
	if (r || (r = db_run(db, e, &changes,
			     "INSERT INTO summary (id, unit_id, month, identity, state, made_by,"
			     " made_at, updated_at) VALUES (?, ?, ?, ?, 'open', ?, ?, ?)"
			     " ON CONFLICT DO NOTHING",
			     "llsslll", id, s->unit_id, s->month, s->direct ? "direct" : "using",
			     s->made_by, now, now)))
		return r;
	*added = changes > 0;
	return store_summary_find(db, s->unit_id, s->month, s, &found, e);
}

enum err store_summary_put(struct db *db, struct summary *s, struct err_info *e)
{
	const struct summary_figures *o = &s->ours, *t = &s->theirs;

	s->updated_at = clock_now();
	return db_run(db, e, NULL,
		      "UPDATE summary SET state = ?, doubt = ?, forced = ?, tries = ?,"
		      " blue_count = ?, blue_net = ?, blue_tax = ?, red_count = ?, red_net = ?,"
		      " red_tax = ?, sent_at = ?, their_blue_count = ?, their_blue_net = ?,"
		      " their_blue_tax = ?, their_red_count = ?, their_red_net = ?,"
		      " their_red_tax = ?, theirs_at = ?, message = ?, recon_id = ?, ended_at = ?,"
		      " updated_at = ? WHERE id = ?",
		      "siii"
		      "lllllll"
		      "lllllll"
		      "sllll",
		      summary_state_word(s->state), (int)s->doubt, (int)s->forced, s->tries,
		      o->blue_count, o->blue_net, o->blue_tax, o->red_count, o->red_net, o->red_tax,
		      s->sent_at, t->blue_count, t->blue_net, t->blue_tax, t->red_count, t->red_net,
		      t->red_tax, s->theirs_at, s->message, s->recon_id, s->ended_at, s->updated_at,
		      s->id);
}

/* ---- on its way ---- */

static enum err add_job(struct db *db, const struct summary *s, const char *kind, int64_t user,
			int64_t *job, struct err_info *e)
{
	struct job j = {.unit_id = s->unit_id,
			.subject_id = s->id,
			.due_ms = clock_now_ms(),
			.created_by = user};
	enum err r;

	text_copy(j.kind, sizeof(j.kind), kind);
	r = store_job_add(db, &j, e);
	*job = j.id;
	return r;
}

enum err store_summary_begin(struct db *db, struct summary *s, bool cancel, bool forced,
			     int64_t user, int64_t *job, struct err_info *e)
{
	struct audit_entry audit = {.user_id = user,
				    .unit_id = s->unit_id,
				    .action = cancel ? JOB_SUMMARY_CANCEL : JOB_SUMMARY_CONFIRM,
				    .subject = s->month,
				    .before = summary_state_word(s->state),
				    .after = user ? (forced ? "forced" : "") : "auto"};
	enum err r;

	s->state = cancel ? SUMMARY_CANCELLING : SUMMARY_CONFIRMING;
	s->doubt = false;
	s->forced = forced;
	s->tries = 0;
	*s->message = 0;
	if ((r = store_summary_put(db, s, e)) ||
	    (r = add_job(db, s, cancel ? JOB_SUMMARY_CANCEL : JOB_SUMMARY_CONFIRM, user, job, e)))
		return r;
	return store_audit_add(db, &audit, e);
}

enum err store_summary_look(struct db *db, const struct summary *s, int64_t user, int64_t *job,
			    struct err_info *e)
{
	enum err r = store_job_open(db, JOB_SUMMARY_LOOK, s->unit_id, s->id, job, e);

	return r || *job ? r : add_job(db, s, JOB_SUMMARY_LOOK, user, job, e);
}

static int64_t month_cursor(const char *month)
{
	int year = 0, m = 0;

	month_parse(month, &year, &m);
	return year * 100 + m;
}

enum err store_summary_list(struct db *db, int64_t unit, const enum summary_state *state,
			    int64_t cursor, int limit, summary_each f, void *arg, int64_t *next,
			    int64_t *total, struct err_info *e)
{
	const char *word = state ? summary_state_word(*state) : "";
	char before[24] = "9999-99";
	struct summary s;
	struct rows *q;
	int seen = 0;
	enum err r;

	if (cursor > 0 && cursor < 1000000)
		snprintf(before, sizeof(before), "%04lld-%02lld", (long long)(cursor / 100),
			 (long long)(cursor % 100));
	r = db_query(db, &q, e,
		     SUMMARY_SELECT " WHERE unit_id = ? AND month < ? AND (? = '' OR state = ?)"
				    " ORDER BY month DESC LIMIT ?",
		     "lsssi", unit, before, word, word, limit + 1);
	*next = 0;
	while (!r && rows_next(q)) {
		if (seen++ == limit) {
			*next = month_cursor(s.month);
			break;
		}
		read_summary(q, &s);
		r = f(arg, &s);
	}
	if ((r = rows_end(&q, r, e)))
		return r;
	return db_get_int(
	    db, e, total, NULL,
	    "SELECT COUNT(*) FROM summary WHERE unit_id = ? AND (? = '' OR state = ?)", "lss", unit,
	    word, word);
}

static enum err give(struct rows *q, enum err r, summary_each f, void *arg, struct err_info *e)
{
	while (!r && rows_next(q)) {
		struct summary s;

		read_summary(q, &s);
		r = f(arg, &s);
	}
	return rows_end(&q, r, e);
}

enum err store_summary_moving(struct db *db, summary_each f, void *arg, struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e,
		     SUMMARY_SELECT " WHERE (state = 'confirming' OR state = 'cancelling')"
				    " AND NOT EXISTS (SELECT 1 FROM job WHERE kind ="
				    " CASE summary.state WHEN 'cancelling' THEN ? ELSE ? END"
				    " AND unit_id = summary.unit_id AND subject_id = summary.id"
				    " AND state IN ('ready', 'running')) ORDER BY id LIMIT ?",
		     "ssi", JOB_SUMMARY_CANCEL, JOB_SUMMARY_CONFIRM, (int)SUMMARY_MANY);

	return give(q, r, f, arg, e);
}

enum err store_summary_summed(struct db *db, const char *month, int64_t after, summary_each f,
			      void *arg, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      SUMMARY_SELECT
			      " WHERE state = 'auto' AND month >= ? AND id > ? ORDER BY id LIMIT ?",
			      "sli", month, after, (int)SUMMARY_MANY);

	return give(q, r, f, arg, e);
}

/* ---- after a restore ---- */

static void say_restored(char *out, size_t size, const char *doing)
{
	snprintf(out, size,
		 "主目录是从备份恢复的，备份时正在%s；备份以后办过什么，本机不知道。"
		 "请先在税局核对这个月是否已确认，再确认或取消",
		 doing);
}

enum err store_summary_restored(struct db *db, struct err_info *e)
{
	char confirming[400], cancelling[400];
	enum err r;

	say_restored(confirming, sizeof(confirming), "确认");
	say_restored(cancelling, sizeof(cancelling), "取消确认");
	r = db_run(db, e, NULL,
		   "UPDATE job SET state = 'cancelled', updated_at = ? WHERE kind IN (?, ?, ?)"
		   " AND (state = 'ready' OR state = 'running')",
		   "lsss", clock_now(), JOB_SUMMARY_CONFIRM, JOB_SUMMARY_CANCEL, JOB_SUMMARY_LOOK);
	return r ? r
		 : db_run(db, e, NULL,
			  "UPDATE summary SET message = CASE WHEN state = 'confirming' THEN ?"
			  " ELSE ? END, state = 'failed', doubt = 0, updated_at = ?"
			  " WHERE state = 'confirming' OR state = 'cancelling'",
			  "ssl", confirming, cancelling, clock_now());
}

enum err store_summary_unfinished(struct db *db, int64_t unit, const char *month, summary_each f,
				  void *arg, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      SUMMARY_SELECT " WHERE unit_id = ? AND month < ?"
					     " AND state IN ('open', 'cancelled', 'failed')"
					     " ORDER BY month LIMIT ?",
			      "lsi", unit, month, (int)SUMMARY_MANY);

	return give(q, r, f, arg, e);
}

enum err store_summary_left(struct db *db, int64_t unit, const char *month, int64_t now,
			    summary_each f, void *arg, struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e,
		     SUMMARY_SELECT " WHERE unit_id = ? AND month < ?"
				    " AND state IN ('open', 'cancelled', 'failed')"
				    " AND NOT EXISTS (SELECT 1 FROM job WHERE kind = ?"
				    " AND unit_id = summary.unit_id AND subject_id = summary.id"
				    " AND (state IN ('ready', 'running') OR updated_at"
				    " BETWEEN ? AND ?)) ORDER BY month LIMIT ?",
		     "lssl"
		     "li",
		     unit, month, JOB_SUMMARY_LOOK, now - SUMMARY_REST_S, now, (int)SUMMARY_MANY);

	return give(q, r, f, arg, e);
}

/* ---- what a unit begins with ---- */

enum err store_summary_first(struct db *db, int64_t unit, char out[MONTH_TEXT], struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT issued_at FROM invoice WHERE unit_id = ? AND state = 'issued'"
			      " AND issued_at <> '' ORDER BY issued_at LIMIT 1",
			      "l", unit);

	*out = 0;
	if (!r && rows_next(q))
		snprintf(out, MONTH_TEXT, "%.7s", rows_text(q, 0));
	return rows_end(&q, r, e);
}

enum err store_summary_since(struct db *db, const struct unit *u, char out[MONTH_TEXT],
			     struct err_info *e)
{
	char first[MONTH_TEXT];
	enum err r = store_summary_first(db, u->id, first, e);

	month_text(u->granted_at ? u->granted_at : u->created_at, out);
	if (!r && *first && strcmp(first, out) < 0)
		text_copy(out, MONTH_TEXT, first);
	return r;
}

/* ---- the switch ---- */

static const char *auto_key(const struct unit *u, char out[96])
{
	snprintf(out, 96, "%.40s@%s.on", u->tax_no, unit_env_word(u->env));
	return out;
}

enum err store_summary_auto(struct db *db, const struct unit *u, bool *on, struct err_info *e)
{
	char key[96], value[16];
	enum err r =
	    store_setting_get(db, "summary", auto_key(u, key), "1", value, sizeof(value), e);

	*on = strcmp(value, "0") != 0;
	return r;
}

enum err store_summary_set_auto(struct db *db, const struct unit *u, bool on, struct err_info *e)
{
	char key[96];

	return store_setting_set(db, "summary", auto_key(u, key), on ? "1" : "0", e);
}
