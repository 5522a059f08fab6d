/* sandbox/results.c - CXQDFPSCJG: what became of a batch (protocol 4.1, 7.4). */
#include <string.h>

#include "sandbox/faults.h"
#include "sandbox/sandbox_p.h"
#include "sandbox/units.h"

/* Upload time of the receipt, -1 when it is not this unit's or too old. */
static int64_t receipt_at(struct sb *sb, const struct request *rq, const char *sllsh)
{
	int64_t at =
	    db_value(sb, -1, "SELECT at FROM receipt WHERE sllsh=?1 AND env=?2 AND tax_no=?3",
		     "tit", sllsh, (int64_t)rq->env, rq->unit->v[U_TAX_NO]);
	return at >= 0 && rq->now_ms - at < sb->receipt_life_ms ? at : -1;
}

static int64_t delay_ms(const struct sb *sb)
{
	struct fault f;
	if (fault_take(FAULT_KEEP_PROCESSING, "CXQDFPSCJG", &f))
		return f.value * 1000;
	return sb->result_delay_ms;
}

void result_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	const char *sllsh = json_member(rq->json, "sllsh");
	if (!sllsh[0]) {
		answer_fail(data, "01", "参数错误，受理流水号（sllsh）不能为空");
		return;
	}
	int64_t at = receipt_at(sb, rq, sllsh);
	if (at < 0) {
		answer_fail(data, "01", "未查询到发票信息");
		return;
	}
	bool ready = rq->now_ms - at >= delay_ms(sb);
	struct json_out o;
	answer_open(&o, data);
	json_open(&o, "resultList", '[');
	sqlite3_stmt *q = db_query(sb,
				   "SELECT fphm, status, message, code FROM result WHERE sllsh=?1"
				   " ORDER BY position",
				   "t", sllsh);
	while (db_next(sb, q)) {
		json_open(&o, NULL, '{');
		json_put(&o, "fphm", db_text(q, 0));
		json_put(&o, "status", ready ? db_text(q, 1) : "01");
		json_put(&o, "message", ready ? db_text(q, 2) : "发票上传处理中");
		const char *code = ready ? db_text(q, 3) : "BI2000";
		if (code[0])
			json_put(&o, "Code", code);
		json_close(&o, '}');
	}
	json_close(&o, ']');
	json_close(&o, '}');
}
