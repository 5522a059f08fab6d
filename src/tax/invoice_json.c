/* tax/invoice_json.c - reading an invoice from its JSON form, strictly. */
#include "tax/invoice_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tax/access.h"
#include "tax/invoice_json_p.h"
#include "tax/text_rule_p.h"

/* Where the reader stands: the path of the open object and what people call its rows. */
struct spot {
	char path[64], row[64];
	struct err_info *e;
};

/* What an object may hold besides arrays. */
struct shape {
	const struct text_field *texts;
	const struct value_field *values;
};

static const struct shape line_shape = {line_texts, line_values};
static const struct shape invoice_shape = {invoice_texts, invoice_values};
static const struct shape payment_shape = {payment_texts, NULL};
static const struct shape extra_shape = {extra_texts, NULL};
static const struct shape voucher_shape = {voucher_texts, voucher_values};

static const char *type_word(const cJSON *item)
{
	static const struct {
		int type;
		const char *word;
	} types[] = {{cJSON_False, "布尔值"}, {cJSON_True, "布尔值"},   {cJSON_NULL, "null"},
		     {cJSON_Number, "数字"},  {cJSON_String, "字符串"}, {cJSON_Array, "数组"}};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == (item->type & 0xff))
			return types[i].word;
	return "对象";
}

static enum err fail_at(const struct spot *s, const char *key, const char *code, const char *label,
			const char *hint, const char *why)
{
	char what[160], field[192];

	snprintf(what, sizeof(what), "%s%s", s->row, label);
	err_fail(s->e, ERR_INVALID, code, what, "%s", why);
	snprintf(field, sizeof(field), "%s%s", s->path, key);
	if (!*key && *field)
		field[strlen(field) - 1] = 0; /* the object itself: without the dot */
	err_field(s->e, "%s", field);
	err_hint(s->e, "%s", hint);
	return ERR_INVALID;
}

static enum err fail_type(const struct spot *s, const char *key, const char *label,
			  const cJSON *item, const char *wanted)
{
	char why[160];

	snprintf(why, sizeof(why), "类型不对：应为%s%s，收到的是%s", *wanted > 0 ? " " : "", wanted,
		 type_word(item));
	return fail_at(s, key, "json.type", label, "kaipiao help json 列出每个键的类型", why);
}

static enum err fail_unknown(const struct spot *s, const char *prefix, const char *key)
{
	char *shown = text_clean(key, 40, false), name[200], label[208];

	snprintf(name, sizeof(name), "%s%s", prefix, shown);
	free(shown);
	snprintf(label, sizeof(label), "%s%s", *s->row ? " " : "", *name ? name : "空白键");
	return fail_at(s, name, "json.unknown_key", label,
		       "请删去或改正；kaipiao help json 列出所有键", "不认识的键");
}

/* A value that is not what its form wants, quoted harmlessly. */
static enum err fail_value(const struct spot *s, const struct value_field *v, const char *code,
			   const char *text, const char *rule)
{
	char *shown = text_clean(text, 40, false), why[320];

	snprintf(why, sizeof(why), "“%s” %s", shown, rule);
	free(shown);
	return fail_at(s, v->key, code, v->label, "按规则改正后重试", why);
}

static enum err read_text(const struct spot *s, const cJSON *item, const struct text_field *f,
			  void *base)
{
	char field[128], what[160];
	enum err rc;

	if (!cJSON_IsString(item))
		return fail_type(s, f->key, f->label, item, "字符串");
	snprintf(field, sizeof(field), "%s%s", s->path, f->key);
	snprintf(what, sizeof(what), "%s%s", s->row, f->label);
	if ((rc = text_rule_check(f, item->valuestring, what, field, s->e)))
		return rc;
	mem_set(text_slot(base, f), item->valuestring);
	return ERR_OK;
}

static enum err read_bool(const struct spot *s, const cJSON *item, const struct value_field *v,
			  void *slot)
{
	if (!cJSON_IsBool(item))
		return fail_type(s, v->key, v->label, item, "true 或 false");
	*(bool *)slot = cJSON_IsTrue(item);
	return ERR_OK;
}

static enum err read_kind(const struct spot *s, const cJSON *item, const struct value_field *v,
			  void *slot)
{
	if (!cJSON_IsString(item))
		return fail_type(s, v->key, v->label, item, "字符串");
	if (!invoice_kind_parse(item->valuestring, slot))
		return fail_value(s, v, "json.kind", item->valuestring,
				  "不是票种：special（数电专票）或 ordinary（数电普票）");
	return ERR_OK;
}

static enum err read_rate(const struct spot *s, const cJSON *item, const struct value_field *v,
			  void *slot)
{
	if (!rate_parse(json_text(item), slot))
		return fail_value(s, v, "number.rate", json_text(item),
				  "不是税率：写成 0.13 或 13%，介于 0 和 1 之间");
	return ERR_OK;
}

static enum err read_dec(const struct spot *s, const cJSON *item, const struct value_field *v,
			 void *slot)
{
	if (!dec_parse(json_text(item), slot))
		return fail_value(s, v, "number.decimal", json_text(item),
				  "不是十进制数：不写指数和分隔符，连小数点最多 25 个字符");
	return ERR_OK;
}

static enum err read_fen(const struct spot *s, const cJSON *item, const struct value_field *v,
			 void *slot)
{
	if (!fen_parse(json_text(item), slot))
		return fail_value(s, v, "number.amount", json_text(item),
				  "不是金额：最多 18 位数字，其中小数最多 2 位");
	return ERR_OK;
}

typedef enum err (*value_reader)(const struct spot *, const cJSON *, const struct value_field *,
				 void *);
static const value_reader readers[FORMS] = {
    [FORM_BOOL] = read_bool, [FORM_KIND] = read_kind, [FORM_RATE] = read_rate,
    [FORM_DEC] = read_dec,   [FORM_FEN] = read_fen,
};

static bool is_numeric(enum json_form form)
{
	return form == FORM_RATE || form == FORM_DEC || form == FORM_FEN;
}

static enum err read_value(const struct spot *s, const cJSON *item, const struct value_field *v,
			   void *base)
{
	if (is_numeric(v->form)) {
		if (!json_text(item))
			return fail_type(s, v->key, v->label, item, "写成字符串的小数");
		if (!*json_text(item))
			return ERR_OK; /* "" is: not given */
	}
	enum err rc = readers[v->form](s, item, v, (char *)base + v->offset);
	if (!rc && v->flag != NO_FLAG)
		*(bool *)(void *)((char *)base + v->flag) = true;
	return rc;
}

/* A key of the object `group` ("" for the object itself) as the tables spell it. */
static bool key_is(const char *table_key, const char *group, const char *key)
{
	size_t n = strlen(group);

	return key_group(table_key) == n && !strncmp(table_key, group, n) &&
	       !strcmp(table_key + n + (n > 0), key);
}

static bool group_exists(const struct shape *shape, const char *key)
{
	size_t n = strlen(key);

	for (const struct text_field *f = shape->texts; f->key; f++)
		if (n && f->entered && key_group(f->key) == n && !strncmp(f->key, key, n))
			return true;
	return false;
}

static enum err read_object(const struct spot *s, const cJSON *object, const struct shape *shape,
			    const char *group, void *base);

static enum err read_member(const struct spot *s, const cJSON *item, const struct shape *shape,
			    const char *group, void *base)
{
	const char *key = item->string;
	char prefix[32] = "";

	for (const struct text_field *f = shape->texts; f->key; f++)
		if (f->entered && key_is(f->key, group, key))
			return read_text(s, item, f, base);
	for (const struct value_field *v = shape->values; v && v->key; v++)
		if (v->input && key_is(v->key, group, key))
			return read_value(s, item, v, base);
	if (!*group && group_exists(shape, key)) {
		if (!cJSON_IsObject(item))
			return fail_type(s, key, key, item, "对象");
		return read_object(s, item, shape, key, base);
	}
	if (*group)
		snprintf(prefix, sizeof(prefix), "%s.", group);
	return fail_unknown(s, prefix, key);
}

/* Readers of members that are neither text nor a plain value; NULL: the key is none of theirs. */
typedef enum err (*special_reader)(const struct spot *, const cJSON *, void *);
/* What the basic ability has no room for is refused by its name (features B7). */
static enum err read_element(const struct spot *s, const cJSON *item, void *inv)
{
	char field[96];
	enum err rc;

	(void)inv;
	if (!cJSON_IsString(item))
		return fail_type(s, "element", "特定要素", item, "字符串");
	if ((rc = element_check(item->valuestring, "特定要素", s->e))) {
		snprintf(field, sizeof(field), "%selement", s->path);
		err_field(s->e, "%s", field);
	}
	return rc;
}

static special_reader find_special(const struct shape *shape, const char *key);

static enum err read_object(const struct spot *s, const cJSON *object, const struct shape *shape,
			    const char *group, void *base)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, object)
	{
		special_reader special = *group ? NULL : find_special(shape, item->string);
		enum err rc =
		    special ? special(s, item, base) : read_member(s, item, shape, group, base);
		if (rc)
			return rc;
	}
	return ERR_OK;
}

static enum err read_discount(const struct spot *s, const cJSON *item, void *base)
{
	static const struct value_field fields[] = {
	    {"discount.rate", "折扣率", FORM_DEC, offsetof(struct discount, rate), NO_FLAG, true},
	    {"discount.amount", "折扣额", FORM_FEN, offsetof(struct discount, amount_fen), NO_FLAG,
	     true},
	    {"discount.tax_adjust", "折扣行税额调整", FORM_FEN,
	     offsetof(struct discount, tax_adjust_fen), NO_FLAG, true},
	};
	struct tax_line *l = base;
	const cJSON *rate, *amount, *adjust, *member;
	enum err rc;

	if (!cJSON_IsObject(item))
		return fail_type(s, "discount", "折扣", item, "对象");
	cJSON_ArrayForEach(member, item)
	{
		if (strcmp(member->string, "rate") != 0 && strcmp(member->string, "amount") != 0 &&
		    strcmp(member->string, "tax_adjust") != 0)
			return fail_unknown(s, "discount.", member->string);
	}
	rate = json_get(item, "rate");
	amount = json_get(item, "amount");
	if (!rate == !amount)
		return fail_at(s, "discount", "json.discount", "折扣",
			       "折扣率（0.10 表示减去 10%）和折扣额只写一个",
			       rate ? "rate 和 amount 不能同时填写" : "缺少 rate 或 amount");
	adjust = json_get(item, "tax_adjust");
	if ((rc = read_value(s, rate ? rate : amount, &fields[rate ? 0 : 1], &l->discount)) ||
	    (adjust && (rc = read_value(s, adjust, &fields[2], &l->discount))))
		return rc;
	if (*json_text(rate ? rate : amount))
		l->discount.by = rate ? DISCOUNT_BY_RATE : DISCOUNT_BY_AMOUNT;
	return ERR_OK;
}

/* The arrays of an invoice: how an element is added, and what it is called. */
struct array_shape {
	const char *key, *label, *counter; /* counter: 行, 笔, 个, 张凭证 */
	const struct shape *shape;
	void *(*add)(struct invoice *inv);
};

static void *add_line(struct invoice *inv)
{
	return invoice_add_line(inv);
}

static void *add_payment(struct invoice *inv)
{
	return invoice_add_payment(inv);
}

static void *add_extra(struct invoice *inv)
{
	return invoice_add_extra(inv);
}

static void *add_voucher(struct invoice *inv)
{
	return invoice_add_voucher(inv);
}

static enum err read_array(const struct spot *s, const cJSON *array, const struct array_shape *a,
			   struct invoice *inv)
{
	const cJSON *item;
	size_t i = 0;

	if (!cJSON_IsArray(array))
		return fail_type(s, a->key, a->label, array, "数组");
	cJSON_ArrayForEach(item, array)
	{
		struct spot at = {.e = s->e};
		if (i == INVOICE_ARRAY_MAX)
			return fail_at(s, a->key, "json.array", a->label, "请拆成几张发票",
				       "元素太多");
		snprintf(at.path, sizeof(at.path), "%.32s%s[%zu].", s->path, a->key, i);
		snprintf(at.row, sizeof(at.row), "第 %zu %s", i + 1, a->counter);
		i++;
		if (!cJSON_IsObject(item))
			return fail_type(&at, "", a->label, item, "对象");
		enum err rc = read_object(&at, item, a->shape, "", a->add(inv));
		if (rc)
			return rc;
	}
	return ERR_OK;
}

static enum err read_lines(const struct spot *s, const cJSON *item, void *inv)
{
	static const struct array_shape a = {"lines", "明细", "行", &line_shape, add_line};

	return read_array(s, item, &a, inv);
}

static enum err read_payments(const struct spot *s, const cJSON *item, void *inv)
{
	static const struct array_shape a = {"payments", "支付信息", "笔", &payment_shape,
					     add_payment};

	return read_array(s, item, &a, inv);
}

static enum err read_extras(const struct spot *s, const cJSON *item, void *inv)
{
	static const struct array_shape a = {"extras", "附加要素", "个", &extra_shape, add_extra};

	return read_array(s, item, &a, inv);
}

static enum err read_vouchers(const struct spot *s, const cJSON *item, void *inv)
{
	static const struct array_shape a = {"vouchers", "扣除凭证", "张凭证", &voucher_shape,
					     add_voucher};

	return read_array(s, item, &a, inv);
}

static special_reader find_special(const struct shape *shape, const char *key)
{
	static const struct {
		const struct shape *shape;
		const char *key;
		special_reader read;
	} specials[] = {
	    {&invoice_shape, "lines", read_lines},    {&invoice_shape, "payments", read_payments},
	    {&invoice_shape, "extras", read_extras},  {&invoice_shape, "vouchers", read_vouchers},
	    {&line_shape, "discount", read_discount}, {&invoice_shape, "element", read_element},
	};

	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++)
		if (specials[i].shape == shape && !strcmp(specials[i].key, key))
			return specials[i].read;
	return NULL;
}

enum err invoice_from_json(const cJSON *object, const char *path, struct invoice *out,
			   struct err_info *e)
{
	struct spot s = {.e = e};
	enum err rc;

	snprintf(s.path, sizeof(s.path), "%.32s", path);
	invoice_init(out);
	if (!cJSON_IsObject(object))
		rc = fail_type(&s, "", "发票", object, "对象");
	else if (!json_get(object, "kind"))
		rc = fail_at(&s, "kind", "json.kind", "票种",
			     "写 special（数电专票）或 ordinary（数电普票）", "没有填写");
	else
		rc = read_object(&s, object, &invoice_shape, "", out);
	if (rc) {
		invoice_free(out);
		invoice_init(out);
	}
	return rc;
}
