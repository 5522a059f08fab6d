/* tax/invoice_json_keys.c - the keys of the JSON form: members that are not text, documentation. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tax/invoice_json_p.h"

#define INV(key, label, form, member, input)                                                       \
	{                                                                                          \
		key, label, form, offsetof(struct invoice, member), NO_FLAG, input                 \
	}
#define LINE(key, label, form, member)                                                             \
	{                                                                                          \
		key, label, form, offsetof(struct tax_line, member), NO_FLAG, false                \
	}
#define GIVEN(key, label, form, member, flag)                                                      \
	{                                                                                          \
		key, label, form, offsetof(struct tax_line, member),                               \
		    offsetof(struct tax_line, flag), true                                          \
	}

const struct value_field invoice_values[] = {
    INV("number", "发票号码", FORM_CHARS, number, false),
    INV("issued_at", "开票日期", FORM_CHARS, issued_at, false),
    INV("red", "红字发票", FORM_BOOL, red, false),
    INV("kind", "票种", FORM_KIND, kind, true),
    INV("prices_include_tax", "单价和金额含税", FORM_BOOL, prices_include_tax, true),
    {"buyer.is_person", "购买方为自然人", FORM_BOOL, offsetof(struct invoice, buyer_is_person),
     offsetof(struct invoice, buyer_person_said), true},
    INV("show_buyer_bank", "备注显示购买方银行账号", FORM_BOOL, show_buyer_bank, true),
    INV("show_seller_bank", "备注显示销售方银行账号", FORM_BOOL, show_seller_bank, true),
    INV("show_buyer_address", "备注显示购买方地址电话", FORM_BOOL, show_buyer_address, true),
    INV("show_seller_address", "备注显示销售方地址电话", FORM_BOOL, show_seller_address, true),
    INV("differential.deduction", "扣除额", FORM_FEN, deduction_fen, true),
    INV("net_amount", "合计金额", FORM_FEN, net_fen, false),
    INV("tax_amount", "合计税额", FORM_FEN, tax_fen, false),
    INV("gross_amount", "价税合计", FORM_FEN, gross_fen, false),
    {.key = NULL},
};

const struct value_field line_values[] = {
    {"tax_rate", "税率", FORM_RATE, offsetof(struct tax_line, rate_ppm), NO_FLAG, true},
    GIVEN("quantity", "数量", FORM_DEC, quantity, has_quantity),
    GIVEN("price", "单价", FORM_DEC, price, has_price),
    GIVEN("amount", "金额", FORM_FEN, amount_fen, has_amount),
    {"tax_adjust", "税额调整", FORM_FEN, offsetof(struct tax_line, tax_adjust_fen), NO_FLAG, true},
    LINE("blue_row", "对应蓝字发票明细序号", FORM_ROW, blue_row),
    LINE("full_quantity", "数量（补全）", FORM_DEC, full_quantity),
    LINE("full_price", "单价（补全）", FORM_DEC, full_price),
    LINE("full_amount", "金额（补全）", FORM_FEN, full_amount_fen),
    LINE("net_price", "不含税单价", FORM_DEC, net_price),
    LINE("net_amount", "不含税金额", FORM_FEN, net_fen),
    LINE("tax_amount", "税额", FORM_FEN, tax_fen),
    LINE("gross_amount", "价税合计", FORM_FEN, gross_fen),
    LINE("discount_rate", "折扣率（算出）", FORM_DEC, discount_rate),
    LINE("discount_net_amount", "折扣行不含税金额", FORM_FEN, discount_net_fen),
    LINE("discount_tax_amount", "折扣行税额", FORM_FEN, discount_tax_fen),
    LINE("discount_gross_amount", "折扣行价税合计", FORM_FEN, discount_gross_fen),
    {.key = NULL},
};

#define VOUCHER(key, label, member)                                                                \
	{                                                                                          \
		key, label, FORM_FEN, offsetof(struct voucher, member), NO_FLAG, true              \
	}
const struct value_field voucher_values[] = {
    VOUCHER("total", "凭证合计金额", total_fen),
    VOUCHER("amount", "本次扣除金额", amount_fen),
    {.key = NULL},
};

/* The discount is read by its own function: exactly one of the two is given. */
static const struct json_key_doc other_docs[] = {
    {"element", "string", "特定要素的代码或名称；都要另外的乐企能力，填了就拒绝", 0, true},
    {"lines[].discount.rate", "decimal", "折扣率（减去的部分）", 25, true},
    {"lines[].discount.amount", "amount", "折扣额（按发票的含税方式）", 0, true},
    {"lines[].discount.tax_adjust", "amount", "折扣行税额调整", 0, true},
};

static const char *const form_words[FORMS] = {
    [FORM_BOOL] = "boolean", [FORM_KIND] = "ordinary|special",
    [FORM_RATE] = "rate",    [FORM_DEC] = "decimal",
    [FORM_FEN] = "amount",   [FORM_CHARS] = "string",
    [FORM_ROW] = "number"};

enum { DOCS_MAX = 128, DOC_PATH = 48 };
static struct json_key_doc docs[DOCS_MAX];
static char paths[DOCS_MAX][DOC_PATH];
static size_t doc_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

size_t key_group(const char *key)
{
	const char *dot = strchr(key, '.');

	return dot ? (size_t)(dot - key) : 0;
}

static void add_doc(const char *prefix, const char *key, const char *type, const char *label,
		    unsigned max_chars, bool input)
{
	if (doc_count == DOCS_MAX)
		return;
	snprintf(paths[doc_count], DOC_PATH, "%s%s", prefix, key);
	docs[doc_count] = (struct json_key_doc) {paths[doc_count], type, label, max_chars, input};
	doc_count++;
}

static void add_texts(const char *prefix, const struct text_field *f)
{
	for (; f->key; f++)
		add_doc(prefix, f->key, "string", f->label, f->max_chars, f->entered);
}

static void add_values(const char *prefix, const struct value_field *v)
{
	for (; v->key; v++)
		add_doc(prefix, v->key, form_words[v->form], v->label,
			v->form == FORM_DEC ? DEC_CHARS : 0, v->input);
}

static void build_docs(void)
{
	add_texts("", invoice_texts);
	add_values("", invoice_values);
	add_texts("lines[].", line_texts);
	add_values("lines[].", line_values);
	for (size_t i = 0; i < sizeof(other_docs) / sizeof(other_docs[0]); i++)
		add_doc("", other_docs[i].path, other_docs[i].type, other_docs[i].label,
			other_docs[i].max_chars, other_docs[i].input);
	add_texts("payments[].", payment_texts);
	add_texts("extras[].", extra_texts);
	add_texts("vouchers[].", voucher_texts);
	add_values("vouchers[].", voucher_values);
}

const struct json_key_doc *invoice_json_key(size_t i)
{
	pthread_once(&once, build_docs);
	return i < doc_count ? &docs[i] : NULL;
}
