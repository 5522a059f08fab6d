/* Every rule: a good invoice has no finding, and breaking one rule yields its word alone. */
#include "tax_help.h"

#include "tax/validate_p.h"

/* 2026-03-10 12:00:00 at +08:00 */
static const int64_t noon = 1773115200;

struct sample {
	const char *code, *name, *short_name, *vat_rates, *levy_rates, *start, *stop;
	bool summary;
};

static const struct sample codes[] = {
    {.code = "1090511030000000000",
     .name = "台式计算机",
     .short_name = "计算机设备",
     .vat_rates = "13%",
     .levy_rates = "3%"},
    {.code = "3040201010000000000",
     .name = "软件开发服务",
     .short_name = "信息技术服务",
     .vat_rates = "6%",
     .levy_rates = "3%"},
    {.code = "3010101000000000000",
     .name = "国际运输",
     .short_name = "运输服务",
     .vat_rates = "0%、9%",
     .levy_rates = ""},
    {.code = "1010101000000000000",
     .name = "谷物",
     .short_name = "谷物",
     .vat_rates = "9%",
     .levy_rates = "3%"},
    {.code = "1090000000000000000",
     .name = "机电产品",
     .short_name = "机电",
     .vat_rates = "",
     .levy_rates = "",
     .summary = true},
    {.code = "3030100000000000000",
     .name = "基础电信服务",
     .short_name = "电信服务",
     .vat_rates = "9%",
     .levy_rates = "3%",
     .summary = true},
    {.code = "3030000000000000000",
     .name = "电信服务",
     .short_name = "电信服务",
     .vat_rates = "",
     .levy_rates = "",
     .summary = true},
    {.code = "1090000010000000000",
     .name = "新编码",
     .short_name = "新",
     .vat_rates = "13%",
     .levy_rates = "",
     .start = "2026-03-11"},
    {.code = "1090000020000000000",
     .name = "旧编码",
     .short_name = "旧",
     .vat_rates = "13%",
     .levy_rates = "",
     .stop = "2026-03-10"},
    {.code = "6010000000000000000",
     .name = "预付卡销售和充值",
     .short_name = "预付卡销售",
     .vat_rates = "0%",
     .levy_rates = ""},
    {.code = "6130000000000000000",
     .name = "代收民航发展基金",
     .short_name = "民航发展基金",
     .vat_rates = "0%",
     .levy_rates = ""},
    {.code = "6110000000000000000",
     .name = "不征税自来水",
     .short_name = "自来水",
     .vat_rates = "0%",
     .levy_rates = ""},
    {.code = "3010301010100000000",
     .name = "国内航空旅客",
     .short_name = "运输服务",
     .vat_rates = "9%",
     .levy_rates = "3%"},
    {.code = "1020101000000000000",
     .name = "原煤",
     .short_name = "煤炭",
     .vat_rates = "13%",
     .levy_rates = "3%"},
    {.code = "3060101000000000000",
     .name = "贷款",
     .short_name = "贷款服务",
     .vat_rates = "6%",
     .levy_rates = "3%"},
    {.code = "3070401000000000000",
     .name = "餐饮服务",
     .short_name = "餐饮服务",
     .vat_rates = "6%",
     .levy_rates = "3%"},
    {.code = "3040502020000000000",
     .name = "不动产经营租赁",
     .short_name = "经营租赁",
     .vat_rates = "9%",
     .levy_rates = "5%"},
};

/* The result is valid until the next call, as the contract has it. */
static const struct tax_code *find_code(void *arg, const char *code)
{
	static struct tax_code found;

	(void)arg;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		const struct sample *s = &codes[i];
		if (strcmp(s->code, code) != 0)
			continue;
		mem_set(&found.code, s->code);
		mem_set(&found.name, s->name);
		mem_set(&found.short_name, s->short_name);
		mem_set(&found.vat_rates, s->vat_rates);
		mem_set(&found.levy_rates, s->levy_rates);
		mem_set(&found.start, s->start);
		mem_set(&found.stop, s->stop);
		found.summary = s->summary;
		return &found;
	}
	return NULL;
}

static struct taxpayer seller;
static struct tax_rate rates[8];
static struct tax_context ctx;

static void fresh_context(void)
{
	static const int32_t enabled[] = {0, 10000, 30000, 50000, 60000, 90000, 130000};

	seller = (struct taxpayer) {.tax_no = "914403001922038216",
				    .state = "03",
				    .pilot = "Y",
				    .risk_class = "00",
				    .alert_level = "00",
				    .risk_flag = "N",
				    .industry = "6510",
				    .basic_at = noon - 100,
				    .risk_at = noon - 100};
	for (size_t i = 0; i < 7; i++)
		rates[i] = (struct tax_rate) {
		    .ppm = enabled[i], .levy = i < 4, .start = "2020-01-01", .enabled = true};
	ctx = (struct tax_context) {.now = noon,
				    .seller = &seller,
				    .rates = rates,
				    .rate_count = 7,
				    .find_code = find_code};
}

static struct tax_line *add_line(struct invoice *inv, const char *code, const char *rate,
				 const char *amount)
{
	struct tax_line *l = invoice_add_line(inv);

	mem_set(&l->name, "某项目");
	mem_set(&l->tax_code, code);
	assert_true(rate_parse(rate, &l->rate_ppm));
	line_enter(l, NULL, NULL, amount);
	return l;
}

static void good_invoice(struct invoice *inv)
{
	invoice_init(inv);
	inv->kind = INVOICE_SPECIAL;
	mem_set(&inv->seller.name, "某某科技有限公司");
	mem_set(&inv->seller.tax_no, "914403001922038216");
	mem_set(&inv->buyer.name, "某某贸易有限公司");
	mem_set(&inv->buyer.tax_no, "91440300708461136T");
	mem_set(&inv->drawer, "张三");
	struct tax_line *l = add_line(inv, "1090511030000000000", "0.13", NULL);
	line_enter(l, "2", "113.00", "226.00");
	l->discount = (struct discount) {.by = DISCOUNT_BY_RATE, .rate = dec_of("0.10")};
	add_line(inv, "3040201010000000000", "0.06", "106");
}

static void drop_lines(struct invoice *inv)
{
	while (inv->line_count)
		invoice_remove_line(inv, 0);
}

static void only_line(struct invoice *inv, const char *code, const char *rate)
{
	drop_lines(inv);
	add_line(inv, code, rate, "100");
}

static void ordinary(struct invoice *inv)
{
	inv->kind = INVOICE_ORDINARY;
}

static void person(struct invoice *inv, const char *type, const char *number, const char *country)
{
	inv->buyer_is_person = true;
	mem_set(&inv->buyer.name, "王小明");
	mem_set(&inv->buyer.tax_no, number);
	mem_set(&inv->buyer_id_type, type);
	mem_set(&inv->buyer_id_no, number);
	mem_set(&inv->buyer_country, country);
}

static char *repeat(const char *s, size_t n)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < n; i++)
		buf_adds(&b, s);
	return buf_detach(&b);
}

static void set_long(char **slot, const char *s, size_t n)
{
	char *text = repeat(s, n);

	mem_set(slot, text);
	free(text);
}

/* ---- one way to break each rule ---- */

static bool only_retail(void *arg, const char *name, char *known, size_t size)
{
	(void)arg;
	text_copy(known, size, "零售");
	return !strcmp(name, "零售");
}

static bool nobody_known(void *arg, const char *name)
{
	(void)arg;
	(void)name;
	return false;
}

#define BREAK(name, ...)                                                                           \
	static void name(struct invoice *inv)                                                      \
	{                                                                                          \
		struct tax_line *l = inv->line_count ? &inv->lines[0] : NULL;                      \
		(void)l;                                                                           \
		__VA_ARGS__                                                                        \
	}

BREAK(b_lines, drop_lines(inv);)
BREAK(b_too_many,
      while (inv->line_count < 5000) add_line(inv, "3040201010000000000", "0.06", "106");)
BREAK(b_many, while (inv->line_count < 2000) add_line(inv, "3040201010000000000", "0.06", "106");)
BREAK(b_seller_name, mem_set(&inv->seller.name, " ");)
BREAK(b_seller_tax_no, mem_set(&inv->seller.tax_no, "");)
BREAK(b_seller_form, mem_set(&inv->seller.tax_no, "91440300192203821a");)
BREAK(b_seller_check, mem_set(&inv->seller.tax_no, "914403001922038215");)
BREAK(b_drawer, mem_set(&inv->drawer, "　");)
BREAK(b_unregistered, (void)inv; ctx.joint = true; ctx.drawer_known = nobody_known;)
BREAK(b_type, mem_set(&inv->business_type, "批发"); ctx.type_known = only_retail;)
BREAK(b_goods, mem_set(&inv->lines[0].goods, "某商品");)
BREAK(b_addresses, inv->show_seller_address = true; ctx.edition = 4000;)
BREAK(b_settlement, mem_set(&inv->settlement, "06");)
BREAK(b_number_form, mem_set(&inv->drawer, "李四"); memcpy(inv->number, "123", 4);)
BREAK(b_number_year, memcpy(inv->number, "25440000000000000001", 21);)
BREAK(b_issued_form, memcpy(inv->issued_at, "2026-02-30 00:00:00", 20);)
BREAK(b_issued_expired, memcpy(inv->issued_at, "2026-03-08 12:00:00", 20);)
BREAK(b_issued_future, memcpy(inv->issued_at, "2026-03-10 12:05:01", 20);)
BREAK(b_text_long, set_long(&inv->buyer.address, "路", 301);)
BREAK(b_text_bidi, mem_set(&inv->remark, "a\xE2\x80\xAE"
					 "b");)
BREAK(b_text_line, mem_set(&l->spec, "a\nb");)
BREAK(b_extra_long, set_long(&invoice_add_extra(inv)->value, "x", 201);)
BREAK(b_buyer_name, mem_set(&inv->buyer.name, "");)
BREAK(b_buyer_short, mem_set(&inv->buyer.name, "王小二毛");)
BREAK(b_person_name, person(inv, "", "", ""); ordinary(inv); mem_set(&inv->buyer.name, "王");)
BREAK(b_person_long, person(inv, "", "", ""); ordinary(inv); set_long(&inv->buyer.name, "王", 297);)
BREAK(b_buyer_tax_no, mem_set(&inv->buyer.tax_no, "");)
BREAK(b_buyer_form, mem_set(&inv->buyer.tax_no, "91440300-708461136");)
BREAK(b_buyer_form_short, mem_set(&inv->buyer.tax_no, "12345678901234");)
BREAK(b_buyer_check, mem_set(&inv->buyer.tax_no, "914403007084611360");)
BREAK(b_person_flag, mem_set(&inv->buyer_country, "156");)
BREAK(b_person_incomplete, person(inv, "208", "E12345678", "");)
BREAK(b_person_id_type, person(inv, "202", "E12345678", "156");)
BREAK(b_person_tax_no, person(inv, "201", "11010519491231002X", "156");
      mem_set(&inv->buyer.tax_no, "440524188001010014");)
BREAK(b_person_tax_no_empty, person(inv, "208", "E12345678", "840"); ordinary(inv);
      mem_set(&inv->buyer.tax_no, "");)
BREAK(b_person_card, person(inv, "201", "110105194912310021", "156");)
BREAK(b_person_country, person(inv, "208", "E12345678", "999");)
BREAK(b_nation_201, person(inv, "201", "11010519491231002X", "840");)
BREAK(b_nation_213, person(inv, "213", "12345678", "156");)
BREAK(b_nation_210, person(inv, "210", "H12345678", "446");)
BREAK(b_nation_210_none, person(inv, "210", "X12345678", "344");)
BREAK(b_nation_237, person(inv, "237", "820000199001011234", "344");)
BREAK(b_nation_237_none, person(inv, "237", "830000199001011234", "344");)
BREAK(b_email, mem_set(&inv->buyer_email, "someone");)
BREAK(b_handler, mem_set(&inv->handler_id_no, "E12345678");)
BREAK(b_handler_type, mem_set(&inv->handler_id_no, "E1"); mem_set(&inv->handler_id_type, "100");)
BREAK(b_handler_card, mem_set(&inv->handler_id_no, "110105194912310021");
      mem_set(&inv->handler_id_type, "201"); mem_set(&inv->handler_country, "156");)
BREAK(b_handler_country, mem_set(&inv->handler_country, "000");)
BREAK(b_handler_nation, mem_set(&inv->handler_id_no, "11010519491231002X");
      mem_set(&inv->handler_id_type, "201"); mem_set(&inv->handler_country, "840");)
BREAK(b_handler_tax_no, mem_set(&inv->handler_tax_no, "short");)
BREAK(b_payment, mem_set(&invoice_add_payment(inv)->channel, "009");)
BREAK(b_payment_number, mem_set(&invoice_add_payment(inv)->number, "1");)
BREAK(b_payment_channel, struct payment *p = invoice_add_payment(inv); mem_set(&p->channel, "077");
      mem_set(&p->number, "1");)

BREAK(b_line_name, mem_set(&l->name, "");)
BREAK(b_line_star, mem_set(&l->name, "*计算机设备*台式机");)
BREAK(b_full_name, set_long(&l->name, "名", 294);)
BREAK(b_quantity_wide,
      l->quantity = (struct dec) {.coef = dec_of("1000000000000000000000000").coef, .scale = 24};
      l->price = dec_of("226");)
BREAK(b_code_missing, mem_set(&l->tax_code, ""); mem_set(&l->short_name, "计算机设备");)
BREAK(b_code_form, mem_set(&l->tax_code, "1090511"); mem_set(&l->short_name, "计算机设备");)
BREAK(b_code_unknown, mem_set(&l->tax_code, "1999999999999999999");
      mem_set(&l->short_name, "计算机设备");)
BREAK(b_code_future, mem_set(&l->tax_code, "1090000010000000000");)
BREAK(b_code_stopped, mem_set(&l->tax_code, "1090000020000000000");)
BREAK(b_code_summary, mem_set(&l->tax_code, "1090000000000000000");)
BREAK(b_code_telecom, only_line(inv, "3030100000000000000", "0.09");)
BREAK(b_short_missing, ctx.find_code = NULL; mem_set(&inv->lines[1].short_name, "信息技术服务");)
BREAK(b_short_differs, mem_set(&l->short_name, "电脑");)
BREAK(b_rate_disabled, rates[6].enabled = false;)
BREAK(b_rate_ended, memcpy(rates[6].stop, "2026-03-10", 11);)
BREAK(b_rate_code, l->rate_ppm = 90000;)
BREAK(b_rate_zero, inv->lines[1].rate_ppm = 0;)
BREAK(b_rate_reduced, l->rate_ppm = 10000;)
BREAK(b_person_tax_no_lower, person(inv, "208", "e12345678", "840");)
BREAK(b_rate_advice, l->rate_ppm = 90000; ctx.rate_count = 0;)
BREAK(b_pref_unknown, mem_set(&l->preference, "19");)
BREAK(b_pref_01, mem_set(&l->preference, "01");)
BREAK(b_pref_03, mem_set(&l->preference, "03");)
BREAK(b_pref_08, mem_set(&l->preference, "08"); l->rate_ppm = 50000;)
BREAK(b_pref_09, mem_set(&l->preference, "09"); l->rate_ppm = 30000;)
BREAK(b_pref_10, only_line(inv, "3040502020000000000", "0.015");
      mem_set(&inv->lines[0].preference, "10");)
BREAK(b_untaxed, ordinary(inv); only_line(inv, "6010000000000000000", "0");)
BREAK(b_telecom_terms, memcpy(seller.industry, "6311", 5);
      only_line(inv, "3030100000000000000", "0.06");)
BREAK(b_prepaid, only_line(inv, "6010000000000000000", "0");
      mem_set(&inv->lines[0].preference, "04");)
BREAK(b_mix_untaxed, ordinary(inv);
      mem_set(&add_line(inv, "6010000000000000000", "0", "1")->preference, "04");)
BREAK(b_mix_fund, ordinary(inv);
      mem_set(&add_line(inv, "6130000000000000000", "0", "1")->preference, "04");)
BREAK(b_mix_leasing, ctx.leasing = true;
      mem_set(&add_line(inv, "3040502020000000000", "0.015", "100")->preference, "10");)
BREAK(b_coal_kind, only_line(inv, "1020101000000000000", "0.13");)
BREAK(b_coal_idle, mem_set(&l->coal_kind, "0100");)
BREAK(b_coal_unknown, only_line(inv, "1020101000000000000", "0.13");
      mem_set(&inv->lines[0].coal_kind, "0400");)

static void coal(struct invoice *inv, const char *amount, const char *quality)
{
	drop_lines(inv);
	inv->prices_include_tax = false;
	mem_set(&add_line(inv, "1020101000000000000", "0.13", amount)->coal_kind, "0300");
	mem_set(&inv->coal_quality, quality);
}

static const char quality[] = "每千克煤炭发热量：5500千卡、干基全硫：0.85%、干燥无灰基挥发分：30%";

BREAK(b_coal_quality, coal(inv, "10000000.00", "");)
BREAK(b_coal_quality_idle, coal(inv, "9999999.99", quality);)
BREAK(b_coal_form, coal(inv, "10000000.00",
			"每千克煤炭发热量：55000千卡、干基全硫：0.85%、干燥无灰基挥发分：30%");)
BREAK(b_coal_form_empty,
      coal(inv, "10000000.00", "每千克煤炭发热量：5500千卡、干基全硫：%、干燥无灰基挥发分：30%");)
BREAK(b_coal_form_tail,
      coal(inv, "10000000.00", "每千克煤炭发热量：5500千卡、干基全硫：1%、干燥无灰基挥发分：3% ");)
BREAK(b_remark_coal, coal(inv, "10000000.00", quality); set_long(&inv->remark, "注", 411);)
BREAK(b_loan, only_line(inv, "3060101000000000000", "0.06");)
BREAK(b_loan_mixed, add_line(inv, "3060101000000000000", "0.06", "5");)
BREAK(b_daily, only_line(inv, "3070401000000000000", "0.06");)
BREAK(b_daily_mixed, add_line(inv, "3070401000000000000", "0.06", "5");)
BREAK(b_triple, line_enter(l, "3", "33.33", "100.01"); inv->prices_include_tax = false;)
BREAK(b_negative, line_enter(l, "-2", "113", NULL);)
BREAK(b_discount_all, l->discount.rate = dec_of("1");)
BREAK(b_total_tax, drop_lines(inv); inv->prices_include_tax = false;
      for (int i = 0; i < 400; i++) add_line(inv, "1090511030000000000", "0.13", "0.05");)
BREAK(b_risk, memcpy(seller.risk_class, "01", 3);)
BREAK(b_stale, seller.risk_at = noon - RISK_FRESH_SECONDS - 1;)

struct breach {
	const char *code, *field;
	bool warning;
	void (*apply)(struct invoice *inv);
};

static const struct breach breaches[] = {
    {"lines.required", "lines", false, b_lines},
    {"lines.too_many", "lines", false, b_too_many},
    {"lines.many", "lines", true, b_many},
    {"seller.name.required", "seller.name", false, b_seller_name},
    {"seller.tax_no.required", "seller.tax_no", false, b_seller_tax_no},
    {"seller.tax_no.form", "seller.tax_no", false, b_seller_form},
    {"seller.tax_no.check_digit", "seller.tax_no", true, b_seller_check},
    {"seller.risk.class", "seller", false, b_risk},
    {"seller.risk.stale", "seller", false, b_stale},
    {"drawer.required", "drawer", false, b_drawer},
    {"drawer.unregistered", "drawer", false, b_unregistered},
    {"business_type.unknown", "business_type", false, b_type},
    {"settlement.unknown", "settlement", false, b_settlement},
    {"show_address.edition", "show_buyer_address", false, b_addresses},
    {"number.form", "number", false, b_number_form},
    {"number.year", "number", false, b_number_year},
    {"issued_at.form", "issued_at", false, b_issued_form},
    {"issued_at.expired", "issued_at", false, b_issued_expired},
    {"issued_at.future", "issued_at", false, b_issued_future},
    {"text.too_long", "buyer.address", false, b_text_long},
    {"text.forbidden", "remark", false, b_text_bidi},
    {"text.forbidden", "lines[0].spec", false, b_text_line},
    {"text.too_long", "extras[0].value", false, b_extra_long},
    {"buyer.name.required", "buyer.name", false, b_buyer_name},
    {"buyer.name.person", "buyer.name", true, b_buyer_short},
    {"buyer.person.name", "buyer.name", false, b_person_name},
    {"buyer.person.name_length", "buyer.name", false, b_person_long},
    {"buyer.tax_no.required", "buyer.tax_no", false, b_buyer_tax_no},
    {"buyer.tax_no.form", "buyer.tax_no", false, b_buyer_form},
    {"buyer.tax_no.form", "buyer.tax_no", false, b_buyer_form_short},
    {"buyer.tax_no.check_digit", "buyer.tax_no", true, b_buyer_check},
    {"buyer.person.flag", "buyer.is_person", false, b_person_flag},
    {"buyer.person.incomplete", "buyer.id_no", false, b_person_incomplete},
    {"buyer.person.id_type", "buyer.id_type", false, b_person_id_type},
    {"buyer.person.tax_no", "buyer.tax_no", false, b_person_tax_no},
    {"buyer.person.tax_no", "buyer.tax_no", false, b_person_tax_no_empty},
    {"buyer.person.id_card", "buyer.id_no", true, b_person_card},
    {"buyer.person.country", "buyer.country", false, b_person_country},
    {"buyer.person.nationality", "buyer.country", false, b_nation_201},
    {"buyer.person.nationality", "buyer.country", false, b_nation_213},
    {"buyer.person.nationality", "buyer.country", false, b_nation_210},
    {"buyer.person.nationality", "buyer.country", false, b_nation_210_none},
    {"buyer.person.nationality", "buyer.country", false, b_nation_237},
    {"buyer.person.nationality", "buyer.country", false, b_nation_237_none},
    {"buyer.email.form", "buyer.email", true, b_email},
    {"handler.incomplete", "handler.id_no", false, b_handler},
    {"handler.id_type", "handler.id_type", false, b_handler_type},
    {"handler.id_card", "handler.id_no", true, b_handler_card},
    {"handler.country", "handler.country", false, b_handler_country},
    {"handler.nationality", "handler.country", false, b_handler_nation},
    {"handler.tax_no.form", "handler.tax_no", false, b_handler_tax_no},
    {"payment.incomplete", "payments[0]", false, b_payment},
    {"payment.incomplete", "payments[0]", false, b_payment_number},
    {"payment.channel.unknown", "payments[0]", false, b_payment_channel},
    {"line.goods.unknown", "lines[0].goods", false, b_goods},
    {"line.name.required", "lines[0].name", false, b_line_name},
    {"line.name.star", "lines[0].name", true, b_line_star},
    {"line.full_name.length", "lines[0].name", false, b_full_name},
    {"line.quantity.length", "lines[0].quantity", false, b_quantity_wide},
    {"line.tax_code.required", "lines[0].tax_code", false, b_code_missing},
    {"line.tax_code.form", "lines[0].tax_code", false, b_code_form},
    {"line.tax_code.unknown", "lines[0].tax_code", false, b_code_unknown},
    {"line.tax_code.not_started", "lines[0].tax_code", false, b_code_future},
    {"line.tax_code.stopped", "lines[0].tax_code", false, b_code_stopped},
    {"line.tax_code.summary", "lines[0].tax_code", false, b_code_summary},
    {"line.tax_code.summary", "lines[0].tax_code", false, b_code_telecom},
    {"line.short_name.required", "lines[0].short_name", false, b_short_missing},
    {"line.short_name.mismatch", "lines[0].short_name", false, b_short_differs},
    {"line.rate.disabled", "lines[0].tax_rate", false, b_rate_disabled},
    {"line.rate.disabled", "lines[0].tax_rate", false, b_rate_ended},
    {"line.rate.not_permitted", "lines[0].tax_rate", false, b_rate_code},
    {"line.rate.not_permitted", "lines[1].tax_rate", false, b_rate_zero},
    {"line.rate.reduced", "lines[0].tax_rate", true, b_rate_reduced},
    {"buyer.tax_no.form", "buyer.tax_no", false, b_person_tax_no_lower},
    {"line.rate.advice", "lines[0].tax_rate", true, b_rate_advice},
    {"line.preference.unknown", "lines[0].preference", false, b_pref_unknown},
    {"line.preference.rate", "lines[0].tax_rate", false, b_pref_01},
    {"line.preference.rate", "lines[0].tax_rate", false, b_pref_03},
    {"line.preference.rate", "lines[0].tax_rate", false, b_pref_08},
    {"line.preference.rate", "lines[0].tax_rate", false, b_pref_09},
    {"line.preference.leasing", "lines[0].preference", false, b_pref_10},
    {"line.untaxed.preference", "lines[0].preference", false, b_untaxed},
    {"line.telecom.terms", "lines[0].tax_rate", false, b_telecom_terms},
    {"line.prepaid.special", "lines[0].tax_code", false, b_prepaid},
    {"mix.untaxed", "lines", false, b_mix_untaxed},
    {"mix.untaxed", "lines", false, b_mix_fund},
    {"mix.leasing", "lines", false, b_mix_leasing},
    {"coal.kind.required", "lines[0].coal_kind", false, b_coal_kind},
    {"coal.kind.idle", "lines[0].coal_kind", false, b_coal_idle},
    {"coal.kind.unknown", "lines[0].coal_kind", false, b_coal_unknown},
    {"coal.quality.required", "coal_quality", false, b_coal_quality},
    {"coal.quality.idle", "coal_quality", false, b_coal_quality_idle},
    {"coal.quality.form", "coal_quality", false, b_coal_form},
    {"coal.quality.form", "coal_quality", false, b_coal_form_empty},
    {"coal.quality.form", "coal_quality", false, b_coal_form_tail},
    {"remark.length", "remark", false, b_remark_coal},
    {"special.loan", "lines", true, b_loan},
    {"special.loan_mixed", "lines", true, b_loan_mixed},
    {"special.daily", "lines", true, b_daily},
    {"special.daily_mixed", "lines", true, b_daily_mixed},
    {"line.price_amount", "lines[0].amount", false, b_triple},
    {"line.quantity.positive", "lines[0].quantity", false, b_negative},
    {"line.discount.rate", "lines[0].discount", false, b_discount_all},
    {"totals.tax", "tax_amount", false, b_total_tax},
};

static void expect_one(const struct breach *b)
{
	struct invoice inv;
	struct tax_findings f = {0};
	struct err_info e = {0};

	fresh_context();
	good_invoice(&inv);
	b->apply(&inv);
	enum err rc = tax_validate(&inv, &ctx, &f, &e);
	for (size_t i = 0; i < f.count; i++)
		if (strcmp(f.items[i].at.code, b->code) != 0)
			fail_msg("%s: also %s: %s %s", b->code, f.items[i].at.code,
				 f.items[i].at.what, f.items[i].at.why);
	if (f.count != 1)
		fail_msg("%s: %zu findings", b->code, f.count);
	const struct err_info *at = &f.items[0].at;
	assert_string_equal(at->field, b->field);
	assert_int_equal(f.items[0].warning, b->warning);
	assert_int_equal(f.errors, !b->warning);
	assert_int_equal(rc, b->warning ? ERR_OK : ERR_INVALID);
	assert_true(*at->what && *at->why && *at->hint);
	if (!b->warning)
		assert_string_equal(e.code, b->code);
	tax_findings_free(&f);
	invoice_free(&inv);
}

static void each_rule_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(breaches) / sizeof(breaches[0]); i++)
		expect_one(&breaches[i]);
}

/* Every word of the head and line tables has a breach above, or is tampered with below. */
static bool has_breach(const char *code)
{
	static const char *const tampered[] = {
	    "line.net_price", "line.tax",   "line.gross",   "line.net",        "line.signs",
	    "line.discount",  "totals.net", "totals.gross", "totals.positive", "line.price.length"};

	for (size_t i = 0; i < sizeof(breaches) / sizeof(breaches[0]); i++)
		if (!strcmp(breaches[i].code, code))
			return true;
	for (size_t i = 0; i < sizeof(tampered) / sizeof(tampered[0]); i++)
		if (!strcmp(tampered[i], code))
			return true;
	return false;
}

static void every_rule_has_a_breach(void **state)
{
	(void)state;
	const struct head_rule *const heads[] = {head_rules, buyer_rules, content_rules, sum_rules};
	const struct line_rule *const lines[] = {line_rules, rate_rules, content_lines, sum_lines};
	for (size_t i = 0; i < 4; i++) {
		for (const struct head_rule *r = heads[i]; r->text.code; r++)
			if (!has_breach(r->text.code))
				fail_msg("%s", r->text.code);
		for (const struct line_rule *r = lines[i]; r->text.code; r++)
			if (!has_breach(r->text.code))
				fail_msg("%s", r->text.code);
	}
}

/* ---- what must pass ---- */

static void expect_clean(const char *name, void (*apply)(struct invoice *inv))
{
	struct invoice inv;
	struct tax_findings f = {0};

	fresh_context();
	good_invoice(&inv);
	apply(&inv);
	if (tax_validate(&inv, &ctx, &f, NULL) || f.count)
		fail_msg("%s: %s %s %s", name, f.items[0].at.code, f.items[0].at.what,
			 f.items[0].at.why);
	tax_findings_free(&f);
	invoice_free(&inv);
}

BREAK(g_base, (void)inv;)
BREAK(g_draft, ctx.seller = NULL; mem_set(&inv->seller.name, ""); mem_set(&inv->seller.tax_no, "");)
BREAK(g_old_tax_no, mem_set(&inv->buyer.tax_no, "440301708461136");)
BREAK(g_tax_no_20, mem_set(&inv->buyer.tax_no, "12345678901234567890");)
BREAK(g_no_tax_no, ordinary(inv); mem_set(&inv->buyer.tax_no, "");)
BREAK(g_person_bare, ordinary(inv); person(inv, "", "", "");)
BREAK(g_person_card, person(inv, "201", "11010519491231002X", "156");)
BREAK(g_person_passport, person(inv, "208", "E12345678", "840");)
BREAK(g_person_hk, person(inv, "210", "H12345678", "344");)
BREAK(g_person_mo, person(inv, "237", "820000199001011234", "446");)
BREAK(g_person_tw, person(inv, "238", "830000199001011234", "158");)
BREAK(g_person_name, person(inv, "", "", ""); ordinary(inv); set_long(&inv->buyer.name, "王", 296);)
BREAK(g_handler, mem_set(&inv->handler_name, "李四"); mem_set(&inv->handler_id_type, "201");
      mem_set(&inv->handler_id_no, "11010519491231002X"); mem_set(&inv->handler_country, "156");)
BREAK(g_payment, struct payment *p = invoice_add_payment(inv); mem_set(&p->channel, "009");
      mem_set(&p->number, "2026031022001");)
BREAK(g_addresses, inv->show_seller_address = true; ctx.edition = 5001;)
BREAK(g_settlement, mem_set(&inv->settlement, "99");)
BREAK(g_number, memcpy(inv->number, "26440000000000000001", 21);
      memcpy(inv->issued_at, "2026-03-08 12:00:01", 20);)
BREAK(g_year_end, ctx.now = 1767196800; /* 2026-01-01 00:00 */
      seller.risk_at = ctx.now; memcpy(inv->number, "25440000000000000001", 21);
      memcpy(inv->issued_at, "2025-12-31 23:59:59", 20);)
BREAK(g_max_lines, drop_lines(inv);
      while (inv->line_count < 2000) add_line(inv, "3040201010000000000", "0.06", "106");)
BREAK(g_zero_listed, inv->lines[0].discount.by = DISCOUNT_NONE;
      mem_set(&inv->lines[1].tax_code, "3010101000000000000"); inv->lines[1].rate_ppm = 0;)
BREAK(g_exempt, mem_set(&l->preference, "03"); l->rate_ppm = 0; rates[0].enabled = false;)
BREAK(g_exempt_mixed, mem_set(&l->preference, "03"); l->rate_ppm = 0;)
BREAK(g_levy, l->rate_ppm = 30000;)
BREAK(g_telecom_preference, memcpy(seller.industry, "6311", 5);
      only_line(inv, "3030100000000000000", "0.09"); mem_set(&inv->lines[0].preference, "14");)
BREAK(g_rate_until, memcpy(rates[6].stop, "2026-03-11", 11);)
BREAK(g_simple, mem_set(&l->preference, "01"); l->rate_ppm = 50000;)
BREAK(g_refund, mem_set(&l->preference, "14");)
BREAK(g_leasing, ctx.leasing = true; only_line(inv, "3040502020000000000", "0.015");
      mem_set(&inv->lines[0].preference, "10");)
BREAK(g_untaxed_only, ordinary(inv); only_line(inv, "6010000000000000000", "0");
      mem_set(&inv->lines[0].preference, "04");
      mem_set(&add_line(inv, "6130000000000000000", "0", "1")->preference, "04");)
BREAK(g_fund, ordinary(inv); only_line(inv, "3010301010100000000", "0.09");
      mem_set(&add_line(inv, "6130000000000000000", "0", "50")->preference, "04");)
BREAK(g_water, mem_set(&add_line(inv, "6110000000000000000", "0", "50")->preference, "04");)
BREAK(g_telecom, ordinary(inv); memcpy(seller.industry, "6311", 5);
      only_line(inv, "3030100000000000000", "0.09");
      mem_set(&add_line(inv, "3030000000000000000", "0", "50")->preference, "04");)
BREAK(g_coal, coal(inv, "10000000.00", quality); set_long(&inv->remark, "注", 410);)
BREAK(g_coal_small, coal(inv, "9999999.99", "");)
BREAK(g_coal_wide, coal(inv, "10000000.00",
			"每千克煤炭发热量：1千卡、干基全硫：12.34％、干燥无灰基挥发分：1％");)
BREAK(g_loan_ordinary, ordinary(inv); only_line(inv, "3060101000000000000", "0.06");)
BREAK(g_full_name, set_long(&l->name, "名", 293);)
BREAK(g_remark, set_long(&inv->remark, "注\n", 225);)

static void what_the_tax_side_accepts_passes(void **state)
{
	(void)state;
#define CLEAN(f) expect_clean(#f, f)
	CLEAN(g_base);
	CLEAN(g_draft);
	CLEAN(g_old_tax_no);
	CLEAN(g_tax_no_20);
	CLEAN(g_no_tax_no);
	CLEAN(g_person_bare);
	CLEAN(g_person_card);
	CLEAN(g_person_passport);
	CLEAN(g_person_hk);
	CLEAN(g_person_mo);
	CLEAN(g_person_tw);
	CLEAN(g_person_name);
	CLEAN(g_handler);
	CLEAN(g_payment);
	CLEAN(g_addresses);
	CLEAN(g_settlement);
	CLEAN(g_number);
	CLEAN(g_year_end);
	CLEAN(g_max_lines);
	CLEAN(g_zero_listed);
	CLEAN(g_exempt);
	CLEAN(g_exempt_mixed);
	CLEAN(g_levy);
	CLEAN(g_telecom_preference);
	CLEAN(g_rate_until);
	CLEAN(g_simple);
	CLEAN(g_refund);
	CLEAN(g_leasing);
	CLEAN(g_untaxed_only);
	CLEAN(g_fund);
	CLEAN(g_water);
	CLEAN(g_telecom);
	CLEAN(g_coal);
	CLEAN(g_coal_small);
	CLEAN(g_coal_wide);
	CLEAN(g_loan_ordinary);
	CLEAN(g_full_name);
	CLEAN(g_remark);
}

/* ---- the arithmetic rules, on figures tampered with after computing ---- */

struct tampering {
	const char *code;
	void (*apply)(struct invoice *inv);
};

BREAK(t_price, l->net_price.coef += 1000 * l->net_price.coef;)
BREAK(t_tax, l->tax_fen += 7; l->gross_fen += 7;)
BREAK(t_gross, l->gross_fen++;)
BREAK(t_net, l->gross_fen += 3; l->tax_fen += 3;)
BREAK(t_signs, l->net_fen = 0;)
BREAK(t_discount, l->discount_net_fen = -l->net_fen - 1;)
BREAK(t_wide,
      l->net_price = (struct dec) {.coef = dec_of("1000000000000000000000000").coef, .scale = 24};)
BREAK(t_total_net, inv->net_fen++;)
BREAK(t_total_gross, inv->gross_fen++;)
BREAK(t_total_signs, inv->net_fen = 0;)

static bool line_breaks(const struct line_rule *rules, const char *code, const struct check *c)
{
	struct line_at at = {.line = &c->inv->lines[0], .computed = true};
	char why[WHY_TEXT] = "";

	for (; rules->text.code; rules++)
		if (!strcmp(rules->text.code, code))
			return rules->broken(c, &at, why) && *why;
	return false;
}

static bool head_breaks(const char *code, const struct check *c)
{
	char why[WHY_TEXT] = "";

	for (const struct head_rule *r = sum_rules; r->text.code; r++)
		if (!strcmp(r->text.code, code))
			return r->broken(c, why) && *why;
	return false;
}

static void arithmetic_rules_see_tampering(void **state)
{
	(void)state;
	static const struct tampering tamperings[] = {
	    {"line.net_price", t_price},     {"line.tax", t_tax},
	    {"line.gross", t_gross},         {"line.net", t_net},
	    {"line.signs", t_signs},         {"line.discount", t_discount},
	    {"line.price.length", t_wide},   {"totals.net", t_total_net},
	    {"totals.gross", t_total_gross}, {"totals.positive", t_total_signs},
	};
	fresh_context();
	for (size_t i = 0; i < sizeof(tamperings) / sizeof(tamperings[0]); i++) {
		struct invoice inv;
		const struct check c = {.inv = &inv, .ctx = &ctx, .computed = true};
		const char *code = tamperings[i].code;
		good_invoice(&inv);
		assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
		assert_false(line_breaks(sum_lines, code, &c) ||
			     line_breaks(line_rules, code, &c) || head_breaks(code, &c));
		tamperings[i].apply(&inv);
		if (!line_breaks(sum_lines, code, &c) && !line_breaks(line_rules, code, &c) &&
		    !head_breaks(code, &c))
			fail_msg("%s", code);
		invoice_free(&inv);
	}
}

/* The tolerances are exact: at the border it passes, beyond it does not. */
static void tolerances_are_exact(void **state)
{
	(void)state;
	struct invoice inv;
	const struct check c = {.inv = &inv, .ctx = &ctx, .computed = true};
	fresh_context();
	good_invoice(&inv);
	drop_lines(&inv);
	inv.prices_include_tax = false;
	add_line(&inv, "1090511030000000000", "0.13", "100");
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	struct tax_line *l = &inv.lines[0];
	for (int64_t off = -7; off <= 7; off++) {
		l->tax_fen = 1300 + off;
		assert_int_equal(line_breaks(sum_lines, "line.tax", &c), off < -6 || off > 6);
	}
	for (int64_t off = -128; off <= 128; off++) {
		inv.tax_fen = 1300 + off;
		assert_int_equal(head_breaks("totals.tax", &c), off < -127 || off > 127);
	}
	invoice_free(&inv);
}

/* ---- collecting ---- */

static void findings_are_capped_but_counted(void **state)
{
	(void)state;
	struct invoice inv;
	struct tax_findings f = {0};
	struct err_info e = {0};
	fresh_context();
	good_invoice(&inv);
	drop_lines(&inv);
	for (int i = 0; i < 500; i++)
		mem_set(&add_line(&inv, "1090511030000000000", "0.13", "1")->name, "*x*");
	mem_set(&inv.drawer, "");
	assert_int_equal(tax_validate(&inv, &ctx, &f, &e), ERR_INVALID);
	assert_int_equal(f.count, 200);
	assert_string_equal(e.code, "drawer.required"); /* an error is never lost among warnings */
	assert_int_equal(f.errors, 2);                  /* and totals.tax: 500 equal lines */
	tax_findings_free(&f);
	assert_int_equal(tax_validate(&inv, &ctx, NULL, NULL), ERR_INVALID);
	invoice_free(&inv);
}

static void all_faults_are_reported_at_once(void **state)
{
	(void)state;
	struct invoice inv;
	struct tax_findings f = {0};
	fresh_context();
	good_invoice(&inv);
	mem_set(&inv.drawer, "");
	mem_set(&inv.buyer.tax_no, "");
	line_enter(&inv.lines[1], "-1", "3", NULL);
	assert_int_equal(tax_validate(&inv, &ctx, &f, NULL), ERR_INVALID);
	assert_int_equal(f.errors, 3);
	assert_string_equal(f.items[0].at.code, "line.quantity.positive");
	assert_string_equal(f.items[0].at.what, "第 2 行数量");
	tax_findings_free(&f);
	invoice_free(&inv);
}

static void short_name_follows_from_the_code(void **state)
{
	(void)state;
	struct invoice inv;
	fresh_context();
	good_invoice(&inv);
	assert_int_equal(tax_validate(&inv, &ctx, NULL, NULL), ERR_OK);
	assert_string_equal(inv.lines[0].short_name, "计算机设备");
	char *full = tax_line_full_name(&inv.lines[0]);
	assert_string_equal(full, "*计算机设备*某项目");
	free(full);
	invoice_free(&inv);
}

static void prompt_text_changes_with_the_year(void **state)
{
	(void)state;
	char texts[2][640];
	for (int i = 0; i < 2; i++) {
		struct invoice inv;
		struct tax_findings f = {0};
		fresh_context();
		good_invoice(&inv);
		b_daily(&inv);
		ctx.now = i ? 1767196800 : 1767196799; /* 2026-01-01 00:00:00, a second before */
		seller.risk_at = ctx.now;
		assert_int_equal(tax_validate(&inv, &ctx, &f, NULL), ERR_OK);
		assert_int_equal(f.count, 1);
		snprintf(texts[i], sizeof(texts[i]), "%s", f.items[0].at.why);
		tax_findings_free(&f);
		invoice_free(&inv);
	}
	assert_null(strstr(texts[0], "直接用于消费"));
	assert_non_null(strstr(texts[1], "直接用于消费"));
}

/* ---- names and quota ---- */

static void buyer_name_gets_the_mark_once(void **state)
{
	(void)state;
	static const struct {
		bool person;
		const char *name, *sent;
	} rows[] = {{false, "某公司", "某公司"},
		    {true, "王小明", "王小明（个人）"},
		    {true, "王小明（个人）", "王小明（个人）"},
		    {true, "王小明(个人)", "王小明（个人）"}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct invoice inv;
		invoice_init(&inv);
		inv.buyer_is_person = rows[i].person;
		mem_set(&inv.buyer.name, rows[i].name);
		char *sent = tax_buyer_name(&inv);
		assert_string_equal(sent, rows[i].sent);
		free(sent);
		invoice_free(&inv);
	}
}

static void quota_leaves_out_untaxed_lines_not_in_the_table(void **state)
{
	(void)state;
	struct invoice inv;
	invoice_init(&inv);
	inv.prices_include_tax = false;
	add_line(&inv, "1090511030000000000", "0.13", "100");
	mem_set(&add_line(&inv, "6010000000000000000", "0", "20")->preference, "04");
	mem_set(&add_line(&inv, "3030000000000000000", "0", "3")->preference, "04");
	struct tax_line *l = &inv.lines[0];
	l->discount = (struct discount) {.by = DISCOUNT_BY_AMOUNT, .amount_fen = 1000};
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	assert_fen(inv.net_fen, "113.00");
	assert_fen(tax_quota_amount(&inv), "110.00");
	invoice_free(&inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_the_tax_side_accepts_passes),
	    cmocka_unit_test(each_rule_alone),
	    cmocka_unit_test(every_rule_has_a_breach),
	    cmocka_unit_test(arithmetic_rules_see_tampering),
	    cmocka_unit_test(tolerances_are_exact),
	    cmocka_unit_test(findings_are_capped_but_counted),
	    cmocka_unit_test(all_faults_are_reported_at_once),
	    cmocka_unit_test(short_name_follows_from_the_code),
	    cmocka_unit_test(prompt_text_changes_with_the_year),
	    cmocka_unit_test(buyer_name_gets_the_mark_once),
	    cmocka_unit_test(quota_leaves_out_untaxed_lines_not_in_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
