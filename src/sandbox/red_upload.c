/* sandbox/red_upload.c - a red invoice against its form and its blue invoice; what it changes
 * (protocol 7.12). */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "sandbox/red.h"

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* ---- before the batch is taken ---- */

static sqlite3_stmt *form_line(struct invoice *v, int64_t form, const struct line *l)
{
	sqlite3_stmt *q =
	    db_query(v->sb,
		     "SELECT lzmxxh, je, se, sl, dj, slv, code, full_name, name, ggxh,"
		     " dw, kce, yhzcbs FROM red_line WHERE form=?1 AND xh=?2",
		     "ii", form, (int64_t)l->index);
	return db_next(v->sb, q) ? q : NULL;
}

static bool same_rate(const char *text, const mpq_t rate)
{
	mpq_t q;
	mpq_init(q);
	bool same = num_parse(text, 10, 6, q) && mpq_equal(q, rate);
	mpq_clear(q);
	return same;
}

static bool line_belongs(struct invoice *v, const struct line *l, sqlite3_stmt *q)
{
	char row[24];
	snprintf(row, sizeof(row), "%lld", (long long)db_int(q, 0));
	if (!is(cell(l, "dylzfpmxxh"), row))
		return check_refuse(v, "BI1032", "第%zu行对应蓝字发票明细序号与红字确认单不一致",
				    l->index);
	if (!is(l->code, db_text(q, 6)))
		return check_refuse(v, "BI1033", "第%zu行商品编码与红字确认单不一致", l->index);
	return same_rate(db_text(q, 5), l->slv) ||
	       check_refuse(v, "BI1034", "第%zu行税率与红字确认单不一致", l->index);
}

bool red_check_upload(struct invoice *v)
{
	struct form_row f;
	if (!form_by_uuid(v->sb, v->rq->env, head(v, "hzqrduuid"), &f))
		return true; /* told by the result query */
	for (size_t i = 0; i < v->n; i++) {
		sqlite3_stmt *q = form_line(v, f.id, &v->lines[i]);
		bool ok = q ? line_belongs(v, &v->lines[i], q)
			    : check_refuse(v, "BI1031", "第%zu行不在红字确认单的明细中", i + 1);
		if (q)
			sqlite3_reset(q);
		if (!ok)
			return false;
	}
	return true;
}

/* ---- what the result query tells ---- */

static bool fail(struct red_verdict *out, const char *code, const char *text)
{
	out->code = code;
	text_copy(out->text, sizeof(out->text), text);
	return false;
}

static bool fail_line(struct red_verdict *out, const char *code, size_t line, const char *what)
{
	out->code = code;
	snprintf(out->text, sizeof(out->text), "第%zu行%s与红字确认单不一致", line, what);
	return false;
}

static bool check_form(const struct invoice *v, const struct form_row *f, struct red_verdict *out)
{
	char blue[48];
	int64_t hjje = 0, hjse = 0;
	if (!is(head(v, "hzqrxxdbh"), f->number))
		return fail(out, "BI1061", "红字确认单编号不一致");
	if (f->issued[0] == 'Y')
		return fail(out, "BI1071", "红字确认单已开具红字发票");
	if (!form_valid(f))
		return fail(out, "BI1070", "红字确认单已失效");
	if (!is(f->state, "01") && !is(f->state, "04"))
		return fail(out, "BI1057", "红字确认单状态不允许开具红字发票");
	if (!is(head(v, "xsfnsrsbh"), f->seller) || !is(head(v, "xsfmc"), f->seller_name) ||
	    !is(head(v, "gmfnsrsbh"), f->buyer) || !is(head(v, "gmfmc"), f->buyer_name))
		return fail(out, "BI1058", "购买方或销售方与红字确认单不一致");
	if (!is(head(v, "fppz"), f->kind))
		return fail(out, "BI1060", "票种与红字确认单不一致");
	money_parse(head(v, "hjje"), &hjje);
	money_parse(head(v, "hjse"), &hjse);
	if (hjje != f->red_je || hjse != f->red_se)
		return fail(out, "BI1059", "合计金额或合计税额与红字确认单不一致");
	snprintf(blue, sizeof(blue), "%s%s", f->fpdm, f->fphm);
	if (!is(head(v, "dylzfphm"), blue))
		return fail(out, "BI1062", "对应蓝字发票号码与红字确认单不一致");
	return (int64_t)v->n == f->count || fail(out, "BI1030", "明细行数与红字确认单不一致");
}

/* sl or dj of the form; "" means none. */
static bool same_number(const char *text, bool given, const mpq_t value)
{
	mpq_t q;
	if (!text[0] || !given)
		return !text[0] && !given;
	mpq_init(q);
	bool same = num_parse(text, 25, 24, q) && mpq_equal(q, value);
	mpq_clear(q);
	return same;
}

static bool same_fen(const struct line *l, const char *key, int64_t fen)
{
	int64_t given;
	return money_parse(cell(l, key), &given) && given == fen;
}

static bool check_line(const struct line *l, sqlite3_stmt *q, struct red_verdict *out)
{
	int64_t given = 0, wanted = 0;
	if (!is(cell(l, "xmmc"), db_text(q, 8)) || !is(cell(l, "hwhyslwfwmc"), db_text(q, 7)))
		return fail_line(out, "BI1063", l->index, "项目名称");
	if (!is(cell(l, "ggxh"), db_text(q, 9)))
		return fail_line(out, "BI1064", l->index, "规格型号");
	if (!is(cell(l, "dw"), db_text(q, 10)))
		return fail_line(out, "BI1065", l->index, "单位");
	if (!same_number(db_text(q, 3), l->has_sl, l->sl))
		return fail_line(out, "BI1066", l->index, "数量");
	if (!same_number(db_text(q, 4), l->has_sl, l->dj))
		return fail_line(out, "BI1067", l->index, "单价");
	if (!same_fen(l, "je", db_int(q, 1)))
		return fail_line(out, "BI1068", l->index, "金额");
	if (!same_fen(l, "se", db_int(q, 2)))
		return fail_line(out, "BI1069", l->index, "税额");
	money_parse(cell(l, "kce"), &given);
	money_parse(db_text(q, 11), &wanted);
	if (given != wanted)
		return fail_line(out, "BI1029", l->index, "扣除额");
	return is(cell(l, "yhzcbs"), db_text(q, 12)) ||
	       fail_line(out, "BI1029", l->index, "优惠政策标识");
}

static bool check_form_lines(struct invoice *v, const struct form_row *f, struct red_verdict *out)
{
	for (size_t i = 0; i < v->n; i++) {
		sqlite3_stmt *q = form_line(v, f->id, &v->lines[i]);
		bool same = q ? check_line(&v->lines[i], q, out)
			      : fail(out, "BI1029", "明细与红字确认单不一致");
		if (q)
			sqlite3_reset(q);
		if (!same)
			return false;
	}
	return true;
}

/* What the form does not carry but the blue invoice does. */
static bool check_blue(struct invoice *v, const struct form_row *f, struct red_verdict *out)
{
	static const struct {
		const char *key, *text;
	} same[] = {
	    {"cezslxDm", "差额征税类型与蓝字发票不一致"},
	    {"sgfplxDm", "收购发票类型与蓝字发票不一致"},
	    {"zrrzjlxDm", "自然人证件类型与蓝字发票不一致"},
	    {"zrrzjhm", "自然人证件号码与蓝字发票不一致"},
	    {"zrrgjDm", "自然人国籍与蓝字发票不一致"},
	};
	struct blue b;
	bool ok = blue_load(v->sb, v->rq->env, f->fpdm, f->fphm, &b) ||
		  fail(out, "BI1074", "蓝字发票不存在");
	if (ok && is(b.use[USE_HZSDBS], "Y"))
		ok = fail(out, "BI1087", "蓝字发票锁定，不能解锁");
	bool person = is(head(v, "gmfzrrbz"), "Y");
	if (ok && person != is(blue_text(&b, "gmfzrrbz"), "Y"))
		ok = fail(out, "", "购买方自然人标志与蓝字发票不一致");
	for (size_t i = 0; ok && i < sizeof(same) / sizeof(same[0]); i++) {
		if (!is(head(v, same[i].key), blue_text(&b, same[i].key)))
			ok = fail(out, "", same[i].text);
	}
	blue_free(&b);
	return ok;
}

bool red_judge_upload(struct invoice *v, struct red_verdict *out)
{
	struct form_row f;
	if (!form_by_uuid(v->sb, v->rq->env, head(v, "hzqrduuid"), &f))
		return fail(out, "BI1056", "红字确认单不存在");
	return check_form(v, &f, out) && check_form_lines(v, &f, out) && check_blue(v, &f, out);
}

/* ---- booking ---- */

/* Quota comes back when the blue invoice is of the same month and took it here. */
static int64_t give_quota(struct invoice *v, const struct form_row *f)
{
	struct blue b;
	int64_t fen = check_quota_fen(v);
	bool known = blue_load(v->sb, v->rq->env, f->fpdm, f->fphm, &b);
	bool same = known && b.uploaded && strncmp(f->kprq, head(v, "kprq"), 7) == 0;
	blue_free(&b);
	if (!same)
		return 0;
	quota_give(v->sb, v->rq->env, v->u, v->kprq, -fen);
	return fen;
}

int64_t red_book_upload(struct invoice *v)
{
	struct form_row f;
	if (!form_by_uuid(v->sb, v->rq->env, head(v, "hzqrduuid"), &f))
		return 0;
	int64_t fen = give_quota(v, &f);
	db_run(v->sb,
	       "UPDATE red_form SET issued='Y', red_number=?2, red_kprq=?3, issued_at=?4"
	       " WHERE id=?1",
	       "itti", f.id, v->fphm, head(v, "kprq"), v->rq->now_ms);
	return fen;
}
