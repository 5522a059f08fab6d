/* upload.c - uploads and their results (protocol 7.4, 5.3). */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "leqi/wire_p.h"

enum leqi_class leqi_upload(struct leqi *l, const struct leqi_unit *u,
			    const struct leqi_body *bodies, size_t n,
			    char receipt[LEQI_RECEIPT_TEXT], struct leqi_reply *rep)
{
	struct buf request;
	enum leqi_class class;
	cJSON *data;

	buf_init(&request, LEQI_REQUEST_MAX);
	for (size_t i = 0; i < n; i++) {
		buf_addc(&request, i ? ',' : '[');
		buf_add(&request, bodies[i].json, bodies[i].len);
	}
	buf_addc(&request, ']');
	class = leqi_call(l, u, "QDFPSC", &request, rep, &data);
	buf_free(&request);
	if (class == LEQI_OK) {
		wire_copy(data, "sllsh", receipt, LEQI_RECEIPT_TEXT);
		if (!receipt[0])
			class = reply_unusable(rep, "没有受理流水号");
	}
	json_free(&data);
	return class;
}

/* What nobody can read counts as still being processed: we ask again, and never send twice for
 * it. */
enum leqi_status result_status(const cJSON *row)
{
	static const struct {
		const char *code;
		enum leqi_status status;
	} STATUSES[] = {
	    {"00", LEQI_STATUS_DONE},
	    {"01", LEQI_STATUS_PROCESSING},
	    {"02", LEQI_STATUS_FAILED},
	    {"03", LEQI_STATUS_DUPLICATE},
	};
	char text[8];

	wire_pair(row, "status", text, sizeof(text));
	for (size_t i = 0; i < sizeof(STATUSES) / sizeof(STATUSES[0]); i++)
		if (strcmp(STATUSES[i].code, text) == 0)
			return STATUSES[i].status;
	return LEQI_STATUS_PROCESSING;
}

static enum leqi_class read_results(const cJSON *data, struct leqi_result **out, size_t *n,
				    struct leqi_reply *rep)
{
	const cJSON *list = wire_list(data, "resultList"), *row;

	if (!list)
		return reply_unusable(rep, "没有结果列表");
	*n = 0;
	*out = mem_zalloc(sizeof(**out) * ((size_t)cJSON_GetArraySize(list) + 1));
	cJSON_ArrayForEach(row, list)
	{
		struct leqi_result *r = &(*out)[*n];

		wire_copy(row, "fphm", r->number, sizeof(r->number));
		if (!r->number[0])
			continue;
		r->status = result_status(row);
		wire_copy(row, "Code", r->code, sizeof(r->code));
		wire_copy(row, "message", r->message, sizeof(r->message));
		(*n)++;
	}
	return LEQI_OK;
}

/* "Nothing found yet": said by a code, by the business layer's 01, or in words (protocol 5.2,
 * 5.5). */
static bool not_found_yet(const struct leqi_reply *rep, const cJSON *data)
{
	return strcmp(rep->return_code, "BI2000") == 0 || strstr(rep->message, "未查询到发票") ||
	       (data && strcmp(rep->return_code, "01") == 0);
}

enum leqi_class leqi_upload_result(struct leqi *l, const struct leqi_unit *u, const char *receipt,
				   struct leqi_result **out, size_t *n, struct leqi_reply *rep)
{
	struct wire_request r = {.receipt = receipt};
	enum leqi_class class;
	cJSON *data;

	class = wire_ask(l, u, "CXQDFPSCJG", &r, rep, &data);
	if (class == LEQI_REFUSED && not_found_yet(rep, data)) {
		*out = NULL;
		*n = 0;
		rep->class = class = LEQI_OK;
	} else if (class == LEQI_OK) {
		class = read_results(data, out, n, rep);
	}
	json_free(&data);
	return class;
}

/* The first run of exactly 20 digits. */
static bool find_number(const char *s, char number[NUMBER_TEXT])
{
	while (*s) {
		size_t n = 0;

		while (isdigit((unsigned char)s[n]))
			n++;
		if (n == NUMBER_TEXT - 1) {
			memcpy(number, s, n);
			number[n] = 0;
			return true;
		}
		s += n ? n : 1;
	}
	return false;
}

/* Ways of saying that a number is there already: all the words of a row. */
static bool says_already_there(const char *text)
{
	static const char *const ROWS[][2] = {
	    {"数据库中已存在", ""},
	    {"重复上传", ""},
	    {"发票", "已存在"},
	    {"发票", "已上传"},
	};

	if (strstr(text, "确认单")) /* another paper with a number of 20 digits */
		return false;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
		if (strstr(text, ROWS[i][0]) && strstr(text, ROWS[i][1]))
			return true;
	return false;
}

bool leqi_says_duplicate(const char *message, char number[NUMBER_TEXT])
{
	char *text = text_fold_width(message ? message : "");
	const char *named = strstr(text, "号码");
	bool yes = says_already_there(text);

	number[0] = 0;
	/* Behind the word, for a receipt may have 20 digits too; else wherever it stands. */
	if (yes && !(named && find_number(named, number)))
		find_number(text, number);
	free(text);
	return yes;
}

bool leqi_cause_is_outside(const char *code_or_message)
{
	/* Codes of protocol 5.5 that speak of quota, segments not yet known, risk, state or the
	 * server's own troubles; words for texts without a code. */
	static const char *const CODES[] = {"BI1004", "BI1005", "BI1006", "BI1007", "BI1008",
					    "BI1009", "BI1010", "BI1011", "BI1012", "BI1035",
					    "BI1056", "BI1072", "BI1074", "BD1004"};
	static const char *const WORDS[] = {
	    "额度",       "风险纳税人", "预警",     "纳税人状态", "已完成对账",
	    "网络",       "超时",       "稍后",     "系统异常",   "系统处理异常",
	    "系统级异常", "服务异常",   "平台异常", "响应异常"};

	if (text_empty(code_or_message))
		return false;
	for (size_t i = 0; i < sizeof(CODES) / sizeof(CODES[0]); i++)
		if (strstr(code_or_message, CODES[i]))
			return true;
	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
		if (strstr(code_or_message, WORDS[i]))
			return true;
	return false;
}
