/* wire.c - building, checking and documenting from tables. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "leqi/wire_p.h"
#include "tax/ids.h"

unsigned wire_edition(const char *text)
{
	return interface_edition(text);
}

static bool in_edition(const struct wire_field *f, unsigned edition)
{
	return edition >= f->since && (!f->until || edition <= f->until);
}

/* The text of a member, whatever its constness; "" when NULL. */
static const char *slot_text(const struct wire_field *f, const void *slots)
{
	const char *s;

	memcpy(&s, (const char *)slots + f->slot - 1, sizeof(s));
	return s ? s : "";
}

static const char *value_of(const struct wire_field *f, const struct wire_context *c,
			    char scratch[WIRE_SCRATCH])
{
	const char *s = f->fixed;

	if (f->slot)
		s = slot_text(f, c->slots);
	else if (f->get)
		s = f->get(c->view, scratch);
	return s ? s : "";
}

static bool form_ok(const struct wire_field *f, const char *s)
{
	int64_t t;
	int year, month;

	switch (f->type) {
	case WIRE_DIGITS:
		return text_all_digits(s) && strlen(s) == f->length;
	case WIRE_COUNT:
	case WIRE_STAMP:
		return text_all_digits(s);
	case WIRE_DATETIME:
		return datetime_parse(s, &t);
	case WIRE_MONTH:
		return month_parse(s, &year, &month);
	case WIRE_FLAG:
		return strlen(s) == 1;
	default:
		return true;
	}
}

/* Fails naming the field by its Chinese name, its row and our own path. */
static enum err refuse(const struct wire_field *f, const struct wire_context *c, struct err_info *e,
		       const char *code, const char *why)
{
	char what[160];
	const struct text_field *t = c->names;

	snprintf(what, sizeof(what), "%s%s", c->where, f->label);
	err_fail(e, ERR_INVALID, code, what, "%s", why);
	while (t && t->key && f->slot && t->offset != f->slot - 1)
		t++;
	if (t && t->key && f->slot)
		err_field(e, "%s%s", c->path, t->key);
	err_detail(e, "%s", f->key);
	return ERR_INVALID;
}

static enum err check(const struct wire_field *f, const struct wire_context *c, const char *s,
		      struct err_info *e)
{
	char why[160];
	size_t chars;

	if (!*s)
		return f->required ? refuse(f, c, e, "wire.missing", "不能为空") : ERR_OK;
	chars = text_chars(s);
	if (f->type != WIRE_AMOUNT && f->length && chars > f->length) {
		snprintf(why, sizeof(why), "最多 %u 个字，现有 %zu 个", f->length, chars);
		return refuse(f, c, e, "wire.length", why);
	}
	if (form_ok(f, s))
		return ERR_OK;
	snprintf(why, sizeof(why), f->type == WIRE_DIGITS ? "须为 %u 位数字" : "格式不对",
		 f->length);
	return refuse(f, c, e, "wire.form", why);
}

static enum err put_one(struct json_out *o, const struct wire_field *f,
			const struct wire_context *c, struct err_info *e)
{
	char scratch[WIRE_SCRATCH], why[160];
	const char *s;
	enum err err;

	if (f->type == WIRE_LIST && in_edition(f, c->edition))
		return f->list(o, f, c, e);
	if (f->type == WIRE_LIST)
		return ERR_OK;
	s = value_of(f, c, scratch);
	if (in_edition(f, c->edition)) {
		err = check(f, c, s, e);
		if (err == ERR_OK)
			json_put(o, f->key, s);
		return err;
	}
	/* What a person entered is never dropped in silence. */
	if (f->fixed || f->ours || !*s)
		return ERR_OK;
	snprintf(why, sizeof(why), "本单位使用的接口版本 %u.%03u 没有此项", c->edition / 1000,
		 c->edition % 1000);
	return refuse(f, c, e, "wire.edition", why);
}

enum err wire_put(struct json_out *o, const struct wire_field *fields, const struct wire_context *c,
		  struct err_info *e)
{
	enum err err = ERR_OK;

	json_open(o, NULL, '{');
	for (; fields->key && err == ERR_OK; fields++)
		err = put_one(o, fields, c, e);
	json_close(o, '}');
	return err;
}
