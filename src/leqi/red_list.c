/* red_list.c - 红字确认单 the tax side has: a page of its list (CXQDHZQRDLB), one with its lines
 * (CXQDHZQRDMX; protocol 4.1). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "leqi/wire_p.h"

/* ---- a letter ---- */

/* Text members; a pair is a code of two digits that may come as a number. */
static const struct {
	const char *key;
	size_t offset, max;
	bool pair;
} TEXTS[] = {
    {"uuid", offsetof(struct red_letter, uuid), 32, false},
    {"hzfpxxqrdbh", offsetof(struct red_letter, number), 20, false},
    {"xsfnsrsbh", offsetof(struct red_letter, seller_tax_no), 20, false},
    {"xsfmc", offsetof(struct red_letter, seller_name), 300, false},
    {"gmfnsrsbh", offsetof(struct red_letter, buyer_tax_no), 20, false},
    {"gmfmc", offsetof(struct red_letter, buyer_name), 300, false},
    {"lzfpdm", offsetof(struct red_letter, blue_code), 12, false},
    {"lzfphm", offsetof(struct red_letter, blue_number), 20, false},
    {"lzfppzDm", offsetof(struct red_letter, blue_kind), 2, true},
    {"lzfpTdyslxDm", offsetof(struct red_letter, element), 2, true},
    {"cezslxDm", offsetof(struct red_letter, differential), 2, true},
    {"hzfphm", offsetof(struct red_letter, red_number), 20, false},
};

static void read_texts(const cJSON *o, struct red_letter *l)
{
	char pair[8];

	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		char **slot = (char **)(void *)((char *)l + TEXTS[i].offset);

		free(*slot);
		if (TEXTS[i].pair) {
			wire_pair(o, TEXTS[i].key, pair, sizeof(pair));
			*slot = mem_strdup(pair);
		} else {
			*slot = wire_dup(o, TEXTS[i].key, TEXTS[i].max);
		}
	}
}

static bool read_codes(const cJSON *o, struct red_letter *l)
{
	char side[8], reason[8], valid[8];

	wire_pair(o, "lrfsf", side, sizeof(side));
	wire_pair(o, "hzqrxxztDm", l->strange, sizeof(l->strange));
	wire_pair(o, "chyyDm", reason, sizeof(reason));
	wire_copy(o, "yxbz", valid, sizeof(valid));
	if (strcmp(side, "00") != 0 && strcmp(side, "01") != 0)
		return false;
	l->entered_by = side[1] == '1' ? RED_BUYER : RED_SELLER;
	l->blue_paper = wire_yes(o, "sfzzfpbz");
	l->issued = wire_yes(o, "ykjhzfpbz");
	if (!*l->strange || !red_reason_parse(reason, &l->reason))
		return false;
	if (red_state_parse(l->strange, &l->state))
		l->strange[0] = 0;
	else
		l->state = RED_UNKNOWN; /* a code of tomorrow */
	l->valid = *valid ? wire_yes(o, "yxbz") : red_state_open(l->state);
	return true;
}

/* 0 when it is not told. */
static bool read_fen(const cJSON *o, const char *key, int64_t *out)
{
	*out = 0;
	return !wire_text(o, key)[0] || wire_fen(o, key, out);
}

static unsigned read_count(const cJSON *o, const char *key)
{
	char text[16];

	wire_copy(o, key, text, sizeof(text));
	return text_all_digits(text) && strlen(text) < 9 ? (unsigned)strtoul(text, NULL, 10) : 0;
}

/* What names something is not cut: cut, it would name something else. */
static bool ids_fit(const cJSON *o)
{
	return strlen(wire_text(o, "uuid")) <= 32 && strlen(wire_text(o, "hzfpxxqrdbh")) <= 20 &&
	       strlen(wire_text(o, "lzfphm")) <= 20 && strlen(wire_text(o, "hzfphm")) <= 20;
}

/* The head; false: not a letter that could be worked with. */
static bool read_head(const cJSON *o, struct red_letter *l)
{
	if (!cJSON_IsObject(o) || !ids_fit(o) || !read_codes(o, l))
		return false;
	read_texts(o, l);
	wire_datetime(o, "lzkprq", l->blue_issued_at);
	wire_datetime(o, "qrrq", l->confirmed_at);
	wire_datetime(o, "hzkprq", l->red_issued_at);
	wire_datetime(o, "lrrq", l->entered_at);
	l->declared_lines = read_count(o, "hzqrdmxsl");
	return *l->uuid && read_fen(o, "lzhjje", &l->blue_net_fen) &&
	       read_fen(o, "lzhjse", &l->blue_tax_fen) && wire_fen(o, "hzcxje", &l->net_fen) &&
	       wire_fen(o, "hzcxse", &l->tax_fen) && l->net_fen < 0 && l->tax_fen <= 0;
}

/* ---- its lines ---- */

static const struct {
	const char *key;
	size_t offset, max;
} LINE_TEXTS[] = {
    {"sphfwssflhbbm", offsetof(struct red_line, tax_code), 19},
    {"spfwjc", offsetof(struct red_line, short_name), 120},
    {"xmmc", offsetof(struct red_line, name), 600},
    {"ggxh", offsetof(struct red_line, spec), 150},
    {"dw", offsetof(struct red_line, unit), 300},
};

/* *简称*名称 into its two parts, where they are not told apart. */
static void split_name(const cJSON *row, struct red_line *l)
{
	char *full = wire_dup(row, "hwhyslwfwmc", 300), *end;

	end = full[0] == '*' ? strchr(full + 1, '*') : NULL;
	if (end && text_empty(l->short_name)) {
		free(l->short_name);
		l->short_name = mem_strndup(full + 1, (size_t)(end - full - 1));
	}
	if (text_empty(l->name)) {
		free(l->name);
		l->name = mem_strdup(end ? end + 1 : full);
	}
	free(full);
}

static bool read_quantity(const cJSON *row, struct red_line *l)
{
	char price[40], quantity[40];

	wire_copy(row, "fpspdj", price, sizeof(price));
	wire_copy(row, "fpspsl", quantity, sizeof(quantity));
	if (!*price && !*quantity)
		return true;
	l->has_quantity = true;
	return dec_parse(price, &l->price) && dec_parse(quantity, &l->quantity);
}

static bool read_line(const cJSON *row, struct red_line *l)
{
	char rate[24], preference[8];

	if (!cJSON_IsObject(row))
		return false;
	for (size_t i = 0; i < sizeof(LINE_TEXTS) / sizeof(LINE_TEXTS[0]); i++) {
		char **slot = (char **)(void *)((char *)l + LINE_TEXTS[i].offset);

		free(*slot);
		*slot = wire_dup(row, LINE_TEXTS[i].key, LINE_TEXTS[i].max);
	}
	split_name(row, l);
	wire_pair(row, "yhzcbs", preference, sizeof(preference));
	free(l->preference);
	l->preference = mem_strdup(preference);
	wire_copy(row, "sl1", rate, sizeof(rate));
	l->blue_row = read_count(row, "lzmxxh");
	return l->blue_row && rate_parse(rate, &l->rate_ppm) && read_quantity(row, l) &&
	       wire_fen(row, "je", &l->net_fen) && wire_fen(row, "se", &l->tax_fen) &&
	       read_fen(row, "kce", &l->deduction_fen);
}

/* In the order of their own numbers: that is how the red invoice repeats them. */
static int by_seq(const void *a, const void *b)
{
	unsigned x = read_count(*(const cJSON *const *)a, "xh"),
		 y = read_count(*(const cJSON *const *)b, "xh");

	return (x > y) - (x < y);
}

static bool read_lines(const cJSON *data, struct red_letter *l)
{
	const cJSON *list = wire_get(data, "hzqrxxmxList"), **rows, *row;
	size_t n = 0;
	bool ok = true;

	if (!cJSON_IsArray(list))
		list = wire_list(data, "hzqrdmxList");
	if (!list || cJSON_GetArraySize(list) > TAX_LINES_MAX)
		return false;
	rows = mem_zalloc(sizeof(*rows) * ((size_t)cJSON_GetArraySize(list) + 1));
	cJSON_ArrayForEach(row, list) rows[n++] = row;
	qsort(rows, n, sizeof(*rows), by_seq);
	for (size_t i = 0; i < n && ok; i++)
		ok = read_line(rows[i], red_add_line(l));
	free(rows);
	return ok && n > 0;
}

bool red_read_letter(const cJSON *data, struct red_letter *l)
{
	if (!read_head(data, l))
		return false;
	if (!read_lines(data, l) || !tax_red_adds_up(l))
		red_clear_lines(l);
	return true;
}

/* ---- CXQDHZQRDLB ---- */

struct list_request {
	const char *role, *seller_tax_no, *seller_name, *buyer_tax_no, *buyer_name, *entered_by,
	    *from, *to, *blue_code, *blue_number, *number, *state, *page, *size;
};
#define SLOT(member) .slot = 1 + offsetof(struct list_request, member)
#define MUST         .required = true

const struct wire_field wire_red_list[] = {
    {"yhjslx", "用户角色", WIRE_FLAG, 2, MUST, .note = "0 销方，1 购方", SLOT(role)},
    {"xsfnsrsbh", "销售方税号", WIRE_CODE, 20, .note = "作为销方必填", SLOT(seller_tax_no)},
    {"xsfmc", "销售方名称", WIRE_TEXT, 300, .note = "作为销方必填", SLOT(seller_name)},
    {"gmfnsrsbh", "购买方税号", WIRE_CODE, 20, .note = "作为购方必填", SLOT(buyer_tax_no)},
    {"gmfmc", "购买方名称", WIRE_TEXT, 300, .note = "作为购方必填", SLOT(buyer_name)},
    {"lrfsf", "录入方身份", WIRE_FLAG, 2, .note = "0 销方，1 购方", SLOT(entered_by)},
    {"lrrqq", "录入日期起", WIRE_TEXT, 10, .note = "yyyy-MM-dd；空：当月", SLOT(from)},
    {"lrrqz", "录入日期止", WIRE_TEXT, 10, .note = "yyyy-MM-dd", SLOT(to)},
    {"lzfpdm", "蓝字发票代码", WIRE_CODE, 12, SLOT(blue_code)},
    {"lzfphm", "蓝字发票号码", WIRE_CODE, 20, SLOT(blue_number)},
    {"hzfpxxqrdbh", "红字确认单编号", WIRE_CODE, 20, SLOT(number)},
    {"hzqrxxztDm", "红字确认单状态", WIRE_CODE, 2, SLOT(state)},
    {"fppzDm", "发票票种", WIRE_CODE, 2, .fixed = ""},
    {"pageNumber", "页码", WIRE_COUNT, 10, .note = "从 1 起", SLOT(page)},
    {"pageSize", "每页数量", WIRE_COUNT, 10, SLOT(size)},
    {.key = NULL},
};

/* Nothing is there: said by code or in words. */
static bool says_none(const struct leqi_reply *rep, const cJSON *data, const char *code)
{
	return data && (strcmp(rep->return_code, code) == 0 || strstr(rep->message, code) ||
			strcmp(rep->return_code, "04") == 0 || strstr(rep->message, "未查询到") ||
			strstr(rep->message, "查无"));
}

static int64_t read_total(const cJSON *object)
{
	char text[24];

	wire_copy(object, "total", text, sizeof(text));
	return text_all_digits(text) && strlen(text) < 12 ? strtoll(text, NULL, 10) : -1;
}

static enum err hand_on(const cJSON *row, leqi_red_each f, void *arg, struct leqi_red_page *out)
{
	struct red_letter l;
	enum err r = ERR_OK;

	out->rows++;
	red_letter_init(&l);
	if (read_head(row, &l))
		r = f(arg, &l);
	else
		out->unread++;
	red_letter_free(&l);
	return r;
}

enum leqi_class red_read_page(const cJSON *data, leqi_red_each f, void *arg,
			      struct leqi_red_page *out, struct leqi_reply *rep)
{
	const cJSON *object = wire_get(data, "hzqrxxList"), *list, *row;

	/* The rows themselves, or an object of pages around them. */
	list = cJSON_IsArray(object) ? object : wire_list(object, "list");
	if (!object)
		list = wire_list(data, "list");
	out->total = read_total(cJSON_IsObject(object) ? object : data);
	if (!list && out->total != 0)
		return reply_unusable(rep, "没有确认单列表");
	cJSON_ArrayForEach(row, list)
	{
		if (hand_on(row, f, arg, out))
			return reply_fail(rep, LEQI_LATER, NULL, "确认单没有存下来");
	}
	return LEQI_OK;
}

enum leqi_class leqi_red_list(struct leqi *l, const struct leqi_unit *u,
			      const struct leqi_red_query *q, leqi_red_each f, void *arg,
			      struct leqi_red_page *out, struct leqi_reply *rep)
{
	bool buyer = q->side == RED_BUYER;
	char page[16], size[16];
	const struct list_request r = {.role = buyer ? "1" : "0",
				       .seller_tax_no = buyer ? "" : q->tax_no,
				       .seller_name = buyer ? "" : q->name,
				       .buyer_tax_no = buyer ? q->tax_no : "",
				       .buyer_name = buyer ? q->name : "",
				       .entered_by = q->entered_by,
				       .from = q->from,
				       .to = q->to,
				       .blue_code = q->blue_code,
				       .blue_number = q->blue_number,
				       .number = q->number,
				       .state = q->state,
				       .page = page,
				       .size = size};
	enum leqi_class class;
	cJSON *data;

	*out = (struct leqi_red_page) {.total = -1};
	snprintf(page, sizeof(page), "%u", q->page);
	snprintf(size, sizeof(size), "%u", q->size);
	class = wire_ask(l, u, "CXQDHZQRDLB", &r, rep, &data);
	if (class == LEQI_REFUSED && says_none(rep, data, "RI3004")) {
		rep->class = class = LEQI_OK;
		out->total = 0;
	} else if (class == LEQI_OK) {
		class = red_read_page(data, f, arg, out, rep);
	}
	json_free(&data);
	return class;
}

/* ---- CXQDHZQRDMX ---- */

struct detail_request {
	const char *uuid, *seller_tax_no;
};
#undef SLOT
#define SLOT(member) .slot = 1 + offsetof(struct detail_request, member)

const struct wire_field wire_red_detail[] = {
    {"uuid", "红字确认单 UUID", WIRE_CODE, 32, MUST, SLOT(uuid)},
    {"xsfnsrsbh", "销售方税号", WIRE_CODE, 26, MUST, SLOT(seller_tax_no)},
    {.key = NULL},
};

enum leqi_class leqi_red_detail(struct leqi *l, const struct leqi_unit *u, const char *uuid,
				const char *seller_tax_no, struct red_letter *out, bool *found,
				struct leqi_reply *rep)
{
	const struct detail_request r = {.uuid = uuid, .seller_tax_no = seller_tax_no};
	enum leqi_class class;
	cJSON *data;

	red_letter_init(out);
	*found = false;
	class = wire_ask(l, u, "CXQDHZQRDMX", &r, rep, &data);
	if (class == LEQI_REFUSED && says_none(rep, data, "RI4000")) {
		rep->class = class = LEQI_OK;
	} else if (class == LEQI_OK) {
		*found = red_read_letter(data, out);
		if (!*found)
			class = reply_unusable(rep, "的红字确认单读不出来");
		else if (strcmp(out->uuid, uuid) != 0)
			class = reply_unusable(rep, "是另一张红字确认单");
		rep->unread = class != LEQI_OK;
	}
	*found = *found && class == LEQI_OK;
	json_free(&data);
	return class;
}
