/* red.c - 红字确认单: applying for one (QDHZQRDSQ) and answering one (QDHZQRDQR; protocol 7.10,
 * 7.11). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "leqi/wire_get_p.h"
#include "tax/validate.h"

/* ---- QDHZQRDSQ ---- */

struct row {
	const struct red_line *line;
	size_t index;
	const char *full_name;
};

#define GET(name, expression) WIRE_GET(name, struct red_letter, l, expression)
GET(entered_by, l->entered_by == RED_BUYER ? "1" : "0")
GET(paper, l->blue_paper ? "Y" : "N")
GET(blue_date, l->blue_issued_at)
GET(blue_net, fen_format(l->blue_net_fen, scratch))
GET(blue_tax, fen_format(l->blue_tax_fen, scratch))
/* The tax side sets 20 itself (protocol 7.10). */
GET(element, strcmp(l->element, "20") == 0 ? "" : l->element)
GET(net, fen_format(l->net_fen, scratch))
GET(tax, fen_format(l->tax_fen, scratch))
GET(reason, red_reason_code(l->reason))
#undef GET

#define GET(name, expression) WIRE_GET(name, struct row, r, expression)
GET(row_full_name, r->full_name)
GET(row_price, r->line->has_quantity ? dec_format(r->line->price, scratch) : "")
GET(row_quantity, r->line->has_quantity ? dec_format(r->line->quantity, scratch) : "")
GET(row_net, fen_format(r->line->net_fen, scratch))
GET(row_rate, r->line->rate_ppm < 0 ? "" : rate_format(r->line->rate_ppm, scratch))
GET(row_tax, fen_format(r->line->tax_fen, scratch))
#undef GET

static const char *row_blue(const void *view, char scratch[WIRE_SCRATCH])
{
	const struct row *r = view;

	if (!r->line->blue_row)
		return "";
	snprintf(scratch, WIRE_SCRATCH, "%u", r->line->blue_row);
	return scratch;
}

static const char *row_seq(const void *view, char scratch[WIRE_SCRATCH])
{
	snprintf(scratch, WIRE_SCRATCH, "%zu", ((const struct row *)view)->index + 1);
	return scratch;
}

#define MUST         .required = true
#define LETTER(m)    .slot = 1 + offsetof(struct red_letter, m)
#define LINE(member) .slot = 1 + offsetof(struct red_line, member)

static const struct wire_field LINES[] = {
    {"lzmxxh", "对应蓝字发票明细序号", WIRE_COUNT, 8, MUST, .get = row_blue},
    {"xh", "序号", WIRE_COUNT, 8, MUST, .note = "从 1 起", .get = row_seq},
    {"sphfwssflhbbm", "税收分类编码", WIRE_DIGITS, 19, MUST, LINE(tax_code)},
    {"hwhyslwfwmc", "货物或应税劳务、服务名称", WIRE_TEXT, 300, MUST, .note = "*简称*项目名称",
     .get = row_full_name},
    {"spfwjc", "商品服务简称", WIRE_TEXT, 120, MUST, LINE(short_name)},
    {"xmmc", "项目名称", WIRE_TEXT, 600, MUST, LINE(name)},
    {"ggxh", "规格型号", WIRE_TEXT, 150, LINE(spec)},
    {"dw", "单位", WIRE_TEXT, 300, .note = "与蓝字发票一致", LINE(unit)},
    {"fpspdj", "单价", WIRE_DECIMAL, 25, .note = "与数量同有同无", .get = row_price},
    {"fpspsl", "数量", WIRE_DECIMAL, 25, .note = "负数，与单价同有同无", .get = row_quantity},
    {"je", "金额", WIRE_AMOUNT, 18, MUST, .note = "负数", .get = row_net},
    {"sl1", "税率/征收率", WIRE_RATE, 16, MUST, .get = row_rate},
    {"se", "税额", WIRE_AMOUNT, 18, MUST, .note = "负数或 0", .get = row_tax},
    {.key = NULL},
};

static enum err put_lines(struct json_out *o, const struct wire_field *f,
			  const struct wire_context *c, struct err_info *e)
{
	const struct red_letter *l = c->view;
	char where[48], path[48], *name;
	enum err err = ERR_OK;

	if (!l->line_count)
		return err_fail(e, ERR_INVALID, "wire.missing", f->label, "至少要有一行");
	json_open(o, f->key, '[');
	for (size_t i = 0; i < l->line_count && err == ERR_OK; i++) {
		const struct tax_line named = {.name = l->lines[i].name,
					       .short_name = l->lines[i].short_name};
		struct row r = {.line = &l->lines[i], .index = i};
		struct wire_context inner = *c;

		snprintf(where, sizeof(where), "第 %zu 行", i + 1);
		snprintf(path, sizeof(path), "lines[%zu].", i);
		r.full_name = name = tax_line_full_name(&named);
		inner.slots = r.line;
		inner.view = &r;
		inner.where = where;
		inner.path = path;
		inner.names = red_line_texts;
		err = wire_put(o, f->rows, &inner, e);
		free(name);
	}
	json_close(o, ']');
	return err;
}

const struct wire_field wire_red_apply[] = {
    {"lrfsf", "录入方身份", WIRE_FLAG, 2, MUST, .note = "0 销方，1 购方", .get = entered_by},
    {"xsfnsrsbh", "销售方税号", WIRE_CODE, 20, MUST, LETTER(seller_tax_no)},
    {"xsfmc", "销售方名称", WIRE_TEXT, 300, MUST, LETTER(seller_name)},
    {"gmfnsrsbh", "购买方税号", WIRE_CODE, 20, LETTER(buyer_tax_no)},
    {"gmfmc", "购买方名称", WIRE_TEXT, 300, MUST, LETTER(buyer_name)},
    {"lzfpdm", "蓝字发票代码", WIRE_CODE, 12, .note = "税控发票", LETTER(blue_code)},
    {"lzfphm", "蓝字发票号码", WIRE_CODE, 20, MUST, LETTER(blue_number)},
    {"sfzzfpbz", "是否纸质发票", WIRE_FLAG, 1, MUST, .note = "Y/N", .get = paper},
    {"lzkprq", "蓝字发票开票日期", WIRE_DATETIME, 19, MUST, .note = "与蓝字发票一致",
     .get = blue_date},
    {"lzhjje", "蓝字发票合计金额", WIRE_AMOUNT, 18, MUST, .get = blue_net},
    {"lzhjse", "蓝字发票合计税额", WIRE_AMOUNT, 18, MUST, .get = blue_tax},
    {"lzfppzDm", "蓝字发票票种", WIRE_DIGITS, 2, MUST,
     .note = "01 专票，02 普票，03 机动车，04 二手车", LETTER(blue_kind)},
    {"lzfpTdyslxDm", "蓝字发票特定要素", WIRE_CODE, 2, .note = "20 时为空", .get = element},
    {"hzcxje", "红字冲销金额", WIRE_AMOUNT, 18, MUST, .note = "负数", .get = net},
    {"hzcxse", "红字冲销税额", WIRE_AMOUNT, 18, MUST, .note = "负数或 0", .get = tax},
    {"chyyDm", "冲红原因", WIRE_DIGITS, 2, MUST,
     .note = "01 开票有误，02 销货退回，03 服务中止，04 销售折让", .get = reason},
    {"hzqrdmxList", "红字明细", WIRE_LIST, 5000, MUST, .list = put_lines, .rows = LINES},
    {.key = NULL},
};

enum err leqi_red_body(const struct red_letter *letter, struct buf *out, struct err_info *e)
{
	struct wire_context c = {.edition = WIRE_NEWEST,
				 .slots = letter,
				 .view = letter,
				 .where = "",
				 .path = "",
				 .names = red_texts};
	struct json_out o;

	json_out_init(&o, out, 0);
	return wire_put(&o, wire_red_apply, &c, e);
}

/* What identifies a letter is optional in the answer (protocol 4.1): the caller asks the list. */
static void read_answer(const cJSON *data, struct leqi_red_answer *out)
{
	enum red_state state;

	if (strlen(wire_text(data, "hzfpxxqrdbh")) < sizeof(out->number))
		wire_copy(data, "hzfpxxqrdbh", out->number, sizeof(out->number));
	if (strlen(wire_text(data, "uuid")) < sizeof(out->uuid)) /* cut, it would be another */
		wire_copy(data, "uuid", out->uuid, sizeof(out->uuid));
	wire_pair(data, "hzqrxxztDm", out->state, sizeof(out->state));
	if (!red_state_parse(out->state, &state))
		out->state[0] = 0;
}

enum leqi_class leqi_red_apply(struct leqi *l, const struct leqi_unit *u,
			       const struct red_letter *letter, struct leqi_red_answer *out,
			       struct leqi_reply *rep)
{
	enum leqi_class class;
	struct err_info e = {0};
	struct buf request;
	cJSON *data = NULL;

	*out = (struct leqi_red_answer) {.number = ""};
	*rep = (struct leqi_reply) {0};
	buf_init(&request, LEQI_REQUEST_MAX);
	if (leqi_red_body(letter, &request, &e) != ERR_OK)
		class =
		    reply_fail(rep, LEQI_MISCONFIGURED, "改正后重新申请", "%s：%s", e.what, e.why);
	else
		class = leqi_call(l, u, "QDHZQRDSQ", &request, rep, &data);
	if (class == LEQI_OK)
		read_answer(data, out);
	buf_free(&request);
	json_free(&data);
	return class;
}

/* All the words of a row stand in the text. */
static bool says_any(const char *text, const char *const rows[][2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(text, rows[i][0]) && strstr(text, rows[i][1]))
			return true;
	return false;
}

bool leqi_red_says_unknown_blue(const struct leqi_reply *rep)
{
	static const char *const WORDS[][2] = {{"蓝字发票不存在", ""}, {"未查询到", "蓝字发票"}};

	return rep->class == LEQI_REFUSED &&
	       (strcmp(rep->return_code, "21") == 0 || strstr(rep->message, "[21]") ||
		says_any(rep->message, WORDS, sizeof(WORDS) / sizeof(WORDS[0])));
}

bool leqi_red_says_exists(const struct leqi_reply *rep)
{
	static const char *const WORDS[][2] = {
	    {"确认单", "已存在"}, {"确认单", "未完成"}, {"确认单", "未处理"}, {"确认单", "流程中"},
	    {"确认单", "在途"},   {"确认单", "处理中"}, {"确认单", "进行中"}, {"确认单", "正在"},
	    {"红字", "锁定"},     {"蓝字发票", "锁定"}};

	return rep->class == LEQI_REFUSED &&
	       (strstr(rep->message, "RI1000") || strcmp(rep->return_code, "RI1000") == 0 ||
		says_any(rep->message, WORDS, sizeof(WORDS) / sizeof(WORDS[0])));
}

/* ---- QDHZQRDQR ---- */

struct act_request {
	const char *seller_tax_no, *uuid, *number, *how;
};
#define SLOT(member) .slot = 1 + offsetof(struct act_request, member)

const struct wire_field wire_red_act[] = {
    {"xsfnsrsbh", "销售方税号", WIRE_CODE, 20, MUST, SLOT(seller_tax_no)},
    {"uuid", "红字确认单 UUID", WIRE_CODE, 32, MUST, SLOT(uuid)},
    {"hzqrdbh", "红字确认单编号", WIRE_CODE, 20, MUST, SLOT(number)},
    {"qrlx", "确认类型", WIRE_FLAG, 1, MUST, .note = "Y 同意，N 不同意，C 撤销", SLOT(how)},
    {.key = NULL},
};

enum leqi_class leqi_red_act(struct leqi *l, const struct leqi_unit *u,
			     const struct red_letter *letter, enum red_action action,
			     char confirmed_at[DATETIME_TEXT], struct leqi_reply *rep)
{
	static const char *const HOW[RED_ACTIONS] = {
	    [RED_CONFIRM] = "Y", [RED_DENY] = "N", [RED_REVOKE] = "C", [RED_ISSUE] = ""};
	const struct act_request r = {.seller_tax_no = letter->seller_tax_no,
				      .uuid = letter->uuid,
				      .number = letter->number,
				      .how = HOW[action]};
	enum leqi_class class;
	cJSON *data;

	confirmed_at[0] = 0;
	class = wire_ask(l, u, "QDHZQRDQR", &r, rep, &data);
	if (class == LEQI_OK)
		wire_datetime(data, "qrrq", confirmed_at);
	json_free(&data);
	return class;
}
