/* reply.c - what came of a call, in words. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "leqi/leqi_p.h"
#include "leqi/wire_p.h"
#include "tax/advice.h"

const char *leqi_class_word(enum leqi_class c)
{
	static const char *const WORDS[] = {[LEQI_OK] = "ok",
					    [LEQI_REFUSED] = "refused",
					    [LEQI_MISCONFIGURED] = "misconfigured",
					    [LEQI_LATER] = "later",
					    [LEQI_LOST] = "lost"};

	return (unsigned)c < sizeof(WORDS) / sizeof(WORDS[0]) ? WORDS[c] : "lost";
}

void leqi_reply_free(struct leqi_reply *rep)
{
	if (!rep)
		return;
	free(rep->request);
	free(rep->answer);
	*rep = (struct leqi_reply) {0};
}

void reply_say(struct leqi_reply *rep, const char *text)
{
	char *clean, *trimmed;

	if (text_empty(text))
		return;
	clean = text_clean(text, sizeof(rep->message), false);
	trimmed = text_trim(clean);
	if (*trimmed)
		text_copy(rep->message, sizeof(rep->message), trimmed);
	free(trimmed);
	free(clean);
}

enum leqi_class reply_fail(struct leqi_reply *rep, enum leqi_class class, const char *hint,
			   const char *fmt, ...)
{
	char text[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	rep->message[0] = 0;
	reply_say(rep, text);
	text_copy(rep->hint, sizeof(rep->hint), hint ? hint : "");
	rep->class = class;
	return class;
}

enum leqi_class reply_unusable(struct leqi_reply *rep, const char *what)
{
	return reply_fail(rep, LEQI_LOST,
			  "程序会再次查询；反复出现请带上乐企请求日志联系主管税务机关", "应答里%s",
			  what);
}

void reply_lost(struct leqi_reply *rep, const char *service)
{
	enum wire_aim aim = wire_aim(service);
	size_t n;

	if (rep->class != LEQI_LOST)
		return;
	if (aim == WIRE_ASKS && !strcmp(rep->hint, LEQI_LOST_HINT))
		text_copy(rep->hint, sizeof(rep->hint), "程序会自动再试");
	n = strlen(rep->hint);
	if (aim == WIRE_ISSUES)
		snprintf(rep->hint + n, sizeof(rep->hint) - n, "%s请勿换号码重开", n ? "；" : "");
}

char *reply_trace_text(const char *text, size_t n)
{
	struct buf b;
	char *whole, *clean;

	buf_init(&b, LEQI_TRACE_MAX + 64);
	if (n > LEQI_TRACE_MAX) {
		buf_add(&b, text, text_whole(text, LEQI_TRACE_MAX));
		buf_addf(&b, "…（共 %zu 字节）", n);
	} else {
		buf_add(&b, text, n);
	}
	whole = buf_detach(&b);
	clean = text_clean(whole ? whole : "", LEQI_TRACE_MAX + 64, true);
	free(whole);
	return clean;
}

/* Class of an outcome as the command line contract has it. */
static const struct {
	enum err err;
	const char *code;
} MEANING[] = {
    [LEQI_OK] = {ERR_OK, "ok"},
    [LEQI_REFUSED] = {ERR_REFUSED, "leqi.refused"},
    [LEQI_MISCONFIGURED] = {ERR_REFUSED, "leqi.misconfigured"},
    [LEQI_LATER] = {ERR_BUSY, "leqi.later"},
    [LEQI_LOST] = {ERR_UNKNOWN, "leqi.lost"},
};

/* The code a person can look up: the platform's own, else the tax side's; its 01 alone only says
 * "no" (protocol 5.1). */
static const char *code_of(const struct leqi_reply *rep)
{
	if (rep->platform_code[0] && strcmp(rep->platform_code, "200") != 0)
		return rep->platform_code;
	return strcmp(rep->return_code, "01") != 0 ? rep->return_code : "";
}

enum err leqi_error(const struct leqi_reply *rep, const char *what, struct err_info *e)
{
	const char *code = code_of(rep), *word = MEANING[rep->class].code;
	const struct tax_advice *advice = NULL;
	enum err class = MEANING[rep->class].err;

	if (rep->class == LEQI_OK)
		return ERR_OK;
	/* Nothing left this machine: the refusal is our own. */
	if (rep->class == LEQI_MISCONFIGURED && !rep->http_status) {
		class = ERR_INVALID;
		word = "leqi.unsent";
	}
	if (*code && !strstr(rep->message, code))
		err_fail(e, class, word, what, "%s（%s）", rep->message, code);
	else
		err_fail(e, class, word, what, "%s", rep->message);
	if (!rep->hint[0])
		advice = tax_advice(rep->message, 0);
	if (!rep->hint[0] && !advice)
		advice = tax_advice(code, 0);
	if (rep->hint[0] || advice)
		err_hint(e, "%s", rep->hint[0] ? rep->hint : advice->advice);
	err_detail(e, "trace=%s request=%s http=%d url=%s", rep->trace_id, rep->request_id,
		   rep->http_status, rep->url);
	return class;
}
