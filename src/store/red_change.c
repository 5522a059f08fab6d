/* red_change.c - what becomes of a red letter: applications, actions, the tax side's word. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "store/red_p.h"

/* ---- applications ---------------------------------------------------------------------------- */

/* A letter of the same invoice that is on its way or open (protocol 5.5: another form is running);
 * one of the other side, too. */
static enum err check_open(struct db *db, const struct red_record *r, struct err_info *e)
{
	struct rows *q;
	enum err rc =
	    db_query(db, &q, e,
		     "SELECT COALESCE(number, ''), state FROM red_letter WHERE unit_id = ?"
		     " AND blue_number = ? AND side = ? AND blue_code = ? AND ((" RED_OPEN
		     ") OR progress = 'applying' OR progress = 'doubtful') LIMIT 1",
		     "lsis", r->unit_id, r->letter.blue_number, (int)r->side, r->letter.blue_code);

	if (!rc && rows_next(q)) {
		const char *no = rows_text(q, 0);
		rc = err_fail(e, ERR_INVALID, "red.open", "红字确认单",
			      "蓝字发票 %s 有一张确认单%s%s%s还没有办完（%s）",
			      r->letter.blue_number, *no ? " " : "", no, *no ? " " : "",
			      *no ? red_state_label((enum red_state)rows_int(q, 1)) : "申请中");
		err_field(e, "blue");
		err_hint(e, "先办完、撤销它，或等它有结果：kaipiao red list");
	}
	return rows_end(&q, rc, e);
}

enum err store_red_insert(struct db *db, struct red_record *r, struct err_info *e)
{
	enum err rc = check_open(db, r, e);

	if (rc)
		return rc;
	r->id = 0;
	r->progress = RED_APPLYING;
	r->letter.state = RED_UNKNOWN;
	r->letter.valid = true;
	r->detail_at = clock_now();
	r->letter.declared_lines = (unsigned)r->letter.line_count;
	rc = red_write(db, r, e);
	if (!rc)
		rc = red_write_lines(db, r->id, &r->letter, e);
	return rc ? rc
		  : red_note_event(db, r->id, r->created_by, "申请", RED_UNKNOWN, RED_UNKNOWN, "",
				   e);
}

static enum err not_refused(const struct red_record *r, const char *what, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "red.progress", what, "只有申请失败的红字确认单可以%s，这一张%s",
		 what, red_situation_label(red_record_situation(r)));
	err_hint(e, "可用 kaipiao red list --situation failed 查看申请失败的");
	return ERR_INVALID;
}

/* As if it were entered now: what is asked of the tax side's list begins with this day. */
enum err store_red_reapply(struct db *db, struct red_record *r, int64_t user, struct err_info *e)
{
	enum err rc;

	if (r->progress != RED_REFUSED)
		return not_refused(r, "重新提交", e);
	if ((rc = check_open(db, r, e)))
		return rc;
	r->progress = RED_APPLYING;
	r->message[0] = '\0';
	r->created_at = clock_now();
	r->created_by = user;
	r->letter.valid = true;
	datetime_text(r->created_at, r->letter.entered_at);
	rc = red_write(db, r, e);
	return rc ? rc
		  : red_note_event(db, r->id, user, "重新提交", RED_UNKNOWN, RED_UNKNOWN, "", e);
}

enum err store_red_drop(struct db *db, int64_t id, int64_t user, bool *done, struct err_info *e)
{
	struct red_record rec;
	enum err r = store_red_head(db, id, &rec, e);

	if (r)
		return r;
	*done = rec.progress == RED_REFUSED && !rec.letter.valid;
	if (rec.progress != RED_REFUSED) {
		r = not_refused(&rec, "放弃", e);
	} else if (!*done) {
		rec.letter.valid = false;
		r = red_write(db, &rec, e);
		if (!r)
			r = red_note_event(db, id, user, "放弃", RED_UNKNOWN, RED_UNKNOWN, "", e);
	}
	red_record_free(&rec);
	return r;
}

/* A letter of ours that the tax side has not answered. */
static enum err unanswered(struct db *db, int64_t id, struct red_record *out, struct err_info *e)
{
	enum err r = store_red_head(db, id, out, e);

	if (r || out->progress == RED_APPLYING || out->progress == RED_DOUBTFUL)
		return r;
	r = err_fail(e, ERR_INTERNAL, "red.progress", "红字确认单", "记录 #%" PRId64 " 已%s", id,
		     red_progress_label(out->progress));
	red_record_free(out);
	return r;
}

static void say(char out[1204], const char *message)
{
	char *clean = text_clean(message ? message : "", RED_MESSAGE_CHARS, false);

	text_copy(out, 1204, clean);
	free(clean);
}

/* The row a list brought in before we knew that it is ours: what it says stays, the row goes. */
static enum err absorb_twin(struct db *db, struct red_record *r, const char *uuid, bool *was,
			    struct err_info *e)
{
	struct red_record twin;
	int64_t id = 0;
	enum err rc = store_red_by_uuid(db, r->unit_id, r->side, uuid, &id, e);

	*was = !rc && id && id != r->id;
	if (rc || !*was || (rc = store_red_head(db, id, &twin, e)))
		return rc;
	rc = red_delete(db, &twin, e);
	r->letter.state = twin.letter.state;
	r->letter.issued = twin.letter.issued;
	r->letter.valid = twin.letter.valid;
	mem_set(&r->letter.number, twin.letter.number);
	mem_set(&r->letter.red_number, twin.letter.red_number);
	text_copy(r->letter.entered_at, DATETIME_TEXT, twin.letter.entered_at);
	text_copy(r->letter.confirmed_at, DATETIME_TEXT, twin.letter.confirmed_at);
	text_copy(r->letter.red_issued_at, DATETIME_TEXT, twin.letter.red_issued_at);
	red_record_free(&twin);
	return rc;
}

enum err store_red_applied(struct db *db, int64_t id, const char *number, const char *uuid,
			   enum red_state state, const char *entered_at, struct err_info *e)
{
	struct red_record rec;
	bool twin = false;
	enum err r = unanswered(db, id, &rec, e);

	if (r)
		return r;
	r = absorb_twin(db, &rec, uuid, &twin, e);
	if (!twin) {
		rec.letter.state = state;
		rec.letter.valid = red_state_open(state);
		mem_set(&rec.letter.number, number);
		if (!text_empty(entered_at))
			text_copy(rec.letter.entered_at, DATETIME_TEXT, entered_at);
	}
	mem_set(&rec.letter.uuid, uuid);
	if (!*rec.letter.entered_at)
		datetime_text(clock_now(), rec.letter.entered_at);
	rec.progress = RED_KNOWN;
	rec.synced_at = clock_now();
	rec.message[0] = '\0';
	if (!r)
		r = red_write(db, &rec, e);
	if (!r)
		r = red_note_event(db, id, 0, "受理", RED_UNKNOWN, rec.letter.state, "", e);
	red_record_free(&rec);
	return r;
}

enum err store_red_progress(struct db *db, int64_t id, enum red_progress to, const char *message,
			    struct err_info *e)
{
	struct red_record rec;
	enum err r = unanswered(db, id, &rec, e);
	bool news;

	if (r)
		return r;
	if (to == RED_KNOWN) {
		red_record_free(&rec);
		return err_fail(e, ERR_INTERNAL, "red.progress", "红字确认单",
				"记录 #%" PRId64 " 没有编号，不能算已受理", id);
	}
	news = rec.progress != to;
	rec.progress = to;
	say(rec.message, message);
	r = red_write(db, &rec, e);
	if (!r && news)
		r = red_note_event(db, id, 0, red_progress_label(to), RED_UNKNOWN, RED_UNKNOWN,
				   rec.message, e);
	red_record_free(&rec);
	return r;
}

/* ---- the tax side's word --------------------------------------------------------------------- */

/* A member that is not told keeps what is here. */
static void take_texts(struct red_letter *to, const struct red_letter *from)
{
	for (const struct text_field *f = red_texts; f->key; f++)
		if (*text_value(from, f))
			mem_set(text_slot(to, f), text_value(from, f));
}

static void take_time(char to[DATETIME_TEXT], const char *from)
{
	if (*from)
		text_copy(to, DATETIME_TEXT, from);
}

static void take_head(struct red_letter *to, const struct red_letter *from)
{
	bool keeps = to->issued && !from->issued; /* issued here, and not told there yet */

	take_texts(to, from);
	take_time(to->entered_at, from->entered_at);
	take_time(to->confirmed_at, from->confirmed_at);
	take_time(to->red_issued_at, from->red_issued_at);
	take_time(to->blue_issued_at, from->blue_issued_at);
	to->entered_by = from->entered_by;
	if (from->state != RED_UNKNOWN || *from->strange)
		to->state = from->state;
	to->issued = keeps || from->issued;
	to->valid = from->valid;
	if (from->reason)
		to->reason = from->reason;
	to->blue_paper = from->blue_paper;
	to->net_fen = from->net_fen;
	to->tax_fen = from->tax_fen;
	if (from->blue_net_fen || from->blue_tax_fen) {
		to->blue_net_fen = from->blue_net_fen;
		to->blue_tax_fen = from->blue_tax_fen;
	}
	if (from->line_count)
		to->declared_lines = (unsigned)from->line_count;
	else if (from->declared_lines)
		to->declared_lines = from->declared_lines;
}

static bool same_head(const struct red_letter *a, const struct red_letter *b)
{
	for (const struct text_field *f = red_texts; f->key; f++)
		if (strcmp(text_value(a, f), text_value(b, f)) != 0)
			return false;
	return a->state == b->state && a->issued == b->issued && a->valid == b->valid &&
	       a->reason == b->reason && a->entered_by == b->entered_by &&
	       a->blue_paper == b->blue_paper && a->net_fen == b->net_fen &&
	       a->tax_fen == b->tax_fen && a->blue_net_fen == b->blue_net_fen &&
	       a->blue_tax_fen == b->blue_tax_fen && a->declared_lines == b->declared_lines &&
	       !strcmp(a->entered_at, b->entered_at) && !strcmp(a->confirmed_at, b->confirmed_at) &&
	       !strcmp(a->red_issued_at, b->red_issued_at) &&
	       !strcmp(a->blue_issued_at, b->blue_issued_at);
}

/* A state of the tax side's that is not among ours stays with its code; what was said while the
 * letter was on its way, or in such a state, goes. */
static bool note_strange(struct red_record *rec, const struct red_letter *l,
			 const struct red_letter *old)
{
	char text[160] = "", before[1204];

	text_copy(before, sizeof(before), rec->message);
	if (*l->strange)
		snprintf(text, sizeof(text),
			 "税局给的状态“%s”本程序还不认识，请升级程序或到电子税务局查看",
			 l->strange);
	if (*text || rec->progress != RED_KNOWN || old->state == RED_UNKNOWN)
		say(rec->message, text);
	return strcmp(before, rec->message) != 0;
}

/* Writes a head that the tax side's word has changed, and what follows of it. */
static enum err write_news(struct db *db, struct red_record *rec, const struct red_letter *old,
			   const char *what, struct err_info *e)
{
	const struct red_letter *l = &rec->letter;
	enum err r = red_write(db, rec, e);

	if (!r && (!old || old->state != l->state))
		r = red_note_event(db, rec->id, 0, what, old ? old->state : RED_UNKNOWN, l->state,
				   rec->message, e);
	if (!r && l->issued && (!old || !old->issued)) {
		r = red_note_event(db, rec->id, 0, "开具红字发票", l->state, l->state,
				   l->red_number, e);
		if (!r)
			r = red_mark_blue(db, rec, e);
	}
	return r;
}

static enum err put_new(struct db *db, int64_t unit, enum red_side side, const struct red_letter *l,
			int64_t *id, struct err_info *e)
{
	struct red_record rec = {
	    .unit_id = unit, .side = side, .progress = RED_KNOWN, .synced_at = clock_now()};
	enum err r;

	red_letter_copy(&rec.letter, l);
	note_strange(&rec, l, l);
	rec.detail_at = l->line_count ? rec.synced_at : 0;
	r = write_news(db, &rec, NULL, "取得", e);
	if (!r && l->line_count)
		r = red_write_lines(db, rec.id, l, e);
	*id = rec.id;
	red_record_free(&rec);
	return r;
}

/* It lived, and does not any more, and that was not ours to do: the clock or the other side. */
static bool ended_from_outside(const struct red_letter *old, const struct red_record *now)
{
	const struct red_letter *l = &now->letter;

	return red_state_open(old->state) && old->valid && !old->issued && !l->issued &&
	       (!red_state_open(l->state) || !l->valid) && !tax_red_did(l, now->side, RED_DENY) &&
	       !tax_red_did(l, now->side, RED_REVOKE);
}

static enum err put_known(struct db *db, int64_t id, const struct red_letter *l, const char *what,
			  bool *changed, struct err_info *e)
{
	struct red_record rec;
	struct red_letter old;
	enum err r = store_red_head(db, id, &rec, e);

	if (r)
		return r;
	red_letter_copy(&old, &rec.letter);
	take_head(&rec.letter, l);
	*changed = note_strange(&rec, l, &old);
	*changed = *changed || !same_head(&old, &rec.letter) || rec.progress != RED_KNOWN;
	rec.progress = RED_KNOWN;
	rec.synced_at = clock_now();
	if (l->line_count)
		rec.detail_at = rec.synced_at;
	if (*changed || l->line_count)
		r = write_news(db, &rec, &old, what, e);
	else
		r = db_run(db, e, NULL, "UPDATE red_letter SET synced_at = ? WHERE id = ?", "ll",
			   rec.synced_at, id);
	if (!r && l->line_count)
		r = red_write_lines(db, id, l, e);
	if (!r && ended_from_outside(&old, &rec))
		r = db_run(db, e, NULL, "UPDATE red_letter SET lapsed = 1 WHERE id = ?", "l", id);
	red_letter_free(&old);
	red_record_free(&rec);
	return r;
}

enum err store_red_lapsed(struct db *db, int64_t unit, struct red_lapsed *out, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT COUNT(*), COALESCE(SUM(state = ?), 0) FROM red_letter"
			      " WHERE unit_id = ? AND lapsed = 1",
			      "il", (int)RED_EXPIRED, unit);

	*out = (struct red_lapsed) {.all = 0};
	if (!r && rows_next(q))
		*out = (struct red_lapsed) {rows_int(q, 0), rows_int(q, 1)};
	return rows_end(&q, r, e);
}

enum err store_red_looked(struct db *db, int64_t unit, int64_t id, struct err_info *e)
{
	return db_run(
	    db, e, NULL,
	    "UPDATE red_letter SET lapsed = 0 WHERE unit_id = ? AND lapsed = 1 AND id = ?", "ll",
	    unit, id);
}

enum err store_red_put(struct db *db, int64_t unit, enum red_side side, const struct red_letter *l,
		       enum red_put *what, int64_t *id, struct err_info *e)
{
	int64_t known = 0;
	bool changed = false;
	enum err r;

	if (text_empty(l->uuid))
		return err_fail(e, ERR_INTERNAL, "red.uuid", "红字确认单", "没有 UUID");
	r = store_red_by_uuid(db, unit, side, l->uuid, &known, e);
	*what = RED_PUT_NEW;
	if (!r && !known) {
		r = put_new(db, unit, side, l, &known, e);
	} else if (!r) {
		r = put_known(db, known, l, "状态变化", &changed, e);
		*what = changed ? RED_PUT_CHANGED : RED_PUT_SAME;
	}
	if (!r && id)
		*id = known;
	return r;
}

enum err store_red_adopt(struct db *db, int64_t id, const struct red_letter *l, struct err_info *e)
{
	struct red_record rec;
	bool twin, changed;
	enum err r = unanswered(db, id, &rec, e);

	if (r)
		return r;
	r = absorb_twin(db, &rec, l->uuid, &twin, e);
	red_record_free(&rec);
	return r ? r : put_known(db, id, l, "受理", &changed, e);
}

/* ---- actions --------------------------------------------------------------------------------- */

enum err store_red_act_begin(struct db *db, int64_t id, enum red_action a, int64_t user,
			     struct err_info *e)
{
	struct red_record rec;
	enum err r = store_red_head(db, id, &rec, e);

	if (r)
		return r;
	if (rec.acting || a == RED_ISSUE) {
		r = err_fail(e, ERR_INVALID, "red.acting", "红字确认单", "%s 正在%s，还没有结果",
			     rec.letter.number, red_action_label(rec.acting ? rec.action : a));
		err_hint(e, "稍候再看：kaipiao red show %s", rec.letter.number);
		red_record_free(&rec);
		return r;
	}
	rec.acting = true;
	rec.action = a;
	rec.action_message[0] = '\0';
	r = red_write(db, &rec, e);
	if (!r)
		r = red_note_event(db, id, user, red_action_label(a), rec.letter.state,
				   rec.letter.state, "", e);
	red_record_free(&rec);
	return r;
}

static enum err acting(struct db *db, int64_t id, struct red_record *out, struct err_info *e)
{
	enum err r = store_red_head(db, id, out, e);

	if (r || out->acting)
		return r;
	r = err_fail(e, ERR_INTERNAL, "red.action", "红字确认单",
		     "记录 #%" PRId64 " 没有办理中的操作", id);
	red_record_free(out);
	return r;
}

enum err store_red_act_waits(struct db *db, int64_t id, const char *message, struct err_info *e)
{
	struct red_record rec;
	enum err r = acting(db, id, &rec, e);

	if (r)
		return r;
	say(rec.action_message, message);
	r = red_write(db, &rec, e);
	red_record_free(&rec);
	return r;
}

enum err store_red_act_done(struct db *db, int64_t id, enum red_state state,
			    const char *confirmed_at, struct err_info *e)
{
	struct red_record rec;
	char what[64];
	enum red_state old;
	enum err r = acting(db, id, &rec, e);

	if (r)
		return r;
	old = rec.letter.state;
	rec.acting = false;
	rec.action_message[0] = '\0';
	rec.letter.state = state;
	rec.letter.valid = red_state_open(state);
	/* What a revocation brings along is its own time. */
	if (!text_empty(confirmed_at) && rec.action != RED_REVOKE)
		text_copy(rec.letter.confirmed_at, DATETIME_TEXT, confirmed_at);
	rec.synced_at = clock_now();
	snprintf(what, sizeof(what), "%s成功", red_action_label(rec.action));
	r = red_write(db, &rec, e);
	if (!r)
		r = red_note_event(db, id, 0, what, old, state, "", e);
	red_record_free(&rec);
	return r;
}

enum err store_red_act_failed(struct db *db, int64_t id, const char *message, struct err_info *e)
{
	struct red_record rec;
	char what[64];
	enum err r = acting(db, id, &rec, e);

	if (r)
		return r;
	rec.acting = false;
	say(rec.action_message, message);
	snprintf(what, sizeof(what), "%s失败", red_action_label(rec.action));
	r = red_write(db, &rec, e);
	if (!r)
		r = red_note_event(db, id, 0, what, rec.letter.state, rec.letter.state,
				   rec.action_message, e);
	red_record_free(&rec);
	return r;
}
