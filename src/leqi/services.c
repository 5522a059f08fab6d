/* services.c - the request table of every service: building, sending and documenting it. */
#include <string.h>

#include "base/text.h"
#include "leqi/wire_p.h"

#define SLOT(member) .slot = 1 + offsetof(struct wire_request, member)
#define TAX_NO                                                                                     \
	{                                                                                          \
		"nsrsbh", "纳税人识别号", WIRE_CODE, 20, .required = true, SLOT(tax_no)            \
	}
#define SERIAL                                                                                     \
	{                                                                                          \
		"ywlsh", "业务流水号", WIRE_CODE, 100,                                             \
		    .required = true, .note = "同一流水号重发得到同一结果", SLOT(serial)           \
	}
#define END                                                                                        \
	{                                                                                          \
		.key = NULL                                                                        \
	}

static const struct wire_field NUMBERS[] = {
    TAX_NO,
    {"lysl", "领用数量", WIRE_COUNT, 10, .required = true, .note = "1 至 5000", SLOT(count)},
    SERIAL,
    END,
};
static const struct wire_field TAX_NO_ONLY[] = {TAX_NO, END};
static const struct wire_field QUOTA_MOVE[] = {
    TAX_NO,
    {"ptbh", "平台编号", WIRE_CODE, 20, .required = true, .note = "直连单位", SLOT(direct_id)},
    {"sqlx", "申请类型", WIRE_FLAG, 2, .required = true, .note = "0 下载，1 退回", SLOT(kind)},
    {"sqed", "申请额度", WIRE_AMOUNT, 20, .required = true, SLOT(amount)},
    SERIAL,
    END,
};
static const struct wire_field QUOTA_ADJUST[] = {
    {"xsfnsrsbh", "销售方税号", WIRE_CODE, 20, .required = true, SLOT(tax_no)},
    {"sxedsq", "额度属期", WIRE_MONTH, 7, .required = true, SLOT(month)},
    END,
};
static const struct wire_field NOTHING[] = {END};
static const struct wire_field CODES[] = {
    TAX_NO,
    {"sjc", "时间戳", WIRE_STAMP, 14, .note = "首次为空，以后用上次返回的", SLOT(stamp)},
    {"sjswjgdm", "省级税务机关代码", WIRE_CODE, 11, SLOT(region)},
    END,
};
static const struct wire_field RESULT[] = {
    {"sllsh", "受理流水号", WIRE_CODE, 40, .required = true, SLOT(receipt)},
    END,
};

static const struct wire_field SUMMARY[] = {
    {"xsfnsrsbh", "销售方税号", WIRE_CODE, 20, .required = true, SLOT(tax_no)},
    {"xsfsjswjgdm", "省级税务机关代码", WIRE_CODE, 11, .required = true, SLOT(region)},
    {"ptbh", "平台编号", WIRE_CODE, 20, .note = "空：全部平台", SLOT(direct_id)},
    {"yf", "月份", WIRE_MONTH, 7, .note = "空：全部月份", SLOT(month)},
    END,
};
static const struct wire_field CONFIRM[] = {
    {"xsfnsrsbh", "销售方税号", WIRE_CODE, 20, .required = true, SLOT(tax_no)},
    {"xsfsjswjgdm", "省级税务机关代码", WIRE_CODE, 11, .required = true, SLOT(region)},
    {"ywlx", "业务类型", WIRE_FLAG, 1, .required = true, .note = "0 确认，1 取消", SLOT(kind)},
    {"ptbh", "平台编号", WIRE_CODE, 20, .required = true, .note = "直连单位", SLOT(direct_id)},
    {"yf", "月份", WIRE_MONTH, 7, .required = true, SLOT(month)},
    {"lzfpsl", "蓝字发票数量", WIRE_COUNT, 10, .note = "确认时六项都要", SLOT(figures[0])},
    {"lzfpje", "蓝字发票金额", WIRE_AMOUNT, 18, SLOT(figures[1])},
    {"lzfpse", "蓝字发票税额", WIRE_AMOUNT, 18, SLOT(figures[2])},
    {"hzfpsl", "红字发票数量", WIRE_COUNT, 10, SLOT(figures[3])},
    {"hzfpje", "红字发票金额", WIRE_AMOUNT, 18, .note = "负数", SLOT(figures[4])},
    {"hzfpse", "红字发票税额", WIRE_AMOUNT, 18, .note = "负数", SLOT(figures[5])},
    END,
};
/* 归集, protocol 16.9. */
static const struct wire_field COLLECT[] = {
    {"nsrsbh", "纳税人识别号", WIRE_CODE, 30, .required = true, SLOT(tax_no)},
    {"kprqq", "开票日期起", WIRE_DIGITS, 8, .required = true, SLOT(first)},
    {"kprqz", "开票日期止", WIRE_DIGITS, 8, .required = true, SLOT(last)},
    {"fplx", "发票类型", WIRE_DIGITS, 2, .required = true, .note = "81 数电专票，82 数电普票",
     SLOT(kind)},
    {"sjlx", "数据类型", WIRE_FLAG, 1, .required = true, .note = "1 进项，2 销项", SLOT(direction)},
    END,
};
static const struct wire_field COLLECTED[] = {
    {"lsh", "流水号", WIRE_CODE, 32, .required = true, SLOT(receipt)},
    {"packageno", "包号", WIRE_COUNT, 5, .required = true, .note = "从 1 起", SLOT(count)},
    END,
};
static const struct wire_field USAGE[] = {
    {"fplx", "发票类型", WIRE_DIGITS, 2, .required = true, SLOT(kind)},
    {"fpdm", "发票代码", WIRE_CODE, 12, .note = "数电票为空", .fixed = ""},
    {"fphm", "发票号码", WIRE_DIGITS, 20, .required = true, SLOT(number)},
    {"kprq", "开票日期", WIRE_DIGITS, 8, .required = true, SLOT(first)},
    END,
};

static const struct {
	const char *service;
	const struct wire_field *fields;
	enum wire_aim aim;
} SERVICES[] = {
    {"QDFPPLFM", NUMBERS, WIRE_ACTS},
    {"CXSXED", TAX_NO_ONLY, WIRE_ASKS},
    {"XZTHSXED", QUOTA_MOVE, WIRE_ACTS},
    {"TZSXEDYXQ", QUOTA_ADJUST, WIRE_ACTS},
    {"CXNSRFXXX", TAX_NO_ONLY, WIRE_ASKS},
    {"CXNSRJBXX", TAX_NO_ONLY, WIRE_ASKS},
    {"CXKYSL", NOTHING, WIRE_ASKS},
    {"CXSSFLBM", CODES, WIRE_ASKS},
    {"CXCEZSBM", NOTHING, WIRE_ASKS},
    {"QDFPSC", wire_invoice, WIRE_ISSUES},
    {"CXQDFPSCJG", RESULT, WIRE_ISSUES},
    {"CXFPHZQRXX", SUMMARY, WIRE_ASKS},
    {"SCFPHZQRXX", CONFIRM, WIRE_ACTS},
    {"PLFPXZSQ", COLLECT, WIRE_ACTS},
    {"PLFPXZSQFK", COLLECTED, WIRE_ASKS},
    {"FPZTXXCX", USAGE, WIRE_ASKS},
    {"QDHZQRDSQ", wire_red_apply, WIRE_ACTS},
    {"QDHZQRDQR", wire_red_act, WIRE_ACTS},
    {"CXQDHZQRDLB", wire_red_list, WIRE_ASKS},
    {"CXQDHZQRDMX", wire_red_detail, WIRE_ASKS},
};

static const struct wire_field *fields_of(const char *service)
{
	for (size_t i = 0; i < sizeof(SERVICES) / sizeof(SERVICES[0]); i++)
		if (strcmp(SERVICES[i].service, service) == 0)
			return SERVICES[i].fields;
	return NULL;
}

enum wire_aim wire_aim(const char *service)
{
	for (size_t i = 0; i < sizeof(SERVICES) / sizeof(SERVICES[0]); i++)
		if (strcmp(SERVICES[i].service, service) == 0)
			return SERVICES[i].aim;
	return WIRE_ASKS;
}

bool wire_request_put(const char *service, const void *request, struct buf *out,
		      struct leqi_reply *rep)
{
	struct wire_context c = {
	    .edition = WIRE_NEWEST, .slots = request, .view = request, .where = "", .path = ""};
	struct json_out o;
	struct err_info e;

	*rep = (struct leqi_reply) {0};
	err_clear(&e);
	json_out_init(&o, out, 0);
	if (wire_put(&o, fields_of(service), &c, &e) == ERR_OK)
		return true;
	reply_fail(rep, LEQI_MISCONFIGURED, "核对单位资料", "%s：%s", e.what, e.why);
	return false;
}

enum leqi_class wire_ask(struct leqi *l, const struct leqi_unit *u, const char *service,
			 const void *request, struct leqi_reply *rep, cJSON **data)
{
	struct buf text;
	enum leqi_class class;

	*data = NULL;
	buf_init(&text, LEQI_REQUEST_MAX);
	if (wire_request_put(service, request, &text, rep))
		class = leqi_call(l, u, service, &text, rep, data);
	else
		class = rep->class;
	buf_free(&text);
	if (class != LEQI_OK && class != LEQI_REFUSED)
		json_free(data);
	return class;
}

static const char *const TYPE_WORDS[] = {
    [WIRE_TEXT] = "文本",    [WIRE_DIGITS] = "数字串",    [WIRE_CODE] = "代码",
    [WIRE_FLAG] = "标志",    [WIRE_AMOUNT] = "金额 18,2", [WIRE_RATE] = "税率 16,6",
    [WIRE_DECIMAL] = "数值", [WIRE_COUNT] = "整数",       [WIRE_DATETIME] = "日期时间",
    [WIRE_MONTH] = "月份",   [WIRE_STAMP] = "时间戳",     [WIRE_LIST] = "列表",
};

static void document(const struct wire_field *f, const struct wire_field *list,
		     struct leqi_field_doc *out)
{
	*out = (struct leqi_field_doc) {.key = f->key,
					.label = f->label,
					.type = TYPE_WORDS[f->type],
					.note = f->note ? f->note : (list ? list->label : ""),
					.length = f->length,
					.required = f->required};
}

bool leqi_field(const char *service, size_t i, struct leqi_field_doc *out)
{
	const struct wire_field *f = fields_of(service);

	for (; f && f->key; f++) {
		if (i-- == 0) {
			document(f, NULL, out);
			return true;
		}
		for (const struct wire_field *r = f->rows; r && r->key; r++)
			if (i-- == 0) {
				document(r, f, out);
				return true;
			}
	}
	return false;
}
