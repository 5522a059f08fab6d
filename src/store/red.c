/* red.c - red letters: words, rows, lines, counts. */
#include "store/red_p.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/term.h"
#include "base/text.h"
#include "store/invoices_p.h"

static const struct term progresses[RED_PROGRESSES] = {
    [RED_APPLYING] = {"applying", "申请中"},
    [RED_DOUBTFUL] = {"doubtful", "结果未知"},
    [RED_KNOWN] = {"known", "已受理"},
    [RED_REFUSED] = {"refused", "申请失败"},
};

static const struct term situations[RED_SITUATIONS] = {
    [RED_FOR_US] = {"for-us", "待我确认"},       [RED_FOR_THEM] = {"for-them", "待对方确认"},
    [RED_ISSUABLE] = {"issuable", "可开票"},     [RED_THEY_ISSUE] = {"they-issue", "待对方开票"},
    [RED_WAS_ISSUED] = {"issued", "已开票"},     [RED_VOID] = {"void", "已作废"},
    [RED_ON_THE_WAY] = {"on-the-way", "处理中"}, [RED_FAILED] = {"failed", "申请失败"},
};

const char *red_progress_word(enum red_progress p)
{
	return progresses[p].word;
}

const char *red_progress_label(enum red_progress p)
{
	return progresses[p].label;
}

const char *red_row_label(const struct red_row *row)
{
	static const char *const doing[RED_ACTIONS] = {
	    [RED_CONFIRM] = "确认中", [RED_DENY] = "否认中", [RED_REVOKE] = "撤销中"};

	if (row->progress != RED_KNOWN)
		return row->progress == RED_REFUSED && !row->valid
			   ? "已放弃"
			   : red_progress_label(row->progress);
	if (row->situation == RED_ON_THE_WAY && row->making)
		return "开具中";
	if (row->situation == RED_ON_THE_WAY && row->acting && doing[row->action])
		return doing[row->action];
	return red_state_label(row->state);
}

const char *red_row_reason(const struct red_row *row)
{
	static const char *const ends[RED_STATES] = {
	    [RED_EXPIRED] = "超72小时",  [RED_ABNORMAL] = "异常凭证",
	    [RED_TAXPAYER] = "纳税异常", [RED_PERSON_REFUSED] = "个人拒收",
	    [RED_REFUND] = "申请退税",
	};
	bool ours = row->entered_by == row->side;

	if (row->situation != RED_VOID)
		return red_situation_label(row->situation);
	switch (row->state) {
	case RED_DENIED_BY_BUYER:
		return row->side == RED_BUYER ? "我方否认" : "对方否认";
	case RED_DENIED_BY_SELLER:
		return row->side == RED_SELLER ? "我方否认" : "对方否认";
	case RED_WITHDRAWN:
		return ours ? "我方撤销" : "对方撤销";
	case RED_REVOKED: /* by the side that had confirmed */
		return ours ? "对方撤销" : "我方撤销";
	default:
		break;
	}
	if (row->progress != RED_KNOWN)
		return "已放弃";
	return ends[row->state] ? ends[row->state] : "已失效";
}

const char *red_situation_word(enum red_situation s)
{
	return situations[s].word;
}

const char *red_situation_label(enum red_situation s)
{
	return situations[s].label;
}

bool red_situation_parse(const char *s, enum red_situation *out)
{
	int i = term_find(situations, 0, RED_SITUATIONS, s);

	if (i >= 0)
		*out = (enum red_situation)i;
	return i >= 0;
}

static enum red_situation situation_here(const struct red_standing *s)
{
	if (s->progress != RED_REFUSED)
		return RED_ON_THE_WAY;
	return s->valid ? RED_FAILED : RED_VOID;
}

enum red_situation red_situation_of(const struct red_standing *s)
{
	if (s->progress != RED_KNOWN)
		return situation_here(s);
	if (s->issued)
		return RED_WAS_ISSUED;
	if (s->state == RED_UNKNOWN)
		return RED_ON_THE_WAY;
	if (!red_state_open(s->state) || !s->valid)
		return RED_VOID;
	if (s->busy)
		return RED_ON_THE_WAY;
	if (s->state == RED_WAITS_BUYER || s->state == RED_WAITS_SELLER)
		return s->entered_by == s->side ? RED_FOR_THEM : RED_FOR_US;
	return s->side == RED_SELLER ? RED_ISSUABLE : RED_THEY_ISSUE;
}

enum red_situation red_record_situation(const struct red_record *r)
{
	return red_situation_of(&(struct red_standing) {.side = r->side,
							.entered_by = r->letter.entered_by,
							.progress = r->progress,
							.state = r->letter.state,
							.issued = r->letter.issued,
							.valid = r->letter.valid,
							.busy = r->acting || r->making});
}

void red_record_free(struct red_record *r)
{
	red_letter_free(&r->letter);
	*r = (struct red_record) {0};
}

int64_t red_place(int64_t at, int64_t id)
{
	const int64_t ids = INT64_C(1) << RED_PLACE_BITS;

	return (at < 0 ? 0 : at) * ids + id % ids;
}

/* ---- counts ---------------------------------------------------------------------------------- */

static enum err tally(struct db *db, int64_t unit, enum red_side side, enum red_situation s,
		      int delta, struct err_info *e)
{
	return db_run(db, e, NULL,
		      "INSERT INTO red_tally (unit_id, side, situation, n) VALUES (?, ?, ?, ?)"
		      " ON CONFLICT (unit_id, side, situation) DO UPDATE SET n ="
		      " red_tally.n + excluded.n",
		      "lisi", unit, (int)side, red_situation_word(s), delta);
}

static bool progress_parse(const char *s, enum red_progress *out)
{
	for (int i = 0; i < RED_PROGRESSES; i++)
		if (!strcmp(s, progresses[i].word)) {
			*out = (enum red_progress)i;
			return true;
		}
	return false;
}

/* What the stored row counts as; *found false when there is none. */
static enum err stored_situation(struct db *db, int64_t id, enum red_situation *out, bool *found,
				 struct err_info *e)
{
	struct rows *q;
	enum red_progress p = RED_KNOWN;
	enum err r = db_query(db, &q, e,
			      "SELECT side, progress, entered_by, state, issued, valid,"
			      " making = 1 OR action <> '' FROM red_letter WHERE id = ?",
			      "l", id);

	*found = !r && rows_next(q);
	if (*found) {
		progress_parse(rows_text(q, 1), &p);
		*out = red_situation_of(
		    &(struct red_standing) {.side = (enum red_side)rows_int(q, 0),
					    .entered_by = (enum red_side)rows_int(q, 2),
					    .progress = p,
					    .state = (enum red_state)rows_int(q, 3),
					    .issued = rows_int(q, 4) != 0,
					    .valid = rows_int(q, 5) != 0,
					    .busy = rows_int(q, 6) != 0});
	}
	return rows_end(&q, r, e);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* A value of the row, in the order of the columns. */
struct cell {
	const char *column;
	struct bind value;
};

static struct bind whole(int64_t i)
{
	return (struct bind) {.type = 'l', .i = i};
}

/* 0 is none. */
static struct bind some(int64_t i)
{
	return i ? whole(i) : (struct bind) {.type = 'S', .s = NULL};
}

static struct bind text(const char *s)
{
	return (struct bind) {.type = 's', .s = s ? s : ""};
}

static struct bind maybe(const char *s)
{
	return (struct bind) {.type = 'S', .s = s};
}

enum { CELLS = 48, SQL_MAX = 4096 };

static size_t cells_of(const struct red_record *r, int64_t place, int64_t party,
		       const char *blue_day, struct cell out[CELLS])
{
	const struct red_letter *l = &r->letter;
	const struct cell cells[] = {
	    {"id", whole(r->id)},
	    {"unit_id", whole(r->unit_id)},
	    {"side", whole(r->side)},
	    {"entered_by", whole(l->entered_by)},
	    {"state", whole(l->state)},
	    {"issued", whole(l->issued)},
	    {"place", whole(place)},
	    {"progress", text(red_progress_word(r->progress))},
	    {"party_id", some(party)},
	    {"blue_day", text(blue_day)},
	    {"reason", whole(l->reason)},
	    {"valid", whole(l->valid)},
	    {"net", whole(l->net_fen)},
	    {"tax", whole(l->tax_fen)},
	    {"number", maybe(l->number)},
	    {"uuid", maybe(l->uuid)},
	    {"blue_number", text(l->blue_number)},
	    {"entered_at", text(l->entered_at)},
	    {"confirmed_at", text(l->confirmed_at)},
	    {"red_number", text(l->red_number)},
	    {"red_issued_at", text(l->red_issued_at)},
	    {"blue_invoice_id", some(r->blue_invoice_id)},
	    {"red_invoice_id", some(r->red_invoice_id)},
	    {"declared_lines", whole(l->declared_lines)},
	    {"detail_at", whole(r->detail_at)},
	    {"synced_at", whole(r->synced_at)},
	    {"action", text(r->acting ? red_action_word(r->action) : "")},
	    {"making", whole(r->making)},
	    {"created_by", some(r->created_by)},
	    {"created_at", whole(r->created_at)},
	    {"updated_at", whole(r->updated_at)},
	    {"seller_tax_no", text(l->seller_tax_no)},
	    {"seller_name", text(l->seller_name)},
	    {"buyer_tax_no", text(l->buyer_tax_no)},
	    {"buyer_name", text(l->buyer_name)},
	    {"blue_code", text(l->blue_code)},
	    {"blue_paper", whole(l->blue_paper)},
	    {"blue_issued_at", text(l->blue_issued_at)},
	    {"blue_kind", text(l->blue_kind)},
	    {"blue_net", whole(l->blue_net_fen)},
	    {"blue_tax", whole(l->blue_tax_fen)},
	    {"element", text(l->element)},
	    {"differential", text(l->differential)},
	    {"message", text(r->message)},
	    {"action_message", text(r->action_message)},
	};
	size_t n = sizeof(cells) / sizeof(cells[0]);

	_Static_assert(sizeof(cells) / sizeof(cells[0]) <= CELLS, "room");
	memcpy(out, cells, sizeof(cells));
	return n;
}

static enum err put_row(struct db *db, const struct cell *cells, size_t n, struct err_info *e)
{
	struct bind binds[CELLS];
	struct buf sql;
	enum err r;

	buf_init(&sql, SQL_MAX);
	buf_adds(&sql, "INSERT INTO red_letter (");
	for (size_t i = 0; i < n; i++) {
		buf_addf(&sql, "%s%s", i ? ", " : "", cells[i].column);
		binds[i] = cells[i].value;
	}
	buf_adds(&sql, ") VALUES (");
	for (size_t i = 0; i < n; i++)
		buf_adds(&sql, i ? ", ?" : "?");
	buf_adds(&sql, ") ON CONFLICT (id) DO UPDATE SET ");
	for (size_t i = 1; i < n; i++)
		buf_addf(&sql, "%s%s = excluded.%s", i > 1 ? ", " : "", cells[i].column,
			 cells[i].column);
	r = db_run_built(db, e, buf_str(&sql), binds, n);
	buf_free(&sql);
	return r;
}

/* A blue invoice of this unit; those of other sellers are not ours. */
static enum err find_blue(struct db *db, struct red_record *r, struct err_info *e)
{
	if (r->blue_invoice_id || r->side != RED_SELLER || !text_empty(r->letter.blue_code))
		return ERR_OK;
	return db_get_int(db, e, &r->blue_invoice_id, NULL,
			  "SELECT id FROM invoice WHERE unit_id = ? AND number = ?", "ls",
			  r->unit_id, r->letter.blue_number);
}

enum err red_write(struct db *db, struct red_record *r, struct err_info *e)
{
	const struct red_letter *l = &r->letter;
	enum red_situation before = RED_VOID, now = red_record_situation(r);
	struct cell cells[CELLS];
	char day[DATE_TEXT];
	int64_t party = 0, at;
	bool found = false;
	enum err rc = r->id ? ERR_OK : db_next_id(db, "red_letter", &r->id, e);

	if (!rc)
		rc = stored_situation(db, r->id, &before, &found, e);
	if (!rc)
		rc = find_blue(db, r, e);
	if (!rc)
		rc = buyer_name_id(db, r->side == RED_SELLER ? l->buyer_name : l->seller_name,
				   &party, e);
	if (rc)
		return rc;
	r->updated_at = clock_now();
	if (!found)
		r->created_at = r->updated_at;
	if (!datetime_parse(l->entered_at, &at))
		at = r->created_at;
	text_copy(day, sizeof(day), l->blue_issued_at);
	rc = put_row(db, cells, cells_of(r, red_place(at, r->id), party, day, cells), e);
	if (!rc && found && before != now)
		rc = tally(db, r->unit_id, r->side, before, -1, e);
	if (!rc && (!found || before != now))
		rc = tally(db, r->unit_id, r->side, now, 1, e);
	return rc;
}

enum err red_write_lines(struct db *db, int64_t id, const struct red_letter *l, struct err_info *e)
{
	char quantity[DEC_TEXT], price[DEC_TEXT];
	enum err r =
	    db_run(db, e, NULL, "DELETE FROM red_letter_line WHERE letter_id = ?", "l", id);

	for (size_t i = 0; !r && i < l->line_count; i++) {
		const struct red_line *n = &l->lines[i];
		r = db_run(
		    db, e, NULL,
		    "INSERT INTO red_letter_line (letter_id, seq, blue_row, rate_ppm,"
		    " quantity, price, net, tax, deduction, tax_code, name, short_name, spec,"
		    " unit, preference) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		    "llllsslllssssss", id, (int64_t)i + 1, (int64_t)n->blue_row,
		    (int64_t)n->rate_ppm, n->has_quantity ? dec_format(n->quantity, quantity) : "",
		    n->has_quantity ? dec_format(n->price, price) : "", n->net_fen, n->tax_fen,
		    n->deduction_fen, n->tax_code, n->name, n->short_name, n->spec, n->unit,
		    n->preference);
	}
	return r;
}

enum err red_delete(struct db *db, const struct red_record *r, struct err_info *e)
{
	enum err rc = db_run(db, e, NULL, "DELETE FROM red_letter WHERE id = ?", "l", r->id);

	return rc ? rc : tally(db, r->unit_id, r->side, red_record_situation(r), -1, e);
}

enum err red_note_event(struct db *db, int64_t id, int64_t user, const char *what,
			enum red_state before, enum red_state after, const char *note,
			struct err_info *e)
{
	int64_t event = 0;
	char *clean = text_clean(note, RED_MESSAGE_CHARS, false);
	enum err r = db_next_id(db, "red_history", &event, e);

	if (!r)
		r = db_run(db, e, NULL,
			   "INSERT INTO red_history (id, letter_id, at, user_id, what, old_state,"
			   " new_state, note) VALUES (?, ?, ?, NULLIF(?, 0), ?, ?, ?, ?)",
			   "llllsiis", event, id, clock_now(), user, what, (int)before, (int)after,
			   clean);
	free(clean);
	return r;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* In the order read_record reads them; the texts of red_texts stand last, in that table's order. */
#define RECORD                                                                                     \
	"SELECT id, unit_id, side, entered_by, state, issued, progress, reason, valid, net, tax,"  \
	" entered_at, confirmed_at, red_issued_at, COALESCE(blue_invoice_id, 0),"                  \
	" COALESCE(red_invoice_id, 0), declared_lines, detail_at, synced_at, action,"              \
	" COALESCE(created_by, 0), created_at, updated_at, blue_paper, blue_issued_at, blue_net,"  \
	" blue_tax, message, action_message, making, COALESCE(number, ''), COALESCE(uuid, ''),"    \
	" seller_tax_no, seller_name, buyer_tax_no, buyer_name, blue_code, blue_number,"           \
	" blue_kind, element, differential, red_number FROM red_letter"
enum { FIRST_TEXT = 30 };

static void read_letter(struct rows *q, struct red_letter *l)
{
	int column = FIRST_TEXT;

	red_letter_init(l);
	l->entered_by = (enum red_side)rows_int(q, 3);
	l->state = (enum red_state)rows_int(q, 4);
	l->issued = rows_int(q, 5) != 0;
	l->reason = (enum red_reason)rows_int(q, 7);
	l->valid = rows_int(q, 8) != 0;
	l->net_fen = rows_int(q, 9);
	l->tax_fen = rows_int(q, 10);
	text_copy(l->entered_at, sizeof(l->entered_at), rows_text(q, 11));
	text_copy(l->confirmed_at, sizeof(l->confirmed_at), rows_text(q, 12));
	text_copy(l->red_issued_at, sizeof(l->red_issued_at), rows_text(q, 13));
	l->declared_lines = (unsigned)rows_int(q, 16);
	l->blue_paper = rows_int(q, 23) != 0;
	text_copy(l->blue_issued_at, sizeof(l->blue_issued_at), rows_text(q, 24));
	l->blue_net_fen = rows_int(q, 25);
	l->blue_tax_fen = rows_int(q, 26);
	for (const struct text_field *f = red_texts; f->key; f++, column++)
		mem_set(text_slot(l, f), rows_text(q, column));
}

static void read_record(struct rows *q, struct red_record *r)
{
	*r = (struct red_record) {
	    .id = rows_int(q, 0),
	    .unit_id = rows_int(q, 1),
	    .side = (enum red_side)rows_int(q, 2),
	    .blue_invoice_id = rows_int(q, 14),
	    .red_invoice_id = rows_int(q, 15),
	    .detail_at = rows_int(q, 17),
	    .synced_at = rows_int(q, 18),
	    .created_by = rows_int(q, 20),
	    .created_at = rows_int(q, 21),
	    .updated_at = rows_int(q, 22),
	};
	progress_parse(rows_text(q, 6), &r->progress);
	r->acting = red_action_parse(rows_text(q, 19), &r->action);
	r->making = rows_int(q, 29) != 0;
	text_copy(r->message, sizeof(r->message), rows_text(q, 27));
	text_copy(r->action_message, sizeof(r->action_message), rows_text(q, 28));
	read_letter(q, &r->letter);
}

static enum err unknown(struct err_info *e, const char *no)
{
	err_fail(e, ERR_INVALID, "red.unknown", "红字确认单", "没有编号、UUID 或记录为 %s 的确认单",
		 no);
	err_hint(e, "刷新后再看：kaipiao red list --refresh");
	return ERR_INVALID;
}

enum err store_red_head(struct db *db, int64_t id, struct red_record *out, struct err_info *e)
{
	struct rows *q;
	struct red_record rec = {0};
	char no[32];
	enum err r = db_query(db, &q, e, RECORD " WHERE id = ?", "l", id);
	bool found = !r && rows_next(q);

	if (found)
		read_record(q, &rec);
	r = rows_end(&q, r, e);
	if (!r && !found) {
		snprintf(no, sizeof(no), "#%" PRId64, id);
		return unknown(e, no);
	}
	if (!r)
		*out = rec;
	else if (found)
		red_record_free(&rec);
	return r;
}

static enum err damaged(struct err_info *e, int64_t id)
{
	err_fail(e, ERR_DAMAGED, "red.damaged", "红字确认单", "记录 #%" PRId64 " 保存的明细已损坏",
		 id);
	err_hint(e, "用 kaipiao restore 恢复最近的备份");
	return ERR_DAMAGED;
}

static enum err read_line(struct rows *q, int64_t id, struct red_line *n, struct err_info *e)
{
	int column = 8;

	n->blue_row = (unsigned)rows_int(q, 1);
	n->rate_ppm = (int32_t)rows_int(q, 2);
	n->has_quantity = *rows_text(q, 3) != '\0';
	n->net_fen = rows_int(q, 5);
	n->tax_fen = rows_int(q, 6);
	n->deduction_fen = rows_int(q, 7);
	for (const struct text_field *f = red_line_texts; f->key; f++, column++)
		mem_set(text_slot(n, f), rows_text(q, column));
	if (n->has_quantity &&
	    (!dec_parse(rows_text(q, 3), &n->quantity) || !dec_parse(rows_text(q, 4), &n->price)))
		return damaged(e, id);
	return ERR_OK;
}

static enum err read_lines(struct db *db, struct red_record *rec, struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e,
		     "SELECT seq, blue_row, rate_ppm, quantity, price, net, tax, deduction,"
		     " tax_code, name, short_name, spec, unit, preference"
		     " FROM red_letter_line WHERE letter_id = ? ORDER BY seq",
		     "l", rec->id);

	while (!r && rows_next(q))
		r = read_line(q, rec->id, red_add_line(&rec->letter), e);
	return rows_end(&q, r, e);
}

enum err store_red_get(struct db *db, int64_t id, struct red_record *out, struct err_info *e)
{
	struct red_record rec;
	enum err r = store_red_head(db, id, &rec, e);

	if (r)
		return r;
	r = read_lines(db, &rec, e);
	if (r)
		red_record_free(&rec);
	else
		*out = rec;
	return r;
}

enum err store_red_by_uuid(struct db *db, int64_t unit, enum red_side side, const char *uuid,
			   int64_t *id, struct err_info *e)
{
	*id = 0;
	return db_get_int(db, e, id, NULL,
			  "SELECT id FROM red_letter WHERE unit_id = ? AND side = ? AND uuid = ?",
			  "lis", unit, (int)side, uuid);
}

/* Id of "#12", 0 when the text is something else. */
static int64_t record_number(const char *no)
{
	if (no[0] != '#' || !text_all_digits(no + 1) || strlen(no) > 19)
		return 0;
	return strtoll(no + 1, NULL, 10);
}

enum err store_red_by_no(struct db *db, int64_t unit, const char *no, struct red_record *out,
			 struct err_info *e)
{
	int64_t id = 0;
	enum err r = ERR_OK;

	if (record_number(no))
		r = db_get_int(db, e, &id, NULL,
			       "SELECT id FROM red_letter WHERE unit_id = ? AND id = ?", "ll", unit,
			       record_number(no));
	else if (!text_empty(no))
		r = db_get_int(db, e, &id, NULL,
			       "SELECT id FROM red_letter WHERE unit_id = ? AND number = ?"
			       " ORDER BY side LIMIT 1",
			       "ls", unit, no);
	for (int side = RED_SELLER; !r && !id && side <= RED_BUYER && !text_empty(no); side++)
		r = store_red_by_uuid(db, unit, (enum red_side)side, no, &id, e);
	if (r)
		return r;
	return id ? store_red_get(db, id, out, e) : unknown(e, no);
}

enum err store_red_tallies(struct db *db, int64_t unit, const enum red_side *side,
			   int64_t out[RED_SITUATIONS], struct err_info *e)
{
	struct rows *q;
	enum red_situation s;
	enum err r = db_query(db, &q, e,
			      "SELECT situation, SUM(n) FROM red_tally WHERE (unit_id = ? OR ? = 0)"
			      " AND (side = ? OR ? = 0) GROUP BY situation",
			      "llii", unit, unit, side ? (int)*side : 0, side ? 1 : 0);

	memset(out, 0, RED_SITUATIONS * sizeof(*out));
	while (!r && rows_next(q))
		if (red_situation_parse(rows_text(q, 0), &s))
			out[s] = rows_int(q, 1);
	return rows_end(&q, r, e);
}
