/* leqi_body - the wire form of an invoice: whole texts written by hand, and every refusal. */
#include "tax_help.h"

#include "base/text.h"
#include "leqi/wire_p.h"

/* One exclusive line, 13 %: 2 x 100.00. */
static void ordinary(struct invoice *inv)
{
	struct tax_line *l;

	invoice_init(inv);
	inv->prices_include_tax = false;
	text_copy(inv->number, sizeof(inv->number), "26447000000000000001");
	text_copy(inv->issued_at, sizeof(inv->issued_at), "2026-03-05 09:30:00");
	mem_set(&inv->seller.name, "甲公司");
	mem_set(&inv->seller.tax_no, "91440000TEST00001X");
	mem_set(&inv->buyer.name, "乙\"公司\\");
	mem_set(&inv->drawer, "张某");
	mem_set(&inv->remark, "第一行\n第二行");
	l = invoice_add_line(inv);
	mem_set(&l->name, "打印机");
	mem_set(&l->short_name, "计算机外部设备");
	mem_set(&l->tax_code, "1090511030000000000");
	mem_set(&l->spec, "K1");
	mem_set(&l->unit, "台");
	l->rate_ppm = 130000;
	line_enter(l, "2", "100.00", NULL);
}

static struct leqi_invoice around(const struct invoice *inv)
{
	return (struct leqi_invoice) {.invoice = inv,
				      .direct_id = "aaaaaaaaaaaaaaaaaaaa",
				      .region = "14400000000",
				      .ip = "192.0.2.10",
				      .mac = "00-00-5E-00-53-01"};
}

static char *body_of(struct invoice *inv, const char *edition, bool joint)
{
	struct leqi_invoice in = around(inv);
	struct err_info e;
	struct buf out;

	err_clear(&e);
	if (tax_invoice_compute(inv, &e) != ERR_OK)
		fail_msg("%s: %s", e.what, e.why);
	in.edition = edition;
	in.joint = joint;
	in.drawer_id_type = joint ? "201" : NULL;
	in.drawer_id_no = joint ? "110101199003070000" : NULL;
	buf_init(&out, 1 << 20);
	if (leqi_invoice_body(&in, &out, &e) != ERR_OK)
		fail_msg("%s: %s", e.what, e.why);
	return buf_detach(&out);
}

static void has(const char *body, const char *part)
{
	if (!strstr(body, part))
		fail_msg("%s\nnot in\n%s", part, body);
}

static void lacks(const char *body, const char *part)
{
	if (strstr(body, part))
		fail_msg("%s\nin\n%s", part, body);
}

static void ordinary_invoice(void **state)
{
	static const char WANT[] =
	    "{\"fphm\":\"26447000000000000001\",\"lzfpbz\":\"0\","
	    "\"ptbh\":\"aaaaaaaaaaaaaaaaaaaa\",\"fppz\":\"02\","
	    "\"gmfzrrbz\":\"N\",\"tdys\":\"\",\"qyDm\":\"14400000000\",\"cezslxDm\":\"\","
	    "\"sgfplxDm\":\"\","
	    "\"ckywsyzcDm\":\"\",\"zzsjzjtDm\":\"\",\"xsfnsrsbh\":\"91440000TEST00001X\","
	    "\"xsfmc\":\"甲公司\","
	    "\"xsfdz\":\"\",\"xsfdh\":\"\",\"xsfkhh\":\"\",\"xsfzh\":\"\",\"gmfnsrsbh\":\"\","
	    "\"gmfmc\":\"乙\\\"公司\\\\\",\"zrrzjlxDm\":\"\",\"zrrzjhm\":\"\",\"zrrgjDm\":\"\","
	    "\"gmfdz\":\"\","
	    "\"gmfdh\":\"\",\"gmfkhh\":\"\",\"gmfzh\":\"\",\"gmfjbr\":\"\",\"jbrsfzjhm\":\"\","
	    "\"jbrsfzjzlDm\":\"\","
	    "\"jbrgjhdqDm\":\"\",\"jbrnsrsbh\":\"\",\"gmfjbrlxdh\":\"\",\"hjje\":\"200.00\","
	    "\"hjse\":\"26.00\","
	    "\"jshj\":\"226.00\",\"skyhmc\":\"\",\"skyhzh\":\"\",\"jsfs\":\"\",\"ysxwfsd\":\"\","
	    "\"kpr\":\"张某\","
	    "\"kprzjhm\":\"\",\"kprzjlx\":\"\",\"dylzfphm\":\"\",\"hzqrxxdbh\":\"\","
	    "\"hzqrduuid\":\"\","
	    "\"bz\":\"第一行\\n第二行\",\"ip\":\"192.0.2.10\",\"macdz\":\"00-00-5E-00-53-01\","
	    "\"cpuid\":\"\","
	    "\"zbxlh\":\"\",\"kprq\":\"2026-03-05 09:30:00\",\"sfzsxsfyhzhbq\":\"N\","
	    "\"sfzsgmfyhzhbq\":\"N\","
	    "\"sfzsxsfdzdh\":\"N\",\"sfzsgmfdzdh\":\"N\",\"skrxm\":\"\",\"fhrxm\":\"\","
	    "\"fpkjfsDm\":\"5\","
	    "\"lqkpmsDm\":\"\",\"mtpzxx\":\"\",\"sszyfwxybh\":\"\",\"sfkjsszyfwfppm\":\"N\","
	    "\"fpmxList\":["
	    "{\"mxxh\":\"1\",\"dylzfpmxxh\":\"\",\"hwhyslwfwmc\":\"*计算机外部设备*打印机\","
	    "\"spfwjc\":\"计算机外部设备\",\"xmmc\":\"打印机\",\"ggxh\":\"K1\",\"dw\":\"台\","
	    "\"sl\":\"2\","
	    "\"dj\":\"100.00\",\"je\":\"200.00\",\"slv\":\"0.13\",\"se\":\"26.00\","
	    "\"hsje\":\"226.00\",\"kce\":\"\","
	    "\"sphfwssflhbbm\":\"1090511030000000000\",\"fphxz\":\"00\",\"yhzcbs\":\"\","
	    "\"mtzl\":\"\"}]}";
	struct invoice inv;
	char *body;

	(void)state;
	ordinary(&inv);
	body = body_of(&inv, NULL, false);
	assert_string_equal(body, WANT);
	free(body);
	invoice_free(&inv);
}

static void same_bytes_every_time(void **state)
{
	struct invoice inv, copy;
	char *first, *again;

	(void)state;
	ordinary(&inv);
	invoice_copy(&copy, &inv);
	first = body_of(&inv, "5.001", false);
	again = body_of(&copy, "V5.001", false);
	assert_string_equal(first, again);
	free(first);
	free(again);
	invoice_free(&inv);
	invoice_free(&copy);
}

/* Inclusive, 339.00 less 113.00, and a row without quantity at 6 %. */
static void special_inclusive_discount(void **state)
{
	struct invoice inv;
	struct tax_line *l;
	char *body;

	(void)state;
	ordinary(&inv);
	inv.kind = INVOICE_SPECIAL;
	inv.prices_include_tax = true;
	inv.show_buyer_bank = true;
	mem_set(&inv.buyer.tax_no, "91440000TEST00002X");
	line_enter(&inv.lines[0], "3", "113", NULL);
	inv.lines[0].discount = (struct discount) {.by = DISCOUNT_BY_AMOUNT, .amount_fen = 11300};
	l = invoice_add_line(&inv);
	mem_set(&l->name, "安装");
	mem_set(&l->short_name, "劳务");
	mem_set(&l->tax_code, "2010000000000000000");
	l->rate_ppm = 60000;
	line_enter(l, NULL, NULL, "106.00");
	body = body_of(&inv, "5.001", false);
	has(body, "\"fppz\":\"01\",\"gmfzrrbz\":\"N\"");
	has(body, "\"gmfnsrsbh\":\"91440000TEST00002X\"");
	has(body, "\"hjje\":\"300.00\",\"hjse\":\"32.00\",\"jshj\":\"332.00\"");
	has(body, "\"sfzsxsfyhzhbq\":\"N\",\"sfzsgmfyhzhbq\":\"Y\"");
	has(body, "\"ggxh\":\"K1\",\"dw\":\"台\",\"sl\":\"3\",\"dj\":\"100\",\"je\":\"300.00\","
		  "\"slv\":\"0.13\","
		  "\"se\":\"39.00\",\"hsje\":\"339.00\",\"kce\":\"\","
		  "\"sphfwssflhbbm\":\"1090511030000000000\","
		  "\"fphxz\":\"02\"");
	has(body, "{\"mxxh\":\"2\",\"dylzfpmxxh\":\"\",\"hwhyslwfwmc\":\"*计算机外部设备*打印机\","
		  "\"spfwjc\":\"计算机外部设备\",\"xmmc\":\"打印机\",\"ggxh\":\"\",\"dw\":\"\","
		  "\"sl\":\"\","
		  "\"dj\":\"\",\"je\":\"-100.00\",\"slv\":\"0.13\",\"se\":\"-13.00\","
		  "\"hsje\":\"-113.00\","
		  "\"kce\":\"\",\"sphfwssflhbbm\":\"1090511030000000000\",\"fphxz\":\"01\"");
	has(body, "{\"mxxh\":\"3\",\"dylzfpmxxh\":\"\",\"hwhyslwfwmc\":\"*劳务*安装\","
		  "\"spfwjc\":\"劳务\","
		  "\"xmmc\":\"安装\",\"ggxh\":\"\",\"dw\":\"\",\"sl\":\"\",\"dj\":\"\","
		  "\"je\":\"100.00\","
		  "\"slv\":\"0.06\",\"se\":\"6.00\",\"hsje\":\"106.00\"");
	free(body);
	invoice_free(&inv);
}

static void natural_person(void **state)
{
	struct invoice inv;
	char *body;

	(void)state;
	ordinary(&inv);
	inv.buyer_is_person = true;
	mem_set(&inv.buyer.name, "李四");
	mem_set(&inv.buyer_id_type, "201");
	mem_set(&inv.buyer_id_no, "110101199003070000");
	mem_set(&inv.buyer_country, "156");
	mem_set(&inv.buyer.tax_no, "110101199003070000");
	body = body_of(&inv, NULL, false);
	has(body, "\"gmfzrrbz\":\"Y\"");
	has(body, "\"gmfnsrsbh\":\"110101199003070000\",\"gmfmc\":\"李四（个人）\","
		  "\"zrrzjlxDm\":\"201\","
		  "\"zrrzjhm\":\"110101199003070000\",\"zrrgjDm\":\"156\"");
	wire_mask(body);
	has(body, "\"zrrzjhm\":\"110*************00\"");
	has(body, "\"gmfnsrsbh\":\"110*************00\"");
	free(body);
	mem_set(&inv.buyer.name, "李四（个人）");
	body = body_of(&inv, NULL, false);
	has(body, "\"gmfmc\":\"李四（个人）\"");
	free(body);
	invoice_free(&inv);
}

static void payments_extras_and_joint(void **state)
{
	struct invoice inv;
	struct payment *p;
	struct extra_element *x;
	char *body;

	(void)state;
	ordinary(&inv);
	p = invoice_add_payment(&inv);
	mem_set(&p->channel, "010");
	mem_set(&p->number, "JY0001");
	p = invoice_add_payment(&inv);
	mem_set(&p->channel, "001");
	mem_set(&p->number, "JY0002");
	x = invoice_add_extra(&inv);
	mem_set(&x->name, "合同号");
	mem_set(&x->value, "HT-1");
	body = body_of(&inv, NULL, false);
	has(body, "\"fpkjfsDm\":\"5\",\"lqkpmsDm\":\"01\",\"zfxxList\":[{\"zfqdDm\":\"010\","
		  "\"jydh\":\"JY0001\"},"
		  "{\"zfqdDm\":\"001\",\"jydh\":\"JY0002\"}],");
	has(body, "\"fjysList\":[{\"fjysmc\":\"合同号\",\"fjyslx\":\"\",\"fjysz\":\"HT-1\"}]}");
	has(body, "\"kprzjhm\":\"\",\"kprzjlx\":\"\"");
	free(body);
	body = body_of(&inv, NULL, true);
	has(body, "\"fpkjfsDm\":\"4\",\"lqkpmsDm\":\"02\"");
	has(body, "\"kprzjhm\":\"110101199003070000\",\"kprzjlx\":\"201\"");
	free(body);
	invoice_free(&inv);
}

static void differential(void **state)
{
	struct invoice inv;
	struct voucher *v;
	char *body;

	(void)state;
	ordinary(&inv);
	body = body_of(&inv, NULL, false);
	lacks(body, "cekcList");
	has(body, "\"cezslxDm\":\"\"");
	has(body, "\"kce\":\"\"");
	has(body, "\"sfzsxsfdzdh\":\"N\",\"sfzsgmfdzdh\":\"N\"");
	free(body);
	mem_set(&inv.differential, DIFFERENTIAL_FULL);
	inv.show_buyer_address = true;
	body = body_of(&inv, NULL, false);
	has(body, "\"cezslxDm\":\"01\"");
	has(body, "\"kce\":\"0.00\"");
	has(body, "\"sfzsxsfdzdh\":\"N\",\"sfzsgmfdzdh\":\"Y\"");
	free(body);
	mem_set(&inv.differential, DIFFERENTIAL_PART);
	inv.deduction_fen = 10000;
	v = invoice_add_voucher(&inv);
	mem_set(&v->type, "02");
	mem_set(&v->code, "4403191130");
	mem_set(&v->number, "12345678");
	mem_set(&v->date, "2019-12-31");
	v->total_fen = 100000;
	v->amount_fen = 9000;
	v = invoice_add_voucher(&inv);
	mem_set(&v->type, "09");
	mem_set(&v->number, "粤财1号");
	mem_set(&v->note, "收据");
	v->total_fen = v->amount_fen = 1000;
	body = body_of(&inv, NULL, false);
	/* Of 200.00 net, 100.00 bear 13 %. */
	has(body, "\"je\":\"200.00\",\"slv\":\"0.13\",\"se\":\"13.00\",\"hsje\":\"213.00\","
		  "\"kce\":\"100.00\"");
	has(body,
	    "\"cekcList\":[{\"xh\":\"1\",\"pzlx\":\"02\",\"fpdm\":\"4403191130\","
	    "\"fphm\":\"12345678\",\"cepzhm\":\"\",\"kjrq\":\"2019-12-31\",\"pzhjje\":\"1000.00\","
	    "\"bckcje\":\"90.00\",\"bz\":\"\"},{\"xh\":\"2\",\"pzlx\":\"09\",\"fpdm\":\"\","
	    "\"fphm\":\"\",\"cepzhm\":\"粤财1号\",\"kjrq\":\"\",\"pzhjje\":\"10.00\","
	    "\"bckcje\":\"10.00\",\"bz\":\"收据\"}]");
	free(body);
	invoice_free(&inv);
}

/* What a person asked for is not left out in silence. */
static void addresses_need_their_edition(void **state)
{
	struct leqi_invoice in;
	struct invoice inv;
	struct err_info e = {0};
	struct buf out;

	(void)state;
	ordinary(&inv);
	inv.show_seller_address = true;
	assert_int_equal(tax_invoice_compute(&inv, &e), ERR_OK);
	in = around(&inv);
	in.edition = "4.000";
	buf_init(&out, 1 << 20);
	assert_int_equal(leqi_invoice_body(&in, &out, &e), ERR_INVALID);
	assert_string_equal(e.code, "wire.edition");
	assert_string_equal(e.field, "show_seller_address");
	buf_free(&out);
	invoice_free(&inv);
}

static void coal_and_preference(void **state)
{
	struct invoice inv;
	char *body;

	(void)state;
	ordinary(&inv);
	mem_set(&inv.coal_quality,
		"每千克煤炭发热量：5500千卡、干基全硫：0.80%、干燥无灰基挥发分：30.00%");
	mem_set(&inv.lines[0].tax_code, "1020101000000000000");
	mem_set(&inv.lines[0].coal_kind, "0300");
	mem_set(&inv.lines[0].preference, "03");
	inv.lines[0].rate_ppm = 0;
	inv.lines[0].discount = (struct discount) {.by = DISCOUNT_BY_RATE, .rate = dec_of("0.1")};
	body = body_of(&inv, "4.000", false);
	has(body,
	    "\"mtpzxx\":\"每千克煤炭发热量：5500千卡、干基全硫：0.80%、干燥无灰基挥发分：30.00%\"");
	has(body, "\"slv\":\"0\",\"se\":\"0.00\"");
	has(body, "\"fphxz\":\"02\",\"yhzcbs\":\"03\",\"mtzl\":\"0300\"}");
	has(body, "\"fphxz\":\"01\",\"yhzcbs\":\"03\",\"mtzl\":\"\"}");
	free(body);
	invoice_free(&inv);
}

static void older_editions_lack_keys(void **state)
{
	struct invoice inv;
	char *body;

	(void)state;
	ordinary(&inv);
	body = body_of(&inv, "4.000", false);
	lacks(body, "sfzsxsfdzdh");
	lacks(body, "sfkjsszyfwfppm");
	has(body, "\"fpkjfsDm\":\"5\"");
	has(body, "\"mtzl\":\"\"");
	free(body);
	body = body_of(&inv, "3.005", false);
	lacks(body, "fpkjfsDm");
	lacks(body, "lqkpmsDm");
	lacks(body, "zrrzjhm");
	lacks(body, "mtzl");
	has(body, "\"gmfzrrbz\":\"N\"");
	has(body, "\"gmfjbrlxdh\":\"\"");
	free(body);
	invoice_free(&inv);
}

/* ---- refusals ---- */

enum spoil {
	NUMBER_SHORT,
	NAME_LONG,
	REMARK_LONG,
	NO_DRAWER,
	NO_REGION,
	TIME_BAD,
	CODE_SHORT,
	FULL_NAME_LONG,
	SPECIAL_NO_BUYER,
	JOINT_NO_ID,
	OLD_COAL,
	OLD_PAYMENT,
	OLD_PERSON,
	LONG_EXTRA,
	IPV6,
};

static char *many(const char *s, size_t n)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	while (n--)
		buf_adds(&b, s);
	return buf_detach(&b);
}

static void set_many(char **slot, const char *s, size_t n)
{
	free(*slot);
	*slot = many(s, n);
}

static void spoil(struct invoice *inv, struct leqi_invoice *in, enum spoil what)
{
	struct payment *p;

	switch (what) {
	case NUMBER_SHORT:
		inv->number[19] = 0;
		break;
	case NAME_LONG:
		set_many(&inv->buyer.name, "长", 301);
		break;
	case REMARK_LONG:
		set_many(&inv->remark, "备", 451);
		break;
	case NO_DRAWER:
		mem_set(&inv->drawer, "");
		break;
	case NO_REGION:
		in->region = NULL;
		break;
	case TIME_BAD:
		text_copy(inv->issued_at, sizeof(inv->issued_at), "2026-02-30 09:30:00");
		break;
	case CODE_SHORT:
		mem_set(&inv->lines[0].tax_code, "109051103");
		break;
	case FULL_NAME_LONG:
		set_many(&inv->lines[0].name, "名", 292);
		break;
	case SPECIAL_NO_BUYER:
		inv->kind = INVOICE_SPECIAL;
		break;
	case JOINT_NO_ID:
		in->joint = true;
		break;
	case OLD_COAL:
		in->edition = "3.014";
		mem_set(&inv->lines[0].coal_kind, "0300");
		break;
	case OLD_PAYMENT:
		in->edition = "3.005";
		p = invoice_add_payment(inv);
		mem_set(&p->channel, "001");
		break;
	case OLD_PERSON:
		in->edition = "3.005";
		mem_set(&inv->buyer_id_type, "201");
		break;
	case LONG_EXTRA:
		set_many(&invoice_add_extra(inv)->name, "x", 201);
		break;
	case IPV6:
		in->ip = "2001:db8:0:0:0:0:0:10";
		break;
	}
}

static void every_refusal_names_its_field(void **state)
{
	static const struct {
		enum spoil what;
		const char *code, *field, *named, *why;
	} CASES[] = {
	    {NUMBER_SHORT, "wire.form", "", "发票号码", "20 位"},
	    {NAME_LONG, "wire.length", "", "购买方名称", "最多 300 个字，现有 301 个"},
	    {REMARK_LONG, "wire.length", "remark", "备注", "最多 450 个字，现有 451 个"},
	    {NO_DRAWER, "wire.missing", "drawer", "开票人", "不能为空"},
	    {NO_REGION, "wire.missing", "", "区域代码", "不能为空"},
	    {TIME_BAD, "wire.form", "", "开票日期", "格式"},
	    {CODE_SHORT, "wire.form", "lines[0].tax_code", "第 1 行税收分类编码", "19 位"},
	    {FULL_NAME_LONG, "wire.length", "", "第 1 行货物", "最多 300 个字，现有 301 个"},
	    {SPECIAL_NO_BUYER, "wire.missing", "buyer.tax_no", "购买方税号", "专票"},
	    {JOINT_NO_ID, "wire.missing", "", "开票人证件", "联用"},
	    {OLD_COAL, "wire.edition", "", "第 1 行煤炭种类", "3.014"},
	    {OLD_PAYMENT, "wire.edition", "payments", "支付信息", "版本"},
	    {OLD_PERSON, "wire.edition", "buyer.id_type", "自然人证件类型", "3.005"},
	    {LONG_EXTRA, "wire.length", "extras[0].name", "第 1 项附加要素名称", "最多 200 个字"},
	    {IPV6, "wire.length", "", "IP 地址", "最多 20"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct invoice inv;
		struct leqi_invoice in;
		struct err_info e;
		struct buf out;

		ordinary(&inv);
		in = around(&inv);
		spoil(&inv, &in, CASES[i].what);
		err_clear(&e);
		assert_int_equal(tax_invoice_compute(&inv, &e), ERR_OK);
		buf_init(&out, 1 << 20);
		if (leqi_invoice_body(&in, &out, &e) != ERR_INVALID ||
		    strcmp(e.code, CASES[i].code) != 0 || strcmp(e.field, CASES[i].field) != 0 ||
		    !strstr(e.what, CASES[i].named) || !strstr(e.why, CASES[i].why))
			fail_msg("case %zu: [%s] [%s] %s: %s", i, e.code, e.field, e.what, e.why);
		buf_free(&out);
		invoice_free(&inv);
	}
}

static void control_characters_do_not_become_escapes(void **state)
{
	struct invoice inv;
	char *body;

	(void)state;
	ordinary(&inv);
	mem_set(&inv.remark, "甲\x01乙\t丙é😀");
	body = body_of(&inv, NULL, false);
	has(body, "\"bz\":\"甲乙\\t丙é😀\"");
	lacks(body, "\\u");
	free(body);
	invoice_free(&inv);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test(ordinary_invoice),
	    cmocka_unit_test(same_bytes_every_time),
	    cmocka_unit_test(special_inclusive_discount),
	    cmocka_unit_test(natural_person),
	    cmocka_unit_test(payments_extras_and_joint),
	    cmocka_unit_test(coal_and_preference),
	    cmocka_unit_test(differential),
	    cmocka_unit_test(addresses_need_their_edition),
	    cmocka_unit_test(older_editions_lack_keys),
	    cmocka_unit_test(every_refusal_names_its_field),
	    cmocka_unit_test(control_characters_do_not_become_escapes),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
