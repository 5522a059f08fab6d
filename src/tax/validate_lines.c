/* tax/validate_lines.c - rules of a line's name, texts and tax code (protocol 7.5, 7.9). */
#include <stdlib.h>
#include <string.h>

#include "tax/validate_p.h"

enum { FULL_NAME_CHARS = 300, CODE_DIGITS = 19 };

static const struct telecom_code telecom_codes[] = {
    {"3030100000000000000", 90000, ""},
    {"3030200000000000000", 60000, ""},
    {"3030000000000000000", 0, "04"},
};

const struct telecom_code *telecom_find(const char *code)
{
	for (size_t i = 0; i < sizeof(telecom_codes) / sizeof(telecom_codes[0]); i++)
		if (!strcmp(code, telecom_codes[i].code))
			return &telecom_codes[i];
	return NULL;
}

static bool name_missing(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	if (!rule_blank(at->line->name))
		return false;
	return rule_say(why, "没有填写");
}

static bool name_starred(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	if (at->line->name[0] != '*')
		return false;
	return rule_say(why, "以 * 开头；票面名称会自动加上 *简称*，这里会重复");
}

static bool full_name_long(const struct check *c, const struct line_at *at, char *why)
{
	char *full = tax_line_full_name(at->line);
	size_t n = text_chars(full);

	(void)c;
	free(full);
	if (n <= FULL_NAME_CHARS)
		return false;
	return rule_say(why, "加上 *%s* 后共 %zu 个字符，超过上限 %d 个", at->line->short_name, n,
			FULL_NAME_CHARS);
}

static bool too_wide(struct dec d, char *why)
{
	char text[DEC_TEXT + 8];
	size_t n = strlen(dec_format(d, text));

	if (n <= DEC_CHARS)
		return false;
	return rule_say(why, "%s 连小数点共 %zu 个字符，超过上限 %d 个", text, n, DEC_CHARS);
}

static bool quantity_wide(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	return at->computed && too_wide(at->line->full_quantity, why);
}

static bool price_wide(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	return at->computed && too_wide(at->line->net_price, why);
}

static bool code_missing(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	if (*at->line->tax_code)
		return false;
	return rule_say(why, "没有填写");
}

static bool code_form_wrong(const char *code)
{
	return *code && (strlen(code) != CODE_DIGITS || !text_all_digits(code));
}

static bool code_form(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	if (!code_form_wrong(at->line->tax_code))
		return false;
	return rule_say(why, "应为 19 位数字，现为 %zu 位：%s", text_chars(at->line->tax_code),
			at->line->tax_code);
}

static bool code_unknown(const struct check *c, const struct line_at *at, char *why)
{
	const char *code = at->line->tax_code;

	if (!*code || code_form_wrong(code) || at->code || !c->ctx->find_code)
		return false;
	return rule_say(why, "%s 不在税收分类编码表中", code);
}

static bool code_not_started(const struct check *c, const struct line_at *at, char *why)
{
	if (!at->code || !*at->code->start || strcmp(c->today, at->code->start) >= 0)
		return false;
	return rule_say(why, "%s（%s）自 %s 起启用，开票日期是 %s", at->code->code, at->code->name,
			at->code->start, c->today);
}

static bool code_stopped(const struct check *c, const struct line_at *at, char *why)
{
	if (!at->code || !*at->code->stop || strcmp(c->today, at->code->stop) < 0)
		return false;
	return rule_say(why, "%s（%s）已于 %s 停用", at->code->code, at->code->name,
			at->code->stop);
}

/* Telecom companies may use three summary codes; before the seller is known, so may anybody. */
static bool code_summary(const struct check *c, const struct line_at *at, char *why)
{
	if (!at->code || !at->code->summary)
		return false;
	if (telecom_find(at->code->code) &&
	    (!c->ctx->seller || !strncmp(c->ctx->seller->industry, "63", 2)))
		return false;
	return rule_say(why, "%s（%s）是汇总项，不能用于开票", at->code->code, at->code->name);
}

static bool short_name_missing(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	if (*at->line->short_name)
		return false;
	return rule_say(why, "没有填写，也无法由税收分类编码得到");
}

static bool short_name_differs(const struct check *c, const struct line_at *at, char *why)
{
	(void)c;
	if (!at->code || !*at->code->short_name || !*at->line->short_name ||
	    !strcmp(at->line->short_name, at->code->short_name))
		return false;
	return rule_say(why, "“%s”与税收分类编码 %s 的简称“%s”不一致", at->line->short_name,
			at->code->code, at->code->short_name);
}

/* Whoever knows the catalogue takes the reference out: one that is left must not be dropped in
 * silence. */
static bool goods_unknown(const struct check *c, const struct line_at *at, char *why)
{
	const struct tax_line *l = at->line;

	(void)c;
	return !rule_blank(l->goods) && rule_say(why, "商品资料里没有“%s”", l->goods);
}

const struct line_rule line_rules[] = {
    {{"line.goods.unknown", false, "goods", "商品", "请删去 goods，写明名称、税收分类编码和税率"},
     goods_unknown},
    {{"line.name.required", false, "name", "项目名称", "请填写商品或服务名称"}, name_missing},
    {{"line.name.star", true, "name", "项目名称", "请删去名称中的 *简称*"}, name_starred},
    {{"line.full_name.length", false, "name", "项目名称", "请缩短名称"}, full_name_long},
    {{"line.quantity.length", false, "quantity", "数量", "请减少小数位"}, quantity_wide},
    {{"line.price.length", false, "price", "单价", "请减少小数位"}, price_wide},
    {{"line.tax_code.required", false, "tax_code", "税收分类编码",
      "用 taxcodes search 查找，或在商品信息中补充"},
     code_missing},
    {{"line.tax_code.form", false, "tax_code", "税收分类编码", "请填写完整的 19 位编码"},
     code_form},
    {{"line.tax_code.unknown", false, "tax_code", "税收分类编码",
      "用 taxcodes search 查找，或执行 taxcodes sync"},
     code_unknown},
    {{"line.tax_code.not_started", false, "tax_code", "税收分类编码", "请换用现行编码"},
     code_not_started},
    {{"line.tax_code.stopped", false, "tax_code", "税收分类编码", "请换用现行编码"}, code_stopped},
    {{"line.tax_code.summary", false, "tax_code", "税收分类编码", "请选用它下面的明细编码"},
     code_summary},
    {{"line.short_name.required", false, "short_name", "商品简称",
      "请核对税收分类编码，或执行 taxcodes sync"},
     short_name_missing},
    {{"line.short_name.mismatch", false, "short_name", "商品简称", "删去简称即由税收分类编码带出"},
     short_name_differs},
    {{.code = NULL}, NULL},
};
