/* tax/text_rule.c - characters and length of text fields. */
#include "tax/text_rule_p.h"

#include "base/text.h"

static enum err fail_forbidden(const struct text_field *f, size_t at, uint32_t cp, const char *what,
			       const char *field, struct err_info *e)
{
	bool line_break = cp == '\n' || cp == '\t' || cp == '\r';

	err_fail(e, ERR_INVALID, "text.forbidden", what, "第 %zu 个字符是%s U+%04X", at + 1,
		 line_break ? "换行或制表符" : "控制字符或隐形字符", (unsigned)cp);
	err_field(e, "%s", field);
	err_hint(e, "%s", f->multiline ? "请删去该字符（换行用 \\n）" : "请删去该字符");
	return ERR_INVALID;
}

enum err text_rule_check(const struct text_field *f, const char *value, const char *what,
			 const char *field, struct err_info *e)
{
	size_t at, chars;
	uint32_t cp;

	if (!*value)
		return ERR_OK;
	if (text_find_forbidden(value, f->multiline, &at, &cp))
		return fail_forbidden(f, at, cp, what, field, e);
	chars = text_chars(value);
	if (chars <= f->max_chars)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "text.too_long", what, "共 %zu 个字符，超过上限 %u 个", chars,
		 f->max_chars);
	err_field(e, "%s", field);
	err_hint(e, "请删去 %zu 个字符", chars - f->max_chars);
	return ERR_INVALID;
}
