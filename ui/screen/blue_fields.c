/* blue_fields.c - the fields of the blue form as tables. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

static const char *const KINDS[] = {"数电普票", "数电专票", NULL};

const char *blue_capitals(const char *text, char out[BLUE_TEXT])
{
	char *p;

	text_copy(out, BLUE_TEXT, text);
	for (p = out; *p; p++)
		*p = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
	return out;
}

static const char *check_tax_no(const struct form *f, const struct field *fd, const char *text,
				char *out)
{
	char capitals[BLUE_TEXT];
	size_t at = 0;

	(void)fd;
	if (!*text || form_flag(f, BLUE_PERSON) ||
	    taxno_check(blue_capitals(text, capitals), &at) != TAXNO_BAD_FORM)
		return NULL;
	snprintf(out, 256, "税号：应为 15 至 20 位数字和大写字母，%s %zu 位%s（请核对购方税号）",
		 capitals[at] ? "第" : "现在只有", capitals[at] ? at + 1 : at,
		 capitals[at] ? "不符" : "");
	return out;
}

const struct field blue_head[] = {
    {.id = BLUE_KIND,
     .kind = FIELD_CHOICE,
     .label = "票种",
     .row = 0,
     .col = 8,
     .width = 8,
     .choices = KINDS,
     .help = "空格或左右键切换；数电专票必须填写购方税号。"},
    {.id = BLUE_MODE,
     .kind = FIELD_CHOICE,
     .label = "单价金额",
     .row = 0,
     .col = 28,
     .width = 6,
     .choices = blue_modes,
     .help = "录入的单价和金额是否含税。只想换个看法用 F9，不改变发票。"},
    {.id = BLUE_TYPE,
     .kind = FIELD_TEXT,
     .label = "业务类型",
     .row = 0,
     .col = 46,
     .width = 10,
     .wide_width = 20,
     .max_chars = 100,
     .check = blue_check_type,
     .complete = type_complete,
     .chooser = true,
     .help = "本单位自己的分类，可不填，不上传税局。F4 选择或新增。"},
    {.id = BLUE_ORDER,
     .kind = FIELD_TEXT,
     .label = "订单号",
     .row = 0,
     .col = 66,
     .width = 11,
     .wide_width = 30,
     .max_chars = 64,
     .help = "可不填。同一订单号只开一张发票，可防止重复开票。"},
    {.id = BLUE_BUYER,
     .kind = FIELD_TEXT,
     .label = "购方",
     .row = 1,
     .col = 8,
     .width = 30,
     .wide_width = 58,
     .max_chars = 300,
     .required = true,
     .complete = blue_complete_buyer,
     .chooser = true,
     .help = "输入两个字、税号开头或拼音首字母，选开过票的购方，回车带出资料。"},
    {.id = BLUE_TAX_NO,
     .kind = FIELD_DIGITS,
     .label = "税号",
     .row = 1,
     .col = 46,
     .width = 20,
     .max_chars = 20,
     .check = check_tax_no,
     .help = "购方的统一社会信用代码或税号，15 至 20 位；开给个人可不填。"},
    {.id = BLUE_PERSON,
     .kind = FIELD_FLAG,
     .label = "自然人",
     .row = 1,
     .col = 76,
     .width = 1,
     .help = "开给个人时用空格打勾，票面名称后加（个人）。"},
    {.id = BLUE_ADDRESS,
     .kind = FIELD_TEXT,
     .label = "地址",
     .row = 2,
     .col = 8,
     .width = 38,
     .wide_width = 66,
     .max_chars = 300,
     .help = "购方地址，可不填。"},
    {.id = BLUE_PHONE,
     .kind = FIELD_TEXT,
     .label = "电话",
     .row = 2,
     .col = 54,
     .width = 20,
     .max_chars = 60,
     .help = "购方电话，可不填。"},
    {.id = BLUE_BANK,
     .kind = FIELD_TEXT,
     .label = "开户行",
     .row = 3,
     .col = 8,
     .width = 38,
     .wide_width = 66,
     .max_chars = 120,
     .help = "购方开户行，可不填。"},
    {.id = BLUE_ACCOUNT,
     .kind = FIELD_DIGITS,
     .label = "账号",
     .row = 3,
     .col = 54,
     .width = 24,
     .wide_width = 30,
     .max_chars = 50,
     .help = "购方银行账号，可不填。"},
    {.id = 0},
};

const struct field blue_foot[] = {
    {.id = BLUE_REMARK,
     .kind = FIELD_TEXT,
     .label = "备注",
     .row = 0,
     .col = 8,
     .width = 70,
     .wide_width = 106,
     .max_chars = 450,
     .help = "票面备注，最多 450 个字。"},
    {.id = BLUE_DRAWER,
     .kind = FIELD_TEXT,
     .label = "开票人",
     .row = 1,
     .col = 8,
     .width = 7, /* three characters and the caret */
     .wide_width = 12,
     .max_chars = 300,
     .required = true,
     .help = "票面上的开票人，必填。"},
    {.id = BLUE_PAYEE,
     .kind = FIELD_TEXT,
     .label = "收款人",
     .row = 1,
     .col = 25,
     .width = 7,
     .wide_width = 12,
     .max_chars = 100,
     .help = "可不填，打印在备注里。"},
    {.id = BLUE_REVIEWER,
     .kind = FIELD_TEXT,
     .label = "复核人",
     .row = 1,
     .col = 42,
     .width = 6,
     .wide_width = 12,
     .max_chars = 100,
     .help = "可不填，打印在备注里。"},
    {.id = BLUE_SHOW_BUYER,
     .kind = FIELD_FLAG,
     .label = "展示购方银行",
     .row = 1,
     .col = 64,
     .width = 1,
     .help = "打勾后，备注里打印购方开户行和账号。"},
    {.id = BLUE_SHOW_SELLER,
     .kind = FIELD_FLAG,
     .label = "销方银行",
     .row = 1,
     .col = 77,
     .width = 1,
     .help = "打勾后，备注里打印销方开户行和账号。"},
    {.id = 0},
};
