/* sandbox/red_lines.c - the lines of an application against the blue invoice: same goods, what the
 * reason lets change, never more than is left (protocol 7.10). */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sandbox/red.h"

enum { NEAR_PRODUCT = 1, NEAR_TAX = 6 }; /* hundredths */

struct row {
	const cJSON *json;
	size_t index;
	const struct blue_line *blue;
	mpq_t je, se, slv, sl, dj;
	bool has_sl;
};

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static const char *text_of(const struct row *r, const char *key)
{
	return json_member(r->json, key);
}

/* A line of the form differs from the blue one. */
static bool differs(struct application *a, const struct row *r, const char *name)
{
	return red_refuse(&a->why, "N", "确认单中第%zu条明细中,%s与原蓝字发票不符,请检查", r->index,
			  name);
}

static bool refuse_line(struct application *a, const struct row *r, const char *code,
			const char *what)
{
	return red_refuse(&a->why, code, "确认单中第%zu条明细中,%s", r->index, what);
}

/* ---- one line by itself ---- */

static bool read_quantity(struct application *a, struct row *r)
{
	const char *sl = text_of(r, "fpspsl"), *dj = text_of(r, "fpspdj");
	if ((sl[0] != 0) != (dj[0] != 0))
		return refuse_line(a, r, "N", "数量和单价应同时填写或同时为空");
	r->has_sl = sl[0] != 0;
	if (!r->has_sl)
		return true;
	if (!num_parse(sl, 25, 24, r->sl))
		return refuse_line(a, r, "RI1007", "数量不是数字");
	if (!num_parse(dj, 25, 24, r->dj))
		return refuse_line(a, r, "RI1010", "单价不是数字");
	if (mpq_sgn(r->sl) >= 0)
		return refuse_line(a, r, "RI1008", "数量应小于0");
	return mpq_sgn(r->dj) > 0 || refuse_line(a, r, "RI1011", "单价应大于0");
}

static bool product_near(const mpq_t x, const mpq_t y, const mpq_t z, unsigned long hundredths)
{
	mpq_t p;
	mpq_init(p);
	mpq_mul(p, x, y);
	bool near = num_near(p, z, hundredths);
	mpq_clear(p);
	return near;
}

static bool check_amounts(struct application *a, struct row *r)
{
	num_parse(text_of(r, "je"), 16, 2, r->je);
	num_parse(text_of(r, "se"), 16, 2, r->se);
	num_parse(text_of(r, "sl1"), 10, 6, r->slv);
	if (mpq_sgn(r->slv) < 0)
		return refuse_line(a, r, "RI1003", "税率小于0");
	if (mpq_sgn(r->je) >= 0 || mpq_sgn(r->se) > 0)
		return refuse_line(a, r, "N", "金额应小于0，税额不应大于0");
	if (!read_quantity(a, r))
		return false;
	if (r->has_sl && !product_near(r->dj, r->sl, r->je, NEAR_PRODUCT))
		return refuse_line(a, r, "N", "单价乘以数量与金额相差超过0.01");
	return a->form.cezs[0] || product_near(r->je, r->slv, r->se, NEAR_TAX) ||
	       refuse_line(a, r, "N", "金额乘以税率与税额相差超过0.06");
}

/* ---- against the blue line ---- */

static bool find_blue(struct application *a, struct row *r, bool *seen)
{
	const char *text = text_of(r, "lzmxxh");
	long row = strlen(text) <= 6 ? strtol(text, NULL, 10) : 0;
	if (row < 1 || (size_t)row > a->blue.n || a->blue.lines[row - 1].gone)
		return refuse_line(a, r, "N", "蓝字发票明细序号不存在");
	if (seen[row - 1])
		return refuse_line(a, r, "N", "蓝字发票明细序号重复");
	seen[row - 1] = true;
	r->blue = &a->blue.lines[row - 1];
	return true;
}

static bool check_same(struct application *a, const struct row *r)
{
	static const struct {
		const char *key, *name;
	} same[] = {
	    {"sphfwssflhbbm", "商品和服务税收分类合并编码"},
	    {"spfwjc", "商品服务简称"},
	    {"xmmc", "项目名称"},
	    {"hwhyslwfwmc", "货物或应税劳务、服务名称"},
	    {"ggxh", "规格型号"},
	    {"dw", "单位"},
	};
	mpq_t rate;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		if (!is(text_of(r, same[i].key), json_member(r->blue->json, same[i].key)))
			return differs(a, r, same[i].name);
	}
	mpq_init(rate);
	bool known = num_parse(json_member(r->blue->json, "slv"), 10, 6, rate);
	bool equal = known && mpq_equal(rate, r->slv);
	mpq_clear(rate);
	return equal || differs(a, r, "税率");
}

/* |part| + reversed > whole */
static bool beyond(const mpq_t part, const mpq_t reversed, const mpq_t whole)
{
	mpq_t sum;
	mpq_init(sum);
	mpq_sub(sum, reversed, part);
	bool over = mpq_cmp(sum, whole) > 0;
	mpq_clear(sum);
	return over;
}

static bool check_rest(struct application *a, const struct row *r)
{
	const struct blue_line *b = r->blue;
	if (r->has_sl && !b->has_sl)
		return differs(a, r, "数量、单价");
	if (r->has_sl && mpq_cmp(r->dj, b->dj) > 0)
		return refuse_line(a, r, "N", "单价大于原蓝字发票");
	if (r->has_sl && beyond(r->sl, b->red_sl, b->sl))
		return refuse_line(a, r, "N", "数量大于原蓝字发票剩余可冲红数量");
	if (beyond(r->je, b->red_je, b->je))
		return refuse_line(a, r, "N", "金额大于原蓝字发票剩余可冲红金额");
	return !beyond(r->se, b->red_se, b->se) ||
	       refuse_line(a, r, "N", "税额大于原蓝字发票剩余可冲红税额");
}

/* ---- what the reason allows ---- */

/* The blue price, or the one net of the discount, rounded anyhow. */
static bool price_kept(const struct row *r)
{
	return mpq_equal(r->dj, r->blue->dj) ||
	       (r->blue->discounted && product_near(r->dj, r->blue->sl, r->blue->je, NEAR_PRODUCT));
}

static bool whole_line(const struct row *r)
{
	mpq_t sum;
	mpq_init(sum);
	mpq_add(sum, r->je, r->blue->je);
	bool whole = mpq_sgn(sum) == 0;
	mpq_add(sum, r->se, r->blue->se);
	whole = whole && mpq_sgn(sum) == 0;
	mpq_clear(sum);
	return whole;
}

static bool check_reason(struct application *a, const struct row *r)
{
	const char *reason = a->form.reason;
	mpq_t sum;
	if (is(reason, "04"))
		return !r->has_sl || refuse_line(a, r, "N", "销售折让时数量、单价应为空");
	if (r->blue->has_sl && !r->has_sl)
		return refuse_line(a, r, "N", "数量、单价不能为空");
	if (r->has_sl && !price_kept(r))
		return differs(a, r, "单价");
	if (!is(reason, "01"))
		return true;
	mpq_init(sum);
	mpq_add(sum, r->sl, r->blue->sl);
	bool same = whole_line(r) && (!r->has_sl || mpq_sgn(sum) == 0);
	mpq_clear(sum);
	return same || red_refuse(&a->why, "N",
				  "开票有误不允许部分冲红，第%zu条明细与原蓝字发票不符", r->index);
}

/* Goods cannot be a service broken off, services cannot be returned; mixed invoices are free. */
static bool check_codes(struct application *a)
{
	bool goods = true, services = true;
	for (size_t i = 0; i < a->blue.n; i++) {
		char first = json_member(a->blue.lines[i].json, "sphfwssflhbbm")[0];
		goods = goods && (first == '1' || first == '2');
		services = services && first == '3';
	}
	if (goods && is(a->form.reason, "03"))
		return red_refuse(&a->why, "N", "货物类商品编码的冲红原因不能为服务中止");
	return !services || !is(a->form.reason, "02") ||
	       red_refuse(&a->why, "N", "服务类商品编码的冲红原因不能为销货退回");
}

/* Every line of the blue invoice, wholly. */
static bool is_full(const struct application *a, const struct row *rows, size_t n)
{
	size_t lines = 0;
	for (size_t i = 0; i < a->blue.n; i++)
		lines += !a->blue.lines[i].gone;
	for (size_t i = 0; i < n; i++) {
		if (!whole_line(&rows[i]))
			return false;
	}
	return lines == n;
}

/* 部分加计: first what was not deducted (or the whole), then what is left. */
static bool check_added(struct application *a)
{
	int64_t rest = 0, je = -a->form.red_je;
	if (!is(a->blue.use[USE_ZZSYHYT], "3"))
		return true;
	money_parse(a->blue.use[USE_REST], &rest);
	if (a->blue.red_je > 0)
		rest = a->form.hjje - a->blue.red_je;
	return je == rest ||
	       red_refuse(&a->why, "N",
			  "部分加计扣除的发票应先冲红未加计的部分或全部，再冲红其余部分");
}

static bool check_full(struct application *a, const struct row *rows, size_t n)
{
	const char *added = a->blue.use[USE_ZZSYHYT];
	if (is_full(a, rows, n))
		return true;
	if (a->form.cezs[0])
		return red_refuse(&a->why, "N", "差额征税发票不允许部分冲红");
	if (is(a->form.reason, "01"))
		return red_refuse(&a->why, "N", "开票有误不允许部分冲红");
	if (is(a->blue.use[USE_REFUSED], "Y"))
		return red_refuse(&a->why, "N", "自然人已拒收的发票不允许部分冲红");
	if (is(added, "1"))
		return red_refuse(&a->why, "N", "全部加计扣除的发票不允许部分冲红");
	return check_added(a);
}

/* ---- sums ---- */

static bool sum_is(const struct row *rows, size_t n, bool tax, const char *text)
{
	mpq_t sum, given;
	mpq_inits(sum, given, NULL);
	for (size_t i = 0; i < n; i++)
		mpq_add(sum, sum, tax ? rows[i].se : rows[i].je);
	bool equal = num_parse(text, 16, 2, given) && mpq_equal(sum, given);
	mpq_clears(sum, given, NULL);
	return equal;
}

static bool check_sums_of(struct application *a, const struct row *rows, size_t n)
{
	int64_t je = a->form.red_je, se = a->form.red_se;
	if (je >= 0 || se > 0)
		return red_refuse(&a->why, "N", "红字冲销金额应小于0，红字冲销税额不应大于0");
	if (!sum_is(rows, n, false, json_member(a->json, "hzcxje")))
		return red_refuse(&a->why, "RI1004", "红字冲销金额与明细金额合计不一致");
	if (!sum_is(rows, n, true, json_member(a->json, "hzcxse")))
		return red_refuse(&a->why, "N", "红字冲销税额与明细税额合计不一致");
	return (-je <= a->form.hjje && -se <= a->form.hjse) ||
	       red_refuse(&a->why, "RI1005", "红字冲销金额或税额大于蓝字发票");
}

static bool check_row(struct application *a, struct row *r, bool *seen)
{
	const char *xh = text_of(r, "xh");
	if ((size_t)strtol(xh, NULL, 10) != r->index || strlen(xh) > 6)
		return refuse_line(a, r, "N", "序号应从1起依次递增");
	return find_blue(a, r, seen) && check_amounts(a, r) && check_same(a, r) &&
	       check_rest(a, r) && check_reason(a, r);
}

bool red_check_lines(struct application *a)
{
	const cJSON *each;
	size_t n = (size_t)a->form.count, i = 0;
	struct row *rows = mem_zalloc((n + 1) * sizeof(rows[0]));
	bool *seen = mem_zalloc((a->blue.n + 1) * sizeof(seen[0]));
	bool ok = check_codes(a);
	cJSON_ArrayForEach(each, json_get(a->json, "hzqrdmxList"))
	{
		struct row *r = &rows[i++];
		r->json = each;
		r->index = i;
		mpq_inits(r->je, r->se, r->slv, r->sl, r->dj, NULL);
		ok = ok && check_row(a, r, seen);
	}
	ok = ok && check_sums_of(a, rows, n) && check_full(a, rows, n);
	for (i = 0; i < n; i++)
		mpq_clears(rows[i].je, rows[i].se, rows[i].slv, rows[i].sl, rows[i].dj, NULL);
	free(rows);
	free(seen);
	return ok;
}
