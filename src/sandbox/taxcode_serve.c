/* sandbox/taxcode_serve.c - CXSSFLBM: the whole table, or what changed after a timestamp. */
#include <string.h>

#include "base/text.h"
#include "sandbox/faults.h"
#include "sandbox/taxcodes.h"

static void put_empty(struct json_out *o, const char *const *keys)
{
	for (; *keys; keys++)
		json_put(o, *keys, "");
}

static void write_code(struct json_out *o, const struct taxcode *r)
{
	static const char *const special[] = {"zzstsgl", "zzszcyj",   "zzstsnrdm", "xfsgl",
					      "xfszcyj", "xfstsnrdm", "gjz",       NULL};
	static const char *const foreign[] = {"dytjjbm", "hgjcksppm", NULL};
	static const char *const items[] = {"hydm",       "dydhy",      "hydydzspm1", "hydydzsmc1",
					    "hydydzspm2", "hydydzsmc2", NULL};
	char parent[20];
	taxcode_parent(r->code, parent);
	json_open(o, NULL, '{');
	json_put(o, "fjbm", parent);
	json_put(o, "sphfwssflhbbm", r->code);
	json_put(o, "tdyslxdm", "");
	json_put(o, "cezs", r->differential ? "Y" : "N");
	json_put(o, "bzs", r->code[0] == '6' ? "Y" : "N");
	json_put(o, "jzjtdm", "");
	json_put(o, "sphfwmc", r->name);
	json_put(o, "sphfwfljc", r->short_name);
	json_put(o, "sm", "");
	json_put(o, "zzssl", r->vat);
	json_put(o, "zsl", r->levy);
	put_empty(o, special);
	json_put(o, "sfhzx", r->summary ? "Y" : "N");
	put_empty(o, foreign);
	json_put(o, "qyrq", r->start);
	json_put(o, "tyrq", r->stop);
	json_open(o, "zspmList", '[');
	json_open(o, NULL, '{');
	put_empty(o, items);
	json_close(o, '}');
	json_close(o, ']');
	json_close(o, '}');
}

void taxcodes_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	const char *since = json_member(rq->json, "sjc");
	if (!answer_same_taxpayer(rq, "nsrsbh", data))
		return;
	if (since[0] && (strlen(since) != 14 || !text_all_digits(since))) {
		answer_fail(data, "01", "参数错误，时间戳格式应为yyyyMMddHHmmss");
		return;
	}
	int64_t count = 0;
	for (size_t i = 0; i < taxcodes_count(sb); i++)
		count += strcmp(taxcodes_at(sb, i)->changed, since) > 0;
	if (count == 0) {
		answer_fail(data, "01", "未查询到税收分类编码信息");
		return;
	}
	struct fault f;
	struct json_out o;
	answer_open(&o, data);
	json_put(&o, "sjc", taxcodes_stamp(sb));
	answer_int(&o, "count", count);
	json_open(&o,
		  fault_take(FAULT_LIST_NAME, "CXSSFLBM", &f) && f.text[0] ? f.text : "ssbmList",
		  '[');
	for (size_t i = 0; i < taxcodes_count(sb); i++) {
		if (strcmp(taxcodes_at(sb, i)->changed, since) > 0)
			write_code(&o, taxcodes_at(sb, i));
	}
	json_close(&o, ']');
	json_close(&o, '}');
}
