/* sandbox/red_form.c - the rows of confirmation forms and what time does to them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/secret.h"
#include "base/text.h"
#include "sandbox/faults.h"
#include "sandbox/red.h"

#define HOURS_72 (INT64_C(72) * 3600 * 1000)

const char *red_schema(void)
{
	return "CREATE TABLE IF NOT EXISTS red_blue(env INTEGER NOT NULL, fpdm TEXT NOT NULL,"
	       " fphm TEXT NOT NULL, paper INTEGER NOT NULL, at INTEGER NOT NULL,"
	       " body TEXT NOT NULL, PRIMARY KEY(env, fpdm, fphm)) WITHOUT ROWID;"
	       "CREATE TABLE IF NOT EXISTS red_use(env INTEGER NOT NULL, fpdm TEXT NOT NULL,"
	       " fphm TEXT NOT NULL, use TEXT NOT NULL, value TEXT NOT NULL,"
	       " PRIMARY KEY(env, fpdm, fphm, use)) WITHOUT ROWID;"
	       "CREATE TABLE IF NOT EXISTS red_auto(other TEXT PRIMARY KEY, deed TEXT NOT NULL,"
	       " after INTEGER NOT NULL) WITHOUT ROWID;"
	       "CREATE TABLE IF NOT EXISTS red_form(id INTEGER PRIMARY KEY, env INTEGER NOT NULL,"
	       " uuid TEXT NOT NULL, number TEXT NOT NULL, applicant TEXT NOT NULL,"
	       " seller TEXT NOT NULL, buyer TEXT NOT NULL, seller_name TEXT NOT NULL,"
	       " buyer_name TEXT NOT NULL, fpdm TEXT NOT NULL, fphm TEXT NOT NULL,"
	       " paper TEXT NOT NULL, kprq TEXT NOT NULL, kind TEXT NOT NULL, tdys TEXT NOT NULL,"
	       " cezs TEXT NOT NULL, reason TEXT NOT NULL, state TEXT NOT NULL,"
	       " issued TEXT NOT NULL DEFAULT 'N', red_number TEXT NOT NULL DEFAULT '',"
	       " red_kprq TEXT NOT NULL DEFAULT '', entered INTEGER NOT NULL,"
	       " confirmed INTEGER NOT NULL DEFAULT 0, issued_at INTEGER NOT NULL DEFAULT 0,"
	       " count INTEGER NOT NULL, hjje INTEGER NOT NULL, hjse INTEGER NOT NULL,"
	       " red_je INTEGER NOT NULL, red_se INTEGER NOT NULL, UNIQUE(env, uuid),"
	       " UNIQUE(env, number));"
	       "CREATE INDEX IF NOT EXISTS red_form_seller ON red_form(env, seller, entered);"
	       "CREATE INDEX IF NOT EXISTS red_form_buyer ON red_form(env, buyer, entered);"
	       "CREATE INDEX IF NOT EXISTS red_form_blue ON red_form(env, fpdm, fphm);"
	       "CREATE INDEX IF NOT EXISTS red_form_open ON red_form(entered)"
	       " WHERE state IN('02','03');"
	       "CREATE TABLE IF NOT EXISTS red_line(form INTEGER NOT NULL, xh INTEGER NOT NULL,"
	       " lzmxxh INTEGER NOT NULL, je INTEGER NOT NULL, se INTEGER NOT NULL,"
	       " sl TEXT NOT NULL, dj TEXT NOT NULL, slv TEXT NOT NULL, code TEXT NOT NULL,"
	       " full_name TEXT NOT NULL, short_name TEXT NOT NULL, name TEXT NOT NULL,"
	       " ggxh TEXT NOT NULL, dw TEXT NOT NULL, kce TEXT NOT NULL, yhzcbs TEXT NOT NULL,"
	       " PRIMARY KEY(form, xh)) WITHOUT ROWID;";
}

bool red_refuse(struct refusal *r, const char *code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(r->text, sizeof(r->text), fmt, ap);
	va_end(ap);
	text_copy(r->code, sizeof(r->code), code);
	return false;
}

void red_answer_refusal(const struct request *rq, const struct refusal *r, struct buf *data)
{
	if (!r->code[0])
		answer_fail(data, "01", "参数错误，%s", r->text);
	else if (!strcmp(r->code, "21") || fault_on(FAULT_BI_RETURNCODE, rq->service))
		answer_fail(data, r->code, "%s", r->text);
	else if (!strcmp(r->code, "N"))
		answer_fail(data, "01", "%s", r->text);
	else
		answer_fail(data, "01", "[%s] %s", r->code, r->text);
}

bool red_may_act(const struct unit *u, struct refusal *r)
{
	const char *code, *text = unit_barred(u, &code);
	return !text || red_refuse(r, "N", "纳税人不符合申请、确认红字确认单的条件（%s）", text);
}

const char *form_state_name(const char *state)
{
	static const char *const names[] = {
	    "",
	    "无需确认",
	    "销方录入待购方确认",
	    "购方录入待销方确认",
	    "购销双方已确认",
	    "作废（销方录入购方否认）",
	    "作废（购方录入销方否认）",
	    "作废（超72小时未确认）",
	    "作废（发起方撤销）",
	    "作废（确认后撤销）",
	    "作废（异常凭证）",
	    "作废（纳税人状态异常）",
	    "作废（自然人拒收）",
	    "作废（已开具退税申请单）",
	};
	if (strlen(state) != 2 || !text_all_digits(state))
		return "";
	size_t i = (size_t)(state[0] - '0') * 10 + (size_t)(state[1] - '0');
	return i < sizeof(names) / sizeof(names[0]) ? names[i] : "";
}

bool form_valid(const struct form_row *f)
{
	return strcmp(f->state, "04") <= 0;
}

void form_read(sqlite3_stmt *q, struct form_row *f)
{
	const struct {
		char *slot;
		size_t size;
	} texts[] = {
	    {f->uuid, sizeof(f->uuid)},
	    {f->number, sizeof(f->number)},
	    {f->applicant, sizeof(f->applicant)},
	    {f->seller, sizeof(f->seller)},
	    {f->buyer, sizeof(f->buyer)},
	    {f->seller_name, sizeof(f->seller_name)},
	    {f->buyer_name, sizeof(f->buyer_name)},
	    {f->fpdm, sizeof(f->fpdm)},
	    {f->fphm, sizeof(f->fphm)},
	    {f->paper, sizeof(f->paper)},
	    {f->kprq, sizeof(f->kprq)},
	    {f->kind, sizeof(f->kind)},
	    {f->tdys, sizeof(f->tdys)},
	    {f->cezs, sizeof(f->cezs)},
	    {f->reason, sizeof(f->reason)},
	    {f->state, sizeof(f->state)},
	    {f->issued, sizeof(f->issued)},
	    {f->red_number, sizeof(f->red_number)},
	    {f->red_kprq, sizeof(f->red_kprq)},
	};
	int64_t *const numbers[] = {&f->entered, &f->confirmed, &f->issued_at, &f->count,
				    &f->hjje,    &f->hjse,      &f->red_je,    &f->red_se};
	f->id = db_int(q, 0);
	f->env = (enum env)db_int(q, 1);
	int column = 2;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		text_copy(texts[i].slot, texts[i].size, db_text(q, column++));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		*numbers[i] = db_int(q, column++);
}

bool form_by_uuid(struct sb *sb, enum env env, const char *uuid, struct form_row *f)
{
	sqlite3_stmt *q =
	    db_query(sb, "SELECT " FORM_COLUMNS " FROM red_form f WHERE f.env=?1 AND f.uuid=?2",
		     "it", (int64_t)env, uuid);
	if (!db_next(sb, q))
		return false;
	form_read(q, f);
	sqlite3_reset(q);
	return true;
}

/* Province of the seller, 0000, year and month, ten digits. */
static void number_form(struct sb *sb, struct form_row *f)
{
	struct datetime t = date_of(f->entered / 1000);
	struct unit u;
	int64_t next = db_value(sb, 1, "SELECT next FROM counter WHERE prefix='确认单'", "");
	db_run(sb, "INSERT OR REPLACE INTO counter(prefix, next) VALUES('确认单', ?1)", "i",
	       next + 1);
	bool known = unit_by(sb, U_TAX_NO, f->seller, &u);
	snprintf(f->number, sizeof(f->number), "%.2s0000%02u%02u%010u",
		 known ? u.v[U_PROVINCE] + 1 : "44", (unsigned)t.date.year % 100,
		 (unsigned)t.date.month % 100, (unsigned)(next % 4000000000));
}

void form_insert(struct sb *sb, struct form_row *f)
{
	random_uuid(f->uuid);
	number_form(sb, f);
	db_run(sb,
	       "INSERT INTO red_form(env, uuid, number, applicant, seller, buyer, seller_name,"
	       " buyer_name, fpdm, fphm, paper, kprq, kind, tdys, cezs, reason, state, entered,"
	       " confirmed, count, hjje, hjse, red_je, red_se) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7,"
	       " ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,"
	       " ?24)",
	       "ittttttttttttttttiiiiiii", (int64_t)f->env, f->uuid, f->number, f->applicant,
	       f->seller, f->buyer, f->seller_name, f->buyer_name, f->fpdm, f->fphm, f->paper,
	       f->kprq, f->kind, f->tdys, f->cezs, f->reason, f->state, f->entered, f->confirmed,
	       f->count, f->hjje, f->hjse, f->red_je, f->red_se);
	f->id = sqlite3_last_insert_rowid(sb->db);
}

void form_set_state(struct sb *sb, int64_t id, const char *state, int64_t confirmed)
{
	db_run(sb,
	       "UPDATE red_form SET state=?2, confirmed=CASE WHEN ?3>0 THEN ?3 ELSE confirmed END"
	       " WHERE id=?1",
	       "iti", id, state, confirmed);
}

/* ---- what time does ---- */

/* The next form the other side reacts to by itself; companies that are units here have hands of
 * their own unless they are named. */
static bool next_reaction(struct sb *sb, int64_t now_ms, struct form_row *f, char deed[2],
			  int64_t *due)
{
	sqlite3_stmt *q = db_query(
	    sb,
	    "SELECT " FORM_COLUMNS ", r.deed, f.entered+r.after FROM red_form f JOIN red_auto r"
	    " ON r.other=CASE WHEN EXISTS(SELECT 1 FROM red_auto x WHERE x.other="
	    "   CASE f.state WHEN '02' THEN f.buyer ELSE f.seller END)"
	    "  THEN CASE f.state WHEN '02' THEN f.buyer ELSE f.seller END ELSE '' END"
	    " WHERE f.state IN('02','03') AND f.entered+r.after<=?1 AND r.after<=?2"
	    " AND (r.other<>'' OR NOT EXISTS(SELECT 1 FROM unit u WHERE u.tax_no="
	    "   CASE f.state WHEN '02' THEN f.buyer ELSE f.seller END))"
	    " ORDER BY f.entered LIMIT 1",
	    "ii", now_ms, HOURS_72);
	if (!db_next(sb, q))
		return false;
	form_read(q, f);
	text_copy(deed, 2, db_text(q, 29));
	*due = db_int(q, 30);
	sqlite3_reset(q);
	return true;
}

void red_tick(struct sb *sb, int64_t now_ms)
{
	struct form_row f;
	struct refusal r;
	char deed[2];
	int64_t due;
	while (next_reaction(sb, now_ms, &f, deed, &due) &&
	       red_act(sb, &f, f.state[1] == '2' ? PARTY_BUYER : PARTY_SELLER, deed[0], due, &r))
		;
	db_run(sb, "UPDATE red_form SET state='07' WHERE state IN('02','03') AND entered<=?1", "i",
	       now_ms - HOURS_72);
}
