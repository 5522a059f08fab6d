/* recon.c - 对账: abilities, applications, runs, the lists of the tax side. */
#include "store/recon.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "tax/summary.h"

/* ---- abilities ---- */

enum err store_ability_get(struct db *db, int64_t unit, const char *ability,
			   enum ability_state *out, bool *by_person, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT has, by_person FROM unit_ability WHERE unit_id = ?"
			      " AND ability = ?",
			      "ls", unit, ability);

	*out = ABILITY_UNTOLD;
	*by_person = false;
	if (!r && rows_next(q)) {
		*out = rows_int(q, 0) ? ABILITY_YES : ABILITY_NO;
		*by_person = rows_int(q, 1) != 0;
	}
	return rows_end(&q, r, e);
}

enum err store_ability_set(struct db *db, int64_t unit, const char *ability, enum ability_state s,
			   bool by_person, struct err_info *e)
{
	if (s == ABILITY_UNTOLD)
		return db_run(db, e, NULL,
			      "DELETE FROM unit_ability WHERE unit_id = ? AND ability = ?", "ls",
			      unit, ability);
	return db_run(db, e, NULL,
		      "INSERT INTO unit_ability (unit_id, ability, has, by_person, at)"
		      " VALUES (?, ?, ?, ?, ?) ON CONFLICT (unit_id, ability) DO UPDATE SET"
		      " has = excluded.has, by_person = excluded.by_person, at = excluded.at"
		      " WHERE excluded.by_person = 1 OR unit_ability.by_person = 0",
		      "lsiil", unit, ability, s == ABILITY_YES, (int)by_person, clock_now());
}

/* ---- applications ---- */

enum err store_collect_count(struct db *db, int64_t unit, const char *month, enum invoice_kind kind,
			     const char *day, int64_t *today, int64_t *all, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT COALESCE(SUM(CASE WHEN day = ? THEN 1 ELSE 0 END), 0),"
			      " COUNT(*) FROM collect_apply WHERE unit_id = ? AND month = ?"
			      " AND kind = ? AND state <> 'refused'",
			      "slss", day, unit, month, invoice_kind_word(kind));

	*today = *all = 0;
	if (!r && rows_next(q)) {
		*today = rows_int(q, 0);
		*all = rows_int(q, 1);
	}
	return rows_end(&q, r, e);
}

enum err store_collect_add(struct db *db, struct collect_apply *a, struct err_info *e)
{
	enum err r = db_next_id(db, "collect_apply", &a->id, e);

	if (r)
		return r;
	a->at = clock_now();
	date_text(a->at, a->day);
	text_copy(a->state, sizeof(a->state), "sending");
	return db_run(db, e, NULL,
		      "INSERT INTO collect_apply (id, unit_id, run_id, month, kind, day, at, state)"
		      " VALUES (?, ?, ?, ?, ?, ?, ?, 'sending')",
		      "lllsssl", a->id, a->unit_id, a->run_id, a->month, invoice_kind_word(a->kind),
		      a->day, a->at);
}

enum err store_collect_put(struct db *db, const struct collect_apply *a, struct err_info *e)
{
	return db_run(db, e, NULL,
		      "UPDATE collect_apply SET state = ?, serial = ?, packages = ?, loaded = ?,"
		      " outcome = ?, message = ? WHERE id = ?",
		      "ssiissl", a->state, a->serial, a->packages, a->loaded, a->outcome,
		      a->message, a->id);
}

enum err store_collect_reuse(struct db *db, const struct recon_run *run, enum invoice_kind kind,
			     const char *day, bool *reused, struct err_info *e)
{
	int changes = 0;
	enum err r =
	    db_run(db, e, &changes,
		   "UPDATE collect_apply SET run_id = ?, loaded = 0, outcome = ''"
		   " WHERE id IN (SELECT a.id FROM collect_apply a JOIN recon_run r"
		   " ON r.id = a.run_id WHERE a.unit_id = ? AND a.month = ? AND a.kind = ?"
		   " AND a.day = ? AND a.state = 'granted' AND a.outcome = 'whole'"
		   " AND r.state <> 'running' ORDER BY a.id DESC LIMIT 1)",
		   "llsss", run->id, run->unit_id, run->month, invoice_kind_word(kind), day);

	*reused = changes > 0;
	return r;
}

enum err store_collect_get(struct db *db, int64_t run, enum invoice_kind kind,
			   struct collect_apply *out, bool *found, struct err_info *e)
{
	struct collect_apply *a = out;
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id, unit_id, at, month, day, state, serial, packages, loaded,"
			      " outcome, message FROM collect_apply WHERE run_id = ? AND kind = ?"
			      " ORDER BY id DESC LIMIT 1",
			      "ls", run, invoice_kind_word(kind));

	*a = (struct collect_apply) {.run_id = run, .kind = kind};
	*found = !r && rows_next(q);
	if (*found) {
		a->id = rows_int(q, 0);
		a->unit_id = rows_int(q, 1);
		a->at = rows_int(q, 2);
		text_copy(a->month, sizeof(a->month), rows_text(q, 3));
		text_copy(a->day, sizeof(a->day), rows_text(q, 4));
		text_copy(a->state, sizeof(a->state), rows_text(q, 5));
		text_copy(a->serial, sizeof(a->serial), rows_text(q, 6));
		a->packages = (int)rows_int(q, 7);
		a->loaded = (int)rows_int(q, 8);
		text_copy(a->outcome, sizeof(a->outcome), rows_text(q, 9));
		text_copy(a->message, sizeof(a->message), rows_text(q, 10));
	}
	return rows_end(&q, r, e);
}

/* ---- runs ---- */

#define RUN_SELECT                                                                                 \
	"SELECT id, unit_id, month, thorough, collect, state, stage, at_text, at_id,"              \
	" listed_special, listed_ordinary, mute, ours, theirs, same, asked, differences, others,"  \
	" figures, notes, created_by, created_at, updated_at, COALESCE(finished_at, 0)"            \
	" FROM recon_run"

static void read_run(struct rows *q, struct recon_run *r)
{
	*r = (struct recon_run) {
	    .id = rows_int(q, 0),
	    .unit_id = rows_int(q, 1),
	    .thorough = rows_int(q, 3) != 0,
	    .collect = rows_int(q, 4) != 0,
	    .at_id = rows_int(q, 8),
	    .listed = {[INVOICE_SPECIAL] = rows_int(q, 9) != 0,
		       [INVOICE_ORDINARY] = rows_int(q, 10) != 0},
	    .mute = rows_int(q, 11) != 0,
	    .ours = rows_int(q, 12),
	    .theirs = rows_int(q, 13),
	    .same = rows_int(q, 14),
	    .asked = rows_int(q, 15),
	    .differences = rows_int(q, 16),
	    .others = rows_int(q, 17),
	    .created_by = rows_int(q, 20),
	    .created_at = rows_int(q, 21),
	    .updated_at = rows_int(q, 22),
	    .finished_at = rows_int(q, 23),
	};
	text_copy(r->month, sizeof(r->month), rows_text(q, 2));
	text_copy(r->state, sizeof(r->state), rows_text(q, 5));
	text_copy(r->stage, sizeof(r->stage), rows_text(q, 6));
	text_copy(r->at_text, sizeof(r->at_text), rows_text(q, 7));
	text_copy(r->figures, sizeof(r->figures), rows_text(q, 18));
	text_copy(r->notes, sizeof(r->notes), rows_text(q, 19));
}

enum err store_recon_add(struct db *db, struct recon_run *r, struct err_info *e)
{
	enum err rc = db_next_id(db, "recon_run", &r->id, e);

	if (rc)
		return rc;
	r->created_at = r->updated_at = clock_now();
	return db_run(db, e, NULL,
		      "INSERT INTO recon_run (id, unit_id, month, thorough, collect, state, stage,"
		      " created_by, created_at, updated_at)"
		      " VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?, ?)",
		      "llsiislll", r->id, r->unit_id, r->month, (int)r->thorough, (int)r->collect,
		      r->stage, r->created_by, r->created_at, r->updated_at);
}

enum err store_recon_get(struct db *db, int64_t id, struct recon_run *out, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, RUN_SELECT " WHERE id = ?", "l", id);
	bool found = !r && rows_next(q);

	if (found)
		read_run(q, out);
	r = rows_end(&q, r, e);
	if (r || found)
		return r;
	err_fail(e, ERR_INVALID, "recon.unknown", "对账", "没有编号为 %lld 的对账", (long long)id);
	err_hint(e, "用 kaipiao reconcile list 查看");
	return ERR_INVALID;
}

#define IS_OTHER "(kind = 'other' OR kind = 'boundary')"

enum err store_recon_put(struct db *db, struct recon_run *r, struct err_info *e)
{
	struct rows *q;
	enum err rc = db_query(db, &q, e,
			       "SELECT COALESCE(SUM(CASE WHEN " IS_OTHER " THEN 0 ELSE 1 END), 0),"
			       " COALESCE(SUM(CASE WHEN kind = 'other' THEN 1 ELSE 0 END), 0)"
			       " FROM recon_difference WHERE run_id = ?",
			       "l", r->id);

	if (!rc && rows_next(q)) {
		r->differences = rows_int(q, 0);
		r->others = rows_int(q, 1);
	}
	if ((rc = rows_end(&q, rc, e)))
		return rc;
	r->updated_at = clock_now();
	return db_run(
	    db, e, NULL,
	    "UPDATE recon_run SET state = ?, stage = ?, at_text = ?, at_id = ?,"
	    " listed_special = ?, listed_ordinary = ?, mute = ?, ours = ?, theirs = ?, same = ?,"
	    " asked = ?, differences = ?, others = ?, figures = ?, notes = ?,"
	    " updated_at = ?, finished_at = NULLIF(?, 0) WHERE id = ?",
	    "ssslii"
	    "illllllss"
	    "lll",
	    r->state, r->stage, r->at_text, r->at_id, (int)r->listed[INVOICE_SPECIAL],
	    (int)r->listed[INVOICE_ORDINARY], (int)r->mute, r->ours, r->theirs, r->same, r->asked,
	    r->differences, r->others, r->figures, r->notes, r->updated_at, r->finished_at, r->id);
}

enum err store_recon_open(struct db *db, int64_t unit, const char *month, int64_t *id,
			  struct err_info *e)
{
	*id = 0;
	return db_get_int(db, e, id, NULL,
			  "SELECT id FROM recon_run WHERE unit_id = ? AND month = ?"
			  " AND state = 'running' ORDER BY id DESC LIMIT 1",
			  "ls", unit, month);
}

enum err store_recon_list(struct db *db, int64_t unit, int64_t cursor, int limit, recon_each f,
			  void *arg, int64_t *next, int64_t *total, struct err_info *e)
{
	struct recon_run run;
	struct rows *q;
	int seen = 0;
	enum err r = db_query(db, &q, e,
			      RUN_SELECT " WHERE unit_id = ? AND (? = 0 OR id < ?)"
					 " ORDER BY id DESC LIMIT ?",
			      "llli", unit, cursor, cursor, limit + 1);

	*next = 0;
	while (!r && rows_next(q)) {
		if (seen++ == limit) {
			*next = run.id;
			break;
		}
		read_run(q, &run);
		r = f(arg, &run);
	}
	if ((r = rows_end(&q, r, e)))
		return r;
	return db_get_int(db, e, total, NULL, "SELECT COUNT(*) FROM recon_run WHERE unit_id = ?",
			  "l", unit);
}

/* ---- their lists ---- */

enum err store_theirs_put(struct db *db, int64_t run, const struct recon_theirs *t,
			  struct err_info *e)
{
	return db_run(
	    db, e, NULL,
	    "INSERT INTO recon_theirs (run_id, number, kind, issued_at, red, row_count, net,"
	    " tax, gross, buyer_tax_no, buyer_name, blue_number) VALUES (?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?) ON CONFLICT DO NOTHING",
	    "lsssillllsss", run, t->number, invoice_kind_word(t->kind), t->issued_at, (int)t->red,
	    t->rows, t->net, t->tax, t->gross, t->buyer_tax_no, t->buyer_name, t->blue_number);
}

#define THEIRS "FROM recon_theirs WHERE run_id = ? AND "
#define THEIRS_SELECT                                                                              \
	"SELECT number, kind, issued_at, red, row_count, net, tax, gross, buyer_tax_no,"           \
	" buyer_name, blue_number " THEIRS

static void read_theirs(struct rows *q, struct recon_theirs *t)
{
	*t = (struct recon_theirs) {.red = rows_int(q, 3) != 0,
				    .rows = rows_int(q, 4),
				    .net = rows_int(q, 5),
				    .tax = rows_int(q, 6),
				    .gross = rows_int(q, 7)};
	text_copy(t->number, sizeof(t->number), rows_text(q, 0));
	invoice_kind_parse(rows_text(q, 1), &t->kind);
	text_copy(t->issued_at, sizeof(t->issued_at), rows_text(q, 2));
	text_copy(t->buyer_tax_no, sizeof(t->buyer_tax_no), rows_text(q, 8));
	text_copy(t->buyer_name, sizeof(t->buyer_name), rows_text(q, 9));
	text_copy(t->blue_number, sizeof(t->blue_number), rows_text(q, 10));
}

enum err store_theirs_get(struct db *db, int64_t run, const char *number, struct recon_theirs *out,
			  bool *found, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, THEIRS_SELECT "number = ?", "ls", run, number);

	*found = !r && rows_next(q);
	if (*found)
		read_theirs(q, out);
	return rows_end(&q, r, e);
}

enum err store_theirs_page(struct db *db, int64_t run, const char *after, struct recon_theirs *out,
			   size_t n, size_t *count, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, THEIRS_SELECT "number > ? ORDER BY number LIMIT ?", "lsl",
			      run, after, (int64_t)n);

	*count = 0;
	while (!r && *count < n && rows_next(q))
		read_theirs(q, &out[(*count)++]);
	return rows_end(&q, r, e);
}

enum err store_theirs_shed(struct db *db, int64_t run, int most, int *gone, struct err_info *e)
{
	return db_run(db, e, gone,
		      "DELETE FROM recon_theirs WHERE run_id = ? AND number IN (SELECT number"
		      " FROM recon_theirs WHERE run_id = ? ORDER BY number LIMIT ?)",
		      "lli", run, run, most);
}

/* ---- ours ---- */

enum err store_recon_unsettled(struct db *db, int64_t unit, const char *month, int64_t after,
			       int64_t *ids, size_t n, size_t *count, struct err_info *e)
{
	char from[DATETIME_TEXT], to[DATETIME_TEXT];
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT id FROM invoice WHERE unit_id = ? AND state IN ('numbered',"
			      " 'sending', 'accepted', 'failed', 'unknown', 'void')"
			      " AND number IS NOT NULL AND issued_at >= ? AND issued_at < ?"
			      " AND id > ? ORDER BY id LIMIT ?",
			      "lssll", unit, datetime_text(summary_begins(month), from),
			      datetime_text(summary_over(month), to), after, (int64_t)n);

	*count = 0;
	while (!r && *count < n && rows_next(q))
		ids[(*count)++] = rows_int(q, 0);
	return rows_end(&q, r, e);
}

enum err store_recon_number(struct db *db, int64_t unit, const char *number, int64_t *id,
			    struct err_info *e)
{
	*id = 0;
	return db_get_int(db, e, id, NULL,
			  "SELECT id FROM invoice WHERE unit_id = ? AND number = ?", "ls", unit,
			  number);
}

enum err store_recon_segment(struct db *db, int64_t unit, const char *number, bool *out,
			     struct err_info *e)
{
	int64_t id = 0;

	*out = false;
	return db_get_int(db, e, &id, out,
			  "SELECT id FROM segment WHERE unit_id = ? AND first_number <= ?"
			  " AND last_number >= ? LIMIT 1",
			  "lss", unit, number, number);
}
