/* sandbox/check.c - one invoice through all checks; the first refusal stands. */
#include "sandbox/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

bool check_refuse(struct invoice *v, const char *code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(v->text, sizeof(v->text), fmt, ap);
	va_end(ap);
	text_copy(v->code, sizeof(v->code), code);
	return false;
}

static void init_line(struct line *l, const cJSON *json, size_t index)
{
	l->json = json;
	l->index = index;
	mpq_inits(l->je, l->se, l->hsje, l->slv, l->kce, l->sl, l->dj, NULL);
}

static bool open_lines(struct invoice *v)
{
	const cJSON *list = json_get(v->json, "fpmxList"), *each;
	if (!cJSON_IsArray(list) || !list->child)
		return check_refuse(v, "", "发票明细列表（fpmxList）不能为空");
	size_t n = 0;
	cJSON_ArrayForEach(each, list)
	{
		n++;
	}
	if (n > LINES_MAX)
		return check_refuse(v, "", "发票明细行数%zu超过5000行", n);
	v->lines = mem_zalloc(n * sizeof(v->lines[0]));
	cJSON_ArrayForEach(each, list)
	{
		init_line(&v->lines[v->n], each, v->n + 1);
		v->n++;
	}
	return true;
}

bool check_invoice(struct invoice *v, struct sb *sb, const struct request *rq, const cJSON *json,
		   size_t index)
{
	memset(v, 0, sizeof(*v));
	v->sb = sb;
	v->rq = rq;
	v->u = rq->unit;
	v->json = json;
	v->index = index;
	v->fphm = json_member(json, "fphm");
	v->cezs = json_member(json, "cezslxDm");
	v->red = strcmp(json_member(json, "lzfpbz"), "1") == 0;
	mpq_inits(v->hjje, v->hjse, v->jshj, NULL);
	return open_lines(v) && check_fields(v) && check_cross(v) && check_lines(v) &&
	       check_content(v) && check_differential(v);
}

void check_free(struct invoice *v)
{
	for (size_t i = 0; i < v->n; i++) {
		struct line *l = &v->lines[i];
		mpq_clears(l->je, l->se, l->hsje, l->slv, l->kce, l->sl, l->dj, NULL);
	}
	free(v->lines);
	v->lines = NULL;
	v->n = 0;
	mpq_clears(v->hjje, v->hjse, v->jshj, NULL);
}
