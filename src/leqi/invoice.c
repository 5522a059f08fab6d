/* invoice.c - one invoice as QDFPSC sends it (protocol 7.5, 16.2). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "leqi/wire_get_p.h"
#include "tax/calc.h"
#include "tax/validate.h"

struct head {
	const struct leqi_invoice *in;
	const struct invoice *inv;
	const char *buyer_name;
};

struct row {
	struct tax_row row;
	const struct invoice *inv;
	const char *full_name;
};

#define GET(name, expression) WIRE_GET(name, struct head, h, expression)
GET(number, h->inv->number)
GET(platform, h->in->direct_id)
GET(kind, h->inv->kind == INVOICE_SPECIAL ? "01" : "02")
GET(red_flag, h->inv->red ? "1" : "0")
GET(person_flag, h->inv->buyer_is_person ? "Y" : "N")
GET(region, h->in->region)
GET(buyer_name, h->buyer_name)
GET(net_total, fen_format(h->inv->net_fen, scratch))
GET(tax_total, fen_format(h->inv->tax_fen, scratch))
GET(gross_total, fen_format(h->inv->gross_fen, scratch))
GET(drawer_id_no, h->in->joint ? h->in->drawer_id_no : "")
GET(drawer_id_type, h->in->joint ? h->in->drawer_id_type : "")
GET(machine_ip, h->in->ip)
GET(machine_mac, h->in->mac)
GET(issued_at, h->inv->issued_at)
GET(show_seller_bank, h->inv->show_seller_bank ? "Y" : "N")
GET(show_buyer_bank, h->inv->show_buyer_bank ? "Y" : "N")
GET(issue_way, h->in->joint ? "4" : "5")
GET(show_seller_address, h->inv->show_seller_address ? "Y" : "N")
GET(show_buyer_address, h->inv->show_buyer_address ? "Y" : "N")
GET(pay_mode, !h->inv->payment_count ? "" : h->in->joint ? "02" : "01")
#undef GET

#define GET(name, expression) WIRE_GET(name, struct row, r, expression)
/* Given with every 差额征税 type, also when it is 0 (protocol 7.8); a red invoice has that of each
 * line of its letter. */
GET(row_deduction,
    !*r->inv->differential
	? ""
	: fen_format(r->inv->red ? r->row.line->deduction_fen : r->inv->deduction_fen, scratch))
/* Discount rows carry no specification, unit, quantity, price and coal kind (protocol 7.7,
 * 7.9). */
#define UNLESS_DISCOUNT(text) (r->row.nature == ROW_DISCOUNT ? "" : (text))
GET(row_full_name, r->full_name)
GET(row_spec, UNLESS_DISCOUNT(r->row.line->spec))
GET(row_unit, UNLESS_DISCOUNT(r->row.line->unit))
GET(row_coal, UNLESS_DISCOUNT(r->row.line->coal_kind))
GET(row_quantity, r->row.has_quantity ? dec_format(r->row.quantity, scratch) : "")
GET(row_price, r->row.has_quantity ? dec_format(r->row.net_price, scratch) : "")
GET(row_net, fen_format(r->row.net_fen, scratch))
GET(row_rate, rate_format(r->row.line->rate_ppm, scratch))
GET(row_tax, fen_format(r->row.tax_fen, scratch))
GET(row_gross, fen_format(r->row.gross_fen, scratch))
#undef GET

static const char *row_seq(const void *view, char scratch[WIRE_SCRATCH])
{
	snprintf(scratch, WIRE_SCRATCH, "%u", ((const struct row *)view)->row.seq);
	return scratch;
}

static const char *row_blue(const void *view, char scratch[WIRE_SCRATCH])
{
	const struct row *r = view;

	if (!r->inv->red || !r->row.line->blue_row)
		return "";
	snprintf(scratch, WIRE_SCRATCH, "%u", r->row.line->blue_row);
	return scratch;
}

static const char *row_nature(const void *view, char scratch[WIRE_SCRATCH])
{
	snprintf(scratch, WIRE_SCRATCH, "%02u", (unsigned)((const struct row *)view)->row.nature);
	return scratch;
}

/* ---- the tables ---- */

#define INV(member)  .slot = 1 + offsetof(struct invoice, member)
#define LINE(member) .slot = 1 + offsetof(struct tax_line, member)
#define PAY(member)  .slot = 1 + offsetof(struct payment, member)
#define EXTRA(m)     .slot = 1 + offsetof(struct extra_element, m)
#define MUST         .required = true

static const struct wire_field LINES[] = {
    {"mxxh", "明细序号", WIRE_COUNT, 8, MUST, .note = "1、2、3 依次递增", .get = row_seq},
    {"dylzfpmxxh", "对应蓝字发票明细序号", WIRE_COUNT, 8, .note = "红字发票用", .get = row_blue},
    {"hwhyslwfwmc", "货物或应税劳务、服务名称", WIRE_TEXT, 300, MUST, .note = "*简称*项目名称",
     .get = row_full_name},
    {"spfwjc", "商品服务简称", WIRE_TEXT, 120, MUST, LINE(short_name)},
    {"xmmc", "项目名称", WIRE_TEXT, 600, MUST, LINE(name)},
    {"ggxh", "规格型号", WIRE_TEXT, 150, .note = "折扣行为空", .get = row_spec},
    {"dw", "单位", WIRE_TEXT, 300, .note = "折扣行为空", .get = row_unit},
    {"sl", "数量", WIRE_DECIMAL, 25, .note = "与单价同有同无", .get = row_quantity},
    {"dj", "单价", WIRE_DECIMAL, 25, .note = "不含税", .get = row_price},
    {"je", "金额", WIRE_AMOUNT, 18, MUST, .note = "不含税", .get = row_net},
    {"slv", "税率/征收率", WIRE_RATE, 16, MUST, .get = row_rate},
    {"se", "税额", WIRE_AMOUNT, 18, MUST, .get = row_tax},
    {"hsje", "含税金额", WIRE_AMOUNT, 18, MUST, .get = row_gross},
    {"kce", "扣除额", WIRE_AMOUNT, 18, .note = "差额征税用", .get = row_deduction},
    {"sphfwssflhbbm", "税收分类编码", WIRE_DIGITS, 19, MUST, LINE(tax_code)},
    {"fphxz", "发票行性质", WIRE_CODE, 2, MUST, .note = "00 正常，01 折扣，02 被折扣",
     .get = row_nature},
    {"yhzcbs", "优惠政策标识", WIRE_CODE, 2, LINE(preference)},
    {"mtzl", "煤炭种类", WIRE_CODE, 4, .since = 4000, .note = "折扣行为空", .get = row_coal},
    {.key = NULL},
};

static const struct wire_field PAYMENTS[] = {
    {"zfqdDm", "支付渠道", WIRE_CODE, 3, MUST, PAY(channel)},
    {"jydh", "交易单号", WIRE_TEXT, 40, MUST, PAY(number)},
    {.key = NULL},
};

static const struct wire_field EXTRAS[] = {
    {"fjysmc", "附加要素名称", WIRE_TEXT, 200, MUST, EXTRA(name)},
    {"fjyslx", "附加要素类型", WIRE_TEXT, 200, EXTRA(type)},
    {"fjysz", "附加要素内容", WIRE_TEXT, 200, EXTRA(value)},
    {.key = NULL},
};

/* One member holds the number; which key takes it depends on the type (protocol 7.8). */
static bool numbered_as_document(const struct voucher *v)
{
	static const char *const types[] = {"05", "06", "07", "09"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(v->type, types[i]))
			return true;
	return false;
}

struct voucher_row {
	const struct voucher *v;
	size_t index;
};
#define GET(name, expression) WIRE_GET(name, struct voucher_row, r, expression)
GET(invoice_number, numbered_as_document(r->v) ? "" : r->v->number)
GET(document_number, numbered_as_document(r->v) ? r->v->number : "")
GET(voucher_total, fen_format(r->v->total_fen, scratch))
GET(voucher_amount, fen_format(r->v->amount_fen, scratch))
#undef GET

static const char *voucher_seq(const void *view, char scratch[WIRE_SCRATCH])
{
	snprintf(scratch, WIRE_SCRATCH, "%zu", ((const struct voucher_row *)view)->index + 1);
	return scratch;
}

#define VOUCHER(m) .slot = 1 + offsetof(struct voucher, m)
static const struct wire_field VOUCHERS[] = {
    {"xh", "序号", WIRE_COUNT, 8, MUST, .get = voucher_seq},
    {"pzlx", "凭证类型", WIRE_CODE, 2, MUST, VOUCHER(type)},
    {"fpdm", "发票代码", WIRE_CODE, 12, VOUCHER(code)},
    {"fphm", "凭证发票号码", WIRE_CODE, 30, .note = "发票类凭证", .get = invoice_number},
    {"cepzhm", "差额凭证号码", WIRE_CODE, 40, .note = "其他凭证", .get = document_number},
    {"kjrq", "开具日期", WIRE_CODE, 10, .note = "yyyy-MM-dd", VOUCHER(date)},
    {"pzhjje", "凭证合计金额", WIRE_AMOUNT, 18, MUST, .get = voucher_total},
    {"bckcje", "本次扣除金额", WIRE_AMOUNT, 18, MUST, .get = voucher_amount},
    {"bz", "凭证备注", WIRE_TEXT, 450, VOUCHER(note)},
    {.key = NULL},
};

static enum err put_lines(struct json_out *o, const struct wire_field *f,
			  const struct wire_context *c, struct err_info *e);
static enum err put_vouchers(struct json_out *o, const struct wire_field *f,
			     const struct wire_context *c, struct err_info *e);
static enum err put_payments(struct json_out *o, const struct wire_field *f,
			     const struct wire_context *c, struct err_info *e);
static enum err put_extras(struct json_out *o, const struct wire_field *f,
			   const struct wire_context *c, struct err_info *e);

/* Editions: natural persons, handlers and payments came with 3.006, the mode of payment with
 * 3.008, the way of issuing with 3.010, coal with 4.000, address marks with 5.001 (protocol 12,
 * 17). */
const struct wire_field wire_invoice[] = {
    {"fphm", "发票号码", WIRE_DIGITS, 20, MUST, .get = number},
    {"lzfpbz", "蓝字发票标志", WIRE_FLAG, 1, MUST, .note = "0 蓝字，1 红字", .get = red_flag},
    {"ptbh", "平台编号", WIRE_CODE, 20, MUST, .note = "直连单位", .get = platform},
    {"fppz", "发票票种", WIRE_CODE, 2, MUST, .note = "01 数电专票，02 数电普票", .get = kind},
    {"gmfzrrbz", "购买方自然人标志", WIRE_FLAG, 1, .note = "Y 是，N 否", .get = person_flag},
    {"tdys", "特定要素", WIRE_CODE, 2, .note = "本能力为空", .fixed = ""},
    {"qyDm", "区域代码", WIRE_CODE, 20, MUST, .note = "省级税务机关，11 位", .get = region},
    {"cezslxDm", "差额征税类型", WIRE_CODE, 2, .note = "01 全额开票，02 差额开票",
     INV(differential)},
    {"sgfplxDm", "收购发票类型", WIRE_CODE, 2, .fixed = ""},
    {"ckywsyzcDm", "出口业务适用政策", WIRE_CODE, 2, .fixed = ""},
    {"zzsjzjtDm", "增值税即征即退", WIRE_CODE, 2, .fixed = ""},
    {"xsfnsrsbh", "销售方税号", WIRE_CODE, 20, MUST, INV(seller.tax_no)},
    {"xsfmc", "销售方名称", WIRE_TEXT, 300, MUST, INV(seller.name)},
    {"xsfdz", "销售方地址", WIRE_TEXT, 300, INV(seller.address)},
    {"xsfdh", "销售方电话", WIRE_TEXT, 60, INV(seller.phone)},
    {"xsfkhh", "销售方开户行", WIRE_TEXT, 120, INV(seller.bank)},
    {"xsfzh", "销售方账号", WIRE_TEXT, 50, INV(seller.account)},
    {"gmfnsrsbh", "购买方税号", WIRE_CODE, 20, .person_if = "gmfzrrbz", .note = "专票必填",
     INV(buyer.tax_no)},
    {"gmfmc", "购买方名称", WIRE_TEXT, 300, MUST, .note = "自然人加（个人）", .get = buyer_name},
    {"zrrzjlxDm", "自然人证件类型", WIRE_CODE, 3, .since = 3006, INV(buyer_id_type)},
    {"zrrzjhm", "自然人证件号码", WIRE_CODE, 30, .person = true, .since = 3006, INV(buyer_id_no)},
    {"zrrgjDm", "自然人国籍", WIRE_CODE, 3, .since = 3006, INV(buyer_country)},
    {"gmfdz", "购买方地址", WIRE_TEXT, 300, INV(buyer.address)},
    {"gmfdh", "购买方电话", WIRE_TEXT, 60, INV(buyer.phone)},
    {"gmfkhh", "购买方开户行", WIRE_TEXT, 120, INV(buyer.bank)},
    {"gmfzh", "购买方账号", WIRE_TEXT, 50, .note = "文件另处写 100，按 50", INV(buyer.account)},
    {"gmfjbr", "经办人姓名", WIRE_TEXT, 150, INV(handler_name)},
    {"jbrsfzjhm", "经办人证件号码", WIRE_CODE, 30, .person = true, INV(handler_id_no)},
    {"jbrsfzjzlDm", "经办人证件种类", WIRE_CODE, 3, .since = 3006, INV(handler_id_type)},
    {"jbrgjhdqDm", "经办人国家或地区", WIRE_CODE, 3, .since = 3006, INV(handler_country)},
    {"jbrnsrsbh", "经办人税号", WIRE_CODE, 20, .since = 3006, INV(handler_tax_no)},
    {"gmfjbrlxdh", "经办人联系电话", WIRE_TEXT, 60, INV(handler_phone)},
    {"hjje", "合计金额", WIRE_AMOUNT, 18, MUST, .get = net_total},
    {"hjse", "合计税额", WIRE_AMOUNT, 18, MUST, .get = tax_total},
    {"jshj", "价税合计", WIRE_AMOUNT, 18, MUST, .get = gross_total},
    {"skyhmc", "收款银行名称", WIRE_TEXT, 120, .fixed = ""},
    {"skyhzh", "收款银行账号", WIRE_TEXT, 100, .fixed = ""},
    {"jsfs", "结算方式", WIRE_CODE, 2, INV(settlement)},
    {"ysxwfsd", "应税行为发生地", WIRE_CODE, 11, .fixed = ""},
    {"kpr", "开票人", WIRE_TEXT, 300, MUST, INV(drawer)},
    {"kprzjhm", "开票人证件号码", WIRE_CODE, 30, .person = true, .note = "联用必填",
     .get = drawer_id_no},
    {"kprzjlx", "开票人证件类型", WIRE_CODE, 4, .note = "联用必填", .get = drawer_id_type},
    {"dylzfphm", "对应蓝字发票号码", WIRE_CODE, 20, .note = "红字发票用", INV(blue_number)},
    {"hzqrxxdbh", "红字确认单编号", WIRE_CODE, 20, .note = "红字发票用", INV(red_letter_no)},
    {"hzqrduuid", "红字确认单 UUID", WIRE_CODE, 32, .note = "红字发票用", INV(red_letter_uuid)},
    {"bz", "备注", WIRE_TEXT, 450, .note = "红字发票 382", INV(remark)},
    {"ip", "IP 地址", WIRE_CODE, 20, MUST, .note = "开票设备", .get = machine_ip},
    {"macdz", "MAC 地址", WIRE_CODE, 20, MUST, .note = "开票设备", .get = machine_mac},
    {"cpuid", "CPU 序列号", WIRE_CODE, 20, .fixed = ""},
    {"zbxlh", "主板序列号", WIRE_CODE, 20, .fixed = ""},
    {"kprq", "开票日期", WIRE_DATETIME, 19, MUST, .get = issued_at},
    {"sfzsxsfyhzhbq", "展示销售方银行账号", WIRE_FLAG, 1, .note = "Y/N", .get = show_seller_bank},
    {"sfzsgmfyhzhbq", "展示购买方银行账号", WIRE_FLAG, 1, .note = "Y/N", .get = show_buyer_bank},
    {"sfzsxsfdzdh", "展示销售方地址电话", WIRE_FLAG, 1, .ours = true, .since = 5001, .note = "Y/N",
     .get = show_seller_address},
    {"sfzsgmfdzdh", "展示购买方地址电话", WIRE_FLAG, 1, .ours = true, .since = 5001, .note = "Y/N",
     .get = show_buyer_address},
    {"skrxm", "收款人", WIRE_TEXT, 150, INV(payee)},
    {"fhrxm", "复核人", WIRE_TEXT, 75, INV(reviewer)},
    {"fpkjfsDm", "开具方式", WIRE_CODE, 1, MUST, .ours = true, .since = 3010,
     .note = "5 自建平台，4 第三方平台（联用）", .get = issue_way},
    {"lqkpmsDm", "乐企开票模式", WIRE_CODE, 2, .ours = true, .since = 3008,
     .note = "有支付信息时：01 自用，02 联用", .get = pay_mode},
    {"zfxxList", "支付信息", WIRE_LIST, 0, .since = 3006, .note = "没有时不传",
     .list = put_payments, .rows = PAYMENTS},
    {"mtpzxx", "煤炭品质信息", WIRE_TEXT, 50, .since = 4000, INV(coal_quality)},
    {"sszyfwxybh", "涉税专业服务协议编号", WIRE_CODE, 20, .since = 5001, .fixed = ""},
    {"sfkjsszyfwfppm", "开具涉税专业服务品目", WIRE_FLAG, 1, .since = 5001, .note = "Y/N",
     .fixed = "N"},
    {"fpmxList", "明细行", WIRE_LIST, 5000, MUST, .list = put_lines, .rows = LINES},
    {"fjysList", "附加要素", WIRE_LIST, 0, .note = "没有时不传", .list = put_extras,
     .rows = EXTRAS},
    {"cekcList", "差额扣除凭证", WIRE_LIST, 0, .note = "没有时不传", .list = put_vouchers,
     .rows = VOUCHERS},
    {.key = NULL},
};

/* ---- writing ---- */

static enum err put_lines(struct json_out *o, const struct wire_field *f,
			  const struct wire_context *c, struct err_info *e)
{
	const struct invoice *inv = ((const struct head *)c->view)->inv;
	struct row r = {.inv = inv};
	char where[48], path[48], *name;
	size_t cursor = 0, line;
	enum err err = ERR_OK;

	if (!inv->line_count)
		return err_fail(e, ERR_INVALID, "wire.missing", f->label, "至少要有一行");
	json_open(o, f->key, '[');
	while (err == ERR_OK && tax_row_next(inv, &cursor, &r.row)) {
		struct wire_context inner = *c;

		line = (size_t)(r.row.line - inv->lines);
		snprintf(where, sizeof(where), "第 %zu 行", line + 1);
		snprintf(path, sizeof(path), "lines[%zu].", line);
		r.full_name = name = tax_line_full_name(r.row.line);
		inner.slots = r.row.line;
		inner.view = &r;
		inner.where = where;
		inner.path = path;
		inner.names = line_texts;
		err = wire_put(o, f->rows, &inner, e);
		free(name);
	}
	json_close(o, ']');
	return err;
}

/* Payments and extra elements: plain structs of texts, left out when there are none. */
static enum err put_texts(struct json_out *o, const struct wire_field *f,
			  const struct wire_context *c, const char *member,
			  const struct text_field *names, const void *items, size_t size, size_t n,
			  struct err_info *e)
{
	char where[64], path[48];
	enum err err = ERR_OK;

	if (!n)
		return ERR_OK;
	json_open(o, f->key, '[');
	for (size_t i = 0; i < n && err == ERR_OK; i++) {
		struct wire_context inner = *c;

		snprintf(where, sizeof(where), "第 %zu 项", i + 1);
		snprintf(path, sizeof(path), "%s[%zu].", member, i);
		inner.slots = (const char *)items + i * size;
		inner.where = where;
		inner.path = path;
		inner.names = names;
		err = wire_put(o, f->rows, &inner, e);
	}
	json_close(o, ']');
	return err;
}

static enum err put_payments(struct json_out *o, const struct wire_field *f,
			     const struct wire_context *c, struct err_info *e)
{
	const struct invoice *inv = ((const struct head *)c->view)->inv;

	return put_texts(o, f, c, "payments", payment_texts, inv->payments, sizeof(*inv->payments),
			 inv->payment_count, e);
}

static enum err put_extras(struct json_out *o, const struct wire_field *f,
			   const struct wire_context *c, struct err_info *e)
{
	const struct invoice *inv = ((const struct head *)c->view)->inv;

	return put_texts(o, f, c, "extras", extra_texts, inv->extras, sizeof(*inv->extras),
			 inv->extra_count, e);
}

static enum err put_vouchers(struct json_out *o, const struct wire_field *f,
			     const struct wire_context *c, struct err_info *e)
{
	const struct invoice *inv = ((const struct head *)c->view)->inv;
	char where[64], path[48];
	enum err err = ERR_OK;

	if (!inv->voucher_count || inv->red)
		return ERR_OK;
	json_open(o, f->key, '[');
	for (size_t i = 0; i < inv->voucher_count && err == ERR_OK; i++) {
		const struct voucher_row row = {&inv->vouchers[i], i};
		struct wire_context inner = *c;

		snprintf(where, sizeof(where), "第 %zu 张", i + 1);
		snprintf(path, sizeof(path), "vouchers[%zu].", i);
		inner.slots = row.v;
		inner.view = &row;
		inner.where = where;
		inner.path = path;
		inner.names = voucher_texts;
		err = wire_put(o, f->rows, &inner, e);
	}
	json_close(o, ']');
	return err;
}

/* A red invoice names its blue one and its letter, and has nothing of its own beside them; a blue
 * one names neither (protocol 7.12; BI1022, BI1024, BI1025, BI1026). */
static enum err check_red(const struct invoice *inv, struct err_info *e)
{
	bool named = !text_empty(inv->blue_number) && !text_empty(inv->red_letter_no) &&
		     !text_empty(inv->red_letter_uuid);
	bool any = !text_empty(inv->blue_number) || !text_empty(inv->red_letter_no) ||
		   !text_empty(inv->red_letter_uuid);

	if (!inv->red)
		return any ? err_fail(e, ERR_INVALID, "wire.red", "蓝字发票",
				      "不能带有红字确认单或对应的蓝字发票号码")
			   : ERR_OK;
	if (!named)
		return err_fail(e, ERR_INVALID, "wire.missing", "红字发票",
				"须有对应的蓝字发票号码、红字确认单编号与 UUID");
	for (size_t i = 0; i < inv->line_count; i++)
		if (!inv->lines[i].blue_row)
			return err_fail(e, ERR_INVALID, "wire.missing", "对应蓝字发票明细序号",
					"第 %zu 行没有", i + 1);
	if (text_chars(inv->remark) > RED_REMARK_CHARS) {
		err_fail(e, ERR_INVALID, "wire.length", "备注", "红字发票最多 %d 个字，现有 %zu 个",
			 (int)RED_REMARK_CHARS, text_chars(inv->remark));
		err_field(e, "remark");
		return ERR_INVALID;
	}
	return ERR_OK;
}

/* What no single row can know. */
static enum err check_whole(const struct leqi_invoice *in, struct err_info *e)
{
	const struct invoice *inv = in->invoice;
	unsigned edition = wire_edition(in->edition);

	if (check_red(inv, e) != ERR_OK)
		return ERR_INVALID;
	if (inv->kind == INVOICE_SPECIAL && text_empty(inv->buyer.tax_no)) {
		err_fail(e, ERR_INVALID, "wire.missing", "购买方税号", "开具专票时不能为空");
		err_field(e, "buyer.tax_no");
		return ERR_INVALID;
	}
	if (in->joint && (text_empty(in->drawer_id_type) || text_empty(in->drawer_id_no)))
		return err_fail(e, ERR_INVALID, "wire.missing", "开票人证件",
				"联用时须有登记的证件类型与号码");
	if (inv->payment_count && edition < 3006) {
		err_fail(e, ERR_INVALID, "wire.edition", "支付信息",
			 "本单位使用的接口版本没有此项");
		err_field(e, "payments");
		return ERR_INVALID;
	}
	if ((inv->show_buyer_address || inv->show_seller_address) && edition < 5001) {
		err_fail(e, ERR_INVALID, "wire.edition", "展示地址电话",
			 "本单位使用的接口版本没有此项");
		err_field(e,
			  inv->show_buyer_address ? "show_buyer_address" : "show_seller_address");
		return ERR_INVALID;
	}
	return ERR_OK;
}

enum err leqi_invoice_body(const struct leqi_invoice *in, struct buf *out, struct err_info *e)
{
	char *name = tax_buyer_name(in->invoice);
	struct head h = {.in = in, .inv = in->invoice, .buyer_name = name};
	struct wire_context c = {.edition = wire_edition(in->edition),
				 .slots = in->invoice,
				 .view = &h,
				 .where = "",
				 .path = "",
				 .names = invoice_texts};
	struct json_out o;
	enum err err;

	json_out_init(&o, out, 0);
	err = check_whole(in, e);
	if (err == ERR_OK)
		err = wire_put(&o, wire_invoice, &c, e);
	free(name);
	if (err == ERR_OK && out->failed)
		err = err_fail(e, ERR_INVALID, "wire.size", "发票", "内容超过一次上传的上限");
	return err;
}
