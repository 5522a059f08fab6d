/* summary.c - 汇总确认: sending the six figures of a month, asking for them (protocol 7.13, 16.7). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "leqi/wire_p.h"

enum { COUNT_TEXT = 24 };

/* ---- CXFPHZQRXX ---- */

static bool read_summary(const cJSON *row, struct leqi_summary *s)
{
	struct summary_figures *f = &s->figures;
	char blue[16], red[16];

	*s = (struct leqi_summary) {.platform = ""};
	wire_copy(row, "ptbh", s->platform, sizeof(s->platform));
	wire_month(row, "yf", s->month);
	wire_copy(row, "lzfpsl", blue, sizeof(blue));
	wire_copy(row, "hzfpsl", red, sizeof(red));
	if (!text_all_digits(blue) || (*red && !text_all_digits(red)) ||
	    !wire_fen(row, "lzfpje", &f->blue_net) || !wire_fen(row, "lzfpse", &f->blue_tax))
		return false;
	f->blue_count = strtoll(blue, NULL, 10);
	f->red_count = *red ? strtoll(red, NULL, 10) : 0;
	return !f->red_count ||
	       (wire_fen(row, "hzfpje", &f->red_net) && wire_fen(row, "hzfpse", &f->red_tax));
}

static enum leqi_class read_summaries(const cJSON *data, struct leqi_summary **out, size_t *n,
				      struct leqi_reply *rep)
{
	const cJSON *list = wire_list(data, "fphzqrxxList"), *row;
	struct leqi_summary *all;

	if (!list) /* none */
		return LEQI_OK;
	all = mem_zalloc(sizeof(*all) * ((size_t)cJSON_GetArraySize(list) + 1));
	cJSON_ArrayForEach(row, list)
	{
		if (!read_summary(row, &all[(*n)++])) {
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
		class = read_summaries(data, out, n, rep);
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

bool leqi_says_confirmed(const char *message)
{
	static const char *const WORDS[] = {"已确认",     "已经确认",   "已完成汇总确认",
					    "已汇总确认", "已完成对账", "重复确认"};

	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
		if (strstr(message, WORDS[i]))
			return true;
	return false;
}

bool leqi_says_unconfirmed(const char *message)
{
	static const char *const WORDS[] = {"未确认",         "没有确认", "未汇总确认",
					    "未完成汇总确认", "已取消",   "已经取消"};

	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
		if (strstr(message, WORDS[i]))
			return true;
	return false;
}
