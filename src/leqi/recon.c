/* recon.c - asking the tax side what it has: 归集, 发票状态 (protocol 4.1, 4.2, 8.1). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "leqi/wire_p.h"

#define COLLECT_ABILITY "203067"

bool wire_says_nothing(const struct leqi_reply *rep, const cJSON *data)
{
	return data && (strstr(rep->message, "未查询到") || strstr(rep->message, "查无") ||
			strcmp(rep->return_code, "04") == 0);
}

/* ---- PLFPXZSQ ---- */

static struct leqi_unit under_collect(const struct leqi_unit *u)
{
	struct leqi_unit c = *u;

	c.ability = COLLECT_ABILITY;
	return c;
}

static const char *wire_kind(enum invoice_kind kind)
{
	return kind == INVOICE_SPECIAL ? "81" : "82";
}

enum leqi_class leqi_collect_apply(struct leqi *l, const struct leqi_unit *u, const char *tax_no,
				   const char *first, const char *last, enum invoice_kind kind,
				   char serial[LEQI_COLLECT_SERIAL], struct leqi_reply *rep)
{
	struct leqi_unit c = under_collect(u);
	struct wire_request r = {.tax_no = tax_no,
				 .first = first,
				 .last = last,
				 .kind = wire_kind(kind),
				 .direction = "2"};
	enum leqi_class class;
	cJSON *data;

	class = wire_ask(l, &c, "PLFPXZSQ", &r, rep, &data);
	if (class == LEQI_OK) {
		wire_copy(data, "lsh", serial, LEQI_COLLECT_SERIAL);
		if (!*serial)
			class = reply_unusable(rep, "没有流水号");
	}
	json_free(&data);
	return class;
}

/* ---- PLFPXZSQFK ---- */

static bool read_face(const cJSON *o, struct leqi_face *f)
{
	const cJSON *rows = wire_get(o, "hwxx");
	char blue[4];

	*f = (struct leqi_face) {.rows = cJSON_IsArray(rows) ? cJSON_GetArraySize(rows) : -1};
	wire_copy(o, "fphm", f->number, sizeof(f->number));
	wire_copy(o, "kprq", f->issued_at, sizeof(f->issued_at));
	wire_copy(o, "sflzfp", blue, sizeof(blue));
	wire_copy(o, "xsfnsrsbh", f->seller_tax_no, sizeof(f->seller_tax_no));
	wire_copy(o, "gmfnsrsbh", f->buyer_tax_no, sizeof(f->buyer_tax_no));
	wire_copy(o, "gmfmc", f->buyer_name, sizeof(f->buyer_name));
	f->red = strcmp(blue, "N") == 0;
	if (f->red)
		wire_copy(o, "kjhzfpdydlzfphm", f->blue_number, sizeof(f->blue_number));
	return strlen(f->number) == NUMBER_TEXT - 1 && text_all_digits(f->number) &&
	       wire_fen(o, "hjje", &f->net) && wire_fen(o, "hjse", &f->tax) &&
	       wire_fen(o, "jshj", &f->gross);
}

struct sink {
	leqi_face_each f;
	void *arg;
	size_t count;
	enum err stopped; /* by f */
};

static bool take_face(void *arg, const char *text, size_t n)
{
	struct sink *s = arg;
	struct leqi_face face;
	cJSON *tree = NULL;
	bool ok = ++s->count <= LEQI_PACKAGE_MAX &&
		  json_parse_theirs(text, n, UNPACK_OBJECT, &tree, NULL) == ERR_OK &&
		  read_face(tree, &face);

	json_free(&tree);
	if (ok && (s->stopped = s->f(s->arg, &face)))
		ok = false;
	return ok;
}

static const char *const UNPACK_WORDS[] = {
    [UNPACK_OK] = "",
    [UNPACK_NOT_BASE64] = "不是 Base64",
    [UNPACK_DAMAGED] = "的压缩数据损坏",
    [UNPACK_TOO_LARGE] = "解压后太大，拒绝读取",
    [UNPACK_NOT_JSON] = "不是发票的 JSON",
    [UNPACK_REFUSED] = "里有读不出来的发票",
};

/* cljg: 1 done, 2 nothing, 3 failed for good (protocol 5.3). */
static enum leqi_class read_package(const cJSON *data, struct leqi_package *p, struct sink *s,
				    struct leqi_reply *rep)
{
	char outcome[4], count[8];
	const cJSON *stream = wire_get(data, "sjl");
	enum unpack how;

	wire_copy(data, "cljg", outcome, sizeof(outcome));
	wire_copy(data, "packagecount", count, sizeof(count));
	p->packages = text_all_digits(count) && *count ? (int)strtol(count, NULL, 10) : 0;
	if (strcmp(outcome, "2") == 0) {
		p->state = LEQI_PACKAGE_NONE;
		return LEQI_OK;
	}
	if (strcmp(outcome, "1") != 0) {
		p->state = LEQI_PACKAGE_FAILED;
		return strcmp(outcome, "3") == 0 ? LEQI_OK
						 : reply_unusable(rep, "没有认得的处理结果");
	}
	p->state = LEQI_PACKAGE_READY;
	if (p->packages < 1 || p->packages > LEQI_PACKAGES_MAX || !cJSON_IsString(stream))
		return reply_unusable(rep, "没有总包数或数据流");
	how = package_unpack(stream->valuestring, strlen(stream->valuestring), take_face, s);
	return how == UNPACK_OK || s->stopped ? LEQI_OK : reply_unusable(rep, UNPACK_WORDS[how]);
}

enum leqi_class leqi_collect_fetch(struct leqi *l, const struct leqi_unit *u, const char *serial,
				   int package, leqi_face_each f, void *arg,
				   struct leqi_package *out, struct leqi_reply *rep)
{
	struct leqi_unit c = under_collect(u);
	char number[16];
	struct wire_request r = {.receipt = serial, .count = number};
	struct sink s = {.f = f, .arg = arg};
	enum leqi_class class;
	cJSON *data;

	*out = (struct leqi_package) {.state = LEQI_PACKAGE_RUNNING};
	snprintf(number, sizeof(number), "%d", package);
	class = wire_ask(l, &c, "PLFPXZSQFK", &r, rep, &data);
	if (class == LEQI_REFUSED && data && strcmp(rep->return_code, "10") == 0)
		rep->class = class = LEQI_OK; /* still at it */
	else if (class == LEQI_OK)
		class = read_package(data, out, &s, rep);
	if (class == LEQI_OK && s.stopped)
		class = LEQI_LATER; /* the caller knows why */
	json_free(&data);
	return class;
}

/* ---- FPZTXXCX ---- */

/* Part of the base ability since edition 4.000. */
enum { USAGE_IN_BASE = 4000 };

enum leqi_class leqi_query_usage(struct leqi *l, const struct leqi_unit *u, const char *number,
				 const char *day, enum invoice_kind kind, struct leqi_usage *out,
				 struct leqi_reply *rep)
{
	struct leqi_unit c = wire_edition(u->edition) >= USAGE_IN_BASE ? *u : under_collect(u);
	struct wire_request r = {.number = number, .first = day, .kind = wire_kind(kind)};
	enum leqi_class class;
	cJSON *data;

	*out = (struct leqi_usage) {.found = false};
	class = wire_ask(l, &c, "FPZTXXCX", &r, rep, &data);
	if (class == LEQI_REFUSED && data &&
	    (wire_says_nothing(rep, data) ||
	     (strcmp(rep->return_code, "01") == 0 && !strstr(rep->message, "参数")))) {
		rep->class = class = LEQI_OK;
	} else if (class == LEQI_OK) {
		wire_copy(data, "fphm", out->number, sizeof(out->number));
		wire_copy(data, "kprq", out->issued_at, sizeof(out->issued_at));
		wire_copy(data, "fpzt", out->state, sizeof(out->state));
		wire_copy(data, "fpyt", out->use, sizeof(out->use));
		wire_month(data, "skssq", out->period);
		out->locked = wire_yes(data, "hzsdbs");
		out->found = true;
		if (strcmp(out->number, number) != 0)
			class = reply_unusable(rep, "说的是另一张发票");
	}
	json_free(&data);
	return class;
}

const char *leqi_usage_label(const char *state)
{
	static const struct {
		const char *code, *label;
	} STATES[] = {{"0", "正常"},   {"", "正常"},      {"1", "失控"},    {"2", "作废"},
		      {"3", "已红冲"}, {"7", "部分红冲"}, {"8", "全额冲红"}};

	for (size_t i = 0; i < sizeof(STATES) / sizeof(STATES[0]); i++)
		if (strcmp(STATES[i].code, state) == 0)
			return STATES[i].label;
	return "未知状态";
}
