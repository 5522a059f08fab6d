/* tax/validate_differential.c - 差额征税 (protocol 7.8): invoice, code, rate, vouchers. */
#include <stdlib.h>
#include <string.h>

#include "tax/ids.h"
#include "tax/validate_p.h"

static bool is(const char *a, const char *b)
{
	return !strcmp(a, b);
}

/* Also asked about a line by itself, which has no texts of an invoice. */
bool rule_differential(const struct invoice *inv)
{
	return !text_empty(inv->differential);
}

static bool is_part(const struct check *c)
{
	return is(c->inv->differential, DIFFERENTIAL_PART);
}

static const char *type_name(const struct check *c)
{
	return is_part(c) ? "差额开票" : "全额开票";
}

/* ---- the invoice ---- */

static bool type_unknown(const struct check *c, char *why)
{
	const char *type = c->inv->differential;

	if (!*type || is(type, DIFFERENTIAL_FULL) || is(type, DIFFERENTIAL_PART))
		return false;
	return rule_say(why, "代码 %s 不在代码表中", type);
}

static bool deduction_idle(const struct check *c, char *why)
{
	if (rule_differential(c->inv) || (!c->inv->deduction_fen && !c->inv->voucher_count))
		return false;
	return rule_say(why, "没有选差额征税类型，却填写了扣除额或扣除凭证");
}

static bool several_lines(const struct check *c, char *why)
{
	if (!rule_differential(c->inv) || c->inv->line_count <= 1)
		return false;
	return rule_say(why, "差额征税的发票只能有一行明细，现有 %zu 行", c->inv->line_count);
}

static bool discounted(const struct check *c, char *why)
{
	if (!rule_differential(c->inv) || !c->inv->line_count ||
	    c->inv->lines[0].discount.by == DISCOUNT_NONE)
		return false;
	return rule_say(why, "差额征税的发票不能有折扣");
}

static bool deduction_missing(const struct check *c, char *why)
{
	if (!is_part(c) || c->inv->deduction_fen)
		return false;
	return rule_say(why, "差额开票必须填写扣除额，而且大于 0");
}

static bool deduction_negative(const struct check *c, char *why)
{
	if (c->inv->deduction_fen >= 0)
		return false;
	return rule_say(why, "不能小于 0");
}

static bool deduction_large(const struct check *c, char *why)
{
	const struct invoice *inv = c->inv;
	char d[FEN_TEXT], g[FEN_TEXT];

	if (!rule_differential(inv) || !c->computed || inv->line_count != 1 ||
	    inv->deduction_fen <= inv->lines[0].gross_fen)
		return false;
	return rule_say(why, "扣除额 %s 超过含税金额 %s", fen_format(inv->deduction_fen, d),
			fen_format(inv->lines[0].gross_fen, g));
}

/* ---- its tax code ---- */

static const struct tax_line *the_line(const struct check *c)
{
	return rule_differential(c->inv) && c->inv->line_count == 1 ? &c->inv->lines[0] : NULL;
}

static bool list_missing(const struct check *c, char *why)
{
	if (!the_line(c) || !c->ctx->find_code || c->ctx->find_differential)
		return false;
	return rule_say(why, "还没有取得税局的差额征税编码");
}

static bool code_not_listed(const struct check *c, char *why)
{
	const struct tax_line *l = the_line(c);

	if (!l || !*l->tax_code || !c->ctx->find_differential || c->differential)
		return false;
	return rule_say(why, "%s 不能用于差额征税", l->tax_code);
}

static bool part_forbidden(const struct check *c, char *why)
{
	const struct differential_code *d = c->differential;

	if (!the_line(c) || !d || !is_part(c) || d->part)
		return false;
	return rule_say(why, "%s（%s）只能全额开票，不能差额开票", d->code, d->name);
}

static bool special_forbidden(const struct check *c, char *why)
{
	const struct differential_code *d = c->differential;

	if (!the_line(c) || !d || c->inv->kind != INVOICE_SPECIAL ||
	    (is_part(c) ? !d->part || d->part_special : d->full_special))
		return false;
	return rule_say(why, "%s（%s）%s时不能开具数电专票", d->code, d->name, type_name(c));
}

/* 自来水 and 物业管理 are for water and property managers; of the industries only the main one is
 * known here, and one beside it is enough: a prompt. */
static bool industry_differs(const struct check *c, char *why)
{
	const struct tax_line *l = the_line(c);

	if (!l || !c->ctx->seller ||
	    (!is(l->tax_code, "1100301010000000000") && !is(l->tax_code, "3040801010000000000")) ||
	    !strncmp(c->ctx->seller->industry, "702", 3))
		return false;
	return rule_say(why,
			"编码 %s 的差额征税要求主行业或附行业为物业管理（7020），主行业现为 %s",
			l->tax_code, c->ctx->seller->industry);
}

/* ---- its rate ---- */

static bool simplified(const struct tax_line *l)
{
	static const char *const preferences[] = {"01", "08", "09"};

	for (size_t i = 0; i < sizeof(preferences) / sizeof(preferences[0]); i++)
		if (is(l->preference, preferences[i]))
			return true;
	return false;
}

/* Banks and asset managers may use 9 % for these when they deduct. */
static bool nine_percent(const struct check *c, const struct tax_line *l)
{
	static const char *const codes[] = {"5010102", "5010199", "5010202", "5010299",
					    "5019900", "5020000", "5030000"};
	const char *industry = c->ctx->seller->industry;

	if (!is_part(c) || l->rate_ppm != 90000 || strlen(l->tax_code) != 19 ||
	    strspn(l->tax_code + 7, "0") != 12 ||
	    (strncmp(industry, "662", 3) && strncmp(industry, "663", 3) && !is(industry, "6950")))
		return false;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (!strncmp(l->tax_code, codes[i], 7))
			return true;
	return false;
}

static bool rate_forbidden(const struct check *c, char *why)
{
	const struct differential_code *d = c->differential;
	const struct tax_line *l = the_line(c);
	char text[RATE_TEXT];
	bool small;

	if (!l || !d || !c->ctx->seller || l->rate_ppm < 0)
		return false;
	small = is(c->ctx->seller->type, "2") || is(c->ctx->seller->type, "3");
	if (small && tax_rates_list(d->small_levy, l->rate_ppm, false))
		return false;
	if (!small && (tax_rates_list(d->general_rates, l->rate_ppm, false) ||
		       (simplified(l) && tax_rates_list(d->general_levy, l->rate_ppm, false)) ||
		       nine_percent(c, l)))
		return false;
	rate_format_percent(l->rate_ppm, text);
	if (small)
		return rule_say(why, "%s 的差额征税，小规模纳税人可用 %s，现为 %s", d->code,
				d->small_levy, text);
	return rule_say(why, "%s 的差额征税，一般纳税人可用 %s%s%s%s，现为 %s", d->code,
			d->general_rates, *d->general_levy ? "（简易征收可用 " : "",
			d->general_levy, *d->general_levy ? "）" : "", text);
}

/* ---- vouchers ---- */

static bool vouchers_missing(const struct check *c, char *why)
{
	if (!rule_differential(c->inv) || c->inv->deduction_fen <= 0 || c->inv->voucher_count)
		return false;
	return rule_say(why, "有扣除额时必须逐张填写扣除凭证");
}

static bool vouchers_sum(const struct check *c, char *why)
{
	const struct invoice *inv = c->inv;
	char s[FEN_TEXT], d[FEN_TEXT];
	dec_int sum = 0;

	if (!rule_differential(inv) || !inv->voucher_count)
		return false;
	for (size_t i = 0; i < inv->voucher_count; i++)
		sum += inv->vouchers[i].amount_fen;
	if (sum == inv->deduction_fen)
		return false;
	if (sum > FEN_MAX || sum < -FEN_MAX)
		return rule_say(why, "各张凭证的本次扣除金额之和超过 18 位数字");
	return rule_say(why, "各张凭证的本次扣除金额合计 %s，与扣除额 %s 不一致",
			fen_format((int64_t)sum, s), fen_format(inv->deduction_fen, d));
}

const struct head_rule differential_rules[] = {
    {{"differential.type.unknown", false, "differential.type", "差额征税类型",
      "01 全额开票、02 差额开票，没有则留空"},
     type_unknown},
    {{"differential.idle", false, "differential.type", "差额征税类型",
      "选 01 全额开票或 02 差额开票，否则删去扣除额和凭证"},
     deduction_idle},
    {{"differential.lines", false, "lines", "明细", "请拆成几张发票，每张一行"}, several_lines},
    {{"differential.discount", false, "lines[0].discount", "第 1 行折扣", "请删去折扣"},
     discounted},
    {{"differential.deduction.required", false, "differential.deduction", "扣除额",
      "填写扣除额，或改为 01 全额开票"},
     deduction_missing},
    {{"differential.deduction.negative", false, "differential.deduction", "扣除额", "请改正扣除额"},
     deduction_negative},
    {{"differential.deduction.range", false, "differential.deduction", "扣除额",
      "请核对扣除额和金额"},
     deduction_large},
    {{"differential.list", false, "lines[0].tax_code", "差额征税", "执行 taxpayer sync 后重试"},
     list_missing},
    {{"differential.tax_code", false, "lines[0].tax_code", "第 1 行税收分类编码",
      "请换用可以差额征税的编码，或不用差额征税"},
     code_not_listed},
    {{"differential.part", false, "differential.type", "差额征税类型", "请改为 01 全额开票"},
     part_forbidden},
    {{"differential.special", false, "kind", "票种", "请改开数电普票"}, special_forbidden},
    {{"differential.industry", true, "lines[0].tax_code", "第 1 行税收分类编码",
      "请核对行业后确认"},
     industry_differs},
    {{"differential.rate", false, "lines[0].tax_rate", "第 1 行税率", "请改正税率或优惠政策标识"},
     rate_forbidden},
    {{"vouchers.required", false, "vouchers", "扣除凭证", "请填写扣除凭证清单"}, vouchers_missing},
    {{"vouchers.sum", false, "vouchers", "扣除凭证", "请核对各张凭证的本次扣除金额"}, vouchers_sum},
    {{.code = NULL}, NULL},
};

/* Places of the needs a type has in the table (tax/code.h). */
enum { NEED_CODE, NEED_NUMBER, NEED_DATE, NEED_NOTE };

static const struct code_row *type_of(const struct voucher *v)
{
	return code_find(CODES_VOUCHERS, v->type);
}

static bool voucher_type_unknown(const struct check *c, size_t i, char *why)
{
	const struct voucher *v = &c->inv->vouchers[i];

	if (type_of(v))
		return false;
	return *v->type ? rule_say(why, "代码 %s 不在代码表中", v->type)
			: rule_say(why, "没有填写");
}

static bool needs(const struct check *c, size_t i, int member, const char *text, char *why)
{
	const struct code_row *t = type_of(&c->inv->vouchers[i]);

	if (!t)
		return false;
	if (t->extra[member] == 'R' && rule_blank(text))
		return rule_say(why, "%s必须填写", t->name);
	if (t->extra[member] == '-' && *text)
		return rule_say(why, "%s没有这一项，请删去“%.30s”", t->name, text);
	return false;
}

static bool voucher_code(const struct check *c, size_t i, char *why)
{
	return needs(c, i, NEED_CODE, c->inv->vouchers[i].code, why);
}

static bool voucher_number(const struct check *c, size_t i, char *why)
{
	return needs(c, i, NEED_NUMBER, c->inv->vouchers[i].number, why);
}

static bool voucher_number_form(const struct check *c, size_t i, char *why)
{
	const struct voucher *v = &c->inv->vouchers[i];
	const struct code_row *t = type_of(v);

	if (!t || !*v->number)
		return false;
	if (is(t->code, "01") && !invoice_number_ok(v->number))
		return rule_say(why, "数电发票号码应为 20 位数字：%s", v->number);
	if (text_chars(v->number) <= strtoul(t->extra2, NULL, 10))
		return false;
	return rule_say(why, "共 %zu 个字符，超过%s的上限 %s 个", text_chars(v->number), t->name,
			t->extra2);
}

static bool voucher_date(const struct check *c, size_t i, char *why)
{
	return needs(c, i, NEED_DATE, c->inv->vouchers[i].date, why);
}

static bool voucher_date_form(const struct check *c, size_t i, char *why)
{
	const char *text = c->inv->vouchers[i].date;
	struct date d;

	if (!*text)
		return false;
	if (strlen(text) != 10 || !date_parse(text, &d))
		return rule_say(why, "应为 yyyy-MM-dd：%s", text);
	if (strcmp(text, c->today) <= 0)
		return false;
	return rule_say(why, "%s 晚于开票日期 %s", text, c->today);
}

static bool voucher_note(const struct check *c, size_t i, char *why)
{
	return needs(c, i, NEED_NOTE, c->inv->vouchers[i].note, why);
}

static bool voucher_total(const struct check *c, size_t i, char *why)
{
	if (c->inv->vouchers[i].total_fen > 0)
		return false;
	return rule_say(why, "必须填写，而且大于 0");
}

static bool voucher_amount(const struct check *c, size_t i, char *why)
{
	const struct voucher *v = &c->inv->vouchers[i];
	char a[FEN_TEXT], t[FEN_TEXT];

	if (v->amount_fen <= 0)
		return rule_say(why, "必须填写，而且大于 0");
	if (v->total_fen <= 0 || v->amount_fen <= v->total_fen)
		return false;
	return rule_say(why, "%s 超过凭证合计金额 %s", fen_format(v->amount_fen, a),
			fen_format(v->total_fen, t));
}

const struct item_rule voucher_rules[] = {
    {{"voucher.type", false, "type", "凭证类型",
      "01 数电发票、02 增值税专用发票、03 增值税普通发票、04 营业税发票、05 财政票据、"
      "06 法院裁决书、07 契税完税凭证、08 其他发票类、09 其他扣除凭证"},
     voucher_type_unknown},
    {{"voucher.code", false, "code", "发票代码", "请改正发票代码或凭证类型"}, voucher_code},
    {{"voucher.number", false, "number", "凭证号码", "请填写凭证号码"}, voucher_number},
    {{"voucher.number.form", false, "number", "凭证号码", "请核对凭证号码"}, voucher_number_form},
    {{"voucher.date", false, "date", "凭证开具日期", "请填写开具日期"}, voucher_date},
    {{"voucher.date.form", false, "date", "凭证开具日期", "请改正开具日期"}, voucher_date_form},
    {{"voucher.note", false, "note", "凭证备注", "请写明凭证的名称"}, voucher_note},
    {{"voucher.total", false, "total", "凭证合计金额", "请填写凭证上的合计金额"}, voucher_total},
    {{"voucher.amount", false, "amount", "凭证本次扣除金额", "请改正本次扣除金额"}, voucher_amount},
    {{.code = NULL}, NULL},
};
