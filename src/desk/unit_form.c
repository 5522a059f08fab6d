/* unit_form.c - what a person enters about a unit: checks, normal forms, the sealed key. */
#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/unit_p.h"
#include "tax/channel.h"
#include "tax/code.h"
#include "tax/ids.h"

enum {
	KEY_HEX = 32,
	KEY_BYTES = KEY_HEX / 2,
	KEY_FILE_MAX = 4096,
	CA_FILE_MAX = 1 << 20,
	URL_MAX = 280
};

static const struct unit_text {
	const char *option, *label;
	size_t form, slot;
	unsigned max_chars;
} TEXTS[] = {
    {"name", "名称", offsetof(struct unit_form, name), offsetof(struct unit, name), 300},
    {"address", "地址", offsetof(struct unit_form, address), offsetof(struct unit, address), 300},
    {"phone", "电话", offsetof(struct unit_form, phone), offsetof(struct unit, phone), 60},
    {"bank", "开户行", offsetof(struct unit_form, bank), offsetof(struct unit, bank), 120},
    {"account", "账号", offsetof(struct unit_form, account), offsetof(struct unit, account), 50},
    {"leqi-id", "乐企ID", offsetof(struct unit_form, leqi_id), offsetof(struct unit, leqi_id), 64},
    {"edition", "接口版本", offsetof(struct unit_form, edition), offsetof(struct unit, edition),
     10},
    {"project", "渠道/项目名称", offsetof(struct unit_form, project),
     offsetof(struct unit, project), 100},
    {"filing-region", "备案地区", offsetof(struct unit_form, filing_region),
     offsetof(struct unit, filing_region), 60},
};

static ERR_PRINTF(2, 3) void remark(char *warning, const char *fmt, ...)
{
	struct buf b;
	va_list ap;
	char one[UNIT_WARNING];

	va_start(ap, fmt);
	vsnprintf(one, sizeof(one), fmt, ap);
	va_end(ap);
	buf_init(&b, 2 * UNIT_WARNING);
	buf_addf(&b, "%s%s%s", warning, *warning ? "；" : "", one);
	text_copy(warning, UNIT_WARNING, buf_str(&b));
	buf_free(&b);
}

static enum err invalid(const char *option, const char *label, const char *why, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "unit.field", label, "%s", why);
	err_field(e, "%s", option);
	err_hint(e, "请改正 --%s", option);
	return ERR_INVALID;
}

static enum err put_text(char **slot, const char *value, const struct unit_text *t,
			 struct err_info *e)
{
	size_t at;
	uint32_t cp;

	if (text_find_forbidden(value, false, &at, &cp)) {
		err_fail(e, ERR_INVALID, "text.forbidden", t->label, "第 %zu 个字符 U+%04X 不允许",
			 at + 1, (unsigned)cp);
		err_field(e, "%s", t->option);
		return ERR_INVALID;
	}
	if (text_chars(value) > t->max_chars) {
		err_fail(e, ERR_INVALID, "text.long", t->label, "最多 %u 个字符，实际 %zu 个",
			 t->max_chars, text_chars(value));
		err_field(e, "%s", t->option);
		return ERR_INVALID;
	}
	free(*slot);
	*slot = text_trim(value);
	return ERR_OK;
}

static enum err put_texts(struct unit *u, const struct unit_form *f, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]) && !r; i++) {
		const char *const *value =
		    (const char *const *)(const void *)((const char *)f + TEXTS[i].form);
		char **slot = (char **)(void *)((char *)u + TEXTS[i].slot);

		if (*value)
			r = put_text(slot, *value, &TEXTS[i], e);
	}
	return r;
}

static enum err put_tax_no(struct unit *u, const char *value, char *warning, struct err_info *e)
{
	size_t at = 0;
	enum taxno_state state = taxno_check(value, &at);

	if (state == TAXNO_BAD_FORM) {
		err_fail(e, ERR_INVALID, "unit.tax_no", "税号",
			 "第 %zu 个字符不对，应为 15 至 20 位数字或大写字母", at + 1);
		err_field(e, "taxno");
		err_hint(e, "请改正 --taxno");
		return ERR_INVALID;
	}
	if (state == TAXNO_BAD_CHECK)
		remark(warning, "税号 %s 的校验位不符，请核对", value);
	mem_set(&u->tax_no, value);
	return ERR_OK;
}

/* One normal form: https, host, a path that ends in /invoke/ (features C8). */
static enum err put_url(struct unit *u, const char *value, struct err_info *e)
{
	char *url = text_trim(value), *p;
	size_t n = strlen(url), at;
	uint32_t cp;
	enum err r = ERR_OK;

	while (n && url[n - 1] == '/')
		url[--n] = 0;
	if (n > URL_MAX || text_find_forbidden(url, false, &at, &cp))
		r = invalid("url", "接入地址", "太长或含有不允许的字符", e);
	else if (strncmp(url, "https://", 8) != 0)
		r = invalid("url", "接入地址", "必须以 https:// 开头", e);
	else if (n < 16 || strcmp(url + n - 7, "/invoke") != 0 || url[8] == '/')
		r = invalid("url", "接入地址", "必须以 /invoke 结尾", e);
	else if (strpbrk(url + 8, " ?#@"))
		r = invalid("url", "接入地址", "不能含空格、?、# 或 @", e);
	for (p = url + 8; !r && *p && *p != '/'; p++)
		*p = (char)tolower((unsigned char)*p);
	if (!r) {
		free(u->url);
		u->url = mem_alloc(n + 2);
		snprintf(u->url, n + 2, "%s/", url);
	}
	free(url);
	return r;
}

/* host:port, or "" for none. */
static enum err put_address(char **slot, const char *value, const char *option, const char *label,
			    struct err_info *e)
{
	const char *colon = strrchr(value, ':');
	long port = colon && text_all_digits(colon + 1) && strlen(colon + 1) <= 5
			? strtol(colon + 1, NULL, 10)
			: 0;

	if (*value &&
	    (!colon || colon == value || port < 1 || port > 65535 || strpbrk(value, " /@")))
		return invalid(option, label, "应为 主机:端口，例如 10.0.0.8:8443", e);
	mem_set(slot, value);
	return ERR_OK;
}

static bool host_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

	return !s[n] && n < 254 && *s != '.' && *s != '-';
}

static enum err put_tls_name(struct unit *u, const char *value, struct err_info *e)
{
	if (!host_name(value))
		return invalid("tls-name", "服务器证书名称", "应为域名，例如 lqpt.chinatax.gov.cn",
			       e);
	mem_set(&u->tls_name, value);
	return ERR_OK;
}

/* The certificates are kept as text, so that the file may go away. */
static enum err put_ca(struct unit *u, const char *file, struct err_info *e)
{
	char *pem;
	size_t n;
	enum err r;

	if (!*file) {
		mem_set(&u->ca_pem, "");
		return ERR_OK;
	}
	if ((r = file_read(file, CA_FILE_MAX, &pem, &n, e)))
		return r;
	if (strlen(pem) != n || !strstr(pem, "-----BEGIN CERTIFICATE-----"))
		r = invalid("ca-file", "CA 证书文件", "不是 PEM 格式的证书", e);
	else
		mem_set(&u->ca_pem, pem);
	free(pem);
	return r;
}

/* 32 hexadecimal characters, white space around them allowed. */
static bool key_text(const char *data, size_t n, char hex[KEY_HEX + 1])
{
	size_t from = 0, i;

	while (from < n && isspace((unsigned char)data[from]))
		from++;
	while (n > from && isspace((unsigned char)data[n - 1]))
		n--;
	if (n - from != KEY_HEX)
		return false;
	for (i = 0; i < KEY_HEX; i++) {
		if (!isxdigit((unsigned char)data[from + i]))
			return false;
	}
	memcpy(hex, data + from, KEY_HEX);
	hex[KEY_HEX] = 0;
	return true;
}

static unsigned nibble(char c)
{
	return (unsigned)(isdigit((unsigned char)c) ? c - '0'
						    : tolower((unsigned char)c) - 'a' + 10);
}

/* The key is sealed as its 16 bytes, under the unit's own context. */
static enum err seal_key(const struct session *s, struct unit *u, const char hex[KEY_HEX + 1],
			 struct err_info *e)
{
	unsigned char key[SECRET_KEY];
	unsigned char bytes[KEY_BYTES];
	char context[UNIT_KEY_CONTEXT], hint[16], *sealed;
	size_t i;
	enum err r;

	if ((r = home_load_key(s->home, s->db, key, e)))
		return r;
	for (i = 0; i < KEY_BYTES; i++)
		bytes[i] = (unsigned char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
	r = secret_seal(key, unit_key_context(u, context), bytes, KEY_BYTES, &sealed, e);
	secret_wipe(key, sizeof(key));
	secret_wipe(bytes, sizeof(bytes));
	if (r)
		return r;
	free(u->sealed_key);
	u->sealed_key = sealed;
	snprintf(hint, sizeof(hint), "****%s", hex + KEY_HEX - 4);
	mem_set(&u->key_hint, hint);
	return ERR_OK;
}

enum err unit_seal_again(const struct session *s, struct unit *u, const char *before,
			 struct err_info *e)
{
	unsigned char key[SECRET_KEY], *plain = NULL;
	char context[UNIT_KEY_CONTEXT], *sealed = NULL;
	size_t n = 0;
	enum err r;

	if (text_empty(u->sealed_key))
		return ERR_OK;
	if ((r = home_load_key(s->home, s->db, key, e)))
		return r;
	if (!(r = secret_open(key, before, u->sealed_key, &plain, &n, e)))
		r = secret_seal(key, unit_key_context(u, context), plain, n, &sealed, e);
	secret_wipe(key, sizeof(key));
	if (plain)
		secret_wipe(plain, n);
	free(plain);
	if (r)
		return r;
	free(u->sealed_key);
	u->sealed_key = sealed;
	return ERR_OK;
}

static enum err put_key_text(const struct session *s, struct unit *u, const char *data, size_t n,
			     const char *option, const char *label, struct err_info *e)
{
	char hex[KEY_HEX + 1];
	enum err r;

	if (key_text(data, n, hex))
		r = seal_key(s, u, hex, e);
	else
		r = invalid(option, label, "应只有 32 个十六进制字符", e);
	secret_wipe(hex, sizeof(hex));
	return r;
}

static enum err put_key(const struct session *s, struct unit *u, const struct unit_form *f,
			struct err_info *e)
{
	char *data;
	size_t n;
	enum err r;

	if (f->key)
		return put_key_text(s, u, f->key, strlen(f->key), "key", "API 密钥", e);
	if (!f->key_file)
		return ERR_OK;
	if ((r = file_read(f->key_file, KEY_FILE_MAX, &data, &n, e)))
		return r;
	r = put_key_text(s, u, data, n, "key-file", "密钥文件", e);
	secret_wipe(data, n);
	free(data);
	return r;
}

/* 区域代码 of the tax number: the digits 3-6 of a 统一社会信用代码 name the province or the 计划单列市. */
static void default_region(struct unit *u)
{
	char city[5], province[5];
	const struct code_row *row;
	size_t i;

	if (!text_empty(u->region) || strlen(u->tax_no) != 18)
		return;
	snprintf(city, sizeof(city), "%.4s", u->tax_no + 2);
	snprintf(province, sizeof(province), "%.2s00", u->tax_no + 2);
	for (i = 0; (row = code_at(CODES_REGIONS, i)); i++) {
		if (!strcmp(row->extra, city)) {
			mem_set(&u->region, row->code);
			return;
		}
		if (!strcmp(row->extra, province))
			mem_set(&u->region, row->code);
	}
}

static enum err put_region(struct unit *u, const char *value, struct err_info *e)
{
	const struct code_row *row = code_find(CODES_REGIONS, value);

	if (!row)
		row = code_find_name(CODES_REGIONS, value);
	if (!row)
		return invalid("region", "区域代码",
			       "不在税务机关区域代码表中，应为 11 位，例如 14403000000", e);
	mem_set(&u->region, row->code);
	return ERR_OK;
}

/* ---- what it is to the tax side ---- */

static enum err put_channel(char **slot, const char *value, const char *option, const char *label,
			    struct err_info *e)
{
	const struct channel_word *w = channel_find(value);

	if (!w && *value && strcmp(value, "无") != 0) {
		err_fail(
		    e, ERR_INVALID, "unit.channel", label,
		    "没有“%.40s”这种通道，应为 乐企平台、乐企平台（联用）、电子税局/RPA、税盘 或 软证书",
		    value);
		err_field(e, "%s", option);
		return ERR_INVALID;
	}
	mem_set(slot, w ? w->word : "");
	return ERR_OK;
}

static enum err put_relation(struct unit *u, const struct unit_form *f, struct err_info *e)
{
	if (!f->relation)
		return ERR_OK;
	if (!strcmp(f->relation, "self") || !strcmp(f->relation, "自用"))
		u->joint = false;
	else if (!strcmp(f->relation, "joint") || !strcmp(f->relation, "联用"))
		u->joint = true;
	else
		return invalid("relation", "关系", "应为 self（自用）或 joint（联用）", e);
	return ERR_OK;
}

/* What is not said follows the relation, and the relation the channel (features A5, B18). */
static void follow_relation(struct unit *u, const struct unit_form *f, bool was_joint)
{
	if (!f->relation && f->issue_channel && channel_is_leqi(u->issue_channel))
		u->joint = !strcmp(u->issue_channel, "leqi-joint");
	if (!f->issue_channel && channel_is_leqi(u->issue_channel))
		mem_set(&u->issue_channel, u->joint ? "leqi-joint" : "leqi");
	if (!f->collect_channel && u->joint)
		mem_set(&u->collect_channel, "");
	else if (!f->collect_channel && was_joint)
		mem_set(&u->collect_channel, "leqi");
}

static enum err check_channels(const struct unit *u, struct err_info *e)
{
	enum err r = ERR_OK;

	if (u->joint && !text_empty(u->collect_channel))
		r = err_fail(e, ERR_INVALID, "unit.joint", "收票通道", "联用仅支持开票");
	else if (!channel_is_leqi(u->issue_channel) && !channel_is_leqi(u->collect_channel))
		r = err_fail(e, ERR_INVALID, "unit.channels", "通道",
			     "开票/收票通道至少一个为乐企平台");
	else if (channel_is_leqi(u->issue_channel) &&
		 u->joint != !strcmp(u->issue_channel, "leqi-joint"))
		r = err_fail(e, ERR_INVALID, "unit.relation", "开票通道",
			     "%s的单位，开票通道应为%s", u->joint ? "联用" : "自用",
			     channel_label(u->joint ? "leqi-joint" : "leqi"));
	if (r)
		err_field(e, strcmp(e->code, "unit.joint") ? "issue-channel" : "collect-channel");
	return r;
}

/* 基础 and 归集 stay, whatever is given (features C11). */
static enum err put_abilities(struct unit *u, const char *value, struct err_info *e)
{
	char list[ABILITY_LIST];
	const char *bad;
	size_t n;

	if (ability_list(value, u->joint, list, &bad, &n)) {
		mem_set(&u->abilities, list);
		return ERR_OK;
	}
	err_fail(e, ERR_INVALID, "unit.ability", "接入能力", "没有“%.*s”这种能力",
		 n < 60 ? (int)n : 60, bad);
	err_field(e, "abilities");
	return ERR_INVALID;
}

static enum err put_handler(struct unit *u, const char *value, struct err_info *e)
{
	const struct channel_word *w = handler_find(value);

	if (!w && *value)
		return invalid("handler", "经办身份", "应为 法定代表人、财务负责人 或 办税员", e);
	mem_set(&u->handler, w ? w->word : "");
	return ERR_OK;
}

static enum err put_granted(struct unit *u, const char *value, struct err_info *e)
{
	struct date d;

	if (!*value) {
		u->granted_at = 0;
		return ERR_OK;
	}
	if (!date_parse(value, &d))
		return invalid("granted", "授权日期", "应为日期，例如 2025-06-28", e);
	u->granted_at = date_unix((struct datetime) {.date = d});
	return ERR_OK;
}

static enum err put_access(struct unit *u, const struct unit_form *f, struct err_info *e)
{
	bool was_joint = u->joint;
	enum err r;

	if ((r = put_relation(u, f, e)) ||
	    (f->issue_channel && (r = put_channel(&u->issue_channel, f->issue_channel,
						  "issue-channel", "开票通道", e))) ||
	    (f->collect_channel && (r = put_channel(&u->collect_channel, f->collect_channel,
						    "collect-channel", "收票通道", e))))
		return r;
	follow_relation(u, f, was_joint);
	if ((r = check_channels(u, e)) ||
	    (r = put_abilities(u, f->abilities ? f->abilities : u->abilities, e)) ||
	    (f->handler && (r = put_handler(u, f->handler, e))))
		return r;
	return f->granted ? put_granted(u, f->granted, e) : ERR_OK;
}

enum err unit_apply_form(struct session *s, struct unit *u, const struct unit_form *f,
			 char *warning, struct err_info *e)
{
	enum err r;

	if (f->tax_no && (r = put_tax_no(u, f->tax_no, warning, e)))
		return r;
	if ((r = put_texts(u, f, e)))
		return r;
	if (f->leqi_id && !leqi_id_ok(u->leqi_id))
		remark(warning, "乐企ID %s 不是 20 位小写十六进制字符，请核对", u->leqi_id);
	if (f->region && (r = put_region(u, f->region, e)))
		return r;
	default_region(u);
	if ((r = put_access(u, f, e)))
		return r;
	if (!u->direct && (f->url || f->key_file || f->key || f->ca_file || f->connect_to ||
			   f->proxy || f->tls_name))
		return invalid("role", "使用单位",
			       "接入地址、密钥和证书属于直连单位，请在直连单位上填写", e);
	if ((f->url && (r = put_url(u, f->url, e))) ||
	    (f->connect_to &&
	     (r = put_address(&u->connect_to, f->connect_to, "connect-to", "代理服务地址", e))) ||
	    (f->proxy && (r = put_address(&u->proxy, f->proxy, "proxy", "代理服务器", e))) ||
	    (f->tls_name && (r = put_tls_name(u, f->tls_name, e))) ||
	    (f->ca_file && (r = put_ca(u, f->ca_file, e))))
		return r;
	return put_key(s, u, f, e);
}
