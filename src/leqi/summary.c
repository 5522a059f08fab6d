/* summary.c - 汇总确认: sending the six figures of a month, asking for them (protocol 7.13, 16.7). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "leqi/wire_p.h"

enum { COUNT_TEXT = 24 };

/* ---- CXFPHZQRXX ---- */

/* A count or an amount; one that is not there is none. */
static bool read_count(const cJSON *row, const char *key, int64_t *out)
{
	char text[COUNT_TEXT];

	wire_copy(row, key, text, sizeof(text));
	*out = *text ? strtoll(text, NULL, 10) : 0;
	return !*text || text_all_digits(text);
}

static bool read_amount(const cJSON *row, const char *key, int64_t *out)
{
	char text[COUNT_TEXT];

	*out = 0;
	wire_copy(row, key, text, sizeof(text));
	return !*text || wire_fen(row, key, out);
}

/* A month may have invoices of one colour only; of those there are, the amounts are told. */
static bool read_colour(const cJSON *row, const char *const keys[3], int64_t *count, int64_t *net,
			int64_t *tax)
{
	if (!read_count(row, keys[0], count))
		return false;
	return *count ? wire_fen(row, keys[1], net) && wire_fen(row, keys[2], tax)
		      : read_amount(row, keys[1], net) && read_amount(row, keys[2], tax);
}

static bool read_summary(const cJSON *row, struct leqi_summary *s)
{
	static const char *const BLUE[] = {"lzfpsl", "lzfpje", "lzfpse"};
	static const char *const RED[] = {"hzfpsl", "hzfpje", "hzfpse"};
	struct summary_figures *f = &s->figures;

	*s = (struct leqi_summary) {.platform = ""};
	wire_copy(row, "ptbh", s->platform, sizeof(s->platform));
	wire_month(row, "yf", s->month);
	return read_colour(row, BLUE, &f->blue_count, &f->blue_net, &f->blue_tax) &&
	       read_colour(row, RED, &f->red_count, &f->red_net, &f->red_tax);
}

/* Of another platform, or another month? */
static bool is_other(const struct leqi_summary *s, const char *platform, const char *month)
{
	return (*s->platform && strcmp(s->platform, platform) != 0) ||
	       (*s->month && strcmp(s->month, month) != 0);
}

/* What is not asked for need not be readable. */
static enum leqi_class read_summaries(const cJSON *data, const char *platform, const char *month,
				      struct leqi_summary **out, size_t *n, struct leqi_reply *rep)
{
	const cJSON *list = wire_list(data, "fphzqrxxList"), *row;
	struct leqi_summary *all;

	if (!list) /* none */
		return LEQI_OK;
	all = mem_zalloc(sizeof(*all) * ((size_t)cJSON_GetArraySize(list) + 1));
	cJSON_ArrayForEach(row, list)
	{
		if (read_summary(row, &all[*n])) {
			++*n;
		} else if (!is_other(&all[*n], platform, month)) {
			free(all);
			*n = 0;
			return reply_unusable(rep, "的汇总数读不出来");
		}
	}
	*out = all;
	return LEQI_OK;
}

enum leqi_class leqi_query_summary(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				   const char *region, const char *month, struct leqi_summary **out,
				   size_t *n, struct leqi_reply *rep)
{
	struct wire_request r = {
	    .tax_no = tax_no, .region = region, .direct_id = "", .month = month};
	enum leqi_class class;
	cJSON *data;

	*out = NULL;
	*n = 0;
	class = wire_ask(l, u, "CXFPHZQRXX", &r, rep, &data);
	if (class == LEQI_REFUSED && wire_says_nothing(rep, data))
		rep->class = class = LEQI_OK;
	else if (class == LEQI_OK)
		class = read_summaries(data, u->direct_id, month, out, n, rep);
	json_free(&data);
	return class;
}

/* ---- SCFPHZQRXX ---- */

enum leqi_class leqi_send_summary(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				  const char *region, const char *month,
				  const struct summary_figures *six, struct leqi_reply *rep)
{
	char text[SUMMARY_FIGURES][COUNT_TEXT];
	struct wire_request r = {.tax_no = tax_no,
				 .region = region,
				 .direct_id = u->direct_id,
				 .kind = six ? "0" : "1",
				 .month = month};
	enum leqi_class class;
	cJSON *data;

	for (int i = 0; six && i < SUMMARY_FIGURES; i++) {
		if (summary_is_count(i))
			snprintf(text[i], COUNT_TEXT, "%lld", (long long)summary_figure(six, i));
		else
			fen_format(summary_figure(six, i), text[i]);
		r.figures[i] = text[i];
	}
	class = wire_ask(l, u, "SCFPHZQRXX", &r, rep, &data);
	json_free(&data);
	return class;
}

bool leqi_says_unequal(const char *message)
{
	return strstr(message, "比对结果") != NULL || strstr(message, "与局端不一致") != NULL;
}

static bool says_one(const char *message, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(message, words[i]))
			return true;
	return false;
}

/* Is it of something else: a right, or a fault that was made sure of? */
static bool is_elsewhere(const char *message)
{
	static const char *const WORDS[] = {"授权", "异常", "不予受理", "接入", "资格"};

	return says_one(message, WORDS, sizeof(WORDS) / sizeof(WORDS[0]));
}

bool leqi_says_confirmed(const char *message)
{
	static const char *const WORDS[] = {"已确认",     "已经确认",   "已完成汇总确认",
					    "已汇总确认", "已完成对账", "重复确认"};

	return says_one(message, WORDS, sizeof(WORDS) / sizeof(WORDS[0])) && !is_elsewhere(message);
}

bool leqi_says_unconfirmed(const char *message)
{
	static const char *const WORDS[] = {"未确认",         "没有确认",       "未汇总确认",
					    "未完成汇总确认", "确认已取消",     "确认已经取消",
					    "已取消确认",     "已取消汇总确认", "已经取消确认"};

	return says_one(message, WORDS, sizeof(WORDS) / sizeof(WORDS[0])) && !is_elsewhere(message);
}
