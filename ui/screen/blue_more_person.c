/* blue_more_person.c - 自然人与经办人, 展示与煤炭品质: boxes of fields alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_more_p.h"

/* ---- 自然人与经办人 ---- */

enum {
	F_PERSON = 1,
	F_ID_TYPE,
	F_ID_NO,
	F_COUNTRY,
	F_EMAIL,
	F_MOBILE,
	F_NAME,
	F_PHONE,
	F_HANDLER_TYPE,
	F_HANDLER_NO,
	F_HANDLER_COUNTRY,
	F_HANDLER_TAX
};

/* Those of the table that may stand here (extra2 Y), after 不填. */
static const char *const ID_TYPES[] = {"不填",
				       "居民身份证",
				       "外国护照",
				       "港澳居民来往内地通行证",
				       "台湾居民来往大陆通行证",
				       "中国护照",
				       "外国人永久居留身份证",
				       "港澳居民居住证",
				       "台湾居民居住证",
				       NULL};

static int complete_country(const struct form *f, const struct field *fd, const char *text,
			    struct candidate *out, int max)
{
	(void)f;
	(void)fd;
	return more_code_match(CODES_COUNTRIES, text, out, max);
}

static const char *check_country(const struct form *f, const struct field *fd, const char *text,
				 char *out)
{
	char code[120];

	(void)f;
	if (!*text || code_find(CODES_COUNTRIES, more_code_of(CODES_COUNTRIES, text, code)))
		return NULL;
	snprintf(out, 256, "%s：没有“%.40s”，输入名称或三位代码，如 156 中国", fd->label, text);
	return out;
}

static const struct field PERSON_FIELDS[] = {
    {.id = F_PERSON,
     .kind = FIELD_FLAG,
     .label = "自然人",
     .row = 0,
     .col = 10,
     .width = 1,
     .help = "购方是个人时打勾，票面名称后加（个人）；证件三项要么都填，要么都不填。"},
    {.id = F_ID_TYPE,
     .kind = FIELD_CHOICE,
     .label = "购方证件",
     .row = 0,
     .col = 32,
     .width = 22,
     .choices = ID_TYPES,
     .help = "空格或左右键切换；开给自然人时可不填。"},
    {.id = F_ID_NO,
     .kind = FIELD_DIGITS,
     .label = "证件号码",
     .row = 1,
     .col = 10,
     .width = 24,
     .max_chars = 30,
     .help = "居民身份证时就是购方税号；税号没填会自动填上。"},
    {.id = F_COUNTRY,
     .kind = FIELD_TEXT,
     .label = "国籍地区",
     .row = 1,
     .col = 48,
     .width = 16,
     .max_chars = 40,
     .complete = complete_country,
     .check = check_country,
     .help = "名称或三位代码；证件能定国籍的会自动填上。"},
    {.id = F_EMAIL,
     .kind = FIELD_TEXT,
     .label = "购方邮箱",
     .row = 2,
     .col = 10,
     .width = 24,
     .max_chars = 72,
     .help = "发票开好后寄到这里，可不填。"},
    {.id = F_MOBILE,
     .kind = FIELD_DIGITS,
     .label = "手机",
     .row = 2,
     .col = 48,
     .width = 16,
     .max_chars = 20,
     .help = "购方手机，可不填。"},
    {.id = F_NAME,
     .kind = FIELD_TEXT,
     .label = "经办人",
     .row = 3,
     .col = 10,
     .width = 24,
     .max_chars = 150,
     .help = "购方的经办人，可不填。"},
    {.id = F_PHONE,
     .kind = FIELD_TEXT,
     .label = "联系电话",
     .row = 3,
     .col = 48,
     .width = 16,
     .max_chars = 60,
     .help = "经办人的电话，可不填。"},
    {.id = F_HANDLER_TYPE,
     .kind = FIELD_CHOICE,
     .label = "经办证件",
     .row = 4,
     .col = 10,
     .width = 22,
     .choices = ID_TYPES,
     .help = "经办人的证件种类和号码要么都填，要么都不填。"},
    {.id = F_HANDLER_NO,
     .kind = FIELD_DIGITS,
     .label = "证件号码",
     .row = 4,
     .col = 46,
     .width = 22,
     .max_chars = 30,
     .help = "经办人的证件号码。"},
    {.id = F_HANDLER_COUNTRY,
     .kind = FIELD_TEXT,
     .label = "国籍地区",
     .row = 5,
     .col = 10,
     .width = 16,
     .max_chars = 40,
     .complete = complete_country,
     .check = check_country,
     .help = "经办人的国籍或地区；居民身份证自动填 156 中国。"},
    {.id = F_HANDLER_TAX,
     .kind = FIELD_DIGITS,
     .label = "经办人税号",
     .row = 5,
     .col = 46,
     .width = 22,
     .max_chars = 20,
     .help = "经办人的纳税人识别号，可不填。"},
    {.id = 0},
};

/* Fields that stand for themselves. */
static const struct {
	int field;
	size_t offset;
} PERSON_TEXTS[] = {
    {F_ID_NO, offsetof(struct invoice, buyer_id_no)},
    {F_EMAIL, offsetof(struct invoice, buyer_email)},
    {F_MOBILE, offsetof(struct invoice, buyer_mobile)},
    {F_NAME, offsetof(struct invoice, handler_name)},
    {F_PHONE, offsetof(struct invoice, handler_phone)},
    {F_HANDLER_NO, offsetof(struct invoice, handler_id_no)},
    {F_HANDLER_TAX, offsetof(struct invoice, handler_tax_no)},
};
/* And those that stand for codes. */
static const struct {
	int field;
	enum code_table table;
	size_t offset;
} PERSON_CODES[] = {
    {F_ID_TYPE, CODES_ID_TYPES, offsetof(struct invoice, buyer_id_type)},
    {F_COUNTRY, CODES_COUNTRIES, offsetof(struct invoice, buyer_country)},
    {F_HANDLER_TYPE, CODES_ID_TYPES, offsetof(struct invoice, handler_id_type)},
    {F_HANDLER_COUNTRY, CODES_COUNTRIES, offsetof(struct invoice, handler_country)},
};
enum {
	TEXTS = sizeof(PERSON_TEXTS) / sizeof(PERSON_TEXTS[0]),
	CODES = sizeof(PERSON_CODES) / sizeof(PERSON_CODES[0])
};

static char **slot(struct more *m, size_t offset)
{
	return (char **)(void *)((char *)&m->inv + offset);
}

static void show_person(struct more *m)
{
	struct form *f = &m->entry.form;
	char text[120];
	size_t i;

	form_set(f, F_PERSON, m->inv.buyer_is_person ? "1" : "");
	for (i = 0; i < TEXTS; i++)
		form_set(f, PERSON_TEXTS[i].field, *slot(m, PERSON_TEXTS[i].offset));
	for (i = 0; i < CODES; i++) {
		const char *code = *slot(m, PERSON_CODES[i].offset);
		const struct code_row *row = code_find(PERSON_CODES[i].table, code);

		if (PERSON_CODES[i].table == CODES_COUNTRIES)
			form_set(f, PERSON_CODES[i].field,
				 more_code_text(CODES_COUNTRIES, code, text));
		else
			form_set(f, PERSON_CODES[i].field, row ? row->name : ID_TYPES[0]);
	}
}

/* The country that a document settles, where none was typed. */
static void settle_country(const char *type, const char *number, char **country)
{
	const char *settled = tax_document_country(type, number);

	if (!**country && *number && settled)
		mem_set(country, settled);
}

static bool read_person(struct more *m)
{
	const struct form *f = &m->entry.form;
	struct invoice *inv = &m->inv;
	char code[120];
	size_t i;

	inv->buyer_is_person = form_flag(f, F_PERSON);
	for (i = 0; i < TEXTS; i++)
		more_take(slot(m, PERSON_TEXTS[i].offset), form_get(f, PERSON_TEXTS[i].field));
	for (i = 0; i < CODES; i++) {
		const char *text = form_get(f, PERSON_CODES[i].field);

		if (!strcmp(text, ID_TYPES[0]))
			text = "";
		more_take(slot(m, PERSON_CODES[i].offset),
			  more_code_of(PERSON_CODES[i].table, text, code));
	}
	if (!inv->buyer_is_person &&
	    (*inv->buyer_id_type || *inv->buyer_id_no || *inv->buyer_country))
		return more_fail(m, F_PERSON,
				 "自然人：填了购方证件，请打勾；购方不是个人就清空证件三项");
	settle_country(inv->buyer_id_type, inv->buyer_id_no, &inv->buyer_country);
	settle_country(inv->handler_id_type, inv->handler_id_no, &inv->handler_country);
	if (!strcmp(inv->buyer_id_type, "201") && !*inv->buyer.tax_no)
		mem_set(&inv->buyer.tax_no, inv->buyer_id_no);
	return true;
}

static const struct more_place PERSON_PLACES[] = {{"buyer.is_person", F_PERSON},
						  {"buyer.id_type", F_ID_TYPE},
						  {"buyer.id_no", F_ID_NO},
						  {"buyer.country", F_COUNTRY},
						  {"buyer.email", F_EMAIL},
						  {"buyer.mobile", F_MOBILE},
						  {"handler.name", F_NAME},
						  {"handler.phone", F_PHONE},
						  {"handler.id_type", F_HANDLER_TYPE},
						  {"handler.id_no", F_HANDLER_NO},
						  {"handler.country", F_HANDLER_COUNTRY},
						  {"handler.tax_no", F_HANDLER_TAX},
						  {.path = NULL}};
static const char *const PERSON_PATHS[] = {
    "buyer.is_person", "buyer.id_", "buyer.country", "buyer.email", "buyer.mobile",
    "handler.",        NULL};

const struct more_part more_person = {
    .title = "自然人与经办人",
    .fields = PERSON_FIELDS,
    .places = PERSON_PLACES,
    .show = show_person,
    .read = read_person,
    .paths = PERSON_PATHS,
};

/* ---- 展示与煤炭品质 ---- */

enum { S_BUYER_ADDRESS = 1, S_BUYER_BANK, S_SELLER_ADDRESS, S_SELLER_BANK, S_COAL };

static const struct field SHOWN_FIELDS[] = {
    {.id = S_BUYER_ADDRESS,
     .kind = FIELD_FLAG,
     .label = "展示购方地址、电话",
     .row = 0,
     .col = 22,
     .width = 1,
     .help = "打勾后，备注里打印购方的地址和电话。"},
    {.id = S_BUYER_BANK,
     .kind = FIELD_FLAG,
     .label = "购方开户行、账号",
     .row = 0,
     .col = 48,
     .width = 1,
     .help = "打勾后，备注里打印购方的开户行和银行账号。"},
    {.id = S_SELLER_ADDRESS,
     .kind = FIELD_FLAG,
     .label = "展示销方地址、电话",
     .row = 1,
     .col = 22,
     .width = 1,
     .help = "打勾后，备注里打印销方的地址和电话。"},
    {.id = S_SELLER_BANK,
     .kind = FIELD_FLAG,
     .label = "销方开户行、账号",
     .row = 1,
     .col = 48,
     .width = 1,
     .help = "打勾后，备注里打印销方的开户行和银行账号。"},
    {.id = S_COAL,
     .kind = FIELD_TEXT,
     .label = "煤炭品质",
     .row = 2,
     .col = 10,
     .width = 58,
     .max_chars = 50,
     .help = "煤炭各行金额合计达到 1000 万元时必填：每千克煤炭发热量：5500千卡、干基全硫：0.8%、"
	     "干燥无灰基挥发分：30%"},
    {.id = 0},
};

static const struct {
	int field;
	size_t offset;
} SHOWN_FLAGS[] = {
    {S_BUYER_ADDRESS, offsetof(struct invoice, show_buyer_address)},
    {S_BUYER_BANK, offsetof(struct invoice, show_buyer_bank)},
    {S_SELLER_ADDRESS, offsetof(struct invoice, show_seller_address)},
    {S_SELLER_BANK, offsetof(struct invoice, show_seller_bank)},
};
enum { FLAGS = sizeof(SHOWN_FLAGS) / sizeof(SHOWN_FLAGS[0]) };

static bool *flag(struct more *m, size_t i)
{
	return (bool *)(void *)((char *)&m->inv + SHOWN_FLAGS[i].offset);
}

static void show_shown(struct more *m)
{
	size_t i;

	for (i = 0; i < FLAGS; i++)
		form_set(&m->entry.form, SHOWN_FLAGS[i].field, *flag(m, i) ? "1" : "");
	form_set(&m->entry.form, S_COAL, m->inv.coal_quality);
}

static bool read_shown(struct more *m)
{
	size_t i;

	for (i = 0; i < FLAGS; i++)
		*flag(m, i) = form_flag(&m->entry.form, SHOWN_FLAGS[i].field);
	more_take(&m->inv.coal_quality, form_get(&m->entry.form, S_COAL));
	return true;
}

static const struct more_place SHOWN_PLACES[] = {{"show_buyer_address", S_BUYER_ADDRESS},
						 {"show_seller_address", S_SELLER_ADDRESS},
						 {"coal_quality", S_COAL},
						 {.path = NULL}};
static const char *const SHOWN_PATHS[] = {"show_buyer_address", "show_seller_address",
					  "coal_quality", NULL};

const struct more_part more_shown = {
    .title = "展示与煤炭品质",
    .fields = SHOWN_FIELDS,
    .places = SHOWN_PLACES,
    .show = show_shown,
    .read = read_shown,
    .paths = SHOWN_PATHS,
};
