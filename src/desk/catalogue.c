/* catalogue.c - what the desks of buyers and goods share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/catalogue_p.h"

enum err catalogue_check_rev(const char *what, int64_t read, int64_t stored, struct err_info *e)
{
	if (read == stored)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "catalogue.changed", what,
		 "打开之后已被他人修改（编辑、导入或开票），没有保存");
	err_hint(e, "请返回后重新打开，核对新的内容再改");
	return ERR_INVALID;
}

enum err catalogue_remove_rows(struct session *s, catalogue_remove_row one, const int64_t *ids,
			       size_t n, int *removed, struct err_info *e)
{
	int64_t unit;
	int count = 0;
	size_t i;
	enum err r;

	if ((r = desk_own_unit(s, DESK_CATALOGUE, &unit, e)) || (r = db_begin(s->db, e)))
		return r;
	for (i = 0; i < n && !r; i++)
		r = one(s, unit, ids[i], &count, e);
	if (!(r = desk_end(s, r, e)))
		*removed = count;
	return r;
}

static enum err check_text(const struct catalogue_field *f, const char *text, struct err_info *e)
{
	size_t at, chars;
	uint32_t cp;

	if (text_find_forbidden(text, false, &at, &cp)) {
		err_fail(e, ERR_INVALID, "text.forbidden", f->label,
			 "第 %zu 个字符是换行、控制字符或隐形字符 U+%04X", at + 1, (unsigned)cp);
		err_field(e, "%s", f->key);
		err_hint(e, "请删去该字符");
		return ERR_INVALID;
	}
	if (strlen(text) <= f->max_chars)
		return ERR_OK;
	chars = text_chars(text);
	if (chars <= f->max_chars)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "text.too_long", f->label, "共 %zu 个字符，超过上限 %u 个", chars,
		 f->max_chars);
	err_field(e, "%s", f->key);
	err_hint(e, "请删去 %zu 个字符", chars - f->max_chars);
	return ERR_INVALID;
}

enum err catalogue_check_texts(const struct catalogue_field *fields, const void *item,
			       struct err_info *e)
{
	enum err r = ERR_OK;

	for (; fields->key && !r; fields++)
		r = check_text(fields, catalogue_text(item, fields), e);
	return r;
}

void catalogue_warn(char warning[200], const struct err_info *at)
{
	char text[1200];

	err_sentence(at, text, sizeof(text));
	text_copy(warning, 200, text);
}

void catalogue_put_texts(struct json_out *o, const struct catalogue_field *fields, const void *item)
{
	for (; fields->key; fields++)
		if (*catalogue_text(item, fields))
			json_put(o, fields->key, catalogue_text(item, fields));
}

void catalogue_total(int64_t counted, bool filtered, int64_t *total, bool *at_least)
{
	*at_least = filtered && counted > DESK_COUNT_CAP;
	*total = *at_least ? DESK_COUNT_CAP : counted;
}

bool catalogue_too_short(const char *text)
{
	char *typed = text_trim(text);
	bool one = text_chars(typed) == 1 &&
		   ((*typed >= 'a' && *typed <= 'z') || (*typed >= 'A' && *typed <= 'Z'));

	free(typed);
	return one;
}

int64_t catalogue_number(const char *no)
{
	return *no == '#' && text_all_digits(no + 1) && strlen(no) < 19 ? strtoll(no + 1, NULL, 10)
									: 0;
}
