/* sandbox/upload.c - QDFPSC: a batch is taken whole or refused whole (protocol 7.1, 7.4).
 *
 * Synchronous  size, duplicates, content of every invoice, numbers in the taxpayer's segments.  The
 *              first refusal refuses the batch.
 * Afterwards   structure of the number, qualification, quota, the form of a red one: told per
 *              invoice by the result query (status 02); a number already accepted is status 03 and
 *              is not looked at again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "sandbox/check.h"
#include "sandbox/faults.h"
#include "sandbox/red.h"
#include "sandbox/summary.h"

struct item {
	struct invoice v;
	char *body; /* the invoice printed compactly */
	char sha[HASH_TEXT];
	bool known, checked;
	int64_t quota; /* fen taken (blue) or given back (red, negative) */
};

struct batch {
	struct sb *sb;
	const struct request *rq;
	struct item *items;
	size_t n;
};

struct verdict {
	const char *status, *code;
	char message[FAULT_TEXT];
};

static void record_content(struct batch *b, const struct item *it, const char *outcome)
{
	db_run(b->sb, "INSERT INTO content(env, fphm, sha, outcome, at) VALUES(?1, ?2, ?3, ?4, ?5)",
	       "ittti", (int64_t)b->rq->env, it->v.fphm, it->sha, outcome, b->rq->now_ms);
}

static void refuse_batch(struct batch *b, struct buf *data, const char *code, const char *text)
{
	for (size_t i = 0; i < b->n; i++)
		record_content(b, &b->items[i], "refused");
	if (!code[0])
		answer_fail(data, "01", "参数错误，%s", text);
	else if (fault_on(FAULT_BI_RETURNCODE, "QDFPSC"))
		answer_fail(data, code, "%s", text);
	else
		answer_fail(data, "01", "[%s] %s", code, text);
}

static void refuse_item(struct batch *b, const struct item *it, struct buf *data)
{
	char text[800];
	snprintf(text, sizeof(text), "第%zu张发票（%.20s）：%s", it->v.index, it->v.fphm,
		 it->v.text);
	refuse_batch(b, data, it->v.code, text);
}

/* ---- reading the batch ---- */

static size_t count_items(const cJSON *list)
{
	size_t n = 0;
	const cJSON *each;
	cJSON_ArrayForEach(each, list)
	{
		n++;
	}
	return n;
}

static void read_items(struct batch *b)
{
	const cJSON *each;
	size_t i = 0;
	b->items = mem_zalloc(b->n * sizeof(b->items[0]));
	cJSON_ArrayForEach(each, b->rq->json)
	{
		struct item *it = &b->items[i++];
		struct buf text;
		struct json_out o;
		buf_init(&text, SB_BODY_MAX);
		json_out_init(&o, &text, 0);
		json_put_tree(&o, NULL, each);
		hash_sha256(buf_str(&text), text.len, it->sha);
		it->body = buf_detach(&text);
		it->v.fphm = json_member(each, "fphm");
		it->v.json = each;
		it->v.index = i;
	}
}

static void free_items(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		if (b->items[i].checked)
			check_free(&b->items[i].v);
		free(b->items[i].body);
	}
	free(b->items);
}

/* ---- synchronous checks ---- */

static bool twice_in_batch(struct batch *b, struct buf *data)
{
	for (size_t i = 1; i < b->n; i++) {
		for (size_t k = 0; k < i; k++) {
			if (b->items[i].v.fphm[0] &&
			    strcmp(b->items[i].v.fphm, b->items[k].v.fphm) == 0) {
				check_refuse(&b->items[i].v, "BI1001", "发票号码在本批次内重复");
				refuse_item(b, &b->items[i], data);
				return true;
			}
		}
	}
	return false;
}

static bool number_legal(struct batch *b, struct invoice *v)
{
	switch (numbers_find(b->sb, b->rq->env, b->rq->unit, v->fphm)) {
	case SEGMENT_OK:
		return true;
	case SEGMENT_NONE:
		return check_refuse(v, "BI1035", "未查询到该企业的赋码段");
	case SEGMENT_UNKNOWN:
		break;
	}
	return check_refuse(v, "BI1036", "上传的发票号码不在该企业可用申请的赋码段内");
}

static bool check_items(struct batch *b, struct buf *data)
{
	for (size_t i = 0; i < b->n; i++) {
		struct item *it = &b->items[i];
		it->known = db_value(b->sb, 0, "SELECT 1 FROM invoice WHERE env=?1 AND fphm=?2",
				     "it", (int64_t)b->rq->env, it->v.fphm) != 0;
		if (it->known && fault_take(FAULT_DUPLICATE_SYNC, "QDFPSC", NULL)) {
			check_refuse(&it->v, "", "发票号码为[%s]在数据库中已存在", it->v.fphm);
			refuse_item(b, it, data);
			return false;
		}
		if (it->known)
			continue;
		it->checked = true;
		if (!check_invoice(&it->v, b->sb, b->rq, it->v.json, i + 1) ||
		    !number_legal(b, &it->v) || (it->v.red && !red_check_upload(&it->v))) {
			refuse_item(b, it, data);
			return false;
		}
	}
	return true;
}

/* ---- what the result query will say ---- */

static bool fail(struct verdict *out, const char *code, const char *message)
{
	out->status = "02";
	out->code = code;
	text_copy(out->message, sizeof(out->message), message);
	return false;
}

static bool qualified(const struct batch *b, struct verdict *out)
{
	const char *code, *text = unit_barred(b->rq->unit, &code);
	if (text)
		return fail(out, code, text);
	return !unit_safety_over(b->rq->unit, b->rq->now_ms / 1000) ||
	       fail(out, "", "开票安全验证已到期，请先完成开票安全验证");
}

static bool quota_taken(struct batch *b, struct item *it, struct verdict *out)
{
	const struct invoice *v = &it->v;
	int64_t fen = it->quota = check_quota_fen(v);
	if (fen == 0)
		return true;
	switch (quota_use(b->sb, b->rq->env, b->rq->unit, v->kprq, fen)) {
	case QUOTA_OK:
		return true;
	case QUOTA_MISSING:
		return fail(out, "BI1007", "开票日期所属月份没有已下载的额度");
	case QUOTA_OUTSIDE:
		return fail(out, "BI1004", "开票日期不在额度使用区间内");
	case QUOTA_SHORT:
		break;
	}
	return fail(out, "BI1005", "已下载未使用的额度不足");
}

/* A red invoice against its form; then the form is used and the quota given back. */
static bool red_taken(struct item *it, struct verdict *out)
{
	struct red_verdict red;
	if (!red_judge_upload(&it->v, &red))
		return fail(out, red.code, red.text);
	it->quota = red_book_upload(&it->v);
	return true;
}

static bool judge(struct batch *b, struct item *it, struct verdict *out)
{
	const struct invoice *v = &it->v;
	struct fault f;
	char structure[5];
	if (fault_take(FAULT_FAIL_RESULT, "QDFPSC", &f))
		return fail(out, "BI1012", f.text[0] ? f.text : "上传失败");
	numbers_structure(b->rq->unit, structure);
	if (strncmp(v->fphm + 2, structure, 4) != 0)
		return fail(out, "BI1003", "发票号码结构不正确");
	if (!qualified(b, out) || !(v->red ? red_taken(it, out) : quota_taken(b, it, out)))
		return false;
	out->status = "00";
	out->code = "";
	text_copy(out->message, sizeof(out->message), "上传成功");
	return true;
}

static void keep_invoice(struct batch *b, const struct item *it, const char *sllsh)
{
	const struct invoice *v = &it->v;
	int64_t hjje = 0, hjse = 0, jshj = 0;
	money_parse(head(v, "hjje"), &hjje);
	money_parse(head(v, "hjse"), &hjse);
	money_parse(head(v, "jshj"), &jshj);
	db_run(b->sb,
	       "INSERT INTO invoice(env, fphm, tax_no, kprq, hjje, hjse, jshj, quota, sha, at,"
	       " sllsh, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
	       "itttiiiititt", (int64_t)b->rq->env, v->fphm, b->rq->unit->v[U_TAX_NO],
	       head(v, "kprq"), hjje, hjse, jshj, it->quota, it->sha, b->rq->now_ms, sllsh,
	       it->body);
}

static void take_item(struct batch *b, struct item *it, const char *sllsh)
{
	struct verdict out = {.status = "03", .code = ""};
	if (it->known) {
		snprintf(out.message, sizeof(out.message), "发票号码为[%s]在数据库中已存在",
			 it->v.fphm);
		record_content(b, it, "duplicate");
	} else if (judge(b, it, &out)) {
		keep_invoice(b, it, sllsh);
		record_content(b, it, "accepted");
	} else {
		record_content(b, it, "failed");
	}
	db_run(b->sb,
	       "INSERT INTO result(sllsh, position, fphm, status, message, code)"
	       " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
	       "titttt", sllsh, (int64_t)it->v.index, it->v.fphm, out.status, out.message,
	       out.code);
}

static void take_batch(struct batch *b, struct buf *data)
{
	char sllsh[UUID_TEXT];
	random_uuid(sllsh);
	db_run(b->sb, "INSERT INTO receipt(sllsh, env, tax_no, at) VALUES(?1, ?2, ?3, ?4)", "titi",
	       sllsh, (int64_t)b->rq->env, b->rq->unit->v[U_TAX_NO], b->rq->now_ms);
	for (size_t i = 0; i < b->n; i++)
		take_item(b, &b->items[i], sllsh);
	struct json_out o;
	answer_open(&o, data);
	json_put(&o, "sllsh", sllsh);
	json_close(&o, '}');
}

void upload_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	struct batch b = {.sb = sb, .rq = rq, .n = count_items(rq->json)};
	if (!cJSON_IsArray(rq->json) || b.n == 0) {
		answer_fail(data, "01", "参数错误，请求应为发票列表");
		return;
	}
	if (b.n > BATCH_MAX) {
		answer_fail(data, "01", "参数错误，每次上传不超过100张发票，本次%zu张", b.n);
		return;
	}
	red_tick(sb, rq->now_ms);
	read_items(&b);
	if (summary_missing(sb, rq))
		refuse_batch(&b, data, "BD1004", "上月未完成上传汇总确认，请完成上月汇总确认再试");
	else if (!twice_in_batch(&b, data) && check_items(&b, data))
		take_batch(&b, data);
	free_items(&b);
}
