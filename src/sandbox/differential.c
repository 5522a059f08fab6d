/* sandbox/differential.c - CXCEZSBM: the codes of 差额征税 (protocol 4.1, 7.8). */
#include "sandbox/differential.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "sandbox/faults.h"

static const struct {
	const char *code, *part, *part_special, *full_special, *general, *levy, *small;
} presets[] = {
    {"1100301010000000000", "Y", "N", "Y", "9%", "3%", "3%"},     /* 自来水 */
    {"3040801010000000000", "Y", "N", "Y", "6%", "3%", "3%"},     /* 物业管理服务 */
    {"3040802020000000000", "Y", "N", "Y", "6%", "3%、5%", "3%"}, /* 代理报关服务 */
    {"3040802990000000000", "Y", "Y", "Y", "6%", "", "3%"},       /* 其他经纪代理服务 */
    {"3040803010000000000", "Y", "N", "Y", "6%", "5%", "3%、5%"}, /* 劳务派遣服务 */
    {"3040803990000000000", "N", "N", "N", "6%", "", "3%"},       /* 其他人力资源服务 */
    {"3070301000000000000", "Y", "N", "Y", "6%", "", "3%"},       /* 旅游服务 */
};

const char *differential_schema(void)
{
	return "CREATE TABLE IF NOT EXISTS differential(code TEXT PRIMARY KEY, part TEXT NOT NULL,"
	       " part_special TEXT NOT NULL, full_special TEXT NOT NULL, general TEXT NOT NULL,"
	       " levy TEXT NOT NULL, small TEXT NOT NULL) WITHOUT ROWID;";
}

void differential_preset(struct sb *sb)
{
	for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++)
		db_run(sb,
		       "INSERT INTO differential VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
		       " ON CONFLICT DO NOTHING",
		       "ttttttt", presets[i].code, presets[i].part, presets[i].part_special,
		       presets[i].full_special, presets[i].general, presets[i].levy,
		       presets[i].small);
}

void differential_mark(struct sb *sb)
{
	sqlite3_stmt *q = db_query(sb, "SELECT code FROM differential", "");
	while (db_next(sb, q))
		taxcodes_mark(sb, db_text(q, 0));
}

void differential_of(struct sb *sb, const struct taxcode *tc, struct differential *out)
{
	*out = (struct differential) {.part = true, .full_special = true};
	text_copy(out->general, sizeof(out->general), tc->vat);
	text_copy(out->levy, sizeof(out->levy), tc->levy);
	text_copy(out->small, sizeof(out->small), tc->levy);
	sqlite3_stmt *q = db_query(sb,
				   "SELECT part, part_special, full_special, general, levy, small"
				   " FROM differential WHERE code=?1",
				   "t", tc->code);
	if (!db_next(sb, q))
		return;
	out->part = db_text(q, 0)[0] == 'Y';
	out->part_special = db_text(q, 1)[0] == 'Y';
	out->full_special = db_text(q, 2)[0] == 'Y';
	text_copy(out->general, sizeof(out->general), db_text(q, 3));
	text_copy(out->levy, sizeof(out->levy), db_text(q, 4));
	text_copy(out->small, sizeof(out->small), db_text(q, 5));
	sqlite3_reset(q);
}

bool differential_post(struct sb *sb, const cJSON *body, char error[256])
{
	static const char *const flags[] = {"part", "part_special", "full_special"};
	const char *code = json_member(body, "code");
	if (!taxcodes_find(sb, code)) {
		snprintf(error, 256, "没有这个编码");
		return false;
	}
	for (size_t i = 0; i < 3; i++) {
		const char *flag = json_member(body, flags[i]);
		if (strcmp(flag, "Y") != 0 && strcmp(flag, "N") != 0) {
			snprintf(error, 256, "%s 应为 Y 或 N", flags[i]);
			return false;
		}
	}
	taxcodes_mark(sb, code);
	return db_run(sb, "INSERT OR REPLACE INTO differential VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		      "ttttttt", code, json_member(body, flags[0]), json_member(body, flags[1]),
		      json_member(body, flags[2]), json_member(body, "general_rates"),
		      json_member(body, "general_levy"), json_member(body, "small_levy"));
}

static void write_row(struct sb *sb, struct json_out *o, const struct taxcode *tc)
{
	struct differential d;
	differential_of(sb, tc, &d);
	json_open(o, NULL, '{');
	json_put(o, "sphfwssflhbbm", tc->code);
	json_put(o, "sphfwmc", tc->name);
	json_put(o, "sphfwfljc", tc->short_name);
	json_put(o, "sfkycekp", d.part ? "Y" : "N");
	json_put(o, "cekpsfkykzp", d.part_special ? "Y" : "N");
	json_put(o, "qekpsfkykzp", d.full_special ? "Y" : "N");
	json_put(o, "ybnsrsl", d.general);
	json_put(o, "ybnsrzsl", d.levy);
	json_put(o, "xgmnsrzsl", d.small);
	json_close(o, '}');
}

void differential_service(struct sb *sb, const struct request *rq, struct buf *data)
{
	(void)rq;
	struct fault f;
	struct json_out o;
	int64_t count = 0;
	for (size_t i = 0; i < taxcodes_count(sb); i++)
		count += taxcodes_at(sb, i)->differential;
	answer_open(&o, data);
	answer_int(&o, "count", count);
	json_open(&o,
		  fault_take(FAULT_LIST_NAME, "CXCEZSBM", &f) && f.text[0] ? f.text : "cezsbmList",
		  '[');
	for (size_t i = 0; i < taxcodes_count(sb); i++) {
		if (taxcodes_at(sb, i)->differential)
			write_row(sb, &o, taxcodes_at(sb, i));
	}
	json_close(&o, ']');
	json_close(&o, '}');
}
