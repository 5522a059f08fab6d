/* sandbox/check_coal.c - kinds and quality of coal (protocol 7.9). */
#include <string.h>

#include "base/text.h"
#include "sandbox/check.h"

/* From this sum of the coal lines on, in fen, the quality must be told. */
#define QUALITY_FROM UINT64_C(1000000000)

enum { REMARK_MAX = 450 };

static bool is_coal(const struct line *l)
{
	static const char *const codes[] = {"1020101000000000000", "1020102000000000000",
					    "1020199000000000000"};
	for (size_t i = 0; i < 3; i++) {
		if (strcmp(l->code, codes[i]) == 0)
			return true;
	}
	return false;
}

static const char *skip(const char *p, const char *literal)
{
	size_t n = strlen(literal);
	return p && strncmp(p, literal, n) == 0 ? p + n : NULL;
}

static const char *skip_digits(const char *p, int most)
{
	int n = 0;
	for (; p && *p >= '0' && *p <= '9'; p++)
		n++;
	return p && n >= 1 && n <= most ? p : NULL;
}

/* Two digits before and two after the point, then a percent sign of either width. */
static const char *skip_percent(const char *p)
{
	p = skip_digits(p, 2);
	if (p && *p == '.')
		p = skip_digits(p + 1, 2);
	const char *narrow = skip(p, "%");
	return narrow ? narrow : skip(p, "％");
}

static bool quality_form(const char *s)
{
	const char *p = skip(s, "每千克煤炭发热量：");
	p = skip(skip_digits(p, 4), "千卡、干基全硫：");
	p = skip(skip_percent(p), "、干燥无灰基挥发分：");
	p = skip_percent(p);
	return p && !*p;
}

static bool check_quality(struct invoice *v, const mpq_t sum)
{
	const char *quality = head(v, "mtpzxx");
	mpq_t limit;
	mpq_init(limit);
	mpq_set_ui(limit, QUALITY_FROM, 100);
	mpq_canonicalize(limit);
	bool needed = !v->red && mpq_cmp(sum, limit) >= 0;
	mpq_clear(limit);
	if (needed != (quality[0] != 0))
		return check_refuse(v, "", "煤炭品质信息（mtpzxx）%s",
				    needed ? "不能为空" : "应为空");
	if (!needed)
		return true;
	if (!quality_form(quality))
		return check_refuse(v, "", "煤炭品质信息（mtpzxx）格式不正确");
	return text_chars(quality) + 1 + text_chars(head(v, "bz")) <= REMARK_MAX ||
	       check_refuse(v, "", "煤炭品质信息与备注合计长度超过450位");
}

bool check_coal(struct invoice *v)
{
	mpq_t sum;
	mpq_init(sum);
	bool ok = true;
	for (size_t i = 0; i < v->n && ok; i++) {
		const struct line *l = &v->lines[i];
		bool coal = is_coal(l), given = cell(l, "mtzl")[0] != 0;
		bool needed = coal && !v->red && strcmp(l->kind, "01") != 0;
		if (given != needed)
			ok = check_refuse(v, "", "第%zu行煤炭种类（mtzl）%s", l->index,
					  needed ? "不能为空" : "应为空");
		if (coal)
			mpq_add(sum, sum, l->je);
	}
	ok = ok && check_quality(v, sum);
	mpq_clear(sum);
	return ok;
}
