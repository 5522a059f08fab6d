/* tax/validate_head.c - rules of the head: seller, number, date, drawer, remark, lines. */
#include <string.h>

#include "tax/ids.h"
#include "tax/validate_p.h"

enum { UPLOAD_SECONDS = 48 * 3600, REMARK_CHARS = 450, CLOCK_SKEW_SECONDS = 300 };

/* A draft has no seller yet. */
static bool seller_name(const struct check *c, char *why)
{
	if (!c->ctx->seller || !rule_blank(c->inv->seller.name))
		return false;
	return rule_say(why, "没有填写");
}

static bool seller_tax_no(const struct check *c, char *why)
{
	if (!c->ctx->seller || *c->inv->seller.tax_no)
		return false;
	return rule_say(why, "没有填写");
}

static bool seller_tax_no_form(const struct check *c, char *why)
{
	const char *s = c->inv->seller.tax_no;
	char fault[TAXNO_FAULT];
	size_t at;

	if (!*s || taxno_check(s, &at) != TAXNO_BAD_FORM)
		return false;
	return rule_say(why, "%s", taxno_fault(s, at, fault));
}

static bool seller_tax_no_check(const struct check *c, char *why)
{
	if (taxno_check(c->inv->seller.tax_no, NULL) != TAXNO_BAD_CHECK)
		return false;
	return rule_say(why, "统一社会信用代码的校验码不对：%s", c->inv->seller.tax_no);
}

static bool drawer(const struct check *c, char *why)
{
	if (!rule_blank(c->inv->drawer))
		return false;
	return rule_say(why, "没有填写");
}

/* 联用: the tax side compares the drawer's document, so it must be known (features B14). */
static bool drawer_unregistered(const struct check *c, char *why)
{
	if (!c->ctx->joint || !c->ctx->drawer_known || rule_blank(c->inv->drawer) ||
	    c->ctx->drawer_known(c->ctx->arg, c->inv->drawer))
		return false;
	return rule_say(why, "联用单位的开票人“%s”没有登记证件", c->inv->drawer);
}

/* The coal text is sent in front of the remark with one character between (protocol 7.9). */
static bool remark_length(const struct check *c, char *why)
{
	size_t remark = text_chars(c->inv->remark), coal = text_chars(c->inv->coal_quality);

	if (!coal || coal + 1 + remark <= REMARK_CHARS)
		return false;
	return rule_say(why,
			"备注 %zu 个字符加煤炭品质信息 %zu 个字符和 1 个分隔符，超过上限 %d 个",
			remark, coal, REMARK_CHARS);
}

static bool settlement(const struct check *c, char *why)
{
	if (!*c->inv->settlement || code_find(CODES_SETTLEMENTS, c->inv->settlement))
		return false;
	return rule_say(why, "代码 %s 不在代码表中", c->inv->settlement);
}

/* Types that a unit maintains are a list to choose from (features G80). */
static bool business_type(const struct check *c, char *why)
{
	char known[300] = "";
	int shown = (int)text_prefix(c->inv->business_type, 40);

	if (c->inv->red || !c->ctx->type_known || rule_blank(c->inv->business_type) ||
	    c->ctx->type_known(c->ctx->arg, c->inv->business_type, known, sizeof(known)))
		return false;
	return rule_say(why, "本单位没有“%.*s”，已有：%s", shown, c->inv->business_type, known);
}

static bool addresses_unsent(const struct check *c, char *why)
{
	if ((!c->inv->show_buyer_address && !c->inv->show_seller_address) || !c->ctx->edition ||
	    c->ctx->edition >= EDITION_ADDRESSES)
		return false;
	return rule_say(why, "本单位的接口版本 %u.%03u 没有这一项，自 %d.%03d 起才有",
			c->ctx->edition / 1000, c->ctx->edition % 1000, EDITION_ADDRESSES / 1000,
			EDITION_ADDRESSES % 1000);
}

static bool number_form(const struct check *c, char *why)
{
	if (!*c->inv->number || invoice_number_ok(c->inv->number))
		return false;
	return rule_say(why, "应为 20 位数字：%s", c->inv->number);
}

static bool number_year(const struct check *c, char *why)
{
	if (!invoice_number_ok(c->inv->number) || !strncmp(c->inv->number, c->today + 2, 2))
		return false;
	return rule_say(why, "号码前两位是 %.2s，开票年度是 %.4s，号码不能跨年使用", c->inv->number,
			c->today);
}

static bool issued_at_form(const struct check *c, char *why)
{
	int64_t t;

	if (!*c->inv->issued_at || datetime_parse(c->inv->issued_at, &t))
		return false;
	return rule_say(why, "应为 yyyy-MM-dd HH:mm:ss：%s", c->inv->issued_at);
}

static bool issued_at_expired(const struct check *c, char *why)
{
	int64_t t;

	if (!*c->inv->issued_at || !datetime_parse(c->inv->issued_at, &t) ||
	    c->ctx->now - t < UPLOAD_SECONDS)
		return false;
	return rule_say(why, "%s 距今已满 48 小时，不能再上传", c->inv->issued_at);
}

/* A few minutes are the clocks' own difference. */
static bool issued_at_future(const struct check *c, char *why)
{
	int64_t t;

	if (!*c->inv->issued_at || !datetime_parse(c->inv->issued_at, &t) ||
	    t - c->ctx->now <= CLOCK_SKEW_SECONDS)
		return false;
	return rule_say(why, "%s 晚于当前时间", c->inv->issued_at);
}

static bool no_lines(const struct check *c, char *why)
{
	if (c->inv->line_count)
		return false;
	return rule_say(why, "一行也没有");
}

static bool too_many_lines(const struct check *c, char *why)
{
	size_t n = tax_row_count(c->inv);

	if (n <= TAX_LINES_MAX)
		return false;
	return rule_say(why, "连折扣行共 %zu 行，超过上限 %d 行", n, TAX_LINES_MAX);
}

static bool many_lines(const struct check *c, char *why)
{
	size_t n = tax_row_count(c->inv);

	if (n <= TAX_LINES_ADVISED || n > TAX_LINES_MAX)
		return false;
	return rule_say(why, "连折扣行共 %zu 行，超过建议的 %d 行", n, TAX_LINES_ADVISED);
}

const struct head_rule head_rules[] = {
    {{"lines.required", false, "lines", "明细", "至少填写一行商品或服务"}, no_lines},
    {{"lines.too_many", false, "lines", "明细", "请拆成几张发票"}, too_many_lines},
    {{"lines.many", true, "lines", "明细", "建议拆成几张发票，或确认后继续"}, many_lines},
    {{"seller.name.required", false, "seller.name", "销售方名称", "请在使用单位资料中补充"},
     seller_name},
    {{"seller.tax_no.required", false, "seller.tax_no", "销售方税号", "请在使用单位资料中补充"},
     seller_tax_no},
    {{"seller.tax_no.form", false, "seller.tax_no", "销售方税号", "请核对使用单位的税号"},
     seller_tax_no_form},
    {{"seller.tax_no.check_digit", true, "seller.tax_no", "销售方税号", "请核对后确认"},
     seller_tax_no_check},
    {{"drawer.required", false, "drawer", "开票人", "请填写开票人姓名"}, drawer},
    {{"drawer.unregistered", false, "drawer", "开票人",
      "请先登记：kaipiao drawers add --name 姓名 --id-type 201 --id-no 身份证号码"},
     drawer_unregistered},
    {{"remark.length", false, "remark", "备注", "请缩短备注"}, remark_length},
    {{"settlement.unknown", false, "settlement", "结算方式",
      "01 现金、02 银行转账、03 票据、04 第三方支付、05 预付卡、99 其他"},
     settlement},
    {{"business_type.unknown", false, "business_type", "业务类型",
      "请改用已有的、先新增这个业务类型，或不填"},
     business_type},
    {{"show_address.edition", false, "show_buyer_address", "展示地址电话",
      "不要展示，把地址电话写进备注；接口升级后用 unit edit --edition 改版本"},
     addresses_unsent},
    {{"number.form", false, "number", "发票号码", "请重新分配发票号码"}, number_form},
    {{"number.year", false, "number", "发票号码", "请改用开票年度的号码"}, number_year},
    {{"issued_at.form", false, "issued_at", "开票日期", "请改正开票日期"}, issued_at_form},
    {{"issued_at.expired", false, "issued_at", "开票日期", "请作废本号码，按新日期重新开具"},
     issued_at_expired},
    {{"issued_at.future", false, "issued_at", "开票日期", "请核对本机时钟"}, issued_at_future},
    {{.code = NULL}, NULL},
};
