/* codes.c - the national classification (CXSSFLBM): whole, or what changed since a stamp; which of
 * its codes bear 差额征税 (CXCEZSBM). */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "base/text.h"
#include "leqi/wire_p.h"

enum { CODE_NAME = 300, CODE_TEXT = 20000 };

/* Text members of one row; dates are put into our form. */
static const struct {
	const char *key;
	size_t offset, max;
	bool date;
} COLUMNS[] = {
    {"sphfwssflhbbm", offsetof(struct tax_code, code), 19, false},
    {"fjbm", offsetof(struct tax_code, parent), 19, false},
    {"sphfwmc", offsetof(struct tax_code, name), CODE_NAME, false},
    {"sphfwfljc", offsetof(struct tax_code, short_name), CODE_NAME, false},
    {"zzssl", offsetof(struct tax_code, vat_rates), CODE_NAME, false},
    {"zsl", offsetof(struct tax_code, levy_rates), CODE_NAME, false},
    {"sm", offsetof(struct tax_code, note), CODE_TEXT, false},
    {"zzstsgl", offsetof(struct tax_code, special), CODE_NAME, false},
    {"gjz", offsetof(struct tax_code, keywords), CODE_TEXT, false},
    {"qyrq", offsetof(struct tax_code, start), DATE_TEXT, true},
    {"tyrq", offsetof(struct tax_code, stop), DATE_TEXT, true},
};

static void read_code(const cJSON *row, struct tax_code *out)
{
	char date[DATE_TEXT];

	*out = (struct tax_code) {0};
	for (size_t i = 0; i < sizeof(COLUMNS) / sizeof(COLUMNS[0]); i++) {
		char **slot = (char **)(void *)((char *)out + COLUMNS[i].offset);

		if (COLUMNS[i].date) {
			wire_date(row, COLUMNS[i].key, date);
			*slot = mem_strdup(date);
		} else {
			*slot = wire_dup(row, COLUMNS[i].key, COLUMNS[i].max);
		}
	}
	out->summary = wire_yes(row, "sfhzx");
	out->differential = wire_yes(row, "cezs");
	out->untaxed = wire_yes(row, "bzs");
}

/* Hands every usable row on; LATER when the receiver cannot store one. */
static enum leqi_class hand_on(const cJSON *list, leqi_code_each f, void *arg, size_t *count,
			       struct leqi_reply *rep)
{
	const cJSON *row;
	struct tax_code code;
	enum err err = ERR_OK;

	cJSON_ArrayForEach(row, list)
	{
		read_code(row, &code);
		if (text_all_digits(code.code) && strlen(code.code) == 19) {
			err = f(arg, &code);
			(*count)++;
		}
		tax_code_free(&code);
		if (err != ERR_OK)
			return reply_fail(rep, LEQI_LATER, "", "税收分类编码没有保存成功");
	}
	return LEQI_OK;
}

/* ---- 差额征税 (CXCEZSBM) ---- */

static bool read_differential(const cJSON *row, struct differential_code *out)
{
	*out = (struct differential_code) {.part = wire_yes(row, "sfkycekp"),
					   .part_special = wire_yes(row, "cekpsfkykzp"),
					   .full_special = wire_yes(row, "qekpsfkykzp")};
	wire_copy(row, "sphfwssflhbbm", out->code, sizeof(out->code));
	if (strlen(out->code) != 19 || !text_all_digits(out->code))
		return false;
	out->name = wire_dup(row, "sphfwmc", CODE_NAME);
	out->short_name = wire_dup(row, "sphfwfljc", CODE_NAME);
	out->general_rates = wire_dup(row, "ybnsrsl", CODE_NAME);
	out->general_levy = wire_dup(row, "ybnsrzsl", CODE_NAME);
	out->small_levy = wire_dup(row, "xgmnsrzsl", CODE_NAME);
	return true;
}

enum leqi_class leqi_query_differential(struct leqi *l, const struct leqi_unit *u,
					struct differential_code **out, size_t *n,
					struct leqi_reply *rep)
{
	struct wire_request r = {0};
	const cJSON *list, *row;
	enum leqi_class class;
	cJSON *data;

	*out = NULL;
	*n = 0;
	class = wire_ask(l, u, "CXCEZSBM", &r, rep, &data);
	list = class == LEQI_OK ? wire_list(data, "cezsbmList") : NULL;
	if (class == LEQI_OK && !list)
		class = reply_unusable(rep, "没有差额征税编码列表");
	if (class == LEQI_OK) {
		*out = mem_zalloc(sizeof(**out) * ((size_t)cJSON_GetArraySize(list) + 1));
		cJSON_ArrayForEach(row, list) *n += read_differential(row, &(*out)[*n]);
	}
	json_free(&data);
	return class;
}

/* ---- the classification (CXSSFLBM) ---- */

enum leqi_class leqi_query_codes(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				 const char *region, const char *stamp, leqi_code_each f, void *arg,
				 char new_stamp[24], size_t *count, struct leqi_reply *rep)
{
	struct wire_request r = {.tax_no = tax_no, .region = region, .stamp = stamp};
	const cJSON *list;
	enum leqi_class class;
	cJSON *data;

	*count = 0;
	class = wire_ask(l, u, "CXSSFLBM", &r, rep, &data);
	if (class == LEQI_REFUSED && strstr(rep->message, "未查询到税收分类编码")) {
		text_copy(new_stamp, 24, stamp ? stamp : "");
		rep->class = class = LEQI_OK;
	} else if (class == LEQI_OK) {
		list = wire_list(data, "ssbmList");
		wire_copy(data, "sjc", new_stamp, 24);
		class = !list || !text_all_digits(new_stamp)
			    ? reply_unusable(rep, "没有编码列表或时间戳")
			    : hand_on(list, f, arg, count, rep);
	}
	json_free(&data);
	return class;
}
