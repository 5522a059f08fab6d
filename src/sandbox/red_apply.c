/* sandbox/red_apply.c - QDHZQRDSQ: who may reverse what, and the state the form begins in
 * (protocol 7.10). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sandbox/faults.h"
#include "sandbox/fields.h"
#include "sandbox/red.h"

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct field head_fields[] = {
    {"lrfsf", "录入方身份", 1, REQUIRED, FORM_TEXT, "|0|1|"},
    {"xsfnsrsbh", "销售方纳税人识别号", 20, REQUIRED, FORM_CAPITALS, NULL},
    {"xsfmc", "销售方名称", 300, REQUIRED, FORM_TEXT, NULL},
    {"gmfnsrsbh", "购买方纳税人识别号", 20, 0, FORM_CAPITALS, NULL},
    {"gmfmc", "购买方名称", 300, REQUIRED, FORM_TEXT, NULL},
    {"lzfpdm", "蓝字发票代码", 12, 0, FORM_DIGITS, NULL},
    {"lzfphm", "蓝字发票号码", 20, REQUIRED, FORM_DIGITS, NULL},
    {"sfzzfpbz", "是否纸质发票标志", 1, REQUIRED, FORM_TEXT, "|Y|N|"},
    {"lzkprq", "蓝字发票开票日期", 19, REQUIRED | EXACT, FORM_TIME, NULL},
    {"lzhjje", "蓝字发票合计金额", 0, REQUIRED, FORM_MONEY, NULL},
    {"lzhjse", "蓝字发票合计税额", 0, REQUIRED, FORM_MONEY, NULL},
    {"lzfppzDm", "蓝字发票票种代码", 2, REQUIRED, FORM_TEXT, "|01|02|03|04|"},
    {"lzfpTdyslxDm", "蓝字发票特定要素类型代码", 2, 0, FORM_TEXT,
     "|01|02|03|04|05|06|07|08|09|10|11|12|13|14|15|16|17|18|20|"},
    {"hzcxje", "红字冲销金额", 0, REQUIRED, FORM_MONEY, NULL},
    {"hzcxse", "红字冲销税额", 0, REQUIRED, FORM_MONEY, NULL},
    {"chyyDm", "红字发票冲红原因代码", 2, REQUIRED, FORM_TEXT, "|01|02|03|04|"},
};

static const struct field line_fields[] = {
    {"lzmxxh", "蓝字发票明细序号", 8, REQUIRED, FORM_DIGITS, NULL},
    {"xh", "序号", 8, REQUIRED, FORM_DIGITS, NULL},
    {"sphfwssflhbbm", "商品和服务税收分类合并编码", 19, REQUIRED | EXACT, FORM_DIGITS, NULL},
    {"hwhyslwfwmc", "货物或应税劳务、服务名称", 300, REQUIRED, FORM_TEXT, NULL},
    {"spfwjc", "商品服务简称", 120, REQUIRED, FORM_TEXT, NULL},
    {"xmmc", "项目名称", 600, REQUIRED, FORM_TEXT, NULL},
    {"ggxh", "规格型号", 150, 0, FORM_TEXT, NULL},
    {"dw", "单位", 300, 0, FORM_TEXT, NULL},
    {"fpspdj", "单价", 26, 0, FORM_TEXT, NULL},
    {"fpspsl", "数量", 26, 0, FORM_TEXT, NULL},
    {"je", "金额", 0, REQUIRED, FORM_MONEY, NULL},
    {"sl1", "税率", 0, REQUIRED, FORM_RATE, NULL},
    {"se", "税额", 0, REQUIRED, FORM_MONEY, NULL},
};

/* ---- the request by itself ---- */

static bool check_table(struct application *a, const cJSON *object, const struct field *table,
			size_t n, const char *where)
{
	char text[400];
	for (size_t i = 0; i < n; i++) {
		if (!field_fits(object, &table[i], where, text))
			return red_refuse(&a->why, "", "%s", text);
	}
	return true;
}

static bool check_fields_of(struct application *a)
{
	const cJSON *list = json_get(a->json, "hzqrdmxList"), *each;
	char where[64];
	if (!check_table(a, a->json, head_fields, COUNT(head_fields), ""))
		return false;
	if (!cJSON_IsArray(list) || !list->child)
		return red_refuse(&a->why, "", "红字确认单明细列表（hzqrdmxList）不能为空");
	cJSON_ArrayForEach(each, list)
	{
		snprintf(where, sizeof(where), "第%lld条明细", (long long)++a->form.count);
		if (!check_table(a, each, line_fields, COUNT(line_fields), where))
			return false;
	}
	return a->form.count <= LINES_MAX || red_refuse(&a->why, "", "红字确认单明细超过5000条");
}

static const char *given(const struct application *a, const char *key)
{
	return json_member(a->json, key);
}

/* ---- the blue invoice ---- */

static bool still_unknown(struct application *a)
{
	struct fault f;
	int64_t wait = a->sb->result_delay_ms;
	if (fault_take(FAULT_BLUE_UNKNOWN, "QDHZQRDSQ", &f)) {
		if (f.value <= 0)
			return true;
		wait = f.value * 1000 > wait ? f.value * 1000 : wait;
	}
	return a->blue.uploaded && a->now_ms - a->blue.at < wait;
}

static bool find_blue(struct application *a)
{
	struct blue *b = &a->blue;
	bool found = blue_load(a->sb, a->env, given(a, "lzfpdm"), given(a, "lzfphm"), b) &&
		     is(blue_text(b, "xsfnsrsbh"), given(a, "xsfnsrsbh")) &&
		     strncmp(blue_text(b, "kprq"), given(a, "lzkprq"), 10) == 0 &&
		     !still_unknown(a);
	if (!found)
		return red_refuse(&a->why, "21",
				  "红字确认单对应蓝字发票不存在，请稍后再试，或联系主管税务机关");
	return blue_text(b, "jshj")[0] != '-' || red_refuse(&a->why, "RI1006", "发票不是蓝字发票");
}

/* Uses after which a blue invoice cannot be reversed. */
static bool use_forbids(const char *use)
{
	static const char *const barred[] = {"2", "3", "5", "7", "9", "10", "11"};
	for (size_t i = 0; i < COUNT(barred); i++) {
		if (is(barred[i], use))
			return true;
	}
	return false;
}

static bool check_state(struct application *a)
{
	const struct blue *b = &a->blue;
	if (blue_running(a->sb, a->env, b))
		return red_refuse(&a->why, "N",
				  "该蓝字发票存在正在处理中的红字确认单，不允许再次申请");
	if (is(b->use[USE_HZSDBS], "Y"))
		return red_refuse(&a->why, "RI1000", "蓝字发票已锁定");
	if (is(b->fpzt, "2"))
		return red_refuse(&a->why, "N", "蓝字发票已作废，不允许申请红字确认单");
	if (is(b->use[USE_YCPZZT], "02"))
		return red_refuse(&a->why, "N", "蓝字发票为异常凭证，不允许申请红字确认单");
	if (use_forbids(b->use[USE_FPYT]))
		return red_refuse(&a->why, "N", "蓝字发票的增值税用途不允许申请红字确认单");
	if (is(b->use[USE_SWAPPED], "Y"))
		return red_refuse(&a->why, "N", "蓝字发票已换开，不允许申请红字确认单");
	if (is(b->fpzt, "3") || is(b->fpzt, "8"))
		return red_refuse(&a->why, "N", "蓝字发票已全额红冲，没有可冲红的金额");
	return !b->last_red || a->now_ms - b->last_red >= a->sb->result_delay_ms ||
	       red_refuse(&a->why, "N", "该蓝字发票的红字发票尚在同步中，请稍后再试");
}

static bool check_same(struct application *a)
{
	static const struct {
		const char *key, *blue, *name;
	} texts[] = {
	    {"xsfmc", "xsfmc", "销售方名称"}, {"gmfnsrsbh", "gmfnsrsbh", "购买方纳税人识别号"},
	    {"gmfmc", "gmfmc", "购买方名称"}, {"lzfppzDm", "fppz", "发票票种"},
	    {"lzkprq", "kprq", "开票日期"},
	};
	const struct blue *b = &a->blue;
	for (size_t i = 0; i < COUNT(texts); i++) {
		if (!is(given(a, texts[i].key), blue_text(b, texts[i].blue)))
			return red_refuse(&a->why, "N", "%s与原蓝字发票不符", texts[i].name);
	}
	int64_t je = 0, se = 0;
	money_parse(blue_text(b, "hjje"), &je);
	money_parse(blue_text(b, "hjse"), &se);
	if (je != a->form.hjje || se != a->form.hjse)
		return red_refuse(&a->why, "N", "合计金额或合计税额与原蓝字发票不符");
	if (!is(given(a, "sfzzfpbz"), b->paper ? "Y" : "N"))
		return red_refuse(&a->why, "N", "是否纸质发票标志与原蓝字发票不符");
	return !given(a, "lzfpTdyslxDm")[0] ||
	       red_refuse(&a->why, "N", "特定要素类型与原蓝字发票不符");
}

/* ---- who ---- */

static bool check_caller(struct application *a, const char *tax_no, const struct unit *unit)
{
	a->by = given(a, "lrfsf")[0] == '0' ? PARTY_SELLER : PARTY_BUYER;
	if (!is(given(a, a->by == PARTY_SELLER ? "xsfnsrsbh" : "gmfnsrsbh"), tax_no))
		return red_refuse(&a->why, "", "%s方纳税人识别号与使用单位不一致",
				  a->by == PARTY_SELLER ? "销售" : "购买");
	return !unit || red_may_act(unit, &a->why);
}

static bool check_other(struct application *a)
{
	struct unit u;
	const char *other = given(a, a->by == PARTY_SELLER ? "gmfnsrsbh" : "xsfnsrsbh");
	return !other[0] || !unit_by(a->sb, U_TAX_NO, other, &u) ||
	       (!is(u.v[U_NSRZTDM], "07") && !is(u.v[U_NSRZTDM], "08")) ||
	       red_refuse(&a->why, "N", "对方纳税人已注销，不允许申请红字确认单");
}

/* Who may apply and the state that follows. */
static bool decide_state(struct application *a)
{
	const struct blue *b = &a->blue;
	bool person = is(blue_text(b, "gmfzrrbz"), "Y"), unused = blue_unused(b);
	enum party issuer = blue_text(b, "sgfplxDm")[0] ? PARTY_BUYER : PARTY_SELLER;
	if (unused && a->by != issuer)
		return red_refuse(&a->why, "N", "%s",
				  issuer == PARTY_BUYER
				      ? "收购发票只能由购买方申请红字确认单"
				      : "发票未进行用途确认及入账，购买方不能申请红字确认单");
	const char *state = unused || person ? "01" : a->by == PARTY_SELLER ? "02" : "03";
	text_copy(a->form.state, sizeof(a->form.state), state);
	return true;
}

/* 专票 of farm goods at a rate other than 13 % bear a mark of the tax side. */
static const char *own_mark(const struct blue *b)
{
	if (!is(blue_text(b, "fppz"), "01"))
		return "";
	for (size_t i = 0; i < b->n; i++) {
		const cJSON *l = b->lines[i].json;
		if (!strncmp(json_member(l, "sphfwssflhbbm"), "101", 3) &&
		    strncmp(json_member(l, "slv"), "0.13", 4) != 0)
			return "20";
	}
	return "";
}

/* ---- entering ---- */

static void fill_form(struct application *a)
{
	struct form_row *f = &a->form;
	const struct {
		char *slot;
		size_t size;
		const char *value;
	} rows[] = {
	    {f->applicant, sizeof(f->applicant), given(a, "lrfsf")},
	    {f->seller, sizeof(f->seller), given(a, "xsfnsrsbh")},
	    {f->buyer, sizeof(f->buyer), given(a, "gmfnsrsbh")},
	    {f->seller_name, sizeof(f->seller_name), given(a, "xsfmc")},
	    {f->buyer_name, sizeof(f->buyer_name), given(a, "gmfmc")},
	    {f->fpdm, sizeof(f->fpdm), given(a, "lzfpdm")},
	    {f->fphm, sizeof(f->fphm), given(a, "lzfphm")},
	    {f->paper, sizeof(f->paper), given(a, "sfzzfpbz")},
	    {f->kprq, sizeof(f->kprq), given(a, "lzkprq")},
	    {f->kind, sizeof(f->kind), given(a, "lzfppzDm")},
	    {f->reason, sizeof(f->reason), given(a, "chyyDm")},
	};
	f->env = a->env;
	f->entered = a->now_ms;
	for (size_t i = 0; i < COUNT(rows); i++)
		text_copy(rows[i].slot, rows[i].size, rows[i].value);
	money_parse(given(a, "lzhjje"), &f->hjje);
	money_parse(given(a, "lzhjse"), &f->hjse);
	money_parse(given(a, "hzcxje"), &f->red_je);
	money_parse(given(a, "hzcxse"), &f->red_se);
}

static void keep_lines(struct application *a)
{
	const cJSON *each;
	cJSON_ArrayForEach(each, json_get(a->json, "hzqrdmxList"))
	{
		int64_t je = 0, se = 0, kce = 0;
		char text[MONEY_TEXT] = "";
		int64_t row = strtol(json_member(each, "lzmxxh"), NULL, 10);
		const cJSON *blue = a->blue.lines[row - 1].json;
		money_parse(json_member(each, "je"), &je);
		money_parse(json_member(each, "se"), &se);
		if (json_member(blue, "kce")[0] && money_parse(json_member(blue, "kce"), &kce))
			money_format(-kce, text);
		db_run(a->sb,
		       "INSERT INTO red_line(form, xh, lzmxxh, je, se, sl, dj, slv, code,"
		       " full_name, short_name, name, ggxh, dw, kce, yhzcbs) VALUES(?1, ?2, ?3,"
		       " ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
		       "iiiiittttttttttt", a->form.id,
		       (int64_t)strtol(json_member(each, "xh"), NULL, 10), row, je, se,
		       json_member(each, "fpspsl"), json_member(each, "fpspdj"),
		       json_member(each, "sl1"), json_member(each, "sphfwssflhbbm"),
		       json_member(each, "hwhyslwfwmc"), json_member(each, "spfwjc"),
		       json_member(each, "xmmc"), json_member(each, "ggxh"),
		       json_member(each, "dw"), text, json_member(blue, "yhzcbs"));
	}
}

bool red_apply(struct application *a, const char *tax_no, const struct unit *unit)
{
	bool ok = check_fields_of(a);
	if (ok) {
		fill_form(a);
		ok = check_caller(a, tax_no, unit) && find_blue(a) && check_state(a) &&
		     check_other(a) && check_same(a) && decide_state(a);
	}
	if (ok) {
		text_copy(a->form.cezs, sizeof(a->form.cezs), blue_text(&a->blue, "cezslxDm"));
		text_copy(a->form.tdys, sizeof(a->form.tdys), own_mark(&a->blue));
		ok = red_check_lines(a);
	}
	if (ok) {
		form_insert(a->sb, &a->form);
		keep_lines(a);
	}
	return ok;
}

void red_apply_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	struct application a = {.sb = sb, .env = rq->env, .now_ms = rq->now_ms, .json = rq->json};
	struct json_out o;
	red_tick(sb, rq->now_ms);
	if (red_apply(&a, rq->unit->v[U_TAX_NO], rq->unit)) {
		answer_open(&o, data);
		json_put(&o, "hzfpxxqrdbh", a.form.number);
		json_put(&o, "uuid", a.form.uuid);
		json_put(&o, "hzqrxxztDm", a.form.state);
		json_close(&o, '}');
	} else {
		red_answer_refusal(rq, &a.why, data);
	}
	blue_free(&a.blue);
}
