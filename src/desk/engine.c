/* engine.c - jobs, parameters, health. */
#include "desk/engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/numbers.h"
#include "desk/page_p.h"
#include "desk/params.h"
#include "desk/unit_p.h"
#include "print/print.h"
#include "tax/tax.h"

static const struct {
	const char *kind, *label;
} KINDS[] = {
    {JOB_VERIFY, "验证单位"},
    {JOB_PROBE, "检查连接"},
    {JOB_TAXPAYER, "同步企业信息"},
    {JOB_TAXCODES, "同步税收编码"},
    {JOB_CLAIM, "数电领购"},
    {JOB_QUOTA_SYNC, "同步额度"},
    {JOB_QUOTA_MOVE, "下载或退回额度"},
    {JOB_QUOTA_ADJUST, "调整额度有效期"},
    {JOB_UPLOAD, "上传发票"},
    {JOB_POLL, "查询上传结果"},
    {JOB_IMPORT, "批量导入"},
    {JOB_PUSH, "推送开票结果"},
    {JOB_MAIL, "发送邮件"},
    {JOB_POST_TEST, "测试推送或邮件"},
    {JOB_RECON, "对账"},
    {JOB_SUMMARY_CONFIRM, "汇总确认"},
    {JOB_SUMMARY_CANCEL, "取消汇总确认"},
    {JOB_SUMMARY_LOOK, "取汇总数"},
    {JOB_RED_APPLY, "申请红字确认单"},
    {JOB_RED_ACT, "处理红字确认单"},
    {JOB_RED_SYNC, "同步红字确认单"},
};

const char *desk_job_kind(size_t i)
{
	return i < sizeof(KINDS) / sizeof(KINDS[0]) ? KINDS[i].kind : NULL;
}

const char *desk_job_label(const char *kind)
{
	size_t i;

	for (i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		if (!strcmp(KINDS[i].kind, kind))
			return KINDS[i].label;
	}
	return kind;
}

static enum err parse_id(const char *text, const char *what, int64_t *out, struct err_info *e)
{
	if (text_all_digits(text) && strlen(text) < 19) {
		*out = strtoll(text, NULL, 10);
		return ERR_OK;
	}
	return err_fail(e, ERR_INVALID, "id.form", what, "编号“%.40s”应为数字", text);
}

/* ---- jobs ---- */

static bool state_of(const char *word, enum job_state *out)
{
	int i;

	for (i = JOB_READY; i <= JOB_CANCELLED; i++) {
		if (!strcmp(job_state_word((enum job_state)i), word) ||
		    !strcmp(job_state_label((enum job_state)i), word)) {
			*out = (enum job_state)i;
			return true;
		}
	}
	return false;
}

struct jobs {
	struct page page;
	struct db *db;
	struct job_filter filter;
	job_each f;
	void *arg;
};

static enum err give_job(void *arg, const struct job *j)
{
	struct jobs *l = arg;

	return page_takes(&l->page, j->id) ? l->f(l->arg, j) : ERR_OK;
}

static enum err read_jobs(struct page *p, int64_t cursor, int max, struct err_info *e)
{
	struct jobs *l = (struct jobs *)p;

	return store_job_list(l->db, &l->filter, cursor, max, give_job, l, e);
}

enum err desk_job_list(struct session *s, const struct job_query *q, job_each f, void *arg,
		       int64_t *next, int64_t *total, struct err_info *e)
{
	enum job_state state = JOB_READY;
	int64_t units[JOB_UNITS];
	struct jobs l = {.page = {.read = read_jobs},
			 .db = s->db,
			 .filter = {.kind = q->kind, .units = units},
			 .f = f,
			 .arg = arg};
	enum err r = desk_allow(s, DESK_VIEW, e);

	*next = *total = 0;
	if (r || (r = store_job_imports_mend(s->db, s->home, e)))
		return r;
	if (q->state && !state_of(q->state, &state))
		return err_fail(e, ERR_INVALID, "job.state", "任务状态", "“%.40s”不是任务状态",
				q->state);
	l.filter.state = q->state ? &state : NULL;
	if (!text_empty(q->unit) &&
	    (r = unit_ids_named(s, q->unit, units, JOB_UNITS, &l.filter.unit_count, e)))
		return r;
	return page_list(&l.page, q->cursor, q->limit, next, total, e);
}

enum err desk_job_get(struct session *s, const char *id, struct job *out, struct err_info *e)
{
	int64_t n = 0;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = parse_id(id, "任务", &n, e)) ||
	    (r = store_job_imports_mend(s->db, s->home, e)))
		return r;
	return store_job_get(s->db, n, out, e);
}

static enum err cancel(struct session *s, const struct job *j, const char *id, struct err_info *e)
{
	enum err r;

	if (!strcmp(j->kind, JOB_UPLOAD) || !strcmp(j->kind, JOB_POLL)) {
		err_fail(e, ERR_INVALID, "job.invoice", "任务",
			 "发票的任务不能取消，否则发票的结果无从得知");
		err_hint(e, "失败的发票可用 kaipiao invoices void 作废");
		return ERR_INVALID;
	}
	if (j->attempts &&
	    (!strcmp(j->kind, JOB_SUMMARY_CONFIRM) || !strcmp(j->kind, JOB_SUMMARY_CANCEL))) {
		err_fail(e, ERR_INVALID, "job.summary", "任务",
			 "汇总确认已经发出过，税局办了没有要问过才知道，不能取消");
		err_hint(e, "办成后可用 kaipiao summary cancel 取消确认");
		return ERR_INVALID;
	}
	if (!strcmp(j->kind, JOB_PUSH) || !strcmp(j->kind, JOB_MAIL)) {
		err_fail(e, ERR_INVALID, "job.post", "任务", "推送和邮件在交付与推送里搁置或取消");
		err_hint(e, "用 kaipiao push skip 编号 或 kaipiao mail cancel 编号");
		return ERR_INVALID;
	}
	if (j->state != JOB_READY)
		return err_fail(e, ERR_INVALID, "job.state", "任务",
				"第 %s 号任务的状态是“%s”，只能取消待处理的任务", id,
				job_state_label(j->state));
	if ((r = db_begin(s->db, e)))
		return r;
	if ((r = store_job_cancel(s->db, j->id, e)) ||
	    (r = desk_audit(s, j->unit_id, "job.cancel", id, "", "", e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

enum err desk_job_cancel(struct session *s, const char *id, struct err_info *e)
{
	struct job j;
	enum err r;

	if ((r = desk_allow(s, DESK_JOBS, e)) || (r = desk_job_get(s, id, &j, e)))
		return r;
	r = cancel(s, &j, id, e);
	job_free(&j);
	return r;
}

/* ---- parameters ---- */

enum err desk_param_get(struct session *s, const char *type, const char *key, char *out,
			size_t size, struct err_info *e)
{
	enum err r = desk_allow(s, DESK_VIEW, e);

	return r ? r : store_setting_get(s->db, type, key, "", out, size, e);
}

enum err desk_param_set(struct session *s, const char *type, const char *key, const char *value,
			struct err_info *e)
{
	char old[512] = "";
	enum err r;

	if ((r = desk_allow(s, DESK_PARAMS, e)))
		return r;
	if ((r = desk_param_check(type, key, value, e)))
		return r;
	if ((r = store_setting_get(s->db, type, key, "", old, sizeof(old), e)) ||
	    (r = db_begin(s->db, e)))
		return r;
	if ((r = store_setting_set(s->db, type, key, value, e)) ||
	    (r = desk_audit(s, 0, "param.set", key, old, value, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

enum err desk_param_list(struct session *s, const char *type, setting_each f, void *arg,
			 struct err_info *e)
{
	enum err r = desk_allow(s, DESK_VIEW, e);

	return r ? r : store_setting_list(s->db, type, f, arg, e);
}

/* ---- health ---- */

enum err desk_health(struct session *s, struct err_info *e)
{
	struct unit_set set;
	size_t i;
	enum err r;

	if ((r = db_check(s->db, e)) || (r = unit_set_all(s, "using", &set, e)))
		return r;
	for (i = 0; i < set.n && !r; i++)
		r = store_quota_audit(s->db, set.items[i].id, e);
	unit_set_free(&set);
	return r;
}

static enum err trial_render(const struct invoice *inv, struct err_info *e)
{
	struct print_face face = {.invoice = inv,
				  .region_code = "14403000000",
				  .platform_no = "",
				  .issue_mode = PRINT_MODE_OWN,
				  .watermark = "演练"};
	struct buf b;
	enum err r;

	buf_init(&b, PRINT_SIZE_MAX);
	r = print_render(PRINT_PDF, &face, &b, e);
	buf_free(&b);
	return r;
}

enum err desk_fonts(struct err_info *e)
{
	struct invoice inv;
	struct tax_line *l;
	enum err r;

	invoice_init(&inv);
	text_copy(inv.number, sizeof(inv.number), "25447000000000000001");
	text_copy(inv.issued_at, sizeof(inv.issued_at), "2025-01-01 00:00:00");
	mem_set(&inv.buyer.name, "购买方");
	mem_set(&inv.seller.name, "销售方");
	mem_set(&inv.drawer, "开票人");
	l = invoice_add_line(&inv);
	mem_set(&l->name, "项目");
	l->rate_ppm = 130000;
	l->has_amount = true;
	l->amount_fen = 100;
	r = tax_invoice_compute(&inv, e);
	if (!r)
		r = trial_render(&inv, e);
	invoice_free(&inv);
	return r;
}
