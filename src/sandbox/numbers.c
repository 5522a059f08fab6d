/* sandbox/numbers.c - invoice number segments (QDFPPLFM; protocol 7.2).
 *
 * A number: year (2), province (2), 7 = 乐企, kind (0 自用, 1 他用, 2 联用), running number (14).
 * The running numbers of both environments come from one counter, so that a number of one
 * environment never exists in the other.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "sandbox/sandbox_p.h"
#include "sandbox/units.h"

enum { SEGMENT_MAX = 5000, YWLSH_MAX = 100, NUMBER_TEXT = 32 };

void numbers_structure(const struct unit *u, char out[5])
{
	const char *relation = u->v[U_RELATION];
	char kind = !strcmp(relation, "joint") ? '2' : !strcmp(relation, "other") ? '1' : '0';
	snprintf(out, 5, "%.2s7%c", u->v[U_PROVINCE] + 1, kind);
}

static void write_number(const char *prefix, int64_t running, char out[NUMBER_TEXT])
{
	snprintf(out, NUMBER_TEXT, "%s%014llu", prefix,
		 (unsigned long long)running % 100000000000000);
}

static void write_segment(struct buf *data, const char *first, const char *last, int64_t count)
{
	struct json_out o;
	answer_open(&o, data);
	json_put(&o, "fpqshm", first);
	json_put(&o, "fpzzhm", last);
	answer_int(&o, "lysl", count);
	json_close(&o, '}');
}

/* True when the ywlsh was used before; the answer is written. */
static bool repeated(struct sb *sb, const struct request *rq, const char *ywlsh, int64_t count,
		     struct buf *data)
{
	sqlite3_stmt *q =
	    db_query(sb, "SELECT tax_no, count, first, last FROM segment WHERE env=?1 AND ywlsh=?2",
		     "it", (int64_t)rq->env, ywlsh);
	if (!db_next(sb, q))
		return false;
	if (db_int(q, 1) == count && !strcmp(db_text(q, 0), rq->unit->v[U_TAX_NO]))
		write_segment(data, db_text(q, 2), db_text(q, 3), count);
	else
		answer_fail(data, "01", "业务流水号已使用，且领用数量或纳税人与首次申请不一致");
	sqlite3_reset(q);
	return true;
}

void numbers_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	long long count;
	const char *ywlsh = json_member(rq->json, "ywlsh");
	if (!answer_same_taxpayer(rq, "nsrsbh", data))
		return;
	if (!ywlsh[0] || strlen(ywlsh) > YWLSH_MAX) {
		answer_fail(data, "01", "参数错误，业务流水号不能为空且不超过100位");
		return;
	}
	if (!json_member_int(rq->json, "lysl", 1, SEGMENT_MAX, &count)) {
		answer_fail(data, "01", "参数错误，领用数量应为1至5000的整数");
		return;
	}
	if (repeated(sb, rq, ywlsh, count, data))
		return;
	char structure[5], prefix[8], first[NUMBER_TEXT], last[NUMBER_TEXT];
	struct datetime now = date_of(rq->now_ms / 1000);
	numbers_structure(rq->unit, structure);
	snprintf(prefix, sizeof(prefix), "%02d%s", now.date.year % 100, structure);
	int64_t next = db_value(sb, 1, "SELECT next FROM counter WHERE prefix=?1", "t", prefix);
	write_number(prefix, next, first);
	write_number(prefix, next + count - 1, last);
	db_run(sb, "INSERT OR REPLACE INTO counter(prefix, next) VALUES(?1, ?2)", "ti", prefix,
	       next + (int64_t)count);
	db_run(sb,
	       "INSERT INTO segment(env, tax_no, ywlsh, count, first, last, province, at)"
	       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	       "ittittti", (int64_t)rq->env, rq->unit->v[U_TAX_NO], ywlsh, (int64_t)count, first,
	       last, rq->unit->v[U_PROVINCE], rq->now_ms);
	write_segment(data, first, last, count);
}

enum segment_state numbers_find(struct sb *sb, enum env env, const struct unit *u, const char *fphm)
{
	if (db_value(sb, 0,
		     "SELECT count(*) FROM (SELECT last FROM segment WHERE env=?1 AND tax_no=?2 AND"
		     " province=?3 AND first<=?4 ORDER BY first DESC LIMIT 1) WHERE last>=?4",
		     "ittt", (int64_t)env, u->v[U_TAX_NO], u->v[U_PROVINCE], fphm) > 0)
		return SEGMENT_OK;
	int64_t any = db_value(sb, 0, "SELECT 1 FROM segment WHERE env=?1 AND tax_no=?2 LIMIT 1",
			       "it", (int64_t)env, u->v[U_TAX_NO]);
	return any ? SEGMENT_UNKNOWN : SEGMENT_NONE;
}
