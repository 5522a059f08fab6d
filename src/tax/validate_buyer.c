/* tax/validate_buyer.c - rules of the buyer, the natural person and the handler (protocol 7.5). */
#include <stdlib.h>
#include <string.h>

#include "tax/ids.h"
#include "tax/validate_p.h"

enum { NAME_CHARS = 300, PERSON_CHARS = 4 };

static bool name_missing(const struct check *c, char *why)
{
	if (!rule_blank(c->inv->buyer.name))
		return false;
	return rule_say(why, "没有填写");
}

/* Features N26: the sentence is the tax bureau's.  Input that says what it is has answered. */
static bool name_like_person(const struct check *c, char *why)
{
	size_t n = text_chars(c->inv->buyer.name);

	if (c->inv->buyer_is_person || c->inv->buyer_person_said || !n || n > PERSON_CHARS)
		return false;
	return rule_say(why, "请您检查填写的名称，确认是否开票给自然人（“%s”只有 %zu 个字）",
			c->inv->buyer.name, n);
}

/* The name as sent, with （个人） at the end of a person's. */
static size_t sent_name_chars(const struct invoice *inv)
{
	char *name = tax_buyer_name(inv);
	size_t n = text_chars(name);

	free(name);
	return n;
}

static bool person_name_short(const struct check *c, char *why)
{
	size_t mark = text_chars("（个人）"), n = sent_name_chars(c->inv);

	if (!c->inv->buyer_is_person || rule_blank(c->inv->buyer.name) || n >= mark + 2)
		return false;
	return rule_say(why, "自然人名称至少 2 个字，现为 %zu 个字", n - mark);
}

static bool person_name_long(const struct check *c, char *why)
{
	size_t n = sent_name_chars(c->inv);

	/* without （个人） the field's own limit speaks */
	if (n <= NAME_CHARS || text_chars(c->inv->buyer.name) > NAME_CHARS)
		return false;
	return rule_say(why, "加上（个人）后共 %zu 个字符，超过上限 %d 个", n, NAME_CHARS);
}

static bool tax_no_missing(const struct check *c, char *why)
{
	if (c->inv->kind != INVOICE_SPECIAL || *c->inv->buyer.tax_no)
		return false;
	return rule_say(why, "数电专票必须填写购买方税号");
}

/* A person without a tax number has the number of the document there, whatever its length. */
static bool tax_no_is_document(const struct invoice *inv)
{
	return inv->buyer_is_person && *inv->buyer_id_no &&
	       !strcmp(inv->buyer.tax_no, inv->buyer_id_no);
}

static bool tax_no_form(const struct check *c, char *why)
{
	const char *s = c->inv->buyer.tax_no;
	char fault[TAXNO_FAULT];
	size_t at;

	if (!*s || taxno_check(s, &at) != TAXNO_BAD_FORM)
		return false;
	if (tax_no_is_document(c->inv) && !s[at])
		return false;
	return rule_say(why, "%s", taxno_fault(s, at, fault));
}

static bool tax_no_check(const struct check *c, char *why)
{
	if (tax_no_is_document(c->inv) ||
	    taxno_check(c->inv->buyer.tax_no, NULL) != TAXNO_BAD_CHECK)
		return false;
	return rule_say(why, "统一社会信用代码的校验码不对：%s", c->inv->buyer.tax_no);
}

/* ---- natural person ---- */

static int person_fields(const struct invoice *inv)
{
	return !!*inv->buyer_id_type + !!*inv->buyer_id_no + !!*inv->buyer_country;
}

static bool person_without_flag(const struct check *c, char *why)
{
	if (c->inv->buyer_is_person || !person_fields(c->inv))
		return false;
	return rule_say(why, "没有标明购买方为自然人，却填写了证件类型、证件号码或国籍");
}

static bool person_incomplete(const struct check *c, char *why)
{
	int n = person_fields(c->inv);

	if (!c->inv->buyer_is_person || n == 0 || n == 3)
		return false;
	return rule_say(why, "证件类型、证件号码、国籍（地区）要么都填，要么都不填，现填了 %d 项",
			n);
}

static bool id_type_wrong(const char *type, char *why)
{
	const struct code_row *row = *type ? code_find(CODES_ID_TYPES, type) : NULL;

	if (!*type || (row && !strcmp(row->extra2, "Y")))
		return false;
	return rule_say(why, "代码 %s%s 不能用在这里", type, row ? row->name : "");
}

static bool person_id_type(const struct check *c, char *why)
{
	return c->inv->buyer_is_person && id_type_wrong(c->inv->buyer_id_type, why);
}

static bool person_tax_no(const struct check *c, char *why)
{
	const struct invoice *inv = c->inv;

	if (!inv->buyer_is_person || !*inv->buyer_id_type || !*inv->buyer_id_no)
		return false;
	if (!strcmp(inv->buyer_id_type, "201") && strcmp(inv->buyer.tax_no, inv->buyer_id_no) != 0)
		return rule_say(why, "证件为居民身份证时，购买方税号必须等于证件号码");
	if (*inv->buyer.tax_no)
		return false;
	return rule_say(why, "填写了证件时不能为空");
}

static bool id_card_wrong(const char *type, const char *number, char *why)
{
	if (strcmp(type, "201") != 0 || !*number || id_card_ok(number))
		return false;
	return rule_say(why, "居民身份证号码的位数、出生日期或校验码不对：%s", number);
}

static bool person_id_card(const struct check *c, char *why)
{
	return c->inv->buyer_is_person &&
	       id_card_wrong(c->inv->buyer_id_type, c->inv->buyer_id_no, why);
}

static bool country_unknown(const char *country, char *why)
{
	if (!*country || code_find(CODES_COUNTRIES, country))
		return false;
	return rule_say(why, "代码 %s 不在国家和地区代码表中", country);
}

static bool person_country(const struct check *c, char *why)
{
	return country_unknown(c->inv->buyer_country, why);
}

/* Documents that settle the nationality; with a prefix, the number must begin with one of those. */
static const struct {
	const char *type, *prefix, *country;
} nationalities[] = {
    {"201", "", "156"},  {"227", "", "156"},  {"213", "", "158"},       {"238", "", "158"},
    {"210", "H", "344"}, {"210", "M", "446"}, {"237", "810000", "344"}, {"237", "820000", "446"},
};

const char *tax_document_country(const char *type, const char *number)
{
	for (size_t i = 0; i < sizeof(nationalities) / sizeof(nationalities[0]); i++)
		if (!strcmp(type, nationalities[i].type) &&
		    !strncmp(number, nationalities[i].prefix, strlen(nationalities[i].prefix)))
			return nationalities[i].country;
	return NULL;
}

static bool person_nationality(const struct check *c, char *why)
{
	const struct invoice *inv = c->inv;
	bool listed = false;

	if (!inv->buyer_is_person || person_fields(inv) != 3)
		return false;
	for (size_t i = 0; i < sizeof(nationalities) / sizeof(nationalities[0]); i++) {
		const char *prefix = nationalities[i].prefix, *country = nationalities[i].country;
		if (strcmp(inv->buyer_id_type, nationalities[i].type) != 0)
			continue;
		listed = true;
		if (strncmp(inv->buyer_id_no, prefix, strlen(prefix)) != 0)
			continue;
		if (!strcmp(inv->buyer_country, country))
			return false;
		return rule_say(why, "证件类型 %s、号码 %s 对应的国籍（地区）是 %s，现填 %s",
				inv->buyer_id_type, inv->buyer_id_no, country, inv->buyer_country);
	}
	if (!listed)
		return false;
	return rule_say(why, "证件类型 %s 的号码应以 %s 开头：%s", inv->buyer_id_type,
			strcmp(inv->buyer_id_type, "210") ? "810000 或 820000" : "H 或 M",
			inv->buyer_id_no);
}

static bool email_form(const struct check *c, char *why)
{
	const char *s = c->inv->buyer_email, *at = strchr(s, '@');

	if (!*s || (at && at != s && strchr(at, '.') && !strchr(at + 1, '@') && !strchr(s, ' ')))
		return false;
	return rule_say(why, "不像邮箱地址：%s", s);
}

/* ---- handler ---- */

static bool handler_incomplete(const struct check *c, char *why)
{
	if (!*c->inv->handler_id_type == !*c->inv->handler_id_no)
		return false;
	return rule_say(why, "证件类型和证件号码要么都填，要么都不填");
}

static bool handler_id_type(const struct check *c, char *why)
{
	return id_type_wrong(c->inv->handler_id_type, why);
}

static bool handler_id_card(const struct check *c, char *why)
{
	return id_card_wrong(c->inv->handler_id_type, c->inv->handler_id_no, why);
}

static bool handler_country(const struct check *c, char *why)
{
	return country_unknown(c->inv->handler_country, why);
}

static bool handler_nationality(const struct check *c, char *why)
{
	if (strcmp(c->inv->handler_id_type, "201") != 0 || !strcmp(c->inv->handler_country, "156"))
		return false;
	return rule_say(why, "证件为居民身份证时必须填 156（中国），现填“%s”",
			c->inv->handler_country);
}

static bool handler_tax_no(const struct check *c, char *why)
{
	const char *s = c->inv->handler_tax_no;
	char fault[TAXNO_FAULT];
	size_t at;

	if (!*s || taxno_check(s, &at) != TAXNO_BAD_FORM)
		return false;
	return rule_say(why, "%s", taxno_fault(s, at, fault));
}

static const char id_types_hint[] =
    "可用：201 居民身份证、208 外国护照、210 港澳居民来往内地通行证、213 台湾居民来往大陆通行证、"
    "227 中国护照、233 外国人永久居留证、237 港澳居民居住证、238 台湾居民居住证";

const struct head_rule buyer_rules[] = {
    {{"buyer.name.required", false, "buyer.name", "购买方名称", "请填写购买方名称"}, name_missing},
    {{"buyer.name.person", true, "buyer.name", "购买方名称",
      "开给自然人请标明是自然人；开给单位请写全称"},
     name_like_person},
    {{"buyer.person.name", false, "buyer.name", "购买方名称", "请填写自然人的姓名"},
     person_name_short},
    {{"buyer.person.name_length", false, "buyer.name", "购买方名称", "请缩短名称"},
     person_name_long},
    {{"buyer.tax_no.required", false, "buyer.tax_no", "购买方税号", "请填写税号，或改开数电普票"},
     tax_no_missing},
    {{"buyer.tax_no.form", false, "buyer.tax_no", "购买方税号",
      "请改正税号，不要有空格、小写字母和其他符号"},
     tax_no_form},
    {{"buyer.tax_no.check_digit", true, "buyer.tax_no", "购买方税号", "请与购买方核对后确认"},
     tax_no_check},
    {{"buyer.person.flag", false, "buyer.is_person", "购买方自然人标志",
      "开给自然人请标明是自然人，否则删去证件信息"},
     person_without_flag},
    {{"buyer.person.incomplete", false, "buyer.id_no", "购买方证件信息", "请补全或全部删去"},
     person_incomplete},
    {{"buyer.person.id_type", false, "buyer.id_type", "购买方证件类型", id_types_hint},
     person_id_type},
    {{"buyer.person.tax_no", false, "buyer.tax_no", "购买方税号",
      "填自然人的纳税人识别号；没有时填证件号码"},
     person_tax_no},
    {{"buyer.person.id_card", true, "buyer.id_no", "购买方证件号码", "请与购买方核对后确认"},
     person_id_card},
    {{"buyer.person.country", false, "buyer.country", "购买方国籍（地区）",
      "填三位数字代码，如 156（中国）"},
     person_country},
    {{"buyer.person.nationality", false, "buyer.country", "购买方国籍（地区）",
      "请按证件改正国籍（地区）或证件号码"},
     person_nationality},
    {{"buyer.email.form", true, "buyer.email", "购买方邮箱", "请核对邮箱，写错会收不到发票"},
     email_form},
    {{"handler.incomplete", false, "handler.id_no", "经办人证件信息", "请补全或全部删去"},
     handler_incomplete},
    {{"handler.id_type", false, "handler.id_type", "经办人证件类型", id_types_hint},
     handler_id_type},
    {{"handler.id_card", true, "handler.id_no", "经办人证件号码", "请核对后确认"}, handler_id_card},
    {{"handler.country", false, "handler.country", "经办人国籍（地区）",
      "填三位数字代码，如 156（中国）"},
     handler_country},
    {{"handler.nationality", false, "handler.country", "经办人国籍（地区）", "请填 156"},
     handler_nationality},
    {{"handler.tax_no.form", false, "handler.tax_no", "经办人税号", "请改正或删去"},
     handler_tax_no},
    {{.code = NULL}, NULL},
};
