/* wizard_fields.c - the fields of 直连单位 and 使用单位: labels, help, completion. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/wizard.h"

const char *const unit_envs[] = {"正式", "沙箱", "演练", NULL};
const char *const unit_relations[] = {"自用", "联用", NULL};
static const char *const ISSUE[] = {"乐企平台", "乐企平台（联用）", "电子税局/RPA",
				    "税盘",     "软证书",           NULL};
static const char *const COLLECT[] = {"乐企平台", "电子税局/RPA", "税盘", "软证书", "无", NULL};
static const char *const HANDLERS[] = {"法定代表人", "财务负责人", "办税员", NULL};

static int complete_region(const struct form *f, const struct field *fd, const char *text,
			   struct candidate *out, int max);
static int complete_direct(const struct form *f, const struct field *fd, const char *text,
			   struct candidate *out, int max);

#define TEXT_FIELD(ID, LABEL, ROW, COL, WIDTH, MAX, REQUIRED, HELP)                                \
	{                                                                                          \
		.id = ID, .kind = FIELD_TEXT, .label = LABEL, .row = ROW, .col = COL,              \
		.width = WIDTH, .max_chars = MAX, .required = REQUIRED, .help = HELP               \
	}

/* The N-th ability, five a row. */
#define OPTIONAL_HELP "可选。空格勾选；在乐企平台 能力中心 申请并被授予的能力。"
#define ABILITY(N, LABEL, ROW, HELP)                                                               \
	{                                                                                          \
		.id = UNIT_ABILITY + (N), .kind = FIELD_FLAG, .label = LABEL, .row = ROW,          \
		.col = 12 + (N) % 5 * 15, .width = 3, .help = HELP                                 \
	}

const char *const unit_abilities[] = {"基础能力", "归集能力",   "抵扣勾选",   "退税勾选",
				      "入账",     "不动产销售", "不动产租赁", "建筑服务",
				      "货物运输", "成品油",     NULL};
_Static_assert(sizeof(unit_abilities) / sizeof(unit_abilities[0]) - 1 == UNIT_FIELDS - UNIT_ABILITY,
	       "a tick for every ability");

static const struct field DIRECT[] = {
    {.id = UNIT_ENV,
     .kind = FIELD_CHOICE,
     .label = "环境",
     .row = 0,
     .col = 14,
     .width = 6,
     .choices = unit_envs,
     .help = "空格或左右键选择。正式环境开出的发票真实有效；沙箱和演练与正式完全分开。"},
    TEXT_FIELD(UNIT_NAME, "单位名称", 1, 14, 60, 100, true, "直连单位的全称，与营业执照一致。"),
    {.id = UNIT_TAX_NO,
     .kind = FIELD_DIGITS,
     .label = "税号",
     .row = 2,
     .col = 14,
     .width = 20,
     .max_chars = 20,
     .required = true,
     .help = "统一社会信用代码，15 至 20 位数字或大写字母。"},
    {.id = UNIT_LEQI_ID,
     .kind = FIELD_DIGITS,
     .label = "乐企ID",
     .row = 2,
     .col = 46,
     .width = 24,
     .max_chars = 64,
     .required = true,
     .help = "电子税务局的乐企数字开放平台，准入管理 > 准入申请 里查看，20 位小写字母和数字。"},
    {.id = UNIT_KEY,
     .kind = FIELD_SECRET,
     .label = "API 密钥",
     .row = 3,
     .col = 14,
     .width = 34,
     .max_chars = 64,
     .help = "准入管理 > 密钥管理，生成时只显示一次，32 位，与环境一致。留空表示不变。"},
    TEXT_FIELD(UNIT_URL, "接入地址", 4, 14, 62, 280, true,
	       "选环境时自动填好；演练填练习平台的地址。以 https:// 开头，以 /invoke 结尾。"),
    TEXT_FIELD(UNIT_CONNECT_TO, "代理服务地址", 5, 14, 30, 120, false,
	       "经代理服务器访问时填 主机:端口，例如 116.116.10.1:8443；空着直接连接。"),
    TEXT_FIELD(UNIT_CA_FILE, "CA 证书文件", 6, 14, 62, 500, false,
	       "税局的正式证书不用填；自建平台的证书（PEM）在这台服务器上的路径。"),
    TEXT_FIELD(UNIT_PROXY, "代理服务器", 7, 14, 24, 120, false,
	       "HTTP 代理（CONNECT）的 主机:端口，例如 10.0.0.8:3128；没有就空着。"),
    TEXT_FIELD(UNIT_TLS_NAME, "证书名称", 7, 52, 24, 253, false,
	       "接入地址写代理的 IP 时，证书上的域名，例如 lqpt.chinatax.gov.cn；没有就空着。"),
    TEXT_FIELD(UNIT_PROJECT, "渠道/项目", 8, 14, 24, 100, false,
	       "渠道或项目的名称，接入单位列表可以按它查找。"),
    TEXT_FIELD(UNIT_FILING, "备案地区", 8, 52, 24, 60, false,
	       "在税务机关备案的地区，接入单位列表可以按它查找。"),
    ABILITY(0, "基础能力", 9, "自用必选，不能取消。在乐企平台 能力中心 申请。"),
    ABILITY(1, "归集能力", 9, "自用必选，不能取消。在乐企平台 能力中心 申请。"),
    ABILITY(2, "抵扣勾选", 9, OPTIONAL_HELP),
    ABILITY(3, "退税勾选", 9, OPTIONAL_HELP),
    ABILITY(4, "入账", 9, OPTIONAL_HELP),
    ABILITY(5, "不动产销售", 10, OPTIONAL_HELP),
    ABILITY(6, "不动产租赁", 10, OPTIONAL_HELP),
    ABILITY(7, "建筑服务", 10, OPTIONAL_HELP),
    ABILITY(8, "货物运输", 10, OPTIONAL_HELP),
    ABILITY(9, "成品油", 10, OPTIONAL_HELP),
    {.id = 0},
};

static const struct field USING[] = {
    {.id = UNIT_DIRECT,
     .kind = FIELD_TEXT,
     .label = "直连单位",
     .row = 0,
     .col = 14,
     .width = 28,
     .max_chars = 28,
     .required = true,
     .complete = complete_direct,
     .help = "验证通过的直连单位的税号；也可以输入名称或拼音首字母选择。"},
    TEXT_FIELD(UNIT_NAME, "单位名称", 1, 14, 60, 100, true,
	       "开票企业的全称；由直连单位在 准入管理 > 准入邀请 > 新增邀请 里邀请。"),
    {.id = UNIT_TAX_NO,
     .kind = FIELD_DIGITS,
     .label = "税号",
     .row = 2,
     .col = 14,
     .width = 20,
     .max_chars = 20,
     .required = true,
     .help = "开票企业的统一社会信用代码；与直连单位相同就是本单位。"},
    {.id = UNIT_LEQI_ID,
     .kind = FIELD_DIGITS,
     .label = "乐企ID",
     .row = 2,
     .col = 46,
     .width = 24,
     .max_chars = 64,
     .required = true,
     .help = "准入管理 > 准入邀请 的详情里查看，20 位小写字母和数字；本单位与直连单位相同。"},
    {.id = UNIT_RELATION,
     .kind = FIELD_CHOICE,
     .label = "关系",
     .row = 3,
     .col = 14,
     .width = 6,
     .choices = unit_relations,
     .help = "自用：总分机构或同一集团；联用：在直连单位的系统里交易的其他企业，仅支持开票。"},
    {.id = UNIT_REGION,
     .kind = FIELD_TEXT,
     .label = "税务机关",
     .row = 3,
     .col = 46,
     .width = 24,
     .max_chars = 40,
     .complete = complete_region,
     .help = "主管税务机关所在地，输入名称或拼音首字母选择；空着按税号推算。"},
    TEXT_FIELD(UNIT_ADDRESS, "地址", 4, 14, 60, 300, false, "票面上销售方的地址，可以以后再填。"),
    TEXT_FIELD(UNIT_PHONE, "电话", 5, 14, 20, 60, false, "票面上销售方的电话，可以以后再填。"),
    TEXT_FIELD(UNIT_BANK, "开户行", 6, 14, 60, 120, false,
	       "票面上销售方的开户银行，可以以后再填。"),
    TEXT_FIELD(UNIT_ACCOUNT, "账号", 7, 14, 30, 50, false,
	       "票面上销售方的银行账号，可以以后再填。"),
    {.id = UNIT_ISSUE,
     .kind = FIELD_CHOICE,
     .label = "开票通道",
     .row = 8,
     .col = 14,
     .width = 16,
     .choices = ISSUE,
     .help = "本系统经乐企平台开票；开票和收票至少一个为乐企平台。联用选 乐企平台（联用）。"},
    {.id = UNIT_COLLECT,
     .kind = FIELD_CHOICE,
     .label = "收票通道",
     .row = 8,
     .col = 46,
     .width = 16,
     .choices = COLLECT,
     .help = "收票经哪里；联用仅支持开票，选 无。"},
    TEXT_FIELD(UNIT_PROJECT, "渠道/项目", 9, 14, 24, 100, false,
	       "渠道或项目的名称，接入单位列表可以按它查找。"),
    TEXT_FIELD(UNIT_FILING, "备案地区", 9, 52, 24, 60, false,
	       "在税务机关备案的地区，接入单位列表可以按它查找。"),
    {.id = UNIT_HANDLER,
     .kind = FIELD_CHOICE,
     .label = "经办身份",
     .row = 10,
     .col = 14,
     .width = 10,
     .choices = HANDLERS,
     .help = "登录身份；办理接入只能是法定代表人或财务负责人，办税员不行；退格清空。"},
    {.id = UNIT_GRANTED,
     .kind = FIELD_DATE,
     .label = "授权日期",
     .row = 10,
     .col = 46,
     .width = 10,
     .max_chars = 10,
     .help = "能力授权的日期；授权当月没有开票时，那个月也要汇总确认。"},
    {.id = 0},
};

/* ---- completion ---- */

static bool matches(const char *text, const char *name, const char *code)
{
	return strstr(name, text) || !strncmp(code, text, strlen(text)) || pinyin_match(name, text);
}

static int complete_region(const struct form *f, const struct field *fd, const char *text,
			   struct candidate *out, int max)
{
	const struct code_row *row;
	int n = 0;
	size_t i;

	(void)f;
	(void)fd;
	for (i = 0; n < max && (row = code_at(CODES_REGIONS, i)); i++) {
		if (!matches(text, row->name, row->code))
			continue;
		out[n] = (struct candidate) {.id = (int64_t)i};
		text_copy(out[n].label, sizeof(out[n].label), row->name);
		text_copy(out[n++].detail, sizeof(out[0].detail), row->code);
	}
	return n;
}

struct directs {
	const char *text;
	struct candidate *out;
	int max, n;
};

static enum err add_direct(void *arg, const struct unit_view *v)
{
	struct directs *d = arg;
	struct candidate *c = &d->out[d->n];
	const struct unit *u = v->unit;

	if (!u->verified || d->n == d->max || !matches(d->text, u->name, u->tax_no))
		return ERR_OK;
	*c = (struct candidate) {.id = u->id};
	snprintf(c->label, sizeof(c->label), "%s@%s", u->tax_no, unit_env_label(u->env));
	text_copy(c->detail, sizeof(c->detail), u->name);
	d->n++;
	return ERR_OK;
}

static int complete_direct(const struct form *f, const struct field *fd, const char *text,
			   struct candidate *out, int max)
{
	struct directs d = {.text = text, .out = out, .max = max};

	(void)f;
	(void)fd;
	desk_unit_list(ui_session(), "direct", add_direct, &d, NULL);
	return d.n;
}

_Static_assert(sizeof(DIRECT) <= sizeof(((struct unit_card *)0)->fields) &&
		   sizeof(USING) <= sizeof(((struct unit_card *)0)->fields),
	       "a card holds the larger table");

void unit_card_fields(struct unit_card *c)
{
	if (c->direct)
		memcpy(c->fields, DIRECT, sizeof(DIRECT));
	else
		memcpy(c->fields, USING, sizeof(USING));
}
