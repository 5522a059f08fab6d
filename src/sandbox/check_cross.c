/* sandbox/check_cross.c - rules between head fields: parties, persons, issuer, payment, red, date
 * (protocol 7.4, 7.5). */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "sandbox/check.h"
#include "sandbox/summary.h"

enum { UPLOAD_HOURS = 48, AHEAD_SECONDS = 600, REMARK_RED = 382 };

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool check_identity(struct invoice *v)
{
	bool purchase = head(v, "sgfplxDm")[0] != 0;
	if (!is(head(v, "ptbh"), v->rq->direct->v[U_LEQI_ID]))
		return check_refuse(v, "", "平台编号（ptbh）不是直连单位的平台编号");
	if (!is(head(v, purchase ? "gmfnsrsbh" : "xsfnsrsbh"), v->u->v[U_TAX_NO]))
		return check_refuse(v, "BI1002", "%s方纳税人识别号与使用单位不一致",
				    purchase ? "购买" : "销售");
	if (!is(head(v, "fpkjfsDm"), unit_uncontrolled(v->u) ? "4" : "5"))
		return check_refuse(v, "", "发票开具方式代码（fpkjfsDm）与单位关系不符，应为%s",
				    unit_uncontrolled(v->u) ? "4" : "5");
	return true;
}

/* The person registered for 联用 and 他用 must have issued. */
static bool check_issuer(struct invoice *v)
{
	if (is(v->u->v[U_RELATION], "self"))
		return true;
	if (!head(v, "kprzjhm")[0] || !head(v, "kprzjlx")[0])
		return check_refuse(v, "", "联用、他用开票时开票人证件号码、证件类型不能为空");
	if (v->u->v[U_KPRZJHM][0] && (!is(head(v, "kprzjhm"), v->u->v[U_KPRZJHM]) ||
				      !is(head(v, "kprzjlx"), v->u->v[U_KPRZJLX])))
		return check_refuse(v, "", "开票人证件与备案的开票人不一致");
	return true;
}

static bool check_date(struct invoice *v)
{
	int64_t now = v->rq->now_ms / 1000;
	if (strncmp(v->fphm, head(v, "kprq") + 2, 2) != 0)
		return check_refuse(v, "", "发票号码前两位与开票日期的年度不一致");
	if (now - v->kprq >= UPLOAD_HOURS * 3600)
		return check_refuse(v, "", "上传时间距开票日期已满48小时");
	if (v->kprq - now > AHEAD_SECONDS)
		return check_refuse(v, "", "开票日期晚于当前时间");
	if (quota_month_locked(v->sb, v->rq->env, v->u->v[U_TAX_NO], v->kprq) ||
	    summary_locked(v->sb, v->rq, v->kprq))
		return check_refuse(
		    v, "",
		    "当前开票方开票日期所属年月已完成对账，不再允许上传此年月发票，请修改后再试");
	return true;
}

static bool check_buyer(struct invoice *v)
{
	const char *number = head(v, "gmfnsrsbh");
	size_t n = strlen(number);
	bool person = is(head(v, "gmfzrrbz"), "Y");
	if (is(head(v, "fppz"), "01") && !n)
		return check_refuse(v, "", "开具数电专票时购买方纳税人识别号（gmfnsrsbh）不能为空");
	if (n && !person && n < 15)
		return check_refuse(v, "", "购买方纳税人识别号（gmfnsrsbh）应为15至20位");
	if (!person)
		return (!head(v, "zrrzjlxDm")[0] && !head(v, "zrrzjhm")[0] &&
			!head(v, "zrrgjDm")[0]) ||
		       check_refuse(v, "", "购买方不是自然人时，自然人证件和国籍应为空");
	static const char suffix[] = "（个人）";
	const char *name = head(v, "gmfmc");
	size_t len = strlen(name), tail = sizeof(suffix) - 1;
	if (len <= tail || !is(name + len - tail, suffix))
		return check_refuse(v, "", "购买方为自然人时，名称应以全角“（个人）”结尾");
	if (text_chars(name) < 4 + 2)
		return check_refuse(v, "", "购买方为自然人时，名称应多于1个字");
	return true;
}

/* The country a document implies; "" any, NULL: the document number fits none. */
static const char *implied_country(const char *type, const char *number)
{
	static const struct {
		const char *type, *prefix, *country;
	} rows[] = {
	    {"201", "", "156"},       {"227", "", "156"},       {"213", "", "158"},
	    {"238", "", "158"},       {"210", "H", "344"},      {"210", "M", "446"},
	    {"237", "810000", "344"}, {"237", "820000", "446"},
	};
	bool known = false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!is(rows[i].type, type))
			continue;
		known = true;
		if (strncmp(number, rows[i].prefix, strlen(rows[i].prefix)) == 0)
			return rows[i].country;
	}
	return known ? NULL : "";
}

static bool check_person(struct invoice *v)
{
	const char *type = head(v, "zrrzjlxDm"), *number = head(v, "zrrzjhm"),
		   *country = head(v, "zrrgjDm");
	int given = (type[0] != 0) + (number[0] != 0) + (country[0] != 0);
	if (given == 0)
		return true;
	if (given != 3)
		return check_refuse(v, "", "自然人证件类型、证件号码、国籍应同时填写或同时为空");
	if (is(type, "201") && !is(head(v, "gmfnsrsbh"), number))
		return check_refuse(v, "",
				    "自然人证件为居民身份证时，购买方纳税人识别号应与证件号码一致");
	const char *implied = implied_country(type, number);
	if (!implied)
		return check_refuse(v, "", "自然人证件号码（zrrzjhm）与证件类型不符");
	if (implied[0] && !is(implied, country))
		return check_refuse(v, "", "自然人国籍（zrrgjDm）应为%s", implied);
	if (!head(v, "gmfnsrsbh")[0])
		return check_refuse(v, "",
				    "自然人填写了证件时，购买方纳税人识别号应为其识别号或证件号码");
	return true;
}

static bool check_handler(struct invoice *v)
{
	const char *type = head(v, "jbrsfzjzlDm"), *number = head(v, "jbrsfzjhm");
	if ((type[0] != 0) != (number[0] != 0))
		return check_refuse(v, "", "经办人证件种类和证件号码应同时填写或同时为空");
	if (is(type, "201") && !is(head(v, "jbrgjhdqDm"), "156"))
		return check_refuse(v, "", "经办人证件为居民身份证时，国家或地区应为156");
	return true;
}

static bool check_payment(struct invoice *v)
{
	const cJSON *each;
	bool any = false;
	cJSON_ArrayForEach(each, json_get(v->json, "zfxxList"))
	{
		bool channel = json_member(each, "zfqdDm")[0] != 0;
		bool bill = json_member(each, "jydh")[0] != 0;
		if (channel != bill)
			return check_refuse(v, "", "支付渠道和交易单号应同时填写或同时为空");
		any = any || channel;
	}
	if (any && is(v->u->v[U_RELATION], "other"))
		return check_refuse(v, "", "他用开票时支付渠道和交易单号应为空");
	const char *mode = head(v, "lqkpmsDm"), *expected = !any                      ? ""
							    : unit_uncontrolled(v->u) ? "02"
										      : "01";
	if (!is(mode, expected))
		return check_refuse(v, "", "乐企开票模式代码（lqkpmsDm）应为%s",
				    expected[0] ? expected : "空");
	return true;
}

static bool check_red(struct invoice *v)
{
	const char *blue = head(v, "dylzfphm"), *form = head(v, "hzqrxxdbh"),
		   *uuid = head(v, "hzqrduuid");
	if (!v->red)
		return (!blue[0] && !form[0] && !uuid[0]) ||
		       check_refuse(v, "BI1022", "蓝字发票不应有红字发票的内容");
	if (!blue[0])
		return check_refuse(v, "BI1024", "红字发票的对应蓝字发票号码不能为空");
	if (!form[0] || !uuid[0])
		return check_refuse(v, "BI1025", "红字发票的红字确认信息单编号、uuid不能为空");
	if (text_chars(head(v, "bz")) > REMARK_RED)
		return check_refuse(v, "", "红字发票备注（bz）长度超过382位");
	return true;
}

bool check_cross(struct invoice *v)
{
	return check_buyer(v) && check_person(v) && check_handler(v) && check_payment(v) &&
	       check_issuer(v) && check_red(v) && check_date(v) && check_identity(v);
}
