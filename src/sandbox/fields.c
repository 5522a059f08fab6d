/* sandbox/fields.c - a value against its row of a field table. */
#include "sandbox/fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "sandbox/num.h"

static bool all_capitals(const char *s)
{
	for (; *s; s++) {
		if (!((*s >= '0' && *s <= '9') || (*s >= 'A' && *s <= 'Z')))
			return false;
	}
	return true;
}

static bool number_fits(const char *s, unsigned max_int, unsigned max_frac)
{
	mpq_t q;
	mpq_init(q);
	bool ok = num_parse(s, max_int, max_frac, q);
	mpq_clear(q);
	return ok;
}

/* What is wrong with the form of a non-empty value; NULL when it is right. */
static const char *form_fault(enum form form, const char *s)
{
	struct date d;
	int64_t t;
	switch (form) {
	case FORM_TEXT:
		return NULL;
	case FORM_MONEY:
		return number_fits(s, 16, 2) ? NULL : "应为最多16位整数、2位小数的数字";
	case FORM_RATE:
		return number_fits(s, 10, 6) ? NULL : "应为最多6位小数的数字";
	case FORM_QUANTITY:
		return strlen(s + (*s == '-')) <= 25 && number_fits(s, 25, 24)
			   ? NULL
			   : "应为不超过25位的数字";
	case FORM_DIGITS:
		return text_all_digits(s) ? NULL : "应为数字";
	case FORM_CAPITALS:
		return all_capitals(s) ? NULL : "只能由数字和大写字母组成";
	case FORM_COUNTRY:
		return (strlen(s) == 3 && text_all_digits(s)) || !strcmp(s, "A00") ? NULL
										   : "不在代码表内";
	case FORM_TIME:
		return datetime_parse(s, &t) ? NULL : "格式应为yyyy-MM-dd HH:mm:ss";
	case FORM_DATE:
		return strlen(s) == 10 && date_parse(s, &d) ? NULL : "格式应为yyyy-MM-dd";
	case FORM_EMPTY:
		return "应为空";
	}
	return NULL;
}

static bool in_table(const char *values, const char *s)
{
	char key[40];
	size_t n = strlen(s);
	if (n + 3 > sizeof(key) || strchr(s, '|'))
		return false;
	key[0] = '|';
	memcpy(key + 1, s, n);
	memcpy(key + 1 + n, "|", 2);
	return strstr(values, key) != NULL;
}

static bool refuse(char text[400], const char *where, const struct field *f, const char *why, ...)
    __attribute__((format(printf, 4, 5)));

static bool refuse(char text[400], const char *where, const struct field *f, const char *why, ...)
{
	va_list ap;
	int n = snprintf(text, 400, "%s%s（%s）", where, f->name, f->key);
	va_start(ap, why);
	if (n > 0 && n < 400)
		vsnprintf(text + n, 400 - (size_t)n, why, ap);
	va_end(ap);
	return false;
}

bool field_fits(const cJSON *object, const struct field *f, const char *where, char text[400])
{
	const cJSON *item = json_get(object, f->key);
	const char *s = json_text(item);
	if (!s && item && !cJSON_IsNull(item))
		return refuse(text, where, f, "类型不正确");
	if (!s || !s[0])
		return !(f->flags & REQUIRED) || refuse(text, where, f, "不能为空");
	size_t chars = text_chars(s);
	if (f->max && f->form != FORM_EMPTY && chars > f->max)
		return refuse(text, where, f, "长度超过%u位", f->max);
	if ((f->flags & EXACT) && chars != f->max)
		return refuse(text, where, f, "长度应为%u位", f->max);
	const char *fault = form_fault(f->form, s);
	if (!fault && f->values && !in_table(f->values, s))
		fault = "不在代码表内";
	return !fault || refuse(text, where, f, "%s", fault);
}
