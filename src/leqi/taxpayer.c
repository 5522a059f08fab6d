/* taxpayer.c - what the tax side says about a taxpayer, and the rates it has enabled. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "base/text.h"
#include "leqi/wire_p.h"

/* Keys of an answer and where they go in struct taxpayer. */
struct answer_field {
	const char *key;
	size_t offset, size;
};
#define TO(key, member)                                                                            \
	{                                                                                          \
		key, offsetof(struct taxpayer, member), sizeof(((struct taxpayer *)0)->member)     \
	}

static const struct answer_field RISK[] = {
    TO("fxnsrlx", risk_class),
    TO("nsrxydj", credit_grade),
    TO("nsryjjb", alert_level),
    TO("fxnsrbz", risk_flag),
};
static const struct answer_field BASIC[] = {
    TO("nsrsbh", tax_no),
    TO("nsrmc", name),
    TO("nsrlx", type),
    TO("nsrztdm", state),
    TO("xdpsdqybz", pilot),
    TO("scjydz", address),
    TO("zcdlxdh", phone),
    TO("khhmc", bank_name),
    TO("yhzh", account),
    TO("zgswskfjdm", office_code),
    TO("zgswskfjmc", office_name),
    TO("hydm", industry),
    TO("fddbrxm", legal_person),
    TO("cwfzrxm", finance_person),
    TO("ckqyfldm", export_class),
};

static void read_fields(const cJSON *o, const struct answer_field *f, size_t n, struct taxpayer *t)
{
	for (; n; n--, f++)
		wire_copy(o, f->key, (char *)t + f->offset, f->size);
}

enum leqi_class leqi_query_risk(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				const char *region, struct taxpayer *t, struct leqi_reply *rep)
{
	struct wire_request r = {.tax_no = tax_no, .region = region};
	enum leqi_class class;
	cJSON *data;

	class = wire_ask(l, u, "CXNSRFXXX", &r, rep, &data);
	if (class == LEQI_OK && !wire_text(data, "fxnsrbz")[0]) {
		class = reply_unusable(rep, "没有风险纳税人标志");
	} else if (class == LEQI_OK) {
		read_fields(data, RISK, sizeof(RISK) / sizeof(RISK[0]), t);
		t->risk_at = clock_now();
	}
	json_free(&data);
	return class;
}

/* "01,05,…": the codes of a list that are valid at all. */
static void join_codes(const cJSON *data, const char *list, const char *key, char *out, size_t size)
{
	const cJSON *rows = wire_get(data, list), *row;
	char code[16];

	out[0] = 0;
	cJSON_ArrayForEach(row, rows)
	{
		size_t have = strlen(out);

		wire_copy(row, key, code, sizeof(code));
		if (!code[0] || have + strlen(code) + 2 > size)
			continue;
		if (have)
			out[have++] = ',';
		text_copy(out + have, size - have, code);
	}
}

static bool read_basic(const cJSON *data, struct taxpayer *t)
{
	const cJSON *basic = wire_get(data, "jcxx");

	if (cJSON_IsArray(basic))
		basic = basic->child;
	if (!cJSON_IsObject(basic))
		basic = data;
	if (!wire_text(basic, "nsrmc")[0] || !wire_text(basic, "nsrztdm")[0])
		return false;
	read_fields(basic, BASIC, sizeof(BASIC) / sizeof(BASIC[0]), t);
	join_codes(data, "qyhyxzGrid", "qyhyxzdm", t->industry_kinds, sizeof(t->industry_kinds));
	join_codes(data, "xfsnsrlxGrid", "xfsnsrlxdm", t->consumption_kinds,
		   sizeof(t->consumption_kinds));
	t->basic_at = clock_now();
	return true;
}

enum leqi_class leqi_query_taxpayer(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				    const char *region, struct taxpayer *t, struct leqi_reply *rep)
{
	struct wire_request r = {.tax_no = tax_no, .region = region};
	enum leqi_class class;
	cJSON *data;

	class = wire_ask(l, u, "CXNSRJBXX", &r, rep, &data);
	if (class == LEQI_OK && !read_basic(data, t))
		class = reply_unusable(rep, "没有纳税人名称或状态");
	json_free(&data);
	return class;
}

static bool read_rate(const cJSON *row, struct tax_rate *out)
{
	char text[32], stopped[DATE_TEXT];

	*out = (struct tax_rate) {0};
	wire_copy(row, "slzsl", text, sizeof(text));
	if (!rate_parse(text, &out->ppm))
		return false;
	wire_copy(row, "csxz", text, sizeof(text));
	out->levy = strcmp(text, "2") == 0;
	wire_copy(row, "cszt", text, sizeof(text));
	out->enabled = strcmp(text, "0") == 0;
	wire_date(row, "yxqq", out->start);
	wire_date(row, "yxqz", out->stop);
	wire_date(row, "tyrq", stopped);
	if (stopped[0] && (!out->stop[0] || strcmp(stopped, out->stop) < 0))
		text_copy(out->stop, sizeof(out->stop), stopped);
	return true;
}

enum leqi_class leqi_query_rates(struct leqi *l, const struct leqi_unit *u, struct tax_rate **out,
				 size_t *n, struct leqi_reply *rep)
{
	struct wire_request r = {0};
	const cJSON *list, *row;
	enum leqi_class class;
	cJSON *data;

	class = wire_ask(l, u, "CXKYSL", &r, rep, &data);
	list = class == LEQI_OK ? wire_list(data, "slzslList") : NULL;
	if (class == LEQI_OK && !list)
		class = reply_unusable(rep, "没有税率列表");
	if (class == LEQI_OK) {
		*n = 0;
		*out = mem_zalloc(sizeof(**out) * ((size_t)cJSON_GetArraySize(list) + 1));
		cJSON_ArrayForEach(row, list) *n += read_rate(row, &(*out)[*n]);
	}
	json_free(&data);
	return class;
}
