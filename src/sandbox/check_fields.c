/* sandbox/check_fields.c - the field tables of QDFPSC: presence, length, form, codes
 * (protocol 7.5). */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "sandbox/check.h"
#include "sandbox/fields.h"

#define YN               "|Y|N|"
#define PERSON_DOCUMENTS "|201|208|210|213|227|233|237|238|"

static const struct field head_fields[] = {
    {"fphm", "发票号码", 20, REQUIRED | EXACT, FORM_DIGITS, NULL},
    {"lzfpbz", "蓝字发票标志", 1, REQUIRED, FORM_TEXT, "|0|1|"},
    {"ptbh", "平台编号", 20, REQUIRED, FORM_TEXT, NULL},
    {"fppz", "发票票种", 2, REQUIRED, FORM_TEXT, "|01|02|"},
    {"gmfzrrbz", "购买方自然人标志", 1, 0, FORM_TEXT, YN},
    {"tdys", "特定要素", 2, 0, FORM_EMPTY, NULL},
    {"qyDm", "区域代码", 11, REQUIRED | EXACT, FORM_DIGITS, NULL},
    {"cezslxDm", "差额征税类型代码", 2, 0, FORM_TEXT, "|01|02|"},
    {"sgfplxDm", "收购发票类型代码", 2, 0, FORM_TEXT, "|01|02|03|"},
    {"ckywsyzcDm", "出口业务适用政策代码", 2, 0, FORM_TEXT, "|01|02|03|"},
    {"zzsjzjtDm", "增值税即征即退代码", 2, 0, FORM_TEXT, "|01|02|03|04|05|06|07|08|09|10|11|12|"},
    {"fpkjfsDm", "发票开具方式代码", 1, REQUIRED, FORM_TEXT, "|4|5|"},
    {"lqkpmsDm", "乐企开票模式代码", 2, 0, FORM_TEXT, "|01|02|"},
    {"ip", "服务器地址", 20, REQUIRED, FORM_TEXT, NULL},
    {"macdz", "mac地址", 20, REQUIRED, FORM_TEXT, NULL},
    {"cpuid", "CPU序列号", 20, 0, FORM_TEXT, NULL},
    {"zbxlh", "主板序列号", 20, 0, FORM_TEXT, NULL},
    {"xsfnsrsbh", "销售方纳税人识别号", 20, REQUIRED, FORM_CAPITALS, NULL},
    {"xsfmc", "销售方名称", 300, REQUIRED, FORM_TEXT, NULL},
    {"xsfdz", "销售方地址", 300, 0, FORM_TEXT, NULL},
    {"xsfdh", "销售方电话", 60, 0, FORM_TEXT, NULL},
    {"xsfkhh", "销售方开户行", 120, 0, FORM_TEXT, NULL},
    {"xsfzh", "销售方账号", 50, 0, FORM_TEXT, NULL},
    {"gmfnsrsbh", "购买方纳税人识别号", 20, 0, FORM_CAPITALS, NULL},
    {"gmfmc", "购买方名称", 300, REQUIRED, FORM_TEXT, NULL},
    {"gmfdz", "购买方地址", 300, 0, FORM_TEXT, NULL},
    {"gmfdh", "购买方电话", 60, 0, FORM_TEXT, NULL},
    {"gmfkhh", "购买方开户行", 120, 0, FORM_TEXT, NULL},
    {"gmfzh", "购买方账号", 50, 0, FORM_TEXT, NULL},
    {"zrrzjlxDm", "自然人证件类型", 3, 0, FORM_TEXT, PERSON_DOCUMENTS},
    {"zrrzjhm", "自然人证件号码", 30, 0, FORM_TEXT, NULL},
    {"zrrgjDm", "自然人国籍", 3, 0, FORM_COUNTRY, NULL},
    {"gmfjbr", "购买方经办人姓名", 150, 0, FORM_TEXT, NULL},
    {"jbrsfzjhm", "经办人证件号码", 30, 0, FORM_TEXT, NULL},
    {"jbrsfzjzlDm", "经办人证件种类代码", 3, 0, FORM_TEXT, PERSON_DOCUMENTS},
    {"jbrgjhdqDm", "经办人国家或地区代码", 3, 0, FORM_COUNTRY, NULL},
    {"jbrnsrsbh", "经办人纳税人识别号", 20, 0, FORM_TEXT, NULL},
    {"gmfjbrlxdh", "经办人联系电话", 60, 0, FORM_TEXT, NULL},
    {"hjje", "合计金额", 0, REQUIRED, FORM_MONEY, NULL},
    {"hjse", "合计税额", 0, REQUIRED, FORM_MONEY, NULL},
    {"jshj", "价税合计", 0, REQUIRED, FORM_MONEY, NULL},
    {"skyhmc", "收款银行名称", 120, 0, FORM_TEXT, NULL},
    {"skyhzh", "收款银行账号", 100, 0, FORM_TEXT, NULL},
    {"jsfs", "结算方式", 2, 0, FORM_TEXT, "|01|02|03|04|05|99|"},
    {"ysxwfsd", "应税行为发生地", 11, 0, FORM_TEXT, NULL},
    {"kpr", "开票人", 300, REQUIRED, FORM_TEXT, NULL},
    {"kprzjhm", "开票人证件号码", 30, 0, FORM_TEXT, NULL},
    {"kprzjlx", "开票人证件类型", 4, 0, FORM_DIGITS, NULL},
    {"dylzfphm", "对应蓝字发票号码", 20, 0, FORM_TEXT, NULL},
    {"hzqrxxdbh", "红字确认信息单编号", 20, 0, FORM_TEXT, NULL},
    {"hzqrduuid", "红字确认单uuid", 32, 0, FORM_TEXT, NULL},
    {"bz", "备注", 450, 0, FORM_TEXT, NULL},
    {"skrxm", "收款人姓名", 150, 0, FORM_TEXT, NULL},
    {"fhrxm", "复核人姓名", 75, 0, FORM_TEXT, NULL},
    {"mtpzxx", "煤炭品质信息", 50, 0, FORM_TEXT, NULL},
    {"kprq", "开票日期", 19, REQUIRED | EXACT, FORM_TIME, NULL},
    {"sfzsxsfyhzhbq", "是否展示销售方银行账号标签", 1, 0, FORM_TEXT, YN},
    {"sfzsgmfyhzhbq", "是否展示购买方银行账号标签", 1, 0, FORM_TEXT, YN},
    {"sfzsxsfdzdh", "是否展示销售方地址电话", 1, 0, FORM_TEXT, YN},
    {"sfzsgmfdzdh", "是否展示购买方地址电话", 1, 0, FORM_TEXT, YN},
    {"sszyfwxybh", "涉税专业服务协议编号", 20, 0, FORM_TEXT, NULL},
    {"sfkjsszyfwfppm", "是否开具涉税专业服务发票品目", 1, 0, FORM_TEXT, YN},
};

static const struct field line_fields[] = {
    {"mxxh", "明细序号", 8, REQUIRED, FORM_TEXT, NULL},
    {"dylzfpmxxh", "对应蓝字发票明细序号", 8, 0, FORM_TEXT, NULL},
    {"hwhyslwfwmc", "货物或应税劳务、服务名称", 300, REQUIRED, FORM_TEXT, NULL},
    {"spfwjc", "商品服务简称", 120, REQUIRED, FORM_TEXT, NULL},
    {"xmmc", "项目名称", 600, REQUIRED, FORM_TEXT, NULL},
    {"ggxh", "规格型号", 150, 0, FORM_TEXT, NULL},
    {"dw", "单位", 300, 0, FORM_TEXT, NULL},
    {"sl", "数量", 0, 0, FORM_QUANTITY, NULL},
    {"dj", "单价", 0, 0, FORM_QUANTITY, NULL},
    {"je", "金额", 0, REQUIRED, FORM_MONEY, NULL},
    {"slv", "税率", 0, REQUIRED, FORM_RATE, NULL},
    {"se", "税额", 0, REQUIRED, FORM_MONEY, NULL},
    {"hsje", "含税金额", 0, REQUIRED, FORM_MONEY, NULL},
    {"kce", "扣除额", 0, 0, FORM_MONEY, NULL},
    {"sphfwssflhbbm", "商品和服务税收分类合并编码", 19, REQUIRED | EXACT, FORM_DIGITS, NULL},
    {"fphxz", "发票行性质", 2, REQUIRED, FORM_TEXT, "|00|01|02|"},
    {"yhzcbs", "优惠政策标识", 2, 0, FORM_TEXT,
     "|01|02|03|04|05|06|07|08|09|10|11|12|13|14|15|16|17|18|"},
    {"mtzl", "煤炭种类", 4, 0, FORM_TEXT, "|0100|0201|0202|0203|0204|0300|"},
};

static const struct field payment_fields[] = {
    {"zfqdDm", "支付渠道", 3, 0, FORM_TEXT,
     "|001|002|003|004|005|006|007|008|009|010|011|012|013|099|"},
    {"jydh", "交易单号", 40, 0, FORM_TEXT, NULL},
};

static const struct field extra_fields[] = {
    {"fjysmc", "附加要素名称", 200, 0, FORM_TEXT, NULL},
    {"fjyslx", "附加要素类型", 200, 0, FORM_TEXT, NULL},
    {"fjysz", "附加要素值", 200, 0, FORM_TEXT, NULL},
};

static const struct field deduction_fields[] = {
    {"xh", "序号", 8, 0, FORM_DIGITS, NULL},
    {"pzlx", "凭证类型", 2, 0, FORM_TEXT, "|01|02|03|04|05|06|07|08|09|"},
    {"fpdm", "发票代码", 12, 0, FORM_TEXT, NULL},
    {"fphm", "发票号码", 30, 0, FORM_TEXT, NULL},
    {"cepzhm", "差额凭证号码", 40, 0, FORM_TEXT, NULL},
    {"kjrq", "开具日期", 10, 0, FORM_DATE, NULL},
    {"pzhjje", "凭证合计金额", 0, 0, FORM_MONEY, NULL},
    {"bckcje", "本次扣除金额", 0, 0, FORM_MONEY, NULL},
    {"bz", "备注", 450, 0, FORM_TEXT, NULL},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *head(const struct invoice *v, const char *key)
{
	return json_member(v->json, key);
}

const char *cell(const struct line *l, const char *key)
{
	return json_member(l->json, key);
}

static bool check_field(struct invoice *v, const cJSON *object, const struct field *f,
			const char *where)
{
	char text[400];
	return field_fits(object, f, where, text) || check_refuse(v, "", "%s", text);
}

static bool check_table(struct invoice *v, const cJSON *object, const struct field *table, size_t n,
			const char *where)
{
	for (size_t i = 0; i < n; i++) {
		if (!check_field(v, object, &table[i], where))
			return false;
	}
	return true;
}

/* An optional list of objects. */
static bool check_list(struct invoice *v, const char *key, const struct field *table, size_t n)
{
	const cJSON *list = json_get(v->json, key), *each;
	const char *text = json_text(list);
	if (!list || cJSON_IsNull(list) || (text && !text[0]))
		return true;
	if (!cJSON_IsArray(list))
		return check_refuse(v, "", "%s 应为列表", key);
	cJSON_ArrayForEach(each, list)
	{
		if (!cJSON_IsObject(each))
			return check_refuse(v, "", "%s 的元素应为对象", key);
		if (!check_table(v, each, table, n, ""))
			return false;
	}
	return true;
}

static void read_line(struct line *l)
{
	l->code = cell(l, "sphfwssflhbbm");
	l->kind = cell(l, "fphxz");
	l->preference = cell(l, "yhzcbs");
	num_parse(cell(l, "je"), 16, 2, l->je);
	num_parse(cell(l, "se"), 16, 2, l->se);
	num_parse(cell(l, "hsje"), 16, 2, l->hsje);
	num_parse(cell(l, "slv"), 10, 6, l->slv);
	l->has_kce = cell(l, "kce")[0] != 0;
	if (l->has_kce)
		num_parse(cell(l, "kce"), 16, 2, l->kce);
	l->has_sl = cell(l, "sl")[0] && cell(l, "dj")[0];
	if (l->has_sl) {
		num_parse(cell(l, "sl"), 25, 24, l->sl);
		num_parse(cell(l, "dj"), 25, 24, l->dj);
	}
	mpq_t scaled;
	mpq_init(scaled);
	mpq_set_ui(scaled, 1000000, 1);
	mpq_mul(scaled, scaled, l->slv);
	l->ppm = mpz_fits_slong_p(mpq_numref(scaled)) ? mpz_get_si(mpq_numref(scaled)) : -1;
	mpq_clear(scaled);
}

static bool check_line_fields(struct invoice *v)
{
	for (size_t i = 0; i < v->n; i++) {
		struct line *l = &v->lines[i];
		char where[32];
		snprintf(where, sizeof(where), "第%zu行", l->index);
		if (!cJSON_IsObject(l->json))
			return check_refuse(v, "", "%s应为对象", where);
		if (!check_table(v, l->json, line_fields, COUNT(line_fields), where))
			return false;
		read_line(l);
	}
	return true;
}

bool check_fields(struct invoice *v)
{
	if (!cJSON_IsObject(v->json))
		return check_refuse(v, "", "应为对象");
	if (!check_table(v, v->json, head_fields, COUNT(head_fields), ""))
		return false;
	num_parse(head(v, "hjje"), 16, 2, v->hjje);
	num_parse(head(v, "hjse"), 16, 2, v->hjse);
	num_parse(head(v, "jshj"), 16, 2, v->jshj);
	datetime_parse(head(v, "kprq"), &v->kprq);
	memcpy(v->day, head(v, "kprq"), 10);
	return check_list(v, "zfxxList", payment_fields, COUNT(payment_fields)) &&
	       check_list(v, "fjysList", extra_fields, COUNT(extra_fields)) &&
	       check_list(v, "cekcList", deduction_fields, COUNT(deduction_fields)) &&
	       check_line_fields(v);
}
