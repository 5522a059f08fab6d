/* recon_difference.c - 对账: the differences and what is to be done about each. */
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "store/recon.h"

static const struct {
	const char *word, *label, *mend;
	bool fault;
} KINDS[RECON_KINDS] = {
    [RECON_UNKNOWN_THERE] = {"unknown-there", "未定，税局已有", "核对内容后认作已开；勿换号码重开",
			     true},
    [RECON_FAILED_THERE] = {"failed-there", "失败，税局已有", "勿重试、勿作废；核对内容后认作已开",
			    true},
    [RECON_VOID_THERE] = {"void-there", "作废，税局已有",
			  "税局认为已开：订单若已另开，须对其中一张开红字发票", true},
    [RECON_STRANGE] = {"strange", "号段内，本机没有",
		       "是否恢复过旧备份，或另一台机器用了同一号段；先停用号段再查", true},
    [RECON_DIFFERS] = {"differs", "内容不同", "以税局为准核对；须更正的开红字发票后重开", true},
    [RECON_ONLY_OURS] = {"only-ours", "已开，税局没有",
			 "勿交付购方；从请求日志找出当时的应答，联系主管税务机关", true},
    [RECON_UNKNOWN_ABSENT] = {"unknown-absent", "未定，税局没有", "再同步，或重试：用同一号码继续",
			      true},
    [RECON_STATE] = {"state", "税局状态", "作废或红冲的情况两边不同：核对红字发票，勿再交付", true},
    [RECON_FIGURES] = {"figures", "汇总数不同", "先处理各张的差异，几分钟后再对一次", true},
    [RECON_BOUNDARY] = {"boundary", "跨月", "开票日期与成功时间不在同一月，按成功的月份计", false},
    [RECON_OTHER] = {"other", "其他渠道", "不在本机号段内，由电子税务局或其他平台开具", false},
};

const char *recon_kind_word(enum recon_kind k)
{
	return KINDS[k].word;
}

const char *recon_kind_label(enum recon_kind k)
{
	return KINDS[k].label;
}

const char *recon_kind_mend(enum recon_kind k)
{
	return KINDS[k].mend;
}

bool recon_kind_fault(enum recon_kind k)
{
	return KINDS[k].fault;
}

bool recon_kind_parse(const char *s, enum recon_kind *out)
{
	for (int i = 0; i < RECON_KINDS; i++)
		if (text_eq(s, KINDS[i].word) || text_eq(s, KINDS[i].label)) {
			*out = (enum recon_kind)i;
			return true;
		}
	return false;
}

const char *recon_state_label(const char *word)
{
	return !strcmp(word, "settled")     ? "已处理"
	       : !strcmp(word, "dismissed") ? "已核对"
					    : "待处理";
}

enum err store_difference_add(struct db *db, const struct recon_difference *d, struct err_info *e)
{
	int64_t id = 0;
	bool there = false;
	enum err r = db_get_int(db, e, &id, &there,
				"SELECT id FROM recon_difference WHERE run_id = ? AND number = ?"
				" AND kind = ?",
				"lss", d->run_id, d->number, KINDS[d->kind].word);

	if (r || there || (r = db_next_id(db, "recon_difference", &id, e)))
		return r;
	return db_run(db, e, NULL,
		      "INSERT INTO recon_difference (id, run_id, unit_id, kind, number,"
		      " invoice_id, compared, state, buyer, gross, ours, theirs)"
		      " VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?)",
		      "lllsslislss", id, d->run_id, d->unit_id, KINDS[d->kind].word, d->number,
		      d->invoice_id, (int)d->compared, d->buyer, d->gross, d->ours, d->theirs);
}

#define DIFFERENCE                                                                                 \
	"SELECT id, run_id, unit_id, kind, number, invoice_id, compared, state, buyer, gross,"     \
	" ours, theirs, note, COALESCE(settled_at, 0) FROM recon_difference WHERE "

static void read_difference(struct rows *q, struct recon_difference *d)
{
	*d = (struct recon_difference) {.id = rows_int(q, 0),
					.run_id = rows_int(q, 1),
					.unit_id = rows_int(q, 2),
					.invoice_id = rows_int(q, 5),
					.compared = (enum recon_compared)rows_int(q, 6),
					.gross = rows_int(q, 9),
					.settled_at = rows_int(q, 13)};
	recon_kind_parse(rows_text(q, 3), &d->kind);
	text_copy(d->number, sizeof(d->number), rows_text(q, 4));
	text_copy(d->state, sizeof(d->state), rows_text(q, 7));
	text_copy(d->buyer, sizeof(d->buyer), rows_text(q, 8));
	text_copy(d->ours, sizeof(d->ours), rows_text(q, 10));
	text_copy(d->theirs, sizeof(d->theirs), rows_text(q, 11));
	text_copy(d->note, sizeof(d->note), rows_text(q, 12));
}

enum err store_difference_get(struct db *db, int64_t id, struct recon_difference *out,
			      struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, DIFFERENCE "id = ?", "l", id);
	bool found = !r && rows_next(q);

	if (found)
		read_difference(q, out);
	r = rows_end(&q, r, e);
	return r || found ? r
			  : err_fail(e, ERR_INVALID, "recon.difference", "对账",
				     "没有编号为 %lld 的差异", (long long)id);
}

enum err store_difference_settle(struct db *db, int64_t id, const char *state, const char *note,
				 struct err_info *e)
{
	return db_run(db, e, NULL,
		      "UPDATE recon_difference SET state = ?, note = ?, settled_at = ?"
		      " WHERE id = ?",
		      "ssll", state, note, clock_now(), id);
}

#define CHOSEN                                                                                     \
	"run_id = ? AND (? = '' OR kind = ?)"                                                      \
	" AND (? = 1 OR (kind <> 'other' AND kind <> 'boundary'))"

enum err store_difference_list(struct db *db, const struct difference_filter *f,
			       difference_each each, void *arg, int64_t *next, int64_t *total,
			       struct err_info *e)
{
	const char *kind = f->kind ? KINDS[*f->kind].word : "";
	int all = f->all || f->kind;
	struct recon_difference d;
	struct rows *q;
	int seen = 0;
	enum err r = db_query(db, &q, e, DIFFERENCE CHOSEN " AND id > ? ORDER BY id LIMIT ?",
			      "lssili", f->run, kind, kind, all, f->cursor, f->limit + 1);

	*next = 0;
	while (!r && rows_next(q)) {
		if (seen++ == f->limit) {
			*next = d.id;
			break;
		}
		read_difference(q, &d);
		r = each(arg, &d);
	}
	if ((r = rows_end(&q, r, e)))
		return r;
	return db_get_int(db, e, total, NULL, "SELECT COUNT(*) FROM recon_difference WHERE " CHOSEN,
			  "lssi", f->run, kind, kind, all);
}

enum err store_difference_open(struct db *db, int64_t run, int64_t *out, struct err_info *e)
{
	return db_get_int(db, e, out, NULL,
			  "SELECT COUNT(*) FROM recon_difference WHERE run_id = ?"
			  " AND state = 'open' AND kind <> 'other' AND kind <> 'boundary'",
			  "l", run);
}
