/* sandbox/answer.c - the decrypted answers: return codes, amounts in either type. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/faults.h"
#include "sandbox/sandbox_p.h"
#include "sandbox/units.h"

void answer_fail(struct buf *data, const char *code, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	struct json_out o;
	buf_reset(data);
	json_out_init(&o, data, 0);
	json_open(&o, NULL, '{');
	json_put(&o, "returncode", code);
	json_put(&o, "returnmsg", text);
	json_close(&o, '}');
}

void answer_open(struct json_out *o, struct buf *data)
{
	json_out_init(o, data, 0);
	json_open(o, NULL, '{');
	json_put(o, "returncode", "00");
	json_put(o, "returnmsg", "成功");
}

const char *money_format(int64_t fen, char out[MONEY_TEXT])
{
	uint64_t a = fen < 0 ? (uint64_t)-fen : (uint64_t)fen;
	snprintf(out, MONEY_TEXT, "%s%llu.%02llu", fen < 0 ? "-" : "",
		 (unsigned long long)(a / 100), (unsigned long long)(a % 100));
	return out;
}

bool money_parse(const char *s, int64_t *fen)
{
	bool negative = *s == '-';
	const char *p = s + negative;
	int64_t v = 0;
	int digits = 0, decimals = 0;
	for (; *p >= '0' && *p <= '9'; p++, digits++) {
		if (digits == 16)
			return false;
		v = v * 10 + (*p - '0');
	}
	if (digits == 0)
		return false;
	if (*p == '.') {
		for (p++; *p >= '0' && *p <= '9' && decimals < 2; p++, decimals++)
			v = v * 10 + (*p - '0');
		if (decimals == 0)
			return false;
	}
	for (; decimals < 2; decimals++)
		v *= 10;
	if (*p)
		return false;
	*fen = negative ? -v : v;
	return true;
}

void answer_fen(struct json_out *o, const char *key, int64_t fen)
{
	char text[MONEY_TEXT];
	money_format(fen, text);
	if (fault_on(FAULT_JSON_NUMBERS, NULL))
		json_put_raw(o, key, text);
	else
		json_put(o, key, text);
}

void answer_int(struct json_out *o, const char *key, int64_t v)
{
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)v);
	if (fault_on(FAULT_JSON_NUMBERS, NULL))
		json_put_raw(o, key, text);
	else
		json_put(o, key, text);
}

bool answer_same_taxpayer(const struct request *rq, const char *key, struct buf *data)
{
	const char *given = json_member(rq->json, key);
	if (!given[0]) {
		answer_fail(data, "01", "参数错误，纳税人识别号（%s）不能为空", key);
		return false;
	}
	if (strcmp(given, rq->unit->v[U_TAX_NO]) != 0) {
		answer_fail(data, "01", "参数错误，纳税人识别号与使用单位平台编号不对应");
		return false;
	}
	return true;
}
