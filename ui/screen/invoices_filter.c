/* invoices_filter.c - the conditions of 开票记录 (features F1, F7). */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/invoices_p.h"
#include "ui/screen/type_form.h"

enum { DAY = 86400, WHOLE_NUMBER = 20 };

const char *const invoices_kinds[] = {"全部", "数电普票", "数电专票", NULL};
static const char *const TYPES[] = {"全部", "蓝字发票", "红字发票", NULL};
const char *const invoices_states[] = {"全部",     "在途",       "开票成功", "开票失败",
				       "结果未知", "预开具成功", "上传中",   "已受理",
				       "已作废",   "草稿",       NULL};

/* A text that names nothing finds nothing: that is said before the list is empty. */
static const char *check_type(const struct form *f, const struct field *fd, const char *text,
			      char *out)
{
	int64_t id;

	(void)f;
	(void)fd;
	if (!*text || !desk_type_id(ui_session(), text, &id, NULL))
		return NULL;
	snprintf(out, 256, "业务类型：没有“%.*s”（F4 选择）", (int)text_prefix(text, 40), text);
	return out;
}

static const char *check_amount(const struct form *f, const struct field *fd, const char *text,
				char *out)
{
	int64_t fen, from, to;

	(void)out;
	if (!*text)
		return NULL;
	if (!fen_parse(text, &fen))
		return "金额：最多两位小数，例如 1130.00";
	if (fd->id == FILTER_GROSS_TO && fen_parse(form_get(f, FILTER_GROSS_FROM), &from) &&
	    fen_parse(text, &to) && from > to)
		return "金额：起大于止";
	return NULL;
}

const struct field invoices_filter[] = {
    {.id = FILTER_FROM,
     .kind = FIELD_DATE,
     .label = "创建时间",
     .col = 10,
     .width = 11,
     .help = "从哪一天起，例如 2025-11-01、11-01；+ 和 - 改日期；空着不限。"},
    {.id = FILTER_TO,
     .kind = FIELD_DATE,
     .label = "至",
     .col = 27,
     .width = 11,
     .help = "到哪一天为止（含当天）；空着不限。"},
    {.id = FILTER_KIND,
     .kind = FIELD_CHOICE,
     .label = "种类",
     .col = 46,
     .width = 8,
     .choices = invoices_kinds,
     .help = "发票种类，空格或左右键选择。"},
    {.id = FILTER_STATE,
     .kind = FIELD_CHOICE,
     .label = "状态",
     .col = 62,
     .width = 10,
     .choices = invoices_states,
     .help = "开票状态，空格或左右键选择；“在途”是已取号还没有结果的全部。"},
    {.id = FILTER_BUYER,
     .kind = FIELD_TEXT,
     .label = "购方名称",
     .row = 1,
     .col = 10,
     .width = 16,
     .wide_width = 30,
     .max_chars = 100,
     .help = "购方名称的一部分，不分全角半角、大小写。"},
    {.id = FILTER_ORDER,
     .kind = FIELD_TEXT,
     .label = "订单号",
     .row = 1,
     .col = 36,
     .width = 14,
     .wide_width = 24,
     .max_chars = 100,
     .help = "完整的订单号；只记得一部分时填在全文里。"},
    {.id = FILTER_NUMBER,
     .kind = FIELD_DIGITS,
     .label = "号码",
     .row = 1,
     .col = 58,
     .width = 20,
     .max_chars = WHOLE_NUMBER,
     .help = "数电票号码，20 位或其中连续的几位，例如末尾几位。"},
    {.id = FILTER_TYPE,
     .kind = FIELD_TEXT,
     .label = "业务类型",
     .row = 2,
     .col = 10,
     .width = 16,
     .wide_width = 30,
     .max_chars = 100,
     .check = check_type,
     .complete = type_complete,
     .chooser = true,
     .help = "开票时选的业务类型：F4 选择，或输入名称、拼音首字母；空着不限。"},
    {.id = FILTER_GROSS_FROM,
     .kind = FIELD_AMOUNT,
     .label = "金额",
     .row = 2,
     .col = 36,
     .width = 10,
     .wide_width = 14,
     .max_chars = 20,
     .check = check_amount,
     .help = "价税合计不低于；起止相同就是这个金额的；空着不限。"},
    {.id = FILTER_GROSS_TO,
     .kind = FIELD_AMOUNT,
     .label = "至",
     .row = 2,
     .col = 52,
     .width = 10,
     .wide_width = 14,
     .max_chars = 20,
     .check = check_amount,
     .help = "价税合计不高于；空着不限。"},
    {.id = FILTER_RED,
     .kind = FIELD_CHOICE,
     .label = "类型",
     .row = 2,
     .col = 70,
     .width = 8,
     .choices = TYPES,
     .help = "开票类型：蓝字发票还是红字发票，空格或左右键选择。"},
    {.id = FILTER_TEXT,
     .kind = FIELD_TEXT,
     .label = "全文",
     .row = 3,
     .col = 10,
     .width = 16,
     .wide_width = 30,
     .max_chars = 100,
     .help = "购方、税号、项目、备注、订单号、号码里都找；几个词用空格隔开，要都有。"},
    {.id = FILTER_REMARK,
     .kind = FIELD_TEXT,
     .label = "备注",
     .row = 3,
     .col = 36,
     .width = 14,
     .wide_width = 24,
     .max_chars = 100,
     .help = "备注或附加要素的一部分。"},
    {.id = FILTER_DRAWER,
     .kind = FIELD_TEXT,
     .label = "开票人",
     .row = 3,
     .col = 60,
     .width = 14,
     .max_chars = 60,
     .help = "开票人的一部分。"},
    {.id = 0},
};

/* A day of business time; `end`: the second after its last one.  0 when the field is empty. */
static int64_t day_of(const struct form *f, int id, bool end)
{
	struct datetime d = {0};

	if (!date_parse(form_get(f, id), &d.date))
		return 0;
	return date_unix(d) + (end ? DAY : 0);
}

static const char *text_or_null(const struct form *f, int id)
{
	const char *text = form_get(f, id);

	return *text ? text : NULL;
}

static const int64_t *amount_of(const struct form *f, int id, int64_t *fen)
{
	return fen_parse(form_get(f, id), fen) ? fen : NULL;
}

enum err invoices_ask(const struct form *f, int64_t buyer_id, struct invoices_asked *out,
		      struct err_info *e)
{
	struct invoice_filter *to = &out->filter;
	const char *number = text_or_null(f, FILTER_NUMBER);
	bool whole = number && strlen(number) == WHOLE_NUMBER;

	*out = (struct invoices_asked) {
	    .filter = {.buyer = text_or_null(f, FILTER_BUYER),
		       .buyer_id = buyer_id,
		       .order_no = text_or_null(f, FILTER_ORDER),
		       .number = whole ? number : NULL,
		       .number_part = whole ? NULL : number,
		       .text = text_or_null(f, FILTER_TEXT),
		       .remark = text_or_null(f, FILTER_REMARK),
		       .drawer = text_or_null(f, FILTER_DRAWER),
		       .created_from = day_of(f, FILTER_FROM, false),
		       .created_to = day_of(f, FILTER_TO, true),
		       .unfinished = !strcmp(form_get(f, FILTER_STATE), "在途")},
	};
	to->gross_from = amount_of(f, FILTER_GROSS_FROM, &out->from);
	to->gross_to = amount_of(f, FILTER_GROSS_TO, &out->to);
	if (invoice_state_parse(form_get(f, FILTER_STATE), &out->state))
		to->state = &out->state;
	if (invoice_kind_parse(form_get(f, FILTER_KIND), &out->kind))
		to->kind = &out->kind;
	out->red = form_choice(f, FILTER_RED) == 2;
	if (form_choice(f, FILTER_RED) > 0)
		to->red = &out->red;
	if (!text_or_null(f, FILTER_TYPE))
		return ERR_OK;
	return desk_type_id(ui_session(), form_get(f, FILTER_TYPE), &to->business_type, e);
}
